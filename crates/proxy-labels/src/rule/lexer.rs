//! A rule as tokens, by the rules of Go.

use std::ops::Range;

use super::parser::{RuleError, RuleErrorKind};
use go_std::strconv::escape;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Name(String),
    Text(String),
    /// A number or a character: Go knows it, rules do not.
    Literal(String),
    Open,
    Close,
    Comma,
    And,
    Or,
    Not,
    /// A line that ends where a statement could.
    LineEnd,
    /// Anything else.
    Other(String),
    End,
}

pub(super) struct Lexer<'r> {
    text: &'r str,
    at: usize,
    /// Whether the last token could end a statement, so that the end of the line counts.
    ends: bool,
}

impl<'r> Lexer<'r> {
    pub(super) fn new(text: &'r str) -> Self {
        Self {
            text,
            at: 0,
            ends: false,
        }
    }

    pub(super) fn next(&mut self) -> Result<(Token, Range<usize>), RuleError> {
        if let Some(line_end) = self.skip_blanks() {
            self.ends = false;
            return Ok((Token::LineEnd, line_end));
        }
        let start = self.at;
        let token = self.token()?;
        self.ends = matches!(
            token,
            Token::Name(_) | Token::Text(_) | Token::Literal(_) | Token::Close
        );
        Ok((token, start..self.at))
    }

    /// Blanks and comments; the place of a line end, if that counts.
    fn skip_blanks(&mut self) -> Option<Range<usize>> {
        loop {
            let rest = &self.text[self.at..];
            if rest.starts_with('\n') && self.ends {
                self.at += 1;
                return Some(self.at - 1..self.at);
            }
            if rest.starts_with([' ', '\t', '\r', '\n']) {
                self.at += 1;
            } else if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if let Some(comment) = rest.strip_prefix("/*") {
                let length = comment.find("*/").map_or(rest.len(), |end| end + 4);
                let lines = rest[..length].contains('\n');
                self.at += length;
                if lines && self.ends {
                    return Some(self.at - length..self.at);
                }
            } else {
                return None;
            }
        }
    }

    fn token(&mut self) -> Result<Token, RuleError> {
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else {
            return Ok(Token::End);
        };
        for (text, token) in [
            ("&&", Token::And),
            ("||", Token::Or),
            ("(", Token::Open),
            (")", Token::Close),
            (",", Token::Comma),
        ] {
            if rest.starts_with(text) {
                self.at += text.len();
                return Ok(token);
            }
        }
        if first == '!' && !rest.starts_with("!=") {
            self.at += 1;
            return Ok(Token::Not);
        }
        match first {
            '`' => self.raw(),
            '"' => self.quoted(),
            '\'' => self.single(),
            c if c == '_' || c.is_alphabetic() => {
                let end = rest
                    .find(|c: char| c != '_' && !c.is_alphanumeric())
                    .unwrap_or(rest.len());
                self.at += end;
                Ok(Token::Name(rest[..end].to_owned()))
            }
            c if c.is_ascii_digit() => {
                let end = rest
                    .find(|c: char| c != '_' && c != '.' && !c.is_alphanumeric())
                    .unwrap_or(rest.len());
                self.at += end;
                Ok(Token::Literal(rest[..end].to_owned()))
            }
            other => {
                self.at += other.len_utf8();
                Ok(Token::Other(other.to_string()))
            }
        }
    }

    /// A text in backticks: no escapes; carriage returns are dropped.
    fn raw(&mut self) -> Result<Token, RuleError> {
        let start = self.at;
        let rest = &self.text[start + 1..];
        let Some(end) = rest.find('`') else {
            return Err(self.error(start, RuleErrorKind::OpenText('`')));
        };
        self.at = start + 1 + end + 1;
        Ok(Token::Text(rest[..end].replace('\r', "")))
    }

    /// A text in double quotes, with the escapes of Go.
    fn quoted(&mut self) -> Result<Token, RuleError> {
        let start = self.at;
        let mut at = start + 1;
        let mut bytes: Vec<u8> = Vec::new();
        loop {
            let Some(character) = self.text[at..].chars().next().filter(|c| *c != '\n') else {
                return Err(self.error(start, RuleErrorKind::OpenText('"')));
            };
            match character {
                '"' => break,
                '\\' => {
                    let Some(length) = escape(&self.text[at..], b'"', &mut bytes) else {
                        let end = (at + 2).min(self.text.len());
                        return Err(RuleError::new(at..end, RuleErrorKind::Escape));
                    };
                    at += length;
                }
                other => {
                    bytes.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes());
                    at += other.len_utf8();
                }
            }
        }
        self.at = at + 1;
        // Escapes can make bytes that are no text; Traefik would take them, hosts and paths never
        // have them.
        Ok(Token::Text(String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Single quotes hold one character in Go, and rules take none.
    fn single(&mut self) -> Result<Token, RuleError> {
        let start = self.at;
        let rest = &self.text[start + 1..];
        let length = rest.find(['\'', '\n']).map_or(rest.len(), |end| end + 1);
        self.at = start + 1 + length;
        Err(RuleError::new(
            start..self.at,
            RuleErrorKind::SingleQuotes(self.text[start..self.at].trim_matches('\'').to_owned()),
        ))
    }

    fn error(&self, start: usize, kind: RuleErrorKind) -> RuleError {
        RuleError::new(start..self.text.len(), kind)
    }
}
