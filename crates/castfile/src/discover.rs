//! Finding castfiles: by name in a directory, upward from a directory, in a whole workspace.

use camino::{Utf8Path, Utf8PathBuf};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use yaml_tree::{Diagnostic, DirEntry, FileKind, Files, Spanned};

use crate::model::{Castfile, Workspace};
use crate::{Error, paths};

/// Names of a castfile, in the order in which they are tried.
pub const CASTFILE_NAMES: &[&str] = &["castfile", ".castfile", "castfile.yaml", "castfile.yml"];

/// Names tried where a directory is named (`-p dir`, `@dir`) and while a workspace is walked.
pub(crate) const DIRECTORY_NAMES: &[&str] = &[
    "castfile",
    ".castfile",
    "castfile.yaml",
    "castfile.yml",
    "cast.yaml",
    "cast.yml",
];

/// Directories that a workspace never looks into.
const ALWAYS_EXCLUDED: &[&str] = &["node_modules", "bin", "obj", ".git", ".cast"];

/// Deeper directories are not walked: a homelab has no such depth, a loop of bind mounts does.
const MAX_DEPTH: usize = 64;

/// The castfile of the nearest directory from `start` upward that has one.
///
/// # Errors
/// [`Error::NoCastfile`] if there is none up to the root, [`Error::Read`] if a directory on the
/// way cannot be looked into.
pub fn find_upward(files: &dyn Files, start: &Utf8Path) -> Result<Utf8PathBuf, Error> {
    for dir in start.ancestors() {
        if let Some(found) = first_of(files, dir, CASTFILE_NAMES)? {
            return Ok(found);
        }
    }
    Err(Error::NoCastfile {
        start: start.to_owned(),
    })
}

/// The castfile in `dir`, under any of the names that a named directory may use.
pub(crate) fn in_directory(
    files: &dyn Files,
    dir: &Utf8Path,
) -> Result<Option<Utf8PathBuf>, Error> {
    first_of(files, dir, DIRECTORY_NAMES)
}

fn first_of(
    files: &dyn Files,
    dir: &Utf8Path,
    names: &[&str],
) -> Result<Option<Utf8PathBuf>, Error> {
    for name in names {
        let path = dir.join(name);
        match files.kind(&path) {
            Ok(Some(FileKind::File)) => return Ok(Some(path)),
            Ok(_) => {}
            Err(source) => {
                return Err(Error::Read {
                    path: dir.to_owned(),
                    source,
                });
            }
        }
    }
    Ok(None)
}

/// A project of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkspaceProject {
    /// The name after `@`; `None` when the directory's name is taken, so that only the path
    /// reaches it.
    pub alias: Option<String>,
    /// The castfile.
    pub castfile: Utf8PathBuf,
    /// Its directory, relative to the workspace.
    pub path: Utf8PathBuf,
    /// Whether the alias was written in the castfile.
    pub explicit: bool,
}

/// The projects of a workspace, found by walking the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkspaceScan {
    /// Explicit ones in the order of the file, then the others by path.
    pub projects: Vec<WorkspaceProject>,
    /// Directories that could not be read; they are skipped.
    pub unreadable: Vec<Utf8PathBuf>,
}

/// Finds the projects of the workspace that `root` declares: its aliases and sub-projects, and,
/// with a `workspace:` key, every directory below that has a castfile.
///
/// Follows frostyeti/cast v0.3.2: a directory's name is its alias unless two share it or it is
/// taken; `node_modules`, `bin`, `obj`, `.git` and `.cast` are never entered; links to directories
/// are not followed; in patterns `*` also matches `/`, and `X/**` matches `X` itself. Different
/// from it: `include` filters projects (there it is matched against every directory on the way
/// and finds nothing), a target that is missing is left out here and reported when it is used.
///
/// # Errors
/// [`Error::Invalid`] if a pattern is no glob.
pub fn scan_workspace(
    files: &dyn Files,
    root: &Castfile,
    home: Option<&str>,
) -> Result<WorkspaceScan, Error> {
    scan(files, root, home, None)
}

