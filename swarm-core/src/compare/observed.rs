//! What one run says of one entry: five measures, each with the error that it has by itself.

use super::estimate::Reading;
use crate::stats::{Batches, Distribution, Totals};
use crate::threshold::Measure;

/// What is compared.
pub(super) const MEASURES: [Measure; 5] = [
    Measure::Rps,
    Measure::Failures,
    Measure::Percentile(50.0),
    Measure::Percentile(95.0),
    Measure::Percentile(99.0),
];
/// With fewer batches nothing is told of how much they vary.
const LEAST_BATCHES: usize = 5;
/// Times are known to 0.1 %.
const RESOLUTION: f64 = 0.000_5;

/// An entry's figures in one run.
pub(super) struct Observed {
    pub(super) requests: u64,
    /// The measures in logarithms, but of failures the share; none where there is nothing to measure.
    pub(super) readings: [Option<Reading>; 5],
}

impl Observed {
    /// Reads them from a run that was measured for so many seconds.
    pub(super) fn of(totals: &Totals, batches: Option<&Batches>, duration_s: f64) -> Self {
        let series = Series::of(batches, duration_s);
        let times = totals.from_schedule_ms.as_ref().unwrap_or(&totals.ok_ms);
        let failed = totals.failures as f64 / totals.requests.max(1) as f64;
        let values = [Some(totals.rps), Some(failed), times.p50, times.p95, times.p99];
        let all = totals.histogram.as_deref().and_then(Distribution::from_base64);
        let mut readings = [None; 5];
        for ((reading, value), measure) in readings.iter_mut().zip(values).zip(MEASURES) {
            let within = series.as_ref().and_then(|series| {
                let error = match measure {
                    Measure::Failures => Some(series.error_of_share(totals)),
                    Measure::Percentile(percent) => {
                        series.error_of_percentile(percent / 100.0, all.as_ref()?)
                    }
                    _ => Some(series.error_of_rate()),
                };
                Some((error?, series.freedom()))
            });
            let value = match measure {
                Measure::Failures => value,
                _ => value.filter(|value| *value > 0.0).map(f64::ln),
            };
            *reading = value.map(|value| Reading { value, within });
        }
        Self { requests: totals.requests, readings }
    }
}

/// The whole batches of an entry.
struct Series {
    requests: Vec<f64>,
    /// Means of response times, each with the number of requests that they are of.
    means: Vec<(f64, f64)>,
    /// Shares that failed, likewise.
    shares: Vec<(f64, f64)>,
}

impl Series {
    fn of(batches: Option<&Batches>, duration_s: f64) -> Option<Self> {
        let batches = batches?;
        // The last one may be shorter, and has what ended after users were told to stop.
        let whole = (duration_s / batches.length_s.max(1) as f64) as usize;
        let whole = whole.min(batches.requests.len());
        if whole < LEAST_BATCHES {
            return None;
        }
        let requests = &batches.requests[..whole];
        let failures = &batches.failures[..whole.min(batches.failures.len())];
        let ok = requests.iter().zip(failures).map(|(all, failed)| all.saturating_sub(*failed));
        let means = batches.ok_mean_ms.iter().zip(ok);
        let shares = failures.iter().zip(requests).filter(|(_, all)| **all > 0);
        Some(Self {
            requests: requests.iter().map(|count| *count as f64).collect(),
            means: means.filter_map(|(mean, of)| Some(((*mean)?, of as f64))).collect(),
            shares: shares
                .map(|(failed, all)| (*failed as f64 / *all as f64, *all as f64))
                .collect(),
        })
    }

    fn freedom(&self) -> u32 {
        u32::try_from(self.requests.len()).unwrap_or(u32::MAX) - 1
    }

    /// By how many times the variance of a mean is larger than if requests were independent, where one request has this variance.
    fn inflation(values: &[(f64, f64)], variance: f64) -> f64 {
        let weight: f64 = values.iter().map(|(_, of)| of).sum();
        if values.len() < 2 || variance <= 0.0 || weight <= 0.0 {
            return 1.0;
        }
        let mean = values.iter().map(|(value, of)| value * of).sum::<f64>() / weight;
        let squares: f64 = values.iter().map(|(value, of)| of * (value - mean).powi(2)).sum();
        let plain: Vec<f64> = values.iter().map(|(value, _)| *value).collect();
        (squares / (values.len() - 1) as f64 / variance * likeness(&plain)).max(1.0)
    }

    /// Standard error of the logarithm of a rate.
    fn error_of_rate(&self) -> f64 {
        let count = self.requests.len() as f64;
        let mean = self.requests.iter().sum::<f64>() / count;
        let squares: f64 = self.requests.iter().map(|value| (value - mean).powi(2)).sum();
        if mean <= 0.0 {
            return 0.0;
        }
        let variance = squares / (count - 1.0) / count * likeness(&self.requests);
        (variance.sqrt() / mean).max(RESOLUTION)
    }

    /// Standard error of a share of failures. (With half a failure more, because none seen is not none ever.)
    fn error_of_share(&self, totals: &Totals) -> f64 {
        let requests = totals.requests as f64;
        let share = (totals.failures as f64 + 0.5) / (requests + 1.0);
        let variance = share * (1.0 - share);
        (variance * Self::inflation(&self.shares, variance) / requests.max(1.0)).sqrt()
    }

    /// Standard error of the logarithm of a percentile: half the distance of the percentiles that lie one standard error of their share below and above it.
    fn error_of_percentile(&self, share: f64, times: &Distribution) -> Option<f64> {
        let variance = (times.deviation()? / 1_000.0).powi(2);
        let inflation = Self::inflation(&self.means, variance);
        let around = (share * (1.0 - share) * inflation / times.count() as f64).sqrt();
        let [low, high] = times.percentiles([(share - around).max(0.0), (share + around).min(1.0)]);
        let distance = high?.max(1.0).ln() - low?.max(1.0).ln();
        Some((distance / 2.0).max(RESOLUTION))
    }
}

/// How much larger the variance of the mean is because neighbours are alike: of a series whose next value is the last one times a factor, and chance.
fn likeness(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let product = |pair: &[f64]| (pair[0] - mean) * (pair[1] - mean);
    let covariance: f64 = values.windows(2).map(product).sum();
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    if squares <= 0.0 {
        return 1.0;
    }
    let factor = (covariance / squares).clamp(0.0, 0.8);
    (1.0 + factor) / (1.0 - factor)
}
