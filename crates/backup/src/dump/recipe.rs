//! What runs in a container to dump its database.
//!
//! Each recipe is a script for `sh -c` that takes the password from where the container has it, so
//! that it never leaves the container, and ends in the dumper writing to standard output. Scripts
//! hold names of users, databases and files, and no secret.

use crate::discovery::{Kind, Service};
use crate::labels::{Compress, Format, Settings};

/// What a complete dump looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// This text is within the last 4 KiB.
    Trailer(&'static str),
    /// It starts with these bytes.
    Head(&'static [u8]),
    /// An RDB file: head, end mark and checksum.
    Rdb,
    /// An archive of `mongodump`: head and end mark.
    MongoArchive,
    /// A tar archive: ends in two empty blocks.
    Tar,
}

/// What is counted while a dump passes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counting {
    /// Nothing.
    Nothing,
    /// Rows between `COPY` and `\.`.
    PostgreSql,
    /// Tuples of `INSERT INTO`.
    MySql,
}

/// How one database is dumped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Recipe {
    pub(crate) script: String,
    /// The program that dumps; its version goes into the manifest.
    pub(crate) tool: &'static str,
    /// The end of the name, before `.zst`.
    pub(crate) extension: &'static str,
    pub(crate) check: Check,
    pub(crate) counting: Counting,
    /// The least number of bytes that a complete dump has.
    pub(crate) least: u64,
    /// What the dump is a picture of.
    pub(crate) consistency: &'static str,
    /// How the password is found, for people.
    pub(crate) credentials: String,
}

/// Finds a secret where images expect it: `NAME`, or the file that `NAME_FILE` names.
const SECRET: &str = "secret() { for n in \"$@\"; do \
eval \"v=\\${$n-}\"; if [ -n \"$v\" ]; then printf %s \"$v\"; return; fi; \
eval \"f=\\${${n}_FILE-}\"; if [ -n \"$f\" ]; then cat -- \"$f\"; return; fi; done; }";

