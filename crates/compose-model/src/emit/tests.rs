//! Texts of Docker Compose v5.6.1.

use std::sync::Arc;

use proptest::prelude::*;
use yaml_tree::{Content, Options, Resolved, Schema, Source, parse_one};

use super::{natural_less, sort_natural, to_json, to_yaml};
use crate::value::{Data, Map, Value};

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::new(Map::from_iter(entries))
}

fn text(text: &str) -> Value {
    Value::new(text)
}

/// Each as the value of `k` in the column of a label.
#[track_caller]
fn gives(cases: &[(&str, &str)]) {
    for (value, expected) in cases {
        let tree = map([("a", map([("b", map([("c", map([("k", text(value))]))]))]))]);
        let expected = format!("a:\n  b:\n    c:\n      k: {expected}\n");
        assert_eq!(to_yaml(&tree), expected, "{value:?}");
    }
}

#[test]
fn strings_that_read_as_something_else_are_double_quoted() {
    gives(&[
        ("", r#""""#),
        ("1", r#""1""#),
        ("08", r#""08""#),
        ("1_000", r#""1_000""#),
        ("1e3", r#""1e3""#),
        ("0o7", r#""0o7""#),
        (".inf", r#"".inf""#),
        ("~", r#""~""#),
        ("Null", r#""Null""#),
        ("TRUE", r#""TRUE""#),
        ("2024-1-1", r#""2024-1-1""#),
        ("tRue", "tRue"),
        ("=", "="),
    ]);
}

#[test]
fn what_yaml_1_1_reads_otherwise_is_single_quoted() {
    gives(&[
        ("y", "'y'"),
        ("No", "'No'"),
        ("OFF", "'OFF'"),
        ("oN", "oN"),
        ("1:30", "'1:30'"),
        ("190:20:30.5", "'190:20:30.5'"),
        ("+1_0:5:59._", "'+1_0:5:59._'"),
        ("12:60", "12:60"),
        ("1.5:30", "1.5:30"),
        ("<<", "'<<'"),
    ]);
}

#[test]
fn indicators_are_single_quoted() {
    gives(&[
        ("a: b", "'a: b'"),
        ("a:", "'a:'"),
        ("a:b", "a:b"),
        (":a", ":a"),
        ("a #b", "'a #b'"),
        ("a#b", "a#b"),
        ("- a", "'- a'"),
        ("-a", "-a"),
        ("--- a", "'--- a'"),
        ("...", "'...'"),
        ("--", "--"),
        ("? a", "'? a'"),
        ("?a", "?a"),
        ("{a", "'{a'"),
        ("a}", "a}"),
        ("a,b", "a,b"),
        ("@a", "'@a'"),
        ("%a", "'%a'"),
        ("'a'", "'''a'''"),
        ("a'b: c", "'a''b: c'"),
        ("it's", "it's"),
        ("\"a\"", "'\"a\"'"),
        ("\\", "\\"),
        (" a", "' a'"),
        ("a ", "'a '"),
    ]);
}

#[test]
fn special_characters_are_escaped() {
    gives(&[
        ("a\tb", r#""a\tb""#),
        ("a\rb", r#""a\rb""#),
        ("\0\u{1}\u{7}\u{1b}\u{7f}\u{80}", r#""\0\x01\a\e\x7F\x80""#),
        ("😀\"\\", r#""\U0001F600\"\\""#),
        ("a\u{85}b", r#""a\Nb""#),
        ("\u{2028} a", r#""\L a""#),
        ("\u{feff}", r#""\uFEFF""#),
        ("a\u{feff}b", r#""a\uFEFFb""#),
        ("\u{feff}no \u{a0}é", r#""\uFEFF\x6E\x6F\x20\_\xE9""#),
        ("\u{fffe}", r#""\uFFFE""#),
        ("é\u{a0}\u{200b}\u{e000}", "é\u{a0}\u{200b}\u{e000}"),
    ]);
}

#[test]
fn several_lines_are_a_literal_block() {
    gives(&[
        ("a\nb", "|-\n        a\n        b"),
        ("a\n", "|\n        a"),
        ("a\n\nb\n", "|\n        a\n\n        b"),
        ("a\n\n", "|+\n        a\n"),
        ("\na", "|-\n\n        a"),
        (" a\nb", "|2-\n         a\n        b"),
        ("\n a", "|-\n\n         a"),
        ("a\tb\nc", "|-\n        a\tb\n        c"),
        ("---\na: #b", "|-\n        ---\n        a: #b"),
        ("true\n", "|\n        true"),
    ]);
}

#[test]
fn lines_that_no_block_can_hold_are_double_quoted() {
    gives(&[
        ("\n", r#""\n""#),
        ("\n\n", r#""\n\n""#),
        ("a \nb", r#""a \nb""#),
        ("a\n ", r#""a\n ""#),
        ("a\r\nb", r#""a\r\nb""#),
        ("a\nb\u{1}", r#""a\nb\x01""#),
        ("\u{a0}\n", "\"\u{a0}\\n\""),
    ]);
}

#[test]
fn line_breaks_of_unicode_stand_in_single_quotes() {
    gives(&[
        ("a\u{2028}b", "'a\u{2028}        b'"),
        ("a\u{2029}\u{2028}b", "'a\u{2029}\u{2028}        b'"),
        ("a\nb\u{2028}c", "|-\n        a\n        b\u{2028}        c"),
    ]);
}

#[test]
fn long_lines_are_broken_at_single_spaces() {
    let words = "word ".repeat(14);
    let long = "w".repeat(75);
    let pad = "        ";
    gives(&[
        // A space in column 81 is not too far, one behind it is.
        (&format!("{words}x y"), &format!("{words}x y")),
        (&format!("{words}xx y"), &format!("{words}xx\n{pad}y")),
        (&format!("{long} a b"), &format!("{long}\n{pad}a b")),
        (&format!("{long}  a b"), &format!("{long}  a\n{pad}b")),
        (&format!("{long}: a b"), &format!("'{long}:\n{pad}a b'")),
        (&format!("{long}: a "), &format!("'{long}:\n{pad}a '")),
        (&format!("\t{long} a"), &format!("\"\\t{long}\n{pad}a\"")),
        (
            &format!("\t{long}  a"),
            &format!("\"\\t{long}\n{pad}\\ a\""),
        ),
        (&format!("\t{long} "), &format!("\"\\t{long} \"")),
        (&format!("\t{long}  "), &format!("\"\\t{long}\n{pad}\\ \"")),
        (
            &format!("{long} a\nb"),
            &format!("|-\n{pad}{long} a\n{pad}b"),
        ),
    ]);
}

#[test]
fn keys() {
    let long = "k".repeat(129);
    let spaced = format!("{} x", "w".repeat(100));
    let simple = [
        ("y", "'y'"),
        ("1", "\"1\""),
        ("", "\"\""),
        ("a: b", "'a: b'"),
        ("\u{1}", "\"\\x01\""),
        (&spaced, &spaced),
        (&long[1..], &long[1..]),
    ];
    for (key, expected) in simple {
        let tree = map([(key, text("v"))]);
        assert_eq!(to_yaml(&tree), format!("{expected}: v\n"));
    }
    let complex = [
        (&*long, format!("? {long}\n: v\n")),
        ("a\nb", "? |-\n  a\n  b\n: v\n".to_owned()),
        ("a\n", "? |\n  a\n: v\n".to_owned()),
        ("\n", "? \"\\n\"\n: v\n".to_owned()),
        ("a\u{2028}b", "? 'a\u{2028}  b'\n: v\n".to_owned()),
    ];
    for (key, expected) in complex {
        assert_eq!(to_yaml(&map([(key, text("v"))])), expected);
    }
    let tree = map([
        ("a\nb", map([("c", Value::new(vec![Value::new(1)]))])),
        ("c\nd", Value::new(vec![text("e"), text("f")])),
    ]);
    let expected = "? |-\n  a\n  b\n: c:\n    - 1\n? |-\n  c\n  d\n: - e\n  - f\n";
    assert_eq!(to_yaml(&tree), expected);
}

#[test]
fn collections() {
    let list = Value::new(vec![
        Value::new(vec![Value::new(1), Value::new(vec![Value::new(2)])]),
        map([("a", Value::new(1)), ("b", Value::new(Vec::new()))]),
        Value::new(Vec::new()),
        Value::new(Map::new()),
        Value::null(),
        text("m\nn"),
        map([("a", text("x\ny"))]),
    ]);
    let expected = "\
p:
  - - 1
    - - 2
  - a: 1
    b: []
  - []
  - {}
  - null
  - |-
    m
    n
  - a: |-
      x
      y
q: {}
";
    assert_eq!(
        to_yaml(&map([("p", list), ("q", Value::new(Map::new()))])),
        expected
    );
}

#[test]
fn numbers_and_times() {
    for (data, yaml, json) in [
        (Data::Int(-5), "-5", "-5"),
        (
            Data::UInt(u64::MAX),
            "18446744073709551615",
            "18446744073709551615",
        ),
        (Data::Float(1.0), "1", "1"),
        (Data::Float(1e6), "1e+06", "1000000"),
        (Data::Float(123_456.7), "123456.7", "123456.7"),
        (Data::Float(1_234_567.8), "1.2345678e+06", "1234567.8"),
        (Data::Float(1e20), "1e+20", "100000000000000000000"),
        (Data::Float(1e21), "1e+21", "1e+21"),
        (Data::Float(1e-5), "1e-05", "0.00001"),
        (Data::Float(1e-7), "1e-07", "1e-7"),
        (Data::Float(5e-324), "5e-324", "5e-324"),
        (Data::Float(-0.0), "-0", "-0"),
        (
            Data::Time("2024-01-01".into()),
            "2024-01-01T00:00:00Z",
            "\"2024-01-01T00:00:00Z\"",
        ),
        (
            Data::Time("2001-12-14t21:59:43.10-05:00".into()),
            "2001-12-14T21:59:43.1-05:00",
            "\"2001-12-14T21:59:43.1-05:00\"",
        ),
        (
            Data::Time("2001-12-15 2:59:43.10".into()),
            "2001-12-15T02:59:43.1Z",
            "\"2001-12-15T02:59:43.1Z\"",
        ),
    ] {
        let value = Value::new(data);
        assert_eq!(to_yaml(&value), format!("{yaml}\n"));
        assert_eq!(to_json(&value).as_deref(), Ok(json));
    }
    let infinite = Value::new(Data::Float(f64::INFINITY));
    assert_eq!(to_yaml(&infinite), ".inf\n");
    let error = to_json(&infinite).unwrap_err();
    assert_eq!(error.to_string(), "json: unsupported value: +Inf");
}

#[test]
fn json() {
    let tree = map([
        (
            "s",
            text("<>&\u{2028}\u{0}\u{8}\u{c}\n\r\t\u{1f}\u{7f}é😀\"\\/'$"),
        ),
        ("e", Value::new(Vec::new())),
        (
            "l",
            Value::new(vec![
                Value::new(Map::new()),
                Value::null(),
                Value::new(true),
            ]),
        ),
        ("m", map([("a<", Value::new(1))])),
    ]);
    let expected = r#"{
  "s": "\u003c\u003e\u0026\u2028\u0000\b\f\n\r\t\u001fDELé😀\"\\/'$",
  "e": [],
  "l": [
    {},
    null,
    true
  ],
  "m": {
    "a\u003c": 1
  }
}"#;
    assert_eq!(to_json(&tree), Ok(expected.replace("DEL", "\u{7f}")));
}

#[test]
fn keys_sort_as_in_go() {
    let sorted = [
        "",
        "\u{1}",
        "\n",
        " x",
        "#",
        "'",
        "-",
        "?",
        "[x]",
        "{}",
        "~",
        "😀",
        "1",
        "1:30",
        "9",
        "09",
        "10",
        "2024-01-01",
        "A",
        "B",
        "a",
        "a\n",
        "a b",
        "a: b",
        "a9",
        "a10",
        "b-1",
        "b.1",
        "b_1",
        "b0",
        "b1",
        "b01",
        "b001",
        "null",
        "true",
        "x ",
        "y",
        "z",
        "é",
        "ê",
    ];
    let mut keys: Vec<_> = sorted.iter().rev().copied().collect();
    sort_natural(&mut keys, |key| key);
    assert_eq!(keys, sorted);
    for (left, right) in [
        ("a1b", "a11"),
        ("a100", "a101"),
        ("a10", "a12"),
        ("a", "aa"),
    ] {
        assert!(natural_less(left, right), "{left} {right}");
        assert!(!natural_less(right, left), "{left} {right}");
    }
}

/// The data of a parsed document.
fn data(node: &yaml_tree::Node) -> Data {
    let value = |node| Value::new(data(node));
    match node.content() {
        Content::Sequence(items) => Data::List(items.iter().map(value).collect()),
        Content::Mapping(mapping) => {
            let entries = mapping.entries().iter();
            let key = |node: &yaml_tree::Node| Arc::<str>::from(node.as_text().unwrap_or("?"));
            Data::Map(
                entries
                    .map(|entry| (key(&entry.key), value(&entry.value)))
                    .collect(),
            )
        }
        Content::Scalar(_) => match node.resolve(Schema::Go) {
            Some(Resolved::Bool(value)) => Data::Bool(value),
            Some(Resolved::Int(value)) => Data::Int(value),
            Some(Resolved::UInt(value)) => Data::UInt(value),
            Some(Resolved::Float(value)) => Data::Float(value),
            Some(Resolved::Timestamp(text)) => Data::Time(text.into()),
            Some(Resolved::Str(text)) => Data::Str(text.into()),
            _ => Data::Null,
        },
    }
}

fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z0-9]{1,12}",
        "[-:#?&*!|>'\"%@`{}\\[\\],.=~<+_ \\\\]",
        "[\n\t ]",
        Just("word ".repeat(20)),
        any::<char>().prop_map(String::from),
    ];
    // What Compose writes does not read back if it has line breaks of YAML 1.1, or empty lines in
    // front of an indented one.
    let foreign = |text: &String| {
        let indented = text.starts_with('\n') && text.trim_start_matches('\n').starts_with(' ');
        !text.contains(['\u{2028}', '\u{2029}']) && !indented
    };
    proptest::collection::vec(piece, 0..8)
        .prop_map(|pieces| pieces.concat())
        .prop_filter("not written well by Compose", foreign)
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        6 => any_text().prop_map(Value::new),
        1 => any::<bool>().prop_map(Value::new),
        1 => any::<i64>().prop_map(Value::new),
        1 => Just(Value::null()),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        let key = any_text().prop_filter("merge key", |key| key != "<<");
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::new),
            proptest::collection::vec((key, inner), 0..4)
                .prop_map(|entries| Value::new(Map::from_iter(entries))),
        ]
    })
}

proptest! {
    #[test]
    fn yaml_reads_back_as_the_same_data(value in any_value()) {
        // A document is a mapping, here as everywhere in Compose: a block text that starts with
        // blanks cannot stand at the top level.
        let value = Value::new(Map::from_iter([("k", value)]));
        let text = to_yaml(&value);
        let node = parse_one(&Source::new("t", &*text), &Options::default()).into_result();
        let node = node.map_err(|error| TestCaseError::fail(format!("{error:?}\n{text}")))?;
        prop_assert_eq!(data(&node), value.data, "{}", text);
    }

    #[test]
    fn json_reads_back_as_the_same_text(text in any_text()) {
        let json = to_json(&Value::new(text.as_str())).unwrap();
        prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn sorting_never_panics_and_loses_nothing(
        keys in proptest::collection::vec("[aB01.é-]{0,4}", 0..60)
    ) {
        let mut sorted = keys.clone();
        sort_natural(&mut sorted, |key| key);
        let (mut keys, mut again) = (keys, sorted);
        keys.sort();
        again.sort();
        prop_assert_eq!(keys, again);
    }
}
