//! Text to tree.

use crate::build::{Builder, Stop};
use crate::events::{Events, Kind};
use crate::offsets::{Offsets, forbidden};
use crate::quick::Halt;
use crate::relax::Padding;
use crate::source::LONGEST;
use crate::{
    Content, Diagnostic, Node, Options, Parsed, Scalar, Source, Style, quick, side_by_side, syntax,
};

/// Reads all documents of a text, one root node each.
///
/// A text without any document (nothing but white space and comments) gives an empty vector. The
/// value is absent when the text is refused as a whole (too long, control characters); after a
/// syntax error it holds the documents before it.
///
/// Diagnostics, all of them errors: `yaml::syntax`, `yaml::too-large`, `yaml::too-deep`,
/// `yaml::too-many-nodes`, `yaml::control-character`, `yaml::duplicate-key`, `yaml::merge`,
/// `yaml::unknown-alias`, `yaml::recursive-alias`. Reading goes on after the last four.
///
/// ```
/// use yaml_tree::{Options, Source, parse};
///
/// let source = Source::new("two.yaml", "name: a\n---\nname: b\n");
/// let documents = parse(&source, &Options::default()).into_result().unwrap();
/// assert_eq!(documents[1].get("name").unwrap().span().to_string(), "two.yaml:3:7");
/// ```
pub fn parse(source: &Source, options: &Options) -> Parsed<Vec<Node>> {
    let read = read(source, options, usize::MAX);
    Parsed {
        value: (!read.refused).then_some(read.documents),
        diagnostics: read.diagnostics,
    }
}

/// Reads a text that holds one document.
///
/// A text without any document gives an empty plain scalar, which is null. A second document is
/// an error (`yaml::second-document`) and not read. The other diagnostics are those of [`parse`];
/// after a syntax error there is no value.
pub fn parse_one(source: &Source, options: &Options) -> Parsed<Node> {
    let read = read(source, options, 1);
    let value = match read.documents.into_iter().next() {
        Some(node) => Some(node),
        None if read.broken => None,
        None => Some(Node {
            span: source.span(source.text().len(), source.text().len()),
            content: Content::Scalar(Scalar {
                text: "".into(),
                style: Style::Plain,
            }),
            marks: None,
        }),
    };
    Parsed {
        value,
        diagnostics: read.diagnostics,
    }
}

struct Read {
    documents: Vec<Node>,
    diagnostics: Vec<Diagnostic>,
    /// Nothing was read.
    refused: bool,
    /// Reading stopped before the end.
    broken: bool,
}

fn read(source: &Source, options: &Options, documents: usize) -> Read {
    let text = source.text();
    let max_bytes = options.max_bytes.min(LONGEST);
    if text.len() > max_bytes {
        return refuse(
            Diagnostic::error(
                "yaml::too-large",
                format!(
                    "the text has {} bytes, more than the {max_bytes} allowed",
                    text.len(),
                ),
            )
            .primary(source.start(), ""),
        );
    }
    if let Some(read) = quickly(source, options) {
        return read;
    }
    let mut padding = Padding::default();
    loop {
        match attempt(source, options, documents, &padding) {
            Attempt::Read(read) => return read,
            Attempt::Again(found) => padding = found,
        }
    }
}

/// What the text holds, if it is of the plain kind that needs no parser for all of YAML.
fn quickly(source: &Source, options: &Options) -> Option<Read> {
    let text = source.text();
    if forbidden(text).is_some() || !quick::may_read(text) {
        return None;
    }
    let mut builder = Builder::new(source, options);
    let broken = match side_by_side::read(source, options, &mut builder) {
        Ok(()) => false,
        Err(Halt::Stopped(Stop)) => true,
        Err(Halt::GiveUp) => return None,
    };
    let (documents, diagnostics) = builder.finish();
    Some(Read {
        documents,
        diagnostics,
        refused: false,
        broken,
    })
}

enum Attempt {
    Read(Read),
    /// With this padding, which is not empty, the parser gets further.
    Again(Padding),
}

fn attempt(source: &Source, options: &Options, documents: usize, padding: &Padding) -> Attempt {
    let padded = padding.apply(source.text());
    let offsets = match Offsets::new(&padded) {
        Ok(offsets) => offsets,
        Err((at, character)) => {
            let found = syntax::control_character(source, at, character);
            return Attempt::Read(refuse(found));
        }
    };
    let mut events = Events::new(&padded, offsets);
    let mut builder = Builder::new(source, options);
    let mut broken = false;
    loop {
        let event = match events.next() {
            Ok(Some(event)) => padding.original_event(event),
            Ok(None) => break,
            Err((at, error)) => {
                if padding.is_empty()
                    && let Some(found) = Padding::find(&padded, error.info(), &events, at)
                {
                    return Attempt::Again(found);
                }
                let at = padding.original(at);
                let open = events.open_bracket().map(|open| padding.original(open));
                builder.report(syntax::diagnostic(source, at, error.info(), open));
                broken = true;
                break;
            }
        };
        if matches!(event.kind, Kind::DocumentStart) && builder.documents() == documents {
            builder.report(second_document(source, event.start));
            break;
        }
        if builder.step(event).is_err() {
            broken = true;
            break;
        }
    }
    let (documents, diagnostics) = builder.finish();
    Attempt::Read(Read {
        documents,
        diagnostics,
        refused: false,
        broken,
    })
}

fn second_document(source: &Source, at: usize) -> Diagnostic {
    let marked = source.text()[..at].ends_with("---");
    let marker = source.span(if marked { at - 3 } else { at }, at);
    Diagnostic::error(
        "yaml::second-document",
        "the file holds more than one document",
    )
    .primary(marker, "a second document starts here")
    .help("keep one document per file")
}

fn refuse(diagnostic: Diagnostic) -> Read {
    Read {
        documents: Vec::new(),
        diagnostics: vec![diagnostic],
        refused: true,
        broken: true,
    }
}
