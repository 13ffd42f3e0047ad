//! What services, jobs and `pre_start` hooks have in common: what their container is.

use std::net::IpAddr;

use camino::{Utf8Path, Utf8PathBuf};
use indexmap::IndexMap;

use super::decode::{Environment, Extensions, Labels, command, extensions, hosts};
use super::record::record;
use super::{
    Blkio, Cgroup, CredentialSpec, Device, DeviceRequest, EnvFile, ExtraHost, Logging,
    ModelBinding, Mount, MountSource, MountedFile, Namespace, NetworkAttachment, NetworkMode,
    PullPolicy, Sourced, Ulimit,
};
use crate::grammar::{ByteSize, Duration, ImageReference};

record! {
    /// The container part of services, jobs and `pre_start` hooks.
    Container {
        /// Annotations of the container, for the runtime.
        annotations: Labels,
        /// Shares of and limits on block devices.
        blkio_config: Option<Sourced<Blkio>>,
        /// Capabilities beyond those the engine gives (`NET_ADMIN`, `ALL`).
        cap_add: Vec<Sourced<String>>,
        /// Capabilities taken away.
        cap_drop: Vec<Sourced<String>>,
        /// The cgroup namespace; default is that of the engine.
        cgroup: Option<Sourced<Cgroup>>,
        /// The cgroup above that of the container.
        cgroup_parent: Option<Sourced<String>>,
        /// The words of the command. `None` takes that of the image, an empty list has none.
        ///
        /// A text is split as a shell would, without expanding anything; what follows an
        /// unquoted `|`, `&`, `;`, `<` or `>` is dropped, as Docker Compose does.
        command: Option<Sourced<Vec<String>>> = command,
        /// Configs that are files in the container.
        configs: Vec<Sourced<MountedFile>>,
        /// Number of processors (Windows).
        cpu_count: Option<Sourced<i64>>,
        /// Share of the processors in percent, 0 to 100 (Windows).
        cpu_percent: Option<Sourced<f64>>,
        /// Period of the scheduler in microseconds.
        cpu_period: Option<Sourced<i64>>,
        /// Time within `cpu_period` in microseconds.
        cpu_quota: Option<Sourced<i64>>,
        /// Period of the real-time scheduler in microseconds.
        cpu_rt_period: Option<Sourced<i64>>,
        /// Time within `cpu_rt_period` in microseconds.
        cpu_rt_runtime: Option<Sourced<i64>>,
        /// Weight against other containers; 0 and none mean 1024.
        cpu_shares: Option<Sourced<i64>>,
        /// Number of processors, fractions allowed; 0 and none mean all.
        cpus: Option<Sourced<f64>>,
        /// The processors that may be used (`0-3`, `0,1`).
        cpuset: Option<Sourced<String>>,
        /// Windows: credentials of a managed account.
        credential_spec: Option<Sourced<CredentialSpec>>,
        /// Rules for the device cgroup (`c 1:3 mr`).
        device_cgroup_rules: Vec<Sourced<String>>,
        /// Devices of the host in the container.
        devices: Vec<Sourced<Device>>,
        /// Name servers; none means those of the engine.
        dns: Vec<Sourced<IpAddr>>,
        /// Options for `resolv.conf`.
        dns_opt: Vec<Sourced<String>>,
        /// Domains to search.
        dns_search: Vec<Sourced<String>>,
        /// The domain part of the host name.
        domainname: Option<Sourced<String>>,
        /// The words in front of the command, as in [`command`](Self::command).
        entrypoint: Option<Sourced<Vec<String>>> = command,
        /// Environment variables. If the project is loaded with
        /// [`resolve_env`](crate::Options::resolve_env), those of `env_file` are among them, each
        /// with its place in that file.
        environment: Environment,
        /// Files of variables, the later winning. Empty once they are read.
        env_file: Vec<Sourced<EnvFile>>,
        /// Lines for the container's `/etc/hosts`, one for each address, sorted.
        extra_hosts: Vec<Sourced<ExtraHost>> = hosts,
        /// Groups of the user, by name or number.
        group_add: Vec<Sourced<String>>,
        /// Graphics processors and the like.
        gpus: Vec<Sourced<DeviceRequest>>,
        /// The host name; none means the id of the container.
        hostname: Option<Sourced<String>>,
        /// The image to run, and the name of one that is built.
        image: Option<Sourced<ImageReference>>,
        /// Whether an init process reaps zombies; none means as the engine is set up.
        init: Option<Sourced<bool>>,
        /// The IPC namespace.
        ipc: Option<Sourced<Namespace>>,
        /// The technology of isolation (Windows).
        isolation: Option<Sourced<String>>,
        /// Labels of the container. Those of `label_file` are among them, each with its place in
        /// that file.
        labels: Labels,
        /// Files of labels, the later winning, `labels` over all.
        label_file: Vec<Sourced<Utf8PathBuf>>,
        /// Where the output goes; none means as the engine is set up.
        logging: Option<Sourced<Logging>>,
        /// Memory the container may have; 0 and none mean no limit.
        mem_limit: Option<Sourced<ByteSize>>,
        /// Memory that is kept for the container.
        mem_reservation: Option<Sourced<ByteSize>>,
        /// Memory and swap together; -1 means any amount of swap.
        memswap_limit: Option<Sourced<ByteSize>>,
        /// Readiness to swap in percent, 0 to 100.
        mem_swappiness: Option<Sourced<i64>>,
        /// The MAC address on the first network.
        mac_address: Option<Sourced<String>>,
        /// Language models of the project that are used, by key.
        models: IndexMap<String, Sourced<ModelBinding>>,
        /// The network stack, where it is not one of its own on `networks`.
        network_mode: Option<Sourced<NetworkMode>>,
        /// The networks of the project that it is on, by key. Loading with
        /// [`normalize`](crate::Options::normalize) makes the `default` one explicit.
        networks: IndexMap<String, Sourced<NetworkAttachment>>,
        /// Whether the kernel may not kill it for lack of memory; default false.
        oom_kill_disable: Option<Sourced<bool>>,
        /// Preference for being killed for lack of memory, -1000 to 1000; default 0.
        oom_score_adj: Option<Sourced<i64>>,
        /// The PID namespace.
        pid: Option<Sourced<Namespace>>,
        /// Number of processes; -1, 0 and none mean no limit.
        pids_limit: Option<Sourced<i64>>,
        /// The platform of the image (`linux/arm64`).
        platform: Option<Sourced<String>>,
        /// Whether it has all rights on the host; default false.
        privileged: Option<Sourced<bool>>,
        /// When the image is pulled; none means when it is missing.
        pull_policy: Option<Sourced<PullPolicy>>,
        /// After which time an image counts as old.
        pull_refresh_after: Option<Sourced<String>>,
        /// Whether the root file system cannot be written to; default false.
        read_only: Option<Sourced<bool>>,
        /// The runtime (`runsc`); none means as the engine is set up.
        runtime: Option<Sourced<String>>,
        /// Secrets that are files in the container.
        secrets: Vec<Sourced<MountedFile>>,
        /// Options of security modules (`no-new-privileges:true`).
        security_opt: Vec<Sourced<String>>,
        /// Size of `/dev/shm`; none means 64 MiB.
        shm_size: Option<Sourced<ByteSize>>,
        /// Time between the stop signal and the kill; none means 10 seconds.
        stop_grace_period: Option<Sourced<Duration>>,
        /// The signal that asks the container to stop; none means that of the image, or SIGTERM.
        stop_signal: Option<Sourced<String>>,
        /// Options of the storage driver (`size`).
        storage_opt: Labels,
        /// Kernel parameters.
        sysctls: Labels,
        /// Memory file systems: `PATH[:OPTIONS]`.
        tmpfs: Vec<Sourced<String>>,
        /// Limits of processes, by name (`nofile`).
        ulimits: IndexMap<String, Sourced<Ulimit>>,
        /// Whether it gets the engine's socket and the credentials of the registries; default
        /// false.
        use_api_socket: Option<Sourced<bool>>,
        /// Name or number of user and group: `USER[:GROUP]`; none means that of the image.
        user: Option<Sourced<String>>,
        /// The user namespace.
        userns_mode: Option<Sourced<Namespace>>,
        /// The UTS namespace.
        uts: Option<Sourced<Namespace>>,
        /// What is mounted, other than by `tmpfs`, `configs` and `secrets`.
        volumes: Vec<Sourced<Mount>>,
        /// Services and containers whose mounts it gets: `SERVICE[:ro|rw]`, or with `container:`
        /// in front.
        volumes_from: Vec<Sourced<String>>,
        /// The directory in which the command runs; none means that of the image.
        working_dir: Option<Sourced<String>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

impl Container {
    /// Directories and files of the host that are mounted, with their paths there.
    ///
    /// ```
    /// # use std::collections::BTreeMap;
    /// # use compose_model::{MemoryFiles, Options, load};
    /// # let text = "\
    /// # services: {web: {image: nginx, volumes: ['./conf:/etc/nginx:ro', 'data:/srv']}}
    /// # volumes: {data: }";
    /// # let files = MemoryFiles::from([("/lab/compose.yaml", text)]);
    /// # let project = load(&files, &Options::new("/lab", BTreeMap::new())).unwrap();
    /// let web = project.service("web").unwrap();
    /// let (mount, source) = web.bind_mounts().next().unwrap();
    /// assert_eq!((source.as_str(), mount.is_read_only()), ("/lab/conf", true));
    ///
    /// let (mount, key) = web.named_volumes().next().unwrap();
    /// assert_eq!(mount.target.as_ref().unwrap().as_str(), "/srv");
    /// assert_eq!(project.volume(key).unwrap().name.as_str(), "lab_data");
    /// ```
    pub fn bind_mounts(&self) -> impl Iterator<Item = (&Sourced<Mount>, &Utf8Path)> {
        self.volumes
            .iter()
            .filter_map(|mount| match mount.mounted() {
                MountSource::Path(path) => Some((mount, path)),
                _ => None,
            })
    }

    /// Volumes of the project that are mounted, with their keys.
    pub fn named_volumes(&self) -> impl Iterator<Item = (&Sourced<Mount>, &str)> {
        self.volumes
            .iter()
            .filter_map(|mount| match mount.mounted() {
                MountSource::Volume(key) => Some((mount, key)),
                _ => None,
            })
    }
}
