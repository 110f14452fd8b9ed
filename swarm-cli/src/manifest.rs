//! The manifest of a runner: a program around the selected packages. Pure: tables in, table out.

use crate::error::Error;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// What a runner is made of.
pub(crate) struct Runner {
    pub(crate) name: String,
    /// The packages with the user classes.
    pub(crate) packages: Vec<UserPackage>,
    /// Where `swarm-runner` comes from.
    pub(crate) source: Source,
    pub(crate) default_features: bool,
    /// The manifest of the user's workspace, and its folder.
    pub(crate) workspace: Table,
    pub(crate) root: PathBuf,
}

/// A package with user classes.
pub(crate) struct UserPackage {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) features: Vec<String>,
}

/// Where a crate comes from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Registry { version: String, index: Option<String> },
    Git { url: String, revision: String },
    Path(String),
}

impl Runner {
    /// The manifest.
    pub(crate) fn manifest(&self) -> Result<Table, Error> {
        let mut manifest = Table::new();
        manifest.insert("package".into(), self.package().into());
        // A workspace of its own: the user's does not know of it.
        manifest.insert("workspace".into(), Table::new().into());
        manifest.insert("dependencies".into(), self.dependencies().into());
        manifest.insert("profile".into(), self.profiles().into());
        for overrides in ["patch", "replace"] {
            if let Some(table) = self.workspace.get(overrides).and_then(Value::as_table) {
                let mut table = table.clone();
                make_absolute(&mut table, &self.root)?;
                manifest.insert(overrides.into(), table.into());
            }
        }
        Ok(manifest)
    }

    fn package(&self) -> Table {
        let fields = [("name", self.name.as_str()), ("version", "0.0.0"), ("edition", "2024")];
        let mut package: Table =
            fields.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
        package.insert("publish".into(), false.into());
        package
    }

    fn dependencies(&self) -> Table {
        let mut dependencies = Table::new();
        for package in &self.packages {
            let mut table = Table::new();
            table.insert("path".into(), package.path.clone().into());
            table.insert("features".into(), package.features.clone().into());
            table.insert("default-features".into(), self.default_features.into());
            dependencies.insert(package.name.clone(), table.into());
        }
        dependencies.insert("swarm-runner".into(), self.source.dependency().into());
        dependencies
    }

    /// The user's profiles, which a workspace of its own does not inherit, and `swarm`: release without what makes a build slow, because the time from an
    /// edit to running load counts.
    fn profiles(&self) -> Table {
        let mut swarm = Table::new();
        swarm.insert("inherits".into(), "release".into());
        swarm.insert("lto".into(), false.into());
        swarm.insert("incremental".into(), true.into());
        swarm.insert("codegen-units".into(), 16.into());
        swarm.insert("debug".into(), "line-tables-only".into());
        let mut profiles = Table::from_iter([("swarm".to_owned(), Value::from(swarm))]);
        if let Some(own) = self.workspace.get("profile").and_then(Value::as_table) {
            profiles.extend(own.clone());
        }
        for (_, profile) in &mut profiles {
            if let Some(profile) = profile.as_table_mut() {
                // A panic of a task is caught, which needs unwinding.
                profile.remove("panic");
            }
        }
        profiles
    }

    /// The program: the classes are linked because their crates are named.
    pub(crate) fn program(libraries: &[String]) -> String {
        let uses: String = libraries.iter().map(|name| format!("use {name} as _;\n")).collect();
        format!("{uses}\nfn main() -> std::process::ExitCode {{\n    swarm_runner::main()\n}}\n")
    }
}

impl Source {
    fn dependency(&self) -> Table {
        let pairs = match self {
            Self::Registry { version, index } => {
                let index = index.clone().map(|index| ("registry-index", index));
                [("version", format!("={version}"))].into_iter().chain(index).collect()
            }
            Self::Git { url, revision } => vec![("git", url.clone()), ("rev", revision.clone())],
            Self::Path(path) => vec![("path", path.clone())],
        };
        pairs.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect()
    }

