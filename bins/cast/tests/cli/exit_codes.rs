//! The exit code of the program.

use crate::support::Test;

#[track_caller]
fn ends(castfile: &str, args: &[&str], status: i32) {
    let ran = Test::new()
        .castfile(castfile)
        .args(args.iter().copied())
        .output();
    assert_eq!(ran.status, status, "{args:?}: {}", ran.all());
}

#[test]
fn a_failed_task_hands_its_own_code_on() {
    for code in [1, 2, 3, 42, 126, 127, 255] {
        ends(&format!("tasks: {{t: exit {code}}}"), &["t"], code);
    }
    ends("tasks: {t: nonexistent-command-xyz}", &["t"], 127);
    ends("tasks: {t: 'kill -KILL $$'}", &["t"], 137);
    ends(
        "tasks: {t: {uses: python, run: 'import sys; sys.exit(9)'}}",
        &["t"],
        9,
    );
}

#[test]
fn the_first_failure_decides() {
    ends(
        "tasks: {a: exit 5, b: {run: exit 6, force: true}}",
        &["a", "b"],
        5,
    );
    ends(
        "tasks: {a: exit 5, b: {run: 'true', force: true}}",
        &["a", "b"],
        5,
    );
}

#[test]
fn a_task_whose_time_is_up_ends_with_2() {
    let castfile = "tasks: {t: {run: sleep 30, timeout: 100ms}, next: echo never}";
    Test::new()
        .castfile(castfile)
        .args(["t", "next"])
        .stderr(
            "

            t
            t (timed out after 100ms)
            next (skipped: a task before it failed)
            ",
        )
        .status(2)
        .run();
}

#[test]
fn a_time_limit_may_be_an_expression() {
    ends(
        "tasks: {t: {run: sleep 30, timeout: '{\"a\": \"50ms\"}.a'}}",
        &["t"],
        2,
    );
    ends("tasks: {t: {run: 'true', timeout: 1m30s}}", &["t"], 0);
}

#[test]
fn what_is_not_supported_ends_with_3() {
    ends(
        "tasks: {t: {uses: docker, with: {image: alpine}, run: ls}}",
        &["t"],
        3,
    );
}

#[test]
fn load_and_lookup_errors_end_with_1() {
    ends("tasks: [", &["t"], 1);
    ends("tasks: {}", &["t"], 1);
    ends("tasks: {t: {needs: [nope]}}", &["t"], 1);
    ends("tasks: {t: {uses: nope, run: x}}", &["t"], 1);
    ends("dotenv: [nope.env]\ntasks: {t: echo}", &["t"], 1);
}

#[test]
fn a_dynamic_subcommand_hands_the_code_on_too() {
    ends("subcmds: [db]\ntasks: {'db:a': exit 8}", &["db", "a"], 8);
    ends(
        "subcmds: [db]\ntasks: {'db:a': {run: sleep 30, timeout: 50ms}}",
        &["db", "a"],
        2,
    );
}
