//! Pauses between attempts at what keeps failing.

use std::time::Duration;

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
