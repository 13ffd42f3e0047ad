//! What programs in a container tell about their database.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use engine::{Command, Engine};

use super::MYSQL_OWN;
use crate::Error;
use crate::discovery::{Kind, Service};
use crate::labels::Settings;
use crate::manifest::{Count, Databases};
use crate::recipe::{libpq, prelude, quoted};

/// How long one question may take.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// More than this is no answer.
const MOST: usize = 32 * 1024 * 1024;

/// Who is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Access<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) container: &'a str,
    pub(crate) kind: Kind,
    pub(crate) service: &'a Service,
    pub(crate) settings: &'a Settings,
}

impl Access<'_> {
    /// Runs a script after the one that gives access, with something to read.
    pub(crate) async fn script(&self, script: &str, input: &str) -> Result<String, Error> {
        let start = prelude(self.service, self.settings, self.kind);
        let command = Command::new(["sh", "-c", &format!("{start}\n{script}")]);
        let run = self
            .engine
            .run(self.container, &command, input.as_bytes(), MOST);
        let what = format!("a question to {}", self.service.full_name());
        let printed = match tokio::time::timeout(LIMIT, run).await {
            Ok(printed) => printed?,
            Err(_) => return Err(Error::TimedOut { what, after: LIMIT }),
        };
        if printed.code != 0 {
            return Err(Error::Exit {
                what,
                code: printed.code,
                stderr: printed.stderr,
            });
        }
        Ok(String::from_utf8_lossy(&printed.stdout).into_owned())
    }

    /// What is in the database now, for kinds whose dumps are not counted as they pass by. What
    /// cannot be told is left out: it is no reason not to dump.
    pub(super) async fn beside(&self, database: Option<&str>) -> Databases {
        let only: Vec<&str> = database.into_iter().collect();
        counts(self, &only).await.unwrap_or_default()
    }
}

/// The versions of the dumper and of the server, where they can be told.
pub(crate) async fn versions(access: &Access<'_>, tool: &str) -> (Option<String>, Option<String>) {
    let (tool, server) = match access.kind {
        Kind::PostgreSql => (
            format!("{tool} --version"),
            "psql -X -At --no-password --username \"$u\" --dbname postgres --command 'SHOW server_version'",
        ),
        Kind::MySql | Kind::MariaDb => (
            "if command -v mariadb-dump >/dev/null 2>&1; then mariadb-dump --version; else mysqldump --version; fi".to_owned(),
            "if command -v mariadb >/dev/null 2>&1; then c=mariadb; else c=mysql; fi; \"$c\" --user=\"$u\" -NBe 'SELECT VERSION()'",
        ),
        Kind::Redis => (
            "\"$c\" --version".to_owned(),
            "\"$@\" INFO server | sed -n 's/^redis_version://p' | tr -d '\\r'",
        ),
        Kind::MongoDb => ("mongodump --version | head -n 1".to_owned(), "true"),
        Kind::MsSql => (
            "true".to_owned(),
            "q -h -1 -W -Q \"SET NOCOUNT ON; SELECT SERVERPROPERTY('ProductVersion')\"",
        ),
        Kind::InfluxDb => ("influxd version | head -n 1".to_owned(), "true"),
        Kind::Sqlite => return (None, None),
    };
    let script = format!("{tool} 2>&1 || true\nprintf '\\n\\036'\n{server} 2>/dev/null || true");
    let Ok(answer) = access.script(&script, "").await else {
        return (None, None);
    };
    let (tool, server) = answer.split_once('\u{1e}').unwrap_or((&answer, ""));
    let line = |text: &str| {
        text.lines()
            .map(str::trim)
            .find(|line| !line.is_empty())
            .map(str::to_owned)
    };
    (line(tool), line(server))
}

/// Two counts around a dump as one: the truth is between them.
pub(super) fn together(before: Databases, after: Databases) -> Databases {
    let mut all = before;
    for (database, tables) in after {
        let known = all.entry(database).or_default();
        for (table, count) in tables {
            let least = |count: &Count| count.at_least.unwrap_or(count.rows);
            let most = |count: &Count| count.at_most.unwrap_or(count.rows);
            let other = known.get(&table).copied().unwrap_or(count);
            let both = Count::between(
                least(&other).min(least(&count)),
                most(&other).max(most(&count)),
            );
            known.insert(table, both);
        }
    }
    all
}

