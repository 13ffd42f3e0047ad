//! The vocabulary.

/// The labels there are, each with what it takes and what it does.
pub const KEYS: &[(&str, &str, &str)] = &[
    (
        "backup.enable",
        "true, false",
        "`false` leaves the service out; default `true`",
    ),
    (
        "backup.engine",
        "postgresql, mysql, mariadb, mssql, redis, mongodb, influxdb, sqlite, none",
        "what kind of database it is, when the image does not tell; `none` for none",
    ),
    (
        "backup.databases",
        "names, with commas between",
        "dump these alone, each to a file of its own; default all in one",
    ),
    (
        "backup.user",
        "name",
        "the user to dump as; default the one of the image",
    ),
    (
        "backup.password-file",
        "path in the container",
        "where the password of that user lies; default what the variables of the image say",
    ),
    (
        "backup.format",
        "plain, custom",
        "PostgreSQL: SQL text, or the format of `pg_restore`; `custom` needs `backup.databases`",
    ),
    (
        "backup.compress",
        "host, container",
        "where zstd runs; `container` needs `zstd` in the image",
    ),
    (
        "backup.retain",
        "last=N,daily=N,weekly=N,monthly=N,yearly=N,within=DURATION",
        "how many dumps of the service stay",
    ),
    (
        "backup.hook.pre",
        "command",
        "runs in the container before its dump; failing fails the dump",
    ),
    (
        "backup.hook.post",
        "command",
        "runs in the container after its dump, whatever came of it",
    ),
    (
        "backup.hook.on-failure",
        "command",
        "runs in the container when its dump failed",
    ),
    (
        "backup.stop",
        "true, pause, false",
        "stop or pause this container while its group is dumped",
    ),
    (
        "backup.group",
        "name",
        "what is backed up at one point in time; default the project",
    ),
    (
        "backup.group-order",
        "number",
        "the order in which a group is stopped, lowest first; started in reverse",
    ),
    (
        "backup.restore.smoke",
        "SQL, or http://HOST:PORT/PATH [STATUS] [TEXT], one a line",
        "what a drill asks the restored service: SQL has to give a row, HTTP the status (default below 400) and the text",
    ),
    (
        "backup.restore.start",
        "true, false",
        "whether a drill starts a copy of this service beside its restored databases; default: if it is asked by HTTP, or such a service depends on it",
    ),
    (
        "backup.restore.with",
        "services, with commas between",
        "databases of other projects that a drill restores for this service as well",
    ),
    (
        "backup.timeout",
        "duration, such as 2h",
        "how long one dump may take; default 6h",
    ),
    (
        "backup.stall-timeout",
        "duration, such as 5m",
        "how long a dump may send nothing; default 10m",
    ),
    (
        "backup.volumes",
        "true, false",
        "whether mounted directories and volumes are backed up; default: those that can be written to and hold no database",
    ),
    (
        "backup.volumes.include",
        "names or paths, with commas between",
        "these mounts alone",
    ),
    (
        "backup.volumes.exclude",
        "names or paths, with commas between",
        "all mounts but these",
    ),
    (
        "backup.sqlite",
        "true, false, paths in the container with commas between",
        "SQLite files: look for them, do not, or these; default looks below mounts",
    ),
];
