//! Resources that no service uses are left out.

use std::collections::HashSet;

use crate::text::display;
use crate::value::{Map, Value};

/// Removes networks, volumes, secrets, configs and models that nothing uses.
pub(crate) fn unused(root: &mut Value) {
    let mut used = Used::default();
    // What only jobs use goes too, as in the original.
    let services = root.get("services").and_then(Value::as_map);
    for service in services.into_iter().flat_map(Map::values) {
        used.add(service);
    }
    for (section, names) in [
        ("networks", &used.networks),
        ("volumes", &used.volumes),
        ("secrets", &used.secrets),
        ("configs", &used.configs),
        ("models", &used.models),
    ] {
        if let Some(resources) = root.get_mut(section).and_then(Value::as_map_mut) {
            resources.retain(|name, _| names.contains(name));
        }
    }
}

#[derive(Default)]
struct Used {
    networks: HashSet<String>,
    volumes: HashSet<String>,
    secrets: HashSet<String>,
    configs: HashSet<String>,
    models: HashSet<String>,
}

impl Used {
    fn add(&mut self, service: &Value) {
        let names = |key: &str| {
            let map = service.get(key).and_then(Value::as_map);
            map.into_iter().flat_map(Map::keys).map(ToString::to_string)
        };
        let sources = |value: Option<&Value>| -> Vec<String> {
            let items = value.and_then(Value::as_list).unwrap_or_default();
            items
                .iter()
                .filter_map(|item| {
                    item.get("source")
                        .map(|source| display(source).into_owned())
                })
                .collect()
        };
        self.networks.extend(names("networks"));
        self.models.extend(names("models"));
        let volumes = service
            .get("volumes")
            .and_then(Value::as_list)
            .unwrap_or_default();
        self.volumes.extend(
            volumes
                .iter()
                .filter(|volume| volume.get("type").and_then(Value::as_str) == Some("volume"))
                .filter_map(|volume| volume.get("source"))
                .map(|source| display(source).into_owned()),
        );
        self.secrets.extend(sources(service.get("secrets")));
        self.secrets.extend(sources(
            service.get("build").and_then(|build| build.get("secrets")),
        ));
        self.configs.extend(sources(service.get("configs")));
    }
}
