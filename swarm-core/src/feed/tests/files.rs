//! What is read from files and code, and what is said of what is bad.

use crate::error::TaskError;
use crate::feed::declaration::{FeedDeclaration, FileRow, Source};
use crate::feed::order::Order;
use crate::feed::table::Table;
use crate::settings::Secret;
use proptest::prelude::*;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use std::fs;

#[derive(Debug, PartialEq, Deserialize)]
struct Person {
    name: String,
    age: Option<u8>,
}

/// Loads a file of this name that has these bytes. The errors begin with its name.
fn load<T: FileRow>(name: &'static str, bytes: &[u8]) -> Result<Table<T>, String> {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(name), bytes).expect("written");
    let feed = FeedDeclaration { name: "T", order: Order::Circular, source: Source::file(name) };
    let prefix = format!("{}/", folder.path().display());
    Table::load(&feed, Some(folder.path())).map_err(|error| error.replace(&prefix, ""))
}

fn rows<T: FileRow>(name: &'static str, bytes: impl AsRef<[u8]>) -> Vec<T> {
    let table = load::<T>(name, bytes.as_ref()).expect("good rows");
    let row = |index| match table.row(index).expect("checked") {
        crate::feed::table::Value::Read(row) => row,
        crate::feed::table::Value::Shared(..) => unreachable!("it is from a file"),
    };
    (0..table.rows()).map(row).collect()
}

fn error<T: FileRow>(name: &'static str, bytes: impl AsRef<[u8]>) -> String {
    load::<T>(name, bytes.as_ref()).map(|table| table.rows()).expect_err("bad rows")
}

fn person(name: &str, age: impl Into<Option<u8>>) -> Person {
    Person { name: name.to_owned(), age: age.into() }
}

#[test]
fn csv_is_read_as_people_and_spreadsheets_write_it() {
    let two = || vec![person("Ann", 30), person("Bob", None)];
    for text in [
        "name,age\nAnn,30\nBob,\n",
        "name,age\nAnn,30\nBob,",
        "name,age\r\nAnn,30\r\nBob,\r\n",
        "\u{feff}name,age\nAnn,30\nBob,\n",
        "\n\nname,age\n\nAnn,30\n\n\nBob,\n\n",
        "age,name\n30,Ann\n,Bob\n",
        "name, age \nAnn,30\nBob,\n",
        "name;age\nAnn;30\nBob;\n",
        "name\tage\nAnn\t30\nBob\t\n",
        "\"name\",\"age\",\"first; last\"\nAnn,30,x\nBob,,y\n",
        "\"name\",\"age\"\n\"Ann\",\"30\"\n\"Bob\",\"\"\n",
        "name,age,city\nAnn,30,\"Rome, Italy\"\nBob,,Oslo\n",
        "name,age,city\r\nAnn,30,\"one\r\ntwo\"\r\nBob,,\"a \"\"quote\"\"\"\r\n",
    ] {
        assert_eq!(rows::<Person>("people.csv", text), two(), "{text:?}");
    }
    let odd = rows::<Person>("people.TSV", "name,age\n\"Ann\n\"\"A\"\" Lee,\",1\nÄnn,2");
    assert_eq!(odd, [person("Ann\n\"A\" Lee,", 1), person("Änn", 2)]);
}

#[test]
fn json_lines_are_read_as_they_are_written() {
    let two = || vec![person("Ann", 30), person("Bob", None)];
    for text in [
        "{\"name\":\"Ann\",\"age\":30}\n{\"name\":\"Bob\"}\n",
        "{\"name\":\"Ann\",\"age\":30}\n{\"name\":\"Bob\"}",
        "\u{feff}{\"name\":\"Ann\",\"age\":30}\r\n{\"name\":\"Bob\",\"age\":null}\r\n",
        "\n  \n {\"age\":30, \"name\":\"Ann\"} \n\n{\"name\":\"Bob\",\"city\":\"Oslo\"}\n \n",
    ] {
        assert_eq!(rows::<Person>("people.jsonl", text), two(), "{text:?}");
    }
    assert_eq!(rows::<u32>("numbers.ndjson", "1\n2\n"), [1, 2]);
}

