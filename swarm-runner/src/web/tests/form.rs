//! What is typed and what it means: one grammar, and each mistake with its field.

use super::super::checked::{self, check};
use super::super::entered::{Entered, entered_of};
use super::super::site::Site;
use super::super::*;
use super::client::serve;
use crate::run_spec::{describe, selected};
use clap::Parser as _;
use proptest::prelude::*;
use proptest::sample::subsequence;
use proptest::test_runner::TestRunner;
use serde_json::json;
use std::cell::Cell;
use swarm_core::settings::SettingValues;

/// Loads, of which a run has one.
const LOADS: [&str; 6] = [
    "--users=7",
    "--users=500 --spawn-rate=2.5",
    "--rate=300/s",
    "--rate=7/m --arrivals=poisson",
    "--stages=10@1m,20@90s,0@1.5s",
    "--find-limit=p95<250ms,failures<1% --limit-by=users --precision=7.3% --max-rate=500/s --expect-limit=>50users",
];

/// What else can be said of a run.
const OPTIONS: [&str; 28] = [
    "--tags=buying",
    "--exclude-tags=rest,sleep",
    "--equal-weights",
    "--weight-of=Surfer=5",
    "--users-of=Surfer=4",
    "--users-of=Lifeguard=3",
    "--weight-of=Passenger=0",
    "--rate-of=Passenger=30/m",
    "--stages-of=Lifeguard=1@1s,3@5s",
    "--task-weight-of=Surfer::look=7,Lifeguard::watch=2",
    "--max-users=20",
    "--max-names=17",
    "--run-time=1h2m3.5s",
    "--warmup=2s",
    "--iterations=11",
    "--user-iterations=12",
    "--stop-timeout=250ms",
    "--count-logins",
    "--threshold=p99.9(\"GET /a,b\")<1.5s over 30s abort",
    "--threshold=failures<0.1%,rps>3",
    "--validity=lag=50ms,cpu=80%",
    "--exit-code-on-error=42",
    "--timeout=1m --connect-timeout=3s --dns-ttl=0s",
    "--http=2 --insecure",
    "--max-body=5KiB",
    "--resolve=a:80:127.0.0.1,b:443:::1",
    "--run-name=before, \"the\" cache",
    "--notes=one\n\ttwo, three",
];

fn site() -> (Site, Registry) {
    let registry = Registry::find().expect("no duplicates");
    let options = Options::parse_from(["swarm", "--class", "Surfer"]);
    let selected = selected(&registry, &options).expect("there is");
    let spec = describe(&selected, &options, 7).expect("valid").spec;
    let mut settings = SettingValues::default();
    settings.set("SURF", "password", ["sesame open"], "the test");
    let resources = Resources::default().with(settings);
    let handle = RunHandle::launch(registry.clone(), resources.clone()).expect("threads");
    let (starts, _) = mpsc::channel(1);
    let log = Arc::new(LogLines::default());
    let site = Site::new(handle, resources, registry.clone(), starts, &spec, &options, log);
    (site, registry)
}

/// The run that a line describes, if it is one.
fn run_of(registry: &Registry, words: &[String]) -> Option<RunSpec> {
    let options = Options::try_parse_from(words).ok()?;
    let selected = selected(registry, &options).ok()?;
    Some(describe(&selected, &options, 9).ok()?.spec)
}

#[test]
fn what_a_run_would_be_typed_as_is_that_run() {
    let (site, registry) = site();
    let all = ["Surfer", "Passenger", "Lifeguard"];
    let lines =
        (0..LOADS.len(), subsequence(OPTIONS.to_vec(), 0..=8), subsequence(all.to_vec(), 1..=3));
    let compared = Cell::new(0);
    let same = |(load, said, classes): (usize, Vec<&str>, Vec<&str>)| {
        let absent =
            |text: &&&str| all.iter().any(|class| text.contains(class) && !classes.contains(class));
        let said = said.iter().filter(|text| !absent(text)).copied().chain([LOADS[load]]);
        // What has a space in it is one word all the same.
        let said = said.flat_map(|text| text.trim_start_matches("--").split(" --"));
        let said = said.map(|word| format!("--{word}"));
        let base = ["swarm".to_owned(), format!("--class={}", classes.join(","))];
        let words: Vec<String> = base.into_iter().chain(said).collect();
        let Some(spec) = run_of(&registry, &words) else { return Ok(()) };
        compared.set(compared.get() + 1);
        let mut entered = entered_of(&spec, &registry);
        entered.options.insert("seed".to_owned(), spec.seed.to_string());
        let found = checked::described(&site, &entered.options).map(|found| found.spec);
        prop_assert_eq!(found, Ok(spec), "{:?} as {:?}", words, entered);
        Ok(())
    };
    let mut runner = TestRunner::new(ProptestConfig::with_cases(400));
    runner.run(&lines, same).expect("the same");
    assert!(compared.get() > 200, "only {} lines are runs", compared.get());
}

