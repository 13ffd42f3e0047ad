//! Every lint, by the label that it is for.

use std::collections::BTreeSet;

use proxy_labels::lint::{self, Context, LINTS, LabelSource};
use proxy_labels::{Container, Health, LabelFix, Network};

use crate::container;

/// Codes without their prefix.
fn codes(containers: &[Container], context: &Context) -> BTreeSet<String> {
    let found = lint::check(containers, context);
    found
        .iter()
        .map(|one| one.code.replace("labels::", ""))
        .collect()
}

/// A code and labels that have it.
const CASES: &[(&str, &[(&str, &str)])] = &[
    (
        "BOTH01",
        &[
            ("traefik.http.routers.web.rule", "Host(`a.example`)"),
            ("caddy", "a.example"),
            ("caddy.reverse_proxy", "{{upstreams 80}}"),
        ],
    ),
    (
        "CDY001",
        &[
            ("caddy", "false"),
            ("caddy.reverse_proxy", "{{upstreams 80}}"),
        ],
    ),
    (
        "CDY002",
        &[("caddy", "a.example"), ("caddy.reverse_proxy", "")],
    ),
    (
        "CDY002",
        &[("caddy", "a.example"), ("caddy.reverse_proxy", "/api/*")],
    ),
    (
        "CDY003",
        &[
            ("caddy", "a.example"),
            ("caddy.reverse_proxy", "{{upstream 80}}"),
        ],
    ),
    (
        "CDY003",
        &[
            ("caddy", "a.example"),
            ("caddy.reverse_proxy", "\"{{upstreams 80}}\""),
        ],
    ),
    (
        "CDY003",
        &[
            ("caddy", "a.example"),
            ("caddy.reverse_proxy", "{{upstreams \"80\"}}"),
        ],
    ),
    (
        "CDY005",
        &[("caddy", "a.example"), ("caddy.header", "X-A \"\"")],
    ),
    (
        "CDY005",
        &[("caddy", "a.example"), ("caddy.respond", "\"#x\" 200")],
    ),
    (
        "CDY005",
        &[
            ("caddy", "a.example"),
            ("caddy.respond", "`a\"b` \"c`d\\\"e\""),
        ],
    ),
    (
        "CDY006",
        &[("caddy", "a.example"), ("caddy.header.X-Foo_1", "a")],
    ),
    ("CDY006", &[("caddy", "a.example"), ("caddy.", "a")]),
    (
        "CDY007",
        &[
            ("caddy", "a.example"),
            ("caddy.1_reverse_proxy", "{{upstreams 80}}"),
            ("caddy.reverse_proxy.lb_policy", "first"),
        ],
    ),
    (
        "CDY010",
        &[
            ("caddy", "a.example"),
            ("caddy.tls.dns", "cloudflare {env.CF_API_TOKEN}"),
        ],
    ),
    (
        "CDY010",
        &[("caddy", "a.example"), ("caddy.rate_limit.zone", "a")],
    ),
    (
        "CDY011",
        &[
            ("caddy", "a.example"),
            ("caddy.reverse_prox", "{{upstreams 80}}"),
        ],
    ),
    ("CDY011", &[("caddy.reverse_proxy", "{{upstreams 80}}")]),
    (
        "CDY012",
        &[
            ("caddy", "a.example"),
            ("caddy.reverse_proxy", "{{upstreams https 80}}"),
        ],
    ),
    (
        "CDY012",
        &[
            ("caddy", "a.example"),
            ("caddy.reverse_proxy", "{{upstreams 65536}}"),
        ],
    ),
    ("CDY014", &[("CADDY_ENABLE", "true")]),
    ("CDY014", &[("Caddy", "a.example")]),
    (
        "CDY015",
        &[
            ("caddy", "a.example"),
            ("caddy.handle", "/api"),
            ("caddy.handle.reverse_proxy", "{{upstreams 80}}"),
        ],
    ),
    ("CDY016", &[("caddy", "{{env `HOST`}}")]),
    ("TRF001", &[("traefik.http.routers.web.entrypoint", "web")]),
    (
        "TRF001",
        &[("traefik.http.services.web.loadbalancer.servers.port", "80")],
    ),
    ("TRF001", &[("traefik.http.routers.web]", "80")]),
    ("TRF001", &[("traefik.http..web", "80")]),
    ("TRF002", &[("traefik.frontend.rule", "Host:a.example")]),
    (
        "TRF002",
        &[("traefik.htpp.routers.web.rule", "Host(`a.example`)")],
    ),
    ("TRF002", &[("traefik.tls.options.x.minversion", "a")]),
    (
        "TRF003",
        &[("Traefik.http.routers.web.rule", "Host(`a.example`)")],
    ),
    ("TRF004", &[("traefik.http.routers.web.priority", "high")]),
    ("TRF004", &[("traefik.enable", "yes")]),
    (
        "TRF004",
        &[("traefik.http.middlewares.r.ratelimit.period", "1d")],
    ),
    ("TRF005", &[("traefik.http.middlewares.h.headers", "true")]),
    (
        "TRF005",
        &[("traefik.http.services.s.loadbalancer.server", "true")],
    ),
    (
        "TRF006",
        &[
            ("traefik.http.routers.web.tls", "1"),
            ("traefik.http.routers.web.tls.certresolver", "le"),
        ],
    ),
    (
        "TRF007",
        &[("traefik.http.middlewares.s.stripprefix.prefixes[0]", "/a")],
    ),
    (
        "TRF007",
        &[("traefik.http.routers.web.tls.domains.main", "a.example")],
    ),
    (
        "TRF007",
        &[
            ("traefik.http.routers.web.tls.domains[10].main", "a.example"),
            ("traefik.http.routers.web.tls.domains[2].main", "b.example"),
        ],
    ),
    (
        "TRF008",
        &[("traefik.http.routers.web.entrypoints", "web,")],
    ),
    (
        "TRF010",
        &[
            ("traefik.http.routers.web.rule", "Host(`a.example`)"),
            ("traefik.http.services.a.loadbalancer.server.port", "1"),
            ("traefik.http.services.b.loadbalancer.server.port", "2"),
        ],
    ),
    (
        "TRF011",
        &[
            ("traefik.http.routers.web.rule", "Host(`a.example`)"),
            ("traefik.http.routers.web.middlewares", "auht"),
            ("traefik.http.middlewares.auth.compress", "true"),
        ],
    ),
    (
        "TRF011",
        &[
            ("traefik.http.routers.web.rule", "Host(`a.example`)"),
            ("traefik.http.routers.web.service", "wbe"),
            ("traefik.http.services.web.loadbalancer.server.port", "80"),
        ],
    ),
    (
        "TRF011",
        &[
            ("traefik.http.routers.web.rule", "Host(`a.example`)"),
            ("traefik.http.routers.web.tls.options", "none"),
        ],
    ),
    (
        "TRF013",
        &[("traefik.http.services.web.loadbalancer.server.port", "0")],
    ),
    (
        "TRF013",
        &[(
            "traefik.http.services.web.loadbalancer.server.port",
            "65536",
        )],
    ),
    (
        "TRF013",
        &[("traefik.http.services.web.loadbalancer.server.port", "http")],
    ),
    (
        "TRF014",
        &[
            ("traefik.http.services.web.loadbalancer.server.port", "80"),
            (
                "traefik.http.services.web.loadbalancer.server.url",
                "http://x",
            ),
        ],
    ),
    (
        "TRF015",
        &[
            ("traefik.docker.network", "nosuch"),
            ("traefik.http.routers.web.rule", "Host(`a.example`)"),
        ],
    ),
    (
        "TRF016",
        &[
            ("traefik.enable", "false"),
            ("traefik.http.routers.web.rule", "Host(`a.example`)"),
        ],
    ),
    ("TRF017", &[("traefik.enable", "true")]),
    (
        "TRF019",
        &[("traefik.http.services.web.weighted.services[0].name", "a")],
    ),
    (
        "TRF020",
        &[("traefik.http.routers.web.rule", "Host('a.example')")],
    ),
    (
        "TRF020",
        &[(
            "traefik.http.routers.web.rule",
            "Host(`a.example`, `b.example`)",
        )],
    ),
    (
        "TRF020",
        &[("traefik.http.routers.web.rule", "Headers(`a`, `b`)")],
    ),
    (
        "TRF020",
        &[("traefik.http.routers.web.rule", "Host(`ä.example`)")],
    ),
    (
        "TRF020",
        &[("traefik.http.routers.web.rule", "hOst(`a.example`)")],
    ),
    (
        "TRF020",
        &[(
            "traefik.http.routers.web.rule",
            "Host(`a.example`) & Path(`/`)",
        )],
    ),
    (
        "TRF021",
        &[("traefik.http.routers.web.rule", "Host(`https://a.example`)")],
    ),
    (
        "TRF021",
        &[("traefik.http.routers.web.rule", "Host(`a b.example`)")],
    ),
    (
        "TRF021",
        &[
            ("traefik.http.routers.web.rule", "HostRegexp(`.*`)"),
            ("traefik.http.routers.web.tls.certresolver", "le"),
        ],
    ),
    (
        "TRF022",
        &[("traefik.http.routers.web.rule", "PathPrefix(`api`)")],
    ),
    (
        "TRF022",
        &[("traefik.http.middlewares.s.stripprefix.prefixes", "api")],
    ),
    (
        "TRF023",
        &[
            ("traefik.http.middlewares.c.chain.middlewares", "c"),
            ("traefik.http.routers.web.rule", "Host(`a.example`)"),
            ("traefik.http.routers.web.middlewares", "c"),
        ],
    ),
    (
        "TRF023",
        &[
            ("traefik.http.middlewares.c.compress", "true"),
            ("traefik.http.middlewares.c.addprefix.prefix", "/a"),
        ],
    ),
    (
        "TRF024",
        &[("traefik.http.middlewares.gz.compress", "true")],
    ),
    (
        "TRF025",
        &[
            ("traefik.http.routers.web.rule", "Host(`a.example`)"),
            ("traefik.http.routers.web.entrypoints", "websecure"),
        ],
    ),
    (
        "TRF025",
        &[
            ("traefik.http.routers.web.rule", "Host(`a.example`)"),
            ("traefik.http.routers.web.entrypoints", "web"),
            ("traefik.http.routers.web.tls", "true"),
        ],
    ),
    (
        "TRF026",
        &[(
            "traefik.http.middlewares.a.basicauth.users",
            "a:$$apr1$$x$$y",
        )],
    ),
    (
        "TRF027",
        &[("traefik.http.middlewares.a.basicauth.users", "admin:secret")],
    ),
    (
        "TRF028",
        &[(
            "traefik.http.middlewares.w.ipwhitelist.sourcerange",
            "10.0.0.0/8",
        )],
    ),
    (
        "TRF029",
        &[
            (
                "traefik.http.services.web.loadbalancer.healthcheck.path",
                "/",
            ),
            (
                "traefik.http.services.web.loadbalancer.healthcheck.interval",
                "3s",
            ),
        ],
    ),
    (
        "TRF030",
        &[("traefik.tcp.routers.db.rule", "HostSNI(`a.example`)")],
    ),
    (
        "TRF031",
        &[("traefik.http.routers.web@file.rule", "Host(`a.example`)")],
    ),
    (
        "TRF034",
        &[("traefik.http.services.web.loadbalancer.sticky", "true")],
    ),
    (
        "TRF035",
        &[(
            "traefik.http.middlewares.h.headers.browserxssfilter",
            "true",
        )],
    ),
];

