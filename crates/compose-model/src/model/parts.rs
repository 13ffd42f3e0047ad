//! Small parts of containers and services.

use std::fmt;

use camino::Utf8PathBuf;
use indexmap::IndexMap;

use super::Sourced;
use super::decode::{Decode, Extensions, Labels, Log, extensions};
use super::record::{record, words};
use crate::value::Value;

record! {
    /// A service that has to be there first.
    Dependency {
        /// In which state.
        condition: Sourced<Condition>,
        /// Whether this one is restarted when that one is; default false.
        restart: Option<Sourced<bool>>,
        /// Whether it has to be there at all; default true.
        required: Option<Sourced<bool>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

words! {
    /// The state in which a service has to be.
    Condition {
        /// Its containers have started.
        Started = "service_started",
        /// Its health checks have succeeded.
        Healthy = "service_healthy",
        /// Its containers have ended without error.
        Completed = "service_completed_successfully",
    }
}

record! {
    /// A file of variables.
    EnvFile {
        /// Where it is, absolute if the project is loaded with
        /// [`resolve_paths`](crate::Options::resolve_paths).
        path: Sourced<Utf8PathBuf>,
        /// Whether it has to be there; default true.
        required: Option<Sourced<bool>>,
        /// How it is written; none means the dialect of [`dotenv`](crate::dotenv).
        format: Option<Sourced<EnvFileFormat>>,
    }
}

words! {
    /// How a file of variables is written.
    EnvFileFormat {
        /// A value is all that follows `=`.
        Raw = "raw",
    }
}

record! {
    /// A device of the host in a container.
    Device {
        /// The path on the host, or the name of a CDI device.
        source: Sourced<String>,
        /// The path in the container.
        target: Option<Sourced<String>>,
        /// Any of `r`, `w` and `m`; default all of them.
        permissions: Option<Sourced<String>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

record! {
    /// Where the output of a container goes.
    Logging {
        /// The driver; none means as the engine is set up, usually `json-file`.
        driver: Option<Sourced<String>>,
        /// Options of the driver (`max-size`).
        options: Labels,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

record! {
    /// Credentials of a managed account (Windows).
    CredentialSpec {
        /// A config of the project.
        config: Option<Sourced<String>>,
        /// A file.
        file: Option<Sourced<String>>,
        /// A key of the registry.
        registry: Option<Sourced<String>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

record! {
    /// A program that provides a service in place of a container.
    Provider {
        /// The program: `docker-TYPE`, or one of this name.
        kind("type"): Sourced<String>,
        /// Options for it, each with one value or several.
        options: IndexMap<String, Sourced<Vec<String>>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

words! {
    /// The cgroup namespace.
    Cgroup {
        /// That of the host.
        Host = "host",
        /// Its own.
        Private = "private",
    }
}

/// Whose namespace a container is in (`pid`, `ipc`, `uts`, `userns_mode`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Namespace {
    /// That of the host.
    Host,
    /// That of a container of a service.
    Service(String),
    /// That of a container outside of the project.
    Container(String),
    /// What else the engine makes of it (`private`, `shareable`).
    Other(String),
}

impl Decode for Namespace {
    fn decode(value: &Value, log: &mut Log) -> Option<Self> {
        let text = String::decode(value, log)?;
        Some(match text.split_once(':') {
            Some(("service", name)) => Self::Service(name.to_owned()),
            Some(("container", name)) => Self::Container(name.to_owned()),
            None if text == "host" => Self::Host,
            _ => Self::Other(text),
        })
    }
}

impl fmt::Display for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host => f.write_str("host"),
            Self::Service(name) => write!(f, "service:{name}"),
            Self::Container(name) => write!(f, "container:{name}"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

/// A service or container that is reached by another name: `NAME[:ALIAS]`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Link {
    /// The service or container.
    pub name: String,
    /// The other name, if one is written.
    pub alias: Option<String>,
}

impl Decode for Link {
    fn decode(value: &Value, log: &mut Log) -> Option<Self> {
        let text = String::decode(value, log)?;
        Some(match text.split_once(':') {
            Some((name, alias)) => Self {
                name: name.to_owned(),
                alias: Some(alias.to_owned()),
            },
            None => Self {
                name: text,
                alias: None,
            },
        })
    }
}

/// A line for `/etc/hosts`. It prints as `NAME=ADDRESS`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExtraHost {
    /// The name.
    pub name: String,
    /// The address, or `host-gateway` for that of the host.
    pub address: String,
}

impl fmt::Display for ExtraHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.name, self.address)
    }
}
