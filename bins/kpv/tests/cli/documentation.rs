//! The reference page is about this program.

use std::collections::BTreeSet;

use crate::support::Lab;

const PAGE: &str = include_str!("../../../../docs/kpv.md");

/// Each block of `console` is a session in a fresh home: after `$ ` a line for a shell, then what it
/// prints on both streams.
#[test]
fn sessions_happen_as_they_are_shown() {
    let blocks: Vec<&str> = PAGE
        .split("```console\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    assert!(!blocks.is_empty());
    for block in blocks {
        let lab = Lab::new();
        let mut shown = String::new();
        let mut script = String::from("exec 2>&1\n");
        for line in block.lines() {
            if let Some(command) = line.strip_prefix("$ ") {
                let quoted = command.replace('\'', "'\\''");
                script.extend(["printf '%s\\n' '$ ", &quoted, "'\n", command, "\n"]);
            }
        }
        shown.push_str(&lab.sh(&script).stdout);
        assert_eq!(shown, block);
    }
}

#[test]
fn every_command_is_on_the_page() {
    let help = Lab::empty().kpv(&["--help"]).success().stdout;
    let commands = help
        .split("\nCommands:\n")
        .nth(1)
        .unwrap()
        .split("\n\n")
        .next()
        .unwrap();
    let commands: BTreeSet<&str> = commands
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    for command in commands.iter().filter(|command| **command != "help") {
        assert!(
            PAGE.contains(&format!("`{command}")),
            "`{command}` is not on the page"
        );
    }
}
