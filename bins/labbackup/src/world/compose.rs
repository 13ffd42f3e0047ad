//! Services from Compose files.

use std::collections::BTreeMap;

use backup::discovery::{Mount, Service};
use backup::labels::Label;
use camino::{Utf8Path, Utf8PathBuf};
use compose_model::model::{self, MountSource, Sourced};
use compose_model::{Disk, FileArg, Options, Project, load};
use yaml_tree::Diagnostic;

use crate::args::Common;

const NAMES: [&str; 4] = [
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
];

/// The Compose files that are meant: those named, that of the repository's directory, or those of
/// its services, `compose/SERVICE/ENVIRONMENT/compose.yaml` and the like. None is no error: then
/// containers are all there is.
pub(super) fn files(
    dir: &Utf8Path,
    env: &BTreeMap<String, String>,
    args: &Common,
) -> Result<Vec<Utf8PathBuf>, Vec<Diagnostic>> {
    if !args.files.is_empty() {
        return Ok(args.files.iter().map(|file| dir.join(file)).collect());
    }
    let root = args
        .root
        .as_ref()
        .map_or(dir.to_owned(), |root| dir.join(root));
    let variable = env.get("HOMELAB_ENV").filter(|value| !value.is_empty());
    let environment = args
        .environment
        .as_ref()
        .or(variable)
        .map_or("default", String::as_str);
    let compose_in = |dir: &Utf8Path| {
        NAMES
            .iter()
            .map(|name| dir.join(name))
            .find(|path| path.is_file())
    };
    if let Some(file) = compose_in(&root).or_else(|| compose_in(&root.join(environment))) {
        return Ok(vec![file]);
    }
    let mut found = Vec::new();
    for above in [
        root.join("compose"),
        root.join("stacks"),
        root.join("services"),
        root.clone(),
    ] {
        let Ok(entries) = above.read_dir_utf8() else {
            continue;
        };
        for entry in entries.flatten() {
            let service = entry.path();
            if entry.file_name().starts_with('.') || !service.is_dir() {
                continue;
            }
            found.extend(compose_in(&service.join(environment)).or_else(|| compose_in(service)));
        }
        if !found.is_empty() {
            break;
        }
    }
    found.sort();
    if found.is_empty() && (args.root.is_some() || args.environment.is_some()) {
        let message =
            format!("there is no Compose file for the environment `{environment}` below `{root}`");
        return Err(vec![Diagnostic::error("labbackup::no-files", message)]);
    }
    Ok(found)
}

/// Loads every file as a project of its own.
///
/// # Errors
/// What is wrong with all that cannot be loaded.
pub(super) fn load_all(
    files: &[Utf8PathBuf],
    env: &BTreeMap<String, String>,
) -> Result<(Vec<Service>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut services = Vec::new();
    let mut wrong = Vec::new();
    for file in files {
        let dir = file.parent().unwrap_or(Utf8Path::new("/"));
        let mut options = Options::new(dir, env.clone());
        options.files = vec![FileArg::Path(file.clone())];
        options.profiles = vec!["*".to_owned()];
        // Files of secrets need not be here.
        options.resolve_env = false;
        options.check_consistency = false;
        match load(&Disk, &options) {
            Ok(project) => {
                let root = root(&project);
                services.extend(
                    project
                        .services()
                        .map(|service| convert(&project, &service, root.clone())),
                );
            }
            Err(found) => wrong.extend(found),
        }
    }
    if wrong.is_empty() {
        Ok((services, Vec::new()))
    } else {
        Err(wrong)
    }
}

/// `MNT_DIR`, absolute. A relative one is relative to the file that uses it, so what a mount made of
/// it is the best answer.
fn root(project: &Project) -> Option<Utf8PathBuf> {
    let written = project.env.get("MNT_DIR")?;
    if written.is_empty() {
        return Some(Utf8PathBuf::new());
    }
    if written.starts_with('/') {
        return Some(written.into());
    }
    let services: Vec<_> = project.services().collect();
    let sources = services
        .iter()
        .flat_map(|service| &service.volumes)
        .filter_map(|mount| mount.source.as_ref());
    let mut told = sources.filter_map(|source: &Sourced<String>| {
        let template = source.template.as_deref()?;
        let rest = template
            .strip_prefix("${MNT_DIR")
            .and_then(|rest| rest.split_once('}').map(|(_, rest)| rest));
        let rest = rest.or_else(|| template.strip_prefix("$MNT_DIR"))?;
        source.value.strip_suffix(rest).map(Utf8PathBuf::from)
    });
    told.find(|root| root.is_absolute())
        .or_else(|| Some(project.dir.join(written.as_str())))
}

fn convert(project: &Project, written: &model::Service, root: Option<Utf8PathBuf>) -> Service {
    let mut service = Service::new(project.name.clone(), written.name.clone());
    service.root = root;
    if let Some(image) = &written.image {
        service.image = image.to_string();
        service.site = image.key.clone().or_else(|| image.span.clone());
    }
    for (name, value) in &written.environment {
        service.set_variable(name, value.value.as_deref());
    }
    for secret in &written.secrets {
        let source = secret.source.as_ref().map(|source| source.value.as_str());
        let target = secret.target.as_ref().map(|target| target.value.as_str());
        if let Some(name) = target.or(source) {
            let path = if name.starts_with('/') {
                name.to_owned()
            } else {
                format!("/run/secrets/{name}")
            };
            service.secrets.push(path);
        }
    }
    for (key, value) in &written.labels {
        let label = Label {
            value: value.value.clone(),
            span: value.span.clone(),
            key: value.key.clone(),
        };
        service.labels.insert(key.clone(), label);
    }
    service.depends_on = written.depends_on.keys().cloned().collect();
    for mount in &written.volumes {
        let target = mount
            .target
            .as_ref()
            .map_or(String::new(), |target| target.value.clone());
        let made = match mount.mounted() {
            MountSource::Path(path) => Mount::bind(path, target),
            MountSource::Volume(key) => {
                let name = project
                    .volume(key)
                    .map_or(key.to_owned(), |volume| volume.name.value);
                Mount::volume(name, target)
            }
            _ => continue,
        };
        service.mounts.push(if mount.is_read_only() {
            made.read_only()
        } else {
            made
        });
    }
    service
}
