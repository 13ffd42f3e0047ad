//! The plain part of YAML, read without detours.
//!
//! Nearly all files that people write keep to a small part of YAML: block mappings and sequences,
//! scalars on one line, literal and folded blocks, collections between brackets, comments. For these
//! a reader that goes over the bytes once, copies nothing and looks at most one character ahead is
//! several times as fast as the parser for the whole language.
//!
//! It gives the same events as [`Events`](crate::events::Events), or it gives up: at the first
//! anchor, tag, tab, directive, scalar of several lines or anything else of which the meaning is not
//! obvious, and at everything that is wrong. The text is then read again from its start by the
//! parser, which also has the last word on what is an error.

mod flow;
mod scalar;

#[cfg(test)]
mod tests;

use crate::events::{Event, Kind, Properties};
use crate::{Style, gap};
use scalar::Scalar;

/// Deeper nesting is left to the parser; whoever takes the events has lower limits.
const DEEPEST: usize = 600;

/// Why reading ended before the end of the text.
#[derive(Debug)]
pub(crate) enum Halt<E> {
    /// The text is not of the plain kind: what was read so far counts for nothing.
    GiveUp,
    /// The receiver of the events wants no more of them.
    Stopped(E),
}

/// What comes of a step of reading for a sink.
type Step<'t, S> = Result<(), Halt<<S as Sink<'t>>::Stop>>;

/// A place between two entries of a block mapping, or behind its last one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// The offset of what comes next.
    pub(crate) at: usize,
    /// Its column, which is that of the mapping in front of a key of it.
    pub(crate) column: usize,
    /// How many collections are open.
    pub(crate) depth: usize,
    /// The end of the last event.
    pub(crate) cursor: usize,
}

/// What takes the events.
pub(crate) trait Sink<'t> {
    /// Why it wants no more of them.
    type Stop;

    /// Takes the next event.
    fn event(&mut self, event: Event<'t>) -> Result<(), Self::Stop>;

    /// Asked between two entries of a block mapping: if the next ones are known already, the place
    /// behind them; their events are left out.
    fn known(&mut self, _: Place) -> Result<Option<Place>, Self::Stop> {
        Ok(None)
    }
}

impl<'t, E, F: FnMut(Event<'t>) -> Result<(), E>> Sink<'t> for F {
    type Stop = E;

    fn event(&mut self, event: Event<'t>) -> Result<(), E> {
        self(event)
    }
}

/// Whether a text may be for this reader at all.
pub(crate) fn may_read(text: &str) -> bool {
    // Both are line breaks or no content at all, depending on where they stand.
    !text.as_bytes().contains(&b'\r') && (text.is_ascii() || !text.contains('\u{feff}'))
}

/// Reads a text that holds one document, and hands its events to `sink`.
///
/// `text` has no characters that YAML does not allow, and none that [`may_read`] refuses.
///
/// # Errors
/// When the text is not of the plain kind, and when `sink` returns an error.
pub(crate) fn read<'t, S: Sink<'t>>(text: &'t str, sink: S) -> Result<(), Halt<S::Stop>> {
    let start = Place {
        at: 0,
        column: 0,
        depth: 0,
        cursor: 0,
    };
    Reader::new(text, start, sink).document()
}

/// Reads the entries of a block mapping from the key at `start` on, without the end of the mapping,
/// and returns the place behind them.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_entries<'t, S: Sink<'t>>(
    text: &'t str,
    start: Place,
    sink: S,
) -> Result<Place, Halt<S::Stop>> {
    let mut reader = Reader::new(text, start, sink);
    let key = reader.key()?;
    reader.entries(start.column, key)?;
    Ok(reader.place())
}

struct Reader<'t, S> {
    text: &'t str,
    bytes: &'t [u8],
    /// The offset of the byte to look at next.
    at: usize,
    /// The column of that byte, at the start of a block node.
    column: usize,
    /// How many collections are open.
    depth: usize,
    /// The end of the last event.
    cursor: usize,
    sink: S,
}

