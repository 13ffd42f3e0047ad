//! Containers from JSON.

use std::collections::BTreeMap;

use proxy_labels::traefik::{EntryPoint, Settings};
use proxy_labels::{Container, Network, State, caddy};
use serde::Deserialize;

/// The input of `decode`, for both proxies.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Input {
    #[serde(default)]
    containers: Vec<JsonContainer>,
    /// Settings of Traefik's docker provider.
    #[serde(default)]
    provider: Provider,
    /// The networks that Caddy shares with what it proxies.
    #[serde(default)]
    ingress_networks: Vec<String>,
    /// The addresses of the containers that were taken out.
    #[serde(skip)]
    ips: Vec<Option<Vec<String>>>,
    /// The beginning of Caddy's labels.
    #[serde(default)]
    label_prefix: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct JsonContainer {
    #[serde(default)]
    name: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    network_mode: String,
    #[serde(default)]
    networks: BTreeMap<String, Option<JsonNetwork>>,
    #[serde(default)]
    ports: Vec<String>,
    #[serde(default)]
    bindings: BTreeMap<String, Vec<Binding>>,
    #[serde(default)]
    health: Option<String>,
    #[serde(default)]
    state: Option<String>,
    /// The addresses Caddy reaches it at.
    #[serde(default)]
    ips: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
struct JsonNetwork {
    #[serde(default)]
    ip: String,
    #[serde(default, alias = "ip6")]
    ipv6: String,
}

#[derive(Debug, Deserialize)]
struct Binding {
    #[serde(default)]
    ip: String,
    port: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Provider {
    exposed_by_default: Option<bool>,
    default_rule: Option<String>,
    network: Option<String>,
    allow_empty_services: Option<bool>,
    #[serde(rename = "useBindPortIP")]
    use_bind_port_ip: Option<bool>,
    constraints: Option<String>,
    /// `web`, or `dns/udp`.
    entry_points: Option<Vec<String>>,
}

impl Input {
    /// Reads the text of `name`.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, String> {
        serde_json::from_str(text)
            .map_err(|error| format!("{name}:{}:{}: {error}", error.line(), error.column()))
    }

    /// The containers, which are taken out of the input.
    pub(crate) fn take_containers(&mut self) -> Result<Vec<Container>, String> {
        let mut containers = Vec::with_capacity(self.containers.len());
        for container in std::mem::take(&mut self.containers) {
            let (container, ips) = container.into_container()?;
            containers.push(container);
            self.ips.push(ips);
        }
        Ok(containers)
    }

    /// The addresses at which Caddy reaches a container, if they are given.
    pub(crate) fn addresses(&self, at: usize) -> Option<Vec<String>> {
        self.ips.get(at)?.clone()
    }

    /// Traefik's settings.
    pub(crate) fn settings(&self) -> Settings {
        let mut settings = Settings::default();
        let provider = &self.provider;
        if let Some(exposed) = provider.exposed_by_default {
            settings.exposed_by_default = exposed;
        }
        if let Some(rule) = &provider.default_rule {
            settings.default_rule.clone_from(rule);
        }
        if let Some(network) = &provider.network {
            settings.network.clone_from(network);
        }
        if let Some(allow) = provider.allow_empty_services {
            settings.allow_empty_services = allow;
        }
        if let Some(bound) = provider.use_bind_port_ip {
            settings.use_bind_port_ip = bound;
        }
        if let Some(constraints) = &provider.constraints {
            settings.constraints.clone_from(constraints);
        }
        if let Some(points) = &provider.entry_points {
            settings.entry_points = points.iter().map(|point| EntryPoint::new(point)).collect();
        }
        settings
    }
}

impl Input {
    /// The settings of caddy-docker-proxy.
    pub(crate) fn caddy_settings(&self) -> caddy::Settings {
        let networks = self.ingress_networks.iter().map(String::as_str);
        let mut settings = caddy::Settings::with_networks(networks);
        if let Some(prefix) = &self.label_prefix {
            settings.label_prefix.clone_from(prefix);
        }
        settings
    }
}

impl JsonContainer {
    /// The container, and the addresses at which Caddy reaches it.
    fn into_container(self) -> Result<(Container, Option<Vec<String>>), String> {
        let mut container = Container::new(self.name.trim_start_matches('/'));
        container.labels = self.labels;
        container.network_mode = self.network_mode;
        for (name, network) in self.networks {
            let mut found = Network::default();
            if let Some(network) = network {
                found.ip = network.ip;
                found.ipv6 = network.ipv6;
            }
            container.networks.insert(name, found);
        }
        container.ports = self.ports;
        for (port, bound) in self.bindings {
            let bound = bound.into_iter().map(|bound| (bound.ip, bound.port));
            container.bindings.insert(port, bound.collect());
        }
        if let Some(health) = &self.health {
            container.health = health
                .parse()
                .map_err(|error| format!("container `{}`: {error}", self.name))?;
        }
        container.state = match self.state.as_deref() {
            None | Some("" | "running") => State::Running,
            Some(_) => State::Stopped,
        };
        Ok((container, self.ips))
    }
}
