//! Traefik: values that are taken and do not do what they look like.

use super::Context;
use crate::facts::{self, Proxy, Topic};
use crate::rule;
use crate::traefik::{Block, Configuration, Protocol};
use crate::{Container, Finding, Health, LabelFix};

/// The values of one container.
pub(super) fn check(container: &Container, context: &Context, found: &mut Vec<Finding>) {
    let pairs = container
        .labels
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()));
    let mut errors = Vec::new();
    let declared = Configuration::decode(pairs, &mut errors);
    let here = Here { container, context };
    for protocol in [Protocol::Http, Protocol::Tcp] {
        for (name, router) in &declared.section(protocol).routers {
            here.router(protocol, name, router, found);
        }
    }
    for protocol in Protocol::ALL {
        for (name, service) in &declared.section(protocol).services {
            here.service(protocol, name, service, found);
        }
    }
    for (name, middleware) in &declared.http.middlewares {
        here.middleware(name, middleware, found);
    }
    if !declared.http.is_empty() {
        here.gate(found);
    }
}

struct Here<'c> {
    container: &'c Container,
    context: &'c Context,
}

impl Here<'_> {
    /// The key as it is written, whatever its case.
    fn key(&self, wanted: &str) -> String {
        let mut keys = self.container.labels.keys();
        let found = keys.find(|key| key.eq_ignore_ascii_case(wanted));
        found.map_or_else(|| wanted.to_owned(), Clone::clone)
    }

    fn router(&self, protocol: Protocol, name: &str, router: &Block, found: &mut Vec<Finding>) {
        let prefix = format!("traefik.{}.routers.{name}", protocol.name());
        if let Some(text) = router.text("rule")
            && let Ok(parsed) = rule::parse(text)
        {
            for call in parsed.calls() {
                if call.is("Host") || call.is("HostSNI") {
                    for argument in &call.arguments {
                        self.host(&format!("{prefix}.rule"), argument, text, found);
                    }
                }
            }
            let by_pattern = parsed.hosts().is_empty()
                && parsed.calls().iter().any(|call| call.is("HostRegexp"));
            if by_pattern
                && router.text("tls.certResolver").is_some()
                && router.get("tls.domains").is_none()
            {
                let message = "no certificate is asked for: the rule has no `Host`, and there are no `tls.domains`";
                found.push(
                    Finding::warning("labels::TRF021", message)
                        .on(&self.container.name)
                        .key(&self.key(&format!("{prefix}.tls.certresolver")))
                        .help(format!(
                            "name the domain with `{prefix}.tls.domains[0].main`"
                        )),
                );
            }
        }
        self.tls(protocol, &prefix, router, found);
        if let (Some(resolver), Some(known)) =
            (router.text("tls.certResolver"), &self.context.resolvers)
            && !known.contains(resolver)
        {
            let message = format!(
                "there is no certificate resolver `{resolver}`; Traefik serves its own certificate and says so in its log alone"
            );
            let key = self.key(&format!("{prefix}.tls.certresolver"));
            let mut finding = Finding::error("labels::TRF011", message)
                .on(&self.container.name)
                .value(&key);
            if let Some(near) = yaml_tree::nearest(resolver, known.iter().map(String::as_str)) {
                finding = finding
                    .help(format!("did you mean `{near}`?"))
                    .fix(LabelFix::SetValue(near.to_owned()));
            }
            found.push(finding);
        }
    }

    fn host(&self, key: &str, argument: &rule::Argument, rule: &str, found: &mut Vec<Finding>) {
        let host = argument.value.as_str();
        if host == "*" || !host.is_ascii() {
            return;
        }
        let bare = host.strip_prefix("*.").unwrap_or(host);
        let (why, better) = if let Some((_, rest)) = host.split_once("://") {
            (
                "a scheme",
                Some(rest.split(['/', ':']).next().unwrap_or_default().to_owned()),
            )
        } else if let Some((name, _)) = host.split_once('/') {
            ("a path", Some(name.to_owned()))
        } else if host.contains('{') {
            ("a pattern of Traefik 2; use `HostRegexp`", None)
        } else if host.contains(char::is_whitespace) {
            ("a blank", Some(host.split_whitespace().collect()))
        } else if host.contains(',') {
            ("a comma; write one `Host` for each name", None)
        } else if bare.contains('*') {
            ("`*` inside", None)
        } else if let Some((name, _)) = host.split_once(':') {
            ("a port", Some(name.to_owned()))
        } else if crate::host::is_name(bare) {
            return;
        } else {
            ("something that is no part of a host name", None)
        };
        let message = format!("the host `{host}` has {why}; no request ever matches it");
        let key = self.key(key);
        let mut finding = Finding::warning("labels::TRF021", message)
            .on(&self.container.name)
            .range(&key, argument.span.clone());
        if let Some(better) = better.filter(|better| crate::host::is_name(better)) {
            let mut fixed = rule.to_owned();
            fixed.replace_range(argument.span.clone(), &format!("`{better}`"));
            finding = finding.fix(LabelFix::SetValue(fixed));
        }
        found.push(finding);
    }

    fn tls(&self, protocol: Protocol, prefix: &str, router: &Block, found: &mut Vec<Finding>) {
        let points = router.list("entryPoints");
        let plain = |name: &String| matches!(name.as_str(), "web" | "http");
        let secure = |name: &String| matches!(name.as_str(), "websecure" | "https");
        let tls = router.block("tls");
        if protocol == Protocol::Http
            && tls.is_some()
            && !points.is_empty()
            && points.iter().all(plain)
        {
            let message = "TLS on an entry point for plain HTTP: no browser gets to it";
            found.push(
                Finding::warning("labels::TRF025", message)
                    .on(&self.container.name)
                    .value(&self.key(&format!("{prefix}.entrypoints")))
                    .help("put the router on `websecure`"),
            );
        }
        if protocol == Protocol::Http && tls.is_none() && points.iter().any(secure) {
            let message = "the router is on an entry point for HTTPS without TLS, so it answers plain HTTP there";
            let key = format!("{prefix}.tls");
            found.push(
                Finding::warning("labels::TRF025", message)
                    .on(&self.container.name)
                    .value(&self.key(&format!("{prefix}.entrypoints")))
                    .help("that is right only if the entry point itself sets TLS")
                    .fix(LabelFix::Add {
                        key,
                        value: "true".to_owned(),
                    }),
            );
        }
        if router.flag("tls.passthrough") && router.text("tls.certResolver").is_some() {
            let message =
                "with `passthrough` the certificate is the server's; the resolver is not used";
            found.push(
                Finding::warning("labels::TRF030", message)
                    .on(&self.container.name)
                    .key(&self.key(&format!("{prefix}.tls.certresolver")))
                    .fix(LabelFix::Remove),
            );
        }
    }

    fn service(&self, protocol: Protocol, name: &str, service: &Block, found: &mut Vec<Finding>) {
        let prefix = format!("traefik.{}.services.{name}.loadbalancer", protocol.name());
        for server in service.blocks("loadBalancer.servers") {
            if let Some(port) = server.text("port") {
                self.port(&format!("{prefix}.server.port"), port, found);
            }
        }
        let Some(health) = service.block("loadBalancer.healthCheck") else {
            return;
        };
        let durations = |field: &str| match health.get(field) {
            Some(crate::traefik::Value::Duration(duration)) => Some(*duration),
            _ => None,
        };
        let key = |field: &str| self.key(&format!("{prefix}.healthcheck.{field}"));
        if protocol == Protocol::Http && health.text("path").is_none() {
            let message = "the health check has no path, so it asks for `/`";
            let at = self.container.labels.keys().find(|key| {
                key.to_ascii_lowercase()
                    .starts_with(&format!("{prefix}.healthcheck").to_ascii_lowercase())
            });
            let at = at.map_or_else(|| key("path"), Clone::clone);
            found.push(
                Finding::warning("labels::TRF029", message)
                    .on(&self.container.name)
                    .key(&at),
            );
        }
        if let (Some(interval), Some(timeout)) = (durations("interval"), durations("timeout"))
            && timeout >= interval
        {
            let message = format!(
                "the health check waits {timeout} for an answer, and asks every {interval}"
            );
            found.push(
                Finding::warning("labels::TRF029", message)
                    .on(&self.container.name)
                    .key(&key("interval"))
                    .help("let `timeout` be shorter than `interval`"),
            );
        }
    }

    /// What keeps requests from a container that is not ready.
    fn gate(&self, found: &mut Vec<Finding>) {
        if !self.context.zero_downtime || self.container.health != Health::None {
            return;
        }
        let message = "nothing keeps requests from a new container before it is ready";
        let needs = facts::needs(Proxy::Traefik, Topic::Gate);
        let finding = needs.fold(
            Finding::warning("labels::TRF029", message),
            |finding, need| finding.help(format!("`{}`: {}", need.setting, need.why)),
        );
        found.push(finding.on(&self.container.name));
    }

    fn port(&self, key: &str, port: &str, found: &mut Vec<Finding>) {
        let key = self.key(key);
        match port.parse::<u32>() {
            Ok(number) if (1..=65_535).contains(&number) => {
                let published = self.context.published.get(&self.container.name);
                let pair = published
                    .into_iter()
                    .flatten()
                    .find(|(host, inside)| host == port && inside != port);
                let inside = published
                    .into_iter()
                    .flatten()
                    .any(|(_, inside)| inside == port);
                if let Some((_, right)) = pair
                    && !inside
                    && !self.container.port_numbers().contains(&number)
                {
                    let message = format!(
                        "{port} is the port on the host; Traefik reaches the container at {right}"
                    );
                    found.push(
                        Finding::warning("labels::TRF013", message)
                            .on(&self.container.name)
                            .value(&key)
                            .fix(LabelFix::SetValue(right.clone())),
                    );
                }
            }
            Ok(_) => {
                let message = format!("there is no port {port}; ports are 1 to 65535");
                found.push(
                    Finding::error("labels::TRF013", message)
                        .on(&self.container.name)
                        .value(&key),
                );
            }
            Err(_) => {
                let message = format!(
                    "`{port}` is no port number; Traefik disables the service and its routers"
                );
                found.push(
                    Finding::error("labels::TRF013", message)
                        .on(&self.container.name)
                        .value(&key),
                );
            }
        }
    }

    fn middleware(&self, name: &str, middleware: &Block, found: &mut Vec<Finding>) {
        let key = format!("traefik.http.middlewares.{name}");
        for prefix in middleware.list("stripPrefix.prefixes") {
            if !prefix.is_empty() && !prefix.starts_with('/') {
                let message = format!(
                    "the prefix `{prefix}` does not begin with `/`, so nothing is stripped"
                );
                found.push(
                    Finding::warning("labels::TRF022", message)
                        .on(&self.container.name)
                        .value(&self.key(&format!("{key}.stripprefix.prefixes"))),
                );
            }
        }
        for kind in ["ipAllowList", "ipWhiteList"] {
            for range in middleware.list(&format!("{kind}.sourceRange")) {
                if !range.is_empty() && !rule::is_address_range(range) {
                    let message = format!(
                        "`{range}` is no IP address or range; what uses the middleware is disabled"
                    );
                    let key = self.key(&format!("{key}.{kind}.sourcerange"));
                    found.push(
                        Finding::error("labels::TRF004", message)
                            .on(&self.container.name)
                            .value(&key),
                    );
                }
            }
        }
    }
}
