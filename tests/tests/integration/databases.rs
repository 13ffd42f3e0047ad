//! The images that tests of backups use: real databases behave as such, stand-ins as documented.

use homelab_tests::{ContainerGuard, Database, engine};

fn shell(container: &ContainerGuard, script: &str) -> String {
    container.exec(&["sh", "-c", script]).success().stdout
}

#[test]
fn postgres_keeps_what_it_is_told() {
    let Some(engine) = engine() else { return };
    let options = ["-e", "POSTGRES_DB=a\"b", "-e", "POSTGRES_PASSWORD=pa ss"];
    let Some(db) = engine.database(Database::Postgres, "images-postgres", &options, &[]) else {
        return;
    };
    let sql = "psql -U postgres -X -v ON_ERROR_STOP=1 -At -d 'a\"b' -c";
    shell(
        &db,
        &format!("{sql} 'CREATE TABLE t AS SELECT generate_series(1, 1000) AS n'"),
    );
    assert_eq!(
        shell(&db, &format!("{sql} 'SELECT sum(n) FROM t'")),
        "500500\n"
    );
    let dump = shell(&db, "pg_dumpall -U postgres");
    assert!(dump.contains("database cluster dump complete"));
    assert!(dump.lines().any(|line| line == "1000"));
    // As in the official image: a password is asked for from elsewhere alone.
    let rules = shell(&db, "tail -n 1 \"$PGDATA/pg_hba.conf\"");
    assert_eq!(rules, "host all all all scram-sha-256\n");
}

#[test]
fn mariadb_keeps_what_it_is_told() {
    let Some(engine) = engine() else { return };
    let options = [
        "-e",
        "MARIADB_ROOT_PASSWORD=it's",
        "-e",
        "MYSQL_DATABASE=sh`op",
    ];
    let Some(db) = engine.database(Database::MariaDb, "images-mariadb", &options, &[]) else {
        return;
    };
    let client = "mariadb -uroot -N sh\\`op -e";
    assert_ne!(
        db.exec(&["sh", "-c", &format!("{client} 'SELECT 1'")]).code,
        Some(0)
    );
    let client = format!("export MYSQL_PWD=\"it's\"; {client}");
    shell(
        &db,
        &format!("{client} 'CREATE TABLE t AS SELECT seq FROM seq_1_to_1000'"),
    );
    assert_eq!(
        shell(&db, &format!("{client} 'SELECT sum(seq) FROM t'")),
        "500500\n"
    );
    let dump = shell(
        &db,
        "MYSQL_PWD=\"it's\" mariadb-dump -uroot --all-databases",
    );
    assert!(
        dump.lines()
            .last()
            .unwrap()
            .starts_with("-- Dump completed on")
    );
}

#[test]
fn redis_and_the_application_keep_what_they_are_told() {
    let Some(engine) = engine() else { return };
    let command = ["--requirepass", "pw"];
    let Some(redis) = engine.database(Database::Redis, "images-redis", &[], &command) else {
        return;
    };
    assert!(shell(&redis, "redis-cli get a").starts_with("NOAUTH"));
    shell(&redis, "REDISCLI_AUTH=pw redis-cli set a b");
    let head = shell(
        &redis,
        "REDISCLI_AUTH=pw redis-cli --rdb - 2>/dev/null | head -c 5",
    );
    assert_eq!(head, "REDIS");

    let Some(app) = engine.database(Database::SqliteApp, "images-sqlite", &[], &[]) else {
        return;
    };
    let python = |script: &str| {
        let script =
            format!("import urllib.request as u, sqlite3\nA = 'http://127.0.0.1:8080/'\n{script}");
        app.exec(&["python3", "-c", &script]).success().stdout
    };
    let put = "for n in range(50): u.urlopen(u.Request(f'{A}n{n}', data=b'x' * n, method='PUT'))";
    python(put);
    assert_eq!(python("print(u.urlopen(A + 'count').read())"), "b'50\\n'\n");
    // The log is in use: what is in the file alone is not all.
    assert!(shell(&app, "ls /data").contains("app.db-wal"));
    let check =
        "print(sqlite3.connect('/data/app.db').execute('PRAGMA integrity_check').fetchone())";
    assert_eq!(python(check), "('ok',)\n");
}

#[test]
fn fake_stand_ins_check_passwords_and_damage() {
    let Some(engine) = engine() else { return };
    let Some(db) = engine.database(Database::FakeMssql, "images-mssql", &[], &[]) else {
        return;
    };
    let sqlcmd = |password: &str, query: &str| {
        let script = format!(
            "SQLCMDPASSWORD={password} /opt/mssql-tools18/bin/sqlcmd -C -b -S localhost -U sa -Q \"$1\""
        );
        db.exec(&["sh", "-c", &script, "sh", query])
    };
    assert_eq!(sqlcmd("wrong", "SELECT 1").code, Some(1));
    sqlcmd("secret", "INSERT [a]]b] 'it''s one'").success();
    let names = sqlcmd(
        "secret",
        "SELECT name FROM sys.databases WHERE database_id > 4",
    )
    .success();
    assert_eq!(names.stdout, "a]b\n");
    let disk = "DISK=N'/var/opt/mssql/backup/x''y.bak'";
    sqlcmd(
        "secret",
        &format!("BACKUP DATABASE [a]]b] TO {disk} WITH CHECKSUM"),
    )
    .success();
    sqlcmd("secret", &format!("RESTORE VERIFYONLY FROM {disk}")).success();
    sqlcmd(
        "secret",
        &format!("RESTORE DATABASE [c] FROM {disk} WITH REPLACE"),
    )
    .success();
    assert_eq!(shell(&db, "cat /var/opt/mssql/data/c.rows"), "it's one\n");
    shell(&db, "echo x >>\"/var/opt/mssql/backup/x'y.bak\"");
    assert_eq!(
        sqlcmd("secret", &format!("RESTORE VERIFYONLY FROM {disk}")).code,
        Some(1)
    );

    let Some(db) = engine.database(Database::FakeMongo, "images-mongo", &[], &[]) else {
        return;
    };
    shell(&db, "mongosh --quiet --eval 'insert app/users one'");
    let login = "echo 'password: secret' >/tmp/c; mongodump --config /tmp/c -u root --archive 2>/dev/null >/tmp/a";
    shell(&db, login);
    assert_eq!(db.exec(&["mongodump", "--archive"]).code, Some(1));
    let load = "mongorestore --config /tmp/c -u root --archive --drop";
    shell(&db, &format!("rm -r /data/db/app; {load} </tmp/a"));
    assert_eq!(
        shell(&db, "mongosh --quiet --eval 'count app/users'"),
        "1\n"
    );
    let cut = format!("head -c 30 /tmp/a | {load}");
    assert_eq!(db.exec(&["sh", "-c", &cut]).code, Some(1));
}
