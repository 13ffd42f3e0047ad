//! Starting and ending.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::time::{Duration, Instant};

use cast_runner::{Control, Invocation, Options, Status, raw_vars};

use crate::support::{Place, assert_gone, block_on, is_gone, wait_for};

#[test]
fn the_exit_code_is_the_programs() {
    let place = Place::new();
    for code in [0, 1, 3, 130, 255] {
        let outcome = place.run_with(&format!("exit {code}"), |_| {}).unwrap();
        assert_eq!(outcome.status, Status::Exited(code));
        assert_eq!(outcome.code(), code);
        assert_eq!(outcome.success(), code == 0);
        assert_eq!(outcome.interrupted, None);
    }
}

#[test]
fn death_by_signal_is_told() {
    let place = Place::new();
    let outcome = place.run_with("kill -KILL $$", |_| {}).unwrap();
    assert_eq!(outcome.status, Status::Signaled(9));
    assert_eq!(outcome.code(), 137);
    // nobody interrupted us
    let outcome = place.run_with("kill -INT $$", |_| {}).unwrap();
    assert_eq!(
        (outcome.status, outcome.interrupted),
        (Status::Signaled(2), None)
    );
    assert_eq!(cast_runner::signal_name(15), Some("SIGTERM"));
    assert_eq!(cast_runner::signal_name(0), None);
}

#[test]
fn the_environment_is_the_given_one() {
    let mut place = Place::new();
    place.env.insert("ONE".to_owned(), "a\nb é".to_owned());
    place.env.insert("PWD".to_owned(), "/elsewhere".to_owned());
    let env = cast_runner::find_program("env", None, place.cwd()).unwrap();
    let raw = OsString::from_vec(b"\xff\xfe".to_vec());
    let vars = [
        ("RAW".into(), raw.clone()),
        ("ONE".into(), raw),
        ("HOME".into(), "/text".into()),
    ];
    let outcome = place
        .run_invocation(Invocation::new(env, vec!["-0".to_owned()]), |options| {
            options.raw_vars = raw_vars(vars);
        })
        .unwrap();
    let mut expected: Vec<Vec<u8>> = place
        .env
        .iter()
        .map(|(name, value)| format!("{name}={value}").into_bytes())
        .collect();
    expected.retain(|pair| !pair.starts_with(b"PWD="));
    expected.push(format!("PWD={}", place.cwd()).into_bytes());
    expected.push(b"RAW=\xff\xfe".to_vec());
    let mut found: Vec<Vec<u8>> = outcome
        .stdout
        .split(|byte| *byte == 0)
        .map(<[u8]>::to_vec)
        .collect();
    found.retain(|pair| !pair.is_empty());
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn a_timeout_ends_the_whole_tree() {
    let place = Place::new();
    let text = "sleep 600 & echo $! > child; echo $$ > self; wait";
    let outcome = place
        .run_with(text, |options| {
            options.timeout = Some(Duration::from_secs(1));
        })
        .unwrap();
    assert_eq!(outcome.status, Status::TimedOut);
    assert_eq!(outcome.code(), 2);
    assert_eq!(outcome.interrupted, None);
    assert_gone(place.pid("child"));
    assert_gone(place.pid("self"));
}

#[test]
fn a_timeout_kills_what_does_not_listen() {
    let place = Place::new();
    // the leader goes at once, its descendant ignores SIGTERM
    let text = "(trap '' TERM; echo $BASHPID > child; while :; do sleep 0.02 || :; done) & wait";
    let start = Instant::now();
    let outcome = place
        .run_with(text, |options| {
            options.timeout = Some(Duration::from_secs(1));
            options.grace = Duration::from_millis(200);
        })
        .unwrap();
    assert_eq!(outcome.status, Status::TimedOut);
    assert!(start.elapsed() >= Duration::from_millis(1200));
    assert_gone(place.pid("child"));

    // here it is the leader that ignores it
    let text = "trap '' TERM; echo $$ > self; while :; do sleep 0.02 || :; done";
    let outcome = place
        .run_with(text, |options| {
            options.timeout = Some(Duration::from_secs(1));
            options.grace = Duration::from_millis(200);
        })
        .unwrap();
    assert_eq!(outcome.status, Status::TimedOut);
    assert_gone(place.pid("self"));
}

#[test]
fn a_stopped_program_is_ended_too() {
    let place = Place::new();
    let outcome = place
        .run_with("kill -STOP $$", |options| {
            options.timeout = Some(Duration::from_secs(1));
        })
        .unwrap();
    assert_eq!(outcome.status, Status::TimedOut);
}

#[test]
fn the_grace_lets_a_program_clean_up() {
    let place = Place::new();
    let text = "trap 'echo cleaned > mark; exit 7' TERM; while :; do sleep 0.02 || :; done";
    let outcome = place
        .run_with(text, |options| {
            options.timeout = Some(Duration::from_secs(1));
        })
        .unwrap();
    assert_eq!(outcome.status, Status::TimedOut);
    assert_eq!(
        fs_err::read_to_string(place.file("mark")).unwrap(),
        "cleaned\n"
    );
}

#[test]
fn a_normal_end_leaves_background_programs_alone() {
    let place = Place::new();
    let outcome = place
        .run_with("sleep 600 > /dev/null 2>&1 & echo $! > child", |options| {
            options.timeout = Some(Duration::from_secs(60));
        })
        .unwrap();
    assert!(outcome.success());
    let child = place.pid("child");
    assert!(!is_gone(child));
    let pid = nix::unistd::Pid::from_raw(child);
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGKILL).unwrap();
}

