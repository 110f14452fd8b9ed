//! How often a login may be tried.

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;
use tokio::time::Instant;

/// Attempts that fail within this time are counted.
const WINDOW: Duration = Duration::from_secs(60);
/// Of one address.
const OF_ONE: usize = 10;
/// Of all addresses together: each costs the time of a hash.
const OF_ALL: usize = 60;

/// Attempts that have failed, or are not decided yet: those that are made at once count too.
#[derive(Default)]
pub(super) struct Attempts(VecDeque<(Instant, IpAddr)>);

impl Attempts {
    /// Counts one, or says how long to wait.
    pub(super) fn begin(&mut self, from: IpAddr, now: Instant) -> Result<(), Duration> {
        let from = network(from);
        self.0.retain(|(at, _)| now.duration_since(*at) < WINDOW);
        let mut of_one = self.0.iter().filter(|(_, known)| *known == from);
        let earliest = match (of_one.clone().count() >= OF_ONE, self.0.len() >= OF_ALL) {
            (true, _) => of_one.next(),
            (false, true) => self.0.front(),
            (false, false) => None,
        };
        match earliest {
            Some((at, _)) => Err(WINDOW.saturating_sub(now.duration_since(*at))),
            None => {
                self.0.push_back((now, from));
                Ok(())
            }
        }
    }

    /// One that began then did not fail.
    pub(super) fn passed(&mut self, from: IpAddr, began: Instant) {
        let attempt = (began, network(from));
        if let Some(at) = self.0.iter().position(|known| *known == attempt) {
            self.0.remove(at);
        }
    }
}

/// What belongs to one who connects: with IPv6 everyone has 2⁶⁴ addresses.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn after_ten_failures_of_an_address_it_waits_and_others_do_not() {
        let (mut attempts, start) = (Attempts::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        let (one, other) = (address("192.0.2.1"), address("192.0.2.2"));
        for second in 0..10 {
            assert_eq!(attempts.begin(one, at(second)), Ok(()), "{second}");
        }
        assert_eq!(attempts.begin(one, at(10)), Err(Duration::from_secs(50)));
        assert_eq!(
            attempts.begin(address("::ffff:192.0.2.1"), at(59)),
            Err(Duration::from_secs(1))
        );
        assert_eq!(attempts.begin(other, at(59)), Ok(()));
        assert_eq!(attempts.begin(one, at(60)), Ok(()));
        assert_eq!(attempts.begin(one, at(60)), Err(Duration::from_secs(1)));
    }

    #[test]
    fn who_logs_in_is_not_counted() {
        let (mut attempts, now) = (Attempts::default(), Instant::now());
        for _ in 0..100 {
            assert_eq!(attempts.begin(address("::1"), now), Ok(()));
            attempts.passed(address("::1"), now);
        }
        assert!(attempts.0.is_empty());
    }

    #[test]
    fn many_addresses_are_limited_together_and_those_of_one_network_are_one() {
        let (mut attempts, now) = (Attempts::default(), Instant::now());
        for number in 0..10 {
            assert_eq!(attempts.begin(address(&format!("2001:db8::{number}")), now), Ok(()));
        }
        assert_eq!(attempts.begin(address("2001:db8::ffff:1"), now), Err(WINDOW));
        for number in 0..50 {
            assert_eq!(attempts.begin(address(&format!("2001:db8:0:{number}1::")), now), Ok(()));
        }
        assert_eq!(attempts.begin(address("192.0.2.1"), now), Err(WINDOW));
        assert_eq!(attempts.0.len(), OF_ALL);
    }
}
