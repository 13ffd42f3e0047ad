//! `labbackup` with a repository of restic: what lies there alone comes back, what was proven stays, and
//! its secrets come from a vault.

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::SystemTime;

use camino::Utf8Path;
use homelab_tests::{ContainerGuard, Database, oracle};
use serde_json::Value;
use vault::{Credentials, Kdf, OpenOptions, SaveOptions, Secret, Settings, Vault};

use super::secrets::command_lines;
use super::{Lab, Over, manifest};
use crate::restic::serve_in;

/// A lab with an empty repository.
fn lab(name: &str) -> Option<Lab> {
    oracle("restic")?;
    let mut lab = Lab::new(name)?;
    let repository = lab.sandbox.path().join("repo");
    lab.sandbox.file("password", "correct horse\n");
    let password = lab.sandbox.path().join("password");
    lab.sandbox.set("RESTIC_REPOSITORY", repository.as_str());
    lab.sandbox.set("RESTIC_PASSWORD_FILE", password.as_str());
    lab.sandbox.set("RESTIC_HOST", "home");
    lab.run(&["init", "-q"]).success();
    Some(lab)
}

/// An application with notes in SQLite and an upload beside them.
fn notes(lab: &Lab, more: &[&str]) -> Option<ContainerGuard> {
    let data = lab.mnt().join("data");
    fs_err::create_dir(&data).unwrap();
    fs_err::write(data.join("upload [1]*.txt"), "an upload").unwrap();
    let mount = format!("{data}:/data");
    let options = [&["-v", &mount, "--label", "backup.stop=true"], more].concat();
    let app = lab.start(Database::SqliteApp, "app", &options)?;
    ask(
        &app,
        "for n in range(50): u.urlopen(u.Request(f'http://127.0.0.1:8080/k{n}', data=b'x', method='PUT'))",
    );
    Some(app)
}

fn ask(app: &ContainerGuard, script: &str) -> String {
    let start = "import urllib.request as u";
    let health = format!("{start}; u.urlopen('http://127.0.0.1:8080/health')");
    app.wait(&["python3", "-c", &health]);
    let script = format!("{start}\n{script}");
    app.exec(&["python3", "-c", &script]).success().stdout
}

fn count(app: &ContainerGuard) -> String {
    ask(
        app,
        "print(u.urlopen('http://127.0.0.1:8080/count').read().decode())",
    )
}

