//! Where an engine is.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::Error;

/// Where an engine listens.
///
/// ```
/// use engine::Endpoint;
/// assert_eq!("unix:///run/docker.sock".parse::<Endpoint>()?, Endpoint::Socket("/run/docker.sock".into()));
/// assert_eq!("tcp://10.0.0.2:2375".parse::<Endpoint>()?.to_string(), "tcp://10.0.0.2:2375");
/// assert!("ftp://x".parse::<Endpoint>().is_err());
/// # Ok::<(), engine::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Endpoint {
    /// A Unix socket, by its path.
    Socket(String),
    /// A TCP address, `host:port`, without encryption.
    Tcp(String),
    /// A machine reached by the program `ssh`, `[user@]host[:port]`, on which `docker` is installed.
    Ssh(String),
}

/// Where the engine listens unless something else is said.
const DEFAULT: &str = "/var/run/docker.sock";

/// The port of an engine without encryption.
const PORT: u16 = 2375;

impl Endpoint {
    /// The engine that the docker client would use with this environment: `DOCKER_HOST`, else the
    /// context that `DOCKER_CONTEXT` or the client's settings name, else the default socket.
    ///
    /// Reads `config.json` and the contexts in `DOCKER_CONFIG`, or in `.docker` of `HOME`.
    ///
    /// # Errors
    /// [`Error::Address`], [`Error::Context`], [`Error::Settings`].
    pub fn find(environment: &BTreeMap<String, String>) -> Result<Self, Error> {
        let set = |name: &str| environment.get(name).filter(|value| !value.is_empty());
        if let Some(host) = set("DOCKER_HOST") {
            let endpoint: Self = host.parse()?;
            if matches!(endpoint, Self::Tcp(_)) && set("DOCKER_TLS_VERIFY").is_some() {
                return Err(Error::Address {
                    text: host.clone(),
                    why: "TLS is asked for, which is not supported; use ssh",
                });
            }
            return Ok(endpoint);
        }
        let settings = match (set("DOCKER_CONFIG"), set("HOME")) {
            (Some(dir), _) => Some(PathBuf::from(dir)),
            (None, Some(home)) => Some(Path::new(home).join(".docker")),
            (None, None) => None,
        };
        let Some(settings) = settings else {
            return Ok(Self::default());
        };
        let name = match set("DOCKER_CONTEXT") {
            Some(name) => Some(name.clone()),
            None => current_context(&settings.join("config.json"))?,
        };
        match name.as_deref() {
            None | Some("" | "default") => Ok(Self::default()),
            Some(name) => context(&settings, name),
        }
    }
}

impl Default for Endpoint {
    /// The socket `/var/run/docker.sock`.
    fn default() -> Self {
        Self::Socket(DEFAULT.to_owned())
    }
}

#[derive(Deserialize)]
struct Config {
    #[serde(rename = "currentContext")]
    current_context: Option<String>,
}

fn current_context(path: &Path) -> Result<Option<String>, Error> {
    let bad = |why: String| Error::Settings {
        path: path.display().to_string(),
        why,
    };
    match fs_err::read(path) {
        Ok(bytes) => {
            let config: Config =
                serde_json::from_slice(&bytes).map_err(|error| bad(error.to_string()))?;
            Ok(config.current_context)
        }
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(bad(error.to_string())),
    }
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "Endpoints")]
    endpoints: BTreeMap<String, MetaEndpoint>,
}

#[derive(Deserialize)]
struct MetaEndpoint {
    #[serde(rename = "Host", default)]
    host: String,
}

/// The endpoint of a context, which lies below the hash of its name.
fn context(settings: &Path, name: &str) -> Result<Endpoint, Error> {
    let bad = |why: String| Error::Context {
        name: name.to_owned(),
        why,
    };
    let mut id = String::new();
    for byte in Sha256::digest(name.as_bytes()) {
        let _infallible = write!(id, "{byte:02x}");
    }
    let path = settings.join("contexts/meta").join(&id).join("meta.json");
    let bytes = fs_err::read(&path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => bad("there is none of this name".to_owned()),
        _ => bad(format!("{}: {error}", path.display())),
    })?;
    let meta: Meta = serde_json::from_slice(&bytes)
        .map_err(|error| bad(format!("{}: {error}", path.display())))?;
    let host = meta
        .endpoints
        .get("docker")
        .map(|endpoint| endpoint.host.as_str());
    let endpoint: Endpoint = match host {
        Some(host) if !host.is_empty() => host.parse()?,
        _ => return Err(bad("it has no docker endpoint".to_owned())),
    };
    let tls = settings.join("contexts/tls").join(&id).join("docker");
    if matches!(endpoint, Endpoint::Tcp(_)) && tls.exists() {
        return Err(bad(
            "it has TLS certificates, which are not supported; use ssh".to_owned(),
        ));
    }
    Ok(endpoint)
}