    /// The source of swarm-runner, from what cargo says of swarm-core: they are released together.
    pub(crate) fn beside(
        version: &str,
        source: Option<&str>,
        manifest: &Path,
    ) -> Result<Self, Error> {
        let Some(source) = source else {
            let folder = manifest.parent().and_then(Path::parent).unwrap_or(manifest);
            let runner = folder.join("swarm-runner");
            if !runner.join("Cargo.toml").is_file() {
                let message = format!(
                    "swarm-core is at {}, but there is no swarm-runner beside it",
                    manifest.display()
                );
                return Err(Error::new(message).help("both belong into one folder"));
            }
            return Ok(Self::Path(crate::cargo::text(&runner)?));
        };
        if let Some(git) = source.strip_prefix("git+") {
            let (url, revision) = git.split_once('#').unwrap_or((git, ""));
            let url = url.split_once('?').map_or(url, |(url, _)| url);
            return Ok(Self::Git { url: url.to_owned(), revision: revision.to_owned() });
        }
        let crates_io = ["github.com/rust-lang/crates.io-index", "index.crates.io"];
        let index = (!crates_io.iter().any(|known| source.contains(known)))
            .then(|| source.trim_start_matches("registry+").to_owned());
        Ok(Self::Registry { version: version.to_owned(), index })
    }
}

/// Makes the paths of a `[patch]` or `[replace]` table absolute: a patch that is not found is ignored by cargo, in silence.
fn make_absolute(table: &mut Table, root: &Path) -> Result<(), Error> {
    for (key, value) in table {
        match value {
            Value::String(path) if key == "path" => *path = crate::cargo::text(&root.join(&*path))?,
            Value::Table(inner) => make_absolute(inner, root)?,
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runner(workspace: &str) -> Runner {
        let package = UserPackage {
            name: "shop".to_owned(),
            path: "/w/a shop".to_owned(),
            features: vec!["fast".to_owned()],
        };
        Runner {
            name: "swarm-runner-of-shop".to_owned(),
            packages: vec![package],
            source: Source::Path("/s/swarm-runner".to_owned()),
            default_features: true,
            workspace: workspace.parse().expect("valid"),
            root: "/w".into(),
        }
    }

    #[test]
    fn patches_are_absolute_and_profiles_are_copied_without_panic() {
        let workspace = "[patch.crates-io]\nserde = { path = \"../serde\" }\n\
                         [profile.release]\npanic = \"abort\"\nopt-level = 1\n";
        let manifest = runner(workspace).manifest().expect("valid");
        let patch = manifest["patch"]["crates-io"]["serde"]["path"].as_str();
        assert_eq!(patch, Some("/w/../serde"));
        let release = manifest["profile"]["release"].as_table().expect("a table");
        assert_eq!(release.get("opt-level").and_then(Value::as_integer), Some(1));
        assert!(!release.contains_key("panic"));
        assert_eq!(manifest["profile"]["swarm"]["inherits"].as_str(), Some("release"));
        assert_eq!(manifest["dependencies"]["shop"]["path"].as_str(), Some("/w/a shop"));
    }

    #[test]
    fn the_users_own_profile_of_that_name_wins() {
        let manifest = runner("[profile.swarm]\ninherits = \"dev\"\n").manifest().expect("valid");
        assert_eq!(manifest["profile"]["swarm"]["inherits"].as_str(), Some("dev"));
    }

    #[test]
    fn the_runner_comes_from_where_the_core_came_from() {
        let place = Path::new("/nowhere/swarm-core/Cargo.toml");
        let index = "registry+https://github.com/rust-lang/crates.io-index";
        for (source, expected) in [
            (index, Source::Registry { version: "1.2.3".into(), index: None }),
            (
                "registry+https://example.com/index",
                Source::Registry {
                    version: "1.2.3".into(),
                    index: Some("https://example.com/index".into()),
                },
            ),
            (
                "git+https://example.com/swarm?branch=x#abc",
                Source::Git { url: "https://example.com/swarm".into(), revision: "abc".into() },
            ),
        ] {
            assert_eq!(Source::beside("1.2.3", Some(source), place).expect("valid"), expected);
        }
        assert!(Source::beside("1.2.3", None, place).is_err(), "no runner beside a path");
    }
}
