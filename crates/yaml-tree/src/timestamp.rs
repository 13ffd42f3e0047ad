//! Dates and times as Go's YAML library reads them.

/// A point in time, as far as it is needed to print it.
struct Timestamp {
    year: u32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
    /// Digits after the point, nine at most, without zeros at the end.
    fraction: String,
    /// Offset from UTC; `None` when written `Z` or not at all.
    offset: Option<(char, u32, u32)>,
}

/// Whether `text` is a date (`2024-01-31`), a date and time in UTC separated by spaces, or one in
/// the form of RFC 3339, months and so on with one or two digits.
pub(crate) fn is_timestamp(text: &str) -> bool {
    parse(text).is_some()
}

/// As Go prints a `time.Time`; `None` if it is none.
pub(crate) fn go_display(text: &str) -> Option<String> {
    let Timestamp {
        year,
        month,
        day,
        hour,
        minute,
        second,
        fraction,
        offset,
    } = parse(text)?;
    let point = if fraction.is_empty() { "" } else { "." };
    let zone = match offset {
        None | Some((_, 0, 0)) => "+0000 UTC".to_owned(),
        // Go has no name for the zone and prints the offset again.
        Some((sign, hours, minutes)) => {
            format!("{sign}{hours:02}{minutes:02} {sign}{hours:02}{minutes:02}")
        }
    };
    Some(format!(
        "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}{point}{fraction} {zone}"
    ))
}

fn parse(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    if bytes.get(4) != Some(&b'-') || !bytes[..4].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let year = text[..4].parse().ok()?;
    let rest = &text[5..];
    let (month, rest) = number(rest)?;
    let (day, rest) = number(rest.strip_prefix('-')?)?;
    if !(1..=12).contains(&month) || day == 0 || day > days(year, month) {
        return None;
    }
    let mut found = Timestamp {
        year,
        month,
        day,
        hour: 0,
        minute: 0,
        second: 0,
        fraction: String::new(),
        offset: None,
    };
    let (zoned, rest) = match rest.as_bytes().first() {
        None => return Some(found),
        Some(b'T' | b't') => (true, &rest[1..]),
        Some(b' ') => (false, rest.trim_start_matches(' ')),
        Some(_) => return None,
    };
    let (hour, rest) = number(rest)?;
    let (minute, rest) = number(rest.strip_prefix(':')?)?;
    let (second, rest) = number(rest.strip_prefix(':')?)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    (found.hour, found.minute, found.second) = (hour, minute, second);
    let (fraction, rest) = fraction(rest);
    found.fraction = fraction;
    match (zoned, rest) {
        (true, "Z") | (false, "") => {}
        (true, rest) => found.offset = Some(offset(rest)?),
        (false, _) => return None,
    }
    Some(found)
}

/// One or two digits.
fn number(text: &str) -> Option<(u32, &str)> {
    let length = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let value = text[..length].parse().ok()?;
    Some((value, &text[length..]))
}

/// A point or comma and any number of digits.
fn fraction(text: &str) -> (String, &str) {
    let Some(digits) = text.strip_prefix(['.', ',']) else {
        return (String::new(), text);
    };
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    if length == 0 {
        return (String::new(), text);
    }
    let kept = digits[..length.min(9)].trim_end_matches('0');
    (kept.to_owned(), &digits[length..])
}

/// `+hh:mm` or `-hh:mm`; Go lets 24 hours and 60 minutes pass.
fn offset(text: &str) -> Option<(char, u32, u32)> {
    let bytes = text.as_bytes();
    let [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] = bytes else {
        return None;
    };
    let two = |tens: u8, ones: u8| {
        let digits = tens.is_ascii_digit() && ones.is_ascii_digit();
        digits.then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
    };
    let (hours, minutes) = (two(*h1, *h2)?, two(*m1, *m2)?);
    (hours <= 24 && minutes <= 60).then_some((char::from(*sign), hours, minutes))
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
