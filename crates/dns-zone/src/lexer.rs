//! Octets of a master file to tokens.

use crate::{Class, RecordType};

/// One word of an entry, as offsets in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// Where its content starts; behind the opening quote.
    pub(crate) start: u32,
    /// Where its content ends; at the closing quote.
    pub(crate) end: u32,
    /// Whether it stands in quotes.
    pub(crate) quoted: bool,
    /// Whether there is a backslash in it.
    pub(crate) escaped: bool,
    /// Whether nothing separates it from the token before, as in `"a""b"`.
    pub(crate) adjacent: bool,
}

impl Token {
    pub(crate) fn bytes<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        &text[self.start as usize..self.end as usize]
    }
}

/// What is wrong with the words of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LexError {
    pub(crate) kind: LexErrorKind,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LexErrorKind {
    /// `(` without `)`.
    OpenParenthesis,
    /// `)` without `(`.
    CloseParenthesis,
    /// `(` inside of parentheses.
    NestedParenthesis,
    /// `(` in front of the first word.
    ParenthesisFirst,
    /// `(` directly behind an owner, a number, a class or a type, or between two words.
    ParenthesisTouches,
    /// `(` directly behind a name or a text.
    ParenthesisBehindName,
    /// `"` without its other half on the same line.
    OpenQuote,
    /// A backslash at the end of a line.
    OpenEscape,
    /// A carriage return that no line feed follows.
    LoneReturn,
    /// An octet of value zero.
    Null,
}

impl LexErrorKind {
    /// Whether the words are not what was meant; otherwise they can be read all the same.
    pub(crate) fn hides_words(self) -> bool {
        !matches!(
            self,
            Self::NestedParenthesis
                | Self::ParenthesisFirst
                | Self::ParenthesisTouches
                | Self::ParenthesisBehindName
        )
    }
}

/// The words of one entry.
#[derive(Debug, Default)]
pub(crate) struct Lexed {
    pub(crate) tokens: Vec<Token>,
    pub(crate) errors: Vec<LexError>,
    /// Whether the entry starts with blanks.
    pub(crate) leading_blank: bool,
    /// The first parenthesis.
    pub(crate) parenthesis: Option<u32>,
    /// The comment at its end or inside, if there is one: the last.
    pub(crate) comment: Option<(u32, u32)>,
}

impl Lexed {
    /// Whether the last word is one that some programs do not tell from the parenthesis at `at`
    /// directly behind it: an owner, a number, a class, a type; or another word follows directly.
    fn is_tight(&self, text: &[u8], at: usize) -> bool {
        let Some(word) = self.tokens.last().filter(|word| !word.quoted) else {
            return false;
        };
        let octets = word.bytes(text);
        let number = octets.first().is_some_and(u8::is_ascii_digit)
            && octets.iter().all(|b| b.is_ascii_digit() || *b == b'.');
        let head =
            RecordType::from_octets(octets).is_some() || Class::from_octets(octets).is_some();
        let followed = text
            .get(at + 1)
            .is_some_and(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b';' | b')'));
        // Owner, time to live, class and type: the type is one of the first four words.
        self.tokens.len() == 1 || number || followed || (head && self.tokens.len() <= 4)
    }
}

const BLANK: u8 = 1;
const SPECIAL: u8 = 2;

/// What ends a plain word, or has to be looked at.
const CLASS: [u8; 256] = {
    let mut class = [0; 256];
    class[b' ' as usize] = BLANK;
    class[b'\t' as usize] = BLANK;
    class[b'\n' as usize] = SPECIAL;
    class[b'\r' as usize] = SPECIAL;
    class[b'(' as usize] = SPECIAL;
    class[b')' as usize] = SPECIAL;
    class[b'"' as usize] = SPECIAL;
    class[b';' as usize] = SPECIAL;
    class[b'\\' as usize] = SPECIAL;
    class[0] = SPECIAL;
    class
};

/// Where a scan ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scanned {
    /// Behind the line end of the entry.
    pub(crate) end: usize,
    /// Whether a parenthesis is open at the end of the text.
    pub(crate) open: bool,
}

