//! Splitting a line into words and quoting a word, in the manner of a POSIX shell.
//!
//! This is the grammar of `$(…)` and of the arguments of a `docker` task. Nothing is expanded:
//! `$`, `*`, `~`, `|` and `>` are ordinary characters.
//!
//! `frostyeti/cast` v0.3.2 has a splitter of its own: quotes count only at the start of a word and
//! end it, the backslash stays in the text, tabs are removed and `""` vanishes. Here quotes may
//! stand anywhere in a word (`--x="c d"` is one word), escapes are resolved, any blank separates
//! and `""` is an empty word.

use std::borrow::Cow;

/// Why a text could not be split.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WordsError {
    /// A quote was opened and never closed.
    #[error("no closing `{quote}` for the quote opened here")]
    UnterminatedQuote {
        /// The quote character, `'` or `"`.
        quote: char,
        /// Byte offset of the opening quote.
        offset: usize,
    },
    /// The text ends in a backslash which has nothing to escape.
    #[error("the text ends in a lone `\\`")]
    TrailingBackslash {
        /// Byte offset of the backslash.
        offset: usize,
    },
}

impl WordsError {
    /// The byte offset in the text at which the problem starts.
    pub fn offset(&self) -> usize {
        match self {
            Self::UnterminatedQuote { offset, .. } | Self::TrailingBackslash { offset } => *offset,
        }
    }
}

/// Splits `text` into words.
///
/// Blanks, tabs and newlines separate words. Within `'…'` every character stands for itself.
/// Within `"…"` a backslash escapes `"`, `\`, `$`, `` ` `` and a newline (which is removed), and is
/// kept before anything else. Outside quotes a backslash makes the next character ordinary; before
/// a newline both are removed. Quotes may begin and end inside a word, and empty quotes make an
/// empty word.
///
/// # Errors
///
/// [`WordsError`] with the byte offset when a quote stays open or the text ends in a backslash.
pub fn split(text: &str) -> Result<Vec<String>, WordsError> {
    split_with(text, |_| Ok(None))
}

/// What a hook of [`split_with`] puts in place of a stretch of the text.
pub(crate) struct Replacement {
    /// Goes into the current word as it is; blanks in it do not separate.
    pub(crate) value: String,
    /// Byte offset in the text at which splitting goes on.
    pub(crate) end: usize,
}

/// [`split`], asking `hook` about each `$` and `\` (given its byte offset), in quotes or not.
pub(crate) fn split_with<E: From<WordsError>>(
    text: &str,
    mut hook: impl FnMut(usize) -> Result<Option<Replacement>, E>,
) -> Result<Vec<String>, E> {
    let mut words = Vec::new();
    let mut word = String::new();
    // a word may be there and still be empty: `""`
    let mut in_word = false;
    let mut quote: Option<(char, usize)> = None;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if matches!(c, '$' | '\\')
            && let Some(replacement) = hook(at)?
        {
            in_word |= !replacement.value.is_empty();
            word.push_str(&replacement.value);
            at = replacement.end.max(at + 1);
            continue;
        }
        let next = text[at + c.len_utf8()..].chars().next();
        let here = at;
        at += c.len_utf8();
        match (quote, c) {
            (Some((open, _)), _) if c == open => quote = None,
            (Some(('"', _)), '\\') => match next {
                Some('\n') => at += 1,
                Some(escaped @ ('"' | '\\' | '$' | '`')) => {
                    word.push(escaped);
                    at += 1;
                }
                _ => word.push(c),
            },
            (Some(_), _) => word.push(c),
            (None, '\'' | '"') => {
                quote = Some((c, here));
                in_word = true;
            }
            (None, '\\') => match next {
                None => return Err(WordsError::TrailingBackslash { offset: here }.into()),
                Some('\n') => at += 1,
                Some(escaped) => {
                    word.push(escaped);
                    in_word = true;
                    at += escaped.len_utf8();
                }
            },
            (None, ' ' | '\t' | '\n' | '\r') => {
                if in_word {
                    words.push(std::mem::take(&mut word));
                    in_word = false;
                }
            }
            (None, _) => {
                word.push(c);
                in_word = true;
            }
        }
    }
    if let Some((quote, offset)) = quote {
        return Err(WordsError::UnterminatedQuote { quote, offset }.into());
    }
    if in_word {
        words.push(word);
    }
    Ok(words)
}

/// Writes `word` so that [`split`] and any POSIX shell read it back as this one word.
///
/// A word of harmless characters is returned as it is, anything else in single quotes.
pub fn quote(word: &str) -> Cow<'_, str> {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+,=".contains(c);
    if !word.is_empty() && word.chars().all(harmless) {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn splits_as_a_posix_shell_does() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            ("  \t ", &[]),
            ("a b\tc\nd", &["a", "b", "c", "d"]),
            (r#"--x="c d" e"#, &["--x=c d", "e"]),
            (r#""a"b'c'"#, &["abc"]),
            (r#"x "" '' y"#, &["x", "", "", "y"]),
            (
                r#""it\"s" "a\nb" "c\\d" "\$e""#,
                &[r#"it"s"#, r"a\nb", r"c\d", "$e"],
            ),
            (r"'a\b' c\ d \'e", &[r"a\b", "c d", "'e"]),
            ("a\\\nb \"c\\\nd\"", &["ab", "cd"]),
            ("é 'ü ß' | > *", &["é", "ü ß", "|", ">", "*"]),
        ];
        for (text, expected) in cases {
            assert_eq!(split(text).unwrap(), *expected, "{text:?}");
        }
    }

    #[test]
    fn says_where_a_quote_was_opened() {
        assert_eq!(
            split("é 'x"),
            Err(WordsError::UnterminatedQuote {
                quote: '\'',
                offset: 3
            })
        );
        assert_eq!(split("a\"b'").unwrap_err().offset(), 1);
        assert_eq!(
            split(r"ab\"),
            Err(WordsError::TrailingBackslash { offset: 2 })
        );
        assert_eq!(
            split("\"").unwrap_err().to_string(),
            "no closing `\"` for the quote opened here"
        );
    }

    #[test]
    fn quotes_only_what_needs_it() {
        assert_eq!(quote("a/b-c.yaml"), "a/b-c.yaml");
        assert_eq!(quote(""), "''");
        assert_eq!(quote("a b"), "'a b'");
        assert_eq!(quote("it's"), r"'it'\''s'");
        assert_eq!(quote("~"), "'~'");
    }

    proptest! {
        #[test]
        fn a_quoted_word_splits_to_itself(words in prop::collection::vec(any::<String>(), 0..4)) {
            let line = words.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" ");
            prop_assert_eq!(split(&line).unwrap(), words);
        }

        #[test]
        fn never_panics(text in "[ab$\\\\'\" \n\té]{0,24}|.*") {
            if let Err(error) = split(&text) {
                prop_assert!(text.is_char_boundary(error.offset()));
            }
        }
    }
}
