//! PostgreSQL.

use super::access::Access;
use super::{Check, Counting, Part, Recipe, quoted};
use crate::labels::{Format, Settings};

/// A database in a connection string, quoted for libpq and for the shell: a bare name with `=` in it
/// would be taken for one.
pub(crate) fn libpq(database: &str) -> String {
    let escaped = database.replace('\\', r"\\").replace('\'', r"\'");
    quoted(&format!("dbname='{escaped}'"))
}

/// The start of a script, after which the client finds user and password.
pub(super) fn setup(access: &Access) -> String {
    format!(
        "{}\nexport PGPASSWORD PGAPPNAME=labbackup PGCONNECT_TIMEOUT=30\nu={}",
        access.assign("PGPASSWORD"),
        access.postgresql_user()
    )
}

pub(super) fn recipe(access: &Access, settings: &Settings, part: Part<'_>) -> Recipe {
    let setup = setup(access);
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
        script: format!("{setup}\n{dump}"),
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
