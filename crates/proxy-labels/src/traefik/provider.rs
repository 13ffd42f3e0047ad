//! From containers to the configuration that Traefik runs with.

mod address;
mod links;
mod merge;
mod name;
mod places;
mod references;
mod running;
mod settings;

use std::collections::BTreeMap;

use super::configuration::{Configuration, Protocol, sub_table};
use super::error::LabelError;
use super::fill::{block, check};
use super::node::tree;
use super::tables::{PROVIDER, ROOT};
use super::value::{Block, Value};
use crate::side_by_side::in_parts;
use crate::{Container, Finding, State};
use yaml_tree::Severity;

pub use settings::{EntryPoint, Settings};

pub(crate) use name::default_name;

/// What Traefik makes of containers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// The configuration it runs with.
    pub configuration: Configuration,
    /// Containers it passes over although their labels ask for a route, routers and services it
    /// removes or disables, and why.
    pub findings: Vec<Finding>,
    /// The containers each service sends to, by protocol and service.
    pub members: BTreeMap<(Protocol, String), Vec<String>>,
}

/// What Traefik's docker provider makes of these containers, its presets filled in, and what is
/// wrong with it.
///
/// The containers may come in any order. Where Traefik would pick a network at random, the first
/// by name is taken.
///
/// ```
/// use proxy_labels::{Container, Network, traefik};
///
/// let mut web = Container::new("web");
/// web.networks.insert("proxy".into(), Network::with_ip("172.20.0.2"));
/// web.ports.push("8080/tcp".into());
/// web.labels.insert("traefik.http.routers.web.rule".into(), "Host(`a.example`)".into());
///
/// let outcome = traefik::provide(&[web], &traefik::Settings::default());
/// let service = &outcome.configuration.http.services["web"];
/// assert_eq!(service.blocks("loadBalancer.servers")[0].text("url"), Some("http://172.20.0.2:8080"));
/// assert_eq!(outcome.configuration.http.routers["web"].list("entryPoints"), ["web", "websecure"]);
/// assert!(outcome.findings.is_empty());
/// ```
pub fn provide(containers: &[Container], settings: &Settings) -> Outcome {
    run(containers, settings, false)
}

/// As [`provide`]. With `lenient`, labels that cannot be decoded are left out and the rest of their
/// container stays, so that all that is wrong with it can be told at once.
pub(crate) fn run(containers: &[Container], settings: &Settings, lenient: bool) -> Outcome {
    let mut outcome = Outcome::default();
    let rule = match settings.template() {
        Ok(rule) => rule,
        Err(error) => {
            let message = format!("the default rule is no template: {error}");
            outcome
                .findings
                .push(Finding::error("traefik::default-rule", message));
            return outcome;
        }
    };
    // What one container declares has nothing to do with the others.
    let built = in_parts(containers, |some| {
        let mut findings = Vec::new();
        let mut parts = Vec::with_capacity(some.len());
        for container in some {
            let built = build(
                container,
                containers,
                settings,
                &rule,
                lenient,
                &mut findings,
            );
            parts.extend(built.map(|built| (default_name(container), container, built)));
        }
        (parts, findings)
    });
    let mut parts: Vec<(String, &Container, Configuration)> = Vec::with_capacity(containers.len());
    for (more, findings) in built {
        parts.extend(more);
        outcome.findings.extend(findings);
    }
    // Identifiers, which come after the name, are in the order of the containers.
    parts.sort_by(|one, other| one.0.cmp(&other.0));
    merge::merge(parts, &mut outcome);
    running::complete(&mut outcome.configuration, settings);
    references::check(&outcome.configuration, settings, &mut outcome.findings);
    places::find(&mut outcome.findings, containers);
    outcome
}

