//! The typed model: services and resources with real types.
//!
//! [`Project::service`](crate::Project::service) and its siblings make these from the tree of a
//! project when they are asked for; changing the tree and asking again gives the new state. Each
//! value is a [`Sourced`] that says where it is written and what stood there before interpolation.
//!
//! Attributes have the names of the Compose Specification. One that is not written is `None`, or
//! empty; its documentation says what that means. Lists and mappings that may be written in short
//! and long forms have one form here. What could not be typed is in `untyped` of the service or
//! resource it belongs to, and `x-*` in `extensions`, as they are.
//!
//! ```
//! # use std::collections::BTreeMap;
//! # use compose_model::{MemoryFiles, Options, load};
//! use compose_model::model::{HealthTest, MountSource};
//!
//! let text = "\
//! services:
//!   db:
//!     image: postgres:16
//!     mem_limit: 512m
//!     healthcheck: {test: [CMD, pg_isready], interval: 90s}
//!     volumes: ['data:/var/lib/postgresql/data']
//! volumes: {data: }
//! ";
//! let files = MemoryFiles::from([("/lab/compose.yaml", text)]);
//! let project = load(&files, &Options::new("/lab", BTreeMap::new())).unwrap();
//!
//! let db = project.service("db").unwrap();
//! assert_eq!(db.mem_limit.as_ref().unwrap().get(), 512 * 1024 * 1024);
//! let check = db.healthcheck.as_ref().unwrap();
//! assert_eq!(**check.test.as_ref().unwrap(), HealthTest::Exec(vec!["pg_isready".to_owned()]));
//! assert_eq!(check.interval.as_ref().unwrap().to_string(), "1m30s");
//! assert_eq!(db.volumes[0].mounted(), MountSource::Volume("data"));
//! assert!(db.untyped.is_empty());
//! ```

mod build;
mod container;
mod decode;
mod deploy;
mod develop;
mod healthcheck;
mod hook;
mod job;
mod language_model;
mod limits;
mod mount;
mod network;
mod parts;
mod policy;
mod port;
mod project;
mod record;
mod resources;
mod secret;
mod service;
mod sourced;
mod swarm;
mod volume;
mod workload;

pub use build::Build;
pub use container::Container;
pub use decode::{Environment, Extensions, Labels, Untyped};
pub use deploy::{
    Deploy, DeployMode, EndpointMode, FailureAction, Placement, PlacementPreference,
    RestartCondition, RestartPolicy, UpdateConfig, UpdateOrder,
};
pub use develop::{Develop, Watch, WatchAction};
pub use healthcheck::{HealthTest, Healthcheck};
pub use hook::{Hook, PreStart};
pub use job::{Concurrency, Job, MissedFires, Schedule, Triggers};
pub use language_model::{LanguageModel, ModelBinding};
pub use limits::{Blkio, DeviceRate, DeviceWeight, Ulimit};
pub use mount::{
    Mount, MountBind, MountImage, MountSource, MountTmpfs, MountVolume, Propagation, Recursive,
    Selinux,
};
pub use network::{Ipam, IpamPool, Network, NetworkAttachment, NetworkMode};
pub use parts::{
    Cgroup, Condition, CredentialSpec, Dependency, Device, EnvFile, EnvFileFormat, ExtraHost, Link,
    Logging, Namespace, Provider,
};
pub use policy::{PullPolicy, Restart, RestartError};
pub use port::{ExposedPort, Port, PortMode, PortRange, PortRangeError, Protocol};
pub use resources::{
    DeviceCount, DeviceRequest, DiscreteResource, GenericResource, Limits, Reservations, Resources,
};
pub use secret::{Config, MountedFile, Secret};
pub use service::Service;
pub use sourced::Sourced;
pub use volume::Volume;
pub use workload::Workload;
