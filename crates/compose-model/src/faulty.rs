//! What can still be said of a project after something in it was found to be wrong.
//!
//! People want to hear of everything at once, and of nothing twice: a value that could not be read
//! is not judged again, nor is what follows from it.

use std::collections::HashSet;

use yaml_tree::{Diagnostic, Span};

use crate::value::{Data, Map, Value};

/// The services and jobs that hold the place of an error.
pub(crate) fn services(root: &Value, found: &[Diagnostic]) -> HashSet<String> {
    let errors: Vec<&Span> = places(found).collect();
    if errors.is_empty() {
        return HashSet::new();
    }
    ["services", "jobs"]
        .iter()
        .filter_map(|section| root.get(section)?.as_map())
        .flat_map(Map::iter)
        .filter(|(_, service)| holds(service, &errors))
        .map(|(name, _)| name.to_string())
        .collect()
}

/// Whether everything that can be referred to is a mapping, so that what is not in it is missing.
pub(crate) fn sections_are_whole(root: &Value) -> bool {
    let sections = [
        "services", "jobs", "networks", "volumes", "secrets", "configs", "models",
    ];
    sections
        .iter()
        .filter_map(|section| root.get(section))
        .all(|section| section.as_map().is_some())
}

/// Drops what was found from `at` on in places that an earlier error speaks of.
pub(crate) fn drop_consequences(found: &mut Vec<Diagnostic>, at: usize) {
    let later = found.split_off(at);
    let earlier: Vec<Span> = places(found).cloned().collect();
    found.extend(later.into_iter().filter(|one| {
        let place = one.location();
        !place.is_some_and(|place| earlier.iter().any(|known| overlap(known, place)))
    }));
}

fn places(found: &[Diagnostic]) -> impl Iterator<Item = &Span> {
    found
        .iter()
        .filter(|found| found.is_error())
        .filter_map(Diagnostic::location)
}

/// Whether one of the places is in a value or its key.
fn holds(value: &Value, places: &[&Span]) -> bool {
    let inside = |span: &Span| places.iter().any(|place| overlap(span, place));
    let own = match &value.data {
        // A mapping that was merged from several is more than the one place it has.
        Data::Map(map) => map.values().any(|value| holds(value, places)),
        Data::List(items) => items.iter().any(|item| holds(item, places)),
        _ => false,
    };
    own || value.key.as_ref().is_some_and(inside) || value.span.as_ref().is_some_and(inside)
}

fn overlap(one: &Span, other: &Span) -> bool {
    one.source().name() == other.source().name()
        && one.start() < other.end().max(other.start() + 1)
        && other.start() < one.end().max(one.start() + 1)
}
