//! Finding the packages with the user classes.

use crate::args::CargoArgs;
use crate::cargo;
use crate::error::Error;
use cargo_metadata::{CargoOpt, Metadata, MetadataCommand, Package, PackageId, TargetKind};
use std::path::PathBuf;

/// The packages whose classes are run, and the workspace they are in.
pub(crate) struct Packages {
    pub(crate) metadata: Metadata,
    /// At least one.
    pub(crate) selected: Vec<Package>,
}

/// Finds them: those that `-p` names, or the one of the current folder, or the only one there is.
pub(crate) fn packages(args: &CargoArgs) -> Result<Packages, Error> {
    let metadata = metadata(args, &[])?;
    let candidates: Vec<&Package> = metadata
        .workspace_packages()
        .into_iter()
        .filter(|package| uses(package, "swarm-core"))
        .collect();
    let selected = if !args.packages.is_empty() {
        let mut names: Vec<&String> = Vec::new();
        for name in &args.packages {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.into_iter().map(|name| named(&metadata, name)).collect::<Result<Vec<_>, _>>()?
    } else if let Some(root) = current(&metadata, args) {
        vec![root.clone()]
    } else {
        match candidates.as_slice() {
            [] => return Err(nothing(&metadata)),
            [only] => vec![(*only).clone()],
            several => return Err(choose(several)),
        }
    };
    for package in &selected {
        check(package, &candidates, selected.len() == 1)?;
    }
    let found = Packages { metadata, selected };
    // An optional swarm-core is resolved only together with a feature that turns it on.
    let asked = asked(&found.selected, args);
    if asked.is_empty() || found.resolved("swarm-core").is_some() {
        return Ok(found);
    }
    Ok(Packages { metadata: self::metadata(args, &asked)?, ..found })
}

/// Names of the packages that have user classes, or may have.
pub(crate) fn with_users(args: &CargoArgs) -> Result<Vec<String>, Error> {
    let metadata = metadata(args, &[])?;
    let packages = metadata.workspace_packages().into_iter();
    let users = packages.filter(|package| uses(package, "swarm-core"));
    Ok(users.map(|package| package.name.to_string()).collect())
}

/// The features that are asked for and there, each with its package, as cargo takes them for several packages.
fn asked(packages: &[Package], args: &CargoArgs) -> Vec<String> {
    let of = |package: &Package| -> Vec<String> {
        let has = |feature: &&str| package.features.contains_key(*feature);
        let own = args.features.iter().filter_map(|feature| match feature.split_once('/') {
            Some((of, feature)) => (of == package.name.as_str()).then_some(feature),
            None => Some(feature.as_str()),
        });
        own.filter(has).map(|feature| format!("{}/{feature}", package.name)).collect()
    };
    packages.iter().flat_map(of).collect()
}

fn metadata(args: &CargoArgs, features: &[String]) -> Result<Metadata, Error> {
    let mut command = MetadataCommand::new();
    command.cargo_path(cargo::path());
    if let Some(path) = &args.manifest_path {
        command.manifest_path(path);
    }
    if args.all_features {
        command.features(CargoOpt::AllFeatures);
    }
    if !features.is_empty() {
        command.features(CargoOpt::SomeFeatures(features.to_vec()));
    }
    let flags = [("--offline", args.offline), ("--locked", args.locked)];
    let flags = flags.into_iter().filter(|(_, given)| *given).map(|(flag, _)| flag);
    // Crates for other platforms are not built here, so they need not be downloaded.
    let options = ["--filter-platform", "host-tuple"].into_iter().chain(flags);
    command.other_options(options.map(str::to_owned).collect::<Vec<_>>());
    command.exec().map_err(|error| match error {
        // Cargo's own words, which begin with `error: ` as ours do.
        cargo_metadata::Error::CargoMetadata { stderr } => {
            let text = stderr.trim();
            Error::new(text.strip_prefix("error: ").unwrap_or(text))
        }
        other => Error::new(format!("can't read the workspace: {other}")),
    })
}

fn named(metadata: &Metadata, name: &str) -> Result<Package, Error> {
    let packages = metadata.workspace_packages();
    let found = packages.iter().find(|package| *package.name == *name);
    found.map(|package| (**package).clone()).ok_or_else(|| {
        let names: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
        Error::new(format!("no package `{name}` in this workspace"))
            .help(format!("there are: {}", names.join(", ")))
    })
}

/// The package of the current folder or of `--manifest-path`; a workspace without one has none.
fn current<'a>(metadata: &'a Metadata, args: &CargoArgs) -> Option<&'a Package> {
    let manifest = match &args.manifest_path {
        Some(path) => std::fs::canonicalize(path).ok()?,
        None => {
            let folder = std::env::current_dir().ok()?;
            let found = folder.ancestors().map(|folder| folder.join("Cargo.toml"));
            std::fs::canonicalize(found.into_iter().find(|path| path.is_file())?).ok()?
        }
    };
    let same = |package: &&Package| {
        std::fs::canonicalize(&package.manifest_path).is_ok_and(|path| path == manifest)
    };
    metadata.packages.iter().find(same)
}

