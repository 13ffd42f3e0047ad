//! Networks.

use std::collections::BTreeMap;
use std::net::IpAddr;

use bollard::query_parameters::ListNetworksOptions;

use crate::{Engine, Error};

/// A network of the engine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Network {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `bridge`, `host`, `macvlan` …
    pub driver: String,
    /// Whether it has no way out.
    pub internal: bool,
    /// Its subnets, `172.20.0.0/16`, as the engine writes them.
    pub subnets: Vec<String>,
    /// The addresses of the engine's machine on it.
    pub gateways: Vec<IpAddr>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
}

impl Engine {
    /// The networks, by name.
    ///
    /// # Errors
    /// Those of [`Error`] that a request has.
    pub async fn networks(&self) -> Result<Vec<Network>, Error> {
        let found = self.docker.list_networks(None::<ListNetworksOptions>).await;
        let found = found.map_err(|error| self.failed("list the networks", error))?;
        let mut networks: Vec<Network> = found
            .into_iter()
            .map(|network| {
                let ipam = network
                    .ipam
                    .and_then(|ipam| ipam.config)
                    .unwrap_or_default();
                Network {
                    id: network.id.unwrap_or_default(),
                    name: network.name.unwrap_or_default(),
                    driver: network.driver.unwrap_or_default(),
                    internal: network.internal.unwrap_or_default(),
                    subnets: ipam.iter().filter_map(|one| one.subnet.clone()).collect(),
                    gateways: ipam
                        .iter()
                        .filter_map(|one| one.gateway.as_ref()?.parse().ok())
                        .collect(),
                    labels: network.labels.unwrap_or_default().into_iter().collect(),
                }
            })
            .collect();
        networks.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
        Ok(networks)
    }
}
