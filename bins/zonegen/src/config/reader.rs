//! YAML nodes to values, with everything that does not fit.

use std::fmt::Display;
use std::str::FromStr;

use yaml_tree::{Diagnostic, Node, Resolved, Schema, Span, Spanned, nearest};

/// Reads nodes and remembers what is wrong with them.
pub(super) struct Reader {
    pub(super) found: Vec<Diagnostic>,
}

/// An entry of a mapping.
pub(super) struct Entry<'n> {
    pub(super) key: String,
    pub(super) span: Span,
    pub(super) value: &'n Node,
}

impl Reader {
    /// Notes that a value does not fit.
    pub(super) fn bad(&mut self, node: &Node, message: impl Into<String>) {
        self.bad_at(node.site().clone(), message);
    }

    pub(super) fn bad_at(&mut self, span: Span, message: impl Into<String>) {
        self.found
            .push(Diagnostic::error("zonegen::bad-value", message).primary(span, ""));
    }

    /// The entries of a mapping, whose keys are among `known`; any keys if that is empty.
    pub(super) fn entries<'n>(&mut self, node: &'n Node, known: &[&str]) -> Vec<Entry<'n>> {
        let Some(mapping) = node.as_mapping() else {
            if !node.is_null(Schema::Go) {
                self.bad(
                    node,
                    format!("expected a mapping, found {}", node.kind_name(Schema::Go)),
                );
            }
            return Vec::new();
        };
        let mut entries = Vec::new();
        for entry in mapping.entries() {
            let Some(key) = entry.key.as_text() else {
                self.bad(&entry.key, "expected a text as the key");
                continue;
            };
            let span = entry.key.span().clone();
            if !known.is_empty() && !known.contains(&key) {
                let found =
                    Diagnostic::error("zonegen::unknown-key", format!("there is no `{key}` here"))
                        .primary(span.clone(), "");
                self.found.push(match nearest(key, known.iter().copied()) {
                    Some(near) => found.fix(format!("did you mean `{near}`?"), span, near),
                    None => found.help(format!("known are `{}`", known.join("`, `"))),
                });
                continue;
            }
            entries.push(Entry {
                key: key.to_owned(),
                span,
                value: &entry.value,
            });
        }
        entries
    }

    /// A scalar as text.
    pub(super) fn text(&mut self, node: &Node) -> Option<Spanned<String>> {
        let text = self.borrowed(node)?.to_owned();
        Some(Spanned::new(text, node.site().clone()))
    }

    /// A scalar as the text in the node.
    pub(super) fn borrowed<'n>(&mut self, node: &'n Node) -> Option<&'n str> {
        match node.as_text() {
            Some(text) if !node.is_null(Schema::Go) => Some(text),
            _ => {
                self.bad(
                    node,
                    format!("expected a text, found {}", node.kind_name(Schema::Go)),
                );
                None
            }
        }
    }

    /// A scalar as a value of a type.
    pub(super) fn parsed<T>(&mut self, node: &Node, what: &str) -> Option<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        let text = self.text(node)?;
        match text.value.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.bad(node, format!("expected {what}: {error}"));
                None
            }
        }
    }

    pub(super) fn boolean(&mut self, node: &Node) -> Option<bool> {
        match node.resolve(Schema::Go) {
            Some(Resolved::Bool(value)) => Some(value),
            _ => {
                self.bad(
                    node,
                    format!(
                        "expected true or false, found {}",
                        node.kind_name(Schema::Go)
                    ),
                );
                None
            }
        }
    }

    /// One of several words.
    pub(super) fn choice<T: Copy>(&mut self, node: &Node, known: &[(&str, T)]) -> Option<T> {
        let text = self.text(node)?;
        let found = known.iter().find(|(word, _)| *word == text.value);
        if found.is_none() {
            let words: Vec<_> = known.iter().map(|(word, _)| format!("`{word}`")).collect();
            self.bad(node, format!("expected one of {}", words.join(", ")));
        }
        found.map(|(_, value)| *value)
    }

    /// The items of a sequence; a scalar is one item.
    pub(super) fn items<'n>(&mut self, node: &'n Node) -> Vec<&'n Node> {
        match node.as_sequence() {
            Some(items) => items.iter().collect(),
            None if node.as_mapping().is_some() => {
                self.bad(node, "expected a list, found a mapping");
                Vec::new()
            }
            None if node.is_null(Schema::Go) => Vec::new(),
            None => vec![node],
        }
    }

    /// The texts of a list, or one text.
    pub(super) fn texts(&mut self, node: &Node) -> Vec<Spanned<String>> {
        let items = self.items(node);
        items
            .into_iter()
            .filter_map(|item| self.text(item))
            .collect()
    }

    /// The values of a list, or one value.
    pub(super) fn all<T>(&mut self, node: &Node, what: &str) -> Vec<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        let items = self.items(node);
        items
            .into_iter()
            .filter_map(|item| self.parsed(item, what))
            .collect()
    }
}
