//! Values that are well formed and still make no sense, one by one.

use yaml_tree::{Diagnostic, Span};

use crate::document::first_line;
use crate::text::display;
use crate::value::{Map, Value};

/// Checks the values of a merged model in long form that can be judged by themselves.
pub(crate) fn check_values(root: &Value, found: &mut Vec<Diagnostic>) {
    let section = |name: &str| root.get(name).and_then(Value::as_map);
    for (name, volume) in section("volumes").into_iter().flat_map(Map::iter) {
        check_volume(name, volume, found);
    }
    for (section_name, sources) in [
        ("configs", &["file", "environment", "content"][..]),
        ("secrets", &["file", "environment"]),
    ] {
        for (name, file) in section(section_name).into_iter().flat_map(Map::iter) {
            check_file_object(section_name, name, file, sources, found);
        }
    }
    // Of jobs only what the original cannot do without is judged.
    for (name, job) in section("jobs").into_iter().flat_map(Map::iter) {
        for (at, mount) in items(job, &["volumes"]).iter().enumerate() {
            if mount.as_map().is_some() && mount.get("target").is_none_or(Value::is_null) {
                let message = format!("jobs.{name}.volumes[{at}] is missing a mount target");
                found.push(error("compose::mount", message, mount.place()));
            }
        }
    }
    for (name, service) in section("services").into_iter().flat_map(Map::iter) {
        check_service(&format!("services.{name}"), service, found);
    }
}

/// Reports variables in lists whose names end in a blank: a slip that no program can read. In a
/// mapping nobody asks.
pub(crate) fn check_names(root: &Value, found: &mut Vec<Diagnostic>) {
    for section in ["services", "jobs"] {
        let containers = root.get(section).and_then(Value::as_map);
        for (name, container) in containers.into_iter().flat_map(Map::iter) {
            let path = format!("{section}.{name}");
            check_variables(&path, container, "environment", found);
            if let Some(build) = container.get("build") {
                check_variables(&format!("{path}.build"), build, "args", found);
            }
            for hooks in ["pre_start", "post_start", "pre_stop"] {
                for (at, hook) in items(container, &[hooks]).iter().enumerate() {
                    check_variables(&format!("{path}.{hooks}[{at}]"), hook, "environment", found);
                }
            }
            for (at, watch) in items(container, &["develop", "watch"]).iter().enumerate() {
                if let Some(hook) = watch.get("exec") {
                    let path = format!("{path}.develop.watch[{at}].exec");
                    check_variables(&path, hook, "environment", found);
                }
            }
        }
    }
}

fn check_variables(path: &str, value: &Value, key: &str, found: &mut Vec<Diagnostic>) {
    for item in items(value, &[key]) {
        let text = display(item);
        let name = match text.split_once('=') {
            Some((name, _)) => name,
            // An argument without a value goes before anybody looks at its name.
            None if key == "args" => continue,
            None => &text,
        };
        // The last byte is what counts, as in the original.
        if let Some(b'\t'..=b'\r' | b' ' | 0x85 | 0xa0) = name.as_bytes().last() {
            let message = format!(
                "{path}.{key}: environment variable {name} is declared with a trailing space"
            );
            found.push(error("compose::environment", message, item.place()));
        }
    }
}

/// Reports bind mounts that do not say what is mounted. Where paths stay as they are, nobody asks.
pub(crate) fn check_binds(root: &Value, found: &mut Vec<Diagnostic>) {
    let each = |section: &str| {
        let services = root.get(section).and_then(Value::as_map);
        services.into_iter().flat_map(Map::values)
    };
    let hooks = each("services").flat_map(|service| items(service, &["pre_start"]));
    for container in each("services").chain(each("jobs")).chain(hooks) {
        for mount in items(container, &["volumes"]) {
            let is_bind = mount.get("type").and_then(Value::as_str) == Some("bind");
            if is_bind && mount.get("source").is_none_or(Value::is_null) {
                let message =
                    "invalid mount config for type \"bind\": field Source must not be empty";
                found.push(error("compose::mount", message, mount.place()));
            }
        }
    }
}

fn items<'v>(value: &'v Value, path: &[&str]) -> &'v [Value] {
    value.at(path).and_then(Value::as_list).unwrap_or_default()
}

fn check_service(path: &str, service: &Value, found: &mut Vec<Diagnostic>) {
    for port in items(service, &["ports"]) {
        if let Some(address) = port.get("host_ip")
            && let text = display(address)
            && text.parse::<std::net::IpAddr>().is_err()
        {
            let message = format!("{path}.ports: invalid IP address: {text}");
            found.push(error("compose::port", message, address.place()));
        }
    }
    for (at, watch) in items(service, &["develop", "watch"]).iter().enumerate() {
        if let Some(value) = watch.get("path")
            && display(value).is_empty()
        {
            let message = format!("{path}.develop.watch[{at}].path: value can't be blank");
            found.push(error("compose::watch", message, value.place()));
        }
    }
    for requests in [
        &["gpus"][..],
        &["deploy", "resources", "reservations", "devices"],
    ]
    .map(|p| (p, items(service, p)))
    {
        let (place, requests) = requests;
        for (at, request) in requests.iter().enumerate() {
            let written = |key: &str| request.get(key).filter(|value| !value.is_null());
            if let (Some(_), Some(ids)) = (written("count"), written("device_ids")) {
                let place = place.join(".");
                let message = format!(
                    "{path}.{place}[{at}]: \"count\" and \"device_ids\" attributes are exclusive"
                );
                found.push(error("compose::device-request", message, ids.place()));
            }
        }
    }
}

fn check_volume(name: &str, volume: &Value, found: &mut Vec<Diagnostic>) {
    let Some(map) = volume.as_map() else { return };
    let external = map.get("external").and_then(Value::as_bool) == Some(true);
    if !external {
        return;
    }
    for (key, value) in map.iter() {
        if !matches!(&**key, "external" | "name") && !key.starts_with("x-") {
            let message = format!(
                "volumes.{name}: conflicting parameters \"external\" and {key:?} specified"
            );
            found.push(error("compose::external", message, value.key.as_ref()));
        }
    }
}

fn check_file_object(
    section: &str,
    name: &str,
    file: &Value,
    sources: &[&str],
    found: &mut Vec<Diagnostic>,
) {
    let Some(map) = file.as_map() else { return };
    let written: Vec<_> = sources.iter().filter(|key| map.contains_key(key)).collect();
    if let [first, second, ..] = written.as_slice() {
        let list = sources.join("|");
        let message = format!("{section}.{name}: {list} attributes are mutually exclusive");
        let place = map.get(second).and_then(|value| value.key.as_ref());
        let mut diagnostic = error("compose::file-object", message, place);
        if let Some(key) = map.get(first).and_then(|value| value.key.as_ref()) {
            diagnostic = diagnostic.secondary(key.clone(), "already here");
        }
        found.push(diagnostic);
        return;
    }
    let excused = map.contains_key("driver") || map.contains_key("external");
    if written.is_empty() && !excused {
        let list = sources.join("|");
        let message = format!("{section}.{name}: one of {list} must be set");
        found.push(error(
            "compose::file-object",
            message,
            file.key.as_ref().or(file.span.as_ref()),
        ));
    }
}

pub(crate) fn error(
    code: &'static str,
    message: impl Into<String>,
    place: Option<&Span>,
) -> Diagnostic {
    let found = Diagnostic::error(code, message);
    match place {
        Some(place) => found.primary(first_line(place), ""),
        None => found,
    }
}
