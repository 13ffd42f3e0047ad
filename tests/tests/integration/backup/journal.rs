//! A container that cannot be started again is not forgotten, and is no reason to make no backups.

use homelab_tests::{ContainerGuard, Database};
use serde_json::Value;

use super::Lab;

#[test]
fn what_could_not_be_started_again_stays_written_down() {
    let Some(lab) = Lab::new("journal") else {
        return;
    };
    let Some(db) = lab.start(Database::Redis, "db", &["--label", "backup.volumes=false"]) else {
        return;
    };
    let plugin = lab.sandbox.path().join("plugin");
    fs_err::create_dir(&plugin).unwrap();
    let mount = format!("type=bind,readonly,source={plugin},target=/plugin");
    let hook = ["--label", "backup.hook.pre=true"];
    let options = [
        "--mount",
        &mount,
        "--label",
        "backup.stop=true",
        "--label",
        "backup.volumes=false",
        "--label",
        "backup.engine=none",
    ];
    let Some(app) = lab.start(Database::Redis, "app", &[&options[..], &hook].concat()) else {
        return;
    };
    let state = |guard: &ContainerGuard| lab.engine.state(guard.name());
    let journal = lab.mnt().join("backups/.labbackup-stopped.json");

    // Without the directory that it mounts the engine does not start it. A link is mounted as what it
    // points to when it starts, so that the container which runs does not mind.
    let away = lab.sandbox.path().join("away");
    fs_err::rename(&plugin, &away).unwrap();
    let services = [lab.service("db"), lab.service("app")];
    let args = ["run", "--json", &services[0], &services[1]];
    let failed = lab.run(&args);
    assert_eq!(failed.code, Some(1), "{}", failed.stderr);
    let report: Value = serde_json::from_str(&failed.stdout).unwrap();
    let errors = report["errors"].to_string();
    assert!(
        errors.contains(app.name()) && errors.contains("does not run again"),
        "{errors}"
    );
    assert_eq!(state(&app), "exited");
    assert_eq!(lab.dumps("db").len(), 1, "the dump is there");
    assert!(journal.exists());

    // The next run tells of it, goes on, and does not forget it either.
    let second = lab.run(&["run", &lab.service("db")]);
    assert_eq!(second.code, Some(1), "{}", second.stderr);
    assert!(
        second
            .stderr
            .contains("was left stopped by an earlier run and does not start"),
        "{}",
        second.stderr
    );
    assert_eq!(lab.dumps("db").len(), 2, "backups go on");
    assert!(journal.exists());

    fs_err::rename(&away, &plugin).unwrap();
    let third = lab.run(&["run", &lab.service("db")]).success();
    assert!(
        third
            .stderr
            .contains("was left stopped by an earlier run: it is started again"),
        "{}",
        third.stderr
    );
    assert_eq!(
        (state(&app), state(&db)),
        ("running".into(), "running".into())
    );
    assert!(!journal.exists());
}
