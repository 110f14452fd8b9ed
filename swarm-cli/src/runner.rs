//! Writing a runner below the target folder, and building it.

use crate::args::CargoArgs;
use crate::cargo;
use crate::error::Error;
use crate::locate::{self, Packages};
use crate::manifest::{Runner, Source, UserPackage};
use cargo_metadata::{Message, Package};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use toml::Table;

/// The profile that is used if none is asked for.
const PROFILE: &str = "swarm";

/// Builds the load test of these packages. Returns its program.
pub(crate) fn build(packages: &Packages, args: &CargoArgs) -> Result<PathBuf, Error> {
    let mut command = command();
    if let [package] = packages.selected.as_slice()
        && let Some(binary) = locate::own_binary(package)
    {
        own(&mut command, package, binary, args);
    } else {
        written(&mut command, &write(packages, args)?, args);
    }
    finish(&mut command, &packages.target_directory(args), args)
}

/// Builds a program without user classes, for what needs none. It is kept in cargo's home, where the next call finds it.
pub(crate) fn build_without_classes(args: &CargoArgs) -> Result<PathBuf, Error> {
    let version = env!("CARGO_PKG_VERSION");
    let target = match &args.target_dir {
        Some(given) => std::path::absolute(given).unwrap_or_else(|_| given.clone()),
        None => cargo::home()?.join("swarm").join(version),
    };
    let name = "swarm-without-classes".to_owned();
    let folder = target.join("swarm-runners").join(&name);
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    // Where this program was built from a checkout that is still there, its runner is the one.
    let source = Source::beside(version, None, &own.join("Cargo.toml"))
        .unwrap_or(Source::Registry { version: version.to_owned(), index: None });
    if let (Source::Path(_), Some(checkout)) = (&source, own.parent())
        && let Ok(lock) = std::fs::read_to_string(checkout.join("Cargo.lock"))
    {
        put_lock(&folder, &lock)?;
    }
    let runner = Runner {
        name,
        packages: Vec::new(),
        source,
        default_features: true,
        workspace: Table::new(),
        root: folder.clone(),
    };
    put(&folder.join("Cargo.toml"), &runner.manifest()?.to_string())?;
    put(&folder.join("src").join("main.rs"), &Runner::program(&[]))?;
    let mut command = command();
    written(&mut command, &folder, args);
    finish(&mut command, &target, args)
}

fn command() -> Command {
    let mut command = cargo::command();
    command.arg("build").arg("--message-format=json-render-diagnostics");
    command
}

/// A runner that was written here.
fn written(command: &mut Command, folder: &Path, args: &CargoArgs) {
    command.arg("--manifest-path").arg(folder.join("Cargo.toml"));
    command.args(["--profile", args.profile.as_deref().unwrap_or(PROFILE)]);
}

fn finish(command: &mut Command, target: &Path, args: &CargoArgs) -> Result<PathBuf, Error> {
    command.arg("--target-dir").arg(target);
    if args.offline {
        command.arg("--offline");
    }
    compile(command)
}

/// The program, if it was built before. One that a package has of its own is not told: it may do anything before it hears what it is asked.
pub(crate) fn built(packages: &Packages, args: &CargoArgs) -> Option<PathBuf> {
    if let [package] = packages.selected.as_slice()
        && locate::own_binary(package).is_some()
    {
        return None;
    }
    let folder = match args.profile.as_deref().unwrap_or(PROFILE) {
        "dev" => "debug",
        profile => profile,
    };
    let name = name(&packages.selected, packages.metadata.workspace_root.as_std_path());
    let program = packages.target_directory(args).join(folder).join(name);
    let program = program.with_extension(std::env::consts::EXE_EXTENSION);
    program.is_file().then_some(program)
}

/// A package that has a program of its own is built as it is.
fn own(command: &mut Command, package: &Package, binary: &str, args: &CargoArgs) {
    command.arg("--manifest-path").arg(&package.manifest_path).args(["--bin", binary]);
    command.args(["--profile", args.profile.as_deref().unwrap_or("release")]);
    if !args.features.is_empty() {
        command.arg("--features").arg(args.features.join(","));
    }
    let flags = [
        ("--all-features", args.all_features),
        ("--no-default-features", args.no_default_features),
        ("--locked", args.locked),
    ];
    command.args(flags.into_iter().filter(|(_, given)| *given).map(|(flag, _)| flag));
}

