//! New containers, networks and volumes.

use std::collections::{BTreeMap, HashMap};

use bollard::models::{
    ContainerCreateBody, EndpointSettings, HostConfig, NetworkCreateRequest, NetworkingConfig,
    VolumeCreateRequest,
};
use bollard::query_parameters::{CreateContainerOptions, ListVolumesOptions, RemoveVolumeOptions};

use crate::health::HealthCheck;
use crate::{Engine, Error};

/// A container to be made. It publishes no port and is not started again by the engine.
///
/// ```
/// let mut spec = engine::Spec::new("drill-db", "postgres:15");
/// spec.network = Some("drill".into());
/// spec.aliases.push("db".into());
/// spec.labels.insert("backup.drill".into(), "20260101".into());
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Spec {
    /// Its name.
    pub name: String,
    /// The image, by name or identifier. It has to be there: nothing is pulled.
    pub image: String,
    /// What is run instead of the image's entry point.
    pub entrypoint: Option<Vec<String>>,
    /// What is run instead of the image's command.
    pub command: Option<Vec<String>>,
    /// Variables beside those of the image. `Debug` shows their names alone.
    pub env: BTreeMap<String, String>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// The network it is attached to; none at all if `None`.
    pub network: Option<String>,
    /// Other names it has on that network.
    pub aliases: Vec<String>,
    /// What is mounted: `source:target[:options]`, the source a path or the name of a volume.
    pub binds: Vec<String>,
    /// File systems in memory: path to options, `size=64m`.
    pub tmpfs: BTreeMap<String, String>,
    /// The user it runs as, `user[:group]`; the image's own if `None`.
    pub user: Option<String>,
    /// Where it runs; the image's own if `None`.
    pub directory: Option<String>,
    /// Its health check; the image's own if `None`.
    pub health_check: Option<HealthCheck>,
    /// The signal that stops it; the image's own if `None`.
    pub stop_signal: Option<String>,
    /// The most memory it may use, in bytes; no limit if `None`.
    pub memory: Option<u64>,
    /// Whether an init process of the engine collects its children.
    pub init: bool,
}

impl Spec {
    /// A container of this name and image, attached to no network.
    pub fn new(name: impl Into<String>, image: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            image: image.into(),
            ..Self::default()
        }
    }
}

impl std::fmt::Debug for Spec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spec")
            .field("name", &self.name)
            .field("image", &self.image)
            .field("command", &self.command)
            .field("env", &self.env.keys().collect::<Vec<_>>())
            .field("network", &self.network)
            .field("binds", &self.binds)
            .finish_non_exhaustive()
    }
}

/// A volume of the engine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Volume {
    /// Its name.
    pub name: String,
    /// `local` or that of a plugin.
    pub driver: String,
    /// Where it lies on the engine's machine.
    pub path: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
}

impl Engine {
    /// Makes a container and returns its identifier. It is not started.
    ///
    /// # Errors
    /// [`Error::NotFound`] without the image or the network, [`Error::Refused`] when the name is
    /// taken, and those of any request.
    pub async fn create(&self, spec: &Spec) -> Result<String, Error> {
        let action = format!("make the container `{}`", spec.name);
        let networking = spec.network.as_ref().map(|network| NetworkingConfig {
            endpoints_config: Some(HashMap::from([(
                network.clone(),
                EndpointSettings {
                    aliases: Some(spec.aliases.clone()),
                    ..EndpointSettings::default()
                },
            )])),
        });
        let host = HostConfig {
            binds: Some(spec.binds.clone()),
            tmpfs: Some(hashed(&spec.tmpfs)),
            network_mode: Some(spec.network.clone().unwrap_or_else(|| "none".to_owned())),
            memory: spec.memory.and_then(|bytes| i64::try_from(bytes).ok()),
            init: Some(spec.init),
            ..HostConfig::default()
        };
        let body = ContainerCreateBody {
            image: Some(spec.image.clone()),
            entrypoint: spec.entrypoint.clone(),
            cmd: spec.command.clone(),
            env: Some(
                spec.env
                    .iter()
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect(),
            ),
            labels: Some(hashed(&spec.labels)),
            user: spec.user.clone(),
            working_dir: spec.directory.clone(),
            healthcheck: spec.health_check.as_ref().map(HealthCheck::config),
            stop_signal: spec.stop_signal.clone(),
            host_config: Some(host),
            networking_config: networking,
            ..ContainerCreateBody::default()
        };
        let options = CreateContainerOptions {
            name: Some(spec.name.clone()),
            ..CreateContainerOptions::default()
        };
        let made = self.docker.create_container(Some(options), body).await;
        made.map(|made| made.id)
            .map_err(|error| self.failed(&action, error))
    }

