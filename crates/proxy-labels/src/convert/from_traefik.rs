//! Traefik's labels to routes.

use std::collections::BTreeMap;

use super::{Converted, Loss, LossKind};
use crate::rule::{self, Expression, ExpressionKind};
use crate::traefik::{Block, Configuration, Duration, Protocol, Value};
use crate::{Balance, Container, Host, Middleware, PathMatch, Probe, Route, Scheme, Sticky, Tls};

/// The routes of a container.
pub(super) fn read(container: &Container, converted: &mut Converted) {
    let pairs = container
        .labels
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()));
    let mut errors = Vec::new();
    let declared = Configuration::decode(pairs, &mut errors);
    for error in errors {
        let mut loss = Loss::new(LossKind::Option, format!("cannot be read: {}", error.kind));
        loss.key = Some(error.key);
        converted.losses.push(loss);
    }
    for protocol in [Protocol::Tcp, Protocol::Udp] {
        for name in declared.section(protocol).routers.keys() {
            let protocol = protocol.name().to_uppercase();
            let message = format!(
                "{protocol} router `{name}`: stock Caddy proxies HTTP alone (`layer4` is a module)"
            );
            converted
                .losses
                .push(Loss::new(LossKind::Protocol, message));
        }
    }
    let reader = Reader {
        container,
        declared: &declared,
    };
    for (name, router) in &declared.http.routers {
        reader.router(name, router, converted);
    }
}

struct Reader<'c> {
    container: &'c Container,
    declared: &'c Configuration,
}

