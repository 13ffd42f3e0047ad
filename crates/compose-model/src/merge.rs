//! One model over another: rules by attribute.

use yaml_tree::Diagnostic;

use crate::path::Path;
use crate::text::display;
use crate::value::{Data, Map, Value};

/// Lays `over` on `base`. The rules are those of compose-go v2.16: mappings recursively, sequences
/// joined, scalars replaced, null keeps the base, with exceptions by path.
pub(crate) fn merge(
    base: Value,
    over: Value,
    path: &Path<'_>,
    found: &mut Vec<Diagnostic>,
) -> Value {
    match path.with_parts(rule) {
        Rule::Plain => {}
        Rule::Replace => return over,
        Rule::Pairs => return joined(as_sequence(base), as_sequence(over)),
        Rule::Hosts => {
            let (mut base, over) = (as_sequence(base), as_sequence(over));
            if let (Data::List(items), Data::List(more)) = (&mut base.data, over.data) {
                for item in more {
                    if !items.contains(&item) {
                        items.push(item);
                    }
                }
            }
            return base;
        }
        Rule::Keyed(default) => {
            return both_maps(keyed(base, default), keyed(over, default), path, found);
        }
        Rule::Build => return both_maps(build_map(base), build_map(over), path, found),
        Rule::Logging => {
            let driver = |value: &Value| value.get("driver").cloned();
            return match (driver(&base), driver(&over)) {
                (Some(one), Some(other)) if one != other => over,
                _ => both_maps(base, over, path, found),
            };
        }
        Rule::Pools => return pools(base, over, path, found),
    }
    if over.is_null() {
        return base;
    }
    match (&base.data, &over.data) {
        (Data::Map(_), Data::Map(_)) => both_maps(base, over, path, found),
        (Data::List(_), Data::List(_)) => joined(base, over),
        (Data::Map(_) | Data::List(_), _) => {
            found.push(clash(&base, &over, path));
            base
        }
        _ => over,
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Rule {
    /// By the kind of the values.
    Plain,
    /// The later value alone.
    Replace,
    /// Both as sequences of `KEY=VALUE`, joined.
    Pairs,
    /// Both as sequences, without what is there already.
    Hosts,
    /// Both as mappings; what a name alone stands for is given.
    Keyed(Bare),
    /// A string is the context.
    Build,
    /// Together only with the same driver.
    Logging,
    /// Address pools, by subnet.
    Pools,
}

/// What an item of a list means in the mapping it stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bare {
    Null,
    Dependency,
}

fn rule(path: &[&str]) -> Rule {
    match path {
        ["networks", _, "ipam", "config"] => Rule::Pools,
        ["networks" | "volumes", _, "labels"] => Rule::Pairs,
        ["services" | "jobs", _, rest @ ..] => match rest {
            ["command" | "entrypoint"] | ["healthcheck", "test"] | ["ulimits", _] => Rule::Replace,
            [
                "annotations" | "dns" | "dns_opt" | "dns_search" | "env_file" | "label_file"
                | "environment" | "labels" | "sysctls" | "tmpfs",
            ]
            | ["build", "args" | "additional_contexts" | "labels"]
            | ["deploy", "labels"]
            | ["volumes", "[]", "volume", "labels"] => Rule::Pairs,
            ["extra_hosts"] | ["build", "extra_hosts"] => Rule::Hosts,
            ["build"] => Rule::Build,
            ["depends_on"] => Rule::Keyed(Bare::Dependency),
            ["networks" | "models"] => Rule::Keyed(Bare::Null),
            ["logging"] => Rule::Logging,
            _ => Rule::Plain,
        },
        _ => Rule::Plain,
    }
}

fn both_maps(mut base: Value, over: Value, path: &Path<'_>, found: &mut Vec<Diagnostic>) -> Value {
    if over.is_null() {
        return base;
    }
    if base.is_null() {
        return over;
    }
    let (Data::Map(map), Data::Map(_)) = (&mut base.data, &over.data) else {
        found.push(clash(&base, &over, path));
        return base;
    };
    let Data::Map(more) = over.data else {
        return base;
    };
    for (key, value) in more {
        match map.get_mut(&key) {
            None => {
                map.insert(key, value);
            }
            Some(known) => {
                let earlier = std::mem::replace(known, Value::null());
                *known = merge(earlier, value, &path.key(&key), found);
            }
        }
    }
    base
}

fn clash(base: &Value, over: &Value, path: &Path<'_>) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(
        "compose::merge",
        format!("cannot override {path}: another kind of value"),
    );
    if let Some(place) = over.place() {
        diagnostic = diagnostic.primary(crate::document::first_line(place), "this");
    }
    if let Some(place) = base.place() {
        diagnostic =
            diagnostic.secondary(crate::document::first_line(place), "cannot replace this");
    }
    diagnostic
}

