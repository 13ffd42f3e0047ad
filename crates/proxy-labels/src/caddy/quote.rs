//! Words that survive the way through a label into a Caddyfile.

use std::borrow::Cow;

use thiserror::Error;

/// A text that caddy-docker-proxy cannot carry into a Caddyfile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Unrepresentable {
    /// Nothing is left of an empty word.
    #[error("an empty word disappears")]
    Empty,
    /// Both kinds of quotes.
    #[error("a word with both `\"` and a backtick cannot be quoted")]
    BothQuotes,
    /// A word that caddy-docker-proxy writes bare is read as two.
    #[error("a tab or another blank splits the word in two")]
    Blank,
    /// `#` at the start.
    #[error("a word that begins with `#` becomes a comment")]
    Comment,
    /// A brace by itself, or a leading brace.
    #[error("a brace by itself opens or closes a block")]
    Brace,
    /// A template.
    #[error("`{{{{` begins a template")]
    Template,
    /// It ends with a backslash, or quotes a backtick.
    #[error("a quote or backslash at its edge does not survive")]
    Edge,
}

/// A word as a label value has to have it, so that Caddy reads just that word in the end.
///
/// ```
/// use proxy_labels::caddy::{Unrepresentable, quote};
///
/// assert_eq!(quote("a.example").unwrap(), "a.example");
/// assert_eq!(quote("a b").unwrap(), "\"a b\"");
/// assert_eq!(quote("say \"hi\"").unwrap(), "`say \"hi\"`");
/// assert_eq!(quote("#x"), Err(Unrepresentable::Comment));
/// assert_eq!(quote(""), Err(Unrepresentable::Empty));
/// ```
///
/// # Errors
/// Why there is no way to write it.
pub fn quote(word: &str) -> Result<Cow<'_, str>, Unrepresentable> {
    if word.is_empty() {
        return Err(Unrepresentable::Empty);
    }
    if word.contains("{{") {
        return Err(Unrepresentable::Template);
    }
    let wrapped = word.contains([' ', '"', '\n']);
    if !wrapped {
        if word.starts_with('#') {
            return Err(Unrepresentable::Comment);
        }
        if word == "{" || word == "}" {
            return Err(Unrepresentable::Brace);
        }
        if word.contains(char::is_whitespace) {
            return Err(Unrepresentable::Blank);
        }
        if word.starts_with('`') || word.ends_with('\\') {
            return Err(Unrepresentable::Edge);
        }
        return Ok(Cow::Borrowed(word));
    }
    if word.contains('"') || word.contains('\n') {
        if word.contains('`') {
            return Err(Unrepresentable::BothQuotes);
        }
        return Ok(Cow::Owned(format!("`{word}`")));
    }
    // It comes out in double quotes, where a backslash at the end would quote the quote.
    if word.ends_with('\\') {
        return Err(Unrepresentable::Edge);
    }
    Ok(Cow::Owned(format!("\"{word}\"")))
}
