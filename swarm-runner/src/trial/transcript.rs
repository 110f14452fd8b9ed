//! What a user does, as it is printed: in colour on a terminal, plain elsewhere.

use anstyle::{AnsiColor, Style};
use axum::http::StatusCode;
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Duration;
use swarm_core::judge::{Ending, Outcome, exit_code};
use swarm_core::testing::{Answer, Body, Exchange, Moment, Recorded, Tried};

const HEADING: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();
const SENT: Style = AnsiColor::Cyan.on_default();
const GOOD: Style = AnsiColor::Green.on_default();
const MOVED: Style = AnsiColor::Yellow.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();

/// So much of a body is printed.
const LONGEST_BODY: (usize, usize) = (2_000, 40);

/// Prints moments.
pub(super) struct Transcript {
    /// `on_start` or `on_stop`, which most classes and sets lack: shown with the first that happens in it.
    pending: Option<String>,
}

impl Transcript {
    /// Of a user of this class.
    pub(super) fn new(class: &str, host: Option<&str>) -> Self {
        let host = host.map(|host| format!(" on {host}")).unwrap_or_default();
        print(&format!("{HEADING}{class}{HEADING:#}{}\n", clean(&host)));
        Self { pending: None }
    }

    pub(super) fn show(&mut self, moment: &Moment) {
        let is_edge = |what: &String| what.ends_with("on_start") || what.ends_with("on_stop");
        if let Moment::Begins(what) = moment
            && is_edge(what)
        {
            self.pending = Some(what.clone());
            return;
        }
        let before = match moment {
            // Nothing happened in it.
            Moment::Begins(_) => {
                self.pending = None;
                None
            }
            _ => self.pending.take(),
        };
        let before = before.map(|what| heading(&what)).unwrap_or_default();
        print(&format!("{before}{}", text(moment)));
    }
}

/// Prints how it ended.
pub(super) fn close(tried: &Tried, outcome: &Outcome) {
    let (style, verdict) = match outcome.exit_code {
        exit_code::PASSED => (GOOD, "passed"),
        _ => (BAD, "failed"),
    };
    let why = match &tried.ending {
        Ending::IterationsDone | Ending::CouldNotStart { .. } => String::new(),
        why => format!("; ended because {why}"),
    };
    let reasons = clean(&outcome.reasons.join("; "));
    let code = outcome.exit_code;
    print(&format!("\n{style}{verdict}{style:#}: {reasons}{why} (exit code {code})\n"));
}

/// A reader that has gone away is no error.
fn print(text: &str) {
    let _ = anstream::stdout().write_all(text.as_bytes());
}

fn heading(what: &str) -> String {
    format!("\n{HEADING}{}{HEADING:#}\n", clean(what))
}

fn text(moment: &Moment) -> String {
    match moment {
        Moment::Begins(what) => heading(what),
        Moment::Sample(sample) => {
            let exchanges: String = sample.exchanges.iter().map(exchange).collect();
            exchanges + &summary(sample)
        }
        Moment::Exception(exception) => {
            format!("  {BAD}! {}{BAD:#}\n", clean(&exception.to_string()))
        }
        Moment::TaskEnds(task) => {
            let (style, how) = if task.failed { (BAD, "failed") } else { (QUIET, "done") };
            let time = millis(task.duration);
            format!("  {style}{} {how} in {time}{style:#}\n", clean(&task.name))
        }
    }
}

fn exchange(Exchange { method, url, headers, body, answer }: &Exchange) -> String {
    let mut out = format!("  {SENT}> {method} {}{SENT:#}\n", clean(url));
    message(&mut out, '>', headers, body);
    match answer {
        Some(Answer { status, headers, body }) => {
            let style = match status {
                ..300 => GOOD,
                300..400 => MOVED,
                400.. => BAD,
            };
            let _ = writeln!(out, "  {style}< {}{style:#}", name_of(*status));
            message(&mut out, '<', headers, body);
        }
        None => {
            let _ = writeln!(out, "  {BAD}< no answer{BAD:#}");
        }
    }
    out
}

/// `200 OK`.
fn name_of(status: u16) -> String {
    let known = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    format!("{status} {}", known.unwrap_or_default()).trim_end().to_owned()
}

fn message(out: &mut String, mark: char, headers: &[(String, String)], body: &Body) {
    for (name, value) in headers {
        let _ = writeln!(out, "  {QUIET}{mark} {name}: {}{QUIET:#}", clean(value));
    }
    let lines = match body {
        Body::Empty => return,
        Body::Text { begins, size } => beginning(begins, *size),
        Body::Binary { size } => vec![note(&format!("{size} bytes, no text"))],
        Body::Secret => vec![note("a login's body is not shown")],
        Body::Unseen => vec![note("its body was not kept")],
    };
    let _ = writeln!(out, "  {QUIET}{mark}{QUIET:#}");
    for line in lines {
        let space = if line.is_empty() { "" } else { " " };
        let _ = writeln!(out, "  {QUIET}{mark}{QUIET:#}{space}{line}");
    }
}

