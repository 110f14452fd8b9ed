//! From an annotated struct to an exact result, with real processes.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod load;
mod oauth_server;
mod plain_http;
mod server;

mod endings;
mod exactness;
mod examples;
mod feeds;
mod httpbin;
mod nginx;
mod oauth_server_works;
mod options;
mod result;
mod secrets;
