//! What has to fit together: references, names, circles.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use yaml_tree::{Diagnostic, Span};

use crate::document::first_line;
use crate::semantic::error;
use crate::shape::{bytes, integer};
use crate::side_by_side::in_parts;
use crate::text::display;
use crate::value::{Data, Map, Value};

/// Checks the active services of a normalised model. `disabled` are the services whose profiles
/// are not active, `faulty` those that are wrong in themselves: they are known, but not checked.
pub(crate) fn check(
    root: &Value,
    disabled: &Map,
    faulty: &HashSet<String>,
    found: &mut Vec<Diagnostic>,
) {
    let section = |name: &str| root.get(name).and_then(Value::as_map);
    let empty = Map::new();
    let services = section("services").unwrap_or(&empty);
    let known = Known {
        services,
        networks: section("networks").unwrap_or(&empty),
        volumes: section("volumes").unwrap_or(&empty),
        secrets: section("secrets").unwrap_or(&empty),
        configs: section("configs").unwrap_or(&empty),
        models: section("models").unwrap_or(&empty),
        disabled,
    };
    let all: Vec<_> = services.iter().collect();
    let parts = in_parts(&all, |services| {
        let mut found = Vec::new();
        for (name, service) in services {
            if faulty.contains(&***name) {
                continue;
            }
            Checker {
                name,
                service,
                known: &known,
                found: &mut found,
            }
            .check();
        }
        found
    });
    found.extend(parts.into_iter().flatten());
    if let Some(jobs) = section("jobs") {
        job_dependencies(jobs, services, found);
    }
    secrets(known.secrets, found);
    circles(services, found);
}

/// A secret has to come from somewhere, used or not.
fn secrets(secrets: &Map, found: &mut Vec<Diagnostic>) {
    for (name, secret) in secrets.iter() {
        let written = |key: &str| {
            let value = secret.get(key).map(display);
            value.is_some_and(|text| !text.is_empty())
        };
        let external = secret.get("external").and_then(Value::as_bool) == Some(true);
        if !external && !written("file") && !written("environment") {
            let message = format!("secret {name:?} must declare either `file` or `environment`");
            found.push(error("compose::file-object", message, secret.key.as_ref()));
        }
    }
}

/// Of jobs only what they wait for is looked at: a service or another job.
fn job_dependencies(jobs: &Map, services: &Map, found: &mut Vec<Diagnostic>) {
    for (name, job) in jobs.iter() {
        let dependencies = job.get("depends_on").and_then(Value::as_map);
        for (wanted, dependency) in dependencies.into_iter().flat_map(Map::iter) {
            if !services.contains_key(wanted) && !jobs.contains_key(wanted) {
                let message =
                    format!("job {name:?} depends on undefined service or job {wanted:?}");
                let place = dependency.key.as_ref().or(dependency.span.as_ref());
                let place = place.or(job.key.as_ref());
                found.push(error("compose::undefined", message, place));
            }
        }
    }
}

struct Known<'v> {
    services: &'v Map,
    networks: &'v Map,
    volumes: &'v Map,
    secrets: &'v Map,
    configs: &'v Map,
    models: &'v Map,
    disabled: &'v Map,
}

struct Checker<'v, 'f> {
    name: &'v str,
    service: &'v Value,
    known: &'v Known<'v>,
    found: &'f mut Vec<Diagnostic>,
}

