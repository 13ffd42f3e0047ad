//! Routers and the services they send to, within one container.

use std::collections::BTreeMap;

use go_template::{Data, Options, Own, Param, Sprig, Template};

use super::super::configuration::{Protocol, Section, sub_table};
use super::super::tables::ROOT;
use super::super::value::{Block, Value};
use super::default_name;
use crate::{Container, Finding};

/// Gives routers without a service the only one there is and routers without a rule the default
/// one; a container without routers gets one. What cannot be linked is removed.
pub(super) fn link(
    section: &mut Section,
    protocol: Protocol,
    container: &Container,
    rule: &Template,
    findings: &mut Vec<Finding>,
) {
    let only = match section.services.len() {
        1 => section.services.keys().next().cloned(),
        _ => None,
    };
    if protocol == Protocol::Http && section.routers.is_empty() && section.services.len() == 1 {
        let table = sub_table(&ROOT, "http").and_then(|http| sub_table(http, "routers"));
        if let Some(table) = table {
            section
                .routers
                .insert(default_name(container), Block::new(table));
        }
    }
    let services = section.services.len();
    section.routers.retain(|name, router| {
        if protocol != Protocol::Udp && router.text("rule").is_none() {
            if protocol == Protocol::Tcp {
                findings.push(no_rule(name, container));
                return false;
            }
            match default_rule(rule, container) {
                Ok(text) if !text.is_empty() => router.set("rule", Some(Value::Text(text))),
                Ok(_) => {
                    findings.push(removed(
                        name,
                        container,
                        "the default rule gives an empty rule",
                    ));
                    return false;
                }
                Err(error) => {
                    let why = format!("the default rule fails: {error}");
                    findings.push(removed(name, container, &why));
                    return false;
                }
            }
        }
        if router.text("service").is_none() {
            if services > 1 {
                findings.push(ambiguous(name, protocol, container, &section.services));
                return false;
            }
            router.set("service", only.clone().map(Value::Text));
        }
        true
    });
}

fn default_rule(rule: &Template, container: &Container) -> Result<String, String> {
    let labels = container.labels.iter();
    let labels = labels.map(|(key, value)| (key.clone(), value.clone()));
    let name = container.name.trim_start_matches('/');
    let data = Data::record(
        "struct",
        vec![
            ("Name", Data::Text(default_name(container))),
            ("ContainerName", Data::from(name)),
            ("Labels", Data::text_map(labels)),
        ],
    );
    rule.render(&data, &options())
        .map_err(|error| error.to_string())
}

/// What Traefik has for default rules: sprig, and a function of its own.
pub(super) fn options() -> Options<'static> {
    let mut options = Options::new(Sprig::V3_2);
    options.own = vec![Own::new("normalize", &[Param::Text], |_, arguments| {
        Ok(Data::Text(super::name::normalize(arguments[0].as_text())))
    })];
    options
}

fn no_rule(name: &str, container: &Container) -> Finding {
    removed(name, container, "a TCP router needs a rule")
        .help("`HostSNI(`*`)` takes every connection of its entry points")
}

fn removed(name: &str, container: &Container, why: &str) -> Finding {
    Finding::error(
        "traefik::router-removed",
        format!("router `{name}` is removed: {why}"),
    )
    .on(&container.name)
}

fn ambiguous(
    name: &str,
    protocol: Protocol,
    container: &Container,
    services: &BTreeMap<String, Block>,
) -> Finding {
    let names: Vec<&str> = services.keys().map(String::as_str).collect();
    let key = format!("traefik.{}.routers.{name}.service", protocol.name());
    Finding::error(
        "labels::TRF010",
        format!(
            "router `{name}` is removed: it names no service and the container has several: `{}`",
            names.join("`, `")
        ),
    )
    .on(&container.name)
    .help(format!("say which one with `{key}`"))
}
