//! `labbackup` with real databases: dumped, destroyed, restored, and every row the same; drills that
//! notice; and what goes wrong on the way.

mod clock;
mod drill;
mod empty;
mod fakes;
mod far;
mod faults;
mod interrupted;
mod journal;
mod large;
mod midstream;
mod secrets;
mod snapshots;
mod stand_in;
mod store;

use camino::{Utf8Path, Utf8PathBuf};
use homelab_tests::{ContainerGuard, Database, Engine, Outcome, Sandbox, engine, labbackup_exe};
use serde_json::Value;

/// Says so when it is dropped, also by a panic: somebody who watches would go on for ever.
pub(super) struct Over<'o>(pub(super) &'o std::sync::atomic::AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, std::sync::atomic::Ordering::Relaxed);
    }
}

/// A homelab of containers, with its directory.
pub(super) struct Lab {
    pub(super) engine: Engine,
    pub(super) sandbox: Sandbox,
    project: String,
}

impl Lab {
    pub(super) fn new(name: &str) -> Option<Self> {
        let engine = engine()?;
        let mut sandbox = Sandbox::new();
        engine.attach(&mut sandbox);
        let mnt = sandbox.path().join("mnt");
        fs_err::create_dir(&mnt).unwrap();
        sandbox.set("MNT_DIR", mnt.as_str());
        Some(Self {
            engine,
            sandbox,
            project: format!("{name}-{}", std::process::id()),
        })
    }

    pub(super) fn mnt(&self) -> Utf8PathBuf {
        self.sandbox.path().join("mnt")
    }

    /// `project/service`
    pub(super) fn service(&self, name: &str) -> String {
        format!("{}/{name}", self.project)
    }

    /// Starts a database as a service of this project.
    pub(super) fn start(
        &self,
        database: Database,
        service: &str,
        options: &[&str],
    ) -> Option<ContainerGuard> {
        self.start_in(&self.project, database, service, options)
    }

    /// Starts a database as a service of another project.
    fn start_in(
        &self,
        project: &str,
        database: Database,
        service: &str,
        options: &[&str],
    ) -> Option<ContainerGuard> {
        let labels = [
            &format!("--label=com.docker.compose.project={project}"),
            &format!("--label=com.docker.compose.service={service}"),
        ];
        let mut all = labels.map(String::as_str).to_vec();
        all.extend(options);
        let name = format!("{project}-{service}");
        self.engine.database(database, &name, &all, &[])
    }

    pub(super) fn run(&self, args: &[&str]) -> Outcome {
        self.sandbox.run(labbackup_exe(), args)
    }

    /// The dumps of a service, oldest first.
    pub(super) fn dumps(&self, service: &str) -> Vec<Utf8PathBuf> {
        let Ok(entries) = self.mnt().join("backups").join(service).read_dir_utf8() else {
            return Vec::new();
        };
        let paths = entries.map(|entry| entry.unwrap().into_path());
        let mut paths: Vec<_> = paths
            .filter(|path| path.extension() == Some("zst"))
            .collect();
        paths.sort();
        paths
    }

    /// The names of all files of a service's directory.
    pub(super) fn files(&self, service: &str) -> Vec<String> {
        let Ok(entries) = self.mnt().join("backups").join(service).read_dir_utf8() else {
            return Vec::new();
        };
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().to_owned())
            .collect();
        names.sort();
        names
    }

    /// What a drill with `--json` says of its first service.
    pub(super) fn drill(&self, service: &str, code: i32) -> Value {
        let outcome = self.run(&["drill", &self.service(service), "--json"]);
        assert_eq!(
            outcome.code,
            Some(code),
            "{}{}",
            outcome.stdout,
            outcome.stderr
        );
        let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
        let label = format!("label=labbackup.drill={}", self.mnt().join("backups"));
        for what in [
            &["ps", "-aq"][..],
            &["network", "ls", "-q"],
            &["volume", "ls", "-q"],
        ] {
            let args = what.iter().copied().chain(["--filter", &label]);
            assert_eq!(
                self.engine.docker(args).stdout,
                "",
                "{what:?}: something is left"
            );
        }
        report
    }
}

pub(super) fn manifest(dump: &Utf8Path) -> Value {
    serde_json::from_str(&fs_err::read_to_string(format!("{dump}.json")).unwrap()).unwrap()
}

