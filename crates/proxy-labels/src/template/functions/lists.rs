//! Functions over lists.

use super::super::data::{Data, Item};
use super::Param::{Any, Int, Text};
use super::numbers::int;
use super::{Function, Outcome, takes, takes_more};

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "list" | "tuple" => takes_more(&[], Any, |a| Ok(Data::list(a.to_vec()))),
        "join" => takes(&[Text, Any], |a| {
            Ok(Data::Text(texts(&a[1]).join(a[0].as_text())))
        }),
        "toStrings" => takes(&[Any], |a| Ok(Data::texts(texts(&a[0])))),
        "sortAlpha" => takes(&[Any], |a| {
            if a[0] == Data::Nil {
                return Ok(Data::texts(["<nil>"]));
            }
            let mut texts = texts(&a[0]);
            texts.sort();
            Ok(Data::texts(texts))
        }),
        "splitList" => takes(&[Text, Text], |a| {
            Ok(Data::texts(split(a[0].as_text(), a[1].as_text(), -1)))
        }),
        "split" => takes(&[Text, Text], |a| {
            Ok(numbered(split(a[0].as_text(), a[1].as_text(), -1)))
        }),
        "splitn" => takes(&[Text, Int, Text], |a| {
            Ok(numbered(split(
                a[0].as_text(),
                a[2].as_text(),
                a[1].as_int(),
            )))
        }),
        "first" | "mustFirst" => takes(&[Any], |a| {
            Ok(items(&a[0], "first")?.first().cloned().unwrap_or(Data::Nil))
        }),
        "last" | "mustLast" => takes(&[Any], |a| {
            Ok(items(&a[0], "last")?.last().cloned().unwrap_or(Data::Nil))
        }),
        "rest" | "mustRest" => takes(&[Any], |a| {
            let items = items(&a[0], "rest")?;
            Ok(Data::list(items.get(1..).unwrap_or_default().to_vec()))
        }),
        "initial" | "mustInitial" => takes(&[Any], |a| {
            let items = items(&a[0], "initial")?;
            Ok(Data::list(items[..items.len().saturating_sub(1)].to_vec()))
        }),
        "append" | "push" | "mustAppend" | "mustPush" => takes(&[Any, Any], |a| {
            let mut items = items(&a[0], "push")?.to_vec();
            items.push(a[1].clone());
            Ok(Data::list(items))
        }),
        "prepend" | "mustPrepend" => takes(&[Any, Any], |a| {
            let mut items = items(&a[0], "prepend")?.to_vec();
            items.insert(0, a[1].clone());
            Ok(Data::list(items))
        }),
        "concat" => takes_more(&[], Any, |a| {
            let mut all = Vec::new();
            for list in a {
                all.extend_from_slice(items(list, "concat")?);
            }
            Ok(Data::list(all))
        }),
        "reverse" | "mustReverse" => takes(&[Any], |a| {
            let items = items(&a[0], "reverse")?;
            Ok(Data::list(items.iter().rev().cloned().collect()))
        }),
        "compact" | "mustCompact" => takes(&[Any], |a| {
            let items = items(&a[0], "compact")?.iter();
            Ok(Data::list(
                items.filter(|item| item.truth()).cloned().collect(),
            ))
        }),
        "uniq" | "mustUniq" => takes(&[Any], |a| {
            let mut seen: Vec<Data> = Vec::new();
            for item in items(&a[0], "uniq")? {
                if !seen.contains(item) {
                    seen.push(item.clone());
                }
            }
            Ok(Data::list(seen))
        }),
        "without" | "mustWithout" => takes_more(&[Any], Any, |a| {
            let items = items(&a[0], "without")?.iter();
            let kept = items.filter(|item| !a[1..].contains(item));
            Ok(Data::list(kept.cloned().collect()))
        }),
        "has" | "mustHas" => takes(&[Any, Any], |a| {
            if a[1] == Data::Nil {
                return Ok(Data::Bool(false));
            }
            Ok(Data::Bool(items(&a[1], "has")?.contains(&a[0])))
        }),
        "slice" | "mustSlice" => takes_more(&[Any], Any, slice),
        "chunk" | "mustChunk" => takes(&[Int, Any], |a| {
            let items = items(&a[1], "chunk")?;
            let size = usize::try_from(a[0].as_int())
                .ok()
                .filter(|size| *size > 0)
                .ok_or("makeslice: len out of range")?;
            let chunks = items.chunks(size).map(|chunk| Data::list(chunk.to_vec()));
            Ok(Data::List(Item::List, chunks.collect()))
        }),
        _ => None,
    }
}

/// What is in a list, and nothing else has.
fn items<'d>(value: &'d Data, what: &str) -> Result<&'d [Data], String> {
    match value {
        Data::List(_, items) => Ok(items),
        other => Err(format!("Cannot {what} on type {}", other.kind())),
    }
}

/// Texts from anything: the items of a list, or the one thing.
fn texts(value: &Data) -> Vec<String> {
    match value {
        Data::Nil => Vec::new(),
        Data::List(_, items) => {
            let given = items.iter().filter(|item| **item != Data::Nil);
            given.map(Data::text).collect()
        }
        other => vec![other.text()],
    }
}

/// The parts of a text; no more than `limit`, unless that is negative.
fn split(separator: &str, text: &str, limit: i64) -> Vec<String> {
    if limit == 0 {
        return Vec::new();
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if separator.is_empty() {
        // Between all characters.
        let mut rest = text;
        let mut parts = Vec::new();
        while let Some(character) = rest.chars().next() {
            if parts.len() + 1 == limit {
                parts.push(rest.to_owned());
                break;
            }
            parts.push(character.to_string());
            rest = &rest[character.len_utf8()..];
        }
        return parts;
    }
    text.splitn(limit, separator).map(str::to_owned).collect()
}

/// Parts under the names `_0`, `_1`, …
fn numbered(parts: Vec<String>) -> Data {
    let parts = parts.into_iter().enumerate();
    Data::text_map(parts.map(|(at, part)| (format!("_{at}"), part)))
}

fn slice(arguments: &[Data]) -> Outcome {
    let Data::List(kind, items) = &arguments[0] else {
        return Err(format!(
            "list should be type of slice or array but {}",
            arguments[0].kind()
        ));
    };
    if items.is_empty() {
        return Ok(Data::Nil);
    }
    let bound = |at: usize, default: usize| match arguments.get(at) {
        Some(bound) => usize::try_from(int(bound)).map_err(|_| "slice bounds out of range"),
        None => Ok(default),
    };
    let (start, end) = (bound(1, 0)?, bound(2, items.len())?);
    let part = items.get(start..end).ok_or("slice bounds out of range")?;
    Ok(Data::List(*kind, part.to_vec()))
}
