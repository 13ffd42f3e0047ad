//! When images are pulled and containers started again.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::decode::{Decode, Log, parsed};
use crate::grammar::Duration;
use crate::value::Value;

/// `restart`: when the engine starts a container again that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Restart {
    /// Never.
    No,
    /// Always, also when the engine starts.
    Always,
    /// After an error.
    OnFailure {
        /// How often; none means any number of times.
        max_retries: Option<u32>,
    },
    /// Always, except if it was stopped by hand.
    UnlessStopped,
}

/// A text that is no [`Restart`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "`{0}` is no restart policy: write `no`, `always`, `on-failure`, `on-failure:3` or `unless-stopped`"
)]
pub struct RestartError(String);

impl FromStr for Restart {
    type Err = RestartError;

    fn from_str(text: &str) -> Result<Self, RestartError> {
        let error = || RestartError(text.to_owned());
        Ok(match text.split_once(':').unwrap_or((text, "")) {
            ("no", "") => Self::No,
            ("always", "") => Self::Always,
            ("unless-stopped", "") => Self::UnlessStopped,
            ("on-failure", "") => Self::OnFailure { max_retries: None },
            ("on-failure", retries) => Self::OnFailure {
                max_retries: Some(retries.parse().map_err(|_| error())?),
            },
            _ => return Err(error()),
        })
    }
}

impl fmt::Display for Restart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::No => "no",
            Self::Always => "always",
            Self::UnlessStopped => "unless-stopped",
            Self::OnFailure { max_retries: None } => "on-failure",
            Self::OnFailure {
                max_retries: Some(retries),
            } => return write!(f, "on-failure:{retries}"),
        })
    }
}

impl Decode for Restart {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        parsed(value)
    }
}

/// `pull_policy`: when an image is pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PullPolicy {
    /// Whenever the service is started.
    Always,
    /// Never.
    Never,
    /// It is built instead.
    Build,
    /// If it is not there; written `missing` or `if_not_present`.
    Missing,
    /// If there is a newer one.
    Refresh,
    /// If it was pulled longer ago than this: `daily`, `weekly`, `every_12h`.
    Every(Duration),
}

impl Decode for PullPolicy {
    fn decode(value: &Value, _log: &mut Log) -> Option<Self> {
        Some(match value.as_str()? {
            "always" => Self::Always,
            "never" => Self::Never,
            "build" => Self::Build,
            "missing" | "if_not_present" => Self::Missing,
            "refresh" => Self::Refresh,
            "daily" => Self::Every("1d".parse().ok()?),
            "weekly" => Self::Every("1w".parse().ok()?),
            text => Self::Every(text.strip_prefix("every_")?.parse().ok()?),
        })
    }
}
