//! What is not in labels: the static side of both proxies.

use std::fmt::Write as _;

/// The addresses of Cloudflare's edge, as published; see [`CLOUDFLARE_RANGES_DATE`].
pub const CLOUDFLARE_RANGES: &[&str] = &[
    "173.245.48.0/20",
    "103.21.244.0/22",
    "103.22.200.0/22",
    "103.31.4.0/22",
    "141.101.64.0/18",
    "108.162.192.0/18",
    "190.93.240.0/20",
    "188.114.96.0/20",
    "197.234.240.0/22",
    "198.41.128.0/17",
    "162.158.0.0/15",
    "104.16.0.0/13",
    "104.24.0.0/14",
    "172.64.0.0/13",
    "131.0.72.0/22",
    "2400:cb00::/32",
    "2606:4700::/32",
    "2803:f800::/32",
    "2405:b500::/32",
    "2405:8100::/32",
    "2a06:98c0::/29",
    "2c0f:f248::/32",
];

/// When [`CLOUDFLARE_RANGES`] were read; <https://www.cloudflare.com/ips/> has the present ones.
pub const CLOUDFLARE_RANGES_DATE: &str = "2026-08";

/// Traefik's static configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TraefikStatic {
    /// The address for messages about certificates.
    pub email: String,
    /// The DNS provider of the certificate resolver, which has its name; none for no resolver.
    pub dns_provider: Option<String>,
    /// The network on which containers are reached.
    pub network: String,
    /// Proxies in front whose word about the client is taken.
    pub trusted: Vec<String>,
}

impl Default for TraefikStatic {
    fn default() -> Self {
        Self {
            email: String::new(),
            dns_provider: Some("cloudflare".to_owned()),
            network: "proxy".to_owned(),
            trusted: CLOUDFLARE_RANGES
                .iter()
                .map(|&range| range.to_owned())
                .collect(),
        }
    }
}

impl TraefikStatic {
    /// The configuration as YAML: plain HTTP sent to HTTPS, certificates by DNS, trusted proxies,
    /// containers routed on request alone, `ping` on an entry point that is not published.
    ///
    /// With Cloudflare the resolver needs `CF_DNS_API_TOKEN` alone: a token that may read zones and
    /// edit DNS. `CF_API_EMAIL` belongs to the global key and not beside a token. One Traefik only
    /// may use `acme.json`.
    ///
    /// ```
    /// let text = proxy_labels::statics::TraefikStatic::default().to_yaml();
    /// assert!(text.contains("provider: cloudflare"));
    /// assert!(!text.contains("CF_API_EMAIL"));
    /// ```
    pub fn to_yaml(&self) -> String {
        let mut out = String::new();
        let trusted = |out: &mut String| {
            if !self.trusted.is_empty() {
                out.push_str("    forwardedHeaders:\n      trustedIPs:\n");
                for range in &self.trusted {
                    let _infallible = writeln!(out, "        - \"{range}\"");
                }
            }
        };
        out.push_str("entryPoints:\n  web:\n    address: \":80\"\n");
        trusted(&mut out);
        out.push_str(
            "    http:\n      redirections:\n        entryPoint: {to: websecure, scheme: https}\n",
        );
        out.push_str("  websecure:\n    address: \":443\"\n    asDefault: true\n");
        trusted(&mut out);
        if let Some(provider) = &self.dns_provider {
            let _infallible = writeln!(out, "    http:\n      tls: {{certResolver: {provider}}}");
        }
        // Requests that are on their way may end.
        out.push_str(
            "    transport:\n      lifeCycle: {requestAcceptGraceTimeout: 5s, graceTimeOut: 10s}\n",
        );
        let _infallible = write!(
            out,
            "providers:\n  docker:\n    exposedByDefault: false\n    network: \"{}\"\nping: {{}}\n",
            self.network
        );
        if let Some(provider) = &self.dns_provider {
            let _infallible = write!(
                out,
                "certificatesResolvers:\n  {provider}:\n    acme:\n      email: \"{}\"\n      \
                 storage: /data/acme.json\n      dnsChallenge:\n        provider: {provider}\n        \
                 resolvers: [\"1.1.1.1:53\", \"1.0.0.1:53\"]\n",
                self.email
            );
        }
        out
    }
}

/// The Dockerfile of a Caddy with the module for DNS records at a provider and
/// caddy-docker-proxy, versions pinned.
///
/// ```
/// let text = proxy_labels::statics::caddy_dockerfile("cloudflare");
/// assert!(text.contains("--with github.com/caddy-dns/cloudflare@v0.2.2"));
/// ```
pub fn caddy_dockerfile(provider: &str) -> String {
    let module = match provider {
        "cloudflare" => "github.com/caddy-dns/cloudflare@v0.2.2".to_owned(),
        other => format!("github.com/caddy-dns/{other}"),
    };
    format!(
        "FROM caddy:2.11.7-builder AS builder\n\
         RUN xcaddy build v2.11.7 \\\n    \
         --with github.com/lucaslorentz/caddy-docker-proxy/v2@v2.9.2 \\\n    \
         --with {module}\n\n\
         FROM caddy:2.11.7-alpine\n\
         COPY --from=builder /usr/bin/caddy /usr/bin/caddy\n\
         CMD [\"caddy\", \"docker-proxy\"]\n"
    )
}

/// Labels for the container of Caddy itself: global options that take Cloudflare's word about the
/// client's address. Matchers then use `client_ip`, not `remote_ip`.
///
/// ```
/// let labels = proxy_labels::statics::cloudflare_real_ip("caddy");
/// assert!(labels["caddy.servers.trusted_proxies"].starts_with("static 173.245.48.0/20 "));
/// ```
pub fn cloudflare_real_ip(prefix: &str) -> crate::Labels {
    let servers = format!("{prefix}.servers");
    [
        (
            format!("{servers}.trusted_proxies"),
            format!("static {}", CLOUDFLARE_RANGES.join(" ")),
        ),
        (format!("{servers}.trusted_proxies_strict"), String::new()),
        (
            format!("{servers}.client_ip_headers"),
            "Cf-Connecting-Ip X-Forwarded-For".to_owned(),
        ),
    ]
    .into()
}
