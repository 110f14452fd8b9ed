//! Standard error while a run goes on: a live picture on a terminal, plain lines elsewhere.

use super::progress::{line, picture};
use super::tables::requests;
use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _, stderr};
use std::time::Duration;
use swarm_core::engine::Snapshot;

/// How often a line is written where there is no terminal.
const EVERY: Duration = Duration::from_secs(5);

/// Shows progress.
pub(crate) struct Screen {
    mode: Mode,
    run_time: Option<Duration>,
    /// Lines of the picture that stands on the terminal.
    drawn: usize,
    next_line: Duration,
}

enum Mode {
    Silent,
    Lines {
        /// Whether the table of requests stands below each line.
        with_table: bool,
    },
    Picture,
}

impl Screen {
    /// A screen for a run of this length; silent if only the summary is wanted.
    pub(crate) fn new(run_time: Option<Duration>, silent: bool, with_table: bool) -> Self {
        let mode = match (silent, stderr().is_terminal()) {
            (true, _) => Mode::Silent,
            (false, true) => Mode::Picture,
            (false, false) => Mode::Lines { with_table },
        };
        Self { mode, run_time, drawn: 0, next_line: Duration::ZERO }
    }

    /// Shows how far the run is.
    pub(crate) fn show(&mut self, snapshot: &Snapshot) {
        match self.mode {
            Mode::Silent => {}
            Mode::Lines { with_table } if snapshot.elapsed >= self.next_line => {
                self.next_line = snapshot.elapsed + EVERY - Duration::from_millis(500);
                say(&line(snapshot, self.run_time));
                if let (true, Some(report)) = (with_table, &snapshot.report) {
                    say(&requests(report));
                }
            }
            Mode::Lines { .. } => {}
            Mode::Picture => self.draw(snapshot),
        }
    }

    /// Writes a line of its own, above the picture.
    pub(crate) fn tell(&mut self, text: &str) {
        if !matches!(self.mode, Mode::Silent) {
            self.clear();
            say(text);
        }
    }

    /// Writes a line that user code logged, also when only the summary is wanted.
    pub(crate) fn log(&mut self, line: &str) {
        self.clear();
        say(line);
    }

    /// Takes the picture away.
    pub(crate) fn clear(&mut self) {
        if self.drawn > 0 {
            // Up to its first line, and everything below away.
            let _ = write!(stderr(), "\x1b[{}A\x1b[J", self.drawn);
            self.drawn = 0;
        }
    }

    fn draw(&mut self, snapshot: &Snapshot) {
        let size = terminal_size::terminal_size_of(stderr());
        let size = size.map_or((80, 24), |(width, height)| (width.0.into(), height.0.into()));
        let lines = picture(snapshot, self.run_time, size);
        let mut text = String::new();
        if self.drawn > 0 {
            let _ = write!(text, "\x1b[{}A", self.drawn);
        }
        for line in &lines {
            text.push_str(line);
            text.push_str("\x1b[K\n");
        }
        text.push_str("\x1b[J");
        self.drawn = lines.len();
        // One write, so that nothing flickers.
        let _ = stderr().write_all(text.as_bytes());
    }
}

fn say(text: &str) {
    let _ = writeln!(stderr(), "{text}");
}
