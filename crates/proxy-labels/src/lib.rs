//! One route, both proxies: labels for Traefik v3 and caddy-docker-proxy made, read, checked and
//! converted.
//!
//! Pure and sync: containers, labels and settings come in as values, labels, configuration and
//! findings go out. It talks to no engine and no proxy and opens no file.
//!
//! # Labels of a route
//!
//! ```
//! use proxy_labels::{Middleware, ProxySelection, Route, Tls, synth};
//!
//! let mut route = Route::new("wiki", ["wiki.example".parse()?], 3000);
//! route.tls = Tls::Resolver("letsencrypt".into());
//! route.middlewares = vec![Middleware::SecureHeaders];
//!
//! // As the `.env` of a homelab says it; a proxy that is off gets no label at all.
//! let env = [("TRAEFIK_ENABLE", "true"), ("CADDY_ENABLE", "false")];
//! let labels = synth::labels(&[route], &ProxySelection::from_env(env)?, &Default::default())?;
//! assert_eq!(labels["traefik.http.routers.wiki.rule"], "Host(`wiki.example`)");
//! assert!(labels.keys().all(|key| key.starts_with("traefik.")));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What a proxy makes of labels
//!
//! ```
//! use proxy_labels::{Container, Network, caddy, traefik};
//!
//! let mut web = Container::new("web");
//! web.networks.insert("proxy".into(), Network::with_ip("172.20.0.2"));
//! for (key, value) in [
//!     ("traefik.http.routers.web.rule", "Host(`a.example`)"),
//!     ("traefik.http.services.web.loadbalancer.server.port", "8080"),
//!     ("caddy", "a.example"),
//!     ("caddy.reverse_proxy", "{{upstreams 8080}}"),
//! ] {
//!     web.labels.insert(key.into(), value.into());
//! }
//!
//! let outcome = traefik::provide(std::slice::from_ref(&web), &Default::default());
//! let servers = outcome.configuration.http.services["web"].blocks("loadBalancer.servers");
//! assert_eq!(servers[0].text("url"), Some("http://172.20.0.2:8080"));
//!
//! let outcome = caddy::generate(&[web], &Default::default());
//! assert_eq!(outcome.caddyfile, "a.example {\n\treverse_proxy 172.20.0.2:8080\n}\n");
//! ```
//!
//! # What is wrong with them
//!
//! ```
//! use proxy_labels::{Container, LabelFix, lint};
//!
//! let mut web = Container::new("web");
//! web.labels.insert("caddy".into(), "false".into());
//! web.labels.insert("traefik.http.routers.web.rule".into(), "Host('a.example')".into());
//!
//! let found = lint::check(&[web], &lint::Context::default());
//! let codes: Vec<_> = found.iter().map(|one| one.code.as_ref()).collect();
//! assert!(codes.contains(&"labels::CDY001") && codes.contains(&"labels::TRF020"));
//! let rule = found.iter().find(|one| one.code == "labels::TRF020").unwrap();
//! assert_eq!(rule.fix, Some(LabelFix::SetValue("Host(`a.example`)".into())));
//! ```
//!
//! # From one proxy to the other
//!
//! ```
//! use proxy_labels::{Container, convert};
//!
//! let mut web = Container::new("web");
//! web.labels.insert("caddy".into(), "a.example".into());
//! web.labels.insert("caddy.reverse_proxy".into(), "{{upstreams 3000}}".into());
//!
//! let converted = convert::to_traefik(&web, &Default::default());
//! assert_eq!(converted.labels["traefik.http.services.web.loadbalancer.server.port"], "3000");
//! assert!(converted.losses.is_empty());
//! ```
//!
//! # What is here
//!
//! - [`Route`], [`parse_routes`], [`ProxySelection`]: what a self-hoster wants. [`synth`] makes
//!   labels of it.
//! - [`traefik`]: labels ⇄ dynamic configuration; the docker provider over many [`Container`]s.
//! - [`caddy`]: the Caddyfile that caddy-docker-proxy writes, and words that survive on the way.
//! - [`rule`]: the rule language of Traefik, with places.
//! - [`lint`]: what is wrong, as [`Finding`]s; [`Finding::to_diagnostic`] puts one into the file that
//!   the labels came from.
//! - [`convert`]: from one proxy to the other, with a report of what is lost.
//! - [`explain`]: who answers for a host, and why not; [`hosts`]: the names that containers want.
//! - [`statics`] and [`facts`]: the static side of the proxies, and what an update without a gap needs.
//!
//! # Errors
//!
//! No labels make this crate panic. Mistakes in labels are [`Finding`]s; what a route asks of a proxy
//! that it cannot do is a [`synth::SynthError`]; mistakes in a routes file are
//! [`Diagnostic`](yaml_tree::Diagnostic)s.
//!
//! # Compatibility
//!
//! - Traefik 3.7.15: every key with every kind of value, every state of a container and a thousand
//!   generated sets of labels were compared with what the running program shows. Where it picks a
//!   network at random, the first by name is taken; TLS options, servers transports and middlewares
//!   of other providers are not seen.
//! - caddy-docker-proxy of July 2026, up to `--process-caddyfile`. Where it goes through labels in
//!   random order, they are taken by key. Templates have all functions of Go and sprig 3.3
//!   (3.2 in Traefik's default rule); those whose result cannot be foretold are reported.
//! - Caddy 2.11: directives and options for the lints.

pub mod caddy;
mod container;
pub mod convert;
pub mod explain;
pub mod facts;
mod finding;
mod host;
pub mod hosts;
mod json;
pub mod lint;
mod route;
pub mod rule;
mod selection;
mod side_by_side;
pub mod statics;
pub mod synth;
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
