//! Text to pieces: literal text, and actions taken apart into tokens.

use std::ops::Range;

use go_std::strconv::unquote;

use crate::constant::{Constant, character, number};
use crate::error::{TemplateError, TemplateErrorKind};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    Text(String),
    Action {
        range: Range<usize>,
        tokens: Vec<Token>,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) range: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// With what is written.
    Literal(Constant, String),
    Word(String),
    /// With its `$`.
    Variable(String),
    /// `.name`.
    Field(String),
    Dot,
    Symbol(&'static str),
    End,
}

impl TokenKind {
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Literal(Constant::Text(_), _) => "a string".to_owned(),
            Self::Literal(_, text) => format!("`{text}`"),
            Self::Word(word) | Self::Variable(word) => format!("`{word}`"),
            Self::Field(name) => format!("`.{name}`"),
            Self::Dot => "`.`".to_owned(),
            Self::Symbol(symbol) => format!("`{symbol}`"),
            Self::End => "the end of the action".to_owned(),
        }
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

pub(super) fn pieces(text: &str) -> Result<Vec<Piece>, TemplateError> {
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut trim = false;
    loop {
        let open = text[at..].find("{{").map(|open| at + open);
        let mut literal = &text[at..open.unwrap_or(text.len())];
        if trim {
            literal = literal.trim_start_matches(is_space);
        }
        let Some(open) = open else {
            pieces.push(Piece::Text(literal.to_owned()));
            return Ok(pieces);
        };
        let mut inner = open + 2;
        let after = &text[inner..];
        if after.starts_with('-') && after[1..].starts_with(is_space) {
            literal = literal.trim_end_matches(is_space);
            inner += 1;
        }
        pieces.push(Piece::Text(literal.to_owned()));
        // Behind a trim marker stands one blank, and then the comment.
        let trims = inner > open + 2;
        let comment = inner + usize::from(trims);
        if text[comment..].starts_with("/*") {
            let unclosed =
                || TemplateError::new(TemplateErrorKind::UnclosedComment, open..text.len());
            let close = comment + 2 + text[comment + 2..].find("*/").ok_or_else(unclosed)? + 2;
            let rest = &text[close..];
            if rest.starts_with("}}") {
                (at, trim) = (close + 2, false);
            } else {
                if !rest.starts_with(is_space) || !rest[1..].starts_with("-}}") {
                    return Err(unclosed());
                }
                (at, trim) = (close + 4, true);
            }
            continue;
        }
        let mut lexer = Lexer {
            text,
            open,
            at: inner,
        };
        let tokens = lexer.action()?;
        trim = text[..lexer.at].ends_with("-}}") && lexer.trim_here();
        at = lexer.at;
        pieces.push(Piece::Action {
            range: open..at,
            tokens,
        });
    }
}

