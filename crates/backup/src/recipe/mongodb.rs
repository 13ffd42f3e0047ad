//! MongoDB.

use super::access::Access;
use super::{Check, Counting, Part, Recipe, quoted};

pub(super) fn setup(access: &Access) -> String {
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
pub(super) fn recipe(access: &Access, part: Part<'_>) -> Recipe {
    let setup = setup(access);
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
