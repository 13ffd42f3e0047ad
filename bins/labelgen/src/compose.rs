//! Containers from Compose files, for every program that wants the labels of services.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use camino::{Utf8Path, Utf8PathBuf};
use compose_model::model::{NetworkMode, Protocol, Service, Sourced};
use compose_model::{Disk, FileArg, Options, Project, load};
use proxy_labels::lint::LabelSource;
use proxy_labels::{Container, Health, Located, Network};
use yaml_tree::Diagnostic;

/// The services of Compose files as containers, with where everything is written.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Services {
    /// The services as containers that run, in the order of the files.
    pub containers: Vec<Container>,
    /// How labels are written, by container and key.
    pub sources: BTreeMap<(String, String), LabelSource>,
    /// Labels below `deploy`, by container.
    pub deploy_labels: BTreeMap<String, Vec<String>>,
    /// Published ports by container: host side, container side.
    pub published: BTreeMap<String, Vec<(String, String)>>,
    places: HashMap<String, HashMap<String, Located>>,
    sites: HashMap<String, Located>,
}

/// Loads every file as a project of its own, with `env` and the `.env` of `env_dir`, or of the
/// project.
///
/// # Errors
/// What is wrong with the first file that cannot be loaded.
pub(crate) fn load_all(
    files: &[Utf8PathBuf],
    env_dir: Option<&Utf8Path>,
    dir: &Utf8Path,
    env: &BTreeMap<String, String>,
) -> Result<Services, Vec<Diagnostic>> {
    let mut all = Services::default();
    let mut projects: Vec<Vec<FileArg>> = files
        .iter()
        .map(|file| vec![FileArg::Path(file.clone())])
        .collect();
    if projects.is_empty() {
        // Found by name, as Compose finds it.
        projects.push(Vec::new());
    }
    for files in projects {
        let mut options = Options::new(dir, env.clone());
        options.files = files;
        options.env_files = env_dir.map(|dir| dir.join(".env")).into_iter().collect();
        options.profiles = vec!["*".to_owned()];
        options.resolve_env = false;
        options.check_consistency = false;
        all.add_project(&load(&Disk, &options)?);
    }
    Ok(all)
}

impl Services {
    /// Adds the services of a project. Returns the name of the container that stands for each: that
    /// of its first one.
    pub fn add_project(&mut self, project: &Project) -> BTreeMap<String, String> {
        let services = project.services();
        services
            .filter_map(|service| Some((service.name.clone(), self.add(project, &service)?)))
            .collect()
    }

    fn add(&mut self, project: &Project, service: &Service) -> Option<String> {
        let mut name = project.container_names(service).next()?;
        // Projects of one name are told apart by their place.
        while self.places.contains_key(&name) {
            name.push('\'');
        }
        let mut container = Container::new(name.clone());
        container.labels.insert(
            "com.docker.compose.project".to_owned(),
            project.name.clone(),
        );
        container.labels.insert(
            "com.docker.compose.service".to_owned(),
            service.name.clone(),
        );
        let mut places = HashMap::new();
        for (key, value) in &service.labels {
            container.labels.insert(key.clone(), value.value.clone());
            let located = locate(value);
            let source = LabelSource::new(
                value.template.as_deref().map(str::to_owned),
                located.item,
                value.key.is_some() && is_plain_boolean(value),
            );
            self.sources.insert((name.clone(), key.clone()), source);
            places.insert(key.clone(), located);
        }
        let deploy = service.deploy.as_ref().map(|deploy| &deploy.labels);
        for (key, value) in deploy.into_iter().flatten() {
            self.deploy_labels
                .entry(name.clone())
                .or_default()
                .push(key.clone());
            places.entry(key.clone()).or_insert_with(|| locate(value));
        }
        self.networks(project, service, &mut container);
        self.ports(service, &mut container);
        if service.has_healthcheck() {
            container.health = Health::Healthy;
        }
        let site = service.image.as_ref().and_then(|image| image.key.clone());
        let site = site.or_else(|| {
            let first = service.labels.values().next();
            first.and_then(|label| label.place().cloned())
        });
        self.sites.insert(name.clone(), Located::at(site, None));
        self.places.insert(name.clone(), places);
        self.containers.push(container);
        Some(name)
    }

    /// Names as the engine has them, and an address on each: nobody knows the real one yet.
    fn networks(&self, project: &Project, service: &Service, container: &mut Container) {
        container.network_mode = match service.network_mode.as_deref() {
            None => "bridge".to_owned(),
            Some(NetworkMode::Service(other)) => {
                let other = project.service(other);
                let name = other.and_then(|other| project.container_names(&other).next());
                format!("container:{}", name.unwrap_or_default())
            }
            Some(mode) => mode.to_string(),
        };
        let last = self.containers.len() % 250 + 2;
        for (at, (network, attachment)) in project.networks_of(service).into_iter().enumerate() {
            let ip = match &attachment.ipv4_address {
                Some(ip) => ip.to_string(),
                None => format!(
                    "172.{}.{}.{last}",
                    20 + at % 10,
                    self.containers.len() / 250 % 250
                ),
            };
            container
                .networks
                .insert(network.name.to_string(), Network::with_ip(ip));
        }
    }

    fn ports(&mut self, service: &Service, container: &mut Container) {
        let mut ports = BTreeSet::new();
        let mut add = |port: u16, protocol: Protocol| ports.insert(format!("{port}/{protocol}"));
        for exposed in &service.expose {
            for port in exposed.ports.first()..=exposed.ports.last() {
                add(port, exposed.protocol);
            }
        }
        for port in &service.ports {
            add(*port.target, port.protocol());
            if let Some(published) = &port.published {
                let pair = (published.first().to_string(), port.target.to_string());
                self.published
                    .entry(container.name.clone())
                    .or_default()
                    .push(pair);
            }
        }
        container.ports = ports.into_iter().collect();
    }

    /// Where a label stands, or the service if there is none.
    pub fn locate(&self, container: Option<&str>, key: Option<&str>) -> Located {
        let Some(container) = container else {
            return Located::default();
        };
        let label = key.and_then(|key| self.places.get(container)?.get(key));
        label
            .or_else(|| self.sites.get(container))
            .cloned()
            .unwrap_or_default()
    }
}

/// Where a label is written. The value can be pointed into if its text stands there as it is.
fn locate(value: &Sourced<String>) -> Located {
    let mut located = Located::at(value.key.clone(), value.span.clone());
    if let Some(span) = &value.span {
        let text = span.text();
        let quote = usize::from(text.starts_with(['"', '\'']));
        let inner = text.get(quote..text.len().saturating_sub(quote));
        if value.key.is_none() {
            located.item = true;
            located.key.clone_from(&value.span);
            // `key=value`: the value is the end of the item.
            if let Some(inner) = inner
                && let Some(before) = inner.strip_suffix(value.value.as_str())
            {
                located.offset = quote + before.len();
                located.verbatim = true;
            }
        } else {
            located.offset = quote;
            located.verbatim = inner == Some(value.value.as_str());
        }
    }
    located
}

fn is_plain_boolean(value: &Sourced<String>) -> bool {
    let text = value.span.as_ref().map(yaml_tree::Span::text);
    matches!(
        text,
        Some("true" | "false" | "True" | "False" | "TRUE" | "FALSE")
    )
}
