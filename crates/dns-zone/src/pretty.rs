//! Master files in a form for people.

use crate::file::{Entry, EntryKind, ZoneFile};
use crate::lexer::{LexErrorKind, Lexed, Token, unescape};
use crate::name::{NameBuffer, write_wire};
use crate::rdata::{Field, fields, quoted, time};
use crate::{Class, Name, RecordType};

/// Wider owners push their own line to the right, and no other.
const WIDEST_OWNER: usize = 32;

/// The words of a record on one line, as they will be written.
#[derive(Default)]
struct Columns {
    owner: Vec<u8>,
    ttl: Vec<u8>,
    class: Vec<u8>,
    kind: Vec<u8>,
    data: Vec<u8>,
    comment: Vec<u8>,
}

enum Line {
    Record(Columns),
    Other(Vec<u8>),
    Blank,
}

#[derive(Default)]
struct Widths {
    owner: usize,
    ttl: usize,
    class: usize,
    kind: usize,
}

impl ZoneFile {
    /// The file as people like it: records in columns, one blank line where there were several, line
    /// feeds alone at line ends, no byte order mark. Order, comments, directives, relative names and
    /// what is left out stay as they are, and so does every record: only texts are quoted, split
    /// where they are too long and escaped where servers want it, and names beyond ASCII become
    /// A-labels. Records over several lines keep their lines.
    ///
    /// Doing it again changes nothing. Edits are not seen.
    ///
    /// ```
    /// let file = dns_zone::ZoneFile::parse("db", "www   3600 in a 192.0.2.1;web\r\n\r\n\r\n@ TXT hello\r\n");
    /// let pretty = String::from_utf8(file.to_pretty()).unwrap();
    /// assert_eq!(pretty, "www 3600 IN A   192.0.2.1 ; web\n\n@           TXT \"hello\"\n");
    /// ```
    pub fn to_pretty(&self) -> Vec<u8> {
        let mut lexed = Lexed::default();
        let lines: Vec<Line> = self
            .entries()
            .filter(|entry| entry.kind() != EntryKind::ByteOrderMark)
            .map(|entry| self.line(entry, &mut lexed))
            .collect();
        let widths = widths(&lines);
        let mut out = Vec::with_capacity(self.text().len());
        let mut blank = true;
        for line in &lines {
            match line {
                Line::Blank => {
                    if !blank {
                        out.push(b'\n');
                    }
                    blank = true;
                    continue;
                }
                Line::Other(text) => out.extend_from_slice(text),
                Line::Record(columns) => write_columns(columns, &widths, &mut out),
            }
            blank = false;
            while out.ends_with(b" ") || out.ends_with(b"\t") {
                out.pop();
            }
            out.push(b'\n');
        }
        while out.ends_with(b"\n\n") {
            out.pop();
        }
        out
    }

    fn line(&self, entry: Entry<'_>, lexed: &mut Lexed) -> Line {
        let text = self.text();
        match entry.kind() {
            EntryKind::Blank => return Line::Blank,
            EntryKind::Comment => return Line::Other(entry.text().trim_ascii().to_vec()),
            _ => {}
        }
        self.lex(entry.id(), lexed);
        let one_line = !entry.text().trim_ascii_end().contains(&b'\n')
            && !entry.text().contains(&b'(')
            && lexed
                .errors
                .iter()
                .all(|error| error.kind == LexErrorKind::NestedParenthesis);
        if !one_line {
            return Line::Other(unix_lines(entry.text()));
        }
        if entry.kind() == EntryKind::Directive {
            return Line::Other(directive(text, lexed));
        }
        match columns(text, lexed) {
            Some(columns) => Line::Record(columns),
            None => Line::Other(unix_lines(entry.text())),
        }
    }
}

/// Lines with line feeds alone at their ends, without blanks there.
fn unix_lines(text: &[u8]) -> Vec<u8> {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let lines = text.split(|b| *b == b'\n').map(|line| {
        // What stands behind a backslash is no blank at the end.
        let trimmed = line.trim_ascii_end();
        if trimmed.ends_with(b"\\") {
            line.strip_suffix(b"\r").unwrap_or(line)
        } else {
            trimmed
        }
    });
    lines.collect::<Vec<_>>().join(&b'\n')
}

fn comment(text: &[u8], lexed: &Lexed) -> Vec<u8> {
    let Some((start, end)) = lexed.comment else {
        return Vec::new();
    };
    let comment = text[start as usize..end as usize].trim_ascii_end();
    let words = comment.trim_ascii_start();
    match words.strip_prefix(b";") {
        Some(rest) if rest.first().is_some_and(u8::is_ascii_alphanumeric) => [b"; ", rest].concat(),
        _ => words.to_vec(),
    }
}

fn directive(text: &[u8], lexed: &Lexed) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, token) in lexed.tokens.iter().enumerate() {
        if at > 0 {
            out.push(b' ');
        }
        let quote = token.quoted.then_some(b'"');
        out.extend(quote);
        let from = out.len();
        out.extend_from_slice(token.bytes(text));
        if at == 0 {
            out[from..].make_ascii_uppercase();
        }
        out.extend(quote);
    }
    let comment = comment(text, lexed);
    if !comment.is_empty() {
        out.push(b' ');
        out.extend_from_slice(&comment);
    }
    out
}

