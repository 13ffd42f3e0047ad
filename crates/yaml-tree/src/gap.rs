//! Walking over what stands between two values: white space, comments, indicators, anchors, tags.
//!
//! The parser reports where its tokens are, which is not always where a person would say that a
//! value is: a block scalar is reported from its first line, an anchored value from its anchor, a
//! missing value from whatever follows it. These functions find the places in the text itself.
//! They are only ever called on text that the parser has accepted, and take and give byte offsets
//! on character borders.

/// The first offset at or after `at` which is neither white space, nor a byte order mark, nor
/// part of a comment.
pub(crate) fn skip_blank(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\t' | b'\r' | b'\n') => at += 1,
            Some(b'#') => at = line_end(text, at),
            Some(0xef) if text[at..].starts_with('\u{feff}') => at += '\u{feff}'.len_utf8(),
            _ => return at,
        }
    }
}

/// As [`skip_blank`], and past markers (`...` in the first column) that end a document.
pub(crate) fn skip_document_ends(text: &str, mut at: usize) -> usize {
    loop {
        at = skip_blank(text, at);
        let first_column = at == 0 || text[..at].ends_with(['\n', '\r', '\u{feff}']);
        if !(first_column && text[at..].starts_with("...") && ends_word(text, at + 3)) {
            return at;
        }
        at += 3;
    }
}

/// The offset of the line break that ends the line of `at`, or the end of the text.
pub(crate) fn line_end(text: &str, at: usize) -> usize {
    text.as_bytes()[at..]
        .iter()
        .position(|byte| matches!(byte, b'\n' | b'\r'))
        .map_or(text.len(), |length| at + length)
}

/// Past the single byte `indicator` if it stands at `at`.
pub(crate) fn past(text: &str, at: usize, indicator: u8) -> Option<usize> {
    (text.as_bytes().get(at) == Some(&indicator)).then_some(at + 1)
}

/// Past a `-` or `?` at `at`, which is an indicator only with white space after it.
pub(crate) fn past_word(text: &str, at: usize, indicator: u8) -> Option<usize> {
    past(text, at, indicator).filter(|next| ends_word(text, *next))
}

fn ends_word(text: &str, at: usize) -> bool {
    matches!(
        text.as_bytes().get(at),
        None | Some(b' ' | b'\t' | b'\r' | b'\n')
    )
}

/// Past an anchor (`&name`), an alias (`*name`) or a tag (`!name`, `!<uri>`) at `at`.
pub(crate) fn skip_property(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    let verbatim = rest.starts_with("!<");
    let length = rest
        .char_indices()
        .skip(1)
        .find_map(|(offset, character)| match character {
            '>' if verbatim => Some(offset + 1),
            ',' | '[' | ']' | '{' | '}' if !verbatim => Some(offset),
            ' ' | '\t' | '\r' | '\n' | '\u{feff}' => Some(offset),
            _ => None,
        });
    length.map_or(text.len(), |length| at + length)
}

/// The end of the quoted scalar that starts at `at`: after its closing quote.
pub(crate) fn quoted_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let Some(&quote) = bytes.get(at) else {
        return at;
    };
    let mut at = at + 1;
    while let Some(&byte) = bytes.get(at) {
        at += match byte {
            b'\\' if quote == b'"' => 2,
            b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => 2,
            _ if byte == quote => return at + 1,
            _ => 1,
        };
    }
    text.len()
}

/// The end of the header (`|`, `>2-`) of a block scalar that starts at `at`.
pub(crate) fn header_end(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at + 1..).unwrap_or_default();
    let marks = rest
        .iter()
        .take_while(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-'));
    at + 1 + marks.count()
}

/// The end of the last line with something on it in `from..to`, or `from` if there is none.
/// White space at the end of that line belongs to it.
pub(crate) fn content_end(text: &str, from: usize, to: usize) -> usize {
    let content = text[from..to].trim_end_matches([' ', '\t', '\r', '\n']);
    if content.is_empty() {
        return from;
    }
    line_end(text, from + content.len()).min(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties() {
        assert_eq!(skip_property("&a b", 0), 2);
        assert_eq!(skip_property("[*a]", 1), 3);
        assert_eq!(skip_property("!<tag:a,[b]> c", 0), 12);
        assert_eq!(skip_property("!!str", 0), 5);
    }

    #[test]
    fn quotes() {
        assert_eq!(quoted_end(r#""a\"b" # "c""#, 0), 6);
        assert_eq!(quoted_end("'a''b' # 'c'", 0), 6);
        assert_eq!(quoted_end("'a", 0), 2);
        assert_eq!(quoted_end("\"a\\", 0), 3);
    }

    #[test]
    fn blocks() {
        assert_eq!(header_end("|2- # c", 0), 3);
        assert_eq!(content_end("|\n  a \n\n  ", 1, 10), 6);
        assert_eq!(content_end("|\n\n", 1, 3), 1);
    }

    #[test]
    fn document_markers() {
        assert_eq!(skip_document_ends("...\n# c\n...\n...x", 0), 12);
        assert_eq!(skip_document_ends("\u{feff}...", 0), 6);
        assert_eq!(skip_document_ends("...\n ... :", 0), 5);
    }
}
