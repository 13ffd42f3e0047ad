//! Caddy's labels to routes.

use std::collections::BTreeMap;

use super::{Converted, Loss, LossKind};
use crate::caddy::{Block, Settings, generate_with};
use crate::traefik::Duration;
use crate::{
    Balance, Container, Host, Middleware, PathMatch, Probe, Route, Scheme, Sticky, Tls, synth,
};

/// Stands for the container in upstreams.
const SELF: &str = "container.invalid";

/// The routes of a container.
pub(super) fn read(container: &Container, options: &synth::Options, converted: &mut Converted) {
    let settings = Settings {
        label_prefix: options.caddy_prefix.clone(),
        ..Settings::default()
    };
    let outcome = generate_with(&[(container, vec![SELF.to_owned()])], &settings);
    for finding in outcome.findings {
        let mut loss = Loss::new(LossKind::Option, finding.message);
        loss.key = finding.label.map(|place| place.key);
        converted.losses.push(loss);
    }
    let name = crate::traefik::default_name(container);
    for block in &outcome.blocks {
        if block.is_global() || block.is_snippet() {
            let what = if block.is_global() {
                "global options"
            } else {
                "a snippet"
            };
            let message = format!(
                "{what}: Traefik has these in its static configuration or the file provider"
            );
            converted.losses.push(Loss::new(LossKind::Option, message));
            continue;
        }
        let number = converted.routes.len();
        let name = if number == 0 {
            name.clone()
        } else {
            format!("{name}-{number}")
        };
        site(&name, block, container, converted);
    }
}

fn site(name: &str, block: &Block, container: &Container, converted: &mut Converted) {
    let mut base = Route::new(name, [], 0);
    base.network = container.labels.get("caddy_ingress_network").cloned();
    for key in &block.keys {
        let address = key.trim_end_matches(',');
        let (plain, host) = match address.split_once("://") {
            Some(("http", host)) => (true, host),
            Some((_, host)) => (false, host),
            None => (false, address),
        };
        if plain {
            base.tls = Tls::Off;
        }
        let (host, port) = host.split_once(':').unwrap_or((host, ""));
        if !port.is_empty() {
            let message =
                format!("port {port} of `{address}`: Traefik's entry points say where it listens");
            converted.losses.push(Loss::new(LossKind::Option, message));
        }
        match host.parse::<Host>() {
            Ok(host) => base.hosts.push(host),
            Err(error) => converted
                .losses
                .push(Loss::new(LossKind::Rule, error.to_string())),
        }
    }
    if base.hosts.is_empty() {
        return;
    }
    let mut reader = Reader {
        matchers: matchers(block),
        converted,
    };
    reader.block(&base, block);
}

/// Named matchers with their lines.
fn matchers(block: &Block) -> BTreeMap<String, Vec<Vec<String>>> {
    let named = block.children.iter().filter(|child| child.is_matcher());
    named
        .map(|matcher| {
            let mut lines: Vec<Vec<String>> = matcher
                .children
                .iter()
                .map(|line| line.keys.clone())
                .collect();
            if matcher.keys.len() > 1 {
                lines.push(matcher.keys[1..].to_vec());
            }
            (matcher.name().to_owned(), lines)
        })
        .collect()
}

struct Reader<'c> {
    matchers: BTreeMap<String, Vec<Vec<String>>>,
    converted: &'c mut Converted,
}

