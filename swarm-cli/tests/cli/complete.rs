//! Completion, by a real bash that reads the script.

use crate::real;
use crate::sandbox::{Sandbox, end};
use std::path::Path;
use std::process::Command;

/// What bash offers in a folder for these words, at the end of which the cursor stands; `=` is a word of its own for it.
fn offered(folder: &Path, words: &[&str]) -> Vec<String> {
    bash(folder, "", words)
}

/// The same after these commands.
fn bash(folder: &Path, before: &str, words: &[&str]) -> Vec<String> {
    let program = Path::new(env!("CARGO_BIN_EXE_cargo-swarm"));
    let commands = format!(
        "{before}
         source <(cargo-swarm completions bash)
         source <(cargo-swarm completions bash) # as who opens .bashrc again
         COMP_WORDS=(\"$@\") COMP_CWORD=$(($# - 1))
         known=$(complete -p \"$1\") && known=${{known#* -F }} && ${{known%% *}} \"$1\"
         printf '%s\\n' \"${{COMPREPLY[@]}}\""
    );
    let path = std::env::var("PATH").expect("there is one");
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-c", &commands, "bash"]).args(words);
    command.current_dir(folder).env_remove("CARGO_TARGET_DIR");
    command.env("PATH", format!("{}:{path}", program.parent().expect("a folder").display()));
    let ended = end(&mut command);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{words:?}");
    ended.stdout.lines().map(str::to_owned).filter(|line| !line.is_empty()).collect()
}

#[test]
fn the_script_stands_beside_cargos_own_completion() {
    let sandbox = Sandbox::new();
    let root = sandbox.root();
    let own = "_own() { COMPREPLY=(\"own ${COMP_WORDS[*]}\"); }; complete -F _own cargo";
    assert_eq!(bash(&root, own, &["cargo", "bu"]), ["own cargo bu"]);
    assert_eq!(bash(&root, own, &["cargo", "swarm", "bu"]), ["build"]);
    assert_eq!(bash(&root, "", &["cargo", "bu"]), [""; 0], "bash has names of files for it");
    assert_eq!(bash(&root, "", &["cargo", "+stable", "swarm", "compl"]), ["completions"]);
}

#[test]
fn cargos_part_needs_no_load_test_and_builds_none() {
    let sandbox = Sandbox::new();
    let manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"a\", \"b\", \"plain\"]\n";
    sandbox.file("Cargo.toml", manifest);
    sandbox.users("a", "users-a");
    let features = format!("[features]\nchaos = []\ncalm = []\n{}", sandbox.core());
    sandbox.package("b", "users-b", &features, "");
    sandbox.package("plain", "plain", "", "");
    let root = sandbox.root();
    for (words, expected) in [
        ("cargo swarm ", "try build runs compare completions"),
        ("cargo-swarm ", "try build runs compare completions"),
        ("cargo swarm completions ", "bash zsh fish powershell elvish"),
        ("cargo swarm completions z", "zsh"),
        ("cargo swarm --man", "--manifest-path"),
        ("cargo swarm -p ", "users-a users-b"),
        ("cargo swarm --package = users-", "users-a users-b"),
        ("cargo swarm -p users-b -F c", "calm chaos"),
        ("cargo swarm -p users-b --headless --features = ", "calm chaos"),
        ("cargo swarm --profile r", "release"),
        ("cargo swarm --target-dir ", ""),
        ("cargo swarm build --off", "--offline"),
        ("cargo swarm nonsense", ""),
    ] {
        let split: Vec<&str> = words.split(' ').collect();
        assert_eq!(offered(&root, &split).join(" "), expected, "{words}");
    }
    assert!(!root.join("target").exists(), "nothing is built by a key");
}

#[test]
fn a_load_test_that_is_built_tells_its_options_settings_and_classes() {
    let folder = real::workspace();
    for package in ["visitors", "customers"] {
        let ended = real::swarm(&format!("-p {package} --list-classes"));
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
    for (package, words, expected) in [
        ("visitors", "--us", "--users-of --users --user-iterations"),
        ("visitors", "-u 5 --pro", "--profile"),
        ("visitors", "V", "Visitor"),
        ("visitors", "try V", "Visitor"),
        ("visitors", "try Visitor --tas", "--task"),
        ("visitors", "try Visitor --task ", "visit"),
        ("visitors", "--class ", "Visitor"),
        ("visitors", "--class = V", "Visitor"),
        ("visitors", "--users-of ", "Visitor="),
        ("visitors", "-u 5 --format ", "text json"),
        ("visitors", "-p customers --class ", "Customer Vip"),
        ("customers", "--ke", "--keep-runs --key"),
        ("customers", "--host ", ""),
    ] {
        let line = format!("cargo swarm --profile dev --target-dir ../target {words}");
        let split: Vec<&str> = line.split(' ').collect();
        let found = offered(&folder.join(package), &split).join(" ");
        assert_eq!(found, expected, "{words}");
    }
}

#[test]
fn a_program_of_its_own_is_not_started_by_a_key() {
    let sandbox = Sandbox::new();
    let dependencies = sandbox.dependencies(&["swarm-core", "swarm-runner"]);
    sandbox.package("own", "own", &dependencies, "");
    let code =
        "fn main() -> std::process::ExitCode { println!(\"--started\"); swarm_runner::main() }";
    sandbox.file("own/src/main.rs", code);
    assert_eq!(sandbox.swarm("own", "").code, Some(0));
    assert_eq!(offered(&sandbox.root().join("own"), &["cargo", "swarm", "--st"]), [""; 0]);
}

#[test]
fn each_shell_has_its_script_and_others_are_told() {
    let sandbox = Sandbox::new();
    for (shell, part) in [
        ("bash", "complete -o bashdefault"),
        ("zsh", "#compdef cargo-swarm"),
        ("fish", "complete -c cargo-swarm"),
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "edit:completion:arg-completer"),
    ] {
        let ended = sandbox.swarm("", &format!("swarm completions {shell}"));
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
        assert!(ended.stdout.contains(part), "{shell}");
    }
    sandbox.swarm("", "completions tcsh").refused(&["shell `tcsh`", "bash, zsh, fish"]);
    sandbox.swarm("", "completions").refused(&["needs the name of a shell", "completions bash"]);
}