impl<'t, S: Sink<'t>> Reader<'t, S> {
    fn new(text: &'t str, start: Place, sink: S) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: start.at,
            column: start.column,
            depth: start.depth,
            cursor: start.cursor,
            sink,
        }
    }

    fn place(&self) -> Place {
        Place {
            at: self.at,
            column: self.column,
            depth: self.depth,
            cursor: self.cursor,
        }
    }

    fn document(&mut self) -> Step<'t, S> {
        self.skip_lines();
        if self.bytes[self.at..].starts_with(b"---") && self.column == 0 {
            self.at += 3;
            self.mark(Kind::DocumentStart, self.at)?;
            if !matches!(self.byte(), b' ' | b'\n') {
                return Err(Halt::GiveUp);
            }
            self.end_line()?;
        } else {
            self.mark(Kind::DocumentStart, self.at)?;
            self.refuse_markers()?;
        }
        if self.starts_item() {
            self.sequence(self.column)?;
        } else {
            let key = self.key()?;
            self.mapping(self.column, key)?;
        }
        if self.at < self.bytes.len() {
            return Err(Halt::GiveUp);
        }
        self.mark(Kind::DocumentEnd, self.cursor)
    }

    /// The mapping whose keys stand in `column`; its first one has been read.
    fn mapping(&mut self, column: usize, first: Scalar<'t>) -> Step<'t, S> {
        let start = first.start;
        self.open(Kind::Mapping(Properties::default()), start, start)?;
        self.entries(column, first)?;
        self.close(start, self.cursor)
    }

    /// The entries of a mapping, from the one with the key `first` to the last.
    fn entries(&mut self, column: usize, first: Scalar<'t>) -> Step<'t, S> {
        let mut key = first;
        loop {
            self.scalar(key)?;
            self.value(column)?;
            loop {
                if self.ends_before(column)? {
                    return Ok(());
                }
                let known = self.sink.known(self.place()).map_err(Halt::Stopped)?;
                let Some(behind) = known else { break };
                self.at = behind.at;
                self.column = behind.column;
                self.cursor = behind.cursor;
            }
            key = self.key()?;
        }
    }

    /// What stands behind the `:` of a key in `column`.
    fn value(&mut self, column: usize) -> Step<'t, S> {
        let after = self.at;
        self.skip_spaces();
        match self.byte() {
            b'\n' | b'#' | 0 => {
                self.end_line()?;
                let left = self.at == self.bytes.len();
                if !left && self.starts_item() && self.column >= column {
                    self.sequence(self.column)
                } else if !left && self.column > column {
                    let key = self.key()?;
                    self.mapping(self.column, key)
                } else {
                    self.empty(after)
                }
            }
            b'|' | b'>' => self.block_scalar(column + 1),
            b'[' | b'{' => {
                self.flow_collection(column + 1)?;
                self.end_line()
            }
            _ => {
                let scalar = self.scan_scalar(false)?;
                self.scalar(scalar)?;
                self.end_line()
            }
        }
    }

    /// The sequence whose dashes stand in `column`.
    fn sequence(&mut self, column: usize) -> Step<'t, S> {
        let start = self.at;
        self.open(Kind::Sequence(Properties::default()), start, start)?;
        loop {
            self.item(column)?;
            // One that is as deep as the keys around it ends where the next of these comes.
            if self.ends_before(column)? || !self.starts_item() {
                return self.close(start, self.cursor);
            }
        }
    }

    /// The item whose dash is here, in `column`.
    fn item(&mut self, column: usize) -> Step<'t, S> {
        let dash = self.at;
        self.at += 1;
        self.skip_spaces();
        self.column = column + (self.at - dash);
        match self.byte() {
            b'|' | b'>' => self.block_scalar(column + 1),
            b'[' | b'{' => {
                self.flow_collection(column + 1)?;
                self.end_line()
            }
            _ if self.starts_item() => self.sequence(self.column),
            _ => {
                let scalar = self.scan_scalar(false)?;
                if self.skip_colon(scalar.start) {
                    return self.mapping(self.column, scalar);
                }
                self.scalar(scalar)?;
                self.end_line()
            }
        }
    }

    /// The key that is here, up to and with its `:`.
    fn key(&mut self) -> Result<Scalar<'t>, Halt<S::Stop>> {
        let key = self.scan_scalar(false)?;
        if self.skip_colon(key.start) {
            Ok(key)
        } else {
            Err(Halt::GiveUp)
        }
    }

    /// Whether the collection in `column` ends here.
    fn ends_before(&self, column: usize) -> Result<bool, Halt<S::Stop>> {
        if self.at == self.bytes.len() || self.column < column {
            Ok(true)
        } else if self.column == column {
            Ok(false)
        } else {
            // Another line of the scalar before it, or wrong.
            Err(Halt::GiveUp)
        }
    }

    /// Whether a dash that starts an item is here.
    fn starts_item(&self) -> bool {
        self.byte() == b'-' && matches!(self.byte_at(self.at + 1), b' ' | b'\n' | 0)
    }

    /// Past the `:` behind a key that starts at `start`, if one is here.
    fn skip_colon(&mut self, start: usize) -> bool {
        /// The parser takes longer keys for none, and counts characters.
        const LONGEST: usize = 1000;
        let found = self.byte() == b':'
            && matches!(self.byte_at(self.at + 1), b' ' | b'\n' | 0)
            && self.at - start <= LONGEST;
        self.at += usize::from(found);
        found
    }

    /// From behind a value to the start of what comes on a later line.
    fn end_line(&mut self) -> Step<'t, S> {
        self.skip_spaces();
        match self.byte() {
            b'#' if self.bytes[self.at - 1] == b' ' => self.at = gap::line_end(self.text, self.at),
            b'\n' | 0 => {}
            _ => return Err(Halt::GiveUp),
        }
        if self.byte() == b'\n' {
            self.at += 1;
            self.skip_lines();
        }
        self.refuse_markers()
    }

    /// From the start of a line past empty ones and comments.
    fn skip_lines(&mut self) {
        loop {
            let start = self.at;
            self.skip_spaces();
            self.column = self.at - start;
            if self.byte() == b'#' {
                self.at = gap::line_end(self.text, self.at);
            }
            if self.byte() != b'\n' {
                return;
            }
            self.at += 1;
        }
    }

    /// Documents and directives start and end in the first column.
    fn refuse_markers(&self) -> Step<'t, S> {
        let rest = &self.bytes[self.at..];
        let marked = rest.starts_with(b"%") || rest.starts_with(b"---") || rest.starts_with(b"...");
        if marked && self.column == 0 {
            return Err(Halt::GiveUp);
        }
        Ok(())
    }

    fn skip_spaces(&mut self) {
        while self.byte() == b' ' {
            self.at += 1;
        }
    }

    /// The byte here; 0, which no text has, at the end.
    fn byte(&self) -> u8 {
        self.byte_at(self.at)
    }

    fn byte_at(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    fn scalar(&mut self, scalar: Scalar<'t>) -> Step<'t, S> {
        let Scalar {
            text,
            style,
            start,
            end,
        } = scalar;
        let properties = Properties::default();
        let kind = Kind::Scalar {
            text,
            style,
            properties,
        };
        self.emit(kind, start, end)
    }

    /// A value that is not there.
    fn empty(&mut self, at: usize) -> Step<'t, S> {
        self.scalar(Scalar {
            text: "".into(),
            style: Style::Plain,
            start: at,
            end: at,
        })
    }

    fn mark(&mut self, kind: Kind<'t>, at: usize) -> Step<'t, S> {
        self.emit(kind, at, at)
    }

    fn open(&mut self, kind: Kind<'t>, start: usize, end: usize) -> Step<'t, S> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Halt::GiveUp);
        }
        self.emit(kind, start, end)
    }

    fn close(&mut self, start: usize, end: usize) -> Step<'t, S> {
        self.depth -= 1;
        self.emit(Kind::End, start, end)
    }

    fn emit(&mut self, kind: Kind<'t>, start: usize, end: usize) -> Step<'t, S> {
        self.cursor = end;
        self.sink
            .event(Event { kind, start, end })
            .map_err(Halt::Stopped)
    }
}
