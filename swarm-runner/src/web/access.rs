//! Who may come in: the login that is demanded, the sessions of those who are logged in, and programs that say who they are with each request.

use super::attempts::Attempts;
use super::place::is_exposed;
use super::refusal::{Login, Refused};
use super::seals::{Seal, Seals};
use super::sessions::{Alive, Sessions};
use super::users::Users;
use crate::error::UsageError;
use crate::web_options::WebOptions;
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::Instant;

/// What somebody says to come in.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(super) enum Credentials {
    /// Without users.
    Token {
        /// The token that the program printed when it started.
        token: String,
    },
    /// With users.
    Password {
        /// A name of `--web-user`.
        user: String,
        /// The password that its hash was made of.
        password: String,
    },
}

/// The login of a server.
pub(super) struct Access {
    seals: Seals,
    way: Way,
    sessions: Mutex<Sessions>,
    attempts: Mutex<Attempts>,
    cookie: Cookie,
}

/// What is asked for.
enum Way {
    Token(Seal),
    Password {
        users: Arc<Users>,
        /// Of each user the password that was right, so that a program that sends it each time costs one hash.
        known: Mutex<HashMap<String, Seal>>,
        /// Hashes are made one after the other: attempts take no more than one core from the load.
        turn: Arc<Semaphore>,
    },
}

/// The cookie that names a session.
struct Cookie {
    /// Has the port in it, because a browser sends cookies to all ports of a host.
    name: String,
    attributes: String,
}

/// A request of who is logged in.
pub(super) struct Visit {
    /// The session.
    pub(super) id: Seal,
    /// Tells its end.
    pub(super) alive: Alive,
}

/// A login, and what must not be shown of it.
pub(super) struct Demanded {
    pub(super) access: Access,
    pub(super) token: Option<String>,
    pub(super) secrets: Vec<String>,
}

impl Access {
    /// The login that is demanded at this address, if one is.
    pub(super) fn demanded(
        options: &WebOptions,
        address: SocketAddr,
    ) -> Result<Option<Demanded>, UsageError> {
        let users = Users::read(&options.access.web_user)?;
        if !is_exposed(address) && !options.access.web_login && users.is_empty() {
            return Ok(None);
        }
        let seals = Seals::new()?;
        let (way, token, secrets) = if users.is_empty() {
            let token = seals.draw()?;
            (Way::Token(seals.seal(&token)), Some(token.clone()), vec![token])
        } else {
            let hashes = users.hashes().map(str::to_owned).collect();
            let (users, turn) = (Arc::new(users), Arc::new(Semaphore::new(1)));
            (Way::Password { users, known: Mutex::default(), turn }, None, hashes)
        };
        let access = Self {
            seals,
            way,
            sessions: Mutex::default(),
            attempts: Mutex::default(),
            cookie: Cookie::new(options, address.port()),
        };
        Ok(Some(Demanded { access, token, secrets }))
    }

    /// What is asked for.
    pub(super) fn login(&self) -> Login {
        match self.way {
            Way::Token(_) => Login::Token,
            Way::Password { .. } => Login::Password,
        }
    }

    /// Lets in who says what is right, from where it was not tried too often.
    pub(super) async fn check(
        &self,
        credentials: Credentials,
        from: IpAddr,
    ) -> Result<(), Refused> {
        let now = Instant::now();
        let failed = |wait| Refused::too_often("logins have failed", wait);
        lock(&self.attempts).begin(from, now).map_err(failed)?;
        if !self.right(credentials).await {
            let wrong = match self.login() {
                Login::Token => "this is not the token that the program printed when it started",
                Login::Password => "user or password is wrong",
            };
            return Err(Refused::log_in(self.login(), wrong));
        }
        lock(&self.attempts).passed(from, now);
        Ok(())
    }

    async fn right(&self, credentials: Credentials) -> bool {
        match (&self.way, credentials) {
            (Way::Token(own), Credentials::Token { token }) => *own == self.seals.seal(&token),
            (Way::Password { users, known, turn }, Credentials::Password { user, password }) => {
                let seal = self.seals.seal(&password);
                if lock(known).get(&user) == Some(&seal) {
                    return true;
                }
                let Ok(turn) = Arc::clone(turn).acquire_owned().await else { return false };
                let (users, name) = (Arc::clone(users), user.clone());
                let checked = spawn_blocking(move || {
                    // Kept until it is done, even if who asks goes away.
                    let _turn = turn;
                    users.know(&name, &password)
                });
                let right = checked.await.unwrap_or(false);
                if right {
                    lock(known).insert(user, seal);
                }
                right
            }
            _ => false,
        }
    }

    /// Begins a session: the cookie that names it.
    pub(super) fn begin(&self) -> Result<String, UsageError> {
        let id = self.seals.draw()?;
        lock(&self.sessions).begin(self.seals.seal(&id), Instant::now());
        Ok(self.cookie.with(&id))
    }

    /// The session that a request belongs to.
    pub(super) fn visit(&self, headers: &HeaderMap) -> Option<Visit> {
        let id = self.seals.seal(self.cookie.value(headers)?);
        let alive = lock(&self.sessions).use_it(&id, Instant::now())?;
        Some(Visit { id, alive })
    }

    /// Notes that a session is in use.
    pub(super) fn used(&self, id: &Seal) {
        lock(&self.sessions).use_it(id, Instant::now());
    }

    /// Ends the session that a request belongs to: the cookie that takes its name away.
    pub(super) fn end(&self, headers: &HeaderMap) -> String {
        if let Some(id) = self.cookie.value(headers) {
            lock(&self.sessions).end(&self.seals.seal(id));
        }
        format!("{}; Max-Age=0", self.cookie.with(""))
    }
}

impl Cookie {
    fn new(options: &WebOptions, port: u16) -> Self {
        let (base, tls) = (&options.web_base_path, options.access.tls_cert.is_some());
        let path = if base.is_empty() { "/" } else { base };
        // A browser takes a name that begins so only from this host, by HTTPS, for all paths.
        let prefix = if tls && base.is_empty() { "__Host-" } else { "" };
        let secure = if tls { "; Secure" } else { "" };
        Self {
            name: format!("{prefix}swarm-{port}"),
            attributes: format!("Path={path}; HttpOnly; SameSite=Strict{secure}"),
        }
    }

    fn with(&self, value: &str) -> String {
        let Self { name, attributes } = self;
        format!("{name}={value}; {attributes}")
    }

    fn value<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let texts = headers.get_all(COOKIE).iter().filter_map(|text| text.to_str().ok());
        let mut cookies =
            texts.flat_map(|text| text.split(';')).filter_map(|it| it.split_once('='));
        cookies.find(|(name, _)| name.trim() == self.name).map(|(_, value)| value.trim())
    }
}

/// What a program says with a request, if it does.
pub(super) fn said(headers: &HeaderMap) -> Option<Credentials> {
    let (scheme, rest) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" => Some(Credentials::Token { token: rest.trim().to_owned() }),
        "basic" => {
            let text = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
            let (user, password) = text.split_once(':')?;
            Some(Credentials::Password { user: user.to_owned(), password: password.to_owned() })
        }
        _ => None,
    }
}

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