/// A word of a script, quoted.
pub(crate) fn quoted(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@%+,".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// Which database of a service a dump is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part<'d> {
    /// All of them, in one file.
    All,
    /// Roles and tablespaces, which belong to no database.
    Globals,
    /// One.
    One(&'d str),
}

/// The recipe for a kind that is dumped by a program in its container; `None` for SQLite.
pub(crate) fn recipe(
    service: &Service,
    settings: &Settings,
    kind: Kind,
    part: Part<'_>,
) -> Option<Recipe> {
    let access = Access::of(service, settings, kind);
    let mut recipe = match kind {
        Kind::PostgreSql => postgresql(&access, settings, part),
        Kind::MySql | Kind::MariaDb => mysql(&access, part),
        Kind::MsSql => mssql(&access, part),
        Kind::Redis => redis(&access),
        Kind::MongoDb => mongodb(&access, part),
        Kind::InfluxDb => influxdb(&access),
        Kind::Sqlite => return None,
    };
    // What follows a stream of Redis has to be seen here.
    if settings.compress == Compress::Container && kind != Kind::Redis {
        recipe.script = compressed(&recipe.script);
    }
    Some(recipe)
}

/// Runs a script and zstd behind it, and fails if either does: `sh` has no `pipefail` everywhere.
fn compressed(script: &str) -> String {
    format!(
        "command -v zstd >/dev/null 2>&1 || {{ echo 'zstd is not in this image' >&2; exit 127; }}\n\
         s=$( {{ {{ ( {script} ) 3>&- 4>&-; echo $? >&3; }} | zstd -q -3 -c --check >&4 || echo 1 >&3; }} 3>&1 )\n\
         exit ${{s%%[!0-9]*}}"
    )
    .replacen("s=$(", "exec 4>&1\ns=$(", 1)
}

/// Who dumps, and where the password is.
pub(super) struct Access {
    /// The user as a word of a script, if a label names one.
    user: Option<String>,
    /// Prints the password.
    password: String,
    described: String,
}

impl Access {
    fn of(service: &Service, settings: &Settings, kind: Kind) -> Self {
        let variables: &[&str] = match kind {
            Kind::PostgreSql => &[
                "POSTGRES_PASSWORD",
                "POSTGRESQL_POSTGRES_PASSWORD",
                "POSTGRESQL_PASSWORD",
            ],
            Kind::MySql | Kind::MariaDb => &["MARIADB_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD"],
            Kind::MsSql => &["MSSQL_SA_PASSWORD", "SA_PASSWORD"],
            Kind::Redis => &["REDIS_PASSWORD", "VALKEY_PASSWORD"],
            Kind::MongoDb => &["MONGO_INITDB_ROOT_PASSWORD", "MONGODB_ROOT_PASSWORD"],
            Kind::InfluxDb => &["INFLUX_TOKEN", "DOCKER_INFLUXDB_INIT_ADMIN_TOKEN"],
            Kind::Sqlite => &[],
        };
        let user = settings.user.as_deref().map(quoted);
        let mut candidates = variables
            .iter()
            .flat_map(|name| [(*name).to_owned(), format!("{name}_FILE")]);
        let named = candidates.find(|name| service.has_variable(name));
        let set = named.is_some();
        let guessed = || {
            let files = service.secrets.iter().filter(|path| {
                let name = path
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
                    .to_ascii_lowercase();
                name.contains("pass") || name.contains("token")
            });
            let mut files = files.cloned();
            match (files.next(), files.next()) {
                (Some(only), None) if !set => Some(only),
                _ => None,
            }
        };
        let (file, how) = match &settings.password_file {
            Some(file) => (Some(file.clone()), "the label `backup.password-file`"),
            None => (guessed(), "the only secret of the service that can be it"),
        };
        match file {
            Some(file) => Self {
                user,
                password: format!("cat -- {}", quoted(&file)),
                described: format!("the password, read in the container from `{file}`: {how}"),
            },
            None => Self {
                user,
                password: format!("secret {}", variables.join(" ")),
                described: match named {
                    Some(name) => format!("the password, taken in the container from `{name}`"),
                    None => "no password: no variable names one".to_owned(),
                },
            },
        }
    }

    /// Puts the password into a variable of the script.
    pub(super) fn assign(&self, variable: &str) -> String {
        format!("set -e; {SECRET}\n{variable}=$({})", self.password)
    }

    /// The user of PostgreSQL.
    pub(super) fn postgresql_user(&self) -> String {
        self.user.clone().unwrap_or_else(|| {
            "\"$(if [ -n \"${POSTGRESQL_POSTGRES_PASSWORD-}${POSTGRESQL_POSTGRES_PASSWORD_FILE-}\" ]; \
             then echo postgres; else printf %s \"${POSTGRES_USER:-${POSTGRESQL_USERNAME:-postgres}}\"; fi)\""
                .to_owned()
        })
    }
}

/// Sets up access for other programs than the dumper: the start of a script, after which `$u` is
/// the user and the client finds its password.
pub(crate) fn prelude(service: &Service, settings: &Settings, kind: Kind) -> String {
    let access = Access::of(service, settings, kind);
    match kind {
        Kind::PostgreSql => format!(
            "{}\nexport PGPASSWORD PGAPPNAME=labbackup PGCONNECT_TIMEOUT=30\nu={}",
            access.assign("PGPASSWORD"),
            access.postgresql_user()
        ),
        Kind::MySql | Kind::MariaDb => mysql_access(&access),
        Kind::Redis => redis_access(&access),
        Kind::MongoDb => mongodb_access(&access),
        Kind::MsSql => mssql_access(&access),
        Kind::InfluxDb => format!("{}\nexport INFLUX_TOKEN", access.assign("INFLUX_TOKEN")),
        Kind::Sqlite => String::new(),
    }
}

/// A database in a connection string, quoted for libpq and for the shell: a bare name with `=` in it
/// would be taken for one.
pub(crate) fn libpq(database: &str) -> String {
    let escaped = database.replace('\\', r"\\").replace('\'', r"\'");
    quoted(&format!("dbname='{escaped}'"))
}

fn postgresql(access: &Access, settings: &Settings, part: Part<'_>) -> Recipe {
    let setup = format!(
        "{}\nexport PGPASSWORD PGAPPNAME=labbackup PGCONNECT_TIMEOUT=30\nu={}\n",
        access.assign("PGPASSWORD"),
        access.postgresql_user()
    );
    let custom = settings.format == Format::Custom;
    let dump = match part {
        Part::All => "exec pg_dumpall --no-password --username \"$u\"".to_owned(),
        Part::Globals => {
            "exec pg_dumpall --globals-only --no-password --username \"$u\"".to_owned()
        }
        Part::One(database) if custom => format!(
            "exec pg_dump --format=custom --compress=0 --no-password --username \"$u\" --dbname {}",
            libpq(database)
        ),
        Part::One(database) => format!(
            "exec pg_dump --create --clean --if-exists --no-password --username \"$u\" --dbname {}",
            libpq(database)
        ),
    };
    let one = matches!(part, Part::One(_));
    Recipe {
        script: format!("{setup}{dump}"),
        tool: if one { "pg_dump" } else { "pg_dumpall" },
        extension: if custom && one { "dump" } else { "sql" },
        check: match part {
            Part::One(_) if custom => Check::Head(b"PGDMP"),
            Part::One(_) => Check::Trailer("-- PostgreSQL database dump complete"),
            _ => Check::Trailer("-- PostgreSQL database cluster dump complete"),
        },
        counting: if custom && one {
            Counting::Nothing
        } else {
            Counting::PostgreSql
        },
        least: 200,
        consistency: match part {
            Part::All => "each database at one point in time, not all at the same",
            Part::Globals => "roles and tablespaces",
            Part::One(_) => "one point in time",
        },
        credentials: access.described.clone(),
    }
}

fn mysql_access(access: &Access) -> String {
    let user = match &access.user {
        Some(user) => format!("u={user}"),
        // Without root's password the user that the image made has to do.
        None => "u=root; if [ -z \"$MYSQL_PWD\" ] && [ -n \"${MARIADB_USER:-${MYSQL_USER-}}\" ]; then \
                 u=${MARIADB_USER:-$MYSQL_USER}; MYSQL_PWD=$(secret MARIADB_PASSWORD MYSQL_PASSWORD); fi"
            .to_owned(),
    };
    format!("{}\n{user}\nexport MYSQL_PWD", access.assign("MYSQL_PWD"))
}

fn mysql(access: &Access, part: Part<'_>) -> Recipe {
    let what = match part {
        Part::One(database) => format!("--databases -- {}", quoted(database)),
        _ => "--all-databases".to_owned(),
    };
    let script = format!(
        "{}\nif command -v mariadb-dump >/dev/null 2>&1; then set -- mariadb-dump; \
         else set -- mysqldump; if mysqldump --version | grep -qv MariaDB; then set -- \"$@\" --no-tablespaces; fi; fi\n\
         exec \"$@\" --user=\"$u\" --single-transaction --quick --routines --triggers --events --hex-blob \
         --default-character-set=utf8mb4 {what}",
        mysql_access(access)
    );
    Recipe {
        script,
        tool: "mariadb-dump",
        extension: "sql",
        check: Check::Trailer("-- Dump completed"),
        counting: Counting::MySql,
        least: 200,
        consistency: "one point in time for InnoDB; other storage engines are not part of it",
        credentials: access.described.clone(),
    }
}

fn redis_access(access: &Access) -> String {
    let user = match &access.user {
        Some(user) => format!("--user {user}"),
        None => String::new(),
    };
    format!(
        "{}\nif [ -n \"$REDISCLI_AUTH\" ]; then export REDISCLI_AUTH; else unset REDISCLI_AUTH; fi\n\
         for c in redis-cli valkey-cli keydb-cli; do if command -v \"$c\" >/dev/null 2>&1; then break; fi; done\n\
         set -- \"$c\" --no-auth-warning {user}",
        access.assign("REDISCLI_AUTH")
    )
}

fn redis(access: &Access) -> Recipe {
    Recipe {
        script: format!("{}\nexec \"$@\" --rdb -", redis_access(access)),
        tool: "redis-cli",
        extension: "rdb",
        check: Check::Rdb,
        counting: Counting::Nothing,
        least: 18,
        consistency: "one point in time",
        credentials: access.described.clone(),
    }
}

fn mongodb_access(access: &Access) -> String {
    let user = access
        .user
        .clone()
        .unwrap_or_else(|| "$(secret MONGO_INITDB_ROOT_USERNAME MONGODB_ROOT_USER)".to_owned());
    format!(
        "{}\nu={user}\n\
         auth() {{ if [ -n \"$u\" ]; then printf 'password: \"%s\"\\n' \"$(printf %s \"$p\" | sed 's/[\\\\\"]/\\\\&/g')\" | \
         \"$@\" --config /dev/stdin --username \"$u\" --authenticationDatabase admin; else \"$@\"; fi; }}",
        access.assign("p")
    )
}

/// What a dumper says after it has dumped a replica set at one point in time.
pub(crate) const WITH_OPLOG: &str = "labbackup: with the operations meanwhile";

/// A member of a replica set keeps a log of operations. With those that came during the dump it is one
/// point in time; only a dump of everything can have them. `hello` is answered without a login.
fn mongodb(access: &Access, part: Part<'_>) -> Recipe {
    let setup = mongodb_access(access);
    let (script, consistency) = match part {
        Part::One(database) => (
            format!(
                "{setup}\nauth mongodump --db {} --archive",
                quoted(database)
            ),
            "none while it is written to: stop what writes (`backup.stop`) for one point in time",
        ),
        _ => (
            format!(
                "{setup}\nset -- mongodump --archive\n\
                 for c in mongosh mongo; do if command -v \"$c\" >/dev/null 2>&1; then \
                 r=$(\"$c\" --quiet --eval 'print((db.hello ? db.hello() : db.isMaster()).setName || \"\")' 2>/dev/null </dev/null || true); \
                 if [ -n \"$r\" ]; then set -- \"$@\" --oplog; fi; break; fi; done\n\
                 auth \"$@\"\n\
                 case $* in *--oplog) echo '{WITH_OPLOG}' >&2 ;; esac"
            ),
            "one point in time for a replica set; otherwise none while it is written to: stop what writes (`backup.stop`)",
        ),
    };
    Recipe {
        script,
        tool: "mongodump",
        extension: "archive",
        check: Check::MongoArchive,
        counting: Counting::Nothing,
        least: 8,
        consistency,
        credentials: access.described.clone(),
    }
}

fn mssql_access(access: &Access) -> String {
    let user = access.user.clone().unwrap_or_else(|| "sa".to_owned());
    format!(
        "{}\nexport SQLCMDPASSWORD\n\
         for t in /opt/mssql-tools18/bin/sqlcmd /opt/mssql-tools/bin/sqlcmd sqlcmd; do if command -v \"$t\" >/dev/null 2>&1; then break; fi; done\n\
         q() {{ \"$t\" -C -b -S localhost -U {user} \"$@\"; }}",
        access.assign("SQLCMDPASSWORD")
    )
}

fn mssql(access: &Access, part: Part<'_>) -> Recipe {
    let names = match part {
        Part::One(database) => format!("printf '%s\\n' {}", quoted(database)),
        _ => "q -h -1 -W -Q 'SET NOCOUNT ON; SELECT name FROM sys.databases WHERE database_id > 4 AND state = 0 ORDER BY name'"
            .to_owned(),
    };
    // The server writes the file, so it has to lie where the server may write.
    let script = format!(
        "{}\nd=$(mktemp -d /var/opt/mssql/labbackup.XXXXXX)\ntrap 'rm -rf -- \"$d\"' EXIT\ntrap 'exit 143' TERM INT\n\
         chown --reference=/var/opt/mssql \"$d\" 2>/dev/null || true\n\
         {names} >\"$d/names\"\ni=0\n\
         while IFS= read -r n; do n=${{n%\"$(printf '\\r')\"}}; [ -n \"$n\" ] || continue; i=$((i+1)); \
         b=$(printf %s \"$n\" | sed 's/]/]]/g'); \
         q -Q \"BACKUP DATABASE [$b] TO DISK=N'$d/$i.bak' WITH CHECKSUM, INIT, FORMAT, COPY_ONLY; \
         RESTORE VERIFYONLY FROM DISK=N'$d/$i.bak' WITH CHECKSUM\" >&2 </dev/null; done <\"$d/names\"\n\
         tar -C \"$d\" -cf - .",
        mssql_access(access)
    );
    Recipe {
        script,
        tool: "sqlcmd",
        extension: "bak.tar",
        check: Check::Tar,
        counting: Counting::Nothing,
        least: 1024,
        consistency: "each database at one point in time, verified by the server; needs room for the backup in `/var/opt/mssql`",
        credentials: access.described.clone(),
    }
}

fn influxdb(access: &Access) -> Recipe {
    let script = format!(
        "{}\nexport INFLUX_TOKEN\nd=$(mktemp -d)\ntrap 'rm -rf -- \"$d\"' EXIT\ntrap 'exit 143' TERM INT\n\
         case $(influxd version 2>&1) in\n\
         *v1.*|*' 1.'*) influxd backup -portable \"$d\" >&2 ;;\n\
         *v2.*|*' 2.'*) influx backup \"$d\" >&2 ;;\n\
         *) echo 'this version of InfluxDB has no backup command that is known here' >&2; exit 69 ;;\n\
         esac\n[ -n \"$(ls -A \"$d\")\" ] || {{ echo 'the backup is empty' >&2; exit 74; }}\ntar -C \"$d\" -cf - .",
        access.assign("INFLUX_TOKEN")
    );
    Recipe {
        script,
        tool: "influx",
        extension: "backup.tar",
        check: Check::Tar,
        counting: Counting::Nothing,
        least: 1024,
        consistency: "each shard at one point in time",
        credentials: access.described.clone(),
    }
}