impl FromStr for Endpoint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bad = |why| Error::Address {
            text: without_password(text),
            why,
        };
        let (scheme, rest) = text.split_once("://").unwrap_or(("tcp", text));
        match scheme {
            "unix" if rest.is_empty() => Ok(Self::default()),
            "unix" if rest.starts_with('/') => Ok(Self::Socket(rest.to_owned())),
            "unix" => Err(bad("the path of a socket begins with `/`")),
            "tcp" | "http" => {
                let rest = rest.trim_end_matches('/');
                let address = match rest.rsplit_once(':') {
                    Some((host, port)) if !port.ends_with(']') => {
                        if host.is_empty() || port.parse::<u16>().is_err() {
                            return Err(bad("write tcp://HOST:PORT"));
                        }
                        rest.to_owned()
                    }
                    _ if rest.is_empty() => return Err(bad("write tcp://HOST:PORT")),
                    _ => format!("{rest}:{PORT}"),
                };
                if address.contains(['/', '?', '#', '@']) {
                    return Err(bad("there is more than a host and a port"));
                }
                Ok(Self::Tcp(address))
            }
            "https" => Err(bad("TLS is not supported; use ssh")),
            "ssh" => {
                let rest = rest.trim_end_matches('/');
                let (user, host) = rest.rsplit_once('@').unwrap_or(("", rest));
                if user.contains(':') {
                    return Err(bad("there is a password in it; use a key"));
                }
                if host.is_empty() || host.starts_with('-') || user.starts_with('-') {
                    return Err(bad("there is no host in it"));
                }
                if host.contains('/') {
                    return Err(bad("a path is not supported"));
                }
                Ok(Self::Ssh(rest.to_owned()))
            }
            _ => Err(bad("use unix://, tcp:// or ssh://")),
        }
    }
}

fn without_password(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    match rest.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{host}")
        }
        None => text.to_owned(),
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket(path) => write!(f, "unix://{path}"),
            Self::Tcp(address) => write!(f, "tcp://{address}"),
            Self::Ssh(machine) => write!(f, "ssh://{machine}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Endpoint;

    fn environment(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn parsed(text: &str) -> String {
        match text.parse::<Endpoint>() {
            Ok(endpoint) => endpoint.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn addresses() {
        for (text, meant) in [
            ("unix://", "unix:///var/run/docker.sock"),
            ("unix:///x y", "unix:///x y"),
            ("tcp://nas", "tcp://nas:2375"),
            ("tcp://[::1]:99", "tcp://[::1]:99"),
            ("tcp://[::1]", "tcp://[::1]:2375"),
            ("10.0.0.1:2375", "tcp://10.0.0.1:2375"),
            ("ssh://me@nas:22", "ssh://me@nas:22"),
        ] {
            assert_eq!(parsed(text), meant, "{text}");
        }
        for text in [
            "unix://x",
            "tcp://",
            "tcp://:1",
            "tcp://a:b",
            "tcp://a:1/b",
            "https://a",
            "npipe:////./pipe/x",
            "fd://",
            "ssh://",
            "ssh://-oProxyCommand=x",
            "ssh://a/b",
            "",
        ] {
            assert!(
                parsed(text).contains("is no address"),
                "{text}: {}",
                parsed(text)
            );
        }
        let shown = parsed("ssh://me:secret@nas");
        assert!(!shown.contains("secret"), "{shown}");
    }

    #[test]
    fn the_environment_and_the_settings_of_the_client_say_which() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join(".docker");
        let meta = dir
            .join("contexts/meta/047de0f543c7e3596bb6dbd0e65f2c30357720a63eca423f08c52fae314f6806");
        fs_err::create_dir_all(&meta).unwrap();
        let text = r#"{"Name":"nas","Metadata":{},"Endpoints":{"docker":{"Host":"ssh://nas","SkipTLSVerify":false}}}"#;
        fs_err::write(meta.join("meta.json"), text).unwrap();
        let home = home.path().to_str().unwrap();
        let find = |pairs: &[(&str, &str)]| {
            let found = Endpoint::find(&environment(pairs));
            found.map_or_else(|error| error.to_string(), |found| found.to_string())
        };
        assert_eq!(find(&[]), "unix:///var/run/docker.sock");
        assert_eq!(find(&[("HOME", home)]), "unix:///var/run/docker.sock");
        assert_eq!(
            find(&[("HOME", home), ("DOCKER_CONTEXT", "nas")]),
            "ssh://nas"
        );
        assert_eq!(
            find(&[
                ("HOME", home),
                ("DOCKER_CONTEXT", "nas"),
                ("DOCKER_HOST", "unix:///x")
            ]),
            "unix:///x"
        );
        assert_eq!(
            find(&[("HOME", home), ("DOCKER_CONTEXT", "sun")]),
            "the docker context `sun` cannot be used: there is none of this name"
        );
        fs_err::write(dir.join("config.json"), r#"{"currentContext": "nas"}"#).unwrap();
        assert_eq!(find(&[("HOME", home)]), "ssh://nas");
        assert_eq!(
            find(&[("HOME", home), ("DOCKER_CONTEXT", "default")]),
            "unix:///var/run/docker.sock"
        );
        fs_err::write(dir.join("config.json"), "{").unwrap();
        assert!(find(&[("HOME", home)]).starts_with("cannot read `"));
        assert!(
            find(&[("DOCKER_HOST", "tcp://a:2376"), ("DOCKER_TLS_VERIFY", "1")]).contains("TLS")
        );
    }
}
