//! Text to tokens.

use super::error::{ExprError, ExprErrorKind};
use std::ops::Range;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) range: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    Int(i64),
    Float(f64),
    Str(String),
    /// A name or an operator made of letters.
    Word(String),
    Symbol(&'static str),
    End,
}

impl TokenKind {
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Int(value) => format!("`{value}`"),
            Self::Float(value) => format!("`{value}`"),
            Self::Str(_) => "a string".to_owned(),
            Self::Word(word) => format!("`{word}`"),
            Self::Symbol(symbol) => format!("`{symbol}`"),
            Self::End => "the end of the expression".to_owned(),
        }
    }
}

/// Longer symbols come first.
const SYMBOLS: [&str; 33] = [
    "==", "!=", "<=", ">=", "&&", "||", "??", "?.", "..", "**", "+", "-", "*", "/", "%", "^", "<",
    ">", "=", "|", "!", "?", ":", ".", ",", ";", "(", ")", "[", "]", "{", "}", "#",
];

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, ExprError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blanks()?;
        let start = lexer.at;
        let kind = lexer.token()?;
        let end = kind == TokenKind::End;
        tokens.push(Token {
            kind,
            range: start..lexer.at,
        });
        if end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn skip_blanks(&mut self) -> Result<(), ExprError> {
        loop {
            self.at = self.text.len() - self.rest().trim_start().len();
            if self.rest().starts_with("//") {
                self.at += self.rest().find('\n').unwrap_or(self.rest().len());
            } else if self.rest().starts_with("/*") {
                let Some(end) = self.rest().find("*/") else {
                    let range = self.at..self.text.len();
                    return Err(ExprError::new(ExprErrorKind::UnterminatedComment, range));
                };
                self.at += end + 2;
            } else {
                return Ok(());
            }
        }
    }

    fn token(&mut self) -> Result<TokenKind, ExprError> {
        let rest = self.rest();
        let mut chars = rest.chars();
        let Some(first) = chars.next() else {
            return Ok(TokenKind::End);
        };
        let second = chars.next();
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        if first.is_ascii_digit() || first == '.' && digit(second) {
            return self.number();
        }
        if matches!(first, '"' | '\'' | '`') {
            return self.string(first);
        }
        if first == '_' || first.is_alphabetic() || rest.starts_with("$env") {
            let skip = first.len_utf8();
            let end = rest[skip..]
                .find(|c: char| c != '_' && !c.is_alphanumeric())
                .map_or(rest.len(), |end| end + skip);
            self.at += end;
            return Ok(TokenKind::Word(rest[..end].to_owned()));
        }
        for opener in ["${{", "{{"] {
            if self.text[..self.at].trim().is_empty() && rest.starts_with(opener) {
                let range = self.at..self.at + opener.len();
                return Err(ExprError::new(ExprErrorKind::Braces { opener }, range));
            }
        }
        for symbol in SYMBOLS {
            if !rest.starts_with(symbol) {
                continue;
            }
            // `c ?.5 : 1` is a condition
            if symbol == "?." && digit(rest.chars().nth(2)) {
                continue;
            }
            self.at += symbol.len();
            return Ok(TokenKind::Symbol(symbol));
        }
        let range = self.at..self.at + first.len_utf8();
        Err(ExprError::new(
            ExprErrorKind::Character { found: first },
            range,
        ))
    }

    fn number(&mut self) -> Result<TokenKind, ExprError> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let radix = match rest.get(..2) {
            Some("0x" | "0X") => 16,
            Some("0o" | "0O") => 8,
            Some("0b" | "0B") => 2,
            _ => 10,
        };
        let mut end = 0;
        let mut float = false;
        if radix == 10 {
            while let Some(byte) = bytes.get(end) {
                match byte {
                    b'0'..=b'9' | b'_' => {}
                    // `1..3` is a range
                    b'.' if !float && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) => {
                        float = true;
                    }
                    b'e' | b'E' => {
                        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
                        if !bytes.get(end + 1 + sign).is_some_and(u8::is_ascii_digit) {
                            break;
                        }
                        float = true;
                        end += sign;
                    }
                    _ => break,
                }
                end += 1;
            }
        } else {
            end = rest
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
        }
        // letters directly behind a number belong to neither
        end += rest[end..]
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len() - end);
        let text = &rest[..end];
        let digits = text.replace('_', "");
        let kind = if float {
            digits
                .parse()
                .ok()
                .filter(|value: &f64| value.is_finite())
                .map(TokenKind::Float)
        } else if radix == 10 {
            digits.parse().ok().map(TokenKind::Int)
        } else {
            i64::from_str_radix(&digits[2..], radix)
                .ok()
                .map(TokenKind::Int)
        };
        let range = self.at..self.at + end;
        self.at = range.end;
        kind.ok_or_else(|| {
            ExprError::new(
                ExprErrorKind::BadNumber {
                    text: text.to_owned(),
                },
                range,
            )
        })
    }

    fn string(&mut self, quote: char) -> Result<TokenKind, ExprError> {
        let start = self.at;
        let mut value = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            if c == quote {
                self.at = start + at + 1;
                return Ok(TokenKind::Str(value));
            }
            if c != '\\' || quote == '`' {
                value.push(c);
                continue;
            }
            let Some((_, escaped)) = chars.next() else {
                break;
            };
            let digits = match escaped {
                'x' => 2,
                'u' => 4,
                'U' => 8,
                _ => 0,
            };
            let hex: String = chars.by_ref().take(digits).map(|(_, c)| c).collect();
            let resolved = match escaped {
                'a' => Some('\u{7}'),
                'b' => Some('\u{8}'),
                'f' => Some('\u{c}'),
                'n' => Some('\n'),
                'r' => Some('\r'),
                't' => Some('\t'),
                'v' => Some('\u{b}'),
                '\\' | '"' | '\'' | '`' => Some(escaped),
                _ if digits > 0 && hex.chars().all(|c| c.is_ascii_hexdigit()) => {
                    u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32)
                }
                _ => None,
            };
            let Some(resolved) = resolved else {
                let escape = format!("\\{escaped}{hex}");
                let range = start + at..start + at + escape.len();
                return Err(ExprError::new(ExprErrorKind::BadEscape { escape }, range));
            };
            value.push(resolved);
        }
        let range = start..self.text.len();
        Err(ExprError::new(
            ExprErrorKind::UnterminatedString { quote },
            range,
        ))
    }
}
