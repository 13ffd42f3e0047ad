//! Text to entries.

use super::{DotenvEntry, DotenvError, DotenvIssue, DotenvIssueKind, QuoteKind};
use std::ops::Range;

/// Reads a dotenv text into its entries, in order; a name may occur more than once.
///
/// # Errors
///
/// [`DotenvError`] with all issues of the text: after a bad line, reading goes on with the next.
pub fn parse(text: &str) -> Result<Vec<DotenvEntry>, DotenvError> {
    let mut parser = Parser {
        text,
        at: 0,
        line: 1,
        line_start: 0,
        issues: Vec::new(),
    };
    if text.starts_with('\u{feff}') {
        parser.at = '\u{feff}'.len_utf8();
        parser.line_start = parser.at;
    }
    let mut entries = Vec::new();
    while parser.at < text.len() {
        match parser.line() {
            Ok(entry) => entries.extend(entry),
            Err((kind, range)) => {
                parser.report(kind, range);
                parser.skip_line();
            }
        }
    }
    if parser.issues.is_empty() {
        Ok(entries)
    } else {
        Err(DotenvError {
            issues: parser.issues,
        })
    }
}

type Failure = (DotenvIssueKind, Range<usize>);

struct Parser<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    line_start: usize,
    issues: Vec<DotenvIssue>,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// At the end of the line or text?
    fn at_end(&self) -> bool {
        let rest = self.rest();
        rest.is_empty() || rest.starts_with('\n') || rest.starts_with("\r\n") || rest == "\r"
    }

    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
    }

    fn skip_line(&mut self) {
        match self.rest().find('\n') {
            Some(newline) => {
                self.at += newline + 1;
                self.next_line();
            }
            None => self.at = self.text.len(),
        }
    }

    fn next_line(&mut self) {
        self.line += 1;
        self.line_start = self.at;
    }

    fn report(&mut self, kind: DotenvIssueKind, range: Range<usize>) {
        let (line, line_start) = (self.line, self.line_start);
        let column = 1 + self.text[line_start..range.start].chars().count();
        self.issues.push(DotenvIssue {
            kind,
            range,
            line,
            column,
        });
    }

    /// The range of the character here, for a message.
    fn here(&self) -> Range<usize> {
        self.at..self.at + self.peek().map_or(0, char::len_utf8)
    }

    fn name(&mut self) -> Option<Range<usize>> {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let range = self.at..self.at + end;
        self.at = range.end;
        (end > 0).then_some(range)
    }

    fn line(&mut self) -> Result<Option<DotenvEntry>, Failure> {
        self.blanks();
        if self.at_end() || self.peek() == Some('#') {
            self.skip_line();
            return Ok(None);
        }
        let line = self.line;
        let Some(mut name_range) = self.name() else {
            let found = self.peek().unwrap_or('\u{fffd}');
            return Err((DotenvIssueKind::ExpectedName { found }, self.here()));
        };
        let mut end_of_name = self.at;
        self.blanks();
        let mut exported = false;
        if &self.text[name_range.clone()] == "export"
            && self.at > end_of_name
            && let Some(exported_name) = self.name()
        {
            exported = true;
            name_range = exported_name;
            end_of_name = self.at;
            self.blanks();
        }
        let name = self.text[name_range.clone()].to_owned();
        let entry = |value, quote, value_range| {
            Some(DotenvEntry {
                name: name.clone(),
                value,
                quote,
                name_range: name_range.clone(),
                value_range,
                line,
            })
        };
        let comment = self.peek() == Some('#') && self.at > end_of_name;
        if self.at_end() || comment {
            if exported {
                return Err((DotenvIssueKind::ExportWithoutValue { name }, name_range));
            }
            self.skip_line();
            return Ok(entry(
                String::new(),
                QuoteKind::Unquoted,
                end_of_name..end_of_name,
            ));
        }
        if let Some(found) = self.peek().filter(|found| *found != '=') {
            return Err((DotenvIssueKind::ExpectedEquals { name, found }, self.here()));
        }
        self.at += 1;
        let after_equals = self.at;
        self.blanks();
        let quote = match self.peek() {
            Some('\'') => QuoteKind::Single,
            Some('"') => QuoteKind::Double,
            Some('`') => QuoteKind::Backtick,
            _ => {
                let range = self.unquoted(after_equals);
                let value = self.text[range.clone()].to_owned();
                self.skip_line();
                return Ok(entry(value, QuoteKind::Unquoted, range));
            }
        };
        let (value, range) = self.quoted(&name)?;
        self.blanks();
        if !self.at_end()
            && let Some(found) = self.peek().filter(|found| *found != '#')
        {
            return Err((DotenvIssueKind::AfterQuote { found }, self.here()));
        }
        self.skip_line();
        Ok(entry(value, quote, range))
    }

    /// The rest of the line up to a `#` which has a blank before it, trimmed.
    fn unquoted(&self, after_equals: usize) -> Range<usize> {
        let rest = self.rest();
        let line = rest.split('\n').next().unwrap_or(rest);
        let mut end = line.len();
        for (hash, _) in line.match_indices('#') {
            let before = self.text[after_equals..self.at + hash].chars().next_back();
            if before.is_some_and(|before| before == ' ' || before == '\t') {
                end = hash;
                break;
            }
        }
        self.at..self.at + line[..end].trim_end().len()
    }

    /// A quoted value, from its opening quote to behind the closing one.
    fn quoted(&mut self, name: &str) -> Result<(String, Range<usize>), Failure> {
        let open = self.at;
        let (line, line_start) = (self.line, self.line_start);
        let quote = self.peek().unwrap_or('"');
        self.at += 1;
        let start = self.at;
        let mut value = String::new();
        while let Some(c) = self.peek() {
            if c == quote {
                let range = start..self.at;
                self.at += 1;
                return Ok((value, range));
            }
            if c == '\\' {
                self.escape(quote, &mut value)?;
                continue;
            }
            if self.rest().starts_with("\r\n") {
                self.at += 1;
                continue;
            }
            self.at += c.len_utf8();
            value.push(c);
            if c == '\n' {
                self.next_line();
            }
        }
        // go on behind the line of the opening quote, so that later issues are found too
        (self.at, self.line, self.line_start) = (open, line, line_start);
        let name = name.to_owned();
        Err((
            DotenvIssueKind::UnterminatedQuote { name, quote },
            open..open + 1,
        ))
    }

    /// A backslash inside quotes, and what it escapes.
    fn escape(&mut self, quote: char, value: &mut String) -> Result<(), Failure> {
        let start = self.at;
        self.at += 1;
        let next = self.peek();
        if quote == '\'' {
            // the only escape between single quotes
            if next == Some('\'') {
                self.at += 1;
                value.push('\'');
            } else {
                value.push('\\');
            }
            return Ok(());
        }
        let resolved = match next {
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('b') => '\u{8}',
            Some(c @ ('\\' | '"' | '\'' | '`')) => c,
            Some(c @ ('u' | 'U')) => {
                let digits = if c == 'u' { 4 } else { 8 };
                let hex = self.text.get(self.at + 1..self.at + 1 + digits);
                let character = hex
                    .filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
                    .and_then(|hex| u32::from_str_radix(hex, 16).ok())
                    .and_then(char::from_u32);
                let Some(character) = character else {
                    let escape: String = self.text[start..]
                        .chars()
                        .enumerate()
                        .take_while(|(i, c)| *i < 2 || *i < 2 + digits && c.is_ascii_hexdigit())
                        .map(|(_, c)| c)
                        .collect();
                    let range = start..start + escape.len();
                    return Err((DotenvIssueKind::BadEscape { escape }, range));
                };
                self.at += digits;
                character
            }
            // any other backslash is kept; the character after it is read on its own
            _ => {
                value.push('\\');
                return Ok(());
            }
        };
        self.at += 1;
        value.push(resolved);
        Ok(())
    }
}
