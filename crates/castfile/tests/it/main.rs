//! The public face of `castfile`, by subject. Where a test speaks of the original, it is
//! frostyeti/cast v0.3.2.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests end the test as the tests do"
)]
#![expect(
    clippy::format_push_string,
    reason = "clearer than `write!` where speed is nothing"
)]

mod support;

mod bad_input;
mod disk;
mod examples;
mod expansion;
mod extends;
mod imports;
mod inventory;
mod layers;
mod namespaces;
mod ordering;
mod properties;
mod published;
mod routing;
mod secrets;
mod shapes;
mod tasks;
mod workspace;
