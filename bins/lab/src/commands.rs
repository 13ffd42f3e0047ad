//! One module a verb.

pub(crate) mod config;
mod variables;
