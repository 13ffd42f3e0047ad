//! What goes wrong while a dump is made: it is told, nothing is left half written, the dump before is
//! as it was, and whoever ran before runs again.

use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use homelab_tests::{ContainerGuard, Database, SmallDisk, labbackup_exe, run};

use super::{Lab, manifest};

pub(super) fn wait_for(what: &str, mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "{what} takes too long"
        );
        sleep(Duration::from_millis(30));
    }
}

fn sql(db: &ContainerGuard, text: &str) -> String {
    db.exec(&["psql", "-X", "-At", "-q", "-U", "postgres", "-c", text])
        .success()
        .stdout
}

/// A database with a dump, a table of which nobody can read, and a run that waits for it.
struct Held {
    lab: Lab,
    db: ContainerGuard,
}

impl Held {
    fn new(name: &str, options: &[&str]) -> Option<Self> {
        let lab = Lab::new(name)?;
        let db = lab.start(Database::Postgres, "db", options)?;
        sql(&db, "CREATE TABLE t AS SELECT generate_series(1, 10) AS n");
        lab.run(&["run", "-q", &lab.service("db")]).success();
        Some(Self { lab, db })
    }

    /// Locks the table, starts a run, and returns when its dumper waits.
    fn begin(&self, services: &[&str]) -> Child {
        // What an earlier one has left would be taken for this one.
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE pid <> pg_backend_pid() AND (application_name = 'labbackup' OR query LIKE '%pg_sleep%')";
        sql(&self.db, end);
        wait_for("the end of others", || sql(&self.db, end).is_empty());
        let lock = "BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(300)";
        let docker = [
            "exec",
            "-d",
            self.db.name(),
            "psql",
            "-U",
            "postgres",
            "-c",
            lock,
        ];
        self.lab.engine.docker(docker).success();
        wait_for("the lock", || {
            sql(
                &self.db,
                "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND relation = 't'::regclass",
            ) != "0\n"
        });
        let services: Vec<String> = services.iter().map(|name| self.lab.service(name)).collect();
        let child = self
            .lab
            .sandbox
            .command(labbackup_exe())
            .args(["run", "--json"])
            .args(&services)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let waits = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'labbackup' AND wait_event_type = 'Lock'";
        wait_for("the dumper", || sql(&self.db, waits) != "0\n");
        child
    }

    /// After a failure: one dump, whole; nothing half written; no dumper left.
    fn intact(&self) {
        let dumps = self.lab.dumps("db");
        assert_eq!(dumps.len(), 1);
        assert_eq!(self.lab.files("db").len(), 2, "{:?}", self.lab.files("db"));
        self.lab
            .run(&["check", "-q", &self.lab.service("db")])
            .success();
        assert_eq!(
            manifest(&dumps[0])["databases"]["postgres"]["public.t"]["rows"],
            10
        );
    }

    fn no_dumper(&self) {
        wait_for("the end of the dumper", || {
            self.db
                .exec(&["sh", "-c", "cat /proc/[0-9]*/comm | grep -c '^pg_dump'"])
                .stdout
                .trim()
                == "0"
        });
    }
}

/// How a run ended, which it does within two minutes, and all that it said.
pub(super) fn ended(mut child: Child) -> (Option<i32>, String) {
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() && start.elapsed() < Duration::from_secs(120) {
        sleep(Duration::from_millis(20));
    }
    // Nothing to one that has ended.
    child.kill().unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    (output.status.code(), text)
}

pub(super) fn signal(child: &Child, name: &str) {
    run(Command::new("kill").args([name, &child.id().to_string()])).success();
}

#[test]
fn a_signal_ends_the_dumper_and_starts_what_was_stopped() {
    let Some(held) = Held::new("sig", &["--label", "backup.group=g"]) else {
        return;
    };
    let off = ["--label", "backup.group=g", "--label", "backup.stop=true"];
    let pause = ["--label", "backup.group=g", "--label", "backup.stop=pause"];
    let Some(app) = held.lab.start(
        Database::Redis,
        "app",
        &[&off[..], &["--label", "backup.engine=none"]].concat(),
    ) else {
        return;
    };
    let Some(frozen) = held.lab.start(
        Database::Redis,
        "frozen",
        &[&pause[..], &["--label", "backup.engine=none"]].concat(),
    ) else {
        return;
    };
    let Some(resting) = held.lab.start(
        Database::Redis,
        "resting",
        &[&off[..], &["--label", "backup.engine=none"]].concat(),
    ) else {
        return;
    };
    held.lab
        .engine
        .docker(["stop", "-t", "1", resting.name()])
        .success();
    let state = |guard: &ContainerGuard| held.lab.engine.state(guard.name());
    for (name, code) in [("-TERM", 143), ("-INT", 130)] {
        let child = held.begin(&["db", "app", "frozen", "resting"]);
        assert_eq!(
            (state(&app), state(&frozen)),
            ("exited".to_owned(), "paused".to_owned())
        );
        signal(&child, name);
        let (found, text) = ended(child);
        assert_eq!(found, Some(code), "{text}");
        assert_eq!(
            (state(&app), state(&frozen), state(&resting)),
            (
                "running".to_owned(),
                "running".to_owned(),
                "exited".to_owned()
            )
        );
        held.intact();
        held.no_dumper();
        sql(
            &held.db,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()",
        );
    }
    // Killed, it cannot start anything: the next run does.
    let mut child = held.begin(&["db", "app", "frozen"]);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(state(&app), "exited");
    sql(
        &held.db,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()",
    );
    let next = held.lab.run(&["run", &held.lab.service("db")]).success();
    assert!(
        next.stderr.contains("was left stopped by an earlier run"),
        "{}",
        next.stderr
    );
    assert_eq!(
        (state(&app), state(&frozen)),
        ("running".to_owned(), "running".to_owned())
    );
    assert!(
        !held
            .lab
            .files("db")
            .iter()
            .any(|name| name.contains("partial"))
    );
}

