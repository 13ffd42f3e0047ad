//! Functions over lists.

use super::numbers::int;
use super::{Function, takes, takes_more};
use crate::options::Param::{Any, Int, Text};
use crate::options::{Meter, Outcome};
use crate::{Data, Item, Trouble};

pub(super) const FUNCTIONS: &[Function] = &[
    takes_more(&["list", "tuple"], &[], Any, |_, a| {
        Ok(Data::list(a.to_vec()))
    }),
    takes(&["join"], &[Text, Any], |meter, a| {
        let texts = texts(&a[1]);
        meter.charge(texts.len().saturating_mul(a[0].as_text().len()))?;
        Ok(Data::Text(texts.join(a[0].as_text())))
    }),
    takes(&["toStrings"], &[Any], |_, a| Ok(Data::texts(texts(&a[0])))),
    takes(&["sortAlpha"], &[Any], |_, a| {
        if a[0] == Data::Nil {
            return Ok(Data::texts(["<nil>"]));
        }
        let mut texts = texts(&a[0]);
        texts.sort();
        Ok(Data::texts(texts))
    }),
    takes(&["splitList"], &[Text, Text], |_, a| {
        Ok(Data::texts(split(a[0].as_text(), a[1].as_text(), -1)))
    }),
    takes(&["split"], &[Text, Text], |_, a| {
        Ok(numbered(split(a[0].as_text(), a[1].as_text(), -1)))
    }),
    takes(&["splitn"], &[Text, Int, Text], |_, a| {
        Ok(numbered(split(
            a[0].as_text(),
            a[2].as_text(),
            a[1].as_int(),
        )))
    }),
    takes(&["first", "mustFirst"], &[Any], |_, a| {
        Ok(items(&a[0])?.first().cloned().unwrap_or(Data::Nil))
    }),
    takes(&["last", "mustLast"], &[Any], |_, a| {
        Ok(items(&a[0])?.last().cloned().unwrap_or(Data::Nil))
    }),
    takes(&["rest", "mustRest"], &[Any], |_, a| {
        let items = items(&a[0])?;
        Ok(Data::list(items.get(1..).unwrap_or_default().to_vec()))
    }),
    takes(&["initial", "mustInitial"], &[Any], |_, a| {
        let items = items(&a[0])?;
        Ok(Data::list(items[..items.len().saturating_sub(1)].to_vec()))
    }),
    takes(
        &["append", "push", "mustAppend", "mustPush"],
        &[Any, Any],
        |_, a| {
            let mut items = items(&a[0])?.to_vec();
            items.push(a[1].clone());
            Ok(Data::list(items))
        },
    ),
    takes(&["prepend", "mustPrepend"], &[Any, Any], |_, a| {
        let mut items = items(&a[0])?.to_vec();
        items.insert(0, a[1].clone());
        Ok(Data::list(items))
    }),
    takes_more(&["concat"], &[], Any, |_, a| {
        let mut all = Vec::new();
        for list in a {
            all.extend_from_slice(items(list)?);
        }
        Ok(Data::list(all))
    }),
    takes(&["reverse", "mustReverse"], &[Any], |_, a| {
        let items = items(&a[0])?;
        Ok(Data::list(items.iter().rev().cloned().collect()))
    }),
    takes(&["compact", "mustCompact"], &[Any], |_, a| {
        let items = items(&a[0])?.iter();
        Ok(Data::list(
            items.filter(|item| item.truth()).cloned().collect(),
        ))
    }),
    takes(&["uniq", "mustUniq"], &[Any], |meter, a| {
        let mut seen: Vec<Data> = Vec::new();
        for item in items(&a[0])? {
            meter.charge(seen.len())?;
            if !seen.contains(item) {
                seen.push(item.clone());
            }
        }
        Ok(Data::list(seen))
    }),
    takes_more(&["without", "mustWithout"], &[Any], Any, |meter, a| {
        let items = items(&a[0])?.iter();
        meter.charge(items.len().saturating_mul(a.len()))?;
        let kept = items.filter(|item| !a[1..].contains(item));
        Ok(Data::list(kept.cloned().collect()))
    }),
    takes(&["has", "mustHas"], &[Any, Any], |_, a| {
        if a[1] == Data::Nil {
            return Ok(Data::Bool(false));
        }
        Ok(Data::Bool(items(&a[1])?.contains(&a[0])))
    }),
    takes_more(&["slice", "mustSlice"], &[Any], Any, slice),
    takes(&["chunk", "mustChunk"], &[Int, Any], |_, a| {
        let items = items(&a[1])?;
        let size = usize::try_from(a[0].as_int())
            .ok()
            .filter(|size| *size > 0)
            .ok_or_else(|| format!("chunks of size {}", a[0].as_int()))?;
        let chunks = items.chunks(size).map(|chunk| Data::list(chunk.to_vec()));
        Ok(Data::List(Item::List, chunks.collect()))
    }),
];

/// What is in a list, and nothing else has.
fn items(value: &Data) -> Result<&[Data], Trouble> {
    match value {
        Data::List(_, items) => Ok(items),
        other => Err(Trouble::argument("a list", other)),
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

fn slice(_: &mut Meter, arguments: &[Data]) -> Outcome {
    let Data::List(kind, items) = &arguments[0] else {
        return Err(Trouble::argument("a list", &arguments[0]));
    };
    if items.is_empty() {
        return Ok(Data::Nil);
    }
    let length = items.len();
    let bound = |at: usize, default: usize, least: usize| {
        let Some(bound) = arguments.get(at) else {
            return Ok(default);
        };
        let index = int(bound);
        match usize::try_from(index) {
            Ok(bound) if (least..=length).contains(&bound) => Ok(bound),
            _ => Err(Trouble::OutOfRange { index, length }),
        }
    };
    let start = bound(1, 0, 0)?;
    let end = bound(2, length, start)?;
    Ok(Data::List(*kind, items[start..end].to_vec()))
}