proptest! {
    #[test]
    fn what_a_csv_writer_writes_is_read(
        people in prop::collection::vec(("[a-zé,;\"\r\n ]{0,8}", prop::option::of(any::<u8>())), 1..20),
        crlf: bool,
        semicolons: bool,
    ) {
        let mut writer = csv::WriterBuilder::new()
            .terminator(if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
            .delimiter(if semicolons { b';' } else { b',' })
            .from_writer(Vec::new());
        writer.write_record(["name", "age"]).expect("in memory");
        for (name, age) in &people {
            let age = age.map(|age| age.to_string()).unwrap_or_default();
            writer.write_record([name, &age]).expect("in memory");
        }
        let read = rows::<Person>("people.csv", writer.into_inner().expect("in memory"));
        let people: Vec<Person> = people.iter().map(|(name, age)| person(name, *age)).collect();
        prop_assert_eq!(read, people);
    }
}

#[derive(Debug, Deserialize)]
enum Colour {
    Red,
    Green,
}

/// Says the value in its own error.
#[derive(Debug)]
struct Even;

impl<'de> Deserialize<'de> for Even {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match u64::deserialize(from)? {
            number if number % 2 == 0 => Ok(Self),
            number => Err(D::Error::custom(format!("{number} is odd"))),
        }
    }
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only read")]
struct Strict {
    password: Secret,
    pin: u16,
    good: bool,
    colour: Colour,
    even: Even,
}

#[test]
fn a_bad_csv_file_is_told_with_file_and_line() {
    let header = "password,pin,good,colour,even\n";
    for (text, expected) in [
        ("", "t.csv: empty: its first line names the columns"),
        ("\u{feff}\n\n", "t.csv: empty: its first line names the columns"),
        (header, "t.csv: no rows"),
        ("H,1,true,Red,2\n", "t.csv: no rows"),
        (
            "hunter2,1,true,Red,2\nhunter3,1,true,Red,2\n",
            "t.csv:1: missing field `password`: the first line names the columns",
        ),
        (
            "\npassword,pin,pin\na,1,2\n",
            "t.csv:2: duplicate field `pin`: the first line names the columns",
        ),
        ("{h}a,4711x,true,Red,2\n", "t.csv:2: column `pin`: invalid digit found in string"),
        (
            "{h}a,1,true,Red,2\n\r\n\n\"b\n\nb\",70000,true,Red,2",
            "t.csv:5: column `pin`: number too large to fit in target type",
        ),
        (
            "{h}a,1,true,Red,2\r\nb,1,true,Red,2\r\nc,,true,Red,2\r\n",
            "t.csv:4: column `pin`: cannot parse integer from empty string",
        ),
        (
            "{h}a,1,hunter2,Red,2\n",
            "t.csv:2: column `good`: provided string was not `true` or `false`",
        ),
        ("{h}a,1,true,hunter2,2\n", "t.csv:2: unknown variant, expected `Red` or `Green`"),
        ("{h}a,1,true,Green,4711\n", "t.csv:2: the value is not accepted"),
        (
            "{h}a,1,true,Red,2\nb,1,true\nc,1\nd,1,true,Red,2,hunter2\ne\n",
            "t.csv:3: 3 columns where the header has 5\nt.csv:4: 2 columns where the header has 5\n\
             t.csv:5: 6 columns where the header has 5\nt.csv:6: 1 column where the header has 5",
        ),
        (
            "{h}a,1,true,Red,2\n\"hunter2,1,true,Red,2\nc,1,true,Red,2\n",
            "t.csv:3: a quote begins in this row and does not end",
        ),
        (
            "{h}a,1,true,Red,2\nb,1,true,Red,\"2\nc,1,true,Red,2\n",
            "t.csv:3: a quote begins in this row and does not end",
        ),
    ] {
        let found = error::<Strict>("t.csv", text.replace("{h}", header));
        assert_eq!(found, expected, "{text:?}");
        assert!(!found.contains("hunter") && !found.contains("4711"), "{found}");
    }
}

#[test]
fn a_bad_file_of_json_lines_is_told_with_file_and_line() {
    let good = r#"{"password":"a","pin":1,"good":true,"colour":"Red","even":2}"#;
    for (text, expected) in [
        ("", "t.jsonl: no rows"),
        ("\n \n", "t.jsonl: no rows"),
        ("{}", "t.jsonl:1: missing field `password`"),
        (
            "{g}\n\n{\"password\":4711}",
            "t.jsonl:3: column `password`: invalid type: integer, expected a string",
        ),
        (
            "{g}\r\n{\"password\":\"hunter2\",\"pin\":\"hunter2\"}",
            "t.jsonl:2: column `pin`: invalid type: string, expected u16",
        ),
        (
            "{\"colour\":\"hunter2\"}",
            "t.jsonl:1: column `colour`: unknown variant, expected `Red` or `Green`",
        ),
        ("{\"even\":4711}", "t.jsonl:1: column `even`: the value is not accepted"),
        ("{\"password\":\"hunter2\"", "t.jsonl:1: EOF while parsing an object (at character 21)"),
        ("{\"password\":\"hunter2\n{g}", "t.jsonl:1: EOF while parsing a string (at character 20)"),
        ("{g} hunter2", "t.jsonl:1: trailing characters (at character 62)"),
        ("[\n{g},\n{g}\n]", "t.jsonl:1: EOF while parsing a list (at character 1)"),
    ] {
        let found = error::<Strict>("t.jsonl", text.replace("{g}", good));
        let first = found.lines().next().unwrap_or_default();
        assert_eq!(first, expected, "{text:?}");
        assert!(!found.contains("hunter") && !found.contains("4711"), "{found}");
    }
}

#[test]
fn the_first_bad_rows_are_told_and_the_others_counted() {
    let text = format!("name,age\n{}Ann,30\n", "Ann,x\n".repeat(1_000));
    let found = error::<Person>("people.csv", text);
    let lines: Vec<&str> = found.lines().collect();
    assert_eq!(lines.len(), 6);
    assert_eq!(lines[4], "people.csv:6: column `age`: invalid digit found in string");
    assert_eq!(lines[5], "people.csv: 995 more rows are bad");
}

#[test]
fn what_is_not_text_is_told() {
    let latin1 = b"name,age\nAnn,30\nJos\xe9,31\n";
    assert_eq!(error::<Person>("people.csv", latin1), "people.csv:3: not UTF-8");
    assert_eq!(error::<Person>("people.jsonl", latin1), "people.jsonl:3: not UTF-8");
}

#[test]
fn a_file_is_sought_in_the_folder_and_a_missing_one_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = Source::<Person>::file("no-such-people.csv");
    let feed = FeedDeclaration { name: "Person", order: Order::Circular, source };
    let message = |folder| Table::load(&feed, folder).map(|_| ()).expect_err("not there");
    assert_eq!(message(None), "no-such-people.csv: not found in the working directory");
    let in_folder = format!(
        "no-such-people.csv: not found in {}, nor in the working directory",
        folder.path().display()
    );
    assert_eq!(message(Some(folder.path())), in_folder);
    fs::create_dir(folder.path().join("no-such-people.csv")).expect("created");
    assert!(message(Some(folder.path())).contains("no-such-people.csv: "), "a folder");
}

#[test]
fn what_a_function_of_rows_does_wrong_is_told() {
    type Rows = Result<Vec<u8>, TaskError>;
    fn none() -> Rows {
        Ok(Vec::new())
    }
    fn fails() -> Rows {
        Ok(vec!["x".parse()?])
    }
    fn panics() -> Rows {
        panic!("no rows today")
    }
    for (rows, expected) in [
        (none as fn() -> Rows, "feed Number: no rows"),
        (fails, "feed Number: invalid digit found in string"),
        (panics, "feed Number: its function panicked"),
    ] {
        let source = Source::code(rows);
        let feed = FeedDeclaration { name: "Number", order: Order::Circular, source };
        assert_eq!(Table::load(&feed, None).map(|_| ()), Err(expected.to_owned()));
    }
}
