//! What `env` prints, evaluated by the real shells, sets the same bytes.

use homelab_tests::oracle;

use crate::support::Lab;

/// Values that break careless quoting.
const VALUES: [(&str, &str); 8] = [
    ("quotes", "it's \"double\" `tick` $HOME $(id) \\ \\n \\'"),
    ("three-lines", "one\ntwo\r\nthree\n"),
    ("blanks", "  two  blanks\tand a tab  "),
    ("globs", "* ? [a-z] {a,b} ~ ; & | < > # ! %"),
    ("unicode", "grün € 日本 ‘typographic’ 👍"),
    ("control", "\u{1}\u{7}\u{1b}[31m"),
    ("empty-looking", " "),
    ("dashes", "-n -e --"),
];

fn names() -> Vec<String> {
    VALUES
        .iter()
        .map(|(key, _)| key.to_uppercase().replace('-', "_"))
        .collect()
}

fn expected() -> String {
    VALUES.map(|(_, value)| [value, "\0"].concat()).concat()
}

fn check(shell: &str, format: &str, script: &str) {
    let Some(shell) = oracle(shell) else { return };
    let mut lab = Lab::with(&VALUES);
    // fish hands on variables, the master password among them, as the locale can say them
    lab.sandbox.set("LC_ALL", "C.UTF-8");
    lab.sandbox.file("a", "for patterns to find");
    let print = names()
        .into_iter()
        .map(|name| format!("printf '%s\\0' \"${name}\"; "));
    let print = print.collect::<Vec<_>>().concat();
    let script = script.replace("FORMAT", format).replace("PRINT", &print);
    let got = lab.sandbox.run(&shell, ["-c", &script]).success();
    assert_eq!(got.stdout, expected(), "{shell} {format}");
    assert_eq!(got.stderr, "");
}

#[test]
fn posix_shells_read_sh() {
    let script = "set -eu; eval \"$(kpv env --format FORMAT)\"; PRINT";
    for shell in ["dash", "bash", "zsh"] {
        check(shell, "sh", script);
    }
    for shell in ["bash", "zsh"] {
        check(shell, shell, script);
    }
}

#[test]
fn fish_reads_fish() {
    check("fish", "fish", "kpv env --format FORMAT | source; PRINT");
}

#[test]
fn nothing_is_printed_when_something_is_wrong() {
    let lab = Lab::with(&[("a", "1\n2")]);
    for args in [
        &["-P", "wrong", "env"][..],
        &["env", "-k", "nope"],
        &["env", "-f", "plain"],
    ] {
        let got = lab.kpv(args);
        assert_ne!(got.code, Some(0), "{args:?}");
        assert_eq!(got.stdout, "", "{args:?}");
    }
}
