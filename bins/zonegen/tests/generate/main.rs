//! `zonegen generate` from the outside.

#![expect(clippy::unwrap_used, reason = "test helpers")]

mod conflicts;
mod ownership;
mod safety;
mod sources;
mod support;
mod zones;
