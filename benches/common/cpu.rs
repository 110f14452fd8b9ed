//! Processes pinned to a core, and the CPU time that they took.

use std::fs;
use std::process::{Command, Output};

/// Clock ticks a second in `/proc`, on every Linux.
const TICKS: f64 = 100.0;

/// A command that runs on one core.
pub trait Pinned {
    /// The command, by `taskset`.
    fn pinned(core: usize, program: &str) -> Command;
}

impl Pinned for Command {
    fn pinned(core: usize, program: &str) -> Command {
        let mut command = Self::new("taskset");
        command.args(["-c", &core.to_string(), program]);
        command
    }
}

/// Runs a command to its end. Returns its output and the CPU seconds that it took, in user code and in the kernel.
pub fn measured(command: &mut Command) -> (Output, f64) {
    let before = of_children();
    let output = command.output().expect("runs");
    let seconds = of_children() - before;
    assert!(output.status.success(), "{command:?} failed: {}", text(&output.stderr));
    (output, seconds)
}

/// Output as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// CPU seconds of all children that have ended: fields 16 and 17 of proc(5)'s `stat`.
fn of_children() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("this is Linux");
    // The second field, the name, may have spaces; the third stands behind its parenthesis.
    let (_, rest) = stat.rsplit_once(')').expect("the format of proc(5)");
    let fields = rest.split_whitespace().skip(13).take(2);
    fields.map(|ticks| ticks.parse::<f64>().expect("a number") / TICKS).sum()
}
