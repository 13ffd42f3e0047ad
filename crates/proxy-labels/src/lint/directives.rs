//! What stock Caddy 2.11 knows.

/// Directives of sites.
pub(super) const DIRECTIVES: &[&str] = &[
    "abort", "acme_server", "basic_auth", "basicauth", "bind", "copy_response",
    "copy_response_headers", "encode", "error", "file_server", "forward_auth", "fs", "handle",
    "handle_errors", "handle_path", "handle_response", "header", "import", "intercept", "invoke",
    "log", "log_append", "log_name", "log_skip", "map", "method", "metrics", "php_fastcgi", "push",
    "redir", "request_body", "request_header", "respond", "reverse_proxy", "rewrite", "root",
    "route", "skip_log", "templates", "tls", "tracing", "try_files", "uri", "vars",
];

/// Global options.
pub(super) const OPTIONS: &[&str] = &[
    "acme_ca", "acme_ca_root", "acme_dns", "acme_eab", "admin", "auto_https", "cert_issuer",
    "cert_lifetime", "debug", "default_bind", "default_sni", "dns", "ech", "email", "events",
    "fallback_sni", "filesystem", "grace_period", "http_port", "https_port", "import", "key_type",
    "local_certs", "log", "metrics", "ocsp_interval", "ocsp_stapling", "on_demand_tls", "order",
    "persist_config", "pki", "preferred_chains", "renew_interval", "servers", "shutdown_delay",
    "skip_install_trust", "storage", "storage_clean_interval",
];

/// Directives and options of modules that people build in, with the module.
pub(super) const MODULES: &[(&str, &str)] = &[
    ("rate_limit", "github.com/mholt/caddy-ratelimit"),
    ("layer4", "github.com/mholt/caddy-l4"),
    ("dynamic_dns", "github.com/mholt/caddy-dynamicdns"),
    ("cache", "github.com/caddyserver/cache-handler"),
    ("security", "github.com/greenpau/caddy-security"),
    ("authenticate", "github.com/greenpau/caddy-security"),
    ("authorize", "github.com/greenpau/caddy-security"),
    ("crowdsec", "github.com/hslatman/caddy-crowdsec-bouncer"),
    ("appsec", "github.com/hslatman/caddy-crowdsec-bouncer"),
    ("webdav", "github.com/mholt/caddy-webdav"),
    ("replace", "github.com/caddyserver/replace-response"),
    ("coraza_waf", "github.com/corazawaf/coraza-caddy/v2"),
    ("geoip2_vars", "github.com/zhangjiayin/caddy-geoip2"),
    ("mercure", "github.com/dunglas/mercure/caddy"),
    ("tailscale", "github.com/tailscale/caddy-tailscale"),
];

/// Levels below which names are not directives but headers, users and the like, whose numbers at
/// the ends are part of them.
pub(super) const NAMED_BELOW: &[&str] = &[
    "header", "request_header", "header_up", "header_down", "health_headers", "basic_auth",
    "basicauth", "vars", "env", "headers", "map",
];

/// Options of a proxy that can be said once.
pub(super) const ONCE: &[&str] = &[
    "lb_policy", "lb_retries", "lb_try_duration", "lb_try_interval", "health_uri", "health_port",
    "health_interval", "health_timeout", "health_status", "health_body", "fail_duration",
    "max_fails", "unhealthy_latency", "flush_interval",
];
