//! The typed model beside the JSON that Docker Compose prints.

use compose_model::model::Untyped;
use compose_model::{Duration, Project};
use serde_json::{Map, Value, json};

use crate::as_json::{AsJson, NO_VALUE, SWITCHED_OFF, is_nothing};

/// Where the typed model says something else than the printed text.
pub(crate) fn differences(project: &Project, printed: &str) -> Vec<String> {
    let printed = plain(&serde_json::from_str(printed).unwrap());
    let mut problems = Vec::new();
    for (section, found) in sections(project) {
        let wanted = wanted(section, &printed[section]);
        compare(section, &found, &wanted, &mut problems);
    }
    problems
}

/// What is untyped, with the path of the service or resource it belongs to.
pub(crate) fn left_out(project: &Project) -> Vec<(String, Untyped)> {
    let services = project
        .services()
        .map(|it| ("services", it.name, it.untyped));
    let jobs = project.jobs().map(|it| ("jobs", it.name, it.untyped));
    let networks = project
        .networks()
        .map(|it| ("networks", it.key, it.untyped));
    let volumes = project.volumes().map(|it| ("volumes", it.key, it.untyped));
    let secrets = project.secrets().map(|it| ("secrets", it.key, it.untyped));
    let configs = project.configs().map(|it| ("configs", it.key, it.untyped));
    let models = project.models().map(|it| ("models", it.key, it.untyped));
    let workloads = services.chain(jobs);
    let resources = networks
        .chain(volumes)
        .chain(secrets)
        .chain(configs)
        .chain(models);
    workloads
        .chain(resources)
        .flat_map(|(section, name, untyped)| {
            let untyped = untyped.into_iter();
            untyped.map(move |it| (format!("{section}.{name}"), it))
        })
        .collect()
}

fn sections(project: &Project) -> [(&'static str, Value); 6] {
    fn object<T: AsJson>(entries: impl Iterator<Item = (String, T)>) -> Value {
        entries
            .map(|(key, value)| (key, value.as_json()))
            .collect::<Map<_, _>>()
            .into()
    }
    [
        (
            "services",
            object(project.services().map(|it| (it.name.clone(), it))),
        ),
        (
            "jobs",
            object(project.jobs().map(|it| (it.name.clone(), it))),
        ),
        (
            "networks",
            object(project.networks().map(|it| (it.key.clone(), it))),
        ),
        (
            "volumes",
            object(project.volumes().map(|it| (it.key.clone(), it))),
        ),
        (
            "secrets",
            object(project.secrets().map(|it| (it.key.clone(), it))),
        ),
        (
            "configs",
            object(project.configs().map(|it| (it.key.clone(), it))),
        ),
    ]
}

/// The texts as they are before printing.
fn plain(value: &Value) -> Value {
    let text = |text: &str| text.replace("$$", "$");
    match value {
        Value::String(it) => text(it).into(),
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(map) => {
            let entries = map.iter().map(|(key, value)| (text(key), plain(value)));
            Value::Object(entries.collect())
        }
        _ => value.clone(),
    }
}

/// What Docker Compose printed, in one form where it has several.
fn wanted(key: &str, value: &Value) -> Value {
    let no_value = |value: &Value| match value {
        Value::Null => NO_VALUE.into(),
        value => value.clone(),
    };
    match (key, value) {
        ("environment" | "args", Value::Object(map)) => {
            let entries = map
                .iter()
                .map(|(key, value)| (key.clone(), no_value(value)));
            Value::Object(entries.collect())
        }
        ("ssh", Value::Array(keys)) => {
            let keys = keys
                .iter()
                .map(|key| match key.as_str().unwrap().split_once(": ") {
                    Some((key, path)) => (key.to_owned(), path.into()),
                    None => (key.as_str().unwrap().to_owned(), NO_VALUE.into()),
                });
            Value::Object(keys.collect())
        }
        ("ulimits", Value::Object(map)) => {
            let pair = |limit: &Value| match limit {
                Value::Number(_) => json!({"soft": limit, "hard": limit}),
                pair => pair.clone(),
            };
            let entries = map.iter().map(|(key, limit)| (key.clone(), pair(limit)));
            Value::Object(entries.collect())
        }
        ("networks" | "models", Value::Object(map)) => {
            let entries = map.iter().map(|(key, value)| match value {
                Value::Null => (key.clone(), json!({})),
                value => (key.clone(), wanted("", value)),
            });
            Value::Object(entries.collect())
        }
        ("services" | "volumes" | "secrets" | "configs" | "jobs", Value::Object(map)) => {
            let entries = map
                .iter()
                .map(|(key, value)| (key.clone(), wanted("", value)));
            Value::Object(entries.collect())
        }
        ("expose", Value::Array(ports)) => {
            let with_protocol = |port: &Value| match port.as_str().unwrap() {
                text if text.contains('/') => text.to_owned(),
                text => format!("{text}/tcp"),
            };
            ports.iter().map(with_protocol).collect()
        }
        ("required" | "create_host_path", Value::Bool(on)) => match on {
            true => Value::Null,
            false => SWITCHED_OFF.into(),
        },
        ("mem_swappiness", Value::String(percent)) => percent.parse::<i64>().unwrap().into(),
        ("pull_policy", Value::String(policy)) => {
            let interval = match policy.as_str() {
                "daily" => "1d",
                "weekly" => "1w",
                other => other.trim_start_matches("every_"),
            };
            let interval = interval.parse::<Duration>();
            interval.map_or_else(|_| value.clone(), |interval| interval.to_string().into())
        }
        (_, Value::Object(map)) => {
            let entries = map
                .iter()
                .map(|(key, value)| (key.clone(), wanted(key, value)));
            Value::Object(entries.filter(|(_, value)| !is_nothing(value)).collect())
        }
        (_, Value::Array(items)) => items.iter().map(|item| wanted("", item)).collect(),
        _ => value.clone(),
    }
}

/// Says where two values differ.
fn compare(path: &str, found: &Value, wanted: &Value, problems: &mut Vec<String>) {
    match (found, wanted) {
        (Value::Object(one), Value::Object(other)) => {
            for key in one
                .keys()
                .chain(other.keys().filter(|key| !one.contains_key(*key)))
            {
                compare(
                    &format!("{path}.{key}"),
                    &found[key],
                    &wanted[key],
                    problems,
                );
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (at, (one, other)) in one.iter().zip(other).enumerate() {
                compare(&format!("{path}[{at}]"), one, other, problems);
            }
        }
        (Value::Number(one), Value::Number(other)) if one.as_f64() == other.as_f64() => {}
        _ if found == wanted || (is_nothing(found) && is_nothing(wanted)) => {}
        _ => problems.push(format!("{path}: {found} is not {wanted}")),
    }
}
