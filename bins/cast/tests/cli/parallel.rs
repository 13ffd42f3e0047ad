//! `-j N`: needs at the same time.

use crate::support::Test;

/// Two tasks that each wait for a file of the other: only side by side do they end.
const RENDEZVOUS: &str = "
    tasks:
      all: {run: echo all, needs: [a, b]}
      a: |
        touch a.here
        i=0; while [ ! -e b.here ]; do sleep 0.02; i=$((i+1)); [ $i -lt 1000 ] || exit 9; done
        echo a met b
      b: |
        touch b.here
        i=0; while [ ! -e a.here ]; do sleep 0.02; i=$((i+1)); [ $i -lt 1000 ] || exit 9; done
        echo b met a
        echo noise >&2
    ";

#[test]
fn needs_really_run_side_by_side_with_prefixed_output() {
    for flag in [&["-j", "2"][..], &["--jobs", "4"], &["--jobs=2"]] {
        let ran = Test::new()
            .castfile(RENDEZVOUS)
            .args(flag.iter().copied())
            .args(["all"])
            .output();
        let mut lines: Vec<_> = ran.stdout.lines().collect();
        // Which of the two is first is chance; what needs both is last.
        assert_eq!(lines.pop(), Some("[all] all"), "{}", ran.all());
        lines.sort_unstable();
        assert_eq!(lines, ["[a] a met b", "[b] b met a"], "{}", ran.all());
        assert!(
            ran.stderr.lines().any(|line| line == "[b] noise"),
            "{}",
            ran.all()
        );
        assert_eq!(ran.status, 0);
    }
}

#[test]
fn what_needs_something_waits_for_it() {
    let ran = Test::new()
        .castfile(
            "
            tasks:
              z: {run: 'cat x y', needs: [x, y]}
              x: sleep 0.1; echo x > x
              y: {run: 'cat x > y; echo y >> y', needs: [x]}
            ",
        )
        .args(["-j", "8", "z"])
        .output();
    assert_eq!(ran.stdout, "[z] x\n[z] x\n[z] y\n", "{}", ran.all());
}

#[test]
fn targets_keep_their_order() {
    let ran = Test::new()
        .castfile("tasks: {a: 'sleep 0.1; echo a', b: echo b}")
        .args(["-j", "2", "a", "b"])
        .output();
    assert_eq!(ran.stdout, "[a] a\n[b] b\n", "{}", ran.all());
}

#[test]
fn a_failure_stops_what_has_not_started() {
    let ran = Test::new()
        .castfile("tasks: {all: {run: touch all, needs: [bad, good]}, bad: exit 6, good: 'sleep 0.1; echo good'}")
        .args(["-j", "2", "all"])
        .output();
    assert_eq!(
        (ran.stdout.as_str(), ran.status),
        ("[good] good\n", 6),
        "{}",
        ran.all()
    );
    assert!(!ran.exists("all"));
}

#[test]
fn one_job_is_the_plain_run() {
    Test::new()
        .castfile("tasks: {all: {run: echo all, needs: [a]}, a: echo a}")
        .args(["-j", "1", "all"])
        .stdout("a\nall\n")
        .run();
}

#[test]
fn last_lines_without_an_end_are_not_lost() {
    let ran = Test::new()
        .castfile("tasks: {t: 'printf \"a\\nb\"'}")
        .args(["-j", "2", "t"])
        .output();
    assert_eq!(ran.stdout, "[t] a\n[t] b\n", "{}", ran.all());
}

#[test]
fn a_number_that_is_none_is_refused() {
    for jobs in ["0", "x", "-1", "1.5"] {
        let ran = Test::new()
            .castfile(RENDEZVOUS)
            .args([&*format!("--jobs={jobs}"), "all"])
            .output();
        assert_eq!(ran.status, 1, "{jobs}: {}", ran.all());
    }
    let ran = Test::new()
        .castfile("tasks: {t: echo}")
        .args(["-j", "nightly", "t"])
        .output();
    insta::assert_snapshot!(ran.all(), @r#"
    ---- stderr
    error[cast::bad-jobs]: `nightly` is no number of tasks
    help: `-j` takes a number of tasks; jobs are named by `--job`
    ---- status 1
    "#);
}
