//! The public face of `yaml-tree`, by subject.

#![expect(
    clippy::unwrap_used,
    clippy::format_push_string,
    clippy::format_collect,
    reason = "tests say what they expect by failing, and build small texts"
)]

mod support;

mod comments;
mod de;
mod emit;
mod examples;
mod keys;
mod limits;
mod properties;
mod spans;
mod structure;
mod syntax;
