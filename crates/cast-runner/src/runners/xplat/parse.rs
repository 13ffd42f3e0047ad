//! The grammar of `xplat` scripts.

use std::iter::Peekable;
use std::str::Chars;

use crate::Error;

/// Pipelines, each with what connects it to those before.
pub(super) type List = Vec<(Link, Pipeline)>;
/// Commands connected by `|`.
pub(super) type Pipeline = Vec<Vec<Word>>;

/// When a pipeline of a list runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// Always: it is the first.
    Start,
    /// After success.
    And,
    /// After failure.
    Or,
}

/// A word before expansion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) parts: Vec<Part>,
    /// Whether any of it is quoted, so that it stays even if it is empty.
    pub(super) quoted: bool,
}

/// A piece of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Literal(String),
    /// `$NAME`, `${…}` or `$(…)`, as written.
    Expand(String),
    /// `$1`, and `$0`.
    Arg(usize),
    /// `$@`: a word for each argument.
    AllArgs,
    /// `$*`: all arguments in one word.
    JoinedArgs,
    /// `$#`.
    ArgCount,
}

enum Token {
    Word(Word),
    And,
    Or,
    Pipe,
    End,
}

impl Token {
    fn symbol(&self) -> &'static str {
        match self {
            Self::Word(_) => "word",
            Self::And => "&&",
            Self::Or => "||",
            Self::Pipe => "|",
            Self::End => ";",
        }
    }
}

/// Reads a script into lists of commands, one for each line or part up to `;`.
pub(super) fn parse(script: &str) -> Result<Vec<List>, Error> {
    let mut lists = Vec::new();
    for (line, text) in logical_lines(script) {
        let at = |message: String| Error::Syntax { line, message };
        let tokens = tokens(&text).map_err(at)?;
        lists.extend(group(tokens).map_err(at)?);
    }
    Ok(lists)
}

/// The lines that hold commands, continued ones joined, with their numbers.
fn logical_lines(script: &str) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (index, line) in script.lines().enumerate() {
        let line = line.trim();
        if open.is_none() && (line.is_empty() || line.starts_with('#')) {
            continue;
        }
        let (number, mut text) = open.take().unwrap_or((index + 1, String::new()));
        let start = line.strip_suffix(['\\', '`']);
        if let Some(start) = start.filter(|start| trailing_backslashes(start).is_multiple_of(2)) {
            text.push_str(start);
            text.push(' ');
            open = Some((number, text));
        } else {
            text.push_str(line);
            lines.push((number, text));
        }
    }
    lines.extend(open);
    lines
}

fn trailing_backslashes(text: &str) -> usize {
    text.chars().rev().take_while(|c| *c == '\\').count()
}

/// Arranges tokens into lists.
fn group(tokens: Vec<Token>) -> Result<Vec<List>, String> {
    let mut lists = Vec::new();
    let mut list = List::new();
    let mut link = Link::Start;
    let mut pipeline = Pipeline::new();
    let mut command = Vec::new();
    // the operator that still wants a command after it
    let mut wanting: Option<&'static str> = None;
    for token in tokens.into_iter().chain([Token::End]) {
        let symbol = token.symbol();
        if let Token::Word(word) = token {
            command.push(word);
            wanting = None;
            continue;
        }
        if command.is_empty() {
            match (wanting, &token) {
                (Some(before), _) => return Err(format!("there is no command after `{before}`")),
                // nothing between `;` and `;`, or at the end of the line
                (None, Token::End) => continue,
                (None, _) => return Err(format!("there is no command before `{symbol}`")),
            }
        }
        pipeline.push(std::mem::take(&mut command));
        if !matches!(token, Token::Pipe) {
            list.push((link, std::mem::take(&mut pipeline)));
        }
        match token {
            Token::And => link = Link::And,
            Token::Or => link = Link::Or,
            Token::Pipe | Token::Word(_) => {}
            Token::End => {
                link = Link::Start;
                lists.push(std::mem::take(&mut list));
                continue;
            }
        }
        wanting = Some(symbol);
    }
    Ok(lists)
}

