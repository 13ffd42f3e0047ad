//! `zonegen generate` from the outside.

#![expect(clippy::unwrap_used, reason = "test helpers")]

mod conflicts;
mod corefile;
mod guide;
mod imports;
mod ownership;
mod properties;
mod safety;
mod sources;
mod support;
mod zones;
