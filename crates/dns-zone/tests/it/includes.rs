//! `$INCLUDE` and `$GENERATE`.

use std::time::{Duration, Instant};

use dns_zone::{LoadOptions, Loaded, load};
use yaml_tree::MemoryFiles;

use crate::read;

fn include<const N: usize>(files: [(&str, &str); N]) -> Loaded {
    let files = MemoryFiles::from(files);
    let options = LoadOptions::new("home.lab".parse().unwrap());
    load("/zones/db".into(), &options, &files).unwrap()
}

fn codes(loaded: &Loaded) -> Vec<String> {
    let found = loaded.diagnostics();
    found.iter().map(|found| found.code.to_string()).collect()
}

#[test]
fn origin_and_owner_come_back() {
    let loaded = include([
        (
            "/zones/db",
            "$TTL 60\na A 1.2.3.1\n$INCLUDE sub/more lan ; below\n A 1.2.3.2\n$INCLUDE \"sub/more\"\nb A 1.2.3.4\n",
        ),
        (
            "/zones/sub/more",
            "x A 1.2.3.3\n$ORIGIN deep.er.\ny A 1.2.3.5\n$INCLUDE last\n",
        ),
        ("/zones/sub/last", "z TXT last"),
    ]);
    // which directory a path is relative to is another for every server
    assert_eq!(
        codes(&loaded),
        [
            "dns::relative-origin",
            "dns::include-relative",
            "dns::directive",
            "dns::include-relative"
        ]
    );
    let records: Vec<_> = loaded.zone.records().map(ToString::to_string).collect();
    assert_eq!(
        records,
        [
            "a.home.lab. 60 IN A 1.2.3.1",
            "x.lan.home.lab. 60 IN A 1.2.3.3",
            "y.deep.er. 60 IN A 1.2.3.5",
            "z.deep.er. 60 IN TXT \"last\"",
            "a.home.lab. 60 IN A 1.2.3.2",
            "x.home.lab. 60 IN A 1.2.3.3",
            "y.deep.er. 60 IN A 1.2.3.5",
            "z.deep.er. 60 IN TXT \"last\"",
            "b.home.lab. 60 IN A 1.2.3.4",
        ]
    );
    let (_, place) = loaded.zone.placed_records().nth(3).unwrap();
    let span = loaded.zone.span(place.unwrap()).unwrap();
    assert_eq!(span.to_string(), "/zones/sub/last:1:1");
}

#[test]
fn loops_and_paths_outside_are_refused() {
    let loaded = include([("/zones/db", "$INCLUDE db\n")]);
    assert_eq!(codes(&loaded), ["dns::include-loop"]);
    let loaded = include([
        ("/zones/db", "$INCLUDE b\n"),
        ("/zones/b", "$INCLUDE ./db\n"),
    ]);
    assert_eq!(codes(&loaded), ["dns::include-loop"]);
    for path in [
        "/etc/passwd",
        "../secret",
        "sub/../../secret",
        "/zones-too/x",
    ] {
        let loaded = include([
            ("/zones/db", &format!("$INCLUDE {path}\n")),
            ("/secret", "x"),
            ("/zones-too/x", "y"),
        ]);
        assert_eq!(codes(&loaded), ["dns::include-outside"], "{path}");
        assert!(!loaded.is_complete());
    }
    let chain: Vec<_> = (0..9)
        .map(|n| (format!("/zones/f{n}"), format!("$INCLUDE f{}\n", n + 1)))
        .collect();
    let mut files = MemoryFiles::from([("/zones/db", "$INCLUDE f0\n"), ("/zones/f9", "")]);
    for (path, text) in chain {
        files.insert(path, text);
    }
    let options = LoadOptions::new("home.lab".parse().unwrap());
    let loaded = load("/zones/db".into(), &options, &files).unwrap();
    assert_eq!(codes(&loaded), ["dns::include-depth"]);
}

#[test]
fn errors_are_where_they_are() {
    let loaded = include([
        ("/zones/db", "$INCLUDE more\n$INCLUDE gone\n$INCLUDE dir\n"),
        ("/zones/more", "a 60 A 1.2.3\n"),
        ("/zones/dir/x", ""),
    ]);
    let found: Vec<_> = loaded
        .diagnostics()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        found,
        [
            "/zones/more:1:8: A: `1.2.3` is no IPv4 address",
            "/zones/db:2:10: cannot read `/zones/gone`: there is no such file",
            "/zones/db:3:10: cannot read `/zones/dir`: it is a directory",
        ]
    );
}