/// One drill that verifies, then one with a manifest that says one row more.
fn drills(lab: &Lab, service: &str, table: &[&str]) {
    let report = lab.drill(service, 0);
    assert_eq!(report["outcome"], "verified");
    assert_eq!(report["services"][0]["torn_down"], true);
    let dump = lab.dumps(service).pop().unwrap();
    assert!(manifest(&dump)["verified"].is_string());

    let mut wrong = manifest(&dump);
    let count = table
        .iter()
        .fold(&mut wrong["databases"], |value, key| &mut value[*key]);
    let rows = count["rows"].as_u64().unwrap();
    assert!(rows > 0);
    *count = serde_json::json!({ "rows": rows + 1 });
    fs_err::write(format!("{dump}.json"), wrong.to_string()).unwrap();
    let report = lab.drill(service, 5);
    assert_eq!(report["outcome"], "mismatch");
    let failed: Vec<&Value> = report["services"][0]["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["passed"] == false)
        .collect();
    assert_eq!(failed.len(), 1, "{report}");
    assert_eq!(failed[0]["found"], format!("{rows} rows"));
}

#[test]
fn postgresql_comes_back_row_for_row() {
    let Some(lab) = Lab::new("pg") else { return };
    let options = [
        "-e",
        "POSTGRES_DB=shop",
        "--label",
        "backup.restore.smoke=select count(*) from orders",
    ];
    let Some(db) = lab.start(Database::Postgres, "db", &options) else {
        return;
    };
    let sql = |database: &str, text: &str| {
        let outcome = db.exec(&[
            "psql",
            "-X",
            "-At",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-U",
            "postgres",
            "-d",
            database,
            "-c",
            text,
        ]);
        outcome.success().stdout
    };
    sql(
        "shop",
        "CREATE TABLE orders (id int PRIMARY KEY, note text, raw bytea); \
         INSERT INTO orders SELECT n, md5(n::text) || E'\\n\\t\\\\.', decode(md5(n::text), 'hex') FROM generate_series(1, 5000) n; \
         CREATE TABLE \"Odd \"\"name\"\" (x)\" (t text); INSERT INTO \"Odd \"\"name\"\" (x)\" VALUES (E'\\\\.'), (NULL), (''); \
         CREATE TABLE parted (n int) PARTITION BY RANGE (n); CREATE TABLE part PARTITION OF parted FOR VALUES FROM (0) TO (9); INSERT INTO parted VALUES (1), (2)",
    );
    sql("postgres", "CREATE ROLE app LOGIN PASSWORD 'role-password'");
    sql(
        "postgres",
        "CREATE TABLE in_default (n int); INSERT INTO in_default VALUES (7)",
    );
    sql(
        "postgres",
        "CREATE DATABASE \"-it's \"\"a\"\" \\ ü]\" OWNER app",
    );
    let odd = "-it's \"a\" \\ ü]";
    let odd_sql = |text: &str| {
        let outcome = db.exec(&[
            "env",
            &format!("PGDATABASE={odd}"),
            "psql",
            "-X",
            "-At",
            "-q",
            "-U",
            "postgres",
            "-c",
            text,
        ]);
        outcome.success().stdout
    };
    odd_sql("CREATE TABLE t (n int); INSERT INTO t VALUES (1), (2)");
    let sum = || {
        let all = "SELECT md5(string_agg(o::text, '|' ORDER BY id)) FROM orders o";
        [
            sql("shop", all),
            sql(
                "shop",
                "SELECT string_agg(coalesce(t, '<null>'), '|' ORDER BY t) FROM \"Odd \"\"name\"\" (x)\"",
            ),
            sql("shop", "SELECT sum(n) FROM part"),
            sql("postgres", "SELECT n FROM in_default"),
            sql(
                "postgres",
                "SELECT rolpassword FROM pg_authid WHERE rolname = 'app'",
            ),
            odd_sql("SELECT sum(n) FROM t"),
        ]
    };
    let before = sum();
    lab.run(&["run", "-q", &lab.service("db")]).success();
    let dump = lab.dumps("db").pop().unwrap();
    let found = manifest(&dump);
    assert_eq!(found["databases"]["shop"]["public.orders"]["rows"], 5000);
    assert_eq!(
        found["databases"]["shop"]["public.Odd \"name\" (x)"]["rows"],
        3
    );
    assert_eq!(found["databases"]["shop"]["public.part"]["rows"], 2);
    assert_eq!(found["databases"][odd]["public.t"]["rows"], 2);
    assert!(
        found["server_version"].as_str().unwrap().starts_with("15"),
        "{found}"
    );
    assert!(
        found["tool_version"]
            .as_str()
            .unwrap()
            .contains("pg_dumpall"),
        "{found}"
    );

    sql(
        "shop",
        "DROP TABLE orders; UPDATE \"Odd \"\"name\"\" (x)\" SET t = 'changed'; CREATE TABLE later (n int)",
    );
    sql("postgres", "UPDATE in_default SET n = 8");
    sql("postgres", "ALTER ROLE app PASSWORD 'other'");
    odd_sql("DELETE FROM t");
    let refused = lab.run(&["restore", &lab.service("db")]);
    assert_eq!(refused.code, Some(7), "nobody agreed: {}", refused.stderr);
    let at = dump.file_name().unwrap().split('-').next().unwrap();
    lab.run(&["restore", &lab.service("db"), "--at", at, "--yes", "-q"])
        .success();
    assert_eq!(sum(), before);
    assert_eq!(
        lab.dumps("db").len(),
        2,
        "what was there before was dumped first"
    );
    fs_err::remove_file(lab.dumps("db").pop().unwrap()).unwrap();

    drills(&lab, "db", &["shop", "public.orders"]);
}

#[test]
fn single_databases_of_postgresql_come_back() {
    let Some(lab) = Lab::new("pgone") else { return };
    for format in ["plain", "custom"] {
        let label = format!("backup.format={format}");
        let compress = if format == "plain" {
            "container"
        } else {
            "host"
        };
        let compress = format!("backup.compress={compress}");
        let options = [
            "--label",
            "backup.databases=shop,other",
            "--label",
            &label,
            "--label",
            &compress,
        ];
        let Some(db) = lab.start(Database::Postgres, format, &options) else {
            return;
        };
        let sql = |database: &str, text: &str| {
            db.exec(&[
                "psql", "-X", "-At", "-q", "-U", "postgres", "-d", database, "-c", text,
            ])
            .success()
            .stdout
        };
        sql("postgres", "CREATE ROLE app");
        for name in ["shop", "other"] {
            sql("postgres", &format!("CREATE DATABASE {name} OWNER app"));
            sql(
                name,
                "CREATE TABLE t AS SELECT generate_series(1, 100) AS n",
            );
        }
        lab.run(&["run", "-q", &lab.service(format)]).success();
        assert_eq!(lab.dumps(format).len(), 3);
        sql("shop", "DELETE FROM t");
        sql("other", "DELETE FROM t");
        lab.run(&[
            "restore",
            &lab.service(format),
            "--part",
            "shop",
            "--yes",
            "--no-safety-dump",
        ])
        .success();
        assert_eq!(sql("shop", "SELECT count(*) FROM t"), "100\n");
        assert_eq!(
            sql("other", "SELECT count(*) FROM t"),
            "0\n",
            "it was not asked for"
        );
        let report = lab.drill(format, 0);
        assert_eq!(report["services"][0]["files"].as_array().unwrap().len(), 3);
    }
}

#[test]
fn mariadb_comes_back_row_for_row() {
    let Some(lab) = Lab::new("my") else { return };
    let Some(db) = lab.start(
        Database::MariaDb,
        "db",
        &["--label", "backup.restore.smoke=SELECT 1"],
    ) else {
        return;
    };
    let sql = |text: &str| {
        db.exec(&[
            "env",
            "MYSQL_PWD=secret",
            "mariadb",
            "-uroot",
            "-NB",
            "-e",
            text,
        ])
        .success()
        .stdout
    };
    sql(
        "CREATE DATABASE shop; USE shop; CREATE TABLE `odd ``name``; (1)` (id int PRIMARY KEY AUTO_INCREMENT, t text, b blob); \
         INSERT INTO `odd ``name``; (1)` (t, b) VALUES ('a;(b)''c\\\\', x'00ff27'), (NULL, NULL), ('VALUES (1),(2)', ''); \
         CREATE TABLE numbers AS SELECT seq AS n, md5(seq) AS m FROM seq_1_to_3000; CREATE VIEW v AS SELECT n FROM numbers; \
         CREATE PROCEDURE p() SELECT 1; CREATE USER app@'%' IDENTIFIED BY 'pw'; GRANT ALL ON shop.* TO app@'%'; CREATE DATABASE empty_one",
    );
    let sum = || {
        sql(
            "USE shop; SELECT md5(group_concat(n, m ORDER BY n)) FROM numbers; SELECT id, t, hex(b) FROM `odd ``name``; (1)` ORDER BY id; \
             SELECT count(*) FROM v; SHOW GRANTS FOR app@'%'; SELECT count(*) FROM information_schema.routines WHERE routine_schema = 'shop'",
        )
    };
    let before = sum();
    lab.run(&["run", "-q", &lab.service("db")]).success();
    let found = manifest(&lab.dumps("db").pop().unwrap());
    assert_eq!(found["databases"]["shop"]["odd `name`; (1)"]["rows"], 3);
    assert_eq!(found["databases"]["shop"]["numbers"]["rows"], 3000);
    sql("DROP DATABASE shop; DROP USER app@'%'");
    lab.run(&[
        "restore",
        &lab.service("db"),
        "--yes",
        "-q",
        "--no-safety-dump",
    ])
    .success();
    assert_eq!(sum(), before);
    drills(&lab, "db", &["shop", "numbers"]);
}

#[test]
fn redis_comes_back_key_for_key() {
    let Some(lab) = Lab::new("rd") else { return };
    let Some(db) = lab.start(Database::Redis, "cache", &[]) else {
        return;
    };
    let cli = |args: &[&str]| {
        let all: Vec<&str> = ["redis-cli"]
            .into_iter()
            .chain(args.iter().copied())
            .collect();
        db.exec(&all).success().stdout
    };
    cli(&["CONFIG", "SET", "appendonly", "yes"]);
    cli(&["MSET", "a", "1", "b", "zwei", "c", "drei\n"]);
    cli(&["-n", "3", "HSET", "h", "f", "1", "g", "2"]);
    cli(&["-n", "3", "SET", "soon", "gone", "EX", "5000"]);
    let sum = || {
        [
            cli(&["MGET", "a", "b", "c"]),
            cli(&["-n", "3", "HGETALL", "h"]),
            cli(&["DBSIZE"]),
            cli(&["-n", "3", "DBSIZE"]),
        ]
    };
    let before = sum();
    lab.run(&["run", "-q", &lab.service("cache")]).success();
    cli(&["FLUSHALL"]);
    cli(&["SET", "later", "x"]);
    lab.run(&[
        "restore",
        &lab.service("cache"),
        "--yes",
        "-q",
        "--no-safety-dump",
    ])
    .success();
    assert_eq!(sum(), before);
    assert_eq!(
        cli(&["INFO", "replication"]).lines().nth(1).unwrap().trim(),
        "role:master"
    );
    drills(&lab, "cache", &["keys", "db0"]);
}

#[test]
fn sqlite_and_volumes_come_back_and_who_was_stopped_runs_again() {
    let Some(lab) = Lab::new("sq") else { return };
    let data = lab.mnt().join("data");
    fs_err::create_dir(&data).unwrap();
    let mount = format!("{data}:/data");
    let Some(app) = lab.start(
        Database::SqliteApp,
        "app",
        &["-v", &mount, "--label", "backup.stop=true"],
    ) else {
        return;
    };
    let ask = |script: &str| {
        app.wait(&[
            "python3",
            "-c",
            "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/health')",
        ]);
        app.exec(&[
            "python3",
            "-c",
            &format!("import urllib.request as u\n{script}"),
        ])
        .success()
        .stdout
    };
    let put = "for n in range(50): u.urlopen(u.Request(f'http://127.0.0.1:8080/k{n}', data=b'body %d' % n, method='PUT'))";
    ask(put);
    fs_err::write(data.join("upload.txt"), "an upload").unwrap();
    let count = || ask("print(u.urlopen('http://127.0.0.1:8080/count').read().decode())");
    let report = lab
        .run(&["run", "--json", &lab.service("app")])
        .success()
        .stdout;
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["quiesced"][0], app.name());
    let before = count();
    assert_eq!(lab.dumps("app").len(), 2);
    // The archive has the upload, and nothing of what SQLite was asked for.
    let archive = lab
        .dumps("app")
        .into_iter()
        .find(|dump| dump.as_str().ends_with("-data.tar.zst"));
    let archive = archive.unwrap();
    let listing = format!("zstd -dc '{archive}' | tar -t");
    let listing = lab.sandbox.run("sh", ["-c", &listing]).success().stdout;
    assert_eq!(listing, "data/\ndata/upload.txt\n");
    let entries = &manifest(&archive)["entries"];
    assert_eq!(
        (&entries["files"], &entries["directories"]),
        (&1.into(), &1.into())
    );
    lab.run(&["check", "-q", &lab.service("app")]).success();
    let mut wrong = manifest(&archive);
    wrong["entries"]["files"] = 2.into();
    let right = fs_err::read(format!("{archive}.json")).unwrap();
    fs_err::write(format!("{archive}.json"), wrong.to_string()).unwrap();
    let found = lab.run(&["check", &lab.service("app")]);
    assert_eq!(found.code, Some(1), "{}", found.stderr);
    assert!(
        found.stderr.contains("not what its manifest lists"),
        "{}",
        found.stderr
    );
    fs_err::write(format!("{archive}.json"), right).unwrap();
    assert!(!lab.mnt().join("backups/.labbackup-stopped.json").exists());

    ask("u.urlopen(u.Request('http://127.0.0.1:8080/more', data=b'x', method='PUT'))");
    fs_err::remove_file(data.join("upload.txt")).unwrap();
    lab.run(&[
        "restore",
        &lab.service("app"),
        "--yes",
        "-q",
        "--no-safety-dump",
    ])
    .success();
    assert_eq!(count(), before);
    assert_eq!(
        fs_err::read_to_string(data.join("upload.txt")).unwrap(),
        "an upload"
    );
    let report = lab.drill("app", 0);
    assert_eq!(report["outcome"], "verified");
}

