//! check, rotate, undo, totp, audit, diff, doctor.

use crate::support::Lab;

#[test]
fn rotation_is_taken_back_when_the_hook_fails() {
    let lab = Lab::with(&[("db/password", "oldvalue")]);
    let failed = lab
        .kpv(&["rotate", "db/password", "--hook", "cat >/dev/null; exit 3"])
        .expect_code(1);
    assert!(
        failed.stderr.contains("the hook ended with exit code 3"),
        "{}",
        failed.stderr
    );
    assert_eq!(lab.kpv(&["get", "db/password"]).stdout, "oldvalue\n");
    let hook = "[ \"$KPV_KEY $KPV_OLD_VALUE\" = 'db/password oldvalue' ] && cat >in && printf %s \"$KPV_NEW_VALUE\" >new && [ -z \"${KPV_PASSWORD-}\" ]";
    let done = lab
        .kpv(&["rotate", "-k", "db/password", "--hook", hook])
        .success();
    assert_eq!(done.stdout, "");
    let new = fs_err::read_to_string(lab.sandbox.path().join("new")).unwrap();
    assert_eq!(lab.kpv(&["get", "db/password"]).stdout, format!("{new}\n"));
    assert!(
        new.len() == 16 && new.chars().all(|char| char.is_ascii_alphanumeric()),
        "{new}"
    );
    let fed: serde_json::Value =
        serde_json::from_str(&fs_err::read_to_string(lab.sandbox.path().join("in")).unwrap())
            .unwrap();
    assert_eq!(
        fed,
        serde_json::json!({"key": "db/password", "old": "oldvalue", "new": new})
    );
    lab.kpv(&["undo", "db/password"]).success();
    assert_eq!(lab.kpv(&["get", "db/password"]).stdout, "oldvalue\n");
    lab.kpv(&["undo", "db/password"]).success();
    assert_eq!(lab.kpv(&["get", "db/password"]).stdout, format!("{new}\n"));
    lab.kpv(&["rotate", "nope"]).expect_code(3);
    lab.fed(&["rotate", "db/password", "-s"], "chosen")
        .success();
    assert_eq!(lab.kpv(&["get", "db/password"]).stdout, "chosen\n");
}

/// The vault knows the new value before the hook runs: whatever happens, it is not lost.
#[test]
fn a_hook_sees_the_new_value_in_the_vault() {
    let mut lab = Lab::with(&[("a", "oldvalue")]);
    lab.sandbox.set("PW", crate::support::PASSWORD);
    let hook = "[ \"$(KPV_PASSWORD=$PW kpv get a)\" = \"$KPV_NEW_VALUE\" ]";
    lab.kpv(&["rotate", "a", "--hook", hook]).success();
}

#[test]
fn check_names_what_is_missing_unused_and_weak_and_no_value() {
    let lab = Lab::with(&[
        ("db-password", "hunter2"),
        ("default/api-token", "kq3VbR9sTzLw8XcYpA2m"),
        ("old/key", "Zm9SbR9sTzLw8XcYpA2m"),
        ("tpl", "pQ3VbR9sTzLw8XcYpA2m"),
    ]);
    lab.sandbox.file(
        "web/compose.yaml",
        "\
services:
  a:
    image: x
    environment:
      DB: ${DB_PASSWORD:?}
      T: ${OTHER_TOKEN:-changeme}
      O: ${OPTIONAL_SECRET:-}
      S: ${SET_PASSWORD}
      PASSED_TOKEN:
  b:
    extends: {file: ../base/base.yaml, service: b}
secrets: {s: {environment: FROM_ENV_SECRET}}
",
    );
    lab.sandbox.file(
        "base/base.yaml",
        "services:\n  b:\n    image: x\n    command: [run, \"--token=${BASE_TOKEN}\"]\n",
    );
    lab.sandbox.file(
        "web/.env",
        "SET_PASSWORD=$(kpv get default/api-token)\nX=$(kpv get nope)\nY=\"$(kpv ensure made)\"\n",
    );
    lab.sandbox
        .file("web/conf.tpl", "kpv://tpl kpv://missing/too");
    let got = lab.kpv(&["check", "web", "web/conf.tpl"]).expect_code(1);
    assert_eq!(
        got.stdout,
        "\
missing: BASE_TOKEN: there is no such secret (base/base.yaml:4:29)
missing: FROM_ENV_SECRET: there is no such secret (web/compose.yaml:12:28)
missing: OTHER_TOKEN: there is no such secret (web/compose.yaml:6:10)
missing: PASSED_TOKEN: there is no such secret (web/compose.yaml:9:7)
missing: missing/too: there is no such secret (web/conf.tpl:1:11)
missing: nope: there is no such secret (web/.env:2:3)
weak: db-password: strength 1 of 4 (web/compose.yaml:5:11)
unused: old/key: no file asks for it
"
    );
    assert!(!(got.stdout + &got.stderr).contains("hunter2"));
    let json = lab
        .kpv(&["check", "web", "--json", "--no-unused"])
        .expect_code(1)
        .stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["findings"].as_array().unwrap().len(), 6);
    assert_eq!(json["findings"][0]["places"][0], "base/base.yaml:4:29");
    assert_eq!(json["version"], 1);
    lab.sandbox
        .file("ok/.env", "A=$(kpv get default/api-token)\n");
    lab.kpv(&["check", "ok", "--no-unused"]).success();
    lab.fed(&["set", "default/api-token", "--expires", "2020-01-01"], "")
        .success();
    let got = lab.kpv(&["check", "ok", "--no-unused"]).expect_code(1);
    assert_eq!(
        got.stdout,
        "expired: default/api-token: on 2020-01-01 (ok/.env:1:3)\n"
    );
}

