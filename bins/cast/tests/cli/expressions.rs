//! `if`, `force` and `timeout` expressions.

use crate::support::{Test, report};

/// Whether a task with the condition runs, with `env: {A: "1", EMPTY: ""}` and the argument `x`.
#[track_caller]
fn holds(condition: &str) -> bool {
    let castfile = format!(
        "tasks:\n  t:\n    if: {}\n    env: {{A: '1', EMPTY: ''}}\n    run: echo ran\n",
        serde_json::Value::from(condition)
    );
    let ran = Test::new()
        .castfile(&castfile)
        .args(["t", "--", "x"])
        .output();
    assert_eq!(ran.status, 0, "{condition}: {}", ran.all());
    ran.stdout == "ran x\n"
}

#[test]
fn conditions_that_hold() {
    for condition in [
        "true",
        "1 < 2 and 2 <= 2 and 3 > 2 && 3 >= 3",
        "env.A == '1'",
        "env[\"A\"] == \"1\"",
        "env.NOPE != '1'",
        "env.EMPTY == ''",
        "not (env.A == '2')",
        "!false || false",
        "env.A in ['1', '2']",
        "'A' in env",
        "'hello' contains 'ell'",
        "'hello' startsWith 'he' and 'hello' endsWith 'lo'",
        "'v1.2' matches '^v[0-9]+'",
        "(nope ?? 'd') == 'd'",
        "true ? true : false",
        "nope?.x == nil",
        "1 + 2 * 3 == 7",
        "7 % 4 == 3 and 2 ** 3 == 8",
        "len(args) == 1 and args[0] == 'x'",
        "lower('AB') == 'ab' and upper('ab') == 'AB' and trim(' a ') == 'a'",
        "split('a,b', ',')[1] == 'b'",
        "any([1, 2], # == 2) and all([1, 2], # > 0)",
        "len(filter([1, 2, 3], # > 1)) == 2",
        "success",
        "os == 'linux' and linux and not windows and not darwin",
        "arch in ['amd64', 'arm64']",
        "num_cpu > 0",
        "home == env.HOME",
        "cwd != ''",
        "env.CAST_CONTEXT == 'default'",
    ] {
        assert!(holds(condition), "{condition}");
    }
}

#[test]
fn conditions_that_do_not_hold() {
    for condition in [
        "false",
        "env.NOPE == '1'",
        // What is not a truth value counts as false.
        "1",
        "'true'",
        "nope",
        "env.A",
        "'B' in env",
    ] {
        assert!(!holds(condition), "{condition}");
    }
}

#[test]
fn meta_is_visible() {
    Test::new()
        .castfile("meta: {owner: me}\ntasks: {t: {if: cast.meta.owner == 'me', run: echo ran}}")
        .args(["t"])
        .stdout("ran\n")
        .run();
}

#[test]
fn success_tells_whether_anything_failed() {
    Test::new()
        .castfile(
            "
            tasks:
              bad: exit 1
              rollback: {run: echo rolled back, force: not success}
              praise: {run: echo praised, force: success}
            ",
        )
        .args(["bad", "rollback", "praise"])
        .stdout("rolled back\n")
        .status(1)
        .run();
}

#[test]
fn a_member_of_nothing_fails_the_task() {
    insta::assert_snapshot!(report("tasks: {t: {if: foo.bar == 1, run: echo no}}", ["t"]), @r#"
    ---- stderr

    t (failed)
    error[castfile::bad-expression]: cannot fetch bar from nil
     --> castfile:1:21
      |
    1 | tasks: {t: {if: foo.bar == 1, run: echo no}}
      |                     ^^^
      |
      = help: use `?.bar` where the value before it may be absent
    ---- status 1
    "#);
}

#[test]
fn the_braces_of_other_systems_are_explained() {
    insta::assert_snapshot!(report("tasks: {t: {if: '${{ env.A }}', run: echo no}}", ["t"]), @r#"
    ---- stderr
    error[castfile::bad-expression]: an expression is written without `${{`
     --> castfile:1:18
      |
    1 | tasks: {t: {if: '${{ env.A }}', run: echo no}}
      |                  ^^^
      |
      = help: write the expression bare, without `${{` and `}}`: `env.NAME == "x"`
    ---- status 1
    "#);
}