#[test]
fn every_mistake_has_its_lint() {
    for (code, labels) in CASES {
        let found = codes(&[container("web", labels)], &Context::default());
        assert!(found.contains(*code), "{code} for {labels:?}: {found:?}");
    }
}

/// Lints that need more than one container's labels.
#[test]
fn what_the_context_tells() {
    let rule = ("traefik.http.routers.web.rule", "Host(`a.example`)");
    let mut seen: BTreeSet<String> = CASES.iter().map(|(code, _)| (*code).to_owned()).collect();
    let mut expect = |code: &str, containers: &[Container], context: &Context| {
        let found = codes(containers, context);
        assert!(found.contains(code), "{code}: {found:?}");
        seen.insert(code.to_owned());
    };

    let mut context = Context::default();
    context.resolvers = Some(["le".to_owned()].into());
    context.entry_points = Some(vec!["web".to_owned()]);
    expect(
        "TRF011",
        &[container(
            "web",
            &[rule, ("traefik.http.routers.web.tls.certresolver", "el")],
        )],
        &context,
    );
    expect(
        "TRF011",
        &[container(
            "web",
            &[rule, ("traefik.http.routers.web.entrypoints", "https")],
        )],
        &context,
    );

    let mut several = container("web", &[rule]);
    several.ports.push("9000/tcp".to_owned());
    expect("TRF012", &[several.clone()], &Context::default());
    several
        .networks
        .insert("other".to_owned(), Network::with_ip("172.21.0.2"));
    expect("TRF015", &[several], &Context::default());

    let mut closed = Context::default();
    closed.traefik.exposed_by_default = false;
    expect("TRF016", &[container("web", &[rule])], &closed);

    let other = ("traefik.http.routers.web.rule", "Host(`b.example`)");
    expect(
        "TRF018",
        &[container("a", &[rule]), container("b", &[other])],
        &Context::default(),
    );

    let mut source = Context::default();
    let users = "traefik.http.middlewares.a.basicauth.users";
    let at = |key: &str| ("web".to_owned(), key.to_owned());
    let template = LabelSource::new(Some("a:$apr1$x$y".to_owned()), false, false);
    source.sources.insert(at(users), template);
    expect("TRF026", &[container("web", &[(users, "a:")])], &source);
    source
        .sources
        .insert(at("traefik.enable"), LabelSource::new(None, true, false));
    expect(
        "TRF032",
        &[container("web", &[("traefik.enable", "\"true\"")])],
        &source,
    );
    source
        .deploy_labels
        .insert("web".to_owned(), vec!["traefik.enable".to_owned()]);
    expect("TRF033", &[container("web", &[])], &source);
    source
        .published
        .insert("web".to_owned(), vec![("8080".to_owned(), "80".to_owned())]);
    let port = ("traefik.http.services.web.loadbalancer.server.port", "8080");
    expect("TRF013", &[container("web", &[port])], &source);

    let mut updates = Context::default();
    updates.zero_downtime = true;
    expect("TRF029", &[container("web", &[rule])], &updates);
    let site = [
        ("caddy", "a.example"),
        ("caddy.reverse_proxy", "{{upstreams 80}}"),
    ];
    expect("CDY013", &[container("web", &site)], &updates);

    let mut ingress = Context::default();
    ingress.caddy.ingress_networks.insert("ingress".to_owned());
    expect("CDY004", &[container("web", &site)], &ingress);
    let lists = [
        ("caddy", "a.example b.example"),
        ("caddy.reverse_proxy", "{{upstreams 80}}"),
    ];
    expect(
        "CDY008",
        &[container("a", &site), container("b", &lists)],
        &Context::default(),
    );
    let first = [site[0], site[1], ("caddy.reverse_proxy.lb_policy", "first")];
    let random = [
        site[0],
        site[1],
        ("caddy.reverse_proxy.lb_policy", "random"),
    ];
    expect(
        "CDY008",
        &[container("a", &first), container("b", &random)],
        &Context::default(),
    );
    let mails = [
        container("a", &[("caddy.email", "a@example")]),
        container("b", &[("caddy.email", "b@example")]),
    ];
    expect("CDY009", &mails, &Context::default());

    for lint in LINTS {
        assert!(
            seen.contains(&lint.code.replace("labels::", "")),
            "{} has no test",
            lint.code
        );
    }
}

