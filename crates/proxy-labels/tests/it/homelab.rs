//! Mistakes that published homelabs share, each with what is right.

use proxy_labels::lint::{self, Context};
use proxy_labels::{
    Choice, Container, Health, Middleware, ProxySelection, Route, statics, synth, traefik,
};

use crate::container;

const RULE: (&str, &str) = ("traefik.http.routers.web.rule", "Host(`a.example`)");

/// Two mechanisms: Docker's health check gates admission, Traefik's own probe does not.
#[test]
fn docker_health_gates_and_the_probe_of_traefik_does_not() {
    let probe = (
        "traefik.http.services.web.loadbalancer.healthcheck.path",
        "/health",
    );
    let mut web = container("web", &[RULE, probe]);
    let routers = |web: &Container| {
        let outcome = traefik::provide(std::slice::from_ref(web), &traefik::Settings::default());
        outcome.configuration.http.routers.len()
    };
    assert_eq!(routers(&web), 1, "the probe alone keeps nothing out");
    for (health, expected) in [
        (Health::Starting, 0),
        (Health::Unhealthy, 0),
        (Health::Healthy, 1),
    ] {
        web.health = health;
        assert_eq!(routers(&web), expected, "{health:?}");
    }
    let mut context = Context::default();
    context.zero_downtime = true;
    web.health = Health::None;
    let found = lint::check(&[web], &context);
    let gate = found
        .iter()
        .find(|one| one.code == "labels::TRF029")
        .unwrap();
    assert!(
        gate.help
            .iter()
            .any(|help| help.contains("it does not keep a new one out")),
        "{gate:?}"
    );
}

/// A switch in a label is a site, and a proxy without upstream is accepted by Caddy.
#[test]
fn a_proxy_that_is_off_gets_no_label_at_all() {
    let lab = container("web", &[("caddy", "false"), ("caddy.reverse_proxy", "")]);
    let codes: Vec<_> = lint::check(&[lab], &Context::default())
        .into_iter()
        .map(|one| one.code)
        .collect();
    assert_eq!(codes, ["labels::CDY001", "labels::CDY002"]);

    let route = Route::new("web", ["a.example".parse().unwrap()], 8000);
    let env = [("TRAEFIK_ENABLE", "true"), ("CADDY_ENABLE", "false")];
    let selection = ProxySelection::from_env(env).unwrap();
    let labels = synth::labels(
        std::slice::from_ref(&route),
        &selection,
        &synth::Options::default(),
    )
    .unwrap();
    assert!(labels.keys().all(|key| key.starts_with("traefik.")));

    // The other way round, with a host where a switch is expected.
    let env = [("TRAEFIK_ENABLE", ""), ("CADDY_ENABLE", "b.example")];
    let selection = ProxySelection::from_env(env).unwrap();
    assert!(matches!(selection.caddy, Choice::Hosts(_)));
    let labels = synth::labels(&[route], &selection, &synth::Options::default()).unwrap();
    assert_eq!(labels["caddy"], "b.example");
    assert_eq!(labels["caddy.reverse_proxy"], "{{upstreams 8000}}");
    assert!(labels.keys().all(|key| key.starts_with("caddy")));
}

/// The old XSS filter of browsers is gone.
#[test]
fn secure_headers_have_no_xss_filter() {
    let mut route = Route::new("web", ["a.example".parse().unwrap()], 80);
    route.middlewares = vec![Middleware::SecureHeaders];
    for labels in [
        synth::traefik(std::slice::from_ref(&route), &synth::Options::default()).unwrap(),
        synth::caddy(&[route], &synth::Options::default()).unwrap(),
    ] {
        let text = format!("{labels:?}").to_lowercase();
        assert!(!text.contains("xss"), "{text}");
        assert!(
            text.contains("31536000") && text.contains("nosniff"),
            "{text}"
        );
    }
}

/// A token needs no e-mail beside it, and one Traefik only may use the store of certificates.
#[test]
fn certificates_by_dns_take_a_token_alone() {
    let text = statics::TraefikStatic::default().to_yaml();
    assert!(text.contains("provider: cloudflare") && text.contains("storage: /data/acme.json"));
    assert!(!text.contains("CF_API_EMAIL") && !text.contains("CF_API_KEY"));
    assert_eq!(text.matches("acme.json").count(), 1);
    let documented = include_str!("../../src/statics.rs");
    assert!(documented.contains("One Traefik only"));
    assert!(documented.contains("`CF_API_EMAIL` belongs to the global key"));
}

/// Another template engine that meets `{{upstreams 8000}}` makes nothing of it.
#[test]
fn an_emptied_template_is_found() {
    let found = lint::check(
        &[container(
            "web",
            &[("caddy", "a.example"), ("caddy.reverse_proxy", "")],
        )],
        &Context::default(),
    );
    assert_eq!(found[0].code, "labels::CDY002");
    assert!(found[0].help[0].contains("{{upstreams PORT}}"));
}
