//! The help of everything, so that a change of the command line shows.

use crate::support::Lab;

#[test]
fn the_help_of_everything() {
    let lab = Lab::empty();
    let mut all = String::new();
    let mut rest: Vec<Vec<String>> = vec![Vec::new()];
    while let Some(path) = rest.pop() {
        let words: Vec<&str> = path.iter().map(String::as_str).chain(["--help"]).collect();
        let help = lab.kpv(&words).success().stdout;
        if path.first().map(String::as_str) != Some("secrets") || path.len() == 1 {
            all.extend(["$ kpv ", &words.join(" "), "\n", &help, "\n"]);
            let commands = help.split("\nCommands:\n").nth(1).unwrap_or_default();
            let commands = commands.split("\n\n").next().unwrap_or_default();
            let names = commands
                .lines()
                .filter_map(|line| line.split_whitespace().next());
            let mut below: Vec<_> = names
                .filter(|name| *name != "help")
                .map(|name| [&path[..], &[name.to_owned()]].concat())
                .collect();
            below.reverse();
            rest.extend(below);
        }
    }
    insta::assert_snapshot!(all);
}

#[test]
fn no_command_is_help_and_versions_are_told() {
    let lab = Lab::empty();
    let help = lab.kpv(&[]).success();
    assert!(help.stdout.contains("Usage: kpv"), "{}", help.stdout);
    let version = format!("{}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(lab.kpv(&["version"]).success().stdout, version);
    assert_eq!(
        lab.kpv(&["--version"]).success().stdout,
        format!("kpv {version}")
    );
    for shell in ["bash", "zsh", "fish", "powershell"] {
        assert!(
            lab.kpv(&["completion", shell])
                .success()
                .stdout
                .contains("kpv")
        );
    }
}
