//! `@alias` words: which project a command line means.

use camino::{Utf8Path, Utf8PathBuf};
use yaml_tree::{Diagnostic, FileKind};

use crate::discover::{self, WorkspaceScan, find_upward, in_directory, scan_for, scan_workspace};
use crate::model::{Castfile, ProjectRef};
use crate::{Error, Loader, paths};

/// The project that a command line selects.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Selection {
    /// The castfile.
    pub castfile: Utf8PathBuf,
    /// The context after the last `@name:context` that had one.
    pub context: Option<String>,
}

impl Loader<'_> {
    /// Finds the project for a command run in `cwd`.
    ///
    /// `project` is the value of `-p`: a castfile, a directory with one, or an alias. `words` are
    /// the `@` words in order, with or without the `@`; each is looked up from the project
    /// selected so far, the first hit winning: its `workspace.aliases`; its sub-projects; a
    /// directory below it that has a castfile; the projects discovered in its workspace; the same
    /// in the workspaces around it; a path from `cwd`. Where frostyeti/cast v0.3.2 finds a
    /// project (it knows only the last word), this finds the same one.
    ///
    /// ```
    /// use castfile::{Loader, MemoryFiles, UserDirs};
    /// let files = MemoryFiles::from([
    ///     ("/lab/castfile", "modules:\n  compose: {path: ./compose}\n"),
    ///     ("/lab/compose/castfile", "tasks: {}"),
    ///     ("/lab/compose/setup/castfile", "tasks: {up: docker network create x}"),
    /// ]);
    /// let loader = Loader::new(&files, UserDirs::default());
    /// let found = loader.select("/lab".as_ref(), None, &["@compose", "@setup:prod"])?;
    /// assert_eq!(found.castfile, "/lab/compose/setup/castfile");
    /// assert_eq!(found.context.as_deref(), Some("prod"));
    /// # Ok::<(), castfile::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoCastfile`], [`Error::UnknownProject`], [`Error::AmbiguousProject`], or what is
    /// wrong with a castfile on the way.
    pub fn select(
        &self,
        cwd: &Utf8Path,
        project: Option<&str>,
        words: &[&str],
    ) -> Result<Selection, Error> {
        let mut at = Place::Nowhere(cwd.to_owned());
        let mut context = None;
        match project.filter(|project| !project.is_empty()) {
            Some(project) => at = self.named_project(cwd, project)?,
            None => match self.nearest(cwd) {
                Ok(castfile) => at = Place::In(castfile),
                Err(Error::NoCastfile { .. }) if !words.is_empty() => {}
                Err(error) => return Err(error),
            },
        }
        for word in words {
            let word = word.trim_start_matches('@');
            let (name, wanted) = match word.split_once(':') {
                Some((name, context)) => (name, Some(context)),
                None => (word, None),
            };
            // `@:prod` chooses a context and stays where it is.
            if !name.is_empty() || wanted.is_none_or(str::is_empty) {
                at = Place::In(self.follow(cwd, &at, name)?);
            }
            if let Some(wanted) = wanted.filter(|wanted| !wanted.is_empty()) {
                context = Some(wanted.to_owned());
            }
        }
        match at {
            Place::In(castfile) => Ok(Selection { castfile, context }),
            Place::Nowhere(start) => Err(Error::NoCastfile { start }),
        }
    }

    /// The castfile for a command in `cwd` that names none: the nearest upward, or the one in
    /// `cwd` itself if only a workspace takes it for a project (its name is `cast.yaml`, or an
    /// alias leads to it).
    fn nearest(&self, cwd: &Utf8Path) -> Result<Utf8PathBuf, Error> {
        let nearest = find_upward(self.files, cwd)?;
        if nearest.parent() == Some(cwd) {
            return Ok(nearest);
        }
        let around = self.castfile(&nearest)?;
        let home = self.dirs.home.as_deref().map(Utf8Path::as_str);
        let aliases = around.workspace.iter().flat_map(|found| &found.aliases);
        let declared = aliases
            .chain(&around.projects)
            .map(|project| paths::resolve(&project.path.value, around.dir(), home))
            .find(|target| target.parent() == Some(cwd) && self.files.is_file(target));
        if let Some(target) = declared {
            return Ok(target);
        }
        let Some(here) = in_directory(self.files, cwd)? else {
            return Ok(nearest);
        };
        let in_workspace = around.workspace.is_some()
            || self
                .workspaces_around(&around)?
                .iter()
                .any(|above| above.workspace.is_some());
        Ok(if in_workspace { here } else { nearest })
    }

    /// The castfile that `-p` names, or the place an alias leads to.
    fn named_project(&self, cwd: &Utf8Path, project: &str) -> Result<Place, Error> {
        let home = self.dirs.home.as_deref().map(Utf8Path::as_str);
        let path = paths::resolve(project, cwd, home);
        let kind = match self.files.kind(&path) {
            Ok(kind) => kind,
            Err(source) => return Err(Error::Read { path, source }),
        };
        if kind == Some(FileKind::File) {
            return Ok(Place::In(path));
        }
        if kind == Some(FileKind::Directory)
            && let Some(found) = in_directory(self.files, &path)?
        {
            return Ok(Place::In(found));
        }
        let name = project.trim_start_matches('@');
        let start = match find_upward(self.files, cwd) {
            Ok(castfile) => Place::In(castfile),
            Err(_) => Place::Nowhere(cwd.to_owned()),
        };
        match self.follow(cwd, &start, name) {
            Ok(found) => Ok(Place::In(found)),
            Err(Error::UnknownProject { .. }) if kind == Some(FileKind::Directory) => {
                Err(Error::NoCastfileIn {
                    path: self.shown(&path).into(),
                })
            }
            // What is written like a path is no alias with a slip of the pen.
            Err(Error::UnknownProject { .. }) if project.contains('/') => Err(Error::Read {
                path: self.shown(&path).into(),
                source: std::io::ErrorKind::NotFound.into(),
            }),
            Err(error) => Err(error),
        }
    }

    /// One `@name` from the project selected so far.
    fn follow(&self, cwd: &Utf8Path, at: &Place, name: &str) -> Result<Utf8PathBuf, Error> {
        let mut search = Search {
            name,
            searched: Vec::new(),
            known: Vec::new(),
            workspaces: Vec::new(),
        };
        let from = match at {
            Place::In(path) => {
                let castfile = self.castfile(path)?;
                if let Some(found) = self.within(&castfile, &mut search)? {
                    return Ok(found);
                }
                for around in self.workspaces_around(&castfile)? {
                    if let Some(found) = self.within(&around, &mut search)? {
                        return Ok(found);
                    }
                }
                castfile.path.clone()
            }
            Place::Nowhere(dir) => dir.clone(),
        };
        let path = paths::resolve(name, cwd, None);
        // `@` alone names nothing.
        if !name.is_empty() {
            if self.files.is_file(&path) {
                return Ok(path);
            }
            if let Some(found) = in_directory(self.files, &path)? {
                return Ok(found);
            }
        }
        let path = format!("the path `{}`", self.shown(&path));
        let same = path.trim_start_matches("the path");
        if !search
            .searched
            .iter()
            .any(|searched| searched.ends_with(same))
        {
            search.searched.push(path);
        }
        let dir = match at {
            Place::In(castfile) => castfile.parent().unwrap_or(cwd),
            Place::Nowhere(dir) => dir,
        };
        search.known.extend(self.projects_in(dir));
        for workspace in &search.workspaces {
            search.known.extend(self.aliases_in(workspace)?);
        }
        search.known.sort();
        search.known.dedup();
        let known = search.known.iter().map(String::as_str);
        Err(Error::UnknownProject {
            name: name.to_owned(),
            from: match at {
                Place::In(_) => self.shown(&from).into(),
                Place::Nowhere(_) => from,
            },
            suggestion: yaml_tree::nearest(name, known).map(str::to_owned),
            searched: search.searched,
            known: search.known,
        })
    }

    /// The directories in `dir` that have a castfile, for suggestions.
    fn projects_in(&self, dir: &Utf8Path) -> Vec<String> {
        let entries = self.files.list(dir).unwrap_or_default();
        let dirs = entries
            .into_iter()
            .filter(|entry| entry.kind == FileKind::Directory);
        dirs.map(|entry| entry.name)
            .filter(|name| {
                !name.starts_with('.')
                    && matches!(in_directory(self.files, &dir.join(name)), Ok(Some(_)))
            })
            .collect()
    }

    /// The names of all projects of a workspace, for suggestions.
    fn aliases_in(&self, workspace: &Utf8Path) -> Result<Vec<String>, Error> {
        let castfile = self.castfile(workspace)?;
        let home = self.dirs.home.as_deref().map(Utf8Path::as_str);
        let scan = scan_workspace(self.files, &castfile, home)?;
        let projects = scan.projects.into_iter();
        Ok(projects.filter_map(|project| project.alias).collect())
    }

    /// Looks `name` up in one project: aliases, sub-projects, directories, discovered projects.
    fn within(
        &self,
        castfile: &Castfile,
        search: &mut Search<'_>,
    ) -> Result<Option<Utf8PathBuf>, Error> {
        let shown = self.shown(&castfile.path);
        if let Some(workspace) = &castfile.workspace {
            search.searched.push(format!("the aliases of `{shown}`"));
            if let Some(found) = self.declared(castfile, &workspace.aliases, search)? {
                return Ok(Some(found));
            }
        }
        if !castfile.projects.is_empty() {
            search
                .searched
                .push(format!("the sub-projects of `{shown}`"));
            if let Some(found) = self.declared(castfile, &castfile.projects, search)? {
                return Ok(Some(found));
            }
        }
        let child = paths::resolve(search.name, castfile.dir(), None);
        search
            .searched
            .push(format!("the directory `{}`", self.shown(&child)));
        if child.starts_with(castfile.dir())
            && child != castfile.dir()
            && let Some(found) = in_directory(self.files, &child)?
        {
            return Ok(Some(found));
        }
        if castfile.workspace.is_none() {
            return Ok(None);
        }
        search.searched.push(format!("the workspace of `{shown}`"));
        let home = self.dirs.home.as_deref().map(Utf8Path::as_str);
        let scan = scan_for(self.files, castfile, home, search.name)?;
        search.workspaces.push(castfile.path.clone());
        discovered(&scan, search.name)
    }

    /// An alias or sub-project that the castfile declares.
    fn declared(
        &self,
        castfile: &Castfile,
        references: &[ProjectRef],
        search: &mut Search<'_>,
    ) -> Result<Option<Utf8PathBuf>, Error> {
        search.known.extend(
            references
                .iter()
                .map(|reference| reference.name.value.clone()),
        );
        let named = |same: &dyn Fn(&str) -> bool| -> Vec<&ProjectRef> {
            let names = references.iter();
            names
                .filter(|reference| same(&reference.name.value))
                .collect()
        };
        let mut hits = named(&|known| known == search.name);
        let exact = !hits.is_empty();
        if !exact {
            hits = named(&|known| known.eq_ignore_ascii_case(search.name));
        }
        let mut found: Vec<(&ProjectRef, Utf8PathBuf)> = Vec::new();
        for reference in hits {
            // `modules:` and `includes:` may name the same one.
            let castfile = self.target_of(castfile, reference)?;
            if !found.iter().any(|(_, known)| *known == castfile) {
                found.push((reference, castfile));
            }
        }
        match found.as_slice() {
            [] => Ok(None),
            [(_, castfile)] => Ok(Some(castfile.clone())),
            several => Err(Error::AmbiguousProject {
                name: search.name.to_owned(),
                candidates: several
                    .iter()
                    .map(|(reference, target)| match target.parent() {
                        Some(dir) if exact => paths::shown(dir, castfile.dir()),
                        _ => reference.name.value.clone(),
                    })
                    .collect(),
            }),
        }
    }

    /// The castfile that a declared name leads to.
    fn target_of(&self, castfile: &Castfile, reference: &ProjectRef) -> Result<Utf8PathBuf, Error> {
        let home = self.dirs.home.as_deref().map(Utf8Path::as_str);
        let target = paths::resolve(&reference.path.value, castfile.dir(), home);
        if self.files.is_file(&target) {
            return Ok(target);
        }
        if let Some(found) = in_directory(self.files, &target)? {
            return Ok(found);
        }
        let message = format!(
            "`@{}` leads to `{}`, where there is no castfile",
            reference.name.value, reference.path.value
        );
        Err(Diagnostic::error("castfile::broken-alias", message)
            .primary(reference.path.span.clone(), "")
            .help(format!("looked at `{}`", self.shown(&target)))
            .into())
    }

    /// The castfiles above `castfile` through which projects are reached, nearest first.
    fn workspaces_around(
        &self,
        castfile: &Castfile,
    ) -> Result<Vec<std::sync::Arc<Castfile>>, Error> {
        let mut around = Vec::new();
        for dir in castfile.dir().ancestors().skip(1) {
            for name in discover::CASTFILE_NAMES {
                let path = dir.join(name);
                if self.files.is_file(&path) {
                    let found = self.castfile(&path)?;
                    if found.is_workspace() {
                        around.push(found);
                    }
                    break;
                }
            }
        }
        Ok(around)
    }
}

