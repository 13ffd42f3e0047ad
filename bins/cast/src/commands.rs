//! One module a command. A command reads its input, calls a library and prints.

pub(crate) mod check;
pub(crate) mod completion;
pub(crate) mod config;
pub(crate) mod dry_run;
pub(crate) mod exec;
pub(crate) mod explain;
pub(crate) mod itself;
pub(crate) mod list;
pub(crate) mod run;
pub(crate) mod workspace;
