//! Counting rows in a dump as it passes by, which is exact: a query beside the dump sees another
//! moment.

use memchr::{memchr, memchr_iter, memchr3};

use super::recipe::Counting;
use crate::manifest::{Count, Databases};

/// Longer lines are not taken for statements.
const LONGEST: usize = 256 * 1024;

/// Counts in a stream that comes in pieces.
#[derive(Debug)]
pub(crate) enum Counter {
    Nothing,
    PostgreSql(PostgreSql),
    MySql(MySql),
}

impl Counter {
    pub(crate) fn new(counting: Counting) -> Self {
        match counting {
            Counting::Nothing => Self::Nothing,
            Counting::PostgreSql => Self::PostgreSql(PostgreSql::default()),
            Counting::MySql => Self::MySql(MySql::default()),
        }
    }

    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        match self {
            Self::Nothing => {}
            Self::PostgreSql(counter) => counter.feed(bytes),
            Self::MySql(counter) => counter.feed(bytes),
        }
    }

    /// What was counted; `None` if nothing was to be.
    pub(crate) fn finish(self) -> Option<Databases> {
        match self {
            Self::Nothing => None,
            Self::PostgreSql(counter) => Some(counter.found),
            Self::MySql(counter) => Some(counter.found),
        }
    }
}

/// Lines between `COPY … FROM stdin;` and `\.`.
#[derive(Debug, Default)]
pub(crate) struct PostgreSql {
    /// The part of a line that came so far. Within data the first three bytes alone.
    line: Vec<u8>,
    database: String,
    /// The table whose data passes by, with its rows so far.
    copying: Option<(String, u64)>,
    found: Databases,
}

impl PostgreSql {
    fn feed(&mut self, bytes: &[u8]) {
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

/// Tuples of `INSERT INTO … VALUES (…),(…);`.
#[derive(Debug, Default)]
pub(crate) struct MySql {
    line: Vec<u8>,
    state: State,
    /// Within a stored program, where statements are not those of the dump.
    delimited: bool,
    database: String,
    table: String,
    rows: u64,
    found: Databases,
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
    fn feed(&mut self, bytes: &[u8]) {
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
                State::Text(depth) => match memchr::memchr2(b'\'', b'\\', rest) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn count(counting: Counting, text: &str) -> String {
        // However it is cut, the numbers are the same.
        let mut results = Vec::new();
        for size in [1, 2, 3, 7, 64, 4096] {
            let mut counter = Counter::new(counting);
            for piece in text.as_bytes().chunks(size) {
                counter.feed(piece);
            }
            let found = counter.finish().unwrap();
            let lines: Vec<String> = found
                .iter()
                .flat_map(|(database, tables)| {
                    let head = tables.is_empty().then(|| format!("{database}: nothing"));
                    let rows = tables
                        .iter()
                        .map(move |(table, count)| format!("{database}: {table}: {}", count.rows));
                    head.into_iter().chain(rows)
                })
                .collect();
            results.push(lines.join("\n"));
        }
        results.dedup();
        assert_eq!(results.len(), 1, "{results:?}");
        results.remove(0)
    }

    #[test]
    fn rows_of_postgresql() {
        let text = r#"--
\connect template1

\connect shop
COPY public.orders (id, note) FROM stdin;
1	a
2	\\.
3	\N
\.

COPY public."Order ""Items"" (x)" (id) FROM stdin;
\.
\connect -reuse-previous=on "dbname='it\'s -e \\ ""q""'"
COPY s.t (id) FROM stdin;
\.x
.
\.
-- PostgreSQL database cluster dump complete

"#;
        insta::assert_snapshot!(count(Counting::PostgreSql, text), @r#"
        it's -e \ "q": s.t: 2
        shop: public.Order "Items" (x): 0
        shop: public.orders: 3
        template1: nothing
        "#);
    }

    #[test]
    fn rows_of_mysql() {
        let text = r"
USE `mysql`;
CREATE TABLE `user` (
INSERT INTO `user` VALUES (1);
USE `shop`;
CREATE TABLE `a``b` (
  `x` int
);
INSERT INTO `a``b` VALUES (1,'it\'s; (2)'),(2,'a''b'),(3,NULL);
INSERT INTO `a``b` VALUES
(4,'x\\'),
(5,_binary 'y');
CREATE TABLE `empty` (
INSERT INTO `cols` (`a`, `VALUES (`, `c`) VALUES (1,2,ST_GeomFromText('POINT(1 1)')),(3,4,5);
DELIMITER ;;
BEGIN
INSERT INTO `a``b` VALUES (9);
END ;;
DELIMITER ;
USE `none`;
-- Dump completed on 2026-01-01
";
        insta::assert_snapshot!(count(Counting::MySql, text), @"
        none: nothing
        shop: a`b: 5
        shop: cols: 2
        shop: empty: 0
        ");
    }
}
