//! Failures, time limits, signals, and what cannot be run at all.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use cast_runner::{SkipReason, StepOutcome};

use super::{Lab, PLAIN, Setup};
use crate::support::assert_gone;

#[test]
fn a_failure_skips_the_rest_and_its_code_is_the_codes_of_the_run() {
    let lab = Lab::new(
        "
tasks:
  a: echo a >> out; exit 7
  b: {run: echo b >> out, needs: [a], hooks: true}
  b:before: echo before >> out
  b:after: echo after >> out
  clean: {run: echo clean >> out; exit 9, force: true}
  clean2: {run: echo clean2 >> out, force: '!success && env.CAST_CONTEXT == \"default\"'}
  c: {run: echo c >> out, force: 'success'}
",
    );
    let ran = lab.run(&["b", "clean", "clean2", "c"]);
    assert_eq!(lab.read("out"), "a\nclean\nclean2\n");
    assert_eq!(
        ran.events,
        [
            "started a",
            "failed a 7",
            "skipped b:before EarlierFailure",
            "skipped b EarlierFailure",
            "skipped b:after EarlierFailure",
            "started clean",
            "failed clean 9",
            "started clean2",
            "skipped c EarlierFailure",
        ]
    );
    assert_eq!(ran.report.code(), 7);
    assert!(!ran.report.success());
    assert_eq!(ran.outcome("a"), StepOutcome::Failed { code: 7 });
    assert_eq!(
        ran.outcome("b"),
        StepOutcome::Skipped(SkipReason::EarlierFailure)
    );
    assert_eq!(ran.outcome("clean2"), StepOutcome::Succeeded);
}

#[test]
fn the_time_limit_ends_the_whole_group() {
    let lab = Lab::new(
        "
tasks:
  slow: {run: 'sh -c \"echo \\$\\$ > inner; sleep 600; :\"; echo never >> out', timeout: 300ms}
  next: echo next >> out
  always: {run: echo always >> out, force: true}
",
    );
    let ran = lab.run(&["slow", "next", "always"]);
    assert_eq!(
        ran.events,
        [
            "started slow",
            "timed out slow 300ms",
            "skipped next EarlierFailure",
            "started always",
        ]
    );
    assert_eq!(ran.outcome("slow"), StepOutcome::TimedOut);
    assert_eq!(ran.report.code(), 2);
    assert_gone(lab.place.pid("inner"));
    assert_eq!(lab.read("out"), "always\n");
}

#[test]
fn a_failure_counts_more_than_a_time_limit() {
    let lab = Lab::new(
        "tasks:\n  slow: {run: sleep 600, timeout: '{\"a\": \"100ms\"}[\"a\"]'}\n  clean: {run: exit 5, force: true}\n",
    );
    let ran = lab.run(&["slow", "clean"]);
    assert_eq!(ran.events[1], "timed out slow 100ms");
    assert_eq!(ran.report.code(), 5);
}

#[test]
fn a_signal_is_a_failure_of_its_own_code() {
    let lab = Lab::new("tasks:\n  a: kill -TERM $$\n  b: echo b >> out\n");
    let ran = lab.run(&["a", "b"]);
    assert_eq!(
        ran.events,
        [
            "started a",
            "failed a 143 signal 15",
            "skipped b EarlierFailure"
        ]
    );
    assert_eq!(ran.report.code(), 143);
    assert_eq!(ran.report.interrupted, None);
}

#[test]
fn a_task_without_script_may_gather_others_but_not_do_nothing() {
    let lab = Lab::new(
        "
tasks:
  a: echo a >> out
  all: {needs: [a]}
  hooked: {hooks: true}
  hooked:before: echo hook >> out
  nothing: {desc: does nothing}
  blank: {run: '  '}
  bad: {needs: [a], uses: docker}
",
    );
    assert_eq!(lab.out(&["all", "hooked"]), "a\nhook\n");
    for name in ["nothing", "blank"] {
        let ran = lab.run(&[name]);
        assert_eq!(ran.report.code(), 1);
        let refused = ran.told("refused ").join("");
        assert!(
            refused.contains("[cast::empty-script] castfile:"),
            "{refused}"
        );
    }
    assert_eq!(lab.run(&["bad"]).report.code(), 3);
}

