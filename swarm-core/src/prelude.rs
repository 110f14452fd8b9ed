//! What a user crate writes with: `use swarm_core::prelude::*;`.

pub use crate::auth::{
    AuthError, Authenticator, BasicAuth, Credential, FormAuth, FormFields, Shared, TokenAuth,
};
#[cfg(feature = "oauth2")]
pub use crate::auth::{OAuth2, Provider};
pub use crate::context::{Context, FromContext};
pub use crate::error::{OrFail, SetupError, StopTest, StopUser, TaskError, TaskResult};
pub use crate::event::{Quitting, RequestEvent};
pub use crate::feed::{Feed, Row};
#[cfg(feature = "reqwest")]
pub use crate::http::ReqwestClient;
pub use crate::http::{
    BodyStream, ClientBuilder, HttpClient, MultipartForm, RequestError, Response, ServerEvent,
};
pub use crate::judge::Ending;
pub use crate::plan::{HttpVersion, Rate, RunSpec};
pub use crate::probe::{Probe, ProbeError};
pub use crate::random::Random;
pub use crate::report::Report;
pub use crate::settings::{Secret, Settings};
pub use crate::wait::{
    Wait, between, constant, constant_pacing, constant_throughput, custom, poisson,
};
pub use crate::{
    event, feed, on_start, on_stop, path, settings, shape, task, task_set, tasks, transition, user,
};
pub use std::ops::ControlFlow;
pub use std::time::Duration;
pub use tokio::join;
