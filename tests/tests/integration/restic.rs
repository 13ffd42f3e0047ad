//! Snapshots by the real restic: local, over REST and over S3, and every fault with its name.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use backup::restic::{Error, Password, Restic, Settings};
use backup::retention::{Item, Policy, apply};
use backup::store::{Restore, Secret, SnapshotStore as _, Source, Subset, Which};
use camino::Utf8PathBuf;
use homelab_tests::{Sandbox, SmallDisk, oracle};
use tokio::time::{sleep, timeout};

const PASSWORD: &str = "correct horse";

fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(async {
        let limited = timeout(Duration::from_secs(300), future).await;
        limited.expect("the test ends within five minutes")
    })
}

/// A sandbox with files to back up, and the real restic.
struct World {
    sandbox: Sandbox,
    program: Utf8PathBuf,
}

fn world() -> Option<World> {
    let program = oracle("restic")?;
    let sandbox = Sandbox::new();
    for number in 0..20 {
        sandbox.file(
            format!("src/dir {}/f{number}", number % 3),
            &"text\n".repeat(number * 500),
        );
    }
    sandbox.file("src/ä \"quoted\"", "x");
    Some(World { sandbox, program })
}

impl World {
    fn path(&self, name: &str) -> PathBuf {
        self.sandbox.path().join(name).into()
    }

    fn settings(&self, repository: &str) -> Settings {
        let mut settings = Settings::new(repository);
        settings.program = self.program.clone().into();
        settings.password = Password::Known(Secret::new(PASSWORD));
        settings.env = BTreeMap::from([
            ("PATH".to_owned(), std::env::var("PATH").unwrap()),
            ("HOME".to_owned(), self.sandbox.path().to_string()),
            ("RESTIC_PASSWORD".to_owned(), "not this one".to_owned()),
            ("TZ".to_owned(), "UTC".to_owned()),
        ]);
        settings
    }

    async fn open(&self, settings: Settings) -> Restic {
        Restic::open(settings, &BTreeMap::<String, Secret>::new())
            .await
            .unwrap()
    }

    /// The repository `repo` in the sandbox, made.
    async fn local(&self) -> Restic {
        let restic = self
            .open(self.settings(self.path("repo").to_str().unwrap()))
            .await;
        restic.init().await.unwrap();
        restic
    }

    fn source(&self) -> Source {
        Source {
            paths: vec![self.path("src")],
            host: "home".into(),
            tags: vec!["web".into()],
            ..Source::default()
        }
    }

    /// A program that is a script.
    fn script(&self, name: &str, text: &str) -> PathBuf {
        let path = self.sandbox.file(name, &format!("#!/bin/sh\n{text}\n"));
        fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path.into()
    }
}

/// A server of rclone, ended when dropped.
pub(crate) struct Server(Child, pub(crate) u16);

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn serve(world: &World, kind: &str, options: &[&str]) -> Option<Server> {
    serve_in(&world.sandbox, kind, options)
}

/// Serves the directory `store` of a sandbox, with a bucket in it.
pub(crate) fn serve_in(sandbox: &Sandbox, kind: &str, options: &[&str]) -> Option<Server> {
    let rclone = oracle("rclone")?;
    let store = sandbox.path().join("store");
    fs_err::create_dir_all(store.join("bucket")).unwrap();
    let port = homelab_tests::traefik::free_port();
    let child = Command::new(rclone)
        .args(["serve", kind, "--addr", &format!("127.0.0.1:{port}")])
        .args(options)
        .arg(store)
        .env("HOME", sandbox.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let server = Server(child, port);
    let start = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(start.elapsed() < Duration::from_secs(20), "rclone listens");
        std::thread::sleep(Duration::from_millis(50));
    }
    Some(server)
}

