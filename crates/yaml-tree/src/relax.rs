//! Lines between brackets and in quotes that are indented less than YAML 1.2 asks for.
//!
//! libyaml and Go's YAML library do not look at the indentation of such lines, and files that
//! people use depend on it:
//!
//! ```yaml
//! volumes: [
//! "data:/data",
//! ]
//! ```
//!
//! White space at the start of these lines means nothing. So when the parser refuses one, the text
//! is read once more with spaces put before the lines in question, and all offsets are taken back
//! to the text as it is.

use std::borrow::Cow;
use std::ops::Range;

use crate::events::{Event, Events};
use crate::gap;
use crate::offsets::Offsets;

/// How many bytes may be read again, all attempts together, before the text is refused.
const WORK: usize = 64 << 20;

/// A bracket further to the right than this is not mended.
const FAR: usize = 1_000;

/// Spaces to put into a text.
#[derive(Default)]
pub(crate) struct Padding {
    /// In the order of the text.
    lines: Vec<Line>,
    /// How many spaces there are in all.
    total: usize,
}

struct Line {
    /// Where the line starts in the text.
    at: usize,
    /// How many spaces go before it.
    spaces: usize,
    /// Where they start in the text with the spaces.
    moved: usize,
}

impl Padding {
    /// The padding with which the parser gets further than `at`, where it stopped with the words
    /// `info`; `None` if indentation is not what is wrong.
    pub(crate) fn find(text: &str, info: &str, events: &Events<'_>, at: usize) -> Option<Self> {
        let mut padding = Self::default();
        let mut region = region(text, info, events.flow_start(), at)?;
        for _ in 0..=WORK / text.len().max(1) {
            if !padding.add(text, &region) {
                return None;
            }
            let padded = padding.apply(text);
            let mut events = Events::new(&padded, Offsets::new(&padded).ok()?);
            let (stopped, error) = loop {
                match events.next() {
                    Ok(Some(_)) => {}
                    Ok(None) => return Some(padding),
                    Err(found) => break found,
                }
            };
            let stopped = padding.original(stopped);
            let start = events.flow_start().map(|start| padding.original(start));
            region = match self::region(text, error.info(), start, stopped) {
                Some(next) if next.start >= region.end => next,
                // Another mistake, further down: this one has been mended.
                _ if stopped > gap::line_end(text, region.end) => return Some(padding),
                _ => return None,
            };
        }
        None
    }

    /// Puts the lines that start in `region` further to the right than where it starts; whether
    /// there are any, and not too many.
    fn add(&mut self, text: &str, region: &Range<usize>) -> bool {
        let line = text[..region.start].rfind('\n').map_or(0, |at| at + 1);
        let spaces = text[line..region.start].chars().count() + 1;
        let before = self.lines.len();
        if spaces > FAR {
            return false;
        }
        for (found, _) in text[region.clone()].match_indices('\n') {
            let at = region.start + found + 1;
            let moved = at + self.total;
            self.lines.push(Line { at, spaces, moved });
            self.total += spaces;
            if self.total > WORK {
                return false;
            }
        }
        self.lines.len() > before
    }

    /// The text with the spaces.
    pub(crate) fn apply<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.lines.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut padded = String::with_capacity(text.len() + self.total);
        let mut from = 0;
        for line in &self.lines {
            padded.push_str(&text[from..line.at]);
            padded.extend(std::iter::repeat_n(' ', line.spaces));
            from = line.at;
        }
        padded.push_str(&text[from..]);
        Cow::Owned(padded)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// An event of the text with the spaces, at its place in the text.
    pub(crate) fn original_event<'t>(&self, event: Event<'t>) -> Event<'t> {
        if self.is_empty() {
            return event;
        }
        Event {
            start: self.original(event.start),
            end: self.original(event.end),
            kind: event.kind,
        }
    }

    /// The offset in the text of an offset in the text with the spaces.
    pub(crate) fn original(&self, offset: usize) -> usize {
        let behind = self.lines.partition_point(|line| line.moved <= offset);
        match self.lines[..behind].last() {
            None => offset,
            Some(line) => line.at + (offset - line.moved).saturating_sub(line.spaces),
        }
    }
}

/// The range whose lines are to be padded: from the outermost open bracket to the one that closes
/// it, or a quoted scalar.
fn region(text: &str, info: &str, flow: Option<usize>, at: usize) -> Option<Range<usize>> {
    match info {
        "invalid indentation" | "invalid indentation in flow construct" => {
            let start = flow?;
            Some(start..flow_end(text, start)?)
        }
        "invalid indentation in quoted scalar" => match flow {
            Some(start) => Some(start..flow_end(text, start)?),
            None => Some(at..gap::quoted_end(text, at)),
        },
        _ => None,
    }
}

/// The offset after the bracket that closes the one at `start`.
fn flow_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    // Whether a value can start here, so that a quote is a quote.
    let mut fresh = true;
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'[' | b'{' => {
                depth += 1;
                fresh = true;
            }
            b']' | b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
                fresh = false;
            }
            b'"' | b'\'' if fresh => {
                at = gap::quoted_end(text, at);
                fresh = false;
                continue;
            }
            b'&' | b'!' if fresh => {
                at = gap::skip_property(text, at).max(at + 1);
                continue;
            }
            b'#' if matches!(bytes.get(at.wrapping_sub(1)), Some(b' ' | b'\t' | b'\n')) => {
                at = gap::line_end(text, at);
                continue;
            }
            b',' | b':' | b'?' => fresh = true,
            b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => fresh = false,
        }
        at += 1;
    }
    None
}
