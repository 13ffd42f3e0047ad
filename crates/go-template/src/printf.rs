//! Go's `Sprintf`.

use std::fmt::Write as _;

use go_std::strconv::{fixed, general, is_print, not_finite, quote, quote_with, scientific};

use crate::format::between;
use crate::options::Meter;
use crate::{Data, Trouble};

/// The flags of a verb.
#[derive(Default)]
struct Flags {
    minus: bool,
    plus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
}

/// Go's `Sprintf`. Wrong verbs and arguments are written into the text as Go does:
/// `%!d(string=x)`.
pub(crate) fn printf(meter: &mut Meter, format: &str, values: &[Data]) -> Result<String, Trouble> {
    let mut out = String::new();
    let mut next = 0;
    let mut reordered = false;
    let mut rest = format;
    while let Some(percent) = rest.find('%') {
        out.push_str(&rest[..percent]);
        rest = &rest[percent + 1..];
        let mut flags = Flags::default();
        while let Some(flag) = rest.chars().next().filter(|c| "-+# 0".contains(*c)) {
            match flag {
                '-' => flags.minus = true,
                '+' => flags.plus = true,
                '#' => flags.sharp = true,
                ' ' => flags.space = true,
                _ => flags.zero = true,
            }
            rest = &rest[1..];
        }
        let mut bad_index = index(&mut rest, &mut next, &mut reordered, values.len());
        if let Some(after) = rest.strip_prefix('*') {
            rest = after;
            match values.get(next) {
                Some(Data::Int(width)) if width.unsigned_abs() <= 1_000_000 => {
                    flags.minus |= *width < 0;
                    flags.width = usize::try_from(width.unsigned_abs()).unwrap_or(0);
                }
                _ => out.push_str("%!(BADWIDTH)"),
            }
            next += 1;
        } else {
            flags.width = number(&mut rest);
        }
        if let Some(after) = rest.strip_prefix('.') {
            rest = after;
            bad_index |= index(&mut rest, &mut next, &mut reordered, values.len());
            if let Some(after) = rest.strip_prefix('*') {
                rest = after;
                match values.get(next) {
                    Some(Data::Int(precision)) if (0..=1_000_000).contains(precision) => {
                        flags.precision = usize::try_from(*precision).ok();
                    }
                    _ => out.push_str("%!(BADPREC)"),
                }
                next += 1;
            } else {
                flags.precision = Some(number(&mut rest));
            }
        }
        bad_index |= index(&mut rest, &mut next, &mut reordered, values.len());
        let Some(verb) = rest.chars().next() else {
            out.push_str("%!(NOVERB)");
            break;
        };
        rest = &rest[verb.len_utf8()..];
        if verb == '%' {
            out.push('%');
        } else if bad_index {
            let _infallible = write!(out, "%!{verb}(BADINDEX)");
        } else if let Some(value) = values.get(next) {
            next += 1;
            let digits = flags.width + flags.precision.unwrap_or(0);
            let size = value.weight().size;
            meter.charge(digits.saturating_mul(1 + size / 64) + size * 4)?;
            one(verb, value, &flags, &mut out);
        } else {
            let _infallible = write!(out, "%!{verb}(MISSING)");
        }
    }
    out.push_str(if rest.contains('%') { "" } else { rest });
    if !reordered && next < values.len() {
        out.push_str("%!(EXTRA ");
        for (at, value) in values[next..].iter().enumerate() {
            if at > 0 {
                out.push_str(", ");
            }
            match value {
                Data::Nil => out.push_str("<nil>"),
                value => {
                    let _infallible = write!(out, "{}={value}", value.type_name());
                }
            }
        }
        out.push(')');
    }
    Ok(out)
}

/// `[3]`: which value is meant. Returns whether there is none of that number.
fn index(rest: &mut &str, next: &mut usize, reordered: &mut bool, count: usize) -> bool {
    let Some(after) = rest.strip_prefix('[') else {
        return false;
    };
    *reordered = true;
    let Some((digits, after)) = after.split_once(']') else {
        *rest = &rest[1..];
        return true;
    };
    *rest = after;
    match digits.parse::<usize>() {
        Ok(at) if at >= 1 && at <= count => {
            *next = at - 1;
            false
        }
        _ => true,
    }
}

fn number(rest: &mut &str) -> usize {
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let value = rest[..end].parse().unwrap_or(0);
    *rest = &rest[end..];
    if value > 1_000_000 { 0 } else { value }
}

/// One verb with its value.
fn one(verb: char, value: &Data, flags: &Flags, out: &mut String) {
    match (verb, value) {
        ('T', value) => pad(value.type_name(), flags, false, out),
        ('v', Data::Nil) => pad("<nil>", flags, false, out),
        (_, Data::List(_, items)) => {
            between(out, '[', ']', items, |item, out| {
                inner(verb, item, flags, out);
            });
        }
        (_, Data::Dict(_) | Data::Texts(_) | Data::Map(_)) => {
            let entries = value.entries().unwrap_or_default();
            out.push_str("map");
            between(out, '[', ']', &entries, |(key, value), out| {
                one(verb, &Data::Text(key.clone()), flags, out);
                out.push(':');
                inner(verb, value, flags, out);
            });
        }
        ('v', Data::Text(text)) if flags.sharp => pad(&quote(text), flags, false, out),
        ('v' | 's', Data::Text(text)) => pad(&cut(text, flags), flags, false, out),
        ('q', Data::Text(text)) => {
            let text = cut(text, flags);
            let raw = flags.sharp && !text.contains('`') && !text.chars().any(char::is_control);
            let text = if raw {
                format!("`{text}`")
            } else {
                quote_with(&text, '"', flags.plus)
            };
            pad(&text, flags, false, out);
        }
        ('x' | 'X', Data::Text(text)) => {
            let text = hexadecimal(text, verb, flags);
            pad(&text, flags, false, out);
        }
        ('v' | 't', Data::Bool(flag)) => pad(&flag.to_string(), flags, false, out),
        (_, Data::Int(_) | Data::Long(_) | Data::Byte(_)) if "vdboOxXcqU".contains(verb) => {
            integer(verb, value.as_int(), flags, out);
        }
        (_, Data::Float(float)) if "vgGeEfF".contains(verb) => floating(verb, *float, flags, out),
        ('v', value) => pad(&value.to_string(), flags, false, out),
        (verb, Data::Nil) => {
            let _infallible = write!(out, "%!{verb}(<nil>)");
        }
        (verb, value) => {
            let _infallible = write!(out, "%!{verb}({}={value})", value.type_name());
        }
    }
}

