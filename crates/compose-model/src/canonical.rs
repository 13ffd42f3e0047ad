//! Short forms to long forms, so that everything after this sees one shape.

use yaml_tree::Diagnostic;

use crate::document::first_line;
use crate::grammar::{DeviceSpec, MountType, PortError, PortSpec, VolumeSpec};
use crate::merge::dependency;
use crate::path::Path;
use crate::side_by_side::in_parts_mut;
use crate::text::display;
use crate::value::{Data, Map, Value};

/// Rewrites every short form of `root`.
///
/// With `keep_broken`, a short form that cannot be read stays as it is: it may hold variables that
/// were not interpolated.
pub(crate) fn transform(root: &mut Value, keep_broken: bool, found: &mut Vec<Diagnostic>) {
    for section in ["services", "jobs"] {
        let Some(services) = root.get_mut(section).and_then(Value::as_map_mut) else {
            continue;
        };
        let mut services: Vec<_> = services.iter_mut().collect();
        let parts = in_parts_mut(&mut services, |services| {
            let mut found = Vec::new();
            let mut canonical = Canonical {
                keep_broken,
                found: &mut found,
            };
            for (name, service) in services {
                let path = Path::ROOT.key(section);
                canonical.service(service, &path.key(name));
                if let Some(servers) = service.get_mut("dns") {
                    without_empty(servers);
                }
            }
            found
        });
        found.extend(parts.into_iter().flatten());
    }
    for section in ["volumes", "networks", "secrets", "configs"] {
        let Some(resources) = root.get_mut(section).and_then(Value::as_map_mut) else {
            continue;
        };
        for (name, resource) in resources.iter_mut() {
            found.extend(external(&format!("{section}.{name}"), resource));
        }
    }
}

struct Canonical<'f> {
    keep_broken: bool,
    found: &'f mut Vec<Diagnostic>,
}

