//! A setting of a type of one's own: all that it needs is `FromStr`.

use std::str::FromStr;
use swarm_core::prelude::*;

/// Which way a tour takes.
pub enum Route {
    Straight,
    Winding,
}

impl Route {
    /// The item at a stop.
    pub fn item_at(&self, stop: u64, context: &Context) -> u64 {
        match self {
            Self::Straight => stop,
            Self::Winding => context.random(|random| random.number(1..=1_000)),
        }
    }
}

impl FromStr for Route {
    type Err = &'static str;

    /// The error is told before any load, with the setting's name and where the text came from.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "straight" => Ok(Self::Straight),
            "winding" => Ok(Self::Winding),
            _ => Err("say `straight` or `winding`"),
        }
    }
}
