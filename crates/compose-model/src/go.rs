//! What Go's standard library does with texts, where Docker Compose shows it.

mod number;
mod path;

use std::fmt::Write as _;

pub(crate) use number::{NumberError, parse_float, parse_int};
pub(crate) use path::clean_path;

/// Go's `strconv.ParseBool`.
pub(crate) fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// Go's `%q` of a string.
pub(crate) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        let code = u32::from(character);
        // Writing to a string cannot fail.
        let _ = match character {
            '"' | '\\' => write!(out, "\\{character}"),
            '\u{7}' => write!(out, "\\a"),
            '\u{8}' => write!(out, "\\b"),
            '\u{c}' => write!(out, "\\f"),
            '\n' => write!(out, "\\n"),
            '\r' => write!(out, "\\r"),
            '\t' => write!(out, "\\t"),
            '\u{b}' => write!(out, "\\v"),
            _ if is_print(character) => write!(out, "{character}"),
            _ if code < 0x80 => write!(out, "\\x{code:02x}"),
            _ if code < 0x1_0000 => write!(out, "\\u{code:04x}"),
            _ => write!(out, "\\U{code:08x}"),
        };
    }
    out.push('"');
    out
}

/// Whether a character is printable to Go: letters, marks, numbers, punctuation, symbols and the
/// ASCII space.
fn is_print(character: char) -> bool {
    if character.is_ascii() {
        return !character.is_ascii_control();
    }
    // Rust has the same notion behind its escapes, apart from marks at the start of a text.
    let text = String::from_iter(['a', character]);
    text.escape_debug().nth(1) == Some(character)
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn quoting_is_that_of_go() {
        assert_eq!(quote("a\"\\\n\u{1}\u{7f}"), r#""a\"\\\n\x01\x7f""#);
        assert_eq!(quote("é€😀 \u{301}"), "\"é€😀 \u{301}\"");
        assert_eq!(quote("\u{2003}\u{200b}\u{a0}"), r#""\u2003\u200b\u00a0""#);
        assert_eq!(quote("\u{e0001}\u{fffd}"), "\"\\U000e0001\u{fffd}\"");
    }
}
