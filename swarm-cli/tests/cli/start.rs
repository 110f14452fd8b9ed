//! Building and starting the load test.

use crate::sandbox::{Sandbox, end, ended};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::process::Command;

fn shop() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.users("shop", "shop");
    sandbox
}

#[test]
fn arguments_reach_the_load_test_as_they_are() {
    let sandbox = shop();
    let mut command = sandbox.command("shop");
    command.args(["swarm", "--offline", "-u", "50", "--name", "two words", "", "--help-me=$HOME"]);
    command.arg(OsStr::from_bytes(b"\xff")).args(["--", "-p", "--offline", "--"]);
    let expected = [
        "-u",
        "50",
        "--name",
        "two words",
        "",
        "--help-me=$HOME",
        "\\xff",
        "-p",
        "--offline",
        "--",
    ];
    assert_eq!(end(&mut command).said("arguments"), expected.join("|"));
}

#[test]
fn its_exit_code_is_ours() {
    let sandbox = shop();
    for code in [0, 1, 3, 42] {
        let ended = end(sandbox.command("shop").env("STAND_IN_EXIT", code.to_string()));
        assert_eq!(ended.code, Some(code), "{}", ended.stderr);
    }
}

#[test]
fn errors_of_the_build_are_cargos_own() {
    let sandbox = Sandbox::new();
    sandbox.package("shop", "shop", &sandbox.core(), "fn broken( {}");
    sandbox.swarm("shop", "-u 5").refused(&["src/lib.rs:1", "could not compile `shop`"]);
    sandbox.file("shop/Cargo.toml", "[package\n");
    sandbox.swarm("shop", "").refused(&["Cargo.toml:1"]);
}

#[test]
fn nothing_is_built_twice_and_an_edit_builds_only_what_it_must() {
    let sandbox = shop();
    let compiled = |ended: &crate::sandbox::Ended| -> Vec<String> {
        let lines = ended.stderr.lines().filter_map(|line| line.trim().strip_prefix("Compiling "));
        lines.map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect()
    };
    let first = sandbox.swarm("shop", "");
    assert!(compiled(&first).contains(&"swarm-runner".to_owned()), "{}", first.stderr);
    assert_eq!(compiled(&sandbox.swarm("shop", "-u 9")), [""; 0]);
    sandbox.file("shop/src/lib.rs", "pub fn new_here() {}");
    let edited = compiled(&sandbox.swarm("shop", ""));
    assert_eq!(edited.len(), 2, "{edited:?}");
    assert!(edited[0] == "shop" && edited[1].starts_with("shop-swarm-"), "{edited:?}");
}

#[test]
fn a_package_with_a_program_of_its_own_is_run_as_it_is() {
    let sandbox = Sandbox::new();
    let dependencies = sandbox.dependencies(&["swarm-core", "swarm-runner"]);
    let manifest = format!(
        "[package]\nname = \"own\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{dependencies}"
    );
    sandbox.file("own/Cargo.toml", &manifest);
    sandbox.file(
        "own/src/main.rs",
        "fn main() -> std::process::ExitCode { println!(\"own: yes\"); swarm_runner::main() }",
    );
    let ended = sandbox.swarm("own", "--profile dev -u 5");
    assert_eq!((ended.said("own"), ended.said("arguments")), ("yes", "-u|5"));
    assert!(!sandbox.root().join("own/target/swarm-runners").exists(), "no runner is written");
}

#[test]
fn of_several_programs_the_one_that_cargo_would_run_is_run() {
    let sandbox = Sandbox::new();
    let dependencies = sandbox.dependencies(&["swarm-core", "swarm-runner"]);
    sandbox.package("own", "own", &format!("default-run = \"second\"\n{dependencies}"), "");
    for name in ["first", "second"] {
        let code = format!(
            "fn main() -> std::process::ExitCode {{ println!(\"own: {name}\"); swarm_runner::main() }}"
        );
        sandbox.file(&format!("own/src/bin/{name}.rs"), &code);
    }
    assert_eq!(sandbox.swarm("own", "--profile dev").said("own"), "second");
}

#[test]
fn paths_may_have_spaces_and_the_target_folder_may_be_elsewhere() {
    let sandbox = Sandbox::new();
    sandbox.users("my load tests/the shop", "shop");
    let ended = sandbox.swarm("my load tests/the shop", "");
    assert_eq!(ended.said("SWARM_PACKAGES"), "shop", "{}", ended.stderr);
    let mut command = sandbox.command("my load tests/the shop");
    let ended = end(command.args(["--target-dir", "else where"]));
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(sandbox.root().join("my load tests/the shop/else where/swarm-runners").is_dir());
}

#[test]
fn the_load_test_can_be_left_as_a_file() {
    let sandbox = shop();
    sandbox.swarm("shop", "build").refused(&["`build` needs `-o FILE`"]);
    let ended = sandbox.swarm("shop", "build -o ../load-test");
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), ""), "{}", ended.stderr);
    let output = Command::new(sandbox.root().join("load-test")).args(["-u", "5"]).output();
    assert_eq!(ended_of(output).said("arguments"), "-u|5");
}

fn ended_of(output: std::io::Result<std::process::Output>) -> crate::sandbox::Ended {
    ended(output.expect("it is a program"))
}

#[test]
fn cargo_finds_the_command_in_the_path() {
    let sandbox = shop();
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_cargo-swarm"));
    let folder = program.parent().expect("a folder");
    let path = std::env::var("PATH").expect("there is one");
    let mut command = Command::new("cargo");
    command.args(["swarm", "-u", "5"]).current_dir(sandbox.root().join("shop"));
    command.env("PATH", format!("{}:{path}", folder.display())).env_remove("CARGO_TARGET_DIR");
    let ended = end(&mut command);
    assert_eq!(ended.said("arguments"), "-u|5");
    assert_eq!(
        ended.said("CARGO_PKG_NAME"),
        "",
        "what cargo says of one program is not said of another"
    );
}

#[test]
fn help_and_version_need_no_crate() {
    let sandbox = Sandbox::new();
    for words in ["--help", "-h", "swarm --help", "build --help"] {
        let ended = sandbox.swarm("", words);
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
        assert!(ended.stdout.contains("cargo swarm build -o FILE"), "{}", ended.stdout);
    }
    let ended = sandbox.swarm("", "--version");
    assert_eq!(ended.stdout, concat!("cargo-swarm ", env!("CARGO_PKG_VERSION"), "\n"));
    // Where there is a load test, it has the word.
    let sandbox = shop();
    assert_eq!(sandbox.swarm("shop", "--help").said("arguments"), "--help");
}
