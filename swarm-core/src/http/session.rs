//! What one user's requests share: host, connections, cookies, default headers, credential.

use super::connection::Connection;
use super::cookies::Cookies;
use super::error::Cause;
use super::redirect;
use super::target::{Base, Origin};
use crate::context::Context;
use crate::stats::Kind;
use http::header::{HeaderMap, HeaderValue};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use tokio::sync::Semaphore;
use url::Url;

/// Most idle connections of a user: what browsers open to one host.
const MOST_IDLE: usize = 6;

/// How one client uses connections and follows redirects.
#[derive(Debug, Clone)]
pub(super) struct Policy {
    /// Whether connections are used again.
    pub(super) keep_alive: bool,
    /// Most connections to one server at a time; what needs one more waits.
    pub(super) most_connections: Option<usize>,
    pub(super) most_redirects: usize,
    /// Longest time for a request; the run's if absent.
    pub(super) timeout: Option<Duration>,
    /// What stands before the names of its requests.
    pub(super) group: Option<String>,
    pub(super) traceparent: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            keep_alive: true,
            most_connections: None,
            most_redirects: redirect::MOST_REDIRECTS,
            timeout: None,
            group: None,
            traceparent: false,
        }
    }
}

/// The session of one user.
pub(super) struct Session {
    pub(super) context: Context,
    pub(super) policy: Policy,
    /// The host, if there is one and it is one.
    base: Option<(Base, Rc<Origin>)>,
    idle: RefCell<Vec<(Rc<Origin>, Connection)>>,
    /// Room for connections, by server.
    room: RefCell<Vec<(Rc<Origin>, Rc<Semaphore>)>>,
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
    /// The session of a user with a host of the client's own, or the user's.
    pub(super) fn new(context: Context, host: Option<&str>, policy: Policy) -> Result<Self, Cause> {
        let base = match host.or(context.host()) {
            None => None,
            Some(host) => {
                let base = Base::parse(host)?;
                let origin = Rc::new(Origin::of(&base.url)?);
                origin.allowed(&context.spec().client)?;
                Some((base, origin))
            }
        };
        Ok(Self {
            context,
            policy,
            base,
            idle: RefCell::default(),
            room: RefCell::default(),
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
                origin.allowed(&self.context.spec().client)?;
                Ok(home.filter(|home| **home == origin).unwrap_or_else(|| Rc::new(origin)))
            }
        }
    }

    /// Whether a server is the host, which default headers and the credential go to.
    pub(super) fn is_home(&self, origin: &Origin) -> bool {
        self.base.as_ref().is_some_and(|(_, home)| **home == *origin)
    }

    /// Waits for room for one more connection to a server; none if there is no limit.
    pub(super) async fn room(&self, origin: &Rc<Origin>) -> Option<OwnedRoom> {
        let most = self.policy.most_connections?;
        let room = {
            let mut rooms = self.room.borrow_mut();
            match rooms.iter().find(|(to, _)| **to == **origin) {
                Some((_, room)) => Rc::clone(room),
                None => {
                    let room = Rc::new(Semaphore::new(most));
                    rooms.push((Rc::clone(origin), Rc::clone(&room)));
                    room
                }
            }
        };
        // Nobody closes it.
        room.acquire().await.ok()?.forget();
        Some(OwnedRoom(room))
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
        if !self.policy.keep_alive {
            return;
        }
        let mut idle = self.idle.borrow_mut();
        if idle.len() >= MOST_IDLE {
            idle.remove(0);
        }
        idle.push((Rc::clone(origin), connection));
    }
}

/// Room for one connection; given back when it is dropped.
pub(super) struct OwnedRoom(Rc<Semaphore>);

impl Drop for OwnedRoom {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}
