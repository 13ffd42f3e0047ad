//! POSIX shells.

use std::fmt::Write as _;

/// In single quotes, where nothing but a single quote means anything.
pub(super) fn quote(out: &mut String, value: &str) {
    out.push('\'');
    for char in value.chars() {
        match char {
            '\'' => out.push_str("'\\''"),
            _ => out.push(char),
        }
    }
    out.push('\'');
}

/// The same, unless there are control characters: then as `$'…'`, which bash and zsh know.
pub(super) fn quote_on_one_line(out: &mut String, value: &str) {
    if !value.chars().any(|char| char.is_ascii_control()) {
        return quote(out, value);
    }
    out.push_str("$'");
    for char in value.chars() {
        match char {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\'' | '\\' => out.extend(['\\', char]),
            // three digits, so that a digit behind it stays one of its own
            _ if char.is_ascii_control() => {
                write!(out, "\\{:03o}", u32::from(char)).expect("a string takes any text");
            }
            _ => out.push(char),
        }
    }
    out.push('\'');
}
