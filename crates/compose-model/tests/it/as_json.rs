//! The typed model in the form in which Docker Compose prints it, to compare the two.
//!
//! What is not written, zero, false and empty is left out here as there, but for texts.

use std::fmt::Display;

use camino::Utf8PathBuf;
use compose_model::model::{
    Blkio, Build, Cgroup, Concurrency, Condition, Config, Container, CredentialSpec, Dependency,
    Deploy, DeployMode, Develop, Device, DeviceCount, DeviceRate, DeviceRequest, DeviceWeight,
    DiscreteResource, EndpointMode, EnvFile, EnvFileFormat, ExposedPort, ExtraHost, FailureAction,
    GenericResource, HealthTest, Healthcheck, Hook, Ipam, IpamPool, Job, Limits, Link, Logging,
    MissedFires, ModelBinding, Mount, MountBind, MountImage, MountTmpfs, MountVolume, MountedFile,
    Namespace, Network, NetworkAttachment, NetworkMode, Placement, PlacementPreference, Port,
    PortMode, PortRange, PreStart, Propagation, Protocol, Provider, PullPolicy, Recursive,
    Reservations, Resources, Restart, RestartCondition, RestartPolicy, Schedule, Secret, Selinux,
    Service, Sourced, Triggers, Ulimit, UpdateConfig, UpdateOrder, Volume, Watch, WatchAction,
    Workload,
};
use compose_model::{ByteSize, Duration, FileMode, ImageReference, MountType};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

/// What stands for a variable without a value, which is something else than none.
pub(crate) const NO_VALUE: &str = "<no value>";

pub(crate) trait AsJson {
    fn as_json(&self) -> Value;
}

impl<T: AsJson> AsJson for Sourced<T> {
    fn as_json(&self) -> Value {
        self.value.as_json()
    }
}

impl<T: AsJson> AsJson for Option<Sourced<T>> {
    fn as_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, AsJson::as_json)
    }
}

impl<T: AsJson> AsJson for Vec<T> {
    fn as_json(&self) -> Value {
        self.iter().map(AsJson::as_json).collect()
    }
}

impl<T: AsJson> AsJson for IndexMap<String, T> {
    fn as_json(&self) -> Value {
        let entries = self
            .iter()
            .map(|(key, value)| (key.clone(), value.as_json()));
        Value::Object(entries.collect())
    }
}

impl AsJson for Option<String> {
    fn as_json(&self) -> Value {
        self.as_deref().unwrap_or(NO_VALUE).into()
    }
}

macro_rules! as_they_are {
    ($($type:ty),*) => {$(
        impl AsJson for $type {
            fn as_json(&self) -> Value {
                json!(self)
            }
        }
    )*};
}

as_they_are!(String, bool, u16, i64, u64, f64);

macro_rules! by_text {
    ($($type:ty),* $(,)?) => {$(
        impl AsJson for $type {
            fn as_json(&self) -> Value {
                text(self)
            }
        }
    )*};
}

by_text!(
    Cgroup,
    Concurrency,
    Condition,
    DeployMode,
    Duration,
    EndpointMode,
    EnvFileFormat,
    ExtraHost,
    FailureAction,
    FileMode,
    ImageReference,
    MissedFires,
    Namespace,
    NetworkMode,
    PortMode,
    PortRange,
    Propagation,
    Protocol,
    Recursive,
    Restart,
    RestartCondition,
    Selinux,
    UpdateOrder,
    Utf8PathBuf,
    WatchAction,
    std::net::IpAddr,
    std::net::Ipv4Addr,
    std::net::Ipv6Addr,
);

fn text(value: impl Display) -> Value {
    value.to_string().into()
}

macro_rules! structures {
    ($($type:ty { $($field:ident $(as $key:literal)?),* $(,)? })*) => {$(
        impl AsJson for $type {
            fn as_json(&self) -> Value {
                object([$((structures!(@key $field $($key)?), self.$field.as_json())),*])
            }
        }
    )*};
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
}

