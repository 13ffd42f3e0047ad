//! Texts and numbers between quotes and in digits, as Go's package `strconv` converts them.

use std::fmt::Write as _;

/// A text in double quotes, as `strconv.Quote` and `%q` write it.
pub fn quote(text: &str) -> String {
    quote_with(text, '"', false)
}

/// A text in the given quotes; with `ascii`, everything beyond ASCII is escaped, as
/// `strconv.QuoteToASCII` does.
pub fn quote_with(text: &str, quote: char, ascii: bool) -> String {
    let mut out = String::from(quote);
    for character in text.chars() {
        escaped(character, quote, ascii, &mut out);
    }
    out.push(quote);
    out
}

fn escaped(character: char, quote: char, ascii: bool, out: &mut String) {
    match character {
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{b}' => out.push_str("\\v"),
        '\\' => out.push_str("\\\\"),
        same if same == quote => {
            out.push('\\');
            out.push(same);
        }
        same if is_print(same) && (same.is_ascii() || !ascii) => out.push(same),
        other => {
            let code = u32::from(other);
            let _infallible = match code {
                0..=0x7f => write!(out, "\\x{code:02x}"),
                0x80..=0xffff => write!(out, "\\u{code:04x}"),
                _ => write!(out, "\\U{code:08x}"),
            };
        }
    }
}

/// Whether Go takes a character for printable, as `strconv.IsPrint`: letters, marks, numbers,
/// punctuation, symbols and the ASCII blank.
pub fn is_print(character: char) -> bool {
    if character.is_ascii() {
        return !character.is_ascii_control();
    }
    // Rust has the same notion behind its escapes, apart from marks at the start of a text.
    let text = String::from_iter(['a', character]);
    text.escape_debug().nth(1) == Some(character)
}

/// The shortest decimal that is this number, as `%v` and `%g` write it: with an exponent when that
/// is below -4 or above 5.
pub fn float(number: f64) -> String {
    general(number, None)
}

/// `%g` with so many significant digits, or as many as it takes.
pub fn general(number: f64, precision: Option<usize>) -> String {
    if let Some(text) = not_finite(number) {
        return text.to_owned();
    }
    let scientific = match precision {
        Some(digits) => format!("{number:.*e}", digits.clamp(1, MOST_DIGITS) - 1),
        None => format!("{number:e}"),
    };
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let mut digits = mantissa.to_owned();
    if digits.contains('.') {
        digits.truncate(digits.trim_end_matches('0').trim_end_matches('.').len());
    }
    let count = digits.bytes().filter(u8::is_ascii_digit).count();
    let count = i32::try_from(count).unwrap_or(i32::MAX);
    let limit = match precision {
        None => 6,
        Some(precision) => {
            let precision = i32::try_from(precision.max(1)).unwrap_or(i32::MAX);
            // All digits are written anyway.
            if precision > count && count > exponent {
                count
            } else {
                precision
            }
        }
    };
    if exponent < -4 || exponent >= limit {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    let after = usize::try_from(count - 1 - exponent).unwrap_or(0);
    format!("{number:.after$}")
}

/// `NaN`, `+Inf` and `-Inf`; nothing for other numbers.
pub fn not_finite(number: f64) -> Option<&'static str> {
    if number.is_nan() {
        Some("NaN")
    } else if number.is_infinite() {
        Some(if number > 0.0 { "+Inf" } else { "-Inf" })
    } else {
        None
    }
}

/// Beyond so many digits behind the point or the first digit, those of every number are zeros.
const MOST_DIGITS: usize = 1_100;

/// `%f` with so many digits behind the point; the number must be finite.
pub fn fixed(number: f64, precision: usize) -> String {
    let exact = precision.min(MOST_DIGITS);
    format!("{number:.exact$}") + &"0".repeat(precision - exact)
}

