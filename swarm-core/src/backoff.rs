//! Pauses between attempts at what keeps failing.

use std::time::Duration;
use tokio::time::Instant;

/// Pauses that grow with each failure, and begin anew after a success.
#[derive(Debug, Clone)]
pub(crate) struct Backoff {
    first: Duration,
    longest: Duration,
    next: Duration,
}

impl Backoff {
    /// Pauses from the first to the longest, each twice as long as the one before.
    pub(crate) const fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, next: first }
    }

    /// It failed: the pause before the next attempt.
    pub(crate) fn failed(&mut self) -> Duration {
        let pause = self.next;
        self.next = self.longest.min(pause * 2);
        pause
    }

    /// It worked.
    pub(crate) fn worked(&mut self) {
        self.next = self.first;
    }
}

/// Pauses between logins that fail: from half a second to 30 seconds.
const LOGINS: Backoff = Backoff::new(Duration::from_millis(500), Duration::from_secs(30));

/// Logins that are left in peace for a while after one has failed; meanwhile its reason stands for the next.
#[derive(Debug)]
pub(crate) struct Cooldown {
    backoff: Backoff,
    /// Why the last one failed, and when the next one is due.
    failed: Option<(String, Instant)>,
}

impl Default for Cooldown {
    fn default() -> Self {
        Self { backoff: LOGINS, failed: None }
    }
}

impl Cooldown {
    /// Whether a login is due; else why the last one failed.
    pub(crate) fn is_over(&self) -> Result<(), String> {
        match &self.failed {
            Some((why, until)) if Instant::now() < *until => Err(why.clone()),
            _ => Ok(()),
        }
    }

    /// One failed, for this reason.
    pub(crate) fn failed(&mut self, why: String) {
        self.failed = Some((why, Instant::now() + self.backoff.failed()));
    }

    /// One worked.
    pub(crate) fn worked(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_until_it_works() {
        let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(5));
        let seconds = |backoff: &mut Backoff| [(); 5].map(|()| backoff.failed().as_secs());
        assert_eq!(seconds(&mut backoff), [1, 2, 4, 5, 5]);
        backoff.worked();
        assert_eq!(seconds(&mut backoff), [1, 2, 4, 5, 5]);
    }
}
