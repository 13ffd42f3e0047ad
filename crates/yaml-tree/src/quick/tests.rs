//! The same events as the parser's, or none.

use std::convert::Infallible;
use std::path::PathBuf;

use proptest::prelude::*;

use super::{Halt, may_read, read};
use crate::Source;
use crate::events::Events;
use crate::offsets::{Offsets, forbidden};

/// The events of the quick reader, if the text is for it.
fn quick(text: &str) -> Option<Vec<String>> {
    if !may_read(text) {
        return None;
    }
    let mut events = Vec::new();
    let result = read(text, |event| {
        events.push(format!("{event:?}"));
        Ok::<(), Infallible>(())
    });
    match result {
        Ok(()) => Some(events),
        Err(Halt::GiveUp) => None,
        Err(Halt::Stopped(never)) => match never {},
    }
}

/// The events of the parser, and what it stopped at.
fn parser(text: &str) -> (Vec<String>, Option<String>) {
    let mut events = Events::new(text, Offsets::new(text).ok().unwrap());
    let mut found = Vec::new();
    loop {
        match events.next() {
            Ok(Some(event)) => found.push(format!("{event:?}")),
            Ok(None) => return (found, None),
            Err((at, error)) => return (found, Some(format!("{at}: {error}"))),
        }
    }
}

/// Whether the text is for the quick reader; the events are compared then.
fn agrees(text: &str) -> bool {
    if forbidden(text).is_some() {
        return false;
    }
    let Some(found) = quick(text) else {
        return false;
    };
    let (expected, error) = parser(text);
    assert_eq!(error, None, "the parser refuses {text:?}");
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found, expected, "in {text:?}");
    }
    assert_eq!(found.len(), expected.len(), "in {text:?}");
    true
}

#[test]
fn texts_of_the_plain_kind() {
    for text in [
        "a: b\n",
        "a: b",
        "---\na: b\n",
        "--- # c\n# d\n\n  a: b # e\n  c:\n",
        "a:\n  b: c\n  d:\ne: f\n",
        "a:\n- b\n- c: d\n  e: f\nd:\n  - g\n  -  h: i\n     j: k\n",
        "- - a\n  - b\n- c\n",
        "a: [b, \"c\", 'd', {e: f, g: }, [], {}, ]\nb: {c: d,\n  e: f}\n",
        "a: [b, # c\n  # d\n\n  e\n  , f]  # g\nb:\n",
        "a: x:y#z -w ?v\nb : -c\n\"d\": 'it''s'\n'e' : \"\\\"\\\\\\n\\t/\"\n",
        "a: |\n  b\n\n   c\n  d\n\ne: |-\n    f\n\n# g\nh: |+\n  i\n\n\nj: >\n  k\n  l\n\n  m\n   n\n  o\np:\n- >-\n q\n r\n",
        "a: é # ü\n漢: \"😀\"\n",
        "<<: a\n=: b\n0x1F: ~\n",
    ] {
        assert!(agrees(text), "left to the parser: {text:?}");
    }
}

#[test]
fn texts_for_the_parser() {
    for text in [
        "",
        "# a\n",
        "a",
        "- ",
        "a: &b c",
        "a: *b",
        "a: !b c",
        "? a",
        "%YAML 1.2\n---\na: b\n",
        "a: b\n---\nc: d\n",
        "a: b\n...\n",
        "a: b\n c\n",
        "a: \"b\n  c\"\n",
        "a:\tb\n",
        "a: b\r\n",
        "a: [b\n]\n",
        "[a]\n",
        "{a: b}\n",
        "a: [b: c]\n",
        "a: {b}\n",
        "a: {\"b\":c}\n",
        "a: b: c\n",
        "a: - b\n",
        "a: \"b\" c\n",
        "a: [b] c\n",
        "a: [b]#c\n",
        "a: @b\n",
        "a: %b\n",
        "a: |2\n   b\n",
        "a: |\nb: c\n",
        "a: |\n  b",
        "a:\n - b\n- c\n",
        "- a\nb: c\n",
        "a: b\n- c\n",
        "  a: b\nc: d\n",
        "\u{feff}a: b\n",
        "a: [-]\n",
        "a: [- b]\n",
        "a: \"\\x41\"\n",
        "a:\n  b\n",
    ] {
        assert!(quick(text).is_none(), "not left to the parser: {text:?}");
    }
}

