//! The JSON Schema in the repository is what the type of the result says.

use std::path::Path;
use swarm_core::report::Report;

#[test]
fn the_schema_in_the_repository_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/report.schema.json");
    let schema = schemars::schema_for!(Report);
    let written = serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n";
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, &written).expect("writable");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, written, "run this test with UPDATE_SCHEMA=1, and look at what has changed");
}
