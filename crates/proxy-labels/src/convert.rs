//! Labels of one proxy to labels of the other, with a report of what is lost.
//!
//! The way goes through [`Route`]s: what a route can say carries over, everything
//! else is a [`Loss`].
//!
//! ```
//! use proxy_labels::{Container, Tls, convert};
//!
//! let mut web = Container::new("web");
//! for (key, value) in [
//!     ("traefik.http.routers.web.rule", "Host(`a.example`) && PathPrefix(`/api`)"),
//!     ("traefik.http.routers.web.tls.certresolver", "le"),
//!     ("traefik.http.services.web.loadbalancer.server.port", "3000"),
//! ] {
//!     web.labels.insert(key.into(), value.into());
//! }
//! let converted = convert::to_caddy(&web, &Default::default());
//! assert_eq!(converted.labels["caddy"], "a.example");
//! assert_eq!(converted.labels["caddy.handle"], "/api*");
//! assert_eq!(converted.labels["caddy.handle.reverse_proxy"], "{{upstreams 3000}}");
//! assert_eq!(converted.losses[0].kind, convert::LossKind::Resolver);
//!
//! // Whoever knows what the resolver does says so, and nothing is lost.
//! let mut options = convert::Options::default();
//! options.resolvers.insert("le".into(), Tls::dns("cloudflare"));
//! let converted = convert::to_caddy(&web, &options);
//! assert_eq!(converted.labels["caddy.tls.dns"], "cloudflare {env.CF_API_TOKEN}");
//! assert!(converted.losses.is_empty());
//! ```

mod from_caddy;
mod from_traefik;

use std::collections::BTreeMap;

use yaml_tree::Severity;

use crate::{Container, Finding, Labels, Route, Tls, synth};

/// How labels are converted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// How labels are made.
    pub synth: synth::Options,
    /// What the certificate resolvers of Traefik do, by name: they are in its static configuration,
    /// so that labels cannot tell. Used in both directions; the first that fits is taken for what
    /// Caddy's labels say.
    pub resolvers: BTreeMap<String, Tls>,
}

/// What came of a conversion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Converted {
    /// The labels of the other proxy.
    pub labels: Labels,
    /// The routes in between.
    pub routes: Vec<Route>,
    /// What did not carry over.
    pub losses: Vec<Loss>,
}

/// Something that did not carry over.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Loss {
    /// What kind of thing.
    pub kind: LossKind,
    /// What, and what that means; a lower-case fragment.
    pub message: String,
    /// The label it was in, if it was in one.
    pub key: Option<String>,
}

/// Kinds of losses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LossKind {
    /// A rule or matcher; the route was left out, as it would answer more than it should.
    Rule,
    /// Which of several routes comes first.
    Priority,
    /// The name of a certificate resolver.
    Resolver,
    /// A middleware or directive.
    Middleware,
    /// A hash that the other proxy does not know.
    Hash,
    /// An option of the load-balancer.
    LoadBalancer,
    /// TCP or UDP.
    Protocol,
    /// Anything else that was written.
    Option,
}

impl LossKind {
    /// Its name in codes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Priority => "priority",
            Self::Resolver => "resolver",
            Self::Middleware => "middleware",
            Self::Hash => "hash",
            Self::LoadBalancer => "load-balancer",
            Self::Protocol => "protocol",
            Self::Option => "option",
        }
    }

    /// Whether the result does less than what it was made from, and not just in other words.
    pub fn is_error(self) -> bool {
        matches!(self, Self::Rule | Self::Protocol | Self::Hash)
    }
}

impl Loss {
    fn new(kind: LossKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            key: None,
        }
    }

    /// The loss as a finding about a container.
    pub fn finding(&self, container: &str) -> Finding {
        let severity = if self.kind.is_error() {
            Severity::Error
        } else {
            Severity::Warning
        };
        let code = format!("convert::{}", self.kind.name());
        let found = Finding::new(severity, code, self.message.clone()).on(container);
        match &self.key {
            Some(key) => found.key(key),
            None => found,
        }
    }
}

