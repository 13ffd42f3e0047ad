//! `.env` files, as Docker Compose, a shell that sources them and most libraries read them.

/// As it is when it is harmless; in single quotes when they can hold it, where all readers agree;
/// else in double quotes.
///
/// There the readers part: a carriage return is an escape for Compose and two characters for a
/// shell, and so is a back-tick, which is an octal escape since a shell would run what is between
/// two of them. Compose gets the value as it is, a shell another one, and nobody runs anything.
pub(super) fn quote(out: &mut String, value: &str) {
    let is_harmless = |char: char| char.is_ascii_alphanumeric() || "_-./:@%+,=^".contains(char);
    if !value.is_empty() && value.chars().all(is_harmless) {
        out.push_str(value);
    } else if !value.contains(['\'', '\r']) && !value.ends_with('\\') {
        out.extend(["'", value, "'"]);
    } else {
        out.push('"');
        for char in value.chars() {
            match char {
                '"' | '\\' | '$' => out.extend(['\\', char]),
                '\r' => out.push_str("\\r"),
                '`' => out.push_str("\\0140"),
                _ => out.push(char),
            }
        }
        out.push('"');
    }
}