#[test]
fn a_dropped_run_kills_its_group() {
    let place = Place::new();
    block_on(async {
        let control = Control::new().unwrap();
        let options = Options::new(&control);
        let invocation = place.bash("sleep 600 & echo $! > child; echo $$ > self; wait");
        let run = cast_runner::run(invocation, &place.env, place.cwd(), &options);
        let started = async {
            // The file is there before the number is in it.
            while fs_err::read_to_string(place.file("self")).map_or(true, |pid| pid.is_empty()) {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::select! {
            _ = run => panic!("it was to be dropped"),
            () = started => {}
        }
    });
    assert_gone(place.pid("child"));
    assert_gone(place.pid("self"));
}

#[test]
fn what_cannot_start_is_explained() {
    let place = Place::new();
    let failure = |invocation: Invocation| {
        let error = place.run_invocation(invocation, |_| {}).unwrap_err();
        error.to_string().replace(place.cwd().as_str(), "~")
    };
    assert_eq!(
        failure(Invocation::new(place.file("nope"), vec![])),
        "cannot start `~/nope`"
    );
    place.write("script", "#!/no/such/python -x\n");
    std::fs::set_permissions(
        place.file("script"),
        std::os::unix::fs::PermissionsExt::from_mode(0o755),
    )
    .unwrap();
    assert_eq!(
        failure(Invocation::new(place.file("script"), vec![])),
        "cannot start `~/script`: its first line asks for `/no/such/python -x`, which does not exist"
    );
    let error = block_on(async {
        let control = Control::new().unwrap();
        let options = Options::new(&control);
        let cwd = place.file("missing");
        cast_runner::run(place.bash("exit 0"), &place.env, &cwd, &options)
            .await
            .unwrap_err()
    });
    assert_eq!(
        error.to_string().replace(place.cwd().as_str(), "~"),
        "the working directory `~/missing` does not exist"
    );
}

#[test]
fn running_can_be_moved_between_threads() {
    fn assert_send(_: &impl Send) {}
    let place = Place::new();
    block_on(async {
        let control = Control::new().unwrap();
        let options = Options::new(&control);
        let run = cast_runner::run(place.bash("exit 4"), &place.env, place.cwd(), &options);
        assert_send(&run);
        assert_eq!(run.await.unwrap().status, Status::Exited(4));
    });
}

#[test]
fn nothing_is_left_of_many_runs() {
    let place = Place::new();
    let count = || std::fs::read_dir("/proc/self/fd").unwrap().count();
    let before = count();
    block_on(async {
        let control = Control::new().unwrap();
        let mut options = Options::new(&control);
        options.output = cast_runner::Output::Captured;
        for _ in 0..200 {
            let run = cast_runner::run(place.bash("true"), &place.env, place.cwd(), &options);
            assert!(run.await.unwrap().success());
        }
    });
    // other tests have files open at the same time, but not as many as that
    wait_for(|| (count() < before + 150).then_some(()));
}
