//! What one user's requests share: host, servers with their connections, cookies, default headers, credential.

use super::cookies::Cookies;
use super::error::Cause;
use super::keeper::Keeper;
use super::policy::Policy;
use super::server::Server;
use super::target::{Base, Origin};
use crate::context::Context;
use crate::plan::HttpVersion;
use crate::stats::Kind;
use http::header::HeaderMap;
use std::cell::RefCell;
use std::rc::Rc;
use url::Url;

/// The session of one user.
pub(super) struct Session {
    pub(super) context: Context,
    pub(super) policy: Policy,
    /// The host, if there is one and it is one.
    base: Option<(Base, Rc<Origin>)>,
    servers: RefCell<Vec<Rc<Server>>>,
    pub(super) cookies: RefCell<Cookies>,
    pub(super) headers: RefCell<HeaderMap>,
    /// Sent to the host.
    pub(super) keeper: Keeper,
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
            servers: RefCell::default(),
            cookies: RefCell::default(),
            headers: RefCell::default(),
            keeper: Keeper::default(),
        })
    }

    pub(super) fn base(&self) -> Option<&Base> {
        self.base.as_ref().map(|(base, _)| base)
    }

    /// The address of a path of the host (without the base URL's own path before it), or of any URL.
    pub(super) fn absolute(&self, target: &str) -> Result<Url, Cause> {
        match self.base() {
            Some(base) => base.url.join(target),
            None => Url::parse(target),
        }
        .map_err(|error| Cause::Invalid(format!("`{target}` is no address: {error}")))
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

    /// What is known of a server.
    pub(super) fn server(&self, origin: &Rc<Origin>) -> Rc<Server> {
        let mut servers = self.servers.borrow_mut();
        if let Some(known) = servers.iter().find(|server| *server.origin == **origin) {
            return Rc::clone(known);
        }
        let server = Rc::new(Server::new(Rc::clone(origin), &self.policy));
        servers.push(Rc::clone(&server));
        server
    }

    /// Which HTTP is spoken.
    pub(super) fn version(&self) -> HttpVersion {
        self.policy.http.unwrap_or(self.context.spec().client.http)
    }
}
