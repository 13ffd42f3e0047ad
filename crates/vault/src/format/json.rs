//! JSON.

use std::fmt::Write as _;

use crate::format::Export;

/// An object from keys to values, sorted; of two with one key the later counts.
pub(super) fn object(out: &mut String, exports: &[Export]) {
    let mut sorted: Vec<&Export> = exports.iter().collect();
    sorted.sort_by(|left, right| left.key.cmp(&right.key));
    out.push('{');
    for (at, export) in sorted.iter().enumerate() {
        let is_last_of_key = sorted.get(at + 1).is_none_or(|next| next.key != export.key);
        if !is_last_of_key {
            continue;
        }
        if !out.ends_with('{') {
            out.push(',');
        }
        out.push_str("\n  ");
        string(out, &export.key);
        out.push_str(": ");
        string(out, export.value.expose());
    }
    if !exports.is_empty() {
        out.push('\n');
    }
    out.push_str("}\n");
}

/// A string, written straight into the buffer that is overwritten later.
fn string(out: &mut String, text: &str) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\u{1F}' | '\u{7F}' => {
                write!(out, "\\u{:04x}", u32::from(char)).expect("a string takes any text");
            }
            _ => out.push(char),
        }
    }
    out.push('"');
}
