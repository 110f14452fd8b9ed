//! Load test of a small shop: visitors who look around, and customers who log in and buy.
//!
//! ```sh
//! cargo swarm -p shop --demo --headless -u 50 -r 10 -t 15s
//! ```

mod settings;
mod users;