/// As [`scan_workspace`], but of the projects found by walking only those that `name` can mean:
/// whose directory is called so, in whatever case, or has this path. They have the alias that a
/// whole scan gives them, and directories without directories in them need not be read.
pub(crate) fn scan_for(
    files: &dyn Files,
    root: &Castfile,
    home: Option<&str>,
    name: &str,
) -> Result<WorkspaceScan, Error> {
    scan(files, root, home, Some(name))
}

fn scan(
    files: &dyn Files,
    root: &Castfile,
    home: Option<&str>,
    name: Option<&str>,
) -> Result<WorkspaceScan, Error> {
    let mut scan = WorkspaceScan::default();
    let declared = root
        .workspace
        .iter()
        .flat_map(|workspace| &workspace.aliases);
    for reference in declared.chain(&root.projects) {
        let target = paths::resolve(&reference.path.value, root.dir(), home);
        let castfile = match files.kind(&target) {
            Ok(Some(FileKind::File)) => Some(target),
            _ => in_directory(files, &target).ok().flatten(),
        };
        if let Some(castfile) = castfile {
            let found = project(root, castfile, Some(&reference.name.value), true);
            // `modules:` and `includes:` may name the same one.
            if !scan.projects.contains(&found) {
                scan.projects.push(found);
            }
        }
    }
    if let Some(workspace) = &root.workspace {
        let filter = Filter::new(workspace)?;
        let mut walk = Walk {
            files,
            filter,
            name,
            found: Vec::new(),
            unreadable: Vec::new(),
        };
        walk.run(root.dir());
        walk.found.sort();
        add_discovered(root, &mut scan.projects, walk.found);
        scan.unreadable = walk.unreadable;
    }
    Ok(scan)
}

fn project(
    root: &Castfile,
    castfile: Utf8PathBuf,
    alias: Option<&str>,
    explicit: bool,
) -> WorkspaceProject {
    let dir = castfile.parent().unwrap_or(Utf8Path::new("/"));
    WorkspaceProject {
        alias: alias.map(str::to_owned),
        path: paths::shown(dir, root.dir()).into(),
        castfile,
        explicit,
    }
}

fn add_discovered(root: &Castfile, projects: &mut Vec<WorkspaceProject>, found: Vec<Utf8PathBuf>) {
    use std::collections::{HashMap, HashSet};
    let taken: HashSet<String> = projects
        .iter()
        .filter_map(|known| known.alias.as_deref())
        .map(str::to_lowercase)
        .collect();
    let named: HashSet<Utf8PathBuf> = projects
        .iter()
        .map(|known| known.castfile.clone())
        .collect();
    let name_of = |castfile: &Utf8Path| {
        castfile
            .parent()
            .and_then(Utf8Path::file_name)
            .unwrap_or_default()
            .to_owned()
    };
    let found: Vec<_> = found
        .into_iter()
        .filter(|castfile| !named.contains(castfile))
        .collect();
    let mut times: HashMap<String, usize> = HashMap::new();
    for castfile in &found {
        *times.entry(name_of(castfile)).or_default() += 1;
    }
    for castfile in found {
        let name = name_of(&castfile);
        let free = times.get(&name) == Some(&1) && !taken.contains(&name.to_lowercase());
        projects.push(project(
            root,
            castfile,
            free.then_some(name.as_str()),
            false,
        ));
    }
}

/// A walk over the directories of a workspace.
struct Walk<'a> {
    files: &'a dyn Files,
    filter: Filter,
    /// What the projects to be found are called; `None` finds all.
    name: Option<&'a str>,
    found: Vec<Utf8PathBuf>,
    unreadable: Vec<Utf8PathBuf>,
}

