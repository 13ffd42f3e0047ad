//! Functions over texts. The text comes last, so that it can be piped in.

use super::super::data::Data;
use super::super::format::quoted;
use super::Param::{Any, Int, Text};
use super::{Function, Outcome, repeated, takes, takes_more, whole};

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "hello" => takes(&[], |_| Ok(Data::from("Hello!"))),
        "lower" => takes(&[Text], |a| Ok(each(&a[0], lower))),
        "upper" => takes(&[Text], |a| Ok(each(&a[0], upper))),
        "trim" => takes(&[Text], |a| Ok(Data::from(a[0].as_text().trim()))),
        "trimAll" | "trimall" => takes(&[Text, Text], |a| {
            let set = a[0].as_text();
            Ok(Data::from(a[1].as_text().trim_matches(|c| set.contains(c))))
        }),
        "trimSuffix" => takes(&[Text, Text], |a| {
            let text = a[1].as_text();
            Ok(Data::from(
                text.strip_suffix(a[0].as_text()).unwrap_or(text),
            ))
        }),
        "trimPrefix" => takes(&[Text, Text], |a| {
            let text = a[1].as_text();
            Ok(Data::from(
                text.strip_prefix(a[0].as_text()).unwrap_or(text),
            ))
        }),
        "contains" => takes(&[Text, Text], |a| {
            Ok(Data::Bool(a[1].as_text().contains(a[0].as_text())))
        }),
        "hasPrefix" => takes(&[Text, Text], |a| {
            Ok(Data::Bool(a[1].as_text().starts_with(a[0].as_text())))
        }),
        "hasSuffix" => takes(&[Text, Text], |a| {
            Ok(Data::Bool(a[1].as_text().ends_with(a[0].as_text())))
        }),
        "replace" => takes(&[Text, Text, Text], |a| {
            let text = a[2].as_text();
            Ok(Data::Text(text.replace(a[0].as_text(), a[1].as_text())))
        }),
        "repeat" => takes(&[Int, Text], |a| {
            repeated(a[1].as_text(), a[0].as_int()).map(Data::Text)
        }),
        "trunc" => takes(&[Int, Text], |a| {
            truncated(a[0].as_int(), a[1].as_text().as_bytes())
        }),
        "substr" => takes(&[Int, Int, Text], |a| {
            substring(a[0].as_int(), a[1].as_int(), a[2].as_text().as_bytes())
        }),
        "cat" => takes_more(&[], Any, |a| {
            // It is the format that is trimmed, not the text.
            let given = a.iter().filter(|value| **value != Data::Nil);
            let words: Vec<String> = given.map(ToString::to_string).collect();
            Ok(Data::Text(words.join(" ")))
        }),
        "quote" => takes_more(&[], Any, |a| {
            let given = a.iter().filter(|value| **value != Data::Nil);
            let words: Vec<String> = given.map(|value| quoted(&value.text())).collect();
            Ok(Data::Text(words.join(" ")))
        }),
        "squote" => takes_more(&[], Any, |a| {
            let given = a.iter().filter(|value| **value != Data::Nil);
            let words: Vec<String> = given.map(|value| format!("'{value}'")).collect();
            Ok(Data::Text(words.join(" ")))
        }),
        "indent" => takes(&[Int, Text], |a| indented(a).map(Data::Text)),
        "nindent" => takes(&[Int, Text], |a| {
            Ok(Data::Text(format!("\n{}", indented(a)?)))
        }),
        "plural" => takes(&[Text, Text, Int], |a| {
            Ok(a[usize::from(a[2].as_int() != 1)].clone())
        }),
        "toString" => takes(&[Any], |a| Ok(Data::Text(a[0].text()))),
        "fail" => takes(&[Text], |a| Err(a[0].as_text().to_owned())),
        _ => None,
    }
}

fn each(text: &Data, change: fn(char) -> char) -> Data {
    Data::Text(text.as_text().chars().map(change).collect())
}

/// One character for one, as Go maps them.
pub(super) fn lower(character: char) -> char {
    let mut changed = character.to_lowercase();
    changed
        .next()
        .filter(|_| changed.len() == 0)
        .unwrap_or(character)
}

pub(super) fn upper(character: char) -> char {
    let mut changed = character.to_uppercase();
    changed
        .next()
        .filter(|_| changed.len() == 0)
        .unwrap_or(character)
}

fn indented(arguments: &[Data]) -> Result<String, String> {
    let pad = repeated(" ", arguments[0].as_int())?;
    let text = arguments[1].as_text();
    let lines = i64::try_from(text.matches('\n').count()).unwrap_or(i64::MAX);
    repeated(&pad, lines)?;
    Ok(format!("{pad}{}", text.replace('\n', &format!("\n{pad}"))))
}

/// The first so many bytes, or the last if the count is negative.
fn truncated(count: i64, text: &[u8]) -> Outcome {
    let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
    let size = |count: i64| usize::try_from(count).unwrap_or(0);
    if count < 0 && length.saturating_add(count) > 0 {
        whole(&text[size(length + count)..])
    } else if count >= 0 && length > count {
        whole(&text[..size(count)])
    } else {
        whole(text)
    }
}

fn substring(start: i64, end: i64, text: &[u8]) -> Outcome {
    let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
    let (from, to) = if start < 0 {
        (0, end)
    } else if end < 0 || end > length {
        (start, length)
    } else {
        (start, end)
    };
    let part = match (usize::try_from(from), usize::try_from(to)) {
        (Ok(from), Ok(to)) => text.get(from..to),
        _ => None,
    };
    whole(part.ok_or("slice bounds out of range")?)
}