struct Lexer<'t> {
    text: &'t str,
    open: usize,
    at: usize,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// Behind `-}}`: is the `-` a trim marker, with a blank before it?
    fn trim_here(&self) -> bool {
        self.text[..self.at - 3].ends_with(is_space)
    }

    fn error<T>(&self, kind: TemplateErrorKind, length: usize) -> Result<T, TemplateError> {
        Err(TemplateError::new(kind, self.at..self.at + length))
    }

    /// The tokens up to `}}`, with an end token.
    fn action(&mut self) -> Result<Vec<Token>, TemplateError> {
        let mut tokens = Vec::new();
        loop {
            let start = self.at;
            self.at += self.rest().len() - self.rest().trim_start_matches(is_space).len();
            let blank = self.at > start;
            let here = self.at;
            let rest = self.rest();
            let close = if rest.starts_with("}}") {
                Some(2)
            } else if blank && rest.starts_with("-}}") {
                Some(3)
            } else {
                None
            };
            if let Some(length) = close {
                self.at += length;
                tokens.push(Token {
                    kind: TokenKind::End,
                    range: here..here,
                });
                return Ok(tokens);
            }
            if rest.is_empty() {
                let range = self.open..self.text.len();
                return Err(TemplateError::new(TemplateErrorKind::UnclosedAction, range));
            }
            let kind = self.token()?;
            tokens.push(Token {
                kind,
                range: here..self.at,
            });
        }
    }

    fn token(&mut self) -> Result<TokenKind, TemplateError> {
        let rest = self.rest();
        let mut chars = rest.chars();
        let first = chars.next().unwrap_or('\0');
        let second = chars.next();
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        match first {
            '"' | '`' | '\'' => return self.quoted(first),
            ':' if second == Some('=') => return Ok(self.symbol(":=")),
            '=' => return Ok(self.symbol("=")),
            '|' => return Ok(self.symbol("|")),
            '(' => return Ok(self.symbol("(")),
            ')' => return Ok(self.symbol(")")),
            ',' => return Ok(self.symbol(",")),
            _ => {}
        }
        if first.is_ascii_digit()
            || matches!(first, '+' | '-') && (digit(second) || second == Some('.'))
            || first == '.' && digit(second) && !self.behind_operand()
        {
            return self.number();
        }
        if first == '.' {
            let name = word(&rest[1..]);
            if name.is_empty() {
                self.at += 1;
                return Ok(TokenKind::Dot);
            }
            self.at += 1 + name.len();
            self.check_end()?;
            return Ok(TokenKind::Field(name.to_owned()));
        }
        if first == '$' {
            let name = &rest[..=word(&rest[1..]).len()];
            self.at += name.len();
            self.check_end()?;
            return Ok(TokenKind::Variable(name.to_owned()));
        }
        let name = word(rest);
        if name.is_empty() {
            return self.error(
                TemplateErrorKind::Character { found: first },
                first.len_utf8(),
            );
        }
        self.at += name.len();
        self.check_end()?;
        Ok(match name {
            "true" | "false" => TokenKind::Literal(Constant::Bool(name == "true"), name.to_owned()),
            _ => TokenKind::Word(name.to_owned()),
        })
    }

    /// Directly behind something a `.name` can belong to.
    fn behind_operand(&self) -> bool {
        let before = self.text[self.open + 2..self.at].chars().next_back();
        before.is_some_and(|c| c == ')' || c == '_' || c.is_alphanumeric())
    }

    /// A name must not run into something else.
    fn check_end(&self) -> Result<(), TemplateError> {
        let rest = self.rest();
        match rest.chars().next() {
            Some(found)
                if !is_space(found)
                    && !matches!(found, '.' | ',' | '|' | ':' | ')' | '(')
                    && !rest.starts_with("}}") =>
            {
                self.error(TemplateErrorKind::Character { found }, found.len_utf8())
            }
            _ => Ok(()),
        }
    }

    fn symbol(&mut self, symbol: &'static str) -> TokenKind {
        self.at += symbol.len();
        TokenKind::Symbol(symbol)
    }

    fn number(&mut self) -> Result<TokenKind, TemplateError> {
        let rest = self.rest();
        let mut end = 0;
        let mut before = '\0';
        let hexadecimal = rest.trim_start_matches(['+', '-']).starts_with(['0'])
            && rest.trim_start_matches(['+', '-'])[1..].starts_with(['x', 'X']);
        for c in rest.chars() {
            let sign =
                matches!(c, '+' | '-') && (end == 0 || !hexadecimal && matches!(before, 'e' | 'E'));
            if !(sign || c == '.' || c == '_' || c.is_alphanumeric()) {
                break;
            }
            before = c;
            end += c.len_utf8();
        }
        let text = &rest[..end];
        match number(text) {
            Some(value) => {
                self.at += end;
                Ok(TokenKind::Literal(value, text.to_owned()))
            }
            None => self.error(
                TemplateErrorKind::BadNumber {
                    text: text.to_owned(),
                },
                end,
            ),
        }
    }

    /// A string, raw string or character constant.
    fn quoted(&mut self, quote: char) -> Result<TokenKind, TemplateError> {
        let rest = self.rest();
        let mut escaped = false;
        let end = rest[1..].char_indices().find_map(|(at, c)| {
            if std::mem::take(&mut escaped) {
                return (c == '\n').then_some(Err(at));
            }
            match c {
                '\n' if quote != '`' => Some(Err(at)),
                '\\' if quote != '`' => {
                    escaped = true;
                    None
                }
                c if c == quote => Some(Ok(at)),
                _ => None,
            }
        });
        let Some(Ok(end)) = end else {
            let length = rest.lines().next().map_or(1, str::len).max(1);
            return self.error(TemplateErrorKind::UnterminatedString { quote }, length);
        };
        let text = &rest[..end + 2];
        let bad = TemplateErrorKind::BadConstant {
            text: text.to_owned(),
        };
        let value = match quote {
            '\'' => character(text),
            _ => unquote(text).map(Constant::Text),
        };
        let Some(value) = value else {
            return self.error(bad, text.len());
        };
        self.at += text.len();
        Ok(TokenKind::Literal(value, text.to_owned()))
    }
}

/// The letters, digits and `_` the text starts with.
fn word(text: &str) -> &str {
    let end = text
        .find(|c: char| c != '_' && !c.is_alphanumeric())
        .unwrap_or(text.len());
    &text[..end]
}
