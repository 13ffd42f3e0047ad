//! The attributes of every structure in the order in which they are printed.

use super::{Field, Kind, Table};

const fn field(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        json: name,
        kind,
    }
}

/// An attribute that the oracle's JSON spells in its own way.
const fn renamed(name: &'static str, json: &'static str, kind: Kind) -> Field {
    Field { name, json, kind }
}

use Kind::{
    Always, Bytes, Command, Containers, Contexts, DefaultTrue, DeviceCount, Duration, Flag,
    HealthTest, Hosts, Int, IntAlways, Labels, Mode, Narrow, NoExtensions, Number, NumberAlways,
    OptOut, Pairs, ProviderOptions, Ssh, Strict, StrictText, StrictTexts, Struct, StructAlways,
    StructMap, Structs, Switch, Text, Texts, Ulimits, Unsigned, UnsignedAlways, YamlText,
};

/// A service, a job, or a `pre_start` hook.
pub(crate) static SERVICE: Table = Table::new(&[
    // of jobs alone
    field("name", YamlText),
    // of services alone
    field("profiles", Texts),
    field("triggers", StructAlways(&TRIGGERS)),
    field("deploy", StructAlways(&DEPLOY)),
    field("develop", StructAlways(&DEVELOP)),
    field("restart", Text),
    field("scale", IntAlways),
    field("attach", Switch),
    field("container_name", Text),
    field("provider", StructAlways(&PROVIDER)),
    field("external_links", Texts),
    field("links", Texts),
    field("pre_start", Containers),
    field("post_start", Structs(&HOOK)),
    field("pre_stop", Structs(&HOOK)),
    // of everything that becomes a container
    field("annotations", Labels),
    field("blkio_config", StructAlways(&BLKIO)),
    field("cap_add", Texts),
    field("cap_drop", Texts),
    field("cgroup_parent", Text),
    field("cgroup", Text),
    field("cpu_count", Int),
    field("cpu_percent", Number),
    field("cpu_period", Int),
    field("cpu_quota", Int),
    field("cpu_rt_period", Int),
    field("cpu_rt_runtime", Int),
    field("cpus", Number),
    field("cpuset", Text),
    field("cpu_shares", Int),
    field("command", Command),
    field("configs", Structs(&MOUNTED_FILE)),
    field("credential_spec", StructAlways(&CREDENTIAL_SPEC)),
    field("device_cgroup_rules", Texts),
    field("devices", Structs(&DEVICE)),
    field("dns", Texts),
    field("dns_opt", Texts),
    field("dns_search", Texts),
    field("domainname", Text),
    field("entrypoint", Command),
    field("environment", Pairs),
    field("env_file", Structs(&ENV_FILE)),
    field("extra_hosts", Hosts),
    field("group_add", StrictTexts),
    field("gpus", Structs(&DEVICE_REQUEST)),
    field("hostname", Text),
    field("image", Text),
    field("init", Switch),
    field("ipc", Text),
    field("isolation", Text),
    field("labels", Labels),
    field("label_file", Texts),
    field("logging", StructAlways(&LOGGING)),
    field("mem_limit", Bytes),
    field("mem_reservation", Bytes),
    field("memswap_limit", Bytes),
    field("mem_swappiness", Bytes),
    field("mac_address", Text),
    field("models", StructMap(&SERVICE_MODEL)),
    field("network_mode", Text),
    field("networks", StructMap(&SERVICE_NETWORK)),
    field("oom_kill_disable", Flag),
    field("oom_score_adj", Int),
    field("pid", Text),
    field("pids_limit", Int),
    field("platform", Text),
    field("privileged", Flag),
    field("pull_policy", Text),
    field("pull_refresh_after", Text),
    field("read_only", Flag),
    field("runtime", Text),
    field("secrets", Structs(&MOUNTED_FILE)),
    field("security_opt", Texts),
    field("shm_size", Bytes),
    field("stop_grace_period", Duration),
    field("stop_signal", Text),
    field("storage_opt", Strict),
    field("sysctls", Labels),
    field("tmpfs", Texts),
    field("ulimits", Ulimits),
    field("use_api_socket", Flag),
    field("user", Text),
    field("userns_mode", Text),
    field("uts", Text),
    field("volumes", Structs(&MOUNT)),
    field("volumes_from", Texts),
    field("working_dir", Text),
    // of services and jobs
    field("build", StructAlways(&BUILD)),
    field("depends_on", StructMap(&DEPENDENCY)),
    field("expose", Texts),
    field("healthcheck", StructAlways(&HEALTHCHECK)),
    field("ports", Structs(&PORT)),
    field("stdin_open", Flag),
    field("tty", Flag),
    // of `pre_start` hooks alone
    field("per_replica", Flag),
]);