/// Reads the entry at `start`: up to the first line end outside of parentheses. With `flat`, line
/// ends inside of them count as well.
pub(crate) fn scan(text: &[u8], start: usize, flat: bool, lexed: &mut Lexed) -> Scanned {
    lexed.tokens.clear();
    lexed.errors.clear();
    lexed.comment = None;
    lexed.parenthesis = None;
    lexed.leading_blank = text
        .get(start)
        .is_some_and(|byte| CLASS[usize::from(*byte)] == BLANK);
    let mut at = start;
    let mut depth = 0_u32;
    let mut opened = start;
    // Where the last token ended, its quote included.
    let mut last_end = usize::MAX;
    let short = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    let error = |lexed: &mut Lexed, kind, start, end| {
        lexed.errors.push(LexError {
            kind,
            start: short(start),
            end: short(end),
        });
    };
    while let Some(&byte) = text.get(at) {
        match byte {
            b' ' | b'\t' => at += 1,
            b'\n' => {
                at += 1;
                if depth == 0 || flat {
                    break;
                }
            }
            b'\r' => {
                if text.get(at + 1) != Some(&b'\n') {
                    error(lexed, LexErrorKind::LoneReturn, at, at + 1);
                }
                at += 1;
            }
            0 => {
                error(lexed, LexErrorKind::Null, at, at + 1);
                at += 1;
            }
            b'(' => {
                if depth > 0 {
                    error(lexed, LexErrorKind::NestedParenthesis, at, at + 1);
                } else {
                    opened = at;
                }
                lexed.parenthesis.get_or_insert(short(at));
                if last_end == at && lexed.tokens.last().is_some_and(|word| !word.quoted) {
                    let kind = if lexed.is_tight(text, at) {
                        LexErrorKind::ParenthesisTouches
                    } else {
                        LexErrorKind::ParenthesisBehindName
                    };
                    error(lexed, kind, at, at + 1);
                }
                if lexed.tokens.is_empty() && depth == 0 {
                    error(lexed, LexErrorKind::ParenthesisFirst, at, at + 1);
                }
                depth += 1;
                at += 1;
            }
            b')' => {
                match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None => error(lexed, LexErrorKind::CloseParenthesis, at, at + 1),
                }
                at += 1;
            }
            b';' => {
                let end = line_end(text, at);
                lexed.comment = Some((short(at), short(end)));
                at = end;
            }
            b'"' => {
                let adjacent = last_end == at;
                let (end, escaped, closed) = quoted(text, at + 1);
                if !closed {
                    error(lexed, LexErrorKind::OpenQuote, at, end);
                }
                lexed.tokens.push(Token {
                    start: short(at + 1),
                    end: short(end),
                    quoted: true,
                    escaped,
                    adjacent,
                });
                at = end + usize::from(closed);
                last_end = at;
            }
            _ => {
                let adjacent = last_end == at;
                let from = at;
                let mut escaped = false;
                while let Some(&byte) = text.get(at) {
                    if CLASS[usize::from(byte)] == 0 {
                        at += 1;
                        continue;
                    }
                    if byte != b'\\' {
                        break;
                    }
                    escaped = true;
                    match text.get(at + 1) {
                        None | Some(b'\n') => {
                            error(lexed, LexErrorKind::OpenEscape, at, at + 1);
                            at += 1;
                        }
                        Some(b'\r') if text.get(at + 2) == Some(&b'\n') => {
                            error(lexed, LexErrorKind::OpenEscape, at, at + 1);
                            at += 1;
                        }
                        Some(_) => at += 2,
                    }
                }
                lexed.tokens.push(Token {
                    start: short(from),
                    end: short(at),
                    quoted: false,
                    escaped,
                    adjacent,
                });
                last_end = at;
            }
        }
    }
    if depth > 0 {
        error(lexed, LexErrorKind::OpenParenthesis, opened, opened + 1);
    }
    Scanned {
        end: at,
        open: depth > 0,
    }
}

/// The end of a quoted text that starts at `at`: before its closing quote, or before the line end.
fn quoted(text: &[u8], mut at: usize) -> (usize, bool, bool) {
    let mut escaped = false;
    loop {
        match text.get(at) {
            Some(b'"') => return (at, escaped, true),
            Some(b'\\') => {
                escaped = true;
                at += if matches!(text.get(at + 1), None | Some(b'\n')) {
                    1
                } else {
                    2
                };
            }
            None | Some(b'\n') => {
                let carriage = at > 0 && text[at - 1] == b'\r' && at < text.len();
                return (at - usize::from(carriage), escaped, false);
            }
            Some(_) => at += 1,
        }
    }
}

/// The end of the line that `at` is on, its line end excluded.
fn line_end(text: &[u8], at: usize) -> usize {
    let end = text[at..]
        .iter()
        .position(|b| *b == b'\n')
        .map_or(text.len(), |length| at + length);
    if end < text.len() && end > at && text[end - 1] == b'\r' {
        end - 1
    } else {
        end
    }
}

/// The octets of a token with its escapes resolved; `None` for a wrong escape.
pub(crate) fn unescape(token: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut rest = token.iter().copied();
    while let Some(byte) = rest.next() {
        if byte == b'\\' {
            out.push(crate::name::escape(&mut rest)?);
        } else {
            out.push(byte);
        }
    }
    Some(())
}
