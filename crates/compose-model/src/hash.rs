//! The hash by which Docker Compose tells whether a service has changed.

use sha2::Digest as _;

use crate::emit::to_json_compact;
use crate::shape::{self, Form};
use crate::value::{Map, Value};

/// What says how a service is built, started and scaled, and does not count.
const LEFT_OUT: &[&str] = &["build", "pull_policy", "scale", "depends_on", "profiles"];

/// The order in which the attributes are hashed. It is that of an older Docker Compose, so that an
/// update does not start all services anew, and differs from the order of `config`.
const ORDER: &[&str] = &[
    "annotations",
    "attach",
    "develop",
    "blkio_config",
    "cap_add",
    "cap_drop",
    "cgroup_parent",
    "cgroup",
    "cpu_count",
    "cpu_percent",
    "cpu_period",
    "cpu_quota",
    "cpu_rt_period",
    "cpu_rt_runtime",
    "cpus",
    "cpuset",
    "cpu_shares",
    "command",
    "configs",
    "container_name",
    "credential_spec",
    "deploy",
    "device_cgroup_rules",
    "devices",
    "dns",
    "dns_opt",
    "dns_search",
    "domainname",
    "entrypoint",
    "provider",
    "environment",
    "env_file",
    "expose",
    "external_links",
    "extra_hosts",
    "group_add",
    "gpus",
    "hostname",
    "healthcheck",
    "image",
    "init",
    "ipc",
    "isolation",
    "labels",
    "label_file",
    "links",
    "logging",
    "mem_limit",
    "mem_reservation",
    "memswap_limit",
    "mem_swappiness",
    "mac_address",
    "models",
    "network_mode",
    "networks",
    "oom_kill_disable",
    "oom_score_adj",
    "pid",
    "pids_limit",
    "platform",
    "ports",
    "privileged",
    "read_only",
    "restart",
    "runtime",
    "secrets",
    "security_opt",
    "shm_size",
    "stdin_open",
    "stop_grace_period",
    "stop_signal",
    "storage_opt",
    "sysctls",
    "tmpfs",
    "tty",
    "ulimits",
    "use_api_socket",
    "user",
    "userns_mode",
    "uts",
    "volumes",
    "volumes_from",
    "working_dir",
    "pre_start",
    "post_start",
    "pre_stop",
    "pull_refresh_after",
];

/// The hash of a service in long form, in hex; `None` if a value has no JSON.
pub(crate) fn of(service: &Value) -> Option<String> {
    let mut service = service.clone();
    let map = service.as_map_mut()?;
    for key in LEFT_OUT {
        map.remove(key);
    }
    if let Some(deploy) = map.get_mut("deploy").and_then(Value::as_map_mut) {
        deploy.remove("replicas");
    }
    let printed = shape::encode_struct(&service, &shape::SERVICE, Form::Json).to_value();
    let ordered: Map = ORDER
        .iter()
        .filter_map(|key| Some((*key, printed.get(key)?.clone())))
        .collect();
    let text = to_json_compact(&Value::new(ordered)).ok()?;
    let hex = |hex: String, byte: &u8| hex + &format!("{byte:02x}");
    let digest = sha2::Sha256::digest(text.as_bytes());
    Some(digest.iter().fold(String::new(), hex))
}
