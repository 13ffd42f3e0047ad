//! Variables: from env files into a project, and from a project into its services.

use camino::{Utf8Path, Utf8PathBuf};
use yaml_tree::{Diagnostic, Source};

use crate::document::first_line;
use crate::dotenv::{self, Assignment};
use crate::load::{Context, Vars, too_large};
use crate::resolve_paths::join;
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
        for (name, value) in read(file, env, &all, context)? {
            if !env.contains_key(&name) {
                all.insert(name.clone(), display(&value).into_owned());
                context.from_files.insert(name, value);
            }
        }
    }
    env.extend(all);
    Some(())
}

/// The variables of a file, which knows those of the project, its own, and the `earlier` ones.
fn read(
    file: &Utf8Path,
    env: &Vars,
    earlier: &Vars,
    context: &mut Context<'_>,
) -> Option<Vec<(String, Value)>> {
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
    let source = match source(shown, bytes) {
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
        Ok(entries) => Some(values(&source, entries).collect()),
        Err(error) => {
            context.found.push(malformed(&source, &error));
            None
        }
    }
}

/// What an env file assigns, each value at its line.
fn values(source: &Source, entries: Vec<Assignment>) -> impl Iterator<Item = (String, Value)> {
    let mut start = 0;
    let lines = source.text().split_inclusive('\n').map(|line| {
        let span = source.span(start, start + line.trim_end().len());
        start += line.len();
        span
    });
    let lines: Vec<_> = lines.collect();
    entries.into_iter().map(move |entry| {
        let value = Value {
            span: lines.get(entry.line - 1).cloned(),
            template: entry.template.map(Into::into),
            ..Value::new(entry.value)
        };
        (entry.name, value)
    })
}

/// The text of a file, unless there is too much of it.
fn source(name: String, bytes: Vec<u8>) -> Result<Source, Box<Diagnostic>> {
    match too_large(&name, &bytes) {
        Some(found) => Err(Box::new(found)),
        None => Source::from_bytes(name, bytes),
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

/// Whether [`as_map`] of a value has no entries.
fn as_map_is_empty(value: &Value) -> bool {
    match &value.data {
        Data::Map(map) => map.is_empty(),
        Data::List(items) => items.is_empty(),
        _ => true,
    }
}

/// Gives null entries the value that the project has; without one they stay or, with `drop`, go.
pub(crate) fn resolve_map(value: &mut Value, env: &Vars, drop: bool) {
    let mut map = match std::mem::replace(&mut value.data, Data::Null) {
        Data::Map(map) => map,
        other => {
            value.data = other;
            as_map(value)
        }
    };
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
    let Some(files) = map.remove("env_file") else {
        if let Some(own) = map.get_mut("environment")
            && !as_map_is_empty(own)
        {
            resolve_map(own, &context.env, false);
        }
        return;
    };
    let mut own = map
        .get("environment")
        .cloned()
        .unwrap_or_else(|| Value::new(Map::new()));
    resolve_map(&mut own, &context.env, false);
    let mut merged = Map::new();
    if let Data::List(files) = files.data {
        for file in files {
            read_service_file("env file", &file, Some(&own), &mut merged, context);
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

/// Adds the entries of a file, of the kind `what`, to `merged`. Variables of an env file are those
/// of the project, of the service's `own` environment, of the file and of the files before it; a
/// label file, which has no `own`, knows of the files before it and then itself.
fn read_service_file(
    what: &str,
    file: &Value,
    own: Option<&Value>,
    merged: &mut Map,
    context: &mut Context<'_>,
) {
    let path = match file.get("path").unwrap_or(file).as_str() {
        Some(path) if context.stages.resolve_paths => context.absolute(path),
        // A path that was left alone is one from the current directory.
        Some(path) if path.starts_with('/') => path.into(),
        Some(path) => join(&context.shown_from, path).into(),
        None => return,
    };
    let place = file.place().map(first_line);
    let required = file.get("required").and_then(truth) != Some(false);
    let bytes = match context.files.read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if required {
                let message =
                    format!("{what} {path} not found: stat {path}: no such file or directory");
                context.report("compose::env-file", &message, place);
            }
            return;
        }
        Err(error) => {
            let message = format!("cannot read {what} {path}: {error}");
            context.report("compose::env-file", &message, place);
            return;
        }
    };
    let source = match source(context.shown(&path), bytes) {
        Ok(source) => source,
        Err(found) => {
            let before = context.found.len();
            context.found.push(*found);
            return context.explain(before, place.as_ref(), "read for this service");
        }
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
            for (name, mut value) in values(&source, entries) {
                // Without interpolation it is the values that stand for themselves.
                value.template = value.template.filter(|_| context.stages.interpolate);
                merged.insert(name, value);
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
            let file = file.with(wrapped);
            read_service_file("label file", &file, None, &mut merged, context);
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
