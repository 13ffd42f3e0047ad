//! Master files as text: every octet is kept, edits touch what they have to.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use memchr::memchr;
use yaml_tree::{Source, Span};

use crate::lexer::{Lexed, scan};

/// A master file: its text cut into entries, and the edits made to it.
///
/// Reading never fails, whatever the octets are, and [`ZoneFile::to_bytes`] of a file without edits
/// is what was read. An entry is a line, or several where parentheses hold them together, its line
/// end included. What the entries mean is told by [`load`](crate::load) and
/// [`resolve`](crate::resolve).
///
/// Edits are made to entries by their [`EntryId`], which stays what it is; other entries keep every
/// octet. To see what an edited file means, read [`ZoneFile::to_bytes`] again.
///
/// ```
/// use dns_zone::{EntryKind, ZoneFile};
///
/// let text = "$TTL 1h\nwww A 192.0.2.1 ; the wiki\n\nold A 192.0.2.9\n";
/// let mut file = ZoneFile::parse("db.home.arpa", text);
/// let old = file.entries().find(|entry| entry.text().starts_with(b"old")).unwrap();
/// assert_eq!((old.kind(), old.line()), (EntryKind::Record, 4));
///
/// let id = old.id();
/// file.replace(id, "new A 192.0.2.10");
/// assert_eq!(file.to_bytes(), text.replace("old A 192.0.2.9", "new A 192.0.2.10").as_bytes());
/// ```
#[derive(Clone)]
pub struct ZoneFile {
    name: String,
    text: Arc<[u8]>,
    entries: Vec<Raw>,
    edits: BTreeMap<u32, Edit>,
    appended: Vec<u8>,
    source: OnceLock<Source>,
}

/// Which entry of a [`ZoneFile`], in the order of the file as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub(crate) u32);

/// What an entry is, by its first octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EntryKind {
    /// A byte order mark of UTF-8, which zones must not have.
    ByteOrderMark,
    /// An empty line, or one of blanks.
    Blank,
    /// A line with nothing but a comment.
    Comment,
    /// `$TTL` and its siblings.
    Directive,
    /// A record.
    Record,
}

#[derive(Clone, Copy)]
struct Raw {
    start: u32,
    end: u32,
    kind: EntryKind,
    /// Whether line ends inside of parentheses end it, since they are never closed.
    flat: bool,
}

#[derive(Clone, Default)]
struct Edit {
    before: Vec<u8>,
    after: Vec<u8>,
    /// What stands there instead.
    instead: Option<Vec<u8>>,
}

/// One entry of a [`ZoneFile`], as it was read.
#[derive(Clone, Copy)]
pub struct Entry<'f> {
    file: &'f ZoneFile,
    id: EntryId,
}

/// How often an unclosed parenthesis is looked after to the end of the file.
const MAX_UNCLOSED: usize = 8;

const MARK: &[u8] = b"\xef\xbb\xbf";

impl ZoneFile {
    /// Cuts a text into entries; `name` is what messages call it, usually a path.
    pub fn parse(name: impl Into<String>, text: impl AsRef<[u8]>) -> Self {
        Self::from_shared(name, text.as_ref().into())
    }

    /// [`ZoneFile::parse`] for a text that others hold too, which is not copied.
    pub fn from_shared(name: impl Into<String>, text: Arc<[u8]>) -> Self {
        let entries = cut(&text);
        Self {
            name: name.into(),
            text,
            entries,
            edits: BTreeMap::new(),
            appended: Vec::new(),
            source: OnceLock::new(),
        }
    }

