//! `lab` from the outside.

#![expect(clippy::unwrap_used, reason = "test helpers")]

mod config;
mod corpus;
mod support;
