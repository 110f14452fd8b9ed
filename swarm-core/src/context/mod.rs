//! What a simulated user has around it: [`Context`], and [`FromContext`], which builds the fields of its struct.

mod resources;
mod iterations;
mod pulse;
mod stop_request;
mod notes;
mod signal;
mod calls;
mod code;
mod handle;
mod fields;

pub(crate) use calls::{Calls, Waiting};
pub(crate) use code::{At, Class};
pub use fields::{Check, FromContext, Needs, SettingsNeed};
pub use handle::Context;
pub(crate) use handle::{Observer, Shared};
pub(crate) use iterations::Iterations;
pub(crate) use notes::Notes;
pub(crate) use pulse::{Doing, Pulse};
pub use resources::Resources;
pub(crate) use signal::Life;
pub(crate) use stop_request::StopRequest;
