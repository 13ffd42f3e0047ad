//! From a YAML document to the tree that is merged.

use std::sync::Arc;

use yaml_tree::{Content, Diagnostic, Entry, Node, Schema, Source, Span};

mod tagged;

use tagged::is_merge;

use crate::path::Path;
use crate::side_by_side::{MANY, in_parts};
use crate::value::{Data, Map, Value};

/// The scalar rules of Compose.
pub(crate) const SCHEMA: Schema = Schema::Go;

/// A document with the places that are taken out of what came before it.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) root: Value,
    /// Paths tagged `!reset` or `!override`: dropped from the earlier model before this document
    /// is merged onto it.
    pub(crate) replaced: Vec<Vec<String>>,
}

/// Turns the root node of a document into values.
pub(crate) fn read(root: &Node, found: &mut Vec<Diagnostic>) -> Option<Document> {
    let mut reader = Reader::default();
    let value = reader.value(root, &Path::ROOT);
    found.append(&mut reader.found);
    let (value, replaced) = (value?, reader.replaced);
    match value.data {
        Data::Map(_) => Some(Document {
            root: value,
            replaced,
        }),
        _ => {
            let message = "the top level of a Compose file must be a mapping";
            found.push(Diagnostic::error("compose::top-level", message).primary(
                first_line(root.span()),
                format!("found {}", root.kind_name(SCHEMA)),
            ));
            None
        }
    }
}

#[derive(Default)]
struct Reader {
    found: Vec<Diagnostic>,
    replaced: Vec<Vec<String>>,
}

impl Reader {
    /// The value of a node; `None` if it is tagged `!reset`.
    fn value(&mut self, node: &Node, path: &Path<'_>) -> Option<Value> {
        match node.tag() {
            Some("!reset") => {
                self.replaced.push(path.texts());
                return None;
            }
            Some("!override") => self.replaced.push(path.texts()),
            _ => {}
        }
        let data = match node.content() {
            // What a merge key would be is nothing as a value.
            Content::Scalar(_) if is_merge(node) => return None,
            Content::Scalar(_) => self.scalar(node),
            Content::Sequence(items) => {
                let mut list = Vec::with_capacity(items.len());
                for (at, item) in items.iter().enumerate() {
                    list.extend(self.value(item, &path.item(at)));
                }
                Data::List(list)
            }
            Content::Mapping(mapping) => {
                let mut map = Map::with_capacity(mapping.len());
                if mapping.len() < MANY {
                    self.entries(mapping.entries(), path, |key, value| map.append(key, value));
                } else {
                    let parts = in_parts(mapping.entries(), |entries| {
                        let mut reader = Self::default();
                        let mut read = Vec::with_capacity(entries.len());
                        reader.entries(entries, path, |key, value| read.push((key, value)));
                        (reader, read)
                    });
                    for (reader, read) in parts {
                        self.found.extend(reader.found);
                        self.replaced.extend(reader.replaced);
                        for (key, value) in read {
                            map.append(key, value);
                        }
                    }
                }
                Data::Map(map)
            }
        };
        Some(Value {
            data,
            span: Some(node.site().clone()),
            key: None,
            template: None,
        })
    }

    /// Reads the entries of the mapping at `path`; each key comes once, as in YAML.
    fn entries(
        &mut self,
        entries: &[Entry],
        path: &Path<'_>,
        mut add: impl FnMut(Arc<str>, Value),
    ) {
        for entry in entries {
            let Some(key) = self.key(&entry.key, path) else {
                continue;
            };
            if let Some(mut value) = self.value(&entry.value, &path.key(&key)) {
                value.key = Some(entry.key.site().clone());
                add(key, value);
            }
        }
    }

    fn scalar(&mut self, node: &Node) -> Data {
        match tagged::scalar(node) {
            Ok(data) => data,
            Err(message) => {
                let found = Diagnostic::error("compose::tag", message);
                self.found.push(found.primary(first_line(node.span()), ""));
                Data::Null
            }
        }
    }

    /// The key of an entry of the mapping at `path`.
    fn key(&mut self, node: &Node, path: &Path<'_>) -> Option<Arc<str>> {
        if node.as_scalar().is_some()
            && let Data::Str(text) = self.scalar(node)
        {
            return Some(text);
        }
        let text = node.as_text().map(str::to_owned);
        let texts = path.texts();
        let place = if texts.is_empty() {
            "the top level".to_owned()
        } else {
            texts.join(".")
        };
        let shown = text.unwrap_or_else(|| node.kind_name(SCHEMA).to_owned());
        let mut found = Diagnostic::error(
            "compose::non-string-key",
            format!("non-string key in {place}: {shown}"),
        )
        .primary(first_line(node.span()), node.kind_name(SCHEMA));
        if node.as_text().is_some() {
            found = found.fix("quote it", node.span().clone(), format!("\"{shown}\""));
        }
        self.found.push(found);
        None
    }
}

/// What is wrong with the `%YAML` directive at the start of a file: Go's library knows 1.1 alone.
pub(crate) fn directive(source: &Source) -> Option<Diagnostic> {
    let mut start = 0;
    for line in source.text().split_inclusive('\n') {
        let text = line.trim();
        if let Some(version) = text.strip_prefix("%YAML") {
            let version = version.split('#').next().unwrap_or_default().trim();
            return (version != "1.1").then(|| {
                let message = format!("YAML {version} is not supported, only 1.1 is");
                Diagnostic::error("compose::directive", message)
                    .primary(source.span(start, start + text.len()), "")
                    .help("leave the line out")
            });
        }
        if !text.is_empty() && !text.starts_with(['#', '%']) {
            return None;
        }
        start += line.len();
    }
    None
}

/// The part of a range on its first line, so that a report does not show a whole block.
pub(crate) fn first_line(span: &Span) -> Span {
    let length = span.text().find(['\n', '\r']).unwrap_or(span.text().len());
    span.slice(0, length)
}
