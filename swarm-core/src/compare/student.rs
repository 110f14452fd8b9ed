//! Student's t distribution, for whole degrees of freedom.

use std::f64::consts::PI;

/// The probability that |T| is above this value.
///
/// Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
pub(super) fn beyond(t: f64, freedom: u32) -> f64 {
    let freedom = freedom.max(1);
    let angle = (t.abs() / f64::from(freedom).sqrt()).atan();
    let (sine, cosine) = angle.sin_cos();
    let odd = freedom % 2 == 1;
    // Terms cos θ, 2/3 cos³ θ, 2·4/(3·5) cos⁵ θ, … of an odd number; 1, 1/2 cos² θ, 1·3/(2·4) cos⁴ θ, … of an even one.
    let (mut term, first) = if odd { (cosine, 2) } else { (1.0, 1) };
    let (mut sum, mut factor) = (0.0, first);
    while factor < freedom {
        sum += term;
        term *= f64::from(factor) / f64::from(factor + 1) * cosine * cosine;
        factor += 2;
    }
    let within = if odd { 2.0 / PI * (angle + sine * sum) } else { sine * sum };
    (1.0 - within).clamp(0.0, 1.0)
}

/// The value that |T| is above with this probability.
pub(super) fn bound(probability: f64, freedom: u32) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while beyond(high, freedom) > probability && high < 1e9 {
        high *= 2.0;
    }
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if beyond(middle, freedom) > probability { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two-sided critical values from the usual tables.
    #[test]
    fn values_are_those_of_the_tables() {
        for (probability, freedom, value) in [
            (0.05, 1, 12.706),
            (0.05, 2, 4.303),
            (0.05, 8, 2.306),
            (0.01, 5, 4.032),
            (0.001, 8, 5.041),
            (0.2, 30, 1.310),
            (0.05, 10_000, 1.960),
        ] {
            let found = bound(probability, freedom);
            assert!((found - value).abs() < 0.001, "{probability} {freedom}: {found}");
        }
        assert_eq!(beyond(0.0, 7), 1.0);
    }
}