fn columns(text: &[u8], lexed: &Lexed) -> Option<Columns> {
    let mut columns = Columns {
        comment: comment(text, lexed),
        ..Columns::default()
    };
    let mut tokens = lexed.tokens.iter();
    if !lexed.leading_blank {
        columns.owner = name(tokens.next()?, text)?;
    }
    let kind = loop {
        let token = tokens.next().filter(|token| !token.quoted)?;
        let word = token.bytes(text);
        if let Some(kind) = RecordType::from_octets(word) {
            break kind;
        }
        if word.first()?.is_ascii_digit() {
            columns.ttl = word.to_vec();
        } else {
            Class::from_octets(word)?;
            columns.class = word.to_ascii_uppercase();
        }
    };
    let tokens = tokens.as_slice();
    columns.kind = if is_generic(tokens, text) {
        // validns reads `\#` behind numbers of types alone, and not every server knows every name.
        format!("TYPE{}", kind.code()).into_bytes()
    } else {
        kind.to_string().into_bytes()
    };
    data(kind, tokens, text, &mut columns.data)?;
    Some(columns)
}

/// A name as it is written, in the form that all servers take.
fn name(token: &Token, text: &[u8]) -> Option<Vec<u8>> {
    let word = token.bytes(text);
    if word == b"@" || word == b"." {
        return Some(word.to_vec());
    }
    let mut buffer = NameBuffer::default();
    let root = Name::root();
    // Relative names may be longer than they look; they were read before.
    buffer.read(word, Some(&root)).ok()?;
    if buffer.odd.is_none() {
        return Some(word.to_vec());
    }
    let mut out = Vec::new();
    write_wire(buffer.wire(), Some(&root), &mut out);
    let mut dots = word.iter().rev();
    let absolute = dots.next() == Some(&b'.') && dots.take_while(|b| **b == b'\\').count() % 2 == 0;
    if !absolute {
        out.pop();
    }
    Some(out)
}

/// Whether data is written as `\# length digits`.
fn is_generic(tokens: &[Token], text: &[u8]) -> bool {
    let first = tokens.first();
    first.is_some_and(|token| !token.quoted && token.bytes(text) == b"\\#")
}

fn data(kind: RecordType, tokens: &[Token], text: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let generic = is_generic(tokens, text);
    let fields = fields(kind).filter(|_| !generic).unwrap_or_default();
    let texts = fields.contains(&Field::Texts);
    for (at, token) in tokens.iter().enumerate() {
        let field = if texts {
            Some(&Field::Texts)
        } else {
            fields.get(at)
        };
        let word = token.bytes(text);
        let binding = matches!(kind, RecordType::SVCB | RecordType::HTTPS);
        // Knot wants groups of four in each word.
        let split = base64_from(fields).is_some_and(|from| at > from);
        if at > 0 && !split && !(token.adjacent && binding) {
            out.push(b' ');
        }
        match field {
            Some(Field::Name) => out.extend_from_slice(&name(token, text)?),
            Some(Field::Time) => time::write(time::read(word)?, out),
            Some(Field::Id64) => {
                let groups = word.split(|b| *b == b':');
                let padded = groups.map(|group| format!("{:0>4}", String::from_utf8_lossy(group)));
                out.extend_from_slice(padded.collect::<Vec<_>>().join(":").as_bytes());
            }
            // Knot takes one digit for none.
            _ if generic && at == 1 && word.iter().all(|b| *b == b'0') => out.push(b'0'),
            // Knot does not know the name.
            _ if binding && !token.quoted && word.starts_with(b"dohpath=") => {
                out.extend_from_slice(b"key7=");
                out.extend_from_slice(&word[b"dohpath=".len()..]);
            }
            Some(Field::Text | Field::OptionalText | Field::Texts | Field::Rest) => {
                let mut plain = Vec::new();
                unescape(word, &mut plain)?;
                let longest = if texts { 255 } else { usize::MAX };
                let pieces = plain.chunks(longest);
                for (nth, piece) in pieces
                    .chain(plain.is_empty().then_some(&[][..]))
                    .enumerate()
                {
                    if nth > 0 {
                        out.push(b' ');
                    }
                    quoted(piece, out);
                }
            }
            _ => {
                let quote = token.quoted.then_some(b'"');
                out.extend(quote);
                out.extend_from_slice(word);
                out.extend(quote);
            }
        }
    }
    Some(())
}

/// The first word of base 64, where words up to the end are.
fn base64_from(fields: &[Field]) -> Option<usize> {
    let last = fields.last()?;
    (*last == Field::Base64).then(|| fields.len() - 1)
}

fn widths(lines: &[Line]) -> Widths {
    let mut widths = Widths::default();
    for line in lines {
        if let Line::Record(columns) = line {
            if columns.owner.len() <= WIDEST_OWNER {
                widths.owner = widths.owner.max(columns.owner.len());
            }
            widths.ttl = widths.ttl.max(columns.ttl.len());
            widths.class = widths.class.max(columns.class.len());
            widths.kind = widths.kind.max(columns.kind.len());
        }
    }
    widths.owner = widths.owner.max(1);
    widths
}

fn write_columns(columns: &Columns, widths: &Widths, out: &mut Vec<u8>) {
    let cells = [
        (&columns.owner, widths.owner),
        (&columns.ttl, widths.ttl),
        (&columns.class, widths.class),
        (&columns.kind, widths.kind),
    ];
    for (word, width) in cells {
        if width > 0 {
            out.extend_from_slice(word);
            out.extend(std::iter::repeat_n(
                b' ',
                width.saturating_sub(word.len()) + 1,
            ));
        }
    }
    out.extend_from_slice(&columns.data);
    if !columns.comment.is_empty() {
        if out.last() != Some(&b' ') {
            out.push(b' ');
        }
        out.extend_from_slice(&columns.comment);
    }
}
