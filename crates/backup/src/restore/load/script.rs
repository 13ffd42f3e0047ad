//! What runs in a container to load a dump.

use std::fmt::Write as _;

use crate::discovery::Kind;
use crate::dump::MYSQL_OWN;
use crate::manifest::Manifest;
use crate::recipe::{WITH_OPLOG, libpq, quoted};

/// Whether a restore drops a database of this name first.
pub(in crate::restore) fn is_replaced(kind: Kind, name: &str) -> bool {
    match kind {
        Kind::PostgreSql => !matches!(name, "" | "template0" | "template1"),
        Kind::MySql | Kind::MariaDb => !MYSQL_OWN.contains(&name),
        Kind::MongoDb | Kind::MsSql => true,
        _ => false,
    }
}

/// What has to be out of the way first: a script, and what it reads.
pub(super) fn prepare(kind: Kind, manifest: &Manifest) -> Option<(String, String)> {
    let names: Vec<&String> = manifest
        .databases
        .keys()
        .filter(|name| is_replaced(kind, name))
        .collect();
    if names.is_empty() {
        return None;
    }
    match kind {
        Kind::PostgreSql => {
            let mut text = String::new();
            for name in names {
                let literal = format!("'{}'", name.replace('\'', "''"));
                let identifier = format!("\"{}\"", name.replace('"', "\"\""));
                writeln!(
                    text,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {literal} AND pid <> pg_backend_pid();\n\
                     DROP DATABASE IF EXISTS {identifier};"
                )
                .expect("a text can be written to");
                // A dump of everything takes it for given.
                if name == "postgres" {
                    text.push_str("CREATE DATABASE postgres TEMPLATE template0;\n");
                }
            }
            let script = "exec psql -X -q -v ON_ERROR_STOP=1 --no-password --username \"$u\" --dbname template1 >/dev/null";
            Some((script.to_owned(), text))
        }
        Kind::MySql | Kind::MariaDb => {
            let mut text = String::new();
            for name in names {
                writeln!(
                    text,
                    "DROP DATABASE IF EXISTS `{}`;",
                    name.replace('`', "``")
                )
                .expect("a text can be written to");
            }
            Some((MYSQL_CLIENT.to_owned(), text))
        }
        _ => None,
    }
}

const MYSQL_CLIENT: &str = "if command -v mariadb >/dev/null 2>&1; then c=mariadb; else c=mysql; fi\n\
                            exec \"$c\" --user=\"$u\" --default-character-set=utf8mb4";

/// The script that reads a dump.
pub(super) fn loader(kind: Kind, manifest: &Manifest, custom: bool, drill: bool) -> String {
    match kind {
        Kind::PostgreSql => {
            // Nobody can drop the database that they are connected to.
            let home = if manifest.database.as_deref() == Some("postgres") { "template1" } else { "postgres" };
            if custom {
                format!("exec pg_restore --exit-on-error --clean --if-exists --create --no-password --username \"$u\" --dbname {}", libpq(home))
            } else {
                format!("exec psql -X -q -v ON_ERROR_STOP=1 --no-password --username \"$u\" --dbname {} >/dev/null", libpq(home))
            }
        }
        Kind::MySql | Kind::MariaDb if drill => MYSQL_CLIENT.to_owned(),
        Kind::MySql | Kind::MariaDb => format!(
            "{}\n\"$c\" --user=\"$u\" -e 'FLUSH PRIVILEGES'",
            MYSQL_CLIENT.replace("exec ", "")
        ),
        // The server takes the dump over from a second one, as a replica does: it need not be
        // stopped, and an append-only file is written anew.
        Kind::Redis => "\
for s in redis-server valkey-server keydb-server; do if command -v \"$s\" >/dev/null 2>&1; then break; fi; done
d=$(mktemp -d)
trap 'if [ -n \"${p-}\" ]; then kill \"$p\" 2>/dev/null || true; fi; rm -rf -- \"$d\"' EXIT
trap 'exit 143' TERM INT
cat >\"$d/dump.rdb\"
port=16379
\"$s\" --port $port --bind 127.0.0.1 --dir \"$d\" --dbfilename dump.rdb --appendonly no --save '' >\"$d/log\" 2>&1 &
p=$!
other() { ( unset REDISCLI_AUTH; \"$c\" -h 127.0.0.1 -p $port \"$@\" ); }
until [ \"$(other PING 2>/dev/null)\" = PONG ]; do
  if ! kill -0 $p 2>/dev/null; then tail -n 5 \"$d/log\" >&2; exit 74; fi; sleep 0.2; done
r=$(\"$@\" REPLICAOF 127.0.0.1 $port); if [ \"$r\" != OK ]; then echo \"REPLICAOF: $r\" >&2; exit 74; fi
n=0
until \"$@\" INFO replication | grep -q '^master_link_status:up'; do
  n=$((n+1)); if [ $n -gt 18000 ] || ! kill -0 $p 2>/dev/null; then \"$@\" REPLICAOF NO ONE >&2; echo 'the server did not take the dump over' >&2; exit 74; fi; sleep 0.2; done
r=$(\"$@\" REPLICAOF NO ONE); if [ \"$r\" != OK ]; then echo \"REPLICAOF NO ONE: $r\" >&2; exit 74; fi"
            .to_owned(),
        Kind::MongoDb => {
            let replay = if manifest.stderr.contains(WITH_OPLOG) {
                " --oplogReplay"
            } else {
                ""
            };
            format!(
                "\
umask 077; f=$(mktemp)
trap 'rm -f -- \"$f\"' EXIT
printf 'password: \"%s\"\\n' \"$(printf %s \"$p\" | sed 's/[\\\\\"]/\\\\&/g')\" >\"$f\"
if [ -n \"$u\" ]; then mongorestore --config \"$f\" --username \"$u\" --authenticationDatabase admin --archive --drop{replay}
else mongorestore --archive --drop{replay}; fi"
            )
        }
        Kind::MsSql => "\
d=$(mktemp -d /var/opt/mssql/labbackup.XXXXXX)
trap 'rm -rf -- \"$d\"' EXIT
trap 'exit 143' TERM INT
chown --reference=/var/opt/mssql \"$d\" 2>/dev/null || true
tar -C \"$d\" -xf -
i=0
while IFS= read -r n; do n=${n%\"$(printf '\\r')\"}; [ -n \"$n\" ] || continue; i=$((i+1))
b=$(printf %s \"$n\" | sed 's/]/]]/g')
q -Q \"IF DB_ID(N'$(printf %s \"$n\" | sed \"s/'/''/g\")') IS NOT NULL ALTER DATABASE [$b] SET SINGLE_USER WITH ROLLBACK IMMEDIATE; RESTORE DATABASE [$b] FROM DISK=N'$d/$i.bak' WITH REPLACE, CHECKSUM; ALTER DATABASE [$b] SET MULTI_USER\" >&2 </dev/null
done <\"$d/names\""
            .to_owned(),
        Kind::InfluxDb => "\
d=$(mktemp -d)
trap 'rm -rf -- \"$d\"' EXIT
tar -C \"$d\" -xf -
case $(influxd version 2>&1) in
*v1.*|*' 1.'*) influxd restore -portable \"$d\" >&2 ;;
*) influx restore --full \"$d\" >&2 ;;
esac"
            .to_owned(),
        Kind::Sqlite => quoted("false"),
    }
}
