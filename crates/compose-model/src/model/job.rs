//! Jobs: containers that run to completion when something triggers them.

use super::decode::{Extensions, extensions, later};
use super::record::{record, words};
use super::{Sourced, Untyped, Workload};

record! {
    /// A job.
    ///
    /// What it shares with services is in [`Workload`], and what its container is in
    /// [`Container`](super::Container); the fields of both are reached directly.
    Job with workload: Workload {
        /// The name: its key in `jobs`.
        name: String = later,
        /// The profiles of which one has to be active; none means always active.
        profiles: Vec<Sourced<String>>,
        /// What makes it run.
        triggers: Option<Sourced<Triggers>>,
        /// What is written and could not be typed.
        untyped(""): Vec<Untyped> = later,
    }
}

record! {
    /// What makes a job run.
    Triggers {
        /// Whether it can be run by hand; default false.
        manual: Option<Sourced<bool>>,
        /// When it runs.
        schedule: Vec<Sourced<Schedule>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

record! {
    /// Times at which a job runs.
    Schedule {
        /// The times, as in a crontab (`0 3 * * *`).
        cron: Sourced<String>,
        /// The time zone of the times (`Europe/Berlin`).
        timezone: Option<Sourced<String>>,
        /// What happens if it still runs.
        concurrency: Option<Sourced<Concurrency>>,
        /// What happens with times at which it could not run.
        missed_fires: Option<Sourced<MissedFires>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

words! {
    /// What happens if a job is still running at its time.
    Concurrency {
        /// It does not run again.
        Forbid = "forbid",
        /// It runs again afterwards.
        Queue = "queue",
    }
}

words! {
    /// What happens with times at which a job could not run.
    MissedFires {
        /// It runs once for all of them.
        One = "one",
        /// Nothing.
        Skip = "skip",
    }
}
