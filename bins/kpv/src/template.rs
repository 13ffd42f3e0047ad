//! Texts with `kpv://KEY` in them.
//!
//! A reference stands alone, `kpv://shop/db-password`, and reaches as far as letters, digits and
//! `/ _ - .` do; or in braces, `{{ kpv://shop/db password | url }}`, where the key may have any
//! characters, and one of four filters says how the value is written.

use std::fmt::Write as _;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vault::Secret;
use yaml_tree::{Diagnostic, Source};

const SCHEME: &str = "kpv://";

/// One reference.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    /// Where it stands, braces included, in bytes.
    pub(crate) range: Range<usize>,
    /// The key of the secret, or of a field of it: `shop/db/username`.
    pub(crate) key: String,
    pub(crate) filter: Filter,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filter {
    /// As it is.
    None,
    /// As a JSON string with its quotes, which YAML reads as well.
    Json,
    /// As one word of a POSIX shell.
    Sh,
    /// In base64.
    Base64,
    /// Fit for a part of an address: all but letters, digits and `-._~` escaped.
    Url,
}

/// All references of a text. All mistakes are told at once.
pub(crate) fn references(source: &Source) -> Result<Vec<Reference>, Vec<Diagnostic>> {
    let text = source.text();
    let mut found = Vec::new();
    let mut problems = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(SCHEME).map(|start| at + start) {
        let open = text[at..start].trim_end_matches([' ', '\t']);
        let reference = if open.ends_with("{{") {
            braced(text, at + open.len() - 2, start)
        } else {
            bare(text, start)
        };
        match reference {
            Ok(reference) => {
                at = reference.range.end;
                found.push(reference);
            }
            Err((range, message)) => {
                at = range.end.max(start + SCHEME.len());
                problems.push(
                    Diagnostic::error("kpv::reference", message)
                        .primary(source.span(range.start, range.end), "here"),
                );
            }
        }
    }
    if problems.is_empty() {
        Ok(found)
    } else {
        Err(problems)
    }
}

type Problem = (Range<usize>, String);

fn bare(text: &str, start: usize) -> Result<Reference, Problem> {
    let rest = &text[start + SCHEME.len()..];
    let is_part = |char: char| char.is_alphanumeric() || "/_-.".contains(char);
    let length = rest.find(|char| !is_part(char)).unwrap_or(rest.len());
    // a full stop behind it ends the sentence
    let key = rest[..length].trim_end_matches(['.', '/']);
    let range = start..start + SCHEME.len() + key.len();
    if key.is_empty() {
        return Err((range, "`kpv://` without a key".to_owned()));
    }
    Ok(Reference {
        range,
        key: key.to_owned(),
        filter: Filter::None,
    })
}

fn braced(text: &str, open: usize, start: usize) -> Result<Reference, Problem> {
    let rest = &text[start..];
    let line = rest.find('\n').unwrap_or(rest.len());
    let Some(length) = rest[..line].find("}}") else {
        return Err((open..start + line, "`{{` without its `}}`".to_owned()));
    };
    let range = open..start + length + 2;
    let inside = &rest[SCHEME.len()..length];
    let (key, filter) = match inside.split_once('|') {
        Some((key, filter)) => (key, filter.trim()),
        None => (inside, ""),
    };
    let filter = match filter {
        "" => Filter::None,
        "json" => Filter::Json,
        "sh" => Filter::Sh,
        "base64" => Filter::Base64,
        "url" => Filter::Url,
        other => {
            let message =
                format!("no filter `{other}`: there are `json`, `sh`, `base64` and `url`");
            return Err((range, message));
        }
    };
    let key = key.trim();
    if key.is_empty() {
        return Err((range, "`kpv://` without a key".to_owned()));
    }
    Ok(Reference {
        range,
        key: key.to_owned(),
        filter,
    })
}

impl Filter {
    /// Writes a value.
    pub(crate) fn write(self, out: &mut String, value: &Secret) {
        let value = value.expose();
        match self {
            Self::None => out.push_str(value),
            Self::Json => out.push_str(&serde_json::Value::from(value).to_string()),
            Self::Sh => {
                out.push('\'');
                out.push_str(&value.replace('\'', "'\\''"));
                out.push('\'');
            }
            Self::Base64 => STANDARD.encode_string(value, out),
            Self::Url => {
                for byte in value.bytes() {
                    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                        out.push(char::from(byte));
                    } else {
                        let _infallible = write!(out, "%{byte:02X}");
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<(String, Filter)> {
        let found = references(&Source::new("t", text)).unwrap();
        found
            .into_iter()
            .map(|found| (found.key, found.filter))
            .collect()
    }

    #[test]
    fn references_end_where_the_key_ends() {
        let text = "a: kpv://db/pass\nb: \"kpv://x.y-z_1\". See kpv://k. postgres://u:kpv://p@h";
        let found = keys(text);
        let found: Vec<_> = found.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(found, ["db/pass", "x.y-z_1", "k", "p"]);
    }

    #[test]
    fn braces_hold_any_key_and_a_filter() {
        assert_eq!(
            keys("{{kpv://a b/c@d}} {{ kpv://e | url }} {{ other }}"),
            [
                ("a b/c@d".to_owned(), Filter::None),
                ("e".to_owned(), Filter::Url)
            ]
        );
    }

    #[test]
    fn mistakes_are_told_together() {
        let source = Source::new("t", "kpv:// {{ kpv://a | upper }} {{ kpv://b");
        let found = references(&source).unwrap_err();
        let found: Vec<_> = found.iter().map(|found| found.message.as_str()).collect();
        assert_eq!(
            found,
            [
                "`kpv://` without a key",
                "no filter `upper`: there are `json`, `sh`, `base64` and `url`",
                "`{{` without its `}}`"
            ]
        );
    }

    #[test]
    fn filters_write_values_for_their_readers() {
        let written = |filter: Filter| {
            let mut out = String::new();
            filter.write(&mut out, &Secret::from("a'\"/é\n"));
            out
        };
        assert_eq!(written(Filter::Json), r#""a'\"/é\n""#);
        assert_eq!(written(Filter::Sh), "'a'\\''\"/é\n'");
        assert_eq!(written(Filter::Base64), "YSciL8OpCg==");
        assert_eq!(written(Filter::Url), "a%27%22%2F%C3%A9%0A");
    }
}
