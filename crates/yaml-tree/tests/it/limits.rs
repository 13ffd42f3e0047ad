//! Texts made to cost much.

use insta::assert_snapshot;
use yaml_tree::{Options, Source, parse, parse_one};

use crate::support::{explain, tree_with};

fn codes(text: &str, options: &Options) -> Vec<String> {
    let parsed = parse(&Source::new("t", text), options);
    parsed
        .diagnostics
        .iter()
        .map(|found| found.code.to_string())
        .collect()
}

#[test]
fn billion_laughs() {
    let mut text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..30 {
        let below = level - 1;
        text += &format!(
            "a{level}: &a{level} [{}]\n",
            vec![format!("*a{below}"); 9].join(", ")
        );
    }
    let parsed = parse(&Source::new("t", text), &Options::default());
    assert_eq!(parsed.diagnostics.len(), 1);
    // The sixth level is where nine times as much passes the limit.
    assert_snapshot!(explain(&parsed.diagnostics[0]), @r#"
    yaml::too-many-nodes: aliases repeat more than 100000 values
      ^ 6:10 "*a4" the limit is passed here
    "#);
}

#[test]
fn quadratic_blow_up_by_merging() {
    let mut text = "m0: &m0 {k0: x}\n".to_owned();
    for level in 1..2000 {
        text += &format!("m{level}: &m{level} {{<<: *m{}, k{level}: x}}\n", level - 1);
    }
    assert_eq!(codes(&text, &Options::default()), ["yaml::too-many-nodes"]);
}

#[test]
fn one_anchor_used_often_is_fine() {
    let mut text = "a: &a {x: 1, y: [2, 3]}\nb:\n".to_owned();
    text += &"- *a\n".repeat(5_000);
    assert_eq!(codes(&text, &Options::default()), Vec::<String>::new());
    assert_eq!(
        codes(&text, &Options::default().max_nodes(34_999)),
        ["yaml::too-many-nodes"]
    );
    assert_eq!(
        codes(&text, &Options::default().max_nodes(35_000)),
        Vec::<String>::new()
    );
}

#[test]
fn nesting() {
    let options = Options::default();
    for text in [
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "- ".repeat(100_000),
        "? ".repeat(100_000),
        (0..3_000)
            .map(|depth| format!("{}a:\n", " ".repeat(depth)))
            .collect(),
    ] {
        assert_eq!(
            codes(&text, &options),
            ["yaml::too-deep"],
            "{:?}",
            &text[..8]
        );
    }
    let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(codes(&nested(128), &options), Vec::<String>::new());
    assert_eq!(codes(&nested(129), &options), ["yaml::too-deep"]);
    assert_eq!(
        codes(&nested(3), &options.clone().max_depth(3)),
        Vec::<String>::new()
    );
    assert_snapshot!(tree_with("a: [[x]]\n", &options.max_depth(3)), @r#"
    yaml::too-deep: values nest more than 3 levels deep
      ^ 1:6 "x" the limit is passed here
    "#);
}

#[test]
fn nesting_by_aliases() {
    let mut text = "a0: &a0 [x]\n".to_owned();
    for level in 1..5_000 {
        text += &format!("a{level}: &a{level} [*a{}]\n", level - 1);
    }
    assert_eq!(codes(&text, &Options::default()), ["yaml::too-deep"]);
}

/// Compared, printed and dropped on the stack of a test thread.
#[test]
fn the_deepest_tree_is_safe() {
    let depth = 512;
    let mut text = String::new();
    for _ in 1..depth {
        text += "- ";
    }
    text.push('x');
    let options = Options::default().max_depth(usize::MAX);
    let one = parse_one(&Source::new("t", text.clone()), &options)
        .into_result()
        .unwrap();
    let two = one.clone();
    assert_eq!(one, two);
    assert!(format!("{one:?}").len() > depth);
    drop((one, two));
    assert_eq!(codes(&format!("- {text}"), &options), ["yaml::too-deep"]);
}

#[test]
fn length() {
    let options = Options::default().max_bytes(10);
    assert_snapshot!(tree_with("12345678901", &options), @r#"
    yaml::too-large: the text has 11 bytes, more than the 10 allowed
      ^ 1:1 ""
    "#);
    assert_eq!(codes("1234567890", &options), Vec::<String>::new());
}

#[test]
fn a_thousand_errors_are_not_all_told() {
    let text = "a: 1\n".repeat(1_001);
    let parsed = parse(&Source::new("t", text), &Options::default());
    assert_eq!(parsed.diagnostics.len(), 101);
    assert_eq!(
        parsed.diagnostics[100].message,
        "900 more errors are not shown"
    );
    assert!(parsed.has_errors());
}

#[test]
fn colliding_complex_keys() {
    let mut text = String::new();
    for key in 0..5_000 {
        text += &format!("? [a, {key}]\n: x\n");
    }
    assert_eq!(codes(&text, &Options::default()), Vec::<String>::new());
}

#[test]
fn one_document() {
    let one = |text: &str| {
        let parsed = parse_one(&Source::new("t", text), &Options::default());
        let mut out = format!(
            "{:?}\n",
            parsed.value.as_ref().map(|node| node.span().clone())
        );
        for diagnostic in &parsed.diagnostics {
            out += &explain(diagnostic);
        }
        out
    };
    assert_snapshot!(one(""), @"Some(t[0..0])");
    assert_snapshot!(one("# c\n"), @"Some(t[4..4])");
    assert_snapshot!(one("a: 1\n---\nb: [\n"), @r#"
    Some(t[0..4])
    yaml::second-document: the file holds more than one document
      ^ 2:1 "---" a second document starts here
      help: keep one document per file
    "#);
    assert_snapshot!(one("a: 1\n...\nb\n"), @r#"
    Some(t[0..4])
    yaml::second-document: the file holds more than one document
      ^ 3:1 "" a second document starts here
      help: keep one document per file
    "#);
    assert_snapshot!(one("a: [\n"), @r#"
    None
    yaml::syntax: the closing `]` is missing
      ^ 1:4 "[" this `[` is never closed
    "#);
    assert_snapshot!(one("---\na\n...\n"), @"Some(t[4..5])");
}