    /// Makes a bridge network and returns its identifier. An `internal` one has no way out.
    ///
    /// # Errors
    /// [`Error::Refused`] when the name is taken or no subnet is left, and those of any request.
    pub async fn create_network(
        &self,
        name: &str,
        internal: bool,
        labels: &BTreeMap<String, String>,
    ) -> Result<String, Error> {
        let request = NetworkCreateRequest {
            name: name.to_owned(),
            driver: Some("bridge".to_owned()),
            internal: Some(internal),
            labels: Some(hashed(labels)),
            ..NetworkCreateRequest::default()
        };
        let failed = |error| self.failed(&format!("make the network `{name}`"), error);
        // The engine allows several networks of one name, and an API before 1.44 asks to say so.
        if self
            .networks()
            .await?
            .iter()
            .any(|network| network.name == name)
        {
            return Err(Error::Refused {
                action: format!("make the network `{name}`"),
                status: 409,
                message: "there is one of this name".to_owned(),
            });
        }
        let made = self.docker.create_network(request).await.map_err(failed)?;
        Ok(made.id)
    }

    /// Removes a network, by its identifier or name. One that is not there is not an error.
    ///
    /// # Errors
    /// [`Error::Refused`] when something is attached, and those of any request.
    pub async fn remove_network(&self, network: &str) -> Result<(), Error> {
        let done = self.docker.remove_network(network).await;
        gone(done.map_err(|error| self.failed(&format!("remove the network `{network}`"), error)))
    }

    /// Makes a volume, unless there is one of this name.
    ///
    /// # Errors
    /// Those of any request.
    pub async fn create_volume(
        &self,
        name: &str,
        labels: &BTreeMap<String, String>,
    ) -> Result<(), Error> {
        let request = VolumeCreateRequest {
            name: Some(name.to_owned()),
            labels: Some(hashed(labels)),
            ..VolumeCreateRequest::default()
        };
        let made = self.docker.create_volume(request).await;
        made.map_err(|error| self.failed(&format!("make the volume `{name}`"), error))?;
        Ok(())
    }

    /// Removes a volume and what is in it. One that is not there is not an error.
    ///
    /// # Errors
    /// [`Error::Refused`] when a container uses it, and those of any request.
    pub async fn remove_volume(&self, name: &str) -> Result<(), Error> {
        let done = self
            .docker
            .remove_volume(name, None::<RemoveVolumeOptions>)
            .await;
        gone(done.map_err(|error| self.failed(&format!("remove the volume `{name}`"), error)))
    }

    /// The volumes that have all of these labels (`key` or `key=value`), by name.
    ///
    /// # Errors
    /// Those of any request.
    pub async fn volumes(&self, labels: &[&str]) -> Result<Vec<Volume>, Error> {
        let mut filters = HashMap::new();
        if !labels.is_empty() {
            let labels = labels.iter().map(|&label| label.to_owned()).collect();
            filters.insert("label".to_owned(), labels);
        }
        let options = ListVolumesOptions {
            filters: Some(filters),
        };
        let found = self.docker.list_volumes(Some(options)).await;
        let found = found.map_err(|error| self.failed("list the volumes", error))?;
        let mut volumes: Vec<Volume> = found
            .volumes
            .unwrap_or_default()
            .into_iter()
            .map(|volume| Volume {
                name: volume.name,
                driver: volume.driver,
                path: volume.mountpoint,
                labels: volume.labels.into_iter().collect(),
            })
            .collect();
        volumes.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(volumes)
    }
}

fn gone(done: Result<(), Error>) -> Result<(), Error> {
    match done {
        Err(Error::NotFound { .. }) => Ok(()),
        other => other,
    }
}

fn hashed(map: &BTreeMap<String, String>) -> HashMap<String, String> {
    map.clone().into_iter().collect()
}
