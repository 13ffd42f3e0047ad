//! From values to typed ones.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use indexmap::IndexMap;

use super::Sourced;
use crate::grammar::{ByteSize, Duration, FileMode, ImageReference};
use crate::shape::{self, Form};
use crate::text::display;
use crate::value::{Data, Map, Value};

/// Names to values that may be without one, sorted by name.
pub type Environment = IndexMap<String, Sourced<Option<String>>>;

/// Names to texts, sorted by name.
pub type Labels = IndexMap<String, Sourced<String>>;

/// What is written under keys that start with `x-`, sorted by key.
pub type Extensions = IndexMap<String, Value>;

/// An attribute that the typed model leaves out because it has another shape than its type has:
/// usually a text with variables in a project loaded without
/// [`interpolate`](crate::Options::interpolate).
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
}

impl Log {
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

    /// What `f` gives; nothing if it would be without a part that could not be typed.
    pub(super) fn whole<R>(&mut self, f: impl FnOnce(&mut Self) -> Option<R>) -> Option<R> {
        let before = self.untyped.len();
        let result = f(self);
        if self.untyped.len() == before {
            return result;
        }
        self.untyped.truncate(before);
        None
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
    fn attribute(value: Option<&Value>, log: &mut Log) -> Self;
}

/// The attribute `key` of `parent`.
pub(super) fn attribute<A: Attribute>(parent: &Value, key: &str, log: &mut Log) -> A {
    match parent.get(key) {
        None => A::attribute(None, log),
        value => log.key(key, |log| A::attribute(value, log)),
    }
}

/// `parent` itself as a structure: attributes that several structures share.
pub(super) fn flattened<T: Decode + Default>(parent: &Value, _key: &str, log: &mut Log) -> T {
    T::decode(parent, log).unwrap_or_default()
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

/// A value that is typed or else left out.
pub(super) fn sourced<T: Decode>(value: &Value, log: &mut Log) -> Option<Sourced<T>> {
    let decoded = T::decode(value, log);
    if decoded.is_none() {
        log.leave_out(value);
    }
    Some(Sourced::at(value, decoded?))
}

impl<T: Decode> Attribute for Option<Sourced<T>> {
    fn attribute(value: Option<&Value>, log: &mut Log) -> Self {
        // To Compose, an empty text is the same as none.
        let value = value.filter(|value| !value.is_null() && value.as_str() != Some(""))?;
        sourced(value, log)
    }
}

impl<T: Decode> Attribute for Vec<Sourced<T>> {
    fn attribute(value: Option<&Value>, log: &mut Log) -> Self {
        items(value, log, sourced)
    }
}

/// The items of a list; one value is a list of one.
pub(super) fn items<T>(
    value: Option<&Value>,
    log: &mut Log,
    read: impl Fn(&Value, &mut Log) -> Option<T>,
) -> Vec<T> {
    let Some(value) = value else {
        return Vec::new();
    };
    match &value.data {
        Data::Null => Vec::new(),
        Data::List(items) => {
            let items = items.iter().enumerate();
            items
                .filter_map(|(at, item)| log.item(at, |log| read(item, log)))
                .collect()
        }
        _ => read(value, log).into_iter().collect(),
    }
}

impl<T: Decode> Attribute for IndexMap<String, Sourced<T>> {
    fn attribute(value: Option<&Value>, log: &mut Log) -> Self {
        let Some(value) = value else {
            return Self::new();
        };
        let listed;
        let map = match &value.data {
            Data::Map(map) => map,
            Data::List(items) => {
                listed = pairs(items);
                &listed
            }
            Data::Null => return Self::new(),
            _ => {
                log.leave_out(value);
                return Self::new();
            }
        };
        let entries = shape::sorted(map, Form::Yaml).into_iter();
        let decoded = entries.filter_map(|(key, value)| {
            let mut entry = log.key(key, |log| sourced(value, log))?;
            if entry.template.is_some() && !matches!(value.data, Data::Map(_) | Data::List(_)) {
                entry.template = template_of_pair(key, value);
            }
            Some((key.to_string(), entry))
        });
        decoded.collect()
    }
}

/// `KEY[=VALUE]` items as a mapping.
fn pairs(items: &[Value]) -> Map {
    let pair = |item: &Value| {
        let text = display(item);
        match text.split_once('=') {
            Some((key, text)) => (key.to_owned(), item.with(text)),
            None => (text.to_string(), item.with(Data::Null)),
        }
    };
    items.iter().map(pair).collect()
}

/// The template of the value alone, where the value was part of `KEY=VALUE` on its way.
fn template_of_pair(key: &str, value: &Value) -> Option<std::sync::Arc<str>> {
    let template = value.template.as_ref()?;
    let prefix = |text: &str| text.strip_prefix(key)?.strip_prefix('=').map(str::to_owned);
    if value
        .as_str()
        .is_some_and(|text| prefix(text).is_none())
        && let Some(rest) = prefix(template)
    {
        return rest.contains('$').then(|| rest.into());
    }
    // Without a key in front and without `=`, the place is that of the name of an env file, and
    // the variables are in that name.
    let named_file = value.key.is_none() && !template.contains('=');
    (!named_file).then(|| template.clone())
}

impl Decode for String {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        match value.data {
            Data::Map(_) | Data::List(_) => None,
            _ => Some(display(value).into_owned()),
        }
    }
}

impl Decode for Option<String> {
    fn decode(value: &Value, log: &mut Log) -> Option<Self> {
        if value.is_null() {
            return Some(None);
        }
        String::decode(value, log).map(Some)
    }
}

impl Decode for Vec<String> {
    fn decode(value: &Value, log: &mut Log) -> Option<Self> {
        match &value.data {
            Data::List(items) => items.iter().map(|item| String::decode(item, log)).collect(),
            _ => Some(vec![String::decode(value, log)?]),
        }
    }
}

impl Decode for bool {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        shape::truth(value)
    }
}

