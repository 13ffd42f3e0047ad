//! Maps from text to values.

use super::Value;
use crate::env::Env;
use std::collections::{BTreeMap, btree_map};

/// A map from text to values, ordered by key.
///
/// Go, and therefore the original program, tells maps of anything from maps of strings: reading an
/// absent key gives nil for the former, the empty string for the latter. The environment is a map
/// of strings, so that `env.NAME == ""` holds for an unset variable. [`Map::strings`] makes one.
#[derive(Clone, Debug, Default)]
pub struct Map {
    entries: BTreeMap<String, Value>,
    strings: bool,
}

impl Map {
    /// An empty map; absent keys read as nil.
    pub fn new() -> Self {
        Self::default()
    }

    /// A map of strings; absent keys read as the empty string.
    pub fn strings<K: Into<String>, V: Into<String>>(
        entries: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let entries = entries
            .into_iter()
            .map(|(key, value)| (key.into(), Value::Str(value.into())));
        Self {
            entries: entries.collect(),
            strings: true,
        }
    }

    /// The value of `key`, if it is there.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.get(key)
    }

    /// What reading an absent key gives: nil, or the empty string in a map of strings.
    pub fn absent(&self) -> Value {
        if self.strings {
            Value::Str(String::new())
        } else {
            Value::Null
        }
    }

    /// Whether `key` is there.
    pub fn contains_key(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Sets `key`; the former value is returned. A value other than a string turns a map of strings
    /// into a map of anything.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        let value = value.into();
        self.strings &= matches!(value, Value::Str(_));
        self.entries.insert(key.into(), value)
    }

    /// Removes `key`.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.entries.remove(key)
    }

    /// The entries of a map of strings, by key.
    pub(crate) fn texts(&self) -> Option<impl Iterator<Item = (String, String)>> {
        self.strings.then(|| {
            self.entries
                .iter()
                .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        })
    }

    /// The entries, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries
            .iter()
            .map(|(key, value)| (key.as_str(), value))
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// Maps are equal when their entries are.
impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let entries = entries
            .into_iter()
            .map(|(key, value)| (key.into(), value.into()));
        Self {
            entries: entries.collect(),
            strings: false,
        }
    }
}

impl IntoIterator for Map {
    type Item = (String, Value);
    type IntoIter = btree_map::IntoIter<String, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

/// The variables as a map of strings.
impl From<&Env> for Map {
    fn from(env: &Env) -> Self {
        Self::strings(env.iter().map(|(name, var)| (name, var.value.as_str())))
    }
}
