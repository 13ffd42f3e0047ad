//! The whole tree of `--help`: a change of an option shows up in review.

use crate::support::Test;

#[test]
fn the_help_of_everything() {
    let commands: &[&[&str]] = &[
        &[],
        &["list"],
        &["explain"],
        &["check"],
        &["task"],
        &["task", "list"],
        &["config"],
        &["config", "set"],
        &["config", "get"],
        &["config", "rm"],
        &["context"],
        &["context", "use"],
        &["context", "get"],
        &["context", "rm"],
        &["workspace"],
        &["workspace", "ls"],
        &["self"],
        &["self", "check"],
        &["self", "explain"],
        &["completion"],
    ];
    let help = |command: &&[&str]| {
        let ran = Test::new()
            .args(command.iter().copied())
            .args(["--help"])
            .output();
        assert_eq!(
            (ran.stderr.as_str(), ran.status),
            ("", 0),
            "{command:?}: {}",
            ran.all()
        );
        let line = [command, &["--help"][..]].concat().join(" ");
        format!("$ cast {line}\n{}\n", ran.stdout)
    };
    let all: String = commands.iter().map(help).collect();
    insta::assert_snapshot!(all);
}

#[test]
fn short_and_long_help_are_the_same_and_need_no_castfile() {
    for args in [
        &["-h"][..],
        &["list", "-h"],
        &["config", "-h"],
        &["exec", "--help"],
        &["run", "--help"],
    ] {
        let ran = Test::new().args(args.iter().copied()).output();
        assert_eq!(
            (ran.stderr.as_str(), ran.status),
            ("", 0),
            "{args:?}: {}",
            ran.all()
        );
        assert!(
            ran.stdout.contains("Usage: cast"),
            "{args:?}: {}",
            ran.all()
        );
    }
}
