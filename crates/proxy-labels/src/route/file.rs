//! Routes from a YAML file.

use std::collections::BTreeMap;

use yaml_tree::{Diagnostic, Node, Options, Parsed, Resolved, Schema, Source, nearest, parse_one};

use super::{Balance, Host, Middleware, PathMatch, Probe, Route, Scheme, Sticky, Tls};
use crate::synth;
use crate::traefik::Duration;

/// What a routes file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RoutesFile {
    /// The routes in order.
    pub routes: Vec<Route>,
    /// How labels are made.
    pub options: synth::Options,
}

/// What may stand in a route, and in `defaults`.
const FIELDS: &[&str] = &[
    "service",
    "host",
    "hosts",
    "path",
    "paths",
    "port",
    "scheme",
    "insecure",
    "tls",
    "middlewares",
    "health",
    "balance",
    "sticky",
    "network",
    "priority",
    "retry",
];

/// Reads a routes file:
///
/// ```
/// use proxy_labels::parse_routes;
/// use yaml_tree::Source;
///
/// let source = Source::new("routes.yaml", "
/// defaults: {tls: {resolver: le}, network: proxy}
/// routes:
///   whoami: {host: whoami.example, port: 8080}
///   wiki:
///     hosts: [wiki.example, notes.example]
///     port: 3000
///     middlewares: [secure-headers, {rate-limit: 100}]
/// ");
/// let file = parse_routes(&source, &|text| Ok(text.to_owned())).into_result().unwrap();
/// assert_eq!(file.routes.len(), 2);
/// assert_eq!(file.routes[1].network.as_deref(), Some("proxy"));
/// ```
///
/// `expand` puts variables into every text, or leaves them as they are.
///
/// Diagnostics: those of [`yaml_tree::parse_one`], and `routes::unknown-key`, `routes::bad-value`,
/// `routes::missing`.
pub fn parse_routes(
    source: &Source,
    expand: &dyn Fn(&str) -> Result<String, String>,
) -> Parsed<RoutesFile> {
    let parsed = parse_one(source, &Options::default());
    let mut reader = Reader {
        expand,
        found: parsed.diagnostics,
    };
    let value = parsed.value.map(|root| reader.file(&root));
    Parsed {
        value,
        diagnostics: reader.found,
    }
}

