//! Scalars: plain and quoted ones on one line, and blocks.

use std::borrow::Cow;

use super::{Halt, Reader, Sink, Step};
use crate::{Style, gap};

/// A scalar that has been read and not yet handed on.
pub(super) struct Scalar<'t> {
    pub(super) text: Cow<'t, str>,
    pub(super) style: Style,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The bytes at which a plain scalar may end.
const STOPS: [bool; 256] = {
    let mut stops = [false; 256];
    let bytes = b"\0\t\n :,[]{}";
    let mut at = 0;
    while at < bytes.len() {
        stops[bytes[at] as usize] = true;
        at += 1;
    }
    stops
};

fn is_bracket(byte: u8) -> bool {
    matches!(byte, b',' | b'[' | b']' | b'{' | b'}')
}

impl<'t, S: Sink<'t>> Reader<'t, S> {
    /// The plain or quoted scalar that is here, and past the spaces after it; `flow` says that it
    /// is between brackets.
    pub(super) fn scan_scalar(&mut self, flow: bool) -> Result<Scalar<'t>, Halt<S::Stop>> {
        let start = self.at;
        let (text, style, end) = match self.byte() {
            b'"' => (self.double_quoted()?, Style::DoubleQuoted, self.at),
            b'\'' => (self.single_quoted()?, Style::SingleQuoted, self.at),
            _ => {
                let end = self.plain(flow)?;
                (Cow::Borrowed(&self.text[start..end]), Style::Plain, end)
            }
        };
        self.skip_spaces();
        Ok(Scalar {
            text,
            style,
            start,
            end,
        })
    }

    /// Past a plain scalar; its end.
    fn plain(&mut self, flow: bool) -> Result<usize, Halt<S::Stop>> {
        let next = self.byte_at(self.at + 1);
        match self.byte() {
            b'-' if !matches!(next, b' ' | b'\n' | b'\t' | 0) => {}
            0 | b'\t' | b'\n' | b' ' | b'-' | b'?' | b':' | b',' | b'[' | b']' | b'{' | b'}'
            | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@' | b'`' => {
                return Err(Halt::GiveUp);
            }
            _ => {}
        }
        if flow && self.byte() == b'-' && is_bracket(next) {
            return Err(Halt::GiveUp);
        }
        let end = loop {
            while !STOPS[usize::from(self.byte())] {
                self.at += 1;
            }
            let end = self.at;
            match self.byte() {
                b' ' => {
                    self.skip_spaces();
                    let next = self.byte_at(self.at + 1);
                    match self.byte() {
                        b'#' | b'\n' | 0 => break end,
                        b':' if matches!(next, b' ' | b'\n' | 0) => break end,
                        byte if flow && is_bracket(byte) => break end,
                        b'-' if flow && is_bracket(next) => return Err(Halt::GiveUp),
                        _ => {}
                    }
                }
                b'\n' | 0 => break end,
                b':' => match self.byte_at(self.at + 1) {
                    b' ' | b'\n' | b'\t' | 0 => break end,
                    byte if flow && is_bracket(byte) => break end,
                    _ => self.at += 1,
                },
                b'\t' => return Err(Halt::GiveUp),
                _ if flow => break end,
                _ => self.at += 1,
            }
        };
        Ok(end)
    }

    fn single_quoted(&mut self) -> Result<Cow<'t, str>, Halt<S::Stop>> {
        let start = self.at + 1;
        self.at = start;
        let mut doubled = false;
        loop {
            match self.byte() {
                b'\'' if self.byte_at(self.at + 1) == b'\'' => {
                    doubled = true;
                    self.at += 2;
                }
                b'\'' => break,
                b'\n' | 0 => return Err(Halt::GiveUp),
                _ => self.at += 1,
            }
        }
        let inner = &self.text[start..self.at];
        self.at += 1;
        Ok(if doubled {
            inner.replace("''", "'").into()
        } else {
            inner.into()
        })
    }

    fn double_quoted(&mut self) -> Result<Cow<'t, str>, Halt<S::Stop>> {
        let mut from = self.at + 1;
        self.at = from;
        // The text up to `from`, once there is an escape.
        let mut unescaped = String::new();
        loop {
            match self.byte() {
                b'"' => break,
                b'\\' => {
                    unescaped.push_str(&self.text[from..self.at]);
                    unescaped.push(match self.byte_at(self.at + 1) {
                        b'\\' => '\\',
                        b'"' => '"',
                        b'/' => '/',
                        b'n' => '\n',
                        b't' => '\t',
                        _ => return Err(Halt::GiveUp),
                    });
                    self.at += 2;
                    from = self.at;
                }
                b'\n' | 0 => return Err(Halt::GiveUp),
                _ => self.at += 1,
            }
        }
        let rest = &self.text[from..self.at];
        self.at += 1;
        Ok(if unescaped.is_empty() {
            rest.into()
        } else {
            (unescaped + rest).into()
        })
    }

    /// The literal or folded block whose header is here, and past it; its lines start in `least`
    /// or further to the right.
    pub(super) fn block_scalar(&mut self, least: usize) -> Step<'t, S> {
        let start = self.at;
        let folded = self.byte() == b'>';
        let chomp = self.byte_at(start + 1);
        self.at += 1 + usize::from(matches!(chomp, b'-' | b'+'));
        self.skip_spaces();
        if self.byte() == b'#' && self.bytes[self.at - 1] == b' ' {
            self.at = gap::line_end(self.text, self.at);
        }
        if self.byte() != b'\n' {
            return Err(Halt::GiveUp);
        }
        self.at += 1;

        let mut text = String::new();
        let mut end = 0;
        // The column of the text, once its first line has been found.
        let mut indent = None;
        let mut widest_blank = 0;
        // Line breaks since the last line that has something.
        let mut breaks = 0;
        let mut after_blank = false;
        let line = loop {
            let line = self.at;
            let limit = indent.unwrap_or(usize::MAX);
            while self.byte() == b' ' && self.at - line < limit {
                self.at += 1;
            }
            let column = self.at - line;
            match self.byte() {
                // What a text without a line break at its end means is not obvious.
                0 if column > 0 || self.bytes[line - 1] != b'\n' => return Err(Halt::GiveUp),
                0 => break line,
                b'\t' if column < limit => return Err(Halt::GiveUp),
                b'\n' => {
                    widest_blank = widest_blank.max(column);
                    breaks += 1;
                    self.at += 1;
                    continue;
                }
                _ => {}
            }
            let first = indent.is_none();
            if column < *indent.get_or_insert(column) {
                break line;
            }
            if first && (column < least || widest_blank > column) {
                return Err(Halt::GiveUp);
            }
            let starts_blank = matches!(self.byte(), b' ' | b'\t');
            if folded && !first && !after_blank && !starts_blank {
                match breaks {
                    1 => text.push(' '),
                    more => text.extend(std::iter::repeat_n('\n', more - 1)),
                }
            } else {
                text.extend(std::iter::repeat_n('\n', breaks));
            }
            let content = self.at;
            self.at = gap::line_end(self.text, content);
            let content = &self.text[content..self.at];
            text.push_str(content);
            if !content.trim_end_matches([' ', '\t']).is_empty() {
                end = self.at;
            }
            after_blank = starts_blank;
            breaks = 0;
            if self.byte() == b'\n' {
                self.at += 1;
                breaks = 1;
            }
        };
        // Without any text, or with white space alone, the place is that of the header.
        if end == 0 {
            return Err(Halt::GiveUp);
        }
        let kept = match chomp {
            b'-' => 0,
            b'+' => breaks,
            _ => breaks.min(1),
        };
        text.extend(std::iter::repeat_n('\n', kept));
        let style = if folded {
            Style::Folded
        } else {
            Style::Literal
        };
        let text = text.into();
        self.scalar(Scalar {
            text,
            style,
            start,
            end,
        })?;
        self.at = line;
        self.skip_lines();
        self.refuse_markers()
    }
}
