//! `uses: cast`: tasks of other castfiles.

use std::fmt::Write as _;

use cast_runner::StepOutcome;

use super::{Lab, PLAIN, Setup};
use crate::support::assert_gone;

#[test]
fn runs_a_task_of_a_file_or_directory_and_tells_its_events() {
    let lab = Lab::new(
        "
tasks:
  dir: {uses: cast, with: {dir: svc, task: up}, env: {GIVEN: 'by $CAST_CONTEXT'}}
  file: {uses: cast, cwd: svc, with: {file: ./castfile}}
",
    );
    lab.write(
        "svc/castfile",
        "
config: {context: prod}
tasks:
  up: {run: 'echo \"up $GIVEN|$CAST_CONTEXT|$1|$PWD\" >> ../out', needs: [net]}
  up:prod: echo prod >> ../out
  net: 'echo \"net $#\" >> ../out'
  default: echo default >> ../out
",
    );
    let setup = Setup {
        args: &["x"],
        context: "prod",
        ..PLAIN
    };
    let ran = lab.run_with(&["dir", "file"], setup);
    assert_eq!(
        lab.read("out"),
        format!(
            "net 0\nup by prod|default|x|{}\ndefault x\n",
            lab.path("svc")
        )
    );
    assert_eq!(
        ran.events,
        [
            "started dir",
            "started net",
            "started up",
            "started file",
            "started default"
        ]
    );
    assert_eq!(ran.report.steps.len(), 2);
}

#[test]
fn failures_are_passed_on() {
    let lab = Lab::new(
        "
tasks:
  a: {uses: cast, with: {dir: svc, task: bad}}
  b: echo never >> out
  clean: {uses: cast, with: {dir: svc, task: slow}, force: true}
  docker: {uses: cast, with: {dir: svc, task: docker}}
",
    );
    lab.write(
        "svc/castfile",
        "tasks:\n  bad: exit 6\n  slow: {run: sleep 600, timeout: 100ms}\n  docker: {uses: docker}\n",
    );
    let ran = lab.run(&["a", "b", "clean"]);
    assert_eq!(
        ran.events,
        [
            "started a",
            "started bad",
            "failed bad 6",
            "failed a 6",
            "skipped b EarlierFailure",
            "started clean",
            "started slow",
            "timed out slow 100ms",
            "failed clean 2",
        ]
    );
    assert_eq!(ran.report.code(), 6);
    assert_eq!(lab.run(&["docker"]).report.code(), 3);
}

#[test]
fn the_time_limit_holds_for_all_that_is_inside() {
    let lab = Lab::new("tasks:\n  a: {uses: cast, with: {dir: svc, task: two}, timeout: 400ms}\n");
    lab.write(
        "svc/castfile",
        "
tasks:
  one: sleep 0.01
  two: {needs: [one], run: 'echo $$ > pid; sleep 600; :', timeout: 10m}
",
    );
    let ran = lab.run(&["a"]);
    assert_eq!(ran.outcome("a"), StepOutcome::TimedOut);
    assert_eq!(ran.events.last().unwrap(), "timed out a 400ms");
    assert_eq!(ran.report.code(), 2);
    let pid = lab.read("svc/pid").trim().parse().unwrap();
    assert_gone(pid);
}

#[test]
fn what_is_handed_on_inside_reaches_the_tasks_after_it() {
    let lab = Lab::new(
        "
tasks:
  a: {uses: cast, with: {dir: svc, task: make}, env: {WHO: 'me $$5'}}
  b: {needs: [a], run: 'echo \"$NAME|$OUTPUTS_A_URL\" >> out; tool'}
",
    );
    lab.write(
        "svc/castfile",
        "
tasks:
  make: |
    echo 'NAME=$WHO' >> $CAST_ENV
    echo 'url=u$v' >> $CAST_OUTPUTS
    mkdir bin; printf '#!/bin/sh\\necho tool >> out' > bin/tool; chmod +x bin/tool
    echo $PWD/bin >> $CAST_PATH
",
    );
    assert_eq!(lab.out(&["b"]), "me $5|u$v\ntool\n");
}

#[test]
fn a_task_that_runs_itself_comes_to_an_end() {
    let lab = Lab::new("tasks:\n  a: {uses: cast, with: {file: castfile, task: a}}\n");
    for jobs in [1, 2] {
        let ran = lab.run_with(&["a"], Setup { jobs, ..PLAIN });
        assert_eq!(ran.report.code(), 1);
        assert_eq!(
            ran.told("refused "),
            ["a\n[cast::nested] castfile:2:13: `uses: cast` is nested more than 16 levels deep"]
        );
        assert_eq!(ran.told("started ").len(), 17);
    }
}

#[test]
fn what_is_wrong_inside_is_shown_with_the_way_there() {
    let lab = Lab::new(
        "
tasks:
  none: {uses: cast}
  job: {uses: cast, with: {dir: svc, job: nightly}}
  missing: {uses: cast, with: {dir: ./nope}}
  task: {uses: cast, with: {dir: svc, task: dwon}}
  needs: {uses: cast, with: {dir: svc, task: up}}
  broken: {uses: cast, with: {file: broken}}
  values: {uses: cast, with: {dir: values}}
",
    );
    lab.write(
        "svc/castfile",
        "tasks:\n  up: {needs: [nothing]}\n  down: echo\n",
    );
    lab.write("broken", "tasks: [");
    lab.write(
        "values/castfile",
        "env: {A: '${X:?set X}'}\ntasks: {default: echo}\n",
    );
    let mut text = String::new();
    for name in [
        "none", "job", "missing", "task", "needs", "broken", "values",
    ] {
        let ran = lab.run(&[name]);
        let refused = ran.told("refused ").join("\n");
        text.push_str(&refused.replace(lab.dir().as_str(), "[DIR]"));
        writeln!(text, "\n= {}", ran.report.code()).unwrap();
    }
    insta::assert_snapshot!(text, @r#"
    none
    [cast::nested] castfile:3:16: `uses: cast` needs `with.file` or `with.dir`
    = 1
    job
    [cast::not-supported] castfile:4:43: running a job is not supported yet
      help: it is parsed and listed; running it comes in a later version
    = 3
    missing
    [castfile::unreadable] castfile:5:37: cannot read `nope`: no such file or directory
    = 1
    task
    [castfile::unknown-task] castfile:6:45: no task `dwon` in `svc/castfile`
      help: did you mean `down`?
    = 1
    needs
    [castfile::unknown-task] svc/castfile:2:16: task `up` needs `nothing`, which is not defined
      castfile:7:46: run by this task
    = 1
    broken
    [yaml::syntax] broken:1:8: the closing `]` is missing
      castfile:8:37: run by this task
    = 1
    values
    [castfile::required-variable] values/castfile:1:11: set X
      castfile:9:18: run by this task
      help: set `X`
    = 1
    "#);
}

#[test]
fn jobs_hold_inside_too() {
    let lab = Lab::new("tasks:\n  a: {uses: cast, with: {dir: svc, task: all}}\n");
    lab.write(
        "svc/castfile",
        "
tasks:
  all: {needs: [one, two]}
  one: 'echo through > pipe; echo one'
  two: 'read line < pipe; echo two $line'
",
    );
    lab.fifo("svc/pipe");
    let ran = lab.run_with(&["a"], Setup { jobs: 2, ..PLAIN });
    let mut output = ran.told("output ");
    output.sort_unstable();
    assert_eq!(output, ["one 1: one", "two 1: two through"]);
    assert!(ran.report.success());
}
