//! The description of the API: made from the types, and true.
//!
//! After a change: `UPDATE_SCHEMA=1 cargo test -p swarm-runner --features schema openapi`.

use super::super::access::Credentials;
use super::super::changes::Update;
use super::super::checked::Checked;
use super::super::commands::{Begun, MarkBody, Nothing, StartBody, StopBody};
use super::super::entered::Entered;
use super::super::form::Form;
use super::super::refusal::Problem;
use super::super::routes;
use super::super::runs::{Label, Runs};
use super::client::{Answer, Served, serve};
use super::history::with_runs;
use crate::exports::Saved;
use crate::history::Listed;
use crate::log_lines::{Level, LogLine};
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Map, Value, json};
use std::path::Path;
use swarm_core::clock::Timestamp;
use swarm_core::compare::Comparison;
use swarm_core::plan::Load;
use swarm_core::report::Report;

/// An operation: its method and path, what it does, what it takes, and its answers.
struct Operation {
    method: &'static str,
    path: &'static str,
    about: &'static str,
    takes: Option<Value>,
    answers: Vec<(u16, &'static str, Value)>,
}

/// Types of bodies, each with a schema of its own. What comes in is described as it may be left out, what goes out as it always is.
struct Types {
    taken: SchemaGenerator,
    given: SchemaGenerator,
}

impl Types {
    fn new() -> Self {
        let settings = SchemaSettings::draft2020_12()
            .with(|it| it.definitions_path = "/components/schemas".into());
        Self {
            taken: settings.clone().into_generator(),
            given: settings.for_serialize().into_generator(),
        }
    }

    fn given<T: schemars::JsonSchema>(&mut self) -> Value {
        json!({ "application/json": { "schema": self.given.subschema_for::<T>() } })
    }

    fn taken<T: schemars::JsonSchema>(&mut self) -> Option<Value> {
        Some(json!({ "application/json": { "schema": self.taken.subschema_for::<T>() } }))
    }

