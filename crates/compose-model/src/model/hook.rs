//! What runs around the start and stop of a service.

use super::decode::{Environment, Extensions, command, extensions};
use super::record::record;
use super::{Container, Sourced};

record! {
    /// A program that runs inside a container of a service.
    Hook {
        /// Its words.
        command: Option<Sourced<Vec<String>>> = command,
        /// The user; none means that of the container.
        user: Option<Sourced<String>>,
        /// Whether it has all rights; default false.
        privileged: Option<Sourced<bool>>,
        /// The directory in which it runs; none means that of the container.
        working_dir: Option<Sourced<String>>,
        /// Variables besides those of the container.
        environment: Environment,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

record! {
    /// A container that runs before a service starts.
    ///
    /// What the hook itself does not say it has from the service, except mounts.
    PreStart with container: Container {
        /// Whether it runs for every container of the service; default false: once.
        per_replica: Option<Sourced<bool>>,
    }
}
