//! Routes to Traefik's labels.

use super::{Options, SynthError, check};
use crate::rule::literal;
use crate::{Balance, Host, Labels, Middleware, PathMatch, Route, Scheme, Tls};

/// Traefik's labels for routes that share a container.
///
/// # Errors
/// Items of lists that hold a comma; certificates of a container that are not to be checked, which
/// labels cannot say.
pub fn traefik(routes: &[Route], options: &Options) -> Result<Labels, SynthError> {
    check(routes)?;
    let mut labels = Labels::new();
    labels.insert("traefik.enable".to_owned(), options.traefik_enable.clone());
    for route in routes {
        Maker {
            route,
            options,
            labels: &mut labels,
        }
        .route()?;
    }
    Ok(labels)
}

struct Maker<'r> {
    route: &'r Route,
    options: &'r Options,
    labels: &'r mut Labels,
}

impl Maker<'_> {
    fn put(&mut self, key: &str, value: impl Into<String>) {
        self.labels.insert(format!("traefik.{key}"), value.into());
    }

    fn router(&mut self, field: &str, value: impl Into<String>) {
        let key = format!("http.routers.{}.{field}", self.route.name);
        self.put(&key, value);
    }

    fn service(&mut self, field: &str, value: impl Into<String>) {
        let key = format!("http.services.{}.loadbalancer.{field}", self.route.name);
        self.put(&key, value);
    }

    fn unsupported(&self, what: &'static str, advice: &'static str) -> SynthError {
        SynthError::Unsupported {
            route: self.route.name.clone(),
            proxy: "Traefik",
            what,
            advice,
        }
    }

    fn list(&self, items: &[String]) -> Result<String, SynthError> {
        if let Some(text) = items.iter().find(|item| item.contains(',')) {
            return Err(SynthError::Comma {
                route: self.route.name.clone(),
                text: text.clone(),
            });
        }
        Ok(items.join(","))
    }

    fn route(&mut self) -> Result<(), SynthError> {
        let route = self.route;
        if route.insecure && route.scheme == Scheme::Https {
            let advice = "; declare a servers transport in the file provider";
            return Err(self.unsupported(
                "label that leaves certificates of a container unchecked",
                advice,
            ));
        }
        self.router("rule", rule(route));
        self.router("service", route.name.clone());
        let point = match route.tls {
            Tls::Off => &self.options.plain_entry_point,
            _ => &self.options.entry_point,
        };
        self.router("entrypoints", point.clone());
        if let Some(priority) = route.priority {
            self.router("priority", priority.to_string());
        }
        self.tls();
        let names = self.middlewares()?;
        if !names.is_empty() {
            self.router("middlewares", self.list(&names)?);
        }
        self.service("server.port", route.port.to_string());
        if route.scheme != Scheme::Http {
            self.service("server.scheme", route.scheme.name());
        }
        if let Some(probe) = &route.health {
            self.service("healthcheck.path", probe.path.clone());
            for (field, value) in [("interval", probe.interval), ("timeout", probe.timeout)] {
                if let Some(value) = value {
                    self.service(&format!("healthcheck.{field}"), value.to_string());
                }
            }
        }
        match route.balance {
            Balance::Default => {}
            Balance::RoundRobin => self.service("strategy", "wrr"),
            Balance::LeastLoaded => self.service("strategy", "p2c"),
            Balance::ClientAddress => self.service("strategy", "hrw"),
        }
        if let Some(sticky) = &route.sticky {
            match &sticky.cookie {
                Some(name) => self.service("sticky.cookie.name", name.clone()),
                None => self.service("sticky.cookie", "true"),
            }
        }
        if let Some(network) = &route.network {
            self.put("docker.network", network.clone());
        }
        Ok(())
    }

    fn tls(&mut self) {
        let resolver = match &self.route.tls {
            Tls::Default | Tls::Off => return,
            Tls::Internal => return self.router("tls", "true"),
            Tls::Resolver(name) => name,
            Tls::Dns { provider, .. } => provider,
        };
        self.router("tls.certresolver", resolver.clone());
        // A certificate for all names below one is asked for by name.
        let wildcards = self.route.hosts.iter().filter_map(Host::wildcard);
        for (at, parent) in wildcards.enumerate() {
            self.router(&format!("tls.domains[{at}].main"), parent);
            self.router(&format!("tls.domains[{at}].sans"), format!("*.{parent}"));
        }
    }

    /// Declares the middlewares and returns their names in order.
    fn middlewares(&mut self) -> Result<Vec<String>, SynthError> {
        let mut names = Vec::new();
        for middleware in &self.route.middlewares {
            if let Some(name) = self.middleware(middleware)? {
                names.push(name);
            }
        }
        if let Some(retry) = self.route.retry {
            let name = format!("{}-retry", self.route.name);
            // Attempts double their distance: ten of them cover more than any update takes.
            self.put(&format!("http.middlewares.{name}.retry.attempts"), "10");
            let key = format!("http.middlewares.{name}.retry.initialinterval");
            self.put(&key, "100ms");
            self.put(
                &format!("http.middlewares.{name}.retry.timeout"),
                retry.to_string(),
            );
            names.push(name);
        }
        Ok(names)
    }

    fn middleware(&mut self, middleware: &Middleware) -> Result<Option<String>, SynthError> {
        let (kind, fields): (&str, Vec<(String, String)>) = match middleware {
            Middleware::Named(name) => return Ok(Some(name.clone())),
            Middleware::SecureHeaders => ("headers", secure_headers()),
            Middleware::RateLimit {
                average,
                burst,
                period,
            } => (
                "ratelimit",
                vec![
                    ("average".into(), average.to_string()),
                    ("burst".into(), burst.to_string()),
                    ("period".into(), period.to_string()),
                ],
            ),
            Middleware::RedirectToHttps => {
                self.redirect();
                return Ok(None);
            }
            Middleware::StripPrefix(prefixes) => (
                "stripprefix",
                vec![("prefixes".into(), self.list(prefixes)?)],
            ),
            Middleware::AddPrefix(prefix) => ("addprefix", vec![("prefix".into(), prefix.clone())]),
            Middleware::BasicAuth(users) => {
                ("basicauth", vec![("users".into(), self.list(users)?)])
            }
            Middleware::ForwardAuth { address, headers } => {
                let mut fields = vec![("address".into(), address.clone())];
                if !headers.is_empty() {
                    fields.push(("authresponseheaders".into(), self.list(headers)?));
                }
                ("forwardauth", fields)
            }
            Middleware::RequestHeaders(headers) | Middleware::ResponseHeaders(headers) => {
                let map = match middleware {
                    Middleware::RequestHeaders(_) => "customrequestheaders",
                    _ => "customresponseheaders",
                };
                let headers = headers.iter();
                let fields = headers.map(|(name, value)| (format!("{map}.{name}"), value.clone()));
                ("headers", fields.collect())
            }
            Middleware::Compress => ("compress", Vec::new()),
            Middleware::AllowAddresses(ranges) => (
                "ipallowlist",
                vec![("sourcerange".into(), self.list(ranges)?)],
            ),
            Middleware::MaxBody(bytes) => (
                "buffering",
                vec![("maxrequestbodybytes".into(), bytes.to_string())],
            ),
        };
        let name = self.free_name(middleware);
        let key = format!("http.middlewares.{name}.{kind}");
        if fields.is_empty() {
            self.put(&key, "true");
        }
        for (field, value) in fields {
            self.put(&format!("{key}.{field}"), value);
        }
        Ok(Some(name))
    }

    /// A name for a middleware that no other one of the container has.
    fn free_name(&self, middleware: &Middleware) -> String {
        let suffix = match middleware {
            Middleware::SecureHeaders => "secure-headers",
            Middleware::RateLimit { .. } => "rate-limit",
            Middleware::StripPrefix(_) => "strip-prefix",
            Middleware::AddPrefix(_) => "add-prefix",
            Middleware::BasicAuth(_) | Middleware::ForwardAuth { .. } => "auth",
            Middleware::RequestHeaders(_) => "request-headers",
            Middleware::ResponseHeaders(_) => "response-headers",
            Middleware::Compress => "compress",
            Middleware::AllowAddresses(_) => "allow",
            Middleware::MaxBody(_) => "max-body",
            Middleware::RedirectToHttps | Middleware::Named(_) => "middleware",
        };
        let base = format!("{}-{suffix}", self.route.name);
        let taken = |name: &str| {
            let prefix = format!("traefik.http.middlewares.{name}.");
            self.labels.keys().any(|key| key.starts_with(&prefix))
        };
        let mut name = base.clone();
        let mut number = 1;
        while taken(&name) {
            number += 1;
            name = format!("{base}-{number}");
        }
        name
    }

    /// A second router on the entry point for plain HTTP.
    fn redirect(&mut self) {
        let name = format!("{}-http", self.route.name);
        let middleware = format!("{}-to-https", self.route.name);
        let point = self.options.plain_entry_point.clone();
        self.put(&format!("http.routers.{name}.rule"), rule(self.route));
        self.put(&format!("http.routers.{name}.entrypoints"), point);
        self.put(
            &format!("http.routers.{name}.service"),
            self.route.name.clone(),
        );
        self.put(
            &format!("http.routers.{name}.middlewares"),
            middleware.clone(),
        );
        let key = format!("http.middlewares.{middleware}.redirectscheme");
        self.put(&format!("{key}.scheme"), "https");
        self.put(&format!("{key}.permanent"), "true");
    }
}

/// The headers of [`Middleware::SecureHeaders`].
fn secure_headers() -> Vec<(String, String)> {
    [
        ("stsseconds", "31536000"),
        ("stsincludesubdomains", "true"),
        ("contenttypenosniff", "true"),
        ("customframeoptionsvalue", "SAMEORIGIN"),
        ("referrerpolicy", "strict-origin-when-cross-origin"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

fn rule(route: &Route) -> String {
    let hosts: Vec<String> = route
        .hosts
        .iter()
        .map(|host| format!("Host({})", literal(host.as_str())))
        .collect();
    let paths: Vec<String> = route
        .paths
        .iter()
        .map(|path| match path {
            PathMatch::Prefix(path) => format!("PathPrefix({})", literal(path)),
            PathMatch::Exact(path) => format!("Path({})", literal(path)),
        })
        .collect();
    match (hosts.as_slice(), paths.as_slice()) {
        (hosts, []) => hosts.join(" || "),
        ([host], [path]) => format!("{host} && {path}"),
        (hosts, paths) => {
            let group = |parts: &[String]| match parts {
                [one] => one.clone(),
                parts => format!("({})", parts.join(" || ")),
            };
            format!("{} && {}", group(hosts), group(paths))
        }
    }
}