impl<'v> Checker<'v, '_> {
    fn get(&self, key: &str) -> Option<&'v Value> {
        self.service.get(key).filter(|value| !value.is_null())
    }

    fn items(&self, key: &str) -> &'v [Value] {
        self.get(key).and_then(Value::as_list).unwrap_or_default()
    }

    fn entries(&self, key: &str) -> impl Iterator<Item = (&'v str, &'v Value)> + use<'v> {
        let map = self.get(key).and_then(Value::as_map);
        map.into_iter()
            .flat_map(Map::iter)
            .map(|(key, value)| (&**key, value))
    }

    fn refuse(&mut self, code: &'static str, message: impl Into<String>, place: Option<&Span>) {
        let place = place.or(self.service.key.as_ref());
        self.found.push(error(code, message, place));
    }

    fn undefined(&mut self, what: &str, wanted: &str, place: Option<&Span>, known: &Map) {
        let name = self.name;
        let message = format!("service {name:?} refers to undefined {what} {wanted}");
        let diagnostic = error(
            "compose::undefined",
            message,
            place.or(self.service.key.as_ref()),
        );
        self.found.push(
            match yaml_tree::nearest(wanted, known.keys().map(|key| &**key)) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.help(format!(
                    "define it under `{}` at the top level",
                    section_of(what)
                )),
            },
        );
    }

    fn check(&mut self) {
        self.source();
        self.build();
        self.networks();
        self.volumes();
        self.mounted_files();
        self.models();
        self.dependencies();
        self.healthcheck();
        self.limits();
        self.watch();
        self.targets();
    }

    fn source(&mut self) {
        let has = |key: &str| self.get(key).is_some();
        let image = self
            .get("image")
            .is_some_and(|image| !display(image).is_empty());
        if !image && !has("build") && !has("provider") {
            let message = format!(
                "service {:?} has neither an image nor a build context specified",
                self.name
            );
            self.refuse("compose::no-image", message, None);
        }
    }

    fn build(&mut self) {
        let Some(build) = self.get("build") else {
            return;
        };
        let written = |key: &str| build.get(key).filter(|value| !display(value).is_empty());
        if let (Some(_), Some(inline)) = (written("dockerfile"), written("dockerfile_inline")) {
            let message = format!(
                "service {:?} declares mutually exclusive dockerfile and dockerfile_inline",
                self.name
            );
            self.refuse("compose::build", message, inline.key.as_ref());
        }
        for (name, context) in build
            .get("additional_contexts")
            .and_then(Value::as_map)
            .into_iter()
            .flat_map(Map::iter)
        {
            let text = display(context);
            let Some(wanted) = text.strip_prefix("service:") else {
                continue;
            };
            let active = self.known.services.get(wanted);
            match active.or_else(|| self.known.disabled.get(wanted)) {
                None => {
                    let message = format!(
                        "service {:?} declares unknown service {wanted:?} as additional contexts {name}",
                        self.name
                    );
                    self.refuse("compose::undefined", message, context.place());
                }
                Some(other) if other.get("build").is_none_or(Value::is_null) => {
                    let message = format!(
                        "service {:?} declares service {wanted:?} as additional contexts {name}, which has no build",
                        self.name
                    );
                    self.refuse("compose::build", message, context.place());
                }
                Some(_) => {}
            }
        }
        for secret in build
            .get("secrets")
            .and_then(Value::as_list)
            .unwrap_or_default()
        {
            self.secret_reference(secret, "build secret");
        }
        let platforms = build
            .get("platforms")
            .and_then(Value::as_list)
            .unwrap_or_default();
        if let Some(platform) = self.get("platform")
            && !platforms.is_empty()
            && !display(platform).is_empty()
            && !platforms
                .iter()
                .any(|known| display(known) == display(platform))
        {
            let message = format!(
                "{}.build.platforms MUST include service.platform {:?}",
                self.name,
                display(platform)
            );
            self.refuse("compose::platform", message, platform.place());
        }
    }

    fn networks(&mut self) {
        let mode = self.get("network_mode");
        let networks: Vec<_> = self.entries("networks").collect();
        if let (Some(mode), false) = (mode, networks.is_empty()) {
            let message = format!(
                "service {} declares mutually exclusive `network_mode` and `networks`",
                self.name
            );
            self.refuse("compose::network-mode", message, mode.key.as_ref());
        }
        if let Some(mode) = mode
            && let Some(wanted) = display(mode).strip_prefix("service:")
            && !self.known.services.contains_key(wanted)
            // Where dependencies follow from it, one that is missing is reported as such.
            && self.service.at(&["depends_on", wanted]).is_none()
        {
            let message =
                format!("service {wanted:?} not found for network_mode 'service:{wanted}'");
            self.refuse("compose::undefined", message, mode.place());
        }
        for (name, network) in networks {
            // The original takes such a name for an extension.
            if name.starts_with("x-") || !self.known.networks.contains_key(name) {
                let place = network.key.as_ref().or(network.span.as_ref());
                self.undefined("network", name, place, self.known.networks);
            }
        }
    }

    fn volumes(&mut self) {
        for volume in self.items("volumes") {
            let text = |key: &str| volume.get(key).map(display).unwrap_or_default();
            let source = text("source");
            if text("type") == "volume"
                && !source.is_empty()
                && !self.known.volumes.contains_key(&source)
            {
                self.undefined("volume", &source, volume.place(), self.known.volumes);
            }
        }
    }

    fn secret_reference(&mut self, secret: &'v Value, what: &str) {
        let source = secret.get("source").map(display).unwrap_or_default();
        if !self.known.secrets.contains_key(&source) {
            self.undefined(what, &source, secret.place(), self.known.secrets);
        }
    }

    fn mounted_files(&mut self) {
        for secret in self.items("secrets") {
            self.secret_reference(secret, "secret");
        }
        for config in self.items("configs") {
            let source = config.get("source").map(display).unwrap_or_default();
            if !self.known.configs.contains_key(&source) {
                self.undefined("config", &source, config.place(), self.known.configs);
            }
        }
    }

    fn models(&mut self) {
        let models: Vec<_> = self.entries("models").collect();
        for (name, model) in models {
            if !self.known.models.contains_key(name) {
                self.undefined(
                    "model",
                    name,
                    model.key.as_ref().or(model.span.as_ref()),
                    self.known.models,
                );
            }
        }
    }

    fn dependencies(&mut self) {
        let dependencies: Vec<_> = self.entries("depends_on").collect();
        for (name, dependency) in dependencies {
            let optional = dependency.get("required").and_then(Value::as_bool) == Some(false);
            if optional && self.known.disabled.contains_key(name) {
                continue;
            }
            if name == self.name {
                let message = format!("dependency cycle detected: {name} -> {name}");
                self.refuse(
                    "compose::dependency-cycle",
                    message,
                    dependency.key.as_ref(),
                );
            } else if !self.known.services.contains_key(name) {
                let message = format!(
                    "service {:?} depends on undefined service {name:?}",
                    self.name
                );
                let place = dependency.key.as_ref().or(dependency.span.as_ref());
                let near = yaml_tree::nearest(name, self.known.services.keys().map(|key| &**key));
                let diagnostic = error(
                    "compose::undefined",
                    message,
                    place.or(self.service.key.as_ref()),
                );
                self.found.push(match near {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                    None => diagnostic,
                });
            }
        }
    }

    fn healthcheck(&mut self) {
        let Some(test) = self.get("healthcheck").and_then(|check| check.get("test")) else {
            return;
        };
        let Data::List(items) = &test.data else {
            return;
        };
        let Some(first) = items.first() else { return };
        if !matches!(&*display(first), "NONE" | "CMD" | "CMD-SHELL") {
            let message =
                "healthcheck.test must start either by \"CMD\", \"CMD-SHELL\" or \"NONE\"";
            self.refuse("compose::healthcheck", message, first.place());
        }
    }

    /// Limits that can be written in two places must agree.
    fn limits(&mut self) {
        let deploy = self.get("deploy");
        let limits = |path: &[&str]| deploy.and_then(|deploy| deploy.at(path));
        let same = |one: &Value, other: &Value| match (bytes(one), bytes(other)) {
            (Some(one), Some(other)) => one == other,
            _ => display(one) == display(other),
        };
        for (path, number) in [
            ("scale", self.get("scale")),
            ("deploy.replicas", limits(&["replicas"])),
        ] {
            if let Some(number) = number
                && integer(number).is_some_and(|number| number < 0)
            {
                let message = format!(
                    "services.{}.{path}: must be greater than or equal to 0",
                    self.name
                );
                self.refuse("compose::bad-value", message, number.place());
            }
        }
        let pairs = [
            ("scale", "replicas", limits(&["replicas"])),
            (
                "cpus",
                "resources.limits.cpus",
                limits(&["resources", "limits", "cpus"]),
            ),
            (
                "mem_limit",
                "resources.limits.memory",
                limits(&["resources", "limits", "memory"]),
            ),
            (
                "mem_reservation",
                "resources.reservations.memory",
                limits(&["resources", "reservations", "memory"]),
            ),
            (
                "pids_limit",
                "resources.limits.pids",
                limits(&["resources", "limits", "pids"]),
            ),
        ];
        for (key, path, deployed) in pairs {
            if let (Some(own), Some(deployed)) = (self.get(key), deployed)
                && !same(own, deployed)
            {
                let message = format!(
                    "services.{}: can't set distinct values on '{key}' and 'deploy.{path}'",
                    self.name
                );
                self.refuse("compose::distinct-values", message, own.key.as_ref());
            }
        }
        let scale = self.get("scale").or_else(|| limits(&["replicas"]));
        if let (Some(name), Some(scale)) = (self.get("container_name"), scale)
            && integer(scale).is_some_and(|scale| scale > 1)
        {
            let message = format!(
                "services.{}: can't set container_name and scale as container name must be unique",
                self.name
            );
            self.refuse("compose::container-name", message, name.key.as_ref());
        }
    }

    fn watch(&mut self) {
        let watches = self.get("develop").and_then(|develop| develop.get("watch"));
        for watch in watches.and_then(Value::as_list).unwrap_or_default() {
            let action = watch.get("action").map(display).unwrap_or_default();
            let target = watch.get("target").map(display).unwrap_or_default();
            if matches!(&*action, "sync" | "sync+restart" | "sync+exec") && target.is_empty() {
                let message = format!(
                    "services.{}.develop.watch: target is required for the action {action}",
                    self.name
                );
                self.refuse("compose::watch", message, watch.place());
            }
        }
    }

    /// No two mounts at one place; configs and secrets may lie over them.
    fn targets(&mut self) {
        let mut seen: HashMap<Cow<'_, str>, (&str, usize)> = HashMap::new();
        let (name, service) = (self.name, self.service);
        let items = |key: &str| {
            service
                .get(key)
                .and_then(Value::as_list)
                .unwrap_or_default()
        };
        let tmpfs = items("tmpfs").iter().enumerate().map(|(at, item)| {
            let target = match display(item) {
                Cow::Borrowed(text) => text.split(':').next().unwrap_or_default().into(),
                Cow::Owned(text) => text.split(':').next().unwrap_or_default().to_owned().into(),
            };
            (("tmpfs", at), target, item)
        });
        let volumes = items("volumes").iter().enumerate().map(|(at, item)| {
            let target = item.get("target").map(display).unwrap_or_default();
            (("volumes", at), target, item)
        });
        let shown = |(key, at): (&str, usize)| format!("services.{name}.{key}[{at}]");
        let mut clashes = Vec::new();
        for (place, target, item) in tmpfs.chain(volumes) {
            if let Some(earlier) = seen.get(&target) {
                let (place, earlier) = (shown(place), shown(*earlier));
                clashes.push((
                    format!("{place}: target {target} already mounted as {earlier}"),
                    item,
                ));
            } else {
                seen.insert(target, place);
            }
        }
        for (message, item) in clashes {
            self.refuse("compose::same-target", message, item.place());
        }
    }
}

