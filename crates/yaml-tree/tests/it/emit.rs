//! Writing, and reading again.

use std::collections::BTreeMap;

use insta::assert_snapshot;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use yaml_tree::{Node, Options, Resolved, Schema, Source, node_to_yaml, parse_one, to_yaml};

fn read(text: &str) -> Node {
    let source = Source::new("t", text);
    parse_one(&source, &Options::default())
        .into_result()
        .unwrap()
}

/// Strings that are easily read as something else.
fn tricky() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "",
            "~",
            "null",
            "true",
            "yes",
            "on",
            "y",
            "010",
            "0o17",
            "0b11",
            "0x1F",
            "1_000",
            "1e3",
            ".5",
            ".inf",
            ".nan",
            "-0",
            "08",
            "2024-01-01",
            "2001-01-01T01:02:03Z",
            "<<",
            "=",
            "-",
            "- a",
            "a: b",
            "a #b",
            "#a",
            "@a",
            "`a`",
            "%a",
            "!a",
            "&a",
            "*a",
            "|",
            ">",
            "{a}",
            "[a]",
            "'",
            "\"",
            " a",
            "a ",
            "a\nb",
            "a\n",
            "\n",
            "\ta",
            "a\t",
            "a\r\nb",
            "\u{85}",
            "\u{2028}",
            "\u{feff}a",
            "é",
            "😀",
            "...",
            "---",
            "? a",
            ":",
            "a:",
            "1:30",
            "190:20:30",
            "+1",
            "0_8",
            "1.",
            "._5",
            "_1",
            "!!str",
            "a\u{7f}b",
            "\0",
            "\u{1b}[0m",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
        "[0-9xobe_.:+-]{1,8}",
    ]
}

fn check(text: &str, schema: Schema, wanted: &str) {
    let node = read(text);
    match node.resolve(schema) {
        Some(Resolved::Str(found)) => assert_eq!(found, wanted, "{text:?}"),
        other => panic!("{wanted:?} was written as {text:?}, which is {other:?}"),
    }
}

#[test]
fn ends_with_one_line_break() {
    assert_eq!(to_yaml("a").unwrap(), "a\n");
    assert_eq!(
        to_yaml(&BTreeMap::from([("a", "b\n")])).unwrap(),
        "a: |\n  b\n"
    );
    assert_eq!(to_yaml(&Vec::<u8>::new()).unwrap(), "[]\n");
}

#[test]
fn what_cannot_be_written() {
    struct Refuses;
    impl Serialize for Refuses {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("not this one"))
        }
    }
    let error = to_yaml(&[Refuses]).unwrap_err();
    assert_eq!(error.to_string(), "cannot write as YAML: not this one");
    assert_eq!(to_yaml(&u128::MAX).unwrap(), format!("'{}'\n", u128::MAX));
}

#[test]
fn shapes() {
    #[derive(Serialize, Deserialize, Debug, PartialEq)]
    enum Port {
        Any,
        One(u16),
        Range { from: u16, to: u16 },
        Pair(u16, u16),
    }
    let ports = vec![
        Port::Any,
        Port::One(80),
        Port::Range { from: 1, to: 2 },
        Port::Pair(3, 4),
    ];
    let text = to_yaml(&ports).unwrap();
    assert_snapshot!(text, @"
    - Any
    - One: 80
    - Range:
        from: 1
        to: 2
    - Pair:
      - 3
      - 4
    ");
    assert_eq!(
        yaml_tree::from_node::<Vec<Port>>(&read(&text), Schema::Go).unwrap(),
        ports
    );

    let mixed = "a:\n- - b\n  - []\n  - {}\n- c: |\n    x\n      y\n  d: null\n? [e, f]\n: g: [h]\n\"i\\tj\": \"k: l\"\n";
    let node = read(mixed);
    let written = node_to_yaml(&node, Schema::Core).unwrap();
    assert_snapshot!(written, @r#"
    a:
    - - b
      - []
      - {}
    - c: |
        x
          y
      d: null
    ? - e
      - f
    : g:
      - h
    "i\tj": 'k: l'
    "#);
    assert_eq!(
        node_to_yaml(&read(&written), Schema::Core).unwrap(),
        written
    );
}

#[test]
fn quotes() {
    let strings = [
        "plain",
        "two words",
        "-c",
        "--flag",
        "- a",
        "yes",
        "010",
        "2024-01-01",
        "80:80",
        "nginx:1.25-alpine",
        "http://x/#y",
        "a: b",
        "a #b",
        "it's",
        "'",
        "tab\there",
        "bell\u{7}",
        "a\nb",
        " a\nb",
        "a\n\n",
        "\u{2028}",
    ];
    assert_snapshot!(to_yaml(&strings).unwrap(), @r#"
    - plain
    - two words
    - -c
    - --flag
    - '- a'
    - 'yes'
    - '010'
    - '2024-01-01'
    - '80:80'
    - nginx:1.25-alpine
    - http://x/#y
    - 'a: b'
    - 'a #b'
    - it's
    - ''''
    - "tab\there"
    - "bell\x07"
    - |-
      a
      b
    - " a\nb"
    - |+
      a

    - "\u2028"
    "#);
}

proptest! {
    #[test]
    fn a_string_stays_a_string(value in tricky()) {
        let text = to_yaml(&value).unwrap();
        check(&text, Schema::Core, &value);
        check(&text, Schema::Go, &value);
    }

    #[test]
    fn values_come_back(value in prop::collection::btree_map(tricky(), prop::collection::vec(tricky(), 0..3), 0..4)) {
        let text = to_yaml(&value).unwrap();
        let node = read(&text);
        let found: BTreeMap<String, Vec<String>> = yaml_tree::from_node(&node, Schema::Go).unwrap();
        prop_assert_eq!(&found, &value);
        let again = node_to_yaml(&node, Schema::Go).unwrap();
        prop_assert_eq!(again, text);
    }

    #[test]
    fn numbers_come_back(int in any::<i64>(), unsigned in any::<u64>(), float in any::<f64>()) {
        let node = read(&to_yaml(&(int, unsigned, float)).unwrap());
        for schema in [Schema::Core, Schema::Go] {
            let found: (i64, u64, f64) = yaml_tree::from_node(&node, schema).unwrap();
            prop_assert_eq!((found.0, found.1), (int, unsigned));
            prop_assert!(found.2.to_bits() == float.to_bits() || (float.is_nan() && found.2.is_nan()));
        }
    }
}