enum Place {
    In(Utf8PathBuf),
    /// No castfile from this directory upward.
    Nowhere(Utf8PathBuf),
}

struct Search<'n> {
    name: &'n str,
    searched: Vec<String>,
    known: Vec<String>,
    /// The workspaces that were searched: their projects are known too, but listed only when
    /// there is somebody to tell.
    workspaces: Vec<Utf8PathBuf>,
}

fn discovered(scan: &WorkspaceScan, name: &str) -> Result<Option<Utf8PathBuf>, Error> {
    let by_alias = |same: &dyn Fn(&str) -> bool| -> Vec<_> {
        let named = |alias: &String| same(alias);
        scan.projects
            .iter()
            .filter(|project| project.alias.as_ref().is_some_and(named))
            .collect()
    };
    let mut hits = by_alias(&|alias| alias == name);
    if hits.is_empty() {
        hits = by_alias(&|alias| alias.eq_ignore_ascii_case(name));
    }
    if hits.is_empty() {
        hits = scan
            .projects
            .iter()
            .filter(|project| project.path == name)
            .collect();
    }
    if hits.is_empty() {
        // Two directories of one name: neither has the alias.
        let unnamed = scan
            .projects
            .iter()
            .filter(|project| project.alias.is_none());
        let candidates: Vec<_> = unnamed
            .filter(|project| project.path.file_name() == Some(name))
            .map(|project| project.path.to_string())
            .collect();
        if candidates.is_empty() {
            return Ok(None);
        }
        return Err(Error::AmbiguousProject {
            name: name.to_owned(),
            candidates,
        });
    }
    match hits.as_slice() {
        [one] => Ok(Some(one.castfile.clone())),
        several => Err(Error::AmbiguousProject {
            name: name.to_owned(),
            candidates: several
                .iter()
                .map(|project| project.path.to_string())
                .collect(),
        }),
    }
}
