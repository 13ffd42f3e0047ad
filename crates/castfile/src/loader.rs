//! Castfiles from files: each read and parsed once, however often it is asked for.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use yaml_tree::{Diagnostic, Files, Source, Span, normalize_path};

use crate::model::Castfile;
use crate::paths::{self, UserDirs};
use crate::{Error, parse};

/// Loads castfiles and projects.
///
/// ```
/// use castfile::{Loader, MemoryFiles, UserDirs};
///
/// let files = MemoryFiles::from([
///     ("/lab/castfile", "imports: [docker]\ntasks:\n  hello: echo hello\n"),
///     ("/lab/.cast/modules/docker/castfile", "tasks:\n  up:\n    run: docker compose up -d\n"),
/// ]);
/// let loader = Loader::new(&files, UserDirs::default());
/// let project = loader.project("/lab/castfile".as_ref())?;
/// let ids: Vec<_> = project.tasks().iter().map(|task| task.id().as_str()).collect();
/// assert_eq!(ids, ["up", "hello"]);
/// # Ok::<(), castfile::Error>(())
/// ```
pub struct Loader<'f> {
    pub(crate) files: &'f dyn Files,
    pub(crate) dirs: UserDirs,
    /// Directory that file names in messages are relative to.
    shown_from: Option<Utf8PathBuf>,
    cache: RefCell<HashMap<Utf8PathBuf, Loaded>>,
}

/// A parsed file with the warnings that its text gave.
#[derive(Clone)]
pub(crate) struct Loaded {
    pub(crate) castfile: Arc<Castfile>,
    pub(crate) warnings: Arc<[Diagnostic]>,
}

impl std::fmt::Debug for Loader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loader")
            .field("dirs", &self.dirs)
            .field("cached", &self.cache.borrow().len())
            .finish_non_exhaustive()
    }
}

impl<'f> Loader<'f> {
    /// A loader over `files`, with the user's directories for modules kept there.
    pub fn new(files: &'f dyn Files, dirs: UserDirs) -> Self {
        Self {
            files,
            dirs,
            shown_from: None,
            cache: RefCell::default(),
        }
    }

    /// Shows file names in messages relative to `dir` where they lie below it.
    #[must_use]
    pub fn showing_from(mut self, dir: impl Into<Utf8PathBuf>) -> Self {
        self.shown_from = Some(dir.into());
        self
    }

    /// The files this loader reads from.
    pub fn files(&self) -> &'f dyn Files {
        self.files
    }

    /// The user's directories.
    pub fn dirs(&self) -> &UserDirs {
        &self.dirs
    }

    /// The castfile at `path`, parsed but with nothing resolved.
    ///
    /// # Errors
    /// [`Error::Read`], or [`Error::Invalid`] with all that is wrong in the text.
    pub fn castfile(&self, path: &Utf8Path) -> Result<Arc<Castfile>, Error> {
        self.load(path).map(|loaded| loaded.castfile)
    }

    pub(crate) fn load(&self, path: &Utf8Path) -> Result<Loaded, Error> {
        let path = normalize_path(path);
        if let Some(loaded) = self.cache.borrow().get(&path) {
            return Ok(loaded.clone());
        }
        let source = self.source(&path)?;
        let parsed = parse(&source, path.clone());
        if parsed.has_errors() {
            return Err(Error::Invalid(parsed.diagnostics));
        }
        let Some(castfile) = parsed.value else {
            return Err(Error::Invalid(parsed.diagnostics));
        };
        let loaded = Loaded {
            castfile: Arc::new(castfile),
            warnings: parsed.diagnostics.into(),
        };
        self.cache.borrow_mut().insert(path, loaded.clone());
        Ok(loaded)
    }

    /// The text of a file, named as messages show it.
    pub(crate) fn source(&self, path: &Utf8Path) -> Result<Source, Error> {
        let bytes = self.files.read(path).map_err(|source| Error::Read {
            path: path.to_owned(),
            source,
        })?;
        Source::from_bytes(self.shown(path), bytes).map_err(|found| Error::from(*found))
    }

    pub(crate) fn shown(&self, path: &Utf8Path) -> String {
        match &self.shown_from {
            Some(base) => paths::shown(path, base),
            None => path.to_string(),
        }
    }
}

/// Adds to the findings of an imported file where the import stands.
pub(crate) fn brought_in_by(error: Error, site: &Span) -> Error {
    match error {
        Error::Invalid(found) => Error::Invalid(
            found
                .into_iter()
                .map(|found| found.secondary(site.clone(), "imported here"))
                .collect(),
        ),
        Error::Read { path, source } => Diagnostic::error(
            "castfile::unreadable",
            format!("cannot read `{path}`: {}", crate::error::reason(&source)),
        )
        .primary(site.clone(), "imported here")
        .into(),
        other => other,
    }
}