struct Reader<'e> {
    expand: &'e dyn Fn(&str) -> Result<String, String>,
    found: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn report(&mut self, code: &'static str, node: &Node, message: impl Into<String>) {
        self.found
            .push(Diagnostic::error(code, message).primary(node.span().clone(), ""));
    }

    fn bad(&mut self, node: &Node, message: impl Into<String>) {
        self.report("routes::bad-value", node, message);
    }

    /// The entries of a mapping, whose keys are among `known`.
    fn entries<'n>(&mut self, node: &'n Node, known: &[&str]) -> Vec<(String, &'n Node)> {
        let Some(mapping) = node.as_mapping() else {
            if !node.is_null(Schema::Go) {
                let message = format!("expected a mapping, found {}", node.kind_name(Schema::Go));
                self.bad(node, message);
            }
            return Vec::new();
        };
        let mut entries = Vec::new();
        for entry in mapping.entries() {
            let key = entry.key.as_text().unwrap_or_default();
            if !known.is_empty() && !known.contains(&key) {
                let span = entry.key.span().clone();
                let mut found =
                    Diagnostic::error("routes::unknown-key", format!("there is no `{key}` here"))
                        .primary(span.clone(), "");
                found = match nearest(key, known.iter().copied()) {
                    Some(near) => found.fix(format!("did you mean `{near}`?"), span, near),
                    None => found.help(format!("known are `{}`", known.join("`, `"))),
                };
                self.found.push(found);
                continue;
            }
            entries.push((key.to_owned(), &entry.value));
        }
        entries
    }

    fn text(&mut self, node: &Node) -> Option<String> {
        let Some(text) = node.as_text().filter(|_| !node.is_null(Schema::Go)) else {
            let message = format!("expected a text, found {}", node.kind_name(Schema::Go));
            self.bad(node, message);
            return None;
        };
        match (self.expand)(text) {
            Ok(text) => Some(text),
            Err(message) => {
                self.bad(node, message);
                None
            }
        }
    }

    /// A text, or several in a list.
    fn texts(&mut self, node: &Node) -> Vec<String> {
        match node.as_sequence() {
            Some(items) => items.iter().filter_map(|item| self.text(item)).collect(),
            None => self.text(node).into_iter().collect(),
        }
    }

    fn parsed<T: std::str::FromStr>(&mut self, node: &Node, what: &str) -> Option<T> {
        let text = self.text(node)?;
        if let Ok(value) = text.trim().parse() {
            return Some(value);
        }
        self.bad(node, format!("`{text}` is no {what}"));
        None
    }

    fn one_of<T: Copy>(&mut self, node: &Node, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(node)?;
        if let Some((_, value)) = choices.iter().find(|(name, _)| *name == text) {
            return Some(*value);
        }
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        self.bad(
            node,
            format!("`{text}` is none of `{}`", names.join("`, `")),
        );
        None
    }

    fn file(&mut self, root: &Node) -> RoutesFile {
        let mut file = RoutesFile::default();
        let mut defaults = Route::new("", [], 0);
        let entries = self.entries(root, &["defaults", "routes", "traefik", "caddy"]);
        for (key, node) in &entries {
            match key.as_str() {
                "defaults" => self.fill(&mut defaults, node),
                "traefik" => self.traefik(&mut file.options, node),
                "caddy" => self.caddy(&mut file.options, node),
                _ => {}
            }
        }
        let Some((_, routes)) = entries.iter().find(|(key, _)| key == "routes") else {
            self.report("routes::missing", root, "the file has no `routes`");
            return file;
        };
        for (name, node) in self.entries(routes, &[]) {
            let mut route = Route {
                name: name.clone(),
                ..defaults.clone()
            };
            if !crate::host::is_name(&name) || name.contains('.') {
                self.bad(
                    node,
                    format!("`{name}` is no name for a route: letters, digits and `-`"),
                );
            }
            self.fill(&mut route, node);
            // One that is there and wrong was reported already.
            let given = |name: &str| {
                let value = node.get(name);
                value.is_some_and(|value| value.as_sequence().is_none_or(|list| !list.is_empty()))
            };
            if route.hosts.is_empty() && !given("host") && !given("hosts") {
                self.report(
                    "routes::missing",
                    node,
                    format!("route `{name}` has no `host`"),
                );
            }
            if route.port == 0 && !given("port") {
                self.report(
                    "routes::missing",
                    node,
                    format!("route `{name}` has no `port`"),
                );
            }
            file.routes.push(route);
        }
        file
    }

    fn traefik(&mut self, options: &mut synth::Options, node: &Node) {
        for (key, node) in self.entries(node, &["enable", "entrypoint", "plain-entrypoint"]) {
            let Some(text) = self.text(node) else {
                continue;
            };
            match key.as_str() {
                "enable" => options.traefik_enable = text,
                "entrypoint" => options.entry_point = text,
                _ => options.plain_entry_point = text,
            }
        }
    }

    fn caddy(&mut self, options: &mut synth::Options, node: &Node) {
        for (_, node) in self.entries(node, &["prefix"]) {
            if let Some(text) = self.text(node) {
                options.caddy_prefix = text;
            }
        }
    }

    fn fill(&mut self, route: &mut Route, node: &Node) {
        for (key, node) in self.entries(node, FIELDS) {
            match key.as_str() {
                "service" => route.service = self.text(node),
                "host" | "hosts" => {
                    for text in self.texts(node) {
                        match text.parse::<Host>() {
                            Ok(host) => route.hosts.push(host),
                            Err(error) => self.bad(node, error.to_string()),
                        }
                    }
                }
                "path" | "paths" => {
                    let paths = self.texts(node);
                    route.paths = paths
                        .iter()
                        .filter_map(|path| self.path(path, node))
                        .collect();
                }
                "port" => match self.parsed::<u16>(node, "port; ports are 1 to 65535") {
                    Some(0) => self.bad(node, "there is no port 0; ports are 1 to 65535"),
                    Some(port) => route.port = port,
                    // Said already; no second word about a missing one.
                    None => route.port = 1,
                },
                "scheme" => {
                    let choices = [
                        ("http", Scheme::Http),
                        ("https", Scheme::Https),
                        ("h2c", Scheme::H2c),
                    ];
                    route.scheme = self.one_of(node, &choices).unwrap_or_default();
                }
                "insecure" => route.insecure = self.flag(node),
                "tls" => route.tls = self.tls(node),
                "middlewares" => route.middlewares = self.middlewares(node),
                "health" => route.health = self.probe(node),
                "balance" => {
                    let choices = [
                        ("round-robin", Balance::RoundRobin),
                        ("least-loaded", Balance::LeastLoaded),
                        ("client-address", Balance::ClientAddress),
                    ];
                    route.balance = self.one_of(node, &choices).unwrap_or_default();
                }
                "sticky" => {
                    route.sticky = match node.resolve(Schema::Go) {
                        Some(Resolved::Bool(true)) => Some(Sticky::default()),
                        Some(Resolved::Bool(false)) => None,
                        _ => Some(Sticky {
                            cookie: self.text(node),
                        }),
                    };
                }
                "network" => route.network = self.text(node),
                "priority" => route.priority = self.parsed(node, "whole number"),
                _ => route.retry = self.duration(node),
            }
        }
    }

    fn flag(&mut self, node: &Node) -> bool {
        if let Some(Resolved::Bool(flag)) = node.resolve(Schema::Go) {
            return flag;
        }
        self.bad(node, "expected `true` or `false`");
        false
    }

    fn duration(&mut self, node: &Node) -> Option<Duration> {
        self.parsed(node, "duration; write `30s`, `5m` or `1h`")
    }

    /// `/api` and everything that begins with it; `=/api` is that one alone.
    fn path(&mut self, text: &str, node: &Node) -> Option<PathMatch> {
        let (exact, path) = match text.strip_prefix('=') {
            Some(path) => (true, path),
            None => (false, text.strip_suffix('*').unwrap_or(text)),
        };
        if !path.starts_with('/') || path.contains(['`', ' ', '*']) {
            self.bad(
                node,
                format!("`{text}` is no path: `/api` for all below, `=/api` for that one alone"),
            );
            return None;
        }
        let path = path.to_owned();
        Some(if exact {
            PathMatch::Exact(path)
        } else {
            PathMatch::Prefix(path)
        })
    }

    fn tls(&mut self, node: &Node) -> Tls {
        if let Some(Resolved::Bool(flag)) = node.resolve(Schema::Go) {
            return if flag { Tls::Default } else { Tls::Off };
        }
        if node.as_mapping().is_none() {
            // `off` is a word here and not a boolean.
            let choices = [
                ("off", TlsWord::No),
                ("internal", TlsWord::Internal),
                ("default", TlsWord::Default),
            ];
            return match self.one_of(node, &choices) {
                Some(TlsWord::No) => Tls::Off,
                Some(TlsWord::Internal) => Tls::Internal,
                _ => Tls::Default,
            };
        }
        let mut tls = Tls::Default;
        let mut token = None;
        for (key, node) in self.entries(node, &["resolver", "dns", "token"]) {
            let Some(text) = self.text(node) else {
                continue;
            };
            match key.as_str() {
                "resolver" => tls = Tls::Resolver(text),
                "dns" => tls = Tls::dns(text),
                _ => token = Some(text),
            }
        }
        if let (Tls::Dns { token: default, .. }, Some(token)) = (&mut tls, token) {
            *default = token;
        }
        tls
    }

    fn probe(&mut self, node: &Node) -> Option<Probe> {
        if node.as_mapping().is_none() {
            return self.text(node).map(|path| Probe::from(path.as_str()));
        }
        let mut probe = Probe::from("/");
        for (key, node) in self.entries(node, &["path", "interval", "timeout"]) {
            match key.as_str() {
                "path" => probe.path = self.text(node)?,
                "interval" => probe.interval = self.duration(node),
                _ => probe.timeout = self.duration(node),
            }
        }
        Some(probe)
    }

    fn middlewares(&mut self, node: &Node) -> Vec<Middleware> {
        let items = match node.as_sequence() {
            Some(items) => items.iter().collect(),
            None => vec![node],
        };
        items
            .into_iter()
            .filter_map(|item| self.middleware(item))
            .collect()
    }

    fn middleware(&mut self, node: &Node) -> Option<Middleware> {
        if node.as_mapping().is_none() {
            let name = self.text(node)?;
            return Some(match name.as_str() {
                "secure-headers" => Middleware::SecureHeaders,
                "redirect-to-https" => Middleware::RedirectToHttps,
                "compress" => Middleware::Compress,
                _ => Middleware::Named(name),
            });
        }
        let known = [
            "rate-limit",
            "strip-prefix",
            "add-prefix",
            "basic-auth",
            "forward-auth",
            "request-headers",
            "response-headers",
            "allow-addresses",
            "max-body",
        ];
        let entries = self.entries(node, &known);
        let [(kind, node)] = entries.as_slice() else {
            self.bad(
                node,
                "a middleware is one name, or one name with its options",
            );
            return None;
        };
        Some(match kind.as_str() {
            "rate-limit" => self.rate_limit(node)?,
            "strip-prefix" => Middleware::StripPrefix(self.texts(node)),
            "add-prefix" => Middleware::AddPrefix(self.text(node)?),
            "basic-auth" => Middleware::BasicAuth(self.texts(node)),
            "forward-auth" => self.forward_auth(node)?,
            "request-headers" => Middleware::RequestHeaders(self.headers(node)),
            "response-headers" => Middleware::ResponseHeaders(self.headers(node)),
            "allow-addresses" => Middleware::AllowAddresses(self.texts(node)),
            _ => Middleware::MaxBody(self.parsed(node, "number of bytes")?),
        })
    }

    fn rate_limit(&mut self, node: &Node) -> Option<Middleware> {
        let second = Duration::from_millis(1_000);
        if node.as_mapping().is_none() {
            let average = self.parsed(node, "whole number")?;
            return Some(Middleware::RateLimit {
                average,
                burst: average,
                period: second,
            });
        }
        let (mut average, mut burst, mut period) = (0, None, second);
        for (key, node) in self.entries(node, &["average", "burst", "period"]) {
            match key.as_str() {
                "average" => average = self.parsed(node, "whole number")?,
                "burst" => burst = self.parsed(node, "whole number"),
                _ => period = self.duration(node)?,
            }
        }
        let burst = burst.unwrap_or(average);
        Some(Middleware::RateLimit {
            average,
            burst,
            period,
        })
    }

    fn forward_auth(&mut self, node: &Node) -> Option<Middleware> {
        if node.as_mapping().is_none() {
            let address = self.text(node)?;
            return Some(Middleware::ForwardAuth {
                address,
                headers: Vec::new(),
            });
        }
        let (mut address, mut headers) = (None, Vec::new());
        for (key, node) in self.entries(node, &["address", "headers"]) {
            match key.as_str() {
                "address" => address = self.text(node),
                _ => headers = self.texts(node),
            }
        }
        match address {
            Some(address) => Some(Middleware::ForwardAuth { address, headers }),
            None => {
                self.report("routes::missing", node, "`forward-auth` needs an `address`");
                None
            }
        }
    }

    fn headers(&mut self, node: &Node) -> BTreeMap<String, String> {
        let mut headers = BTreeMap::new();
        for (name, node) in self.entries(node, &[]) {
            let value = if node.is_null(Schema::Go) {
                Some(String::new())
            } else {
                self.text(node)
            };
            headers.extend(value.map(|value| (name, value)));
        }
        headers
    }
}

/// The words for `tls`.
#[derive(Clone, Copy)]
enum TlsWord {
    No,
    Internal,
    Default,
}
