//! `command` and `entrypoint` as text.

use std::fmt;

/// A command whose quotes or parentheses have no partner, which ends with a backslash, or which
/// has parentheses other than those of `$( )`. `Display` is the wording of Docker Compose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandError;

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("invalid command line string")
    }
}

impl std::error::Error for CommandError {}

/// The words of a `command` or `entrypoint` written as one text.
///
/// Quotes and backslashes are those of a shell, nearly: `\n` and `\t` outside single quotes are a
/// line break and a tab. Nothing is expanded; `` `…` `` and `$(…)` are kept in one piece. The text
/// ends silently where a shell would see `|`, `&`, `;`, `<` or `>`, a number in front of `>`
/// included.
///
/// # Errors
/// See [`CommandError`]. What stands behind the end is not looked at.
///
/// ```
/// use compose_model::command_words;
///
/// assert_eq!(command_words(r#"sh -c "echo 'a b'""#)?, ["sh", "-c", "echo 'a b'"]);
/// assert_eq!(command_words("serve --all | tee log")?, ["serve", "--all"]);
/// # Ok::<(), compose_model::CommandError>(())
/// ```
pub fn command_words(text: &str) -> Result<Vec<String>, CommandError> {
    let mut words = Vec::new();
    let mut word = String::new();
    // An empty word counts if it was quoted.
    let mut begun = false;
    let mut within = Within::Nothing;
    let mut escaped = false;
    for character in text.chars() {
        if escaped {
            escaped = false;
            begun = true;
            match character {
                _ if within.is_substitution() => word.extend(['\\', character]),
                't' => word.push('\t'),
                'n' => word.push('\n'),
                _ => word.push(character),
            }
            continue;
        }
        match (character, within) {
            ('\\', Within::Single) => word.push('\\'),
            ('\\', _) => escaped = true,
            (' ' | '\t' | '\r' | '\n', Within::Nothing) => {
                if begun {
                    words.push(std::mem::take(&mut word));
                    begun = false;
                }
            }
            ('"', Within::Nothing) => within = Within::Double,
            ('\'', Within::Nothing) => within = Within::Single,
            ('"', Within::Double) | ('\'', Within::Single) => {
                within = Within::Nothing;
                begun = true;
            }
            ('(', Within::Nothing) if word.ends_with('$') => {
                within = Within::Dollar;
                word.push('(');
            }
            ('(', Within::Nothing | Within::Dollar) | (')', Within::Nothing) => {
                return Err(CommandError);
            }
            (';' | '&' | '|' | '<' | '>', Within::Nothing) => {
                let descriptor = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
                if character == '>' && descriptor {
                    begun = false;
                }
                break;
            }
            _ => {
                within = match (character, within) {
                    (')', Within::Dollar) | ('`', Within::Backtick) => Within::Nothing,
                    ('`', Within::Nothing) => Within::Backtick,
                    _ => within,
                };
                word.push(character);
                begun = true;
            }
        }
    }
    if escaped || within != Within::Nothing {
        return Err(CommandError);
    }
    if begun {
        words.push(word);
    }
    Ok(words)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Nothing,
    Single,
    Double,
    Backtick,
    /// `$( )`.
    Dollar,
}

impl Within {
    fn is_substitution(self) -> bool {
        matches!(self, Self::Backtick | Self::Dollar)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{CommandError, command_words};

    #[track_caller]
    fn gives(cases: &[(&str, &[&str])]) {
        for (text, expected) in cases {
            let words = command_words(text).unwrap_or_else(|_| panic!("{text}"));
            assert_eq!(words, *expected, "{text}");
        }
    }

    #[test]
    fn words_and_quotes() {
        gives(&[
            ("", &[]),
            ("   ", &[]),
            (" a  b ", &["a", "b"]),
            ("a\tb\nc\rd", &["a", "b", "c", "d"]),
            ("a\u{b}b\u{a0}c", &["a\u{b}b\u{a0}c"]),
            ("a 'b c' d", &["a", "b c", "d"]),
            ("a \"b c\" d", &["a", "b c", "d"]),
            ("a '' b", &["a", "", "b"]),
            ("''", &[""]),
            ("a''b", &["ab"]),
            ("a\"b\"'c'", &["abc"]),
            ("\"a' b\" '\"'", &["a' b", "\""]),
            ("a #b", &["a", "#b"]),
            ("a$b ${c}", &["a$b", "${c}"]),
            ("A=b c", &["A=b", "c"]),
        ]);
    }

    #[test]
    fn backslashes() {
        gives(&[
            (r"a\ b", &["a b"]),
            (r"a\nb \t", &["a\nb", "\t"]),
            (r"'a\nb\'", &[r"a\nb\"]),
            (r#""a\nb\"c\a""#, &["a\nb\"ca"]),
            (r"\\", &[r"\"]),
            ("a \\\nb", &["a", "\nb"]),
            (r"a \| b\;c", &["a", "|", "b;c"]),
            (r"'a'\''b'", &["a'b"]),
            (r"\(a\)", &["(a)"]),
            (r"2\>x", &["2>x"]),
        ]);
    }

    #[test]
    fn the_text_ends_at_an_operator() {
        gives(&[
            ("a|b", &["a"]),
            ("a & b", &["a"]),
            ("a;b", &["a"]),
            ("a &&b ) '", &["a"]),
            ("a <b", &["a"]),
            ("a > b", &["a"]),
            ("a 2>&1", &["a"]),
            ("2>b", &[]),
            ("'2'>x", &[]),
            ("a x2>b", &["a", "x2"]),
            ("٣>x", &["٣"]),
            ("|", &[]),
            ("a 'b'|c", &["a", "b"]),
            ("a '|' \"&\"", &["a", "|", "&"]),
        ]);
    }

    #[test]
    fn substitutions_stay_in_one_piece() {
        gives(&[
            ("`a b` c", &["`a b`", "c"]),
            ("`a|(b` \"`c\"", &["`a|(b`", "`c"]),
            (r"`\n\`` $(\t)", &[r"`\n\``", r"$(\t)"]),
            ("x$(a|b)y z", &["x$(a|b)y", "z"]),
            ("$(\"a\" '`)", &["$(\"a\" '`)"]),
            (r"\$(a)", &["$(a)"]),
            ("\"$\"(a)", &["$(a)"]),
            ("\"$(x y)\" '(z)'", &["$(x y)", "(z)"]),
        ]);
    }

    #[test]
    fn errors() {
        for text in [
            "a '",
            "a \"b",
            "`a",
            "$(a",
            "a\\",
            "\\",
            "(a)",
            "a(b)",
            "a)",
            "a ) b )",
            "$(a(b))",
            "$(b $(c))",
            "$('a)')",
            r"$\(a)",
            r"\$(a\)",
            "a $(b) )",
        ] {
            assert_eq!(command_words(text), Err(CommandError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "([ab \n\\\\'\"`$()|&;<>0-9]|.){0,30}") {
            drop(command_words(&text));
        }

        #[test]
        fn quoted_words_come_back(words in proptest::collection::vec("[^']{0,10}", 0..5)) {
            let text: Vec<_> = words.iter().map(|word| format!("'{word}'")).collect();
            prop_assert_eq!(command_words(&text.join(" ")), Ok(words));
        }
    }
}
