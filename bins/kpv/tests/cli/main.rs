//! The program from outside: files, variables and a command line go in; output, messages, files and
//! the exit code come out. What a vault does in detail is tested in the crate `vault`.
#![expect(clippy::unwrap_used, reason = "tests")]

mod bad_input;
mod canary;
mod ci;
mod commands;
mod documentation;
mod exec;
mod files;
mod guide;
mod help;
mod shells;
mod support;
mod unlock;
mod upkeep;
