//! Merge keys: `<<: *defaults`.

use crate::keys::Keys;
use crate::{Content, Diagnostic, Entry, Node, Schema, Span, Style};

/// Whether this key brings in other mappings: a plain `<<`, or any `<<` tagged `!!merge`.
pub(crate) fn is_merge_key(key: &Node) -> bool {
    let Content::Scalar(scalar) = &key.content else {
        return false;
    };
    &*scalar.text == "<<"
        && match key.tag() {
            None => scalar.style == Style::Plain,
            Some(tag) => tag == "!!merge",
        }
}

/// Adds the entries of `value`, the value of the merge key at `place`, unless `entries` has their
/// key.
///
/// # Errors
/// If `value` is neither a mapping nor a sequence of mappings; the mappings before the wrong one
/// have been added then.
pub(crate) fn merge(
    entries: &mut Vec<Entry>,
    keys: &mut Keys,
    place: &Span,
    value: &Node,
    schema: Schema,
) -> Result<(), Box<Diagnostic>> {
    match &value.content {
        Content::Mapping(_) => add(entries, keys, place, value),
        Content::Sequence(items) => {
            for item in items.iter() {
                if item.as_mapping().is_none() {
                    return Err(wrong(item, schema));
                }
                add(entries, keys, place, item);
            }
        }
        Content::Scalar(_) => return Err(wrong(value, schema)),
    }
    Ok(())
}

fn add(entries: &mut Vec<Entry>, keys: &mut Keys, place: &Span, from: &Node) {
    let Some(mapping) = from.as_mapping() else {
        return;
    };
    for entry in mapping.entries() {
        if keys.find(entries, &entry.key).is_none() {
            entries.push(Entry {
                key: entry.key.clone(),
                value: entry.value.clone(),
                merged: Some(place.clone()),
            });
        }
    }
}

fn wrong(node: &Node, schema: Schema) -> Box<Diagnostic> {
    let kind = node.kind_name(schema);
    Box::new(
        Diagnostic::error(
            "yaml::merge",
            format!("`<<` needs a mapping or a list of mappings, found {kind}"),
        )
        .primary(node.site().clone(), format!("this is {kind}"))
        .help("name a mapping with an alias, as in `<<: *defaults`; quote the key if `<<` is meant as text"),
    )
}
