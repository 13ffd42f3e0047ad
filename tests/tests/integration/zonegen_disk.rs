//! `zonegen` where nothing can be written: the old zone files stay, and nothing lies beside them.

use std::fmt::Write as _;

use camino::Utf8Path;
use homelab_tests::{Outcome, Sandbox, SmallDisk, oracle, zonegen_exe};

const ZONES: [&str; 2] = ["db.home.arpa", "db.test.arpa"];

fn address(number: usize) -> String {
    format!("10.1.{}.{}", number / 256, number % 256)
}

/// A config file of two zones in `output`, the second with so many records, which
/// the first has a trace of.
fn configure(sandbox: &Sandbox, output: &Utf8Path, records: usize) {
    let mut text = format!(
        "output: {output}\nzones:\n  \
         home.arpa: {{ns: {{ns1: 192.168.1.10}}, file: {}, records: [nas A {}]}}\n  \
         test.arpa:\n    ns: {{ns1: 192.168.1.10}}\n    file: {}\n    records:\n",
        ZONES[0],
        address(records),
        ZONES[1]
    );
    for at in 0..records {
        writeln!(
            text,
            "      - a-host-with-a-long-name-{at} A {}",
            address(at)
        )
        .unwrap();
    }
    sandbox.file("zonegen.yaml", &text);
}

/// The names of what lies in a directory, and the octets of the zones there.
fn contents(dir: &Utf8Path) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<_> = dir
        .read_dir_utf8()
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            (
                entry.file_name().to_owned(),
                fs_err::read(entry.path()).unwrap(),
            )
        })
        .collect();
    all.sort();
    all
}

#[track_caller]
fn refused(outcome: &Outcome, why: &str) {
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
}

#[test]
fn a_disk_that_is_full_or_read_only_keeps_every_zone() {
    let sandbox = Sandbox::new();
    let Some(disk) = SmallDisk::mount(sandbox.path().join("zones"), 1) else {
        return;
    };
    configure(&sandbox, disk.path(), 3);
    sandbox.run(zonegen_exe(), ["generate"]).success();
    let before = contents(disk.path());
    let names: Vec<&str> = before.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ZONES);

    // The first zone would have room, the second has none.
    configure(&sandbox, disk.path(), 50_000);
    let full = sandbox.run(zonegen_exe(), ["generate"]);
    refused(&full, "No space left on device");
    assert!(full.stderr.contains(ZONES[1]), "{}", full.stderr);
    assert_eq!(contents(disk.path()), before);

    disk.freeze();
    configure(&sandbox, disk.path(), 4);
    refused(
        &sandbox.run(zonegen_exe(), ["generate"]),
        "Read-only file system",
    );
    assert_eq!(contents(disk.path()), before);
}

#[test]
fn a_zone_that_is_laid_out_anew_needs_room_beside_it() {
    let sandbox = Sandbox::new();
    let Some(disk) = SmallDisk::mount(sandbox.path().join("zones"), 1) else {
        return;
    };
    let mut text = "$TTL 1h\n@ SOA ns1 admin 1 2h 1h 2w 5m\n@ NS ns1\nns1 A 10.0.0.1\n".to_owned();
    for at in 0..25_000 {
        writeln!(text, "host{at}   A {}", address(at)).unwrap();
    }
    let zone = disk.path().join("db");
    fs_err::write(&zone, &text).unwrap();
    let words = ["fmt", "zones/db", "--origin", "home.arpa", "-w"];
    refused(
        &sandbox.run(zonegen_exe(), words),
        "No space left on device",
    );
    assert_eq!(
        contents(disk.path()),
        [("db".to_owned(), text.into_bytes())]
    );
}

#[test]
fn a_directory_that_may_not_be_written_to_keeps_every_zone() {
    let Some(setpriv) = oracle("setpriv") else {
        return;
    };
    let sandbox = Sandbox::new();
    let output = sandbox.path().join("zones");
    configure(&sandbox, &output, 3);
    sandbox.run(zonegen_exe(), ["generate"]).success();
    let before = contents(&output);
    configure(&sandbox, &output, 4);
    sandbox.run("chmod", ["555", "zones"]).success();
    // Root may write anywhere, but for these capabilities.
    let program = zonegen_exe().as_str();
    let is_root = sandbox.run("id", ["-u"]).stdout == "0\n";
    let run = |words: &[&str]| {
        if is_root {
            let less = ["--bounding-set=-dac_override,-dac_read_search", program];
            sandbox.run(&setpriv, less.iter().chain(words))
        } else {
            sandbox.run(program, words)
        }
    };
    refused(&run(&["generate"]), "Permission denied");
    assert_eq!(contents(&output), before);
    let zone = format!("zones/{}", ZONES[0]);
    fs_err::write(
        output.join(ZONES[0]),
        [&before[0].1[..], b"x  A 1.2.3.4\n"].concat(),
    )
    .unwrap();
    let before = contents(&output);
    refused(
        &run(&["fmt", &zone, "--origin", "home.arpa", "-w"]),
        "Permission denied",
    );
    assert_eq!(contents(&output), before);
    // What needs no change needs no right to write.
    sandbox.run("chmod", ["755", "zones"]).success();
    run(&["generate"]).success();
    sandbox.run("chmod", ["555", "zones"]).success();
    run(&["generate"]).success();
    sandbox.run("chmod", ["755", "zones"]).success();
}