structures! {
    Container {
        annotations, blkio_config, cap_add, cap_drop, cgroup, cgroup_parent, command, configs,
        cpu_count, cpu_percent, cpu_period, cpu_quota, cpu_rt_period, cpu_rt_runtime, cpu_shares,
        cpus, cpuset, credential_spec, device_cgroup_rules, devices, dns, dns_opt, dns_search,
        domainname, entrypoint, environment, env_file, extra_hosts, group_add, gpus, hostname,
        image, init, ipc, isolation, labels, label_file, logging, mem_limit, mem_reservation,
        memswap_limit, mem_swappiness, mac_address, models, network_mode, networks,
        oom_kill_disable, oom_score_adj, pid, pids_limit, platform, privileged, pull_policy,
        pull_refresh_after, read_only, runtime, secrets, security_opt, shm_size,
        stop_grace_period, stop_signal, storage_opt, sysctls, tmpfs, ulimits, use_api_socket, user,
        userns_mode, uts, volumes, volumes_from, working_dir,
    }
    Build {
        context, dockerfile, dockerfile_inline, entitlements, args, provenance, sbom, ssh, labels,
        cache_from, cache_to, no_cache, no_cache_filter, additional_contexts, pull, extra_hosts,
        isolation, network, target, secrets, shm_size, tags, ulimits, platforms, privileged,
    }
    Deploy {
        mode, replicas, labels, update_config, rollback_config, resources, restart_policy,
        placement, endpoint_mode,
    }
    UpdateConfig { parallelism, delay, failure_action, monitor, max_failure_ratio, order }
    Resources { limits, reservations }
    Limits { cpus, memory, pids }
    Reservations { cpus, memory, devices, generic_resources }
    GenericResource { discrete_resource_spec }
    DiscreteResource { kind, value }
    DeviceRequest { capabilities, driver, count, device_ids, options }
    RestartPolicy { condition, delay, max_attempts, window }
    Placement { constraints, preferences, max_replicas_per_node }
    PlacementPreference { spread }
    Develop { watch }
    Watch { path, action, target, exec, include, ignore, initial_sync }
    Hook { command, user, privileged, working_dir, environment }
    Healthcheck { test, timeout, interval, retries, start_period, start_interval, disable }
    Port { name, mode, host_ip, target, published, protocol, app_protocol }
    Mount { kind as "type", source, target, read_only, consistency, bind, volume, tmpfs, image }
    MountVolume { labels, nocopy, subpath }
    MountTmpfs { size, mode }
    MountImage { subpath }
    MountedFile { source, target, uid, gid, mode }
    Device { source, target, permissions }
    Logging { driver, options }
    CredentialSpec { config, file, registry }
    Provider { kind as "type", options }
    ModelBinding { endpoint_var, model_var }
    NetworkAttachment {
        aliases, driver_opts, gw_priority, interface_name, ipv4_address, ipv6_address,
        link_local_ips, mac_address, priority,
    }
    Blkio {
        weight, weight_device, device_read_bps, device_read_iops, device_write_bps,
        device_write_iops,
    }
    DeviceWeight { path as "Path", weight as "Weight" }
    DeviceRate { path as "Path", rate as "Rate" }
    Triggers { manual, schedule }
    Schedule { cron, timezone, concurrency, missed_fires }
    Network {
        name, driver, driver_opts, ipam, external, internal, attachable, labels, enable_ipv4,
        enable_ipv6,
    }
    Ipam { driver, config, options }
    IpamPool { subnet, gateway, ip_range, aux_addresses }
    Volume { name, driver, driver_opts, external, labels }
    Secret { name, file, environment, external, labels, driver, driver_opts, template_driver }
    Config { name, file, content, environment, external, labels, template_driver }
}

fn object<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let entries = entries.into_iter().filter(|(_, value)| !is_nothing(value));
    let entries: Map<_, _> = entries
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    Value::Object(entries)
}

/// What Docker Compose, with exceptions, does not print.
pub(crate) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(on) => !on,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(_) => false,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
    }
}

/// The entries of both objects.
fn joined(mut one: Value, other: Value) -> Value {
    if let (Value::Object(one), Value::Object(other)) = (&mut one, other) {
        one.extend(other);
    }
    one
}

/// What stands for false where true is the default.
pub(crate) const SWITCHED_OFF: &str = "<no>";

fn unless_on(flag: Option<&Sourced<bool>>) -> Value {
    match flag.map(|flag| flag.value) {
        Some(false) => SWITCHED_OFF.into(),
        _ => Value::Null,
    }
}

