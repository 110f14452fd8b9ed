//! The options that say who may use the web page, and that nobody on the way reads what is sent.

use clap::{ArgAction, Args};
use std::convert::Infallible;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Who may use the web page, and how it is sent.
#[derive(Debug, Clone, Args)]
pub(crate) struct AccessOptions {
    /// Demand a login on this machine's own address too.
    #[arg(long, help_heading = "Web page")]
    pub(crate) web_login: bool,

    /// Who may log in, as `htpasswd -nB NAME` prints it.
    #[arg(long, value_name = "NAME:HASH", value_delimiter = ',', action = ArgAction::Append, help_heading = "Web page")]
    pub(crate) web_user: Vec<WebUser>,

    /// Serve it by HTTPS with this certificate and its chain, in PEM.
    #[arg(long, value_name = "FILE", help_heading = "Web page")]
    pub(crate) tls_cert: Option<PathBuf>,

    /// The certificate's private key, in PEM.
    #[arg(long, value_name = "FILE", help_heading = "Web page")]
    pub(crate) tls_key: Option<PathBuf>,
}

/// A user's name and the hash of the password, as they were given. Any text is one, because clap's own messages quote what is none.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct WebUser(String);

impl WebUser {
    /// As it was given.
    pub(crate) fn text(&self) -> &str {
        self.0.trim()
    }
}

impl FromStr for WebUser {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for WebUser {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("WebUser(***)")
    }
}
