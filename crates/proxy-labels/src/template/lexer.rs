//! A template as tokens, by the rules of Go's `text/template/parse`.

use super::TemplateError;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text outside actions.
    Text,
    Open,
    Close,
    Space,
    Name,
    /// A word that opens or closes a structure.
    Keyword,
    /// `.name`
    Field,
    /// `$name`, with the dollar.
    Variable,
    Dot,
    Nil,
    Bool,
    Number,
    /// A character between single quotes.
    Character,
    /// A text in double quotes, with the quotes.
    Quoted,
    /// A text in backticks, with the backticks.
    Raw,
    Pipe,
    LeftParen,
    RightParen,
    Declare,
    Assign,
    /// Any other character.
    Other,
}

/// A token and where it begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    pub(super) at: usize,
}

const OPEN: &str = "{{";
const CLOSE: &str = "}}";

/// Words that are no names. `break` and `continue` are names outside of loops, where nobody knows
/// them.
const KEYWORDS: [&str; 10] = [
    "block", "break", "continue", "define", "else", "end", "if", "range", "template", "with",
];

pub(super) fn lex(text: &str) -> Result<Vec<Token<'_>>, TemplateError> {
    let mut lexer = Lexer {
        text,
        at: 0,
        parens: 0,
        tokens: Vec::new(),
    };
    lexer.run()?;
    Ok(lexer.tokens)
}

pub(super) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

fn is_alphanumeric(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    parens: usize,
    tokens: Vec<Token<'t>>,
}

impl<'t> Lexer<'t> {
    fn run(&mut self) -> Result<(), TemplateError> {
        let mut trims = false;
        loop {
            let start = self.at;
            let open = self.rest().find(OPEN);
            let end = open.map_or(self.text.len(), |open| start + open);
            let mut plain = &self.text[start..end];
            if trims {
                plain = plain.trim_start_matches(is_space);
            }
            if open.is_none() {
                self.text_token(plain, start);
                return Ok(());
            }
            self.at = end + OPEN.len();
            let left = marks_left(self.rest());
            if left {
                plain = plain.trim_end_matches(is_space);
                self.at += 2;
            }
            self.text_token(plain, start);
            trims = if self.rest().starts_with("/*") {
                self.comment(end)?
            } else {
                self.tokens.push(Token {
                    kind: Kind::Open,
                    text: OPEN,
                    at: end,
                });
                self.parens = 0;
                self.action(end)?
            };
        }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn text_token(&mut self, text: &'t str, at: usize) {
        if !text.is_empty() {
            self.tokens.push(Token {
                kind: Kind::Text,
                text,
                at,
            });
        }
    }

    /// Skips a comment; returns whether the blanks behind it go.
    fn comment(&mut self, open: usize) -> Result<bool, TemplateError> {
        let end = self
            .rest()
            .find("*/")
            .ok_or_else(|| TemplateError::new(open, "unclosed comment"))?;
        self.at += end + 2;
        match self.right_delimiter() {
            Some(trims) => {
                self.at += CLOSE.len() + if trims { 2 } else { 0 };
                Ok(trims)
            }
            None => Err(TemplateError::new(
                self.at,
                "comment ends before closing delimiter",
            )),
        }
    }

    /// Whether an action ends here, and whether it takes the blanks behind it along.
    fn right_delimiter(&self) -> Option<bool> {
        let rest = self.rest();
        if marks_right(rest) && rest[2..].starts_with(CLOSE) {
            Some(true)
        } else if rest.starts_with(CLOSE) {
            Some(false)
        } else {
            None
        }
    }

    /// The inside of an action up to its end; returns whether the blanks behind it go.
    fn action(&mut self, open: usize) -> Result<bool, TemplateError> {
        loop {
            let start = self.at;
            let error = |message: &str| TemplateError::new(start, message);
            if let Some(trims) = self.right_delimiter() {
                if self.parens > 0 {
                    return Err(error("unclosed left paren"));
                }
                self.at += CLOSE.len() + if trims { 2 } else { 0 };
                self.tokens.push(Token {
                    kind: Kind::Close,
                    text: CLOSE,
                    at: start,
                });
                return Ok(trims);
            }
            let rest = self.rest();
            let Some(character) = rest.chars().next() else {
                return Err(TemplateError::new(open, "unclosed action"));
            };
            let (kind, length) = match character {
                c if is_space(c) => {
                    let mut length = 0;
                    // A blank in front of `-}}` belongs to it.
                    for (at, c) in rest.char_indices() {
                        let ends = marks_right(&rest[at..]) && rest[at + 2..].starts_with(CLOSE);
                        if !is_space(c) || ends {
                            break;
                        }
                        length = at + 1;
                    }
                    (Kind::Space, length)
                }
                '=' => (Kind::Assign, 1),
                ':' if rest.starts_with(":=") => (Kind::Declare, 2),
                ':' => return Err(error("expected :=")),
                '|' => (Kind::Pipe, 1),
                '"' => (
                    Kind::Quoted,
                    quoted(rest, '"').ok_or_else(|| error("unterminated quoted string"))?,
                ),
                '`' => {
                    let end = rest[1..].find('`');
                    let end = end.ok_or_else(|| error("unterminated raw quoted string"))?;
                    (Kind::Raw, end + 2)
                }
                '\'' => {
                    let length = quoted(rest, '\'');
                    let length = length.ok_or_else(|| error("unterminated character constant"))?;
                    (Kind::Character, length)
                }
                '$' => {
                    let length = 1 + alphanumeric(&rest[1..]);
                    terminated(&rest[length..], start)?;
                    (Kind::Variable, length)
                }
                '.' if !rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                    let length = 1 + alphanumeric(&rest[1..]);
                    terminated(&rest[length..], start)?;
                    (if length == 1 { Kind::Dot } else { Kind::Field }, length)
                }
                c if c.is_ascii_digit() || matches!(c, '+' | '-' | '.') => {
                    let length = number(rest).ok_or_else(|| {
                        error(&format!("bad number syntax: {}", &rest[..c.len_utf8()]))
                    })?;
                    (Kind::Number, length)
                }
                c if is_alphanumeric(c) => {
                    let length = alphanumeric(rest);
                    terminated(&rest[length..], start)?;
                    let kind = match &rest[..length] {
                        "true" | "false" => Kind::Bool,
                        "nil" => Kind::Nil,
                        word if KEYWORDS.contains(&word) => Kind::Keyword,
                        _ => Kind::Name,
                    };
                    (kind, length)
                }
                '(' => {
                    self.parens += 1;
                    (Kind::LeftParen, 1)
                }
                ')' => {
                    let outer = self.parens.checked_sub(1);
                    self.parens = outer.ok_or_else(|| error("unexpected right paren"))?;
                    (Kind::RightParen, 1)
                }
                c if c.is_ascii_graphic() => (Kind::Other, 1),
                c => {
                    let message = format!("unrecognized character in action: {c:?}");
                    return Err(error(&message));
                }
            };
            self.tokens.push(Token {
                kind,
                text: &rest[..length],
                at: start,
            });
            self.at += length;
        }
    }
}

