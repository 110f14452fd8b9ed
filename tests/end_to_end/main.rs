//! From an annotated struct to an exact result, with real processes.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod load;
mod programs;
mod oauth_server;
mod otlp_receiver;
mod server;
mod project;
mod workflow;

mod ci_github;
mod ci_gitlab;
mod endings;
mod events;
mod exactness;
mod examples;
mod feeds;
mod formats;
mod history;
mod httpbin;
mod loads;
mod logins;
mod nginx;
mod observe;
mod options;
mod otlp;
mod postgres;
mod prometheus;
mod result;
mod secrets;
mod thresholds;
mod totals;
mod trial;
mod web;
