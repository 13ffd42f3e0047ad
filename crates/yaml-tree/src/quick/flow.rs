//! Collections between brackets.

use super::{Halt, Reader, Sink, Step};
use crate::events::{Kind, Properties};
use crate::gap;

/// The parser has a limit of its own somewhat above this.
const DEEPEST: usize = 200;

impl<'t, S: Sink<'t>> Reader<'t, S> {
    /// The collection whose bracket is here; its further lines start in `least` or further to the
    /// right.
    pub(super) fn flow_collection(&mut self, least: usize) -> Step<'t, S> {
        if self.depth > DEEPEST {
            return Err(Halt::GiveUp);
        }
        let start = self.at;
        self.at += 1;
        if self.bytes[start] == b'[' {
            self.open(Kind::Sequence(Properties::default()), start, self.at)?;
            self.flow_entries(b']', least, Self::flow_node)?;
        } else {
            self.open(Kind::Mapping(Properties::default()), start, self.at)?;
            self.flow_entries(b'}', least, Self::flow_pair)?;
        }
        self.at += 1;
        self.close(start, self.at)
    }

    /// Entries with commas between and perhaps after them, up to the bracket `close`.
    fn flow_entries(
        &mut self,
        close: u8,
        least: usize,
        entry: fn(&mut Self, usize) -> Step<'t, S>,
    ) -> Step<'t, S> {
        loop {
            self.skip_blank(least)?;
            if self.byte() == close {
                return Ok(());
            }
            entry(self, least)?;
            self.skip_blank(least)?;
            match self.byte() {
                b',' => self.at += 1,
                byte if byte == close => return Ok(()),
                _ => return Err(Halt::GiveUp),
            }
        }
    }

    fn flow_node(&mut self, least: usize) -> Step<'t, S> {
        if matches!(self.byte(), b'[' | b'{') {
            return self.flow_collection(least);
        }
        let scalar = self.scan_scalar(true)?;
        self.scalar(scalar)
    }

    fn flow_pair(&mut self, least: usize) -> Step<'t, S> {
        let key = self.scan_scalar(true)?;
        if !self.skip_colon(key.start) {
            return Err(Halt::GiveUp);
        }
        self.scalar(key)?;
        let after = self.at;
        self.skip_blank(least)?;
        match self.byte() {
            b',' | b'}' => self.empty(after),
            _ => self.flow_node(least),
        }
    }

    /// Past spaces, line breaks and comments.
    fn skip_blank(&mut self, least: usize) -> Step<'t, S> {
        let mut line = None;
        loop {
            match self.byte() {
                b' ' => self.at += 1,
                b'\n' => {
                    self.at += 1;
                    line = Some(self.at);
                }
                b'#' if matches!(self.bytes[self.at - 1], b' ' | b'\n') => {
                    self.at = gap::line_end(self.text, self.at);
                }
                _ if line.is_some_and(|line| self.at - line < least) => return Err(Halt::GiveUp),
                _ => return Ok(()),
            }
        }
    }
}
