//! What one user's requests share: host, connections, cookies, default headers, credential.

use super::connection::Connection;
use super::cookies::Cookies;
use super::error::Cause;
use super::target::{Base, Origin};
use crate::context::Context;
use crate::stats::Kind;
use http::header::{HeaderMap, HeaderValue};
use std::cell::RefCell;
use std::rc::Rc;
use url::Url;

/// Most idle connections of a user: what browsers open to one host.
const MOST_IDLE: usize = 6;

/// The session of one user.
pub(super) struct Session {
    pub(super) context: Context,
    /// The host, if there is one and it is one.
    base: Option<(Base, Rc<Origin>)>,
    idle: RefCell<Vec<(Rc<Origin>, Connection)>>,
    pub(super) cookies: RefCell<Cookies>,
    pub(super) headers: RefCell<HeaderMap>,
    /// Sent as `Authorization` to the host.
    pub(super) credential: RefCell<Option<HeaderValue>>,
}

/// Whose requests they are, and what sort.
#[derive(Clone)]
pub(super) struct Sender {
    pub(super) session: Rc<Session>,
    pub(super) kind: Kind,
}

impl Session {
    pub(super) fn new(context: Context) -> Result<Self, Cause> {
        let base = match context.host() {
            None => None,
            Some(host) => {
                let base = Base::parse(host)?;
                let origin = Rc::new(Origin::of(&base.url)?);
                Some((base, origin))
            }
        };
        Ok(Self {
            context,
            base,
            idle: RefCell::default(),
            cookies: RefCell::default(),
            headers: RefCell::default(),
            credential: RefCell::default(),
        })
    }

    pub(super) fn base(&self) -> Option<&Base> {
        self.base.as_ref().map(|(base, _)| base)
    }

    /// The server of a URL, or the host's if there is none.
    pub(super) fn origin(&self, url: Option<&Url>) -> Result<Rc<Origin>, Cause> {
        let home = self.base.as_ref().map(|(_, origin)| Rc::clone(origin));
        match (url, home) {
            (None, Some(home)) => Ok(home),
            (None, None) => Err(Cause::Invalid("no host".to_owned())),
            (Some(url), home) => {
                let origin = Origin::of(url)?;
                Ok(home.filter(|home| **home == origin).unwrap_or_else(|| Rc::new(origin)))
            }
        }
    }

    /// Whether a server is the host, which default headers and the credential go to.
    pub(super) fn is_home(&self, origin: &Origin) -> bool {
        self.base.as_ref().is_some_and(|(_, home)| **home == *origin)
    }

    /// An idle connection to a server that the server has not closed.
    pub(super) async fn take_idle(&self, origin: &Origin) -> Option<Connection> {
        loop {
            let mut connection = {
                let mut idle = self.idle.borrow_mut();
                let at = idle.iter().rposition(|(to, _)| **to == *origin)?;
                idle.swap_remove(at).1
            };
            if connection.is_usable().await {
                return Some(connection);
            }
        }
    }

    /// Keeps a connection for the next request.
    pub(super) fn keep(&self, origin: &Rc<Origin>, connection: Connection) {
        let mut idle = self.idle.borrow_mut();
        if idle.len() >= MOST_IDLE {
            idle.remove(0);
        }
        idle.push((Rc::clone(origin), connection));
    }
}