/// Writes the runner's files; those that have not changed are left alone, so that nothing is built twice. Returns its folder.
fn write(packages: &Packages, args: &CargoArgs) -> Result<PathBuf, Error> {
    let root = packages.metadata.workspace_root.clone().into_std_path_buf();
    let read = |path: &Path| {
        std::fs::read_to_string(path)
            .map_err(|error| Error::new(format!("can't read {}: {error}", path.display())))
    };
    let workspace = read(&root.join("Cargo.toml"))?
        .parse::<Table>()
        .map_err(|error| Error::new(format!("{}: {error}", root.join("Cargo.toml").display())))?;
    let core = packages.resolved("swarm-core").ok_or_else(|| {
        Error::new("swarm-core is an optional dependency, and no feature turns it on")
            .help("name the feature: `--features …`")
    })?;
    check_features(&packages.selected, args)?;
    let source = core.source.as_ref().map(|source| source.repr.as_str());
    let runner = Runner {
        name: name(&packages.selected, &root),
        packages: packages.selected.iter().map(|package| user_package(package, args)).collect(),
        source: Source::beside(
            &core.version.to_string(),
            source,
            core.manifest_path.as_std_path(),
        )?,
        default_features: !args.no_default_features,
        workspace,
        root: root.clone(),
    };
    let folder = packages.target_directory(args).join("swarm-runners").join(&runner.name);
    let libraries: Vec<String> = packages.selected.iter().filter_map(locate::library).collect();
    let manifest = runner.manifest()?.to_string();
    put(&folder.join("Cargo.toml"), &manifest)?;
    put(&folder.join("src").join("main.rs"), &Runner::program(&libraries))?;
    if let Ok(text) = std::fs::read_to_string(root.join("Cargo.lock")) {
        put_lock(&folder, &text)?;
    }
    Ok(folder)
}

/// Writes a copy of the user's choice of versions, if that is new; what the runner needs besides, cargo adds to the copy.
fn put_lock(folder: &Path, text: &str) -> Result<(), Error> {
    let lock = folder.join("Cargo.lock");
    if put(&folder.join("Cargo.lock.source"), text)? || !lock.is_file() {
        put(&lock, text)?;
    }
    Ok(())
}

/// A name that is the same at every call, and another one in another workspace that shares the target folder.
fn name(packages: &[Package], root: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    root.hash(&mut hasher);
    let names: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    format!("{}-swarm-{:08x}", names.join("-"), hasher.finish() as u32)
}

/// A feature as it is asked of this package; none if it is not this package's.
fn feature_of(package: &Package, feature: &str) -> Option<String> {
    let has = |name: &str| package.features.contains_key(name);
    match feature.split_once('/') {
        Some((of, feature)) if *of == **package.name && has(feature) => Some(feature.to_owned()),
        Some((of, _)) => {
            let used = package.dependencies.iter().any(|used| used.name == of);
            used.then(|| feature.to_owned())
        }
        None => has(feature).then(|| feature.to_owned()),
    }
}

/// Refuses a feature that none of the packages has: the runner's manifest would leave it out in silence.
fn check_features(packages: &[Package], args: &CargoArgs) -> Result<(), Error> {
    let nobodys = |feature: &&String| packages.iter().all(|it| feature_of(it, feature).is_none());
    let Some(feature) = args.features.iter().find(nobodys) else { return Ok(()) };
    let error = Error::new(format!("no selected package has the feature `{feature}`"));
    Err(packages.iter().fold(error, |error, package| {
        let names: Vec<&str> = package.features.keys().map(String::as_str).collect();
        error.help(format!("features of `{}`: {}", package.name, names.join(", ")))
    }))
}

fn user_package(package: &Package, args: &CargoArgs) -> UserPackage {
    let asked = args.features.iter();
    let mut features: Vec<String> =
        asked.filter_map(|feature| feature_of(package, feature)).collect();
    if args.all_features {
        features = package.features.keys().cloned().collect();
    }
    let folder = package.manifest_path.parent().map(ToString::to_string).unwrap_or_default();
    UserPackage { name: package.name.to_string(), path: folder, features }
}

/// Writes a file if its text is new. Returns whether it was.
fn put(path: &Path, text: &str) -> Result<bool, Error> {
    if std::fs::read_to_string(path).is_ok_and(|known| known == text) {
        return Ok(false);
    }
    let write = || {
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(path, text)
    };
    write().map_err(|error| Error::new(format!("can't write {}: {error}", path.display())))?;
    Ok(true)
}

/// Runs the build, with cargo's own messages on standard error. Returns the program.
fn compile(command: &mut Command) -> Result<PathBuf, Error> {
    let failed = |error: std::io::Error| Error::new(format!("can't run cargo: {error}"));
    let mut cargo = command.stdout(Stdio::piped()).spawn().map_err(failed)?;
    let mut program = None;
    if let Some(output) = cargo.stdout.take() {
        for message in Message::parse_stream(BufReader::new(output)).flatten() {
            if let Message::CompilerArtifact(artifact) = message {
                program = artifact.executable.or(program);
            }
        }
    }
    if !cargo.wait().map_err(failed)?.success() {
        return Err(Error::cargo("build the load test"));
    }
    let program = program.ok_or_else(|| Error::new("cargo built no program"))?;
    Ok(program.into_std_path_buf())
}
