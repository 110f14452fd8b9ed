//! The demo site: a small shop that swarm itself serves, to try load tests on.
//!
//! | path | answer |
//! |---|---|
//! | `GET /` `GET /register` | a page |
//! | `POST /login` | with basic credentials: `{"token": "…"}`; otherwise 401 |
//! | `POST /session` | with `{"username": "…", "password": "…"}`: the token as text; otherwise 401 |
//! | `DELETE /session` | with the token: 204; otherwise 401 |
//! | `GET /signin` | a form to log in by, with a token and a cookie against forged requests |
//! | `POST /signin` | with what the form sends: a session (a cookie) and a redirect to `next`; otherwise the form again |
//! | `GET /oauth/authorize` | who has a session is led back with a code, others to `/signin` |
//! | `POST /oauth/token` | OAuth2's token endpoint: `client_credentials`, `password`, `authorization_code`, `refresh_token`; otherwise 400 |
//! | `GET /.well-known/openid-configuration` | where these two are |
//! | `GET /profile` | with the token, name and password, or a session: the user's name; otherwise 401 |
//! | `GET /item/{id}` | `{"id": 42, "name": "…", "price_cents": …}` |
//! | `POST /checkout` | with the token and a list of items: a receipt that says "thank you" |
//! | `POST /upload` | what was received, up to 2 MB: `{"content_type": "multipart/form-data", "bytes": …}` |
//! | `GET /lines?count=10&ms=100` | so many lines of text (10), each after so many milliseconds (100) |
//! | `GET /prices?count=10&ms=100` | the same with server-sent events: `event: price`, `data: 10.37`, `id: 1` |
//! | `GET /slow?ms=500` | a page, after so many milliseconds (500) |
//! | `GET /flaky` | a page; every tenth answer is a 500 |
//! | `GET /counters` | how many requests were received, by path |

mod counters;
mod streams;
mod identity;
mod site;

pub use identity::{DEMO_PASSWORD, DEMO_USERNAME};

use crate::error::UsageError;
use crate::options::Target;
use std::io::{self, Write as _, stderr};
use std::net::SocketAddr;
use std::thread;
use tokio::net::TcpListener;
use tokio::runtime::Builder;

/// A demo site that runs, on a thread of its own, until the program ends.
#[derive(Debug, Clone, Copy)]
pub struct Demo {
    address: SocketAddr,
}

impl Demo {
    /// Starts one on a free port of the loopback interface.
    ///
    /// # Errors
    ///
    /// What the operating system refuses: a port, a thread.
    pub fn start() -> io::Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        thread::Builder::new().name("swarm-demo".to_owned()).spawn(move || {
            runtime.block_on(async {
                if let Ok(listener) = TcpListener::from_std(listener) {
                    // It serves until the program ends.
                    let _ = axum::serve(listener, site::site()).await;
                }
            });
        })?;
        Ok(Self { address })
    }

    /// Starts one if that is asked for, and makes it the target.
    pub(crate) fn serve(target: &mut Target) -> Result<(), UsageError> {
        if !target.demo {
            return Ok(());
        }
        if let Some(host) = &target.host {
            let message = format!("--demo brings its own target, but the host is {host}");
            return Err(UsageError::new(message).help("leave one of them out"));
        }
        let demo = Self::start()
            .map_err(|error| UsageError::new(format!("the demo site can't start: {error}")))?;
        let _ = writeln!(stderr(), "demo site on {}", demo.url());
        target.host = Some(demo.url());
        Ok(())
    }

    /// Its base URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

#[cfg(test)]
mod tests;
