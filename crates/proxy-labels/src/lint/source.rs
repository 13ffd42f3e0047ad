//! How labels are written in their file.

use super::{Context, LabelSource};
use crate::{Container, Finding, LabelFix};

/// What the text of the file has to do with the labels of one container.
pub(super) fn check(container: &Container, context: &Context, found: &mut Vec<Finding>) {
    for (key, value) in &container.labels {
        if !is_proxy_key(key) {
            continue;
        }
        if key.trim() != key || key.starts_with(['"', '\'']) {
            let message = format!("the key `{key}` has quotes or blanks in it");
            found.push(
                Finding::warning("labels::TRF032", message)
                    .on(&container.name)
                    .key(key)
                    .fix(LabelFix::RenameKey(
                        key.trim_matches(['"', '\'', ' ']).to_owned(),
                    )),
            );
        }
        let source = context.sources.get(&(container.name.clone(), key.clone()));
        if value.contains("$$") && source.is_none_or(|source| source.template.is_none()) {
            let message =
                "the value has `$$` in it, which only a Compose file needs; Traefik sees both";
            found.push(
                Finding::warning("labels::TRF026", message)
                    .on(&container.name)
                    .value(key)
                    .fix(LabelFix::SetValue(value.replace("$$", "$"))),
            );
        }
        if let Some(source) = source {
            written(container, key, value, source, found);
        }
    }
    let deployed = context.deploy_labels.get(&container.name);
    let mut deployed = deployed
        .into_iter()
        .flatten()
        .filter(|key| is_proxy_key(key));
    if let Some(first) = deployed.next() {
        let count = deployed.count() + 1;
        let message = format!(
            "labels below `deploy` are put on Swarm services; the container does not get them ({count} here)"
        );
        found.push(
            Finding::warning("labels::TRF033", message)
                .on(&container.name)
                .key(first)
                .help("move them to the `labels` of the service"),
        );
    }
}

pub(super) fn is_proxy_key(key: &str) -> bool {
    let lower = key.trim_matches(['"', '\'', ' ']).to_ascii_lowercase();
    lower.starts_with("traefik") || lower.starts_with("caddy")
}

fn written(
    container: &Container,
    key: &str,
    value: &str,
    source: &LabelSource,
    found: &mut Vec<Finding>,
) {
    if source.list_item && value.len() > 1 {
        let quoted = |quote: char| value.starts_with(quote) && value.ends_with(quote);
        if quoted('"') && !key.starts_with("caddy") || quoted('\'') {
            let message =
                "the quotes are part of the value: in a list they stand around the whole item";
            found.push(
                Finding::warning("labels::TRF032", message)
                    .on(&container.name)
                    .value(key)
                    .help(format!(
                        "write `- \"{key}={}\"`",
                        value.trim_matches(['"', '\''])
                    )),
            );
        }
    }
    if source.list_item
        && (key.contains(": ") || key.contains(':') && value.is_empty() && !key.contains('='))
    {
        let message = "an item of a list is `key=value`; with `: ` the whole item is the key";
        found.push(
            Finding::warning("labels::TRF032", message)
                .on(&container.name)
                .key(key),
        );
    }
    if source.not_text && value.parse::<f64>().is_err() {
        let message = format!(
            "`{value}` is a boolean in YAML; Compose makes a text of it, other readers may not"
        );
        found.push(
            Finding::new(yaml_tree::Severity::Note, "labels::TRF032", message)
                .on(&container.name)
                .value(key)
                .fix(LabelFix::SetValue(format!("\"{value}\""))),
        );
    }
    // A hash loses the parts that Compose takes for variables.
    let hash = source.template.as_deref().is_some_and(|template| {
        ["$apr1$", "$2y$", "$2a$", "$2b$"].iter().any(|mark| {
            template
                .match_indices(mark)
                .any(|(at, _)| !template[..at].ends_with('$'))
        })
    });
    if hash {
        let message = "Compose takes the `$` of the hash for variables; write `$$`";
        found.push(
            Finding::warning("labels::TRF026", message)
                .on(&container.name)
                .value(key)
                .help("double every `$` of the hash"),
        );
    }
}
