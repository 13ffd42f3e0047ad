//! The tree: nodes that know where they were written.

use std::sync::Arc;

use crate::{Resolved, Schema, Span};

/// A value in a YAML document, with its place.
///
/// Aliases are followed: a node reached through `*name` has the content and [`span`](Self::span)
/// of the anchored node and says in [`alias`](Self::alias) where the alias stands. Cloning is
/// cheap (shared pointers).
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub(crate) span: Span,
    pub(crate) content: Content,
    /// What few nodes have, apart so that the others stay small.
    pub(crate) marks: Option<Box<Marks>>,
}

/// What can stand in front of a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Marks {
    pub(crate) tag: Option<Arc<str>>,
    pub(crate) anchor: Option<Anchor>,
    pub(crate) alias: Option<Span>,
}

/// What a [`Node`] holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A scalar: text in one of the five styles.
    Scalar(Scalar),
    /// A sequence.
    Sequence(Arc<[Node]>),
    /// A mapping.
    Mapping(Arc<Mapping>),
}

/// The text of a scalar and how it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// The text after unescaping and folding; for a plain scalar the characters as written.
    pub text: Arc<str>,
    /// How it was written.
    pub style: Style,
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// The identity of an anchor (`&name`): unique within one parse.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Anchor {
    /// Number, unique within one parse; the same for the anchored node and everything that
    /// reaches it by an alias.
    pub id: usize,
}

/// A mapping: entries in the order of the text, those of merge keys (`<<`) after the explicit
/// ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    pub(crate) entries: Vec<Entry>,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Entry {
    /// The key.
    pub key: Node,
    /// The value.
    pub value: Node,
    /// Where the `<<` stands that brought this entry in; `None` for an entry written here.
    pub merged: Option<Span>,
}

impl Node {
    /// Notes that the node was reached through the alias at `place`.
    pub(crate) fn set_alias(&mut self, place: Span) {
        self.marks.get_or_insert_default().alias = Some(place);
    }

    /// Where the node is written: the text of a scalar with its quotes, a sequence or mapping
    /// from its first to its last entry. Tags and anchors are not part of it.
    pub fn span(&self) -> &Span {
        &self.span
    }

    /// Where the alias stands through which this node was reached.
    pub fn alias(&self) -> Option<&Span> {
        self.marks.as_ref()?.alias.as_ref()
    }

    /// The place to show a person: where the alias stands if there is one, else the node.
    pub fn site(&self) -> &Span {
        self.alias().unwrap_or(&self.span)
    }

    /// The tag: `!name` for local tags, `!!name` for the core ones, else the whole URI.
    pub fn tag(&self) -> Option<&str> {
        self.marks.as_ref()?.tag.as_deref()
    }

    /// The anchor on this node.
    pub fn anchor(&self) -> Option<&Anchor> {
        self.marks.as_ref()?.anchor.as_ref()
    }

    /// What the node holds.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// The scalar, if it is one.
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.content {
            Content::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text of a scalar, whatever its type would be.
    pub fn as_text(&self) -> Option<&str> {
        self.as_scalar().map(|scalar| &*scalar.text)
    }

    /// The items, if it is a sequence.
    pub fn as_sequence(&self) -> Option<&[Self]> {
        match &self.content {
            Content::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The mapping, if it is one.
    pub fn as_mapping(&self) -> Option<&Mapping> {
        match &self.content {
            Content::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// The value under `key`, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_mapping()?.get(key)
    }

    /// What a scalar means under `schema`, its tag taken into account; `None` for sequences and
    /// mappings.
    pub fn resolve(&self, schema: Schema) -> Option<Resolved<'_>> {
        self.as_scalar()
            .map(|scalar| schema.resolve(scalar, self.tag()))
    }

    /// Whether the node is a null scalar under `schema`.
    pub fn is_null(&self, schema: Schema) -> bool {
        matches!(self.resolve(schema), Some(Resolved::Null))
    }

    /// "a mapping", "a sequence", "a string", ...: for messages.
    pub fn kind_name(&self, schema: Schema) -> &'static str {
        match (&self.content, self.resolve(schema)) {
            (Content::Sequence(_), _) => "a sequence",
            (Content::Mapping(_), _) => "a mapping",
            (_, Some(resolved)) => resolved.kind_name(),
            (Content::Scalar(_), None) => "a scalar",
        }
    }
}

impl Mapping {
    /// The entries in order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The value under the scalar key `key`.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry under the scalar key `key`.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries
            .iter()
            .find(|entry| entry.key.as_text() == Some(key))
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
