//! A route: what a self-hoster wants, without a word of either proxy.

mod file;
mod host;

use std::collections::BTreeMap;

pub use file::{RoutesFile, parse_routes};
pub use host::{Host, HostError};

use crate::traefik::Duration;

/// One service made reachable: which requests, to which port, how.
///
/// ```
/// use proxy_labels::{Route, Tls, synth};
///
/// let mut route = Route::new("whoami", ["whoami.example".parse()?], 8080);
/// route.tls = Tls::Resolver("letsencrypt".into());
/// route.health = Some("/health".into());
///
/// let labels = synth::traefik(&[route.clone()], &Default::default())?;
/// assert_eq!(labels["traefik.http.routers.whoami.rule"], "Host(`whoami.example`)");
/// assert_eq!(labels["traefik.http.routers.whoami.tls.certresolver"], "letsencrypt");
///
/// let labels = synth::caddy(&[route], &Default::default())?;
/// assert_eq!(labels["caddy"], "whoami.example");
/// assert_eq!(labels["caddy.reverse_proxy"], "{{upstreams 8080}}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Route {
    /// Its name: that of the Traefik router and service.
    pub name: String,
    /// The Compose service it belongs to; the name if there is none.
    pub service: Option<String>,
    /// The hosts it answers for, one or more.
    pub hosts: Vec<Host>,
    /// The paths it answers for; none means all.
    pub paths: Vec<PathMatch>,
    /// The port in the container.
    pub port: u16,
    /// What the container speaks.
    pub scheme: Scheme,
    /// Certificates of the container are not checked; with [`Scheme::Https`] only.
    pub insecure: bool,
    /// Where the certificate comes from.
    pub tls: Tls,
    /// What happens to requests on the way, in order.
    pub middlewares: Vec<Middleware>,
    /// What the proxy probes.
    pub health: Option<Probe>,
    /// How requests are spread over several containers.
    pub balance: Balance,
    /// Clients stay with their container.
    pub sticky: Option<Sticky>,
    /// The network on which the proxy reaches the container, by the engine's name.
    pub network: Option<String>,
    /// Higher wins where several routes match; Caddy has nothing like it.
    pub priority: Option<i64>,
    /// How long requests wait for a container that is being replaced.
    pub retry: Option<Duration>,
}

/// Paths a route answers for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathMatch {
    /// All that begin with this text.
    Prefix(String),
    /// This one alone.
    Exact(String),
}

/// What a container speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// HTTP.
    #[default]
    Http,
    /// HTTPS.
    Https,
    /// HTTP/2 without TLS, for gRPC.
    H2c,
}

impl Scheme {
    /// As it is written in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::H2c => "h2c",
        }
    }
}

/// Where the certificate of a route comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tls {
    /// From the proxy's settings: Traefik's entry point, Caddy's automatic HTTPS.
    #[default]
    Default,
    /// Plain HTTP.
    Off,
    /// Signed by the proxy itself.
    Internal,
    /// From a certificate resolver of Traefik; Caddy gets it by itself.
    Resolver(String),
    /// By a DNS record at this provider, such as `cloudflare`. Traefik's resolver has the same name.
    Dns {
        /// The provider.
        provider: String,
        /// The environment variable of Caddy that holds its token.
        token: String,
    },
}

impl Tls {
    /// By a DNS record at this provider, with its token in the usual variable: `CF_API_TOKEN` for
    /// `cloudflare`, `HETZNER_API_TOKEN` for `hetzner`.
    pub fn dns(provider: impl Into<String>) -> Self {
        let provider = provider.into();
        let token = match provider.as_str() {
            "cloudflare" => "CF_API_TOKEN".to_owned(),
            other => format!("{}_API_TOKEN", other.to_uppercase()),
        };
        Self::Dns { provider, token }
    }
}

/// What a proxy probes to see whether a container works.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Probe {
    /// The path it asks for.
    pub path: String,
    /// How often; none means the proxy's default, 30 seconds.
    pub interval: Option<Duration>,
    /// How long it waits for an answer; none means the proxy's default, 5 seconds.
    pub timeout: Option<Duration>,
}

impl From<&str> for Probe {
    fn from(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            interval: None,
            timeout: None,
        }
    }
}

/// How requests are spread over several containers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Balance {
    /// As the proxy does by itself.
    #[default]
    Default,
    /// In turn.
    RoundRobin,
    /// To the one with the least to do.
    LeastLoaded,
    /// By the address of the client.
    ClientAddress,
}

/// A cookie by which clients stay with their container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sticky {
    /// Its name; none means the proxy's default.
    pub cookie: Option<String>,
}

/// What happens to requests and answers on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Middleware {
    /// The headers of a careful site: HSTS, no sniffing of types, no foreign frames, short
    /// referrers. The old XSS filter is not among them: browsers have given it up.
    SecureHeaders,
    /// So many requests a period for each client, with a burst above it.
    RateLimit {
        /// Requests a period.
        average: u64,
        /// How many more at once.
        burst: u64,
        /// The period.
        period: Duration,
    },
    /// Plain HTTP is sent to HTTPS.
    RedirectToHttps,
    /// Beginnings of paths that the container does not see.
    StripPrefix(Vec<String>),
    /// A beginning that is put in front of every path.
    AddPrefix(String),
    /// Users with hashed passwords, `name:hash`.
    BasicAuth(Vec<String>),
    /// Another service decides.
    ForwardAuth {
        /// Its address, with a scheme.
        address: String,
        /// Headers of its answer that the container gets.
        headers: Vec<String>,
    },
    /// Headers for the container; an empty value removes one.
    RequestHeaders(BTreeMap<String, String>),
    /// Headers for the client; an empty value removes one.
    ResponseHeaders(BTreeMap<String, String>),
    /// Answers are compressed.
    Compress,
    /// These addresses alone may come in.
    AllowAddresses(Vec<String>),
    /// Larger requests, in bytes, are refused.
    MaxBody(u64),
    /// One that is declared elsewhere: a middleware of Traefik, a snippet of Caddy.
    Named(String),
}

impl Route {
    /// A route for all paths of these hosts to a port, with the defaults of the proxies.
    pub fn new(name: impl Into<String>, hosts: impl IntoIterator<Item = Host>, port: u16) -> Self {
        Self {
            name: name.into(),
            service: None,
            hosts: hosts.into_iter().collect(),
            paths: Vec::new(),
            port,
            scheme: Scheme::Http,
            insecure: false,
            tls: Tls::Default,
            middlewares: Vec::new(),
            health: None,
            balance: Balance::Default,
            sticky: None,
            network: None,
            priority: None,
            retry: None,
        }
    }

    /// The Compose service whose labels these are.
    pub fn service(&self) -> &str {
        self.service.as_deref().unwrap_or(&self.name)
    }
}
