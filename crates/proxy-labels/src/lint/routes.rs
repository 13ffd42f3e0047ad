//! Traefik: what belongs together, across containers.

use std::collections::BTreeSet;

use super::Context;
use crate::traefik::{Configuration, Outcome, Protocol};
use crate::{Container, Finding, LabelFix};

/// Links between objects, and containers that are routed by accident or not at all.
pub(super) fn check(
    containers: &[Container],
    outcome: &Outcome,
    context: &Context,
    found: &mut Vec<Finding>,
) {
    unused(containers, &outcome.configuration, found);
    for container in containers {
        exposure(container, context, found);
        ports(container, context, found);
        networks(container, context, found);
    }
}

fn declared(container: &Container) -> Configuration {
    let pairs = container
        .labels
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()));
    Configuration::decode(pairs, &mut Vec::new())
}

fn is_enabled(container: &Container, context: &Context) -> bool {
    let label = container.labels.get("traefik.enable");
    label.map_or(context.traefik.exposed_by_default, |value| {
        crate::traefik::fill::parse_bool(value).unwrap_or(false)
    })
}

pub(super) fn has_traefik(container: &Container) -> bool {
    container
        .labels
        .keys()
        .any(|key| key.to_ascii_lowercase().starts_with("traefik."))
}

fn unused(containers: &[Container], configuration: &Configuration, found: &mut Vec<Finding>) {
    for protocol in [Protocol::Http, Protocol::Tcp] {
        let section = configuration.section(protocol);
        let mut used: BTreeSet<&str> = BTreeSet::new();
        for router in section.routers.values() {
            used.extend(router.list("middlewares").iter().map(|name| local(name)));
        }
        for service in section.services.values() {
            used.extend(service.list("middlewares").iter().map(|name| local(name)));
        }
        for middleware in section.middlewares.values() {
            used.extend(
                middleware
                    .list("chain.middlewares")
                    .iter()
                    .map(|name| local(name)),
            );
        }
        for name in section
            .middlewares
            .keys()
            .filter(|name| !used.contains(name.as_str()))
        {
            let prefix = format!("traefik.{}.middlewares.{name}.", protocol.name());
            let message = format!("no router here uses middleware `{name}`");
            found.extend(at_first(
                containers,
                &prefix,
                &Finding::warning("labels::TRF024", message),
            ));
        }
        let sent: BTreeSet<&str> = section
            .routers
            .values()
            .filter_map(|router| router.text("service"))
            .map(local)
            .collect();
        for name in section
            .services
            .keys()
            .filter(|name| !sent.contains(name.as_str()))
        {
            let prefix = format!("traefik.{}.services.{name}.", protocol.name());
            let message = format!("no router here sends to service `{name}`");
            found.extend(at_first(
                containers,
                &prefix,
                &Finding::warning("labels::TRF024", message),
            ));
        }
    }
}

fn local(name: &str) -> &str {
    name.strip_suffix("@docker").unwrap_or(name)
}

/// A finding at the first label with this beginning.
fn at_first(containers: &[Container], prefix: &str, finding: &Finding) -> Option<Finding> {
    let prefix = prefix.to_lowercase();
    containers.iter().find_map(|container| {
        let key = container
            .labels
            .keys()
            .find(|key| key.to_lowercase().starts_with(&prefix))?;
        Some(finding.clone().on(&container.name).key(key))
    })
}