/// Backup, list, forget, prune, check, restore.
async fn round_trip(world: &World, restic: &Restic) {
    assert!(!restic.exists().await.unwrap());
    restic.init().await.unwrap();
    assert!(restic.exists().await.unwrap());
    let mut seen = 0;
    let made = restic
        .backup(&world.source(), &mut |progress| {
            seen = seen.max(progress.bytes_done);
        })
        .await
        .unwrap();
    assert_eq!(made.files, 21);
    assert!(made.bytes > 400_000 && made.files_changed == 21, "{made:?}");
    let again = restic.backup(&world.source(), &mut |_| ()).await.unwrap();
    assert_eq!((again.files, again.files_changed), (21, 0));
    let dry = Source {
        dry_run: true,
        ..world.source()
    };
    assert_eq!(restic.backup(&dry, &mut |_| ()).await.unwrap().id, None);

    let which = Which {
        host: Some("home".into()),
        tags: vec!["web".into()],
    };
    let snapshots = restic.snapshots(&which).await.unwrap();
    assert_eq!(snapshots.len(), 2);
    assert!(snapshots[0].id.starts_with(&made.id.unwrap()));
    assert_eq!(
        (snapshots[0].host.as_str(), snapshots[0].tags.as_slice()),
        ("home", ["web".to_owned()].as_slice())
    );
    let others = Which {
        host: Some("other".into()),
        ..Which::default()
    };
    assert_eq!(restic.snapshots(&others).await.unwrap(), []);

    let policy = Policy {
        last: Some(1),
        ..Policy::default()
    };
    let old = snapshots[0].id.clone();
    let protected = restic
        .forget(&which, &policy, std::slice::from_ref(&old), false)
        .await
        .unwrap();
    assert_eq!((protected.kept.len(), protected.removed.len()), (2, 0));
    let planned = restic.forget(&which, &policy, &[], true).await.unwrap();
    assert_eq!(planned.removed[0].id, old);
    assert_eq!(restic.snapshots(&which).await.unwrap().len(), 2);
    restic.forget(&which, &policy, &[], false).await.unwrap();
    assert_eq!(restic.snapshots(&which).await.unwrap().len(), 1);
    assert_eq!(
        restic
            .forget(&others, &policy, &[], false)
            .await
            .unwrap()
            .kept,
        []
    );
    restic.prune().await.unwrap();
    let subsets = [Subset::Part { part: 1, of: 2 }, Subset::Percent(50)];
    for subset in subsets {
        restic.check(subset).await.unwrap();
    }
    let target = world.path("out");
    let restore = Restore {
        snapshot: "latest".into(),
        target: target.clone(),
        verify: true,
        ..Restore::default()
    };
    restic.restore(&restore).await.unwrap();
    let error = restic.restore(&restore).await.unwrap_err();
    assert!(matches!(error, Error::NotEmpty { .. }), "{error:?}");
    let restored = format!("{}{}", target.display(), world.path("src").display());
    world
        .sandbox
        .run(
            "diff",
            ["-r", world.path("src").to_str().unwrap(), &restored],
        )
        .success();
}

