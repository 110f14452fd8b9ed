//! Settings that one run of a program is given in place of the program's own.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod common;

use common::next;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use swarm_core::context::Resources;
use swarm_core::engine::{Command, Event, RunHandle, Start};
use swarm_core::plan::{ClassSpec, RunSpec};
use swarm_core::prelude::*;
use swarm_core::report::Report;
use swarm_core::settings::SettingValues;
use swarm_core::user::Registry;

#[settings(prefix = "DOOR")]
struct Door {
    /// Who knocks.
    #[setting(default = "nobody")]
    name: String,
    /// What opens it.
    #[setting(secret)]
    key: Secret,
}

/// Tells all that it knows.
#[user]
struct Indiscreet {
    door: Settings<Door>,
}

#[tasks]
impl Indiscreet {
    #[task]
    fn tell(&mut self) -> TaskResult {
        let Door { name, key } = &*self.door;
        Err(TaskError::new(format!("{name} has {}, not open-sesame", key.expose())))
    }
}

static INITIALISED: AtomicU32 = AtomicU32::new(0);

#[event(init)]
fn count(_run: &RunSpec) {
    INITIALISED.fetch_add(1, Ordering::Relaxed);
}

fn values(texts: &[(&str, &str)]) -> SettingValues {
    let mut values = SettingValues::default();
    texts.iter().for_each(|(name, text)| values.set("DOOR", name, [*text], "a test"));
    values
}

/// Runs once with these settings.
async fn run(handle: &RunHandle, settings: SettingValues) -> Result<Arc<Report>, String> {
    let mut events = handle.events();
    let classes = vec![ClassSpec::new("Indiscreet", 1)];
    let spec = RunSpec { iterations: Some(1), ..RunSpec::new(classes) };
    handle.send(Command::Start(Box::new(Start { settings, ..Start::from(spec) })));
    let over = |event| match event {
        Event::Ended { report, .. } => Some(Ok(report)),
        Event::Refused(why) => Some(Err(why)),
        _ => None,
    };
    next(&mut events, over).await
}

#[tokio::test]
async fn settings_of_a_run_are_its_own_and_its_secrets_stay_secret() {
    let registry = Registry::find().expect("no duplicates");
    let resources = Resources::default().with(values(&[("key", "open-sesame")]));
    let handle = RunHandle::launch(registry, resources.clone()).expect("threads");
    for (given, told) in [
        (&[][..], "nobody has ***, not ***"),
        (&[("name", "Ali"), ("key", "shazam-42")], "Ali has ***, not ***"),
        (&[("name", "Kasim")], "Kasim has ***, not ***"),
    ] {
        let report = run(&handle, values(given)).await.expect("it runs");
        assert_eq!(report.exceptions[0].message, told);
        let json = serde_json::to_string(&*report).expect("serializes");
        assert!(!json.contains("shazam") && !json.contains("sesame"), "{json}");
    }
    assert_eq!(INITIALISED.load(Ordering::Relaxed), 1, "once for the program");
    let known = resources.get::<SettingValues>().expect("given").secrets();
    assert_eq!(known.redact("open-sesame, shazam-42"), "***, ***", "also what was typed");
    let without = RunHandle::launch(Registry::find().expect("no duplicates"), Resources::default());
    let without = without.expect("threads");
    assert!(run(&without, values(&[("key", "shazam-42")])).await.is_ok());
    let why = run(&without, SettingValues::default()).await.expect_err("that key was for one run");
    assert!(why.contains("key"), "{why}");
}
