//! The real server with a real engine and a real target, asked as any client asks.

mod client;
mod classes;
mod form;
mod history;
mod login;
mod tls;
#[cfg(feature = "schema")]
mod openapi;
mod page;
mod runs;
mod metrics;