    /// The name given when it was read.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text as it was read.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The entries as they were read, in order.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = Entry<'_>> + ExactSizeIterator {
        (0..self.entries.len()).map(|at| Entry {
            file: self,
            id: EntryId(u32::try_from(at).unwrap_or(u32::MAX)),
        })
    }

    /// One entry, if the id is of this file.
    pub fn entry(&self, id: EntryId) -> Option<Entry<'_>> {
        ((id.0 as usize) < self.entries.len()).then_some(Entry { file: self, id })
    }

    /// Whether there are edits.
    pub fn is_edited(&self) -> bool {
        !self.appended.is_empty() || !self.edits.is_empty()
    }

    /// Puts lines in the place of an entry. The line end of the entry stays; a line end of `lines`
    /// that is missing is added. An id of another file does nothing.
    pub fn replace(&mut self, id: EntryId, lines: impl AsRef<[u8]>) {
        if let Some(entry) = self.entry(id) {
            let last_without_end = !entry.text().ends_with(b"\n");
            let mut lines = self.lines(lines.as_ref());
            if last_without_end {
                let end = lines.len() - self.line_end().len();
                lines.truncate(end);
            }
            self.edits.entry(id.0).or_default().instead = Some(lines);
        }
    }

    /// Puts these octets in the place of a part of an entry: `start..end` are offsets in
    /// [`ZoneFile::text`]. Parts outside of the entry do nothing.
    pub fn replace_part(
        &mut self,
        id: EntryId,
        start: usize,
        end: usize,
        octets: impl AsRef<[u8]>,
    ) {
        let Some(raw) = self.entries.get(id.0 as usize) else {
            return;
        };
        let (from, to) = (raw.start as usize, raw.end as usize);
        if from <= start && start <= end && end <= to {
            let all = [
                &self.text[from..start],
                octets.as_ref(),
                &self.text[end..to],
            ]
            .concat();
            self.edits.entry(id.0).or_default().instead = Some(all);
        }
    }

    /// Takes an entry away with its line end. A record behind it that is written without an owner
    /// then gets that of the record before: see [`ZoneFile::remove_record`].
    pub fn remove(&mut self, id: EntryId) {
        if self.entry(id).is_some() {
            self.edits.entry(id.0).or_default().instead = Some(Vec::new());
        }
    }

    /// Takes an entry away; if it states an owner that entries behind it go on with, the first of
    /// them that stays states it from then on.
    pub fn remove_record(&mut self, id: EntryId) {
        let owner = self.entry(id).and_then(|entry| entry.owner_text());
        let owner = owner.map(<[u8]>::to_vec);
        self.remove(id);
        let Some(owner) = owner else {
            return;
        };
        let mut at = id.0 + 1;
        while let Some(entry) = self.entry(EntryId(at)) {
            let edited = self.edits.get(&at).and_then(|edit| edit.instead.as_ref());
            let gone = edited.is_some_and(Vec::is_empty);
            if entry.kind() == EntryKind::Directive || entry.owner_text().is_some() {
                return;
            }
            if entry.kind() == EntryKind::Record && !gone {
                let mut text = owner;
                text.extend_from_slice(edited.map_or(entry.text(), Vec::as_slice));
                self.edits.entry(at).or_default().instead = Some(text);
                return;
            }
            at += 1;
        }
    }

    /// Puts lines in front of an entry, behind those put there before.
    pub fn insert_before(&mut self, id: EntryId, lines: impl AsRef<[u8]>) {
        if self.entry(id).is_some() {
            let lines = self.lines(lines.as_ref());
            self.edits
                .entry(id.0)
                .or_default()
                .before
                .extend_from_slice(&lines);
        }
    }

    /// Puts lines behind an entry, behind those put there before.
    pub fn insert_after(&mut self, id: EntryId, lines: impl AsRef<[u8]>) {
        if self.entry(id).is_some() {
            let lines = self.lines(lines.as_ref());
            self.edits
                .entry(id.0)
                .or_default()
                .after
                .extend_from_slice(&lines);
        }
    }

    /// Puts lines at the end of the file.
    pub fn append(&mut self, lines: impl AsRef<[u8]>) {
        let lines = self.lines(lines.as_ref());
        self.appended.extend_from_slice(&lines);
    }

    /// Takes all edits back.
    pub fn revert(&mut self) {
        self.edits.clear();
        self.appended.clear();
    }

    /// The text with all edits.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.text.len() + self.appended.len());
        let mut done = 0;
        for (at, edit) in &self.edits {
            let raw = self.entries[*at as usize];
            let (start, end) = (raw.start as usize, raw.end as usize);
            out.extend_from_slice(&self.text[done..start]);
            done = end;
            out.extend_from_slice(&edit.before);
            match &edit.instead {
                Some(instead) => out.extend_from_slice(instead),
                None => out.extend_from_slice(&self.text[start..end]),
            }
            if !edit.after.is_empty() {
                self.end_line(&mut out);
                out.extend_from_slice(&edit.after);
            }
        }
        out.extend_from_slice(&self.text[done..]);
        if !self.appended.is_empty() {
            self.end_line(&mut out);
            out.extend_from_slice(&self.appended);
        }
        out
    }

    /// The edited text, read anew.
    #[must_use]
    pub fn reparsed(&self) -> Self {
        Self::parse(self.name.clone(), self.to_bytes())
    }

    /// What lines of this file end with: that of the first line.
    pub fn line_end(&self) -> &'static str {
        let end = self.text.iter().position(|b| *b == b'\n');
        match end {
            Some(at) if at > 0 && self.text[at - 1] == b'\r' => "\r\n",
            _ => "\n",
        }
    }

    fn end_line(&self, out: &mut Vec<u8>) {
        if !out.is_empty() && !out.ends_with(b"\n") && out != MARK {
            out.extend_from_slice(self.line_end().as_bytes());
        }
    }

    /// Lines with the line ends of this file, the last one's too.
    fn lines(&self, lines: &[u8]) -> Vec<u8> {
        let end = self.line_end().as_bytes();
        let mut out = Vec::with_capacity(lines.len() + 1);
        for line in lines
            .strip_suffix(b"\n")
            .unwrap_or(lines)
            .split(|b| *b == b'\n')
        {
            out.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
            out.extend_from_slice(end);
        }
        out
    }

    /// The text for messages. Octets that are not UTF-8 are shown as `?`, so that offsets stay.
    pub fn source(&self) -> &Source {
        self.source
            .get_or_init(|| Source::new(self.name.clone(), shown(&self.text)))
    }

    pub(crate) fn span(&self, start: u32, end: u32) -> Span {
        self.source().span(start as usize, end as usize)
    }

    pub(crate) fn lex(&self, id: EntryId, lexed: &mut Lexed) {
        let raw = self.entries[id.0 as usize];
        scan(&self.text, raw.start as usize, raw.flat, lexed);
    }

    pub(crate) fn range(&self, id: EntryId) -> (u32, u32) {
        let raw = self.entries[id.0 as usize];
        (raw.start, raw.end)
    }
}