#[test]
fn a_local_repository_and_one_over_rest_and_one_over_s3() {
    let Some(world) = world() else { return };
    block_on(async {
        let restic = world
            .open(world.settings(world.path("repo").to_str().unwrap()))
            .await;
        round_trip(&world, &restic).await;
    });
    let Some(server) = serve(&world, "restic", &["--user", "u", "--pass", "s3cret"]) else {
        return;
    };
    fs_err::remove_dir_all(world.path("out")).unwrap();
    block_on(async {
        let restic = world
            .open(world.settings(&format!("rest:http://u:s3cret@127.0.0.1:{}/r", server.1)))
            .await;
        assert!(!restic.repository().contains("s3cret"));
        round_trip(&world, &restic).await;
        let wrong = world
            .open(world.settings(&format!("rest:http://u:wr0ng@127.0.0.1:{}/r", server.1)))
            .await;
        let error = wrong.snapshots(&Which::default()).await.unwrap_err();
        assert!(matches!(error, Error::Access { .. }), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("wr0ng"), "{error:?}");
    });
    let Some(server) = serve(&world, "s3", &["--auth-key", "KEY,SECRET"]) else {
        return;
    };
    fs_err::remove_dir_all(world.path("out")).unwrap();
    block_on(async {
        let mut settings = world.settings(&format!("s3:http://127.0.0.1:{}/bucket/r", server.1));
        settings.keys = BTreeMap::from([
            ("AWS_ACCESS_KEY_ID".to_owned(), "s3 key".to_owned()),
            ("AWS_SECRET_ACCESS_KEY".to_owned(), "s3 secret".to_owned()),
        ]);
        let vault = |secret: &str| {
            BTreeMap::from([
                ("s3 key".to_owned(), Secret::new("KEY")),
                ("s3 secret".to_owned(), Secret::new(secret)),
            ])
        };
        let restic = Restic::open(settings.clone(), &vault("SECRET"))
            .await
            .unwrap();
        round_trip(&world, &restic).await;

        let refused = Restic::open(settings.clone(), &vault("0ther"))
            .await
            .unwrap();
        for error in [
            refused
                .snapshots(&Which::default())
                .await
                .map(drop)
                .unwrap_err(),
            refused
                .backup(&world.source(), &mut |_| ())
                .await
                .map(drop)
                .unwrap_err(),
            refused.init().await.unwrap_err(),
        ] {
            assert!(
                matches!(error, Error::Access { .. }) && error.help().is_some(),
                "{error:?}"
            );
            assert!(!format!("{error} {error:?}").contains("0ther"), "{error:?}");
        }
        // An object that is cut off in the store, and one whose bytes have changed.
        let data = world
            .sandbox
            .run("find", ["store/bucket/r/data", "-type", "f"])
            .success()
            .stdout;
        let object = world.path(data.lines().next().unwrap());
        let whole = fs_err::read(&object).unwrap();
        let mut flipped = whole.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 1;
        fs_err::write(&object, flipped).unwrap();
        let error = restic.check(Subset::All).await.unwrap_err();
        assert!(
            matches!(error, Error::Damaged { .. }) && error.help().is_some(),
            "{error:?}"
        );
        fs_err::write(&object, whole).unwrap();
        restic.check(Subset::All).await.unwrap();

        drop(server);
        let error = restic.snapshots(&Which::default()).await.unwrap_err();
        assert!(
            matches!(error, Error::Unreachable { .. }) && error.help().is_some(),
            "{error:?}"
        );
        settings
            .keys
            .insert("AWS_SESSION_TOKEN".to_owned(), "none".to_owned());
        let error = Restic::open(settings, &vault("SECRET")).await.unwrap_err();
        assert!(
            error.to_string().contains("there is no secret `none`"),
            "{error}"
        );
    });
}