impl Reader<'_> {
    fn lose(&mut self, kind: LossKind, message: impl Into<String>) {
        self.converted.losses.push(Loss::new(kind, message));
    }

    /// The directives of a site or of a `handle`: what changes requests first, then proxies.
    fn block(&mut self, base: &Route, block: &Block) {
        let mut base = base.clone();
        self.matchers.extend(matchers(block));
        let mut proxies = Vec::new();
        for child in &block.children {
            match child.name() {
                "reverse_proxy" | "handle" | "handle_path" | "route" => proxies.push(child),
                name if name.starts_with('@') => {}
                _ => self.directive(&mut base, child),
            }
        }
        for child in proxies {
            let words: Vec<&str> = child.keys[1..].iter().map(String::as_str).collect();
            let Some((paths, rest)) = self.paths(&words) else {
                continue;
            };
            let mut route = base.clone();
            if !paths.is_empty() {
                route.paths = paths;
            }
            match child.name() {
                "reverse_proxy" => self.proxy(route, rest, child),
                "handle_path" => {
                    let stripped = route.paths.iter().filter_map(|path| match path {
                        PathMatch::Prefix(path) => Some(path.trim_end_matches('/').to_owned()),
                        PathMatch::Exact(_) => None,
                    });
                    let stripped = stripped.collect();
                    route.middlewares.push(Middleware::StripPrefix(stripped));
                    self.block(&route, child);
                }
                _ => self.block(&route, child),
            }
        }
    }

    /// The paths of a matcher in front of the other words; `None` if it cannot be said.
    fn paths<'w>(&mut self, words: &'w [&'w str]) -> Option<(Vec<PathMatch>, &'w [&'w str])> {
        let pattern = |text: &str| match text.strip_suffix('*') {
            Some(prefix) => PathMatch::Prefix(prefix.to_owned()),
            None => PathMatch::Exact(text.to_owned()),
        };
        let Some((first, rest)) = words.split_first() else {
            return Some((Vec::new(), words));
        };
        if *first == "*" {
            return Some((Vec::new(), rest));
        }
        if first.starts_with('/') {
            return Some((vec![pattern(first)], rest));
        }
        if !first.starts_with('@') {
            return Some((Vec::new(), words));
        }
        let lines = self.matchers.get(*first).cloned().unwrap_or_default();
        if let [line] = lines.as_slice()
            && let Some((kind, patterns)) = line.split_first()
            && kind == "path"
        {
            return Some((patterns.iter().map(|text| pattern(text)).collect(), rest));
        }
        self.lose(
            LossKind::Rule,
            format!("matcher `{first}` has no counterpart in a route; what it guards is left out"),
        );
        None
    }

    /// The addresses that a matcher lets through, if it is `not client_ip …`.
    fn allowed(&self, matcher: &str) -> Option<Vec<String>> {
        match self.matchers.get(matcher)?.as_slice() {
            [line] => match line.as_slice() {
                [not, kind, ranges @ ..]
                    if not == "not" && (kind == "client_ip" || kind == "remote_ip") =>
                {
                    Some(ranges.to_vec())
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn proxy(&mut self, mut route: Route, upstreams: &[&str], block: &Block) {
        if route.hosts.is_empty() {
            return;
        }
        for upstream in upstreams {
            let (scheme, address) = upstream.split_once("://").unwrap_or(("http", upstream));
            let (host, port) = address.rsplit_once(':').unwrap_or((address, ""));
            if host != SELF {
                self.lose(
                    LossKind::LoadBalancer,
                    format!("upstream `{upstream}` is not this container"),
                );
                continue;
            }
            route.scheme = match scheme {
                "https" => Scheme::Https,
                "h2c" => Scheme::H2c,
                _ => Scheme::Http,
            };
            route.port = match (port.parse(), scheme) {
                (Ok(port), _) => port,
                (Err(_), "https") => 443,
                (Err(_), _) => 80,
            };
        }
        if route.port == 0 {
            self.lose(
                LossKind::LoadBalancer,
                format!("route `{}` has no upstream", route.name),
            );
            return;
        }
        for option in &block.children {
            self.proxy_option(&mut route, option);
        }
        let taken = |name: &str| self.converted.routes.iter().any(|other| other.name == name);
        let base = route.name.clone();
        let mut number = 1;
        while taken(&route.name) {
            number += 1;
            route.name = format!("{base}-{number}");
        }
        self.converted.routes.push(route);
    }

    fn proxy_option(&mut self, route: &mut Route, option: &Block) {
        let words: Vec<&str> = option.keys.iter().map(String::as_str).collect();
        let duration = |text: &str| text.parse::<Duration>().ok();
        match words.as_slice() {
            ["health_uri", path] => {
                let probe = route.health.get_or_insert_with(|| Probe::from("/"));
                (*path).clone_into(&mut probe.path);
            }
            ["health_interval", text] => {
                route
                    .health
                    .get_or_insert_with(|| Probe::from("/"))
                    .interval = duration(text);
            }
            ["health_timeout", text] => {
                route.health.get_or_insert_with(|| Probe::from("/")).timeout = duration(text);
            }
            ["lb_try_duration", text] => route.retry = duration(text),
            ["lb_policy", "cookie", name, ..] => {
                route.sticky = Some(Sticky {
                    cookie: Some((*name).to_owned()),
                });
            }
            ["lb_policy", "cookie"] => route.sticky = Some(Sticky::default()),
            ["lb_policy", "round_robin"] => route.balance = Balance::RoundRobin,
            ["lb_policy", "least_conn"] => route.balance = Balance::LeastLoaded,
            ["lb_policy", "ip_hash" | "client_ip_hash"] => route.balance = Balance::ClientAddress,
            ["transport", "http"] if option.child("tls_insecure_skip_verify").is_some() => {
                let message = "unchecked certificates of the container: Traefik needs a servers transport of the file provider";
                self.lose(LossKind::LoadBalancer, message);
            }
            ["header_up", name, value] if !name.starts_with(['+', '>', '?']) => {
                let headers = headers_of(name, value);
                route.middlewares.push(Middleware::RequestHeaders(headers));
            }
            ["header_down", name, value] if !name.starts_with(['+', '>', '?']) => {
                let headers = headers_of(name, value);
                route.middlewares.push(Middleware::ResponseHeaders(headers));
            }
            _ => self.lose(
                LossKind::LoadBalancer,
                format!("`{}` of the proxy", words.join(" ")),
            ),
        }
    }

    fn directive(&mut self, route: &mut Route, directive: &Block) {
        let words: Vec<&str> = directive.keys.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["tls", "internal"] => route.tls = Tls::Internal,
            ["tls"] => {
                let provider = directive.child("dns").and_then(|dns| dns.keys.get(1));
                if let Some(provider) = provider {
                    route.tls = Tls::Dns {
                        provider: provider.clone(),
                        token: String::new(),
                    };
                }
                // The name servers go with the resolver.
                let others = directive.children.iter().map(Block::name);
                for name in others.filter(|name| !matches!(*name, "dns" | "resolvers")) {
                    self.lose(LossKind::Option, format!("`{name}` of `tls`"));
                }
            }
            ["encode", ..] => route.middlewares.push(Middleware::Compress),
            ["uri", "strip_prefix", prefix] => route
                .middlewares
                .push(Middleware::StripPrefix(vec![(*prefix).to_owned()])),
            ["rewrite", "*", target] if target.ends_with("{uri}") => {
                let prefix = target.trim_end_matches("{uri}").to_owned();
                route.middlewares.push(Middleware::AddPrefix(prefix));
            }
            ["basic_auth" | "basicauth"] => {
                let users = directive
                    .children
                    .iter()
                    .filter(|user| user.keys.len() == 2);
                let users = users.map(|user| format!("{}:{}", user.keys[0], user.keys[1]));
                route
                    .middlewares
                    .push(Middleware::BasicAuth(users.collect()));
            }
            ["forward_auth", server] => {
                let uri = directive
                    .child("uri")
                    .and_then(|uri| uri.keys.get(1))
                    .map_or("/", String::as_str);
                let scheme = if server.contains("://") {
                    ""
                } else {
                    "http://"
                };
                let headers = directive.child("copy_headers");
                route.middlewares.push(Middleware::ForwardAuth {
                    address: format!("{scheme}{server}{uri}"),
                    headers: headers
                        .map(|line| line.keys[1..].to_vec())
                        .unwrap_or_default(),
                });
            }
            ["header", name, value] if !name.starts_with(['+', '>', '?', '@', '/', '*']) => {
                route
                    .middlewares
                    .push(Middleware::ResponseHeaders(headers_of(name, value)));
            }
            ["header", name] if name.starts_with('-') => {
                route
                    .middlewares
                    .push(Middleware::ResponseHeaders(headers_of(&name[1..], "")));
            }
            ["header"] => {
                let mut headers = BTreeMap::new();
                for line in &directive.children {
                    match line.keys.as_slice() {
                        [name, value] => headers.extend(headers_of(name, value)),
                        [name] => headers.extend(headers_of(name.trim_start_matches('-'), "")),
                        _ => self.lose(
                            LossKind::Middleware,
                            format!("header `{}`", line.keys.join(" ")),
                        ),
                    }
                }
                route.middlewares.push(Middleware::ResponseHeaders(headers));
            }
            ["request_header", name, value] if !name.starts_with(['+', '@', '/', '*']) => {
                route
                    .middlewares
                    .push(Middleware::RequestHeaders(headers_of(name, value)));
            }
            ["request_header", name] if name.starts_with('-') => {
                route
                    .middlewares
                    .push(Middleware::RequestHeaders(headers_of(&name[1..], "")));
            }
            ["request_body"] => {
                let size = directive
                    .child("max_size")
                    .and_then(|line| line.keys.get(1));
                match size.and_then(|size| bytes(size.as_str())) {
                    Some(bytes) => route.middlewares.push(Middleware::MaxBody(bytes)),
                    None => self.lose(LossKind::Middleware, "options of `request_body`"),
                }
            }
            ["respond" | "error" | "abort", matcher, ..] if matcher.starts_with('@') => {
                match self.allowed(matcher) {
                    Some(ranges) => route.middlewares.push(Middleware::AllowAddresses(ranges)),
                    None => {
                        let message = format!(
                            "`{}` keeps requests out and has no counterpart; its route is left out, it would be open without",
                            words.join(" ")
                        );
                        self.lose(LossKind::Rule, message);
                        route.hosts.clear();
                    }
                }
            }
            ["log", ..] => self.lose(
                LossKind::Option,
                "`log`: Traefik's access log is in its static configuration",
            ),
            _ => self.lose(
                LossKind::Middleware,
                format!("directive `{}`", words.join(" ")),
            ),
        }
    }
}

fn headers_of(name: &str, value: &str) -> BTreeMap<String, String> {
    BTreeMap::from([(name.to_owned(), value.to_owned())])
}

/// `10MB` in bytes.
fn bytes(text: &str) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: u64 = text[..digits].parse().ok()?;
    let unit: u64 = match text[digits..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" | "k" => 1_000,
        "kib" => 1 << 10,
        "mb" | "m" => 1_000_000,
        "mib" => 1 << 20,
        "gb" | "g" => 1_000_000_000,
        "gib" => 1 << 30,
        _ => return None,
    };
    number.checked_mul(unit)
}
