//! Signals sent to the process that runs programs.

use std::io::Read as _;
use std::process::{Child, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::helper;
use crate::support::{Place, assert_gone};

fn start(place: &Place, scripts: &[&str]) -> Child {
    let mut command = helper::command(scripts, &place.cwd().to_path_buf());
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn send(helper: &Child, signal: Signal) {
    kill(Pid::from_raw(helper.id().try_into().unwrap()), signal).unwrap();
}

/// What the helper says at the end.
fn end(mut helper: Child) -> Vec<String> {
    let mut text = String::new();
    helper
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    helper.wait().unwrap();
    let mut lines: Vec<String> = text
        .lines()
        .filter_map(|line| line.split_once("ENDED ").map(|(_, end)| end.to_owned()))
        .collect();
    lines.sort();
    lines
}

#[test]
fn a_signal_reaches_the_whole_group() {
    for (signal, number) in [
        (Signal::SIGTERM, 15),
        (Signal::SIGHUP, 1),
        (Signal::SIGQUIT, 3),
    ] {
        let place = Place::new();
        let helper = start(
            &place,
            &["ulimit -c 0; sh -c 'echo $$ > inner; sleep 600; :' || true"],
        );
        let inner = place.pid("inner");
        send(&helper, signal);
        let ended = end(helper);
        // what bash makes of it differs from signal to signal
        let told = format!("Some({number}) Some({number})");
        assert!(ended.len() == 1 && ended[0].ends_with(&told), "{ended:?}");
        assert_gone(inner);
    }
}

#[test]
fn every_running_program_gets_the_signal() {
    let place = Place::new();
    let script = |name: &str| {
        format!("trap 'exit 9' TERM; echo $$ > {name}; while :; do sleep 0.02 || :; done")
    };
    let helper = start(&place, &[&script("one"), &script("two")]);
    let (one, two) = (place.pid("one"), place.pid("two"));
    send(&helper, Signal::SIGTERM);
    assert_eq!(
        end(helper),
        ["Exited(9) Some(15) Some(15)", "Exited(9) Some(15) Some(15)"]
    );
    assert_gone(one);
    assert_gone(two);
}

#[test]
fn what_the_interrupted_program_leaves_is_ended() {
    let place = Place::new();
    // a background command of a script ignores SIGINT
    let helper = start(
        &place,
        &["sleep 600 & echo $! > child; while :; do sleep 0.02 || :; done"],
    );
    let child = place.pid("child");
    send(&helper, Signal::SIGINT);
    let ended = end(helper);
    assert!(ended[0].ends_with("Some(2) Some(2)"), "{ended:?}");
    assert_gone(child);
}

#[test]
fn a_program_may_survive_the_first_interrupt() {
    let place = Place::new();
    let script = "trap 'echo $$ > once' INT; echo $$ > ready
        until [ -e once ]; do sleep 0.02 || :; done; exit 6";
    let helper = start(&place, &[script]);
    place.pid("ready");
    send(&helper, Signal::SIGINT);
    assert_eq!(end(helper), ["Exited(6) Some(2) Some(2)"]);
}

#[test]
fn the_second_interrupt_is_the_last() {
    let place = Place::new();
    let script = "trap '' TERM; trap 'echo $$ > once' INT; echo $$ > ready
        while :; do sleep 0.02 || :; done";
    let helper = start(&place, &[script]);
    let pid = place.pid("ready");
    send(&helper, Signal::SIGINT);
    place.pid("once");
    send(&helper, Signal::SIGINT);
    assert_eq!(end(helper), ["Signaled(9) Some(2) Some(2)"]);
    assert_gone(pid);
}

#[test]
fn a_terminated_program_is_killed_after_the_grace() {
    let place = Place::new();
    let script = "trap '' TERM; echo $$ > ready; while :; do sleep 0.02 || :; done";
    let helper = start(&place, &[script]);
    let pid = place.pid("ready");
    send(&helper, Signal::SIGTERM);
    assert_eq!(end(helper), ["Signaled(9) Some(15) Some(15)"]);
    assert_gone(pid);
}

/// `nohup` and background jobs of scripts start us with signals ignored.
#[test]
fn an_ignored_signal_stays_ignored() {
    let place = Place::new();
    let helper = helper::command(
        &["echo $$ > ready; until [ -e go ]; do sleep 0.02 || :; done; exit 3"],
        &place.cwd().to_path_buf(),
    );
    let mut command = std::process::Command::new("sh");
    command
        .args(["-c", "trap '' HUP; exec \"$@\"", "sh"])
        .arg(helper.get_program());
    command.args(helper.get_args());
    for (name, value) in helper.get_envs() {
        command.env(name, value.unwrap());
    }
    let helper = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    place.pid("ready");
    send(&helper, Signal::SIGHUP);
    place.write("go", "");
    assert_eq!(end(helper), ["Exited(3) None None"]);
}
