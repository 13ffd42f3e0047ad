//! `zonegen check`, `fmt` and `diff` from the outside.

#![expect(clippy::unwrap_used, reason = "test helpers")]

use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use camino::{Utf8Path, Utf8PathBuf};
use common::Io;
use tempfile::TempDir;

const ZONE: &str = "$TTL 1h\n@ SOA ns1 admin 1 2h 1h 2w 5m\n@ NS ns1\nns1 A 192.168.1.2\n";

/// A directory with files.
struct Place(TempDir);

/// What a command left behind.
#[derive(Debug, PartialEq)]
struct Outcome {
    code: u8,
    out: String,
    err: String,
}

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let dir = TempDir::new().unwrap();
        for (name, text) in files {
            let path = dir.path().join(name);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, text).unwrap();
        }
        Self(dir)
    }

    fn path(&self) -> Utf8PathBuf {
        Utf8Path::from_path(self.0.path()).unwrap().to_owned()
    }

    fn read(&self, name: &str) -> String {
        fs_err::read_to_string(self.0.path().join(name)).unwrap()
    }

    fn run(&self, words: &str) -> Outcome {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let words = std::iter::once("zonegen")
            .chain(words.split(' '))
            .map(Into::into);
        let code = zonegen::run_in(
            &self.path(),
            &BTreeMap::new(),
            words.collect(),
            &mut Io::new(&mut out, &mut err),
        );
        Outcome {
            code,
            out: String::from_utf8(out).unwrap(),
            err: String::from_utf8(err).unwrap(),
        }
    }
}

#[test]
fn a_clean_zone_says_nothing() {
    let place = Place::new(&[("db", ZONE)]);
    let outcome = place.run("check db --origin home.lab");
    assert_eq!(
        (outcome.code, outcome.out.as_str(), outcome.err.as_str()),
        (0, "", "")
    );
}