    fn all(mut self) -> Map<String, Value> {
        let mut all = self.taken.take_definitions(true);
        all.extend(self.given.take_definitions(true));
        all.sort_keys();
        all
    }
}

fn get(path: &'static str, about: &'static str, answer: Value) -> Operation {
    Operation { method: "get", path, about, takes: None, answers: vec![(200, "", answer)] }
}

fn post(
    path: &'static str,
    about: &'static str,
    takes: Option<Value>,
    answer: (u16, &'static str, Value),
) -> Operation {
    Operation { method: "post", path, about, takes, answers: vec![answer] }
}

/// What is done with finished runs.
fn of_history(types: &mut Types, file: Value) -> Vec<Operation> {
    let done = (204, "It is done.", json!({}));
    vec![
        get("/runs", "Finished runs that are kept, the newest first.", types.given::<Runs>()),
        get("/runs/{id}", "The result of one of them.", types.given::<Saved>()),
        post(
            "/runs/{id}",
            "Gives it a name and notes.",
            types.taken::<Label>(),
            (200, "It is called so.", types.given::<Listed>()),
        ),
        Operation { method: "delete", ..post("/runs/{id}", "Deletes it.", None, done) },
        get("/runs/{id}/files/{name}", "Its result as a file.", file),
        get("/compare", "What has changed between some of them.", types.given::<Comparison>()),
    ]
}

fn operations(types: &mut Types) -> Vec<Operation> {
    let problem = types.given::<Problem>();
    let busy = (409, "It can't be done now.", problem.clone());
    let wrong = (422, "It can't be done at all.", problem.clone());
    let refused = problem.clone();
    let none = (404, "There are no figures yet.", problem);
    let done = || (204, "It is done.", json!({}));
    let events = json!({ "text/event-stream": { "schema": {
        "type": "string",
        "description": "`event: update` with an Update, at once and then each second while a run goes on; `event: log` with a list of LogLine.",
    }}});
    let file = json!({ "*/*": { "schema": { "type": "string" } } });
    let document = json!({ "application/json": { "schema": { "type": "object" } } });
    types.given.subschema_for::<Update>();
    types.given.subschema_for::<LogLine>();
    let mut operations = vec![
        get("/openapi.json", "This description.", document),
        get("/form", "What the start form is made of.", types.given::<Form>()),
        post(
            "/check",
            "Says what typed texts mean, and what is wrong with them; starts nothing.",
            types.taken::<Entered>(),
            (200, "What they mean.", types.given::<Checked>()),
        ),
        post(
            "/start",
            "Starts a run.",
            types.taken::<StartBody>(),
            (202, "It has begun.", types.given::<Begun>()),
        ),
        post("/load", "Changes the load of the run.", types.taken::<Load>(), done()),
        post("/stop", "Stops the run.", types.taken::<StopBody>(), done()),
        post("/reset", "Forgets all figures so far.", types.taken::<Nothing>(), done()),
        post("/marks", "Marks this moment of the run.", types.taken::<MarkBody>(), done()),
        get("/report", "The figures so far, or the result.", types.given::<Report>()),
        get("/events", "How the run goes on.", events),
        get("/files/{name}", "The result as a file.", file.clone()),
        post(
            "/login",
            "Begins a session, where a login is demanded: the answer sets a cookie.",
            types.taken::<Credentials>(),
            done(),
        ),
        post("/logout", "Ends the session of the cookie.", None, done()),
    ];
    operations.extend(of_history(types, file));
    for operation in &mut operations {
        operation.answers.extend(match operation.path {
            "/start" => vec![busy.clone(), wrong.clone()],
            "/load" | "/stop" | "/reset" | "/marks" => vec![busy.clone()],
            "/report" | "/files/{name}" => vec![none.clone()],
            "/runs/{id}" | "/runs/{id}/files/{name}" | "/compare" => {
                vec![(404, "There is no such run.", refused.clone()), wrong.clone()]
            }
            "/login" => vec![
                (401, "That is not right.", refused.clone()),
                (
                    429,
                    "Too many have failed; `Retry-After` says how long to wait.",
                    refused.clone(),
                ),
            ],
            _ => Vec::new(),
        });
    }
    operations
}

fn parameters(path: &str) -> Value {
    let query = |name, about| json!({ "name": name, "in": "query", "description": about, "schema": { "type": "string" } });
    let ids = |name, about| json!({ "name": name, "in": "query", "description": about, "schema": { "type": "array", "items": { "type": "string" } } });
    let id =
        json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } });
    match path {
        "/events" => json!([
            query("kind", "With the other two: the entry of requests whose points are wanted too."),
            query("method", "Its method."),
            query("name", "What it is reported as."),
        ]),
        "/runs/{id}" => json!([id]),
        "/runs/{id}/files/{name}" => json!([id, {
            "name": "name",
            "in": "path",
            "required": true,
            "schema": { "enum": [
                "requests.csv", "failures.csv", "exceptions.csv", "report.json", "report.html",
            ] },
        }]),
        "/compare" => json!([
            ids("before", "The runs before."),
            ids("after", "The runs after."),
            query(
                "margin",
                "Changes that are not larger are no difference, in percent; default 5."
            ),
            query("any_host", "`true`: compare although the hosts differ."),
        ]),
        "/files/{name}" => json!([{
            "name": "name",
            "in": "path",
            "required": true,
            "schema": { "enum": [
                "requests.csv", "failures.csv", "exceptions.csv", "history.csv", "report.json", "report.html", "log.txt",
            ] },
        }]),
        _ => json!([]),
    }
}

fn document() -> Value {
    let mut types = Types::new();
    let mut paths = Map::new();
    for operation in operations(&mut types) {
        let Operation { method, path, about, takes, answers } = operation;
        let answers = answers.into_iter().map(|(status, about, content)| {
            let mut answer = json!({ "description": about });
            if content != json!({}) {
                answer["content"] = content;
            }
            (status.to_string(), answer)
        });
        let answers: Map<String, Value> = answers.collect();
        let mut described = json!({ "summary": about, "responses": answers });
        if let Some(content) = takes {
            described["requestBody"] = json!({ "required": true, "content": content });
        }
        let parameters = parameters(path);
        if parameters != json!([]) {
            described["parameters"] = parameters;
        }
        let below = if path.starts_with("/log") { "" } else { "/api/v1" };
        let methods = paths.entry(format!("{below}{path}")).or_insert_with(|| json!({}));
        methods[method] = described;
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "swarm",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What the web page of a load test uses, for programs too. All is below `--web-base-path`. Bodies are JSON; who is refused gets a Problem. Where a login is demanded, a program sends the token or a user's password with each request; who comes without gets status 401.",
        },
        "paths": paths,
        "security": [{}, { "token": [] }, { "password": [] }],
        "components": {
            "schemas": types.all(),
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer" },
                "password": { "type": "http", "scheme": "basic" },
            },
        },
    })
}

