//! Health checks.

use super::Sourced;
use super::decode::{Attribute as _, Decode, Extensions, Log, extensions};
use super::record::record;
use crate::grammar::Duration;
use crate::value::{Data, Value};

record! {
    /// How the engine finds out whether a container works.
    Healthcheck {
        /// What is run; none, or an empty list, means what the image says.
        test: Option<Sourced<HealthTest>> = test,
        /// Time between two runs; default 30 seconds.
        interval: Option<Sourced<Duration>>,
        /// Time after which a run has failed; default 30 seconds.
        timeout: Option<Sourced<Duration>>,
        /// Failures in a row after which the container counts as unhealthy; default 3.
        retries: Option<Sourced<u64>>,
        /// Time after the start in which failures do not count; default 0.
        start_period: Option<Sourced<Duration>>,
        /// Time between two runs within `start_period`; default 5 seconds.
        start_interval: Option<Sourced<Duration>>,
        /// Whether there is none, not even that of the image; default false.
        disable: Option<Sourced<bool>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

impl Healthcheck {
    /// Whether this switches off the check, also that of the image.
    pub fn is_disabled(&self) -> bool {
        self.disable.as_deref() == Some(&true) || self.test.as_deref() == Some(&HealthTest::None)
    }
}

/// What a health check runs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HealthTest {
    /// `NONE`: nothing, and the check of the image is off.
    None,
    /// `CMD-SHELL`, or one text: a line for the shell of the image.
    Shell {
        /// The line.
        script: String,
        /// What stands behind it, as a rule by mistake: arguments of the shell (`$0`, `$1`, …).
        arguments: Vec<String>,
    },
    /// `CMD`: a program with its arguments.
    Exec(Vec<String>),
}

impl Decode for HealthTest {
    fn decode(value: &Value, log: &mut Log) -> Option<Self> {
        if !matches!(value.data, Data::List(_)) {
            return Some(Self::Shell {
                script: String::decode(value, log)?,
                arguments: Vec::new(),
            });
        }
        let mut words = Vec::<String>::decode(value, log)?.into_iter();
        match words.next()?.as_str() {
            "NONE" => Some(Self::None),
            "CMD" => Some(Self::Exec(words.collect())),
            "CMD-SHELL" => Some(Self::Shell {
                script: words.next().unwrap_or_default(),
                arguments: words.collect(),
            }),
            _ => None,
        }
    }
}

fn test(parent: &Value, key: &str, log: &mut Log) -> Option<Sourced<HealthTest>> {
    let value = parent.get(key)?;
    let empty = value.as_list().is_some_and(<[Value]>::is_empty);
    log.key(key, |log| {
        Sourced::attribute((!empty).then_some(value), log)
    })
}
