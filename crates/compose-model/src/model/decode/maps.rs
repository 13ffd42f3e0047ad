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
                entry.template = match &value.template {
                    Some(template) => of_value(key, value, template),
                    None => entry.template.or_else(|| inherited(key, value)),
                };
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

/// The part of a template that is the value alone; it may be that of `KEY=VALUE`.
fn of_value(key: &str, value: &Value, template: &Arc<str>) -> Option<Arc<str>> {
    let rest = template.strip_prefix(key);
    match rest.and_then(|rest| rest.strip_prefix('=')) {
        // An entry of a mapping holds the value alone.
        Some(rest) if value.key.is_none() => rest.contains('$').then(|| rest.into()),
        _ => Some(Arc::clone(template)),
    }
}

/// `${KEY}`, if a key without a value is written: it has the value of the variable of its name.
fn inherited(key: &str, value: &Value) -> Option<Arc<str>> {
    let written = value.span.as_ref().filter(|_| !value.is_null())?.text();
    let bare = match value.key {
        Some(_) => matches!(written, "" | "~" | "null" | "Null" | "NULL"),
        None => written.trim_matches(['"', '\'']) == key,
    };
    bare.then(|| format!("${{{key}}}").into())
}
