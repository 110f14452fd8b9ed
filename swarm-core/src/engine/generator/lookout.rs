//! Finding tasks that keep their thread: from another thread, while they do.

use crate::context::{Doing, Pulse};
use crate::plan::TaskFilter;
use crate::user::{Selection, UserClass};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How often it looks.
pub(crate) const INTERVAL: Duration = Duration::from_millis(10);
/// What runs for longer without a pause blocks its thread. A thread that the system does not let run for a while looks the same, but seldom for so long.
const LIMIT: Duration = Duration::from_millis(50);

/// Looks at all shards.
pub(crate) struct Lookout {
    pulses: Vec<Arc<Pulse>>,
    seen: Vec<Option<Seen>>,
    names: Vec<(&'static str, Vec<String>)>,
    last: Instant,
}

/// What a shard was doing.
#[derive(Clone, Copy)]
struct Seen {
    doing: Doing,
    since: Instant,
    until: Instant,
}

/// A task that kept its thread.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Blocked {
    pub(crate) class: &'static str,
    pub(crate) task: String,
    pub(crate) time: Duration,
}

impl Lookout {
    /// At shards with these pulses, which run users of these classes.
    pub(crate) fn new(
        pulses: Vec<Arc<Pulse>>,
        classes: &[&'static UserClass],
        filter: &TaskFilter,
    ) -> Self {
        let names = |class: &&'static UserClass| {
            let tasks = Selection::new(&class.list, filter);
            (class.name, tasks.names().into_iter().map(str::to_owned).collect())
        };
        Self {
            seen: vec![None; pulses.len()],
            names: classes.iter().map(names).collect(),
            pulses,
            last: Instant::now(),
        }
    }

    /// Looks again. Returns the tasks that have let go of their thread since the last time.
    pub(crate) fn look(&mut self) -> Vec<Blocked> {
        let now = Instant::now();
        // Who was held up itself can't tell how long others were.
        let punctual = now - std::mem::replace(&mut self.last, now) < LIMIT;
        let mut ended = Vec::new();
        for (shard, pulse) in self.pulses.iter().enumerate() {
            let doing = pulse.doing();
            match &mut self.seen[shard] {
                Some(seen) if doing == Some(seen.doing) && punctual => seen.until = now,
                seen => {
                    let before = std::mem::replace(
                        seen,
                        doing.map(|doing| Seen { doing, since: now, until: now }),
                    );
                    ended.extend(before);
                }
            }
        }
        ended.into_iter().filter_map(|seen| self.blocked(seen)).collect()
    }

    /// The tasks that keep their thread now.
    pub(crate) fn blocking(&self) -> Vec<Blocked> {
        self.seen.iter().flatten().filter_map(|seen| self.blocked(*seen)).collect()
    }

    fn blocked(&self, seen: Seen) -> Option<Blocked> {
        let time = seen.until - seen.since;
        let (class, tasks) = self.names.get(seen.doing.class as usize).filter(|_| time >= LIMIT)?;
        let task = (seen.doing.task as usize).checked_sub(1);
        let task = task.map_or("on_start or on_stop", |task| &tasks[task]);
        Some(Blocked { class, task: task.to_owned(), time })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;
    use crate::user::Registry;
    use tokio::time::advance;

    #[user]
    struct Blocker;

    #[tasks]
    impl Blocker {
        #[task]
        fn think(&mut self) {}

        #[task_set]
        fn inside(&mut self) -> Inside {
            Inside
        }
    }

    #[task_set]
    struct Inside;

    #[tasks]
    impl Inside {
        #[task]
        fn dream(&mut self) {}
    }

    #[tokio::test(start_paused = true)]
    async fn what_runs_without_a_pause_is_named_when_it_has_ended() {
        let pulses = [Arc::<Pulse>::default(), Arc::default()];
        let class = Registry::find().expect("no duplicates").class("Blocker").expect("declared");
        let mut lookout = Lookout::new(pulses.to_vec(), &[class], &TaskFilter::default());
        let mut told = Vec::new();
        for tick in 0..40_u64 {
            match tick {
                // Seen from 20 to 100 ms.
                2 => pulses[0].begin(0, 3),
                // Short runs of the same task are no long one.
                3..=9 => {
                    pulses[1].begin(0, 1);
                }
                10 => pulses.iter().for_each(|pulse| pulse.end()),
                20 => pulses[1].begin(0, 0),
                _ => {}
            }
            advance(INTERVAL).await;
            told.extend(lookout.look());
        }
        let dream =
            Blocked { class: "Blocker", task: "inside::dream".to_owned(), time: 7 * INTERVAL };
        assert_eq!(told, [dream]);
        let now = lookout.blocking();
        assert_eq!((now.len(), &*now[0].task), (1, "on_start or on_stop"));
        advance(10 * LIMIT).await;
        let late = lookout.look();
        assert_eq!(late, now, "nothing is said of the time in which it could not look");
    }
}
