//! A clock that goes back: the order of dumps stays that in which they were made.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use backup::dump::Context;
use backup::run::{Outcome, Silent};
use backup::{discovery, plan};
use engine::{Endpoint, Engine, Filter};
use homelab_tests::Database;

use super::{Lab, manifest};

/// Seconds since 1970, as the clock of this test says.
static NOW: AtomicU64 = AtomicU64::new(0);

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(NOW.load(Ordering::Relaxed))
}

/// Runs the plan of one service at a time of this test's own, and returns the warnings.
fn run_at(lab: &Lab, endpoint: &Endpoint, seconds: u64) -> Vec<String> {
    NOW.store(seconds, Ordering::Relaxed);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(async {
        let engine = Engine::connect(endpoint).await.unwrap();
        let label = format!("com.docker.compose.project={}", lab.project);
        let containers = engine
            .containers(&Filter::default().label(&label))
            .await
            .unwrap();
        let mut details = Vec::new();
        for container in &containers {
            details.push(engine.details(&container.id).await.unwrap());
        }
        let mut options = plan::Options::default();
        options.target = Some(lab.mnt().join("backups"));
        let services = discovery::running(&containers, &details);
        let (plan, found) = plan::plan(services, &options, &plan::Disk);
        assert!(found.is_empty(), "{found:?}");
        let mut context = Context::new(format!("run-{seconds}"));
        context.now = now;
        let report = backup::run::run(&engine, &plan, &context, &Silent)
            .await
            .unwrap();
        assert_eq!(report.outcome, Outcome::Done, "{report:?}");
        let dumps = report.dumps.iter().flat_map(|dump| dump.warnings.clone());
        dumps.chain(report.warnings.clone()).collect()
    })
}

#[test]
fn a_clock_that_goes_back_does_not_change_the_order_of_dumps() {
    let Some(lab) = Lab::new("clock") else { return };
    let Some(socket) = lab.engine.socket() else {
        return;
    };
    let options = ["--label", "backup.volumes=false"];
    let Some(db) = lab.start(Database::Redis, "cache", &options) else {
        return;
    };
    let endpoint = Endpoint::Socket(socket.to_string());
    // 2031, a day less, a second less than the second one's name, and a battery that has run empty.
    let noon = 1_924_948_800;
    let mut told = Vec::new();
    for (number, seconds) in [noon, noon - 86_400, noon, 0].into_iter().enumerate() {
        db.exec(&["redis-cli", "SET", &format!("key{number}"), "x"])
            .success();
        let warnings = run_at(&lab, &endpoint, seconds);
        told.push(
            warnings
                .iter()
                .any(|warning| warning.contains("the clock is behind the last dump")),
        );
    }
    assert_eq!(told, [false, true, false, true]);
    let dumps = lab.dumps("cache");
    let names: Vec<_> = dumps.iter().map(|dump| dump.file_name().unwrap()).collect();
    assert_eq!(
        names,
        [
            "20301231T120000Z-all.rdb.zst",
            "20301231T120001Z-all.rdb.zst",
            "20301231T120002Z-all.rdb.zst",
            "20301231T120003Z-all.rdb.zst",
        ]
    );
    // The order of the names is that of what is in them.
    for (number, dump) in dumps.iter().enumerate() {
        assert_eq!(
            manifest(dump)["databases"]["keys"]["db0"]["rows"],
            number + 1,
            "{dump}"
        );
    }
    // A drill takes the newest, and retention keeps it whatever its time.
    lab.drill("cache", 0);
    assert!(manifest(&dumps[3])["verified"].is_string());
    lab.run(&["prune", "--keep", "last=1", &lab.service("cache")])
        .success();
    assert_eq!(lab.dumps("cache").last(), dumps.last());
}