/// Names end before a blank or one of a few signs.
fn terminated(rest: &str, at: usize) -> Result<(), TemplateError> {
    match rest.chars().next() {
        None | Some('.' | ',' | '|' | ':' | ')' | '(') => Ok(()),
        Some(c) if is_space(c) || rest.starts_with(CLOSE) => Ok(()),
        Some(c) => Err(TemplateError::new(at, format!("bad character {c:?}"))),
    }
}

/// `- ` behind an opening delimiter.
fn marks_left(rest: &str) -> bool {
    rest.strip_prefix('-')
        .is_some_and(|rest| rest.starts_with(is_space))
}

/// ` -` in front of a closing delimiter.
fn marks_right(rest: &str) -> bool {
    rest.starts_with(is_space) && rest[1..].starts_with('-')
}

fn alphanumeric(text: &str) -> usize {
    text.find(|c| !is_alphanumeric(c)).unwrap_or(text.len())
}

/// The length of what is between two quotes, with them.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next().filter(|(_, c)| *c != '\n')?;
            }
            '\n' => return None,
            same if same == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The length of what looks like a number.
fn number(text: &str) -> Option<usize> {
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut digits = "0123456789_";
    if let Some(after) = rest.strip_prefix('0') {
        rest = after;
        for (marks, base) in [
            ("xX", "0123456789abcdefABCDEF_"),
            ("oO", "01234567_"),
            ("bB", "01_"),
        ] {
            if rest.starts_with(|c| marks.contains(c)) {
                rest = &rest[1..];
                digits = base;
                break;
            }
        }
    }
    rest = rest.trim_start_matches(|c| digits.contains(c));
    if let Some(after) = rest.strip_prefix('.') {
        rest = after.trim_start_matches(|c| digits.contains(c));
    }
    let exponent = match digits.len() {
        11 => "eE",
        23 => "pP",
        _ => "",
    };
    if rest.starts_with(|c| exponent.contains(c)) {
        rest = &rest[1..];
        rest = rest.strip_prefix(['+', '-']).unwrap_or(rest);
        rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_');
    }
    if rest.starts_with(is_alphanumeric) {
        return None;
    }
    Some(text.len() - rest.len())
}
