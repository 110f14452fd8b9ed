//! What a Prometheus answers.

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The whole answer; one that went wrong has an error instead of data.
#[derive(Debug, Deserialize)]
struct Answer {
    data: Option<Data>,
    error: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Data {
    #[serde(rename = "resultType")]
    kind: String,
    result: Value,
}

#[derive(Debug, Deserialize)]
struct Matrix {
    metric: BTreeMap<String, String>,
    /// Absent where all values are histograms.
    #[serde(default)]
    values: Vec<(f64, String)>,
}

/// One series: its labels, and when it had which value, in seconds since the Unix epoch.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Series {
    pub(super) labels: BTreeMap<String, String>,
    pub(super) values: Vec<(f64, f64)>,
}

/// Why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The query is wrong, in the words of who was asked.
    Query(String),
    /// It is not known what was wrong.
    Other(String),
}

/// Reads an answer with this status.
pub(super) fn read(status: u16, body: &[u8]) -> Result<Vec<Series>, Trouble> {
    let foreign = |_| {
        Trouble::Other(match status {
            401 | 403 => format!("it answered with status {status}: it demands credentials"),
            200 => "what it answered is not from a Prometheus".to_owned(),
            _ => format!("it answered with status {status}: there is no API of a Prometheus"),
        })
    };
    let answer: Answer = serde_json::from_slice(body).map_err(foreign)?;
    match answer {
        Answer { error: Some(error), .. } if [400, 422].contains(&status) => {
            Err(Trouble::Query(error))
        }
        Answer { error: Some(error), .. } => {
            Err(Trouble::Other(format!("it answered with status {status}: {error}")))
        }
        Answer { data: Some(Data { kind, result }), .. } if kind == "matrix" => {
            let series: Vec<Matrix> = serde_json::from_value(result).map_err(foreign)?;
            Ok(series.into_iter().map(Series::from).collect())
        }
        Answer { .. } => Err(Trouble::Other("it answered without values over time".to_owned())),
    }
}

impl From<Matrix> for Series {
    /// Values that are no finite numbers are left out: nothing could be drawn of them, and JSON has none.
    fn from(Matrix { metric, values }: Matrix) -> Self {
        let number = |(at, text): (f64, String)| {
            let value = text.parse::<f64>().ok().filter(|value| value.is_finite())?;
            Some((at, value))
        };
        Self { labels: metric, values: values.into_iter().filter_map(number).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_over_time_are_read_and_what_is_no_number_is_left_out() {
        let body = r#"{"status":"success","data":{"resultType":"matrix","result":[
            {"metric":{"__name__":"up","job":"a"},"values":[[1700000000.5,"1"],[1700000001,"NaN"],[1700000002,"+Inf"],[1700000003,"-Inf"],[1700000004,"-2.5e3"]]},
            {"metric":{},"histograms":[[1700000000,{"count":"1"}]]}
        ]},"warnings":["PromQL info: metric might not be a counter"],"infos":[]}"#;
        let series = read(200, body.as_bytes()).expect("valid");
        assert_eq!(series.len(), 2);
        assert_eq!(series[0].labels["job"], "a");
        assert_eq!(series[0].values, [(1_700_000_000.5, 1.0), (1_700_000_004.0, -2_500.0)]);
        assert_eq!((series[1].labels.len(), series[1].values.len()), (0, 0));
        let none = r#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#;
        assert_eq!(read(200, none.as_bytes()), Ok(Vec::new()));
    }

    #[test]
    fn what_is_wrong_is_told_in_its_words() {
        let query = |text: &str| Err(Trouble::Query(text.to_owned()));
        let other = |text: &str| Err(Trouble::Other(text.to_owned()));
        let error =
            |text: &str| format!(r#"{{"status":"error","errorType":"bad_data","error":"{text}"}}"#);
        let success = |data: &str| format!(r#"{{"status":"success","data":{data}}}"#);
        let vector = r#"{"resultType":"vector","result":[{"metric":{},"value":[1,"2"]}]}"#;
        for (status, body, expected) in [
            (400, error("1:4: parse error"), query("1:4: parse error")),
            (422, error("many-to-many matching"), query("many-to-many matching")),
            (503, error("too busy"), other("it answered with status 503: too busy")),
            (200, success(vector), other("it answered without values over time")),
            (
                200,
                success(r#"{"resultType":"scalar","result":[1,"2"]}"#),
                other("it answered without values over time"),
            ),
            (200, "{}".to_owned(), other("it answered without values over time")),
            (200, "<html>".to_owned(), other("what it answered is not from a Prometheus")),
            (
                404,
                "404 page not found".to_owned(),
                other("it answered with status 404: there is no API of a Prometheus"),
            ),
            (
                401,
                "Unauthorized".to_owned(),
                other("it answered with status 401: it demands credentials"),
            ),
        ] {
            assert_eq!(read(status, body.as_bytes()), expected, "{body}");
        }
    }
}
