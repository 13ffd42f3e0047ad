//! What services and jobs have in common.

use indexmap::IndexMap;

use super::port::ports;
use super::record::record;
use super::{Build, Container, Dependency, ExposedPort, Healthcheck, NetworkMode, Port, Sourced};

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
        ports: Vec<Sourced<Port>> = ports,
        /// Whether standard input stays open; default false.
        stdin_open: Option<Sourced<bool>>,
        /// Whether there is a terminal; default false.
        tty: Option<Sourced<bool>>,
    }
}

impl Workload {
    /// The ports that are reached through the host: `ports`, except where the container has the
    /// network stack of the host, or none, and they have no effect.
    ///
    /// ```
    /// # use std::collections::BTreeMap;
    /// # use compose_model::{MemoryFiles, Options, load};
    /// # let text = "services: {db: {image: postgres, ports: ['127.0.0.1:5432:5432', '9187']}}";
    /// # let files = MemoryFiles::from([("/lab/compose.yaml", text)]);
    /// # let project = load(&files, &Options::new("/lab", BTreeMap::new())).unwrap();
    /// let db = project.service("db").unwrap();
    /// let ports: Vec<_> = db.published_ports().collect();
    /// assert!(ports[0].is_loopback());
    /// assert_eq!(ports[0].published.as_ref().unwrap().first(), 5432);
    /// assert!(!ports[1].is_loopback() && ports[1].published.is_none());
    /// ```
    pub fn published_ports(&self) -> impl Iterator<Item = &Sourced<Port>> {
        let mode = self.network_mode.as_deref();
        let ignored = matches!(mode, Some(NetworkMode::Host | NetworkMode::None));
        self.ports.iter().filter(move |_| !ignored)
    }

    /// Whether a health check is written that runs something. An image may have one of its own,
    /// which only the engine knows.
    pub fn has_healthcheck(&self) -> bool {
        self.healthcheck
            .as_ref()
            .is_some_and(|check| check.test.is_some() && !check.is_disabled())
    }
}
