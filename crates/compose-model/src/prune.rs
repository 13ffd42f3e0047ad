//! Resources that no service uses are left out.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::text::display;
use crate::value::{Map, Value};

/// Removes networks, volumes, secrets, configs and models that no service uses. Jobs do not count:
/// Docker Compose v5.6 leaves out what they alone use.
pub(crate) fn unused(root: &mut Value) {
    let mut used = Used::default();
    let services = root.get("services").and_then(Value::as_map);
    for service in services.into_iter().flat_map(Map::values) {
        used.add(service);
    }
    let kept = [
        ("networks", used.networks),
        ("volumes", used.volumes),
        ("secrets", used.secrets),
        ("configs", used.configs),
        ("models", used.models),
    ]
    .map(|(section, names)| {
        let resources = root.get(section).and_then(Value::as_map);
        let resources = resources.into_iter().flat_map(Map::keys);
        let kept: Vec<bool> = resources.map(|name| names.contains(&**name)).collect();
        (section, kept)
    });
    for (section, kept) in kept {
        if let Some(resources) = root.get_mut(section).and_then(Value::as_map_mut) {
            let mut kept = kept.into_iter();
            resources.retain(|_, _| kept.next() == Some(true));
        }
    }
}

#[derive(Default)]
struct Used<'v> {
    networks: HashSet<Cow<'v, str>>,
    volumes: HashSet<Cow<'v, str>>,
    secrets: HashSet<Cow<'v, str>>,
    configs: HashSet<Cow<'v, str>>,
    models: HashSet<Cow<'v, str>>,
}

impl<'v> Used<'v> {
    fn add(&mut self, service: &'v Value) {
        let names = |key: &str| {
            let map = service.get(key).and_then(Value::as_map);
            map.into_iter()
                .flat_map(Map::keys)
                .map(|name| Cow::Borrowed(&**name))
        };
        let sources = |value: Option<&'v Value>| {
            let items = value.and_then(Value::as_list).unwrap_or_default();
            items
                .iter()
                .filter_map(|item| item.get("source").map(display))
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
                .map(display),
        );
        self.secrets.extend(sources(service.get("secrets")));
        self.secrets.extend(sources(
            service.get("build").and_then(|build| build.get("secrets")),
        ));
        self.configs.extend(sources(service.get("configs")));
    }
}
