//! Corefiles, the configuration of CoreDNS: parsed with places, checked, generated.
//!
//! [`parse`] keeps the text, so that printing what was parsed gives the same bytes; [`print()`] writes
//! servers that a program has put together.
//!
//! ```
//! use dns_zone::corefile::{self, Plugin, Server};
//! use yaml_tree::Source;
//!
//! let mut server = Server::new(["home.arpa"]);
//! server.plugins = vec![Plugin::file("/zones/home.arpa.zone"), Plugin::Errors];
//! let text = corefile::print(&[server])?;
//! assert_eq!(text, "home.arpa {\n    file /zones/home.arpa.zone\n    errors\n}\n");
//!
//! let parsed = corefile::parse(&Source::new("Corefile", text.as_str())).into_result().unwrap();
//! assert_eq!(parsed.to_string(), text);
//! assert!(corefile::check(&parsed, &Default::default()).is_empty());
//!
//! let wrong = Source::new("Corefile", "home.arpa { file /zones/home.arpa.zone\n}\n");
//! let wrong = corefile::parse(&wrong).into_result().unwrap();
//! assert_eq!(corefile::check(&wrong, &Default::default())[0].code, "corefile::one-line-brace");
//! # Ok::<(), dns_zone::corefile::Unrepresentable>(())
//! ```
//!
//! The grammar is that of CoreDNS 1.12 to 1.14: words by blanks, `#` to the end of the line wherever
//! it stands, `"…"` in which only `\"` is an escape, `{$VAR}` and `{%VAR%}` for variables, snippets
//! and imports. Imported files are not read here.

mod addresses;
mod check;
mod files;
mod generate;
mod lexer;
mod model;
mod mounts;
mod parser;
mod plugins;
#[cfg(test)]
mod tests;

pub use addresses::Address;
pub use check::{Known, check};
pub use files::{ReadFile, check_files};
pub use generate::{Plugin, Server, Unrepresentable, print};
pub use model::{Corefile, Directive, Item, ServerBlock, Snippet, Word};
pub use mounts::{Mount, check_mounts};
pub use parser::parse;
pub use plugins::PLUGINS;
