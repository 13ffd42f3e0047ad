//! What a text means as a whole, to compare before and after an edit.

use std::sync::Arc;

use indexmap::IndexMap;
use yaml_tree::{Content, Node, Resolved};

use super::scalar::Written;
use crate::document::SCHEMA;

/// A document without its layout: merge keys and aliases followed, scalars by kind and text.
///
/// The order of keys does not count; edits never move any.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tree {
    tag: Option<Arc<str>>,
    data: Data,
}

#[derive(Clone, Debug, PartialEq)]
enum Data {
    Scalar(&'static str, Arc<str>),
    List(Vec<Tree>),
    Map(IndexMap<Arc<str>, Tree>),
}

impl Tree {
    /// The tree of a node.
    pub(super) fn of(node: &Node) -> Self {
        let data = match node.content() {
            Content::Scalar(scalar) => {
                let kind = node.resolve(SCHEMA).unwrap_or(Resolved::Null).kind_name();
                // `~` and nothing are the same.
                let text = if kind == Resolved::Null.kind_name() {
                    "".into()
                } else {
                    scalar.text.clone()
                };
                Data::Scalar(kind, text)
            }
            Content::Sequence(items) => Data::List(items.iter().map(Self::of).collect()),
            Content::Mapping(map) => Data::Map(
                map.entries()
                    .iter()
                    .map(|entry| {
                        (
                            entry.key.as_text().unwrap_or_default().into(),
                            Self::of(&entry.value),
                        )
                    })
                    .collect(),
            ),
        };
        Self {
            tag: node.tag().map(Arc::from),
            data,
        }
    }

    /// Null.
    pub(super) fn null() -> Self {
        Self {
            tag: None,
            data: Data::Scalar(Resolved::Null.kind_name(), "".into()),
        }
    }

    /// The tree of a scalar to be written.
    pub(super) fn scalar(written: &Written) -> Self {
        if written.kind == Resolved::Null.kind_name() {
            return Self::null();
        }
        Self {
            tag: None,
            data: Data::Scalar(written.kind, written.text.as_str().into()),
        }
    }

    fn is_null(&self) -> bool {
        matches!(self.data, Data::Scalar(kind, _) if kind == Resolved::Null.kind_name())
    }

    /// What is at `path`.
    pub(super) fn get(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |tree, step| match &tree.data {
            Data::Map(map) => map.get(*step),
            Data::List(items) => items.get(step.parse::<usize>().ok()?),
            Data::Scalar(..) => None,
        })
    }

    fn get_mut(&mut self, path: &[&str]) -> Option<&mut Self> {
        path.iter()
            .try_fold(self, |tree, step| match &mut tree.data {
                Data::Map(map) => map.get_mut(*step),
                Data::List(items) => items.get_mut(step.parse::<usize>().ok()?),
                Data::Scalar(..) => None,
            })
    }

    /// Puts `value` at `path`, with mappings on the way where nothing or null is.
    pub(super) fn set(&mut self, path: &[&str], value: Self) {
        let [step, rest @ ..] = path else {
            *self = value;
            return;
        };
        if self.is_null() {
            self.data = Data::Map(IndexMap::new());
        }
        match &mut self.data {
            Data::Map(map) => map
                .entry((*step).into())
                .or_insert_with(Self::null)
                .set(rest, value),
            Data::List(items) => {
                if let Some(item) = step.parse().ok().and_then(|at: usize| items.get_mut(at)) {
                    item.set(rest, value);
                }
            }
            Data::Scalar(..) => {}
        }
    }

    /// Adds `value` to the list at `path`.
    pub(super) fn push(&mut self, path: &[&str], value: Self) {
        if let Some(Data::List(items)) = self.get_mut(path).map(|tree| &mut tree.data) {
            items.push(value);
        }
    }

    /// Takes out what is at `path`.
    pub(super) fn remove(&mut self, path: &[&str]) {
        let Some((last, parents)) = path.split_last() else {
            return;
        };
        match self.get_mut(parents).map(|tree| &mut tree.data) {
            Some(Data::Map(map)) => {
                map.shift_remove(*last);
            }
            Some(Data::List(items)) => {
                if let Some(at) = last.parse().ok().filter(|at: &usize| *at < items.len()) {
                    items.remove(at);
                }
            }
            _ => {}
        }
    }

    /// The path of the first difference, with dots.
    pub(super) fn difference(&self, other: &Self) -> Option<String> {
        if self == other {
            return None;
        }
        let mut path = Vec::new();
        self.descend(other, &mut path);
        Some(path.join("."))
    }

    fn descend(&self, other: &Self, path: &mut Vec<String>) {
        match (&self.data, &other.data) {
            (Data::Map(ours), Data::Map(theirs)) => {
                for (key, value) in ours {
                    let found = theirs.get(key);
                    if found != Some(value) {
                        path.push(key.to_string());
                        if let Some(found) = found {
                            value.descend(found, path);
                        }
                        return;
                    }
                }
                path.extend(
                    theirs
                        .keys()
                        .find(|key| !ours.contains_key(*key))
                        .map(ToString::to_string),
                );
            }
            (Data::List(ours), Data::List(theirs)) => {
                let pairs = ours.iter().zip(theirs);
                if let Some((at, (value, found))) =
                    pairs.enumerate().find(|(_, (value, found))| value != found)
                {
                    path.push(at.to_string());
                    value.descend(found, path);
                }
            }
            _ => {}
        }
    }
}