impl Reader<'_> {
    fn router(&self, name: &str, router: &Block, converted: &mut Converted) {
        let lose = |converted: &mut Converted, kind, message: String| {
            let mut loss = Loss::new(kind, message);
            let key = format!("traefik.http.routers.{name}.rule");
            let found = self
                .container
                .labels
                .keys()
                .find(|known| known.eq_ignore_ascii_case(&key));
            loss.key = found.cloned();
            converted.losses.push(loss);
        };
        let Some(text) = router.text("rule") else {
            return lose(
                converted,
                LossKind::Rule,
                format!("router `{name}` has no rule of its own"),
            );
        };
        let targets = match rule::parse(text) {
            Err(error) => {
                return lose(
                    converted,
                    LossKind::Rule,
                    format!("the rule of `{name}` cannot be read: {error}"),
                );
            }
            Ok(parsed) => targets(&parsed),
        };
        let targets = match targets {
            Ok(targets) => targets,
            Err(what) => {
                let message =
                    format!("router `{name}` is left out: {what} has no counterpart in a route");
                return lose(converted, LossKind::Rule, message);
            }
        };
        let plain = |point: &String| matches!(point.as_str(), "web" | "http");
        let points = router.list("entryPoints");
        let on_plain = !points.is_empty() && points.iter().all(plain);
        let mut middlewares = Vec::new();
        for reference in router.list("middlewares") {
            self.middleware(reference, &mut middlewares, converted, 0);
        }
        // Caddy sends plain HTTP to HTTPS by itself.
        if on_plain && middlewares.contains(&Middleware::RedirectToHttps) {
            return;
        }
        let several = targets.len() > 1;
        for (at, (hosts, paths)) in targets.into_iter().enumerate() {
            let name = if several {
                format!("{name}-{}", at + 1)
            } else {
                name.to_owned()
            };
            let mut route = Route::new(name, hosts, 0);
            route.paths = paths;
            route.middlewares.clone_from(&middlewares);
            route.priority = router.int("priority");
            route.network = self.container.labels.get("traefik.docker.network").cloned();
            route.tls = match router.text("tls.certResolver") {
                Some(resolver) => Tls::Resolver(resolver.to_owned()),
                None if on_plain && router.block("tls").is_none() => Tls::Off,
                None => Tls::Default,
            };
            self.service(router, &mut route, converted);
            if route.port == 0 {
                let message = format!(
                    "route `{}` has no port: no label gives one, and the container exposes none",
                    route.name
                );
                converted.losses.push(Loss::new(LossKind::Option, message));
                continue;
            }
            converted.routes.push(route);
        }
    }

    fn service(&self, router: &Block, route: &mut Route, converted: &mut Converted) {
        let services = &self.declared.http.services;
        let named = router
            .text("service")
            .map(|name| name.trim_end_matches("@docker"));
        let service = match named {
            Some(name) => services.get(name),
            None => services.values().next().filter(|_| services.len() == 1),
        };
        let lowest = self.container.port_numbers().first().copied();
        route.port = lowest
            .and_then(|port| u16::try_from(port).ok())
            .unwrap_or_default();
        let Some(service) = service else {
            if let Some(name) = named {
                let message =
                    format!("service `{name}` is declared elsewhere; its port is not known here");
                converted
                    .losses
                    .push(Loss::new(LossKind::LoadBalancer, message));
            }
            return;
        };
        let mut lose = |what: &str| {
            let message = format!("{what} of the service of `{}`", route.name);
            converted
                .losses
                .push(Loss::new(LossKind::LoadBalancer, message));
        };
        for server in service.blocks("loadBalancer.servers") {
            if let Some(port) = server.text("port").and_then(|port| port.parse().ok()) {
                route.port = port;
            }
            match server.text("scheme") {
                Some("https") => route.scheme = Scheme::Https,
                Some("h2c") => route.scheme = Scheme::H2c,
                _ => {}
            }
            if server.text("url").is_some() {
                lose("the fixed address");
            }
        }
        if let Some(health) = service.block("loadBalancer.healthCheck") {
            let duration = |field: &str, default: i64| match health.get(field) {
                Some(Value::Duration(found)) if *found != Duration::from_millis(default) => {
                    Some(*found)
                }
                _ => None,
            };
            route.health = Some(Probe {
                path: health.text("path").unwrap_or("/").to_owned(),
                interval: duration("interval", 30_000),
                timeout: duration("timeout", 5_000),
            });
        }
        if let Some(cookie) = service.block("loadBalancer.sticky.cookie") {
            route.sticky = Some(Sticky {
                cookie: cookie.text("name").map(str::to_owned),
            });
        }
        route.balance = match service.text("loadBalancer.strategy") {
            Some("p2c" | "leasttime") => Balance::LeastLoaded,
            Some("hrw") => Balance::ClientAddress,
            _ => Balance::Default,
        };
        if service.text("loadBalancer.serversTransport").is_some() {
            lose("the servers transport");
        }
        if !service.flag("loadBalancer.passHostHeader") {
            lose("`passHostHeader=false`");
        }
        if service.block("loadBalancer.passiveHealthCheck").is_some() {
            lose("the passive health check");
        }
    }

    fn middleware(
        &self,
        reference: &str,
        out: &mut Vec<Middleware>,
        converted: &mut Converted,
        depth: usize,
    ) {
        let name = reference.trim_end_matches("@docker");
        // What may keep people out becomes a snippet that has to be written: without it Caddy does
        // not start, where leaving it out would open the door.
        let guard = |converted: &mut Converted, out: &mut Vec<Middleware>, what: &str| {
            let snippet = name.split('@').next().unwrap_or(name);
            let message = format!(
                "middleware `{reference}`: {what}; write the snippet `({snippet})` for it, the route imports it"
            );
            converted
                .losses
                .push(Loss::new(LossKind::Middleware, message));
            out.push(Middleware::Named(snippet.to_owned()));
        };
        let Some(middleware) = self.declared.http.middlewares.get(name) else {
            return guard(
                converted,
                out,
                "it is declared elsewhere, and what it does is not known here",
            );
        };
        for (kind, value) in middleware.iter() {
            let Value::Block(block) = value else {
                guard(converted, out, "a plugin has no counterpart");
                continue;
            };
            let mut lose = |what: &str| {
                let message =
                    format!("middleware `{name}`: {what} has no counterpart in stock Caddy");
                converted
                    .losses
                    .push(Loss::new(LossKind::Middleware, message));
            };
            match kind {
                "chain" if depth < 20 => {
                    for next in block.list("middlewares") {
                        self.middleware(next, out, converted, depth + 1);
                    }
                    return;
                }
                "addPrefix" => out.extend(
                    block
                        .text("prefix")
                        .map(|prefix| Middleware::AddPrefix(prefix.to_owned())),
                ),
                "stripPrefix" => out.push(Middleware::StripPrefix(block.list("prefixes").to_vec())),
                "basicAuth" => out.push(Middleware::BasicAuth(block.list("users").to_vec())),
                "forwardAuth" => {
                    out.extend(
                        block
                            .text("address")
                            .map(|address| Middleware::ForwardAuth {
                                address: address.to_owned(),
                                headers: block.list("authResponseHeaders").to_vec(),
                            }),
                    );
                }
                "compress" => out.push(Middleware::Compress),
                "ipAllowList" | "ipWhiteList" => out.push(Middleware::AllowAddresses(
                    block.list("sourceRange").to_vec(),
                )),
                "redirectScheme" if block.text("scheme") == Some("https") => {
                    out.push(Middleware::RedirectToHttps);
                }
                "buffering" => match block
                    .int("maxRequestBodyBytes")
                    .and_then(|bytes| u64::try_from(bytes).ok())
                {
                    Some(bytes) => out.push(Middleware::MaxBody(bytes)),
                    None => lose("buffering"),
                },
                "headers" => headers(block, out, &mut lose),
                "rateLimit" => {
                    let number = |field: &str, default: u64| {
                        block
                            .int(field)
                            .and_then(|number| u64::try_from(number).ok())
                            .unwrap_or(default)
                    };
                    let period = match block.get("period") {
                        Some(Value::Duration(period)) => *period,
                        _ => Duration::from_millis(1_000),
                    };
                    out.push(Middleware::RateLimit {
                        average: number("average", 0),
                        burst: number("burst", 1),
                        period,
                    });
                }
                "digestAuth" => guard(converted, out, "digests have no counterpart"),
                other => lose(&format!("`{other}`")),
            }
        }
    }
}

