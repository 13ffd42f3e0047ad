//! Where the master password comes from.

use crate::support::{Lab, PASSWORD};

/// A vault with one secret; nothing says its password.
fn locked() -> Lab {
    let mut lab = Lab::with(&[("a", "1")]);
    lab.sandbox.set("KPV_PASSWORD", "");
    lab
}

fn opened(lab: &Lab, args: &[&str]) -> bool {
    let got = lab.kpv(&[args, &["get", "a"]].concat());
    got.code == Some(0) && got.stdout == "1\n"
}

#[test]
fn every_source_opens() {
    let mut lab = locked();
    lab.sandbox.file("pw", &format!("\n {PASSWORD} \n"));
    assert!(opened(&lab, &["-P", PASSWORD]));
    assert!(opened(&lab, &["--password", PASSWORD]));
    assert!(opened(&lab, &["--vault-password-file", "pw"]));
    assert!(opened(&lab, &["--password-file", "pw"]));
    let piped = lab.fed(&["-F", "-", "get", "a"], &format!("{PASSWORD}\n"));
    assert_eq!(piped.success().stdout, "1\n");
    lab.sandbox.set("KPV_MASTER_PASSWORD", PASSWORD);
    assert!(opened(&lab, &[]));
    lab.sandbox
        .set("KPV_PASSWORD", PASSWORD)
        .set("KPV_MASTER_PASSWORD", "wrong");
    assert!(opened(&lab, &[]));
    lab.sandbox
        .set("KPV_PASSWORD", "")
        .set("KPV_MASTER_PASSWORD", "");
    lab.sandbox.set("KPV_PASSWORD_FILE", "pw");
    assert!(opened(&lab, &[]));
}

#[test]
fn stored_files_open() {
    let lab = Lab::empty();
    lab.init(&[]);
    lab.put(&[("a", "1")]);
    assert!(opened(&lab, &[]), "the file that init keeps");
    let key = lab.data().join("default.key");
    fs_err::rename(&key, lab.data().join("default.kdbx.key")).unwrap();
    assert!(opened(&lab, &[]), "beside the vault");
}

#[test]
fn a_source_that_is_named_is_the_only_one() {
    let mut lab = locked();
    lab.sandbox.set("KPV_PASSWORD", PASSWORD);
    assert_eq!(lab.kpv(&["-P", "wrong", "get", "a"]).code, Some(4));
    assert_eq!(lab.kpv(&["-F", "missing", "get", "a"]).code, Some(4));
    lab.sandbox.file("empty", "\n");
    let empty = lab.kpv(&["-F", "empty", "get", "a"]).expect_code(4);
    assert!(empty.stderr.contains("it is empty"), "{}", empty.stderr);
}

#[test]
fn a_variable_without_a_value_is_told() {
    let lab = locked();
    let got = lab.kpv(&["get", "a"]).expect_code(4);
    assert!(
        got.stderr
            .contains("`KPV_PASSWORD` is set, but it is empty"),
        "{}",
        got.stderr
    );
}

#[test]
fn without_a_terminal_nobody_is_asked() {
    let mut lab = locked();
    lab.sandbox.unset("KPV_PASSWORD");
    let got = lab.kpv(&["get", "a"]).expect_code(4);
    assert!(
        got.stderr.contains("there is no master password for"),
        "{}",
        got.stderr
    );
    assert!(
        got.stderr.contains("[help]: set KPV_PASSWORD"),
        "{}",
        got.stderr
    );
}

#[test]
fn a_password_in_the_open_is_told() {
    let lab = locked();
    let got = lab.kpv(&["-P", PASSWORD, "get", "a"]).success();
    assert!(
        got.stderr
            .starts_with("[warn]: the master password is on the command line"),
        "{}",
        got.stderr
    );
    assert_eq!(
        lab.kpv(&["-q", "-P", PASSWORD, "get", "a"])
            .success()
            .stderr,
        ""
    );
}

#[test]
fn a_key_file_is_part_of_the_key() {
    let lab = Lab::new();
    lab.sandbox.file("k", "some bytes");
    lab.init(&["-V", "both", "--key-file-kdbx", "k"]);
    lab.kpv(&["-V", "both", "--key-file-kdbx", "k", "ls"])
        .success();
    assert_eq!(lab.kpv(&["-V", "both", "ls"]).code, Some(4));
    lab.sandbox.file("other", "other bytes");
    let wrong = lab
        .kpv(&["-V", "both", "--key-file-kdbx", "other", "ls"])
        .expect_code(4);
    assert!(
        wrong.stderr.contains("wrong password or wrong key file"),
        "{}",
        wrong.stderr
    );
}

#[test]
fn standard_input_is_one_thing() {
    let lab = locked();
    let both = lab
        .fed(&["-F", "-", "set", "a", "--stdin"], PASSWORD)
        .expect_code(2);
    assert!(
        both.stderr.contains("standard input cannot be"),
        "{}",
        both.stderr
    );
}

/// On a terminal it asks, and shows nothing of what is typed.
#[test]
fn on_a_terminal_somebody_is_asked() {
    let Some(script) = homelab_tests::oracle("script") else {
        return;
    };
    let mut lab = locked();
    lab.sandbox.unset("KPV_PASSWORD").set("LC_ALL", "C.UTF-8");
    let typed = |password: &str| {
        let typed = format!("{password}\n");
        lab.program(&script, &["-qec", "kpv get a", "/dev/null"], &typed)
    };
    let got = typed(PASSWORD).success();
    assert!(got.stdout.contains("Master password of "), "{}", got.stdout);
    assert!(got.stdout.ends_with("1\r\n"), "{}", got.stdout);
    let wrong = typed("wrong").expect_code(4);
    assert!(
        wrong.stdout.contains("wrong password for"),
        "{}",
        wrong.stdout
    );
}