/// `%e` with so many digits behind the point.
pub fn scientific(number: f64, precision: usize) -> String {
    if let Some(text) = not_finite(number) {
        return text.to_owned();
    }
    let exact = precision.min(MOST_DIGITS);
    let text = format!("{number:.exact$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if exponent < 0 { '-' } else { '+' };
    let zeros = "0".repeat(precision - exact);
    format!("{mantissa}{zeros}e{sign}{:02}", exponent.abs())
}

/// A whole number, as `strconv.ParseInt` reads it into 64 bits; base 0 means that the text says, by
/// `0x`, `0o`, `0b`, `0` and with `_` between digits. `None` for what is none or too large.
pub fn integer(text: &str, base: u32) -> Option<i64> {
    let (negative, mut digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut base = base;
    let plain;
    if base == 0 {
        base = 10;
        let mut prefixed = false;
        for (prefix, its) in [
            ("0x", 16),
            ("0X", 16),
            ("0b", 2),
            ("0B", 2),
            ("0o", 8),
            ("0O", 8),
        ] {
            if let Some(rest) = digits.strip_prefix(prefix) {
                (base, digits, prefixed) = (its, rest, true);
                break;
            }
        }
        if base == 10 && digits.len() > 1 && digits.starts_with('0') {
            (base, digits, prefixed) = (8, &digits[1..], true);
        }
        let misplaced = digits.ends_with('_')
            || digits.contains("__")
            || (digits.starts_with('_') && !prefixed);
        if misplaced {
            return None;
        }
        plain = digits.replace('_', "");
        digits = &plain;
    }
    if digits.is_empty() || digits.starts_with(['+', '-']) {
        return None;
    }
    let magnitude = i128::from(u64::from_str_radix(digits, base).ok()?);
    i64::try_from(if negative { -magnitude } else { magnitude }).ok()
}

/// The text of a literal with its quotes, of any of the three kinds, as `strconv.Unquote` reads it
/// — but for bytes that are no text, which become replacement characters.
pub fn unquote(literal: &str) -> Option<String> {
    let quote = *literal.as_bytes().first()?;
    let inner = literal.get(1..literal.len().checked_sub(1)?)?;
    if quote == b'`' {
        return Some(inner.replace('\r', ""));
    }
    let mut bytes: Vec<u8> = Vec::with_capacity(inner.len());
    let mut at = 0;
    while let Some(character) = inner[at..].chars().next() {
        if character == '\\' {
            at += escape(&inner[at..], quote, &mut bytes)?;
        } else {
            bytes.extend(character.encode_utf8(&mut [0; 4]).bytes());
            at += character.len_utf8();
        }
    }
    // Bytes that are no text are nothing that a label could hold.
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads an escape between quotes and appends what it means; returns its length, or `None` if it is
/// none of Go's.
pub fn escape(text: &str, quote: u8, bytes: &mut Vec<u8>) -> Option<usize> {
    let code = text.as_bytes().get(1)?;
    let simple = match code {
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        b'\\' => *code,
        same if *same == quote => quote,
        b'0'..=b'7' => {
            let value = u16::from_str_radix(text.get(1..4)?, 8).ok()?;
            bytes.push(u8::try_from(value).ok()?);
            return Some(4);
        }
        b'x' => {
            bytes.push(u8::from_str_radix(text.get(2..4)?, 16).ok()?);
            return Some(4);
        }
        b'u' | b'U' => {
            let length = if *code == b'u' { 4 } else { 8 };
            let value = u32::from_str_radix(text.get(2..2 + length)?, 16).ok()?;
            let character = char::from_u32(value)?;
            bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            return Some(2 + length);
        }
        _ => return None,
    };
    bytes.push(simple);
    Some(2)
}

#[cfg(test)]
mod tests {
    use super::{float, general, integer, quote, quote_with, unquote};

    #[test]
    fn quoting_is_that_of_go() {
        assert_eq!(
            quote("a\"b\\c\n\té'\u{1}\u{7f}"),
            r#""a\"b\\c\n\té'\x01\x7f""#
        );
        assert_eq!(quote("é€😀 \u{301}"), "\"é€😀 \u{301}\"");
        assert_eq!(quote("\u{2003}\u{200b}\u{a0}"), r#""\u2003\u200b\u00a0""#);
        assert_eq!(quote("\u{e0001}\u{10ffff}"), r#""\U000e0001\U0010ffff""#);
        assert_eq!(quote_with("é'", '\'', true), r"'\u00e9\''");
        for text in ["", "a\"b", "\u{1}é\u{10ffff}\n\\"] {
            assert_eq!(unquote(&quote(text)).as_deref(), Some(text));
        }
        assert_eq!(unquote(r#""\q""#), None);
    }

    #[test]
    fn numbers_are_those_of_go() {
        for (number, text) in [(1.0, "1"), (1e6, "1e+06"), (1e-5, "1e-05"), (0.1, "0.1")] {
            assert_eq!(float(number), text);
        }
        assert_eq!(general(1234.5678, Some(3)), "1.23e+03");
        for (text, base, number) in [
            ("0x1f", 0, Some(31)),
            ("017", 0, Some(15)),
            ("017", 10, Some(17)),
            ("1_000", 0, Some(1000)),
            ("1__0", 0, None),
            ("-9223372036854775808", 10, Some(i64::MIN)),
            ("9223372036854775808", 10, None),
            ("", 10, None),
            ("+-1", 10, None),
        ] {
            assert_eq!(integer(text, base), number, "{text}");
        }
    }
}
