//! Containers of an engine.

use std::net::IpAddr;

use engine::{Container as Running, State as RunningState};
use proxy_labels::{Container, Located, Network, State};
use yaml_tree::Severity;

use super::{Collected, Subject, declare};
use crate::config::{Config, EngineConfig, Environment};

/// Adds the names that running containers want.
pub(crate) fn collect(
    containers: &[Running],
    environment: &Environment,
    config: &Config,
    out: &mut Collected,
) {
    for running in containers {
        if !counts(running) {
            continue;
        }
        let container = container(running);
        let service = running.labels.get("com.docker.compose.service");
        let service = service.unwrap_or(&running.name).clone();
        let locate = |_: Option<&str>| Located::default();
        let subject = Subject {
            container: &container,
            addresses: addresses(running, environment),
            shown: format!("container {}", running.name),
            service,
            locate: &locate,
            selection: None,
        };
        let before = out.found.len();
        declare(&subject, environment, config, out);
        // One container that has lost its address shall not hold up all the others.
        for one in out.found.iter_mut().skip(before) {
            one.severity = one.severity.min(Severity::Warning);
        }
    }
}

/// Those that run. What is paused or restarts will be back.
fn counts(running: &Running) -> bool {
    matches!(
        running.state,
        RunningState::Running | RunningState::Paused | RunningState::Restarting
    )
}

/// Which containers an environment asks the engine for.
pub(crate) fn filter(config: &EngineConfig) -> engine::Filter {
    let filter = engine::Filter::default().stopped();
    config.labels.iter().fold(filter, engine::Filter::label)
}

fn container(running: &Running) -> Container {
    let mut container = Container::new(running.name.clone());
    container.labels.clone_from(&running.labels);
    container.network_mode.clone_from(&running.network_mode);
    container.state = State::Running;
    container.ports = running
        .ports
        .iter()
        .map(|port| format!("{}/{}", port.container, port.protocol))
        .collect();
    for (name, attachment) in &running.networks {
        let ip = attachment.ipv4.or(attachment.ipv6).map(|ip| ip.to_string());
        container
            .networks
            .insert(name.clone(), Network::with_ip(ip.unwrap_or_default()));
    }
    container
}

fn addresses(running: &Running, environment: &Environment) -> Result<Vec<IpAddr>, String> {
    let networks = running.networks.iter();
    let mut counting = networks.filter(|(name, _)| {
        environment
            .network
            .as_ref()
            .is_none_or(|wanted| *name == wanted)
    });
    let addresses: Vec<IpAddr> = match counting.next() {
        // Without a network that is meant, the first by name.
        Some((_, first)) => first.ipv4.into_iter().chain(first.ipv6).collect(),
        None => Vec::new(),
    };
    if addresses.is_empty() {
        return Err("the container has no address on the network that counts".to_owned());
    }
    Ok(addresses)
}
