//! A client for one service, written once and used as a field by several classes; and what all users share.
//!
//! ```sh
//! cargo swarm -p own-field --demo --headless -u 6 -r 6 -t 5s
//! ```

mod shop;
mod users;
