//! Routes to labels for caddy-docker-proxy.

use super::{Options, SynthError, check};
use crate::caddy::quote;
use crate::{Balance, Labels, Middleware, PathMatch, Route, Scheme, Tls};

/// caddy-docker-proxy's labels for routes that share a container.
///
/// # Errors
/// Texts that do not survive the way into a Caddyfile, and what stock Caddy cannot do: rates,
/// priorities, hashes other than bcrypt and argon2id.
pub fn caddy(routes: &[Route], options: &Options) -> Result<Labels, SynthError> {
    check(routes)?;
    let mut labels = Labels::new();
    for (at, route) in routes.iter().enumerate() {
        let site = match routes.len() {
            1 => options.caddy_prefix.clone(),
            _ => format!("{}_{at}", options.caddy_prefix),
        };
        Maker {
            route,
            site,
            labels: &mut labels,
        }
        .route()?;
    }
    Ok(labels)
}

struct Maker<'r> {
    route: &'r Route,
    site: String,
    labels: &'r mut Labels,
}

impl Maker<'_> {
    fn put(&mut self, path: &str, value: impl Into<String>) {
        self.labels
            .insert(format!("{}.{path}", self.site), value.into());
    }

    fn unsupported(&self, what: &'static str, advice: &'static str) -> SynthError {
        SynthError::Unsupported {
            route: self.route.name.clone(),
            proxy: "Caddy",
            what,
            advice,
        }
    }

    fn word(&self, text: &str) -> Result<String, SynthError> {
        match quote(text) {
            Ok(word) => Ok(word.into_owned()),
            Err(why) => Err(SynthError::Text {
                route: self.route.name.clone(),
                text: text.to_owned(),
                why,
            }),
        }
    }

    fn words(&self, texts: &[String]) -> Result<String, SynthError> {
        let words: Result<Vec<String>, SynthError> =
            texts.iter().map(|text| self.word(text)).collect();
        Ok(words?.join(" "))
    }

    fn route(&mut self) -> Result<(), SynthError> {
        let route = self.route;
        if route.priority.is_some() {
            let advice = "; routes are chosen by how exact they match";
            return Err(self.unsupported("priority of routes", advice));
        }
        let plain = if route.tls == Tls::Off { "http://" } else { "" };
        let hosts: Vec<String> = route
            .hosts
            .iter()
            .map(|host| format!("{plain}{host}"))
            .collect();
        // Names of hosts need no quotes; a variable in one is put in before anybody splits words.
        self.labels.insert(self.site.clone(), hosts.join(" "));
        self.tls()?;
        if let Some(network) = &route.network {
            self.labels
                .insert("caddy_ingress_network".to_owned(), network.clone());
        }
        let below = self.matcher()?;
        for middleware in &route.middlewares {
            self.middleware(middleware, &below)?;
        }
        self.proxy(&below)
    }

    fn tls(&mut self) -> Result<(), SynthError> {
        match &self.route.tls {
            Tls::Default | Tls::Off | Tls::Resolver(_) => {}
            Tls::Internal => self.put("tls", "internal"),
            Tls::Dns { provider, token } => {
                let provider = self.word(provider)?;
                self.put("tls.dns", format!("{provider} {{env.{token}}}"));
                // Names of the home network may mean something else inside it.
                self.put("tls.resolvers", "1.1.1.1");
            }
        }
        Ok(())
    }

    /// Opens a `handle` for the paths and returns what stands in front of its directives.
    fn matcher(&mut self) -> Result<String, SynthError> {
        let mut patterns = Vec::new();
        for path in &self.route.paths {
            patterns.push(match path {
                PathMatch::Prefix(path) => self.word(&format!("{path}*"))?,
                PathMatch::Exact(path) => self.word(path)?,
            });
        }
        match patterns.as_slice() {
            [] => return Ok(String::new()),
            [one] => self.put("handle", one.clone()),
            several => {
                let name = format!("@{}", self.route.name);
                self.put(&format!("{name}.path"), several.join(" "));
                self.put("handle", name);
            }
        }
        Ok("handle.".to_owned())
    }

    fn proxy(&mut self, below: &str) -> Result<(), SynthError> {
        let route = self.route;
        let proxy = format!("{below}reverse_proxy");
        let scheme = match route.scheme {
            Scheme::Http => String::new(),
            scheme => format!("{} ", scheme.name()),
        };
        self.put(&proxy, format!("{{{{upstreams {scheme}{}}}}}", route.port));
        if route.insecure && route.scheme == Scheme::Https {
            self.put(&format!("{proxy}.transport"), "http");
            self.put(&format!("{proxy}.transport.tls_insecure_skip_verify"), "");
        }
        if let Some(probe) = &route.health {
            let path = self.word(&probe.path)?;
            self.put(&format!("{proxy}.health_uri"), path);
            for (field, value) in [("interval", probe.interval), ("timeout", probe.timeout)] {
                if let Some(value) = value {
                    self.put(&format!("{proxy}.health_{field}"), value.to_string());
                }
            }
        }
        let policy = match (&route.sticky, route.balance) {
            (Some(_), balance) if balance != Balance::Default => {
                let advice = "; the cookie is the policy there";
                return Err(self.unsupported("way to balance beside a sticky cookie", advice));
            }
            (Some(sticky), _) => match &sticky.cookie {
                Some(name) => format!("cookie {}", self.word(name)?),
                None => "cookie".to_owned(),
            },
            (None, Balance::Default) => String::new(),
            (None, Balance::RoundRobin) => "round_robin".to_owned(),
            (None, Balance::LeastLoaded) => "least_conn".to_owned(),
            (None, Balance::ClientAddress) => "client_ip_hash".to_owned(),
        };
        if !policy.is_empty() {
            self.put(&format!("{proxy}.lb_policy"), policy);
        }
        if let Some(retry) = route.retry {
            self.put(&format!("{proxy}.lb_try_duration"), retry.to_string());
        }
        Ok(())
    }

    fn middleware(&mut self, middleware: &Middleware, below: &str) -> Result<(), SynthError> {
        match middleware {
            Middleware::SecureHeaders => {
                for (name, value) in SECURE_HEADERS {
                    let value = self.word(value)?;
                    self.put(&format!("{below}header.{name}"), value);
                }
            }
            Middleware::RateLimit { .. } => {
                let advice = "; build in a module and name its snippet, or limit in front of it";
                return Err(self.unsupported("limit of rates", advice));
            }
            // It does that by itself for every site that is not plain.
            Middleware::RedirectToHttps => {}
            Middleware::StripPrefix(prefixes) => {
                for (at, prefix) in prefixes.iter().enumerate() {
                    let prefix = self.word(prefix)?;
                    let uri = if at == 0 {
                        "uri".to_owned()
                    } else {
                        format!("uri_{at}")
                    };
                    self.put(&format!("{below}{uri}"), format!("strip_prefix {prefix}"));
                }
            }
            Middleware::AddPrefix(prefix) => {
                let target = self.word(&format!("{prefix}{{uri}}"))?;
                self.put(&format!("{below}rewrite"), format!("* {target}"));
            }
            Middleware::BasicAuth(users) => self.basic_auth(users, below)?,
            Middleware::ForwardAuth { address, headers } => {
                // The scheme and host stay, the path is a line of its own.
                let at = address.find("://").map_or(0, |at| at + 3);
                let slash = address[at..]
                    .find('/')
                    .map_or(address.len(), |slash| at + slash);
                let (server, uri) = address.split_at(slash);
                let server = self.word(server.trim_start_matches("http://"))?;
                self.put(&format!("{below}forward_auth"), server);
                let uri = self.word(if uri.is_empty() { "/" } else { uri })?;
                self.put(&format!("{below}forward_auth.uri"), uri);
                if !headers.is_empty() {
                    let headers = self.words(headers)?;
                    self.put(&format!("{below}forward_auth.copy_headers"), headers);
                }
            }
            Middleware::RequestHeaders(headers) => {
                for (name, value) in headers {
                    self.header("request_header", name, value, below)?;
                }
            }
            Middleware::ResponseHeaders(headers) => {
                for (name, value) in headers {
                    self.header("header", name, value, below)?;
                }
            }
            Middleware::Compress => self.put(&format!("{below}encode"), "zstd gzip"),
            Middleware::AllowAddresses(ranges) => {
                let ranges = self.words(ranges)?;
                let name = format!("@{}-denied", self.route.name);
                self.put(&format!("{below}{name}.not"), format!("client_ip {ranges}"));
                self.put(&format!("{below}respond"), format!("{name} 403"));
            }
            Middleware::MaxBody(bytes) => {
                self.put(&format!("{below}request_body.max_size"), bytes.to_string());
            }
            Middleware::Named(name) => {
                if name.contains('@') {
                    return Err(
                        self.unsupported("middlewares of Traefik's providers", "; name a snippet")
                    );
                }
                let name = self.word(name)?;
                self.put(&format!("{below}import"), name);
            }
        }
        Ok(())
    }

    fn basic_auth(&mut self, users: &[String], below: &str) -> Result<(), SynthError> {
        for user in users {
            let (name, hash) = user.split_once(':').unwrap_or((user, ""));
            let bare = hash.replace("$$", "$");
            if !["$2a$", "$2b$", "$2y$", "$argon2id$"]
                .iter()
                .any(|start| bare.starts_with(start))
            {
                let advice = "; hash the password with bcrypt (`htpasswd -nB NAME`)";
                return Err(self.unsupported("such hashes of passwords", advice));
            }
            let name = name.replace('.', "\\.");
            self.put(&format!("{below}basic_auth.{name}"), hash);
        }
        Ok(())
    }

    /// One header a directive: a number at the end of a name in a key would be taken off.
    fn header(
        &mut self,
        directive: &str,
        name: &str,
        value: &str,
        below: &str,
    ) -> Result<(), SynthError> {
        let line = if value.is_empty() {
            self.word(&format!("-{name}"))?
        } else {
            format!("{} {}", self.word(name)?, self.word(value)?)
        };
        let prefix = format!("{}.{below}{directive}", self.site);
        let count = self
            .labels
            .keys()
            .filter(|key| key.starts_with(&prefix))
            .count();
        let key = if count == 0 {
            directive.to_owned()
        } else {
            format!("{directive}_{count}")
        };
        self.put(&format!("{below}{key}"), line);
        Ok(())
    }
}

/// The headers of [`Middleware::SecureHeaders`].
const SECURE_HEADERS: [(&str, &str); 4] = [
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    (
        "Strict-Transport-Security",
        "max-age=31536000; includeSubDomains",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "SAMEORIGIN"),
];
