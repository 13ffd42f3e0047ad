//! Services.

use super::decode::later;
use super::record::record;
use super::{Deploy, Develop, Hook, Link, PreStart, Provider, Restart, Sourced, Untyped, Workload};

record! {
    /// A service.
    ///
    /// What it shares with jobs is in [`Workload`], and what its container is in
    /// [`Container`](super::Container); the fields of both are reached directly: `service.ports`,
    /// `service.image`.
    Service with workload: Workload {
        /// The name: its key in `services`.
        name(""): String = later,
        /// The profiles of which one has to be active; none means always active.
        profiles: Vec<Sourced<String>>,
        /// How many containers run, with which resources.
        deploy: Option<Sourced<Deploy>>,
        /// What happens when sources change during development.
        develop: Option<Sourced<Develop>>,
        /// When the engine starts a container again that has ended; none means never.
        restart: Option<Sourced<Restart>>,
        /// Number of containers; none means that of `deploy`. See
        /// [`replicas`](Self::replicas).
        scale: Option<Sourced<u64>>,
        /// Whether `up` shows its output; default true.
        attach: Option<Sourced<bool>>,
        /// The name of its only container; for how containers are called otherwise, see
        /// [`Project::container_names`](crate::Project::container_names).
        container_name: Option<Sourced<String>>,
        /// The program that provides the service in place of a container.
        provider: Option<Sourced<Provider>>,
        /// Containers outside of the project that it reaches by name.
        external_links: Vec<Sourced<Link>>,
        /// Services that it reaches by another name.
        links: Vec<Sourced<Link>>,
        /// Containers that run before it starts.
        pre_start: Vec<Sourced<PreStart>>,
        /// Programs that run in its container after it has started.
        post_start: Vec<Sourced<Hook>>,
        /// Programs that run in its container before it is stopped.
        pre_stop: Vec<Sourced<Hook>>,
        /// What is written and could not be typed. Empty for every project that Docker Compose
        /// starts.
        untyped(""): Vec<Untyped> = later,
    }
}

impl Service {
    /// How many containers run: `scale`, else `deploy.replicas`, else one.
    pub fn replicas(&self) -> u64 {
        let of_deploy = || self.deploy.as_ref()?.replicas.as_deref().copied();
        self.scale
            .as_deref()
            .copied()
            .or_else(of_deploy)
            .unwrap_or(1)
    }
}
