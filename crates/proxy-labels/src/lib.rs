//! One route, both proxies.
pub mod caddy;
mod container;
pub mod convert;
pub mod explain;
pub mod facts;
mod finding;
mod host;
mod json;
pub mod lint;
mod route;
pub mod rule;
mod selection;
pub mod statics;
pub mod synth;
mod template;
pub mod traefik;

use std::collections::BTreeMap;

pub use container::{Container, Health, Network, State};
pub use finding::{Finding, LabelFix, Located, Place};
pub use host::host_to_ascii;
pub use route::{
    Balance, Host, HostError, Middleware, PathMatch, Probe, Route, RoutesFile, Scheme, Sticky, Tls,
    parse_routes,
};
pub use selection::{Choice, ProxySelection, SelectionError};

/// Labels: keys to values, sorted by key, as Traefik reads them.
pub type Labels = BTreeMap<String, String>;
