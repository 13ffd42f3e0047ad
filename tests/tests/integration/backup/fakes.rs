//! Recipes for databases that no Debian package has, against stand-ins for their tools.

use homelab_tests::Database;

use super::{Lab, manifest};

#[test]
fn fake_influxdb_of_both_versions_comes_back() {
    let Some(lab) = Lab::new("influx") else {
        return;
    };
    for (service, version) in [("two", "2.7.1"), ("one", "1.8.10")] {
        let version = format!("FAKE_VERSION={version}");
        let Some(db) = lab.start(Database::FakeInflux, service, &["-e", &version]) else {
            return;
        };
        let count = |bucket: &str| {
            let outcome = db.exec(&["influx", "count", bucket]).success();
            outcome.stdout.trim().to_owned()
        };
        db.exec(&["influx", "write", "home", "temperature 21"])
            .success();
        db.exec(&["influx", "write", "home", "temperature 22"])
            .success();
        lab.run(&["run", "-q", &lab.service(service)]).success();
        let dump = lab.dumps(service).pop().unwrap();
        assert!(dump.as_str().ends_with("-all.backup.tar.zst"), "{dump}");
        let found = manifest(&dump);
        assert!(
            found["tool_version"]
                .as_str()
                .unwrap()
                .contains(&version[13..]),
            "{found}"
        );
        // Version 1 restores into a server that does not have the database.
        db.exec(&["rm", "/var/lib/influxdb2/engine/home"]).success();
        let args = [
            "restore",
            &lab.service(service),
            "--yes",
            "-q",
            "--no-safety-dump",
        ];
        lab.run(&args).success();
        assert_eq!(count("home"), "2");
        let left = db.exec(&["sh", "-c", "ls -d /tmp/tmp.*"]).stdout;
        assert_eq!(left, "", "the directories in between are gone");

        let report = lab.drill(service, 0);
        assert_eq!(report["outcome"], "verified", "{report}");
    }
}

#[test]
fn a_fake_influxdb_that_refuses_the_token_says_so() {
    let Some(lab) = Lab::new("token") else { return };
    let file = lab.sandbox.file("token", "another one");
    let mount = format!("{file}:/run/secrets/token:ro");
    let options = [
        "-v",
        &mount,
        "--label",
        "backup.password-file=/run/secrets/token",
    ];
    let Some(_db) = lab.start(Database::FakeInflux, "db", &options) else {
        return;
    };
    let outcome = lab.run(&["run", &lab.service("db")]);
    assert_eq!(outcome.code, Some(1));
    assert!(
        outcome.stderr.contains("401 Unauthorized") && !outcome.stderr.contains("another one"),
        "{}",
        outcome.stderr
    );
    assert!(lab.dumps("db").is_empty());
}

#[test]
fn a_fake_replica_set_is_dumped_with_its_operations() {
    let Some(lab) = Lab::new("oplog") else { return };
    let replica = ["-e", "FAKE_REPLSET=rs0"];
    let one = ["-e", "FAKE_REPLSET=rs0", "--label", "backup.databases=app"];
    for (service, options, replayed) in [
        ("set", &replica[..], true),
        // Of a single database there is no such thing, nor of a server by itself.
        ("one", &one[..], false),
        ("alone", &[], false),
    ] {
        let Some(db) = lab.start(Database::FakeMongo, service, options) else {
            return;
        };
        let mongosh = |text: &str| db.exec(&["mongosh", "--quiet", "--eval", text]).success();
        mongosh("insert app/users one two");
        lab.run(&["run", "-q", &lab.service(service)]).success();
        let told = manifest(&lab.dumps(service).pop().unwrap())["stderr"].to_string();
        assert_eq!(told.contains("writing captured oplog"), replayed, "{told}");
        mongosh("insert app/users three");
        // The stand-in refuses an archive with operations that are not replayed, and the other way round.
        let args = [
            "restore",
            &lab.service(service),
            "--yes",
            "-q",
            "--no-safety-dump",
        ];
        lab.run(&args).success();
        assert_eq!(mongosh("count app/users").stdout.trim(), "1", "{service}");
        lab.drill(service, 0);
    }
}
