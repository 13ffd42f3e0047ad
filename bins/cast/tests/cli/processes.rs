//! Standard input, signals, time limits.

use crate::support::{Test, code, signal, wait, wait_until};

#[test]
fn standard_input_reaches_the_task() {
    Test::new()
        .castfile("tasks: {t: cat}")
        .args(["t"])
        .stdin("line\n")
        .stdout("line\n")
        .run();
    Test::new()
        .castfile("tasks: {t: 'read -r a; echo \"[$a]\"', u: cat}")
        .args(["t", "u"])
        .stdin("one\ntwo\n")
        .stdout("[one]\ntwo\n")
        .run();
    Test::new()
        .castfile("tasks: {t: {uses: python, run: 'print(input())'}}")
        .args(["t"])
        .stdin("python\n")
        .stdout("python\n")
        .run();
}

/// Whether a process runs (and is no zombie).
fn runs(pid: &str) -> bool {
    let stat = std::fs::read(format!("/proc/{pid}/stat")).unwrap_or_default();
    let stat = String::from_utf8_lossy(&stat).into_owned();
    stat.rsplit_once(") ")
        .is_some_and(|(_, rest)| !rest.starts_with('Z'))
}

#[test]
fn a_signal_reaches_the_whole_group_and_ends_the_run() {
    for (name, number) in [("TERM", 15), ("INT", 2), ("HUP", 1)] {
        let test = Test::new()
            .castfile(
                "
                tasks:
                  t: |
                    sleep 300 &
                    echo $! > inner.tmp
                    # Told from the background: a shell that is interrupted while it waits for a
                    # command in the foreground, and that command ends well, goes on.
                    { sleep 0.5; mv inner.tmp inner; } &
                    wait
                  next: touch next
                ",
            )
            .args(["t", "next"]);
        let mut child = test.spawn();
        let inner = test.dir().join("inner");
        wait_until("the task runs", || inner.exists());
        let pid = fs_err::read_to_string(&inner).unwrap().trim().to_owned();
        assert!(runs(&pid));
        signal(&child, name);
        let status = wait(&mut child);
        assert_eq!(code(status), 128 + number, "{name}");
        wait_until("the background process ends", || !runs(&pid));
        assert!(!test.dir().join("next").exists());
    }
}

#[test]
fn a_task_may_clean_up_before_it_ends() {
    let test = Test::new()
        .castfile(
            "
            tasks:
              t: |
                trap 'touch cleaned; exit 0' TERM
                touch ready
                while :; do sleep 0.05; done
            ",
        )
        .args(["t"]);
    let mut child = test.spawn();
    wait_until("the task runs", || test.dir().join("ready").exists());
    signal(&child, "TERM");
    assert_eq!(code(wait(&mut child)), 143);
    assert!(test.dir().join("cleaned").exists());
}

#[test]
fn a_time_limit_ends_what_runs_in_the_background() {
    let ran = Test::new()
        .castfile(
            "
            tasks:
              t:
                timeout: 300ms
                run: |
                  sleep 300 &
                  echo $! > inner
                  sh -c 'sleep 301 & echo $! > innermost; wait'
            ",
        )
        .args(["t"])
        .status(2)
        .run();
    for file in ["inner", "innermost"] {
        let pid = ran.read(file).trim().to_owned();
        wait_until("the background process ends", || !runs(&pid));
    }
}

#[test]
fn a_run_ends_although_a_background_process_goes_on() {
    let ran = Test::new()
        .castfile("tasks: {t: '(sleep 300 > /dev/null 2>&1 & echo $! > inner); echo done'}")
        .args(["t"])
        .stdout("done\n")
        .run();
    // As with any shell script, what it left behind is its own affair.
    let pid = ran.read("inner").trim().to_owned();
    std::process::Command::new("kill")
        .arg(&pid)
        .status()
        .unwrap();
}