#[test]
fn two_runs_at_once_are_refused() {
    let Some(held) = Held::new("two", &[]) else {
        return;
    };
    let child = held.begin(&["db"]);
    let second = held.lab.run(&["run", &held.lab.service("db")]);
    assert_eq!(second.code, Some(4), "{}", second.stderr);
    assert!(
        second.stderr.contains(&format!("process {}", child.id())),
        "{}",
        second.stderr
    );
    signal(&child, "-TERM");
    ended(child);
    held.intact();
}

#[test]
fn a_dumper_that_says_nothing_is_ended() {
    let Some(held) = Held::new("stall", &["--label", "backup.stall-timeout=2s"]) else {
        return;
    };
    let (code, text) = ended(held.begin(&["db"]));
    assert_eq!(code, Some(1));
    assert!(text.contains("sent nothing for 2 seconds"), "{text}");
    held.intact();
    held.no_dumper();
}

#[test]
fn a_dumper_that_takes_too_long_is_ended() {
    let Some(held) = Held::new("slow", &["--label", "backup.timeout=2s"]) else {
        return;
    };
    let (code, text) = ended(held.begin(&["db"]));
    assert_eq!(code, Some(1));
    assert!(text.contains("took longer than 2 seconds"), "{text}");
    held.intact();
    held.no_dumper();
}

#[test]
fn a_killed_dumper_and_a_killed_container_are_seen() {
    let Some(held) = Held::new("kill", &[]) else {
        return;
    };
    let child = held.begin(&["db"]);
    held.db.exec(&["sh", "-c", "for p in /proc/[0-9]*; do case $(cat $p/comm 2>/dev/null) in pg_dump) kill -KILL ${p#/proc/};; esac; done"]);
    let (code, text) = ended(child);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("ended with code"), "{text}");
    held.intact();

    let child = held.begin(&["db"]);
    held.lab.engine.docker(["kill", held.db.name()]).success();
    let (code, text) = ended(child);
    assert_eq!(code, Some(1), "{text}");
    // Whether the dumper was killed or lost its server first is not said by anybody.
    assert!(
        text.contains("the container has ended, with code 137: "),
        "{text}"
    );
    held.intact();
}

#[test]
fn a_backend_that_ends_in_the_middle_is_seen() {
    let Some(lab) = Lab::new("mid") else { return };
    let Some(db) = lab.start(Database::Postgres, "db", &[]) else {
        return;
    };
    sql(
        &db,
        "CREATE TABLE big AS SELECT n, repeat(md5(n::text), 12) AS t FROM generate_series(1, 300000) n",
    );
    let child = lab
        .sandbox
        .command(labbackup_exe())
        .args(["run", &lab.service("db")])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_for("the copy", || {
        sql(
            &db,
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'COPY public.big%' AND state = 'active'",
        ) != "0\n"
    });
    let (code, text) = ended(child);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("ended with code 1"), "{text}");
    assert_eq!(lab.files("db"), Vec::<String>::new());
}

#[test]
fn what_cannot_be_dumped_says_why() {
    let Some(lab) = Lab::new("why") else { return };
    let Some(db) = lab.start(Database::MariaDb, "db", &[]) else {
        return;
    };
    db.exec(&[
        "env",
        "MYSQL_PWD=secret",
        "mariadb",
        "-uroot",
        "-e",
        "SET PASSWORD FOR root@localhost = PASSWORD('another')",
    ])
    .success();
    let wrong = lab.run(&["run", &lab.service("db")]);
    assert_eq!(wrong.code, Some(1));
    assert!(
        wrong.stderr.contains("Access denied") && wrong.stderr.contains("help: see which password"),
        "{}",
        wrong.stderr
    );

    let Some(cache) = lab.start(
        Database::Redis,
        "odd",
        &["--label", "backup.engine=postgresql"],
    ) else {
        return;
    };
    let missing = lab.run(&["run", &lab.service("odd")]);
    assert_eq!(missing.code, Some(1));
    assert!(
        missing.stderr.contains("code 127") && missing.stderr.contains("the image lacks a program"),
        "{}",
        missing.stderr
    );

    lab.engine.docker(["pause", cache.name()]).success();
    let paused = lab.run(&["run", &lab.service("odd")]);
    lab.engine.docker(["unpause", cache.name()]).success();
    assert_eq!(paused.code, Some(1));
    assert!(
        paused.stderr.contains("has no container that runs"),
        "{}",
        paused.stderr
    );
    for service in ["db", "odd"] {
        let files = lab.files(service);
        assert!(!files.iter().any(|name| name.contains(".sql")), "{files:?}");
    }
}

