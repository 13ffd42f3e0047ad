//! Files put back into their places.

use std::io::Read;

use bytes::Bytes;
use camino::{Utf8Path, Utf8PathBuf};
use engine::Engine;

use crate::Error;
use crate::discovery::Service;
use crate::manifest::{Listed, Owner};

/// The path on the host of a path in the container.
pub(super) fn on_host(service: &Service, target: &str) -> Option<Utf8PathBuf> {
    let mounts = service
        .mounts
        .iter()
        .filter(|mount| !mount.source.as_str().is_empty());
    let inside = mounts.filter_map(|mount| {
        let rest = Utf8Path::new(target).strip_prefix(&mount.target).ok()?;
        Some((
            mount.target.len(),
            if rest.as_str().is_empty() {
                mount.source.clone()
            } else {
                mount.source.join(rest)
            },
        ))
    });
    // The innermost mount is the one that is seen.
    inside
        .max_by_key(|(length, _)| *length)
        .map(|(_, path)| path)
}

/// Puts a SQLite file or an archive back, with the container stopped meanwhile.
pub(super) async fn files(
    engine: &Engine,
    container: &str,
    file: Option<&Utf8Path>,
    listed: &Listed,
) -> Result<(), Error> {
    let details = engine.details(container).await?;
    if details.running {
        engine.stop(container, None).await?;
    }
    let result = match file {
        Some(path) => {
            let (listed, path) = (listed.clone(), path.to_owned());
            let work = tokio::task::spawn_blocking(move || replace(&listed, &path));
            work.await.map_err(|_| Error::Cancelled)?
        }
        None => {
            let target = listed.manifest.target.clone().unwrap_or_default();
            let parent = Utf8Path::new(&target)
                .parent()
                .unwrap_or(Utf8Path::new("/"));
            unpack(engine, container, parent.as_str(), contents(listed)?).await
        }
    };
    if details.running {
        engine.start(container).await?;
    }
    result
}

fn replace(listed: &Listed, path: &Utf8Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt as _;
    let failed = |action| move |error| Error::file(action, path, error);
    // That of the file now; without one, as it was dumped; without that, that of the directory.
    let above = || Owner::of(path.parent()?).map(|owner| (owner, 0o600));
    let owner = Owner::of(path)
        .or(listed.manifest.owner)
        .map(|owner| (owner, owner.mode))
        .or_else(above);
    let partial = Utf8PathBuf::from(format!("{path}.restore.partial"));
    let done = unpack_sqlite(listed, &partial).and_then(|()| {
        if let Some((owner, mode)) = owner {
            std::os::unix::fs::chown(&partial, Some(owner.user), Some(owner.group))
                .map_err(failed("give the owner of"))?;
            fs_err::set_permissions(&partial, std::fs::Permissions::from_mode(mode))
                .map_err(failed("set the permissions of"))?;
        }
        for end in ["-wal", "-shm", "-journal"] {
            let stale = Utf8PathBuf::from(format!("{path}{end}"));
            match fs_err::remove_file(&stale) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Error::file("remove", stale, error));
                }
                _ => {}
            }
        }
        fs_err::rename(&partial, path).map_err(failed("replace"))
    });
    if done.is_err() {
        fs_err::remove_file(&partial).ok();
    }
    done
}

/// Unpacks a dump of a SQLite file.
pub(crate) fn unpack_sqlite(listed: &Listed, to: &Utf8Path) -> Result<(), Error> {
    let read = |error| Error::file("read", &listed.path, error);
    let write = |error| Error::file("write", to, error);
    let file = fs_err::File::open(&listed.path).map_err(read)?;
    let mut decoder = zstd::Decoder::new(file).map_err(read)?;
    let mut out = fs_err::File::create(to).map_err(write)?;
    std::io::copy(&mut decoder, &mut out).map_err(write)?;
    out.sync_all().map_err(write)
}

/// What is in a dump, from its beginning.
pub(crate) fn contents(listed: &Listed) -> Result<impl Read + Send + 'static, Error> {
    let failed = |error| Error::file("read", &listed.path, error);
    let file = fs_err::File::open(&listed.path).map_err(failed)?;
    zstd::Decoder::new(file).map_err(failed)
}

/// Unpacks a tar archive into a directory of a container.
pub(crate) async fn unpack(
    engine: &Engine,
    container: &str,
    directory: &str,
    mut tar: impl Read + Send + 'static,
) -> Result<(), Error> {
    let (send, receive) = tokio::sync::mpsc::channel::<std::io::Result<Bytes>>(16);
    let reader = tokio::task::spawn_blocking(move || {
        loop {
            let mut piece = vec![0; 64 * 1024];
            let read = tar.read(&mut piece);
            let end = !matches!(read, Ok(more) if more > 0);
            let item = read.map(|read| {
                piece.truncate(read);
                Bytes::from(piece)
            });
            if !matches!(&item, Ok(bytes) if bytes.is_empty()) && send.blocking_send(item).is_err()
                || end
            {
                return;
            }
        }
    });
    let stream = futures_util::stream::unfold(receive, |mut receive| async {
        receive.recv().await.map(|item| (item, receive))
    });
    let done = engine.unpack(container, directory, stream).await;
    reader.await.ok();
    Ok(done?)
}

/// Refuses two directories of which one is, or lies in, the other, links followed.
///
/// # Errors
/// [`Error::Refused`].
pub fn refuse_overlap(test: &Utf8Path, production: &Utf8Path) -> Result<(), Error> {
    let real = |path: &Utf8Path| {
        // What is not there yet is below something that is.
        let mut rest = Vec::new();
        let mut head = path.to_owned();
        loop {
            if let Ok(real) = head.canonicalize_utf8() {
                return rest
                    .iter()
                    .rev()
                    .fold(real, |path, name: &String| path.join(name));
            }
            match (
                head.file_name().map(str::to_owned),
                head.parent().map(Utf8Path::to_owned),
            ) {
                (Some(name), Some(parent)) => {
                    rest.push(name);
                    head = parent;
                }
                _ => return path.to_owned(),
            }
        }
    };
    let (one, other) = (real(test), real(production));
    if one.starts_with(&other) || other.starts_with(&one) {
        return Err(Error::Refused {
            why: format!(
                "`{test}` and `{production}` are in each other: a drill must not come near the data in use"
            ),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discovery::Mount;

    #[test]
    fn the_innermost_mount_has_the_file() {
        let mut service = Service::new("p", "s");
        service.mounts = vec![
            Mount::bind("/srv/a", "/data"),
            Mount::bind("/srv/b", "/data/inner"),
        ];
        assert_eq!(on_host(&service, "/data/x.db").unwrap(), "/srv/a/x.db");
        assert_eq!(
            on_host(&service, "/data/inner/x.db").unwrap(),
            "/srv/b/x.db"
        );
        assert_eq!(on_host(&service, "/other/x.db"), None);
    }

    #[test]
    fn directories_in_each_other_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let dir = Utf8Path::from_path(dir.path()).unwrap();
        let prod = dir.join("prod");
        fs_err::create_dir(&prod).unwrap();
        fs_err::os::unix::fs::symlink(&prod, dir.join("link")).unwrap();
        for bad in ["prod", "prod/test", "link", "link/new/er", "."] {
            assert!(refuse_overlap(&dir.join(bad), &prod).is_err(), "{bad}");
        }
        refuse_overlap(&dir.join("test"), &prod).unwrap();
        refuse_overlap(&dir.join("prod-test"), &prod).unwrap();
    }
}
