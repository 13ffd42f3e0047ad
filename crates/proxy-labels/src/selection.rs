//! Which proxy serves.

use thiserror::Error;

use crate::Host;

/// Which proxies get labels, as `TRAEFIK_ENABLE` and `CADDY_ENABLE` say it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProxySelection {
    /// Traefik.
    pub traefik: Choice,
    /// caddy-docker-proxy.
    pub caddy: Choice,
}

/// Whether a proxy gets labels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// None at all: neither proxy can be switched off by a value.
    #[default]
    Off,
    /// Those of the routes.
    On,
    /// Those of the routes, for these hosts.
    Hosts(Vec<Host>),
}

/// A switch that says neither yes nor no and is no host either.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{name} is `{value}`, which is neither `true` nor `false` nor a host name")]
#[non_exhaustive]
pub struct SelectionError {
    /// The variable.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

impl ProxySelection {
    /// Both proxies, one or none.
    pub fn new(traefik: bool, caddy: bool) -> Self {
        let choice = |on| if on { Choice::On } else { Choice::Off };
        Self {
            traefik: choice(traefik),
            caddy: choice(caddy),
        }
    }

    /// The selection that variables of an environment make. Each of the two is a boolean, a host
    /// name (or several, by blanks or commas), or empty, which means no.
    ///
    /// ```
    /// use proxy_labels::{Choice, ProxySelection};
    ///
    /// let env = [("TRAEFIK_ENABLE", ""), ("CADDY_ENABLE", "whoami.example")];
    /// let selection = ProxySelection::from_env(env)?;
    /// assert_eq!(selection.traefik, Choice::Off);
    /// assert_eq!(selection.caddy, Choice::Hosts(vec!["whoami.example".parse().unwrap()]));
    /// # Ok::<(), proxy_labels::SelectionError>(())
    /// ```
    ///
    /// # Errors
    /// A value that is none of these.
    pub fn from_env<'e>(
        env: impl IntoIterator<Item = (&'e str, &'e str)>,
    ) -> Result<Self, SelectionError> {
        let mut selection = Self::default();
        for (name, value) in env {
            match name {
                "TRAEFIK_ENABLE" => selection.traefik = choice("TRAEFIK_ENABLE", value)?,
                "CADDY_ENABLE" => selection.caddy = choice("CADDY_ENABLE", value)?,
                _ => {}
            }
        }
        Ok(selection)
    }

    /// Whether no proxy is selected.
    pub fn is_none(&self) -> bool {
        self.traefik == Choice::Off && self.caddy == Choice::Off
    }
}

fn choice(name: &'static str, value: &str) -> Result<Choice, SelectionError> {
    let text = value.trim();
    match text.to_ascii_lowercase().as_str() {
        "" | "false" | "0" | "no" | "off" | "f" | "n" => return Ok(Choice::Off),
        "true" | "1" | "yes" | "on" | "t" | "y" => return Ok(Choice::On),
        _ => {}
    }
    let words = text.split([' ', ',']).filter(|word| !word.is_empty());
    let hosts: Result<Vec<Host>, _> = words.map(str::parse).collect();
    match hosts {
        // A word without a dot is a slip more often than a host.
        Ok(hosts)
            if hosts
                .iter()
                .all(|host| host.as_str().contains('.') || host.as_str() == "localhost") =>
        {
            Ok(Choice::Hosts(hosts))
        }
        _ => Err(SelectionError {
            name,
            value: value.to_owned(),
        }),
    }
}
