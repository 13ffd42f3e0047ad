//! How many containers of a service run, and how they are replaced.

use super::decode::{Extensions, Labels, extensions};
use super::record::{record, words};
use super::{Resources, Sourced};
use crate::grammar::Duration;

record! {
    /// How many containers of a service run, with which resources.
    ///
    /// Docker Compose itself follows `replicas`, `resources` and `restart_policy`; for the rest see
    /// [`Service::swarm_only`](super::Service::swarm_only).
    Deploy {
        /// How containers are spread over machines; default `replicated`.
        mode: Option<Sourced<DeployMode>>,
        /// Number of containers; default 1.
        replicas: Option<Sourced<u64>>,
        /// Labels of the service, not of its containers.
        labels: Labels,
        /// How containers are replaced by new ones.
        update_config: Option<Sourced<UpdateConfig>>,
        /// How containers are replaced by old ones again.
        rollback_config: Option<Sourced<UpdateConfig>>,
        /// What containers may use, and what is kept for them.
        resources: Option<Sourced<Resources>>,
        /// When containers are started again.
        restart_policy: Option<Sourced<RestartPolicy>>,
        /// On which machines containers run.
        placement: Option<Sourced<Placement>>,
        /// How clients find the containers.
        endpoint_mode: Option<Sourced<EndpointMode>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

words! {
    /// How containers are spread over machines.
    DeployMode {
        /// A number of them, anywhere.
        Replicated = "replicated",
        /// One on every machine.
        Global = "global",
        /// A number of them that run to completion.
        ReplicatedJob = "replicated-job",
        /// One on every machine that runs to completion.
        GlobalJob = "global-job",
    }
}

words! {
    /// How clients find the containers of a service.
    EndpointMode {
        /// By one virtual address.
        Vip = "vip",
        /// By the addresses of the containers, in turn.
        DnsRoundRobin = "dnsrr",
    }
}

record! {
    /// How containers are replaced (in Swarm; see [`Service::swarm_only`](super::Service::swarm_only)).
    UpdateConfig {
        /// How many at a time; 0 means all, default 1.
        parallelism: Option<Sourced<u64>>,
        /// Time between one group and the next; default 0.
        delay: Option<Sourced<Duration>>,
        /// What happens if one fails; default `pause`.
        failure_action: Option<Sourced<FailureAction>>,
        /// For how long a new container is watched; default 5 seconds.
        monitor: Option<Sourced<Duration>>,
        /// The share that may fail, 0 to 1; default 0.
        max_failure_ratio: Option<Sourced<f64>>,
        /// What comes first; default `stop-first`.
        order: Option<Sourced<UpdateOrder>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

words! {
    /// What happens if a container fails after it was replaced.
    FailureAction {
        /// The others are replaced.
        Continue = "continue",
        /// The old ones come back.
        Rollback = "rollback",
        /// Nothing, until somebody looks.
        Pause = "pause",
    }
}

words! {
    /// What comes first when a container is replaced.
    UpdateOrder {
        /// The new one starts, then the old one stops.
        StartFirst = "start-first",
        /// The old one stops, then the new one starts.
        StopFirst = "stop-first",
    }
}

record! {
    /// When containers are started again.
    RestartPolicy {
        /// After which end; default `any`.
        condition: Option<Sourced<RestartCondition>>,
        /// Time between attempts; default 0.
        delay: Option<Sourced<Duration>>,
        /// How often; none means any number of times.
        max_attempts: Option<Sourced<u64>>,
        /// How long it has to run for an attempt to count as successful; default 0.
        window: Option<Sourced<Duration>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

words! {
    /// After which end a container is started again.
    RestartCondition {
        /// Never.
        None = "none",
        /// After an error.
        OnFailure = "on-failure",
        /// After any end.
        Any = "any",
    }
}

record! {
    /// On which machines containers run (in Swarm).
    Placement {
        /// Conditions on machines (`node.role==manager`).
        constraints: Vec<Sourced<String>>,
        /// What the containers are spread over.
        preferences: Vec<Sourced<PlacementPreference>>,
        /// How many run on one machine; 0 and none mean any number.
        max_replicas_per_node: Option<Sourced<u64>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

record! {
    /// What containers are spread over.
    PlacementPreference {
        /// A label of machines (`node.labels.zone`).
        spread: Option<Sourced<String>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}
