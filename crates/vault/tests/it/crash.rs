//! A process that is killed while it saves.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use vault::{SaveOptions, Secret};

use crate::support::{Lab, save};

const VAULT: &str = "VAULT_TEST_SAVES";

/// Not a test of its own: the process that is killed. It saves one number after the other, and says
/// so when a save is done.
#[test]
fn saves_until_it_is_killed() {
    use std::io::Write as _;
    let Ok(path) = std::env::var(VAULT) else {
        return;
    };
    let open = || {
        vault::Vault::open(
            &path,
            crate::support::credentials(),
            crate::support::options(),
        )
        .unwrap()
    };
    let mut vault = open();
    let mut number: u64 = vault.get("number").unwrap().expose().parse().unwrap();
    loop {
        number += 1;
        vault
            .set("number", Secret::from(number.to_string()))
            .unwrap();
        vault.save(&SaveOptions::default()).unwrap();
        // past the capturing of the test harness
        let mut out = std::fs::OpenOptions::new()
            .append(true)
            .open("/dev/stderr")
            .unwrap();
        writeln!(out, "saved {number}").unwrap();
    }
}

/// However a process ends, there is one whole vault, and nothing in it is older than what was said
/// to be saved.
#[test]
fn a_kill_leaves_a_whole_vault() {
    const KILLS: u32 = 40;
    // so many saves at least, over all processes
    const SAVES: u64 = 200;
    let lab = Lab::with(&[("number", "0")]);
    let mut round = 0;
    let mut last = 0;
    while round < KILLS || last < SAVES {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::saves_until_it_is_killed", "--nocapture"])
            .env(VAULT, &lab.path)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut committed = last;
        let mut next = || {
            lines
                .next()
                .and_then(Result::ok)
                .and_then(|line| line.strip_prefix("saved ")?.parse::<u64>().ok())
        };
        for _ in 0..=round % 7 {
            committed = next().unwrap_or(committed);
        }
        // somewhere inside the next save; how long one takes is the machine's affair
        std::thread::sleep(Duration::from_micros(u64::from(round) * 137 % 4000));
        child.kill().unwrap();
        child.wait().unwrap();
        while let Some(number) = next() {
            committed = number;
        }
        let vault = lab.open();
        let number: u64 = vault.get("number").unwrap().expose().parse().unwrap();
        assert!(
            number == committed || number == committed + 1,
            "{committed} was saved, {number} is there"
        );
        (last, round) = (number, round + 1);
    }
    // and it goes on as if nothing had been
    let mut vault = lab.open();
    vault.set("number", Secret::from("done")).unwrap();
    save(&mut vault);
    assert_eq!(lab.open().get("number").unwrap().expose(), "done");
}
