//! A process that is killed while it saves.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use vault::{SaveOptions, Secret, Vault};

use crate::support::{Lab, credentials, options, save};

const VAULT: &str = "VAULT_TEST_SAVES";

/// So many processes at a time, each with a vault of its own.
const VAULTS: u64 = 4;

/// So many kills that each hit a save.
const KILLS: u64 = 200;

/// Not a test of its own: the process that is killed. It saves one number after the other, and says
/// so before and after each.
#[test]
fn saves_until_it_is_killed() {
    let Ok(path) = std::env::var(VAULT) else {
        return;
    };
    // past the capturing of the test harness
    let mut out = std::fs::OpenOptions::new()
        .append(true)
        .open("/dev/stderr")
        .unwrap();
    let mut vault = Vault::open(&path, credentials(), options()).unwrap();
    let mut number = current(&vault);
    loop {
        number += 1;
        vault
            .set("number", Secret::from(number.to_string()))
            .unwrap();
        writeln!(out, "saving {number}").unwrap();
        vault.save(&SaveOptions::default()).unwrap();
        writeln!(out, "saved {number}").unwrap();
    }
}

fn current(vault: &Vault) -> u64 {
    vault.get("number").unwrap().expose().parse().unwrap()
}

/// However a process ends, there is one whole vault, and nothing in it is older than what was said
/// to be saved: 200 saves that are killed with `kill -9` somewhere in their midst.
#[test]
fn a_kill_leaves_a_whole_vault() {
    std::thread::scope(|scope| {
        for seed in 0..VAULTS {
            scope.spawn(move || kill_saves(seed, KILLS / VAULTS));
        }
    });
}

fn kill_saves(seed: u64, kills: u64) {
    let lab = Lab::with(&[("number", "0")]);
    let mut random = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut below = |limit: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % limit.max(1)
    };
    let mut last = 0;
    let mut took = Duration::from_millis(4);
    let mut hits = 0;
    let mut rounds = 0;
    while hits < kills {
        rounds += 1;
        assert!(rounds < kills * 20, "{hits} of {rounds} kills hit a save");
        let mut child = Saving::start(&lab);
        for _ in 0..below(3) {
            let start = child.next_line().map(|()| Instant::now());
            child.next_line();
            took = start.map_or(took, |start| start.elapsed());
        }
        child.next_line();
        let nanoseconds = u64::try_from(took.as_nanos()).unwrap();
        std::thread::sleep(Duration::from_nanos(below(nanoseconds)));
        let (begun, committed) = child.kill();
        let committed = committed.unwrap_or(last);
        let number = current(&lab.open());
        assert!(
            number == committed || Some(number) == begun,
            "{committed} was saved, {begun:?} was begun, {number} is there"
        );
        hits += u64::from(begun.is_some_and(|begun| begun > committed));
        last = number;
    }
    // and it goes on as if nothing had been
    let mut vault = lab.open();
    vault.set("number", Secret::from("done")).unwrap();
    save(&mut vault);
    assert_eq!(lab.open().get("number").unwrap().expose(), "done");
}

/// The process that saves, and what it said so far.
struct Saving {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStderr>>,
    begun: Option<u64>,
    committed: Option<u64>,
}

impl Saving {
    fn start(lab: &Lab) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::saves_until_it_is_killed", "--nocapture"])
            .env(VAULT, &lab.path)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        Self {
            child,
            lines,
            begun: None,
            committed: None,
        }
    }

    fn next_line(&mut self) -> Option<()> {
        let line = self.lines.next()?.ok()?;
        let number = |rest: &str| rest.parse().ok();
        if let Some(begun) = line.strip_prefix("saving ").and_then(number) {
            self.begun = Some(begun);
        }
        if let Some(committed) = line.strip_prefix("saved ").and_then(number) {
            self.committed = Some(committed);
        }
        Some(())
    }

    /// Which save was the last that began, and which the last that was done.
    fn kill(mut self) -> (Option<u64>, Option<u64>) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        while self.next_line().is_some() {}
        (self.begun, self.committed)
    }
}
