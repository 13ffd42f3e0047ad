//! Names that Traefik makes up.

use crate::Container;

/// The name of a container's implicit router and service: `SERVICE_PROJECT` of Compose, else the
/// container's, with everything but letters and digits as `-`.
pub(crate) fn default_name(container: &Container) -> String {
    let label = |name: &str| container.labels.get(name).filter(|value| !value.is_empty());
    let service = label("com.docker.compose.service");
    let project = label("com.docker.compose.project");
    match (service, project) {
        (Some(service), Some(project)) => normalize(&format!("{service}_{project}")),
        _ => normalize(container.name.trim_start_matches('/')),
    }
}

/// Every run of characters that are neither letters nor digits as one `-`, none at the ends.
pub(crate) fn normalize(name: &str) -> String {
    let words: Vec<&str> = name
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.join("-")
}
