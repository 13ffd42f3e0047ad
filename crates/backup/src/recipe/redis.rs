//! Redis and its kin.

use super::access::Access;
use super::{Check, Counting, Recipe};

pub(super) fn setup(access: &Access) -> String {
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

pub(super) fn recipe(access: &Access) -> Recipe {
    Recipe {
        script: format!("{}\nexec \"$@\" --rdb -", setup(access)),
        tool: "redis-cli",
        extension: "rdb",
        check: Check::Rdb,
        counting: Counting::Nothing,
        least: 18,
        consistency: "one point in time",
        credentials: access.described.clone(),
    }
}