#[test]
fn good_labels_are_left_alone() {
    let mut web = container(
        "web",
        &[
            ("traefik.enable", "true"),
            (
                "traefik.http.routers.web.rule",
                "Host(`a.example`) && PathPrefix(`/api`)",
            ),
            ("traefik.http.routers.web.entrypoints", "websecure"),
            ("traefik.http.routers.web.tls.certresolver", "le"),
            ("traefik.http.routers.web.middlewares", "web-gz,auth@file"),
            ("traefik.http.middlewares.web-gz.compress", "true"),
            ("traefik.http.services.web.loadbalancer.server.port", "80"),
            ("com.example.other", "yes"),
        ],
    );
    web.health = Health::Healthy;
    let caddy = container(
        "caddy",
        &[
            ("caddy", "b.example"),
            ("caddy.handle", "/api/*"),
            ("caddy.handle.reverse_proxy", "{{upstreams http 8080}}"),
            ("caddy.handle.reverse_proxy.lb_try_duration", "30s"),
            ("caddy_ingress_network", "proxy"),
        ],
    );
    let mut context = Context::default();
    context.zero_downtime = true;
    assert_eq!(lint::check(&[web, caddy], &context), []);
}

#[test]
fn fixes_mend() {
    let fix = |labels: &[(&str, &str)], code: &str| {
        let found = lint::check(&[container("web", labels)], &Context::default());
        let found = found
            .into_iter()
            .find(|one| one.code == format!("labels::{code}"));
        found.and_then(|one| one.fix)
    };
    assert_eq!(
        fix(&[("traefik.http.routers.web.entrypoint", "web")], "TRF001"),
        Some(LabelFix::RenameKey(
            "traefik.http.routers.web.entrypoints".to_owned()
        ))
    );
    assert_eq!(
        fix(
            &[("traefik.http.routers.web.rule", "Host('a.example')")],
            "TRF020"
        ),
        Some(LabelFix::SetValue("Host(`a.example`)".to_owned()))
    );
    assert_eq!(
        fix(
            &[("traefik.http.routers.web.rule", "Host(`bücher.example`)")],
            "TRF020"
        ),
        Some(LabelFix::SetValue(
            "Host(`xn--bcher-kva.example`)".to_owned()
        ))
    );
    assert_eq!(
        fix(
            &[(
                "traefik.http.routers.web.rule",
                "Host(`https://a.example/x`)"
            )],
            "TRF021"
        ),
        Some(LabelFix::SetValue("Host(`a.example`)".to_owned()))
    );
    assert_eq!(
        fix(&[("traefik.enable", "yes")], "TRF004"),
        Some(LabelFix::SetValue("true".to_owned()))
    );
    assert_eq!(
        fix(&[("traefik.htpp.routers.web.rule", "Host(`a`)")], "TRF002"),
        Some(LabelFix::RenameKey(
            "traefik.http.routers.web.rule".to_owned()
        ))
    );
}

/// A secret is never repeated.
#[test]
fn passwords_are_not_shown() {
    let labels = [
        (
            "traefik.http.middlewares.a.basicauth.users",
            "admin:hunter2",
        ),
        (
            "traefik.http.middlewares.b.ratelimit.redis.password",
            "hunter2",
        ),
    ];
    for found in lint::check(&[container("web", &labels)], &Context::default()) {
        assert!(!format!("{found:?}").contains("hunter2"), "{found:?}");
    }
}

#[test]
fn every_lint_is_documented() {
    let page = include_str!("../../../../docs/proxy-labels.md");
    for lint in LINTS {
        let row = format!("| {} | {} |", lint.code.replace("labels::", ""), lint.name);
        assert!(page.contains(&row), "{row}");
    }
}
