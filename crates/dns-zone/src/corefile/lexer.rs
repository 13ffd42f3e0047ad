//! Text to words.

use yaml_tree::Source;

use super::Word;

/// The words of a text, each with the line it starts on.
pub(super) fn words(source: &Source) -> Vec<(usize, Word)> {
    let text = source.text();
    let mut words = Vec::new();
    let mut line = 0;
    let mut chars = text.char_indices().peekable();
    // As CoreDNS does, a byte order mark in front does not count.
    chars.next_if(|(_, c)| *c == '\u{feff}');
    while let Some((start, c)) = chars.next() {
        match c {
            '\n' => line += 1,
            c if c.is_whitespace() => {}
            '#' => while chars.next_if(|(_, c)| *c != '\n').is_some() {},
            '"' => {
                let begun = line;
                let mut value = String::new();
                let mut end = text.len();
                let mut escaped = false;
                for (at, c) in chars.by_ref() {
                    if c == '\n' {
                        line += 1;
                    }
                    if escaped {
                        // Nothing but a quote is escaped.
                        if c != '"' {
                            value.push('\\');
                        }
                        value.push(c);
                        escaped = false;
                    } else if c == '\\' {
                        escaped = true;
                    } else if c == '"' {
                        end = at + 1;
                        break;
                    } else {
                        value.push(c);
                    }
                }
                let span = source.span(start, end);
                words.push((
                    begun,
                    Word {
                        text: value,
                        span,
                        quoted: true,
                    },
                ));
            }
            first => {
                let mut value = String::from(first);
                let mut end = start + first.len_utf8();
                while let Some((at, c)) =
                    chars.next_if(|(_, c)| *c == '\r' || !c.is_whitespace() && *c != '#')
                {
                    // A carriage return is passed over wherever it stands.
                    if c != '\r' {
                        value.push(c);
                        end = at + c.len_utf8();
                    }
                }
                let span = source.span(start, end);
                words.push((
                    line,
                    Word {
                        text: value,
                        span,
                        quoted: false,
                    },
                ));
            }
        }
    }
    words
}
