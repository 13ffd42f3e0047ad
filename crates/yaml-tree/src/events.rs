//! The parser's events with exact places.

use std::borrow::Cow;
use std::sync::Arc;

use saphyr_parser::{Event as Raw, Parser, ScalarStyle, ScanError, StrInput, Tag};

use crate::offsets::Offsets;
use crate::{Style, gap};

/// What the parser says when an alias has no anchor; it can go on after that.
const UNKNOWN_ANCHOR: &str = "while parsing node, found unknown anchor";

/// One step through a text: what, and from which byte to which.
#[derive(Debug)]
pub(crate) struct Event<'t> {
    pub(crate) kind: Kind<'t>,
    pub(crate) start: usize,
    /// For the start of a collection, the offset where its first entry can stand.
    pub(crate) end: usize,
}

/// What is being stepped on.
#[derive(Debug)]
pub(crate) enum Kind<'t> {
    DocumentStart,
    DocumentEnd,
    Scalar {
        text: Cow<'t, str>,
        style: Style,
        properties: Properties,
    },
    Sequence(Properties),
    Mapping(Properties),
    /// The end of the innermost open collection; the event reaches from its first to its last
    /// byte.
    End,
    /// The number is that of the anchor, if there is one of this name above.
    Alias(Option<usize>),
}

/// What precedes a node: `&anchor !tag`.
#[derive(Debug, Default)]
pub(crate) struct Properties {
    pub(crate) anchor: Option<usize>,
    pub(crate) tag: Option<Arc<str>>,
}

/// An open collection.
#[derive(Clone, Copy)]
struct Frame {
    shape: Shape,
    start: usize,
    /// In a mapping: whether a key comes next.
    key: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    BlockSequence,
    BlockMapping,
    FlowSequence,
    FlowMapping,
    /// A single pair in a flow sequence, without braces.
    Pair,
}

/// Reads a text event by event.
pub(crate) struct Events<'t> {
    text: &'t str,
    offsets: Offsets<'t>,
    parser: Parser<'t, StrInput<'t>>,
    frames: Vec<Frame>,
    /// Everything before this offset belongs to earlier events.
    cursor: usize,
    /// By how much the parser's character numbers are too large: it counts the bytes of
    /// directives (`%…`).
    drift: usize,
}

impl<'t> Events<'t> {
    pub(crate) fn new(text: &'t str, offsets: Offsets<'t>) -> Self {
        Self {
            text,
            offsets,
            parser: Parser::new_from_str(text),
            frames: Vec::new(),
            cursor: 0,
            drift: 0,
        }
    }

