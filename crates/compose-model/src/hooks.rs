//! `pre_start` hooks take over what their service is.

use yaml_tree::Diagnostic;

use crate::merge::merge;
use crate::path::Path;
use crate::value::{Data, Map, Value};

/// Attributes of a service that belong to the service and not to its container.
const OF_THE_SERVICE: &[&str] = &[
    "profiles",
    "deploy",
    "develop",
    "restart",
    "scale",
    "attach",
    "container_name",
    "provider",
    "external_links",
    "links",
    "pre_start",
    "post_start",
    "pre_stop",
    "build",
    "depends_on",
    "expose",
    "healthcheck",
    "ports",
    "stdin_open",
    "tty",
];

/// Lays every `pre_start` hook over the container part of its service; volumes are not taken over.
pub(crate) fn inherit(root: &mut Value, found: &mut Vec<Diagnostic>) {
    let Some(services) = root.get_mut("services").and_then(Value::as_map_mut) else {
        return;
    };
    let section = Path::ROOT.key("services");
    for (name, service) in services.iter_mut() {
        let path = section.key(name);
        if service.get("pre_start").and_then(Value::as_list).is_none() {
            continue;
        }
        let base = container_part(service);
        let Some(Data::List(hooks)) = service.get_mut("pre_start").map(|hooks| &mut hooks.data)
        else {
            continue;
        };
        for hook in hooks {
            if hook.as_map().is_some() {
                let own = std::mem::replace(hook, Value::null());
                *hook = merge(base.clone(), own, &path, found);
            }
        }
    }
}

fn container_part(service: &Value) -> Value {
    let part: Map = service
        .as_map()
        .into_iter()
        .flat_map(Map::iter)
        .filter(|(key, _)| {
            !OF_THE_SERVICE.contains(&&***key) && &***key != "volumes" && !key.starts_with("x-")
        })
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    service.with(part)
}
