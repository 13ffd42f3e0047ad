//! Values that are well formed and still make no sense, one by one.

use yaml_tree::{Diagnostic, Span};

use crate::document::first_line;
use crate::text::display;
use crate::value::{Data, Map, Value};

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
    for section_name in ["services", "jobs"] {
        for (name, service) in section(section_name).into_iter().flat_map(Map::iter) {
            check_service(&format!("{section_name}.{name}"), service, found);
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
            && !text.is_empty()
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
    check_environment(path, service, found);
}

/// A name that ends in a blank is a slip that no program can read.
fn check_environment(path: &str, service: &Value, found: &mut Vec<Diagnostic>) {
    let Some(environment) = service.get("environment") else {
        return;
    };
    let mut check = |name: &str, place: Option<&Span>| {
        if name.ends_with([' ', '\t']) {
            let message = format!(
                "{path}.environment: environment variable {name} is declared with a trailing space"
            );
            found.push(error("compose::environment", message, place));
        }
    };
    match &environment.data {
        Data::Map(map) => map
            .iter()
            .for_each(|(name, value)| check(name, value.key.as_ref())),
        Data::List(items) => {
            for item in items {
                let text = display(item);
                check(
                    text.split_once('=').map_or(&*text, |(name, _)| name),
                    item.place(),
                );
            }
        }
        _ => {}
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
