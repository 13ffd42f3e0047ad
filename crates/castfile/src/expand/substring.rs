//! `${X:offset}` and `${X:offset:length}`, as in bash.

use super::scan::Form;

/// Reads `offset` or `offset:length`. A negative offset needs a blank before it, since `:-` starts
/// a default; here the text starts behind the first colon.
pub(super) fn parse(text: &str) -> Option<Form> {
    let (offset, length) = match text.split_once(':') {
        Some((offset, length)) => (offset, Some(length)),
        None => (text, None),
    };
    let offset = integer(offset)?;
    let length = match length {
        Some(length) => Some(integer(length)?),
        None => None,
    };
    Some(Form::Substring { offset, length })
}

fn integer(text: &str) -> Option<i64> {
    let text = text.trim_matches([' ', '\t']);
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// The part of `value` from character `offset`; a negative one counts from the end. A negative
/// length gives the end, counted from the end. `None` when that end lies before the start.
pub(super) fn substring(value: &str, offset: i64, length: Option<i64>) -> Option<String> {
    let count = i64::try_from(value.chars().count()).ok()?;
    let start = if offset < 0 {
        count.checked_add(offset)?
    } else {
        offset
    };
    if start < 0 || start > count {
        return Some(String::new());
    }
    let end = match length {
        None => count,
        Some(length) if length < 0 => count.checked_add(length)?,
        Some(length) => start.saturating_add(length).min(count),
    };
    if end < start {
        return None;
    }
    let skip = usize::try_from(start).ok()?;
    let take = usize::try_from(end - start).ok()?;
    Some(value.chars().skip(skip).take(take).collect())
}
