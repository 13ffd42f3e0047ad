//! Routes to labels.
//!
//! The labels of routes that share a container are made together; see [`traefik`] and [`caddy`].
//! What a proxy cannot do is an error, never left out.

mod caddy;
mod traefik;

use thiserror::Error;

use crate::caddy::Unrepresentable;
use crate::selection::{Choice, ProxySelection};
use crate::{Labels, Route};

pub use caddy::caddy;
pub use traefik::traefik;

/// How labels are made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// The value of `traefik.enable`, `true`; a variable makes a switch of it.
    pub traefik_enable: String,
    /// Traefik's entry point for HTTPS, `websecure`.
    pub entry_point: String,
    /// Traefik's entry point for plain HTTP, `web`.
    pub plain_entry_point: String,
    /// How Caddy's labels begin, `caddy`.
    pub caddy_prefix: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            traefik_enable: "true".to_owned(),
            entry_point: "websecure".to_owned(),
            plain_entry_point: "web".to_owned(),
            caddy_prefix: "caddy".to_owned(),
        }
    }
}

/// A route that a proxy's labels cannot say.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SynthError {
    /// The proxy has no such thing.
    #[error("route `{route}`: {proxy} has no {what}{advice}")]
    Unsupported {
        /// The route.
        route: String,
        /// The proxy.
        proxy: &'static str,
        /// What it has not.
        what: &'static str,
        /// What to do, with a semicolon in front; may be empty.
        advice: &'static str,
    },
    /// A text that does not survive the way.
    #[error("route `{route}`: `{text}` cannot be written as a Caddy label: {why}")]
    Text {
        /// The route.
        route: String,
        /// The text.
        text: String,
        /// Why not.
        why: Unrepresentable,
    },
    /// A text with a character that a list in a label cannot hold.
    #[error("route `{route}`: `{text}` has a comma, and Traefik's lists cannot hold one")]
    Comma {
        /// The route.
        route: String,
        /// The text.
        text: String,
    },
    /// A route without a host.
    #[error("route `{route}` has no host")]
    NoHost {
        /// The route.
        route: String,
    },
    /// Two routes of one name on one container.
    #[error("there are two routes called `{route}`")]
    Twice {
        /// The name.
        route: String,
    },
}

/// The labels of routes that share a container, for the proxies that are selected; none for one
/// that is not.
///
/// ```
/// use proxy_labels::{ProxySelection, Route, synth};
///
/// let route = Route::new("whoami", ["whoami.example".parse()?], 8080);
/// let env = [("TRAEFIK_ENABLE", "false"), ("CADDY_ENABLE", "true")];
/// let selection = ProxySelection::from_env(env)?;
/// let labels = synth::labels(&[route], &selection, &Default::default())?;
/// assert!(labels.keys().all(|key| key.starts_with("caddy")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// What one of the proxies cannot do.
pub fn labels(
    routes: &[Route],
    selection: &ProxySelection,
    options: &Options,
) -> Result<Labels, SynthError> {
    let mut labels = Labels::new();
    if let Some(routes) = chosen(routes, &selection.traefik) {
        labels.extend(traefik(&routes, options)?);
    }
    if let Some(routes) = chosen(routes, &selection.caddy) {
        labels.extend(caddy(&routes, options)?);
    }
    Ok(labels)
}

/// The routes for a proxy, with the hosts that its selection may give.
fn chosen(routes: &[Route], choice: &Choice) -> Option<Vec<Route>> {
    match choice {
        Choice::Off => None,
        Choice::On => Some(routes.to_vec()),
        Choice::Hosts(hosts) => {
            let with_hosts = |route: &Route| Route {
                hosts: hosts.clone(),
                ..route.clone()
            };
            Some(routes.iter().map(with_hosts).collect())
        }
    }
}

fn check(routes: &[Route]) -> Result<(), SynthError> {
    for (at, route) in routes.iter().enumerate() {
        let name = || route.name.clone();
        if route.hosts.is_empty() {
            return Err(SynthError::NoHost { route: name() });
        }
        if routes[..at].iter().any(|other| other.name == route.name) {
            return Err(SynthError::Twice { route: name() });
        }
    }
    Ok(())
}
