//! Completion: the scripts in real shells, and the words they ask for.

use std::process::Command;

use crate::support::{Test, optional_program};

fn lab() -> Test {
    Test::new()
        .castfile(
            "
            workspace: {aliases: {main: ./compose/main}}
            config: {contexts: [staging]}
            subcmds: [db]
            tasks:
              up: {desc: \"Bring it up\\nSecond line\", run: echo}
              up:prod: {desc: In production, run: echo}
              down: echo
              db:dump: {desc: Dump, run: echo}
            ",
        )
        .file(
            "compose/main/castfile",
            "tasks: {web: {desc: The web, run: echo}}",
        )
        .file("eng/castfile", "tasks: {load-prod: echo}")
}

/// The words offered for the last of `words`.
#[track_caller]
fn offered(words: &[&str]) -> Vec<String> {
    let ran = lab()
        .args(["__complete", "--"])
        .args(words.iter().copied())
        .output();
    assert_eq!(
        (ran.stderr.as_str(), ran.status),
        ("", 0),
        "{words:?}: {}",
        ran.all()
    );
    ran.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn words_are_offered_where_they_may_stand() {
    for (words, expected) in [
        (
            &["u"][..],
            &["up\tBring it up …", "up:prod\tIn production"][..],
        ),
        (&["up:"], &["up:prod\tIn production"]),
        (&["dow"], &["down"]),
        (
            &["down", "u"],
            &["up\tBring it up …", "up:prod\tIn production"],
        ),
        (&["lis"], &["list\tList the tasks"]),
        // Commands stand first only.
        (&["up", "lis"], &[]),
        (&["@"], &["@main\tcompose/main", "@eng\teng"]),
        (&["@m"], &["@main\tcompose/main"]),
        (&["up", "@m"], &["@main\tcompose/main"]),
        (&["@main", "we"], &["web\tThe web"]),
        (&["@main", "@eng", "lo"], &["load-prod"]),
        (&["-p", "m"], &["main\tcompose/main"]),
        (&["-p", "main", "we"], &["web\tThe web"]),
        (&["-c", ""], &["staging", "prod"]),
        (&["up", "-c", "p"], &["prod"]),
        (
            &["run", "u"],
            &["up\tBring it up …", "up:prod\tIn production"],
        ),
        (&["explain", "dow"], &["down"]),
        (
            &["--dry"],
            &["--dry-run\tShow what would be done, and do nothing"],
        ),
        (&["zzz"], &[]),
    ] {
        assert_eq!(offered(words), expected, "{words:?}");
    }
    let all = offered(&[""]);
    for word in ["up", "list", "check", "@main"] {
        assert!(
            all.iter().any(|line| line.split('\t').next() == Some(word)),
            "{word}: {all:?}"
        );
    }
    assert!(
        !all.iter()
            .any(|line| line.starts_with("__complete") || line.starts_with("ssh")),
        "{all:?}"
    );
}

#[test]
fn words_of_commands_and_values_of_options() {
    for (words, expected) in [
        (&["config", ""][..], &["set", "get", "rm"][..]),
        (&["context", "u"], &["use"]),
        (&["completion", ""], &["bash", "zsh", "fish", "powershell"]),
        (&["task", "r"], &["run"]),
        (&["workspace", ""], &["ls"]),
        (&["--color", ""], &["auto", "always", "never"]),
        (&["db", "d"], &["dump"]),
    ] {
        let found = offered(words);
        let found: Vec<_> = found
            .iter()
            .map(|line| line.split('\t').next().unwrap())
            .collect();
        assert_eq!(found, expected, "{words:?}");
    }
}

#[test]
fn where_there_is_nothing_nothing_fails() {
    Test::new().args(["__complete", "--", "@x", "y"]).run();
    Test::new()
        .castfile("tasks: [broken")
        .args(["__complete", "--", "zzz"])
        .run();
    Test::new().args(["__complete"]).run();
    Test::new().args(["__complete", "--"]).run();
}

/// What bash offers for a line, its words broken as bash breaks them.
#[track_caller]
fn in_bash(line: &str) -> Vec<String> {
    let driver = r#"
        eval "$(cast completion bash)"
        # As readline does: words are broken at COMP_WORDBREAKS, colons among them.
        line=$1
        COMP_LINE=$line COMP_POINT=${#line} COMP_WORDS=() COMP_TYPE=9 COMP_KEY=9
        word=
        for ((i = 0; i < ${#line}; i++)); do
            c=${line:i:1}
            case $c in
                ' ') [ -n "$word" ] && COMP_WORDS+=("$word"); word= ;;
                [:=]) [ -n "$word" ] && COMP_WORDS+=("$word"); COMP_WORDS+=("$c"); word= ;;
                *) word+=$c ;;
            esac
        done
        last=${line: -1}
        if [ -n "$word" ] || [ "$last" = ' ' ]; then COMP_WORDS+=("$word"); fi
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        spec=$(complete -p cast)
        fn=${spec#*-F }; fn=${fn%% *}
        "$fn" cast "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let ran = lab()
        .program("bash")
        .args(["--noprofile", "--norc", "-c", driver, "_", line])
        .output();
    assert_eq!(ran.stderr, "", "{line}");
    ran.stdout
        .lines()
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn bash_completes() {
    assert_eq!(in_bash("cast dow"), ["down"]);
    assert_eq!(in_bash("cast @m"), ["@main"]);
    assert_eq!(in_bash("cast @main we"), ["web"]);
    assert_eq!(in_bash("cast -c "), ["staging", "prod"]);
    assert_eq!(in_bash("cast up"), ["up", "up:prod"]);
    // Behind a colon bash puts the answer in place of what follows the colon.
    assert_eq!(in_bash("cast up:"), ["prod"]);
    assert_eq!(in_bash("cast up:p"), ["prod"]);
    assert_eq!(in_bash("cast down up:p"), ["prod"]);
    assert_eq!(in_bash("cast db:"), ["dump"]);
}

#[test]
fn scripts_are_valid_in_their_shells() {
    for (shell, check) in [
        ("bash", "bash -n"),
        ("zsh", "zsh -n"),
        ("fish", "fish --no-execute"),
    ] {
        let script = Test::new().args(["completion", shell]).output();
        assert_eq!(script.status, 0);
        assert!(script.stdout.contains("__complete"), "{shell}");
        if shell != "bash" && optional_program(shell).is_none() {
            continue;
        }
        let test = Test::new().bytes("script", script.stdout.as_bytes());
        let words: Vec<_> = check.split(' ').collect();
        let status = Command::new(words[0])
            .args(&words[1..])
            .arg(test.dir().join("script"))
            .status()
            .unwrap();
        assert!(status.success(), "{shell}");
    }
    for shell in ["powershell", "pwsh"] {
        let script = Test::new().args(["completion", shell]).output();
        assert!(
            script.stdout.starts_with("# PowerShell"),
            "{}",
            script.all()
        );
    }
    Test::new().args(["completion", "tcsh"]).status(1).run();
}
