//! Traefik v3: labels to its dynamic configuration and back.
//!
//! [`Configuration::from_labels`] decodes one container's labels, [`provide`] does what the docker
//! provider does with many containers, and [`Configuration::to_labels`] goes the other way. What
//! Traefik knows is described by one table a block; decoding, printing and lints follow from it.

mod configuration;
mod constraint;
mod duration;
mod encode;
mod error;
pub(crate) mod fill;
mod json;
mod node;
mod provider;
pub(crate) mod schema;
mod tables;
mod value;

pub(crate) use configuration::FILTERS;
pub use configuration::{Configuration, Named, Protocol, Section};
pub use duration::{Duration, DurationError};
pub use encode::EncodeError;
pub use error::{LabelError, LabelErrorKind};
pub(crate) use node::{Node, tree};
pub use provider::{EntryPoint, Outcome, Settings, provide};
pub(crate) use provider::{default_name, run};
pub(crate) use tables::{PROVIDER, ROOT};
pub use value::{Block, Value};
