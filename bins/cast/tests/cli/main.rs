//! The program from outside: files and a command line go in; output, messages and the exit code
//! come out. What a castfile means in detail is tested in the crate `castfile`.

mod bad_input;
mod check;
mod command_line;
mod commands;
mod completion;
mod discovery;
mod documentation;
mod dry_run;
mod environment;
mod exit_codes;
mod explain;
mod expressions;
mod handover;
mod help;
mod lab;
mod listing;
mod modules;
mod not_supported;
mod order;
mod output;
mod parallel;
mod processes;
mod routing;
mod runners;
mod secrets;
mod shapes;
mod shell;
mod subcommands;
mod support;
mod templates;