#[test]
fn every_fault_of_a_repository_has_a_name_and_an_advice() {
    let Some(world) = world() else { return };
    block_on(async {
        let restic = world.local().await;
        let check = |error: Error, name: &str| {
            assert!(format!("{error:?}").starts_with(name), "{name}: {error:?}");
            assert!(error.help().is_some(), "{error}");
            assert!(
                !format!("{error} {error:?}").contains(PASSWORD),
                "{error:?}"
            );
        };
        check(restic.init().await.unwrap_err(), "Exists");
        let none = world
            .open(world.settings(world.path("none").to_str().unwrap()))
            .await;
        check(
            none.snapshots(&Which::default()).await.unwrap_err(),
            "NoRepository",
        );
        let mut settings = world.settings(world.path("repo").to_str().unwrap());
        // A word of what restic says: it must not be taken out before the fault is known.
        settings.password = Password::File(world.sandbox.file("pw", "wrong\n").into());
        let wrong = world.open(settings.clone()).await;
        check(
            wrong.snapshots(&Which::default()).await.unwrap_err(),
            "WrongPassword",
        );
        settings.password =
            Password::File(world.sandbox.file("pw", &format!("{PASSWORD}\n")).into());
        assert_eq!(
            world
                .open(settings.clone())
                .await
                .snapshots(&Which::default())
                .await
                .unwrap(),
            []
        );
        for (password, why) in [
            (Password::File(world.path("no such file")), "no such file"),
            (
                Password::File(world.sandbox.file("empty", "\n").into()),
                "is empty",
            ),
            (
                Password::Named("RESTIC".into()),
                "there is no secret `RESTIC`",
            ),
        ] {
            settings.password = password;
            let error = Restic::open(settings.clone(), &BTreeMap::<String, Secret>::new())
                .await
                .unwrap_err();
            assert!(error.to_string().contains(why), "{error}");
            check(error, "NoPassword");
        }
        settings = world.settings(world.path("repo").to_str().unwrap());
        for (program, name) in [
            (world.path("restic-that-is-not-there"), "NoProgram"),
            (
                world.script(
                    "old",
                    "echo restic 0.9.6 compiled with go1.13.4 on linux/amd64",
                ),
                "TooOld",
            ),
            (world.script("other", "echo borg 1.2"), "NotRestic"),
        ] {
            settings.program = program;
            check(
                Restic::open(settings.clone(), &BTreeMap::<String, Secret>::new())
                    .await
                    .unwrap_err(),
                name,
            );
        }
        let nothing = Source {
            paths: vec![world.path("not there")],
            ..world.source()
        };
        check(
            restic.backup(&nothing, &mut |_| ()).await.unwrap_err(),
            "NothingThere",
        );
        let restore = |snapshot: &str| Restore {
            snapshot: snapshot.into(),
            target: world.path("out"),
            ..Restore::default()
        };
        check(
            restic.restore(&restore("deadbeef")).await.unwrap_err(),
            "NoSnapshot { repository:",
        );
        check(
            restic.restore(&restore("latest")).await.unwrap_err(),
            "NoSnapshot",
        );
        let error = restic
            .forget(&Which::default(), &Policy::default(), &[], false)
            .await
            .unwrap_err();
        check(error, "EmptyPolicy");
        settings.program = world.script(
            "slow",
            "[ \"$1\" = version ] && echo restic 0.18.0 && exit; exec sleep 60",
        );
        settings.limit = Some(Duration::from_secs(1));
        check(
            world.open(settings).await.prune().await.unwrap_err(),
            "TimedOut",
        );
    });
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let Some(world) = world() else { return };
    block_on(async {
        let restic = world.local().await;
        let secret = world.sandbox.file("src/unreadable", "x");
        fs_err::set_permissions(&secret, std::fs::Permissions::from_mode(0o000)).unwrap();
        let mut settings = world.settings(restic.repository());
        if fs_err::read(&secret).is_ok() {
            // root reads everything
            let real = world.program.as_str();
            settings.program = world.script("restic", &format!("exec setpriv --reuid 65534 --regid 65534 --clear-groups sh -c 'cat | {real} --no-cache \"$@\"' sh \"$@\""));
            let everything = "find . -type d -exec chmod a+rwx {} + && chmod -R a+rX repo && chmod a+rx \"$PWD\" \"$PWD/..\" && chmod 000 src/unreadable";
            world.sandbox.run("sh", ["-c", everything]).success();
        }
        let restic = world.open(settings).await;
        let error = restic
            .backup(&world.source(), &mut |_| ())
            .await
            .unwrap_err();
        let Error::Incomplete { made, unreadable } = &error else {
            panic!("{error:?}")
        };
        assert!(made.id.is_some());
        assert!(
            unreadable.len() == 1 && unreadable[0].contains("src/unreadable"),
            "{unreadable:?}"
        );
        assert!(
            error
                .to_string()
                .starts_with("1 file could not be read and is missing in the snapshot:"),
            "{error}"
        );
        assert!(
            unreadable[0].to_lowercase().contains("permission denied"),
            "{unreadable:?}"
        );
    });
}