fn headers(block: &Block, out: &mut Vec<Middleware>, lose: &mut dyn FnMut(&str)) {
    let map = |field: &str| -> BTreeMap<String, String> {
        match block.get(field) {
            Some(Value::Map(map)) => map
                .iter()
                .filter_map(|(name, value)| match value {
                    Value::Text(text) => Some((name.clone(), text.clone())),
                    _ => None,
                })
                .collect(),
            _ => BTreeMap::new(),
        }
    };
    let request = map("customRequestHeaders");
    if !request.is_empty() {
        out.push(Middleware::RequestHeaders(request));
    }
    let mut response = map("customResponseHeaders");
    let mut set = |name: &str, value: String| {
        response.insert(name.to_owned(), value);
    };
    for (field, value) in block.iter() {
        match (field, value) {
            (
                "customRequestHeaders"
                | "customResponseHeaders"
                | "stsIncludeSubdomains"
                | "stsPreload"
                | "forceSTSHeader",
                _,
            ) => {}
            ("stsSeconds", Value::Int(0)) => {}
            ("stsSeconds", Value::Int(seconds)) => {
                let mut text = format!("max-age={seconds}");
                if block.flag("stsIncludeSubdomains") {
                    text.push_str("; includeSubDomains");
                }
                if block.flag("stsPreload") {
                    text.push_str("; preload");
                }
                set("Strict-Transport-Security", text);
            }
            ("frameDeny", _) if block.text("customFrameOptionsValue").is_none() => {
                set("X-Frame-Options", "DENY".to_owned());
            }
            ("frameDeny", _) => {}
            ("customFrameOptionsValue", Value::Text(text)) => set("X-Frame-Options", text.clone()),
            ("contentTypeNosniff", _) => set("X-Content-Type-Options", "nosniff".to_owned()),
            ("contentSecurityPolicy", Value::Text(text)) => {
                set("Content-Security-Policy", text.clone());
            }
            ("referrerPolicy", Value::Text(text)) => set("Referrer-Policy", text.clone()),
            ("permissionsPolicy", Value::Text(text)) => set("Permissions-Policy", text.clone()),
            // Given up by browsers.
            ("browserXssFilter" | "customBrowserXSSValue", _) => {}
            (other, _) => lose(&format!("`headers.{other}`")),
        }
    }
    if !response.is_empty() {
        out.push(Middleware::ResponseHeaders(response));
    }
}

type Target = (Vec<Host>, Vec<PathMatch>);

/// A rule as hosts with paths, any of which match.
fn targets(expression: &Expression) -> Result<Vec<Target>, String> {
    let expression = expression.inner();
    if let Some(hosts) = hosts(expression)? {
        return Ok(vec![(hosts, Vec::new())]);
    }
    match &expression.kind {
        ExpressionKind::Or(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(targets(part)?);
            }
            Ok(all)
        }
        ExpressionKind::And(parts) => {
            let (mut all_hosts, mut all_paths) = (None, None);
            for part in parts {
                if let Some(found) = hosts(part)? {
                    if all_hosts.replace(found).is_some() {
                        return Err("two conditions about hosts".to_owned());
                    }
                } else if let Some(found) = paths(part)? {
                    if all_paths.replace(found).is_some() {
                        return Err("two conditions about paths".to_owned());
                    }
                } else {
                    return Err(format!("`{part}`"));
                }
            }
            match all_hosts {
                Some(hosts) => Ok(vec![(hosts, all_paths.unwrap_or_default())]),
                None => Err("a rule without a host".to_owned()),
            }
        }
        _ => Err(format!("`{expression}`")),
    }
}

/// Nothing but hosts, any of them.
fn hosts(expression: &Expression) -> Result<Option<Vec<Host>>, String> {
    let expression = expression.inner();
    match &expression.kind {
        ExpressionKind::Call(call) if call.is("Host") => {
            let hosts = call
                .arguments
                .iter()
                .map(|argument| argument.value.parse::<Host>());
            let hosts: Result<Vec<Host>, _> = hosts.collect();
            hosts.map(Some).map_err(|error| error.to_string())
        }
        ExpressionKind::Or(parts) => {
            let mut all = Vec::new();
            for part in parts {
                match hosts(part)? {
                    Some(found) => all.extend(found),
                    None => return Ok(None),
                }
            }
            Ok(Some(all))
        }
        _ => Ok(None),
    }
}

/// Nothing but paths, any of them.
fn paths(expression: &Expression) -> Result<Option<Vec<PathMatch>>, String> {
    let expression = expression.inner();
    match &expression.kind {
        ExpressionKind::Call(call) if call.is("PathPrefix") || call.is("Path") => {
            let exact = call.is("Path");
            let paths = call.arguments.iter().map(|argument| {
                let path = argument.value.clone();
                if exact {
                    PathMatch::Exact(path)
                } else {
                    PathMatch::Prefix(path)
                }
            });
            Ok(Some(paths.collect()))
        }
        ExpressionKind::Or(parts) => {
            let mut all = Vec::new();
            for part in parts {
                match paths(part)? {
                    Some(found) => all.extend(found),
                    None => return Ok(None),
                }
            }
            Ok(Some(all))
        }
        _ => Ok(None),
    }
}
