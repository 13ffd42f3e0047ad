//! The public interface.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod canonical;
mod edits;
mod includes;
mod names;
mod properties;
mod records;
mod rules;

use dns_zone::{LoadOptions, Loaded};

/// Reads a text as the zone `home.lab`.
fn read(text: impl AsRef<[u8]>) -> Loaded {
    dns_zone::parse("zone", text, &LoadOptions::new("home.lab".parse().unwrap()))
}
