//! Zones with one mistake: what one of the checkers refuses, so do we, and the other way around.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};

use super::checkers::{Checkers, disagreement};
use super::{read, rounds, zones};

/// Changes one place of a zone.
fn mutate(text: &str, rng: &mut StdRng) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = text
        .split_inclusive('\n')
        .map(|line| line.as_bytes().to_vec())
        .collect();
    let at = rng.random_range(0..lines.len());
    match rng.random_range(0..8) {
        0 => {
            lines.remove(at);
        }
        1 => {
            let line = lines[at].clone();
            lines.insert(rng.random_range(0..lines.len()), line);
        }
        2 => {
            let other = rng.random_range(0..lines.len());
            lines.swap(at, other);
        }
        3 | 4 => {
            // a word gone, twice, or from another line
            let other = lines[rng.random_range(0..lines.len())].clone();
            let words = |line: &[u8]| -> Vec<Vec<u8>> {
                line.split_inclusive(|b| *b == b' ')
                    .map(<[u8]>::to_vec)
                    .collect()
            };
            let mut mine = words(&lines[at]);
            let others = words(&other);
            let word = rng.random_range(0..mine.len());
            match rng.random_range(0..3) {
                0 => {
                    mine.remove(word);
                }
                1 => mine.insert(word, mine[word].clone()),
                _ => mine[word].clone_from(others.choose(rng).unwrap()),
            }
            lines[at] = mine.concat();
        }
        _ => {
            let line = &mut lines[at];
            let place = rng.random_range(0..line.len());
            let octets = b" \t\n().;\"\\@$*-_0129azA:/,=\r\x00\xff";
            let octet = *octets.choose(rng).unwrap();
            match rng.random_range(0..3) {
                0 => {
                    line.remove(place);
                }
                1 => line.insert(place, octet),
                _ => line[place] = octet,
            }
        }
    }
    lines.concat()
}

#[test]
fn what_a_checker_refuses_is_an_error() {
    let Some(checkers) = Checkers::find() else {
        return;
    };
    let mut differences = Vec::new();
    for seed in 0..rounds(50) {
        let mut rng = StdRng::seed_from_u64(seed);
        let text = mutate(&zones::zone(seed, 12), &mut rng);
        differences.extend(disagreement(&checkers, &text).map(|found| format!("{seed}: {found}")));
    }
    assert!(differences.is_empty(), "{}", differences.concat());
}

#[test]
fn what_bind_reads_is_read_the_same() {
    let Some(checkers) = Checkers::find() else {
        return;
    };
    let mut differences = Vec::new();
    for seed in 0..rounds(60) {
        let mut rng = StdRng::seed_from_u64(seed);
        let text = mutate(&zones::wild_zone(seed, 15), &mut rng);
        let Ok(mut theirs) = checkers.compiled(&text) else {
            continue;
        };
        let loaded = read(&text);
        let shown = String::from_utf8_lossy(&text);
        if !loaded.is_complete() {
            let found: Vec<_> = loaded
                .diagnostics()
                .iter()
                .filter(|found| found.is_error())
                .map(ToString::to_string)
                .collect();
            differences.push(format!("{seed}: {found:#?}\n{shown}\n"));
            continue;
        }
        // BIND drops what is outside of the zone
        let inside = |line: &&str| line.starts_with("home.lab. ") || line.contains(".home.lab. ");
        let canonical = loaded.zone.to_canonical();
        let mut ours: Vec<_> = canonical
            .lines()
            .filter(inside)
            .map(str::to_owned)
            .collect();
        ours.sort();
        theirs.sort();
        if ours != theirs {
            let found = ours
                .iter()
                .zip(&theirs)
                .find(|(ours, theirs)| ours != theirs);
            differences.push(format!("{seed}: {found:#?}\n{shown}\n"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.concat());
}