/// Every YAML file below `HOMELAB_CORPUS`, if that names a directory.
#[test]
fn texts_of_other_people() {
    let Some(root) = std::env::var_os("HOMELAB_CORPUS") else {
        eprintln!("skipped texts_of_other_people: HOMELAB_CORPUS is not set");
        return;
    };
    let mut open = vec![PathBuf::from(root)];
    let (mut all, mut plain) = (0, 0);
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = path.read_dir().unwrap();
            open.extend(entries.map(|entry| entry.unwrap().path()));
        } else if path
            .extension()
            .is_some_and(|found| found == "yml" || found == "yaml")
            && let Ok(source) = Source::from_bytes("corpus", fs_err::read(&path).unwrap())
        {
            all += 1;
            plain += usize::from(agrees(source.text()));
        }
    }
    assert!(
        plain * 2 > all,
        "only {plain} of {all} files are of the plain kind"
    );
}

/// Pieces of the plain kind, and some that are not, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a: ",
        "b: ",
        "c:\n",
        "\n",
        "\n",
        "\n  ",
        "\n  ",
        "\n    ",
        "\n- ",
        "\n  - ",
        "- ",
        "-",
        ": ",
        ":",
        " ",
        "  ",
        "x",
        "y z",
        "é",
        "1",
        "[",
        "]",
        "{",
        "}",
        ", ",
        ",",
        "'q'",
        "\"r\"",
        "''",
        "\"",
        "'",
        "\\n",
        "\\\"",
        " # c\n",
        "#",
        "# d\n",
        "|\n",
        "|-\n",
        ">\n  ",
        ">+\n    ",
        "|2\n",
        "---\n",
        "...\n",
        "? ",
        "&a ",
        "*a",
        "!t ",
        "%",
        "\t",
        "-x",
        ":x",
        "[x, y]",
        "{x: y}",
        "{x: , y: [z]}",
        "k: v\n",
        "  k: v\n",
        "    k: v\n",
        "- k: v\n",
        "\u{85}",
        "~",
        "@",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// A document of the plain kind, with some characters taken out, doubled or replaced.
fn mutated() -> impl Strategy<Value = String> {
    const BASE: &str = "# head\nname: x\nservices:\n  web:\n    image: \"n:1\" # why\n    ports: [\"1:2\", 3]\n    \
        environment:\n    - A=b c\n    - 'D=e'\n    command: |\n      one\n       two\n\n      three\n    \
        labels: {a: b, c: {d: [e, f]},\n      g: }\n    healthcheck:\n      test: >-\n        x\n        y\n  \
        db:\n    volumes:\n      - type: bind\n        source: /a\n      - b:/c\nvolumes:\n  v:\n";
    let change = (
        0..BASE.len(),
        0..4_usize,
        prop::sample::select(vec![
            " ", "\n", "-", ":", ": ", "#", "\t", "[", "}", ",", "'", "\"", "|", "x", "  ", "é",
        ]),
    );
    prop::collection::vec(change, 0..4).prop_map(|changes| {
        let mut text = BASE.to_owned();
        for (at, length, put) in changes {
            let mut at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let mut end = (at + length).min(text.len());
            while !text.is_char_boundary(end) {
                end += 1;
            }
            text.replace_range(at..end, put);
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn any_pieces(text in pieces()) {
        agrees(&text);
    }

    #[test]
    fn any_change_to_a_document(text in mutated()) {
        agrees(&text);
    }
}
