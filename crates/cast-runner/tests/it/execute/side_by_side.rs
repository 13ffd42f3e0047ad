//! Several jobs at once.

use std::fmt::Write as _;

use cast_runner::{SkipReason, StepOutcome};

use super::{Lab, PLAIN, Ran, Setup};

fn run(lab: &Lab, targets: &[&str], jobs: usize) -> Ran {
    lab.run_with(targets, Setup { jobs, ..PLAIN })
}

/// Two tasks that wait for each other: one after the other they would wait for ever.
const MEETING: &str = "
tasks:
  all: {needs: [one, two], run: 'echo all >> out'}
  one: {run: 'echo one > to-two; read line < to-one; echo \"one got $line\"', timeout: 60s}
  two: {run: 'read line < to-two; echo two > to-one; echo \"two got $line\" >&2', timeout: 60s}
";

fn pipes(lab: &Lab) {
    for name in ["to-one", "to-two"] {
        lab.fifo(name);
    }
}

#[test]
fn what_does_not_depend_on_each_other_runs_at_the_same_time() {
    let lab = Lab::new(MEETING);
    pipes(&lab);
    let ran = run(&lab, &["all"], 2);
    assert!(ran.report.success(), "{:?}", ran.events);
    let mut events = ran.events;
    assert_eq!(events[..2], ["started one", "started two"]);
    assert_eq!(events.pop().unwrap(), "started all");
    events[2..].sort_unstable();
    assert_eq!(
        events[2..],
        ["output one 1: one got two", "output two 2: two got one"]
    );
    assert_eq!(lab.read("out"), "all\n");
}

#[test]
fn no_more_jobs_than_asked_for() {
    let lab = Lab::new(
        "
tasks:
  all: {needs: [a, b, c, d, e]}
  a: &task
    run: |
      mkdir slot1 2> log || mkdir slot2 2> log || echo \"too many\" >> out
      sleep 0.05
      rmdir slot2 2> log || rmdir slot1
  b: *task
  c: *task
  d: *task
  e: *task
",
    );
    let ran = run(&lab, &["all"], 2);
    assert!(ran.report.success(), "{:?}", ran.events);
    assert_eq!(lab.read("out"), "");
}

#[test]
fn order_is_kept_where_the_plan_asks_for_it() {
    let lab = Lab::new(
        "
tasks:
  up: {needs: [a, b], hooks: true, run: 'echo up >> out; test -e before-done'}
  up:before: 'sleep 0.05; touch before-done; echo before >> out'
  up:after: 'echo after >> out'
  a: {needs: [base], run: 'test -e base-done; echo \"$FROM_BASE\" >> got'}
  b: {needs: [base], run: 'test -e base-done'}
  base: 'sleep 0.05; touch base-done; echo FROM_BASE=yes >> $CAST_ENV'
  last: 'echo last >> out'
",
    );
    let ran = run(&lab, &["up", "last"], 4);
    assert!(ran.report.success(), "{:?}", ran.events);
    assert_eq!(lab.read("out"), "before\nup\nafter\nlast\n");
    assert_eq!(lab.read("got"), "yes\n");
}

#[test]
fn output_comes_in_whole_lines_with_the_name_of_its_task() {
    let lab = Lab::new(
        "
tasks:
  all: {needs: [a, b]}
  a: 'for i in 1 2 3; do printf \"a%s \" $i; sleep 0.01; echo end; done; printf last'
  b: 'for i in 1 2 3; do printf \"b%s \" $i; sleep 0.01; echo end; done; printf \"\\377\" >&2'
",
    );
    let ran = run(&lab, &["all"], 2);
    for name in ["a", "b"] {
        let lines = ran.told(&format!("output {name} 1: "));
        let wanted: Vec<_> = (1..=3).map(|i| format!("{name}{i} end")).collect();
        assert_eq!(lines[..3], wanted);
    }
    assert_eq!(ran.told("output a 1: ").last(), Some(&"last"));
    assert_eq!(ran.told("output b 2: "), ["\u{fffd}"]);
}

#[test]
fn a_failure_lets_running_tasks_end_and_starts_no_more() {
    let lab = Lab::new(
        "
tasks:
  all: {needs: [bad, slow, waiting, seen]}
  bad: 'read line < pipe; exit 4'
  slow: 'echo go > pipe; while ! test -e failed; do sleep 0.01; done; echo slow >> out'
  waiting: {needs: [bad], run: 'echo never >> out'}
  seen: {needs: [bad], run: 'touch failed', force: true}
  clean: {run: 'echo clean >> out; exit 5', force: true}
",
    );
    lab.fifo("pipe");
    let ran = run(&lab, &["all", "clean"], 3);
    assert_eq!(ran.report.code(), 4, "{:?}", ran.events);
    assert_eq!(lab.read("out"), "slow\nclean\n");
    assert_eq!(ran.outcome("slow"), StepOutcome::Succeeded);
    for name in ["waiting", "all"] {
        assert_eq!(
            ran.outcome(name),
            StepOutcome::Skipped(SkipReason::EarlierFailure)
        );
    }
    assert_eq!(ran.outcome("clean"), StepOutcome::Failed { code: 5 });
}

#[test]
fn tasks_read_nothing() {
    let lab = Lab::new("tasks:\n  a: 'cat; echo end'\n");
    assert_eq!(run(&lab, &["a"], 2).told("output a 1: "), ["end"]);
}

#[test]
fn many_tasks() {
    let names: Vec<_> = (0..40).map(|at| format!("t{at}")).collect();
    let mut castfile = format!("tasks:\n  all: {{needs: [{}]}}\n", names.join(", "));
    for name in &names {
        writeln!(castfile, "  {name}: echo {name}").unwrap();
    }
    let lab = Lab::new(&castfile);
    for jobs in [0, 8, 100] {
        let ran = run(&lab, &["all"], jobs);
        assert!(ran.report.success());
        assert_eq!(ran.report.steps.len(), 41);
        let output = ran.told("output ").len();
        assert_eq!(output, if jobs > 1 { 40 } else { 0 });
    }
}
