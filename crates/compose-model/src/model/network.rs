//! Networks.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::decode::{Decode, Extensions, Labels, Log, extensions, later, resource_name};
use super::record::record;
use super::{Sourced, Untyped};
use crate::value::Value;

record! {
    /// A network of the project.
    Network {
        /// Its key in `networks`.
        key(""): String = later,
        /// Its name in the engine: the one written, else `PROJECT_KEY`, or the key of an external
        /// one.
        name: Sourced<String> = resource_name,
        /// The driver; none means `bridge`.
        driver: Option<Sourced<String>>,
        /// Options of the driver.
        driver_opts: Labels,
        /// How addresses are given out.
        ipam: Option<Sourced<Ipam>>,
        /// Whether it has to be there, and is neither made nor removed; default false.
        external: Option<Sourced<bool>>,
        /// Whether there is no way out of it; default false.
        internal: Option<Sourced<bool>>,
        /// Whether containers outside of the project may join (in Swarm); default false.
        attachable: Option<Sourced<bool>>,
        /// Its labels.
        labels: Labels,
        /// Whether there are IPv4 addresses; none means yes.
        enable_ipv4: Option<Sourced<bool>>,
        /// Whether there are IPv6 addresses; none means no.
        enable_ipv6: Option<Sourced<bool>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
        /// What is written and could not be typed.
        untyped(""): Vec<Untyped> = later,
    }
}

record! {
    /// How addresses of a network are given out.
    Ipam {
        /// The driver; none means `default`.
        driver: Option<Sourced<String>>,
        /// Ranges of addresses.
        config: Vec<Sourced<IpamPool>>,
        /// Options of the driver.
        options: Labels,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

record! {
    /// A range of addresses of a network.
    IpamPool {
        /// The network in CIDR form (`172.20.0.0/16`).
        subnet: Option<Sourced<String>>,
        /// The address of the host.
        gateway: Option<Sourced<IpAddr>>,
        /// The part of it that containers get, in CIDR form.
        ip_range: Option<Sourced<String>>,
        /// Addresses that are taken, by name of the host.
        aux_addresses: Labels,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

record! {
    /// How a container is on a network.
    NetworkAttachment {
        /// Names by which it is found besides that of the service.
        aliases: Vec<Sourced<String>>,
        /// Options of the driver.
        driver_opts: Labels,
        /// The network with the highest one has the default gateway; default 0.
        gw_priority: Option<Sourced<i64>>,
        /// The name of the interface in the container.
        interface_name: Option<Sourced<String>>,
        /// Its fixed IPv4 address.
        ipv4_address: Option<Sourced<Ipv4Addr>>,
        /// Its fixed IPv6 address.
        ipv6_address: Option<Sourced<Ipv6Addr>>,
        /// Link-local addresses.
        link_local_ips: Vec<Sourced<IpAddr>>,
        /// Its MAC address.
        mac_address: Option<Sourced<String>>,
        /// Networks are joined in this order, the highest first; default 0.
        priority: Option<Sourced<i64>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

/// `network_mode`: the network stack of a container that is on no network of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetworkMode {
    /// No network.
    None,
    /// That of the host; `ports` have no effect.
    Host,
    /// The engine's bridge.
    Bridge,
    /// That of a container of a service.
    Service(String),
    /// That of a container outside of the project.
    Container(String),
    /// A network of the engine by its name, or what else the engine makes of it.
    Other(String),
}

impl Decode for NetworkMode {
    fn decode(value: &Value, log: &mut Log) -> Option<Self> {
        let text = String::decode(value, log)?;
        Some(match text.split_once(':') {
            Some(("service", name)) => Self::Service(name.to_owned()),
            Some(("container", name)) => Self::Container(name.to_owned()),
            _ => match text.as_str() {
                "none" => Self::None,
                "host" => Self::Host,
                "bridge" => Self::Bridge,
                _ => Self::Other(text),
            },
        })
    }
}

impl fmt::Display for NetworkMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Host => f.write_str("host"),
            Self::Bridge => f.write_str("bridge"),
            Self::Service(name) => write!(f, "service:{name}"),
            Self::Container(name) => write!(f, "container:{name}"),
            Self::Other(text) => f.write_str(text),
        }
    }
}
