//! Reading thresholds, with errors that point at the character.

use super::value::{Comparison, Measure, Subject, Threshold};
use crate::duration;
use crate::misread::Misread;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::str::FromStr;
use std::time::Duration;

/// Response times are not told apart above this.
const LONGEST_TIME: Duration = Duration::from_secs(3_600);
/// The figures of each second of a window are kept.
const LONGEST_WINDOW: Duration = Duration::from_secs(600);
const MEASURES: &str =
    "a measure: `p95` (or another percentile), `mean`, `median`, `max`, `failures` or `rps`";
const COMPARISONS: &str = "a comparison: `<`, `<=`, `>` or `>=`";

/// Reads thresholds that commas separate: `p95 < 250ms, failures < 1%`.
///
/// # Errors
///
/// The first place where the text is not what the [grammar](super) says.
pub fn parse_list(text: &str) -> Result<Vec<Threshold>, Misread> {
    let mut from = Parser { text, at: 0 };
    let mut list = Vec::new();
    loop {
        let threshold = from.threshold()?;
        if !from.eat(",") {
            from.end(&threshold, &["`,`"])?;
            list.push(threshold);
            return Ok(list);
        }
        list.push(threshold);
    }
}

impl FromStr for Threshold {
    type Err = Misread;

    fn from_str(text: &str) -> Result<Self, Misread> {
        let mut from = Parser { text, at: 0 };
        let threshold = from.threshold()?;
        from.end(&threshold, &[])?;
        Ok(threshold)
    }
}

impl Serialize for Threshold {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Threshold {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn threshold(&mut self) -> Result<Threshold, Misread> {
        let measure = self.measure()?;
        let subject = self.subject()?;
        let comparison = self.comparison(&subject)?;
        let bound = match measure {
            Measure::Percentile(_) | Measure::Mean => self.time()?,
            Measure::Failures => self.percentage()?,
            Measure::Rps => self.number("a number per second, as in `200`")?,
        };
        let over = if self.eat("over") { Some(self.window()?) } else { None };
        let abort = self.eat("abort");
        Ok(Threshold { measure, subject, comparison, bound, over, abort })
    }

    fn measure(&mut self) -> Result<Measure, Misread> {
        let (start, word) = self.word();
        match word {
            "mean" => Ok(Measure::Mean),
            "median" => Ok(Measure::Percentile(50.0)),
            "max" => Ok(Measure::Percentile(100.0)),
            "failures" => Ok(Measure::Failures),
            "rps" => Ok(Measure::Rps),
            _ => {
                let digits = word.strip_prefix('p').filter(|rest| rest.starts_with(is_digit));
                let Some(digits) = digits else { return self.expected(start, MEASURES) };
                let percent = number(digits).filter(|percent| *percent <= 100.0);
                let wanted = "a percentile from `p0` to `p100`, as `p95` or `p99.9`";
                percent
                    .map_or_else(|| self.expected(start, wanted), |it| Ok(Measure::Percentile(it)))
            }
        }
    }

    fn subject(&mut self) -> Result<Subject, Misread> {
        if !self.eat("(") {
            return Ok(Subject::All);
        }
        if !self.eat("\"") {
            return self.expected(self.at, "a name in double quotes, as in `(\"GET /\")`");
        }
        let start = self.at;
        let name = self.quoted()?;
        if !self.eat(")") {
            return self.expected(self.at, "`)`");
        }
        let parts = name.split_once(' ').or_else(|| name.split_once("::"));
        match parts {
            Some(("", _) | (_, "")) => {}
            Some((method, rest)) if name.contains(' ') => {
                return Ok(Subject::request(method, rest));
            }
            Some((class, task)) => return Ok(Subject::task(class, task)),
            None if name.is_empty() => {}
            None => return Ok(Subject::Class(name)),
        }
        self.expected(
            start,
            "a request as `GET /`, a task as `Shopper::buy`, or a class as `Shopper`",
        )
    }

