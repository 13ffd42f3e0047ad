//! Findings about the whole configuration, put on the labels they come from.

use std::collections::BTreeMap;

use crate::{Container, Finding};

/// Gives findings that name a label, but no container, the container that has it and the case in
/// which it is written there; a label that is not there is left out.
pub(super) fn find(findings: &mut [Finding], containers: &[Container]) {
    if findings
        .iter()
        .all(|found| found.label.is_none() || found.container.is_some())
    {
        return;
    }
    let mut labels: BTreeMap<String, (&str, &str)> = BTreeMap::new();
    for container in containers {
        for key in container.labels.keys() {
            labels.insert(key.to_lowercase(), (&container.name, key));
        }
    }
    for found in findings {
        let (Some(place), None) = (&mut found.label, &found.container) else {
            continue;
        };
        let wanted = place.key.to_lowercase();
        // A block has no label of its own; the first one below it stands for it.
        let below = format!("{wanted}.");
        let first = labels.range(below.clone()..).next();
        let first = first.filter(|(key, _)| key.starts_with(&below));
        match labels.get(&wanted).or(first.map(|(_, place)| place)) {
            Some((container, actual)) => {
                place.key.clear();
                place.key.push_str(actual);
                found.container = Some((*container).to_owned());
            }
            None => found.label = None,
        }
    }
}
