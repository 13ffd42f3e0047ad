//! From values to typed ones.

mod maps;
mod scalars;

use std::fmt::Write as _;
use std::sync::Arc;

use indexmap::IndexMap;

use super::Sourced;
use crate::shape::{self, Form};
use crate::value::{Data, Value};

pub(super) use scalars::{command, hosts, parsed};

/// Names to values that may be without one, sorted by name.
///
/// In `environment`, one without a value takes that of the project's variables; what is still
/// without one is unset in the container, whatever an `env_file` says.
pub type Environment = IndexMap<String, Sourced<Option<String>>>;

/// Names to texts, sorted by name. A label without a value has an empty one.
pub type Labels = IndexMap<String, Sourced<String>>;

/// What is written under keys that start with `x-`, sorted by key.
pub type Extensions = IndexMap<String, Value>;

/// Something written that the typed model leaves out because it has another shape than its type.
///
/// Usually that is a text with variables in a project loaded without
/// [`interpolate`](crate::Options::interpolate), or a word that Docker Compose passes on unchecked
/// and the engine refuses. An item of a list is left out, and listed, as a whole.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Untyped {
    /// Where it belongs, from what it is an attribute of: `ports[0]`, `deploy.replicas`.
    pub path: String,
    /// What is there.
    pub value: Value,
}

/// Keeps what could not be typed.
#[derive(Debug, Default)]
pub(super) struct Log {
    path: String,
    untyped: Vec<Untyped>,
    /// Whether texts are as they were before interpolation.
    templates: bool,
}

impl Log {
    /// For a project in which variables are put in, or are not.
    pub(super) fn new(interpolated: bool) -> Self {
        Self {
            templates: !interpolated,
            ..Self::default()
        }
    }

    /// `decoded` at the place of `value`.
    fn at<T>(&self, value: &Value, decoded: T) -> Sourced<T> {
        let mut at = Sourced::at(value, decoded);
        if self.templates
            && let Data::Str(text) = &value.data
            && text.contains('$')
        {
            at.template = Some(Arc::clone(text));
        }
        at
    }

    /// Calls `f` for the entry `key` of what is being read.
    pub(super) fn key<R>(&mut self, key: &str, f: impl FnOnce(&mut Self) -> R) -> R {
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(key);
        let result = f(self);
        self.path.truncate(length);
        result
    }

    /// Calls `f` for the item `at` of what is being read.
    pub(super) fn item<R>(&mut self, at: usize, f: impl FnOnce(&mut Self) -> R) -> R {
        let length = self.path.len();
        // Writing to a string does not fail.
        let _infallible = write!(self.path, "[{at}]");
        let result = f(self);
        self.path.truncate(length);
        result
    }

    pub(super) fn leave_out(&mut self, value: &Value) {
        self.untyped.push(Untyped {
            path: self.path.clone(),
            value: value.clone(),
        });
    }

    pub(super) fn into_untyped(self) -> Vec<Untyped> {
        self.untyped
    }
}

/// What a value is read as.
pub(super) trait Decode: Sized {
    /// `None` if it is nothing of the kind.
    fn decode(value: &Value, log: &mut Log) -> Option<Self>;
}

/// What the value of a key is read as, whether it is there or not.
pub(super) trait Attribute: Sized {
    /// `None` if it is required and not there.
    fn attribute(value: Option<&Value>, log: &mut Log) -> Option<Self>;
}

/// A structure with attributes of fixed names.
pub(super) trait Record: Sized {
    /// Whether there is an attribute `key`.
    fn knows(key: &str) -> bool;

    /// The attributes that `value` has; `None` if a required one is missing.
    fn fields(value: &Value, log: &mut Log) -> Option<Self>;
}

/// A structure; null is one in which nothing is written.
pub(super) fn structure<T: Record>(value: &Value, log: &mut Log) -> Option<T> {
    match &value.data {
        Data::Null => {}
        Data::Map(map) => {
            let unknown = |key: &str| !key.starts_with("x-") && !T::knows(key);
            for (key, value) in map.iter().filter(|(key, _)| unknown(key)) {
                log.key(key, |log| log.leave_out(value));
            }
        }
        _ => return None,
    }
    T::fields(value, log)
}

/// The attribute `key` of `parent`.
pub(super) fn attribute<A: Attribute>(parent: &Value, key: &str, log: &mut Log) -> Option<A> {
    match parent.get(key) {
        None => A::attribute(None, log),
        value => log.key(key, |log| A::attribute(value, log)),
    }
}

/// The `x-*` of `parent`.
pub(super) fn extensions(parent: &Value, _key: &str, _log: &mut Log) -> Extensions {
    let entries = parent.as_map().map(|map| shape::sorted(map, Form::Yaml));
    entries
        .into_iter()
        .flatten()
        .filter(|(key, _)| key.starts_with("x-"))
        .map(|(key, value)| (key.to_string(), value.clone()))
        .collect()
}

/// What is filled in later.
pub(super) fn later<T: Default>(_parent: &Value, _key: &str, _log: &mut Log) -> T {
    T::default()
}

/// The name of a resource in the engine; empty if none is written.
pub(super) fn resource_name(parent: &Value, key: &str, log: &mut Log) -> Sourced<String> {
    let written = attribute::<Option<_>>(parent, key, log).flatten();
    written.unwrap_or_else(|| Sourced::new(String::new()))
}

/// A value that is typed or else left out.
pub(super) fn sourced<T: Decode>(value: &Value, log: &mut Log) -> Option<Sourced<T>> {
    let before = log.untyped.len();
    let decoded = T::decode(value, log);
    if decoded.is_none() {
        // Its parts need not be listed beside it.
        log.untyped.truncate(before);
        log.leave_out(value);
    }
    Some(log.at(value, decoded?))
}

/// A value that is typed in all its parts or else left out.
pub(super) fn whole<T: Decode>(value: &Value, log: &mut Log) -> Option<Sourced<T>> {
    let before = log.untyped.len();
    let decoded = sourced(value, log);
    if log.untyped.len() == before {
        return decoded;
    }
    log.untyped.truncate(before);
    log.leave_out(value);
    None
}

/// To Compose, an empty text is the same as none.
fn is_written(value: &Value) -> bool {
    !value.is_null() && value.as_str() != Some("")
}

impl<T: Decode> Attribute for Sourced<T> {
    fn attribute(value: Option<&Value>, log: &mut Log) -> Option<Self> {
        sourced(value.filter(|value| is_written(value))?, log)
    }
}

impl<T: Decode> Attribute for Option<Sourced<T>> {
    fn attribute(value: Option<&Value>, log: &mut Log) -> Option<Self> {
        Some(Sourced::attribute(value, log))
    }
}

/// The items of a list; one value is a list of one.
impl<T: Decode> Attribute for Vec<Sourced<T>> {
    fn attribute(value: Option<&Value>, log: &mut Log) -> Option<Self> {
        Some(match value.map(|value| (value, &value.data)) {
            None | Some((_, Data::Null)) => Self::new(),
            Some((_, Data::List(items))) => {
                let items = items.iter().enumerate();
                items
                    .filter_map(|(at, item)| log.item(at, |log| whole(item, log)))
                    .collect()
            }
            Some((value, _)) => whole(value, log).into_iter().collect(),
        })
    }
}
