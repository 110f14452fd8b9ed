//! What one user knows of one server: connections to use again, room for more, which HTTP it speaks.

use super::connection::Connection;
use super::http2::Http2;
use super::policy::Policy;
use super::target::Origin;
use crate::plan::HttpVersion;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use tokio::sync::{Mutex, MutexGuard, OwnedSemaphorePermit, Semaphore};

/// Most idle connections to one server: what browsers open to one host.
const MOST_IDLE: usize = 6;

/// A server, as one user knows it.
pub(super) struct Server {
    pub(super) origin: Rc<Origin>,
    keep_alive: bool,
    idle: RefCell<Vec<Connection>>,
    /// The connection that all requests share, if the server speaks HTTP/2.
    shared: RefCell<Option<Http2>>,
    speaks_http1: Cell<bool>,
    /// Held while a connection is made that might be shared.
    gate: Mutex<()>,
    room: Option<Arc<Semaphore>>,
}

impl Server {
    pub(super) fn new(origin: Rc<Origin>, policy: &Policy) -> Self {
        Self {
            origin,
            keep_alive: policy.keep_alive,
            idle: RefCell::default(),
            shared: RefCell::default(),
            speaks_http1: Cell::new(false),
            gate: Mutex::default(),
            room: policy.most_connections.map(|most| Arc::new(Semaphore::new(most))),
        }
    }

    /// Waits for room for one more connection; none is needed without limit, or where there is one to share.
    pub(super) async fn room(&self) -> Option<OwnedSemaphorePermit> {
        if self.shared().is_some() {
            return None;
        }
        // Nobody closes it.
        Arc::clone(self.room.as_ref()?).acquire_owned().await.ok()
    }

    /// A connection that is there already, and that the server has not closed.
    pub(super) async fn take(&self) -> Option<Connection> {
        if let Some(shared) = self.shared() {
            return Some(shared);
        }
        loop {
            let mut connection = self.idle.borrow_mut().pop()?;
            if connection.is_usable().await {
                return Some(connection);
            }
        }
    }

    /// The connection that all requests share, if there is one and it is good.
    pub(super) fn shared(&self) -> Option<Connection> {
        let shared = self.shared.borrow();
        shared.as_ref().filter(|shared| shared.is_usable()).cloned().map(Connection::Shared)
    }

    /// Waits for who is making a connection that might be shared; nobody waits where it can't be.
    pub(super) async fn gate(&self, version: HttpVersion) -> Option<MutexGuard<'_, ()>> {
        let may_share = match version {
            HttpVersion::Auto => self.origin.tls && !self.speaks_http1.get(),
            HttpVersion::Http1 => false,
            HttpVersion::Http2 => true,
        };
        if may_share && self.keep_alive { Some(self.gate.lock().await) } else { None }
    }

    /// Notes what a new connection says of the server.
    pub(super) fn opened(&self, connection: &Connection) {
        match connection {
            Connection::One(_) => self.speaks_http1.set(true),
            Connection::Shared(shared) if self.keep_alive => {
                *self.shared.borrow_mut() = Some(shared.clone());
            }
            Connection::Shared(_) => {}
        }
    }

    /// Keeps a connection for the next request.
    pub(super) fn keep(&self, connection: Connection) {
        // One that is shared is kept from when it was made.
        if self.keep_alive && matches!(connection, Connection::One(_)) {
            let mut idle = self.idle.borrow_mut();
            if idle.len() >= MOST_IDLE {
                idle.remove(0);
            }
            idle.push(connection);
        }
    }
}
