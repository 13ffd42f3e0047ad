//! Text to pieces: literal text, and actions taken apart into tokens.

use super::error::{TemplateError, TemplateErrorKind};
use crate::value::Value;
use std::ops::Range;

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
    Literal(Value),
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
            Self::Literal(Value::Str(_)) => "a string".to_owned(),
            Self::Literal(value) => format!("`{value}`"),
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
        let comment =
            inner + text[inner..].len() - text[inner..].trim_start_matches(is_space).len();
        // as in Go, blanks may precede a comment only behind a trim marker
        if text[comment..].starts_with("/*") && (inner > open + 2 || comment == inner) {
            let unclosed =
                || TemplateError::new(TemplateErrorKind::UnclosedComment, open..text.len());
            let close = comment + 2 + text[comment + 2..].find("*/").ok_or_else(unclosed)? + 2;
            let rest = &text[close..];
            if rest.starts_with("}}") {
                (at, trim) = (close + 2, false);
            } else {
                let trimmed = rest.trim_start_matches(is_space);
                if trimmed.len() == rest.len() || !trimmed.starts_with("-}}") {
                    return Err(unclosed());
                }
                (at, trim) = (close + rest.len() - trimmed.len() + 3, true);
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
            "true" => TokenKind::Literal(Value::Bool(true)),
            "false" => TokenKind::Literal(Value::Bool(false)),
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
                    && !matches!(found, '.' | ',' | '|' | ':' | ')' | '(' | '=')
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
                Ok(TokenKind::Literal(value))
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
        let inner = &rest[1..=end];
        let text = &rest[..end + 2];
        let bad = TemplateErrorKind::BadConstant {
            text: text.to_owned(),
        };
        let value = if quote == '`' {
            // as in Go, a raw string has no carriage returns
            Some(Value::Str(inner.replace('\r', "")))
        } else {
            unescape(inner, quote)
        };
        let Some(value) = value else {
            return self.error(bad, text.len());
        };
        self.at += text.len();
        Ok(TokenKind::Literal(value))
    }
}

/// The letters, digits and `_` the text starts with.
fn word(text: &str) -> &str {
    let end = text
        .find(|c: char| c != '_' && !c.is_alphanumeric())
        .unwrap_or(text.len());
    &text[..end]
}

/// A Go number: `1`, `-1`, `1_000`, `0x1f`, `0o17`, `017`, `0b1`, `1.5`, `1e3`.
fn number(text: &str) -> Option<Value> {
    let negative = text.starts_with('-');
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.starts_with('_') || digits.ends_with('_') || digits.contains("__") {
        return None;
    }
    let digits = digits.replace('_', "").to_ascii_lowercase();
    let (radix, digits) = match digits.get(..2) {
        Some("0x") => (16, &digits[2..]),
        Some("0o") => (8, &digits[2..]),
        Some("0b") => (2, &digits[2..]),
        Some(_) if digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit()) => {
            (8, &digits[1..])
        }
        _ => (10, digits.as_str()),
    };
    if radix == 10 && digits.contains(['.', 'e']) {
        if !digits
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'+' | b'-'))
        {
            return None;
        }
        let value: f64 = digits.parse().ok()?;
        return value
            .is_finite()
            .then_some(Value::Float(if negative { -value } else { value }));
    }
    let sign = if negative { "-" } else { "" };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    i64::from_str_radix(&format!("{sign}{digits}"), radix)
        .ok()
        .map(Value::Int)
}

/// Resolves the escapes of a Go string or character constant.
fn unescape(text: &str, quote: char) -> Option<Value> {
    // `\x` and octal escapes give bytes in a string, but a character in a character constant
    let mut bytes = Vec::with_capacity(text.len());
    let mut characters = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let mut push = |c: char| {
            characters.push(c);
            bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        };
        if c != '\\' {
            push(c);
            continue;
        }
        let escaped = chars.next()?;
        let (digits, radix, first) = match escaped {
            'x' => (2, 16, None),
            'u' => (4, 16, None),
            'U' => (8, 16, None),
            '0'..='7' => (2, 8, Some(escaped)),
            _ => (0, 0, None),
        };
        if radix > 0 {
            let code: String = first
                .into_iter()
                .chain(chars.by_ref().take(digits))
                .collect();
            if code.len() != digits + usize::from(first.is_some()) || code.contains('+') {
                return None;
            }
            let code = u32::from_str_radix(&code, radix).ok()?;
            if matches!(escaped, 'u' | 'U') {
                push(char::from_u32(code)?);
            } else {
                let byte = u8::try_from(code).ok()?;
                characters.push(byte.into());
                bytes.push(byte);
            }
            continue;
        }
        push(match escaped {
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            '\\' => '\\',
            c if c == quote => c,
            _ => return None,
        });
    }
    match (quote, characters.as_slice()) {
        ('\'', [character]) => Some(Value::Int(u32::from(*character).into())),
        ('\'', _) => None,
        // other bytes than those of a text have no place here
        _ => String::from_utf8(bytes).ok().map(Value::Str),
    }
}
