//! How an image is built.

use indexmap::IndexMap;

use super::decode::{Environment, Extensions, Labels, extensions, hosts};
use super::record::record;
use super::{ExtraHost, MountedFile, Sourced, Ulimit};
use crate::grammar::ByteSize;

record! {
    /// How the image of a service is built.
    Build {
        /// The directory or address with the sources; a directory is absolute if the project is
        /// loaded with [`resolve_paths`](crate::Options::resolve_paths).
        context: Option<Sourced<String>>,
        /// The Dockerfile, from `context`; default `Dockerfile`.
        dockerfile: Option<Sourced<String>>,
        /// The text of the Dockerfile itself.
        dockerfile_inline: Option<Sourced<String>>,
        /// Rights that the build needs (`network.host`).
        entitlements: Vec<Sourced<String>>,
        /// Build arguments. One without a value takes that of the project's variables, and is
        /// dropped if there is none.
        args: Environment,
        /// The provenance attestation: `true`, `false`, or `mode=max` and the like.
        provenance: Option<Sourced<String>>,
        /// The bill of materials: `true`, `false`, or options.
        sbom: Option<Sourced<String>>,
        /// Keys of ssh agents, by name, with the path of the key or socket.
        ssh: Environment,
        /// Labels of the image.
        labels: Labels,
        /// Where build caches come from.
        cache_from: Vec<Sourced<String>>,
        /// Where build caches go to.
        cache_to: Vec<Sourced<String>>,
        /// Whether caches are left aside; default false.
        no_cache: Option<Sourced<bool>>,
        /// Stages whose caches are left aside.
        no_cache_filter: Vec<Sourced<String>>,
        /// Other contexts, by name: a directory, an address, `service:NAME`.
        additional_contexts: Labels,
        /// Whether base images are always pulled; default false.
        pull: Option<Sourced<bool>>,
        /// Lines for `/etc/hosts` during the build, one for each address, sorted.
        extra_hosts: Vec<Sourced<ExtraHost>> = hosts,
        /// The technology of isolation (Windows).
        isolation: Option<Sourced<String>>,
        /// The network during the build (`host`, `none`).
        network: Option<Sourced<String>>,
        /// The stage to build; none means the last.
        target: Option<Sourced<String>>,
        /// Secrets of the project that the build may read.
        secrets: Vec<Sourced<MountedFile>>,
        /// Size of `/dev/shm` during the build.
        shm_size: Option<Sourced<ByteSize>>,
        /// Names of the image besides that of the service.
        tags: Vec<Sourced<String>>,
        /// Limits of processes during the build, by name.
        ulimits: IndexMap<String, Sourced<Ulimit>>,
        /// Platforms to build for (`linux/arm64`).
        platforms: Vec<Sourced<String>>,
        /// Whether the build has all rights; default false.
        privileged: Option<Sourced<bool>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}
