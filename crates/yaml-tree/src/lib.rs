//! Placeholder.
mod build;
mod diagnostic;
mod events;
mod gap;
mod keys;
mod merge;
mod node;
mod number;
mod offsets;
mod options;
mod parse;
mod schema;
mod source;
mod spanned;
mod suggest;
mod syntax;
mod text;
mod timestamp;

pub use diagnostic::{Diagnostic, Fix, Label, Parsed, Severity};
pub use node::{Anchor, Content, Entry, Mapping, Node, Scalar, Style};
pub use options::{DuplicateKeys, Options};
pub use parse::{parse, parse_one};
pub use schema::{Resolved, Schema, go_display};
pub use source::{Position, Source, Span};
pub use spanned::Spanned;
pub use suggest::nearest;
