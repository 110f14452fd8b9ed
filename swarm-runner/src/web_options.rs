//! The options of the web page.

use crate::access_options::AccessOptions;
use crate::error::UsageError;
use clap::{Args, value_parser};

/// Where the page is served, and whether a run begins without it.
#[derive(Debug, Clone, Args)]
pub(crate) struct WebOptions {
    /// Address that the web page is served on.
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1", help_heading = "Web page")]
    pub(crate) web_host: String,

    /// Its port; 0 for a free one.
    #[arg(long, value_name = "PORT", default_value_t = 8089, help_heading = "Web page")]
    pub(crate) web_port: u16,

    /// Serve it below this path, as /swarm.
    #[arg(long, value_name = "PATH", value_parser = base_path, default_value = "/", help_heading = "Web page")]
    pub(crate) web_base_path: String,

    #[command(flatten)]
    pub(crate) access: AccessOptions,

    /// Start at once what the options say, with the page beside it.
    #[arg(long, help_heading = "Web page")]
    pub(crate) autostart: bool,

    /// With --autostart: end so many seconds after the run.
    #[arg(long, value_name = "SECONDS", value_parser = value_parser!(u64).range(..=86_400), help_heading = "Web page")]
    pub(crate) autoquit: Option<u64>,

    /// Show the classes on the page at once, to choose from.
    #[arg(long, help_heading = "Web page")]
    pub(crate) class_picker: bool,
}

impl WebOptions {
    /// Checks what can't be checked one by one.
    pub(crate) fn check(&self) -> Result<(), UsageError> {
        if self.autoquit.is_some() && !self.autostart {
            let error = UsageError::new("--autoquit is for runs that start by themselves");
            return Err(error.help("add --autostart"));
        }
        Ok(())
    }
}

/// A path as it stands before the others: `/swarm`, or nothing.
fn base_path(text: &str) -> Result<String, String> {
    let path = text.trim_matches('/');
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-._~/".contains(letter);
    match path {
        "" => Ok(String::new()),
        path if path.chars().all(plain) && !path.contains("//") => Ok(format!("/{path}")),
        _ => Err("write a path of letters, digits, `-`, `.`, `_` and `~`, as `/swarm`".to_owned()),
    }
}