#[test]
fn audit_finds_weak_reused_and_expired() {
    let lab = Lab::with(&[
        ("a", "password"),
        ("b", "kq3VbR9sTzLw8XcYpA2m"),
        ("c", "kq3VbR9sTzLw8XcYpA2m"),
    ]);
    lab.kpv(&["set", "c", "--expires", "2020-01-01"]).success();
    let got = lab.kpv(&["audit"]).expect_code(1);
    let expected = "a: weak: strength 0 of 4\nb: the same as `c`\nc: the same as `b`\nc: expired on 2020-01-01\n";
    assert_eq!(got.stdout, expected);
    let json = lab.kpv(&["audit", "--json"]).expect_code(1).stdout;
    assert!(json.contains("\"problem\":\"reused\""), "{json}");
    assert_eq!(Lab::new().kpv(&["audit"]).code, Some(0));
}

#[test]
fn totp_is_that_of_the_rfc() {
    let lab = Lab::with(&[("a", "x")]);
    let secret = "otpauth://totp/x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=8";
    lab.fed(&["set", "a", "--field", "otp", "-s"], secret)
        .success();
    let code = lab.kpv(&["totp", "a"]).success().stdout;
    assert!(
        code.trim_end().len() == 8 && code.trim_end().chars().all(|char| char.is_ascii_digit()),
        "{code}"
    );
}

#[test]
fn diff_says_what_and_not_which_value() {
    let lab = Lab::with(&[("a", "hunter1"), ("b", "x")]);
    let old = lab.sandbox.path().join("git-blob-x.kdbx");
    fs_err::copy(lab.vault(), &old).unwrap();
    lab.fed(&["set", "a", "-s"], "hunter2").success();
    lab.kpv(&["rm", "-y", "b"]).success();
    lab.put(&[("c/d", "new")]);
    let got = lab.kpv(&["diff", "git-blob-x.kdbx", "default"]).success();
    assert_eq!(
        got.stdout,
        "~ a\n    field `Password` changed\n- b\n+ c/d\n"
    );
    lab.kpv(&["diff", "git-blob-x.kdbx", "default", "--exit-code"])
        .expect_code(1);
    lab.kpv(&["diff", "default", "default", "--exit-code"])
        .success();
    let text = lab.kpv(&["diff", "default"]).success().stdout;
    assert!(
        text.contains("a\n") && text.contains("Password: ***"),
        "{text}"
    );
    assert!(!text.contains("hunter"), "{text}");
}

