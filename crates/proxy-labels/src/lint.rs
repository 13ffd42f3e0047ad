//! Lints: every way in which labels go wrong, each with a code.
//!
//! ```
//! use proxy_labels::{Container, Network, lint};
//!
//! let mut web = Container::new("web");
//! web.ports.push("80/tcp".into());
//! web.networks.insert("proxy".into(), Network::with_ip("172.20.0.2"));
//! web.labels.insert("traefik.http.routers.web.entrypoint".into(), "websecure".into());
//!
//! let found = lint::check(&[web], &lint::Context::default());
//! assert_eq!(found[0].code, "labels::TRF001");
//! assert_eq!(found[0].label.as_ref().unwrap().key, "traefik.http.routers.web.entrypoint");
//! ```

mod both;
mod caddy;
mod caddy_values;
mod catalog;
mod directives;
mod keys;
mod routes;
mod secrets;
mod source;
mod values;

use std::collections::{BTreeMap, BTreeSet};

pub use catalog::{LINTS, Lint};

use crate::caddy::Settings as CaddySettings;
use crate::traefik::{self, EntryPoint, Settings};
use crate::{Container, Finding};

/// What is known beyond the containers; what is not given is not judged.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Context {
    /// Settings of Traefik's docker provider. Its entry points count only if
    /// [`entry_points`](Self::entry_points) are given.
    pub traefik: Settings,
    /// The entry points there are.
    pub entry_points: Option<Vec<String>>,
    /// The certificate resolvers there are.
    pub resolvers: Option<BTreeSet<String>>,
    /// Settings of caddy-docker-proxy.
    pub caddy: CaddySettings,
    /// The directives and DNS providers that Caddy has beside the stock ones.
    pub caddy_modules: BTreeSet<String>,
    /// Updates are to go unnoticed: what that needs is asked for.
    pub zero_downtime: bool,
    /// An image may expose more ports than are known here.
    pub ports_incomplete: bool,
    /// How labels are written in their file, by container and key.
    pub sources: BTreeMap<(String, String), LabelSource>,
    /// Labels below `deploy`, by container.
    pub deploy_labels: BTreeMap<String, Vec<String>>,
    /// Ports published on the host by container: host side, container side.
    pub published: BTreeMap<String, Vec<(String, String)>>,
}

/// How a label is written in its file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LabelSource {
    /// The value before variables were put in, if there was a `$` in it.
    pub template: Option<String>,
    /// It is an item of a list, `key=value`.
    pub list_item: bool,
    /// The value is a boolean or a number in YAML and not a text.
    pub not_text: bool,
}

impl LabelSource {
    /// A label written like this.
    pub fn new(template: Option<String>, list_item: bool, not_text: bool) -> Self {
        Self {
            template,
            list_item,
            not_text,
        }
    }
}

/// Everything that is wrong with the labels of these containers, or looks so, in the order of the
/// containers.
pub fn check(containers: &[Container], context: &Context) -> Vec<Finding> {
    let mut settings = context.traefik.clone();
    settings.entry_points = entry_points(containers, context);
    let routed: Vec<Container> = containers
        .iter()
        .filter(|container| routes::has_traefik(container))
        .map(|container| routes::switched_on(container, context))
        .collect();
    let outcome = traefik::run(&routed, &settings, true);
    let mut found = Vec::new();
    for container in containers {
        keys::check(container, &mut found);
        values::check(container, context, &mut found);
        source::check(container, context, &mut found);
        secrets::check(container, &mut found);
        both::check(container, &mut found);
    }
    routes::check(&routed, &outcome, context, &mut found);
    caddy::check(containers, context, &mut found);
    // The first error of a container is among those found above, and a container that is meant not
    // to be routed is no finding.
    let reported = outcome
        .findings
        .into_iter()
        .filter(|one| !matches!(&*one.code, "traefik::dropped" | "traefik::not-routed"));
    found.extend(reported.map(|one| soften(one, context)));
    let order: BTreeMap<&str, usize> = containers
        .iter()
        .enumerate()
        .map(|(at, container)| (container.name.as_str(), at))
        .collect();
    found.sort_by_key(|one| {
        let at = one.container.as_deref().and_then(|name| order.get(name));
        (
            at.copied().unwrap_or(usize::MAX),
            one.label.as_ref().map(|place| place.key.clone()),
        )
    });
    found.dedup();
    found
}

/// A port nobody gives is an error only where every port is known.
fn soften(mut found: Finding, context: &Context) -> Finding {
    if context.ports_incomplete && found.code == "labels::TRF012" {
        found.severity = yaml_tree::Severity::Warning;
        "no port is known here: the image decides, or Traefik drops the container"
            .clone_into(&mut found.message);
        found =
            found.help("say the port with `traefik.http.services.NAME.loadbalancer.server.port`");
    }
    found
}

/// The entry points of the context, or all that any label names.
fn entry_points(containers: &[Container], context: &Context) -> Vec<EntryPoint> {
    if let Some(points) = &context.entry_points {
        return points.iter().map(|point| EntryPoint::new(point)).collect();
    }
    let mut points = context.traefik.entry_points.clone();
    let mut add = |name: &str, udp: bool| {
        if !points
            .iter()
            .any(|point| point.name == name && point.udp == udp)
        {
            let text = if udp {
                format!("{name}/udp")
            } else {
                name.to_owned()
            };
            points.push(EntryPoint::new(&text));
        }
    };
    for (key, value) in containers.iter().flat_map(|container| &container.labels) {
        let key = key.to_ascii_lowercase();
        if key.ends_with(".entrypoints") {
            for name in value
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty())
            {
                add(name, key.starts_with("traefik.udp."));
            }
        }
    }
    points
}
