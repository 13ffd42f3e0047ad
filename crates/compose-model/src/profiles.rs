//! Which services are active, and which of those are asked for.

use std::collections::{BTreeSet, HashSet};

use yaml_tree::Diagnostic;

use crate::semantic::error;
use crate::text::display;
use crate::value::{Map, Value};

/// Takes out the services whose profiles are not active; returns them.
pub(crate) fn disable(root: &mut Value, active: &[String]) -> Map {
    let mut disabled = Map::new();
    for section in ["services", "jobs"] {
        let Some(services) = root.get_mut(section).and_then(Value::as_map_mut) else {
            continue;
        };
        let names: Vec<_> = services
            .iter()
            .filter(|(_, service)| !is_active(service, active))
            .map(|(name, _)| name.clone())
            .collect();
        for name in names {
            if let Some(service) = services.remove(&name)
                && section == "services"
            {
                disabled.insert(name, service);
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

/// The profiles of the services asked for by name: asking for a service activates them.
pub(crate) fn of(root: &Value, names: &[String]) -> Vec<String> {
    let services = root.get("services");
    names
        .iter()
        .filter_map(|name| services?.get(name)?.get("profiles")?.as_list())
        .flatten()
        .map(|profile| display(profile).into_owned())
        .collect()
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
        let names = dependencies
            .and_then(Value::as_map)
            .into_iter()
            .flat_map(Map::keys);
        open.extend(
            names
                .map(ToString::to_string)
                .filter(|name| services.contains_key(name)),
        );
    }
    if let Some(services) = root.get_mut("services").and_then(Value::as_map_mut) {
        services.retain(|name, _| wanted.contains(name));
    }
}

fn no_such(name: &str) -> String {
    format!("no such service: {name}")
}
