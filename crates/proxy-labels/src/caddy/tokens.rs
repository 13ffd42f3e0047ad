//! Label values as words.

/// A value as words, by the rules of the Caddyfile, except that a line end is a blank like any
/// other.
///
/// Words stand between blanks, in double quotes (where `\"` is a quote and any other backslash
/// itself) or in backticks. `#` at the start of a word hides the rest of the line. A quote that
/// does not end runs to the end of the value.
pub(crate) fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote: Option<char> = None;
    let mut escaped = false;
    let mut comment = false;
    // A byte order mark is dropped.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for character in text.chars() {
        if character == '\\' && !escaped && quote != Some('`') {
            escaped = true;
            continue;
        }
        if let Some(open) = quote {
            if open == '"' && escaped {
                if character != '"' {
                    word.push('\\');
                }
                escaped = false;
                word.push(character);
            } else if character == open {
                words.push(std::mem::take(&mut word));
                quote = None;
                escaped = false;
            } else {
                word.push(character);
            }
            continue;
        }
        if character.is_whitespace() {
            if character == '\r' {
                continue;
            }
            if character == '\n' {
                comment = false;
                escaped = false;
            }
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
                escaped = false;
            }
            continue;
        }
        if character == '#' && word.is_empty() {
            comment = true;
        }
        if comment {
            continue;
        }
        if word.is_empty() && matches!(character, '"' | '`') {
            quote = Some(character);
            continue;
        }
        if std::mem::take(&mut escaped) {
            word.push('\\');
        }
        word.push(character);
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn words_quotes_and_comments() {
        for (value, expected) in [
            ("a b\tc\nd", vec!["a", "b", "c", "d"]),
            ("\"a b c d\" \"abcd\"", vec!["a b c d", "abcd"]),
            ("`{\"some\":\"json\"}`", vec!["{\"some\":\"json\"}"]),
            (r#""a\"b""#, vec!["a\"b"]),
            (r#""a\nb""#, vec![r"a\nb"]),
            ("\"a", vec!["a"]),
            ("a\"", vec!["a\""]),
            ("a # b\nc", vec!["a", "c"]),
            ("a#b", vec!["a#b"]),
            ("X-A \"\"", vec!["X-A", ""]),
            (r"a\b \c", vec![r"a\b", r"\c"]),
            ("", vec![]),
        ] {
            assert_eq!(split(value), expected, "{value}");
        }
    }
}
