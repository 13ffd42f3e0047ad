//! The same nodes and findings as of one reader, wherever others start.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::{Halt, Place, guess, read_from};
use crate::build::{Builder, Stop};
use crate::quick::may_read;
use crate::{Options, Source};

/// What comes of a text read from its start and from these places.
fn read(text: &str, starts: &[Place]) -> Option<String> {
    let source = Source::new("test", text);
    let options = Options::default().max_depth(6);
    let mut builder = Builder::new(&source, &options);
    let stopped = match read_from(starts, &source, &options, &mut builder) {
        Ok(()) => false,
        Err(Halt::Stopped(Stop)) => true,
        Err(Halt::GiveUp) => return None,
    };
    Some(format!("{stopped} {:#?}", builder.finish()))
}

/// All places that a line of the text may be taken for.
fn places(text: &str) -> Vec<Place> {
    let mut places = Vec::new();
    for (line, _) in text.match_indices('\n') {
        let rest = &text[line + 1..];
        let spaces = rest.len() - rest.trim_start_matches(' ').len();
        if spaces == rest.len() {
            continue;
        }
        for depth in 1..4 {
            places.push(Place {
                at: line + 1 + spaces,
                column: spaces,
                depth,
                cursor: line + 1,
            });
        }
    }
    places
}

const TEXTS: &[&str] = &[
    "a:\n  b: 1\n  c: [x, y]\nd: {e: f}\ng: h\n",
    "a:\n- b: 1\n  c: 2\n- d: 3\n  e: 4\nf:\n  - g\n  - h\n",
    "a: |\n  b: 1\n  c: 2\nd: >\n  e: f\n\n  g: h\ni: j\n",
    "a:\n  b:\n    c: 1\n    d: 2\n\n  # e: 3\n  f: 4\n",
    // keys defined twice, within one part, across parts, at two depths
    "a: 1\nb: 2\nb: 3\na: 4\nc:\n  d: 5\n  e: 6\n  d: 7\n",
    "a: {b: 1, b: 2}\nc: {d: 3,\n  e: 4}\nf: 5\n",
    // too deep
    "a:\n  b:\n    c:\n      d:\n        e:\n          f:\n            g: 1\nh: 2\n",
    // not of the plain kind, in different lines
    "a: &x 1\nb: 2\nc: 3\n",
    "a: 1\nb: 2\nc: *x\n",
    "a: 1\nb: 2\n c: 3\n",
    "a: 1\nb: 'c\n  d: 4'\ne: 5\n",
    "<<: {a: 1}\nb: 2\n<<: {c: 3}\nd: 4\n",
    "a: 1\n---\nb: 2\n",
    "a:\nb:\nc:",
];

#[test]
fn every_single_place_of_small_texts() {
    for text in TEXTS {
        let expected = read(text, &[]);
        for place in places(text) {
            assert_eq!(read(text, &[place]), expected, "from {place:?} in {text:?}");
        }
    }
}

#[test]
fn every_two_places_of_small_texts() {
    for text in TEXTS {
        let expected = read(text, &[]);
        let places = places(text);
        for (number, first) in places.iter().enumerate() {
            for second in &places[number + 1..] {
                let found = read(text, &[*first, *second]);
                assert_eq!(found, expected, "{first:?} and {second:?} in {text:?}");
            }
        }
    }
}

/// The shape that this is for: many services of several lines.
fn services(count: usize) -> String {
    let mut text = "services:\n".to_owned();
    for number in 0..count {
        writeln!(
            text,
            "  s{number}:\n    image: app:{number}\n    ports: [\"80\"]"
        )
        .unwrap();
    }
    text.push_str("networks: {front: }\n");
    text
}

#[test]
fn a_guess_is_right_where_it_matters() {
    let text = services(2000);
    for part in 1..7 {
        let place = guess(&text, text.len() / 7 * part).unwrap();
        assert_eq!((place.column, place.depth), (2, 2));
        assert!(text[place.at..].starts_with('s'));
    }
}

#[test]
fn what_others_have_read_is_taken_over() {
    let text = services(2000);
    let source = Source::new("test", &*text);
    let options = Options::default();
    let place = guess(&text, text.len() / 2).unwrap();
    let mut builder = Builder::inside(place.depth, &source, &options);
    let behind = crate::quick::read_entries(&text, place, |event| builder.step(event));
    let behind = behind.ok().unwrap();
    assert!(text[behind.at..].starts_with("networks"));
    let services = text[place.at..].matches("image").count();
    assert!(services > 900);
    assert_eq!(
        builder.entries().map(|nodes| nodes.len()),
        Some(2 * services)
    );
}

#[test]
fn large_texts() {
    let text = services(6000);
    let starts: Vec<_> = (1..5)
        .filter_map(|part| guess(&text, text.len() / 5 * part))
        .collect();
    assert_eq!(starts.len(), 4);
    assert_eq!(read(&text, &starts), read(&text, &[]));
}

/// Every YAML file below `HOMELAB_CORPUS`, if that names a directory.
#[test]
fn texts_of_other_people() {
    let Some(root) = std::env::var_os("HOMELAB_CORPUS") else {
        eprintln!("skipped texts_of_other_people: HOMELAB_CORPUS is not set");
        return;
    };
    let mut open = vec![PathBuf::from(root)];
    let mut plain = 0;
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = path.read_dir().unwrap();
            open.extend(entries.map(|entry| entry.unwrap().path()));
        } else if path
            .extension()
            .is_some_and(|found| found == "yml" || found == "yaml")
            && let Ok(text) = fs_err::read_to_string(&path)
            && may_read(&text)
        {
            let starts: Vec<_> = (1..4)
                .filter_map(|part| guess(&text, text.len() / 4 * part))
                .collect();
            let found = read(&text, &starts);
            assert_eq!(found, read(&text, &[]), "{}", path.display());
            plain += usize::from(found.is_some() && !starts.is_empty());
        }
    }
    assert!(plain > 100, "only {plain} files are of the plain kind");
}