/// What the dumper itself has told.
pub(super) fn told(kind: Kind, stderr: &str) -> Databases {
    let mut all = Databases::new();
    if kind != Kind::MongoDb {
        return all;
    }
    // `2026-01-01T00:00:00.000+0000	done dumping shop.orders (3 documents)`
    for line in stderr.lines() {
        let Some((_, rest)) = line.split_once("done dumping ") else {
            continue;
        };
        let Some((name, count)) = rest.rsplit_once(" (") else {
            continue;
        };
        let number: String = count.chars().take_while(char::is_ascii_digit).collect();
        let (Some((database, collection)), Ok(rows)) =
            (name.trim_matches('`').split_once('.'), number.parse())
        else {
            continue;
        };
        let collections = all.entry(database.to_owned()).or_default();
        collections.insert(collection.to_owned(), Count::exact(rows));
    }
    all.remove("admin");
    all
}

/// Counts everything that is in a database now. With `only`, these databases alone, for kinds that
/// are asked one by one.
pub(crate) async fn counts(access: &Access<'_>, only: &[&str]) -> Result<Databases, Error> {
    match access.kind {
        Kind::PostgreSql => postgresql(access, only).await,
        Kind::MySql | Kind::MariaDb => mysql(access, only).await,
        Kind::Redis => redis(access).await,
        Kind::MongoDb => mongodb(access, only).await,
        Kind::MsSql => mssql(access).await,
        Kind::InfluxDb | Kind::Sqlite => Ok(Databases::new()),
    }
}

async fn postgresql(access: &Access<'_>, only: &[&str]) -> Result<Databases, Error> {
    let psql = "psql -X -At -z -0 -v ON_ERROR_STOP=1 --no-password --username \"$u\"";
    let list = format!(
        "{psql} --dbname postgres --command 'SELECT datname FROM pg_database WHERE datallowconn'"
    );
    let names = access.script(&list, "").await?;
    let mut all = Databases::new();
    for name in names
        .split('\0')
        .map(|name| name.trim_start_matches('\n'))
        .filter(|name| !name.is_empty())
    {
        if !only.is_empty() && !only.contains(&name) {
            continue;
        }
        // What belongs to an extension is dumped in part: there are at least so many.
        let query = "SELECT format('SELECT %L, %L, count(*) FROM ONLY %I.%I', \
             n.nspname || '.' || c.relname, \
             EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'), \
             n.nspname, c.relname) \
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relkind = 'r' AND c.relpersistence <> 't' \
             AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' \\gexec\n";
        let answer = access
            .script(&format!("{psql} --dbname {}", libpq(name)), query)
            .await?;
        let mut tables = BTreeMap::new();
        let mut fields = answer.split('\0');
        while let (Some(table), Some(extension), Some(rows)) =
            (fields.next(), fields.next(), fields.next())
        {
            let rows = rows.trim().parse().unwrap_or_default();
            let count = if extension == "t" {
                Count::between(0, rows)
            } else {
                Count::exact(rows)
            };
            tables.insert(table.to_owned(), count);
        }
        all.insert(name.to_owned(), tables);
    }
    Ok(all)
}

async fn mysql(access: &Access<'_>, only: &[&str]) -> Result<Databases, Error> {
    let client = "if command -v mariadb >/dev/null 2>&1; then c=mariadb; else c=mysql; fi\n\
                  exec \"$c\" --user=\"$u\" --default-character-set=utf8mb4 -NB";
    let list = "SELECT s.schema_name, t.table_name FROM information_schema.schemata s \
                LEFT JOIN information_schema.tables t ON t.table_schema = s.schema_name AND t.table_type = 'BASE TABLE'";
    let answer = access.script(client, list).await?;
    let mut all = Databases::new();
    let mut queries = String::new();
    let ticked = |name: &str| format!("`{}`", name.replace('`', "``"));
    for line in answer.lines() {
        let Some((database, table)) = line.split_once('\t') else {
            continue;
        };
        let (database, table) = (unescaped(database), unescaped(table));
        let own = MYSQL_OWN.contains(&database.as_str());
        if own || !only.is_empty() && !only.contains(&database.as_str()) {
            continue;
        }
        let tables = all.entry(database.clone()).or_default();
        if table == "NULL" {
            continue;
        }
        tables.insert(table.clone(), Count::exact(0));
        writeln!(
            queries,
            "SELECT COUNT(*) FROM {}.{};",
            ticked(&database),
            ticked(&table)
        )
        .expect("a text can be written to");
    }
    let answer = access.script(client, &queries).await?;
    // The order of the list need not be that of the map.
    let mut numbers = BTreeMap::new();
    for (query, number) in queries.lines().zip(answer.lines()) {
        numbers.insert(query.to_owned(), number.trim().parse().unwrap_or(0));
    }
    for (database, tables) in &mut all {
        for (table, count) in tables {
            let query = format!(
                "SELECT COUNT(*) FROM {}.{};",
                ticked(database),
                ticked(table)
            );
            count.rows = numbers.get(&query).copied().unwrap_or_default();
        }
    }
    Ok(all)
}