#[test]
fn a_lock_in_use_is_respected_and_a_stale_one_removed() {
    let Some(world) = world() else { return };
    block_on(async {
        let restic = world.local().await;
        // It waits for its standard input, and holds a lock meanwhile.
        let mut other = Command::new(&world.program)
            .args(["backup", "--stdin", "--host", "other"])
            .env("RESTIC_REPOSITORY", restic.repository())
            .env("RESTIC_PASSWORD", PASSWORD)
            .env("HOME", world.sandbox.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        while restic.locks().await.unwrap().is_empty() {
            sleep(Duration::from_millis(100)).await;
        }
        let error = restic.prune().await.unwrap_err();
        let Error::Locked { locks, .. } = &error else {
            panic!("{error:?}")
        };
        assert_eq!(locks.len(), 1);
        assert_eq!(
            (locks[0].pid, locks[0].stale, locks[0].exclusive),
            (i32::try_from(other.id()).unwrap(), false, false)
        );
        assert!(
            error
                .to_string()
                .contains(&format!("(process {})", other.id())),
            "{error}"
        );
        assert!(error.help().unwrap().contains("wait"));
        // Others may write meanwhile.
        restic.backup(&world.source(), &mut |_| ()).await.unwrap();
        assert_eq!(restic.locks().await.unwrap().len(), 1);

        // It ends while it is waited for.
        let mut settings = world.settings(restic.repository());
        settings.lock_wait = Duration::from_secs(60);
        let patient = world.open(settings).await;
        let mut stdin = other.stdin.take().unwrap();
        let end = async {
            sleep(Duration::from_millis(1500)).await;
            std::io::Write::write_all(&mut stdin, b"x").unwrap();
            drop(stdin);
        };
        let (pruned, ()) = tokio::join!(patient.prune(), end);
        pruned.unwrap();
        assert!(other.wait().unwrap().success());

        // Killed outright it leaves its lock, which is of no use to anyone.
        let mut other = Command::new(&world.program)
            .args(["backup", "--stdin", "--host", "other"])
            .env("RESTIC_REPOSITORY", restic.repository())
            .env("RESTIC_PASSWORD", PASSWORD)
            .env("HOME", world.sandbox.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        while restic.locks().await.unwrap().is_empty() {
            sleep(Duration::from_millis(100)).await;
        }
        other.kill().unwrap();
        other.wait().unwrap();
        assert!(restic.locks().await.unwrap()[0].stale);
        restic.prune().await.unwrap();
        assert_eq!(restic.locks().await.unwrap(), []);
    });
}

#[test]
fn the_password_is_no_argument_and_no_variable_and_an_abandoned_backup_leaves_no_lock() {
    let Some(world) = world() else { return };
    block_on(async {
        let restic = world.local().await;
        let mut settings = world.settings(restic.repository());
        let log = world.path("seen").display().to_string();
        let real = world.program.as_str();
        settings.program = world.script(
            "restic",
            &format!("{{ printf '%s\\n' \"$@\"; env; }} >>{log}; exec {real} \"$@\""),
        );
        let restic = world.open(settings).await;
        restic.backup(&world.source(), &mut |_| ()).await.unwrap();
        let seen = fs_err::read_to_string(&log).unwrap();
        assert!(
            seen.contains("backup\n") && seen.contains("RESTIC_REPOSITORY="),
            "{seen}"
        );
        assert!(
            !seen.contains(PASSWORD) && !seen.contains("not this one"),
            "{seen}"
        );
        assert!(!format!("{restic:?}").contains(PASSWORD));

        world
            .sandbox
            .run("sh", ["-c", "head -c 300000000 /dev/urandom >src/large"])
            .success();
        let source = world.source();
        let mut moving = false;
        {
            let mut count = |progress: backup::store::Progress| moving |= progress.bytes_done > 0;
            let backup = restic.backup(&source, &mut count);
            assert!(
                timeout(Duration::from_millis(1500), backup).await.is_err(),
                "300 MB take longer"
            );
        }
        assert!(
            moving || !restic.locks().await.unwrap().is_empty(),
            "it had begun"
        );
        let start = Instant::now();
        while !restic.locks().await.unwrap().is_empty() {
            assert!(start.elapsed() < Duration::from_secs(20), "the lock stays");
            sleep(Duration::from_millis(100)).await;
        }
    });
}

#[test]
fn a_store_in_trouble_is_given_up_in_time() {
    let Some(world) = world() else { return };
    // One that fails at every request, and one that never answers.
    for answer in [
        "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "",
    ] {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let mut open = Vec::new();
            for mut stream in listener.incoming().flatten() {
                std::io::Read::read(&mut stream, &mut [0; 4096]).ok();
                std::io::Write::write_all(&mut stream, answer.as_bytes()).ok();
                if answer.is_empty() {
                    open.push(stream);
                }
            }
        });
        block_on(async {
            let mut settings = world.settings(&format!("s3:http://{address}/bucket/r"));
            settings
                .env
                .insert("AWS_ACCESS_KEY_ID".into(), "KEY".into());
            settings
                .env
                .insert("AWS_SECRET_ACCESS_KEY".into(), "SECRET".into());
            settings.limit = Some(Duration::from_secs(4));
            let restic = world.open(settings).await;
            let start = Instant::now();
            let error = restic
                .backup(&world.source(), &mut |_| ())
                .await
                .unwrap_err();
            assert!(
                matches!(error, Error::TimedOut { .. } | Error::Unreachable { .. }),
                "{error:?}"
            );
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "{:?}",
                start.elapsed()
            );
        });
    }
}

