//! Values marked `secret: true` never stand in what cast itself writes.

use crate::support::Test;

const SECRETS: &str = "
    env:
      MARKED: {value: s3cr3t-one, secret: true}
      DERIVED: 'x-${MARKED}-y'
      NEEDED: '${NOPE:-$MARKED}'
    tasks:
      show: {desc: Show, run: echo shown, env: {OWN: {value: s3cr3t-two, secret: true}}}
      fail: exit 3
      bad: {run: echo, env: {X: '${MARKED:?}${NOPE2:?no $MARKED}'}}
      template: {run: 'echo {{ fail .env.MARKED }}', template: true}
      dir: {run: echo, cwd: '/nowhere/$MARKED'}
      needs-program: {uses: bash, run: '', with: {script: '$MARKED.sh'}}
      cond: {run: echo, if: 'env.MARKED + 1 > 2'}
      limit: {run: echo, timeout: '{env.MARKED}'}
    ";

#[test]
fn nothing_that_cast_writes_holds_a_secret() {
    for args in [
        &["list"][..],
        &["list", "--json"],
        &["check"],
        &["explain", "show"],
        &["explain", "show", "--json"],
        &["show", "--dry-run"],
        &["show"],
        &["fail"],
        &["bad"],
        &["template"],
        &["dir"],
        &["dir", "--dry-run"],
        &["explain", "dir"],
        &["needs-program"],
        &["cond"],
        &["limit"],
        &["-j", "2", "show"],
        &["--message-format", "json", "bad"],
        &["nope"],
        &["__complete", "--", ""],
        &["workspace", "ls"],
        &["-e", "MARKED=s3cr3t-three", "explain", "show"],
        &["-e", "MARKED=s3cr3t-three", "show", "--dry-run"],
    ] {
        let ran = Test::new()
            .castfile(SECRETS)
            .args(args.iter().copied())
            .output();
        let all = ran.all();
        // The castfile's own lines are shown as they stand in errors at the very place.
        assert!(!all.contains("s3cr3t"), "{args:?}: {all}");
    }
}

#[test]
fn tasks_get_the_real_value() {
    Test::new()
        .castfile("env: {S: {value: real, secret: true}}\ntasks: {t: echo $S}")
        .args(["t"])
        .stdout("real\n")
        .run();
}

#[test]
fn names_that_sound_like_secrets_are_masked_too() {
    let ran = Test::new()
        .castfile("env: {DB_PASSWORD: hunter2, POSTGRES_PASSWORD_FILE: /run/x, CF_API_TOKEN: tok}\ntasks: {t: echo}")
        .args(["explain", "t"])
        .output();
    assert!(ran.stdout.contains("DB_PASSWORD=***"), "{}", ran.all());
    assert!(ran.stdout.contains("CF_API_TOKEN=***"), "{}", ran.all());
    assert!(
        ran.stdout.contains("POSTGRES_PASSWORD_FILE=/run/x"),
        "{}",
        ran.all()
    );
}

#[test]
fn exec_does_not_show_what_it_sets() {
    let ran = Test::new()
        .castfile("")
        .args(["exec", "TOKEN=hunter2", "true"])
        .output();
    assert!(!ran.stderr.contains("hunter2"), "{}", ran.all());
}
