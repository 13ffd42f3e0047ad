//! The changes of the text that an edit can be made by, the best one first.

use yaml_tree::{Comment, Mapping, Node, Style};

use super::document::{Spot, nth};
use super::layout::{
    Splice, closing, column, dash_of, end_of, in_flow, indent_of, is_first, is_flow, line_break,
    line_end, line_start, next_line, start_of, step_of, style_of_keys, style_of_values,
};
use super::scalar::{Meaning, Written};

/// A way to make an edit: what to replace, and the scalar that is then there.
pub(super) struct Change {
    pub(super) splices: Vec<Splice>,
    pub(super) written: Option<Written>,
}

impl Change {
    fn write(splices: Vec<Splice>, written: &Written) -> Self {
        Self {
            splices,
            written: Some(written.clone()),
        }
    }

    fn cut(splices: Vec<Splice>) -> Self {
        Self {
            splices,
            written: None,
        }
    }
}

/// Another scalar in the place of one.
pub(super) fn replace(text: &str, spot: &Spot<'_>, meaning: &Meaning) -> Vec<Change> {
    let node = spot.node;
    let style = match (node.alias(), node.as_scalar()) {
        (None, Some(scalar)) if !node.span().text().is_empty() => scalar.style,
        _ => spot
            .parents
            .last()
            .map_or(Style::Plain, |(parent, _)| style_of_values(parent)),
    };
    let span = node.site();
    [style, Style::DoubleQuoted]
        .into_iter()
        .map(|style| {
            let written = meaning.write(style, in_flow(spot));
            let lead = match text[..span.start()].chars().next_back() {
                _ if !span.text().is_empty() => "",
                Some(' ') => "",
                _ => " ",
            };
            let splice = Splice::new(span.start(), span.end(), format!("{lead}{}", written.yaml));
            Change::write(vec![splice], &written)
        })
        .collect()
}

/// A new entry in a mapping, or in null: the keys lead to it.
pub(super) fn insert(
    text: &str,
    parent: &Spot<'_>,
    keys: &[&str],
    meaning: &Meaning,
) -> Vec<Change> {
    let node = parent.node;
    let flow = is_flow(node) || in_flow(parent);
    let mut out = Vec::new();
    for style in [style_of_values(node), Style::DoubleQuoted] {
        let key_style = style_of_keys(node);
        // The neighbours of the value are those of the mapping only if it goes right there.
        let style = if keys.len() == 1 { style } else { Style::Plain };
        let written = meaning.write(style, flow || is_null_word(node));
        let entry = if flow || is_null_word(node) {
            flow_entry(keys, key_style, &written)
        } else {
            String::new()
        };
        if is_flow(node) {
            if let Some(splice) = into_flow(text, node, &entry) {
                out.push(Change::write(vec![splice], &written));
            }
        } else if node.as_mapping().is_some() {
            let column = indent_of(text, node);
            let lines = block_entry(text, parent, column, keys, key_style, &written);
            for at in line_ends(text, end_of(node)) {
                out.push(Change::write(
                    vec![Splice::insert(at, lines.clone())],
                    &written,
                ));
            }
        } else if is_null_word(node) {
            let span = node.span();
            let splice = Splice::new(span.start(), span.end(), format!("{{{entry}}}"));
            out.push(Change::write(vec![splice], &written));
        } else if flow {
            let splice = Splice::insert(node.span().end(), format!(" {{{entry}}}"));
            out.push(Change::write(vec![splice], &written));
        } else if let Some((around, _)) = parent.parents.last() {
            let column = indent_of(text, around) + step_of(text, parent);
            let lines = block_entry(text, parent, column, keys, key_style, &written);
            let at = line_end(text, node.span().end());
            out.push(Change::write(vec![Splice::insert(at, lines)], &written));
        }
    }
    out
}

/// A new item at the end of a list.
pub(super) fn push(text: &str, list: &Spot<'_>, meaning: &Meaning) -> Vec<Change> {
    let node = list.node;
    let flow = is_flow(node);
    let mut out = Vec::new();
    for style in [style_of_values(node), Style::DoubleQuoted] {
        let written = meaning.write(style, flow);
        if flow {
            out.extend(
                into_flow(text, node, &written.yaml)
                    .map(|splice| Change::write(vec![splice], &written)),
            );
            continue;
        }
        let indent = " ".repeat(column(text, node.span().start()));
        let line = format!("{}{indent}- {}", line_break(text), written.yaml);
        for at in line_ends(text, end_of(node)) {
            out.push(Change::write(
                vec![Splice::insert(at, line.clone())],
                &written,
            ));
        }
    }
    out
}

/// An entry or item less. `line_comments` must not be lost.
pub(super) fn remove(text: &str, spot: &Spot<'_>, line_comments: &[Comment]) -> Vec<Change> {
    let Some((collection, index)) = spot.parents.last() else {
        return Vec::new();
    };
    let cuts = if is_flow(collection) {
        from_flow(text, collection, *index)
    } else {
        from_block(text, spot, collection, *index)
    };
    cuts.into_iter()
        .filter(|splices| {
            splices.iter().all(|splice| {
                let own = start_of_child(text, collection, *index)..end_of(spot.node);
                !line_comments.iter().any(|comment| {
                    let at = comment.span.start();
                    (splice.start..splice.end).contains(&at) && !own.contains(&at)
                })
            })
        })
        .map(Change::cut)
        .collect()
}

/// Where an entry or item starts: its key, its dash, or its value.
fn start_of_child(text: &str, collection: &Node, index: usize) -> usize {
    let key = collection
        .as_mapping()
        .and_then(|map| map.entries().get(index))
        .map(|entry| entry.key.span().start());
    let dash = || {
        (!is_flow(collection))
            .then(|| dash_of(text, collection, index))
            .flatten()
    };
    key.or_else(dash)
        .or_else(|| nth(collection, index).map(start_of))
        .unwrap_or_default()
}

