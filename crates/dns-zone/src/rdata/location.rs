//! LOC (RFC 1876).

use std::io::Write as _;

use super::RdataError;
use super::read::{Words, parse};

const EQUATOR: i64 = 1 << 31;

pub(super) fn read(words: &mut Words<'_>, out: &mut Vec<u8>) -> Result<(), RdataError> {
    let latitude = degrees(words, 90, [b'N', b'S'])?;
    let longitude = degrees(words, 180, [b'E', b'W'])?;
    let altitude = centimetres(words, -10_000_000, 4_284_967_295)?;
    let mut sizes = [100, 1_000_000, 1_000];
    for size in &mut sizes {
        if !words.is_empty() {
            *size = centimetres(words, 0, 9_000_000_000)?;
        }
    }
    out.push(0);
    out.extend(sizes.map(precision));
    for value in [latitude, longitude, altitude + 10_000_000] {
        out.extend_from_slice(&u32::try_from(value).unwrap_or(u32::MAX).to_be_bytes());
    }
    Ok(())
}

/// Degrees, minutes and seconds, the last two optional, and the direction: thousandths of a second.
fn degrees(words: &mut Words<'_>, most: i64, directions: [u8; 2]) -> Result<i64, RdataError> {
    let degrees: u32 = words.number("degrees", most.unsigned_abs())?;
    let degrees = i64::from(degrees);
    let mut value = degrees * 3_600_000;
    let mut direction = words.word("minutes or a direction")?;
    if direction.first().is_some_and(u8::is_ascii_digit) {
        let minutes = parse::<i64>(direction).filter(|minutes| *minutes < 60);
        let minutes = minutes.ok_or_else(|| words.wrong("minutes are 0 to 59"))?;
        value += minutes * 60_000;
        direction = words.word("seconds or a direction")?;
        if direction.first().is_some_and(u8::is_ascii_digit) {
            let seconds = fixed(direction, 3).filter(|seconds| *seconds < 60_000);
            value += seconds.ok_or_else(|| words.wrong("seconds are 0 to 59.999"))?;
            direction = words.word("a direction")?;
        }
    }
    if value > most * 3_600_000 {
        return Err(words.wrong(format!("more than {most} degrees")));
    }
    match direction {
        [byte] if *byte == directions[0] => Ok(EQUATOR + value),
        [byte] if *byte == directions[1] => Ok(EQUATOR - value),
        _ => Err(words.wrong(format!(
            "neither `{}` nor `{}`",
            char::from(directions[0]),
            char::from(directions[1])
        ))),
    }
}

/// A number of metres, perhaps with `m`, in centimetres.
fn centimetres(words: &mut Words<'_>, least: i64, most: i64) -> Result<i64, RdataError> {
    let word = words.word("a number of metres")?;
    let digits = word.strip_suffix(b"m").unwrap_or(word);
    let (negative, digits) = match digits.strip_prefix(b"-") {
        Some(digits) => (true, digits),
        None => (false, digits),
    };
    fixed(digits, 2)
        .map(|value| if negative { -value } else { value })
        .filter(|value| (least..=most).contains(value))
        .ok_or_else(|| {
            words.wrong(format!(
                "`{}` is no number of metres from {} to {}",
                String::from_utf8_lossy(word),
                least / 100,
                most / 100
            ))
        })
}

/// A decimal number with up to `places` places, as a multiple of the last.
fn fixed(word: &[u8], places: usize) -> Option<i64> {
    let text = std::str::from_utf8(word).ok()?;
    // NSD wants a digit behind the dot.
    if text.ends_with('.') {
        return None;
    }
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty()
        || whole.len() > 10
        || part.len() > places
        || !digits(whole)
        || !digits(part)
    {
        return None;
    }
    let mut padded = part.to_owned();
    padded.extend(std::iter::repeat_n('0', places - part.len()));
    format!("{whole}{padded}").parse().ok()
}

/// Centimetres as one digit and a power of ten.
fn precision(mut value: i64) -> u8 {
    let mut power = 0;
    while value >= 10 {
        value /= 10;
        power += 1;
    }
    u8::try_from(value << 4 | power).unwrap_or_default()
}

pub(super) fn write(wire: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let number = |at: usize| -> Option<i64> {
        let octets: [u8; 4] = wire.get(at..at + 4)?.try_into().ok()?;
        Some(i64::from(u32::from_be_bytes(octets)))
    };
    if wire.len() != 16 || wire[0] != 0 {
        return None;
    }
    if wire[1..4].iter().any(|b| b >> 4 > 9 || b & 15 > 9) {
        return None;
    }
    let (latitude, longitude) = (number(4)? - EQUATOR, number(8)? - EQUATOR);
    let altitude = number(12)? - 10_000_000;
    if latitude.abs() > 90 * 3_600_000 || longitude.abs() > 180 * 3_600_000 {
        return None;
    }
    let mut text = Vec::new();
    for (value, directions) in [(latitude, ["N", "S"]), (longitude, ["E", "W"])] {
        let direction = directions[usize::from(value < 0)];
        let value = value.abs();
        let (degrees, minutes) = (value / 3_600_000, value / 60_000 % 60);
        let (seconds, thousandths) = (value / 1_000 % 60, value % 1_000);
        write!(
            text,
            "{degrees} {minutes} {seconds}.{thousandths:03} {direction} "
        )
        .ok()?;
    }
    let sign = if altitude < 0 { "-" } else { "" };
    let altitude = altitude.abs();
    write!(text, "{sign}{}.{:02}m", altitude / 100, altitude % 100).ok()?;
    for octet in &wire[1..4] {
        let (digit, power) = (i64::from(octet >> 4), u32::from(octet & 15));
        let centimetres = digit * 10_i64.pow(power);
        if power >= 2 {
            write!(text, " {}m", centimetres / 100).ok()?;
        } else {
            write!(text, " {}.{:02}m", centimetres / 100, centimetres % 100).ok()?;
        }
    }
    out.extend_from_slice(&text);
    Some(())
}
