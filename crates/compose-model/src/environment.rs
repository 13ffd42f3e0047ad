//! Variables: from env files into a project, and from a project into its services.

use camino::{Utf8Path, Utf8PathBuf};
use yaml_tree::{Diagnostic, Source};

use crate::document::first_line;
use crate::dotenv;
use crate::load::{Context, Vars};
use crate::shape::truth;
use crate::text::display;
use crate::value::{Data, Map, Value};

/// Adds the variables of env files to those of a project, the later file winning; what is set in
/// `env` wins over all. `None` after an error.
pub(crate) fn env_files(
    files: &[Utf8PathBuf],
    env: &mut Vars,
    context: &mut Context<'_>,
) -> Option<()> {
    let mut all = Vars::new();
    for file in files {
        let entries = read(file, env, &all, context)?;
        all.extend(entries);
    }
    for (name, value) in all {
        env.entry(name).or_insert(value);
    }
    Some(())
}

/// The variables of a file, which knows those of the project, its own, and the `earlier` ones.
fn read(
    file: &Utf8Path,
    env: &Vars,
    earlier: &Vars,
    context: &mut Context<'_>,
) -> Option<Vec<(String, String)>> {
    let shown = context.shown(file);
    let bytes = match context.files.read(file) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = match error.kind() {
                std::io::ErrorKind::NotFound => format!("couldn't find env file: {shown}"),
                _ => format!("cannot read env file {shown}: {error}"),
            };
            context.report("compose::env-file", &message, None);
            return None;
        }
    };
    let source = match Source::from_bytes(shown, bytes) {
        Ok(source) => source,
        Err(found) => {
            context.found.push(*found);
            return None;
        }
    };
    let mut unset = Vec::new();
    let lookup = |name: &str| env.get(name).cloned();
    let earlier = earlier.clone().into_iter().collect();
    let parsed = dotenv::parse_after(earlier, source.text(), &lookup, &mut |name| {
        unset.push(name.to_owned());
    });
    warn_unset(&source, unset, context);
    match parsed {
        Ok(entries) => Some(
            entries
                .into_iter()
                .map(|entry| (entry.name, entry.value))
                .collect(),
        ),
        Err(error) => {
            context.found.push(malformed(&source, &error));
            None
        }
    }
}

/// Says once of each variable that an env file refers to and nobody sets.
fn warn_unset(source: &Source, names: Vec<String>, context: &mut Context<'_>) {
    for name in names {
        if context.unset.insert(name.clone()) {
            let message =
                format!("The {name:?} variable is not set. Defaulting to a blank string.");
            context.found.push(
                Diagnostic::warning("compose::unset-variable", message)
                    .primary(source.start(), "referred to in this file"),
            );
        }
    }
}

fn malformed(source: &Source, error: &dotenv::DotenvError) -> Diagnostic {
    let start = source
        .text()
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum::<usize>();
    let line = source.text()[start.min(source.text().len())..]
        .lines()
        .next()
        .unwrap_or_default();
    let message = format!("failed to read {}: {error}", source.name());
    Diagnostic::error("compose::env-file", message)
        .primary(source.span(start, start + line.len()), "")
}

/// Gives the items of `environment` lists that are a bare name the value the project has.
pub(crate) fn resolve_bare(root: &mut Value, env: &Vars) {
    for section in ["services", "jobs"] {
        let Some(services) = root.get_mut(section).and_then(Value::as_map_mut) else {
            continue;
        };
        for (_, service) in services.iter_mut() {
            let environment = service.get_mut("environment").map(|value| &mut value.data);
            let Some(Data::List(items)) = environment else {
                continue;
            };
            for item in items {
                let Some(name) = item.as_str() else { continue };
                if let Some(value) = env.get(name) {
                    let text = format!("{name}={value}");
                    item.data = Data::from(text);
                }
            }
        }
    }
}

/// The mapping of names to values that a list or mapping means; a bare name is null.
pub(crate) fn as_map(value: &Value) -> Map {
    match &value.data {
        Data::Map(map) => map.clone(),
        Data::List(items) => items
            .iter()
            .map(|item| {
                let text = display(item).into_owned();
                match text.split_once('=') {
                    Some((name, value)) => (name.to_owned(), item.with(value)),
                    None => (text, item.with(Data::Null)),
                }
            })
            .collect(),
        _ => Map::new(),
    }
}

/// Gives null entries the value that the project has; without one they stay or, with `drop`, go.
pub(crate) fn resolve_map(value: &mut Value, env: &Vars, drop: bool) {
    let mut map = as_map(value);
    map.retain(|name, entry| {
        if entry.is_null() {
            match env.get(name) {
                Some(known) => entry.data = Data::from(known.as_str()),
                None => return !drop,
            }
        }
        true
    });
    value.data = Data::Map(map);
}

