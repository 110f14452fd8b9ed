//! Keeping the credential of a session good: renewed before it expires, and once after it was refused.

use super::credential::Credential;
use super::error::Cause;
use crate::backoff::Cooldown;
use http::header::{HeaderName, HeaderValue};
use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// Gets a credential in place of one that expires or was refused; the error is why not, in words.
pub(crate) type Renew = Rc<dyn Fn(Credential) -> Renewal>;
/// A renewal under way.
pub(crate) type Renewal = Pin<Box<dyn Future<Output = Result<Credential, String>>>>;

/// When a credential is renewed: at a random share of its lifetime between these, so that not all users do so at once.
const RENEWED_AT: (f64, f64) = (0.75, 0.9);

/// The credential of a session.
#[derive(Default)]
pub(super) struct Keeper {
    held: RefCell<Option<Held>>,
    /// Held while a new one is fetched: requests side by side fetch one.
    gate: Mutex<()>,
    cooldown: RefCell<Cooldown>,
}

struct Held {
    credential: Rc<Credential>,
    header: Option<(HeaderName, HeaderValue)>,
    renew: Renew,
    renew_at: Option<Instant>,
    expires_at: Option<Instant>,
}

impl Keeper {
    /// Keeps this credential, which came just now.
    pub(super) fn hold(&self, credential: Credential, renew: Renew) -> Result<(), Cause> {
        let header = credential.to_header()?;
        let now = Instant::now();
        let (from, to) = RENEWED_AT;
        let share = from + fastrand::f64() * (to - from);
        let lifetime = credential.lifetime();
        let renew_at = lifetime.map(|lifetime| now + lifetime.mul_f64(share));
        let expires_at = lifetime.map(|lifetime| now + lifetime);
        let held = Held { credential: Rc::new(credential), header, renew, renew_at, expires_at };
        *self.held.borrow_mut() = Some(held);
        Ok(())
    }

    /// What is sent.
    pub(super) fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        self.held.borrow().as_ref()?.header.clone()
    }

    /// What is held, to be told apart from what is held later.
    pub(super) fn credential(&self) -> Option<Rc<Credential>> {
        Some(Rc::clone(&self.held.borrow().as_ref()?.credential))
    }

    /// A text without the credential.
    pub(super) fn conceal(&self, text: &str) -> String {
        let held = self.held.borrow();
        held.as_ref().map_or_else(|| text.to_owned(), |held| held.credential.conceal(text))
    }

    /// Whether it is time for a new one.
    pub(super) fn is_due(&self) -> bool {
        let held = self.held.borrow();
        held.as_ref().and_then(|held| held.renew_at).is_some_and(|at| at <= Instant::now())
    }

    /// Gets a new one, if it is time for that. While the old one is valid, it does not matter if there is none.
    pub(super) async fn refresh(&self) -> Result<(), Cause> {
        let _gate = self.gate.lock().await;
        if !self.is_due() {
            // Somebody else was quicker.
            return Ok(());
        }
        let Err(why) = self.renew().await else { return Ok(()) };
        let held = self.held.borrow();
        let expires_at = held.as_ref().and_then(|held| held.expires_at);
        if expires_at.is_some_and(|at| Instant::now() < at) {
            return Ok(());
        }
        Err(Cause::Invalid(format!("no credential: {why}")))
    }

    /// A request with this credential was refused. Returns whether there is another one now.
    pub(super) async fn replace(&self, refused: &Credential) -> bool {
        let _gate = self.gate.lock().await;
        let changed = || self.credential().is_some_and(|held| *held != *refused);
        if changed() {
            // Somebody else was quicker.
            return true;
        }
        self.renew().await.is_ok()
            && self.credential().is_some_and(|held| !held.sends_the_same(refused))
    }

    /// Gets a new credential, if there is no pause after earlier failures.
    async fn renew(&self) -> Result<(), String> {
        let (old, renew) = match &*self.held.borrow() {
            Some(held) => (Credential::clone(&held.credential), Rc::clone(&held.renew)),
            None => return Err("there was no login".to_owned()),
        };
        self.cooldown.borrow().is_over()?;
        let renewed = renew(old).await;
        let held = renewed
            .and_then(|credential| self.hold(credential, renew).map_err(|cause| cause.to_string()));
        let mut cooldown = self.cooldown.borrow_mut();
        match &held {
            Ok(()) => cooldown.worked(),
            Err(why) => cooldown.failed(why.clone()),
        }
        held
    }
}
