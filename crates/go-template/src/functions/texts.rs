//! Functions over texts. The text comes last, so that it can be piped in.

use go_std::strconv::quote;

use super::{Function, repeated, takes, takes_more, whole};
use crate::options::Param::{Any, Int, Text};
use crate::options::{Meter, Outcome};
use crate::{Data, Trouble};

pub(super) const FUNCTIONS: &[Function] = &[
    takes(&["hello"], &[], |_, _| Ok(Data::from("Hello!"))),
    takes(&["lower"], &[Text], |_, a| Ok(each(&a[0], lower))),
    takes(&["upper"], &[Text], |_, a| Ok(each(&a[0], upper))),
    takes(&["trim"], &[Text], |_, a| {
        Ok(Data::from(a[0].as_text().trim()))
    }),
    takes(&["trimAll", "trimall"], &[Text, Text], |_, a| {
        let set = a[0].as_text();
        Ok(Data::from(a[1].as_text().trim_matches(|c| set.contains(c))))
    }),
    takes(&["trimSuffix"], &[Text, Text], |_, a| {
        let text = a[1].as_text();
        Ok(Data::from(
            text.strip_suffix(a[0].as_text()).unwrap_or(text),
        ))
    }),
    takes(&["trimPrefix"], &[Text, Text], |_, a| {
        let text = a[1].as_text();
        Ok(Data::from(
            text.strip_prefix(a[0].as_text()).unwrap_or(text),
        ))
    }),
    takes(&["contains"], &[Text, Text], |_, a| {
        Ok(Data::Bool(a[1].as_text().contains(a[0].as_text())))
    }),
    takes(&["hasPrefix"], &[Text, Text], |_, a| {
        Ok(Data::Bool(a[1].as_text().starts_with(a[0].as_text())))
    }),
    takes(&["hasSuffix"], &[Text, Text], |_, a| {
        Ok(Data::Bool(a[1].as_text().ends_with(a[0].as_text())))
    }),
    takes(&["replace"], &[Text, Text, Text], |meter, a| {
        let text = a[2].as_text();
        let count = text.matches(a[0].as_text()).count();
        meter.charge(count.saturating_mul(a[1].as_text().len()))?;
        Ok(Data::Text(text.replace(a[0].as_text(), a[1].as_text())))
    }),
    takes(&["repeat"], &[Int, Text], |meter, a| {
        repeated(meter, a[1].as_text(), a[0].as_int()).map(Data::Text)
    }),
    takes(&["trunc"], &[Int, Text], |_, a| {
        truncated(a[0].as_int(), a[1].as_text().as_bytes())
    }),
    takes(&["substr"], &[Int, Int, Text], |_, a| {
        substring(a[0].as_int(), a[1].as_int(), a[2].as_text().as_bytes())
    }),
    takes_more(&["cat"], &[], Any, |_, a| {
        // It is the format that is trimmed, not the text.
        let given = a.iter().filter(|value| **value != Data::Nil);
        let words: Vec<String> = given.map(ToString::to_string).collect();
        Ok(Data::Text(words.join(" ")))
    }),
    takes_more(&["quote"], &[], Any, |_, a| {
        let given = a.iter().filter(|value| **value != Data::Nil);
        let words: Vec<String> = given.map(|value| quote(&value.text())).collect();
        Ok(Data::Text(words.join(" ")))
    }),
    takes_more(&["squote"], &[], Any, |_, a| {
        let given = a.iter().filter(|value| **value != Data::Nil);
        let words: Vec<String> = given.map(|value| format!("'{value}'")).collect();
        Ok(Data::Text(words.join(" ")))
    }),
    takes(&["indent"], &[Int, Text], |meter, a| {
        indented(meter, a).map(Data::Text)
    }),
    takes(&["nindent"], &[Int, Text], |meter, a| {
        Ok(Data::Text(format!("\n{}", indented(meter, a)?)))
    }),
    takes(&["plural"], &[Text, Text, Int], |_, a| {
        Ok(a[usize::from(a[2].as_int() != 1)].clone())
    }),
    takes(&["toString"], &[Any], |_, a| Ok(Data::Text(a[0].text()))),
    takes(&["fail"], &[Text], |_, a| {
        Err(Trouble::Failed(a[0].as_text().to_owned()))
    }),
];

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

fn indented(meter: &mut Meter, arguments: &[Data]) -> Result<String, Trouble> {
    let pad = repeated(meter, " ", arguments[0].as_int())?;
    let text = arguments[1].as_text();
    meter.charge(text.matches('\n').count().saturating_mul(pad.len()))?;
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
