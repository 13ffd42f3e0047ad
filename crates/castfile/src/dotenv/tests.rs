use super::*;
use crate::env::Env;
use crate::expand::expand;
use proptest::prelude::*;

fn values(text: &str) -> Vec<(String, String)> {
    let entries = parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    for entry in &entries {
        assert_eq!(text[entry.name_range.clone()], entry.name);
    }
    entries
        .into_iter()
        .map(|entry| (entry.name, entry.value))
        .collect()
}

fn messages(text: &str) -> Vec<String> {
    let issues = parse(text).unwrap_err().issues;
    issues
        .iter()
        .map(|issue| format!("{}:{} {}", issue.line, issue.column, issue.kind))
        .collect()
}

#[test]
fn one_line_forms() {
    let cases = [
        ("A=b", "b"),
        ("A = b c  ", "b c"),
        ("  A=b", "b"),
        ("A=", ""),
        ("A", ""),
        ("A # comment", ""),
        ("A= # comment", ""),
        ("A=#b", "#b"),
        ("A=a#b", "a#b"),
        ("A=a #b", "a"),
        ("A=a\t# b", "a"),
        ("export A=b", "b"),
        ("export\tA = b", "b"),
        ("A=b=c", "b=c"),
        ("A='b # c' # d", "b # c"),
        (r"A='it\'s \n'", r"it's \n"),
        (r#"A="x\ty\"\\\u00e9\U0001F600\q\$z""#, "x\ty\"\\é😀\\q\\$z"),
        (r#"A=`a "b" \`c\``"#, "a \"b\" `c`"),
        ("A='b'#c", "b"),
        ("A=don't", "don't"),
        (r"A=C:\new", r"C:\new"),
        ("A=é ü", "é ü"),
        ("A=$HOME/${X:-y z}", "$HOME/${X:-y z}"),
    ];
    for (text, value) in cases {
        assert_eq!(
            values(text),
            [("A".to_owned(), value.to_owned())],
            "{text:?}"
        );
    }
}

#[test]
fn whole_files() {
    let text =
        "\u{feff}# head\r\n\r\n1A_=x \r\nB=\"two\r\nlines\"\r\nexport=1\nexport\nC='a\nb'\nD=e";
    let expected = [
        ("1A_", "x"),
        ("B", "two\nlines"),
        ("export", "1"),
        ("export", ""),
        ("C", "a\nb"),
        ("D", "e"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(values(text), expected);
    let lines: Vec<_> = parse(text)
        .unwrap()
        .iter()
        .map(|entry| entry.line)
        .collect();
    assert_eq!(lines, [3, 4, 6, 7, 8, 10]);
}

#[test]
fn entries_know_their_quotes_and_ranges() {
    let text = "A='$X' # c\nB = y z # c\nC";
    let entries = parse(text).unwrap();
    let seen: Vec<_> = entries
        .iter()
        .map(|entry| (entry.quote, &text[entry.value_range.clone()]))
        .collect();
    assert_eq!(
        seen,
        [
            (QuoteKind::Single, "$X"),
            (QuoteKind::Unquoted, "y z"),
            (QuoteKind::Unquoted, "")
        ]
    );
}

#[test]
fn all_issues_are_reported_with_their_place() {
    let text = "é=1\nA b=2\n  export C\nD='x' y\nE=\"\\u12\"\nOK=1\nF=\"a\nG=2\n=3\n";
    assert_eq!(
        messages(text),
        [
            "1:1 expected a variable name, found `é`",
            "2:3 expected `=` after `A`, found `b`",
            "3:10 `export C` has no value",
            "4:7 unexpected `y` after the closing quote",
            "5:4 `\\u12` is not the escape of a character",
            "7:3 no closing `\"` for the value of `F`",
            "9:1 expected a variable name, found `=`",
        ]
    );
    assert_eq!(
        parse(text).unwrap_err().to_string(),
        "line 1, column 1: expected a variable name, found `é` (and 6 more)"
    );
    assert_eq!(
        messages("\u{feff}-"),
        ["1:1 expected a variable name, found `-`"]
    );
    assert_eq!(
        messages("A=\"\\ud800\""),
        ["1:4 `\\ud800` is not the escape of a character"]
    );
}

#[test]
fn quoting_chooses_the_lightest_form() {
    let cases = [
        ("", ""),
        ("a/b:c", "a/b:c"),
        ("pa$$w", "pa$$$$w"),
        ("a b", "'a b'"),
        ("it's", "\"it's\""),
        ("a\nb", r#""a\nb""#),
        (r"\$x", r"'\\$x'"),
        (r"end\", r#""end\\""#),
    ];
    for (value, text) in cases {
        assert_eq!(quote(value), text, "{value:?}");
    }
}

proptest! {
    #[test]
    fn a_quoted_value_reads_and_expands_to_itself(
        value in "[$\\\\'\"`# {}()\n\r\tanu0é]{0,16}|(?s).*"
    ) {
        let text = format!("A={}\r\nB=1", quote(&value));
        let entries = parse(&text).unwrap();
        prop_assert_eq!(entries.len(), 2);
        let expanded = expand(&entries[0].value, &mut Env::new(), None).unwrap();
        prop_assert_eq!(expanded, value);
    }

    #[test]
    fn never_panics(text in "[A=$\\\\'\"`# \n\r\tu0é\u{feff}]{0,24}|(?s).*") {
        match parse(&text) {
            Ok(entries) => for entry in entries {
                prop_assert_eq!(&text[entry.name_range.clone()], &entry.name);
                prop_assert!(text.get(entry.value_range.clone()).is_some());
            },
            Err(error) => for issue in error.issues {
                prop_assert!(text.get(issue.range.clone()).is_some());
            },
        }
    }
}
