//! Where things stand in the text: lines, indentation, brackets.

use yaml_tree::{Content, Mapping, Node, Style};

use super::document::Spot;

/// A replacement in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Splice {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: String,
}

impl Splice {
    pub(super) fn new(start: usize, end: usize, text: impl Into<String>) -> Self {
        Self {
            start,
            end,
            text: text.into(),
        }
    }

    pub(super) fn insert(at: usize, text: impl Into<String>) -> Self {
        Self::new(at, at, text)
    }
}

/// `text` with replacements made; `None` if they overlap.
pub(super) fn apply(text: &str, splices: &[Splice]) -> Option<String> {
    let mut sorted: Vec<&Splice> = splices.iter().collect();
    sorted.sort_by_key(|splice| splice.start);
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for splice in sorted {
        out.push_str(text.get(at..splice.start)?);
        out.push_str(&splice.text);
        at = splice.end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

/// Where the line of `at` starts, after a byte order mark.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    match text[..at].rfind('\n') {
        Some(line_break) => line_break + 1,
        None if text.starts_with('\u{feff}') => '\u{feff}'.len_utf8().min(at),
        None => 0,
    }
}

/// Where the line of `at` ends, before its line break.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |len| at + len);
    if end > at && text[..end].ends_with('\r') {
        end - 1
    } else {
        end
    }
}

/// Where the next line starts.
pub(super) fn next_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |len| at + len + 1)
}

/// The line break that the text uses.
pub(super) fn line_break(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// What stands on the line in front of `at`.
pub(super) fn before(text: &str, at: usize) -> &str {
    &text[line_start(text, at)..at]
}

/// Whether nothing but spaces stands on the line in front of `at`.
pub(super) fn is_first(text: &str, at: usize) -> bool {
    before(text, at).bytes().all(|byte| byte == b' ')
}

/// The column of `at`, from 0.
pub(super) fn column(text: &str, at: usize) -> usize {
    before(text, at).chars().count()
}

/// Whether a collection is written in brackets.
pub(super) fn is_flow(node: &Node) -> bool {
    node.as_scalar().is_none() && node.span().text().starts_with(['{', '['])
}

/// Whether a place is inside of brackets.
pub(super) fn in_flow(spot: &Spot<'_>) -> bool {
    spot.parents.iter().any(|(node, _)| is_flow(node))
}

/// Where the closing bracket of a collection stands.
pub(super) fn closing(text: &str, node: &Node) -> Option<usize> {
    let close = match text.as_bytes().get(node.span().start())? {
        b'{' => '}',
        b'[' => ']',
        _ => return None,
    };
    let span = node.span();
    if span.text().len() > 1 && span.text().ends_with(close) && is_closed(node) {
        return Some(span.end() - 1);
    }
    // After a last comma the bracket is not part of the span.
    let at = skip_blank(text, span.end());
    text[at..].starts_with(close).then_some(at)
}

/// Whether the span of a collection in brackets has its own closing bracket at the end, not that
/// of its last item.
fn is_closed(node: &Node) -> bool {
    let last = match node.content() {
        Content::Mapping(map) => map.entries().last().map(|entry| &entry.value),
        Content::Sequence(items) => items.last(),
        Content::Scalar(_) => None,
    };
    last.is_none_or(|last| end_of(last) < node.span().end())
}

/// The first offset from `at` on which is no white space, comma or comment.
fn skip_blank(text: &str, mut at: usize) -> usize {
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => at += 1,
            b'#' => at = next_line(text, at),
            _ => break,
        }
    }
    at
}

/// Where a value as it is written ends.
pub(super) fn end_of(node: &Node) -> usize {
    match node.alias() {
        Some(alias) => alias.end(),
        None => {
            let end = node.span().end();
            closing_of_span(node).map_or(end, |close| end.max(close + 1))
        }
    }
}

fn closing_of_span(node: &Node) -> Option<usize> {
    if !is_flow(node) || node.span().text().ends_with(['}', ']']) {
        return None;
    }
    closing_after(node)
}

fn closing_after(node: &Node) -> Option<usize> {
    let text = node.span().source().text();
    let at = skip_blank(text, node.span().end());
    text[at..].starts_with(['}', ']']).then_some(at)
}

/// Where a value starts: its alias, or its text. Anchors and tags stand in front of that.
pub(super) fn start_of(node: &Node) -> usize {
    node.site().start()
}

/// Where the dash of an item of a block sequence stands.
pub(super) fn dash_of(text: &str, sequence: &Node, index: usize) -> Option<usize> {
    let mut at = sequence.span().start();
    if let Some(before) = index.checked_sub(1) {
        at = end_of(sequence.as_sequence()?.get(before)?);
        while let Some(byte) = text.as_bytes().get(at) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => at += 1,
                b'#' => at = next_line(text, at),
                _ => break,
            }
        }
    }
    text[at..].starts_with('-').then_some(at)
}

/// The column of the keys of a block mapping.
pub(super) fn indent_of(text: &str, mapping: &Node) -> usize {
    let keys = mapping.as_mapping().map(Mapping::entries);
    let first = keys
        .into_iter()
        .flatten()
        .map(|entry| entry.key.span().start())
        .find(|at| is_first(text, *at));
    column(text, first.unwrap_or(mapping.span().start()))
}

/// How far the keys of a mapping stand from those around it.
pub(super) fn step_of(text: &str, spot: &Spot<'_>) -> usize {
    let mappings = spot.parents.iter().map(|(node, _)| *node);
    let columns: Vec<usize> = mappings
        .chain([spot.node])
        .filter(|node| node.as_mapping().is_some_and(|map| !map.is_empty()) && !is_flow(node))
        .map(|node| indent_of(text, node))
        .collect();
    match columns.as_slice() {
        [.., outer, inner] if inner > outer => inner - outer,
        _ => 2,
    }
}

/// How the neighbours of a new value are written: plain, or in the quotes of the last of them that
/// is a scalar.
pub(super) fn style_of_values(node: &Node) -> Style {
    let values: Vec<&Node> = match node.content() {
        Content::Mapping(map) => map.entries().iter().map(|entry| &entry.value).collect(),
        Content::Sequence(items) => items.iter().collect(),
        Content::Scalar(_) => Vec::new(),
    };
    style_of_last(&values)
}

/// How the neighbours of a new key are written.
pub(super) fn style_of_keys(node: &Node) -> Style {
    let entries = node.as_mapping().map(Mapping::entries);
    let keys: Vec<&Node> = entries
        .into_iter()
        .flatten()
        .map(|entry| &entry.key)
        .collect();
    style_of_last(&keys)
}

fn style_of_last(nodes: &[&Node]) -> Style {
    let mut scalars = nodes.iter().rev().filter_map(|node| node.as_scalar());
    scalars.next().map_or(Style::Plain, |scalar| scalar.style)
}
