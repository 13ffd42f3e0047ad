//! Where the servers of a service are.

use std::fmt;

use super::super::configuration::{Protocol, sub_table};
use super::super::value::{Block, Value};
use super::{Own, Target};
use crate::{Container, Finding};

/// Why a service has no server to send to.
#[derive(Debug)]
pub(super) enum NoServer {
    NoLoadBalancer,
    UrlAndPort,
    NoPort,
    NoAddress,
}

impl fmt::Display for NoServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoLoadBalancer => {
                "it has no `loadBalancer`, and labels cannot declare any other kind"
            }
            Self::UrlAndPort => "`server.url` cannot stand beside `server.port` or `server.scheme`",
            Self::NoPort => "the container exposes no port, and no label gives one",
            Self::NoAddress => "the container has no address on a network Traefik could use",
        })
    }
}

impl NoServer {
    pub(super) fn finding(&self, message: String) -> Finding {
        let code = match self {
            Self::NoLoadBalancer => "labels::TRF019",
            Self::UrlAndPort => "labels::TRF014",
            Self::NoPort => "labels::TRF012",
            Self::NoAddress => "labels::TRF015",
        };
        Finding::error(code, message)
    }
}

impl Target<'_> {
    /// Gives the server of a service its address. A container that does not serve gets no server.
    pub(super) fn set_address(
        &self,
        service: &mut Block,
        protocol: Protocol,
        findings: &mut Vec<Finding>,
    ) -> Result<(), NoServer> {
        if !self.serves {
            hide_label_fields(service);
            return Ok(());
        }
        let Some(balancer) = service.block_mut("loadBalancer") else {
            return Err(NoServer::NoLoadBalancer);
        };
        let Some(table) = sub_table(balancer.table, "servers") else {
            return Err(NoServer::NoLoadBalancer);
        };
        let mut server = match balancer.take("servers") {
            Some(Value::Blocks(servers)) => servers.into_iter().next(),
            _ => None,
        }
        .unwrap_or_else(|| Block::new(table));
        let port = taken_text(&mut server, "port");
        if protocol == Protocol::Http {
            let scheme = taken_text(&mut server, "scheme");
            if server.text("url").is_some() {
                if port.is_some() || scheme.is_some() {
                    return Err(NoServer::UrlAndPort);
                }
            } else {
                let scheme = scheme.unwrap_or_else(|| "http".to_owned());
                let address = self.address(port, findings)?;
                server.set("url", Some(Value::Text(format!("{scheme}://{address}"))));
            }
        } else {
            let address = self.address(port, findings)?;
            // Labels cannot set it, so the table passes it over in them.
            server.set("address", Some(Value::Text(address)));
        }
        balancer.set("servers", Some(Value::Blocks(vec![server])));
        Ok(())
    }

    /// `address:port`, in brackets if it is IPv6.
    fn address(
        &self,
        port: Option<String>,
        findings: &mut Vec<Finding>,
    ) -> Result<String, NoServer> {
        let port = port.or_else(|| self.container.lowest_port());
        let bound = self
            .settings
            .use_bind_port_ip
            .then(|| self.binding(port.as_deref()));
        let (ip, port) = match bound.flatten() {
            Some((ip, port)) => (ip, Some(port)),
            None => (self.ip(self.container, self.network, 0, findings), port),
        };
        if ip.is_empty() {
            return Err(NoServer::NoAddress);
        }
        let port = port
            .filter(|port| !port.is_empty())
            .ok_or(NoServer::NoPort)?;
        if ip.contains(':') {
            return Ok(format!("[{ip}]:{port}"));
        }
        Ok(format!("{ip}:{port}"))
    }

    /// The first published address of a port, if it is a certain one.
    fn binding(&self, port: Option<&str>) -> Option<(String, String)> {
        let port = port.unwrap_or_default();
        let mut bindings = self.container.bindings.iter();
        let (_, bound) = bindings.find(|(key, _)| {
            let (number, protocol) = key.split_once('/').unwrap_or((key, "tcp"));
            number == port
                && (protocol.eq_ignore_ascii_case("tcp") || protocol.eq_ignore_ascii_case("udp"))
        })?;
        let (ip, port) = bound.first()?;
        (!ip.is_empty() && ip != "0.0.0.0").then(|| (ip.clone(), port.clone()))
    }

    fn ip(
        &self,
        container: &Container,
        network: &str,
        depth: usize,
        findings: &mut Vec<Finding>,
    ) -> String {
        if !network.is_empty() {
            if let Some(found) = container.networks.get(network) {
                return found.address().to_owned();
            }
            findings.push(missing_network(container, network));
        }
        if container.network_mode == "host" {
            return "127.0.0.1".to_owned();
        }
        if let Some(other) = container.network_mode.strip_prefix("container:") {
            let other = self.all.iter().find(|candidate| candidate.name == other);
            let Some(other) = other.filter(|_| depth < self.all.len()) else {
                return String::new();
            };
            let Ok(own) = Own::read(other, self.settings) else {
                return String::new();
            };
            let chosen = if own.network.is_empty() {
                network
            } else {
                &own.network
            };
            return self.ip(other, chosen, depth + 1, findings);
        }
        let first = container.networks.values().next();
        first
            .map(|network| network.address().to_owned())
            .unwrap_or_default()
    }
}

fn missing_network(container: &Container, network: &str) -> Finding {
    let names: Vec<&str> = container.networks.keys().map(String::as_str).collect();
    let mut found = Finding::warning(
        "labels::TRF015",
        format!("the container is not on network `{network}`; Traefik takes any of its networks"),
    )
    .on(&container.name);
    if container.labels.contains_key("traefik.docker.network") {
        found = found.value("traefik.docker.network");
    }
    if !names.is_empty() {
        found = found.help(format!("it is on `{}`", names.join("`, `")));
    }
    found
}

fn taken_text(block: &mut Block, name: &str) -> Option<String> {
    match block.take(name) {
        Some(Value::Text(text)) if !text.is_empty() => Some(text),
        _ => None,
    }
}

/// The fields that only help to find the address are no part of the configuration.
fn hide_label_fields(service: &mut Block) {
    let Some(balancer) = service.block_mut("loadBalancer") else {
        return;
    };
    if let Some(Value::Blocks(servers)) = balancer.get_mut("servers") {
        for server in servers {
            for name in ["port", "scheme"] {
                server.take(name);
            }
        }
    }
}