/// What the client writes for tabs, newlines and backslashes.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => plain.push(match letters.next() {
                Some('t') => '\t',
                Some('n') => '\n',
                Some(other) => other,
                None => '\\',
            }),
            letter => plain.push(letter),
        }
    }
    plain
}

async fn redis(access: &Access<'_>) -> Result<Databases, Error> {
    let answer = access.script("\"$@\" INFO keyspace", "").await?;
    let mut keys = BTreeMap::new();
    // `db0:keys=3,expires=1,avg_ttl=0`
    for line in answer.lines() {
        let Some((name, rest)) = line.trim().split_once(':') else {
            continue;
        };
        let field = |wanted: &str| {
            rest.split(',')
                .find_map(|field| field.strip_prefix(wanted)?.parse::<u64>().ok())
        };
        if let Some(rows) = field("keys=") {
            // Those that expire may be gone when they are looked for.
            let expires = field("expires=").unwrap_or_default();
            keys.insert(
                name.to_owned(),
                Count::between(rows.saturating_sub(expires), rows),
            );
        }
    }
    if keys.is_empty() && !answer.contains("# Keyspace") {
        return Err(Error::Incomplete {
            what: access.service.full_name(),
            why: format!(
                "the server says: {}",
                answer.lines().next().unwrap_or_default()
            ),
        });
    }
    Ok(Databases::from([("keys".to_owned(), keys)]))
}

async fn mongodb(access: &Access<'_>, only: &[&str]) -> Result<Databases, Error> {
    let eval = "const env = name => typeof process === 'undefined' ? _getEnv(name) : process.env[name]; \
                if (env('LAB_USER')) db.getSiblingDB('admin').auth(env('LAB_USER'), env('LAB_PASSWORD')); \
                db.getMongo().getDBNames().forEach(d => { if (['admin','config','local'].includes(d)) return; \
                db.getSiblingDB(d).getCollectionInfos({type:'collection'}).forEach(c => \
                print(JSON.stringify([d, c.name, Number(db.getSiblingDB(d).getCollection(c.name).countDocuments({}))]))) })";
    let script = format!(
        "for c in mongosh mongo; do if command -v \"$c\" >/dev/null 2>&1; then break; fi; done\n\
         LAB_USER=$u LAB_PASSWORD=$p exec \"$c\" --quiet --eval {}",
        quoted(eval)
    );
    let answer = access.script(&script, "").await?;
    let mut all = Databases::new();
    for line in answer.lines() {
        let Some(start) = line.find('[') else {
            continue;
        };
        let Ok((database, collection, rows)) =
            serde_json::from_str::<(String, String, u64)>(&line[start..])
        else {
            continue;
        };
        if only.is_empty() || only.contains(&database.as_str()) {
            all.entry(database)
                .or_default()
                .insert(collection, Count::exact(rows));
        }
    }
    Ok(all)
}

async fn mssql(access: &Access<'_>) -> Result<Databases, Error> {
    let query = "SET NOCOUNT ON; DECLARE @q nvarchar(max) = N''; \
        SELECT @q += N'SELECT ''' + REPLACE(name, '''', '''''') + N''' + CHAR(9) + s.name + N''.'' + t.name + CHAR(9) + CAST(SUM(p.rows) AS nvarchar(20)) \
        FROM ' + QUOTENAME(name) + N'.sys.tables t JOIN ' + QUOTENAME(name) + N'.sys.schemas s ON s.schema_id = t.schema_id \
        JOIN ' + QUOTENAME(name) + N'.sys.partitions p ON p.object_id = t.object_id AND p.index_id IN (0, 1) GROUP BY s.name, t.name; ' \
        FROM sys.databases WHERE database_id > 4 AND state = 0; EXEC (@q)";
    let answer = access
        .script(&format!("q -h -1 -W -y 0 -Q {}", quoted(query)), "")
        .await?;
    let mut all = Databases::new();
    for line in answer.lines() {
        let mut fields = line.trim().split('\t');
        if let (Some(database), Some(table), Some(rows)) =
            (fields.next(), fields.next(), fields.next())
        {
            let rows = rows.trim().parse().unwrap_or_default();
            all.entry(database.to_owned())
                .or_default()
                .insert(table.to_owned(), Count::exact(rows));
        }
    }
    Ok(all)
}
