//! Which services are active, and which of those are asked for.

use std::collections::{BTreeSet, HashSet};

use yaml_tree::Diagnostic;

use crate::semantic::error;
use crate::text::display;
use crate::value::{Map, Value};

/// The services and jobs whose profiles are not active.
#[derive(Debug, Default)]
pub(crate) struct Disabled {
    pub(crate) services: Map,
    jobs: Map,
}

/// Takes out the services and jobs whose profiles are not active; returns them.
pub(crate) fn disable(root: &mut Value, active: &[String]) -> Disabled {
    let mut disabled = Disabled::default();
    for (section, out) in [
        ("services", &mut disabled.services),
        ("jobs", &mut disabled.jobs),
    ] {
        let Some(services) = root.get_mut(section).and_then(Value::as_map_mut) else {
            continue;
        };
        let names: Vec<_> = services
            .iter()
            .filter(|(_, service)| !is_active(service, active))
            .map(|(name, _)| name.clone())
            .collect();
        for name in names {
            if let Some(service) = services.remove(&name) {
                out.insert(name, service);
            }
        }
    }
    disabled
}

fn is_active(service: &Value, active: &[String]) -> bool {
    let profiles = service
        .get("profiles")
        .and_then(Value::as_list)
        .unwrap_or_default();
    profiles.is_empty()
        || active.iter().any(|wanted| {
            wanted == "*"
                || profiles
                    .iter()
                    .any(|profile| display(profile) == wanted.as_str())
        })
}

/// The profiles of all services, sorted.
pub(crate) fn all(root: &Value) -> BTreeSet<String> {
    let services = root.get("services").and_then(Value::as_map);
    services
        .into_iter()
        .flat_map(Map::values)
        .filter_map(|service| service.get("profiles").and_then(Value::as_list))
        .flatten()
        .map(|profile| display(profile).into_owned())
        .collect()
}

/// Puts back what shares a profile with a service asked for by name: asking for a service activates
/// its profiles.
pub(crate) fn enable(root: &mut Value, disabled: &mut Disabled, names: &[String]) {
    let active: Vec<String> = names
        .iter()
        .filter_map(|name| disabled.services.get(name)?.get("profiles")?.as_list())
        .flatten()
        .map(|profile| display(profile).into_owned())
        .collect();
    if active.is_empty() {
        return;
    }
    for (section, out) in [
        ("services", &mut disabled.services),
        ("jobs", &mut disabled.jobs),
    ] {
        let Some(services) = root.get_mut(section).and_then(Value::as_map_mut) else {
            continue;
        };
        for (name, service) in std::mem::take(out) {
            if is_active(&service, &active) {
                services.insert(name, service);
            } else {
                out.insert(name, service);
            }
        }
    }
}

/// Keeps the services asked for and what they depend on.
pub(crate) fn select(root: &mut Value, names: &[String], found: &mut Vec<Diagnostic>) {
    if names.is_empty() {
        return;
    }
    let Some(services) = root.get("services").and_then(Value::as_map) else {
        found.push(error("compose::unknown-service", no_such(&names[0]), None));
        return;
    };
    let mut wanted: HashSet<String> = HashSet::new();
    let mut open: Vec<String> = Vec::new();
    for name in names {
        if services.contains_key(name) {
            open.push(name.clone());
        } else {
            let diagnostic = error("compose::unknown-service", no_such(name), None);
            found.push(
                match yaml_tree::nearest(name, services.keys().map(|key| &**key)) {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                    None => diagnostic,
                },
            );
        }
    }
    while let Some(name) = open.pop() {
        if !wanted.insert(name.clone()) {
            continue;
        }
        let dependencies = services
            .get(&name)
            .and_then(|service| service.get("depends_on"));
        let dependencies = dependencies.and_then(Value::as_map);
        for (name, dependency) in dependencies.into_iter().flat_map(Map::iter) {
            let required = dependency.get("required").and_then(Value::as_bool) != Some(false);
            if services.contains_key(name) {
                open.push(name.to_string());
            } else if required {
                let place = dependency.key.as_ref().or(dependency.span.as_ref());
                found.push(error("compose::unknown-service", no_such(name), place));
            }
        }
    }
    if let Some(services) = root.get_mut("services").and_then(Value::as_map_mut) {
        services.retain(|name, _| wanted.contains(name));
        for (_, service) in services.iter_mut() {
            // What is not there cannot be waited for.
            let dependencies = service.get_mut("depends_on").and_then(Value::as_map_mut);
            if let Some(dependencies) = dependencies {
                dependencies.retain(|name, _| wanted.contains(name));
            }
        }
    }
}

fn no_such(name: &str) -> String {
    format!("no such service: {name}")
}
