//! Result files in formats of others, read by programs that are not ours.

use crate::load::{Ended, run};
use crate::python::python;
use crate::server::Server;
use serde_json::{Value, json};
use std::time::Duration;

/// What a Python program prints about files of a run: JSON.
fn read(ended: &Ended, program: &str) -> Value {
    let output = python().current_dir(ended.folder()).args(["-c", program]).output();
    let output = output.expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn junitparser_reads_the_verdicts() {
    const READ: &str = "
import json, junitparser
result = junitparser.JUnitXml.fromfile('junit.xml')
suites = {suite.name: {case.name: [(it.type, it.message, it.text) for it in case.result] for case in suite}
          for suite in result}
print(json.dumps([suites, result.tests, result.failures, result.errors]))
";
    let server = Server::start(Duration::ZERO);
    let arguments =
        "-u 3 -r 100 -t 1s -s 5 --threshold p95<10s --threshold rps<0.1 --junit junit.xml";
    let ended = run("Plain,LockedOut", &server, arguments);
    assert_eq!(ended.code, Some(3), "{}", ended.stdout);
    let file = read(&ended, READ);
    let suites = &file[0];
    assert_eq!(suites["thresholds"]["p95 < 10s"], json!([]), "{file}");
    let failed = &suites["thresholds"]["rps < 0.1"][0];
    assert_eq!(failed[0], "swarm.thresholds");
    assert!(
        failed[1].as_str().is_some_and(|why| why.ends_with(", demanded rps < 0.1")),
        "{failed}"
    );
    assert_eq!(suites["requests"]["GET /"], json!([]), "{file}");
    let failures = ended.number("/totals/failures");
    let login = &suites["requests"]["GET /login"][0];
    assert_eq!(login[1], format!("{failures} of {failures} requests failed"));
    assert_eq!(login[2], format!("{failures} times: 404 Not Found\n"));
    let outcome = &suites["run"]["outcome"][0];
    assert_eq!(outcome[1], "exit code 3");
    let reasons = ended.report["outcome"]["reasons"].as_array().expect("a list");
    let reasons: Vec<&str> = reasons.iter().filter_map(Value::as_str).collect();
    assert_eq!(outcome[2], reasons.join("\n"));
    assert_eq!(suites["run"]["measurement is valid"], json!([]));
    assert_eq!(file.as_array().expect("a list")[1..], [json!(6), json!(3), json!(0)]);
}
