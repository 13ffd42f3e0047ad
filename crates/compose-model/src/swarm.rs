//! Attributes that only Swarm heeds: Docker Compose says so, whether the service is active or not.

use yaml_tree::Diagnostic;

use crate::document::first_line;
use crate::text::display;
use crate::value::{Map, Value};

/// Attributes of `deploy`, and what to say about them.
const DEPLOY: &[(&str, &str)] = &[
    ("mode", "is only honored in Swarm mode"),
    ("endpoint_mode", "only applies to Swarm's routing mesh"),
    ("labels", "are only applied to Swarm services"),
    ("placement", "is only honored by the Swarm scheduler"),
    (
        "update_config",
        "only applies to rolling updates in Swarm mode",
    ),
    (
        "rollback_config",
        "only applies to rolling updates in Swarm mode",
    ),
];

/// Warns of everything in a model in long form that has no effect without Swarm.
pub(crate) fn check(root: &Value, found: &mut Vec<Diagnostic>) {
    for (name, service) in entries(root, "services") {
        let path = format!("service {name:?}: ");
        check_service(&path, service, found);
    }
    for (name, secret) in entries(root, "secrets") {
        let path = format!("secrets.{name}");
        for (key, why) in [
            (
                "labels",
                "secrets[].labels are only applied to Swarm secret objects",
            ),
            (
                "driver_opts",
                "secrets[].driver_opts is only honored by Swarm secret drivers",
            ),
        ] {
            if let Some(value) = secret.get(key) {
                warn(format!("{path}.{key}: {why}"), value, found);
            }
        }
    }
    for (name, config) in entries(root, "configs") {
        if let Some(labels) = config.get("labels") {
            let why = "configs[].labels are only applied to Swarm config objects";
            warn(format!("configs.{name}.labels: {why}"), labels, found);
        }
    }
}

fn check_service(path: &str, service: &Value, found: &mut Vec<Diagnostic>) {
    for (key, why) in DEPLOY {
        if let Some(value) = service.at(&["deploy", key]) {
            warn(
                format!("{path}deploy.{key}: deploy.{key} {why}"),
                value,
                found,
            );
        }
    }
    if let Some(spec) = service.get("credential_spec") {
        let why = "credential_spec is only supported when running Windows containers under Swarm";
        warn(format!("{path}credential_spec: {why}"), spec, found);
    }
    for port in items(service, "ports") {
        if let Some(mode) = port.get("mode").filter(|mode| display(mode) == "host") {
            let text = |key: &str| port.get(key).map(display).unwrap_or_default();
            let (target, protocol) = (text("target"), text("protocol"));
            let why = "ports[].mode: host is only honored by the Swarm routing mesh";
            let message = format!("{path}ports[{target}/{protocol}].mode: {why}");
            warn(message, mode, found);
        }
    }
    for volume in items(service, "volumes") {
        if let Some(kind) = volume.get("type").filter(|kind| display(kind) == "cluster") {
            let source = volume.get("source").map(display).unwrap_or_default();
            let why = "volumes[].type: cluster (CSI) volumes are only supported in Swarm mode";
            warn(format!("{path}volumes[{source}].type: {why}"), kind, found);
        }
    }
    check_container(path, service, found);
    for hook in items(service, "pre_start") {
        check_container(&format!("{path}pre_start.[]."), hook, found);
    }
}

/// What a service and a hook before its start have in common.
fn check_container(path: &str, container: &Value, found: &mut Vec<Diagnostic>) {
    for (key, value) in entries(container, "storage_opt") {
        let why = "not honored by this runtime outside Swarm mode";
        warn(format!("{path}storage_opt.{key}: {why}"), value, found);
    }
    for kind in ["secrets", "configs"] {
        for mounted in items(container, kind) {
            let source = mounted.get("source").map(display).unwrap_or_default();
            for key in ["uid", "gid", "mode"] {
                if let Some(value) = mounted.get(key) {
                    let why = "is not supported outside Swarm mode and will be ignored";
                    let message = format!("{path}{kind}.{source}.{key}: {key} {why}");
                    warn(message, value, found);
                }
            }
        }
    }
}

fn entries<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = (&'v str, &'v Value)> {
    let map = value.get(key).and_then(Value::as_map);
    map.into_iter()
        .flat_map(Map::iter)
        .map(|(key, value)| (&**key, value))
}

fn items<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_list).unwrap_or_default()
}

fn warn(message: String, value: &Value, found: &mut Vec<Diagnostic>) {
    let warning = Diagnostic::warning("compose::swarm-only", message);
    found.push(match value.key.as_ref().or(value.span.as_ref()) {
        Some(place) => warning.primary(first_line(place), ""),
        None => warning,
    });
}
