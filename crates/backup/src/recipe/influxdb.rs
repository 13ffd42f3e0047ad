//! InfluxDB.

use super::access::Access;
use super::{Check, Counting, Recipe};

pub(super) fn recipe(access: &Access) -> Recipe {
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
