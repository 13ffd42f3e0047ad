//! What holds for every text.

use proptest::prelude::*;
use yaml_tree::{
    Content, DuplicateKeys, Node, Options, Schema, Source, Span, Style, comments, go_display,
    parse, parse_one,
};

/// Pieces that matter to YAML, in any order.
fn yamlish() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(vec![
            " ", "  ", "\n", "\n  ", "\n- ", "\r\n", "\r", "\t", "- ", ": ", ":", "? ", ", ", ",",
            "[", "]", "{", "}", "#", " # c\n", "|", "|-\n", ">+\n ", ">2\n", "'", "\"", "''", "\\",
            "\\n", "\\x41", "&a ", "*a", "&b", "*b ", "!", "!!str ", "!t ", "!<x> ", "<<: ",
            "<<: *a", "---\n", "...\n", "--- ", "%YAML 1.2\n", "%TAG ! x\n", "@", "`", "~", "\u{feff}",
            "\u{85}", "\u{2028}", "\0", "=", "a: ", "b: 1\n", "é", "😀", "0x1F", "1_0", "2001-01-01",
        ]).prop_map(str::to_owned),
        2 => "[a-c]{1,3}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// A text that is YAML: nested block and flow collections of all kinds of scalars.
fn well_formed() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        "[a-zé漢][a-z0-9 é]{0,6}[a-z]",
        "'[a-z #:é]{0,8}'",
        "\"[a-z #:,😀]{0,8}\"",
        Just(String::new()),
        Just("&x".to_owned()),
        Just("!t word".to_owned()),
        Just("[a, {b: c}, 'd'] # e".to_owned()),
        Just("|\n@one\n@ two\n".to_owned()),
        Just("&y >- # h\n@one\n\n@two\n".to_owned()),
    ];
    let value = scalar.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|items| {
                let lines: Vec<String> = items.iter().map(|item| entry("-", item)).collect();
                format!("\n{}", lines.concat())
            }),
            prop::collection::vec(inner, 1..4).prop_map(|items| {
                let lines = items.iter().enumerate();
                let lines: Vec<String> = lines
                    .map(|(key, item)| entry(&format!("k{key}:"), item))
                    .collect();
                format!("\n{}", lines.concat())
            }),
        ]
    });
    let breaks = prop::sample::select(vec!["\n", "\r\n"]);
    (value, breaks).prop_map(|(value, line_break)| {
        let text = entry("root:", &value).replace('@', "");
        text.replace('\n', line_break)
    })
}

/// One entry of a collection, with what it holds indented below it.
fn entry(head: &str, value: &str) -> String {
    let value = value.trim_end_matches('\n');
    let indented = value.replace("\n@", "\n  @").replace('\n', "\n  ");
    format!("{head} {}\n", indented.trim_start_matches(' '))
}

fn check_span(span: &Span) {
    let text = span.source().text();
    assert!(span.start() <= span.end() && span.end() <= text.len());
    assert_eq!(span.text(), &text[span.start()..span.end()]);
    let before = &text[..span.start()];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default();
    let mark = usize::from(line == 1 && column.starts_with('\u{feff}'));
    let column = column.chars().count() + 1 - mark;
    let position = span.position();
    assert_eq!((position.line, position.column), (line, column));
}

fn check(node: &Node) {
    check_span(node.span());
    let text = node.span().text();
    match node.content() {
        Content::Scalar(scalar) => match scalar.style {
            Style::Plain if !scalar.text.contains('\n') && !text.contains(['\n', '\r']) => {
                assert_eq!(text, &*scalar.text);
            }
            Style::Plain => assert_eq!(text.trim_matches([' ', '\t', '\n', '\r']), text),
            Style::SingleQuoted => {
                assert!(text.len() > 1 && text.starts_with('\'') && text.ends_with('\''));
            }
            Style::DoubleQuoted => {
                assert!(text.len() > 1 && text.starts_with('"') && text.ends_with('"'));
            }
            Style::Literal => assert!(text.starts_with('|'), "{text:?}"),
            Style::Folded => assert!(text.starts_with('>'), "{text:?}"),
        },
        Content::Sequence(items) => {
            inside(node, items.iter());
            items.iter().for_each(check_written);
        }
        Content::Mapping(mapping) => {
            let own = || {
                mapping
                    .entries()
                    .iter()
                    .filter(|entry| entry.merged.is_none())
            };
            inside(node, own().flat_map(|entry| [&entry.key, &entry.value]));
            own().for_each(|entry| {
                check_written(&entry.key);
                check_written(&entry.value);
            });
        }
    }
    for schema in [Schema::Core, Schema::Go] {
        if let Some(resolved) = node.resolve(schema) {
            let _shown = go_display(&resolved);
        }
    }
}

fn check_written(node: &Node) {
    match node.alias() {
        Some(alias) => {
            check_span(alias);
            assert!(alias.text().starts_with('*'), "{:?}", alias.text());
        }
        None => check(node),
    }
}

/// Children lie in their parent, one after the other.
fn inside<'n>(parent: &Node, children: impl Iterator<Item = &'n Node>) {
    let mut from = parent.span().start();
    for child in children {
        let site = child.site();
        assert!(from <= site.start(), "{parent:?} {child:?}");
        assert!(site.end() <= parent.span().end(), "{parent:?} {child:?}");
        from = site.end();
    }
}

fn read(text: &str) {
    let source = Source::new("t", text);
    for options in [
        Options::default(),
        Options::default()
            .merge_keys(false)
            .duplicate_keys(DuplicateKeys::KeepAll),
        Options::default().max_depth(2).max_nodes(3),
    ] {
        let parsed = parse(&source, &options);
        for document in parsed.value.iter().flatten() {
            check_written(document);
        }
        for diagnostic in &parsed.diagnostics {
            for label in &diagnostic.labels {
                check_span(&label.span);
            }
            if let Some(fix) = &diagnostic.fix {
                check_span(&fix.span);
            }
        }
    }
    let one = parse_one(&source, &Options::default());
    assert!(one.value.is_some() || one.has_errors());
    for comment in comments(&source) {
        check_span(&comment.span);
        assert!(comment.span.text().starts_with('#'));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_pieces(text in yamlish()) {
        read(&text);
    }

    #[test]
    fn any_text(text in any::<String>()) {
        read(&text);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        match Source::from_bytes("t", bytes) {
            Ok(source) => read(source.text()),
            Err(diagnostic) => check_span(&diagnostic.labels[0].span),
        }
    }

    #[test]
    fn well_formed_texts_are_read(text in well_formed()) {
        let source = Source::new("t", text.as_str());
        let parsed = parse(&source, &Options::default());
        prop_assert!(!parsed.has_errors(), "{text}\n{:?}", parsed.diagnostics);
        read(&text);
    }
}
