//! Which packages are run, and how they are built.

use crate::sandbox::Sandbox;

/// A workspace with two packages of users, one without, and one that is no library.
fn workspace() -> Sandbox {
    let sandbox = Sandbox::new();
    let members =
        "[workspace]\nresolver = \"3\"\nmembers = [\"a\", \"b\", \"plain\", \"program\"]\n";
    sandbox.file("work/Cargo.toml", members);
    sandbox.users("work/a", "users-a");
    sandbox.users("work/b", "users-b");
    sandbox.package("work/plain", "plain", "", "");
    sandbox.file(
        "work/program/Cargo.toml",
        &format!("[package]\nname = \"program\"\nversion = \"0.1.0\"\n{}", sandbox.core()),
    );
    sandbox.file("work/program/src/main.rs", "fn main() {}");
    sandbox
}

#[test]
fn a_plain_crate_is_run_where_one_stands() {
    let sandbox = Sandbox::new();
    sandbox.users("shop", "shop");
    sandbox.file("shop/src/deep/er/mod.rs", "");
    for folder in ["shop", "shop/src/deep/er"] {
        let ended = sandbox.swarm(folder, "-u 5");
        assert_eq!(ended.said("SWARM_PACKAGES"), "shop");
        assert_eq!(ended.said("folder"), sandbox.root().join(folder).display().to_string());
        assert_eq!(
            ended.said("SWARM_PACKAGE_DIR"),
            sandbox.root().join("shop").display().to_string()
        );
        let runs = sandbox.root().join("shop/target/swarm-runs").display().to_string();
        assert_eq!(ended.said("SWARM_RUNS_DIR"), runs);
    }
    let elsewhere = sandbox.swarm("shop", "--target-dir other");
    let runs = sandbox.root().join("shop/other/swarm-runs").display().to_string();
    assert_eq!(elsewhere.said("SWARM_RUNS_DIR"), runs);
}

#[test]
fn packages_of_a_workspace_are_selected_as_cargo_selects_them() {
    let sandbox = workspace();
    for (folder, words, packages) in [
        ("work/a", "", "users-a"),
        ("work", "-p users-b", "users-b"),
        ("work/a", "-p users-b", "users-b"),
        ("work", "-p users-b -p users-a", "users-b,users-a"),
        ("work", "-p users-b -p users-b", "users-b"),
        ("", "--manifest-path work/b/Cargo.toml", "users-b"),
        ("", "--manifest-path work/Cargo.toml --package=users-a", "users-a"),
    ] {
        assert_eq!(sandbox.swarm(folder, words).said("SWARM_PACKAGES"), packages, "{words}");
    }
}

#[test]
fn the_only_package_with_users_needs_no_name() {
    let sandbox = Sandbox::new();
    sandbox.file("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"a\", \"plain\"]\n");
    sandbox.users("a", "users-a");
    sandbox.package("plain", "plain", "", "");
    assert_eq!(sandbox.swarm("", "").said("SWARM_PACKAGES"), "users-a");
}

#[test]
fn what_can_not_be_selected_is_explained() {
    let sandbox = workspace();
    for (folder, words, parts) in [
        (
            "work",
            "",
            &["several packages have user classes: program, users-a, users-b", "cargo swarm -p"][..],
        ),
        ("work", "-p users-c", &["no package `users-c`", "there are: ", "users-a"]),
        (
            "work/plain",
            "",
            &["`plain` has no user classes", "these do: ", "users-a", "choose one with -p"],
        ),
        ("work", "-p program", &["`program` has no library", "src/lib.rs"]),
        ("", "", &["could not find `Cargo.toml`"]),
        ("", "--manifest-path nowhere/Cargo.toml", &["nowhere/Cargo.toml"]),
    ] {
        sandbox.swarm(folder, words).refused(parts);
    }
    let alone = Sandbox::new();
    alone.package("plain", "plain", "", "");
    alone.swarm("plain", "").refused(&["does not depend on swarm-core", "cargo add swarm-core"]);
}

#[test]
fn a_program_beside_other_packages_is_refused_as_its_classes_can_not_be_linked() {
    let sandbox = workspace();
    let runs_itself = sandbox.dependencies(&["swarm-core", "swarm-runner"]);
    sandbox.file(
        "work/program/Cargo.toml",
        &format!("[package]\nname = \"program\"\nversion = \"0.1.0\"\n{runs_itself}"),
    );
    let parts = ["`program` has no library", "src/lib.rs"];
    sandbox.swarm("work", "-p users-a -p program").refused(&parts);
}

