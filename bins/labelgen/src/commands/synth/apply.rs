//! Labels written into a Compose file.

use std::collections::BTreeMap;

use camino::Utf8Path;
use common::exit;
use common::replace::{Access, replace};
use compose_model::{ComposeFile, Scalar};
use proxy_labels::Labels;
use yaml_tree::{Diagnostic, Node, Options, Source, parse_one};

use crate::print::Dollars;
use crate::report;
use crate::world::World;

/// Sets the labels of services in a file and removes those of the proxies that are not among them;
/// everything else stays as it is. Nothing is written unless all of it can be.
pub(super) fn apply(
    path: &Utf8Path,
    services: &BTreeMap<String, Labels>,
    dollars: Dollars,
    dry_run: bool,
    world: &mut World<'_, '_>,
) -> Result<u8, String> {
    let full = world.dir.join(path);
    let text = fs_err::read_to_string(&full).map_err(|error| error.to_string())?;
    let source = Source::new(path.as_str(), text);
    let changed = match edit(&source, services, dollars) {
        Ok(changed) => changed,
        Err(found) => {
            report::show_diagnostics(&[*found], world);
            return Ok(exit::FAILED);
        }
    };
    if dry_run {
        world.io.data(changed);
        return Ok(exit::DONE);
    }
    if changed == source.text() {
        world.io.message(format!("{path}: nothing to change\n"));
        return Ok(exit::DONE);
    }
    replace(&full, changed.as_bytes(), Access::AsBefore)
        .map_err(|error| format!("cannot write `{path}`: {error}"))?;
    world.io.message(format!("{path}: labels written\n"));
    Ok(exit::DONE)
}

fn edit(
    source: &Source,
    services: &BTreeMap<String, Labels>,
    dollars: Dollars,
) -> Result<String, Box<Diagnostic>> {
    let refused = |error: compose_model::EditError| {
        let mut found = Diagnostic::error("labelgen::apply", error.to_string());
        if let Some(span) = error.span() {
            found = found.primary(span.clone(), "");
        }
        Box::new(found)
    };
    let mut file = ComposeFile::parse(source).map_err(refused)?;
    let present = present(source);
    for (service, labels) in services {
        for key in present.get(service).into_iter().flatten() {
            if ours(key) && !labels.contains_key(key) {
                file.remove_label(service, key).map_err(refused)?;
            }
        }
        for (key, value) in labels {
            let scalar = match dollars {
                Dollars::Plain => Scalar::from(value.as_str()),
                Dollars::Template => Scalar::Template(value.clone()),
            };
            file.set_label(service, key, scalar).map_err(refused)?;
        }
    }
    Ok(file.text().to_owned())
}

/// Labels that routes make.
fn ours(key: &str) -> bool {
    key.starts_with("traefik.")
        || key == "caddy"
        || key.starts_with("caddy.")
        || key.starts_with("caddy_")
}

/// The keys of the labels of each service as they are written.
fn present(source: &Source) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    let root = parse_one(source, &Options::default()).value;
    let services = root
        .as_ref()
        .and_then(|root| root.get("services")?.as_mapping());
    for entry in services.into_iter().flat_map(yaml_tree::Mapping::entries) {
        let Some(name) = entry.key.as_text() else {
            continue;
        };
        all.insert(
            name.to_owned(),
            entry.value.get("labels").map(keys).unwrap_or_default(),
        );
    }
    all
}

fn keys(labels: &Node) -> Vec<String> {
    if let Some(mapping) = labels.as_mapping() {
        let keys = mapping
            .entries()
            .iter()
            .filter_map(|entry| entry.key.as_text());
        return keys.map(str::to_owned).collect();
    }
    let items = labels.as_sequence().unwrap_or_default().iter();
    let items = items.filter_map(|item| item.as_text());
    items
        .map(|item| item.split('=').next().unwrap_or(item).to_owned())
        .collect()
}
