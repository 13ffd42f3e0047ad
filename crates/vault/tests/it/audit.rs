//! Which secrets should be changed.

use std::time::Duration;

use vault::{AuditOptions, Change, Missing, OpenOptions, Secret, Vault, audit};

use crate::support::{Lab, NOW, at, credentials, save};

const DAY: u64 = 24 * 60 * 60;

#[test]
fn findings_have_reasons() {
    let lab = Lab::with(&[
        ("weak", "letmein"),
        ("like the name/postgres", "postgres1"),
        ("good", "vK8$mQ2!xR7#pL4@"),
        ("twice/a", "eB5^wN9&zT1*hJ6?"),
        ("twice/b", "eB5^wN9&zT1*hJ6?"),
        ("empty", ""),
    ]);
    let mut vault = lab.open();
    vault
        .edit(
            "good",
            vec![Change::Expires(Some(at(NOW - DAY)))],
            Missing::Fail,
        )
        .unwrap();
    let findings = audit(&vault, &AuditOptions::at(at(NOW)));
    let shown: Vec<String> = findings
        .iter()
        .map(|found| format!("{}: {}", found.key, found.problem))
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @"
    weak: weak: strength 0 of 4
    good: expired on 2023-11-13
    like the name/postgres: weak: strength 1 of 4
    twice/a: the same as `twice/b`
    twice/b: the same as `twice/a`
    ");
    assert!(!format!("{findings:?}").contains("letmein"));
}

/// A secret is as old as its password, whatever else was changed since.
#[test]
fn age_is_that_of_the_password() {
    let lab = Lab::with(&[("a", "vK8$mQ2!xR7#pL4@"), ("b", "eB5^wN9&zT1*hJ6?")]);
    let later = OpenOptions::at(at(NOW + 100 * DAY));
    let mut vault = Vault::open(&lab.path, credentials(), later).unwrap();
    vault
        .edit("a", vec![Change::field("URL", "x")], Missing::Fail)
        .unwrap();
    vault.set("b", Secret::from("mT4!cV8@nB2#qW6$")).unwrap();
    save(&mut vault);
    let mut options = AuditOptions::at(at(NOW + 190 * DAY));
    options.older_than = Some(Duration::from_secs(90 * DAY));
    let findings = audit(&vault, &options);
    let shown: Vec<String> = findings
        .iter()
        .map(|found| format!("{}: {}", found.key, found.problem))
        .collect();
    assert_eq!(shown, ["a: not changed for 190 days"]);
    options.older_than = Some(Duration::from_secs(89 * DAY));
    assert_eq!(audit(&vault, &options).len(), 2);
}
