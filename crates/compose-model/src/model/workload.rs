//! What services and jobs have in common.

use indexmap::IndexMap;

use super::record::record;
use super::{Build, Container, Dependency, ExposedPort, Healthcheck, Port, Sourced};

record! {
    /// The part that services and jobs have in common.
    Workload with container: Container {
        /// How the image is built.
        build: Option<Sourced<Build>>,
        /// What has to be there before it starts, by name of the service.
        ///
        /// Loading with [`normalize`](crate::Options::normalize) adds what `links`, `volumes_from`
        /// and shared namespaces imply.
        depends_on: IndexMap<String, Sourced<Dependency>>,
        /// Ports that only document what the container listens on.
        expose: Vec<Sourced<ExposedPort>>,
        /// How the engine finds out whether the container works; none means as in the image.
        healthcheck: Option<Sourced<Healthcheck>>,
        /// Ports of the container that are reached through the host.
        ports: Vec<Sourced<Port>>,
        /// Whether standard input stays open; default false.
        stdin_open: Option<Sourced<bool>>,
        /// Whether there is a terminal; default false.
        tty: Option<Sourced<bool>>,
    }
}