#[test]
fn labels_that_are_wrong_stop_everything() {
    let Some(lab) = Lab::new("labels") else {
        return;
    };
    lab.sandbox.file(
        "compose.yaml",
        "services:\n  db:\n    image: postgres:15\n    labels:\n      backup.datbases: shop\n",
    );
    let wrong = lab.run(&["plan", "--no-engine"]);
    assert_eq!(wrong.code, Some(6));
    assert!(
        wrong.stderr.contains("compose.yaml:5:")
            && wrong.stderr.contains("did you mean `backup.databases`?"),
        "{}",
        wrong.stderr
    );
    let mut none = Lab::new("noengine").unwrap();
    none.sandbox.set("DOCKER_HOST", "unix:///nowhere.sock");
    let outcome = none.run(&["run"]);
    assert_eq!(outcome.code, Some(3), "{}", outcome.stderr);
}

#[test]
fn a_target_that_is_full_or_read_only_keeps_what_is_there() {
    let Some(lab) = Lab::new("full") else { return };
    let Some(disk) = SmallDisk::mount(lab.sandbox.path().join("small"), 3) else {
        return;
    };
    let target = disk.path();
    let Some(db) = lab.start(Database::Postgres, "db", &[]) else {
        return;
    };
    let service = lab.service("db");
    let args = ["run", "-t", target.as_str(), &service];
    lab.run(&args).success();
    sql(
        &db,
        "CREATE TABLE big AS SELECT n, sha512(n::text::bytea) AS t FROM generate_series(1, 100000) n",
    );
    let full = lab.run(&args);
    assert_eq!(full.code, Some(1), "{}", full.stderr);
    assert!(
        full.stderr.contains("No space left on device") && full.stderr.contains("help: make room"),
        "{}",
        full.stderr
    );
    let names = || {
        let entries = target.join("db").read_dir_utf8().unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().to_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names().len(), 2, "{:?}", names());
    lab.run(&["check", "-t", target.as_str()]).success();

    sql(&db, "DROP TABLE big");
    disk.freeze();
    let frozen = lab.run(&args);
    assert_eq!(frozen.code, Some(1), "{}", frozen.stderr);
    assert!(
        frozen.stderr.contains("Read-only file system"),
        "{}",
        frozen.stderr
    );
    assert_eq!(names().len(), 2);
}

#[test]
fn dumps_that_shrink_or_were_changed_are_told() {
    let Some(lab) = Lab::new("shrink") else {
        return;
    };
    let Some(db) = lab.start(Database::Postgres, "db", &[]) else {
        return;
    };
    let service = lab.service("db");
    sql(
        &db,
        "CREATE TABLE big AS SELECT n, md5(n::text) AS t FROM generate_series(1, 10000) n",
    );
    lab.run(&["run", "-q", &service]).success();
    sql(&db, "DROP TABLE big");
    let shrunk = lab.run(&["run", &service]);
    assert_eq!(shrunk.code, Some(1));
    assert!(
        shrunk.stderr.contains("less than 10 %") && shrunk.stderr.contains("--accept-shrink"),
        "{}",
        shrunk.stderr
    );
    assert_eq!(lab.files("db").len(), 2);
    lab.run(&["run", "-q", "--accept-shrink", &service])
        .success();

    let dump = &lab.dumps("db")[0];
    let mut bytes = fs_err::read(dump).unwrap();
    let length = bytes.len();
    bytes.truncate(length - 100);
    fs_err::write(dump, bytes).unwrap();
    let check = lab.run(&["check", &service]);
    assert_eq!(check.code, Some(1));
    assert!(check.stderr.contains(dump.as_str()), "{}", check.stderr);
    let at = dump.file_name().unwrap().split('-').next().unwrap();
    let restore = lab.run(&["restore", &service, "--at", at, "--yes", "--no-safety-dump"]);
    assert_eq!(
        restore.code,
        Some(1),
        "a damaged dump changes nothing: {}",
        restore.stderr
    );
}

#[test]
fn a_drill_keeps_away_from_data_in_use() {
    let Some(lab) = Lab::new("away") else { return };
    let Some(_db) = lab.start(Database::Redis, "db", &[]) else {
        return;
    };
    lab.run(&["run", "-q", &lab.service("db")]).success();
    for near in [
        lab.mnt(),
        lab.mnt().join("inside/of"),
        lab.sandbox.path().to_owned(),
    ] {
        let refused = lab.run(&["drill", &lab.service("db"), "--directory", near.as_str()]);
        assert_eq!(refused.code, Some(7), "{near}: {}", refused.stderr);
    }
}
