//! The lints there are.

use yaml_tree::Severity;

/// A lint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lint {
    /// Its code as findings have it.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// How bad it is at worst.
    pub severity: Severity,
    /// What it catches.
    pub summary: &'static str,
    /// A label, or a few, that it is about.
    pub example: &'static str,
}

const fn error(
    code: &'static str,
    name: &'static str,
    summary: &'static str,
    example: &'static str,
) -> Lint {
    Lint {
        code,
        name,
        severity: Severity::Error,
        summary,
        example,
    }
}

const fn warning(
    code: &'static str,
    name: &'static str,
    summary: &'static str,
    example: &'static str,
) -> Lint {
    Lint {
        code,
        name,
        severity: Severity::Warning,
        summary,
        example,
    }
}

/// All lints, by code.
pub const LINTS: &[Lint] = &[
    warning(
        "labels::BOTH01",
        "both-proxies",
        "one container is routed by both proxies",
        "traefik.enable=true beside caddy=a.example",
    ),
    error(
        "labels::CDY001",
        "boolean-site",
        "a switch where Caddy wants an address",
        "caddy=false",
    ),
    error(
        "labels::CDY002",
        "no-upstream",
        "a proxy without anything to send to",
        "caddy.reverse_proxy=",
    ),
    error(
        "labels::CDY003",
        "template",
        "a template that fails drops all Caddy labels of the container",
        "caddy.reverse_proxy={{upstream 80}}",
    ),
    error(
        "labels::CDY004",
        "network",
        "no network shared with Caddy",
        "caddy_ingress_network=nosuch",
    ),
    error(
        "labels::CDY005",
        "unrepresentable",
        "a word that does not survive into the Caddyfile",
        "caddy.header=X-A \"\"",
    ),
    error(
        "labels::CDY006",
        "key-suffix",
        "numbers taken off a name, or a key that brings the generator down",
        "caddy.header.X-Foo_1=a",
    ),
    warning(
        "labels::CDY007",
        "mixed-prefix",
        "two spellings of one directive make two blocks",
        "caddy.1_reverse_proxy beside caddy.reverse_proxy.lb_policy",
    ),
    error(
        "labels::CDY008",
        "merge-conflict",
        "two containers disagree about one site",
        "caddy=a.example and caddy=a.example b.example",
    ),
    warning(
        "labels::CDY009",
        "global-conflict",
        "two containers disagree about a global option",
        "caddy.email=a@example and caddy.email=b@example",
    ),
    warning(
        "labels::CDY010",
        "module",
        "something stock Caddy does not have",
        "caddy.tls.dns=cloudflare {env.CF_API_TOKEN}",
    ),
    error(
        "labels::CDY011",
        "unknown-directive",
        "a directive that does not exist",
        "caddy.reverse_prox={{upstreams 80}}",
    ),
    error(
        "labels::CDY012",
        "scheme-port",
        "a scheme that does not go with the port",
        "caddy.reverse_proxy={{upstreams https 80}}",
    ),
    warning(
        "labels::CDY013",
        "health",
        "nothing bridges an update",
        "caddy.reverse_proxy={{upstreams 80}}",
    ),
    warning(
        "labels::CDY014",
        "key-case",
        "a label that only looks like one of Caddy's",
        "CADDY_ENABLE=true",
    ),
    warning(
        "labels::CDY015",
        "path-star",
        "an exact path where a prefix was probably meant",
        "caddy.handle=/api",
    ),
    warning(
        "labels::CDY016",
        "unforeseeable",
        "a template whose result nobody can foretell: what it makes is not checked",
        "caddy={{env `HOST`}}",
    ),
    error(
        "labels::TRF001",
        "unknown-key",
        "a key that Traefik does not know drops the whole container",
        "traefik.http.routers.web.entrypoint=web",
    ),
    warning(
        "labels::TRF002",
        "ignored-namespace",
        "a key that Traefik passes over",
        "traefik.frontend.rule=Host:a.example",
    ),
    error(
        "labels::TRF003",
        "root-case",
        "a root that is not `traefik` in lower case",
        "Traefik.enable=true",
    ),
    error(
        "labels::TRF004",
        "bad-value",
        "a value of the wrong kind",
        "traefik.http.routers.web.priority=high",
    ),
    error(
        "labels::TRF005",
        "bare-block",
        "a block with a value of its own",
        "traefik.http.middlewares.h.headers=true",
    ),
    warning(
        "labels::TRF006",
        "disabling-block",
        "a value that switches a block off with all below it",
        "traefik.http.routers.web.tls=1",
    ),
    warning(
        "labels::TRF007",
        "index",
        "an index that is dropped, missing or out of order",
        "traefik.http.middlewares.s.stripprefix.prefixes[0]=/a",
    ),
    warning(
        "labels::TRF008",
        "empty-list-item",
        "a comma with nothing behind it",
        "traefik.http.routers.web.entrypoints=web,",
    ),
    error(
        "labels::TRF010",
        "ambiguous-service",
        "several services and a router that names none",
        "two services, one router",
    ),
    error(
        "labels::TRF011",
        "unknown-reference",
        "a service, middleware, resolver or entry point that is not there",
        "traefik.http.routers.web.middlewares=auht",
    ),
    error(
        "labels::TRF012",
        "port",
        "no port, or several to choose from",
        "no `server.port`",
    ),
    error(
        "labels::TRF013",
        "port-number",
        "a port that is none, or the one on the host",
        "traefik.http.services.web.loadbalancer.server.port=0",
    ),
    error(
        "labels::TRF014",
        "url-with-port",
        "an address and its parts",
        "server.url beside server.port",
    ),
    error(
        "labels::TRF015",
        "network",
        "a network the container is not on, or several and none chosen",
        "traefik.docker.network=nosuch",
    ),
    warning(
        "labels::TRF016",
        "not-enabled",
        "labels on a container that is not enabled",
        "traefik.enable=false beside routers",
    ),
    warning(
        "labels::TRF017",
        "implicit-exposure",
        "a route nobody asked for",
        "traefik.enable=true alone",
    ),
    error(
        "labels::TRF018",
        "duplicate-name",
        "one name, two meanings",
        "router `web` in two stacks",
    ),
    error(
        "labels::TRF019",
        "no-load-balancer",
        "a service that labels cannot declare",
        "traefik.http.services.web.weighted.services[0].name=a",
    ),
    error(
        "labels::TRF020",
        "rule-syntax",
        "a rule that cannot be read or used",
        "traefik.http.routers.web.rule=Host('a.example')",
    ),
    error(
        "labels::TRF021",
        "suspicious-host",
        "a host name that never matches",
        "traefik.http.routers.web.rule=Host(`https://a.example`)",
    ),
    error(
        "labels::TRF022",
        "path-no-slash",
        "a path without a slash in front",
        "traefik.http.routers.web.rule=PathPrefix(`api`)",
    ),
    error(
        "labels::TRF023",
        "middleware-type",
        "a middleware with no type or several, or a chain in a circle",
        "traefik.http.middlewares.c.chain.middlewares=c",
    ),
    warning(
        "labels::TRF024",
        "unused",
        "a middleware or service nothing uses",
        "traefik.http.middlewares.gz.compress=true",
    ),
    warning(
        "labels::TRF025",
        "tls-mismatch",
        "TLS on the wrong entry point, or none on the right one",
        "entrypoints=websecure without tls",
    ),
    warning(
        "labels::TRF026",
        "dollar",
        "a `$` that Compose takes for a variable, or one too many",
        "basicauth.users=a:$apr1$x",
    ),
    warning(
        "labels::TRF027",
        "plain-secret",
        "a password anybody can read in the label",
        "traefik.http.middlewares.a.basicauth.users=admin:secret",
    ),
    warning(
        "labels::TRF028",
        "deprecated",
        "an option on its way out",
        "traefik.http.middlewares.w.ipwhitelist.sourcerange=10.0.0.0/8",
    ),
    warning(
        "labels::TRF029",
        "health-check",
        "a health check that does not do what it looks like",
        "healthcheck.timeout above healthcheck.interval",
    ),
    error(
        "labels::TRF030",
        "sni-without-tls",
        "names over TCP without TLS",
        "traefik.tcp.routers.db.rule=HostSNI(`a.example`)",
    ),
    warning(
        "labels::TRF031",
        "name-characters",
        "a character that breaks references",
        "traefik.http.routers.web@file.rule=…",
    ),
    warning(
        "labels::TRF032",
        "label-form",
        "YAML that does not give the value it seems to",
        "- traefik.enable=\"true\"",
    ),
    warning(
        "labels::TRF033",
        "deploy-labels",
        "labels below `deploy`, which only Swarm reads",
        "deploy.labels",
    ),
    warning(
        "labels::TRF034",
        "bare-sticky",
        "`sticky` without a cookie does nothing",
        "traefik.http.services.web.loadbalancer.sticky=true",
    ),
    warning(
        "labels::TRF035",
        "obsolete-header",
        "a header browsers have given up",
        "traefik.http.middlewares.h.headers.browserxssfilter=true",
    ),
];

impl Lint {
    /// The lint of a code.
    pub fn find(code: &str) -> Option<&'static Self> {
        LINTS.iter().find(|lint| lint.code == code)
    }
}
