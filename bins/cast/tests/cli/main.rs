//! The program from outside: files and a command line go in; output, messages and the exit code
//! come out. What a castfile means in detail is tested in the crate `castfile`.

mod command_line;
mod commands;
mod discovery;
mod environment;
mod exit_codes;
mod expressions;
mod handover;
mod listing;
mod modules;
mod not_supported;
mod order;
mod output;
mod processes;
mod routing;
mod runners;
mod shapes;
mod shell;
mod subcommands;
mod support;
mod templates;
