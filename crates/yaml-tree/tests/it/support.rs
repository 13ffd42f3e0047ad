//! What the tests share.

use std::fmt::Write as _;

use yaml_tree::{Content, Diagnostic, Node, Options, Source, Style, parse};

/// All documents of `text` in one line each, errors after them.
pub(crate) fn tree(text: &str) -> String {
    tree_with(text, &Options::default())
}

pub(crate) fn tree_with(text: &str, options: &Options) -> String {
    let source = Source::new("t", text);
    let parsed = parse(&source, options);
    let mut out = String::new();
    for document in parsed.value.iter().flatten() {
        write_node(&mut out, document);
        out.push('\n');
    }
    for diagnostic in &parsed.diagnostics {
        out.push_str(&explain(diagnostic));
    }
    out
}

/// A node as flow-like text: `=plain`, `'single`, `"double`, `|literal`, `>folded`.
pub(crate) fn write_node(out: &mut String, node: &Node) {
    if node.alias().is_some() {
        out.push('*');
    }
    if let Some(tag) = node.tag() {
        write!(out, "<{tag}>").unwrap();
    }
    match node.content() {
        Content::Scalar(scalar) => {
            out.push(match scalar.style {
                Style::Plain => '=',
                Style::SingleQuoted => '\'',
                Style::DoubleQuoted => '"',
                Style::Literal => '|',
                Style::Folded => '>',
            });
            write!(out, "{}", scalar.text.escape_debug()).unwrap();
        }
        Content::Sequence(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                write_node(out, item);
            }
            out.push(']');
        }
        Content::Mapping(mapping) => {
            out.push('{');
            for (at, entry) in mapping.entries().iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                out.push_str(if entry.merged.is_some() { "<<" } else { "" });
                write_node(out, &entry.key);
                out.push_str(": ");
                write_node(out, &entry.value);
            }
            out.push('}');
        }
    }
}

/// A finding as plain lines.
pub(crate) fn explain(diagnostic: &Diagnostic) -> String {
    let mut out = format!("{}: {}\n", diagnostic.code, diagnostic.message);
    for label in &diagnostic.labels {
        let mark = if label.primary { "^" } else { "-" };
        let span = &label.span;
        let position = span.position();
        let text = span.text();
        writeln!(out, "  {mark} {position} {text:?} {}", label.message).unwrap();
    }
    for help in &diagnostic.help {
        writeln!(out, "  help: {help}").unwrap();
    }
    if let Some(fix) = &diagnostic.fix {
        writeln!(out, "  fix: {} -> {:?}", fix.title, fix.replacement).unwrap();
    }
    out
}

/// Every node in the order of the text with the text of its span, one line each; nodes reached by
/// aliases are not entered.
pub(crate) fn spans(text: &str) -> String {
    let source = Source::new("t", text);
    let documents = parse(&source, &Options::default()).into_result().unwrap();
    let mut out = String::new();
    for document in &documents {
        write_spans(&mut out, document);
    }
    out
}

fn write_spans(out: &mut String, node: &Node) {
    let span = node.site();
    let kind = match node.content() {
        _ if node.alias().is_some() => "alias",
        Content::Scalar(_) => "scalar",
        Content::Sequence(_) => "sequence",
        Content::Mapping(_) => "mapping",
    };
    writeln!(
        out,
        "{}-{} {kind} {:?}",
        span.position(),
        span.end_position(),
        span.text()
    )
    .unwrap();
    if node.alias().is_some() {
        return;
    }
    match node.content() {
        Content::Scalar(_) => {}
        Content::Sequence(items) => items.iter().for_each(|item| write_spans(out, item)),
        Content::Mapping(mapping) => {
            for entry in mapping.entries() {
                if entry.merged.is_none() {
                    write_spans(out, &entry.key);
                    write_spans(out, &entry.value);
                }
            }
        }
    }
}

/// What is said about each of `texts`; those without errors are left out.
pub(crate) fn explain_all(texts: &[&str]) -> String {
    let mut out = String::new();
    for text in texts {
        let parsed = parse(&Source::new("t", *text), &Options::default());
        if parsed.diagnostics.is_empty() {
            continue;
        }
        writeln!(out, "{text:?}").unwrap();
        for diagnostic in &parsed.diagnostics {
            out.push_str(&explain(diagnostic));
        }
    }
    out
}

/// Each of `texts` with its tree.
pub(crate) fn tree_all(texts: &[&str]) -> String {
    let mut out = String::new();
    for text in texts {
        writeln!(out, "{text:?}").unwrap();
        for line in tree(text).lines() {
            writeln!(out, "  {line}").unwrap();
        }
    }
    out
}
