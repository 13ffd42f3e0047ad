//! YAML text to a tree in which every value knows where it was written.
//!
//! It keeps what other YAML readers drop: byte spans, scalar styles, tags, anchors, the text of every
//! scalar before it is taken for a number or a date, and the place of each alias and merge key. It
//! reads; it does not edit text in place, and it knows nothing of what the documents mean.
//!
//! ```
//! use yaml_tree::{Options, Resolved, Schema, Source, parse_one};
//!
//! let source = Source::new("compose.yaml", "services:\n  web: {image: nginx, mode: 0755}\n");
//! let root = parse_one(&source, &Options::default()).into_result().unwrap();
//!
//! let web = root.get("services").unwrap().get("web").unwrap();
//! assert_eq!(web.get("image").unwrap().as_text(), Some("nginx"));
//!
//! let mode = web.get("mode").unwrap();
//! assert_eq!(mode.as_text(), Some("0755"));
//! assert_eq!(mode.resolve(Schema::Go), Some(Resolved::Int(0o755)));
//! assert_eq!(mode.span().to_string(), "compose.yaml:2:29");
//! ```
//!
//! A finding is plain data that a program can show as it likes:
//!
//! ```
//! use yaml_tree::{Options, Source, parse_one};
//!
//! let source = Source::new("castfile", "env:\n  A: 1\n  A: 2\n");
//! let found = parse_one(&source, &Options::default()).diagnostics;
//! assert_eq!(found[0].code, "yaml::duplicate-key");
//! assert_eq!(found[0].to_string(), "castfile:3:3: key `A` is defined twice in one mapping");
//! assert_eq!(found[0].labels[1].span.position().to_string(), "2:3");
//! ```
//!
//! # What is here
//!
//! - [`Source`] and [`Span`]: a named text and a range in it. [`Position`] is line and column.
//! - [`parse`] and [`parse_one`]: text to [`Node`]s, within the limits of [`Options`]. A text that
//!   would grow without bound by its aliases is refused in the time it takes to read it.
//! - [`Node`], [`Mapping`], [`Scalar`]: the tree. Aliases are followed and merge keys (`<<`) merged;
//!   each [`Entry`] says whether it was merged. Keys written twice are errors.
//! - [`Schema`] and [`Resolved`]: what a plain scalar means, under YAML 1.2 or under Go's rules.
//!   [`go_display`] is the text Docker Compose makes of such a value.
//! - [`from_node`]: typed values through serde, with the place of what does not fit; [`Spanned`] for
//!   fields that keep theirs.
//! - [`to_yaml`] and [`node_to_yaml`]: values to text.
//! - [`comments`]: where the comments are.
//! - [`Files`], with [`Disk`] and [`MemoryFiles`]: where a repository is read from. Parsing itself
//!   takes text and opens nothing.
//! - [`Diagnostic`] and [`Parsed`]: what is wrong with a text, for this crate and for every other one
//!   that reads what people write. [`nearest`] finds what a misspelled name was meant to be.
//!
//! # Errors
//!
//! Nothing here panics, whatever the text. Parsing returns all findings it can, each a [`Diagnostic`]
//! with a stable code; after a syntax error the rest of the text is not read. Diagnostics are about the
//! text; the only other error is [`EmitError`].
//!
//! # Compatibility
//!
//! - Grammar: YAML 1.2, by saphyr-parser 0.3. Lines between brackets and in quotes may be indented
//!   as little as one likes, as in libyaml and Go's library. Next line (U+0085) and the separators
//!   U+2028 and U+2029 are ordinary characters, as in YAML 1.2. Control characters are refused, as
//!   by Go's library.
//! - Scalars under [`Schema::Go`], and their text by [`go_display`]: as Docker Compose v5.6.1 (go-yaml
//!   v4) types and prints environment values, checked value by value. A tag that does not fit its text
//!   (`!!int x`) makes a string here and is an error there; `!!binary` is not decoded.
//! - Keys are compared by their text, so `1` and `"1"` are one key, as in Go's library.
//! - Merge keys are those of YAML 1.1: explicit keys win, then the first mapping of a list; merging is
//!   shallow. A quoted `"<<"` is an ordinary key.

mod build;
mod comments;
mod de;
mod diagnostic;
mod emit;
mod events;
mod files;
mod gap;
mod keys;
mod merge;
mod node;
mod number;
mod offsets;
mod options;
mod parse;
mod quick;
mod relax;
mod schema;
mod side_by_side;
mod source;
mod spanned;
mod suggest;
mod syntax;
mod text;
mod timestamp;

pub use comments::{Comment, comments};
pub use de::from_node;
pub use diagnostic::{Diagnostic, Fix, Label, Parsed, Severity};
pub use emit::{EmitError, node_to_yaml, to_yaml};
pub use files::{DirEntry, Disk, FileKind, Files, MemoryFiles, normalize_path};
pub use node::{Anchor, Content, Entry, Mapping, Node, Scalar, Style};
pub use options::{DuplicateKeys, Options};
pub use parse::{parse, parse_one};
pub use schema::{Resolved, Schema, go_display};
pub use source::{Position, Source, Span};
pub use spanned::Spanned;
pub use suggest::nearest;
