//! The options of what is observed of the target while a run goes on: by a Prometheus, or what speaks its language.

use crate::hidden::Hidden;
use clap::{ArgAction, Args};

/// Who is asked, and what.
#[derive(Debug, Clone, Args)]
pub(crate) struct ObserveOptions {
    /// Show what this Prometheus measures beside the figures.
    #[arg(long, value_name = "URL", help_heading = "Observation")]
    pub(crate) observe: Option<Hidden>,

    /// A question (one or more), as 'CPU=rate(cpu_seconds[30s])'.
    #[arg(long, value_name = "NAME=PROMQL", value_parser = queries, action = ArgAction::Append, help_heading = "Observation")]
    pub(crate) observe_query: Vec<Vec<Query>>,

    /// A header of these requests, as 'Authorization: Bearer TOKEN'.
    #[arg(long, value_name = "HEADER", action = ArgAction::Append, help_heading = "Observation")]
    pub(crate) observe_header: Vec<Hidden>,
}

/// A question, and what its answers are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Query {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// One in each line, because a query has commas. What is behind the first `=` is the query.
fn queries(text: &str) -> Result<Vec<Query>, String> {
    text.lines().filter(|line| !line.trim().is_empty()).map(query).collect()
}

fn query(line: &str) -> Result<Query, String> {
    let how = || format!("write a name and a query, as 'CPU=rate(cpu_seconds[30s])', not `{line}`");
    let (name, text) = line.split_once('=').ok_or_else(how)?;
    let (name, text) = (name.trim(), text.trim());
    // Then the name was forgotten, and that is an `=` of the query.
    let is_query = name.contains(['{', '"']) || name.ends_with(['<', '>', '!']);
    if name.is_empty() || text.is_empty() || is_query || text.starts_with(['=', '~']) {
        return Err(how());
    }
    if name.chars().count() > 100 {
        return Err("a name of a query has at most 100 characters".to_owned());
    }
    Ok(Query { name: name.to_owned(), text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_equals_sign_ends_the_name_and_each_line_is_a_query() {
        let query = |name: &str, text: &str| Query { name: name.to_owned(), text: text.to_owned() };
        let lines =
            "\nCPU (%) = 100 * avg(rate(cpu{mode!=\"idle\", job=\"db\"}[1m]))\nup=up == 1\n";
        let expected = [
            query("CPU (%)", "100 * avg(rate(cpu{mode!=\"idle\", job=\"db\"}[1m]))"),
            query("up", "up == 1"),
        ];
        assert_eq!(queries(lines).expect("valid"), expected);
        assert_eq!(queries(" \n"), Ok(Vec::new()));
        let long = format!("{}=up", "x".repeat(101));
        for wrong in ["up", "=up", "up=", "up{job=\"a\"}", "up == 1", "up != 1", "up >= 1", &*long]
        {
            assert!(queries(wrong).is_err(), "{wrong}");
        }
    }
}
