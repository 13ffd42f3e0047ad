//! Settings of Traefik that are not in labels.

use go_template::{Template, TemplateError};

use super::super::constraint::Constraint;
use crate::{Container, Finding};

/// The settings of Traefik's docker provider and of the entry points, which are in its static
/// configuration. The defaults are Traefik's own; the entry points are `web` and `websecure`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// `exposedByDefault`: containers are routed unless `traefik.enable` says otherwise.
    pub exposed_by_default: bool,
    /// `defaultRule`: the rule of routers without one, a Go template.
    pub default_rule: String,
    /// `network`: the network to reach containers on; empty for any.
    pub network: String,
    /// `allowEmptyServices`: unhealthy containers keep their routers.
    pub allow_empty_services: bool,
    /// `useBindPortIP`: published addresses are used instead of the container's.
    pub use_bind_port_ip: bool,
    /// `constraints`: which containers count.
    pub constraints: String,
    /// The entry points there are.
    pub entry_points: Vec<EntryPoint>,
}

/// An entry point.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EntryPoint {
    /// Its name.
    pub name: String,
    /// Whether it listens for UDP.
    pub udp: bool,
    /// Whether routers without `entryPoints` are on it.
    pub default: bool,
}

impl EntryPoint {
    /// An entry point as the static configuration has it: `name`, or `name/udp`.
    pub fn new(text: &str) -> Self {
        let (name, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
        Self {
            name: name.to_owned(),
            udp: protocol.eq_ignore_ascii_case("udp"),
            // The one of that name is Traefik's own.
            default: name != "traefik",
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            exposed_by_default: true,
            default_rule: "Host(`{{ normalize .Name }}`)".to_owned(),
            network: String::new(),
            allow_empty_services: false,
            use_bind_port_ip: false,
            constraints: String::new(),
            entry_points: ["web", "websecure", "traefik"]
                .map(EntryPoint::new)
                .to_vec(),
        }
    }
}

impl Settings {
    /// The default rule. Traefik's provider does not start with one that cannot be read.
    pub(super) fn template(&self) -> Result<Template, TemplateError> {
        Template::parse("defaultRule", &self.default_rule, &super::links::options())
    }

    /// Whether the constraints let a container through.
    pub(super) fn matches(&self, container: &Container, findings: &mut Vec<Finding>) -> bool {
        if self.constraints.is_empty() {
            return true;
        }
        match Constraint::parse(&self.constraints) {
            Ok(constraint) => constraint.matches(&container.labels),
            Err(error) => {
                let message = format!("the constraints cannot be read: {error}");
                findings.push(Finding::error("traefik::constraints", message).on(&container.name));
                false
            }
        }
    }

    /// The entry points of routers that name none.
    pub(crate) fn default_entry_points(&self) -> Vec<String> {
        let points = self.entry_points.iter();
        points
            .filter(|point| point.default && !point.udp)
            .map(|point| point.name.clone())
            .collect()
    }

    /// Whether there is an entry point of this name.
    pub(crate) fn has_entry_point(&self, name: &str, udp: bool) -> bool {
        self.entry_points
            .iter()
            .any(|point| point.name == name && point.udp == udp)
    }
}
