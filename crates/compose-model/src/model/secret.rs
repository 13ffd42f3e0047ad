//! Secrets and configs.

use camino::Utf8PathBuf;

use super::decode::{Extensions, Labels, extensions, later, resource_name};
use super::record::record;
use super::{Sourced, Untyped};
use crate::grammar::FileMode;

record! {
    /// A secret of the project. Its content is not read.
    Secret {
        /// Its key in `secrets`.
        key(""): String = later,
        /// Its name: the one written, else `PROJECT_KEY`, or the key of an external one.
        name: Sourced<String> = resource_name,
        /// The file with its content, absolute if the project is loaded with
        /// [`resolve_paths`](crate::Options::resolve_paths).
        file: Option<Sourced<Utf8PathBuf>>,
        /// The variable with its content.
        environment: Option<Sourced<String>>,
        /// Whether it has to be there; default false.
        external: Option<Sourced<bool>>,
        /// Its labels.
        labels: Labels,
        /// The driver (in Swarm).
        driver: Option<Sourced<String>>,
        /// Options of the driver.
        driver_opts: Labels,
        /// The driver that fills in its content as a template (in Swarm).
        template_driver: Option<Sourced<String>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
        /// What is written and could not be typed.
        untyped(""): Vec<Untyped> = later,
    }
}

record! {
    /// A config of the project.
    Config {
        /// Its key in `configs`.
        key(""): String = later,
        /// Its name: the one written, else `PROJECT_KEY`, or the key of an external one.
        name: Sourced<String> = resource_name,
        /// The file with its content, absolute if the project is loaded with
        /// [`resolve_paths`](crate::Options::resolve_paths).
        file: Option<Sourced<Utf8PathBuf>>,
        /// The content itself.
        content: Option<Sourced<String>>,
        /// The variable with its content.
        environment: Option<Sourced<String>>,
        /// Whether it has to be there; default false.
        external: Option<Sourced<bool>>,
        /// Its labels.
        labels: Labels,
        /// The driver that fills in its content as a template (in Swarm).
        template_driver: Option<Sourced<String>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
        /// What is written and could not be typed.
        untyped(""): Vec<Untyped> = later,
    }
}

record! {
    /// A secret or config that a container or a build gets as a file.
    MountedFile {
        /// The key in `secrets` or `configs` of the project.
        source: Option<Sourced<String>>,
        /// The file in the container; a secret without one is below `/run/secrets`, a config at
        /// the root, by its `source`.
        target: Option<Sourced<String>>,
        /// The owner; default 0. Has no effect for files of the host outside of Swarm.
        uid: Option<Sourced<String>>,
        /// The group; default 0. Has no effect for files of the host outside of Swarm.
        gid: Option<Sourced<String>>,
        /// The permissions; default `0444`. Has no effect for files of the host outside of Swarm.
        mode: Option<Sourced<FileMode>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}