#[test]
fn each_mistake_has_its_field() {
    let (site, _) = site();
    let base = json!({ "host": "http://a", "class": "Surfer" });
    for (name, value, field, part) in [
        ("users", "many", "users", "invalid digit"),
        ("spawn-rate", "0", "spawn-rate", "positive number"),
        ("run-time", "5 parsecs", "run-time", "5 parsecs"),
        ("threshold", "p95 < 250", "threshold", "250"),
        ("host", "localhost:80", "host", "localhost:80"),
        ("class", "Surfr", "class", "did you mean `Surfer`?"),
        ("users-of", "Srfer=3", "users-of", "did you mean `Surfer`?"),
        ("tags", "nonsense", "tags", "there are: buying"),
        ("shape", "nonsense", "shape", "nonsense"),
        ("equal-weights", "perhaps", "equal-weights", "`true` or `false`"),
        ("max-rate", "5/s", "max-rate", "search for a limit"),
        ("request-log", "/tmp/x", "request-log", "no option of a run"),
        ("config", "/etc/passwd", "config", "no option of a run"),
        ("allow-host", "b", "allow-host", "no option of a run"),
        ("stages", "5@1s", "", ""),
    ] {
        let mut options = base.clone();
        options[name] = value.into();
        if name == "stages" {
            options["users"] = "5".into();
        }
        let entered: Entered =
            serde_json::from_value(json!({ "options": options })).expect("valid");
        let checked = check(&site, &entered);
        assert!(checked.spec.is_none(), "{name}={value}");
        let [error] = &checked.errors[..] else { panic!("{name}: {:?}", checked.errors) };
        assert_eq!(error.field, field, "{error:?}");
        assert!(error.message.contains(part), "{error:?}");
    }
}

#[test]
fn settings_are_checked_by_the_same_parser_and_secrets_stay_unknown() {
    let (site, _) = site();
    let entered = |settings: serde_json::Value| {
        let options = json!({ "class": "Surfer", "host": "http://a" });
        let entered = json!({ "options": options, "settings": settings });
        check(&site, &serde_json::from_value(entered).expect("valid"))
    };
    assert_eq!(entered(json!({ "settings.surf.length": "5" })).errors, []);
    let long = entered(json!({ "settings.surf.length": "long" })).errors;
    assert_eq!(long[0].field, "settings.surf.length");
    assert!(long[0].message.contains("`long` from the web page"), "{long:?}");
    let unknown = entered(json!({ "settings.surf.colour": "red" })).errors;
    assert_eq!(unknown[0].field, "settings.surf.colour");
    // A part of a secret that is being typed is no secret of the program.
    assert_eq!(entered(json!({ "settings.surf.password": "test" })).errors, []);
    let values = site.resources.get::<SettingValues>().expect("given");
    assert_eq!(values.secrets().redact("a test"), "a test");
}

#[test]
fn files_of_this_machine_and_hosts_are_not_the_pages_matter() {
    let registry = Registry::find().expect("no duplicates");
    let (site, _) = site();
    let other = "swarm --class Surfer --request-log /tmp/x --ca-file /tmp/y --allow-host b";
    let options = Options::parse_from(other.split(' '));
    let selected = selected(&registry, &options).expect("there is");
    let spec = describe(&selected, &options, 7).expect("valid").spec;
    let spec = checked::with_own(&site, spec);
    assert_eq!((spec.request_log, spec.client.ca_file), (None, None));
    assert_eq!(spec.client.allow_hosts, Vec::<String>::new());
}

#[test]
fn the_form_has_all_that_can_be_said_and_no_secret() {
    let served = serve("-u 5 --seed 3 --class-picker -t 1m");
    let answer = served.get("/api/v1/form");
    let form = answer.json();
    assert_eq!(form["class_picker"], true);
    let options = &form["entered"]["options"];
    assert_eq!((&options["users"], &options["seed"]), (&json!("5"), &json!("3")));
    assert_eq!(
        (&options["run-time"], &options["class"]),
        (&json!("1m"), &json!("Surfer,Passenger"))
    );
    let fields = form["fields"].as_array().expect("a list");
    assert_eq!(fields.len(), entered::OPTIONS.len());
    assert!(fields.iter().all(|field| field["help"] != "" && field["heading"] != ""), "{form}");
    let settings = form["settings"].as_array().expect("a list");
    let password = settings.iter().find(|it| it["key"] == "settings.surf.password");
    let password = password.expect("declared");
    assert_eq!((&password["secret"], &password["is_set"]), (&json!(true), &json!(true)));
    assert!(password["value"].is_null() && !answer.text().contains("sesame"), "{password}");
    let length = settings.iter().find(|it| it["key"] == "settings.surf.length");
    assert_eq!(length.expect("declared")["default"], "3");
    assert!(form["tags"].as_array().expect("a list").contains(&json!("buying")));
    let class =
        form["classes"].as_array().expect("a list").iter().find(|it| it["name"] == "Passenger");
    assert_eq!(class.expect("declared")["visits"], 2.0);
}
