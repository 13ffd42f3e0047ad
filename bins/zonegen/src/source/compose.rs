//! Services of Compose files.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use camino::{Utf8Path, Utf8PathBuf};
use compose_model::model::Service;
use compose_model::{Disk, FileArg, Options, Project};
use globset::GlobBuilder;
use labelgen::compose::Services;
use proxy_labels::{Container, ProxySelection};
use yaml_tree::{Diagnostic, Spanned};

use super::{Collected, Subject, declare};
use crate::config::{Config, Environment};

/// A project: its files.
pub(crate) type Files = Vec<Utf8PathBuf>;

/// The Compose files of an environment, patterns looked up.
pub(crate) fn files(
    environment: &Environment,
    dir: &Utf8Path,
    found: &mut Vec<Diagnostic>,
) -> Vec<Files> {
    let mut projects: Vec<Files> = Vec::new();
    for project in &environment.compose {
        if let [pattern] = project.as_slice()
            && pattern.value.contains(['*', '?', '[', '{'])
        {
            for path in expand(pattern, dir, found) {
                if !projects.contains(&vec![path.clone()]) {
                    projects.push(vec![path]);
                }
            }
            continue;
        }
        let mut paths = Vec::new();
        for file in project {
            let path = dir.join(&file.value);
            if path.is_file() {
                paths.push(path);
            } else {
                found.push(
                    Diagnostic::error(
                        "zonegen::no-file",
                        format!("there is no file `{}`", file.value),
                    )
                    .primary(file.span.clone(), ""),
                );
            }
        }
        if !paths.is_empty() && !projects.contains(&paths) {
            projects.push(paths);
        }
    }
    projects
}

/// The files that a pattern stands for, in order.
fn expand(
    pattern: &Spanned<String>,
    dir: &Utf8Path,
    found: &mut Vec<Diagnostic>,
) -> Vec<Utf8PathBuf> {
    let mut paths = vec![dir.to_owned()];
    let whole = Utf8Path::new(&pattern.value);
    for component in whole.components() {
        let text = component.as_str();
        if !text.contains(['*', '?', '[', '{']) {
            for path in &mut paths {
                path.push(text);
            }
            continue;
        }
        let matcher = match GlobBuilder::new(text).literal_separator(true).build() {
            Ok(glob) => glob.compile_matcher(),
            Err(error) => {
                found.push(
                    Diagnostic::error(
                        "zonegen::bad-value",
                        format!("`{}` is no pattern: {error}", pattern.value),
                    )
                    .primary(pattern.span.clone(), ""),
                );
                return Vec::new();
            }
        };
        let mut next = Vec::new();
        for path in &paths {
            for entry in path.read_dir_utf8().into_iter().flatten().flatten() {
                let name = entry.file_name();
                let hidden = name.starts_with('.') && !text.starts_with('.');
                if !hidden && matcher.is_match(name) {
                    next.push(path.join(name));
                }
            }
        }
        next.sort();
        paths = next;
    }
    paths.retain(|path| path.is_file());
    if paths.is_empty() {
        found.push(
            Diagnostic::error("zonegen::no-file", format!("no file matches `{}`", pattern.value))
                .primary(pattern.span.clone(), "")
                .help("names of services that are gone would be removed, so this is not taken for an empty list"),
        );
    }
    paths
}

/// Whose variables count first: those of the shell, as for Compose, or those of a project's `.env`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shell {
    /// One environment is looked at: the shell may be set up for it.
    First,
    /// Several are: the shell cannot be set up for all of them.
    Last,
}

/// The variables that the `.env` beside the first file sets.
fn own_variables(files: &Files) -> Vec<String> {
    let dir = files.first().and_then(|file| file.parent());
    let text = dir.and_then(|dir| fs_err::read_to_string(dir.join(".env")).ok());
    let text = text.unwrap_or_default();
    let names = text
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| {
            let name = name.trim();
            name.strip_prefix("export ")
                .unwrap_or(name)
                .trim()
                .to_owned()
        });
    names.collect()
}

/// Adds the names that the services of projects want.
pub(crate) fn collect(
    projects: &[Files],
    environment: &Environment,
    config: &Config,
    dir: &Utf8Path,
    (env, shell): (&BTreeMap<String, String>, Shell),
    out: &mut Collected,
) {
    for files in projects {
        let mut variables = env.clone();
        if shell == Shell::Last {
            for name in own_variables(files) {
                variables.remove(&name);
            }
        }
        variables.extend(environment.variables.clone());
        let mut options = Options::new(dir, variables);
        // Messages call files what the user does.
        let shown = files
            .iter()
            .map(|file| file.strip_prefix(dir).unwrap_or(file).to_owned());
        options.files = shown.map(FileArg::Path).collect();
        options.profiles = vec!["*".to_owned()];
        options.resolve_env = false;
        options.check_consistency = false;
        match compose_model::load(&Disk, &options) {
            Ok(project) => project_names(&project, environment, config, out),
            Err(found) => out.found.extend(found),
        }
    }
}

fn project_names(
    project: &Project,
    environment: &Environment,
    config: &Config,
    out: &mut Collected,
) {
    let mut services = Services::default();
    let names = services.add_project(project);
    let switches = ["TRAEFIK_ENABLE", "CADDY_ENABLE"];
    let set = switches
        .iter()
        .filter_map(|name| Some((*name, project.env.get(*name)?.as_str())));
    let selection = selection(set);
    let containers: HashMap<&str, &Container> = services
        .containers
        .iter()
        .map(|one| (one.name.as_str(), one))
        .collect();
    for service in project.services() {
        let container = names.get(&service.name).map(String::as_str);
        let Some(container) = container.and_then(|name| containers.get(name)) else {
            continue;
        };
        let locate = |key: Option<&str>| services.locate(Some(&container.name), key);
        let subject = Subject {
            container,
            addresses: addresses(project, &service, environment),
            shown: format!("service {}", service.name),
            service: service.name,
            locate: &locate,
            selection: Some(selection.clone()),
        };
        declare(&subject, environment, config, out);
    }
}

/// What the switches of a project say; those that are not set say nothing.
fn selection<'e>(set: impl Iterator<Item = (&'e str, &'e str)>) -> ProxySelection {
    let mut selection = ProxySelection::new(true, true);
    for (name, value) in set {
        // A value of another kind is for the labels to be judged with.
        let Ok(one) = ProxySelection::from_env([(name, value)]) else {
            continue;
        };
        match name {
            "TRAEFIK_ENABLE" => selection.traefik = one.traefik,
            _ => selection.caddy = one.caddy,
        }
    }
    selection
}

/// The fixed addresses of a service.
fn addresses(
    project: &Project,
    service: &Service,
    environment: &Environment,
) -> Result<Vec<IpAddr>, String> {
    let mut addresses: Vec<IpAddr> = Vec::new();
    for (network, attachment) in project.networks_of(service) {
        if environment
            .network
            .as_ref()
            .is_some_and(|wanted| network.name.as_str() != wanted)
        {
            continue;
        }
        let texts = attachment
            .ipv4_address
            .iter()
            .map(ToString::to_string)
            .chain(attachment.ipv6_address.iter().map(ToString::to_string));
        addresses.extend(texts.filter_map(|text| text.parse::<IpAddr>().ok()));
    }
    if addresses.is_empty() {
        return Err("the Compose file gives the service no fixed address on the network; `ipv4_address` does".to_owned());
    }
    addresses.sort_unstable();
    Ok(addresses)
}