#[test]
fn a_full_disk_is_named_and_the_last_snapshot_stays() {
    let Some(world) = world() else { return };
    let Some(disk) = SmallDisk::mount(world.sandbox.path().join("disk"), 6) else {
        return;
    };
    let repository = disk.path().join("repo");
    block_on(async {
        let restic = world.open(world.settings(repository.as_str())).await;
        restic.init().await.unwrap();
        restic.backup(&world.source(), &mut |_| ()).await.unwrap();
        world
            .sandbox
            .run("sh", ["-c", "head -c 30000000 /dev/urandom >src/large"])
            .success();
        let mut settings = world.settings(repository.as_str());
        settings.limit = Some(Duration::from_secs(60));
        let restic = world.open(settings).await;
        let error = restic
            .backup(&world.source(), &mut |_| ())
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::NoSpace { .. }) && error.help().is_some(),
            "{error:?}"
        );
        assert_eq!(restic.snapshots(&Which::default()).await.unwrap().len(), 1);
        let target = world.path("out");
        let restore = Restore {
            snapshot: "latest".into(),
            target,
            verify: true,
            ..Restore::default()
        };
        restic.restore(&restore).await.unwrap();
    });
}

/// Restic 0.17 and later is not in Debian: its documented exit codes and messages, by a stand-in.
#[test]
fn fake_new_versions_tell_faults_by_exit_codes_and_messages() {
    let Some(world) = world() else { return };
    block_on(async {
        let fake = |code: i32, json: &str| {
            world.script("fake", &format!("[ \"$1\" = version ] && echo restic 0.19.1 compiled with go1.25 on linux/amd64 && exit\ncat >/dev/null\necho '{json}' >&2\nexit {code}"))
        };
        for (code, name) in [
            (10, "NoRepository"),
            (12, "WrongPassword"),
            (11, "Locked"),
            (130, "Interrupted"),
            (1, "Failed"),
        ] {
            let mut settings = world.settings("/r");
            settings.program = fake(
                code,
                &format!(
                    r#"{{"message_type":"exit_error","code":{code},"message":"Fatal: in words"}}"#
                ),
            );
            let error = world.open(settings).await.prune().await.unwrap_err();
            assert!(format!("{error:?}").starts_with(name), "{error:?}");
            if code == 1 {
                assert_eq!(
                    error.to_string(),
                    "`restic prune` failed with exit code 1: in words"
                );
            }
        }
    });
}

