//! What values of labels mean.

use std::time::Duration;

use super::{Problem, Stop};

/// `true`, `yes`, `on`, `1` and their opposites, whatever the case.
pub(super) fn boolean(text: &str) -> Result<bool, Problem> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err(Problem::expected("`true` or `false`")),
    }
}

pub(super) fn stop(text: &str) -> Result<Option<Stop>, Problem> {
    match text.trim().to_ascii_lowercase().as_str() {
        "pause" => Ok(Some(Stop::Pause)),
        "stop" => Ok(Some(Stop::Stop)),
        other => match boolean(other) {
            Ok(stop) => Ok(stop.then_some(Stop::Stop)),
            Err(_) => Err(Problem::expected("`true`, `pause` or `false`")),
        },
    }
}

pub(super) fn text(text: &str) -> Result<String, Problem> {
    if text.trim().is_empty() {
        return Err(Problem::expected("a text: it is empty"));
    }
    Ok(text.to_owned())
}

/// Items with commas between them; a comma within an item is `\,`.
pub(super) fn list(text: &str) -> Result<Vec<String>, Problem> {
    let mut items = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if letters.peek() == Some(&',') => {
                items.last_mut().expect("there is one").push(',');
                letters.next();
            }
            ',' => items.push(String::new()),
            letter => items.last_mut().expect("there is one").push(letter),
        }
    }
    let items: Vec<String> = items
        .iter()
        .map(|item| item.trim().to_owned())
        .filter(|item| !item.is_empty())
        .collect();
    if items.is_empty() {
        return Err(Problem::expected("a list: it is empty"));
    }
    Ok(items)
}

pub(super) fn absolute(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.starts_with('/') {
        Ok(text.to_owned())
    } else {
        Err(Problem::expected("an absolute path in the container"))
    }
}

pub(super) fn positive(text: &str) -> Result<Duration, Problem> {
    duration(text)
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| Problem::expected("a duration such as `90s`, `10m`, `1h30m` or `2d`"))
}

/// A duration as people write it: numbers with `ms`, `s`, `m`, `h`, `d` or `w`, one after the other
/// (`1h30m`); a number alone is seconds. `None` if it is none.
///
/// ```
/// use std::time::Duration;
/// use backup::labels::duration;
/// assert_eq!(duration("1h30m"), Some(Duration::from_secs(5400)));
/// assert_eq!(duration("45"), Some(Duration::from_secs(45)));
/// assert_eq!(duration("soon"), None);
/// ```
pub fn duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    if let Ok(seconds) = rest.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let letters = rest
            .find(|letter: char| !letter.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        let unit = match &rest[..letters] {
            "ms" => {
                total = total.checked_add(Duration::from_millis(number))?;
                rest = &rest[letters..];
                continue;
            }
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            "w" => 604_800,
            _ => return None,
        };
        rest = &rest[letters..];
        total = total.checked_add(Duration::from_secs(number.checked_mul(unit)?))?;
    }
    Some(total)
}
