//! The words of a simple command, by the quoting rules of POSIX shells.

use super::{CallError, refuse};

/// A part of a command.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// A word without its quotes.
    Text(String),
    /// `2>/dev/null`.
    Quiet,
    /// `||`.
    Or,
}

/// Where the `)` stands that ends a command, quotes heeded; `None` when it does not end.
pub(super) fn closing(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut is_escaped = false;
    let mut depth = 0_usize;
    for (at, char) in text.char_indices() {
        if is_escaped {
            is_escaped = false;
            continue;
        }
        match (quote, char) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (Some('\''), _) => {}
            (_, '\\') => is_escaped = true,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(char),
            (None, '(') => depth += 1,
            (None, ')') if depth == 0 => return Some(at),
            (None, ')') => depth -= 1,
            (None, _) => {}
        }
    }
    None
}

/// The words with their places. Anything a shell would do more than take words apart is refused.
pub(super) fn words(text: &str) -> Result<Vec<(usize, Word)>, CallError> {
    let mut words = Vec::new();
    let mut word: Option<(usize, String)> = None;
    let mut rest = text.char_indices().peekable();
    while let Some((at, char)) = rest.next() {
        let begin = |word: Option<(usize, String)>| word.unwrap_or((at, String::new()));
        match char {
            ' ' | '\t' => finish(&mut words, &mut word),
            '\n' | '\r' => {
                let is_end = text[at..].trim().is_empty();
                if !is_end {
                    return refuse(at, "more than one line");
                }
                finish(&mut words, &mut word);
            }
            '\'' => {
                let (start, mut content) = begin(word.take());
                loop {
                    match rest.next() {
                        Some((_, '\'')) => break,
                        Some((_, char)) => content.push(char),
                        None => return refuse(at, "a `'` without its partner"),
                    }
                }
                word = Some((start, content));
            }
            '"' => {
                let (start, mut content) = begin(word.take());
                loop {
                    match rest.next() {
                        Some((_, '"')) => break,
                        Some((_, '\\')) => match rest.next() {
                            Some((_, char @ ('"' | '\\' | '$' | '`'))) => content.push(char),
                            Some((_, '\n')) => {}
                            Some((_, char)) => content.extend(['\\', char]),
                            None => return refuse(at, "a `\"` without its partner"),
                        },
                        Some((at, char @ ('$' | '`'))) => return substitution(at, char),
                        Some((_, char)) => content.push(char),
                        None => return refuse(at, "a `\"` without its partner"),
                    }
                }
                word = Some((start, content));
            }
            '\\' => {
                let (start, mut content) = begin(word.take());
                match rest.next() {
                    Some((_, '\n')) => {}
                    Some((_, char)) => content.push(char),
                    None => return refuse(at, "a `\\` with nothing behind it"),
                }
                word = Some((start, content));
            }
            '$' | '`' => return substitution(at, char),
            '|' if rest.next_if(|next| next.1 == '|').is_some() => {
                finish(&mut words, &mut word);
                words.push((at, Word::Or));
            }
            '2' if word.is_none() && text[at..].starts_with("2>") => {
                let target = text[at + 2..].trim_start_matches([' ', '\t']);
                let after = target.strip_prefix("/dev/null");
                let Some(after) = after
                    .filter(|after| after.is_empty() || after.starts_with([' ', '\t', '|', '\n']))
                else {
                    return refuse(at, "`2>` to anything but `/dev/null`");
                };
                let end = text.len() - after.len();
                while rest.next_if(|next| next.0 < end).is_some() {}
                words.push((at, Word::Quiet));
            }
            '|' | '&' | ';' | '<' | '>' | '(' | ')' => {
                return refuse(
                    at,
                    format!(
                        "`{char}` asks for a shell: only one call, `2>/dev/null` and `||` are understood"
                    ),
                );
            }
            '*' | '?' | '[' | '{' => {
                return refuse(
                    at,
                    format!("`{char}` without quotes means other things to a shell: put it in `'`"),
                );
            }
            '#' | '~' if word.is_none() => {
                return refuse(
                    at,
                    format!("`{char}` without quotes means other things to a shell: put it in `'`"),
                );
            }
            _ => {
                let (start, mut content) = begin(word.take());
                content.push(char);
                word = Some((start, content));
            }
        }
    }
    finish(&mut words, &mut word);
    Ok(words)
}

fn finish(words: &mut Vec<(usize, Word)>, word: &mut Option<(usize, String)>) {
    if let Some((at, content)) = word.take() {
        words.push((at, Word::Text(content)));
    }
}

fn substitution<T>(at: usize, char: char) -> Result<T, CallError> {
    refuse(
        at,
        format!("`{char}` asks for a shell: a call has no variables or commands in it"),
    )
}
