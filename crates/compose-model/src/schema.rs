//! The structure of a Compose file: which keys there are, and what each may hold.
//!
//! The tables in the files below are the specification, written to be read: `container` is what
//! services, jobs and `pre_start` hooks share, `workload` what services and jobs share, `service`
//! and `job` the rest of those; the others are named after what they describe. `shape` is the
//! vocabulary they use, `check` goes through a document, `report` has the wording.
//!
//! They accept and refuse what Docker Compose v5.6.1 does when it validates a file.

mod build;
mod check;
mod container;
mod deploy;
mod develop;
mod job;
mod model;
mod names;
mod network;
mod report;
mod secret;
mod service;
mod shape;
mod shared;
mod top;
mod volume;
mod workload;

#[cfg(test)]
mod tests;

use yaml_tree::Diagnostic;

use crate::Value;

/// Everything in a merged file model that a Compose file may not hold, in the order of the text.
///
/// The values must be interpolated and cast, and entries with the same key collapsed (Compose
/// accepts `cap_add: [A, A]` in a service since it drops one of them before this); short forms are
/// still short. `include` and `extends` may still be there or be gone.
///
/// All diagnostics are errors: `compose::wrong-type`, `compose::unknown-key`,
/// `compose::missing-key`, `compose::bad-name`, `compose::bad-value`, `compose::duplicate-item`.
pub(crate) fn validate(root: &Value) -> Vec<Diagnostic> {
    check::check(root, &top::FILE)
}
