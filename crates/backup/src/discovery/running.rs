//! Services from running containers.

use engine::{Container, Details, State};

use super::{Mount, Running, Service};
use crate::labels::Label;

/// The services that containers are of, one container each: of a scaled service the first that
/// runs. One-off containers (`docker compose run`) are left out.
///
/// `details` are those of the same containers, in any order; without those of a container its
/// variables are not known.
pub fn running(containers: &[Container], details: &[Details]) -> Vec<Service> {
    let mut services: Vec<(u64, Service)> = Vec::new();
    for container in containers {
        let label = |key: &str| container.labels.get(&format!("com.docker.compose.{key}"));
        if label("oneoff").is_some_and(|oneoff| oneoff.eq_ignore_ascii_case("true")) {
            continue;
        }
        let number = label("container-number").and_then(|number| number.parse().ok());
        let mut service = Service::new(
            label("project").cloned().unwrap_or_default(),
            label("service").unwrap_or(&container.name),
        );
        service.image.clone_from(&container.image);
        service.labels = container
            .labels
            .iter()
            .map(|(key, value)| (key.clone(), Label::new(value.clone())))
            .collect();
        service.mounts = container.mounts.iter().filter_map(mount).collect();
        // `SERVICE:CONDITION:RESTART`, with commas between
        if let Some(needs) = label("depends_on") {
            service.depends_on = needs
                .split(',')
                .filter_map(|need| need.split(':').next())
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect();
        }
        if let Some(details) = details.iter().find(|details| details.id == container.id) {
            for (name, value) in &details.env {
                service.set_variable(name, Some(value));
            }
        }
        service.secrets = container
            .mounts
            .iter()
            .filter(|mount| mount.target.starts_with("/run/secrets/"))
            .map(|mount| mount.target.clone())
            .collect();
        service.container = Some(Running {
            id: container.id.clone(),
            name: container.name.clone(),
            state: container.state,
            image_id: container.image_id.clone(),
        });
        let rank = |state| u64::from(state != State::Running);
        let key = (rank(container.state) << 32) | number.unwrap_or(1);
        let same = services
            .iter_mut()
            .find(|(_, other)| (&other.project, &other.name) == (&service.project, &service.name));
        match same {
            Some(slot) if key < slot.0 => *slot = (key, service),
            Some(_) => {}
            None => services.push((key, service)),
        }
    }
    let mut services: Vec<Service> = services.into_iter().map(|(_, service)| service).collect();
    services.sort_by_key(Service::full_name);
    services
}

fn mount(mount: &engine::Mount) -> Option<Mount> {
    let volume = match mount.kind.as_str() {
        "bind" => None,
        "volume" => Some(mount.name.clone()),
        _ => return None,
    };
    Some(Mount {
        volume,
        source: mount.source.clone().into(),
        target: mount.target.clone(),
        read_only: !mount.writable,
    })
}

/// Tells services that were written which container is theirs, by project and service. What runs
/// has the last word on image and mounts; the labels are those that are written. Containers without a written
/// service are appended if `others` asks for them.
pub fn join(written: Vec<Service>, running: Vec<Service>, others: bool) -> Vec<Service> {
    let mut running = running;
    let mut all = Vec::with_capacity(written.len());
    for mut service in written {
        let at = running
            .iter()
            .position(|other| (&other.project, &other.name) == (&service.project, &service.name));
        if let Some(at) = at {
            let found = running.swap_remove(at);
            service.container = found.container;
            service.image = found.image;
            service.mounts = found.mounts;
            for (name, value) in found.variables {
                service.variables.insert(name, value);
            }
            for secret in found.secrets {
                if !service.secrets.contains(&secret) {
                    service.secrets.push(secret);
                }
            }
        }
        all.push(service);
    }
    if others {
        running.sort_by_key(Service::full_name);
        all.extend(running);
    }
    all
}
