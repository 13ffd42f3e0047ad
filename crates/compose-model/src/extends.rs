//! `extends`: a service laid over another.

use camino::{Utf8Path, Utf8PathBuf};
use yaml_tree::{Diagnostic, Span};

use crate::document::{Document, first_line};
use crate::load::Context;
use crate::merge::{merge, take_out};
use crate::path::Path;
use crate::resolve_paths;
use crate::value::{Map, Value};

/// Services of one file, in which `extends` is resolved.
struct Scope<'v> {
    file: Utf8PathBuf,
    services: &'v Map,
    /// What the documents on the way tag `!reset` or `!override`: taken out of every base.
    replaced: &'v [Vec<String>],
}

/// One `extends` on the way, for the message about a circle.
struct Hop {
    file: Utf8PathBuf,
    service: String,
    span: Option<Span>,
}

/// Resolves `extends` of every service in a document of `file`.
pub(crate) fn apply(document: &mut Document, file: &Utf8PathBuf, context: &mut Context<'_>) {
    let Some(services) = document.root.get("services").and_then(Value::as_map) else {
        return;
    };
    if services
        .values()
        .all(|service| service.get("extends").is_none())
    {
        return;
    }
    let original = services.clone();
    let scope = Scope {
        file: file.clone(),
        services: &original,
        replaced: &document.replaced,
    };
    let mut resolved = Map::new();
    for (name, service) in original.iter() {
        let merged = resolve(name, &scope, &mut Vec::new(), context);
        context.incomplete |= merged.is_none();
        resolved.insert(
            name.clone(),
            merged.unwrap_or_else(|| without_extends(service)),
        );
    }
    if let Some(services) = document
        .root
        .get_mut("services")
        .and_then(Value::as_map_mut)
    {
        *services = resolved;
    }
}

fn without_extends(service: &Value) -> Value {
    let mut service = service.clone();
    if let Some(map) = service.as_map_mut() {
        map.remove("extends");
    }
    service
}

/// A service with everything it extends; `None` after an error.
fn resolve(
    name: &str,
    scope: &Scope<'_>,
    chain: &mut Vec<Hop>,
    context: &mut Context<'_>,
) -> Option<Value> {
    let service = scope.services.get(name)?;
    let Some(extends) = service.get("extends").filter(|extends| !extends.is_null()) else {
        return Some(service.clone());
    };
    let text = |key: &str| extends.get(key).and_then(Value::as_str);
    let (wanted, file) = match extends.as_str() {
        Some(wanted) => (wanted, None),
        None => (text("service").unwrap_or_default(), text("file")),
    };
    let place = extends.place().map(first_line);
    if let Some(file) = extends.get("file")
        && file.as_str().is_none()
        && !file.is_null()
    {
        let message = format!("`extends.file` of service {name:?} is no path");
        let found = Diagnostic::error("compose::extends", message);
        context.found.push(at(found, file.place().map(first_line)));
        return None;
    }
    if let Some(start) = chain
        .iter()
        .position(|hop| hop.file == scope.file && hop.service == name)
    {
        // Everyone who comes into the circle meets it: it is one all the same.
        let found = circle(&chain[start..], context);
        context.report_once(found);
        return None;
    }
    chain.push(Hop {
        file: scope.file.clone(),
        service: name.to_owned(),
        span: place.clone(),
    });
    let before = context.found.len();
    let base = match file {
        None if !scope.services.contains_key(wanted) => {
            let file = context.shown(&scope.file);
            let message =
                format!("cannot extend service {name:?} in {file}: service {wanted:?} not found");
            let found = unknown(message, place.clone(), wanted, scope.services);
            context.report_once(found);
            None
        }
        None => resolve(wanted, scope, chain, context),
        Some(file) => from_file(name, wanted, file, place.clone(), scope, chain, context),
    };
    context.explain(before, place.as_ref(), "extended here");
    chain.pop();
    let mut base = base?;
    if base.is_null() {
        return Some(without_extends(service));
    }
    if !scope.replaced.is_empty() {
        base = taken_out(name, base, scope.replaced)?;
    }
    let services = Path::ROOT.key("services");
    let path = services.key(name);
    let mut merged = merge(base, without_extends(service), &path, &mut context.found);
    if let Some(map) = merged.as_map_mut() {
        map.remove("extends");
    }
    merged.key.clone_from(&service.key);
    Some(merged)
}