#[test]
fn findings_have_place_and_advice() {
    let place = Place::new(&[(
        "db",
        &format!("{ZONE}www CNAME ns1\nwww A 192.168.1.3\na A 1.2.3\n"),
    )]);
    let outcome = place.run("check db --origin home.lab");
    assert_eq!((outcome.code, outcome.out.as_str()), (1, ""));
    insta::assert_snapshot!(outcome.err, @r#"
    error[dns::data]: A: `1.2.3` is no IPv4 address
     --> db:7:5
      |
    7 | a A 1.2.3
      |     ^^^^^

    error[dns::alias-and-data]: `www.home.lab.` is an alias and has records of its own
     --> db:5:1
      |
    5 | www CNAME ns1
      | ^^^ the alias
    6 | www A 192.168.1.3
      | --- its A
      |
      = help: BIND, Knot and NSD refuse the zone, CoreDNS hides the other records: keep the alias or the records

    2 errors, 0 warnings
    "#);
}

#[test]
fn warnings_do_not_fail() {
    let place = Place::new(&[("db", &format!("{ZONE}a_b A 192.168.1.3\n"))]);
    let outcome = place.run("check db --origin home.lab");
    assert_eq!(outcome.code, 0);
    assert!(
        outcome.err.contains("warning[dns::host-name]")
            && outcome.err.ends_with("0 errors, 1 warning\n")
    );
}

#[test]
fn findings_for_programs() {
    let place = Place::new(&[("db", &format!("{ZONE}a A 1.2.3\n"))]);
    let outcome = place.run("check db --origin home.lab --message-format json");
    assert_eq!(outcome.code, 1);
    insta::assert_snapshot!(outcome.err, @r#"{"level":"error","code":"dns::data","message":"A: `1.2.3` is no IPv4 address","spans":[{"file":"db","start":{"line":5,"column":5,"byte":69},"end":{"line":5,"column":10,"byte":74},"label":"","primary":true}],"help":[],"fix":null}"#);
    let outcome = place.run("check db --origin home.lab --message-format github");
    insta::assert_snapshot!(outcome.err, @"::error file=db,line=5,col=5,endLine=5,endColumn=10,title=dns%3A%3Adata::A: `1.2.3` is no IPv4 address");
    let outcome = place.run("check db --origin home.lab --message-format sarif");
    let document: serde_json::Value = serde_json::from_str(&outcome.out).unwrap();
    assert_eq!(document["runs"][0]["results"][0]["ruleId"], "dns::data");
}

#[test]
fn what_makes_no_sense_is_usage() {
    let place = Place::new(&[("db", ZONE)]);
    for words in [
        "check db",
        "check --origin home.lab",
        "check db --origin a..b",
        "fmt db --origin x --format odd",
        "nothing",
    ] {
        assert_eq!(place.run(words).code, 2, "{words}");
    }
    let outcome = place.run("check gone --origin home.lab");
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.err.starts_with("error: cannot read `gone`"),
        "{}",
        outcome.err
    );
}

#[test]
fn includes_stay_in_the_directory_of_the_zone() {
    let place = Place::new(&[
        (
            "zones/db",
            &format!("{ZONE}$INCLUDE more\n$INCLUDE ../secret\n$INCLUDE link\n"),
        ),
        ("zones/more", "a A 192.168.1.3\n"),
        ("secret", "b A 192.168.1.4\n"),
    ]);
    std::os::unix::fs::symlink("../secret", place.path().join("zones/link")).unwrap();
    let outcome = place.run("check zones/db --origin home.lab");
    assert_eq!(outcome.code, 1);
    assert_eq!(
        outcome.err.matches("error[dns::include-outside]").count(),
        2,
        "{}",
        outcome.err
    );
}

#[test]
fn the_serial_beside_that_of_the_zone_before() {
    let place = Place::new(&[("old", ZONE), ("new", &format!("{ZONE}a A 192.168.1.3\n"))]);
    assert_eq!(place.run("check new --origin home.lab").code, 0);
    let outcome = place.run("check new --origin home.lab --previous old");
    assert_eq!(outcome.code, 1);
    assert!(outcome.err.contains("dns::serial-not-raised"));
}

#[test]
fn canonical_is_one_record_a_line() {
    let place = Place::new(&[
        (
            "db",
            &format!("{ZONE}$GENERATE 1-2 H$ A 10.0.0.$\n$INCLUDE more\n"),
        ),
        ("more", "Mail MX 10 NS1 ; c\nt TXT a;b\n"),
    ]);
    let outcome = place.run("fmt db --origin home.lab --format canonical");
    assert_eq!(outcome.code, 0);
    insta::assert_snapshot!(outcome.out, @r#"
    home.lab. 3600 IN SOA ns1.home.lab. admin.home.lab. 1 7200 3600 1209600 300
    home.lab. 3600 IN NS ns1.home.lab.
    h1.home.lab. 3600 IN A 10.0.0.1
    h2.home.lab. 3600 IN A 10.0.0.2
    mail.home.lab. 3600 IN MX 10 NS1.home.lab.
    ns1.home.lab. 3600 IN A 192.168.1.2
    t.home.lab. 3600 IN TXT "a"
    "#);
}

#[test]
fn pretty_keeps_what_people_wrote() {
    let place = Place::new(&[(
        "db",
        "$TTL 1h\n; the zone\n@   SOA ns1 admin (\n  1 ; serial\n  2h 1h 2w 5m )\n@ NS ns1\n\n\n; hosts\nns1 A 192.168.1.2 ;here\n  aaaa fd00::2\nlong.name.of.a.host 60 IN A 192.168.1.3\n",
    )]);
    let outcome = place.run("fmt db --origin home.lab");
    assert_eq!(outcome.code, 0);
    insta::assert_snapshot!(outcome.out, @r#"
    $TTL 1h
    ; the zone
    @   SOA ns1 admin (
      1 ; serial
      2h 1h 2w 5m )
    @                         NS   ns1

    ; hosts
    ns1                       A    192.168.1.2 ; here
                              AAAA fd00::2
    long.name.of.a.host 60 IN A    192.168.1.3
    "#);
    assert_eq!(place.run("fmt db --origin home.lab -w").out, "");
    assert_eq!(place.read("db"), outcome.out);
}

#[test]
fn nothing_to_do_touches_nothing() {
    let place = Place::new(&[("db", ZONE)]);
    assert_eq!(place.run("fmt db --origin home.lab -w").code, 0);
    let path = place.path().join("db");
    let before = fs_err::metadata(&path).unwrap();
    assert_eq!(place.run("fmt db --origin home.lab -w").code, 0);
    let after = fs_err::metadata(&path).unwrap();
    assert_eq!(
        (before.ino(), before.mtime_nsec()),
        (after.ino(), after.mtime_nsec())
    );
}

#[test]
fn files_are_replaced_and_links_and_modes_stay() {
    let place = Place::new(&[("real/db", "$TTL   60\na A 192.168.1.2\n")]);
    let path = place.path();
    std::os::unix::fs::symlink("real/db", path.join("db")).unwrap();
    fs_err::set_permissions(path.join("real/db"), std::fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(place.run("fmt db --origin home.lab -w").code, 0);
    assert_eq!(place.read("real/db"), "$TTL 60\na A 192.168.1.2\n");
    assert!(
        fs_err::symlink_metadata(path.join("db"))
            .unwrap()
            .is_symlink()
    );
    assert_eq!(
        fs_err::metadata(path.join("real/db")).unwrap().mode() & 0o777,
        0o640
    );
    assert_eq!(fs_err::read_dir(path.join("real")).unwrap().count(), 1);
}

#[test]
fn what_cannot_be_written_stays_as_it_was() {
    let text = "$TTL   60\na A 192.168.1.2\n";
    let place = Place::new(&[
        ("db", text),
        ("bad", "$TTL   60\na A 1.2.3\n"),
        ("dir/x", ""),
    ]);
    fs_err::set_permissions(
        place.path().join("db"),
        std::fs::Permissions::from_mode(0o444),
    )
    .unwrap();
    let outcome = place.run("fmt db --origin home.lab -w");
    assert_eq!((outcome.code, place.read("db").as_str()), (1, text));
    assert!(outcome.err.contains("read-only"), "{}", outcome.err);
    let outcome = place.run("fmt bad --origin home.lab -w");
    assert_eq!(
        (outcome.code, place.read("bad").as_str()),
        (1, "$TTL   60\na A 1.2.3\n")
    );
    assert!(
        outcome.err.contains("bad:2:5") && outcome.out.is_empty(),
        "{}",
        outcome.err
    );
    assert_eq!(place.run("fmt dir --origin home.lab -w").code, 1);
}

#[test]
fn differences_are_records() {
    let place = Place::new(&[
        (
            "a",
            &format!("$ORIGIN home.lab.\n{ZONE}a A 192.168.1.3\nb 60 TXT x\nc TXT \"same\"\n"),
        ),
        (
            "b",
            &format!(
                "$ORIGIN home.lab.\n{}C TXT same\na A 192.168.1.4\nb 90 TXT x\n",
                ZONE.replace("admin 1", "admin 2")
            ),
        ),
        (
            "c",
            &format!(
                "$ORIGIN home.lab.\n{}a A 192.168.1.3\nc TXT \"same\"\nb 60 TXT x ; moved\n",
                ZONE.replace("admin 1", "admin 7")
            ),
        ),
        ("bad", "x"),
    ]);
    let outcome = place.run("diff a b");
    assert_eq!(outcome.code, 1);
    assert_eq!(
        outcome.out,
        "-a.home.lab. 3600 IN A 192.168.1.3\n+a.home.lab. 3600 IN A 192.168.1.4\n~b.home.lab. 90 IN TXT \"x\" ; ttl was 60\n"
    );
    assert_eq!(outcome.err, "the serial differs: 1, then 2\n");
    let outcome = place.run("diff a c --origin home.lab");
    assert_eq!(
        (outcome.code, outcome.out.as_str(), outcome.err.as_str()),
        (0, "", "only the serial differs: 1, then 7\n")
    );
    assert_eq!(
        place.run("diff a a"),
        Outcome {
            code: 0,
            out: String::new(),
            err: String::new()
        }
    );
    assert_eq!(place.run("diff a bad").code, 2);
    assert_eq!(place.run("diff a gone").code, 2);
}
