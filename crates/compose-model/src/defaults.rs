//! Values that stand where nothing was written.

use crate::value::{Data, Map, Value};

/// Fills in the defaults of a merged model in long form.
pub(crate) fn fill(root: &mut Value) {
    for section in ["services", "jobs"] {
        let Some(services) = root.get_mut(section).and_then(Value::as_map_mut) else {
            continue;
        };
        for (_, service) in services.iter_mut() {
            fill_service(service);
        }
    }
}

fn fill_service(service: &mut Value) {
    if let Some(build) = service.get_mut("build").and_then(Value::as_map_mut)
        && !build.contains_key("context")
    {
        build.insert("context", Value::new("."));
    }
    each(service, "secrets", |secret| {
        let source = secret
            .get("source")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        set(secret, "target", &format!("/run/secrets/{source}"));
    });
    each(service, "ports", |port| {
        set(port, "protocol", "tcp");
        set(port, "mode", "ingress");
    });
    each(service, "gpus", all_devices);
    if let Some(reservations) = service
        .get_mut("deploy")
        .and_then(|deploy| deploy.get_mut("resources"))
        .and_then(|resources| resources.get_mut("reservations"))
    {
        each(reservations, "devices", all_devices);
    }
    each(service, "volumes", |volume| {
        if let Some(bind) = volume.get_mut("bind").and_then(Value::as_map_mut)
            && !bind.contains_key("create_host_path")
        {
            bind.insert("create_host_path", Value::new(true));
        }
    });
}

/// Calls `f` with each mapping in the sequence `key`.
fn each(value: &mut Value, key: &str, mut f: impl FnMut(&mut Value)) {
    if let Some(Data::List(items)) = value.get_mut(key).map(|value| &mut value.data) {
        items
            .iter_mut()
            .filter(|item| item.as_map().is_some())
            .for_each(&mut f);
    }
}

fn set(value: &mut Value, key: &str, default: &str) {
    let place = value.with(default);
    if let Some(map) = value.as_map_mut()
        && !map.contains_key(key)
    {
        map.insert(key, place);
    }
}

/// A device request that names neither number nor devices means all.
fn all_devices(request: &mut Value) {
    let place = request.with("all");
    let Some(map) = request.as_map_mut() else {
        return;
    };
    let has = |map: &Map, key: &str| map.contains_key(key);
    if !has(map, "count") && !has(map, "device_ids") {
        map.insert("count", place);
    }
}
