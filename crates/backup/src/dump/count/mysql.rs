//! Rows in a dump of MySQL and MariaDB.

use memchr::{memchr, memchr2, memchr3};

use super::LONGEST;
use crate::manifest::{Count, Databases};

/// Tuples of `INSERT INTO … VALUES (…),(…);`.
#[derive(Debug, Default)]
pub(in crate::dump) struct MySql {
    line: Vec<u8>,
    state: State,
    /// Within a stored program, where statements are not those of the dump.
    delimited: bool,
    database: String,
    table: String,
    rows: u64,
    pub(super) found: Databases,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Reads a line.
    #[default]
    Line,
    /// The rest of a line does not matter.
    Rest,
    /// Between tuples; so many brackets are open.
    Values(u32),
    /// In a text.
    Text(u32),
    /// After a backslash in a text.
    Escape(u32),
}

/// Databases whose content is the server's.
pub(crate) const MYSQL_OWN: [&str; 4] =
    ["information_schema", "mysql", "performance_schema", "sys"];

impl MySql {
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let used = match self.state {
                State::Line => self.read_line(rest),
                State::Rest => match memchr(b'\n', rest) {
                    Some(end) => {
                        self.state = State::Line;
                        end + 1
                    }
                    None => rest.len(),
                },
                State::Text(depth) => match memchr2(b'\'', b'\\', rest) {
                    Some(at) => {
                        // A doubled quote ends a text and begins another: the same to us.
                        self.state = if rest[at] == b'\'' {
                            State::Values(depth)
                        } else {
                            State::Escape(depth)
                        };
                        at + 1
                    }
                    None => rest.len(),
                },
                State::Escape(depth) => {
                    self.state = State::Text(depth);
                    1
                }
                State::Values(depth) => self.values(depth, rest),
            };
            rest = &rest[used..];
        }
    }

    fn values(&mut self, depth: u32, rest: &[u8]) -> usize {
        // Numbers and commas are passed over.
        let next = if depth == 0 {
            memchr3(b'(', b';', b'\'', rest)
        } else {
            memchr3(b'(', b')', b'\'', rest)
        };
        let Some(at) = next else { return rest.len() };
        self.state = match rest[at] {
            b'\'' => State::Text(depth),
            b'(' => {
                self.rows += u64::from(depth == 0);
                State::Values(depth + 1)
            }
            b')' => State::Values(depth.saturating_sub(1)),
            _ => {
                self.add(self.rows);
                self.rows = 0;
                State::Rest
            }
        };
        at + 1
    }

    fn add(&mut self, rows: u64) {
        if MYSQL_OWN.contains(&self.database.as_str()) {
            return;
        }
        let tables = self.found.entry(self.database.clone()).or_default();
        let count = tables.entry(self.table.clone()).or_insert(Count::exact(0));
        count.rows += rows;
    }

    /// Reads on until the line ends, or until it is known what it is.
    fn read_line(&mut self, rest: &[u8]) -> usize {
        let end = memchr(b'\n', rest);
        let piece = &rest[..end.unwrap_or(rest.len())];
        // The head of a statement is enough: a list of columns and `VALUES`.
        let before = self.line.len();
        let room = LONGEST.saturating_sub(before).min(piece.len());
        self.line.extend_from_slice(&piece[..room]);
        if !self.delimited
            && let Some((table, values)) = insert(&self.line)
        {
            self.table = table;
            self.line.clear();
            self.state = State::Values(0);
            return values - before;
        }
        match end {
            Some(end) => {
                let line = std::mem::take(&mut self.line);
                self.whole_line(&line);
                end + 1
            }
            None if room < piece.len() => {
                self.line.clear();
                self.state = State::Rest;
                piece.len()
            }
            None => piece.len(),
        }
    }

    fn whole_line(&mut self, line: &[u8]) {
        if let Some(delimiter) = line.strip_prefix(b"DELIMITER ") {
            self.delimited = delimiter.trim_ascii() != b";";
        } else if self.delimited {
        } else if let Some((name, _)) = line.strip_prefix(b"USE ").and_then(identifier) {
            self.database = name;
            if !MYSQL_OWN.contains(&self.database.as_str()) {
                self.found.entry(self.database.clone()).or_default();
            }
        } else if let Some((name, _)) = line.strip_prefix(b"CREATE TABLE ").and_then(identifier) {
            self.table = name;
            self.add(0);
        }
    }
}

/// The table of `INSERT INTO x … VALUES`, and where its tuples begin; `None` if the line is no such
/// thing or is not there yet.
fn insert(line: &[u8]) -> Option<(String, usize)> {
    let rest = line.strip_prefix(b"INSERT ")?;
    let rest = rest.strip_prefix(b"IGNORE ").or(Some(rest))?;
    let rest = rest.strip_prefix(b"INTO ")?;
    let (table, used) = identifier(rest)?;
    let start = line.len() - rest.len() + used;
    // Columns are quoted, so the word cannot be part of one outside of quotes.
    let mut quoted = false;
    for at in start..line.len() {
        match line[at] {
            b'`' => quoted = !quoted,
            b'V' if !quoted && line[at..].starts_with(b"VALUES") => return Some((table, at + 6)),
            _ => {}
        }
    }
    None
}

/// A name in backticks, and how many bytes it takes.
fn identifier(text: &[u8]) -> Option<(String, usize)> {
    let inner = text.strip_prefix(b"`")?;
    let mut name = Vec::new();
    let mut at = 0;
    loop {
        match (inner.get(at)?, inner.get(at + 1)) {
            (b'`', Some(b'`')) => {
                name.push(b'`');
                at += 2;
            }
            (b'`', _) => return Some((String::from_utf8_lossy(&name).into_owned(), at + 2)),
            (byte, _) => {
                name.push(*byte);
                at += 1;
            }
        }
    }
}
