//! How many requests are answered: an answer takes time of the machine that makes the load.

use super::attempts::network;
use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::Instant;

/// Requests a second from one address, in the long run.
const PER_SECOND: f64 = 50.0;
/// Requests at once from an address that was quiet; so long after it, it is forgotten.
const AT_ONCE: f64 = 200.0;
/// Addresses that are known before those that were quiet are forgotten.
const MANY: usize = 256;

/// What each address may still ask for: each request takes one, and time gives them back.
#[derive(Default)]
pub(super) struct Pace(HashMap<IpAddr, Left>);

struct Left {
    requests: f64,
    at: Instant,
}

impl Left {
    fn at(&self, now: Instant) -> f64 {
        let gained = now.saturating_duration_since(self.at).as_secs_f64() * PER_SECOND;
        (self.requests + gained).min(AT_ONCE)
    }
}

impl Pace {
    /// Takes one, or says how long to wait.
    pub(super) fn take(&mut self, from: IpAddr, now: Instant) -> Result<(), Duration> {
        if self.0.len() >= MANY {
            self.0.retain(|_, left| left.at(now) < AT_ONCE);
        }
        let from = network(from);
        let left = self.0.get(&from).map_or(AT_ONCE, |left| left.at(now));
        if left < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - left) / PER_SECOND));
        }
        self.0.insert(from, Left { requests: left - 1.0, at: now });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_too_often_waits_and_others_do_not() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        let address = |text: &str| text.parse::<IpAddr>().expect("an address");
        let (one, other) = (address("192.0.2.1"), address("192.0.2.2"));
        for _ in 0..200 {
            assert_eq!(pace.take(one, start), Ok(()));
        }
        assert_eq!(pace.take(one, start), Err(Duration::from_millis(20)));
        assert_eq!(pace.take(other, start), Ok(()));
        let later = start + Duration::from_secs(1);
        for _ in 0..50 {
            assert_eq!(pace.take(one, later), Ok(()));
        }
        assert!(pace.take(one, later).is_err());
    }

    #[test]
    fn quiet_addresses_are_forgotten() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        for second in 0..2_000_u32 {
            let now = start + Duration::from_secs(second.into());
            assert_eq!(pace.take(IpAddr::V4(second.into()), now), Ok(()));
        }
        assert!(pace.0.len() <= MANY, "{}", pace.0.len());
    }
}
