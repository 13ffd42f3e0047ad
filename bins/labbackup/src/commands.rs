//! The verbs.

pub(crate) mod check;
pub(crate) mod doctor;
pub(crate) mod drill;
pub(crate) mod labels;
pub(crate) mod list;
pub(crate) mod plan;
pub(crate) mod prune;
pub(crate) mod restore;
pub(crate) mod run;
pub(crate) mod schedule;

use backup::discovery::Service;
use backup::manifest::{self, Listed};
use camino::Utf8PathBuf;

use crate::exit;
use crate::world::World;

/// A value as JSON, with a newline.
pub(crate) fn json(value: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// The dumps below all targets, for these services or all.
pub(crate) fn dumps(
    world: &mut World<'_, '_>,
    services: &[Service],
    wanted: &[String],
) -> Result<(Vec<Listed>, Vec<Utf8PathBuf>), u8> {
    let targets = world.targets(services);
    if targets.is_empty() {
        world.wrong(
            "nobody says where dumps are",
            Some("set `MNT_DIR`, which must not be empty, or give `--target DIRECTORY`"),
        );
        return Err(exit::WRONG);
    }
    let mut all = Vec::new();
    for target in &targets {
        match manifest::list_all(target) {
            Ok(found) => all.extend(found),
            Err(error) => {
                world.wrong(&format!("cannot read `{target}`: {error}"), None);
                return Err(exit::FAILED);
            }
        }
    }
    if !wanted.is_empty() {
        for name in wanted {
            if !all.iter().any(|one| is_of(one, name)) {
                world.wrong(
                    &format!("there is no dump of `{name}`"),
                    Some("`labbackup list` shows what there is"),
                );
                return Err(exit::FAILED);
            }
        }
        all.retain(|one| wanted.iter().any(|name| is_of(one, name)));
    }
    Ok((all, targets))
}

/// Whether a dump is of the service of this name.
pub(crate) fn is_of(one: &Listed, name: &str) -> bool {
    let manifest = &one.manifest;
    manifest.service == name
        || format!("{}/{}", manifest.project, manifest.service) == name
        || one.path.parent().and_then(|dir| dir.file_name()) == Some(name)
}

/// Bytes for people.
pub(crate) fn size(bytes: u64) -> String {
    indicatif::HumanBytes(bytes).to_string()
}

/// An identifier of a snapshot as restic shows it.
pub(crate) fn short(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}