    /// What stands before the next double quote, which is taken too.
    fn quoted(&mut self) -> Result<String, Misread> {
        let mut name = String::new();
        loop {
            match self.next() {
                Some('"') => return Ok(name),
                Some('\\') => match self.rest().chars().next() {
                    Some('"' | '\\') => name.extend(self.next()),
                    _ => return self.expected(self.at, r#"`"` or `\` after `\`"#),
                },
                Some(other) => name.push(other),
                None => return self.expected(self.at, "`\"` after the name"),
            }
        }
    }

    fn comparison(&mut self, subject: &Subject) -> Result<Comparison, Misread> {
        let known = [
            ("<=", Comparison::AtMost),
            ("<", Comparison::Below),
            (">=", Comparison::AtLeast),
            (">", Comparison::Above),
        ];
        match known.into_iter().find(|(sign, _)| self.eat(sign)) {
            Some((_, comparison)) => Ok(comparison),
            None if *subject == Subject::All => {
                self.expected(self.at, &format!("{COMPARISONS}, or a name as in `(\"GET /\")`"))
            }
            None => self.expected(self.at, COMPARISONS),
        }
    }

    /// A bound of a response time, in milliseconds.
    fn time(&mut self) -> Result<f64, Misread> {
        let (start, word) = self.word();
        if !word.is_empty() && word.ends_with(is_digit) && number(word).is_some() {
            return self.expected(self.at, "a unit, as in `250ms` or `1.5s`");
        }
        match duration::parse(word) {
            Ok(time) if word.starts_with(is_digit) && time <= LONGEST_TIME => {
                Ok(time.as_nanos() as f64 / 1e6)
            }
            _ => self.expected(start, "a time of at most `1h`, as `250ms` or `1.5s`"),
        }
    }

    fn percentage(&mut self) -> Result<f64, Misread> {
        self.space();
        let start = self.at;
        let percent = self.number("a percentage, as in `1%`")?;
        if percent > 100.0 {
            return self.expected(start, "a percentage of at most `100%`");
        }
        if self.eat("%") { Ok(percent) } else { self.expected(self.at, "`%`, as in `1%`") }
    }

    fn number(&mut self, wanted: &str) -> Result<f64, Misread> {
        self.space();
        let start = self.at;
        let digits = self.take(|c| is_digit(c) || c == '.');
        number(digits).map_or_else(|| self.expected(start, wanted), Ok)
    }

    fn window(&mut self) -> Result<Duration, Misread> {
        let (start, word) = self.word();
        let window = duration::parse(word).ok().filter(|_| word.starts_with(is_digit));
        let fits = |window: &Duration| window.subsec_nanos() == 0 && !window.is_zero();
        let window = window.filter(fits).filter(|window| *window <= LONGEST_WINDOW);
        let wanted = "a window of whole seconds and at most `10m`, as `30s`";
        window.map_or_else(|| self.expected(start, wanted), Ok)
    }

    /// Checks that nothing comes after the last threshold, where one of these might.
    fn end(&mut self, last: &Threshold, others: &[&str]) -> Result<(), Misread> {
        self.space();
        let words: &[&str] = match last {
            _ if self.rest().is_empty() => return Ok(()),
            Threshold { abort: true, .. } => &[],
            Threshold { over: Some(_), .. } => &["`abort`"],
            _ => &["`over`", "`abort`"],
        };
        match [words, others].concat().join(", ") {
            none if none.is_empty() => self.expected(self.at, "the end"),
            some => self.expected(self.at, &format!("{some} or the end")),
        }
    }

    fn expected<T>(&self, at: usize, what: &str) -> Result<T, Misread> {
        Err(Misread::new(self.text, at, format!("expected {what}")))
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn space(&mut self) {
        self.take(char::is_whitespace);
    }

    /// Takes what comes next as long as it is of a sort.
    fn take(&mut self, of: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !of(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// Takes the next letters, digits and points. Says where they begin too.
    fn word(&mut self) -> (usize, &'a str) {
        self.space();
        (self.at, self.take(|c| c.is_ascii_alphanumeric() || c == '.'))
    }

    /// Takes this token, if it comes next.
    fn eat(&mut self, token: &str) -> bool {
        self.space();
        let found = self.rest().starts_with(token);
        self.at += if found { token.len() } else { 0 };
        found
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest().chars().next()?;
        self.at += next.len_utf8();
        Some(next)
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// A number without a sign and without an exponent.
fn number(digits: &str) -> Option<f64> {
    let plain = digits.starts_with(is_digit) && digits.ends_with(is_digit);
    digits.parse().ok().filter(|number: &f64| plain && number.is_finite())
}
