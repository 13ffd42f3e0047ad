//! What commands see of the world.

use std::collections::BTreeMap;

use camino::Utf8Path;
use common::{Io, MessageFormat};
use dns_zone::{LoadOptions, Loaded, Name};
use yaml_tree::Disk;

/// What a command sees of the world.
pub(crate) struct World<'w, 'i> {
    /// The current directory, absolute.
    pub(crate) dir: &'w Utf8Path,
    /// The environment.
    pub(crate) env: &'w BTreeMap<String, String>,
    pub(crate) io: &'w mut Io<'i>,
    pub(crate) format: MessageFormat,
    /// The findings are all that the command prints: a document of them is data.
    pub(crate) findings_are_data: bool,
}

impl World<'_, '_> {
    /// Reads a zone file and what it includes; messages call it what the command line does.
    pub(crate) fn load(&mut self, path: &Utf8Path, origin: &Name) -> Result<Loaded, String> {
        let files = InDir { dir: self.dir };
        dns_zone::load(path, &LoadOptions::new(origin.clone()), &files)
            .map_err(|error| format!("cannot read `{path}`: {error}"))
    }

    /// Says why a command cannot go on.
    pub(crate) fn fail(&mut self, message: &str) -> u8 {
        self.io.message(format!("error: {message}\n"));
        common::exit::FAILED
    }
}

/// The disk, seen from a directory.
pub(crate) struct InDir<'d> {
    pub(crate) dir: &'d Utf8Path,
}

impl yaml_tree::Files for InDir<'_> {
    fn read(&self, path: &Utf8Path) -> std::io::Result<Vec<u8>> {
        Disk.read(&self.dir.join(path))
    }

    fn kind(&self, path: &Utf8Path) -> std::io::Result<Option<yaml_tree::FileKind>> {
        Disk.kind(&self.dir.join(path))
    }

    fn list(&self, path: &Utf8Path) -> std::io::Result<Vec<yaml_tree::DirEntry>> {
        Disk.list(&self.dir.join(path))
    }

    fn links_resolved(&self, path: &Utf8Path) -> Option<camino::Utf8PathBuf> {
        Disk.links_resolved(&self.dir.join(path))
    }
}
