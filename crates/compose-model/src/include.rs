//! `include`: other projects brought into this one.

use camino::{Utf8Path, Utf8PathBuf};
use yaml_tree::{Diagnostic, Span};

use crate::document::{Document, first_line};
use crate::load::Context;
use crate::merge::{merge, take_out};
use crate::path::Path;
use crate::text::display;
use crate::value::{Data, Map, Value};

/// Prefixes of addresses that are fetched, not read.
const REMOTE: &[&str] = &[
    "https://",
    "http://",
    "git://",
    "ssh://",
    "git@",
    "github.com/",
    "oci://",
    "docker://",
];

/// Sections that an included project contributes.
const SECTIONS: &[&str] = &[
    "services", "jobs", "volumes", "networks", "secrets", "configs", "models",
];

/// Whether a path means something on another machine.
pub(crate) fn is_remote(path: &str) -> bool {
    REMOTE.iter().any(|prefix| path.starts_with(prefix))
}

/// An entry of `include`.
struct Entry {
    paths: Vec<String>,
    project_directory: Option<String>,
    env_files: Vec<String>,
    place: Option<Span>,
}

/// Loads what a document includes and lays the document over it.
pub(crate) fn apply(document: &mut Document, context: &mut Context<'_>) {
    let Some(map) = document.root.as_map_mut() else {
        return;
    };
    let Some(include) = map.remove("include") else {
        return;
    };
    let Some(items) = include.as_list() else {
        // An included project is a list item; anything else is refused as the oracle does.
        if !include.is_null() {
            let place = include.place().map(first_line);
            context.report("compose::wrong-kind", "include must be a list", place);
            context.incomplete = true;
        }
        return;
    };
    for item in items {
        let Some(entry) = read(item) else {
            let place = item.place().map(first_line);
            let message = "include must be a path, or a mapping with `path`";
            context.report("compose::wrong-kind", message, place);
            continue;
        };
        // An entry without a path includes nothing.
        if entry.paths.is_empty() {
            continue;
        }
        if let Some(imported) = load(&entry, context) {
            import(imported, document, context);
        } else {
            context.incomplete = true;
        }
    }
}

fn read(item: &Value) -> Option<Entry> {
    let texts = |value: &Value| match &value.data {
        Data::List(items) => items
            .iter()
            .map(|item| display(item).into_owned())
            .collect(),
        Data::Null => Vec::new(),
        _ => vec![display(value).into_owned()],
    };
    let place = item.place().map(first_line);
    if let Some(path) = item.as_str() {
        let paths = vec![path.to_owned()];
        return Some(Entry {
            paths,
            project_directory: None,
            env_files: Vec::new(),
            place,
        });
    }
    let nothing = Map::new();
    let map = if item.is_null() {
        &nothing
    } else {
        item.as_map()?
    };
    let paths = map.get("path").map(texts).unwrap_or_default();
    let directory = map.get("project_directory").and_then(Value::as_str);
    Some(Entry {
        paths,
        project_directory: directory.filter(|dir| !dir.is_empty()).map(str::to_owned),
        env_files: map.get("env_file").map(texts).unwrap_or_default(),
        place,
    })
}

fn load(entry: &Entry, context: &mut Context<'_>) -> Option<Value> {
    let mut paths = Vec::with_capacity(entry.paths.len());
    for path in &entry.paths {
        paths.push(context.local(path, entry.place.as_ref())?);
    }
    let first = paths.first()?.clone();
    let directory: Utf8PathBuf = match &entry.project_directory {
        Some(directory) => context.absolute(directory),
        None => first.parent().unwrap_or(Utf8Path::new("/")).to_owned(),
    };
    if let Some(start) = context.included.iter().position(|file| *file == first) {
        let chain: Vec<_> = context.included[start..]
            .iter()
            .chain([&first])
            .map(|file| context.shown(file))
            .collect();
        let message = format!("include cycle detected: {}", chain.join(" includes "));
        context.report("compose::include-cycle", &message, entry.place.clone());
        return None;
    }
    let env_files = env_files(entry, &directory, context)?;
    context.included_project(&paths, directory, &env_files, entry.place.as_ref())
}

/// The env files of an included project: those named, else its own `.env`.
fn env_files(
    entry: &Entry,
    directory: &Utf8Path,
    context: &mut Context<'_>,
) -> Option<Vec<Utf8PathBuf>> {
    if entry.env_files.is_empty() {
        let own = directory.join(".env");
        return Some(if context.is_file(&own) {
            vec![own]
        } else {
            Vec::new()
        });
    }
    let mut files = Vec::new();
    for file in entry.env_files.iter().filter(|file| *file != "/dev/null") {
        let path = context.absolute(file);
        if !context.is_file(&path) {
            let message = format!("the env file {path} of the included project is not there");
            context.report("compose::env-file", &message, entry.place.clone());
            return None;
        }
        files.push(path);
    }
    Some(files)
}

/// Puts the resources of an included project under those of the document: where both have one,
/// the document's is laid over it.
fn import(mut imported: Value, document: &mut Document, context: &mut Context<'_>) {
    for section in SECTIONS {
        let Some(from) = imported.as_map_mut().and_then(|map| map.remove(section)) else {
            continue;
        };
        let Data::Map(from) = from.data else { continue };
        let Some(root) = document.root.as_map_mut() else {
            return;
        };
        if root
            .get(section)
            .is_none_or(|known| known.as_map().is_none())
        {
            root.insert(*section, Value::new(Map::new()));
        }
        let Some(into) = root.get_mut(section).and_then(Value::as_map_mut) else {
            continue;
        };
        for (name, resource) in from {
            let Some(own) = into.get_mut(&name) else {
                into.insert(name, resource);
                continue;
            };
            let sections = Path::ROOT.key(section);
            let path = sections.key(&name);
            let wrapped: Map = [(name.clone(), resource)].into_iter().collect();
            let mut model = Value::new(
                [(*section, Value::new(wrapped))]
                    .into_iter()
                    .collect::<Map>(),
            );
            take_out(&mut model, &document.replaced);
            let base = model
                .at(&[section, &name])
                .cloned()
                .unwrap_or_else(Value::null);
            let over = std::mem::replace(own, Value::null());
            *own = merge(base, over, &path, &mut context.found);
        }
    }
    // `x-*` and `name` of an included file stay there.
    let _rest = imported;
}

impl Context<'_> {
    /// Adds an error without further labels.
    pub(crate) fn report(&mut self, code: &'static str, message: &str, place: Option<Span>) {
        let found = Diagnostic::error(code, message);
        self.found.push(match place {
            Some(place) => found.primary(place, ""),
            None => found,
        });
    }
}