fn section_of(what: &str) -> &str {
    match what {
        "network" => "networks",
        "volume" => "volumes",
        "config" => "configs",
        "model" => "models",
        _ => "secrets",
    }
}

/// Checks that no two of the services that are left have the same `container_name`.
pub(crate) fn container_names(root: &Value, found: &mut Vec<Diagnostic>) {
    let Some(services) = root.get("services").and_then(Value::as_map) else {
        return;
    };
    let mut seen: HashMap<String, (&str, &Value)> = HashMap::new();
    for (name, service) in services.iter() {
        let Some(value) = service.get("container_name") else {
            continue;
        };
        let text = display(value).into_owned();
        if text.is_empty() {
            continue;
        }
        if let Some((other, first)) = seen.get(&text) {
            let message = format!(
                "services.{name}: container name {text:?} is already in use by service {other}"
            );
            let mut diagnostic = error("compose::container-name", message, value.place());
            if let Some(place) = first.place() {
                diagnostic = diagnostic.secondary(first_line(place), "first used here");
            }
            found.push(diagnostic);
        } else {
            seen.insert(text, (name, value));
        }
    }
}

/// Circles of `depends_on`, each once.
fn circles(services: &Map, found: &mut Vec<Diagnostic>) {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        Open,
        Done,
    }
    let mut state: HashMap<&str, State> = HashMap::new();
    let mut names: Vec<&str> = services.keys().map(|key| &**key).collect();
    names.sort_unstable();
    let edges = |name: &str| -> Vec<&str> {
        let map = services
            .get(name)
            .and_then(|service| service.get("depends_on")?.as_map());
        let mut edges: Vec<_> = map
            .into_iter()
            .flat_map(Map::keys)
            .map(|key| &**key)
            .collect();
        edges.sort_unstable();
        edges
    };
    for start in names {
        // Depth first without recursion: a project may have thousands of services in a row.
        let mut stack: Vec<(&str, Vec<&str>, usize)> = Vec::new();
        if !state.contains_key(start) {
            state.insert(start, State::Open);
            stack.push((start, edges(start), 0));
        }
        while let Some((name, targets, at)) = stack.last_mut() {
            let Some(target) = targets.get(*at).copied() else {
                state.insert(name, State::Done);
                stack.pop();
                continue;
            };
            *at += 1;
            let name = *name;
            if target == name || !services.contains_key(target) {
                continue;
            }
            match state.get(target) {
                None => {
                    state.insert(target, State::Open);
                    stack.push((target, edges(target), 0));
                }
                Some(State::Done) => {}
                Some(State::Open) => {
                    let from = stack.iter().position(|(known, _, _)| *known == target);
                    let hops: Vec<_> = stack[from.unwrap_or(0)..]
                        .iter()
                        .map(|(hop, _, _)| *hop)
                        .chain([target])
                        .collect();
                    let message = format!("dependency cycle detected: {}", hops.join(" -> "));
                    let dependency = services
                        .get(name)
                        .and_then(|service| service.get("depends_on")?.get(target));
                    let place = dependency.and_then(|it| it.key.as_ref().or(it.span.as_ref()));
                    found.push(error("compose::dependency-cycle", message, place));
                }
            }
        }
    }
}