#[test]
fn the_openapi_file_in_the_repository_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let written = serde_json::to_string_pretty(&document()).expect("JSON") + "\n";
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, &written).expect("writable");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == written, "run this test with UPDATE_SCHEMA=1, and look at what has changed");
}

#[test]
fn the_openapi_file_has_every_route_and_is_served() {
    let document = document();
    let paths = document["paths"].as_object().expect("an object");
    let described: Vec<&str> =
        paths.keys().filter_map(|path| path.strip_prefix("/api/v1")).collect();
    let mut routes: Vec<&str> = routes::api().into_iter().map(|(path, _)| path).collect();
    routes.sort_unstable();
    let mut sorted = described.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, routes);
    let served = serve("");
    let kept = include_str!("../../../openapi.json");
    assert_eq!(served.get("/api/v1/openapi.json").text(), kept);
    for (path, operation) in paths.iter().filter(|(path, _)| path.starts_with("/api")) {
        let described = |method: &&str| operation.get(method.to_lowercase()).is_some();
        let wrong = ["GET", "POST", "PUT"].into_iter().find(|it| !described(it)).expect("one");
        let answer = served.send(&format!("{wrong} {path}"), "", "");
        assert_eq!(answer.status, 405, "{wrong} {path}");
    }
}

/// What of a value is not as a type of the document says.
fn wrong(document: &Value, name: &str, value: &Value) -> Vec<String> {
    let schema = json!({
        "$ref": format!("#/components/schemas/{name}"),
        "components": document["components"],
    });
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    validator
        .iter_errors(value)
        .map(|error| format!("{name}: {error} at {}", error.instance_path()))
        .collect()
}

fn start(served: &Served, spec: &Value) -> Answer {
    served.post("start", &json!({ "spec": spec, "settings": {} }))
}

#[test]
fn what_is_answered_is_as_the_openapi_file_says() {
    let served = serve("-u 2 -r 100 --threshold p95<1s");
    let document = document();
    let right = |name: &str, value: &Value| {
        let wrong = wrong(&document, name, value);
        assert!(wrong.is_empty(), "{wrong:?}");
    };
    let mut events = served.events("?kind=http&method=GET&name=/");
    right("Update", &events.next("update"));
    let form = served.get("/api/v1/form").json();
    right("Form", &form);
    let checked = served.post("check", &form["entered"]).json();
    right("Checked", &checked);
    right("Checked", &served.post("check", &json!({ "options": { "users": "x" } })).json());
    right("Problem", &served.get("/api/v1/report").json());
    right("Begun", &start(&served, &checked["spec"]).json());
    let running = events.until(|update| update["report"]["totals"]["requests"].as_u64() > Some(0));
    right("Update", &running);
    served.log.add(LogLine {
        at: Timestamp::now(),
        level: Level::Warn,
        target: "shop".to_owned(),
        text: "</script>".to_owned(),
    });
    let logged = events.next("log");
    right("LogLine", &logged[0]);
    assert_eq!(logged[0]["level"], "warn");
    right("Report", &served.get("/api/v1/report").json());
    right("Problem", &start(&served, &checked["spec"]).json());
    right("Problem", &served.post("load", &json!({ "rate": 5.0 })).json());
    served.post("stop", &json!({}));
    right("Update", &events.until(|update| update["state"] == "stopped"));
    right("Report", &served.get("/api/v1/report").json());
    let (with_runs, _folder) = with_runs(&["one", "two"]);
    let runs = with_runs.get("/api/v1/runs").json();
    right("Runs", &runs);
    let [two, one] = [0, 1].map(|at| runs["runs"][at]["id"].as_str().expect("a text"));
    right("Saved", &with_runs.get(&format!("/api/v1/runs/{one}")).json());
    right("Listed", &with_runs.post(&format!("runs/{one}"), &json!({ "name": "x" })).json());
    let compared = with_runs.get(&format!("/api/v1/compare?before={one}&after={two}"));
    right("Comparison", &compared.json());
    let mut broken = running.clone();
    broken["report"]["totals"]["requests"] = json!("many");
    assert!(!wrong(&document, "Update", &broken).is_empty(), "the schema accepts anything");
}
