//! Large texts of the plain kind, read on several cores.
//!
//! Besides the reader that starts at the front, others start further down, each on a guess: that
//! its place is in front of a key of a block mapping so many collections deep. From one place a
//! reader goes on in one way only. So where the first one arrives at the place of another, and the
//! guess was right, it takes over what that has read. A wrong guess costs time and nothing else, and
//! so do entries with anything to tell about: the first reader then reads them again.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};

use rayon::Scope;

use crate::build::{Builder, Built, Stop};
use crate::events::Event;
use crate::quick::{self, Halt, Place, Sink};
use crate::{Options, Source};

/// Bytes that take several times as long to read as a thread takes to start.
const PART: usize = 32 * 1024;

/// More threads than this would wait for each other's memory.
const MOST: usize = 8;

/// Reads a text that [`quick::may_read`].
///
/// # Errors
/// As [`quick::read`].
pub(crate) fn read<'s>(
    source: &'s Source,
    options: &'s Options,
    builder: &mut Builder<'s>,
) -> Result<(), Halt<Stop>> {
    let text = source.text();
    let parts = (text.len() / PART).min(MOST);
    let parts = match parts {
        0 | 1 => 1,
        // On a thread of the pool waiting for others of the pool might never end.
        _ if rayon::current_thread_index().is_some() => 1,
        _ => rayon::current_num_threads().min(parts),
    };
    let starts = (1..parts).filter_map(|part| guess(text, text.len() / parts * part));
    read_from(&starts.collect::<Vec<_>>(), source, options, builder)
}

/// Reads a text with readers from its start and from these places, which are in the order of the
/// text.
fn read_from<'s>(
    starts: &[Place],
    source: &'s Source,
    options: &'s Options,
    builder: &mut Builder<'s>,
) -> Result<(), Halt<Stop>> {
    if starts.is_empty() {
        return quick::read(source.text(), |event| builder.step(event));
    }
    let over = AtomicBool::new(false);
    rayon::in_place_scope(|scope| {
        let ends = starts.iter().skip(1).map(|next| next.at);
        let spans = starts.iter().zip(ends.chain([usize::MAX]));
        let mut parts: Vec<_> = spans
            .map(|(start, end)| Part::read(*start, end, source, options, &over, scope))
            .collect();
        parts.reverse();
        let result = quick::read(source.text(), Whole { builder, parts });
        over.store(true, Ordering::Relaxed);
        result
    })
}

/// A place near `from` where a key of the outermost mapping, or of one right inside, may start.
fn guess(text: &str, from: usize) -> Option<Place> {
    const NEAR: usize = 8 * 1024;
    let bytes = text.as_bytes();
    let window = &bytes[from..(from + NEAR).min(bytes.len())];
    let line_starts = window
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'\n');
    let keys = line_starts.filter_map(|(at, _)| {
        let line = &window[at + 1..];
        let column = line.iter().position(|byte| *byte != b' ')?;
        let key =
            line[column].is_ascii_alphanumeric() || matches!(line[column], b'_' | b'"' | b'\'');
        key.then_some((column, from + at + 1))
    });
    // The first of those furthest to the left.
    let (column, line) = keys.min()?;
    Some(Place {
        at: line + column,
        column,
        depth: if column == 0 { 1 } else { 2 },
        cursor: line,
    })
}

/// Entries being read from a guessed place on.
struct Part {
    start: Place,
    reading: Receiver<Option<Entries>>,
}

/// Keys and values in turn, and the place behind them.
struct Entries {
    nodes: Vec<Built>,
    behind: Place,
}

impl Part {
    fn read<'env>(
        start: Place,
        end: usize,
        source: &'env Source,
        options: &'env Options,
        over: &'env AtomicBool,
        scope: &Scope<'env>,
    ) -> Self {
        let (read, reading) = sync_channel(1);
        scope.spawn(move |_| {
            let mut builder = Builder::inside(start.depth, source, options);
            let inside = Inside {
                builder: &mut builder,
                depth: start.depth,
                end,
                over,
            };
            let behind = match quick::read_entries(source.text(), start, inside) {
                Ok(behind) | Err(Halt::Stopped(Some(behind))) => Some(behind),
                Err(Halt::Stopped(None) | Halt::GiveUp) => None,
            };
            let entries = behind
                .zip(builder.entries())
                .map(|(behind, nodes)| Entries { nodes, behind });
            // Nobody waits for the entries of a wrong guess.
            drop(read.send(entries));
        });
        Self { start, reading }
    }

    fn starts_at(&self, place: &Place) -> bool {
        let Place {
            at, column, depth, ..
        } = self.start;
        (at, column, depth) == (place.at, place.column, place.depth)
    }

    /// What was read; nothing if it is of no use.
    fn entries(self) -> Option<Entries> {
        self.reading.recv().ok().flatten()
    }
}

/// Takes the events of a part.
struct Inside<'b, 's> {
    builder: &'b mut Builder<'s>,
    /// How many collections are open around the entries.
    depth: usize,
    /// Where the next part starts.
    end: usize,
    over: &'b AtomicBool,
}

impl<'t> Sink<'t> for Inside<'_, '_> {
    /// The place where the next part can go on; none if the entries are of no use.
    type Stop = Option<Place>;

    fn event(&mut self, event: Event<'t>) -> Result<(), Option<Place>> {
        self.builder.step(event).map_err(|Stop| None)
    }

    fn known(&mut self, place: Place) -> Result<Option<Place>, Option<Place>> {
        if self.over.load(Ordering::Relaxed) {
            Err(None)
        } else if place.depth == self.depth && place.at >= self.end {
            Err(Some(place))
        } else {
            Ok(None)
        }
    }
}

/// Takes the events of the first reader, and what the others have read.
struct Whole<'b, 's> {
    builder: &'b mut Builder<'s>,
    /// The last one comes first in the text.
    parts: Vec<Part>,
}

impl<'t> Sink<'t> for Whole<'_, '_> {
    type Stop = Stop;

    fn event(&mut self, event: Event<'t>) -> Result<(), Stop> {
        self.builder.step(event)
    }

    fn known(&mut self, place: Place) -> Result<Option<Place>, Stop> {
        while let Some(part) = self.parts.pop_if(|part| part.start.at <= place.at) {
            if part.starts_at(&place)
                && let Some(entries) = part.entries()
            {
                for node in entries.nodes {
                    self.builder.place(node);
                }
                return Ok(Some(entries.behind));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests;
