//! One credential for many users.

use super::authenticator::{AuthError, Authenticator};
use crate::backoff::Cooldown;
use crate::error::chain;
use crate::http::{Credential, HttpClient};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync;
use tokio::time::Instant;

/// How much of its lifetime a credential must still have to be given to one more user.
const FRESH: f64 = 0.25;

/// A mechanism whose credential is fetched once, for all users of a class in this process that share it by this name.
///
/// Who comes first logs in, the others wait for that. The credential stays when that user goes; if it goes before the login is over, the next one logs in. When
/// a login fails, all are told so, and the next one is tried after a pause that grows from half a second to 30 seconds.
///
/// ```
/// use swarm_core::prelude::*;
///
/// #[user(wait = constant(1s))]
/// struct Service {
///     client: HttpClient,
/// }
///
/// #[tasks]
/// impl Service {
///     #[on_start]
///     async fn login(&mut self) -> TaskResult {
///         let login = TokenAuth::login("/login", "service", &Secret::new("password"));
///         self.client.authenticate(Shared::new("service", login)).await?;
///         Ok(())
///     }
///
///     #[task]
///     async fn orders(&mut self) -> TaskResult {
///         self.client.get("/orders").await?;
///         Ok(())
///     }
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Shared<M> {
    name: String,
    mechanism: M,
}

/// The credentials of a run that are shared: by class and name.
#[derive(Debug, Default)]
pub(crate) struct SharedCredentials(Mutex<HashMap<(&'static str, String), Arc<Slot>>>);

/// Held while a user logs in, for all.
type Slot = sync::Mutex<State>;

#[derive(Debug, Default)]
struct State {
    /// The credential, and when it came.
    current: Option<(Credential, Instant)>,
    cooldown: Cooldown,
}

impl<M: Authenticator> Shared<M> {
    /// This mechanism, shared by this name.
    pub fn new(name: impl Into<String>, mechanism: M) -> Self {
        Self { name: name.into(), mechanism }
    }

    /// What the users share; nothing outside of a run.
    fn slot(&self, client: &HttpClient) -> Option<Arc<Slot>> {
        let context = client.context();
        let shared = context.resource::<SharedCredentials>()?;
        let mut slots = shared.0.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(slots.entry((context.class(), self.name.clone())).or_default()))
    }

    /// Fetches one for all: in place of the one that is there, if there is one.
    async fn fetch(&self, client: &HttpClient, state: &mut State) -> Result<Credential, AuthError> {
        state.cooldown.is_over().map_err(AuthError::new)?;
        let fetched = match &state.current {
            Some((old, _)) => self.mechanism.renew(client, old).await,
            None => self.mechanism.login(client).await,
        };
        match fetched {
            Ok(credential) => {
                state.cooldown.worked();
                state.current = Some((credential.clone(), Instant::now()));
                Ok(credential)
            }
            Err(error) => {
                state.cooldown.failed(chain(&error));
                Err(error)
            }
        }
    }
}

impl State {
    /// The credential as it is now, if it is good for a while.
    fn fresh(&self) -> Option<Credential> {
        let (credential, since) = self.current.as_ref()?;
        let Some(lifetime) = credential.lifetime() else { return Some(credential.clone()) };
        let left = lifetime.saturating_sub(since.elapsed());
        (left > lifetime.mul_f64(FRESH)).then(|| credential.clone().expires_in(left))
    }
}

impl<M: Authenticator> Authenticator for Shared<M> {
    async fn login(&self, client: &HttpClient) -> Result<Credential, AuthError> {
        let Some(slot) = self.slot(client) else { return self.mechanism.login(client).await };
        let mut state = slot.lock().await;
        match state.fresh() {
            Some(credential) => Ok(credential),
            None => self.fetch(client, &mut state).await,
        }
    }

    async fn renew(&self, client: &HttpClient, old: &Credential) -> Result<Credential, AuthError> {
        let Some(slot) = self.slot(client) else { return self.mechanism.renew(client, old).await };
        let mut state = slot.lock().await;
        match state.fresh() {
            // Somebody else was quicker.
            Some(credential) if !credential.sends_the_same(old) => Ok(credential),
            _ => self.fetch(client, &mut state).await,
        }
    }
}
