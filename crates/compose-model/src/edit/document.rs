//! The documents of a text, and the way to a place in one.

use yaml_tree::{
    Comment, Content, Diagnostic, Node, Options, Resolved, Source, Span, comments, parse,
};

use super::error::EditError;
use super::meaning::Tree;
use crate::document::SCHEMA;

/// A text, read.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) source: Source,
    pub(super) documents: Vec<Document>,
}

/// A document of a text, read twice.
#[derive(Clone, Debug)]
pub(super) struct Document {
    /// As it is written: `<<` is a key like any other.
    pub(super) written: Node,
    /// As it is meant.
    pub(super) meant: Node,
}

/// The way to a node: where it is in the collections around it, from the outermost.
#[derive(Clone, Debug)]
pub(super) struct Spot<'n> {
    pub(super) node: &'n Node,
    pub(super) parents: Vec<(&'n Node, usize)>,
}

/// What there is at a path.
#[derive(Debug)]
pub(super) enum Place<'n> {
    /// It is written here.
    Here(Spot<'n>),
    /// This much of the path is written, and nothing below.
    Missing {
        parent: Spot<'n>,
        depth: usize,
        /// A value that a merge key gives at this path instead, and where the merge key's value
        /// is.
        inherited: Option<(&'n Node, Span)>,
    },
}

impl Text {
    pub(super) fn read(source: &Source) -> Result<Self, EditError> {
        let options = Options::default().schema(SCHEMA);
        let read = |options: &Options| {
            parse(source, options)
                .into_result()
                .map_err(EditError::Unreadable)
        };
        let meant = read(&options)?;
        let written = read(&options.merge_keys(false))?;
        let documents: Vec<Document> = written
            .into_iter()
            .zip(meant)
            .map(|(written, meant)| Document { written, meant })
            .collect();
        for document in &documents {
            check(&document.written)?;
        }
        Ok(Self {
            source: source.clone(),
            documents,
        })
    }

    /// The comments on lines of their own.
    pub(super) fn line_comments(&self) -> Vec<Comment> {
        let mut found = comments(&self.source);
        found.retain(|comment| comment.own_line);
        found
    }

    /// What the documents mean.
    pub(super) fn trees(&self) -> Vec<Tree> {
        self.documents
            .iter()
            .map(|document| Tree::of(&document.meant))
            .collect()
    }

    /// The document in which an edit of `path` belongs: the last of those in which most of the
    /// path exists.
    pub(super) fn document_of(&self, path: &[&str]) -> Option<usize> {
        (0..self.documents.len()).max_by_key(|at| self.documents[*at].depth(path))
    }
}

/// The root must be a mapping, keys must be text.
fn check(root: &Node) -> Result<(), EditError> {
    if root.as_mapping().is_none() && !root.is_null(SCHEMA) {
        let found = Diagnostic::error(
            "compose::top-level",
            "the top level of a Compose file must be a mapping",
        );
        return Err(EditError::Unreadable(vec![
            found.primary(root.span().clone(), ""),
        ]));
    }
    check_keys(root)
}

fn check_keys(node: &Node) -> Result<(), EditError> {
    match node.content() {
        // What stands behind an alias has been seen where it is written.
        _ if node.alias().is_some() => Ok(()),
        Content::Scalar(_) => Ok(()),
        Content::Sequence(items) => items.iter().try_for_each(check_keys),
        Content::Mapping(map) => map.entries().iter().try_for_each(|entry| {
            if entry.key.as_text().is_none() {
                let found = Diagnostic::error("compose::key", "a key must be text");
                return Err(EditError::Unreadable(vec![
                    found.primary(entry.key.span().clone(), ""),
                ]));
            }
            check_keys(&entry.value)
        }),
    }
}

impl Document {
    /// What is meant at `path`.
    pub(super) fn get(&self, path: &[&str]) -> Option<&Node> {
        path.iter()
            .try_fold(&self.meant, |node, step| child(node, step))
    }

    fn depth(&self, path: &[&str]) -> usize {
        let mut node = &self.meant;
        for (depth, step) in path.iter().enumerate() {
            match child(node, step) {
                Some(child) => node = child,
                None => return depth,
            }
        }
        path.len()
    }

    /// Follows `path` through what is written.
    pub(super) fn find(&self, path: &[&str]) -> Result<Place<'_>, EditError> {
        let mut meant = Some(&self.meant);
        let mut spot = Spot {
            node: &self.written,
            parents: Vec::new(),
        };
        for (depth, step) in path.iter().enumerate() {
            let here = || path[..depth].join(".");
            if let Some(alias) = spot.node.alias() {
                return Err(behind_alias(path, alias));
            }
            if let Some(tag @ "!reset") = spot.node.tag() {
                return Err(tagged(here(), tag, spot.node));
            }
            meant = meant.and_then(|node| child(node, step));
            let index = match spot.node.content() {
                Content::Mapping(map) => {
                    let entries = map.entries();
                    entries
                        .iter()
                        .position(|entry| entry.key.as_text() == Some(step))
                }
                Content::Sequence(items) => {
                    let index = step.parse().ok().filter(|at: &usize| *at < items.len());
                    if index.is_none() {
                        return Err(EditError::NotFound {
                            path: path.join("."),
                        });
                    }
                    index
                }
                Content::Scalar(_) if spot.node.is_null(SCHEMA) => None,
                Content::Scalar(_) => {
                    return Err(EditError::WrongKind {
                        path: here(),
                        found: spot.node.kind_name(SCHEMA),
                        wanted: "a mapping",
                        span: spot.node.site().clone(),
                    });
                }
            };
            let Some(index) = index else {
                let inherited = meant.map(|node| (node, merge_site(spot.node)));
                if let (Some((_, span)), true) = (&inherited, depth + 1 < path.len()) {
                    return Err(EditError::Inherited {
                        path: path[..=depth].join("."),
                        span: span.clone(),
                    });
                }
                return Ok(Place::Missing {
                    parent: spot,
                    depth,
                    inherited,
                });
            };
            let Some(node) = nth(spot.node, index) else {
                return Err(EditError::NotFound {
                    path: path.join("."),
                });
            };
            spot.parents.push((spot.node, index));
            spot.node = node;
        }
        Ok(Place::Here(spot))
    }
}

