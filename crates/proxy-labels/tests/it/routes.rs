//! Routes, from the file to labels.

use proxy_labels::lint::{self, Context};
use proxy_labels::{Container, Network, Route, parse_routes, synth, traefik};
use yaml_tree::Source;

fn read(text: &str) -> Vec<Route> {
    let source = Source::new("routes.yaml", text);
    let parsed = parse_routes(&source, &|text| Ok(text.to_owned()));
    parsed.into_result().unwrap().routes
}

const FULL: &str = "
defaults: {tls: {resolver: le}, network: proxy}
routes:
  web:
    hosts: [a.example, '*.b.example']
    paths: [/api, =/health]
    port: 8080
    scheme: h2c
    middlewares:
      - secure-headers
      - compress
      - strip-prefix: /api
      - basic-auth: 'admin:$2y$05$abcdefghijklmnopqrstuv'
      - allow-addresses: [10.0.0.0/8, 192.168.0.0/16]
      - forward-auth: {address: 'http://auth:9000/verify', headers: [Remote-User]}
      - request-headers: {X-One: a, X-Gone: }
      - max-body: 1000000
    health: {path: /h, interval: 10s, timeout: 2s}
    balance: least-loaded
    retry: 30s
";

#[test]
fn every_field_reaches_both_proxies() {
    let routes = read(FULL);
    let labels = synth::traefik(&routes, &synth::Options::default()).unwrap();
    insta::assert_snapshot!(shown(&labels), @r"
    traefik.docker.network=proxy
    traefik.enable=true
    traefik.http.middlewares.web-allow.ipallowlist.sourcerange=10.0.0.0/8,192.168.0.0/16
    traefik.http.middlewares.web-auth-2.forwardauth.address=http://auth:9000/verify
    traefik.http.middlewares.web-auth-2.forwardauth.authresponseheaders=Remote-User
    traefik.http.middlewares.web-auth.basicauth.users=admin:$2y$05$abcdefghijklmnopqrstuv
    traefik.http.middlewares.web-compress.compress=true
    traefik.http.middlewares.web-max-body.buffering.maxrequestbodybytes=1000000
    traefik.http.middlewares.web-request-headers.headers.customrequestheaders.X-Gone=
    traefik.http.middlewares.web-request-headers.headers.customrequestheaders.X-One=a
    traefik.http.middlewares.web-retry.retry.attempts=10
    traefik.http.middlewares.web-retry.retry.initialinterval=100ms
    traefik.http.middlewares.web-retry.retry.timeout=30s
    traefik.http.middlewares.web-secure-headers.headers.contenttypenosniff=true
    traefik.http.middlewares.web-secure-headers.headers.customframeoptionsvalue=SAMEORIGIN
    traefik.http.middlewares.web-secure-headers.headers.referrerpolicy=strict-origin-when-cross-origin
    traefik.http.middlewares.web-secure-headers.headers.stsincludesubdomains=true
    traefik.http.middlewares.web-secure-headers.headers.stsseconds=31536000
    traefik.http.middlewares.web-strip-prefix.stripprefix.prefixes=/api
    traefik.http.routers.web.entrypoints=websecure
    traefik.http.routers.web.middlewares=web-secure-headers,web-compress,web-strip-prefix,web-auth,web-allow,web-auth-2,web-request-headers,web-max-body,web-retry
    traefik.http.routers.web.rule=(Host(`a.example`) || Host(`*.b.example`)) && (PathPrefix(`/api`) || Path(`/health`))
    traefik.http.routers.web.service=web
    traefik.http.routers.web.tls.certresolver=le
    traefik.http.routers.web.tls.domains[0].main=b.example
    traefik.http.routers.web.tls.domains[0].sans=*.b.example
    traefik.http.services.web.loadbalancer.healthcheck.interval=10s
    traefik.http.services.web.loadbalancer.healthcheck.path=/h
    traefik.http.services.web.loadbalancer.healthcheck.timeout=2s
    traefik.http.services.web.loadbalancer.server.port=8080
    traefik.http.services.web.loadbalancer.server.scheme=h2c
    traefik.http.services.web.loadbalancer.strategy=p2c
    ");
    let labels = synth::caddy(&routes, &synth::Options::default()).unwrap();
    insta::assert_snapshot!(shown(&labels), @r#"
    caddy=a.example *.b.example
    caddy.@web.path=/api* /health
    caddy.handle=@web
    caddy.handle.@web-denied.not=client_ip 10.0.0.0/8 192.168.0.0/16
    caddy.handle.basic_auth.admin=$2y$05$abcdefghijklmnopqrstuv
    caddy.handle.encode=zstd gzip
    caddy.handle.forward_auth=auth:9000
    caddy.handle.forward_auth.copy_headers=Remote-User
    caddy.handle.forward_auth.uri=/verify
    caddy.handle.header.Referrer-Policy=strict-origin-when-cross-origin
    caddy.handle.header.Strict-Transport-Security="max-age=31536000; includeSubDomains"
    caddy.handle.header.X-Content-Type-Options=nosniff
    caddy.handle.header.X-Frame-Options=SAMEORIGIN
    caddy.handle.request_body.max_size=1000000
    caddy.handle.request_header=-X-Gone
    caddy.handle.request_header_1=X-One a
    caddy.handle.respond=@web-denied 403
    caddy.handle.reverse_proxy={{upstreams h2c 8080}}
    caddy.handle.reverse_proxy.health_interval=10s
    caddy.handle.reverse_proxy.health_timeout=2s
    caddy.handle.reverse_proxy.health_uri=/h
    caddy.handle.reverse_proxy.lb_policy=least_conn
    caddy.handle.reverse_proxy.lb_try_duration=30s
    caddy.handle.uri=strip_prefix /api
    caddy_ingress_network=proxy
    "#);
}

fn shown(labels: &proxy_labels::Labels) -> String {
    let lines: Vec<String> = labels
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    lines.join("\n")
}

/// What routes make passes the lints, and Traefik takes all of it.
#[test]
fn synthesised_labels_are_clean() {
    let routes = read(FULL);
    let mut web = Container::new("web");
    web.networks
        .insert("proxy".to_owned(), Network::with_ip("172.20.0.2"));
    web.labels = synth::traefik(&routes, &synth::Options::default()).unwrap();
    assert_eq!(
        lint::check(std::slice::from_ref(&web), &Context::default()),
        []
    );
    let outcome = traefik::provide(&[web.clone()], &traefik::Settings::default());
    assert_eq!(outcome.findings, []);
    assert_eq!(outcome.configuration.http.routers.len(), 1);
    web.labels = synth::caddy(&routes, &synth::Options::default()).unwrap();
    let mut context = Context::default();
    context.zero_downtime = true;
    assert_eq!(lint::check(&[web], &context), []);
}

#[test]
fn what_a_proxy_cannot_do_is_an_error() {
    let error = |text: &str, proxy: &str| {
        let routes = read(text);
        let options = synth::Options::default();
        let made = if proxy == "caddy" {
            synth::caddy(&routes, &options)
        } else {
            synth::traefik(&routes, &options)
        };
        made.unwrap_err().to_string()
    };
    let route = |more: &str| format!("routes: {{web: {{host: a.example, port: 80, {more}}}}}");
    insta::assert_snapshot!(error(&route("middlewares: [{rate-limit: 10}]"), "caddy"), @"route `web`: Caddy has no limit of rates; build in a module and name its snippet, or limit in front of it");
    insta::assert_snapshot!(error(&route("priority: 3"), "caddy"), @"route `web`: Caddy has no priority of routes; routes are chosen by how exact they match");
    insta::assert_snapshot!(error(&route("middlewares: [{basic-auth: 'a:$apr1$x$y'}]"), "caddy"), @"route `web`: Caddy has no such hashes of passwords; hash the password with bcrypt (`htpasswd -nB NAME`)");
    insta::assert_snapshot!(error(&route("middlewares: [{response-headers: {X-A: '#x'}}]"), "caddy"), @"route `web`: `#x` cannot be written as a Caddy label: a word that begins with `#` becomes a comment");
    insta::assert_snapshot!(error(&route("middlewares: [{allow-addresses: 'a,b'}]"), "traefik"), @"route `web`: `a,b` has a comma, and Traefik's lists cannot hold one");
    insta::assert_snapshot!(error(&route("scheme: https, insecure: true"), "traefik"), @"route `web`: Traefik has no label that leaves certificates of a container unchecked; declare a servers transport in the file provider");
}

#[test]
fn mistakes_in_the_file_have_places() {
    let source = Source::new(
        "routes.yaml",
        "
routes:
  web: {host: 'https://a.example', port: 65536, tsl: off}
  api: {host: a b, port: 0}
  b_d.x: {host: ä.example}
  none: {hosts: []}
",
    );
    let parsed = parse_routes(&source, &|text| Ok(text.to_owned()));
    let found: Vec<String> = parsed.diagnostics.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(found.join("\n"), @"
    routes.yaml:3:49: there is no `tsl` here
    routes.yaml:3:15: `https://a.example` is no host name: write the name alone, without a scheme
    routes.yaml:3:42: `65536` is no port; ports are 1 to 65535
    routes.yaml:4:15: `a b` is no host name: there is a blank in it
    routes.yaml:4:26: there is no port 0; ports are 1 to 65535
    routes.yaml:5:10: `b_d.x` is no name for a route: letters, digits and `-`
    routes.yaml:5:10: route `b_d.x` has no `port`
    routes.yaml:6:9: route `none` has no `host`
    routes.yaml:6:9: route `none` has no `port`
    ");
}
