//! The HTTP client: each simulated user has its own connections and cookies, as a browser has.
//!
//! A [`Request`] is built from an [`HttpClient`] and awaited. Built on hyper's connections, not on a pooled client: a connection lives inside the future of
//! the request that uses it, so when that future is dropped, what was put on the wire is known exactly, and nothing is sent behind its back.

mod path;
mod response;
mod error;
mod target;
mod tls;
mod wire;
mod upload;
mod dns;
mod connect;
mod http1;
mod http2;
mod connection;
mod decode;
mod cookies;
mod redirect;
mod policy;
mod credential;
mod keeper;
mod server;
mod session;
mod unread;
mod opened;
mod transcript;
mod outgoing;
mod attempt;
#[cfg(feature = "reqwest")]
mod over_reqwest;
mod exchange;
mod recording;
mod multipart;
mod events;
mod stream;
mod request;
mod client;
mod builder;
#[cfg(feature = "reqwest")]
mod reqwest_client;
mod check;

pub use builder::ClientBuilder;
pub use check::check;
pub use client::HttpClient;
pub use credential::Credential;
pub use error::RequestError;
pub use events::ServerEvent;
pub use multipart::MultipartForm;
pub use path::{Path, path_segment};
pub use request::{Request, RequestFuture};
#[cfg(feature = "reqwest")]
pub use reqwest_client::ReqwestClient;
pub use response::{BodyError, Response};
pub use stream::BodyStream;
pub use target::Target;

pub(crate) use keeper::Renew;

#[cfg(test)]
mod tests;