/// As git calls it, for two versions of a vault in a repository.
#[test]
fn git_shows_differences_through_it() {
    let Some(git) = homelab_tests::oracle("git") else {
        return;
    };
    let lab = Lab::with(&[("a", "hunter1")]);
    let file = lab.sandbox.path().join("lab.kdbx");
    let git = |args: &[&str]| {
        let identity = [
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@x",
            "-c",
            "diff.kdbx.textconv=kpv diff",
        ];
        lab.sandbox.run(&git, [&identity, args].concat()).success()
    };
    fs_err::copy(lab.vault(), &file).unwrap();
    lab.sandbox.file(".gitattributes", "*.kdbx diff=kdbx\n");
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "x"]);
    lab.put(&[("new/one", "hunter2")]);
    fs_err::copy(lab.vault(), &file).unwrap();
    let diff = git(&["diff"]).stdout;
    assert!(diff.contains("+new/one\n"), "{diff}");
    assert!(!diff.contains("hunter"), "{diff}");
}

#[test]
fn doctor_puts_right_what_the_go_kpv_did() {
    let lab = Lab::with(&[("lost", "before")]);
    lab.fed(&["set", "lost", "-s"], "value").success();
    let json = r#"{"user": {"value": "p", "strings": {"Username": {"value": "app"}}}}"#;
    lab.fed(&["import", "--json", "--stdin"], json).success();
    let found = lab.kpv(&["doctor", "default/lost"]).expect_code(1);
    assert!(
        found
            .stdout
            .contains("misplaced: `lost` in the root group is meant for `default/lost`"),
        "{}",
        found.stdout
    );
    assert!(
        found.stdout.contains("user name: that of `user`"),
        "{}",
        found.stdout
    );
    assert!(
        found
            .stdout
            .contains("key derivation: Argon2id, 1024 KiB x 1"),
        "{}",
        found.stdout
    );
    let fixed = lab.kpv(&["doctor", "--fix", "default/lost"]).expect_code(1);
    assert!(
        fixed.stdout.contains("fixed: `lost` is `default/lost` now"),
        "{}",
        fixed.stdout
    );
    assert_eq!(
        lab.kpv(&["get", "default/lost"]).success().stdout,
        "value\n"
    );
    // with its history, and nothing of it left behind
    lab.kpv(&["undo", "default/lost"]).success();
    assert_eq!(
        lab.kpv(&["get", "default/lost"]).success().stdout,
        "before\n"
    );
    assert_eq!(lab.kpv(&["ls", "--recycled"]).success().stdout, "");
    assert_eq!(lab.kpv(&["get", "user/username"]).success().stdout, "app\n");
    assert_eq!(
        lab.kpv(&["doctor"]).expect_code(1).stdout.lines().count(),
        1,
        "the key derivation is left"
    );
    lab.sandbox
        .run("chmod", ["644", lab.vault().as_str()])
        .success();
    let open = lab.kpv(&["doctor"]).expect_code(1).stdout;
    assert!(open.contains("can be read by others (mode 644)"), "{open}");
}

/// The Go kpv meant to write `default/x`, and wrote `x` into the root group.
#[test]
fn doctor_finds_the_newer_value_in_the_root_group() {
    let lab = Lab::with(&[("x", "0")]);
    lab.fed(&["set", "default/x", "-s"], "old").success();
    // each change is a second later than the one before, whatever the clock says
    for value in ["1", "2", "newer"] {
        lab.fed(&["set", "x", "-s"], value).success();
    }
    let got = |key: &str| lab.kpv(&["get", key]).success().stdout;
    assert_eq!(
        (got("x"), got("default/x")),
        ("newer\n".to_owned(), "old\n".to_owned())
    );
    let found = lab.kpv(&["doctor"]).expect_code(1);
    assert!(
        found
            .stdout
            .contains("misplaced: `x` in the root group is newer than `default/x`"),
        "{}",
        found.stdout
    );
    let fixed = lab.kpv(&["doctor", "--fix"]).expect_code(1);
    let expected = "fixed: `default/x` has the newer value of `x`, which is in the recycle bin\n";
    assert!(fixed.stdout.starts_with(expected), "{}", fixed.stdout);
    assert_eq!(got("default/x"), "newer\n");
    assert_eq!(lab.kpv(&["ls"]).success().stdout, "default/x\n");
    let recycled = lab.kpv(&["ls", "--recycled"]).success().stdout;
    assert!(recycled.ends_with("/x\n"), "{recycled}");
    lab.kpv(&["undo", "default/x"]).success();
    assert_eq!(got("default/x"), "old\n");
    let again = lab.kpv(&["doctor"]).expect_code(1).stdout;
    assert!(!again.contains("misplaced"), "{again}");
}
