//! Files of applications that lie in the store of snapshots.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use engine::Engine;

use crate::Error;
use crate::discovery::Service;
use crate::lock;
use crate::manifest::Listed;
use crate::plan::file_name;
use crate::restore;
use crate::run::Snapshots;
use crate::store::{Restore, Snapshot, SnapshotStore, Which, pattern};

/// A store with what is in it, and a directory for what comes out of it.
#[derive(Debug)]
pub(super) struct Stored<'s, S> {
    store: &'s S,
    snapshots: Vec<Snapshot>,
    directory: Utf8PathBuf,
}

/// A directory or file out of a snapshot, gone when it is dropped.
#[derive(Debug)]
pub(super) struct Brought {
    /// The snapshot it is of.
    pub(super) snapshot: String,
    pub(super) path: Utf8PathBuf,
    directory: Utf8PathBuf,
}

impl Drop for Brought {
    fn drop(&mut self) {
        fs_err::remove_dir_all(&self.directory).ok();
    }
}

impl<'s, S: SnapshotStore> Stored<'s, S> {
    /// Looks at what there is of this machine. What a killed drill has left in the directory goes.
    pub(super) async fn look(
        snapshots: &Snapshots<'s, S>,
        directory: &Utf8Path,
        target: &Utf8Path,
    ) -> Result<Self, Error> {
        let which = Which {
            host: Some(snapshots.host.clone()),
            ..Which::default()
        };
        let directory = directory.join(format!("files-{}", file_name(target.as_str())));
        match fs_err::remove_dir_all(&directory) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::file("remove", directory, error));
            }
            _ => {}
        }
        lock::make_directory(&directory)?;
        Ok(Self {
            store: snapshots.store,
            snapshots: snapshots.store.snapshots(&which).await?,
            directory,
        })
    }

    /// What the newest snapshots have of a service's mounts, by their paths in the container. Where
    /// there is an archive, that is not looked for.
    pub(super) async fn of(
        &self,
        service: &Service,
        dumps: &[&Listed],
    ) -> Result<BTreeMap<String, Brought>, Error> {
        let mut all = BTreeMap::new();
        for mount in service.mounts.iter().filter(|mount| !mount.read_only) {
            let archived = dumps.iter().any(|dump| {
                dump.manifest.kind.is_none()
                    && dump.manifest.target.as_deref() == Some(mount.target.as_str())
            });
            let mut newest = self.snapshots.iter().rev();
            let snapshot = newest.find(|one| one.paths.iter().any(|path| mount.source == *path));
            let Some(snapshot) = snapshot.filter(|_| !archived) else {
                continue;
            };
            let directory = self.directory.join(all.len().to_string());
            let brought = Brought {
                snapshot: snapshot.id.clone(),
                path: directory.join(mount.source.as_str().trim_start_matches('/')),
                directory: directory.clone(),
            };
            let restore = Restore {
                snapshot: snapshot.id.clone(),
                target: directory.into(),
                includes: vec![pattern(mount.source.as_str())],
                over: false,
                verify: true,
            };
            self.store.restore(&restore).await?;
            all.insert(mount.target.clone(), brought);
        }
        Ok(all)
    }
}

impl Brought {
    /// Puts it into a container, at a path there.
    pub(super) async fn put(
        &self,
        engine: &Engine,
        container: &str,
        target: &str,
    ) -> Result<(), Error> {
        let target = Utf8Path::new(target.trim_end_matches('/'));
        let parent = target.parent().unwrap_or(Utf8Path::new("/"));
        let (path, name) = (
            self.path.clone(),
            target.file_name().unwrap_or(".").to_owned(),
        );
        let failed = |error| Error::file("read", &self.path, error);
        let (reader, writer) = std::io::pipe().map_err(failed)?;
        let pack = tokio::task::spawn_blocking(move || {
            let mut tar = tar::Builder::new(std::io::BufWriter::new(writer));
            tar.follow_symlinks(false);
            if path.is_dir() {
                tar.append_dir_all(name, &path)?;
            } else {
                tar.append_path_with_name(&path, name)?;
            }
            std::io::Write::flush(&mut tar.into_inner()?)
        });
        let put = restore::unpack(engine, container, parent.as_str(), reader).await;
        // Who could not read says more than who was given too little.
        pack.await
            .map_err(|_| Error::Cancelled)?
            .map_err(failed)
            .and(put)
    }
}