/// The error about a value that is written elsewhere.
pub(super) fn behind_alias(path: &[&str], alias: &Span) -> EditError {
    EditError::Shared {
        path: path.join("."),
        elsewhere: format!("what `{}` stands for", alias.text()),
        span: alias.clone(),
    }
}

/// The error about a tag.
pub(super) fn tagged(path: String, tag: &str, node: &Node) -> EditError {
    EditError::Tagged {
        path,
        tag: tag.to_owned(),
        span: node.site().clone(),
    }
}

/// The value or item under a step of a path.
fn child<'n>(node: &'n Node, step: &str) -> Option<&'n Node> {
    match node.content() {
        Content::Mapping(map) => map.get(step),
        Content::Sequence(items) => items.get(step.parse::<usize>().ok()?),
        Content::Scalar(_) => None,
    }
}

/// The value or item with a number.
pub(super) fn nth(node: &Node, index: usize) -> Option<&Node> {
    match node.content() {
        Content::Mapping(map) => map.entries().get(index).map(|entry| &entry.value),
        Content::Sequence(items) => items.get(index),
        Content::Scalar(_) => None,
    }
}

/// Where the value of the merge key of a mapping stands.
pub(super) fn merge_site(mapping: &Node) -> Span {
    mapping.get("<<").unwrap_or(mapping).site().clone()
}

/// Whether a merge key of a mapping, as written, has `key`.
pub(super) fn merges(mapping: &Node, key: &str) -> bool {
    fn has(value: &Node, key: &str) -> bool {
        match value.content() {
            Content::Mapping(map) => map.get(key).is_some() || merges(value, key),
            Content::Sequence(items) => items.iter().any(|item| has(item, key)),
            Content::Scalar(_) => false,
        }
    }
    mapping.get("<<").is_some_and(|value| has(value, key))
}

/// The text of a scalar and what it means.
pub(super) fn scalar(node: &Node) -> Option<(&str, Resolved<'_>)> {
    Some((node.as_text()?, node.resolve(SCHEMA)?))
}
