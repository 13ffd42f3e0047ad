//! What programs write, and what they read.

use std::time::{Duration, Instant};

use cast_runner::{Control, Line, Options, Output, Status, Stdin, Stream};
use tokio::sync::mpsc;

use crate::support::{Place, assert_gone, block_on};

/// The lines of a bash script, `!` before those of standard error, `\` after those not ended.
fn lines(text: &str) -> Vec<String> {
    let place = Place::new();
    let (received, outcome) = collect(&place, text);
    assert_eq!(outcome, Status::Exited(0));
    received
        .into_iter()
        .map(|line| {
            let mark = if line.stream == Stream::Stderr {
                "!"
            } else {
                ""
            };
            let end = if line.newline { "" } else { "\\" };
            format!("{mark}{}{end}", String::from_utf8_lossy(&line.bytes))
        })
        .collect()
}

fn collect(place: &Place, text: &str) -> (Vec<Line>, Status) {
    block_on(async {
        let control = Control::new().unwrap();
        let mut options = Options::new(&control);
        let (sender, mut receiver) = mpsc::channel(1);
        options.stdin = Stdin::Null;
        options.output = Output::Lines(sender);
        let run = async {
            let run = cast_runner::run(place.bash(text), &place.env, place.cwd(), &options);
            let status = run.await.unwrap().status;
            drop(options);
            status
        };
        let receive = async {
            let mut lines = Vec::new();
            while let Some(line) = receiver.recv().await {
                lines.push(line);
            }
            lines
        };
        let (status, lines) = tokio::join!(run, receive);
        (lines, status)
    })
}

#[test]
fn output_comes_line_by_line() {
    assert_eq!(
        lines("echo a; echo; printf 'b\\r\\nc'"),
        ["a", "", "b\r", "c\\"]
    );
    assert_eq!(lines(":"), Vec::<String>::new());
    assert_eq!(
        lines("echo bad >&2; printf worse >&2"),
        ["!bad", "!worse\\"]
    );
    let mut both = lines("echo out; echo err >&2");
    both.sort();
    assert_eq!(both, ["!err", "out"]);
}

#[test]
fn any_bytes_are_lines() {
    let place = Place::new();
    let (lines, _) = collect(&place, r"printf '\xff\x00\xfe\n'");
    assert_eq!(lines[0].bytes, b"\xff\x00\xfe");
}

#[test]
fn a_very_long_line_comes_in_pieces() {
    let place = Place::new();
    let (lines, _) = collect(
        &place,
        "head -c 3000000 /dev/zero | tr '\\0' x; echo; echo end",
    );
    let sizes: Vec<usize> = lines.iter().map(|line| line.bytes.len()).collect();
    assert!(sizes.len() >= 4, "{sizes:?}");
    assert!(
        sizes.iter().all(|size| *size < 1024 * 1024 + 64 * 1024),
        "{sizes:?}"
    );
    assert_eq!(sizes.iter().sum::<usize>(), 3_000_003);
    assert_eq!(lines.iter().filter(|line| line.newline).count(), 2);
}

#[test]
fn captured_output_is_complete() {
    let place = Place::new();
    let outcome = place
        .run_with("seq 200000; seq 100000 >&2; exit 3", |_| {})
        .unwrap();
    assert_eq!(outcome.code(), 3);
    assert_eq!(
        outcome.stdout.split(|byte| *byte == b'\n').count() - 1,
        200_000
    );
    assert_eq!(
        outcome.stderr.split(|byte| *byte == b'\n').count() - 1,
        100_000
    );
}

#[test]
fn a_daemon_holding_the_pipe_does_not_hold_us() {
    let place = Place::new();
    let start = Instant::now();
    let outcome = place
        .run_with("echo first; sleep 600 & echo $! > child", |_| {})
        .unwrap();
    assert!(start.elapsed() < Duration::from_secs(60));
    assert_eq!(outcome.stdout, b"first\n");
    // one that writes without end does not hold us either
    let outcome = place
        .run_with("yes 2> /dev/null & echo $! > other", |_| {})
        .unwrap();
    assert!(outcome.success());
    // it ends by itself now that nobody reads
    assert_gone(place.pid("other"));
    let pid = nix::unistd::Pid::from_raw(place.pid("child"));
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGKILL).unwrap();
}

#[test]
fn a_receiver_that_went_away_is_no_failure() {
    let place = Place::new();
    let (sender, receiver) = mpsc::channel(1);
    drop(receiver);
    let outcome = place
        .run_with("seq 100000", |options| {
            options.output = Output::Lines(sender);
        })
        .unwrap();
    assert!(outcome.success());
}

#[test]
fn stdin_is_ours_or_empty() {
    use std::io::Write as _;
    let place = Place::new();
    let outcome = place.run_with("cat; echo end", |_| {}).unwrap();
    assert_eq!(outcome.stdout, b"end\n");

    let dir = place.cwd().to_path_buf();
    let mut helper = crate::helper::command(&["read -r line; echo \"got $line\"; cat"], &dir);
    helper
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped());
    let mut helper = helper.spawn().unwrap();
    helper
        .stdin
        .take()
        .unwrap()
        .write_all(b"one line\nrest\n")
        .unwrap();
    let output = helper.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("got one line\nrest\nENDED Exited(0) None None\n"),
        "{text}"
    );
}