/// Whether a package depends on another one directly, under whatever name.
pub(crate) fn uses(package: &Package, other: &str) -> bool {
    package.dependencies.iter().any(|dependency| dependency.name == other)
}

/// The binary of a package that is its own runner: the one that `cargo run` would take, or the first.
pub(crate) fn own_binary(package: &Package) -> Option<&str> {
    let first = package.targets.iter().find(|target| target.is_kind(TargetKind::Bin))?;
    let name = package.default_run.as_deref().unwrap_or(&first.name);
    uses(package, "swarm-runner").then_some(name)
}

/// Name of a package's library, as code names it.
pub(crate) fn library(package: &Package) -> Option<String> {
    let is_library = |kind: &TargetKind| matches!(kind, TargetKind::Lib | TargetKind::RLib);
    let library = package.targets.iter().find(|target| target.kind.iter().any(is_library))?;
    Some(library.name.replace('-', "_"))
}

fn check(package: &Package, candidates: &[&Package], alone: bool) -> Result<(), Error> {
    // Beside others its program is not run, and only a library can be linked with theirs.
    if alone && own_binary(package).is_some() {
        return Ok(());
    }
    let place = &package.manifest_path;
    if !uses(package, "swarm-core") {
        let error = Error::new(format!(
            "package `{}` has no user classes: it does not depend on swarm-core ({place})",
            package.name
        ));
        return Err(match candidates {
            [] => error.help("add it: `cargo add swarm-core`"),
            others => error.help(format!("these do: {}; choose one with -p", names(others))),
        });
    }
    if library(package).is_none() {
        let error = Error::new(format!("package `{}` has no library ({place})", package.name));
        return Err(error.help("user classes live in a library: put them into src/lib.rs"));
    }
    Ok(())
}

fn names(packages: &[&Package]) -> String {
    packages.iter().map(|package| package.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn nothing(metadata: &Metadata) -> Error {
    let looked: Vec<&Package> = metadata.workspace_packages();
    let message = format!(
        "no package of this workspace depends on swarm-core; looked at: {}",
        names(&looked)
    );
    Error::new(message).help("add it to the one with your users: `cargo add swarm-core -p NAME`")
}

fn choose(several: &[&Package]) -> Error {
    let first = several.first().map_or("NAME", |package| package.name.as_str());
    Error::new(format!("several packages have user classes: {}", names(several)))
        .help(format!("choose one or more: `cargo swarm -p {first}`"))
}

impl Packages {
    /// A package that the selected ones depend on, by name, as it was resolved.
    pub(crate) fn resolved(&self, name: &str) -> Option<&Package> {
        let resolve = self.metadata.resolve.as_ref()?;
        let selected: Vec<&PackageId> = self.selected.iter().map(|package| &package.id).collect();
        let nodes = resolve.nodes.iter().filter(|node| selected.contains(&&node.id));
        let used: Vec<&PackageId> = nodes.flat_map(|node| &node.dependencies).collect();
        self.metadata
            .packages
            .iter()
            .find(|package| *package.name == *name && used.contains(&&package.id))
    }

    /// Where all build artifacts go.
    pub(crate) fn target_directory(&self, args: &CargoArgs) -> PathBuf {
        let given = args.target_dir.clone().map(|path| std::path::absolute(&path).unwrap_or(path));
        given.unwrap_or_else(|| self.metadata.target_directory.clone().into_std_path_buf())
    }
}