impl Decode for i64 {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        shape::integer(value)
    }
}

impl Decode for u64 {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        shape::unsigned(value)?.try_into().ok()
    }
}

impl Decode for u32 {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        shape::unsigned(value)?.try_into().ok()
    }
}

impl Decode for u16 {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        shape::unsigned(value)?.try_into().ok()
    }
}

impl Decode for f64 {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        match &value.data {
            #[expect(clippy::cast_precision_loss, reason = "a number of processors or a ratio")]
            Data::Int(number) => Some(*number as Self),
            Data::Float(number) => Some(*number),
            Data::Str(text) => text.parse().ok(),
            _ => None,
        }
    }
}

impl Decode for ByteSize {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        shape::bytes(value).map(Self::new)
    }
}

impl Decode for FileMode {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        match &value.data {
            Data::Int(bits) => Some(Self::new(*bits)),
            _ => parsed(value),
        }
    }
}

/// Types that are read by their `FromStr`.
macro_rules! by_text {
    ($($type:ty),*) => {$(
        impl Decode for $type {
            fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
                parsed(value)
            }
        }
    )*};
}

by_text!(Duration, ImageReference, IpAddr, Ipv4Addr, Ipv6Addr);

pub(super) fn parsed<T: FromStr>(value: &Value) -> Option<T> {
    match value.data {
        Data::Map(_) | Data::List(_) | Data::Null => None,
        _ => display(value).parse().ok(),
    }
}

/// A structure whose attributes are read by their names, or by the text in parentheses behind the
/// name, as their type says, or by the function behind `=`.
macro_rules! record {
    (
        $(#[$meta:meta])*
        $name:ident {
            $($(#[$of_field:meta])* $field:ident $(($key:literal))?: $type:ty $(= $read:path)?,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$of_field])* pub $field: $type,)*
        }

        impl $crate::model::decode::Decode for $name {
            fn decode(
                value: &$crate::value::Value,
                log: &mut $crate::model::decode::Log,
            ) -> Option<Self> {
                use $crate::value::Data;
                if !matches!(value.data, Data::Map(_) | Data::Null) {
                    return None;
                }
                Some(Self {
                    $($field: record!(@read value, log, $field, ($($key)?), ($($read)?)),)*
                })
            }
        }
    };
    (@read $value:ident, $log:ident, $field:ident, ($($key:literal)?), ()) => {
        $crate::model::decode::attribute($value, record!(@key $field $($key)?), $log)
    };
    (@read $value:ident, $log:ident, $field:ident, ($($key:literal)?), ($read:path)) => {
        $read($value, record!(@key $field $($key)?), $log)
    };
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
}

/// Words of which an attribute takes one.
macro_rules! words {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[$of_word:meta])* $word:ident = $text:literal,)* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$of_word])* $word,)*
        }

        impl $name {
            /// The word as it is written.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$word => $text,)*
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::model::decode::Decode for $name {
            fn decode(
                value: &$crate::value::Value,
                _log: &mut $crate::model::decode::Log,
            ) -> Option<Self> {
                match value.as_str()? {
                    $($text => Some(Self::$word),)*
                    _ => None,
                }
            }
        }
    };
}

pub(super) use {record, words};