static TRIGGERS: Table = Table::new(&[
    field("manual", Switch),
    field("schedule", Structs(&SCHEDULE)),
]);

static SCHEDULE: Table = Table::new(&[
    field("cron", Text),
    field("timezone", Text),
    field("concurrency", Text),
    field("missed_fires", Text),
]);

static BUILD: Table = Table::new(&[
    field("context", Text),
    field("dockerfile", Text),
    field("dockerfile_inline", Text),
    field("entitlements", Texts),
    field("args", Pairs),
    field("provenance", Text),
    field("sbom", Text),
    field("ssh", Ssh),
    field("labels", Labels),
    field("cache_from", Texts),
    field("cache_to", Texts),
    field("no_cache", Flag),
    field("no_cache_filter", Texts),
    field("additional_contexts", Contexts),
    field("pull", Flag),
    field("extra_hosts", Hosts),
    field("isolation", Text),
    field("network", Text),
    field("target", Text),
    field("secrets", Structs(&MOUNTED_FILE)),
    field("shm_size", Bytes),
    field("tags", Texts),
    field("ulimits", Ulimits),
    field("platforms", Texts),
    field("privileged", Flag),
]);

static DEPENDENCY: Table = Table::new(&[
    field("condition", Text),
    field("restart", Flag),
    field("required", Switch),
]);

static HEALTHCHECK: Table = Table::new(&[
    field("test", HealthTest),
    field("timeout", Duration),
    field("interval", Duration),
    field("retries", UnsignedAlways),
    field("start_period", Duration),
    field("start_interval", Duration),
    field("disable", Flag),
]);

static PORT: Table = Table::new(&[
    field("name", Text),
    field("mode", Text),
    field("host_ip", Text),
    field("target", Narrow(32)),
    field("published", StrictText),
    field("protocol", Text),
    field("app_protocol", Text),
]);

static MOUNT: Table = Table::new(&[
    field("type", Text),
    field("source", Text),
    field("target", Text),
    field("read_only", Flag),
    field("consistency", Text),
    field("bind", StructAlways(&MOUNT_BIND)),
    field("volume", StructAlways(&MOUNT_VOLUME)),
    field("tmpfs", StructAlways(&MOUNT_TMPFS)),
    field("image", StructAlways(&MOUNT_IMAGE)),
]);

static MOUNT_BIND: Table = Table::new(&[
    field("selinux", Text),
    field("propagation", Text),
    field("create_host_path", OptOut),
    field("recursive", Text),
]);

static MOUNT_VOLUME: Table = Table::new(&[
    field("labels", Labels),
    field("nocopy", Flag),
    field("subpath", Text),
]);

static MOUNT_TMPFS: Table = Table::new(&[field("size", Bytes), field("mode", Narrow(32))]);

static MOUNT_IMAGE: Table = Table::new(&[field("subpath", Text)]);

static MOUNTED_FILE: Table = Table::new(&[
    field("source", Text),
    field("target", Text),
    field("uid", Text),
    field("gid", Text),
    field("mode", Mode),
]);

static CREDENTIAL_SPEC: Table = Table::new(&[
    field("config", Text),
    field("file", Text),
    field("registry", Text),
]);

static DEVICE: Table = Table::new(&[
    field("source", Text),
    field("target", Text),
    field("permissions", Text),
]);

static ENV_FILE: Table = Table::new(&[
    field("path", Text),
    field("required", DefaultTrue),
    field("format", Text),
]);

static DEVICE_REQUEST: Table = Table::new(&[
    field("capabilities", Texts),
    field("driver", Text),
    field("count", DeviceCount),
    field("device_ids", Texts),
    field("options", Labels),
    field("x-*", NoExtensions),
]);

static LOGGING: Table = Table::new(&[field("driver", Text), field("options", Labels)]);

static SERVICE_MODEL: Table = Table::new(&[field("endpoint_var", Text), field("model_var", Text)]);

static SERVICE_NETWORK: Table = Table::new(&[
    field("aliases", Texts),
    field("driver_opts", Labels),
    field("gw_priority", Int),
    field("interface_name", Text),
    field("ipv4_address", Text),
    field("ipv6_address", Text),
    field("link_local_ips", Texts),
    field("mac_address", Text),
    field("priority", Int),
]);

static PROVIDER: Table = Table::new(&[field("type", Text), field("options", ProviderOptions)]);

static HOOK: Table = Table::new(&[
    field("command", Command),
    field("user", Text),
    field("privileged", Flag),
    field("working_dir", Text),
    field("environment", Pairs),
]);

static BLKIO: Table = Table::new(&[
    field("weight", Narrow(16)),
    field("weight_device", Structs(&BLKIO_WEIGHT)),
    field("device_read_bps", Structs(&BLKIO_RATE)),
    field("device_read_iops", Structs(&BLKIO_RATE)),
    field("device_write_bps", Structs(&BLKIO_RATE)),
    field("device_write_iops", Structs(&BLKIO_RATE)),
]);

