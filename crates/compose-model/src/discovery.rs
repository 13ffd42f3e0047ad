//! Which files a project is made of, where it is, and what it is called.

use camino::{Utf8Path, Utf8PathBuf};
use yaml_tree::{Diagnostic, Files, Span};

use crate::load::{Context, Input, Vars};
use crate::options::{FileArg, Options};
use crate::resolve_paths::clean;

const NAMES: &[&str] = &[
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
];

const OVERRIDE_NAMES: &[&str] = &[
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
];

/// The files of a project and the directory it is in.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) files: Vec<Input>,
    pub(crate) dir: Utf8PathBuf,
    pub(crate) warnings: Vec<Diagnostic>,
}

fn absolute(dir: &Utf8Path, path: &Utf8Path) -> Utf8PathBuf {
    clean(dir.join(path).as_str()).into()
}

/// Finds the files: those named, those of `COMPOSE_FILE`, else by name from the working directory
/// upward, with an override file beside the one found.
pub(crate) fn find(
    files: &dyn Files,
    options: &Options,
    env: &Vars,
) -> Result<Found, Box<Diagnostic>> {
    let current = &options.current_dir;
    let named: Vec<Input> = if options.files.is_empty() {
        from_variable(env, current)
    } else {
        options
            .files
            .iter()
            .map(|file| input(file, current))
            .collect()
    };
    if !named.is_empty() {
        let first = named.iter().find(|input| input.text.is_none());
        let own = first
            .and_then(|input| input.path.parent())
            .unwrap_or(current);
        let dir = options
            .project_directory
            .as_ref()
            .map_or_else(|| own.to_owned(), |dir| absolute(current, dir));
        return Ok(Found {
            files: named,
            dir,
            warnings: Vec::new(),
        });
    }
    let start = options
        .project_directory
        .as_ref()
        .map_or_else(|| current.clone(), |dir| absolute(current, dir));
    for dir in start.ancestors() {
        let candidates: Vec<_> = NAMES
            .iter()
            .map(|name| dir.join(name))
            .filter(|path| files.is_file(path))
            .collect();
        let Some(first) = candidates.first() else {
            continue;
        };
        let mut found = vec![Input {
            path: first.clone(),
            text: None,
        }];
        let mut warnings = several(&candidates);
        let overrides: Vec<_> = OVERRIDE_NAMES
            .iter()
            .map(|name| dir.join(name))
            .filter(|path| files.is_file(path))
            .collect();
        warnings.extend(several(&overrides));
        found.extend(
            overrides
                .into_iter()
                .take(1)
                .map(|path| Input { path, text: None }),
        );
        let dir = match &options.project_directory {
            Some(_) => start,
            None => dir.to_owned(),
        };
        return Ok(Found {
            files: found,
            dir,
            warnings,
        });
    }
    let found = Diagnostic::error(
        "compose::no-file",
        "no configuration file provided: not found",
    );
    let names = NAMES.join(", ");
    Err(Box::new(
        found.help(format!("looked for {names} in {start} and above")),
    ))
}

fn several(candidates: &[Utf8PathBuf]) -> Vec<Diagnostic> {
    let [first, _, ..] = candidates else {
        return Vec::new();
    };
    let names: Vec<_> = candidates.iter().map(|path| path.as_str()).collect();
    vec![
        Diagnostic::warning(
            "compose::several-files",
            format!(
                "Found multiple config files with supported names: {}",
                names.join(", ")
            ),
        )
        .help(format!("using {first}")),
    ]
}

fn input(file: &FileArg, current: &Utf8Path) -> Input {
    match file {
        FileArg::Path(path) => Input {
            path: absolute(current, path),
            text: None,
        },
        FileArg::Stdin(bytes) => Input {
            path: current.join("(stdin)"),
            text: Some(bytes.clone()),
        },
    }
}

fn from_variable(env: &Vars, current: &Utf8Path) -> Vec<Input> {
    let Some(value) = env.get("COMPOSE_FILE").filter(|value| !value.is_empty()) else {
        return Vec::new();
    };
    let separator = match env.get("COMPOSE_PATH_SEPARATOR").map(String::as_str) {
        None | Some("") => ":",
        Some(separator) => separator,
    };
    value
        .split(separator)
        .map(|path| Input {
            path: absolute(current, Utf8Path::new(path)),
            text: None,
        })
        .collect()
}

/// What gives a project its name.
///
/// Two projects of one name are one to the engine: starting the second replaces containers of the
/// first. A name from the directory is the usual way into that.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameOrigin {
    /// [`Options::project_name`], which is `-p`.
    Flag,
    /// `COMPOSE_PROJECT_NAME`: in the process environment, or at this line of an env file.
    Variable(Option<Span>),
    /// The `name:` of a file; the place of the name.
    Key(Span),
    /// The name of the project's directory.
    Directory,
}

/// The name of the project: `-p`, `COMPOSE_PROJECT_NAME`, `name:`, the directory.
pub(crate) fn project_name(
    options: &Options,
    context: &Context<'_>,
    written: WrittenName,
) -> Result<(String, NameOrigin), Box<Diagnostic>> {
    const VARIABLE: &str = "COMPOSE_PROJECT_NAME";
    let of_variable = || {
        let line = context.from_files.get(VARIABLE);
        let origin = NameOrigin::Variable(line.and_then(|line| line.span.clone()));
        Some((context.env.get(VARIABLE)?.as_str(), origin))
    };
    let flag = options.project_name.as_deref();
    let given = flag
        .map(|name| (name, NameOrigin::Flag))
        .or_else(of_variable);
    if let Some((name, origin)) = given.filter(|(name, _)| !name.is_empty()) {
        if normal(name) != name {
            return Err(bad_name(name));
        }
        return Ok((name.to_owned(), origin));
    }
    let text = if options.normalize {
        normal(&written.text)
    } else {
        written.text
    };
    if let (false, Some(place)) = (text.is_empty(), written.place) {
        return Ok((text, NameOrigin::Key(place)));
    }
    let name = normal(context.dir.file_name().unwrap_or_default());
    if written.in_first_document || name.is_empty() {
        let message = "project name must not be empty";
        let found = Diagnostic::error("compose::project-name", message);
        return Err(Box::new(
            found.help("give one with `name:`, `-p` or `COMPOSE_PROJECT_NAME`"),
        ));
    }
    Ok((name, NameOrigin::Directory))
}

/// What the files of a project say about its name.
#[derive(Debug, Default)]
pub(crate) struct WrittenName {
    /// The last `name` that is not empty, with its variables put in.
    pub(crate) text: String,
    /// Where it is.
    pub(crate) place: Option<Span>,
    /// Whether the first document of a file has a name: then that of the directory does not stand
    /// in for it, whatever becomes of its variables.
    pub(crate) in_first_document: bool,
}

fn bad_name(name: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(
        "compose::project-name",
        format!(
            "invalid project name {name:?}: must consist only of lowercase alphanumeric characters, hyphens, and underscores as well as start with a letter or number"
        ),
    ))
}

/// Lower case, without what a project name may not hold.
pub(crate) fn normal(name: &str) -> String {
    let kept: String = name
        .to_lowercase()
        .chars()
        .filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'))
        .collect();
    kept.trim_start_matches(['_', '-']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn names_are_made_normal() {
        assert_eq!(normal("My_App.1"), "my_app1");
        assert_eq!(normal("__x-Y"), "x-y");
        assert_eq!(normal("ü"), "");
    }
}
