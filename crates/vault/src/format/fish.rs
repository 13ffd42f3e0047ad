//! fish.

/// In single quotes, where a backslash escapes itself and the quote.
pub(super) fn quote(out: &mut String, value: &str) {
    out.push('\'');
    for char in value.chars() {
        if matches!(char, '\'' | '\\') {
            out.push('\\');
        }
        out.push(char);
    }
    out.push('\'');
}
