//! What follows from what is written: networks, names, dependencies.

use crate::environment;
use crate::load::Vars;
use crate::resolve_paths::clean;
use crate::side_by_side::in_parts_mut;
use crate::text::display;
use crate::value::{Data, Map, Value};

/// Attributes that may name another service's namespace by `service:NAME`.
const NAMESPACES: &[&str] = &["network_mode", "ipc", "pid", "uts", "cgroup"];

/// Makes explicit what the project implies. Without variables (`env`) those that are only named
/// stay as they are.
pub(crate) fn normalize(root: &mut Value, name: &str, env: Option<&Vars>) {
    let mut uses_default = false;
    for section in ["services", "jobs"] {
        let Some(services) = root.get_mut(section).and_then(Value::as_map_mut) else {
            continue;
        };
        let mut services: Vec<_> = services.iter_mut().collect();
        let parts = in_parts_mut(&mut services, |services| {
            let mut uses_default = false;
            for (_, service) in services {
                uses_default |= default_network(service);
                normalize_service(service, env);
            }
            uses_default
        });
        uses_default |= parts.contains(&true);
    }
    let Some(map) = root.as_map_mut() else { return };
    if uses_default {
        if map
            .get("networks")
            .is_none_or(|networks| networks.as_map().is_none())
        {
            map.insert("networks", Value::new(Map::new()));
        }
        if let Some(networks) = map.get_mut("networks").and_then(Value::as_map_mut)
            && !networks.contains_key("default")
        {
            networks.insert("default", Value::null());
        }
    }
    for section in ["networks", "volumes", "configs", "secrets"] {
        let Some(resources) = root.get_mut(section).and_then(Value::as_map_mut) else {
            continue;
        };
        for (key, resource) in resources.iter_mut() {
            name_resource(key, resource, name);
        }
    }
}

/// Connects a service without networks to the default one; whether it uses that.
fn default_network(service: &mut Value) -> bool {
    let Some(map) = service.as_map_mut() else {
        return false;
    };
    if map.contains_key("provider") || map.contains_key("network_mode") {
        return false;
    }
    match map.get("networks").map(|networks| &networks.data) {
        Some(Data::Map(networks)) if !networks.is_empty() => networks.contains_key("default"),
        _ => {
            let default: Map = [("default", Value::null())].into_iter().collect();
            map.insert("networks", Value::new(default));
            true
        }
    }
}

fn normalize_service(service: &mut Value, env: Option<&Vars>) {
    if let Some(policy) = service.get_mut("pull_policy")
        && policy.as_str() == Some("if_not_present")
    {
        policy.data = Data::from("missing");
    }
    if let Some(build) = service.get_mut("build").and_then(Value::as_map_mut) {
        if !build.contains_key("context") {
            build.insert("context", Value::new("."));
        }
        if !build.contains_key("dockerfile") && !build.contains_key("dockerfile_inline") {
            build.insert("dockerfile", Value::new("Dockerfile"));
        }
        if let Some(args) = build.get_mut("args") {
            match (env, &mut args.data) {
                (Some(env), _) => environment::resolve_map(args, env, true),
                (None, Data::Map(map)) => map.retain(|_, value| !value.is_null()),
                (None, Data::List(items)) => items.retain(|item| display(item).contains('=')),
                _ => {}
            }
        }
    }
    if let (Some(environment), Some(env)) = (service.get_mut("environment"), env) {
        environment::resolve_map(environment, env, false);
    }
    if let Some(Data::List(volumes)) = service.get_mut("volumes").map(|value| &mut value.data) {
        for volume in volumes {
            if let Some(target) = volume.get_mut("target")
                && let Some(text) = target.as_str()
            {
                let cleaned = clean(text);
                target.data = Data::from(cleaned);
            }
        }
    }
    implied_dependencies(service);
}

/// A service that another one links to or shares a namespace with starts first.
fn implied_dependencies(service: &mut Value) {
    let mut implied: Vec<(String, bool, Value)> = Vec::new();
    let items = |key: &str| {
        service
            .get(key)
            .and_then(Value::as_list)
            .unwrap_or_default()
    };
    for link in items("links") {
        let text = display(link).into_owned();
        let name = match text.split(':').collect::<Vec<_>>().as_slice() {
            [name, _] => (*name).to_owned(),
            _ => text,
        };
        implied.push((name, true, link.clone()));
    }
    for namespace in NAMESPACES {
        let Some(value) = service.get(namespace) else {
            continue;
        };
        if let Some(name) = value
            .as_str()
            .and_then(|text| text.strip_prefix("service:"))
        {
            implied.push((name.to_owned(), true, value.clone()));
        }
    }
    for from in items("volumes_from") {
        let text = display(from).into_owned();
        if !text.starts_with("container:") {
            let name = text.split(':').next().unwrap_or_default().to_owned();
            implied.push((name, false, from.clone()));
        }
    }
    if implied.is_empty() {
        return;
    }
    let Some(map) = service.as_map_mut() else {
        return;
    };
    if map
        .get("depends_on")
        .is_none_or(|known| known.as_map().is_none())
    {
        map.insert("depends_on", Value::new(Map::new()));
    }
    let Some(known) = map.get_mut("depends_on").and_then(Value::as_map_mut) else {
        return;
    };
    for (name, restart, place) in implied {
        if known.contains_key(&name) {
            continue;
        }
        let mut dependency = Map::new();
        dependency.insert("condition", Value::new("service_started"));
        dependency.insert("restart", Value::new(restart));
        dependency.insert("required", Value::new(true));
        known.insert(name, place.with(dependency));
    }
}

/// A job is called like its key.
pub(crate) fn name_jobs(root: &mut Value) {
    let jobs = root.get_mut("jobs").and_then(Value::as_map_mut);
    for (key, job) in jobs.into_iter().flat_map(Map::iter_mut) {
        let name = job.with(key.to_string());
        if let Some(job) = job.as_map_mut() {
            job.insert("name", name);
        }
    }
}

/// `scale` is the number of replicas where a `deploy` does not say one.
pub(crate) fn replicas(root: &mut Value) {
    let services = root.get_mut("services").and_then(Value::as_map_mut);
    for (_, service) in services.into_iter().flat_map(Map::iter_mut) {
        let Some(scale) = service.get("scale").cloned() else {
            continue;
        };
        if let Some(deploy) = service.get_mut("deploy").and_then(Value::as_map_mut)
            && !deploy.contains_key("replicas")
        {
            deploy.insert("replicas", scale);
        }
    }
}

fn name_resource(key: &str, resource: &mut Value, project: &str) {
    if resource.is_null() {
        resource.data = Data::Map(Map::new());
    }
    let external = resource.get("external").and_then(Value::as_bool) == Some(true);
    // A name that is empty is one, and stays empty.
    if resource.get("name").is_some_and(|name| !name.is_null()) {
        return;
    }
    let name = if external {
        key.to_owned()
    } else {
        format!("{project}_{key}")
    };
    if let Some(map) = resource.as_map_mut() {
        map.insert("name", Value::new(name));
    }
}
