//! What happens to a container while its dump passes by.

use std::process::{Child, Stdio};

use homelab_tests::labbackup_exe;

use super::Lab;
use super::faults::{ended, signal, wait_for};
use super::stand_in::{StandIn, sql};

/// Ten rows; without end once `/tmp/endless` is there, and then hardly compressible, so that the
/// file of the dump grows.
const ROWS: &str = "if [ -e /tmp/endless ]; then exec od -An -tx1 -v /dev/urandom; fi; seq 1 10";

/// Starts a run and returns when its dump is being written.
fn begin(lab: &Lab, service: &str) -> Child {
    let child = lab
        .sandbox
        .command(labbackup_exe())
        .args(["run", "--json", &lab.service(service)])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_for("the file of the dump", || is_growing(lab, service));
    child
}

/// Whether there is a file that is not complete, with something in it.
fn is_growing(lab: &Lab, service: &str) -> bool {
    let directory = lab.mnt().join("backups").join(service);
    lab.files(service).iter().any(|name| {
        let length = fs_err::metadata(directory.join(name)).map_or(0, |data| data.len());
        name.ends_with(".partial") && length > 0
    })
}

/// How many dumpers there are; one that has ended counts until the engine has seen it.
fn dumpers(db: &StandIn<'_>) -> String {
    let count = db.shell("cat /proc/[0-9]*/comm | grep -cx od").stdout;
    count.trim().to_owned()
}

/// The dump before is whole, and nothing else is there.
fn intact(lab: &Lab, service: &str) {
    let mut files = lab.files(service);
    // A dumper that could not be ended is written down.
    files.retain(|name| !name.ends_with(".running"));
    assert_eq!(files.len(), 2, "{files:?}");
    assert_eq!(lab.dumps(service).len(), 1);
    lab.run(&["check", "-q", &lab.service(service)]).success();
}

#[test]
fn a_container_paused_in_the_middle_is_seen() {
    let Some(lab) = Lab::new("paused") else {
        return;
    };
    let options = ["--label", "backup.stall-timeout=3s"];
    let Some(db) = StandIn::start(&lab, "db", &sql(ROWS), &options) else {
        return;
    };
    lab.run(&["run", "-q", &lab.service("db")]).success();
    db.shell("touch /tmp/endless").success();
    let child = begin(&lab, "db");
    lab.engine.docker(["pause", &db.name]).success();
    let (code, text) = ended(child);
    assert_eq!(code, Some(1), "{text}");
    assert!(
        text.contains("the container is paused: ") && text.contains("sent nothing for 3 seconds"),
        "{text}"
    );
    lab.engine.docker(["unpause", &db.name]).success();
    intact(&lab, "db");
    // What could not be ended while it was paused is ended by the next run.
    db.shell("rm /tmp/endless").success();
    lab.run(&["run", "-q", &lab.service("db")]).success();
    wait_for("the end of the dumper", || dumpers(&db) == "0");
}

#[test]
fn a_container_removed_in_the_middle_is_seen() {
    let Some(lab) = Lab::new("removed") else {
        return;
    };
    let Some(db) = StandIn::start(&lab, "db", &sql(ROWS), &[]) else {
        return;
    };
    lab.run(&["run", "-q", &lab.service("db")]).success();
    db.shell("touch /tmp/endless").success();
    let child = begin(&lab, "db");
    lab.engine.docker(["rm", "--force", &db.name]).success();
    let (code, text) = ended(child);
    assert_eq!(code, Some(1), "{text}");
    // It is killed first and gone a moment later: both are true.
    assert!(
        text.contains("the container was removed: ") || text.contains("the container has ended"),
        "{text}"
    );
    intact(&lab, "db");
}

#[test]
fn a_dumper_that_a_killed_run_has_left_is_ended_by_the_next() {
    let Some(lab) = Lab::new("orphan") else {
        return;
    };
    let Some(db) = StandIn::start(&lab, "db", &sql(ROWS), &[]) else {
        return;
    };
    db.shell("touch /tmp/endless").success();
    let mut child = begin(&lab, "db");
    signal(&child, "-KILL");
    child.wait().unwrap();
    assert_eq!(
        dumpers(&db),
        "1",
        "nobody reads what it prints, so it stays"
    );
    db.shell("rm /tmp/endless").success();
    let next = lab.run(&["run", &lab.service("db")]).success();
    wait_for("the end of the dumper", || dumpers(&db) == "0");
    assert!(
        next.stderr.contains("was left running by an earlier run"),
        "{}",
        next.stderr
    );
    assert_eq!(lab.files("db").len(), 2, "{:?}", lab.files("db"));
}
