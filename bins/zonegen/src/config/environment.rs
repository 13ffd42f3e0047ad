//! Environments in the config file: where services are declared, and where their names lead.

use std::collections::BTreeMap;
use std::net::IpAddr;

use dns_zone::Name;
use proxy_labels::{caddy, traefik};
use yaml_tree::{Node, Resolved, Schema, Span, Spanned};

use super::reader::{Entry, Reader};
use super::{CONFIG, POINTERS};

/// An environment.
#[derive(Clone, Debug)]
pub(crate) struct Environment {
    pub(crate) name: String,
    pub(crate) span: Span,
    /// Where names lead unless something else is said.
    pub(crate) target: Option<Target>,
    pub(crate) traefik: Proxy<traefik::Settings>,
    pub(crate) caddy: Proxy<caddy::Settings>,
    /// Where the names of single services lead.
    pub(crate) services: BTreeMap<String, Target>,
    /// The network whose addresses are meant by the target `container`.
    pub(crate) network: Option<String>,
    /// Wildcards that lead to the target.
    pub(crate) wildcards: Vec<Spanned<Name>>,
    /// Compose projects: one file or pattern each, or several files that make one.
    pub(crate) compose: Vec<Vec<Spanned<String>>>,
    /// Variables for Compose files beside those of their `.env`.
    pub(crate) variables: BTreeMap<String, String>,
    /// The engine whose containers count.
    pub(crate) engine: Option<EngineConfig>,
}

/// A proxy of an environment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxy<S> {
    /// Where the names that it serves lead.
    pub(crate) target: Option<Target>,
    pub(crate) settings: S,
}

/// Which containers of an engine count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct EngineConfig {
    /// Where it is; `None` for what the docker client would use.
    pub(crate) host: Option<String>,
    /// Labels that they have, `key` or `key=value`.
    pub(crate) labels: Vec<String>,
}

/// Where a name leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// To these addresses.
    Addresses(Vec<IpAddr>),
    /// To where another name leads.
    Name(Name),
    /// To the container itself.
    Container,
}

const KEYS: &[&str] = &[
    "target",
    "traefik",
    "caddy",
    "services",
    "network",
    "wildcards",
    "compose",
    "variables",
    "engine",
];

pub(super) fn read(entry: &Entry<'_>, reader: &mut Reader) -> Environment {
    let mut environment = Environment {
        name: entry.key.clone(),
        span: entry.span.clone(),
        target: None,
        traefik: Proxy::default(),
        caddy: Proxy::default(),
        services: BTreeMap::new(),
        network: None,
        wildcards: Vec::new(),
        compose: Vec::new(),
        variables: BTreeMap::new(),
        engine: None,
    };
    let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if entry.key.is_empty()
        || !entry.key.chars().all(valid)
        || [CONFIG, POINTERS].contains(&entry.key.as_str())
    {
        reader.bad_at(
            entry.span.clone(),
            format!(
                "the name of an environment has letters, digits, `-`, `_` and `.`, and is not `{CONFIG}` or `{POINTERS}`"
            ),
        );
    }
    for one in reader.entries(entry.value, KEYS) {
        match one.key.as_str() {
            "target" => environment.target = target(one.value, reader),
            "traefik" => traefik_settings(one.value, &mut environment.traefik, reader),
            "caddy" => caddy_settings(one.value, &mut environment.caddy, reader),
            "services" => {
                for service in reader.entries(one.value, &[]) {
                    if let Some(target) = target(service.value, reader) {
                        environment.services.insert(service.key, target);
                    }
                }
            }
            "network" => environment.network = reader.text(one.value).map(|text| text.value),
            "wildcards" => {
                for text in reader.texts(one.value) {
                    match text.value.parse::<Name>() {
                        Ok(name) if name.is_wildcard() => {
                            environment.wildcards.push(Spanned::new(name, text.span));
                        }
                        Ok(_) => reader.bad_at(text.span, "a wildcard begins with `*.`"),
                        Err(error) => reader.bad_at(text.span, error.to_string()),
                    }
                }
            }
            "compose" => {
                for item in reader.items(one.value) {
                    let files = reader.texts(item);
                    if !files.is_empty() {
                        environment.compose.push(files);
                    }
                }
            }
            "variables" => {
                for variable in reader.entries(one.value, &[]) {
                    if let Some(text) = reader.text(variable.value) {
                        environment.variables.insert(variable.key, text.value);
                    }
                }
            }
            _ => environment.engine = engine(one.value, reader),
        }
    }
    environment
}

fn engine(node: &Node, reader: &mut Reader) -> Option<EngineConfig> {
    if let Some(Resolved::Bool(yes)) = node.resolve(Schema::Go) {
        return yes.then(EngineConfig::default);
    }
    let mut engine = EngineConfig::default();
    for entry in reader.entries(node, &["host", "labels"]) {
        if entry.key == "labels" {
            engine.labels = reader
                .texts(entry.value)
                .into_iter()
                .map(|text| text.value)
                .collect();
        } else {
            engine.host = reader.text(entry.value).map(|text| text.value);
        }
    }
    Some(engine)
}

fn traefik_settings(node: &Node, proxy: &mut Proxy<traefik::Settings>, reader: &mut Reader) {
    let keys = [
        "target",
        "exposed-by-default",
        "default-rule",
        "constraints",
    ];
    for entry in reader.entries(node, &keys) {
        match entry.key.as_str() {
            "target" => proxy.target = target(entry.value, reader),
            "exposed-by-default" => {
                proxy.settings.exposed_by_default = reader.boolean(entry.value).unwrap_or(true);
            }
            "default-rule" => {
                if let Some(text) = reader.text(entry.value) {
                    proxy.settings.default_rule = text.value;
                }
            }
            _ => {
                if let Some(text) = reader.text(entry.value) {
                    proxy.settings.constraints = text.value;
                }
            }
        }
    }
}

fn caddy_settings(node: &Node, proxy: &mut Proxy<caddy::Settings>, reader: &mut Reader) {
    for entry in reader.entries(node, &["target", "prefix"]) {
        if entry.key == "target" {
            proxy.target = target(entry.value, reader);
        } else if let Some(text) = reader.text(entry.value) {
            proxy.settings.label_prefix = text.value;
        }
    }
}

/// `container`, an address, several addresses, or a name.
pub(super) fn target(node: &Node, reader: &mut Reader) -> Option<Target> {
    let texts = reader.texts(node);
    if let [one] = texts.as_slice() {
        if one.value == "container" {
            return Some(Target::Container);
        }
        if one.value.parse::<IpAddr>().is_err() {
            return match one.value.parse::<Name>() {
                Ok(name)
                    if name.is_host_name()
                        && !is_address_like(&one.value)
                        && one.value.contains('.') =>
                {
                    Some(Target::Name(name))
                }
                _ => {
                    reader.bad(
                        node,
                        format!(
                            "`{}` is no target: write an address, `container`, or a whole name",
                            one.value
                        ),
                    );
                    None
                }
            };
        }
    }
    let mut addresses = Vec::new();
    for text in texts {
        match text.value.parse::<IpAddr>() {
            Ok(address) if address.is_unspecified() || address.is_multicast() => {
                reader.bad_at(text.span, format!("nobody can be reached at `{address}`"));
            }
            Ok(address) => addresses.push(address),
            Err(_) => reader.bad_at(text.span, format!("`{}` is no address", text.value)),
        }
    }
    addresses.sort_unstable();
    addresses.dedup();
    (!addresses.is_empty()).then_some(Target::Addresses(addresses))
}

/// `192.168.1.300` is a slip and no name.
fn is_address_like(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || c == '.')
}
