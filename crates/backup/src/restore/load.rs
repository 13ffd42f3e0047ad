//! A dump into a container.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read};

use bytes::Bytes;
use engine::{Command, Engine};
use tokio::sync::mpsc;

use crate::Error;
use crate::discovery::{Kind, Service};
use crate::dump::{Context, MYSQL_OWN, WITH_OPLOG, libpq, prelude, quoted};
use crate::labels;
use crate::manifest::{Listed, Manifest};

/// Where a dump goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Into<'i> {
    pub(crate) engine: &'i Engine,
    pub(crate) container: &'i str,
    pub(crate) service: &'i Service,
    /// A throw-away container: accounts stay as they are, as nobody knows the passwords.
    pub(crate) drill: bool,
}

/// Whether a restore drops a database of this name first.
pub(super) fn is_replaced(kind: Kind, name: &str) -> bool {
    match kind {
        Kind::PostgreSql => !matches!(name, "" | "template0" | "template1"),
        Kind::MySql | Kind::MariaDb => !MYSQL_OWN.contains(&name),
        Kind::MongoDb | Kind::MsSql => true,
        _ => false,
    }
}

/// Loads a dump: prepares the server, feeds the loader, and sees that it ended well.
pub(crate) async fn load(
    into: &Into<'_>,
    kind: Kind,
    listed: &Listed,
    context: &Context,
) -> Result<(), Error> {
    let manifest = &listed.manifest;
    let (settings, _) = labels::read(&into.service.name, &into.service.labels);
    let start = prelude(into.service, &settings, kind);
    let variable = |name: &str| into.service.variables.get(name).cloned().flatten();
    let user = settings.user.clone();
    let user = user
        .or_else(|| variable("POSTGRES_USER"))
        .or_else(|| variable("POSTGRESQL_USERNAME"));
    if let Some((script, input)) = prepare(kind, manifest) {
        run(
            into,
            &format!("{start}\n{script}"),
            Feed::Text(input),
            context,
        )
        .await?;
    }
    let custom = listed.path.as_str().ends_with(".dump.zst");
    let script = loader(kind, manifest, custom, into.drill);
    let edit = match kind {
        Kind::PostgreSql if !custom => Edit::PostgreSql {
            drill: into.drill,
            user,
        },
        Kind::MySql => Edit::MySql,
        _ => Edit::Nothing,
    };
    run(
        into,
        &format!("{start}\n{script}"),
        Feed::Dump(listed, edit),
        context,
    )
    .await
}

