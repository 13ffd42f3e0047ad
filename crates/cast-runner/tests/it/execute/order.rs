//! Which tasks run, in which order, and who gets the arguments.

use cast_runner::{SkipReason, StepOutcome};

use super::{Lab, PLAIN, Setup};

const LOGGING: &str = "
tasks:
  up: {run: echo up >> out, needs: [net, dirs], hooks: true}
  up:before: {run: echo before >> out}
  up:after: {run: echo after >> out, needs: [notify]}
  net: {run: echo net >> out}
  net:prod: {run: echo net:prod >> out}
  dirs: {run: echo dirs >> out, needs: [net]}
  notify: {run: echo notify >> out}
  down: {run: echo down >> out}
  down:before: {run: echo never >> out}
";

#[test]
fn needs_come_first_and_hooks_around_each_task_once() {
    let lab = Lab::new(LOGGING);
    let ran = lab.run(&["up", "down", "net"]);
    assert_eq!(
        lab.read("out"),
        "net\ndirs\nbefore\nup\nnotify\nafter\ndown\n"
    );
    assert!(ran.report.success());
    assert_eq!(
        ran.events,
        [
            "started net",
            "started dirs",
            "started up:before",
            "started up",
            "started notify",
            "started up:after",
            "started down",
        ]
    );
    let steps: Vec<_> = ran
        .report
        .steps
        .iter()
        .map(|step| step.task.as_str())
        .collect();
    assert_eq!(
        steps,
        [
            "net",
            "dirs",
            "up:before",
            "up",
            "notify",
            "up:after",
            "down"
        ]
    );
}

#[test]
fn the_context_chooses_variants_of_needs() {
    let lab = Lab::new(LOGGING);
    let prod = Setup {
        context: "prod",
        ..PLAIN
    };
    assert_eq!(lab.out_with(&["dirs"], prod), "net:prod\ndirs\n");
}

#[test]
fn a_false_condition_skips_the_task_alone() {
    let lab = Lab::new(
        "
tasks:
  a: {run: echo a >> out, if: 'env.WANTED == \"yes\"'}
  b: {run: echo b >> out, needs: [a], if: 'success && os == \"linux\"'}
  forced: {run: echo forced >> out, if: 'false', force: true}
  odd: {run: echo odd >> out, if: '\"text\"'}
",
    );
    let ran = lab.run(&["b", "forced", "odd"]);
    assert_eq!(lab.read("out"), "b\nforced\n");
    assert_eq!(ran.report.code(), 0);
    assert_eq!(
        ran.events,
        [
            "skipped a Condition",
            "started b",
            "started forced",
            "skipped odd Condition"
        ]
    );
    assert_eq!(
        ran.outcome("a"),
        StepOutcome::Skipped(SkipReason::Condition)
    );
}

#[test]
fn conditions_see_environment_arguments_and_outputs() {
    let lab = Lab::new(
        "
meta: {lab: home}
tasks:
  make: echo 'url=http://x' >> $CAST_OUTPUTS
  use:
    needs: [make]
    env: {MODE: on}
    if: 'env.MODE == \"on\" && outputs.make.url == \"http://x\" && args[0] == \"-v\" && cast.meta.lab == \"home\"'
    run: echo used >> out
",
    );
    let args = Setup {
        args: &["-v"],
        ..PLAIN
    };
    assert_eq!(lab.out_with(&["use"], args), "used -v\n");
}

#[test]
fn a_malformed_condition_fails_the_task() {
    let lab = Lab::new("tasks:\n  a: {run: echo a >> out, if: 'nope.b == 1'}\n");
    let ran = lab.run(&["a"]);
    assert_eq!(ran.report.code(), 1);
    insta::assert_snapshot!(ran.events.join("\n"), @r#"
    refused a
    [castfile::bad-expression] castfile:2:37: cannot fetch b from nil
      help: use `?.b` where the value before it may be absent
    "#);
    assert_eq!(lab.read("out"), "");
}

#[test]
fn only_targets_get_the_arguments() {
    let lab = Lab::new(
        "
tasks:
  need: {run: 'echo \"need $#\" >> out'}
  up: {run: 'echo \"up $1|$2 $#\" >> out', needs: [need], hooks: true}
  up:before: {run: 'echo \"before $#\" >> out'}
  other: {run: 'echo \"other $1\" >> out'}
",
    );
    let args = Setup {
        args: &["a b", "--c"],
        ..PLAIN
    };
    assert_eq!(
        lab.out_with(&["up", "other"], args),
        "need 0\nbefore 0\nup a b|--c 2\nother a b\n"
    );
}

#[test]
fn a_need_that_is_also_asked_for_gets_them() {
    let lab = Lab::new(
        "tasks:\n  need: {run: 'echo \"need $#\" >> out'}\n  up: {run: 'echo up >> out', needs: [need]}\n",
    );
    let args = Setup {
        args: &["x"],
        ..PLAIN
    };
    assert_eq!(lab.out_with(&["up", "need"], args), "need 1\nup x\n");
}