#[test]
fn the_same_word_is_another_name_under_another_origin() {
    let loaded = read("$TTL 60\na A 1.2.3.4\n$ORIGIN lan.home.lab.\na A 1.2.3.5\n A 1.2.3.6\n");
    let owners: Vec<_> = loaded
        .zone
        .records()
        .map(|record| record.owner.to_string())
        .collect();
    assert_eq!(
        owners,
        ["a.home.lab.", "a.lan.home.lab.", "a.lan.home.lab."]
    );
}

#[test]
fn generated_records() {
    let loaded = read(
        "$TTL 60\na A 1.2.3.4\n$GENERATE 2-6/2 h$ A 10.0.0.${1}\n TXT still-a\n$GENERATE 1-1 ${0,3,d} 90 IN MX \"1$ m$\"\n",
    );
    let records: Vec<_> = loaded.zone.records().map(ToString::to_string).collect();
    assert_eq!(
        records,
        [
            "a.home.lab. 60 IN A 1.2.3.4",
            "h2.home.lab. 60 IN A 10.0.0.3",
            "h4.home.lab. 60 IN A 10.0.0.5",
            "h6.home.lab. 60 IN A 10.0.0.7",
            "a.home.lab. 60 IN TXT \"still-a\"",
            "001.home.lab. 90 IN MX 11 m1.home.lab.",
        ]
    );
}

#[test]
fn what_is_wrong_with_many_generated_records_is_said_once() {
    let loaded = read("$TTL 60\n$GENERATE 1-1000 h_$~ A 0.0.0.0\n");
    let found = dns_zone::check(&loaded, &dns_zone::CheckOptions::default());
    let mut codes: Vec<_> = found.iter().map(|found| found.code.as_ref()).collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        [
            "dns::address",
            "dns::generate",
            "dns::host-name",
            "dns::no-ns",
            "dns::no-soa",
            "dns::unescaped"
        ]
    );
}

#[test]
fn billions_are_refused_at_once() {
    let start = Instant::now();
    let text = "$TTL 60\n".to_owned() + &"$GENERATE 0-2147483647 h$ A 10.0.0.1\n".repeat(1000);
    let loaded = read(&text);
    assert_eq!(
        codes(&loaded)
            .iter()
            .filter(|code| *code == "dns::generate-limit")
            .count(),
        1000
    );
    assert!(loaded.zone.is_empty());
    // minutes, if they were made
    assert!(start.elapsed() < Duration::from_secs(20));
    for wrong in [
        "1-2 h$ A 10.0.0.300",
        "5-1 h$ A 10.0.0.1",
        "1-2 h${x} A 10.0.0.1",
        "1-2 h$ BOGUS 1",
        "1-2 h$ A",
    ] {
        let loaded = read(format!("$TTL 60\n$GENERATE {wrong}\n"));
        assert!(!loaded.is_complete() && loaded.zone.is_empty(), "{wrong}");
    }
}

#[test]
fn a_file_begins_with_an_owner() {
    let loaded = include([
        (
            "/zones/db",
            "$TTL 60\na A 1.2.3.1\n$INCLUDE more\n A 1.2.3.2\n",
        ),
        ("/zones/more", " A 1.2.3.3\n"),
    ]);
    assert_eq!(codes(&loaded), ["dns::no-owner"]);
    let owners: Vec<_> = loaded
        .zone
        .records()
        .map(|record| record.owner.to_string())
        .collect();
    assert_eq!(owners, ["a.home.lab."; 3]);
}

#[test]
fn forms_of_generate_that_bind_refuses() {
    for (line, wrong) in [
        ("$GENERATE 1-2 a$ MX \"10 m$\"\n", false),
        ("$GENERATE 1-2 a$ MX 10 m$\n", true),
        ("$GENERATE 1-2 a$ TXT a b\n", true),
        ("$GENERATE ( 1-2 a$ A 1.2.3.$ )\n", true),
        ("$GENERATE 1-2 \"a$\" A 1.2.3.$\n", true),
        ("$GENERATE 1-2 a$ A 1.2.3.$", true),
        ("$GENERATE 0-2 a${-1} A 1.2.3.4\n", false),
    ] {
        let loaded = read(format!("$TTL 60\n{line}"));
        assert_eq!(loaded.has_errors(), wrong, "{line}");
        assert!(loaded.is_complete(), "{line}");
    }
    let loaded = read("$TTL 60\n$GENERATE 0-1 a${-1} A 1.2.3.4\n");
    let owners: Vec<_> = loaded
        .zone
        .records()
        .map(|record| record.owner.to_string())
        .collect();
    assert_eq!(owners, ["a-1.home.lab.", "a0.home.lab."]);
}
