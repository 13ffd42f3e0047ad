//! What the binaries share: how they start, findings rendered for people and for programs, colour,
//! output streams, files replaced as a whole, exit codes.
//!
//! Libraries return [`Diagnostic`](yaml_tree::Diagnostic) values and never print. A binary shows
//! them through a [`Renderer`] or as [`json`], [`sarif`] or [`github`], and writes through [`Io`].
//!
//! ```
//! use common::Renderer;
//! use yaml_tree::{Diagnostic, Source};
//!
//! let source = Source::new("castfile", "tasks:\n  up:\n    needs: [biuld]\n");
//! let found = Diagnostic::error("castfile::unknown-task", "task `up` needs `biuld`, which is not defined")
//!     .primary(source.span(25, 30), "no task of this name");
//! let text = Renderer::new(false).render(&found);
//! assert!(text.contains("--> castfile:3:13"));
//! ```

mod color;
pub mod exit;
pub mod github;
pub mod json;
mod output;
mod render;
pub mod replace;
pub mod sarif;
mod start;

pub use color::ColorChoice;
pub use output::Io;
pub use render::Renderer;
pub use start::{MessageFormat, current_dir, environment, parse, start};