/// Traefik's labels of a container as Caddy's.
pub fn to_caddy(container: &Container, options: &Options) -> Converted {
    let mut converted = Converted::default();
    from_traefik::read(container, &mut converted);
    let losses = &mut converted.losses;
    for route in &mut converted.routes {
        let Tls::Resolver(name) = &route.tls else {
            continue;
        };
        match options.resolvers.get(name) {
            Some(tls) => route.tls = tls.clone(),
            None => once(
                losses,
                format!(
                    "certificate resolver `{name}`: Caddy gets certificates by itself; say how with `tls`"
                ),
            ),
        }
    }
    make(&mut converted, &options.synth, synth::caddy);
    converted
}

/// Caddy's labels of a container as Traefik's.
pub fn to_traefik(container: &Container, options: &Options) -> Converted {
    let mut converted = Converted::default();
    from_caddy::read(container, &options.synth, &mut converted);
    let losses = &mut converted.losses;
    for route in &mut converted.routes {
        let mut resolvers = options.resolvers.iter();
        let same = |tls: &Tls| match (tls, &route.tls) {
            (Tls::Dns { provider, .. }, Tls::Dns { provider: its, .. }) => provider == its,
            (Tls::Internal, Tls::Internal) => true,
            _ => false,
        };
        match (resolvers.find(|(_, tls)| same(tls)), &route.tls) {
            (Some((name, _)), _) => route.tls = Tls::Resolver(name.clone()),
            (None, Tls::Dns { provider, .. }) => once(
                losses,
                format!(
                    "certificates by DNS: Traefik needs a resolver `{provider}` in its static configuration"
                ),
            ),
            (None, _) => {}
        }
    }
    make(&mut converted, &options.synth, synth::traefik);
    converted
}

/// What several routes of a container lose is said once.
fn once(losses: &mut Vec<Loss>, message: String) {
    let loss = Loss::new(LossKind::Resolver, message);
    if !losses.contains(&loss) {
        losses.push(loss);
    }
}

type Synth = fn(&[Route], &synth::Options) -> Result<Labels, synth::SynthError>;

/// Makes labels of the routes; what the proxy cannot do is taken out of its route, as a loss.
fn make(converted: &mut Converted, options: &synth::Options, synth: Synth) {
    let mut kept = Vec::new();
    for route in std::mem::take(&mut converted.routes) {
        kept.extend(lighten(route, options, synth, &mut converted.losses));
    }
    if !kept.is_empty() {
        match synth(&kept, options) {
            Ok(labels) => converted.labels = labels,
            Err(error) => converted
                .losses
                .push(Loss::new(LossKind::Option, error.to_string())),
        }
    }
    converted.routes = kept;
}

fn lighten(
    mut route: Route,
    options: &synth::Options,
    synth: Synth,
    losses: &mut Vec<Loss>,
) -> Option<Route> {
    let works = |route: &Route| synth(std::slice::from_ref(route), options);
    if works(&route).is_ok() {
        return Some(route);
    }
    if let (Some(priority), Err(error)) = (route.priority, works(&route)) {
        let without = Route {
            priority: None,
            ..route.clone()
        };
        if works(&without).map_err(|other| other.to_string()) != Err(error.to_string()) {
            losses.push(Loss::new(
                LossKind::Priority,
                format!("priority {priority} of `{}`: {error}", route.name),
            ));
            route = without;
        }
    }
    let middlewares = std::mem::take(&mut route.middlewares);
    for middleware in middlewares {
        let one = Route {
            middlewares: vec![middleware.clone()],
            ..route.clone()
        };
        let bare = Route {
            middlewares: Vec::new(),
            ..route.clone()
        };
        match works(&one) {
            Err(error) if works(&bare).is_ok() => {
                let hash = matches!(middleware, crate::Middleware::BasicAuth(_));
                // Without its password the route would be open to everybody.
                if hash {
                    let message =
                        format!("{error}; the route is left out, it would be open without");
                    losses.push(Loss::new(LossKind::Hash, message));
                    return None;
                }
                losses.push(Loss::new(LossKind::Middleware, error.to_string()));
            }
            _ => route.middlewares.push(middleware),
        }
    }
    match works(&route) {
        Ok(_) => Some(route),
        Err(error) => {
            losses.push(Loss::new(
                LossKind::Option,
                format!("{error}; the route is left out"),
            ));
            None
        }
    }
}
