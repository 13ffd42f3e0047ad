//! `kpv exec`: the program, its environment, its end.

use crate::support::{Lab, PASSWORD};

#[test]
fn the_program_ends_as_it_ends() {
    let lab = Lab::new();
    for (script, code) in [
        ("exit 0", 0),
        ("exit 7", 7),
        ("kill -TERM $$", 143),
        ("kill -KILL $$", 137),
    ] {
        lab.kpv(&["exec", "--", "sh", "-c", script])
            .expect_code(code);
        lab.kpv(&["exec", "sh", "-c", script]).expect_code(code);
    }
    let missing = lab.kpv(&["exec", "nope"]).expect_code(127);
    assert_eq!(
        missing.stderr,
        "[error]: the program `nope` was not found\n"
    );
    lab.sandbox.file("text", "no program");
    lab.kpv(&["exec", "./text"]).expect_code(126);
}

#[test]
fn secrets_are_in_the_environment_of_the_program_and_the_key_is_not() {
    let lab = Lab::with(&[
        ("db/password", "a'b\n\"c"),
        ("shop/api-key", "k"),
        ("x", "y"),
    ]);
    let script = "printf '%s|' \"$DB_PASSWORD\" \"$SHOP_API_KEY\" \"$X\" \"${KPV_PASSWORD-unset}\" \"$HOME\"";
    let got = lab.kpv(&["exec", "--", "sh", "-c", script]).success();
    assert_eq!(got.stdout, format!("a'b\n\"c|k|y|unset|{}|", lab.home()));
    let script = "env | grep -c -e PASSWORD -e API_KEY -e '^PG='; printf %s \"$PG\"";
    let one = lab
        .kpv(&["exec", "-k", "x", "--name", "x=PG", "sh", "-c", script])
        .success();
    assert_eq!(one.stdout, "1\ny");
    lab.sandbox
        .file("keys", "# two of them\n\nx\nshop/api-key\n");
    let script = "printf '%s|' \"$X\" \"$API_KEY\" \"${PASSWORD-unset}\"";
    let two = lab.kpv(&[
        "exec",
        "--key-file",
        "keys",
        "--names",
        "leaf",
        "sh",
        "-c",
        script,
    ]);
    assert_eq!(two.success().stdout, "y|k|unset|");
    let group = lab.kpv(&[
        "exec",
        "--group",
        "shop",
        "sh",
        "-c",
        "printf '%s|' \"$SHOP_API_KEY\" \"${X-unset}\"",
    ]);
    assert_eq!(group.success().stdout, "k|unset|");
}

#[test]
fn the_program_reads_what_we_would_read() {
    let lab = Lab::with(&[("a", "1")]);
    let got = lab.fed(
        &[
            "exec",
            "--",
            "sh",
            "-c",
            "cat; echo \"$A\" \"$@\"",
            "sh",
            "-x",
            "--quiet",
        ],
        "in\n",
    );
    assert_eq!(got.success().stdout, "in\n1 -x --quiet\n");
}

#[test]
fn what_cannot_be_read_starts_nothing() {
    let lab = Lab::with(&[("a", "1")]);
    let got = lab
        .kpv(&["exec", "-k", "nope", "--", "sh", "-c", "echo ran"])
        .expect_code(3);
    assert_eq!(got.stdout, "");
    let got = lab
        .kpv(&["-P", "wrong", "exec", "--", "sh", "-c", "echo ran"])
        .expect_code(4);
    assert_eq!(got.stdout, "");
    assert!(!got.stderr.contains(PASSWORD));
}

#[test]
fn a_title_does_not_change_how_programs_are_found() {
    let lab = Lab::with(&[("path", "nowhere"), ("a", "1")]);
    let got = lab.kpv(&["exec", "sh", "-c", "printf %s $A"]).success();
    assert_eq!(got.stdout, "1");
    assert!(
        got.stderr
            .contains("`path` is left out: `PATH` is for the shell"),
        "{}",
        got.stderr
    );
    assert_eq!(
        lab.kpv(&["env", "-k", "path"]).success().stdout,
        "export PATH='nowhere'\n"
    );
}

#[test]
fn two_secrets_with_one_name_are_refused() {
    let lab = Lab::with(&[("a/password", "1"), ("b/password", "2")]);
    let clash = lab.kpv(&["exec", "--names", "leaf", "true"]).expect_code(1);
    assert!(
        clash
            .stderr
            .contains("would both be the variable `PASSWORD`"),
        "{}",
        clash.stderr
    );
    lab.kpv(&["exec", "true"]).success();
}