#[test]
fn fake_sql_server_and_fake_mongodb_come_back() {
    let Some(lab) = Lab::new("fake") else { return };
    let Some(ms) = lab.start(Database::FakeMssql, "ms", &[]) else {
        return;
    };
    let Some(mo) = lab.start(Database::FakeMongo, "mo", &[]) else {
        return;
    };
    let sql = |text: &str| {
        ms.exec(&[
            "env",
            "SQLCMDPASSWORD=secret",
            "/opt/mssql-tools18/bin/sqlcmd",
            "-b",
            "-Q",
            text,
        ])
    };
    sql("INSERT [a]]b it's] 'one'").success();
    sql("INSERT [shop] 'two'").success();
    mo.exec(&["mongosh", "--quiet", "--eval", "insert app/users one two"])
        .success();
    lab.run(&["run", "-q", &lab.service("ms"), &lab.service("mo")])
        .success();
    let found = manifest(&lab.dumps("ms").pop().unwrap());
    assert_eq!(
        found["databases"]["a]b it's"]["dbo.rows"]["rows"], 1,
        "{found}"
    );
    let found = manifest(&lab.dumps("mo").pop().unwrap());
    assert_eq!(found["databases"]["app"]["users"]["rows"], 1, "{found}");
    sql("INSERT [shop] 'three'").success();
    ms.exec(&["rm", "/var/opt/mssql/data/a]b it's.rows"])
        .success();
    mo.exec(&["rm", "-r", "/data/db/app"]).success();
    for service in ["ms", "mo"] {
        lab.run(&[
            "restore",
            &lab.service(service),
            "--yes",
            "-q",
            "--no-safety-dump",
        ])
        .success();
    }
    assert_eq!(
        sql("SELECT COUNT(*) FROM [shop].dbo.rows").stdout.trim(),
        "1"
    );
    assert_eq!(
        sql("SELECT COUNT(*) FROM [a]]b it's].dbo.rows")
            .stdout
            .trim(),
        "1"
    );
    assert_eq!(
        mo.exec(&["mongosh", "--quiet", "--eval", "count app/users"])
            .stdout
            .trim(),
        "1"
    );
    drills(&lab, "ms", &["shop", "dbo.rows"]);
    drills(&lab, "mo", &["app", "users"]);
}