/// Enabled without a route, routed without being asked for.
fn exposure(container: &Container, context: &Context, found: &mut Vec<Finding>) {
    let enabled = is_enabled(container, context);
    let asks = |key: &&String| {
        let key = key.to_ascii_lowercase();
        ["traefik.http.", "traefik.tcp.", "traefik.udp."]
            .iter()
            .any(|start| key.starts_with(start))
    };
    let first = container.labels.keys().find(asks);
    if !enabled && let Some(first) = first {
        let finding = match container.labels.get("traefik.enable") {
            None => Finding::warning("labels::TRF016", "the labels have no effect: containers are not exposed by default, and `traefik.enable` is missing")
                .fix(LabelFix::Add { key: "traefik.enable".to_owned(), value: "true".to_owned() })
                .key(first),
            Some(_) => Finding::warning("labels::TRF016", "`traefik.enable` switches the other labels off").key("traefik.enable"),
        };
        found.push(finding.on(&container.name));
        return;
    }
    if !enabled {
        return;
    }
    let declared = declared(container);
    let rule = |routers: &crate::traefik::Named| {
        routers.values().any(|router| router.text("rule").is_some())
    };
    let other = !declared.tcp.is_empty() || !declared.udp.is_empty();
    if rule(&declared.http.routers) || other && declared.http.is_empty() {
        return;
    }
    if declared.http.routers.is_empty() && declared.http.services.len() > 1 {
        let message = "no router is made: the container declares several services and no router";
        found.push(Finding::warning("labels::TRF017", message).on(&container.name));
        return;
    }
    let message = if other {
        "the HTTP labels make an HTTP route by the default rule beside the TCP or UDP one"
    } else {
        "no rule is given, so the default rule makes the route"
    };
    let mut finding = Finding::warning("labels::TRF017", message)
        .on(&container.name)
        .help("give the router a `rule`, or set `traefik.enable=false`");
    if let Some(key) = container
        .labels
        .keys()
        .find(|key| key.eq_ignore_ascii_case("traefik.enable"))
        .or(first)
    {
        finding = finding.key(key);
    }
    found.push(finding);
}

/// A container as it is where its environment switches it on: that another one does not is no
/// mistake.
pub(super) fn switched_on(container: &Container, context: &Context) -> Container {
    let at = (container.name.clone(), "traefik.enable".to_owned());
    let mut container = container.clone();
    if context
        .sources
        .get(&at)
        .is_some_and(|source| source.template.is_some())
    {
        container.labels.insert(at.1, "true".to_owned());
    }
    container
}

fn ports(container: &Container, context: &Context, found: &mut Vec<Finding>) {
    if !is_enabled(container, context) {
        return;
    }
    let numbers = container.port_numbers();
    let declared = declared(container);
    let says_port = Protocol::ALL.iter().any(|protocol| {
        let services = declared.section(*protocol).services.values();
        services
            .flat_map(|service| service.blocks("loadBalancer.servers"))
            .any(|server| server.text("port").is_some() || server.text("url").is_some())
    });
    if numbers.len() > 1 && !says_port {
        let all: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        let message = format!(
            "the container exposes {} and no label says which is meant; Traefik takes the lowest, {}",
            all.join(", "),
            all[0]
        );
        found.push(
            Finding::warning("labels::TRF012", message)
                .on(&container.name)
                .help("say it with `traefik.http.services.NAME.loadbalancer.server.port`"),
        );
    }
}

fn networks(container: &Container, context: &Context, found: &mut Vec<Finding>) {
    if !is_enabled(container, context) {
        return;
    }
    let chosen = container
        .labels
        .get("traefik.docker.network")
        .unwrap_or(&context.traefik.network);
    if container.networks.len() > 1 && chosen.is_empty() {
        let names: Vec<&str> = container.networks.keys().map(String::as_str).collect();
        let message = format!(
            "the container is on `{}`, and Traefik takes any of them",
            names.join("`, `")
        );
        found.push(
            Finding::warning("labels::TRF015", message)
                .on(&container.name)
                .help("choose with `traefik.docker.network`, or once for all in the provider's settings"),
        );
    }
    if !chosen.is_empty()
        && !container.networks.contains_key(chosen)
        && !container.networks.is_empty()
    {
        // The engine's name has the project in front.
        let suffix = format!("_{chosen}");
        if let Some(full) = container
            .networks
            .keys()
            .find(|name| name.ends_with(&suffix))
        {
            let message = format!("the network is called `{full}` in the engine");
            found.push(
                Finding::error("labels::TRF015", message)
                    .on(&container.name)
                    .value("traefik.docker.network")
                    .fix(LabelFix::SetValue(full.clone())),
            );
        }
    }
    if matches!(container.network_mode.as_str(), "none") {
        let message = "the container has no network, so Traefik cannot reach it";
        found.push(Finding::error("labels::TRF015", message).on(&container.name));
    }
}
