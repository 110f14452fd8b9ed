//! What a load test is made of: user classes, the HTTP client, statistics, plans and the engine that runs them on this machine.
//!
//! A user crate depends on this crate alone. It knows nothing of command lines, web pages or other machines.
//!
//! Begin with [`#[user]`](macro@user), [`#[tasks]`](macro@tasks) and [`HttpClient`](http::HttpClient); the [`prelude`] has all that most load tests need.
//!
//! Modules stand in the order of their levels: each uses only those above it (`tests/tidy` of the workspace checks that).

// So that the attributes work in this crate's own tests.
#[cfg(test)]
extern crate self as swarm_core;

// Values; no I/O.
pub mod duration;
pub mod size;
pub mod random;
pub mod secrets;
pub mod clock;
pub mod error;
pub mod misread;
mod backoff;
pub mod wait;
pub mod threshold;

// What is to run when: pure functions of time.
pub mod plan;

// Figures: from a sample to what people read.
pub mod stats;

// Figures in, judgement out.
pub mod judge;
pub mod report;
pub mod compare;
mod request_log;
mod watch;
pub mod trace;

// What the fields of a user are built from.
pub mod settings;
pub mod context;
pub mod probe;
pub mod feed;
pub mod http;
pub mod auth;

// Classes, as declared and as found.
pub mod user;

// What happens to a run, for who wants to know.
pub mod event;

// What runs them.
pub mod engine;

// One of their users, looked at.
pub mod testing;

pub mod prelude;
#[doc(hidden)]
pub mod __private;

#[cfg(feature = "reqwest")]
pub use reqwest;

#[doc = include_str!("../docs/event.md")]
pub use swarm_macros::event;
#[doc = include_str!("../docs/feed.md")]
pub use swarm_macros::feed;
#[doc = include_str!("../docs/path.md")]
pub use swarm_macros::path;
#[doc = include_str!("../docs/settings.md")]
pub use swarm_macros::settings;
#[doc = include_str!("../docs/shape.md")]
pub use swarm_macros::shape;
#[doc = include_str!("../docs/task_set.md")]
pub use swarm_macros::task_set;
#[doc = include_str!("../docs/tasks.md")]
pub use swarm_macros::tasks;
#[doc = include_str!("../docs/user.md")]
pub use swarm_macros::user;
/// A method inside a [`#[tasks]`](macro@crate::tasks) block: see there.
pub use swarm_macros::{on_start, on_stop, task, transition};
