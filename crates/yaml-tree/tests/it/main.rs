//! The public face of `yaml-tree`, by subject.

mod support;

mod comments;
mod keys;
mod limits;
mod properties;
mod spans;
mod structure;
mod syntax;
