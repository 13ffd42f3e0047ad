//! Why labels cannot be decoded.

use thiserror::Error;

/// A label that Traefik cannot decode. It drops everything the container declares.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("label `{key}`: {kind}")]
#[non_exhaustive]
pub struct LabelError {
    /// The key of the label.
    pub key: String,
    /// What is wrong with it.
    pub kind: LabelErrorKind,
}

impl LabelError {
    pub(crate) fn new(key: &str, kind: LabelErrorKind) -> Self {
        let key = key.to_owned();
        Self { key, kind }
    }
}

/// What is wrong with a label.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LabelErrorKind {
    /// The first element is not exactly `traefik`.
    #[error("the key has to begin with `traefik`, in lower case, not `{0}`")]
    Root(String),
    /// Two dots in a row, or one at the end.
    #[error("the key has an empty element")]
    EmptyElement,
    /// An element that begins with `[`.
    #[error("`{0}` begins with a bracket, which marks an index")]
    LeadingBracket(String),
    /// An element with `]` and no `[`. Traefik panics over it, and no container is routed.
    #[error("`{0}` has a `]` without a `[`, which brings Traefik's docker provider down")]
    LoneBracket(String),
    /// No such field.
    #[error("{block} has no field `{name}`")]
    UnknownField {
        /// The name as the label has it.
        name: String,
        /// What the block is.
        block: String,
        /// The field that was probably meant.
        nearest: Option<&'static str>,
    },
    /// A block with a value of its own.
    #[error("`{0}` is a block and cannot have a value of its own")]
    BareBlock(String),
    /// A single value with fields below it.
    #[error("`{name}` is a {kind} and has nothing below it")]
    NotABlock {
        /// The field.
        name: String,
        /// What it is.
        kind: &'static str,
    },
    /// `server` without anything below it.
    #[error("`{0}` needs a field below it, such as `{0}.port`")]
    EmptyServer(String),
    /// Not a boolean.
    #[error("`{0}` is no boolean; write `true` or `false`")]
    Bool(String),
    /// Not a whole number.
    #[error("`{0}` is no whole number")]
    Int(String),
    /// Not a duration.
    #[error("`{0}` is no duration; write seconds, or a number with ns, us, ms, s, m or h")]
    Duration(String),
}
