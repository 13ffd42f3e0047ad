//! The inside of `{{ … }}` as tokens.

use super::TemplateError;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name: a function or a keyword.
    Name(String),
    /// `.name`, or a chain of them without blanks between.
    Field(Vec<String>),
    /// `$name` with fields behind it.
    Variable(String, Vec<String>),
    Dot,
    Text(String),
    Int(i64),
    Float(f64),
    Pipe,
    Open,
    /// `)` with fields behind it.
    Close(Vec<String>),
    Comma,
    Assign,
    Declare,
}

/// A token and where it begins.
pub(super) type Placed = (Token, usize);

pub(super) fn lex(action: &str, offset: usize) -> Result<Vec<Placed>, TemplateError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    // Operands have to be kept apart.
    let mut touching = false;
    while let Some(character) = action[at..].chars().next() {
        let rest = &action[at..];
        let start = at;
        if character.is_ascii_whitespace() {
            at += 1;
            touching = false;
            continue;
        }
        let error = |message: String| TemplateError::new(offset + start, message);
        let token = match character {
            '|' => step(&mut at, 1, Token::Pipe),
            ',' => step(&mut at, 1, Token::Comma),
            '(' => step(&mut at, 1, Token::Open),
            ')' => {
                at += 1;
                Token::Close(fields(action, &mut at))
            }
            ':' if rest.starts_with(":=") => step(&mut at, 2, Token::Declare),
            '=' => step(&mut at, 1, Token::Assign),
            '.' => {
                let names = fields(action, &mut at);
                if names.is_empty() && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
                    number(rest, &mut at).ok_or_else(|| error("bad number".to_owned()))?
                } else if names.is_empty() {
                    step(&mut at, 1, Token::Dot)
                } else {
                    Token::Field(names)
                }
            }
            '$' => {
                at += 1;
                let name = name(&action[at..]);
                at += name.len();
                let name = name.to_owned();
                Token::Variable(name, fields(action, &mut at))
            }
            '`' => {
                let end = rest[1..]
                    .find('`')
                    .ok_or_else(|| error("unterminated raw quoted string".to_owned()))?;
                step(&mut at, end + 2, Token::Text(rest[1..=end].to_owned()))
            }
            '"' => {
                let (text, length) =
                    quoted(rest).ok_or_else(|| error("unterminated quoted string".to_owned()))?;
                step(&mut at, length, Token::Text(text))
            }
            '\'' => {
                let (value, length) = character_constant(rest)
                    .ok_or_else(|| error("malformed character constant".to_owned()))?;
                step(&mut at, length, Token::Int(value))
            }
            c if c.is_ascii_digit() || c == '-' || c == '+' => number(rest, &mut at)
                .ok_or_else(|| error(format!("bad number syntax: `{rest}`")))?,
            c if c == '_' || c.is_alphabetic() => {
                let name = name(rest);
                step(&mut at, name.len(), Token::Name(name.to_owned()))
            }
            other => return Err(error(format!("unexpected `{other}` in an action"))),
        };
        let operand = !matches!(
            token,
            Token::Pipe
                | Token::Comma
                | Token::Assign
                | Token::Declare
                | Token::Open
                | Token::Close(_)
        );
        if operand && touching {
            return Err(error("unexpected text without a blank in front".to_owned()));
        }
        touching = operand;
        tokens.push((token, offset + start));
    }
    Ok(tokens)
}

fn step(at: &mut usize, length: usize, token: Token) -> Token {
    *at += length;
    token
}

fn name(text: &str) -> &str {
    let end = text
        .find(|c: char| c != '_' && !c.is_alphanumeric())
        .unwrap_or(text.len());
    &text[..end]
}

/// `.a.b.c` from here on.
fn fields(action: &str, at: &mut usize) -> Vec<String> {
    let mut names = Vec::new();
    while let Some(rest) = action[*at..].strip_prefix('.') {
        let name = name(rest);
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            break;
        }
        names.push(name.to_owned());
        *at += 1 + name.len();
    }
    names
}

fn number(text: &str, at: &mut usize) -> Option<Token> {
    let end = text
        .char_indices()
        .find(|(at, c)| !(c.is_ascii_alphanumeric() || *c == '.' || *c == '_' || *at == 0))
        .map_or(text.len(), |(at, _)| at);
    let digits = &text[..end];
    *at += end;
    let plain = digits.replace('_', "");
    let (sign, magnitude) = match plain.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let based = [("0x", 16), ("0X", 16), ("0b", 2), ("0o", 8)];
    for (prefix, base) in based {
        if let Some(digits) = magnitude.strip_prefix(prefix) {
            return i64::from_str_radix(digits, base)
                .ok()
                .map(|n| Token::Int(sign * n));
        }
    }
    if magnitude.len() > 1
        && magnitude.starts_with('0')
        && magnitude.bytes().all(|b| b.is_ascii_digit())
    {
        return i64::from_str_radix(magnitude, 8)
            .ok()
            .map(|n| Token::Int(sign * n));
    }
    if let Ok(int) = magnitude.parse::<i64>() {
        return Some(Token::Int(sign * int));
    }
    plain.parse().ok().map(Token::Float)
}

fn quoted(text: &str) -> Option<(String, usize)> {
    let mut out = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((out, at + 1)),
            '\n' => return None,
            '\\' => match characters.next()?.1 {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'r' => out.push('\r'),
                same @ ('"' | '\\' | '\'') => out.push(same),
                'u' => {
                    let digits: String = (0..4)
                        .filter_map(|_| characters.next().map(|(_, c)| c))
                        .collect();
                    out.push(char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?);
                }
                _ => return None,
            },
            other => out.push(other),
        }
    }
    None
}

fn character_constant(text: &str) -> Option<(i64, usize)> {
    let mut characters = text.char_indices().skip(1);
    let (_, character) = characters.next()?;
    let value = match character {
        '\\' => match characters.next()?.1 {
            'n' => '\n',
            't' => '\t',
            same => same,
        },
        other => other,
    };
    let (at, close) = characters.next()?;
    (close == '\'').then_some((i64::from(u32::from(value)), at + 1))
}