/// Where an entry or item ends.
fn end_of_child(collection: &Node, index: usize) -> usize {
    let key = collection
        .as_mapping()
        .and_then(|map| map.entries().get(index))
        .map_or(0, |entry| entry.key.span().end());
    nth(collection, index).map_or(key, |node| key.max(end_of(node)))
}

fn len(collection: &Node) -> usize {
    collection.as_mapping().map_or_else(
        || collection.as_sequence().map_or(0, <[Node]>::len),
        Mapping::len,
    )
}

fn from_flow(text: &str, collection: &Node, index: usize) -> Vec<Vec<Splice>> {
    let start = start_of_child(text, collection, index);
    let end = end_of_child(collection, index);
    let splice = if len(collection) == 1 {
        let open = collection.span().start() + 1;
        match closing(text, collection) {
            Some(close) => Splice::new(open, close, ""),
            None => return Vec::new(),
        }
    } else if index + 1 < len(collection) {
        Splice::new(start, start_of_child(text, collection, index + 1), "")
    } else {
        Splice::new(end_of_child(collection, index - 1), end, "")
    };
    vec![vec![splice]]
}

fn from_block(text: &str, spot: &Spot<'_>, collection: &Node, index: usize) -> Vec<Vec<Splice>> {
    let start = start_of_child(text, collection, index);
    let end = end_of_child(collection, index);
    let lines = Splice::new(line_start(text, start), next_line(text, end), "");
    let empty = if collection.as_mapping().is_some() {
        "{}"
    } else {
        "[]"
    };
    if len(collection) == 1 {
        let span = collection.span();
        let in_place = vec![Splice::new(span.start(), end_of(collection), empty)];
        let key_line = is_first(text, start)
            .then(|| end_of_key_line(text, spot))
            .flatten()
            .map(|at| vec![Splice::insert(at, format!(" {empty}")), lines]);
        return key_line.into_iter().chain([in_place]).collect();
    }
    if is_first(text, start) {
        return vec![vec![lines]];
    }
    // The first of several behind a dash: the next one takes its place.
    if index + 1 < len(collection) {
        let next = start_of_child(text, collection, index + 1);
        return vec![vec![Splice::new(start, next, "")]];
    }
    Vec::new()
}

/// Where the line with the key of the collection around a place ends, without its comment, if the
/// collection starts on a later line.
fn end_of_key_line(text: &str, spot: &Spot<'_>) -> Option<usize> {
    let (collection, _) = spot.parents.last()?;
    let (around, index) = spot.parents.iter().rev().nth(1)?;
    let key = around.as_mapping()?.entries().get(*index)?.key.span();
    let end = line_end(text, key.end());
    if end > collection.span().start() {
        return None;
    }
    let line = &text[key.end()..end];
    let content = line.find(" #").map_or(line, |comment| &line[..comment]);
    Some(key.end() + content.trim_end().len())
}

fn into_flow(text: &str, collection: &Node, entry: &str) -> Option<Splice> {
    let close = closing(text, collection)?;
    match len(collection).checked_sub(1) {
        Some(last) => {
            let end = end_of_child(collection, last);
            // `a:,` would be a plain scalar to some readers.
            let gap = if text[..end].ends_with(':') { " " } else { "" };
            Some(Splice::insert(end, format!("{gap}, {entry}")))
        }
        None => {
            let open = collection.span().start() + 1;
            let inner = &text[open..close];
            let blank = inner.bytes().all(|byte| byte == b' ');
            let end = if blank { close } else { open };
            Some(Splice::new(open, end, entry))
        }
    }
}

/// `a: {b: value}`
fn flow_entry(keys: &[&str], style: Style, written: &Written) -> String {
    let mut out = written.yaml.clone();
    for (depth, key) in keys.iter().enumerate().rev() {
        let key = write_key(key, style, true);
        out = format!("{key}: {out}");
        if depth > 0 {
            out = format!("{{{out}}}");
        }
    }
    out
}

/// Lines to put at the end of a line: a key on each, the value behind the last.
fn block_entry(
    text: &str,
    parent: &Spot<'_>,
    column: usize,
    keys: &[&str],
    style: Style,
    written: &Written,
) -> String {
    let step = step_of(text, parent);
    let mut out = String::new();
    for (depth, key) in keys.iter().enumerate() {
        out.push_str(line_break(text));
        out.extend(std::iter::repeat_n(' ', column + depth * step));
        out.push_str(&write_key(key, style, false));
        out.push(':');
    }
    out.push(' ');
    out.push_str(&written.yaml);
    out
}

fn write_key(key: &str, style: Style, flow: bool) -> String {
    Meaning::Text(key.to_owned()).write(style, flow).yaml
}

/// Where a new line can follow after `at`: at the end of the line; after empty lines too, in case
/// they belong to a block scalar that keeps them.
fn line_ends(text: &str, at: usize) -> Vec<usize> {
    let end = line_end(text, at);
    let mut last = end;
    while let Some(next) = Some(next_line(text, last)).filter(|next| *next < text.len()) {
        let line = line_end(text, next);
        if !text[next..line].trim().is_empty() {
            break;
        }
        last = line;
    }
    let mut out = vec![end];
    if last != end {
        out.push(last);
    }
    out
}

/// Whether a node is null by a word, not by absence.
fn is_null_word(node: &Node) -> bool {
    node.as_mapping().is_none() && node.as_sequence().is_none() && !node.span().text().is_empty()
}