/// One value in another, where an absent one is none for the verb.
fn inner(verb: char, value: &Data, flags: &Flags, out: &mut String) {
    match value {
        Data::Nil => pad("<nil>", flags, false, out),
        value => one(verb, value, flags, out),
    }
}

fn cut(text: &str, flags: &Flags) -> String {
    match flags.precision {
        Some(precision) => text.chars().take(precision).collect(),
        None => text.to_owned(),
    }
}

fn hexadecimal(text: &str, verb: char, flags: &Flags) -> String {
    let bytes = text.as_bytes();
    let bytes = &bytes[..flags.precision.unwrap_or(bytes.len()).min(bytes.len())];
    let mut out = String::new();
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 && flags.space {
            out.push(' ');
        }
        if flags.sharp && (at == 0 || flags.space) {
            out.push('0');
            out.push(verb);
        }
        let _infallible = match verb {
            'x' => write!(out, "{byte:02x}"),
            _ => write!(out, "{byte:02X}"),
        };
    }
    out
}

fn integer(verb: char, value: i64, flags: &Flags, out: &mut String) {
    let character = || u32::try_from(value).ok().and_then(char::from_u32);
    match verb {
        'c' => {
            let character = character().unwrap_or(char::REPLACEMENT_CHARACTER);
            return pad(&character.to_string(), flags, false, out);
        }
        'q' => {
            let character = character().unwrap_or(char::REPLACEMENT_CHARACTER);
            let text = quote_with(&character.to_string(), '\'', flags.plus);
            return pad(&text, flags, false, out);
        }
        'U' => {
            let mut text = format!("U+{value:04X}");
            if let Some(character) = character().filter(|c| flags.sharp && is_print(*c)) {
                let _infallible = write!(text, " '{character}'");
            }
            return pad(&text, flags, false, out);
        }
        _ => {}
    }
    let magnitude = value.unsigned_abs();
    let mut digits = match verb {
        'b' => format!("{magnitude:b}"),
        'o' | 'O' => format!("{magnitude:o}"),
        'x' => format!("{magnitude:x}"),
        'X' => format!("{magnitude:X}"),
        _ => magnitude.to_string(),
    };
    if let Some(precision) = flags.precision {
        if precision == 0 && value == 0 {
            return pad("", flags, false, out);
        }
        digits = zeros(&digits, precision);
    }
    let prefix = match verb {
        'O' => "0o",
        'b' if flags.sharp => "0b",
        'o' if flags.sharp && !digits.starts_with('0') => "0",
        'x' if flags.sharp => "0x",
        'X' if flags.sharp => "0X",
        _ => "",
    };
    let sign = sign(value < 0, flags);
    if flags.zero && !flags.minus && flags.precision.is_none() {
        let width = flags.width.saturating_sub(sign.len());
        digits = zeros(&digits, width);
    }
    pad(&format!("{sign}{prefix}{digits}"), flags, true, out);
}

fn sign(negative: bool, flags: &Flags) -> &'static str {
    if negative {
        "-"
    } else if flags.plus {
        "+"
    } else if flags.space {
        " "
    } else {
        ""
    }
}

fn floating(verb: char, value: f64, flags: &Flags, out: &mut String) {
    let magnitude = value.abs();
    let precision = flags.precision;
    let mut text = match verb {
        'e' | 'E' => scientific(magnitude, precision.unwrap_or(6)),
        'f' | 'F' => match not_finite(magnitude) {
            Some(text) => text.to_owned(),
            None => fixed(magnitude, precision.unwrap_or(6)),
        },
        _ => general(magnitude, precision),
    };
    if matches!(verb, 'E' | 'G') {
        text = text.to_uppercase();
    }
    let sign = sign(value.is_sign_negative(), flags);
    let text = text.trim_start_matches('+');
    let finite = value.is_finite();
    if flags.zero && !flags.minus && finite {
        let width = flags.width.saturating_sub(sign.len());
        return pad(&format!("{sign}{}", zeros(text, width)), flags, true, out);
    }
    let sign = if value.is_infinite() && sign.is_empty() {
        "+"
    } else {
        sign
    };
    pad(&format!("{sign}{text}"), flags, true, out);
}

fn pad(text: &str, flags: &Flags, number: bool, out: &mut String) {
    let missing = flags.width.saturating_sub(text.chars().count());
    let fill = if flags.zero && !number { '0' } else { ' ' };
    // Rust's own padding ends at 65,535.
    if flags.minus {
        out.push_str(text);
        out.extend(std::iter::repeat_n(' ', missing));
    } else {
        out.extend(std::iter::repeat_n(fill, missing));
        out.push_str(text);
    }
}

/// Digits with zeros in front, up to a width.
fn zeros(digits: &str, width: usize) -> String {
    "0".repeat(width.saturating_sub(digits.len())) + digits
}
