//! Copies of containers, with restored files in the place of their data.
//!
//! Nothing of the machine is mounted into a copy: what the original reads only is copied into it,
//! what it writes to becomes a throw-away volume with what was dumped in it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use bytes::Bytes;
use camino::{Utf8Path, Utf8PathBuf};
use engine::{Details, Engine};
use futures_util::stream;

use super::place::Place;
use super::stored::Brought;
use crate::Error;
use crate::discovery::{Kind, Mount, Service, is_system};
use crate::manifest::Listed;
use crate::restore;

/// More than this is no configuration, and is not copied.
const MOST: usize = 32 << 20;

/// Where Compose puts secrets, whether they are mounted or copied.
const SECRETS: &str = "/run/secrets";

/// A container that copies are made of.
#[derive(Debug)]
pub(super) struct Original<'s> {
    pub(super) service: &'s Service,
    pub(super) details: Details,
}

impl<'s> Original<'s> {
    /// Looks at the container of a service; it need not run.
    pub(super) async fn of(engine: &Engine, service: &'s Service) -> Result<Self, Error> {
        let Some(running) = &service.container else {
            return Err(Error::Refused {
                why: format!(
                    "{} has no container to copy: `docker compose create` makes one",
                    service.full_name()
                ),
            });
        };
        Ok(Self {
            service,
            details: engine.details(&running.id).await?,
        })
    }
}

/// What goes into a copy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Files<'f> {
    /// Archives and SQLite files.
    pub(super) dumps: &'f [&'f Listed],
    /// What came out of snapshots, by the path in the container.
    pub(super) brought: &'f BTreeMap<String, Brought>,
}

/// Makes a copy of a container with files in it, and does not start it. What `is_data` says of a path is
/// left empty. What could not be had of the original is noted.
pub(super) async fn make(
    place: &Place<'_>,
    original: &Original<'_>,
    image: &str,
    files: Files<'_>,
    is_data: impl Fn(&str) -> bool,
    notes: &mut Vec<String>,
) -> Result<String, Error> {
    let Original { service, details } = original;
    let dumps = files.dumps;
    let mut spec = place.spec(&service.name, image);
    spec.entrypoint = Some(details.entrypoint.clone());
    spec.command = Some(details.command.clone());
    spec.env = details.env.clone();
    spec.user = Some(details.user.clone()).filter(|user| !user.is_empty());
    spec.directory = Some(details.directory.clone()).filter(|path| !path.is_empty());
    spec.tmpfs = details.tmpfs.clone();
    spec.health_check = details.health_check.clone();
    spec.aliases.push(details.name.clone());
    spec.aliases.extend(details.aliases.iter().cloned());
    let mut read_only = Vec::new();
    for mount in &service.mounts {
        let target = mount.target.as_str();
        let dump = archive_of(dumps, target);
        let brought = files.brought.get(target);
        if is_data(target) || target.starts_with(SECRETS) {
            continue;
        }
        if mount.volume.is_none() && is_system(&mount.source)
            || Utf8Path::new(target).extension() == Some("sock")
        {
            notes.push(format!("`{target}` is of the system, and not in the copy"));
        } else if mount.read_only && dump.is_none() {
            read_only.push(mount);
        } else if dump.is_some_and(is_a_file)
            || brought.is_some_and(|brought| brought.path.is_file())
            || mount.source.is_file()
        {
            if dump.is_none() && brought.is_none() && !sqlite_of(dumps, target) {
                notes.push(format!("`{target}` was not dumped: it is not in the copy"));
            }
        } else {
            if dump.is_none() && brought.is_none() {
                notes.push(format!(
                    "`{target}` was not dumped: it is empty in the copy"
                ));
            }
            let volume = place.volume().await?;
            spec.binds.push(format!("{volume}:{target}"));
        }
    }
    let container = place.engine.create(&spec).await?;
    for target in read_only
        .into_iter()
        .map(|mount: &Mount| mount.target.as_str())
        .chain([SECRETS])
    {
        configuration(place.engine, &details.id, &container, target, notes).await?;
    }
    for (target, brought) in files.brought {
        brought.put(place.engine, &container, target).await?;
        notes.push(format!(
            "`{target}` is as in the snapshot {}",
            brought.snapshot.get(..8).unwrap_or(&brought.snapshot)
        ));
    }
    // A SQLite file belongs into its directory.
    let mut dumps = dumps.to_vec();
    dumps.sort_by_key(|dump| dump.manifest.kind.is_some());
    for dump in dumps {
        unpacked(place.engine, &container, dump).await?;
    }
    Ok(container)
}

/// The archive among dumps that is of a path.
fn archive_of<'d>(dumps: &[&'d Listed], target: &str) -> Option<&'d Listed> {
    dumps.iter().copied().find(|dump| {
        dump.manifest.kind.is_none() && dump.manifest.target.as_deref() == Some(target)
    })
}

fn sqlite_of(dumps: &[&Listed], target: &str) -> bool {
    let mut all = dumps.iter().map(|dump| &dump.manifest);
    all.any(|one| one.kind == Some(Kind::Sqlite) && one.target.as_deref() == Some(target))
}

