//! What runs in a container to dump its database.
//!
//! Each recipe is a script for `sh -c` that takes the password from where the container has it, so
//! that it never leaves the container, and ends in the dumper writing to standard output. Scripts
//! hold names of users, databases and files, and no secret.

mod access;
mod influxdb;
mod mongodb;
mod mssql;
mod mysql;
mod postgresql;
mod redis;

use access::Access;

use crate::discovery::Service;
use crate::kind::Kind;
use crate::labels::{Compress, Settings};

pub(crate) use mongodb::WITH_OPLOG;
pub(crate) use postgresql::libpq;

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
        Kind::PostgreSql => postgresql::recipe(&access, settings, part),
        Kind::MySql | Kind::MariaDb => mysql::recipe(&access, part),
        Kind::MsSql => mssql::recipe(&access, part),
        Kind::Redis => redis::recipe(&access),
        Kind::MongoDb => mongodb::recipe(&access, part),
        Kind::InfluxDb => influxdb::recipe(&access),
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

/// Sets up access for other programs than the dumper: the start of a script, after which `$u` is
/// the user and the client finds its password.
pub(crate) fn prelude(service: &Service, settings: &Settings, kind: Kind) -> String {
    let access = Access::of(service, settings, kind);
    match kind {
        Kind::PostgreSql => postgresql::setup(&access),
        Kind::MySql | Kind::MariaDb => mysql::setup(&access),
        Kind::Redis => redis::setup(&access),
        Kind::MongoDb => mongodb::setup(&access),
        Kind::MsSql => mssql::setup(&access),
        Kind::InfluxDb => format!("{}\nexport INFLUX_TOKEN", access.assign("INFLUX_TOKEN")),
        Kind::Sqlite => String::new(),
    }
}
