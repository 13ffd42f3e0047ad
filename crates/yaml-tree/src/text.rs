//! Text in messages.

use std::borrow::Cow;

/// Longest piece of somebody's text in a message, in characters.
const SHOWN: usize = 60;

/// `text` on one line, cut where it gets too long for a message.
pub(crate) fn shorten(text: &str) -> Cow<'_, str> {
    let whole = text.chars().nth(SHOWN).is_none();
    if whole && !text.chars().any(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut short: String = text.chars().take(SHOWN).flat_map(visible).collect();
    if !whole {
        short.push('…');
    }
    Cow::Owned(short)
}

fn visible(character: char) -> impl Iterator<Item = char> {
    let (plain, escaped) = if character.is_control() {
        (None, Some(character.escape_debug()))
    } else {
        (Some(character), None)
    };
    plain.into_iter().chain(escaped.into_iter().flatten())
}

#[cfg(test)]
mod tests {
    use super::shorten;

    #[test]
    fn lines_and_length() {
        assert_eq!(shorten("up"), "up");
        assert_eq!(shorten("a\nb"), "a\\nb");
        assert_eq!(shorten(&"é".repeat(61)), format!("{}…", "é".repeat(60)));
    }
}
