//! Trying what was written, inside `cargo test`: one user, a few tasks, and every request to be looked at.
//!
//! A [`Trial`] runs one user of a class by the same loop as a run does, without pauses: `on_start`, tasks, `on_stop`. What it did is a [`Tried`].
//!
//! ```standalone_crate
//! use swarm_core::prelude::*;
//!
//! #[user(wait = between(1s, 5s))]
//! struct Visitor {
//!     client: HttpClient,
//! }
//!
//! #[tasks]
//! impl Visitor {
//!     #[task]
//!     async fn look_around(&mut self) -> TaskResult {
//!         self.client.get("/").await?;
//!         self.client.get(path!("/item/{id}", id = 42)).await?;
//!         Ok(())
//!     }
//! }
//!
//! # mod server {
//! #     use std::io::{Read as _, Write as _};
//! #     pub fn start() -> String {
//! #         let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
//! #         let address = listener.local_addr().unwrap();
//! #         std::thread::spawn(move || for socket in listener.incoming() {
//! #             let mut socket = socket.unwrap();
//! #             let _ = socket.read(&mut [0; 4096]);
//! #             let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello");
//! #         });
//! #         format!("http://{address}")
//! #     }
//! # }
//! // In a `#[test]`; the server is yours, or one that your program serves itself.
//! # fn a_visitor_looks_around() -> Result<(), swarm_core::testing::TrialError> {
//! use swarm_core::testing::Trial;
//!
//! let tried = Trial::of::<Visitor>().host(server::start()).task("look_around").run()?;
//! tried.expect_success();
//! assert_eq!(tried.names(), ["GET /", "GET /item/{id}"]);
//! assert_eq!(tried.samples[1].exchanges[0].headers[0].0, "host");
//! # Ok(())
//! # }
//! # a_visitor_looks_around().unwrap();
//! ```
//!
//! In a `#[tokio::test]` await it; the server may live on the same runtime, because the user has a thread of its own:
//!
//! ```
//! # use swarm_core::prelude::*;
//! # use swarm_core::testing::{Trial, TrialError};
//! # #[user] struct Visitor { client: HttpClient }
//! # #[tasks] impl Visitor { #[task] async fn look_around(&mut self) -> TaskResult { self.client.get("/").await?; Ok(()) } }
//! # async fn test() -> Result<(), TrialError> {
//! let tried = Trial::of::<Visitor>().host("http://127.0.0.1:8080").await?;
//! # Ok(())
//! # }
//! ```
//!
//! Tests in a folder `tests/` don't see a crate's types. There `use my_load_test as _;` has its classes compiled in, and [`Trial::named`] finds them.

mod preparation;
mod tried;
mod trial;

pub use crate::watch::{Answer, Body, Exception, Exchange, Moment, Recorded, TaskEnd};
pub use trial::{Trial, TrialError};
pub use tried::Tried;
