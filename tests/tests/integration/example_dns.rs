//! The zone and the Corefile of the example are those that `zonegen` makes of its services.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use common::Io;
use homelab_tests::{Sandbox, cast_exe, repository, zonegen_exe};

use crate::oracle_zonegen::accepted;

const ZONE: &str = "compose/coredns/etc/zones/home.arpa.zone";
const COREFILE: &str = "compose/coredns/etc/Corefile";

fn example() -> Utf8PathBuf {
    repository().join("examples/homelab")
}

/// Runs `zonegen` in the example, which it must leave as it is.
fn zonegen(words: &str) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let words = std::iter::once("zonegen")
        .chain(words.split(' '))
        .map(Into::into);
    let code = zonegen::run_in(
        &example(),
        &BTreeMap::new(),
        words.collect(),
        &mut Io::new(&mut out, &mut err),
    );
    (
        code,
        String::from_utf8(out).unwrap(),
        String::from_utf8(err).unwrap(),
    )
}

#[test]
fn they_are_made_of_the_services() {
    assert_eq!(
        zonegen("generate --diff"),
        (0, String::new(), String::new()),
        "run `cast dns`"
    );
    assert_eq!(
        zonegen("corefile generate --diff"),
        (0, String::new(), String::new()),
        "run `cast dns`"
    );
}

#[test]
fn they_have_no_mistakes() {
    for place in ["default", "prod", "test"] {
        let words =
            format!("corefile check {COREFILE} --strict -f compose/coredns/{place}/compose.yaml");
        assert_eq!(
            zonegen(&words),
            (0, String::new(), String::new()),
            "{place}"
        );
    }
    let (code, _, err) = zonegen(&format!("check {ZONE} --origin home.arpa"));
    assert_eq!(code, 0, "{err}");
    accepted(&Sandbox::new(), &example().join(ZONE), "home.arpa");
}

#[test]
fn a_cast_task_writes_them() {
    let mut sandbox = Sandbox::new();
    sandbox.set("ZONEGEN_EXE", zonegen_exe().as_str());
    let lab = sandbox.copy_tree(&example(), "lab");
    let read = |path: &str| fs_err::read_to_string(lab.join(path)).unwrap();
    let dns = || {
        let mut command = sandbox.command(cast_exe());
        homelab_tests::run(command.arg("dns").current_dir(&lab)).success()
    };
    let (zone, corefile) = (read(ZONE), read(COREFILE));
    let outcome = dns();
    assert!(outcome.stdout.contains("no change"), "{}", outcome.stdout);
    assert_eq!(
        (read(ZONE), read(COREFILE)),
        (zone.clone(), corefile.clone())
    );

    // A service more, and it resolves.
    copy(&lab.join("compose/whoami"), &lab.join("compose/wiki"));
    let base = lab.join("compose/wiki/base.yaml");
    let text = fs_err::read_to_string(&base)
        .unwrap()
        .replace("Host(`whoami.", "Host(`wiki.");
    fs_err::write(base, text).unwrap();
    dns();
    let changed = read(ZONE);
    for name in [
        "wiki.home.arpa.",
        "wiki.test.home.arpa.",
        "wiki.dev.home.arpa.",
    ] {
        assert!(
            changed.contains(&format!("\n{name} 300 IN A 192.168.1.10\n")),
            "{name}: {changed}"
        );
    }
    // Not the same number: today's is higher than the one that was written.
    assert_ne!(changed.lines().nth(3), zone.lines().nth(3));
    fs_err::remove_dir_all(lab.join("compose/wiki")).unwrap();
    dns();
    let records = |text: &str| {
        text.lines()
            .filter(|line| !line.contains("; serial"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(records(&read(ZONE)), records(&zone));
}

fn copy(from: &Utf8Path, to: &Utf8Path) {
    fs_err::create_dir_all(to).unwrap();
    for entry in from.read_dir_utf8().unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(entry.path(), &target);
        } else {
            fs_err::copy(entry.path(), &target).unwrap();
        }
    }
}
