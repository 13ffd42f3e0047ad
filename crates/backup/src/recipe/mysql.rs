//! MySQL and MariaDB.

use super::access::Access;
use super::{Check, Counting, Part, Recipe, quoted};

pub(super) fn setup(access: &Access) -> String {
    let user = match &access.user {
        Some(user) => format!("u={user}"),
        // Without root's password the user that the image made has to do.
        None => "u=root; if [ -z \"$MYSQL_PWD\" ] && [ -n \"${MARIADB_USER:-${MYSQL_USER-}}\" ]; then \
                 u=${MARIADB_USER:-$MYSQL_USER}; MYSQL_PWD=$(secret MARIADB_PASSWORD MYSQL_PASSWORD); fi"
            .to_owned(),
    };
    format!("{}\n{user}\nexport MYSQL_PWD", access.assign("MYSQL_PWD"))
}

pub(super) fn recipe(access: &Access, part: Part<'_>) -> Recipe {
    let what = match part {
        Part::One(database) => format!("--databases -- {}", quoted(database)),
        _ => "--all-databases".to_owned(),
    };
    let script = format!(
        "{}\nif command -v mariadb-dump >/dev/null 2>&1; then set -- mariadb-dump; \
         else set -- mysqldump; if mysqldump --version | grep -qv MariaDB; then set -- \"$@\" --no-tablespaces; fi; fi\n\
         exec \"$@\" --user=\"$u\" --single-transaction --quick --routines --triggers --events --hex-blob \
         --default-character-set=utf8mb4 {what}",
        setup(access)
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
