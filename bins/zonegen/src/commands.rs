//! One module a verb.

pub(crate) mod check;
pub(crate) mod corefile;
pub(crate) mod diff;
pub(crate) mod fmt;
pub(crate) mod generate;
pub(crate) mod import;
pub(crate) mod query;
pub(crate) mod watch;
