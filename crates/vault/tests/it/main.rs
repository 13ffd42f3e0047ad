//! The public interface of the crate, alone and beside the real programs.
#![expect(clippy::unwrap_used, reason = "tests")]

mod basics;
mod support;
