//! What an update without a gap needs, as data.
//!
//! `docker compose up` stops the old container before it starts the new one, and waits for nothing:
//! with one container there is always a gap. What a proxy can do is to let requests wait for it.

/// A proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Proxy {
    /// Traefik.
    Traefik,
    /// caddy-docker-proxy.
    Caddy,
}

/// Something that an update without a gap needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Need {
    /// The proxy that needs it.
    pub proxy: Proxy,
    /// What it is about.
    pub topic: Topic,
    /// The label, or the option of the container or the proxy; `NAME` is the service's name.
    pub setting: &'static str,
    /// Where that is set.
    pub place: Place,
    /// What it does, and what happens without.
    pub why: &'static str,
}

/// What a need is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Topic {
    /// When a new container gets requests.
    Gate,
    /// What happens to requests in between.
    Bridge,
    /// What happens to requests that are on their way.
    Drain,
}

/// Where a setting is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Place {
    /// A label of the container.
    Label,
    /// The container's own settings in the Compose file.
    Container,
    /// The proxy's static settings.
    Proxy,
}

const fn need(
    proxy: Proxy,
    topic: Topic,
    setting: &'static str,
    place: Place,
    why: &'static str,
) -> Need {
    Need {
        proxy,
        topic,
        setting,
        place,
        why,
    }
}

/// Everything that an update without a gap needs, by proxy.
pub const ZERO_DOWNTIME: &[Need] = &[
    need(
        Proxy::Traefik,
        Topic::Gate,
        "healthcheck",
        Place::Container,
        "Traefik leaves a container out until its Docker health check passes; without one it gets requests at once",
    ),
    need(
        Proxy::Traefik,
        Topic::Gate,
        "traefik.http.services.NAME.loadbalancer.healthcheck.path",
        Place::Label,
        "Traefik's own probe takes a server out after its first failure; it does not keep a new one out",
    ),
    need(
        Proxy::Traefik,
        Topic::Bridge,
        "traefik.http.middlewares.NAME.retry.attempts",
        Place::Label,
        "requests that meet a closed port are tried again at another server",
    ),
    need(
        Proxy::Traefik,
        Topic::Drain,
        "stop_grace_period",
        Place::Container,
        "the container leaves the pool when it dies, not at SIGTERM: it has to serve on for the two seconds of `providersThrottleDuration` and a margin",
    ),
    need(
        Proxy::Traefik,
        Topic::Drain,
        "entryPoints.NAME.transport.lifeCycle.requestAcceptGraceTimeout",
        Place::Proxy,
        "an update of Traefik itself takes requests a while longer before it closes its ports",
    ),
    need(
        Proxy::Caddy,
        Topic::Gate,
        "caddy.reverse_proxy.health_uri",
        Place::Label,
        "caddy-docker-proxy does not look at Docker health checks: a started container is an upstream at once, until Caddy's own probe fails",
    ),
    need(
        Proxy::Caddy,
        Topic::Bridge,
        "caddy.reverse_proxy.lb_try_duration",
        Place::Label,
        "requests wait for an upstream that answers, instead of failing at once",
    ),
    need(
        Proxy::Caddy,
        Topic::Drain,
        "caddy.grace_period",
        Place::Label,
        "how long old connections live on after a reload, which every start and stop of a container makes",
    ),
];

/// What a proxy needs for a topic.
///
/// ```
/// use proxy_labels::facts::{Proxy, Topic, needs};
/// let settings: Vec<_> = needs(Proxy::Caddy, Topic::Bridge).map(|need| need.setting).collect();
/// assert_eq!(settings, ["caddy.reverse_proxy.lb_try_duration"]);
/// ```
pub fn needs(proxy: Proxy, topic: Topic) -> impl Iterator<Item = &'static Need> {
    ZERO_DOWNTIME
        .iter()
        .filter(move |need| need.proxy == proxy && need.topic == topic)
}
