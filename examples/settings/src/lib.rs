//! What a load test is told by who runs it: texts, numbers, secrets, a type of one's own; required or with a default.
//!
//! Each is a flag, a variable of the environment or of `.env`, or a key in `swarm.toml`, in this order. This example's `swarm.toml` has the secret, and how
//! many users run for how long.
//!
//! ```sh
//! cargo swarm -p settings --demo --headless
//! cargo swarm -p settings --demo --headless --route winding --stops 5
//! TOUR_ROUTE=winding cargo swarm -p settings --demo --headless
//! cargo swarm -p settings --help
//! ```

mod route;
mod users;

use route::Route;
use swarm_core::prelude::*;

/// The tour that each user makes.
#[settings(prefix = "TOUR")]
pub struct TourSettings {
    /// Name to log in with.
    #[setting(default = "demo")]
    member: String,
    /// Password of that member. It has no default, so it must be given; it is never shown.
    #[setting(secret)]
    passphrase: Secret,
    /// How many items are looked at.
    #[setting(default = 3)]
    stops: u64,
    /// Share of the tours that end with a purchase.
    #[setting(default = 0.5)]
    buying: f64,
    /// Whether the tour begins at the main page.
    #[setting(default = true)]
    from_the_entrance: bool,
    /// Which way it takes: `straight` or `winding`.
    #[setting(default = "straight")]
    route: Route,
}