impl Walk<'_> {
    fn run(&mut self, root: &Utf8Path) {
        // Directories still to be read, with their path relative to the root ("" is the root).
        let mut open = vec![(root.to_owned(), String::new(), 0)];
        while let Some((dir, relative, depth)) = open.pop() {
            let Ok(entries) = self.entries(&dir) else {
                self.unreadable.push(dir);
                continue;
            };
            let is_wanted = self.wants(&relative);
            let mut best: Option<(usize, String)> = None;
            for (entry, is_leaf) in entries {
                match entry.kind {
                    FileKind::File if is_wanted => {
                        let rank = DIRECTORY_NAMES
                            .iter()
                            .position(|known| known.eq_ignore_ascii_case(&entry.name));
                        if let Some(rank) = rank
                            && best.as_ref().is_none_or(|(known, _)| rank < *known)
                        {
                            best = Some((rank, entry.name));
                        }
                    }
                    FileKind::File => {}
                    FileKind::Directory => {
                        if ALWAYS_EXCLUDED.contains(&entry.name.as_str()) || depth >= MAX_DEPTH {
                            continue;
                        }
                        let below = if relative.is_empty() {
                            entry.name.clone()
                        } else {
                            format!("{relative}/{}", entry.name)
                        };
                        if is_leaf && !self.wants(&below) {
                            continue;
                        }
                        if self.filter.may_hold_projects(&below) {
                            open.push((dir.join(&entry.name), below, depth + 1));
                        }
                    }
                }
            }
            if let Some((_, name)) = best
                && !relative.is_empty()
                && self.filter.takes(&relative)
            {
                self.found.push(dir.join(name));
            }
        }
    }

    /// Which directories are leaves is worth asking only where they can be passed over.
    fn entries(&self, dir: &Utf8Path) -> std::io::Result<Vec<(DirEntry, bool)>> {
        match self.name {
            Some(_) => self.files.list_with_leaves(dir),
            None => {
                let entries = self.files.list(dir)?.into_iter();
                Ok(entries.map(|entry| (entry, false)).collect())
            }
        }
    }

    /// Whether a project in the directory `relative` is looked for.
    fn wants(&self, relative: &str) -> bool {
        self.name.is_none_or(|name| {
            let last = relative.rsplit('/').next().unwrap_or(relative);
            last.eq_ignore_ascii_case(name) || relative == name
        })
    }
}

/// `include` and `exclude` of a workspace.
struct Filter {
    include: Option<GlobSet>,
    /// The part before the first wildcard of each `include`: what is neither above nor below one
    /// of these cannot match.
    include_roots: Vec<String>,
    exclude: GlobSet,
}

impl Filter {
    fn new(workspace: &Workspace) -> Result<Self, Error> {
        let include = match workspace.include.as_slice() {
            [] => None,
            patterns => Some(globs(patterns)?),
        };
        let literal = |pattern: &Spanned<String>| {
            let pattern = clean(&pattern.value);
            let wild = pattern
                .find(['*', '?', '[', '{', '\\'])
                .unwrap_or(pattern.len());
            pattern[..wild].to_owned()
        };
        Ok(Self {
            include,
            include_roots: workspace.include.iter().map(literal).collect(),
            exclude: globs(&workspace.exclude)?,
        })
    }

    fn may_hold_projects(&self, dir: &str) -> bool {
        !self.exclude.is_match(dir)
            && (self.include_roots.is_empty()
                || self.include_roots.iter().any(|root| {
                    dir.starts_with(root.as_str()) || root.starts_with(dir) || root.is_empty()
                }))
    }

    fn takes(&self, dir: &str) -> bool {
        self.include
            .as_ref()
            .is_none_or(|include| include.is_match(dir))
    }
}

fn clean(pattern: &str) -> &str {
    pattern.trim_start_matches("./").trim_end_matches('/')
}

fn globs(patterns: &[Spanned<String>]) -> Result<GlobSet, Error> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let text = clean(&pattern.value);
        // `X/**` matches `X` itself as well; `**` the tree.
        for variant in [Some(text), text.strip_suffix("/**")].into_iter().flatten() {
            match GlobBuilder::new(variant).literal_separator(false).build() {
                Ok(glob) => set.add(glob),
                Err(error) => return Err(bad_glob(pattern, error.kind())),
            };
        }
    }
    set.build().map_err(|error| match patterns.first() {
        Some(pattern) => bad_glob(pattern, error.kind()),
        None => Error::Invalid(Vec::new()),
    })
}

fn bad_glob(pattern: &Spanned<String>, why: &globset::ErrorKind) -> Error {
    let message = format!("`{}` is no pattern: {why}", pattern.value);
    let found = Diagnostic::error("castfile::wrong-value", message);
    Error::Invalid(vec![found.primary(pattern.span.clone(), "")])
}

#[cfg(test)]
mod tests;
