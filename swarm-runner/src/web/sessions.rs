//! Who is logged in.

use super::seals::Seal;
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// A session that is not used for so long is over.
const IDLE: Duration = Duration::from_secs(12 * 3_600);
/// Sessions at one time; then the one that was not used for the longest time gives way.
const MOST: usize = 256;

/// The sessions by their ids.
#[derive(Default)]
pub(super) struct Sessions(HashMap<Seal, Session>);

struct Session {
    used: Instant,
    /// Who waits for its end sees this go.
    alive: watch::Sender<()>,
}

/// Tells the end of a session.
pub(super) type Alive = watch::Receiver<()>;

impl Sessions {
    /// Begins one.
    pub(super) fn begin(&mut self, id: Seal, now: Instant) {
        self.forget_idle(now);
        let idlest = self.0.iter().min_by_key(|(_, session)| session.used).map(|(id, _)| *id);
        if let Some(idlest) = idlest.filter(|_| self.0.len() >= MOST) {
            self.0.remove(&idlest);
        }
        self.0.insert(id, Session { used: now, alive: watch::Sender::new(()) });
    }

    /// Uses one, if it is not over.
    pub(super) fn use_it(&mut self, id: &Seal, now: Instant) -> Option<Alive> {
        self.forget_idle(now);
        let session = self.0.get_mut(id)?;
        session.used = now;
        Some(session.alive.subscribe())
    }

    /// Ends it.
    pub(super) fn end(&mut self, id: &Seal) {
        self.0.remove(id);
    }

    fn forget_idle(&mut self, now: Instant) {
        self.0.retain(|_, session| now.duration_since(session.used) < IDLE);
    }
}

#[cfg(test)]
mod tests {
    use super::super::seals::Seals;
    use super::*;

    #[test]
    fn a_session_ends_when_it_is_not_used() {
        let seals = Seals::new().expect("chance");
        let (mut sessions, mut now) = (Sessions::default(), Instant::now());
        let (used, idle) = (seals.seal("used"), seals.seal("idle"));
        sessions.begin(used, now);
        sessions.begin(idle, now);
        let onlooker = sessions.use_it(&idle, now).expect("begun");
        for _ in 0..2 {
            now += Duration::from_secs(11 * 3_600);
            assert!(sessions.use_it(&used, now).is_some());
        }
        assert!(onlooker.has_changed().is_err(), "it is told");
        assert!(sessions.use_it(&idle, now).is_none());
        now += IDLE;
        assert!(sessions.use_it(&used, now).is_none());
        assert!(sessions.use_it(&seals.seal("other"), now).is_none());
    }

    #[test]
    fn logging_out_ends_one_and_there_are_not_too_many() {
        let seals = Seals::new().expect("chance");
        let (mut sessions, start) = (Sessions::default(), Instant::now());
        let id = |number: u64| seals.seal(&number.to_string());
        for number in 0..300 {
            sessions.begin(id(number), start + Duration::from_secs(number));
            assert!(sessions.use_it(&id(0), start + Duration::from_secs(number)).is_some());
        }
        assert_eq!(sessions.0.len(), MOST);
        let now = start + Duration::from_secs(300);
        assert!(sessions.use_it(&id(1), now).is_none(), "not used for the longest time");
        let onlooker = sessions.use_it(&id(0), now).expect("used");
        sessions.end(&id(0));
        assert!(onlooker.has_changed().is_err());
        assert!(sessions.use_it(&id(0), now).is_none());
        assert!(sessions.use_it(&id(299), now).is_some());
    }
}