#[test]
fn unknown_and_unsupported_runners_are_told_at_their_place() {
    let lab = Lab::new(
        "
tasks:
  typo: {uses: bsah, run: echo}
  odd: {uses: something, run: echo}
  docker: {uses: docker, run: echo, force: true}
  remote: {uses: 'gh:frostyeti/x', run: echo, force: true}
  missing: {uses: ruby, run: echo, env: {RUN_RUBY_EXE: no-such-ruby}}
  lost: {cwd: ./nowhere, run: echo}
  script: {uses: bash, with: {script: ./no.sh}}
  next: echo next >> out
",
    );
    let mut text = String::new();
    for name in [
        "typo", "odd", "docker", "remote", "missing", "lost", "script",
    ] {
        let ran = lab.run(&[name, "next"]);
        let path = std::env::var("PATH").unwrap();
        let refused = ran.told("refused ").join("\n");
        let refused = refused
            .replace(&path, "[PATH]")
            .replace(lab.dir().as_str(), "[DIR]");
        let code = ran.report.code();
        writeln!(text, "{refused}\n= {code}").unwrap();
        let last = ran.events.last().unwrap();
        assert_eq!(last, "skipped next EarlierFailure");
    }
    insta::assert_snapshot!(text, @r#"
    typo
    [cast::unknown-runner] castfile:3:16: task `typo` uses `bsah`, which is no runner
      fix: did you mean `bash`?
    = 1
    odd
    [cast::unknown-runner] castfile:4:15: task `odd` uses `something`, which is no runner
      help: the runners are shell, bash, sh, pwsh, powershell, python, node, deno, bun, ruby, go, golang, dotnet, csharp, xplat, tmpl, cast
    = 1
    docker
    [cast::not-supported] castfile:5:18: `uses: docker` is a docker task, which is not supported yet
      help: it is parsed and listed; running it comes in a later version
    = 3
    remote
    [cast::not-supported] castfile:6:18: `uses: gh:frostyeti/x` is a remote task, which is not supported yet
      help: it is parsed and listed; running it comes in a later version
    = 3
    missing
    [cast::missing-program] castfile:7:19: runner `ruby` needs the program `no-such-ruby`, which was not found; PATH is `./node_modules/.bin:./bin:[PATH]`
      help: `RUN_RUBY_EXE` names this program; change or unset it
    = 1
    lost
    [cast::missing-directory] castfile:8:15: the working directory `[DIR]/nowhere` does not exist
    = 1
    script
    [cast::script-file] castfile:9:39: cannot read the script `[DIR]/no.sh`: no such file or directory
    = 1
    "#);
}

#[test]
fn not_supported_counts_less_than_a_failure() {
    let lab = Lab::new("tasks:\n  a: {uses: ssh, run: x}\n  b: {run: exit 4, force: true}\n");
    let ran = lab.run(&["a", "b"]);
    assert_eq!(ran.outcome("a"), StepOutcome::NotSupported);
    assert_eq!(ran.report.code(), 4);
}

#[test]
fn a_value_that_cannot_be_made_stops_the_task() {
    let lab = Lab::new(
        "
tasks:
  required: {env: {A: '${NOT_SET:?set NOT_SET first}'}, run: echo never >> out}
  command: {env: {A: '$(sh -c \"exit 3\")'}, run: echo never >> out}
  dotenv: {dotenv: [missing.env], run: echo never >> out}
  cwd: {cwd: '$(false)', run: echo never >> out}
  timeout: {timeout: '{}.a', run: echo never >> out}
  xplat: {uses: xplat, run: 'touch $(false) never'}
",
    );
    let mut text = String::new();
    for name in ["required", "command", "dotenv", "cwd", "timeout", "xplat"] {
        let ran = lab.run(&[name]);
        assert_eq!(ran.report.code(), 1, "{name}");
        assert_eq!(lab.read("out"), "");
        let refused = ran.told("refused ").join("\n");
        text.push_str(&refused.replace(lab.dir().as_str(), "[DIR]"));
        text.push('\n');
    }
    assert!(!lab.path("never").exists());
    insta::assert_snapshot!(text, @r#"
    required
    [castfile::required-variable] castfile:3:24: set NOT_SET first
      help: set `NOT_SET`
    command
    [castfile::substitution] castfile:4:23: command `sh -c "exit 3"` failed: `sh` ended with exit code 3
    dotenv
    [castfile::missing-dotenv] castfile:5:21: the dotenv file `[DIR]/missing.env` is not there
      help: create it, or write `missing.env?` if it may be missing
    cwd
    [castfile::substitution] castfile:6:15: command `false` failed: `false` ended with exit code 1
    timeout
    [castfile::bad-duration] castfile:7:22: invalid duration "<nil>"
      help: write a number and a unit, for example `90s` or `1m30s`
    xplat
    [cast::runner] castfile:8:29: cannot expand `$(false)`: command `false` failed: `false` ended with exit code 1
    "#);
}

#[test]
fn a_shared_value_that_cannot_be_made_stops_everything() {
    let lab = Lab::new("env: {A: '$(false)'}\ntasks:\n  a: echo a >> out\n");
    let error = lab.try_run(&["a"], PLAIN).err().unwrap();
    assert_eq!(
        error.to_string(),
        "castfile:1:11: command `false` failed: `false` ended with exit code 1"
    );
    assert_eq!(lab.read("out"), "");
}

#[test]
fn a_task_in_a_group_of_jobs_times_out_alone() {
    let lab = Lab::new(
        "tasks:\n  all: {needs: [slow, quick]}\n  slow: {run: sleep 600, timeout: 200ms}\n  quick: echo quick >> out\n",
    );
    let start = Instant::now();
    let ran = lab.run_with(&["all"], Setup { jobs: 2, ..PLAIN });
    assert!(start.elapsed() < Duration::from_secs(60));
    assert_eq!(lab.read("out"), "quick\n");
    assert_eq!(ran.outcome("slow"), StepOutcome::TimedOut);
    assert_eq!(
        ran.outcome("all"),
        StepOutcome::Skipped(SkipReason::EarlierFailure)
    );
    assert_eq!(ran.report.code(), 2);
}
