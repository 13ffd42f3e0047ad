//! SIGTERM in each phase of a run, a drill and a restore: the exit code is that of the signal, nothing
//! half written is left, nobody goes on inside a container, and who ran before runs again.

use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, Stdio};

use homelab_tests::{ContainerGuard, Database, labbackup_exe};

use super::Lab;
use super::faults::{ended, signal, wait_for};

fn spawn(lab: &Lab, args: &[&str]) -> Child {
    let mut command = lab.sandbox.command(labbackup_exe());
    command.args(args);
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Ends it by SIGTERM, which it says by its exit code.
fn terminate(child: Child) -> String {
    signal(&child, "-TERM");
    let (code, text) = ended(child);
    assert_eq!(code, Some(143), "{text}");
    text
}

fn state(lab: &Lab, guard: &ContainerGuard) -> String {
    lab.engine.state(guard.name())
}

/// Whether a program of this name runs in a container, or has ended and the engine has not seen it yet.
fn runs(guard: &ContainerGuard, name: &str) -> bool {
    let script = format!("cat /proc/[0-9]*/comm 2>/dev/null | grep -cx {name}");
    guard.exec(&["sh", "-c", &script]).stdout.trim() != "0"
}

#[test]
fn a_hook_is_ended() {
    let Some(lab) = Lab::new("sighook") else {
        return;
    };
    let options = [
        "--label",
        "backup.hook.pre=sleep 1234",
        "--label",
        "backup.volumes=false",
    ];
    let Some(cache) = lab.start(Database::Redis, "cache", &options) else {
        return;
    };
    let child = spawn(&lab, &["run", &lab.service("cache")]);
    wait_for("the hook", || runs(&cache, "sleep"));
    terminate(child);
    wait_for("the end of it", || !runs(&cache, "sleep"));
    assert!(lab.dumps("cache").is_empty());
}

#[test]
fn an_archive_is_not_finished() {
    let Some(lab) = Lab::new("sigtar") else {
        return;
    };
    let data = lab.mnt().join("data");
    fs_err::create_dir(&data).unwrap();
    // Holes are read as zeroes, and these take longer than any test.
    let large = fs_err::File::create(data.join("large")).unwrap();
    large.file().set_len(200 << 30).unwrap();
    let mount = format!("{data}:/var/cache/it");
    let options = [
        "-v",
        &mount,
        "--label",
        "backup.engine=none",
        "--label",
        "backup.stop=true",
    ];
    let Some(app) = lab.start(Database::Redis, "app", &options) else {
        return;
    };
    let child = spawn(&lab, &["run", &lab.service("app")]);
    let half = || {
        let files = lab.files("app");
        files.iter().any(|name| name.ends_with(".partial"))
    };
    wait_for("the archive", half);
    assert_eq!(state(&lab, &app), "exited");
    terminate(child);
    assert!(!half(), "{:?}", lab.files("app"));
    assert_eq!(state(&lab, &app), "running");
}

#[test]
fn a_snapshot_is_given_up() {
    let Some(mut lab) = Lab::new("sigsnap") else {
        return;
    };
    let Some(restic) = homelab_tests::oracle("restic") else {
        return;
    };
    // The real one, but for `backup`, which says that it has begun and waits.
    let script = format!(
        "#!/bin/sh\ncase \" $* \" in *' backup '*) touch {}/begun; exec sleep 4321;; esac\nexec {restic} \"$@\"\n",
        lab.sandbox.path()
    );
    let slow = lab.sandbox.file("slow/restic", &script);
    fs_err::set_permissions(&slow, std::fs::Permissions::from_mode(0o755)).unwrap();
    let password = lab.sandbox.file("password", "correct horse\n");
    let repository = lab.sandbox.path().join("repo");
    lab.sandbox
        .set("RESTIC_REPOSITORY", repository.as_str())
        .set("RESTIC_PASSWORD_FILE", password.as_str());
    lab.run(&["init"]).success();
    lab.sandbox.prepend_path(slow.parent().unwrap());
    let data = lab.mnt().join("data");
    fs_err::create_dir(&data).unwrap();
    fs_err::write(data.join("upload"), "x").unwrap();
    let mount = format!("{data}:/var/cache/it");
    let options = [
        "-v",
        &mount,
        "--label",
        "backup.engine=none",
        "--label",
        "backup.stop=true",
    ];
    let Some(app) = lab.start(Database::Redis, "app", &options) else {
        return;
    };
    let child = spawn(&lab, &["run", &lab.service("app")]);
    let begun = lab.sandbox.path().join("begun");
    wait_for("the snapshot", || begun.exists());
    assert_eq!(state(&lab, &app), "exited");
    terminate(child);
    assert_eq!(state(&lab, &app), "running");
    wait_for("the end of restic", || {
        let ps = lab.sandbox.run(
            "sh",
            [
                "-c",
                "cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -c 'sleep 4321'",
            ],
        );
        // The shell that counts has the words in its own command line.
        ps.stdout.trim() == "0" || ps.stdout.trim() == "1"
    });
}

#[test]
fn a_drill_is_torn_down() {
    let Some(lab) = Lab::new("sigdrill") else {
        return;
    };
    let options = [
        "--label",
        "backup.restore.smoke=SELECT pg_sleep(600)",
        "--label",
        "backup.volumes=false",
    ];
    let Some(_db) = lab.start(Database::Postgres, "db", &options) else {
        return;
    };
    lab.run(&["run", "-q", &lab.service("db")]).success();
    let child = spawn(&lab, &["drill", &lab.service("db")]);
    let label = format!("label=labbackup.drill={}", lab.mnt().join("backups"));
    wait_for("the smoke check", || {
        let ids = lab.engine.docker(["ps", "-q", "--filter", &label]).stdout;
        ids.lines().any(|id| {
            let asked =
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(600)%'";
            let args = [
                "exec", id, "psql", "-X", "-At", "-U", "postgres", "-c", asked,
            ];
            let outcome = lab.engine.docker(args);
            outcome.code == Some(0) && outcome.stdout.trim() != "0"
        })
    });
    terminate(child);
    for what in [
        &["ps", "-aq"][..],
        &["network", "ls", "-q"],
        &["volume", "ls", "-q"],
    ] {
        let args = what.iter().copied().chain(["--filter", &label]);
        assert_eq!(lab.engine.docker(args).stdout, "", "{what:?}");
    }
}

#[test]
fn a_restore_leaves_nobody_behind() {
    let Some(lab) = Lab::new("sigback") else {
        return;
    };
    let options = ["--label", "backup.volumes=false"];
    let Some(db) = lab.start(Database::MariaDb, "db", &options) else {
        return;
    };
    let sql = |text: &str| {
        let args = [
            "env",
            "MYSQL_PWD=secret",
            "mariadb",
            "-uroot",
            "-NB",
            "-e",
            text,
        ];
        db.exec(&args).success().stdout
    };
    sql("CREATE DATABASE shop; CREATE TABLE shop.t (n int); INSERT INTO shop.t VALUES (1)");
    lab.run(&["run", "-q", &lab.service("db")]).success();
    // Whoever wants to drop the table's database waits for this one.
    let hold = "START TRANSACTION; SELECT * FROM shop.t; SELECT SLEEP(600)";
    let docker = [
        "exec",
        "-d",
        "-e",
        "MYSQL_PWD=secret",
        db.name(),
        "mariadb",
        "-uroot",
        "-e",
        hold,
    ];
    lab.engine.docker(docker).success();
    wait_for("the transaction", || {
        sql("SELECT COUNT(*) FROM information_schema.processlist WHERE info = 'SELECT SLEEP(600)'")
            != "0\n"
    });
    let service = lab.service("db");
    let child = spawn(&lab, &["restore", &service, "--yes", "--no-safety-dump"]);
    wait_for("the loader", || {
        sql(
            "SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE 'Waiting for%lock' AND info LIKE 'DROP DATABASE%'",
        ) != "0\n"
    });
    terminate(child);
    let count =
        "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'DROP DATABASE%'";
    wait_for("the end of the loader", || sql(count) == "0\n");
    assert_eq!(sql("SELECT COUNT(*) FROM shop.t"), "1\n");
}