impl AsJson for Dependency {
    fn as_json(&self) -> Value {
        object([
            ("condition", self.condition.as_json()),
            ("restart", self.restart.as_json()),
            ("required", unless_on(self.required.as_ref())),
        ])
    }
}

impl AsJson for EnvFile {
    fn as_json(&self) -> Value {
        object([
            ("path", self.path.as_json()),
            ("required", unless_on(self.required.as_ref())),
            ("format", self.format.as_json()),
        ])
    }
}

impl AsJson for MountBind {
    fn as_json(&self) -> Value {
        object([
            ("selinux", self.selinux.as_json()),
            ("propagation", self.propagation.as_json()),
            (
                "create_host_path",
                unless_on(self.create_host_path.as_ref()),
            ),
            ("recursive", self.recursive.as_json()),
        ])
    }
}

impl AsJson for Workload {
    fn as_json(&self) -> Value {
        let own = object([
            ("build", self.build.as_json()),
            ("depends_on", self.depends_on.as_json()),
            ("expose", self.expose.as_json()),
            ("healthcheck", self.healthcheck.as_json()),
            ("ports", self.ports.as_json()),
            ("stdin_open", self.stdin_open.as_json()),
            ("tty", self.tty.as_json()),
        ]);
        joined(self.container.as_json(), own)
    }
}

impl AsJson for Service {
    fn as_json(&self) -> Value {
        let own = object([
            ("profiles", self.profiles.as_json()),
            ("deploy", self.deploy.as_json()),
            ("develop", self.develop.as_json()),
            ("restart", self.restart.as_json()),
            ("scale", self.scale.as_json()),
            ("attach", self.attach.as_json()),
            ("container_name", self.container_name.as_json()),
            ("provider", self.provider.as_json()),
            ("external_links", self.external_links.as_json()),
            ("links", self.links.as_json()),
            ("pre_start", self.pre_start.as_json()),
            ("post_start", self.post_start.as_json()),
            ("pre_stop", self.pre_stop.as_json()),
        ]);
        joined(self.workload.as_json(), own)
    }
}

impl AsJson for Job {
    fn as_json(&self) -> Value {
        let own = object([
            ("profiles", self.profiles.as_json()),
            ("triggers", self.triggers.as_json()),
        ]);
        joined(self.workload.as_json(), own)
    }
}

impl AsJson for PreStart {
    fn as_json(&self) -> Value {
        let own = object([("per_replica", self.per_replica.as_json())]);
        joined(self.container.as_json(), own)
    }
}

impl AsJson for ByteSize {
    fn as_json(&self) -> Value {
        match self.get() {
            0 => Value::Null,
            _ => text(self),
        }
    }
}

impl AsJson for MountType {
    fn as_json(&self) -> Value {
        text(self.as_str())
    }
}

impl AsJson for Link {
    fn as_json(&self) -> Value {
        match &self.alias {
            Some(alias) => text(format!("{}:{alias}", self.name)),
            None => text(&self.name),
        }
    }
}

impl AsJson for ExposedPort {
    fn as_json(&self) -> Value {
        text(format!("{}/{}", self.ports, self.protocol))
    }
}

impl AsJson for Ulimit {
    fn as_json(&self) -> Value {
        object([("soft", self.soft.into()), ("hard", self.hard.into())])
    }
}

impl AsJson for DeviceCount {
    fn as_json(&self) -> Value {
        match self {
            Self::All => (-1).into(),
            Self::Exactly(number) => (*number).into(),
        }
    }
}

impl AsJson for HealthTest {
    fn as_json(&self) -> Value {
        match self {
            Self::None => json!(["NONE"]),
            Self::Shell { script, arguments } => {
                let words = ["CMD-SHELL", script].into_iter();
                words.chain(arguments.iter().map(String::as_str)).collect()
            }
            Self::Exec(words) => {
                let words = words.iter().map(String::as_str);
                std::iter::once("CMD").chain(words).collect()
            }
            _ => panic!("a test of another kind"),
        }
    }
}

impl AsJson for PullPolicy {
    fn as_json(&self) -> Value {
        match self {
            Self::Always => text("always"),
            Self::Never => text("never"),
            Self::Build => text("build"),
            Self::Missing => text("missing"),
            Self::Refresh => text("refresh"),
            Self::Every(interval) => text(interval),
            _ => panic!("a policy of another kind"),
        }
    }
}
