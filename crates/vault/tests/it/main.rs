//! The public interface of the crate. Comparisons with other programs are in the package `tests`.
#![expect(
    clippy::unwrap_used,
    reason = "a panic is how a test fails, in its helpers as well"
)]

mod audit;
mod bad_files;
mod basics;
mod calls;
mod crash;
mod diff;
mod examples;
mod exchange;
mod formats;
mod keys;
mod locate;
mod parallel;
mod save;
mod sources;
mod support;
mod totp;