/// Whether an archive is of a single file.
fn is_a_file(dump: &Listed) -> bool {
    let first = || -> std::io::Result<bool> {
        let file = fs_err::File::open(&dump.path)?;
        let mut archive = tar::Archive::new(zstd::Decoder::new(file)?);
        let first = archive.entries()?.next().transpose()?;
        Ok(first.is_some_and(|first| first.header().entry_type().is_file()))
    };
    first().unwrap_or(false)
}

/// Copies what a container only reads.
async fn configuration(
    engine: &Engine,
    from: &str,
    to: &str,
    target: &str,
    notes: &mut Vec<String>,
) -> Result<(), Error> {
    let mut archive = engine.archive(from, target);
    let mut tar = Vec::new();
    loop {
        match archive.read().await {
            Ok(Some(piece)) => tar.extend_from_slice(&piece),
            Ok(None) => break,
            Err(engine::Error::NotFound { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        if tar.len() > MOST {
            notes.push(format!(
                "`{target}` is more than {} MiB: it is not in the copy",
                MOST >> 20
            ));
            return Ok(());
        }
    }
    let parent = Utf8Path::new(target).parent().unwrap_or(Utf8Path::new(""));
    let moved = below(&tar, parent.as_str().trim_start_matches('/'))
        .map_err(|error| Error::file("read", target, error))?;
    let pieces = stream::iter([Ok(Bytes::from(moved))]);
    Ok(engine.unpack(to, "/", pieces).await?)
}

/// An archive with all its entries in a directory: who unpacks it at the root makes what is missing on
/// the way.
fn below(tar: &[u8], directory: &str) -> std::io::Result<Vec<u8>> {
    let mut moved = tar::Builder::new(Vec::new());
    for entry in tar::Archive::new(tar).entries()? {
        let mut entry = entry?;
        let mut header = entry.header().clone();
        let path = std::path::Path::new(directory).join(entry.path()?);
        let link = entry.link_name()?.map(std::borrow::Cow::into_owned);
        match (header.entry_type(), link) {
            (tar::EntryType::Symlink, Some(link)) => moved.append_link(&mut header, path, link)?,
            (tar::EntryType::Link, Some(link)) => {
                let link = std::path::Path::new(directory).join(link);
                moved.append_link(&mut header, path, link)?;
            }
            (tar::EntryType::Regular | tar::EntryType::Directory, _) => {
                moved.append_data(&mut header, path, &mut entry)?;
            }
            _ => {}
        }
    }
    moved.into_inner()
}

/// Puts the files of a dump into a container: an archive, or a SQLite file.
async fn unpacked(engine: &Engine, container: &str, dump: &Listed) -> Result<(), Error> {
    let target = Utf8PathBuf::from(dump.manifest.target.clone().unwrap_or_default());
    let parent = target.parent().unwrap_or(Utf8Path::new("/"));
    if dump.manifest.kind.is_none() {
        return restore::unpack(engine, container, parent.as_str(), restore::contents(dump)?).await;
    }
    let size = dump.manifest.raw.bytes;
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    // Whoever the application runs as, if that is not known.
    let owner = dump.manifest.owner.unwrap_or_default();
    header.set_uid(u64::from(owner.user));
    header.set_gid(u64::from(owner.group));
    header.set_mode(dump.manifest.owner.map_or(0o666, |owner| owner.mode));
    let mut start = tar::Builder::new(Vec::new());
    let name = target.as_str().trim_start_matches('/');
    start
        .append_data(&mut header, name, std::io::empty())
        .map_err(|error| Error::file("read", &dump.path, error))?;
    let start = start.get_ref().clone();
    let padding = (512 - size % 512) % 512 + 1024;
    let padding = vec![0; usize::try_from(padding).unwrap_or_default()];
    let whole = Cursor::new(start)
        .chain(restore::contents(dump)?)
        .chain(Cursor::new(padding));
    restore::unpack(engine, container, "/", whole).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_moved_into_a_directory() {
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(3);
        header.set_mode(0o640);
        header.set_uid(7);
        let long = format!("conf/{}", "x".repeat(150));
        tar.append_data(&mut header.clone(), &long, &b"abc"[..])
            .unwrap();
        header.set_size(0);
        header.set_entry_type(tar::EntryType::Symlink);
        tar.append_link(&mut header, "conf/link", "../elsewhere")
            .unwrap();
        let moved = below(&tar.into_inner().unwrap(), "usr/local/etc").unwrap();
        let mut archive = tar::Archive::new(moved.as_slice());
        let mut seen = Vec::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            let path = entry.path().unwrap().display().to_string();
            let link = entry
                .link_name()
                .unwrap()
                .map(|link| link.display().to_string());
            seen.push((path, entry.header().uid().unwrap(), text, link));
        }
        let first = (format!("usr/local/etc/{long}"), 7, "abc".to_owned(), None);
        let second = (
            "usr/local/etc/conf/link".to_owned(),
            7,
            String::new(),
            Some("../elsewhere".to_owned()),
        );
        assert_eq!(seen, [first, second]);
    }
}