    /// The next event, `None` at the end of the text.
    ///
    /// # Errors
    /// Where and why the text is not YAML; nothing more can be read then.
    pub(crate) fn next(&mut self) -> Result<Option<Event<'t>>, (usize, ScanError)> {
        loop {
            let (raw, span) = match self.parser.next_event() {
                None => return Ok(None),
                Some(Ok(event)) => event,
                Some(Err(error)) => {
                    let at = self.byte(error.marker().index());
                    if error.info() == UNKNOWN_ANCHOR {
                        let end = gap::skip_property(self.text, at);
                        return Ok(Some(self.leaf(Kind::Alias(None), at, end)));
                    }
                    return Err((at, error));
                }
            };
            let start = self.byte(span.start.index());
            let end = self.byte(span.end.index());
            return Ok(Some(match raw {
                Raw::Nothing | Raw::StreamStart => continue,
                Raw::StreamEnd => return Ok(None),
                Raw::DocumentStart(explicit) => {
                    if explicit {
                        self.cursor = self.after_dashes(span.start.index(), end);
                    } else {
                        self.cursor = gap::skip_document_ends(self.text, self.cursor);
                    }
                    Event {
                        kind: Kind::DocumentStart,
                        start: self.cursor,
                        end: self.cursor,
                    }
                }
                Raw::DocumentEnd => Event {
                    kind: Kind::DocumentEnd,
                    start: self.cursor,
                    end: self.cursor,
                },
                Raw::Alias(id) => self.leaf(Kind::Alias(Some(id)), start, end),
                Raw::Scalar(text, style, anchor, tag) => {
                    let properties = properties(anchor, tag);
                    self.scalar(text, style, properties, start, end)
                }
                Raw::SequenceStart(anchor, tag) => {
                    let properties = properties(anchor, tag);
                    self.open(Kind::Sequence, properties, span.is_empty(), end)
                }
                Raw::MappingStart(anchor, tag) => {
                    let properties = properties(anchor, tag);
                    self.open(Kind::Mapping, properties, span.is_empty(), end)
                }
                Raw::SequenceEnd | Raw::MappingEnd => self.close(start),
            }));
        }
    }

    fn byte(&self, number: usize) -> usize {
        self.offsets.byte(number.saturating_sub(self.drift))
    }

    /// The offset after the `---` that the parser sees at character `number`, ending at byte `end`.
    fn after_dashes(&mut self, number: usize, end: usize) -> usize {
        let mut at = gap::skip_document_ends(self.text, self.cursor);
        let mut directives = false;
        while self.text[at..].starts_with('%') {
            directives = true;
            at = gap::skip_document_ends(self.text, gap::line_end(self.text, at));
        }
        if !(directives && self.text[at..].starts_with("---")) {
            return end;
        }
        self.drift = number.saturating_sub(self.offsets.number(at));
        at + 3
    }

    /// Where the innermost `[` or `{` stands that has not been closed.
    pub(crate) fn open_bracket(&self) -> Option<usize> {
        let frames = self.frames.iter().rev();
        let mut brackets =
            frames.filter(|frame| matches!(frame.shape, Shape::FlowSequence | Shape::FlowMapping));
        brackets.next().map(|frame| frame.start)
    }

    /// Where the outermost `[` or `{` stands that has not been closed, or that comes next.
    pub(crate) fn flow_start(&self) -> Option<usize> {
        let open = self
            .frames
            .iter()
            .find(|frame| matches!(frame.shape, Shape::FlowSequence | Shape::FlowMapping));
        if let Some(frame) = open {
            return Some(frame.start);
        }
        let (_, mut at) = self.approach();
        while self.text[at..].starts_with(['&', '!']) {
            at = gap::skip_blank(self.text, gap::skip_property(self.text, at));
        }
        self.text[at..].starts_with(['[', '{']).then_some(at)
    }

    /// Walks from the cursor to the next node: the place after the indicator (`-`, `:`, `,`, `?`)
    /// which announces it, and the first byte of the node or of its properties.
    fn approach(&self) -> (usize, usize) {
        let text = self.text;
        let at = gap::skip_blank(text, self.cursor);
        let question = |at: usize| gap::past_word(text, at, b'?').unwrap_or(at);
        let after = match self.frames.last() {
            None => self.cursor,
            Some(frame) => match (frame.shape, frame.key) {
                (Shape::BlockSequence, _) => gap::past_word(text, at, b'-').unwrap_or(self.cursor),
                (Shape::FlowSequence, _) => gap::past(text, at, b',').unwrap_or(self.cursor),
                (Shape::BlockMapping | Shape::Pair, true) => question(at),
                (Shape::FlowMapping, true) => match gap::past(text, at, b',') {
                    Some(after) => question(gap::skip_blank(text, after)),
                    None => question(at),
                },
                (Shape::BlockMapping, false) => {
                    gap::past_word(text, at, b':').unwrap_or(self.cursor)
                }
                (_, false) => gap::past(text, at, b':').unwrap_or(self.cursor),
            },
        };
        (after, gap::skip_blank(text, after))
    }

    /// As [`approach`](Self::approach), and past the properties.
    fn approach_past(&self, properties: &Properties) -> (usize, usize) {
        let (mut after, mut at) = self.approach();
        let count =
            usize::from(properties.anchor.is_some()) + usize::from(properties.tag.is_some());
        for _ in 0..count {
            after = gap::skip_property(self.text, at);
            at = gap::skip_blank(self.text, after);
        }
        (after, at)
    }

    fn scalar(
        &mut self,
        value: Cow<'t, str>,
        style: ScalarStyle,
        properties: Properties,
        start: usize,
        end: usize,
    ) -> Event<'t> {
        let text = self.text;
        let bare = properties.anchor.is_none() && properties.tag.is_none();
        let (style, start, end) = match style {
            ScalarStyle::Plain if value.is_empty() => {
                let (after, _) = self.approach_past(&properties);
                (Style::Plain, after, after)
            }
            ScalarStyle::Plain if bare => (Style::Plain, start, end),
            ScalarStyle::Plain => {
                let (_, start) = self.approach_past(&properties);
                (Style::Plain, start, end)
            }
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                let start = if bare {
                    start
                } else {
                    self.approach_past(&properties).1
                };
                let style = match style {
                    ScalarStyle::SingleQuoted => Style::SingleQuoted,
                    _ => Style::DoubleQuoted,
                };
                (style, start, gap::quoted_end(text, start))
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let (_, start) = self.approach_past(&properties);
                let header = gap::header_end(text, start).min(end);
                let first = gap::line_end(text, header).min(end);
                let content = gap::content_end(text, first, end);
                let style = match style {
                    ScalarStyle::Literal => Style::Literal,
                    _ => Style::Folded,
                };
                let end = if content == first { header } else { content };
                (style, start, end)
            }
        };
        let kind = Kind::Scalar {
            text: value,
            style,
            properties,
        };
        self.leaf(kind, start, end)
    }

    fn leaf(&mut self, kind: Kind<'t>, start: usize, end: usize) -> Event<'t> {
        let end = end.max(start);
        self.cursor = self.cursor.max(end);
        self.entered();
        Event { kind, start, end }
    }

    fn open(
        &mut self,
        kind: fn(Properties) -> Kind<'t>,
        properties: Properties,
        unwritten: bool,
        end: usize,
    ) -> Event<'t> {
        let (_, start) = self.approach_past(&properties);
        let kind = kind(properties);
        let bracket = match (&kind, self.text.as_bytes().get(start)) {
            // A block collection which starts with a flow collection, and a pair without braces,
            // are reported as empty ranges, or as ranges that end before the bracket.
            _ if unwritten || end <= start => None,
            (Kind::Sequence(_), Some(b'[')) => Some(Shape::FlowSequence),
            (Kind::Mapping(_), Some(b'{')) => Some(Shape::FlowMapping),
            _ => None,
        };
        let in_flow = self.frames.last().is_some_and(|frame| {
            matches!(
                frame.shape,
                Shape::FlowSequence | Shape::FlowMapping | Shape::Pair
            )
        });
        let shape = bracket.unwrap_or(match kind {
            Kind::Sequence(_) => Shape::BlockSequence,
            _ if in_flow => Shape::Pair,
            _ => Shape::BlockMapping,
        });
        self.cursor = start + usize::from(bracket.is_some());
        self.frames.push(Frame {
            shape,
            start,
            key: true,
        });
        Event {
            kind,
            start,
            end: self.cursor,
        }
    }

    fn close(&mut self, at: usize) -> Event<'t> {
        let frame = self.frames.pop();
        let start = frame.map_or(at, |frame| frame.start);
        if let Some(Shape::FlowSequence | Shape::FlowMapping) = frame.map(|frame| frame.shape) {
            // A comma before the bracket is what the parser reports as the end of a mapping.
            let at = match gap::past(self.text, at, b',') {
                Some(after) => gap::skip_blank(self.text, after),
                None => at,
            };
            self.cursor = self.cursor.max(at + 1);
        }
        self.entered();
        Event {
            kind: Kind::End,
            start,
            end: self.cursor.max(start),
        }
    }

    /// Notes that a node has been read whole.
    fn entered(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.key = !frame.key;
        }
    }
}

fn properties(anchor: usize, tag: Option<Cow<'_, Tag>>) -> Properties {
    Properties {
        anchor: (anchor > 0).then_some(anchor),
        tag: tag.map(|tag| tag_name(&tag)),
    }
}

/// `!name` for local tags, `!!name` for those of YAML itself, `!` for the bare mark, else the
/// whole URI.
fn tag_name(tag: &Tag) -> Arc<str> {
    let whole = format!("{}{}", tag.handle, tag.suffix);
    match whole.strip_prefix("tag:yaml.org,2002:") {
        Some(name) => format!("!!{name}").into(),
        None => whole.into(),
    }
}