/// The snapshots, oldest first, with these tags.
fn snapshots(lab: &Lab, tag: &str) -> Vec<String> {
    let list: Value = serde_json::from_str(&lab.run(&["list", "--json"]).success().stdout).unwrap();
    let all = list["snapshots"].as_array().unwrap().iter();
    let tagged = all.filter(|one| one["tags"][0].as_str().unwrap().starts_with(tag));
    tagged
        .map(|one| one["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn what_lies_in_restic_alone_comes_back() {
    let Some(lab) = lab("rsback") else { return };
    let Some(app) = notes(&lab, &[]) else { return };
    let Some(cache) = lab.start(Database::Redis, "cache", &[]) else {
        return;
    };
    cache
        .exec(&["redis-cli", "MSET", "a", "1", "b", "2"])
        .success();
    let (app_name, cache_name) = (lab.service("app"), lab.service("cache"));
    lab.run(&["run", "-q", &app_name, &cache_name]).success();
    let before = count(&app);
    assert_eq!(before.trim(), "50");
    let shown = lab.run(&["list"]).success().stdout;
    let group = snapshots(&lab, "group ").pop().unwrap();
    assert!(
        shown.contains(&format!("snapshot {}", &group[..8])),
        "{shown}"
    );

    // Everything is gone: the data, and all dumps.
    let data = lab.mnt().join("data");
    for entry in data.read_dir_utf8().unwrap() {
        fs_err::remove_file(entry.unwrap().path()).unwrap();
    }
    fs_err::remove_dir_all(lab.mnt().join("backups")).unwrap();
    cache.exec(&["redis-cli", "FLUSHALL"]).success();
    fs_err::write(data.join("later"), "later").unwrap();

    let refused = lab.run(&["restore", &app_name, "--snapshot", "latest"]);
    assert_eq!(refused.code, Some(7), "nobody agreed: {}", refused.stderr);
    assert!(
        refused.stderr.contains(&format!("put `{data}` back")),
        "{}",
        refused.stderr
    );
    let upload = data.join("upload [1]*.txt");
    assert!(!upload.exists());
    let unknown = lab.run(&["restore", &app_name, "--snapshot", "0123456789", "--yes"]);
    assert_eq!(unknown.code, Some(1), "{}", unknown.stderr);
    assert!(
        unknown.stderr.contains("no snapshot `0123456789`"),
        "{}",
        unknown.stderr
    );

    let restore = |name: &str, snapshot: &str| {
        let words = [
            "restore",
            name,
            "--snapshot",
            snapshot,
            "--yes",
            "-q",
            "--no-safety-dump",
        ];
        lab.run(&words).success();
    };
    restore(&app_name, "latest");
    assert_eq!(count(&app), before);
    assert_eq!(fs_err::read_to_string(&upload).unwrap(), "an upload");
    assert_eq!(fs_err::read_to_string(data.join("later")).unwrap(), "later");
    restore(&cache_name, "latest");
    assert_eq!(
        cache.exec(&["redis-cli", "MGET", "a", "b"]).stdout,
        "1\n2\n"
    );

    // A snapshot by its identifier, and what is there now goes into the store first.
    fs_err::write(&upload, "changed").unwrap();
    let stored = snapshots(&lab, "group ").len();
    lab.run(&[
        "restore",
        &app_name,
        "--snapshot",
        &group[..10],
        "--yes",
        "-q",
    ])
    .success();
    assert_eq!(fs_err::read_to_string(&upload).unwrap(), "an upload");
    assert_eq!(snapshots(&lab, "group ").len(), stored + 1);
    assert_eq!(
        count(&app),
        before,
        "the files of SQLite are in no directory's snapshot"
    );
    let left = fs_err::read_dir("/tmp").unwrap().flatten();
    let left = left.filter(|one| {
        one.file_name()
            .to_string_lossy()
            .starts_with("labbackup-restore-")
    });
    for one in left {
        let owner = one
            .file_name()
            .to_string_lossy()
            .replace("labbackup-restore-", "/proc/");
        assert!(
            std::path::Path::new(&owner).exists(),
            "{owner} has left something"
        );
    }
}

#[test]
fn the_snapshots_of_what_was_verified_stay() {
    let Some(lab) = lab("rskeep") else { return };
    let Some(app) = notes(
        &lab,
        &[
            "--label",
            "backup.restore.smoke=http://app:8080/count 200 50",
        ],
    ) else {
        return;
    };
    let name = lab.service("app");
    let run = |more: &[&str]| {
        lab.run(&[&["run", "-q", name.as_str()], more].concat())
            .success();
    };
    run(&[]);
    // The application is started on its notes and on the snapshot of the files beside them.
    let report = lab.run(&["drill", "--json", &name]).success().stdout;
    let report: Value = serde_json::from_str(&report).unwrap();
    let services = report["services"].as_array().unwrap();
    let started = services
        .iter()
        .find(|one| one["role"] == "application")
        .unwrap();
    assert_eq!(started["checks"].as_array().unwrap().len(), 2, "{started}");
    let note = format!(
        "`/data` is as in the snapshot {}",
        &snapshots(&lab, "group ")[0][..8]
    );
    assert_eq!(started["notes"][0], note, "{report:#}");
    let verified = lab.dumps("app");
    assert!(manifest(&verified[0])["verified"].is_string());
    run(&[]);
    // A run to elsewhere has nothing of it.
    let elsewhere = lab.sandbox.path().join("elsewhere");
    run(&["--target", elsewhere.as_str()]);
    let (dumps, groups) = (snapshots(&lab, "dumps"), snapshots(&lab, "group "));
    assert_eq!((dumps.len(), groups.len()), (3, 3));

    let words = ["prune", "--keep", "last=1", "--json"];
    let plan = lab
        .run(&[&words[..], &["--dry-run"]].concat())
        .success()
        .stdout;
    let plan: Value = serde_json::from_str(&plan).unwrap();
    let ids = |list: &Value| -> Vec<String> {
        let mut ids: Vec<String> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one.get("id").unwrap_or(one).as_str().unwrap().to_owned())
            .collect();
        ids.sort();
        ids
    };
    let sorted = |mut ids: Vec<&String>| {
        ids.sort();
        ids.into_iter().cloned().collect::<Vec<_>>()
    };
    let protected = sorted(vec![&dumps[1], &groups[0]]);
    assert_eq!(ids(&plan["snapshots"]["protected"]), protected, "{plan}");
    assert_eq!(
        ids(&plan["snapshots"]["removed"]),
        sorted(vec![&dumps[0], &groups[1]]),
        "{plan}"
    );
    assert_eq!(snapshots(&lab, "").len(), 6, "nothing was done");
    // With another service named, all the same.
    lab.run(&["prune", "-q", "--keep", "last=1", &name])
        .success();
    assert_eq!(snapshots(&lab, "dumps"), dumps[1..]);
    assert_eq!(
        snapshots(&lab, "group "),
        [&groups[0], &groups[2]].map(Clone::clone)
    );

    // It comes back from there.
    let before = count(&app);
    let stamp = verified[0].file_name().unwrap().split('-').next().unwrap();
    fs_err::remove_dir_all(lab.mnt().join("backups")).unwrap();
    ask(
        &app,
        "u.urlopen(u.Request('http://127.0.0.1:8080/more', data=b'x', method='PUT'))",
    );
    let id = &dumps[1];
    let words = [
        "restore",
        &name,
        "--snapshot",
        id,
        "--at",
        stamp,
        "--yes",
        "-q",
        "--no-safety-dump",
    ];
    lab.run(&words).success();
    assert_eq!(count(&app), before);
}

/// The master password for whoever opens the file first. It is gone before it is read: to open the vault
/// a second time, for another secret, would fail.
fn serve_once(lab: &Lab, path: &Utf8Path) {
    lab.sandbox.run("mkfifo", [path.as_str()]).success();
    let path = path.to_owned();
    thread::spawn(move || {
        let mut pipe = fs_err::OpenOptions::new().write(true).open(&path).unwrap();
        fs_err::remove_file(&path).unwrap();
        pipe.write_all(b"m4ster").unwrap();
    });
}

const CANARY: &str = "c4nary-of-the-repository";
const KEY: &str = "c4nary-of-the-bucket";

#[test]
fn password_and_keys_come_from_a_vault() {
    let Some(mut lab) = lab("rsvault") else {
        return;
    };
    let Some(app) = notes(&lab, &[]) else { return };
    let auth = format!("IDENTITY,{KEY}");
    let Some(server) = serve_in(&lab.sandbox, "s3", &["--auth-key", &auth]) else {
        return;
    };
    let home = lab.sandbox.path().parent().unwrap().join("home");
    let path = home.join(".local/share/kpv/default.kdbx");
    fs_err::create_dir_all(path.parent().unwrap()).unwrap();
    let master = lab.sandbox.path().join("master");
    let credentials = Credentials::password(Secret::from("m4ster"));
    let settings = Settings::new("lab").kdf(Kdf::Aes { rounds: 1 });
    let options = OpenOptions::at(SystemTime::now());
    let mut vault = Vault::create(&path, credentials, settings, options).unwrap();
    vault.set("backup/restic", Secret::from(CANARY)).unwrap();
    vault.set("backup/s3", Secret::from(KEY)).unwrap();
    vault.save(&SaveOptions::default()).unwrap();

    lab.sandbox.unset("RESTIC_PASSWORD_FILE");
    for (name, value) in [
        ("KPV_PASSWORD_FILE", master.as_str()),
        (
            "RESTIC_REPOSITORY",
            &format!("s3:http://127.0.0.1:{}/bucket/r", server.1),
        ),
        ("RESTIC_PASSWORD", "kpv://backup/restic"),
        ("AWS_ACCESS_KEY_ID", "IDENTITY"),
        ("AWS_SECRET_ACCESS_KEY", "$(kpv secrets get backup/s3)"),
        ("LABBACKUP_NOTIFY_NTFY_TOKEN", "kpv://nowhere"),
        ("LABBACKUP_NOTIFY_SUCCESS", "yes"),
        (
            "LABBACKUP_NOTIFY_WEBHOOK",
            "http://127.0.0.1:1/$(kpv secrets get backup/s3)",
        ),
    ] {
        lab.sandbox.set(name, value);
    }
    let stop = AtomicBool::new(false);
    let name = lab.service("app");
    let (shown, lines) = thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let mut seen = String::new();
            while !stop.load(Ordering::Relaxed) {
                seen.push_str(&command_lines());
            }
            seen
        });
        let over = Over(&stop);
        let mut shown = String::new();
        for words in [
            &["init"][..],
            &["run", &name],
            &["list"],
            &["doctor"],
            &["check"],
            &["restore", &name, "--snapshot", "latest", "--yes"],
            &["prune"],
        ] {
            serve_once(&lab, &master);
            let outcome = lab.run(words).success();
            assert!(!master.exists(), "{words:?}: the vault was opened");
            shown.push_str(&outcome.stdout);
            shown.push_str(&outcome.stderr);
        }
        assert!(
            shown.contains("warning: "),
            "nobody is at that address: {shown}"
        );
        // One that is not in the vault.
        lab.sandbox.file("master", "m4ster");
        lab.sandbox.set("RESTIC_PASSWORD", "kpv://backup/rest");
        let outcome = lab.run(&["list"]);
        assert_eq!(outcome.code, Some(1), "{}", outcome.stderr);
        assert!(
            outcome.stderr.contains("no secret `backup/rest`"),
            "{}",
            outcome.stderr
        );
        shown.push_str(&outcome.stderr);
        drop(over);
        (shown, watch.join().unwrap())
    });
    assert_eq!(count(&app).trim(), "50");
    assert!(lines.contains("restic"), "restic was seen");
    for secret in [CANARY, KEY, "m4ster"] {
        // The server of this test has its key in its arguments.
        let told = lines.lines().filter(|line| !line.contains("serve s3"));
        assert!(
            told.clone().all(|line| !line.contains(secret)),
            "in a command line"
        );
        assert!(!shown.contains(secret), "in what is shown");
    }
    for place in [lab.mnt().join("backups"), lab.sandbox.path().join("store")] {
        let found = lab
            .sandbox
            .run("grep", ["-raE", "c4nary|m4ster", place.as_str()]);
        assert_eq!(found.stdout, "", "in what is written");
    }
}

#[test]
fn files_alone_are_a_snapshot_and_start_again_what_a_killed_run_has_stopped() {
    let Some(lab) = lab("rsfiles") else { return };
    let Some(app) = notes(&lab, &["--label", "backup.sqlite=false"]) else {
        return;
    };
    let name = lab.service("app");
    lab.run(&["run", "-q", &name]).success();
    assert_eq!(snapshots(&lab, "group ").len(), 1);
    assert_eq!(snapshots(&lab, "dumps").len(), 0, "there are none");

    // As a run leaves it that is killed while the container is stopped.
    let id = ["inspect", "--format", "{{.Id}}", app.name()];
    let id = lab.engine.docker(id).success().stdout;
    let journal = lab.mnt().join("backups/.labbackup-stopped.json");
    let entry = serde_json::json!([{ "id": id.trim(), "name": app.name(), "paused": false }]);
    fs_err::write(&journal, entry.to_string()).unwrap();
    lab.engine.docker(["stop", "-t", "0", app.name()]).success();
    let told = lab.run(&["run", &name]).success().stderr;
    assert!(
        told.contains("was left stopped by an earlier run: it is started again"),
        "{told}"
    );
    assert!(!journal.exists());
    assert_eq!(count(&app).trim(), "50");
}
