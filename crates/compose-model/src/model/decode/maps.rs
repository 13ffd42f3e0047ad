//! Names to values.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{Attribute, Decode, Log, sourced};
use crate::model::Sourced;
use crate::shape::{self, Form};
use crate::text::display;
use crate::value::{Data, Map, Value};

impl<T: Decode> Attribute for IndexMap<String, Sourced<T>> {
    fn attribute(value: Option<&Value>, log: &mut Log) -> Option<Self> {
        let Some(value) = value else {
            return Some(Self::new());
        };
        let listed;
        let map = match &value.data {
            Data::Map(map) => map,
            Data::List(items) => {
                listed = pairs(items);
                &listed
            }
            Data::Null => return Some(Self::new()),
            _ => {
                log.leave_out(value);
                return Some(Self::new());
            }
        };
        let entries = shape::sorted(map, Form::Yaml).into_iter();
        let decoded = entries.filter_map(|(key, value)| {
            let mut entry = log.key(key, |log| sourced(value, log))?;
            if !matches!(value.data, Data::Map(_) | Data::List(_)) {
                entry.template = template(key, value);
            }
            Some((key.to_string(), entry))
        });
        Some(decoded.collect())
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

/// The text before interpolation of the value alone, which may have been a part of `KEY=VALUE`.
fn template(key: &str, value: &Value) -> Option<Arc<str>> {
    match &value.template {
        // An entry of a mapping holds the value alone.
        Some(template) if value.key.is_some() => Some(Arc::clone(template)),
        Some(template) => {
            let rest = template
                .strip_prefix(key)
                .and_then(|rest| rest.strip_prefix('='));
            match rest {
                Some(rest) => rest.contains('$').then(|| rest.into()),
                None => Some(Arc::clone(template)),
            }
        }
        None => is_inherited(key, value).then(|| format!("${{{key}}}").into()),
    }
}

/// Whether the value is that of the variable of the same name: a key without a value is written.
fn is_inherited(key: &str, value: &Value) -> bool {
    let Some(span) = value.span.as_ref().filter(|_| !value.is_null()) else {
        return false;
    };
    let written = span.text().trim_matches(['"', '\'']);
    match value.key {
        Some(_) => matches!(written, "" | "~" | "null" | "Null" | "NULL") && !is_text(span.text()),
        None => written == key,
    }
}

/// Whether this is text and no null.
fn is_text(written: &str) -> bool {
    written.starts_with(['"', '\''])
}
