//! What a container is: the keys that services, jobs and `pre_start` hooks share.

use super::names::PULL_POLICY;
use super::shape::Shape::{
    Any, Bool, Each, Either, Like, List, Map, Null, Number, Set, Text, TextOrDate, Within, Word,
};
use super::shape::{Field, Keys, Others, Record, Shape, record};
use super::shared::{
    COMMAND, DEVICE_REQUEST, DRIVER_OPTS, EXTRA_HOSTS, FLAG, GRANTS, NUMBER, PAIRS, TEXT_OR_LIST,
    TEXT_OR_SET, TEXT_SET, ULIMITS, WHOLE,
};

pub(super) const CONTAINER: &[Field] = &[
    ("annotations", PAIRS),
    ("blkio_config", BLKIO_CONFIG),
    ("cap_add", TEXT_SET),
    ("cap_drop", TEXT_SET),
    ("cgroup", Word(&["host", "private"])),
    ("cgroup_parent", Text),
    ("command", COMMAND),
    ("configs", GRANTS),
    ("cpu_count", Either(&[Text, Within(0, i64::MAX)])),
    ("cpu_percent", Either(&[Text, Within(0, 100)])),
    ("cpu_period", NUMBER),
    ("cpu_quota", NUMBER),
    ("cpu_rt_period", NUMBER),
    ("cpu_rt_runtime", NUMBER),
    ("cpu_shares", NUMBER),
    ("cpus", NUMBER),
    ("cpuset", Text),
    ("credential_spec", CREDENTIAL_SPEC),
    ("device_cgroup_rules", TEXT_SET),
    ("devices", DEVICES),
    ("dns", TEXT_OR_SET),
    ("dns_opt", TEXT_SET),
    ("dns_search", TEXT_OR_SET),
    ("domainname", Text),
    ("entrypoint", COMMAND),
    ("env_file", ENV_FILE),
    ("environment", PAIRS),
    ("extra_hosts", EXTRA_HOSTS),
    ("gpus", GPUS),
    ("group_add", Set(&NUMBER)),
    ("hostname", Text),
    ("image", Text),
    ("init", FLAG),
    ("ipc", Text),
    ("isolation", Text),
    ("label_file", TEXT_OR_LIST),
    ("labels", PAIRS),
    ("logging", LOGGING),
    ("mac_address", Text),
    ("mem_limit", NUMBER),
    ("mem_reservation", WHOLE),
    ("mem_swappiness", WHOLE),
    ("memswap_limit", NUMBER),
    ("models", MODELS),
    ("network_mode", Text),
    ("networks", NETWORKS),
    ("oom_kill_disable", FLAG),
    ("oom_score_adj", Either(&[Text, Within(-1000, 1000)])),
    ("pid", Either(&[Text, Null])),
    ("pids_limit", NUMBER),
    ("platform", Text),
    ("privileged", FLAG),
    ("pull_policy", Like(&PULL_POLICY)),
    ("pull_refresh_after", Text),
    ("read_only", FLAG),
    ("runtime", Text),
    ("secrets", GRANTS),
    ("security_opt", TEXT_SET),
    ("shm_size", NUMBER),
    ("stop_grace_period", Text),
    ("stop_signal", Text),
    ("storage_opt", Each(Keys::Text, Others::Ignored, &Any)),
    ("sysctls", PAIRS),
    ("tmpfs", TEXT_OR_SET),
    ("ulimits", ULIMITS),
    ("use_api_socket", Bool),
    ("user", Text),
    ("userns_mode", Text),
    ("uts", Text),
    ("volumes", VOLUMES),
    ("volumes_from", TEXT_SET),
    ("working_dir", Text),
];

/// Shares of and limits on block devices. No `x-*` here.
const BLKIO_CONFIG: Shape = Map(record(&[
    ("device_read_bps", BLKIO_LIMITS),
    ("device_read_iops", BLKIO_LIMITS),
    ("device_write_bps", BLKIO_LIMITS),
    ("device_write_iops", BLKIO_LIMITS),
    ("weight", WHOLE),
    ("weight_device", BLKIO_WEIGHTS),
])
.closed());

const BLKIO_LIMITS: Shape = List(&Map(record(&[("path", Text), ("rate", WHOLE)]).closed()));

const BLKIO_WEIGHTS: Shape = List(&Map(record(&[("path", Text), ("weight", WHOLE)]).closed()));

const CREDENTIAL_SPEC: Shape = Map(record(&[
    ("config", Text),
    ("file", Text),
    ("registry", Text),
]));

const DEVICES: Shape = List(&Either(&[
    Text,
    Map(record(&[("permissions", Text), ("source", Text), ("target", Text)]).required(&["source"])),
]));

/// The items of the list may not have `x-*`.
const ENV_FILE: Shape = Either(&[
    Text,
    List(&Either(&[
        Text,
        Map(
            record(&[("format", Text), ("path", Text), ("required", FLAG)])
                .required(&["path"])
                .closed(),
        ),
    ])),
]);

/// Other than under `deploy`, a request may hold unknown keys and need not have `capabilities`.
const GPUS: Shape = Either(&[Word(&["all"]), List(&Map(record(DEVICE_REQUEST).open()))]);

const LOGGING: Shape = Map(record(&[
    ("driver", Text),
    (
        "options",
        Each(
            Keys::Line,
            Others::Ignored,
            &Either(&[TextOrDate, Number, Null]),
        ),
    ),
]));

const MODELS: Shape = Either(&[
    TEXT_SET,
    Each(
        Keys::Names,
        Others::Ignored,
        &Either(&[
            Null,
            Map(record(&[("endpoint_var", Text), ("model_var", Text)])),
        ]),
    ),
]);

const NETWORKS: Shape = Either(&[
    TEXT_SET,
    Each(
        Keys::Names,
        Others::Refused,
        &Either(&[
            Null,
            Map(record(&[
                ("aliases", TEXT_SET),
                ("driver_opts", DRIVER_OPTS),
                ("gw_priority", Number),
                ("interface_name", Text),
                ("ipv4_address", Text),
                ("ipv6_address", Text),
                ("link_local_ips", TEXT_SET),
                ("mac_address", Text),
                ("priority", Number),
            ])),
        ]),
    ),
]);

const VOLUMES: Shape = Set(&Either(&[Text, Map(MOUNT)]));

const MOUNT: Record = record(&[
    (
        "bind",
        Map(record(&[
            ("create_host_path", FLAG),
            ("propagation", Text),
            (
                "recursive",
                Word(&["enabled", "disabled", "writable", "readonly"]),
            ),
            ("selinux", Word(&["z", "Z"])),
        ])),
    ),
    ("consistency", Text),
    ("image", Map(record(&[("subpath", Text)]))),
    ("read_only", FLAG),
    ("source", Text),
    ("target", Text),
    (
        "tmpfs",
        Map(record(&[
            ("mode", NUMBER),
            ("size", Either(&[Text, Within(0, i64::MAX)])),
        ])),
    ),
    (
        "type",
        Word(&["bind", "volume", "tmpfs", "cluster", "npipe", "image"]),
    ),
    (
        "volume",
        Map(record(&[
            ("labels", PAIRS),
            ("nocopy", FLAG),
            ("subpath", Text),
        ])),
    ),
])
.required(&["type"]);
