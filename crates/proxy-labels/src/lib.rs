//! One route, both proxies.
pub mod caddy;
mod container;
mod finding;
mod host;
mod json;
pub mod lint;
pub mod rule;
mod template;
pub mod traefik;

use std::collections::BTreeMap;

pub use container::{Container, Health, Network, State};
pub use finding::{Finding, LabelFix, Located, Place};
pub use host::host_to_ascii;

/// Labels: keys to values, sorted by key, as Traefik reads them.
pub type Labels = BTreeMap<String, String>;
