//! The Compose Specification as a model: loaded, merged, checked and printed as Docker Compose
//! v5.6 does.
//!
//! [`load`] takes the files of a project through the stages of Docker Compose: interpolation,
//! `include`, `extends`, merging, validation, long forms, defaults, profiles, env files. The result
//! is a [`Project`] whose values know where they were written. This crate starts nothing and talks
//! to no engine; files come through [`Files`], the environment is a value.
//!
//! ```
//! use std::collections::BTreeMap;
//! use compose_model::{MemoryFiles, Options, load};
//!
//! let files = MemoryFiles::from([(
//!     "/lab/compose.yaml",
//!     "services:\n  web:\n    image: nginx:${TAG:-1.27}\n    ports: [\"8080:80\"]\n",
//! )]);
//! let project = load(&files, &Options::new("/lab", BTreeMap::new())).unwrap();
//! assert_eq!(project.images(), ["nginx:1.27"]);
//!
//! // Where does a value come from, and what stood there?
//! let image = project.model.at(&["services", "web", "image"]).unwrap();
//! assert_eq!(image.span.as_ref().unwrap().to_string(), "compose.yaml:3:12");
//! assert_eq!(image.template.as_deref(), Some("nginx:${TAG:-1.27}"));
//!
//! // The canonical text, byte for byte that of `docker compose config`.
//! assert!(project.to_yaml().starts_with("name: lab\nservices:\n  web:\n    image: nginx:1.27\n"));
//! ```
//!
//! # Main types
//!
//! - [`Options`] say which files, which environment, which stages; [`load`] gives a [`Project`].
//! - [`Value`] is a node of the model with its place and its text before interpolation.
//! - The texts of single values stand alone: [`ByteSize`], [`Duration`], [`PortSpec`],
//!   [`VolumeSpec`], [`ImageReference`], [`interpolate()`], [`dotenv`].
//! - [`ComposeFile`] changes single values in the text of a file and leaves the rest as it is.
//! - [`to_yaml`] and [`to_json`] print values as Docker Compose does.
//!
//! # Errors
//!
//! A mistake in a file is a [`Diagnostic`](yaml_tree::Diagnostic) at its place; [`load`] returns all
//! of a project at once. No input makes this crate panic.
//!
//! # Compatibility
//!
//! Follows Docker Compose v5.6.1. Remote files (`oci://`, git) are refused.

mod canonical;
mod consistency;
mod defaults;
mod discovery;
mod document;
pub mod dotenv;
mod edit;
mod emit;
mod environment;
mod extends;
mod go;
mod grammar;
mod hooks;
mod include;
mod interpolate;
mod interpolation;
mod load;
mod merge;
pub mod model;
mod normalize;
mod options;
mod path;
mod profiles;
mod project;
mod prune;
mod resolve_paths;
mod schema;
mod semantic;
mod shape;
mod swarm;
mod text;
mod unique;
mod value;

pub use discovery::NameOrigin;
pub use edit::{ComposeFile, EditError, Scalar};
pub use emit::{JsonError, natural_less, sort_natural, to_json, to_json_compact, to_yaml};
pub use grammar::{
    BindOptions, ByteSize, ByteSizeError, CommandError, DeviceCountError, DeviceError, DeviceSpec,
    Duration, DurationError, ExtraHosts, ExtraHostsError, FileMode, FileModeError, ImageError,
    ImageReference, MountType, PortError, PortSpec, VolumeError, VolumeOptions, VolumeSpec,
    command_words, device_count, is_pull_policy,
};
pub use interpolate::{InterpolateError, InterpolateErrorKind, Variable, interpolate, variables};
pub use load::MAX_BYTES;
pub use options::{FileArg, Options};
pub use project::{Project, load};
pub use value::{Data, Map, Value};
pub use yaml_tree::{Disk, Files, MemoryFiles};