static BLKIO_WEIGHT: Table = Table::new(&[
    renamed("path", "Path", Always(&Text, Some(""))),
    renamed("weight", "Weight", Always(&Narrow(16), None)),
]);

static BLKIO_RATE: Table = Table::new(&[
    renamed("path", "Path", Always(&Text, Some(""))),
    renamed("rate", "Rate", Always(&Bytes, Some("0"))),
]);

static DEPLOY: Table = Table::new(&[
    field("mode", Text),
    field("replicas", IntAlways),
    field("labels", Labels),
    field("update_config", StructAlways(&UPDATE)),
    field("rollback_config", StructAlways(&UPDATE)),
    field("resources", Struct(&RESOURCES)),
    field("restart_policy", StructAlways(&RESTART_POLICY)),
    field("placement", Struct(&PLACEMENT)),
    field("endpoint_mode", Text),
]);

static UPDATE: Table = Table::new(&[
    field("parallelism", UnsignedAlways),
    field("delay", Duration),
    field("failure_action", Text),
    field("monitor", Duration),
    field("max_failure_ratio", Number),
    field("order", Text),
]);

static RESOURCES: Table = Table::new(&[
    field("limits", StructAlways(&LIMITS)),
    field("reservations", StructAlways(&RESERVATIONS)),
]);

static LIMITS: Table = Table::new(&[
    field("cpus", NumberAlways),
    field("memory", Bytes),
    field("pids", Int),
]);

static RESERVATIONS: Table = Table::new(&[
    field("cpus", NumberAlways),
    field("memory", Bytes),
    field("pids", Int),
    field("devices", Structs(&DEVICE_REQUEST)),
    field("generic_resources", Structs(&GENERIC_RESOURCE)),
]);

static GENERIC_RESOURCE: Table = Table::new(&[field(
    "discrete_resource_spec",
    StructAlways(&DISCRETE_RESOURCE),
)]);

static DISCRETE_RESOURCE: Table = Table::new(&[
    field("kind", Always(&Text, Some(""))),
    field("value", Always(&Int, None)),
]);

static RESTART_POLICY: Table = Table::new(&[
    field("condition", Text),
    field("delay", Duration),
    field("max_attempts", UnsignedAlways),
    field("window", Duration),
]);

static PLACEMENT: Table = Table::new(&[
    field("constraints", Texts),
    field("preferences", Structs(&PREFERENCE)),
    field("max_replicas_per_node", Unsigned),
]);

static PREFERENCE: Table = Table::new(&[field("spread", Text)]);

static DEVELOP: Table = Table::new(&[field("watch", Structs(&WATCH))]);

static WATCH: Table = Table::new(&[
    field("path", Text),
    field("action", Text),
    field("target", Text),
    field("exec", Struct(&HOOK)),
    field("include", Texts),
    field("ignore", Texts),
    field("initial_sync", Flag),
]);

/// A network of the project.
pub(crate) static NETWORK: Table = Table::new(&[
    field("name", Text),
    field("driver", Text),
    field("driver_opts", Labels),
    field("ipam", Struct(&IPAM)),
    field("external", Flag),
    field("internal", Flag),
    field("attachable", Flag),
    field("labels", Labels),
    field("enable_ipv4", Switch),
    field("enable_ipv6", Switch),
]);

static IPAM: Table = Table::new(&[
    field("driver", Text),
    field("config", Structs(&POOL)),
    field("options", Labels),
]);

static POOL: Table = Table::new(&[
    field("subnet", Text),
    field("gateway", Text),
    field("ip_range", Text),
    field("aux_addresses", Labels),
    field("x-*", NoExtensions),
]);

/// A volume of the project.
pub(crate) static VOLUME: Table = Table::new(&[
    field("name", Text),
    field("driver", Text),
    field("driver_opts", Labels),
    field("external", Flag),
    field("labels", Labels),
]);

/// A secret of the project.
pub(crate) static SECRET: Table = Table::new(&[
    field("name", Text),
    field("file", Text),
    field("environment", Text),
    field("external", Flag),
    field("labels", Labels),
    field("driver", Text),
    field("driver_opts", Strict),
    field("template_driver", Text),
]);

/// A config of the project.
pub(crate) static CONFIG: Table = Table::new(&[
    field("name", Text),
    field("file", Text),
    field("environment", Text),
    field("content", Text),
    field("external", Flag),
    field("labels", Labels),
    field("driver", Text),
    field("driver_opts", Strict),
    field("template_driver", Text),
]);

/// A model of the project.
pub(crate) static MODEL: Table = Table::new(&[
    field("name", Text),
    field("model", Text),
    field("context_size", Int),
    field("runtime_flags", Texts),
]);