#[test]
fn retention_decides_as_restic_forget_does() {
    let Some(world) = world() else { return };
    block_on(async {
        let restic = world.local().await;
        // Clusters around the ends of hours, days, ISO weeks, months and years, in three time zones;
        // one from the future. A tag is a group of its own.
        let times = [
            "2024-12-30 00:00:00",
            "2024-12-31 23:30:00",
            "2025-01-01 00:10:00",
            "2025-01-05 23:59:59",
            "2025-01-06 00:00:01",
            "2025-02-28 12:00:00",
            "2025-03-03 11:59:59",
            "2025-03-03 12:00:00",
            "2025-03-31 12:00:00",
            "2023-06-01 04:59:59",
            "2023-06-01 05:00:00",
            "2099-01-01 00:00:00",
            "2022-01-03 00:00:00",
        ];
        let zones = ["UTC", "Asia/Kolkata", "America/Los_Angeles"];
        let add = async |time: &str, zone: &str, tag: &str| {
            let status = tokio::process::Command::new(&world.program)
                .args([
                    "backup",
                    "--quiet",
                    "--host",
                    "h",
                    "--tag",
                    tag,
                    "--time",
                    time,
                    "src/ä \"quoted\"",
                ])
                .env("RESTIC_REPOSITORY", restic.repository())
                .env("RESTIC_PASSWORD", PASSWORD)
                .env("TZ", zone)
                .env("HOME", world.sandbox.path())
                .current_dir(world.sandbox.path())
                .status();
            assert!(status.await.unwrap().success());
        };
        for (number, time) in times.iter().enumerate() {
            let tag = if number % 2 == 0 { "b" } else { "a" };
            add(time, zones[number % 3], tag).await;
            if number % 4 == 0 {
                add(time, zones[(number + 1) % 3], "a").await;
            }
        }
        let within = |text: &str| Some(text.parse().unwrap());
        let empty = Policy::default();
        let policies = [
            Policy {
                last: Some(3),
                ..empty.clone()
            },
            Policy {
                hourly: Some(6),
                ..empty.clone()
            },
            Policy {
                daily: Some(4),
                weekly: Some(3),
                ..empty.clone()
            },
            Policy {
                weekly: Some(100),
                ..empty.clone()
            },
            Policy {
                monthly: Some(3),
                yearly: Some(2),
                last: Some(1),
                ..empty.clone()
            },
            Policy {
                yearly: Some(20),
                ..empty.clone()
            },
            Policy {
                within: within("1m"),
                ..empty.clone()
            },
            Policy {
                within: within("4m1d"),
                daily: Some(1),
                ..empty.clone()
            },
            Policy {
                within: within("1y2m3d4h"),
                ..empty.clone()
            },
            Policy {
                within_hourly: within("3m"),
                within_yearly: within("9y"),
                ..empty.clone()
            },
            Policy {
                within_daily: within("28d"),
                within_weekly: within("5m"),
                within_monthly: within("2y"),
                ..empty.clone()
            },
        ];
        let now = time_now();
        let all = Which::default();
        let snapshots = restic.snapshots(&all).await.unwrap();
        let group = |tag: &str| -> Vec<Item> {
            let of = snapshots.iter().filter(|one| one.tags == [tag]);
            of.map(|one| Item::new(&one.id, &one.time)).collect()
        };
        let groups = [group("a"), group("b")];
        assert!(groups.iter().all(|group| group.len() > 5));
        for policy in &policies {
            let theirs = restic.forget(&all, policy, &[], true).await.unwrap();
            let mut removed: Vec<String> = theirs.removed.into_iter().map(|one| one.id).collect();
            removed.sort();
            let ours = groups
                .each_ref()
                .map(|group| apply(group, policy, &now).unwrap());
            let mut gone: Vec<String> = ours.iter().flat_map(|one| one.removed.clone()).collect();
            gone.sort();
            let times = |ids: &[String]| -> Vec<&str> {
                let times = snapshots.iter().filter(|one| ids.contains(&one.id));
                times.map(|one| one.time.as_str()).collect()
            };
            assert_eq!(times(&gone), times(&removed), "{policy:?}");
            assert_eq!(gone, removed, "{policy:?}");
            for (snapshot, reasons) in &theirs.kept {
                let words = ours.each_ref().map(|one| one.reasons(&snapshot.id).len());
                assert_eq!(
                    words[0] + words[1],
                    reasons.len(),
                    "{policy:?} {snapshot:?}"
                );
            }
        }
    });
}

fn time_now() -> String {
    let output = Command::new("date")
        .args(["-u", "+%Y-%m-%dT%H:%M:%SZ"])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
