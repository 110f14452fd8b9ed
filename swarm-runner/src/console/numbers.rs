//! Numbers for people.

/// A whole number with thousands apart: `1,204`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Milliseconds with three significant digits where they are small: `0.42`, `5.1`, `131`, `1,049`.
pub(crate) fn ms(value: Option<f64>) -> String {
    match value {
        None => "-".to_owned(),
        Some(ms) if ms < 10.0 => format!("{ms:.2}"),
        Some(ms) if ms < 100.0 => format!("{ms:.1}"),
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole, positive"
        )]
        Some(ms) => count(ms.round() as u64),
    }
}

/// A value of any size and sign, with three digits or more: `0.42`, `-5.10`, `1,049`, `1.2e-5`.
pub(super) fn value(value: Option<f64>) -> String {
    match value {
        Some(small) if small != 0.0 && small.abs() < 0.01 => format!("{small:.1e}"),
        Some(large) if large.abs() >= 1e15 => format!("{large:.2e}"),
        Some(negative) if negative < 0.0 => format!("-{}", ms(Some(-negative))),
        other => ms(other),
    }
}

/// A rate per second.
pub(crate) fn rate(value: f64) -> String {
    format!("{value:.1}")
}

/// A count with its share: `4(10.00%)`.
pub(crate) fn share(part: u64, whole: u64) -> String {
    let percent = if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 };
    format!("{}({percent:.2}%)", count(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_easy_to_read() {
        let counts = [0, 7, 999, 1_000, 1_234_567].map(count);
        assert_eq!(counts, ["0", "7", "999", "1,000", "1,234,567"]);
        let times =
            [None, Some(0.421), Some(5.123), Some(64.81), Some(131.2), Some(1_049.0)].map(ms);
        assert_eq!(times, ["-", "0.42", "5.12", "64.8", "131", "1,049"]);
        let values = [None, Some(0.0), Some(-5.1), Some(-1_234.4), Some(0.000_012), Some(-2e20)];
        assert_eq!(values.map(value), ["-", "0.00", "-5.10", "-1,234", "1.2e-5", "-2.00e20"]);
        assert_eq!(share(1, 8), "1(12.50%)");
        assert_eq!(share(0, 0), "0(0.00%)");
    }
}
