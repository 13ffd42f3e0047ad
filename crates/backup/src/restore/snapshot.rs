//! Files and dumps that lie in the store of snapshots.

use camino::{Utf8Path, Utf8PathBuf};
use engine::Engine;

use crate::Error;
use crate::discovery::Service;
use crate::manifest::{self, Listed};
use crate::run::DUMPS;
use crate::store::{Restore, Snapshot, SnapshotStore, pattern};

/// What a restore from a snapshot is going to do, for people to agree to.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[must_use]
pub struct FromSnapshot {
    /// The snapshot's identifier.
    pub snapshot: String,
    /// The directories that are put back, where they were.
    pub paths: Vec<Utf8PathBuf>,
    /// What happens, one sentence a line.
    pub steps: Vec<String>,
    service: Service,
}

impl FromSnapshot {
    /// The service whose directories they are.
    pub fn service(&self) -> &Service {
        &self.service
    }
}

/// The newest snapshot, or the one whose identifier begins so, that `suits`.
fn one<'s>(
    snapshots: &'s [Snapshot],
    wanted: &str,
    suits: impl Fn(&Snapshot) -> bool,
) -> Option<&'s Snapshot> {
    let is_it = |one: &&Snapshot| wanted == "latest" || one.id.starts_with(wanted);
    snapshots.iter().rev().find(|one| is_it(one) && suits(one))
}

/// Plans to put the directories of a service back from a snapshot: `latest`, or the beginning of an
/// identifier. `None` if no such snapshot has one of them. `snapshots` are in the order of their time.
pub fn from_snapshot(
    snapshots: &[Snapshot],
    wanted: &str,
    service: &Service,
) -> Option<FromSnapshot> {
    let of_service = |snapshot: &Snapshot| -> Vec<Utf8PathBuf> {
        let mounts = service.mounts.iter().filter(|mount| !mount.read_only);
        let mounts = mounts.map(|mount| &mount.source);
        let stored = |source: &&Utf8PathBuf| snapshot.paths.iter().any(|path| **source == *path);
        mounts.filter(stored).cloned().collect()
    };
    let snapshot = one(snapshots, wanted, |one| !of_service(one).is_empty())?;
    let paths = of_service(snapshot);
    let container = service
        .container
        .as_ref()
        .map(|running| running.name.as_str());
    let mut steps = Vec::new();
    steps.extend(container.map(|name| format!("stop `{name}` if it runs")));
    for path in &paths {
        steps.push(format!(
            "put `{path}` back as it was; files that the snapshot does not have stay"
        ));
    }
    steps.extend(container.map(|name| format!("start `{name}` if it ran")));
    Some(FromSnapshot {
        snapshot: snapshot.id.clone(),
        paths,
        steps,
        service: service.clone(),
    })
}

/// Carries it out: with the container stopped meanwhile, and what was written read again. If it breaks
/// off, it can be done once more.
///
/// # Errors
/// Those of the engine and of the store. The container runs again if it ran.
pub async fn run_from_snapshot<S: SnapshotStore>(
    engine: &Engine,
    store: &S,
    plan: &FromSnapshot,
) -> Result<(), Error> {
    let running = match &plan.service.container {
        Some(running) => {
            let details = engine.details(&running.id).await?;
            details.running.then_some(&running.id)
        }
        None => None,
    };
    if let Some(id) = running {
        engine.stop(id, None).await?;
    }
    let restore = Restore {
        snapshot: plan.snapshot.clone(),
        target: "/".into(),
        includes: plan
            .paths
            .iter()
            .map(|path| pattern(path.as_str()))
            .collect(),
        over: true,
        verify: true,
    };
    let done = store.restore(&restore).await;
    if let Some(id) = running {
        engine.start(id).await?;
    }
    Ok(done?)
}

/// The dumps in a snapshot, `latest` or by the beginning of its identifier, with their manifests alone:
/// what they say can be chosen from. `None` if there is no such snapshot of dumps. `directory` is empty,
/// or not there.
///
/// # Errors
/// Those of the store, and of the files that are written below `directory`.
pub async fn stored<S: SnapshotStore>(
    store: &S,
    snapshots: &[Snapshot],
    wanted: &str,
    directory: &Utf8Path,
) -> Result<Option<(String, Vec<Listed>)>, Error> {
    let is_of_dumps = |one: &Snapshot| one.tags.iter().any(|tag| tag == DUMPS);
    let Some(snapshot) = one(snapshots, wanted, is_of_dumps) else {
        return Ok(None);
    };
    let restore = Restore {
        snapshot: snapshot.id.clone(),
        target: directory.into(),
        includes: vec!["*.zst.json".to_owned()],
        ..Restore::default()
    };
    store.restore(&restore).await?;
    let mut all = Vec::new();
    for path in &snapshot.paths {
        let target = directory.join(path.trim_start_matches('/'));
        for entry in fs_err::read_dir(&target).into_iter().flatten().flatten() {
            let Ok(service) = Utf8PathBuf::from_path_buf(entry.path()) else {
                continue;
            };
            for file in service.read_dir_utf8().into_iter().flatten().flatten() {
                let Some(dump) = file.path().as_str().strip_suffix(".json") else {
                    continue;
                };
                if let Ok(manifest) = manifest::read(Utf8Path::new(dump)) {
                    all.push(Listed {
                        path: dump.into(),
                        manifest,
                    });
                }
            }
        }
    }
    all.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(Some((snapshot.id.clone(), all)))
}

/// Brings dumps that [`stored`] has found out of their snapshot, to where their manifests are.
///
/// # Errors
/// Those of the store.
pub async fn fetch<S: SnapshotStore>(
    store: &S,
    snapshot: &str,
    dumps: &[Listed],
    directory: &Utf8Path,
) -> Result<(), Error> {
    let restore = Restore {
        snapshot: snapshot.to_owned(),
        target: directory.into(),
        includes: dumps
            .iter()
            .filter_map(|one| one.path.strip_prefix(directory).ok())
            .map(|path| pattern(&format!("/{path}")))
            .collect(),
        over: true,
        verify: true,
    };
    if restore.includes.is_empty() {
        return Ok(());
    }
    Ok(store.restore(&restore).await?)
}
