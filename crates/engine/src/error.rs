//! What can go wrong between us and the engine.

use std::error::Error as StdError;
use std::io;

use thiserror::Error as ThisError;

use crate::Endpoint;

/// Why the engine could not be found, reached or asked.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// An address of an engine that cannot be one.
    #[error("`{text}` is no address of a container engine: {why}")]
    Address {
        /// The address as given.
        text: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A context of the docker client that cannot be used.
    #[error("the docker context `{name}` cannot be used: {why}")]
    Context {
        /// Its name.
        name: String,
        /// What is wrong with it.
        why: String,
    },
    /// The settings of the docker client cannot be read.
    #[error("cannot read `{path}`: {why}")]
    Settings {
        /// The file.
        path: String,
        /// What is wrong with it.
        why: String,
    },
    /// Nobody answers.
    #[error("no container engine answers at {endpoint}: {source}")]
    NoEngine {
        /// Where.
        endpoint: Endpoint,
        /// Why.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The engine is there, but not for this user.
    #[error("the container engine at {endpoint} is not open to this user")]
    Permission {
        /// Where.
        endpoint: Endpoint,
    },
    /// The engine speaks an older API than we need.
    #[error("the container engine at {endpoint} speaks API {found}, at least {needed} is needed")]
    TooOld {
        /// Where.
        endpoint: Endpoint,
        /// The newest version it speaks.
        found: String,
        /// The oldest version we speak.
        needed: &'static str,
    },
    /// The engine has given up the API that we speak.
    #[error("the container engine at {endpoint} speaks no API below {oldest}, ours is {ours}")]
    TooNew {
        /// Where.
        endpoint: Endpoint,
        /// The oldest version it speaks.
        oldest: String,
        /// The newest version we speak.
        ours: String,
    },
    /// There is no such thing.
    #[error("cannot {action}: {message}")]
    NotFound {
        /// What was asked.
        action: String,
        /// What the engine says.
        message: String,
    },
    /// The engine refused a request.
    #[error("cannot {action}: the engine answers {status}: {message}")]
    Refused {
        /// What was asked.
        action: String,
        /// The status of HTTP.
        status: u16,
        /// What the engine says.
        message: String,
    },
    /// The connection broke, or the answer made no sense.
    #[error("cannot {action}: {source}")]
    Request {
        /// What was asked.
        action: String,
        /// Why.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The engine is there and gives no answer.
    #[error("cannot {action}: the container engine takes too long to answer")]
    NoAnswer {
        /// What was asked.
        action: String,
    },
    /// What a program inside a container prints did not come whole.
    #[error("cannot {action}: {why}")]
    Stream {
        /// What was asked.
        action: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A program inside a container could not be started.
    #[error("cannot {action} (exit code {code}): {message}")]
    NotStarted {
        /// What was asked.
        action: String,
        /// 126 or 127; which of them differs between engines.
        code: i64,
        /// What the engine says.
        message: String,
    },
    /// A program inside a container does not end.
    #[error("cannot {action} to its end: it goes on running")]
    StillRunning {
        /// What was asked.
        action: String,
    },
    /// A stream of events has come to its end.
    #[error("the container engine at {endpoint} has ended the connection")]
    Ended {
        /// Where.
        endpoint: Endpoint,
    },
}

impl Error {
    /// What the user can do about it, one sentence; `None` if that is not known.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::NoEngine { endpoint: Endpoint::Socket(_), .. } => {
                "start the engine, or say where it is: DOCKER_HOST=unix:///…; its usual place is `/var/run/docker.sock`".to_owned()
            }
            Self::NoEngine { endpoint: Endpoint::Ssh(_), .. } => {
                "try `ssh` to that machine by hand; docker has to be installed there".to_owned()
            }
            Self::NoEngine { .. } => "see whether DOCKER_HOST or the docker context is right".to_owned(),
            Self::Permission { .. } => {
                "add the user to the group `docker` (that makes them root on this machine), or use a rootless engine".to_owned()
            }
            Self::TooOld { .. } => "update the engine to 20.10 or later".to_owned(),
            Self::TooNew { .. } => "update this program".to_owned(),
            Self::Context { .. } => "`docker context ls` shows which there are".to_owned(),
            Self::NotStarted { message, .. } if message.contains("not found") => {
                "see whether the image has this program, and where".to_owned()
            }
            Self::NoAnswer { .. } => {
                "some engines say nothing about a container while it is archived or stopped: try again once that is over".to_owned()
            }
            Self::StillRunning { .. } => "restart the container to end it".to_owned(),
            Self::Stream { .. } => {
                "see whether the container was stopped meanwhile, and try again".to_owned()
            }
            _ => return None,
        })
    }

    /// What a request for `action` came to.
    pub(crate) fn request(
        endpoint: &Endpoint,
        action: &str,
        error: bollard::errors::Error,
    ) -> Self {
        use bollard::errors::Error as Bollard;
        let action = action.to_owned();
        match error {
            Bollard::DockerResponseServerError {
                status_code: 404,
                message,
            } => Self::NotFound { action, message },
            Bollard::DockerResponseServerError {
                status_code,
                message,
            } => Self::Refused {
                action,
                status: status_code,
                message,
            },
            Bollard::RequestTimeoutError => Self::NoAnswer { action },
            Bollard::SocketNotFoundError(path) => Self::NoEngine {
                endpoint: endpoint.clone(),
                source: format!("there is no socket `{path}`").into(),
            },
            error => match cause(&error) {
                Some(io::ErrorKind::PermissionDenied) => Self::Permission {
                    endpoint: endpoint.clone(),
                },
                Some(
                    io::ErrorKind::NotFound
                    | io::ErrorKind::ConnectionRefused
                    | io::ErrorKind::HostUnreachable
                    | io::ErrorKind::NetworkUnreachable
                    | io::ErrorKind::TimedOut,
                ) => Self::NoEngine {
                    endpoint: endpoint.clone(),
                    source: last(&error),
                },
                _ if matches!(endpoint, Endpoint::Ssh(_)) => Self::NoEngine {
                    endpoint: endpoint.clone(),
                    source: last(&error),
                },
                _ => Self::Request {
                    action,
                    source: last(&error),
                },
            },
        }
    }
}

/// The kind of the input or output error behind an error.
fn cause(error: &(dyn StdError + 'static)) -> Option<io::ErrorKind> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<io::Error>()
            && error.kind() != io::ErrorKind::Other
        {
            return Some(error.kind());
        }
        next = error.source();
    }
    None
}

/// The innermost of a chain of errors, as text: the outer ones say "client error (Connect)".
fn last(error: &bollard::errors::Error) -> Box<dyn StdError + Send + Sync> {
    let mut text = error.to_string();
    let mut next = StdError::source(error);
    while let Some(error) = next {
        text = error.to_string();
        next = error.source();
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_that_answers_late_is_not_one_that_is_not_there() {
        let endpoint: Endpoint = "unix:///run/docker.sock".parse().unwrap();
        let late = bollard::errors::Error::RequestTimeoutError;
        let error = Error::request(&endpoint, "look at the container web", late);
        assert_eq!(
            error.to_string(),
            "cannot look at the container web: the container engine takes too long to answer"
        );
        assert!(error.help().is_some_and(|help| help.contains("archived")));
    }
}
