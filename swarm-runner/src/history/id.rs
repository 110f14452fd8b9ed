//! What names a kept run, and its file.

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::str::FromStr;
use swarm_core::clock::Timestamp;

const BEFORE: &str = "run-";
const BEHIND: &str = ".json.gz";
/// What stands there until it is whole: what `output::part_of` makes of it.
const PART: &str = ".json.part";

/// The name of a kept run: when it started (in UTC), and six digits by chance, as `20261125-214046-3f9a1c`. Later runs have greater ones.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Id(String);

impl Id {
    /// One for a run that started then; by chance another one at each call.
    pub(super) fn draw(started: Timestamp) -> Self {
        let digits = started.to_string();
        let digits: String = digits.chars().filter(char::is_ascii_digit).take(14).collect();
        let (day, time) = digits.split_at(digits.len().min(8));
        let chance = RandomState::new().hash_one(0) & 0xff_ffff;
        Self(format!("{day}-{time}-{chance:06x}"))
    }

    /// The one whose file has this name, if it is such a file.
    pub(super) fn of_file(name: &str) -> Option<Self> {
        name.strip_prefix(BEFORE)?.strip_suffix(BEHIND)?.parse().ok()
    }

    /// Whether a file of this name is to become one.
    pub(super) fn is_part(name: &str) -> bool {
        let id = name.strip_prefix(BEFORE).and_then(|name| name.strip_suffix(PART));
        id.is_some_and(|id| id.parse::<Self>().is_ok())
    }

    /// Name of its file.
    pub(super) fn file(&self) -> String {
        format!("{BEFORE}{self}{BEHIND}")
    }
}

impl FromStr for Id {
    type Err = String;

    /// Nothing that is accepted can lead out of a folder.
    fn from_str(text: &str) -> Result<Self, String> {
        const PATTERN: &[u8] = b"dddddddd-dddddd-hhhhhh";
        let fits = |(letter, pattern): (u8, &u8)| match pattern {
            b'd' => letter.is_ascii_digit(),
            b'h' => matches!(letter, b'0'..=b'9' | b'a'..=b'f'),
            other => letter == *other,
        };
        match text.len() == PATTERN.len() && text.bytes().zip(PATTERN).all(fits) {
            true => Ok(Self(text.to_owned())),
            false => Err("this is no run of the history, as `20261125-214046-3f9a1c`".to_owned()),
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}
