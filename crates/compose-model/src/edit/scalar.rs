//! Scalars to write: what callers pass, and how it looks in the text.

use std::fmt::Write as _;

use yaml_tree::{Resolved, Style, go_display};

use crate::document::SCHEMA;

/// A scalar to write into a Compose file.
///
/// ```
/// use compose_model::Scalar;
/// assert_eq!(Scalar::from("pa$$word"), Scalar::Text("pa$$word".into()));
/// assert_eq!(Scalar::from(true), Scalar::Bool(true));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scalar {
    /// Null.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text that Compose is to see as it is: every `$` is doubled in the file.
    Text(String),
    /// Text with variables, such as `${TAG:-1.0}`, written as it is. It replaces another template
    /// as a whole.
    Template(String),
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Scalar {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Scalar {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Scalar {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

/// What a scalar has to mean once it is read again.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Meaning {
    /// Exactly this, without quotes.
    Plain(String),
    /// A string.
    Text(String),
    /// Anything that Compose prints like this: values of labels and environment, of which it
    /// makes text in any case.
    Printed(String),
}

impl Meaning {
    /// What `scalar` means at a place where Compose makes text of everything (`printed`) or not.
    pub(super) fn of(scalar: &Scalar, printed: bool) -> Self {
        let text = match scalar {
            Scalar::Null => return Self::Plain("null".to_owned()),
            Scalar::Bool(value) => return Self::Plain(value.to_string()),
            Scalar::Int(value) => return Self::Plain(value.to_string()),
            Scalar::Text(text) => text.replace('$', "$$"),
            Scalar::Template(text) => text.clone(),
        };
        if printed {
            Self::Printed(text)
        } else {
            Self::Text(text)
        }
    }

    /// The text.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Text(text) | Self::Printed(text) => text,
        }
    }

    /// The same, as a string if it is text: for new values and those that were a string before.
    pub(super) fn as_text(&self) -> Self {
        match self {
            Self::Printed(text) => Self::Text(text.clone()),
            other => other.clone(),
        }
    }

    /// Whether a scalar in the file already has this meaning.
    pub(super) fn is(&self, found: &Resolved<'_>) -> bool {
        match self {
            Self::Text(text) => *found == Resolved::Str(text),
            Self::Printed(text) => go_display(found).as_deref() == Some(text),
            Self::Plain(text) => {
                !matches!(found, Resolved::Str(_)) && *found == resolve_plain(text)
            }
        }
    }

    /// How to write it: in the style of `like` where that works, in a flow collection or not.
    pub(super) fn write(&self, like: Style, flow: bool) -> Written {
        let like = match like {
            Style::Literal | Style::Folded => Style::Plain,
            like => like,
        };
        let text = self.text();
        let plain = match self {
            Self::Plain(_) => true,
            Self::Text(_) => like == Style::Plain && is_plain_string(text, flow),
            Self::Printed(_) => {
                like == Style::Plain
                    && (is_plain_string(text, flow)
                        || is_plain(text, flow)
                            && go_display(&resolve_plain(text)).as_deref() == Some(text))
            }
        };
        let yaml = if plain {
            text.to_owned()
        } else if like == Style::SingleQuoted && !text.chars().any(needs_escape) {
            format!("'{}'", text.replace('\'', "''"))
        } else {
            double_quoted(text)
        };
        let kind = if plain {
            resolve_plain(text).kind_name()
        } else {
            Resolved::Str("").kind_name()
        };
        Written {
            yaml,
            kind,
            text: text.to_owned(),
        }
    }
}

/// A scalar in the form in which it goes into the file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Written {
    /// The YAML.
    pub(super) yaml: String,
    /// What kind of scalar that is.
    pub(super) kind: &'static str,
    /// Its text.
    pub(super) text: String,
}

fn resolve_plain(text: &str) -> Resolved<'_> {
    // A scalar that borrows its text cannot be built outside of the parser, so ask with a copy
    // and bring the text back.
    let scalar = yaml_tree::Scalar {
        text: text.into(),
        style: Style::Plain,
    };
    match SCHEMA.resolve(&scalar, None) {
        Resolved::Null => Resolved::Null,
        Resolved::Bool(value) => Resolved::Bool(value),
        Resolved::Int(value) => Resolved::Int(value),
        Resolved::UInt(value) => Resolved::UInt(value),
        Resolved::Float(value) => Resolved::Float(value),
        Resolved::Timestamp(_) => Resolved::Timestamp(text),
        _ => Resolved::Str(text),
    }
}

/// Whether `text` is a string without quotes, for every reader of YAML 1.1 and 1.2.
fn is_plain_string(text: &str, flow: bool) -> bool {
    let old_boolean = matches!(
        text.to_ascii_lowercase().as_str(),
        "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null"
    );
    let number_like = text
        .starts_with(|first: char| first.is_ascii_digit() || "+.".contains(first))
        && text
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || b"+-._:xo".contains(&byte))
        && !is_version(text);
    !old_boolean
        && !number_like
        && !matches!(text, "=" | "<<")
        && is_plain(text, flow)
        && matches!(resolve_plain(text), Resolved::Str(_))
}

/// `1.2.3` is not a number to anyone.
fn is_version(text: &str) -> bool {
    text.bytes().filter(|byte| *byte == b'.').count() > 1 && !text.contains(':')
}

/// Whether `text` can stand without quotes.
fn is_plain(text: &str, flow: bool) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    let starts_well = match first {
        b'-' => bytes.get(1).is_some_and(u8::is_ascii_digit),
        _ => !b"?:,[]{}#&*!|>'\"%@` \t".contains(first),
    };
    let in_flow = flow && text.contains([',', '[', ']', '{', '}']);
    starts_well
        && !b": \t".contains(last)
        && !in_flow
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.contains('\t')
        && !text.starts_with("...")
        && !text.chars().any(needs_escape)
}

/// Characters that can stand in double quotes alone, or would not survive an editor.
fn needs_escape(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}

fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        // Writing to a `String` cannot fail.
        let _ = match character {
            '"' => write!(out, "\\\""),
            '\\' => write!(out, "\\\\"),
            '\n' => write!(out, "\\n"),
            '\t' => write!(out, "\\t"),
            '\r' => write!(out, "\\r"),
            _ if needs_escape(character) => write!(out, "\\u{:04x}", u32::from(character)),
            _ => write!(out, "{character}"),
        };
    }
    out.push('"');
    out
}
