//! What people call a run, and what they note about it.

/// Most letters of a name.
pub const LONGEST_NAME: usize = 100;
/// Most letters of notes.
pub const LONGEST_NOTES: usize = 4_000;

/// The name of a run without blanks around it: one line of 100 letters at most.
///
/// # Errors
///
/// What is wrong with it.
///
/// ```
/// use swarm_core::plan::run_name;
///
/// assert_eq!(run_name(" before the cache ")?, "before the cache");
/// assert!(run_name("").is_err() && run_name("two\nlines").is_err());
/// # Ok::<(), String>(())
/// ```
pub fn run_name(text: &str) -> Result<String, String> {
    checked(text, "name", LONGEST_NAME, |letter| letter.is_control())
}

/// Notes on a run without blanks around them: 4,000 letters at most, with line breaks and tabs.
///
/// # Errors
///
/// What is wrong with them.
pub fn run_notes(text: &str) -> Result<String, String> {
    let text = text.replace("\r\n", "\n");
    checked(&text, "notes", LONGEST_NOTES, |letter| {
        letter.is_control() && !matches!(letter, '\n' | '\t')
    })
}

fn checked(
    text: &str,
    what: &str,
    longest: usize,
    wrong: fn(char) -> bool,
) -> Result<String, String> {
    let text = text.trim();
    let letters = text.chars().count();
    if letters == 0 {
        Err(format!("the {what} of a run can't be empty"))
    } else if letters > longest {
        Err(format!("the {what} of a run may have {longest} letters, not {letters}"))
    } else if text.chars().any(wrong) {
        Err(format!("the {what} of a run can't have control characters"))
    } else {
        Ok(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_a_line_and_notes_may_be_more() {
        assert_eq!(run_name(&"ö".repeat(100)).map(|name| name.chars().count()), Ok(100));
        assert!(run_name(&"ö".repeat(101)).unwrap_err().contains("100 letters, not 101"));
        for wrong in ["", " \n", "a\tb", "a\u{1b}[31m"] {
            assert!(run_name(wrong).is_err(), "{wrong:?}");
        }
        assert_eq!(run_notes("\na\r\n\tb\n"), Ok("a\n\tb".to_owned()));
        assert!(run_notes(&"x".repeat(4_001)).is_err() && run_notes("a\0").is_err());
    }
}
