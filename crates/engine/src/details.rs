//! All there is to know about one container or image.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use bollard::container::LogOutput;
use bollard::models::ContainerInspectResponse;
use bollard::query_parameters::{InspectContainerOptions, LogsOptions};
use futures_util::StreamExt as _;

use crate::health::HealthCheck;
use crate::{Engine, Error};

/// What a list of containers does not tell.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Details {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The image as it was asked for.
    pub image: String,
    /// The identifier of the image.
    pub image_id: String,
    /// Its environment, that of the image included. `Debug` shows the names alone.
    pub env: BTreeMap<String, String>,
    /// What it runs.
    pub entrypoint: Vec<String>,
    /// The arguments of the entry point, or what it runs without one.
    pub command: Vec<String>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Its user, empty for root.
    pub user: String,
    /// Where it runs; empty for the root directory.
    pub directory: String,
    /// Its file systems in memory: path to options.
    pub tmpfs: BTreeMap<String, String>,
    /// Other names it has on its networks, without the beginning of its identifier.
    pub aliases: Vec<String>,
    /// Whether it runs; a paused one does.
    pub running: bool,
    /// Whether it is paused.
    pub paused: bool,
    /// How it ended last.
    pub exit_code: i64,
    /// Whether it was killed for want of memory.
    pub out_of_memory: bool,
    /// How often the engine has started it again.
    pub restarts: i64,
    /// When it was started last, RFC 3339; empty if never.
    pub started_at: String,
    /// Whether it is removed as soon as it ends.
    pub auto_remove: bool,
    /// Whether it has a health check.
    pub has_health_check: bool,
    /// Its health check, that of the image included; `None` without one.
    pub health_check: Option<HealthCheck>,
    /// What its health check says: `starting`, `healthy`, `unhealthy`; empty without one.
    pub health: String,
    /// How long it may take to stop.
    pub stop_timeout: Duration,
}

impl fmt::Debug for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Details")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("image", &self.image)
            .field("env", &self.env.keys().collect::<Vec<_>>())
            .field("running", &self.running)
            .finish_non_exhaustive()
    }
}

/// An image of the engine.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Image {
    /// Its identifier, `sha256:…`.
    pub id: String,
    /// Its names, `postgres:15`.
    pub tags: Vec<String>,
    /// Its names in registries, `postgres@sha256:…`; empty when it came from none.
    pub digests: Vec<String>,
    /// Its environment. `Debug` shows the names alone.
    pub env: BTreeMap<String, String>,
    /// What it runs.
    pub entrypoint: Vec<String>,
    /// The arguments of the entry point, or what it runs without one.
    pub command: Vec<String>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Its ports, `5432/tcp`.
    pub ports: Vec<String>,
    /// The paths it wants volumes for.
    pub volumes: Vec<String>,
    /// Its size in bytes.
    pub size: u64,
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Image")
            .field("id", &self.id)
            .field("tags", &self.tags)
            .field("digests", &self.digests)
            .field("env", &self.env.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl Engine {
    /// All about one container, by its identifier or name.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of any request.
    pub async fn details(&self, container: &str) -> Result<Details, Error> {
        let found = self
            .docker
            .inspect_container(container, None::<InspectContainerOptions>)
            .await;
        let action = format!("look at the container `{container}`");
        found
            .map(Details::read)
            .map_err(|error| self.failed(&action, error))
    }

    /// All about one image, by its name or identifier.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of any request.
    pub async fn image(&self, image: &str) -> Result<Image, Error> {
        let found = self.docker.inspect_image(image).await;
        let action = format!("look at the image `{image}`");
        let found = found.map_err(|error| self.failed(&action, error))?;
        let config = found.config.unwrap_or_default();
        Ok(Image {
            id: found.id.unwrap_or_default(),
            tags: found.repo_tags.unwrap_or_default(),
            digests: found.repo_digests.unwrap_or_default(),
            env: variables(config.env),
            entrypoint: config.entrypoint.unwrap_or_default(),
            command: config.cmd.unwrap_or_default(),
            labels: config.labels.unwrap_or_default().into_iter().collect(),
            ports: config.exposed_ports.unwrap_or_default(),
            volumes: config.volumes.unwrap_or_default(),
            size: found
                .size
                .and_then(|size| size.try_into().ok())
                .unwrap_or(0),
        })
    }

    /// The last `lines` lines that a container has printed, standard output and standard error as
    /// they came.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Refused`] when its logs are kept elsewhere, and those of any
    /// request.
    pub async fn logs(&self, container: &str, lines: usize) -> Result<String, Error> {
        let options = LogsOptions {
            stdout: true,
            stderr: true,
            tail: lines.to_string(),
            ..LogsOptions::default()
        };
        let mut stream = std::pin::pin!(self.docker.logs(container, Some(options)));
        let mut bytes = Vec::new();
        while let Some(next) = stream.next().await {
            let action = format!("read what the container `{container}` has printed");
            let next: LogOutput = next.map_err(|error| self.failed(&action, error))?;
            bytes.extend_from_slice(&next.into_bytes());
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

impl Details {
    fn read(found: ContainerInspectResponse) -> Self {
        let config = found.config.unwrap_or_default();
        let state = found.state.unwrap_or_default();
        let health = state.health.and_then(|health| health.status);
        let check = config.healthcheck.and_then(HealthCheck::read);
        let id = found.id.unwrap_or_default();
        let networks = found
            .network_settings
            .and_then(|settings| settings.networks)
            .unwrap_or_default();
        let aliases: BTreeSet<String> = networks
            .into_values()
            .flat_map(|endpoint| endpoint.aliases.unwrap_or_default())
            .filter(|alias| alias.len() < 12 || !id.starts_with(alias.as_str()))
            .collect();
        let host = found.host_config.unwrap_or_default();
        let stop_timeout = config.stop_timeout.and_then(|time| time.try_into().ok());
        Self {
            id,
            name: found
                .name
                .unwrap_or_default()
                .trim_start_matches('/')
                .to_owned(),
            image: config.image.unwrap_or_default(),
            image_id: found.image.unwrap_or_default(),
            env: variables(config.env),
            entrypoint: config.entrypoint.unwrap_or_default(),
            command: config.cmd.unwrap_or_default(),
            labels: config.labels.unwrap_or_default().into_iter().collect(),
            user: config.user.unwrap_or_default(),
            directory: config.working_dir.unwrap_or_default(),
            tmpfs: host.tmpfs.unwrap_or_default().into_iter().collect(),
            aliases: aliases.into_iter().collect(),
            running: state.running.unwrap_or_default(),
            paused: state.paused.unwrap_or_default(),
            exit_code: state.exit_code.unwrap_or_default(),
            out_of_memory: state.oom_killed.unwrap_or_default(),
            restarts: found.restart_count.unwrap_or_default(),
            started_at: state
                .started_at
                .filter(|time| !time.starts_with("0001-"))
                .unwrap_or_default(),
            auto_remove: host.auto_remove.unwrap_or_default(),
            has_health_check: check.is_some(),
            health_check: check,
            health: health
                .map(|health| health.to_string())
                .filter(|health| health != "none")
                .unwrap_or_default(),
            stop_timeout: Duration::from_secs(stop_timeout.unwrap_or(10)),
        }
    }
}

/// The first `=` ends the name; a variable without one is not set.
fn variables(list: Option<Vec<String>>) -> BTreeMap<String, String> {
    let list = list.unwrap_or_default();
    let pairs = list.iter().filter_map(|entry| entry.split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
