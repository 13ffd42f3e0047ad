//! Rows in a dump of PostgreSQL.

use memchr::memchr_iter;

use super::LONGEST;
use crate::manifest::{Count, Databases};

/// Lines between `COPY … FROM stdin;` and `\.`.
#[derive(Debug, Default)]
pub(in crate::dump) struct PostgreSql {
    /// The part of a line that came so far. Within data the first three bytes alone.
    line: Vec<u8>,
    database: String,
    /// The table whose data passes by, with its rows so far.
    copying: Option<(String, u64)>,
    pub(super) found: Databases,
}

impl PostgreSql {
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        let mut start = 0;
        for end in memchr_iter(b'\n', bytes) {
            let piece = &bytes[start..end];
            start = end + 1;
            match &mut self.copying {
                Some((_, rows)) => {
                    let short = self.line.len() + piece.len() == 2;
                    if short && is_end(&self.line, piece) {
                        let (table, rows) = self.copying.take().expect("it is there");
                        let tables = self.found.entry(self.database.clone()).or_default();
                        tables.insert(table, Count::exact(rows));
                    } else {
                        *rows += 1;
                    }
                }
                None => {
                    // Few lines are long ones, and none of those matters.
                    if self.line.is_empty() {
                        self.statement(piece);
                    } else {
                        self.keep(piece);
                        let line = std::mem::take(&mut self.line);
                        self.statement(&line);
                    }
                }
            }
            self.line.clear();
        }
        self.keep(&bytes[start..]);
    }

    fn keep(&mut self, piece: &[u8]) {
        let most = if self.copying.is_some() { 3 } else { LONGEST };
        let room = most.saturating_sub(self.line.len()).min(piece.len());
        self.line.extend_from_slice(&piece[..room]);
    }

    fn statement(&mut self, line: &[u8]) {
        if let Some(rest) = line.strip_prefix(b"COPY ") {
            if line.ends_with(b" FROM stdin;") {
                self.copying = Some((table_name(rest), 0));
            }
        } else if let Some(rest) = line.strip_prefix(b"\\connect ") {
            self.database = connected(&String::from_utf8_lossy(rest));
            self.found.entry(self.database.clone()).or_default();
        }
    }
}

fn is_end(start: &[u8], end: &[u8]) -> bool {
    let mut line = start.iter().chain(end);
    line.next() == Some(&b'\\') && line.next() == Some(&b'.')
}

/// `public."Order Items" (id, …` as `public.Order Items`.
fn table_name(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let mut name = String::new();
    let mut letters = text.chars().peekable();
    let mut quoted = false;
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                name.push('"');
                letters.next();
            }
            '"' => quoted = !quoted,
            ' ' | '(' if !quoted => break,
            letter => name.push(letter),
        }
    }
    name
}

/// The database of `\connect shop` or `\connect -reuse-previous=on "dbname='my shop'"`.
fn connected(rest: &str) -> String {
    let rest = rest.trim();
    let Some((_, info)) = rest.split_once("dbname='") else {
        return table_name(rest.as_bytes());
    };
    let mut name = String::new();
    let mut letters = info.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => name.extend(letters.next()),
            '\'' => break,
            // doubled, as the whole is in double quotes
            '"' => {
                name.push('"');
                letters.next();
            }
            letter => name.push(letter),
        }
    }
    name
}
