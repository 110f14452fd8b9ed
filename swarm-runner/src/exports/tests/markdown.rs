//! The summary in Markdown, read by a parser of GitHub's Markdown.

use crate::exports::markdown::text;
use crate::sample_report::report;
use proptest::prelude::*;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// What a reader sees: paragraphs and list items, and tables by their headings.
#[derive(Default)]
struct Page {
    title: String,
    lines: Vec<String>,
    tables: Vec<(String, Vec<Vec<String>>)>,
}

impl Page {
    fn rows(&self, title: &str) -> &[Vec<String>] {
        let found = self.tables.iter().find(|(known, _)| known == title);
        &found.unwrap_or_else(|| panic!("no table {title}")).1
    }
}

fn read(markdown: &str) -> Page {
    let (mut page, mut text, mut heading) = (Page::default(), String::new(), String::new());
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::Table(_)) => page.tables.push((heading.clone(), Vec::new())),
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                page.tables.last_mut().expect("inside a table").1.push(Vec::new());
            }
            Event::Start(
                Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_) | Tag::Emphasis,
            ) => {
                panic!("nothing of ours is one: {markdown}")
            }
            Event::End(TagEnd::TableCell) => {
                let row = page.tables.last_mut().and_then(|(_, rows)| rows.last_mut());
                row.expect("inside a row").push(std::mem::take(&mut text));
            }
            Event::End(TagEnd::Heading(HeadingLevel::H2)) => page.title = std::mem::take(&mut text),
            Event::End(TagEnd::Heading(_)) => heading = std::mem::take(&mut text),
            Event::End(TagEnd::Paragraph | TagEnd::Item) => {
                page.lines.push(std::mem::take(&mut text))
            }
            Event::Text(part) => text.push_str(&part),
            Event::InlineHtml(tag) => assert!(["<code>", "</code>"].contains(&&*tag), "{tag}"),
            Event::Start(_) | Event::End(_) | Event::SoftBreak => {}
            other => panic!("nothing of ours is one: {other:?} in {markdown}"),
        }
    }
    page
}

#[test]
fn the_outcome_and_all_tables_are_there() {
    let mut report = report();
    report.run.spec.host = Some("http://shop.example:8080".to_owned());
    report.outcome.health.reasons = vec!["3 of 10 seconds were bad".to_owned()];
    let page = read(&text(&report));
    assert_eq!(page.title, "❌ Load test failed (exit code 1)");
    let run = &report.run;
    assert_eq!(
        page.lines,
        [
            "10 of 1010 requests failed".to_owned(),
            "The measurement is valid: 3 of 10 seconds were bad.".to_owned(),
            format!(
                "1 user against http://shop.example:8080, measured for 10s, from {}, seed 0.",
                run.started_at
            ),
        ]
    );
    let row = |cells: &str| cells.split(", ").map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(page.rows("Thresholds")[2], row("FAILED, p95 < 250ms over 30s, 950.3ms, 9s, 1m1s"));
    let requests = page.rows("Requests");
    assert_eq!(requests.len(), report.requests.len() + 2);
    assert!(requests.iter().all(|row| row.len() == 10));
    assert!(
        requests
            .contains(&row("POST, /checkout, 10, 10(100.00%), 0.42, 0.42, 0.42, 0.42, 0.42, 1.0"))
    );
    let sum = &requests.last().expect("there")[1..4];
    assert_eq!(sum, ["Aggregated", "1,011", "10(0.99%)"]);
    assert_eq!(page.rows("Failures")[1], row("10, POST, /checkout, 500 Internal Server Error"));
    let exception = "1, Shopper::buy, panicked at src/users.rs:9:5: no wallet";
    assert_eq!(page.rows("Exceptions")[1], row(exception));

    report.outcome.exit_code = 0;
    report.failures.clear();
    let page = read(&text(&report));
    assert_eq!(page.title, "✅ Load test passed (exit code 0)");
    assert!(
        page.tables.iter().all(|(title, _)| title != "Failures"),
        "an empty table says nothing"
    );
}

#[test]
fn of_many_rows_those_that_matter_are_shown() {
    let mut report = report();
    let row = report.requests[0].clone();
    for number in 0..100 {
        let mut row = row.clone();
        row.name = format!("/{number}");
        row.totals.requests = if number % 4 == 0 { 10_000 } else { 1 };
        row.totals.failures = u64::from(number == 99);
        report.requests.push(row);
    }
    report.failures = vec![report.failures[0].clone(); 100];
    let written = text(&report);
    let page = read(&written);
    let names: Vec<&str> = page.rows("Requests").iter().map(|row| row[1].as_str()).collect();
    assert_eq!(names.len(), 1 + 30 + 1);
    let known = ["/checkout", "/0", "/96", "/99", "Aggregated"];
    assert!(known.iter().all(|name| names.contains(name)) && !names.contains(&"/1"), "{names:?}");
    let left = format!(
        "{} rows with fewer failures and requests are left out.",
        report.requests.len() - 30
    );
    assert!(page.lines.contains(&left), "{:?}", page.lines);
    assert_eq!(page.rows("Failures").len(), 31);
    assert!(page.lines.contains(&"70 rows further down are left out.".to_owned()));
    assert!(written.len() < 20_000);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    /// Whatever a name is made of, it stays in its cell and is read back.
    #[test]
    fn any_name_is_read_back(
        name in "(\\PC|[|`\\\\*_<>&~\\[\\]()!#$\\n\\r\\t -]|</code>|<!--|\\*\\*|www\\.|https://){0,40}",
    ) {
        let mut report = report();
        report.requests.truncate(1);
        report.requests[0].name = name.clone();
        report.outcome.reasons = vec![format!("because: {name}.")];
        let shown = |text: &str| match text.chars().nth(200) {
            Some(_) => text.chars().take(200).chain(['…']).collect(),
            None => text.to_owned(),
        };
        let page = read(&text(&report));
        prop_assert_eq!(page.rows("Requests").len(), 3);
        prop_assert_eq!(&page.rows("Requests")[1][1], &shown(&name));
        prop_assert_eq!(&page.lines[0], &shown(&format!("because: {name}.")));
    }
}
