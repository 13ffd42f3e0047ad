//! Health checks as containers have them.

use std::time::Duration;

use bollard::models::HealthConfig;

/// How the engine finds out whether a container is well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HealthCheck {
    /// `CMD` and a program with its arguments, or `CMD-SHELL` and a command.
    pub test: Vec<String>,
    /// The time between two of them; zero for the engine's own, 30 seconds.
    pub interval: Duration,
    /// How long one may take; zero for the engine's own, 30 seconds.
    pub timeout: Duration,
    /// How many have to fail one after the other; zero for the engine's own, 3.
    pub retries: u32,
    /// How long after the start failures do not count; zero for not at all.
    pub start_period: Duration,
}

impl HealthCheck {
    /// What a container has; `None` if it is switched off.
    pub(crate) fn read(found: HealthConfig) -> Option<Self> {
        let test = found.test.unwrap_or_default();
        if test.first().is_none_or(|first| first == "NONE") {
            return None;
        }
        let time = |nanos: Option<i64>| {
            Duration::from_nanos(nanos.and_then(|nanos| nanos.try_into().ok()).unwrap_or(0))
        };
        Some(Self {
            test,
            interval: time(found.interval),
            timeout: time(found.timeout),
            retries: found
                .retries
                .and_then(|retries| retries.try_into().ok())
                .unwrap_or(0),
            start_period: time(found.start_period),
        })
    }

    pub(crate) fn config(&self) -> HealthConfig {
        let nanos = |time: Duration| i64::try_from(time.as_nanos()).ok();
        HealthConfig {
            test: Some(self.test.clone()),
            interval: nanos(self.interval),
            timeout: nanos(self.timeout),
            retries: Some(i64::from(self.retries)),
            start_period: nanos(self.start_period),
            ..HealthConfig::default()
        }
    }
}
