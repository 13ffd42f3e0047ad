//! The Compose Specification as a model: loaded, merged, checked and printed as Docker Compose
//! v5.6 does.
//!
//! [`load`] takes the files of a project through the stages of Docker Compose: interpolation,
//! `include`, `extends`, merging, validation, long forms, defaults, profiles, env files. The result
//! is a [`Project`] whose values know where they were written. This crate starts nothing and talks
//! to no engine; files come through [`Files`], the environment is a value.
//!
//! Load a project, and walk its services and ports:
//!
//! ```
//! use std::collections::BTreeMap;
//! use compose_model::{MemoryFiles, Options, load};
//!
//! let files = MemoryFiles::from([
//!     ("/lab/compose.yaml", "\
//! services:
//!   web:
//!     image: nginx:${TAG:-1.26}
//!     ports: ['8080:80', '127.0.0.1:9113:9113']
//!   db: {image: postgres}
//! "),
//!     ("/lab/.env", "TAG=1.27\n"),
//! ]);
//! let project = load(&files, &Options::new("/lab", BTreeMap::new())).unwrap();
//!
//! let mut reached_from_outside = Vec::new();
//! for service in project.services() {
//!     for port in service.published_ports().filter(|port| !port.is_loopback()) {
//!         reached_from_outside.push(format!("{}: {}", service.name, **port));
//!     }
//! }
//! assert_eq!(reached_from_outside, ["web: 8080:80/tcp"]);
//!
//! // Where does a value come from, and what stood there?
//! let image = project.service("web").unwrap().image.clone().unwrap();
//! assert_eq!((image.name(), image.tag()), ("nginx", Some("1.27")));
//! assert_eq!(image.span.as_ref().unwrap().to_string(), "compose.yaml:3:12");
//! assert_eq!(image.written(), Some("nginx:${TAG:-1.26}"));
//! assert_eq!((image.variables()[0].name, image.variables()[0].default), ("TAG", Some("1.26")));
//! assert_eq!(project.variable("TAG").unwrap().span.unwrap().to_string(), ".env:1:1");
//!
//! // The canonical text, byte for byte that of `docker compose config`.
//! assert!(project.to_yaml().starts_with("name: lab\nservices:\n  db:\n    image: postgres\n"));
//! ```
//!
//! Lay one file over another; each value still knows its file:
//!
//! ```
//! use std::collections::BTreeMap;
//! use compose_model::{FileArg, MemoryFiles, Options, load};
//!
//! let files = MemoryFiles::from([
//!     ("/lab/base.yaml", "services: {web: {image: nginx, environment: {A: base, B: base}}}"),
//!     ("/lab/prod.yaml", "services: {web: {environment: [B=prod]}}"),
//! ]);
//! let mut options = Options::new("/lab", BTreeMap::new());
//! options.files = ["base.yaml", "prod.yaml"].map(|path| FileArg::Path(path.into())).into();
//! let project = load(&files, &options).unwrap();
//!
//! let web = project.service("web").unwrap();
//! let shown: Vec<_> = web.environment.iter().map(|(name, value)| {
//!     let file = value.span.as_ref().unwrap().source().name();
//!     format!("{name}={} ({file})", value.as_deref().unwrap_or_default())
//! }).collect();
//! assert_eq!(shown, ["A=base (base.yaml)", "B=prod (prod.yaml)"]);
//! ```
//!
//! Change one tag in the text of a file:
//!
//! ```
//! use compose_model::ComposeFile;
//! use yaml_tree::Source;
//!
//! let text = "services:\n  web:\n    image: nginx:1.26  # see the notes\n";
//! let mut file = ComposeFile::parse(&Source::new("compose.yaml", text))?;
//! file.set_tag("web", "1.27")?;
//! assert_eq!(file.text(), "services:\n  web:\n    image: nginx:1.27  # see the notes\n");
//! # Ok::<(), compose_model::EditError>(())
//! ```
//!
//! # Main types
//!
//! - [`Options`] say which files, which environment, which stages; [`load`] gives a [`Project`].
//! - [`model`] has the typed parts of a project, from [`Service`](model::Service) on; each value in
//!   them is a [`Sourced`](model::Sourced) one. [`Project::model`] is the tree they are made from:
//!   [`Value`]s, each with its place and its text before interpolation.
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
mod faulty;
mod go;
mod grammar;
mod hash;
mod hooks;
mod include;
mod interpolate;
mod interpolation;
mod key_index;
mod load;
mod merge;
pub mod model;
mod normalize;
mod options;
mod path;
mod printed;
mod profiles;
mod project;
mod prune;
mod resolve_paths;
mod schema;
mod semantic;
mod shape;
mod side_by_side;
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
