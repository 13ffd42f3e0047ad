//! A connection to an engine.

use std::fmt;
use std::time::Duration;

use bollard::{API_DEFAULT_VERSION, Docker};

use crate::{Endpoint, Error, Watch};

/// The API of Docker Engine 20.10.
const OLDEST: (u32, u32) = (1, 41);
const OLDEST_TEXT: &str = "1.41";

/// How long one request may take, in seconds.
const TIMEOUT: u64 = 60;

/// How long the first answer may take.
const FIRST: Duration = Duration::from_secs(20);

/// An engine that answered. Cloning is cheap.
#[derive(Clone)]
pub struct Engine {
    pub(crate) docker: Docker,
    endpoint: Endpoint,
    version: Version,
}

/// What an engine is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Version {
    /// Its own version, such as `20.10.24`.
    pub engine: String,
    /// The newest API it speaks, such as `1.41`.
    pub api: String,
    /// The API spoken with it.
    pub spoken: String,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("endpoint", &self.endpoint)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

impl Engine {
    /// Connects, and agrees on a version of the API that both sides speak.
    ///
    /// # Errors
    /// [`Error::NoEngine`], [`Error::Permission`], [`Error::TooOld`], [`Error::TooNew`].
    pub async fn connect(endpoint: &Endpoint) -> Result<Self, Error> {
        let action = "connect";
        let failed = |error| Error::request(endpoint, action, error);
        let docker = match endpoint {
            Endpoint::Socket(path) => Docker::connect_with_unix(path, TIMEOUT, API_DEFAULT_VERSION),
            Endpoint::Tcp(address) => {
                Docker::connect_with_http(&format!("tcp://{address}"), TIMEOUT, API_DEFAULT_VERSION)
            }
            Endpoint::Ssh(machine) => crate::ssh::connect(machine, TIMEOUT),
        }
        .map_err(failed)?;
        let negotiate = async {
            let docker = docker.negotiate_version().await?;
            let version = docker.version().await?;
            Ok((docker, version))
        };
        let (docker, found) = match tokio::time::timeout(FIRST, negotiate).await {
            Ok(Ok(both)) => both,
            Ok(Err(error)) => {
                return Err(too_new(endpoint, &error).unwrap_or_else(|| failed(error)));
            }
            Err(_) => {
                return Err(Error::NoEngine {
                    endpoint: endpoint.clone(),
                    source: format!("no answer within {} seconds", FIRST.as_secs()).into(),
                });
            }
        };
        let version = Version {
            engine: found.version.unwrap_or_default(),
            api: found.api_version.unwrap_or_default(),
            spoken: docker.client_version().to_string(),
        };
        if number(&version.api).is_none_or(|api| api < OLDEST) {
            return Err(Error::TooOld {
                endpoint: endpoint.clone(),
                found: version.api,
                needed: OLDEST_TEXT,
            });
        }
        let oldest = found.min_api_version.unwrap_or_default();
        if number(&oldest) > number(&version.spoken) {
            return Err(Error::TooNew {
                endpoint: endpoint.clone(),
                oldest,
                ours: version.spoken,
            });
        }
        Ok(Self {
            docker,
            endpoint: endpoint.clone(),
            version,
        })
    }

    /// Where it is.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// What it is.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// Follows what happens on the same engine, over a connection of its own.
    pub fn watch(&self) -> Watch {
        Watch::new(self.endpoint.clone())
    }

    /// Asks whether it is still there.
    ///
    /// # Errors
    /// [`Error::NoEngine`] and the like.
    pub async fn ping(&self) -> Result<(), Error> {
        let answer = self.docker.ping().await;
        answer.map_err(|error| self.failed("ask for a sign of life", error))?;
        Ok(())
    }

    pub(crate) fn failed(&self, action: &str, error: bollard::errors::Error) -> Error {
        Error::request(&self.endpoint, action, error)
    }
}

/// What the engine says when a client is too old for it.
fn too_new(endpoint: &Endpoint, error: &bollard::errors::Error) -> Option<Error> {
    let bollard::errors::Error::DockerResponseServerError {
        status_code: 400,
        message,
    } = error
    else {
        return None;
    };
    let (_, oldest) = message.split_once("inimum supported API version is ")?;
    Some(Error::TooNew {
        endpoint: endpoint.clone(),
        oldest: oldest
            .split(',')
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned(),
        ours: API_DEFAULT_VERSION.to_string(),
    })
}

fn number(version: &str) -> Option<(u32, u32)> {
    let (major, minor) = version.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
