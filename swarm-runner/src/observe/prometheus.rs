//! Asking a Prometheus, VictoriaMetrics, Thanos or Mimir, by the one path that they have in common: `/api/v1/query_range`.

use super::answer::{Series, Trouble, read};
use super::wanted::Wanted;
use crate::outward;
use reqwest::Client;
use reqwest::header::DATE;
use std::error::Error;
use std::ops::RangeInclusive;
use std::time::{Duration, SystemTime};

/// How long an answer may take, and how large it may be, in bytes.
const LONGEST: Duration = Duration::from_secs(5);
const LARGEST: usize = 8 << 20;
/// Most series of an answer: one more than a result keeps, to know that there are more.
const MOST_SERIES: usize = 11;
/// How far its clock may be from ours: what its header tells are whole seconds.
const SKEW: Duration = Duration::from_secs(1);

/// Who is asked.
pub(super) struct Prometheus {
    client: Client,
    wanted: Wanted,
}

/// What was answered.
pub(super) struct Answered {
    pub(super) series: Vec<Series>,
    /// How far its clock is from ours in seconds, if that is far; positive where it is ahead.
    pub(super) skew_s: Option<f64>,
}

impl Prometheus {
    /// # Errors
    ///
    /// Certificates of the platform that can't be used.
    pub(super) fn new(wanted: Wanted) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let client = outward::client(&wanted.url, &wanted.headers, LONGEST)?.build()?;
        Ok(Self { client, wanted })
    }

    pub(super) fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// The values of a query at each second of these, which are seconds since the Unix epoch.
    pub(super) async fn ask(
        &self,
        query: &str,
        seconds: RangeInclusive<u64>,
    ) -> Result<Answered, Trouble> {
        self.fetch(query, seconds).await.map_err(|trouble| {
            let hidden = |text: String| self.wanted.secrets.redact(&text).into_owned();
            match trouble {
                Trouble::Query(why) => Trouble::Query(hidden(why)),
                Trouble::Other(why) => Trouble::Other(hidden(why)),
            }
        })
    }

    async fn fetch(&self, query: &str, seconds: RangeInclusive<u64>) -> Result<Answered, Trouble> {
        let mut url = self.wanted.url.clone();
        url.set_path(&format!("{}/api/v1/query_range", url.path().trim_end_matches('/')));
        url.query_pairs_mut()
            .append_pair("query", query)
            .append_pair("start", &seconds.start().to_string())
            .append_pair("end", &seconds.end().to_string())
            .append_pair("step", "1")
            // What does not know it leaves it.
            .append_pair("limit", &MOST_SERIES.to_string());
        let before = SystemTime::now();
        let mut response = self.client.get(url).send().await.map_err(said)?;
        let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| httpdate::parse_http_date(date).ok());
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(said)? {
            body.extend_from_slice(&part);
            if body.len() > LARGEST {
                let most = LARGEST >> 20;
                return Err(Trouble::Other(format!("its answer is larger than {most} MiB")));
            }
        }
        let series = read(status, &body)?;
        let skew_s = date.and_then(|date| skew_s(date, before, SystemTime::now()));
        Ok(Answered { series, skew_s })
    }
}

/// Without the address, which may have credentials; with all causes, of which the last says most.
fn said(error: reqwest::Error) -> Trouble {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    Trouble::Other(text)
}

/// How far a clock is from ours that showed this second somewhere between two moments of ours; none if it may be right.
fn skew_s(date: SystemTime, before: SystemTime, after: SystemTime) -> Option<f64> {
    let ahead = date.duration_since(after).unwrap_or_default();
    let behind = before.duration_since(date).unwrap_or_default().saturating_sub(SKEW);
    match (ahead > SKEW, behind > SKEW) {
        (true, _) => Some(ahead.as_secs_f64()),
        (_, true) => Some(-behind.as_secs_f64()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_wrong_only_where_that_is_certain() {
        let at = |millis| SystemTime::UNIX_EPOCH + Duration::from_millis(millis);
        for (date, before, after, expected) in [
            (100_000, 100_300, 100_900, None),
            (100_000, 101_900, 101_950, None),
            (102_000, 100_300, 101_000, None),
            (100_000, 102_500, 102_600, Some(-1.5)),
            (103_000, 100_500, 101_000, Some(2.0)),
        ] {
            assert_eq!(skew_s(at(date), at(before), at(after)), expected, "{date}");
        }
    }
}
