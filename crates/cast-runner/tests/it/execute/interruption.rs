//! Signals sent to the process that runs a plan. They belong to a whole process, so it is one of
//! its own: this test binary again, with only [`helper`] to do.

use std::fmt::Write as _;
use std::io::Read as _;
use std::process::{Child, Command, Stdio};

use camino::Utf8PathBuf;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::{Lab, PLAIN, Setup};
use crate::support::{assert_gone, wait_for};

/// Not a test: runs the castfile that its environment holds, and tells what came of it.
#[test]
fn helper() {
    let Ok(castfile) = std::env::var("CAST_HELPER_CASTFILE") else {
        return;
    };
    let jobs = std::env::var("CAST_HELPER_JOBS").unwrap().parse().unwrap();
    let mut lab = Lab::new(&castfile);
    lab.set("MARKS", &std::env::var("CAST_HELPER_DIR").unwrap());
    let setup = Setup {
        jobs,
        interrupted: std::env::var("CAST_HELPER_EARLY").is_ok(),
        ..PLAIN
    };
    if setup.interrupted {
        // It comes as soon as somebody waits for it.
        let me = std::process::id();
        let mut command = Command::new("sh");
        let script = format!("while ! test -e ready; do sleep 0.01; done; kill -INT {me}");
        command.args(["-c", &script]).current_dir(lab.dir());
        drop(command.spawn().unwrap());
    }
    let ran = lab.run_with(&["all"], setup);
    let mut text = String::new();
    for event in &ran.events {
        writeln!(text, "TOLD {event}").unwrap();
    }
    let report = &ran.report;
    writeln!(text, "TOLD {} {:?}", report.code(), report.interrupted).unwrap();
    std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes()).unwrap();
}

struct Helper {
    marks: tempfile::TempDir,
    child: Child,
}

impl Helper {
    fn start(castfile: &str, jobs: usize) -> Self {
        Self::start_with(castfile, jobs, &[])
    }

    fn start_with(castfile: &str, jobs: usize, vars: &[(&str, &str)]) -> Self {
        let marks = tempfile::tempdir().unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "execute::interruption::helper",
                "--test-threads=1",
                "--nocapture",
                "--quiet",
            ])
            .env("CAST_HELPER_CASTFILE", castfile)
            .env("CAST_HELPER_JOBS", jobs.to_string())
            .env("CAST_HELPER_DIR", marks.path())
            .envs(vars.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self { marks, child }
    }

    /// Waits for a process id written to a file.
    fn pid(&self, name: &str) -> i32 {
        let file = Utf8PathBuf::from_path_buf(self.marks.path().join(name)).unwrap();
        wait_for(|| {
            let text = fs_err::read_to_string(&file).ok()?;
            text.strip_suffix('\n')?.parse().ok()
        })
    }

    fn send(&self, signal: Signal) {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), signal).unwrap();
    }

    fn told(mut self) -> Vec<String> {
        let mut text = String::new();
        let mut stdout = self.child.stdout.take().unwrap();
        stdout.read_to_string(&mut text).unwrap();
        self.child.wait().unwrap();
        text.lines()
            .filter_map(|line| Some(line.split_once("TOLD ")?.1.to_owned()))
            .collect()
    }
}

#[test]
fn a_signal_ends_the_task_and_nothing_more_is_started() {
    let helper = Helper::start(
        "
tasks:
  all: {needs: [a, b], run: echo never, force: true}
  a: 'echo $$ > $MARKS/a; sleep 600; :'
  b: {run: echo never, force: true}
",
        1,
    );
    let pid = helper.pid("a");
    helper.send(Signal::SIGTERM);
    assert_eq!(
        helper.told(),
        [
            "started a",
            "failed a 143 signal 15",
            "skipped b Interrupted",
            "skipped all Interrupted",
            "143 Some(15)",
        ]
    );
    assert_gone(pid);
}

#[test]
fn a_task_that_makes_a_good_end_has_not_failed() {
    let helper = Helper::start(
        "
tasks:
  all: {needs: [a], run: echo never}
  a: 'trap \"exit 0\" INT; echo $$ > $MARKS/a; while :; do sleep 0.02 || :; done'
",
        1,
    );
    helper.pid("a");
    helper.send(Signal::SIGINT);
    assert_eq!(
        helper.told(),
        ["started a", "skipped all Interrupted", "130 Some(2)"]
    );
}

#[test]
fn all_jobs_are_interrupted() {
    let helper = Helper::start(
        "
tasks:
  all: {needs: [a, b, inner]}
  a: 'echo $$ > $MARKS/a; sleep 600; :'
  b: 'echo $$ > $MARKS/b; sleep 600; :'
  inner: {needs: [a], run: echo never}
",
        2,
    );
    let pids = [helper.pid("a"), helper.pid("b")];
    helper.send(Signal::SIGTERM);
    let mut told = helper.told();
    assert_eq!(told.pop().unwrap(), "143 Some(15)");
    told.sort();
    assert_eq!(
        told,
        [
            "failed a 143 signal 15",
            "failed b 143 signal 15",
            "skipped all Interrupted",
            "skipped inner Interrupted",
            "started a",
            "started b",
        ]
    );
    pids.into_iter().for_each(assert_gone);
}

#[test]
fn a_run_inside_is_interrupted_with_the_one_around_it() {
    let helper = Helper::start(
        "
tasks:
  all: {needs: [outer], run: echo never}
  outer: {uses: cast, with: {file: castfile, task: inner}}
  inner: {needs: [a], run: echo never}
  a: 'echo $$ > $MARKS/a; sleep 600; :'
",
        1,
    );
    helper.pid("a");
    helper.send(Signal::SIGHUP);
    assert_eq!(
        helper.told(),
        [
            "started outer",
            "started a",
            "failed a 129 signal 1",
            "skipped inner Interrupted",
            "failed outer 129",
            "skipped all Interrupted",
            "129 Some(1)",
        ]
    );
}

#[test]
fn a_signal_that_came_while_no_program_ran_counts() {
    for jobs in [1, 2] {
        let castfile = "
tasks:
  all: {needs: [a, b], run: echo never}
  a: {uses: tmpl, with: {files: [none]}, force: true}
  b: echo never
";
        let helper = Helper::start_with(castfile, jobs, &[("CAST_HELPER_EARLY", "1")]);
        assert_eq!(
            helper.told(),
            [
                "skipped a Interrupted",
                "skipped b Interrupted",
                "skipped all Interrupted",
                "130 Some(2)",
            ]
        );
    }
}
