//! One value back to text.

/// Writes `value` so that [`parse`](super::parse) followed by [`expand`](crate::expand::expand)
/// gives it back, whatever it contains: as it is when it is harmless, else in quotes.
///
/// A `$` is doubled, since quotes do not protect it.
pub fn quote(value: &str) -> String {
    let escaped = escape_dollars(value);
    let harmless = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+,=$".contains(c);
    if escaped.chars().all(harmless) {
        return escaped;
    }
    let single = !escaped.contains(['\'', '\n', '\r']) && !escaped.ends_with('\\');
    if single {
        return format!("'{escaped}'");
    }
    let mut quoted = String::with_capacity(escaped.len() + 2);
    quoted.push('"');
    for c in escaped.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Makes every `$` survive expansion. After a backslash it must be `\$`: `\$$` would be read as
/// `\$` and a second dollar.
fn escape_dollars(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    let mut before = '\0';
    for c in value.chars() {
        if c == '$' {
            escaped.push(if before == '\\' { '\\' } else { '$' });
        }
        escaped.push(c);
        before = c;
    }
    escaped
}