/// Splits a line into words and operators.
fn tokens(line: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut chars = line.chars().peekable();
    loop {
        while chars.next_if(|c| matches!(c, ' ' | '\t')).is_some() {}
        match chars.peek() {
            None => return Ok(tokens),
            Some(';') => {
                chars.next();
                tokens.push(Token::End);
            }
            Some(_) => {
                let word = word(&mut chars)?;
                let operator = match word.parts.as_slice() {
                    [Part::Literal(text)] if !word.quoted => text.as_str(),
                    _ => "",
                };
                tokens.push(match operator {
                    "&&" => Token::And,
                    "||" => Token::Or,
                    "|" => Token::Pipe,
                    _ => Token::Word(word),
                });
            }
        }
    }
}

impl Word {
    fn push(&mut self, c: char) {
        match self.parts.last_mut() {
            Some(Part::Literal(text)) => text.push(c),
            _ => self.parts.push(Part::Literal(c.to_string())),
        }
    }
}

fn word(chars: &mut Peekable<Chars<'_>>) -> Result<Word, String> {
    let mut word = Word::default();
    while let Some(c) = chars.next_if(|c| !matches!(c, ' ' | '\t' | ';')) {
        match c {
            '\'' => {
                word.quoted = true;
                loop {
                    match chars.next() {
                        Some('\'') => break,
                        Some(c) => word.push(c),
                        None => return Err("a single quote is not closed".to_owned()),
                    }
                }
            }
            '"' => {
                word.quoted = true;
                double_quoted(chars, &mut word)?;
            }
            '\\' | '`' => {
                // protects an operator as well
                word.quoted = true;
                if let Some(c) = chars.next() {
                    word.push(c);
                }
            }
            '$' => dollar(chars, &mut word)?,
            c => word.push(c),
        }
    }
    Ok(word)
}

fn double_quoted(chars: &mut Peekable<Chars<'_>>, word: &mut Word) -> Result<(), String> {
    loop {
        match chars.next() {
            Some('"') => return Ok(()),
            Some('\\') => match chars.next_if(|c| matches!(c, '"' | '\\' | '$' | '`')) {
                Some(c) => word.push(c),
                None => word.push('\\'),
            },
            Some('$') => dollar(chars, word)?,
            Some(c) => word.push(c),
            None => return Err("a double quote is not closed".to_owned()),
        }
    }
}

/// Reads what follows a `$`.
fn dollar(chars: &mut Peekable<Chars<'_>>, word: &mut Word) -> Result<(), String> {
    let Some(&next) = chars.peek() else {
        word.push('$');
        return Ok(());
    };
    match next {
        '$' => {
            chars.next();
            word.push('$');
        }
        '{' => {
            let inner = enclosed(chars, '{', '}')?;
            word.parts
                .push(argument(&inner).unwrap_or_else(|| Part::Expand(format!("${{{inner}}}"))));
        }
        '(' => {
            let inner = enclosed(chars, '(', ')')?;
            word.parts.push(Part::Expand(format!("$({inner})")));
        }
        c if c.is_ascii_alphabetic() || c == '_' => {
            let mut name = String::from("$");
            while let Some(c) = chars.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
                name.push(c);
            }
            word.parts.push(Part::Expand(name));
        }
        c => match argument(c.encode_utf8(&mut [0; 4])) {
            Some(part) => {
                chars.next();
                word.parts.push(part);
            }
            None => word.push('$'),
        },
    }
    Ok(())
}

/// The reference to arguments that `name` is.
fn argument(name: &str) -> Option<Part> {
    match name {
        "@" => Some(Part::AllArgs),
        "*" => Some(Part::JoinedArgs),
        "#" => Some(Part::ArgCount),
        _ if name.starts_with(|c: char| c.is_ascii_digit()) => name.parse().ok().map(Part::Arg),
        _ => None,
    }
}

/// The text between matching brackets; quotes inside `$(…)` hide brackets.
fn enclosed(chars: &mut Peekable<Chars<'_>>, open: char, close: char) -> Result<String, String> {
    let mut inner = String::new();
    let mut depth = 0_usize;
    let mut quote = None;
    for c in chars.by_ref() {
        match quote {
            Some(end) => quote = quote.filter(|_| c != end),
            None if open == '(' && matches!(c, '\'' | '"') => quote = Some(c),
            None if c == open => depth += 1,
            None if c == close => depth -= 1,
            None => {}
        }
        if depth == 0 {
            // the outer brackets are the caller's
            return Ok(inner.split_off(open.len_utf8()));
        }
        inner.push(c);
    }
    Err(format!("`${open}` is not closed"))
}

#[cfg(test)]
mod tests;