/// `base` under the name of the service that extends it, without what that one replaces.
fn taken_out(name: &str, base: Value, replaced: &[Vec<String>]) -> Option<Value> {
    let services: Map = [(name, base)].into_iter().collect();
    let mut model = Value::new(
        [("services", Value::new(services))]
            .into_iter()
            .collect::<Map>(),
    );
    take_out(&mut model, replaced);
    model.at(&["services", name]).cloned()
}

/// The base of `name` from another file, with paths as seen from the project.
fn from_file(
    name: &str,
    wanted: &str,
    file: &str,
    place: Option<Span>,
    scope: &Scope<'_>,
    chain: &mut Vec<Hop>,
    context: &mut Context<'_>,
) -> Option<Value> {
    let path = context.local(file, place.as_ref())?;
    let mut loaded = context.extended_file(&path, place.as_ref())?;
    // From here on, what the base names by a path is relative to the project, as are the files
    // that it extends in turn.
    let dir = path.parent().unwrap_or(Utf8Path::new("/"));
    let relative = context.relative(dir);
    resolve_paths::resolve(&mut loaded.root, &relative, context);
    let from = context.shown(&scope.file);
    let Some(services) = loaded.root.get("services").and_then(Value::as_map) else {
        let message = format!("cannot extend service {name:?} in {from}: no services section");
        let found = at(Diagnostic::error("compose::extends", message), place);
        context.report_once(found);
        return None;
    };
    if !services.contains_key(wanted) {
        let message = format!(
            "cannot extend service {name:?} in {from}: service {wanted:?} not found in {file}"
        );
        context.report_once(unknown(message, place, wanted, services));
        return None;
    }
    let replaced = [scope.replaced, &loaded.replaced].concat();
    let inner = Scope {
        file: path.clone(),
        services,
        replaced: &replaced,
    };
    resolve(wanted, &inner, chain, context)
}

/// The error about a circle of services, told from the one that comes first in the text.
fn circle(hops: &[Hop], context: &Context<'_>) -> Diagnostic {
    let start = |hop: &Hop| {
        let place = hop.span.as_ref().map(Span::start);
        (hop.file.clone(), place)
    };
    let first = (0..hops.len()).min_by_key(|&at| start(&hops[at]));
    let (before, from) = hops.split_at(first.unwrap_or(0));
    let hops: Vec<_> = from.iter().chain(before).collect();
    let names: Vec<_> = hops
        .iter()
        .chain(hops.first())
        .map(|hop| format!("`{}` in {}", hop.service, context.shown(&hop.file)))
        .collect();
    let message = format!("circular reference: {}", names.join(" extends "));
    let mut found = Diagnostic::error("compose::extends-cycle", message);
    for span in hops.iter().filter_map(|hop| hop.span.clone()) {
        found = if found.labels.is_empty() {
            found.primary(span, "")
        } else {
            found.secondary(span, "extended here")
        };
    }
    found
}

fn unknown(message: String, place: Option<Span>, wanted: &str, known: &Map) -> Diagnostic {
    let found = at(Diagnostic::error("compose::extends", message), place);
    match yaml_tree::nearest(wanted, known.keys().map(|key| &**key)) {
        Some(near) => found.help(format!("did you mean `{near}`?")),
        None => found,
    }
}

fn at(found: Diagnostic, place: Option<Span>) -> Diagnostic {
    match place {
        Some(place) => found.primary(place, ""),
        None => found,
    }
}
