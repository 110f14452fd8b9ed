//! Thresholds as people write them: `p95 < 250ms`, `failures("GET /checkout") < 1%`.
//!
//! # Grammar
//!
//! ```text
//! list       = threshold { "," threshold }
//! threshold  = measure [ "(" subject ")" ] comparison bound [ "over" window ] [ "abort" ]
//! measure    = "p0" … "p100" | "mean" | "median" | "max"      a response time; "p99.9" too
//!            | "failures"                                     a share
//!            | "rps"                                          a rate
//! subject    = "GET /checkout"                                a request: its method, a space, its name
//!            | "Shopper::buy"                                 a task; "Shopper::forum::read" in a nested set
//!            | "Shopper"                                      a class: all its tasks
//! comparison = "<" | "<=" | ">" | ">="
//! bound      = "250ms" | "1.5s" | "1m"                        of a response time: one hour at most
//!            | "1%"                                           of failures
//!            | "200"                                          of rps: per second
//! window     = "30s"                                          whole seconds: ten minutes at most
//! ```
//!
//! * Spaces may stand between all of these. A subject is in double quotes; `\"` and `\\` in it stand for `"` and `\`.
//! * `median` is `p50`, and `p100` is `max`.
//! * Without a subject, all requests that count in the totals are meant. A request that is named counts whatever its kind, so steps and logins can be judged too.
//! * Of a task or a class, times are those of the tasks' runs, `failures` is the share of runs that ended in an error, `rps` the runs per second.
//! * Without `over`, the whole run is judged, at its end. With it, the last so many seconds are, at each second.
//! * With `abort`, the run ends early when the threshold fails for some time.
//!
//! How they are judged stands in [`judge`](crate::judge).
//!
//! ```
//! use swarm_core::threshold::{Comparison, Measure, Subject, Threshold, parse_list};
//!
//! let threshold: Threshold = r#"p99("GET /checkout")<1s over 30s abort"#.parse()?;
//! assert_eq!(threshold.measure, Measure::Percentile(99.0));
//! assert_eq!(threshold.subject, Subject::request("GET", "/checkout"));
//! assert_eq!((threshold.comparison, threshold.bound), (Comparison::Below, 1_000.0));
//! assert_eq!(threshold.to_string(), r#"p99("GET /checkout") < 1s over 30s abort"#);
//!
//! assert_eq!(parse_list("p95 < 250ms, failures < 1%")?.len(), 2);
//! let error = "p95 < 250".parse::<Threshold>().unwrap_err();
//! assert_eq!(error.to_string(), "expected a unit, as in `250ms` or `1.5s`
//!   p95 < 250
//!            ^");
//! # Ok::<(), swarm_core::misread::Misread>(())
//! ```

mod value;
mod parse;

pub use parse::parse_list;
pub use value::{Comparison, Measure, Subject, Threshold};

#[cfg(test)]
mod tests;