/// What has to be out of the way first: a script, and what it reads.
fn prepare(kind: Kind, manifest: &Manifest) -> Option<(String, String)> {
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
fn loader(kind: Kind, manifest: &Manifest, custom: bool, drill: bool) -> String {
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

/// What a program reads.
enum Feed<'f> {
    Text(String),
    Dump(&'f Listed, Edit),
}

/// What is changed in a dump as it is loaded.
#[derive(Clone, Debug)]
enum Edit {
    Nothing,
    /// Roles that exist already are not made again; in a drill, who loads keeps their password.
    PostgreSql {
        drill: bool,
        user: Option<String>,
    },
    /// The first line of MariaDB's dumps, which MySQL's client does not understand, goes.
    MySql,
}

async fn run(
    into: &Into<'_>,
    script: &str,
    feed: Feed<'_>,
    context: &Context,
) -> Result<(), Error> {
    let what = format!("the restore of {}", into.service.full_name());
    let command = Command::new(["sh", "-c", script]).stdin();
    let mut exec = into.engine.exec(into.container, &command).await?;
    let stdin = exec.stdin().expect("it was asked for");
    let (send, mut pieces) = mpsc::channel::<Bytes>(16);
    let source = match feed {
        Feed::Text(text) => {
            send.try_send(Bytes::from(text))
                .expect("there is room for one");
            drop(send);
            None
        }
        Feed::Dump(listed, edit) => {
            let path = listed.path.clone();
            Some(tokio::task::spawn_blocking(move || {
                let failed = |error| Error::file("read", &path, error);
                let file = fs_err::File::open(&path).map_err(failed)?;
                let decoder = zstd::Decoder::new(file).map_err(failed)?;
                edited(decoder, &edit, &send).map_err(failed)
            }))
        }
    };
    let write = async {
        let mut stdin = stdin;
        while let Some(piece) = pieces.recv().await {
            // A loader that stops reading says why by its exit code.
            if stdin.write(&piece).await.is_err() {
                return;
            }
            if let Some(progress) = &context.progress {
                progress(piece.len() as u64);
            }
        }
        stdin.close().await.ok();
    };
    let read = async { while let Ok(Some(_)) = exec.read().await {} };
    let mut cancel = context.cancel.clone();
    let both = async {
        tokio::join!(write, read);
    };
    let cancelled = tokio::select! {
        biased;
        () = cancel.cancelled() => true,
        () = both => false,
    };
    if cancelled {
        exec.cancel(std::time::Duration::from_secs(5)).await.ok();
        return Err(Error::Cancelled);
    }
    drop(pieces);
    let ended = exec.finish().await?;
    if ended.code != 0 {
        return Err(Error::Exit {
            what,
            code: ended.code,
            stderr: ended.stderr,
        });
    }
    match source {
        Some(source) => source.await.map_err(|_| Error::Cancelled)?,
        None => Ok(()),
    }
}

/// Sends a dump on, with what is to be changed in it changed.
fn edited(from: impl Read, edit: &Edit, to: &mpsc::Sender<Bytes>) -> std::io::Result<()> {
    let mut from = BufReader::with_capacity(256 * 1024, from);
    let send = |bytes: Vec<u8>| to.blocking_send(Bytes::from(bytes)).is_ok();
    match edit {
        Edit::Nothing => {}
        Edit::MySql => {
            let mut line = Vec::new();
            from.read_until(b'\n', &mut line)?;
            if !line.starts_with(b"/*M!999999") && !send(line) {
                return Ok(());
            }
        }
        Edit::PostgreSql { drill, user } => {
            // Roles stand before the first database.
            let mut line = Vec::new();
            loop {
                line.clear();
                if from.read_until(b'\n', &mut line)? == 0 {
                    return Ok(());
                }
                let last = line.starts_with(b"\\connect ")
                    || line.starts_with(b"COPY ")
                    || line.starts_with(b"-- Databases");
                let text = role(&line, *drill, user.as_deref()).unwrap_or_else(|| line.clone());
                if !send(text) {
                    return Ok(());
                }
                if last {
                    break;
                }
            }
        }
    }
    loop {
        let mut piece = vec![0; 64 * 1024];
        let read = from.read(&mut piece)?;
        piece.truncate(read);
        if read == 0 || !send(piece) {
            return Ok(());
        }
    }
}

/// A statement about a role, changed; `None` if it stays as it is.
fn role(line: &[u8], drill: bool, user: Option<&str>) -> Option<Vec<u8>> {
    let line = std::str::from_utf8(line).ok()?;
    if let Some(name) = line.strip_prefix("CREATE ROLE ") {
        let name = name.trim_end().strip_suffix(';')?;
        // Plain SQL: newer dumps forbid commands of the client.
        return Some(
            format!("DO $labbackup$ BEGIN CREATE ROLE {name}; EXCEPTION WHEN duplicate_object THEN NULL; END $labbackup$;\n")
                .into_bytes(),
        );
    }
    let rest = line.strip_prefix("ALTER ROLE ").filter(|_| drill)?;
    let (name, _) = rest.split_once(' ')?;
    let own = user.unwrap_or("postgres");
    if name.trim_matches('"') != own {
        return None;
    }
    let (before, _) = line.split_once(" PASSWORD '")?;
    Some(format!("{before};\n").into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(edit: &Edit, text: &str) -> String {
        let (send, mut receive) = mpsc::channel(1024);
        edited(text.as_bytes(), edit, &send).unwrap();
        drop(send);
        let mut all = Vec::new();
        while let Ok(piece) = receive.try_recv() {
            all.extend_from_slice(&piece);
        }
        String::from_utf8(all).unwrap()
    }

    #[test]
    fn roles_are_made_unless_they_are_there() {
        let text = "CREATE ROLE postgres;\nALTER ROLE postgres WITH SUPERUSER PASSWORD 'SCRAM-SHA-256$x';\n\
                    CREATE ROLE \"it's \"\"me\"\"\";\nALTER ROLE app WITH LOGIN PASSWORD 'y';\n\\connect shop\nCREATE ROLE inside;\n";
        let edit = |drill| Edit::PostgreSql { drill, user: None };
        insta::assert_snapshot!(passed(&edit(true), text), @r#"
        DO $labbackup$ BEGIN CREATE ROLE postgres; EXCEPTION WHEN duplicate_object THEN NULL; END $labbackup$;
        ALTER ROLE postgres WITH SUPERUSER;
        DO $labbackup$ BEGIN CREATE ROLE "it's ""me"""; EXCEPTION WHEN duplicate_object THEN NULL; END $labbackup$;
        ALTER ROLE app WITH LOGIN PASSWORD 'y';
        \connect shop
        CREATE ROLE inside;
        "#);
        assert!(passed(&edit(false), text).contains("ALTER ROLE postgres WITH SUPERUSER PASSWORD"));
    }

    #[test]
    fn the_first_line_of_a_sandboxed_dump_goes() {
        assert_eq!(
            passed(
                &Edit::MySql,
                "/*M!999999\\- enable the sandbox mode */ \n-- x\n"
            ),
            "-- x\n"
        );
        assert_eq!(passed(&Edit::MySql, "-- x\n"), "-- x\n");
    }
}
