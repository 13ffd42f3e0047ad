//! Where the comments are.

use crate::events::{Events, Kind};
use crate::offsets::Offsets;
use crate::relax::Padding;
use crate::{Source, Span, Style, gap};

/// A comment, from its `#` to the end of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comment {
    /// Where it stands.
    pub span: Span,
    /// Whether nothing but white space stands before it on its line.
    pub own_line: bool,
}

/// The comments of a text in order.
///
/// This reads the text on its own and costs about as much as [`parse`](crate::parse). In a text
/// that is not YAML, comments are found up to the last value before the error.
///
/// ```
/// use yaml_tree::{Source, comments};
///
/// let source = Source::new("t", "# head\nurl: http://x/#y # why\n");
/// let found = comments(&source);
/// assert_eq!(found[0].span.text(), "# head");
/// assert_eq!(found[1].span.text(), "# why");
/// assert!(found[0].own_line && !found[1].own_line);
/// ```
pub fn comments(source: &Source) -> Vec<Comment> {
    let mut padding = Padding::default();
    loop {
        match attempt(source, &padding) {
            Ok(found) => return found,
            Err(found) => padding = found,
        }
    }
}

/// The comments, or the padding with which the parser gets further.
fn attempt(source: &Source, padding: &Padding) -> Result<Vec<Comment>, Padding> {
    let text = source.text();
    let padded = padding.apply(text);
    let mut found = Vec::new();
    let Ok(offsets) = Offsets::new(&padded) else {
        return Ok(found);
    };
    let mut events = Events::new(&padded, offsets);
    let mut from = 0;
    loop {
        let event = match events.next() {
            Ok(Some(event)) => padding.original_event(event),
            Ok(None) => break,
            Err((at, error)) if padding.is_empty() => {
                return Padding::find(text, error.info(), &events, at).map_or(Ok(found), Err);
            }
            Err(_) => return Ok(found),
        };
        let header = match event.kind {
            Kind::Alias(_) => None,
            Kind::Scalar {
                style: Style::Literal | Style::Folded,
                ..
            } => Some(gap::header_end(text, event.start)),
            Kind::Scalar { .. } => None,
            _ => continue,
        };
        collect(source, from, event.start, &mut found);
        if let Some(header) = header {
            collect(source, header, gap::line_end(text, header), &mut found);
        }
        from = from.max(event.end);
    }
    collect(source, from, text.len(), &mut found);
    Ok(found)
}

/// The comments between two scalars.
fn collect(source: &Source, from: usize, to: usize, found: &mut Vec<Comment>) {
    let text = source.text();
    let mut at = from;
    while let Some(offset) = text.get(at..to).and_then(|gap| gap.find('#')) {
        let start = at + offset;
        let before = text[..start].chars().next_back();
        if !matches!(before, None | Some(' ' | '\t' | '\r' | '\n' | '\u{feff}')) {
            // Part of an anchor or a tag.
            at = start + 1;
            continue;
        }
        let end = gap::line_end(text, start);
        let line = text[..start]
            .rfind(['\n', '\r'])
            .map_or(0, |found| found + 1);
        let blank = text[line..start].trim_matches(['\u{feff}', ' ', '\t']);
        found.push(Comment {
            span: source.span(start, end),
            own_line: blank.is_empty(),
        });
        at = end;
    }
}