/// The part of the configuration that one container declares; `None` if Traefik passes it over.
fn build(
    container: &Container,
    all: &[Container],
    settings: &Settings,
    rule: &go_template::Template,
    lenient: bool,
    findings: &mut Vec<Finding>,
) -> Option<Configuration> {
    let own = match Own::read(container, settings) {
        Ok(own) => own,
        Err(error) => {
            findings.push(dropped(container, &error));
            return None;
        }
    };
    let passed_over = |why: &str| {
        let message = format!("{why}; Traefik does not route to the container");
        Finding::new(Severity::Note, "traefik::not-routed", message).on(&container.name)
    };
    if container.state == State::Stopped && !own.allow_non_running {
        findings.push(passed_over("it does not run"));
        return None;
    }
    if !own.enable {
        findings.push(passed_over("it is not enabled"));
        return None;
    }
    if !settings.matches(container, findings) {
        findings.push(passed_over("the constraints leave it out"));
        return None;
    }
    let serves = container.state == State::Running && container.is_healthy();
    if container.state == State::Running
        && !serves
        && !own.allow_non_running
        && !settings.allow_empty_services
    {
        findings.push(passed_over("its health check has not passed"));
        return None;
    }
    let mut errors = Vec::new();
    let labels = container
        .labels
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()));
    let mut built = Configuration::decode(labels, &mut errors);
    if let Some(error) = errors.first().filter(|_| !lenient) {
        findings.push(dropped(container, error));
        return None;
    }
    let target = Target {
        container,
        all,
        settings,
        network: &own.network,
        serves,
    };
    let has = |protocol| {
        let section = built.section(protocol);
        !section.routers.is_empty() || !section.services.is_empty()
    };
    let (tcp, udp) = (has(Protocol::Tcp), has(Protocol::Udp));
    let http = !(tcp || udp) || !built.http.is_empty();
    for (protocol, wanted) in [
        (Protocol::Tcp, tcp),
        (Protocol::Udp, udp),
        (Protocol::Http, http),
    ] {
        if !wanted {
            continue;
        }
        let section = built.section_mut(protocol);
        if section.services.is_empty()
            && let Some(service) = implicit_service(protocol)
        {
            section.services.insert(default_name(container), service);
        }
        for (name, service) in &mut section.services {
            if let Err(why) = target.set_address(service, protocol, findings) {
                let message = format!("service `{name}`: {why}; Traefik passes the container over");
                findings.push(why.finding(message).on(&container.name));
                if !lenient {
                    return None;
                }
            }
        }
        links::link(section, protocol, container, rule, findings);
    }
    Some(built)
}

/// What one container says to the provider.
struct Own {
    enable: bool,
    network: String,
    allow_non_running: bool,
}

impl Own {
    fn read(container: &Container, settings: &Settings) -> Result<Self, LabelError> {
        let labels = container
            .labels
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()));
        let mut found = Vec::new();
        let mut own = Self {
            enable: settings.exposed_by_default,
            network: settings.network.clone(),
            allow_non_running: false,
        };
        let root = tree(labels, &["traefik.docker.", "traefik.enable"], &mut found);
        if let Some(root) = root {
            check(&root, &PROVIDER, &mut found);
            let set = block(&root, &PROVIDER, &mut found);
            if let Some(Value::Bool(enable)) = set.get("enable") {
                own.enable = *enable;
            }
            if let Some(network) = set.text("docker.network") {
                network.clone_into(&mut own.network);
            }
            own.allow_non_running = set.flag("docker.allowNonRunning");
        }
        match found.into_iter().next() {
            Some(error) => Err(error),
            None => Ok(own),
        }
    }
}

/// What a service of one container sends to.
struct Target<'c> {
    container: &'c Container,
    all: &'c [Container],
    settings: &'c Settings,
    network: &'c str,
    serves: bool,
}

fn implicit_service(protocol: Protocol) -> Option<Block> {
    let services = sub_table(sub_table(&ROOT, protocol.name())?, "services")?;
    let mut service = Block::new(services);
    let balancer = Block::new(sub_table(services, "loadBalancer")?);
    service.set("loadBalancer", Some(Value::Block(balancer)));
    Some(service)
}

fn dropped(container: &Container, error: &LabelError) -> Finding {
    let message = format!(
        "{}; Traefik drops everything this container declares",
        error.kind
    );
    Finding::error("traefik::dropped", message)
        .on(&container.name)
        .key(&error.key)
}
