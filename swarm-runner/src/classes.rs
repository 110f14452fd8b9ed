//! The user classes: which are there, and what they need.

use crate::error::UsageError;
use std::collections::HashSet;
use swarm_core::context::Resources;
use swarm_core::settings::SettingValues;
use swarm_core::user::{Registry, UserClass};

/// Every class that was compiled.
pub(crate) fn find() -> Result<Registry, UsageError> {
    Registry::find().map_err(|error| UsageError::new(error.to_string()))
}

/// The classes of these names; all if there are none.
pub(crate) fn select(
    registry: &Registry,
    names: &[&str],
) -> Result<Vec<&'static UserClass>, UsageError> {
    if registry.classes().is_empty() {
        return Err(nothing_found());
    }
    if names.is_empty() {
        return Ok(registry.classes().to_vec());
    }
    let mut selected: Vec<&'static UserClass> = Vec::new();
    for name in names {
        let class = registry.class(name).map_err(|error| {
            UsageError::new(error.to_string()).nearest(name, error.known.iter().copied())
        })?;
        if !selected.iter().any(|known| known.name == class.name) {
            selected.push(class);
        }
    }
    Ok(selected)
}

fn nothing_found() -> UsageError {
    let looked_at = std::env::var("SWARM_PACKAGES").map_or_else(
        |_| "this program".to_owned(),
        |packages| format!("what was compiled of {}", packages.replace(',', ", ")),
    );
    UsageError::new(format!("no user class found in {looked_at}"))
        .help("put `#[user]` on a struct and `#[tasks]` on its `impl` block")
        .help("a module is compiled only if it is declared: `mod users;` in src/lib.rs")
        .help("a `#[cfg(…)]` or a cargo feature may leave it out")
}

/// Something that a class needs and does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Missing {
    /// The option or setting that would give it, if there is one: `host`, `settings.shop.username`.
    pub(crate) field: String,
    pub(crate) message: String,
}

/// Checks that all that the selected classes need is there: settings, test data, and a host.
pub(crate) fn check(
    classes: &[&'static UserClass],
    resources: &Resources,
    host: Option<&str>,
) -> Result<(), UsageError> {
    let missing = missing(classes, resources, host);
    if missing.is_empty() {
        return Ok(());
    }
    let messages: Vec<String> = missing.into_iter().map(|missing| missing.message).collect();
    Err(UsageError::new(messages.join("\nerror: ")))
}

/// What of that is not there.
pub(crate) fn missing(
    classes: &[&'static UserClass],
    resources: &Resources,
    host: Option<&str>,
) -> Vec<Missing> {
    let values = resources.get::<SettingValues>().unwrap_or_default();
    let mut missing: Vec<Missing> = Vec::new();
    let new = |field: &str, message| Missing { field: field.to_owned(), message };
    for class in classes {
        for settings in class.needs.iter().filter_map(|need| need.settings) {
            let errors = (settings.check)(&values);
            missing.extend(errors.iter().map(|error| new(error.key(), error.to_string())));
        }
        for check in class.needs.iter().filter_map(|need| need.check) {
            if let Err(error) = check(resources) {
                missing.extend(error.to_string().lines().map(|line| new("", line.to_owned())));
            }
        }
        let needs_host = class.needs.iter().any(|need| need.host);
        if needs_host && host.is_none() && class.host.is_none() {
            let message = format!(
                "no host for {}: give one by --host, by `host = \"…\"` in its `#[user]`, or try --demo",
                class.name
            );
            missing.push(new("host", message));
        }
    }
    // Two classes may need the same settings.
    let mut told = HashSet::new();
    missing.retain(|missing| told.insert(missing.message.clone()));
    missing
}
