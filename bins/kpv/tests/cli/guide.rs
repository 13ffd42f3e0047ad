//! The command lines that guides write, as they write them.

use homelab_tests::oracle;

use crate::support::Lab;

fn prod() -> Lab {
    let lab = Lab::new();
    lab.init(&["--vault", "prod", "--password", "open sesame"]);
    lab.sandbox.file("pw", "open sesame");
    lab
}

/// W9: the flag is `--key` there; a value in the open is told.
#[test]
fn set_with_an_entry_and_a_value() {
    let mut lab = prod();
    lab.sandbox.set("KPV_PASSWORD", "open sesame");
    let set = lab
        .kpv(&[
            "set",
            "--vault",
            "prod",
            "--entry",
            "service/password",
            "--value",
            "V",
        ])
        .success();
    assert!(
        set.stderr
            .contains("[warn]: the value is on the command line"),
        "{}",
        set.stderr
    );
    assert!(
        set.stderr.ends_with("[ok]: service/password set\n"),
        "{}",
        set.stderr
    );
    assert_eq!(
        lab.kpv(&["-V", "prod", "get", "service/password"])
            .success()
            .stdout,
        "V\n"
    );
}

/// W6: `kpv env` is there, with `--password`.
#[test]
fn env_in_a_pipeline() {
    let lab = prod();
    lab.kpv(&[
        "set",
        "--vault",
        "prod",
        "-F",
        "pw",
        "db-password",
        "-v",
        "a b'c",
    ])
    .success();
    let env = lab
        .kpv(&["env", "--vault", "prod", "--password", "open sesame"])
        .success();
    assert_eq!(env.stdout, "export DB_PASSWORD='a b'\\''c'\n");
}

/// W7: `kpv … | while read; export` loses everything at the end of the pipe. What works in the same
/// loop is a redirection, with bare `NAME=value` lines.
#[test]
fn the_loop_of_a_build_service() {
    let Some(bash) = oracle("bash") else { return };
    let lab = prod();
    lab.kpv(&[
        "set",
        "--vault",
        "prod",
        "-F",
        "pw",
        "db-password",
        "-v",
        "a b'c $x",
    ])
    .success();
    let script = "set -euo pipefail
        while IFS= read -r line; do export \"$line\"; done < <(kpv env --vault prod --password 'open sesame' -f plain)
        printf %s \"$DB_PASSWORD\"";
    assert_eq!(
        lab.sandbox.run(&bash, ["-c", script]).success().stdout,
        "a b'c $x"
    );
    let script =
        "eval \"$(kpv env --vault prod --password 'open sesame')\"; printf %s \"$DB_PASSWORD\"";
    assert_eq!(
        lab.sandbox.run(&bash, ["-c", script]).success().stdout,
        "a b'c $x"
    );
}

/// W10: a quote in a password neither breaks nor injects.
#[test]
fn a_quote_does_not_inject() {
    let lab = Lab::with(&[("k", "x'; touch evil; '")]);
    let got = lab
        .sh("eval \"$(kpv get k -f sh)\"; printf %s \"$K\"")
        .success();
    assert_eq!(got.stdout, "x'; touch evil; '");
    assert!(!lab.sandbox.path().join("evil").exists());
}

/// W11: all groups, and the names that `.env` files have.
#[test]
fn exec_sees_all_groups() {
    let lab = Lab::with(&[("default/x-password", "1"), ("root", "2")]);
    let script = "printf '%s|' \"$X_PASSWORD\" \"$ROOT\"";
    assert_eq!(
        lab.kpv(&["exec", "--names", "leaf", "sh", "-c", script])
            .success()
            .stdout,
        "1|2|"
    );
}

/// W12: Compose does not run `$(…)`; `render` answers it.
#[test]
fn a_call_in_an_env_file_never_becomes_the_password() {
    let lab = Lab::with(&[("default/db", "real")]);
    lab.sandbox.file(
        ".env",
        "POSTGRES_PASSWORD=$(kpv secrets ensure --key default/db --size 32 -S)\n",
    );
    assert_eq!(
        lab.kpv(&["render"]).success().stdout,
        "POSTGRES_PASSWORD=real\n"
    );
}

/// W13: a rotation reaches the service, or does not happen.
#[test]
fn rotation_reaches_the_service() {
    let lab = Lab::with(&[("db", "oldvalue")]);
    lab.sandbox.file("service", "oldvalue");
    let take_over =
        "[ \"$(cat service)\" = \"$KPV_OLD_VALUE\" ] && printf %s \"$KPV_NEW_VALUE\" >service";
    lab.kpv(&["rotate", "db", "--hook", take_over]).success();
    let service = || fs_err::read_to_string(lab.sandbox.path().join("service")).unwrap();
    assert_eq!(lab.kpv(&["get", "db"]).stdout, format!("{}\n", service()));
    lab.sandbox.file("service", "something else");
    let before = lab.kpv(&["get", "db"]).stdout;
    lab.kpv(&["rotate", "db", "--hook", take_over])
        .expect_code(1);
    assert_eq!(lab.kpv(&["get", "db"]).stdout, before);
}

/// W30: generated values have every class, and do not all look alike.
#[test]
fn generated_values_satisfy_policies() {
    let lab = Lab::new();
    for key in ["a", "b", "c"] {
        let value = lab.kpv(&["ensure", key, "--size", "20"]).success().stdout;
        let value = value.trim_end();
        assert_eq!(value.chars().count(), 20);
        assert!(
            value.contains(char::is_uppercase) && value.contains(char::is_lowercase),
            "{value}"
        );
        assert!(value.contains(|c: char| c.is_ascii_digit()), "{value}");
        assert!(value.contains(|c: char| !c.is_alphanumeric()), "{value}");
        assert!(!value.contains('`'), "{value}");
    }
}
