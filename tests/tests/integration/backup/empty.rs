//! Databases without a table: complete dumps, unless there were tables before.

use homelab_tests::Database;

use super::{Lab, manifest};

#[test]
fn a_cluster_without_tables_is_well_unless_it_had_some() {
    let Some(lab) = Lab::new("empty") else {
        return;
    };
    let Some(db) = lab.start(Database::Postgres, "db", &[]) else {
        return;
    };
    let service = lab.service("db");
    let sql = |text: &str| {
        let psql = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-U", "postgres"];
        let outcome = db.exec(&[&psql[..], &["-c", text]].concat());
        outcome.success().stdout
    };
    let stamp = |at: usize| {
        let dumps = lab.dumps("db");
        dumps[at]
            .file_name()
            .unwrap()
            .split('-')
            .next()
            .unwrap()
            .to_owned()
    };
    let restore = |at: &str| {
        let words = [
            "restore",
            &service,
            "--at",
            at,
            "--yes",
            "-q",
            "--no-safety-dump",
        ];
        lab.run(&words).success();
    };

    // Fresh: nothing is in it, and that is what comes back.
    lab.run(&["run", "-q", &service]).success();
    let found = manifest(&lab.dumps("db")[0]);
    assert_eq!(
        found["databases"],
        serde_json::json!({ "postgres": {}, "template1": {} })
    );
    assert_eq!(lab.drill("db", 0)["outcome"], "verified");
    sql("CREATE TABLE few AS SELECT generate_series(1, 3) AS n");
    let fresh = stamp(0);
    restore(&fresh);
    assert_eq!(
        sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"),
        "0\n"
    );

    // A table so small that the size of the dump does not tell that it goes.
    sql("CREATE TABLE few AS SELECT generate_series(1, 3) AS n");
    sql("CREATE DATABASE shop");
    lab.run(&["run", "-q", &service]).success();
    sql("DROP TABLE few");
    let emptied = lab.run(&["run", &service]);
    assert_eq!(emptied.code, Some(1), "{}", emptied.stderr);
    let told = "has no table, the one before had 1 with 3 rows\nhelp: if that is right, run again with `--accept-shrink`";
    assert!(emptied.stderr.contains(told), "{}", emptied.stderr);
    assert_eq!(lab.files("db").len(), 4, "two dumps with their manifests");

    // One database of two: a dump, with a word about it.
    restore(&stamp(1));
    assert_eq!(sql("SELECT sum(n) FROM few"), "6\n");
    sql("DROP TABLE few");
    db.exec(&[
        "psql",
        "-Xq",
        "-U",
        "postgres",
        "-d",
        "shop",
        "-c",
        "CREATE TABLE orders AS SELECT 1 AS n",
    ])
    .success();
    let warned = lab.run(&["run", &service]).success();
    let told = "the dump before had `postgres` with 3 rows; now it has no table";
    assert!(warned.stderr.contains(told), "{}", warned.stderr);
    sql("DROP DATABASE shop");
    lab.run(&["run", "-q", "--accept-shrink", &service])
        .success();
    // It is compared with what is there, not with what there was once.
    lab.run(&["run", "-q", &service]).success();
    assert_eq!(lab.drill("db", 0)["outcome"], "verified");
}
