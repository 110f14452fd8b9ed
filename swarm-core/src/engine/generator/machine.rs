//! What the operating system says of this process and its machine; on Linux, elsewhere nothing.

use std::fs;
use std::thread;
use std::time::Duration;
use tokio::time::Instant;

/// Ticks per second in which Linux tells times to programs, on every architecture.
const USER_HZ: f64 = 100.0;

/// Times since some beginning.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Times {
    /// Of the CPU, used by this process, in seconds.
    used: Option<f64>,
    /// Of the CPU, in ticks: taken by other virtual machines, and in all.
    stolen: Option<(f64, f64)>,
    /// For which a container's limit stopped this process.
    throttled: Option<Duration>,
}

/// What was used of the machine since the last time.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Usage {
    /// Part of the CPU that this process used, of all cores that it may use.
    pub(crate) cpu: Option<f64>,
    /// Part of the CPU that other virtual machines took.
    pub(crate) steal: Option<f64>,
    /// How long a container's limit stopped this process.
    pub(crate) throttled: Option<Duration>,
}

/// Asks the operating system.
pub(crate) struct Machine {
    cores: f64,
    at: Instant,
    last: Times,
}

impl Machine {
    /// From now on.
    pub(crate) fn new() -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self { cores: cores as f64, at: Instant::now(), last: Times::now() }
    }

    /// What was used since the last time.
    pub(crate) fn usage(&mut self) -> Usage {
        let (at, now) = (Instant::now(), Times::now());
        let elapsed = (at - std::mem::replace(&mut self.at, at)).as_secs_f64();
        let before = std::mem::replace(&mut self.last, now);
        let between = |now: Option<f64>, before: Option<f64>| Some((now? - before?).max(0.0));
        let ticks = between(now.stolen.map(|it| it.1), before.stolen.map(|it| it.1));
        let stolen = between(now.stolen.map(|it| it.0), before.stolen.map(|it| it.0));
        Usage {
            cpu: between(now.used, before.used).map(|used| used / (elapsed * self.cores).max(1e-9)),
            steal: stolen.zip(ticks).map(|(stolen, all)| stolen / all.max(1.0)),
            throttled: now
                .throttled
                .zip(before.throttled)
                .map(|(now, was)| now.saturating_sub(was)),
        }
    }
}

impl Times {
    fn now() -> Self {
        let read = |path: &str| fs::read_to_string(path).ok();
        let throttled = read("/proc/self/cgroup").and_then(|groups| {
            let own = format!("/sys/fs/cgroup{}/cpu.stat", group(&groups)?);
            // In a container its own group is the root of what it sees.
            throttled(&read(&own).or_else(|| read("/sys/fs/cgroup/cpu.stat"))?)
        });
        Self {
            used: read("/proc/self/stat").and_then(|text| used(&text)),
            stolen: read("/proc/stat").and_then(|text| stolen(&text)),
            throttled,
        }
    }
}

/// Seconds of the CPU in `/proc/self/stat`: its 14th and 15th fields; the second is a name that may hold anything.
fn used(text: &str) -> Option<f64> {
    let mut fields = text.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / USER_HZ)
}

/// Ticks in the first line of `/proc/stat`: the eighth are those that other virtual machines took, and the last two are counted among the first two.
fn stolen(text: &str) -> Option<(f64, f64)> {
    let line = text.lines().next()?.strip_prefix("cpu ")?;
    let ticks: Vec<f64> = line.split_whitespace().map_while(|tick| tick.parse().ok()).collect();
    Some((*ticks.get(7)?, ticks.iter().take(8).sum()))
}

/// The group in `/proc/self/cgroup`, of version 2.
fn group(text: &str) -> Option<&str> {
    let path = text.lines().find_map(|line| line.strip_prefix("0::"))?;
    Some(path.trim_end_matches('/'))
}

/// The time in a group's `cpu.stat`; there is none where the group has no limit.
fn throttled(text: &str) -> Option<Duration> {
    let time = text.lines().find_map(|line| line.strip_prefix("throttled_usec "))?;
    time.trim().parse().ok().map(Duration::from_micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_linux_are_read() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194560 1201 0 3 0 250 50 0 0 20 0 1 0 99 1 2 3";
        assert_eq!(used(stat), Some(3.0));
        let cpu = "cpu  100 0 50 800 10 0 5 35 20 0\ncpu0 1 2 3\n";
        assert_eq!(stolen(cpu), Some((35.0, 1_000.0)));
        assert_eq!(group("1:name=systemd:/x\n0::/user.slice\n"), Some("/user.slice"));
        assert_eq!(group("0::/\n"), Some(""));
        assert_eq!(
            throttled("usage_usec 9\nthrottled_usec 1500\n"),
            Some(Duration::from_micros(1_500))
        );
        for bad in ["", "7 (swarm", "cpu ", "cpu x", "0:"] {
            assert_eq!(
                (used(bad), stolen(bad), group(bad), throttled(bad)),
                (None, None, None, None)
            );
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_uses_some_of_the_cpu() {
        let mut machine = Machine::new();
        let mut sum = 0_u64;
        let usage = loop {
            sum = (0..1_000_000).fold(sum, |sum, number| sum.wrapping_mul(31).wrapping_add(number));
            let usage = machine.usage();
            if usage.cpu.is_some_and(|cpu| cpu > 0.0) {
                break usage;
            }
        };
        assert!(usage.steal.is_some_and(|steal| (0.0..=1.0).contains(&steal)), "{usage:?} {sum}");
    }
}
