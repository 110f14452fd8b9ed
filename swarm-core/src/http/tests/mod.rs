//! The client against real sockets: servers that count, and servers that are broken.

mod server;

mod account;
mod auth;
mod broken;
mod http2;
mod packed;
mod policy;
mod connections;
mod examples;
mod forms;
mod redirects;
mod renewal;
#[cfg(feature = "reqwest")]
mod reqwest_client;
mod requests;
mod shared;
mod streams;
mod tls;
mod traces;
mod transcripts;
mod uploads;

use super::HttpClient;
use crate::auth::SharedCredentials;
use crate::context::{Class, Context, FromContext as _, Resources, Shared};
use crate::plan::RunSpec;
use crate::stats::{Delta, RequestCounts};
use crate::wait::Wait;
use server::Server;
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{Builder, LocalOptions};
use tokio::time::Instant;

/// Each of these, over connections of our own and over reqwest's: what both clients do alike.
macro_rules! for_both_clients {
    ($($name:ident),+ $(,)?) => {
        mod over_own_connections {
            $(#[test] fn $name() { super::$name(); })+
        }
        #[cfg(feature = "reqwest")]
        mod over_reqwest {
            $(#[test] fn $name() { crate::http::tests::over_reqwest(super::$name); })+
        }
    };
}
use for_both_clients;

thread_local! {
    /// Whether users of this thread send over reqwest.
    static OVER_REQWEST: Cell<bool> = const { Cell::new(false) };
}

/// Runs a test with users that send over reqwest.
#[cfg(feature = "reqwest")]
fn over_reqwest(test: fn()) {
    OVER_REQWEST.set(true);
    test();
}

fn client(context: &Context) -> HttpClient {
    #[cfg(feature = "reqwest")]
    if OVER_REQWEST.get() {
        let client = super::ReqwestClient::from_context(context).expect("a valid host");
        return HttpClient::clone(&client);
    }
    HttpClient::from_context(context).expect("a valid host")
}

/// One user of a run against a host does this. Returns what was recorded; the user and its connections are gone then.
fn play(host: &str, script: impl AsyncFnOnce(&HttpClient)) -> Delta {
    play_as(|spec| spec.host = Some(host.to_owned()), script)
}

/// The same, of a run that is changed.
fn play_as(change: impl FnOnce(&mut RunSpec), script: impl AsyncFnOnce(&HttpClient)) -> Delta {
    play_with(change, |shared| shared, script)
}

/// The same, of users that share something else too.
fn play_with(
    change: impl FnOnce(&mut RunSpec),
    share: impl FnOnce(Shared) -> Shared,
    script: impl AsyncFnOnce(&HttpClient),
) -> Delta {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build_local(LocalOptions::default())
        .expect("a runtime");
    runtime.block_on(async {
        let mut spec = RunSpec::new(Vec::new());
        // A test that hangs fails soon.
        spec.client.timeout = Duration::from_secs(20);
        change(&mut spec);
        let resources = Resources::default().with(SharedCredentials::default());
        let shared = Shared::new(Arc::new(spec), resources, Instant::now());
        let shared = share(shared);
        let recorder = Rc::clone(&shared.recorder);
        let class =
            Class { place: 0, name: "Tester", host: None, wait: Wait::NONE, iterations: None };
        let context = Context::new(class, 0, shared);
        let client = client(&context);
        script(&client).await;
        drop((client, context));
        recorder.borrow_mut().drain()
    })
}

/// What was recorded for a name.
fn counts(delta: &Delta, name: &str) -> RequestCounts {
    let mut these = delta.requests.iter().filter(|(key, _)| &*key.name == name);
    let found = these.next().map(|(_, counts)| counts.clone()).unwrap_or_default();
    assert!(these.next().is_none(), "{name} stands under one method only");
    found
}

/// The names of all requests that were recorded, in order.
fn names(delta: &Delta) -> Vec<&str> {
    delta.requests.keys().map(|key| &*key.name).collect()
}

/// The causes of all failures that were recorded, in order.
fn causes(delta: &Delta) -> Vec<&str> {
    delta.failures.keys().map(|[.., cause]| &**cause).collect()
}

/// A server that answers everything with `hello`.
fn hello() -> Server {
    Server::start(|_| server::ok("hello"))
}
