//! Which keys are the same.

use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, RandomState};
use std::hash::{BuildHasher as _, Hash as _, Hasher as _};
use std::sync::Arc;

use crate::{Content, Entry, Node};

/// Up to so many entries, looking at each is faster than hashing.
const SMALL: usize = 24;

/// Finds entries by key.
///
/// Scalars are the same key when their text is, whatever their style, tag or type (`1` and `"1"`
/// are one key), as in Go's YAML library; collections when they hold the same in the same order.
#[derive(Default)]
pub(crate) struct Keys {
    index: Option<Box<Index>>,
}

#[derive(Default)]
struct Index {
    /// How many entries are in the index.
    known: usize,
    scalars: HashMap<Arc<str>, usize>,
    collections: HashMap<u64, Vec<usize>>,
    state: RandomState,
}

impl Keys {
    /// The number of the first of `entries` whose key is `key`.
    ///
    /// `entries` must be the vector of the earlier calls with entries appended.
    pub(crate) fn find(&mut self, entries: &[Entry], key: &Node) -> Option<usize> {
        if entries.len() <= SMALL {
            return entries.iter().position(|entry| same(&entry.key, key));
        }
        let index = self.index.get_or_insert_default();
        index.learn(entries);
        if let Content::Scalar(scalar) = &key.content {
            return index.scalars.get(&scalar.text).copied();
        }
        let hash = index.hash(key);
        let mut candidates = index.collections.get(&hash)?.iter().copied();
        candidates.find(|at| same(&entries[*at].key, key))
    }
}

impl Index {
    fn learn(&mut self, entries: &[Entry]) {
        for (at, entry) in entries.iter().enumerate().skip(self.known) {
            if let Content::Scalar(scalar) = &entry.key.content {
                self.scalars.entry(Arc::clone(&scalar.text)).or_insert(at);
            } else {
                let hash = self.hash(&entry.key);
                self.collections.entry(hash).or_default().push(at);
            }
        }
        self.known = entries.len();
    }

    fn hash(&self, key: &Node) -> u64 {
        let mut hasher = self.state.build_hasher();
        hash(key, &mut hasher);
        hasher.finish()
    }
}

fn hash(node: &Node, hasher: &mut DefaultHasher) {
    match &node.content {
        Content::Scalar(scalar) => (0, &scalar.text).hash(hasher),
        Content::Sequence(items) => {
            (1, items.len()).hash(hasher);
            items.iter().for_each(|item| hash(item, hasher));
        }
        Content::Mapping(mapping) => {
            (2, mapping.len()).hash(hasher);
            for entry in mapping.entries() {
                hash(&entry.key, hasher);
                hash(&entry.value, hasher);
            }
        }
    }
}

/// Whether two nodes are the same key.
pub(crate) fn same(one: &Node, other: &Node) -> bool {
    match (&one.content, &other.content) {
        (Content::Scalar(one), Content::Scalar(other)) => one.text == other.text,
        (Content::Sequence(one), Content::Sequence(other)) => {
            Arc::ptr_eq(one, other)
                || one.len() == other.len() && one.iter().zip(other.iter()).all(|(a, b)| same(a, b))
        }
        (Content::Mapping(one), Content::Mapping(other)) => {
            Arc::ptr_eq(one, other)
                || one.len() == other.len()
                    && one
                        .entries()
                        .iter()
                        .zip(other.entries())
                        .all(|(a, b)| same(&a.key, &b.key) && same(&a.value, &b.value))
        }
        _ => false,
    }
}
