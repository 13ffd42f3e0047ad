//! The canonical form beside what `named-compilezone -s full` prints.

use std::collections::BTreeSet;

use super::checkers::Checkers;
use super::{read, rounds, zones};

#[test]
fn generated_zones_have_the_records_that_bind_sees() {
    let Some(checkers) = Checkers::find() else {
        return;
    };
    for seed in 0..rounds(40) {
        let text = zones::wild_zone(seed, 120);
        let loaded = read(&text);
        assert!(loaded.is_complete(), "{:#?}\n{text}", loaded.diagnostics());
        let mut ours: Vec<_> = loaded
            .zone
            .to_canonical()
            .lines()
            .map(str::to_owned)
            .collect();
        let mut theirs = checkers.compiled(text.as_bytes()).unwrap();
        ours.sort();
        theirs.sort();
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_eq!(ours, theirs, "seed {seed}\n{text}");
        }
        assert_eq!(ours.len(), theirs.len(), "seed {seed}\n{text}");
        let pretty = loaded.zone.files()[0].to_pretty();
        let again = read(&pretty);
        assert!(again.is_complete(), "{:#?}", again.diagnostics());
        assert_eq!(
            again.zone.to_canonical(),
            loaded.zone.to_canonical(),
            "{}",
            String::from_utf8_lossy(&pretty)
        );
        assert_eq!(again.zone.files()[0].to_pretty(), pretty);
    }
}

#[test]
fn generated_zones_have_the_records_that_ldns_sees() {
    let Some(checkers) = Checkers::find() else {
        return;
    };
    for seed in 0..rounds(40) {
        let text = format!("$ORIGIN home.lab.\n{}", zones::zone(seed, 60));
        let theirs = checkers.canonicalised(text.as_bytes()).join("\n");
        let lines = |text: &str| -> BTreeSet<String> {
            let loaded = read(text);
            assert!(loaded.is_complete(), "{:?}\n{text}", loaded.diagnostics());
            // the case of names inside of data is not kept by ldns
            let canonical = loaded.zone.to_canonical().to_ascii_lowercase();
            canonical.lines().map(str::to_owned).collect()
        };
        assert_eq!(lines(&text), lines(&theirs), "seed {seed}");
    }
}
