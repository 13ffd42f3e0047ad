//! The wording of findings.

use std::fmt;

use yaml_tree::{Diagnostic, Span, nearest};

use super::shape::{Keys, Record, Rule, Shape};
use crate::{Data, Map, Value};

/// The way from the root of a document to a value.
#[derive(Clone, Copy)]
pub(super) enum Path<'a> {
    /// The document.
    Root,
    /// The value under a key.
    Key(&'a Self, &'a str),
    /// An item of a list.
    Index(&'a Self, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.write_str("the file"),
            Self::Key(Path::Root, key) => f.write_str(&shown(key)),
            Self::Key(parent, key) => write!(f, "{parent}.{}", shown(key)),
            Self::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// A value of a kind that cannot stand there.
pub(super) fn wrong_type(value: &Value, shape: &Shape, path: &Path<'_>) -> Diagnostic {
    let mut wanted = Vec::new();
    describe(shape, &mut wanted);
    let message = format!("{path} must be {}", either(&wanted));
    let mut found = at(
        Diagnostic::error("compose::wrong-type", message),
        value.place(),
        format!("this is {}", kind(&value.data)),
    );
    let takes_text = wanted.contains(&"a string".to_owned());
    match &value.data {
        Data::Null if value.key.is_some() => {
            found = found.help("a key without a value is null: give it a value, or leave it out");
        }
        Data::Map(_) if takes_text && matches!(path, Path::Index(..)) => {
            found = found.help("`: ` makes a mapping of it: write `KEY=VALUE`, or use quotes");
        }
        Data::Bool(_) | Data::Int(_) | Data::UInt(_) | Data::Float(_) | Data::Time(_)
            if takes_text =>
        {
            if let Some(span) = value.span.as_ref().filter(|span| is_bare(span.text())) {
                let quoted = format!("\"{}\"", span.text());
                found = found.fix("write it in quotes", span.clone(), quoted);
            }
        }
        _ => {}
    }
    found
}

/// A number that JSON cannot express.
pub(super) fn not_finite(value: &Value, path: &Path<'_>) -> Diagnostic {
    at(
        Diagnostic::error(
            "compose::bad-value",
            format!("{path} is not a finite number"),
        ),
        value.place(),
        "",
    )
}

/// A key that nothing knows.
pub(super) fn unknown_key(
    key: &str,
    value: &Value,
    map: &Map,
    record: &Record,
    path: &Path<'_>,
) -> Diagnostic {
    let message = format!("unknown key `{}` {}", shown(key), place(path));
    let span = value.key.as_ref().or(value.span.as_ref());
    let found = at(
        Diagnostic::error("compose::unknown-key", message),
        span,
        "no key of this name here",
    );
    let free = record.keys().filter(|known| !map.contains_key(known));
    match (nearest(key, free), value.key.as_ref()) {
        (Some(known), Some(span)) => found.fix(
            format!("did you mean `{known}`?"),
            span.clone(),
            known.to_owned(),
        ),
        (Some(known), None) => found.help(format!("did you mean `{known}`?")),
        (None, _) if record.keys().count() <= 12 => {
            found.help(format!("known keys: {}", ticked(record.keys()).join(", ")))
        }
        (None, _) => found,
    }
}

/// Keys of which at least one must be there.
pub(super) fn missing(value: &Value, keys: &[&'static str], path: &Path<'_>) -> Diagnostic {
    let message = format!("{path} has no {}", either(&ticked(keys.iter().copied())));
    at(
        Diagnostic::error("compose::missing-key", message),
        value.key.as_ref().or(value.span.as_ref()),
        "",
    )
}

/// A key of a mapping with free keys that is not even that.
pub(super) fn bad_name(key: &str, value: &Value, keys: Keys, path: &Path<'_>) -> Diagnostic {
    let (what, advice) = match keys {
        Keys::Names => (
            "is no name",
            "a name has letters, digits, `.`, `_` and `-`, nothing else",
        ),
        Keys::Lower => ("is no name", "a name has lower-case letters, nothing else"),
        Keys::Line => ("is not one line of text", "write a key of one line"),
        Keys::Text => ("is empty", "write a key"),
    };
    let message = format!("the key `{}` {} {what}", shown(key), place(path));
    at(
        Diagnostic::error("compose::bad-name", message),
        value.key.as_ref().or(value.span.as_ref()),
        "",
    )
    .help(advice)
}

/// A text that is none of the words.
pub(super) fn no_such_word(value: &Value, words: &[&'static str], path: &Path<'_>) -> Diagnostic {
    let text = text(value);
    let message = format!(
        "{path} must be {}, not `{}`",
        either(&ticked(words.iter().copied())),
        shown(text)
    );
    let found = at(
        Diagnostic::error("compose::bad-value", message),
        value.place(),
        origin(value),
    );
    match (nearest(text, words.iter().copied()), &value.span) {
        (Some(word), Some(span)) if value.template.is_none() => {
            found.fix(format!("did you mean `{word}`?"), span.clone(), word)
        }
        (Some(word), _) => found.help(format!("did you mean `{word}`?")),
        _ => found,
    }
}

/// A text against a rule.
pub(super) fn against_rule(value: &Value, rule: &Rule, path: &Path<'_>) -> Diagnostic {
    let message = format!("{path} cannot be `{}`", shown(text(value)));
    at(
        Diagnostic::error("compose::bad-value", message),
        value.place(),
        origin(value),
    )
    .help(rule.advice)
}

/// A number that is too small or too large.
pub(super) fn out_of_range(value: &Value, least: i64, most: i64, path: &Path<'_>) -> Diagnostic {
    let message = match (least, most) {
        (0, i64::MAX) => format!("{path} must not be negative"),
        _ => format!("{path} must be a number from {least} to {most}"),
    };
    at(
        Diagnostic::error("compose::bad-value", message),
        value.place(),
        origin(value),
    )
}

/// An item that is in the list already.
pub(super) fn repeated(first: &Value, again: &Value, path: &Path<'_>) -> Diagnostic {
    let found = at(
        Diagnostic::error(
            "compose::duplicate-item",
            format!("{path} has the same item twice"),
        ),
        again.place(),
        "again here",
    );
    match first.place() {
        Some(span) => found.secondary(span.clone(), "first here"),
        None => found,
    }
}

/// Says that there would be more to say.
pub(super) fn more() -> Diagnostic {
    Diagnostic::note(
        "compose::more-errors",
        "there are more errors of this kind, which are not listed",
    )
}

fn at(found: Diagnostic, span: Option<&Span>, label: impl Into<String>) -> Diagnostic {
    match span {
        Some(span) => found.primary(span.clone(), label),
        None => found,
    }
}

/// "in service `a`", "at the top level", "in services.a.build".
fn place(path: &Path<'_>) -> String {
    match path {
        Path::Root => "at the top level".to_owned(),
        Path::Key(Path::Key(Path::Root, group), name) => match *group {
            "services" | "jobs" | "models" | "networks" | "volumes" | "secrets" | "configs" => {
                let one = group.strip_suffix('s').unwrap_or(group);
                format!("in {one} `{}`", shown(name))
            }
            _ => format!("in {path}"),
        },
        _ => format!("in {path}"),
    }
}

/// What a shape accepts, as nouns.
fn describe(shape: &Shape, out: &mut Vec<String>) {
    let noun = match shape {
        Shape::Either(shapes) => {
            for shape in *shapes {
                describe(shape, out);
            }
            return;
        }
        Shape::Word(words) => {
            out.extend(ticked(words.iter().copied()));
            return;
        }
        Shape::Any => "any value",
        Shape::Null => "null",
        Shape::Bool => "a boolean",
        Shape::Text | Shape::TextOrDate | Shape::Like(_) => "a string",
        Shape::Number => "a number",
        Shape::Whole | Shape::Within(..) => "a whole number",
        Shape::List(_) | Shape::Set(_) => "a list",
        Shape::Map(_) | Shape::Each(..) => "a mapping",
    };
    out.push(noun.to_owned());
}

fn kind(data: &Data) -> &'static str {
    match data {
        Data::Null => "null",
        Data::Bool(_) => "a boolean",
        Data::Int(_) | Data::UInt(_) => "a whole number",
        Data::Float(_) => "a number",
        Data::Time(_) => "a date",
        Data::Str(_) => "a string",
        Data::List(_) => "a list",
        Data::Map(_) => "a mapping",
    }
}

fn text(value: &Value) -> &str {
    match &value.data {
        Data::Str(text) => text,
        _ => "",
    }
}

/// The label at a value whose text is not the one in the file.
fn origin(value: &Value) -> String {
    match &value.template {
        Some(_) => format!("`{}` after interpolation", shown(text(value))),
        None => String::new(),
    }
}

/// Whether a text in the file is a plain scalar that can be put in quotes as it is.
fn is_bare(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-._:".contains(&byte))
}

fn ticked<'a>(words: impl Iterator<Item = &'a str>) -> Vec<String> {
    words.map(|word| format!("`{word}`")).collect()
}

/// "a", "a or b", "a, b or c".
fn either(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// A text for a message: one line, not too long.
fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut out = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == LONGEST {
            out.push('…');
            break;
        }
        if character.is_control() {
            out.extend(character.escape_default());
        } else {
            out.push(character);
        }
    }
    out
}