impl Canonical<'_> {
    fn refuse(&mut self, value: &Value, path: &Path<'_>, why: &str) {
        if self.keep_broken {
            return;
        }
        let mut found = Diagnostic::error("compose::short-form", format!("{path}: {why}"));
        if let Some(place) = value.place() {
            found = found.primary(first_line(place), "");
        }
        self.found.push(found);
    }

    fn service(&mut self, service: &mut Value, path: &Path<'_>) {
        let Some(map) = service.as_map_mut() else {
            return;
        };
        for (key, value) in map.iter_mut() {
            let path = path.key(key);
            match &**key {
                "build" => self.build(value, &path),
                "depends_on" => depends_on(value),
                "env_file" => env_file(value),
                "label_file" | "dns" => listed(value),
                // Docker Compose prints one text as it is where templates are kept.
                "dns_search" | "tmpfs" if !self.keep_broken => listed(value),
                "extends" => wrapped(value, "service"),
                "gpus" => gpus(value),
                "networks" | "models" => named(value),
                "volumes" => self.volumes(value, &path),
                "devices" => self.devices(value, &path),
                "secrets" | "configs" => mounts(value),
                "ports" => self.ports(value, &path),
                "triggers" => schedules(value),
                "pre_start" => {
                    if let Data::List(hooks) = &mut value.data {
                        for (at, hook) in hooks.iter_mut().enumerate() {
                            self.service(hook, &path.item(at));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn build(&mut self, value: &mut Value, path: &Path<'_>) {
        wrapped(value, "context");
        let Some(map) = value.as_map_mut() else {
            return;
        };
        for (key, value) in map.iter_mut() {
            match &**key {
                "secrets" => mounts(value),
                "additional_contexts" => self.pairs(value, &path.key(key)),
                "ssh" => self.ssh(value, &path.key(key)),
                _ => {}
            }
        }
    }

    /// `[name=value]` as a mapping.
    fn pairs(&mut self, value: &mut Value, path: &Path<'_>) {
        let Data::List(items) = &value.data else {
            return;
        };
        let mut map = Map::new();
        for item in items.clone() {
            let text = display(&item).into_owned();
            match text.split_once('=') {
                Some((key, text)) => {
                    map.insert(key, item.with(text));
                }
                None => self.refuse(
                    &item,
                    path,
                    &format!("invalid value {text:?}, expected key=value"),
                ),
            }
        }
        value.data = Data::Map(map);
    }

    /// `default`, `id=/path`: the paths by id, null for the agent.
    fn ssh(&mut self, value: &mut Value, path: &Path<'_>) {
        let Data::List(items) = &value.data else {
            return;
        };
        let mut map = Map::new();
        for item in items.clone() {
            let text = display(&item).into_owned();
            match text.split_once('=') {
                Some((key, path)) => map.insert(key, item.with(path)),
                None if text == "default" => map.insert(text, item.with(Data::Null)),
                None => {
                    self.refuse(&item, path, &format!("invalid ssh key {text:?}"));
                    None
                }
            };
        }
        value.data = Data::Map(map);
    }

    fn ports(&mut self, value: &mut Value, path: &Path<'_>) {
        let Data::List(items) = &mut value.data else {
            return;
        };
        let unchanged = self.keep_broken.then(|| items.clone());
        let mut ports = Vec::with_capacity(items.len());
        for (at, item) in std::mem::take(items).into_iter().enumerate() {
            if item.as_map().is_some() {
                ports.push(item);
                continue;
            }
            if matches!(item.data, Data::Float(_) | Data::UInt(_)) {
                self.refuse(&item, &path.item(at), "a port is a whole number");
                continue;
            }
            match long_ports(&item) {
                Ok(parsed) => ports.extend(parsed),
                Err(error) => {
                    // Where templates are kept, one that cannot be read leaves all as they are.
                    if let Some(unchanged) = unchanged {
                        *items = unchanged;
                        return;
                    }
                    self.refuse(&item, &path.item(at), &error.to_string());
                }
            }
        }
        *items = ports;
    }

    fn volumes(&mut self, value: &mut Value, path: &Path<'_>) {
        let Data::List(items) = &mut value.data else {
            return;
        };
        for (at, item) in items.iter_mut().enumerate() {
            let Some(text) = item.as_str().map(str::to_owned) else {
                continue;
            };
            match VolumeSpec::parse(&text) {
                Ok(volume) => *item = item.with(volume_map(item, volume)),
                Err(error) => self.refuse(item, &path.item(at), &error.to_string()),
            }
        }
    }

    fn devices(&mut self, value: &mut Value, path: &Path<'_>) {
        let Data::List(items) = &mut value.data else {
            return;
        };
        for (at, item) in items.iter_mut().enumerate() {
            let Some(text) = item.as_str().map(str::to_owned) else {
                continue;
            };
            match DeviceSpec::parse(&text) {
                Ok(DeviceSpec {
                    source,
                    target,
                    permissions,
                }) => {
                    let map: Map = [
                        ("source", item.with(source)),
                        ("target", item.with(target)),
                        ("permissions", item.with(permissions)),
                    ]
                    .into_iter()
                    .collect();
                    *item = item.with(map);
                }
                // The original has lost what it says by then.
                Err(_) if self.keep_broken => {
                    let map: Map = [
                        ("source", item.with("")),
                        ("target", item.with("")),
                        ("permissions", item.with("rwm")),
                    ]
                    .into_iter()
                    .collect();
                    *item = item.with(map);
                }
                Err(error) => self.refuse(item, &path.item(at), &error.to_string()),
            }
        }
    }
}

/// The long forms of a short port, one for each port of a range.
pub(crate) fn long_ports(item: &Value) -> Result<Vec<Value>, PortError> {
    let long = |port: PortSpec| {
        let mut map = Map::new();
        map.insert("mode", Value::new("ingress"));
        if let Some(address) = port.host_ip {
            map.insert("host_ip", item.with(address));
        }
        if port.target != 0 {
            map.insert("target", item.with(i64::from(port.target)));
        }
        if let Some(published) = port.published {
            map.insert("published", item.with(published));
        }
        map.insert("protocol", item.with(port.protocol));
        item.with(map)
    };
    let ports = PortSpec::parse(&display(item))?;
    Ok(ports.into_iter().map(long).collect())
}

/// The long form of a short volume.
fn volume_map(item: &Value, volume: VolumeSpec) -> Map {
    let mut map = Map::new();
    let is_bind = volume.kind == MountType::Bind;
    map.insert("type", item.with(if is_bind { "bind" } else { "volume" }));
    if let Some(source) = volume.source {
        map.insert("source", item.with(source));
    }
    map.insert("target", item.with(volume.target));
    if volume.read_only {
        map.insert("read_only", item.with(true));
    }
    if let Some(bind) = volume.bind {
        let mut inner = Map::new();
        if let Some(selinux) = bind.selinux {
            inner.insert("selinux", item.with(selinux));
        }
        if let Some(propagation) = bind.propagation {
            inner.insert("propagation", item.with(propagation));
        }
        inner.insert("create_host_path", item.with(true));
        map.insert("bind", item.with(inner));
    }
    if let Some(options) = volume.volume {
        let mut inner = Map::new();
        if options.nocopy {
            inner.insert("nocopy", item.with(true));
        }
        map.insert("volume", item.with(inner));
    }
    map
}

/// One text as a list of one.
fn listed(value: &mut Value) {
    if value.as_str().is_some() {
        let item = value.clone();
        value.data = Data::List(vec![item]);
    }
}

/// An empty server for names is none.
fn without_empty(value: &mut Value) {
    if let Data::List(items) = &mut value.data {
        items.retain(|item| item.as_str() != Some(""));
    }
}

/// One text as the entry `key` of a mapping.
fn wrapped(value: &mut Value, key: &str) {
    if value.as_str().is_some() {
        let map: Map = [(key, value.clone())].into_iter().collect();
        value.data = Data::Map(map);
    }
}

/// A list of names as a mapping of names to null.
fn named(value: &mut Value) {
    if let Data::List(items) = &value.data {
        let map: Map = items
            .iter()
            .filter_map(|item| Some((item.as_str()?.to_owned(), item.with(Data::Null))))
            .collect();
        value.data = Data::Map(map);
    }
}

fn depends_on(value: &mut Value) {
    match &mut value.data {
        Data::List(items) => {
            let map: Map = items
                .iter()
                .filter_map(|item| Some((item.as_str()?.to_owned(), item.with(dependency()))))
                .collect();
            value.data = Data::Map(map);
        }
        Data::Map(map) => {
            for (_, dependency) in map.iter_mut() {
                if let Some(map) = dependency.as_map_mut()
                    && !map.contains_key("required")
                {
                    map.insert("required", Value::new(true));
                }
            }
        }
        _ => {}
    }
}

fn env_file(value: &mut Value) {
    listed(value);
    let Data::List(items) = &mut value.data else {
        return;
    };
    for item in items {
        wrapped(item, "path");
        if let Some(map) = item.as_map_mut()
            && !map.contains_key("required")
        {
            map.insert("required", Value::new(true));
        }
    }
}

/// `gpus: all` is every device.
fn gpus(value: &mut Value) {
    if value.as_str() == Some("all") {
        let all: Map = [("count", value.with("all"))].into_iter().collect();
        value.data = Data::List(vec![value.with(all)]);
    }
}

/// Secrets and configs by name alone.
fn mounts(value: &mut Value) {
    if let Data::List(items) = &mut value.data {
        for item in items {
            wrapped(item, "source");
        }
    }
}

/// A schedule by its cron expression alone.
fn schedules(value: &mut Value) {
    if let Some(Data::List(items)) = value.get_mut("schedule").map(|value| &mut value.data) {
        for item in items {
            wrapped(item, "cron");
        }
    }
}

/// Reads the deprecated `external: {name: n}`, and warns of it.
fn external(path: &str, resource: &mut Value) -> Option<Diagnostic> {
    let map = resource.as_map_mut()?;
    let external = map.get("external")?;
    let name = external.as_map()?.get("name").cloned();
    let flag = external.with(true);
    let message =
        format!("{path}: external.name is deprecated. Please set name and external: true");
    let warning = Diagnostic::warning("compose::external-name", message);
    let warning = match external.key.clone() {
        Some(key) => warning.primary(key, ""),
        None => warning,
    };
    map.insert("external", flag);
    if let Some(name) = name {
        map.insert("name", name);
    }
    Some(warning)
}