/// Reads the env files of every active service into its `environment`.
pub(crate) fn resolve_services(root: &mut Value, context: &mut Context<'_>) {
    let Some(services) = root.get_mut("services").and_then(Value::as_map_mut) else {
        return;
    };
    for (_, service) in services.iter_mut() {
        resolve_service(service, context);
    }
}

fn resolve_service(service: &mut Value, context: &mut Context<'_>) {
    let Some(map) = service.as_map_mut() else {
        return;
    };
    let mut own = map
        .get("environment")
        .cloned()
        .unwrap_or_else(|| Value::new(Map::new()));
    resolve_map(&mut own, &context.env, false);
    let files = map.remove("env_file");
    let mut merged = Map::new();
    if let Some(Data::List(files)) = files.map(|files| files.data) {
        for file in files {
            read_service_file(&file, Some(&own), &mut merged, context);
        }
    }
    if let Data::Map(entries) = own.data {
        for (name, value) in entries {
            merged.insert(name, value);
        }
    }
    let place = map.get("environment").cloned().unwrap_or_else(Value::null);
    if !merged.is_empty() {
        map.insert("environment", place.with(merged));
    }
}

/// Reads a file over `merged`. Variables of an env file are those of the project, of the service's
/// `own` environment, of the file and of the files before it; a label file, which has no `own`,
/// knows of the files before it and then itself.
fn read_service_file(
    file: &Value,
    own: Option<&Value>,
    merged: &mut Map,
    context: &mut Context<'_>,
) {
    let path = match file.get("path").unwrap_or(file).as_str() {
        Some(path) => context.absolute(path),
        None => return,
    };
    let place = file.place().map(first_line);
    let required = file.get("required").and_then(truth) != Some(false);
    let bytes = match context.files.read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if required {
                let message =
                    format!("env file {path} not found: stat {path}: no such file or directory");
                context.report("compose::env-file", &message, place);
            }
            return;
        }
        Err(error) => {
            let message = format!("cannot read env file {path}: {error}");
            context.report("compose::env-file", &message, place);
            return;
        }
    };
    let source = match Source::from_bytes(context.shown(&path), bytes) {
        Ok(source) => source,
        Err(found) => return context.found.push(*found),
    };
    let format = file
        .get("format")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let text_in = |map: &Map, name: &str| map.get(name).and_then(Value::as_str).map(str::to_owned);
    let lookup = |name: &str| match own {
        Some(own) => {
            let own = || own.as_map().and_then(|own| text_in(own, name));
            context.env.get(name).cloned().or_else(own)
        }
        None => text_in(merged, name),
    };
    let earlier = || {
        let entries = merged.iter();
        entries
            .filter_map(|(name, value)| Some((name.to_string(), value.as_str()?.to_owned())))
            .collect()
    };
    let mut unset = Vec::new();
    let entries = match format {
        "" => dotenv::parse_after(earlier(), source.text(), &lookup, &mut |name| {
            unset.push(name.to_owned());
        }),
        "raw" => dotenv::parse_raw(source.text(), &lookup),
        other => {
            let message = format!("unsupported env_file format {other:?}");
            return context.report("compose::env-file", &message, place);
        }
    };
    warn_unset(&source, unset, context);
    match entries {
        Ok(entries) => {
            for entry in entries {
                merged.insert(entry.name, file.with(entry.value));
            }
        }
        Err(error) => {
            let mut found = malformed(&source, &error);
            if let Some(place) = place {
                found = found.secondary(place, "read for this service");
            }
            context.found.push(found);
        }
    }
}

/// Reads the label files of every service below its `labels`.
pub(crate) fn resolve_labels(root: &mut Value, context: &mut Context<'_>) {
    let Some(services) = root.get_mut("services").and_then(Value::as_map_mut) else {
        return;
    };
    for (_, service) in services.iter_mut() {
        let Some(Data::List(files)) = service.get("label_file").map(|value| value.data.clone())
        else {
            continue;
        };
        let mut merged = Map::new();
        for file in &files {
            let wrapped: Map = [("path", file.clone())].into_iter().collect();
            read_service_file(&file.with(wrapped), None, &mut merged, context);
        }
        let own = service.get("labels").cloned().unwrap_or_else(Value::null);
        for (name, value) in as_map(&own) {
            merged.insert(name, value);
        }
        if let Some(map) = service.as_map_mut() {
            map.insert("labels", own.with(merged));
        }
    }
}