impl fmt::Debug for ZoneFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ZoneFile")
            .field("name", &self.name)
            .field("entries", &self.entries.len())
            .field("edits", &self.edits.len())
            .finish_non_exhaustive()
    }
}

impl<'f> Entry<'f> {
    /// Its id.
    pub fn id(&self) -> EntryId {
        self.id
    }

    /// What it is.
    pub fn kind(&self) -> EntryKind {
        self.file.entries[self.id.0 as usize].kind
    }

    /// Where it stands in [`ZoneFile::text`], its line end included.
    pub fn range(&self) -> Range<usize> {
        let (start, end) = self.file.range(self.id);
        start as usize..end as usize
    }

    /// The octets of it, its line end included.
    pub fn text(&self) -> &'f [u8] {
        &self.file.text[self.range()]
    }

    /// The line it starts on, from 1.
    pub fn line(&self) -> usize {
        let (start, end) = self.file.range(self.id);
        self.file.span(start, end).position().line
    }

    /// Its place for messages, the line end not included.
    pub fn span(&self) -> Span {
        let (start, _) = self.file.range(self.id);
        let text = self.text();
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        self.file
            .span(start, start + u32::try_from(text.len()).unwrap_or(0))
    }

    /// The comment in it, from `;` on: the last one if parentheses hold several lines.
    pub fn comment(&self) -> Option<&'f [u8]> {
        let mut lexed = Lexed::default();
        self.file.lex(self.id, &mut lexed);
        let (start, end) = lexed.comment?;
        Some(&self.file.text[start as usize..end as usize])
    }

    /// The words of it as they are written, quotes not included; an owner is the first one.
    pub fn words(&self) -> Vec<&'f [u8]> {
        let mut lexed = Lexed::default();
        self.file.lex(self.id, &mut lexed);
        let words = lexed.tokens.iter();
        words.map(|token| token.bytes(&self.file.text)).collect()
    }

    /// The owner as it is written, if this is a record that states one.
    pub fn owner_text(&self) -> Option<&'f [u8]> {
        let text = self.text();
        if self.kind() != EntryKind::Record || matches!(text.first(), Some(b' ' | b'\t')) {
            return None;
        }
        self.words().first().copied()
    }
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("id", &self.id)
            .field("kind", &self.kind())
            .field("text", &String::from_utf8_lossy(self.text()))
            .finish()
    }
}

/// Cuts a text into entries.
fn cut(text: &[u8]) -> Vec<Raw> {
    let mut entries = Vec::with_capacity(text.len() / 40 + 1);
    let mut unclosed = 0;
    let mut lexed = Lexed::default();
    let mut at = 0;
    if text.starts_with(MARK) {
        at = MARK.len();
        entries.push(Raw {
            start: 0,
            end: 3,
            kind: EntryKind::ByteOrderMark,
            flat: false,
        });
    }
    // Offsets have 32 bits; whoever reads the entries refuses longer texts.
    let text = &text[..text.len().min(u32::MAX as usize)];
    while at < text.len() {
        let line = &text[at..];
        let length = memchr(b'\n', line).map_or(line.len(), |at| at + 1);
        let line = &line[..length];
        let kind = kind(line);
        let mut end = at + length;
        let mut flat = false;
        // Nothing but parentheses makes entries longer than their line.
        if matches!(kind, EntryKind::Record | EntryKind::Directive) && memchr(b'(', line).is_some()
        {
            flat = unclosed >= MAX_UNCLOSED;
            if !flat {
                let scanned = scan(text, at, false, &mut lexed);
                if scanned.open {
                    unclosed += 1;
                    flat = true;
                } else {
                    end = scanned.end;
                }
            }
        }
        let short = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        entries.push(Raw {
            start: short(at),
            end: short(end),
            kind,
            flat,
        });
        at = end;
    }
    entries
}

fn kind(line: &[u8]) -> EntryKind {
    match line.first() {
        Some(b'$') => return EntryKind::Directive,
        Some(b' ' | b'\t' | b'\r' | b'\n' | b';') | None => {}
        Some(_) => return EntryKind::Record,
    }
    let word = line
        .iter()
        .find(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
    match word {
        None => EntryKind::Blank,
        Some(b';') => EntryKind::Comment,
        Some(_) => EntryKind::Record,
    }
}

/// A text with `?` for every octet that is not UTF-8.
fn shown(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(std::iter::repeat_n('?', chunk.invalid().len()));
    }
    out
}
