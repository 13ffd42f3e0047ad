//! From `imports: [docker]` to the file that is meant.

use camino::{Utf8Path, Utf8PathBuf};
use yaml_tree::{Diagnostic, FileKind, normalize_path};

use crate::loader::brought_in_by;
use crate::model::{Castfile, Import};
use crate::{Error, Loader, paths};

/// Names of a module file inside a module directory, in the order in which they are tried.
pub(crate) const MODULE_FILE_NAMES: &[&str] = &[
    "cast.mod",
    "cast.module.yaml",
    "cast.module.yml",
    "mod.yaml",
    "mod.yml",
    "castfile.yaml",
    "castfile.yml",
    "castfile",
];

const REMOTE_PREFIXES: &[&str] = &[
    "github.com/",
    "gitlab.com/",
    "http://",
    "https://",
    "git@",
    "ssh://",
    "git+ssh://",
];

/// The file that `import`, written in `importer`, means.
///
/// As in frostyeti/cast v0.3.2, except: `./x` starts at the importing file (there at the root
/// project), and a bare name is searched in every `.cast` directory upward (there only in the
/// nearest, so that a stray one hides the repository's).
pub(crate) fn resolve(
    loader: &Loader<'_>,
    importer: &Castfile,
    project: &Castfile,
    import: &Import,
) -> Result<Utf8PathBuf, Error> {
    let from = import.from.as_str();
    let home = loader.dirs.home.as_deref().map(Utf8Path::as_str);
    let mut candidates = Vec::new();
    if REMOTE_PREFIXES
        .iter()
        .any(|prefix| from.starts_with(prefix))
    {
        let cached = remote_cache(project.dir(), from);
        if let Some(found) = module_file(loader, &cached, import)? {
            return Ok(found);
        }
        return Err(Diagnostic::error(
            "castfile::remote-module",
            format!("the module `{from}` is remote; fetching modules is not supported yet"),
        )
        .primary(import.from.span.clone(), "")
        .help(format!("clone it to `{}`", loader.shown(&cached)))
        .help("or copy it to `.cast/modules/` and import it by name")
        .into());
    }
    if from.starts_with('.') || from.starts_with('/') || from.starts_with('~') {
        let candidate = paths::resolve(from, importer.dir(), home);
        if let Some(found) = module_file(loader, &candidate, import)? {
            return Ok(found);
        }
        candidates.push(candidate);
    } else {
        let user = loader.dirs.data.iter().map(|data| data.join("modules"));
        let dirs = module_dirs(loader, importer)
            .chain(module_dirs(loader, project))
            .chain(user);
        for dir in dirs {
            let candidate = normalize_path(&dir.join(from));
            if candidates.contains(&candidate) {
                continue;
            }
            if let Some(found) = module_file(loader, &candidate, import)? {
                return Ok(found);
            }
            candidates.push(candidate);
        }
    }
    let mut found = Diagnostic::error(
        "castfile::unknown-module",
        format!("the module `{from}` is not there"),
    )
    .primary(import.from.span.clone(), "imported here");
    let (dirs, missing): (Vec<_>, Vec<_>) = candidates
        .into_iter()
        .partition(|candidate| loader.files.is_dir(candidate));
    for dir in dirs {
        let names = MODULE_FILE_NAMES.join(", ");
        found = found.help(format!("`{}` has none of {names}", loader.shown(&dir)));
    }
    match missing.as_slice() {
        [] => {}
        [one] => {
            let one = loader.shown(one);
            found = found.help(format!("looked for `{one}`, `{one}.yaml` and `{one}.yml`"));
        }
        several => {
            let known = several.iter().filter_map(|path| path.parent());
            let known = known.flat_map(|dir| modules_in(loader, dir));
            let known: Vec<_> = known.filter(|name| name != from).collect();
            if let Some(near) = yaml_tree::nearest(from, known.iter().map(String::as_str)) {
                let title = format!("did you mean `{near}`?");
                found = found.fix(title, import.from.span.clone(), near);
            }
            let paths = several.iter().map(|path| loader.shown(path));
            let paths = paths.collect::<Vec<_>>().join("\n");
            found = found.help(format!(
                "looked for these, also with `.yaml` and `.yml`:\n{paths}"
            ));
        }
    }
    Err(found.into())
}

/// The module directories seen from the directory of `castfile`, nearest first.
fn module_dirs(loader: &Loader<'_>, castfile: &Castfile) -> impl Iterator<Item = Utf8PathBuf> {
    // The repository is the border: what lies above it belongs to somebody else.
    let mut below = None::<&Utf8Path>;
    let inside = castfile.dir().ancestors().take_while(move |dir| {
        let was_border = below
            .is_some_and(|below| matches!(loader.files.kind(&below.join(".git")), Ok(Some(_))));
        below = Some(dir);
        !was_border
    });
    inside.flat_map(|dir| {
        // A project with `workspace:` prefers `.config/cast`; everywhere else `.cast` is first.
        let own_workspace = dir == castfile.dir() && castfile.workspace.is_some();
        let names = if own_workspace {
            [".config/cast", ".cast"]
        } else {
            [".cast", ".config/cast"]
        };
        names.map(|name| dir.join(name).join("modules"))
    })
}

/// The module file at `path`: the file itself, the one in the directory, or one with an ending.
fn module_file(
    loader: &Loader<'_>,
    path: &Utf8Path,
    import: &Import,
) -> Result<Option<Utf8PathBuf>, Error> {
    let kind = |path: &Utf8Path| {
        loader.files.kind(path).map_err(|source| {
            let path = path.to_owned();
            brought_in_by(Error::Read { path, source }, &import.from.span)
        })
    };
    match kind(path)? {
        Some(FileKind::File) => return Ok(Some(path.to_owned())),
        Some(FileKind::Directory) => {
            for name in MODULE_FILE_NAMES {
                let file = path.join(name);
                if kind(&file)? == Some(FileKind::File) {
                    return Ok(Some(file));
                }
            }
        }
        None => {}
    }
    for ending in ["yaml", "yml"] {
        let file = Utf8PathBuf::from(format!("{path}.{ending}"));
        if kind(&file)? == Some(FileKind::File) {
            return Ok(Some(file));
        }
    }
    Ok(None)
}

/// The modules in a module directory, by the names they are imported under.
fn modules_in(loader: &Loader<'_>, dir: &Utf8Path) -> Vec<String> {
    let entries = loader.files.list(dir).unwrap_or_default();
    entries
        .into_iter()
        .filter_map(|entry| match entry.kind {
            FileKind::Directory => Some(entry.name),
            FileKind::File => {
                let name = entry.name.strip_suffix(".yaml");
                let name = name.or_else(|| entry.name.strip_suffix(".yml"));
                name.map(str::to_owned)
            }
        })
        .collect()
}

/// Where the original keeps a fetched module: `<last segment>-<8 hex digits of the address>`.
fn remote_cache(project: &Utf8Path, from: &str) -> Utf8PathBuf {
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(from.as_bytes());
    let short = digest
        .iter()
        .take(4)
        .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
    let last = from
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or("module");
    project
        .join(".cast/cache/modules")
        .join(format!("{last}-{short:08x}"))
}