fn joined(mut base: Value, over: Value) -> Value {
    if let (Data::List(items), Data::List(more)) = (&mut base.data, over.data) {
        for item in more {
            // The oracle leaves out what is there already.
            if !items.contains(&item) {
                items.push(item);
            }
        }
    }
    base
}

/// A mapping as sorted `KEY=VALUE` items, one text as a sequence of one.
pub(crate) fn as_sequence(value: Value) -> Value {
    let items = match &value.data {
        Data::List(_) => return value,
        Data::Null => Vec::new(),
        Data::Map(map) => {
            let mut items: Vec<(String, Value)> = Vec::with_capacity(map.len());
            for (key, entry) in map.iter() {
                match &entry.data {
                    Data::Null => items.push((key.to_string(), entry.clone())),
                    Data::List(values) => items.extend(
                        values
                            .iter()
                            .map(|one| (format!("{key}={}", display(one)), one.clone())),
                    ),
                    _ => items.push((format!("{key}={}", display(entry)), entry.clone())),
                }
            }
            items.sort_by(|(one, _), (other, _)| one.cmp(other));
            items
                .into_iter()
                .map(|(text, entry)| {
                    let template = entry.template.as_ref().map(|template| {
                        let key = text.split('=').next().unwrap_or_default();
                        format!("{key}={template}").into()
                    });
                    Value {
                        template,
                        ..entry.with(text)
                    }
                })
                .collect()
        }
        _ => vec![value.clone()],
    };
    value.with(items)
}

/// A list of names as a mapping.
fn keyed(value: Value, bare: Bare) -> Value {
    let Data::List(items) = &value.data else {
        return value;
    };
    let mut map = Map::new();
    for item in items {
        let Some(name) = item.as_str() else { continue };
        map.insert(
            name,
            match bare {
                Bare::Null => item.with(Data::Null),
                Bare::Dependency => item.with(dependency()),
            },
        );
    }
    value.with(map)
}

/// What the short form of `depends_on` means.
pub(crate) fn dependency() -> Map {
    [
        ("condition", Value::new("service_started")),
        ("required", Value::new(true)),
    ]
    .into_iter()
    .collect()
}

fn build_map(value: Value) -> Value {
    match &value.data {
        Data::Str(_) => {
            let map: Map = [("context", value.clone())].into_iter().collect();
            value.with(map)
        }
        _ => value,
    }
}

/// Address pools of a network: by subnet; a pool of the base whose subnet the later document does
/// not name disappears, as in Docker Compose.
///
/// There it leaves its attributes behind, though: a later pool that was taken over already is laid
/// over it in place, and takes the place of the one before. Since each is laid over what the one
/// before made of it, the last subnet may come twice.
fn pools(base: Value, over: Value, path: &Path<'_>, found: &mut Vec<Diagnostic>) -> Value {
    let (Data::List(bases), Data::List(overs)) = (&base.data, &over.data) else {
        if over.is_null() {
            return base;
        }
        if !base.is_null() {
            found.push(clash(&base, &over, path));
        }
        return over;
    };
    let mut merged: Vec<Value> = Vec::new();
    for original in bases {
        let mut own = original.clone();
        // Where the pool at hand stands already: what is laid over it shows there as well.
        let mut places: Vec<usize> = Vec::new();
        for later in overs {
            let same = |value: &Value| value.get("subnet") == later.get("subnet");
            if !same(&own) && !merged.iter().any(same) {
                merged.push(later.clone());
                continue;
            }
            own = both_maps(own, later.clone(), path, found);
            for &at in &places {
                merged[at] = own.clone();
            }
            let at = merged.iter().position(same).unwrap_or(merged.len());
            if at == merged.len() {
                merged.push(own.clone());
            } else {
                merged[at] = own.clone();
            }
            if !places.contains(&at) {
                places.push(at);
            }
        }
    }
    base.with(merged)
}

/// Takes the places that a document replaces out of the model before it.
pub(crate) fn take_out(model: &mut Value, replaced: &[Vec<String>]) {
    for path in replaced {
        remove(model, path);
    }
}

fn remove(value: &mut Value, path: &[String]) {
    let Some((first, rest)) = path.split_first() else {
        return;
    };
    match &mut value.data {
        Data::Map(map) if rest.is_empty() => {
            map.remove(first);
        }
        Data::Map(map) => {
            if let Some(inner) = map.get_mut(first) {
                remove(inner, rest);
            }
        }
        Data::List(items) if !rest.is_empty() => {
            let at = first.trim_matches(['[', ']']).parse::<usize>();
            if let Some(inner) = at.ok().and_then(|at| items.get_mut(at)) {
                remove(inner, rest);
            }
        }
        _ => {}
    }
}