#[test]
fn features_and_profiles_reach_the_build() {
    let sandbox = Sandbox::new();
    let features = "[features]\ndefault = [\"calm\"]\ncalm = []\nchaos = []\nharm = []\n";
    let manifest = format!("{features}{}", sandbox.core());
    // What is on is told by a warning of the compiler.
    let code = r#"
        #[cfg(feature = "calm")] #[deprecated(note = "calm is on")] pub fn calm() {}
        #[cfg(feature = "chaos")] #[deprecated(note = "chaos is on")] pub fn chaos() {}
        #[cfg(feature = "harm")] #[deprecated(note = "harm is on")] pub fn harm() {}
        #[cfg(debug_assertions)] #[deprecated(note = "debug is on")] pub fn debug() {}
        pub fn tell() {
            #[cfg(feature = "calm")] calm();
            #[cfg(feature = "chaos")] chaos();
            #[cfg(feature = "harm")] harm();
            #[cfg(debug_assertions)] debug();
        }
    "#;
    sandbox.package("shop", "shop", &manifest, code);
    for (words, on) in [
        ("", &["calm"][..]),
        ("--features chaos", &["calm", "chaos"]),
        ("--features=chaos,harm --no-default-features", &["chaos", "harm"]),
        ("-F shop/harm", &["calm", "harm"]),
        ("--all-features", &["calm", "chaos", "harm"]),
        ("--profile dev", &["calm", "debug"]),
        ("--profile release", &["calm"]),
    ] {
        let ended = sandbox.swarm("shop", words);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        for name in ["calm", "chaos", "harm", "debug"] {
            let told = ended.stderr.contains(&format!("{name} is on"));
            assert_eq!(told, on.contains(&name), "{words}: {}", ended.stderr);
        }
    }
    sandbox
        .swarm("shop", "--features nonsense")
        .refused(&["feature `nonsense`", "of `shop`: calm, chaos"]);
    sandbox.swarm("shop", "--profile nonsense").refused(&["profile `nonsense` is not defined"]);
}

#[test]
fn swarm_core_may_be_optional() {
    let sandbox = Sandbox::new();
    sandbox.file("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"shop\"]\n");
    let core = sandbox.root().join("stand-ins/swarm-core");
    let manifest = format!(
        "[features]\nload = [\"dep:swarm-core\"]\n[dependencies]\n\
         swarm-core = {{ path = \"{}\", optional = true }}\n",
        core.display()
    );
    sandbox.package("shop", "shop", &manifest, "");
    sandbox.swarm("", "").refused(&["no feature turns it on", "--features"]);
    for words in ["--features load", "-F shop/load", "-p shop --features=load", "--all-features"] {
        for folder in ["", "shop"] {
            let ended = sandbox.swarm(folder, words);
            assert_eq!(ended.code, Some(0), "{words} in {folder:?}: {}", ended.stderr);
        }
    }
    sandbox.swarm("", "--features nonsense").refused(&["no feature turns it on"]);
}

#[test]
fn the_users_own_profiles_and_patches_hold() {
    let sandbox = Sandbox::new();
    // The patch is a relative path, which leads nowhere from the runner's folder.
    sandbox.package("helper", "helper", "", "pub const WHICH: &str = \"patched\";");
    let manifest = format!(
        "[workspace]\nmembers = [\".\"]\n[profile.quick]\ninherits = \"dev\"\npanic = \"abort\"\n\
         [patch.crates-io]\nhelper = {{ path = \"../helper\" }}\n{}helper = \"0.1\"\n",
        sandbox.core()
    );
    let code = "const _: () = assert!(helper::WHICH.len() == 7);";
    sandbox.package("shop", "shop", &manifest, code);
    let ended = sandbox.swarm("shop", "--profile quick --offline");
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(ended.said("SWARM_PACKAGES"), "shop");
}

#[test]
fn a_locked_workspace_stays_as_it_is() {
    let sandbox = Sandbox::new();
    sandbox.users("shop", "shop");
    sandbox.swarm("shop", "--locked --offline").refused(&["lock file"]);
    assert_eq!(sandbox.swarm("shop", "--offline").code, Some(0), "which writes the lock file");
    let lock = || std::fs::read_to_string(sandbox.root().join("shop/Cargo.lock")).expect("written");
    let before = lock();
    assert_eq!(sandbox.swarm("shop", "--locked --offline").code, Some(0));
    assert_eq!(sandbox.swarm("shop", "--frozen").code, Some(0));
    assert_eq!(lock(), before);
    assert!(!before.contains("swarm-runner"), "the runner is no business of the workspace's");
}
