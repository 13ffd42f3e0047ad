//! One container, two proxies.

use crate::caddy::canonical;
use crate::{Container, Finding};

/// Both proxies route to one container, and both want ports 80 and 443.
pub(super) fn check(container: &Container, found: &mut Vec<Finding>) {
    let enabled = container
        .labels
        .get("traefik.enable")
        .is_none_or(|value| value == "true");
    let traefik = enabled
        && container.labels.keys().any(|key| {
            let key = key.to_ascii_lowercase();
            key.starts_with("traefik.http.routers.") || key == "traefik.enable"
        });
    let site = container.labels.iter().find(|(key, value)| {
        canonical(key, "caddy").is_some_and(|key| !key.contains('.'))
            && !value.is_empty()
            && !value.starts_with('(')
            && !super::caddy::is_switch(value)
    });
    if let (true, Some((key, _))) = (traefik, site) {
        let message = "both proxies route to the container";
        found.push(
            Finding::warning("labels::BOTH01", message)
                .on(&container.name)
                .key(key)
                .help("let one of them have no labels at all: neither can be switched off by a value of the other"),
        );
    }
}