/// The first lines of a text.
fn beginning(begins: &str, size: u64) -> Vec<String> {
    let (bytes, most) = LONGEST_BODY;
    let shown = &begins[..begins.floor_char_boundary(bytes)];
    let mut lines: Vec<String> = shown.lines().take(most).map(clean).collect();
    if shown.len() < begins.len() || shown.lines().count() > most {
        lines.push(note(&format!("{size} bytes in all")));
    }
    lines
}

fn note(what: &str) -> String {
    format!("{QUIET}({what}){QUIET:#}")
}

/// What is recorded of a request.
fn summary(sample: &Recorded) -> String {
    let style = match (&sample.error, sample.interrupted) {
        (Some(_), _) => BAD,
        (None, true) => MOVED,
        (None, false) => GOOD,
    };
    let phases = &sample.phases;
    let phases = [
        ("dns", phases.dns),
        ("connect", phases.connect),
        ("tls", phases.tls),
        ("first byte", phases.first_byte),
        ("body", phases.body),
    ];
    let phases = phases.into_iter().filter_map(|(name, time)| Some((name, time?)));
    let mut details: Vec<String> =
        phases.map(|(name, time)| format!("{name} {}", millis(time))).collect();
    if !sample.exchanges.is_empty() && sample.error.is_none() {
        details.push(format!("{} bytes", sample.bytes));
    }
    let details = match details.as_slice() {
        [] => String::new(),
        details => format!(" {QUIET}({}){QUIET:#}", details.join(", ")),
    };
    format!("  {style}= {}{style:#}{details}\n", clean(&sample.to_string()))
}

fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1_000.0)
}

/// What a server sends must not command the terminal.
fn clean(text: &str) -> String {
    let shown = |letter: char| match letter {
        '\t' => '\t',
        letter if letter.is_control() => char::REPLACEMENT_CHARACTER,
        letter => letter,
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use anstream::adapter::strip_str;
    use swarm_core::stats::{Kind, Phases};
    use swarm_core::testing::{Exception, TaskEnd};

    fn text_body(begins: &str, size: u64) -> Body {
        Body::Text { begins: begins.to_owned(), size }
    }

    fn exchange(url: &str, body: Body, answer: Option<(u16, Body)>) -> Exchange {
        let headers = vec![("cookie".to_owned(), "***".to_owned())];
        let kind = vec![("x-kind".to_owned(), "\u{1b}[31mred".to_owned())];
        Exchange {
            method: "PUT".to_owned(),
            url: url.to_owned(),
            headers,
            body,
            answer: answer.map(|(status, body)| Answer { status, headers: kind, body }),
        }
    }

    fn sample(kind: Kind, error: Option<&str>, exchanges: Vec<Exchange>) -> Moment {
        let micros = Duration::from_micros;
        let phases = Phases { connect: Some(micros(70)), ..Phases::default() };
        Moment::Sample(Recorded {
            kind,
            method: "PUT".to_owned(),
            name: "/item/{id}".to_owned(),
            response_time: micros(12_345),
            phases,
            bytes: 5,
            status: Some(200),
            error: error.map(str::to_owned),
            interrupted: false,
            exchanges,
        })
    }

    #[test]
    fn moments_are_printed_as_they_are_read() {
        let long = format!("{}\n\n{}", "many words ".repeat(3), "ä".repeat(1_000));
        let led_on = exchange("http://a/1", text_body("[1]", 3), Some((302, Body::Empty)));
        let led_to = exchange("http://a/2", Body::Empty, Some((200, text_body(&long, 2_035))));
        let mute = exchange("http://a/3", Body::Binary { size: 9 }, None);
        let login = exchange("http://a/4", Body::Secret, Some((599, Body::Unseen)));
        let moments = [
            Moment::Begins("buy".to_owned()),
            sample(Kind::Http, None, vec![led_on, led_to]),
            sample(Kind::Http, Some("connection reset"), vec![mute]),
            sample(Kind::Auth, Some("599"), vec![login]),
            sample(Kind::Probe, None, Vec::new()),
            Moment::Exception(Exception { task: "buy".to_owned(), message: "a\u{7}b".to_owned() }),
            Moment::TaskEnds(TaskEnd {
                name: "buy".to_owned(),
                duration: Duration::from_millis(20),
                failed: true,
            }),
        ];
        let text: String = moments.iter().map(text).collect();
        assert!(text.contains("\u{1b}[") && !text.contains("\u{1b}[31mred"));
        insta::assert_snapshot!(strip_str(&text).to_string());
    }

    #[test]
    fn a_body_of_many_lines_is_cut() {
        let lines = beginning(&"x\n".repeat(100), 200);
        assert_eq!(lines.len(), 41);
        assert!(lines[40].contains("200 bytes in all"));
        assert_eq!(beginning(&"x\n".repeat(40), 80).len(), 40, "whole");
    }
}
