//! The options that say where metrics and traces are sent by OpenTelemetry's protocol.

use crate::hidden::Hidden;
use clap::{ArgAction, Args};

/// Where they are sent, and what of the requests.
#[derive(Debug, Clone, Args)]
pub(crate) struct OtlpOptions {
    /// Send metrics by OpenTelemetry's OTLP, as to http://localhost:4318.
    #[arg(long, value_name = "URL", help_heading = "Output")]
    pub(crate) otlp: Option<Hidden>,

    /// Trace the requests of this part of iterations there, as 1%.
    #[arg(long, value_name = "PART", value_parser = share, help_heading = "Output")]
    pub(crate) otlp_traces: Option<f64>,

    /// Header that is sent there and shown nowhere, as api-key=….
    #[arg(long, value_name = "PAIR", value_delimiter = ',', action = ArgAction::Append, help_heading = "Output")]
    pub(crate) otlp_header: Vec<Hidden>,
}

impl OtlpOptions {
    /// Whether anything is to be sent.
    pub(crate) fn is_wanted(&self) -> bool {
        self.otlp.is_some() || self.otlp_traces.is_some()
    }
}

/// `1%` is 0.01.
fn share(text: &str) -> Result<f64, String> {
    let percent: Option<f64> =
        text.trim().strip_suffix('%').and_then(|number| number.trim().parse().ok());
    match percent {
        Some(percent) if percent > 0.0 && percent <= 100.0 => Ok(percent / 100.0),
        _ => Err("write a part in percent, as `1%`; `100%` traces every request".to_owned()),
    }
}
