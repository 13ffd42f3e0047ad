//! Which secrets files need: variables of Compose files, calls of kpv in `.env` and YAML files,
//! references in templates.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use compose_model::{FileArg, Options};
use vault::{Call, find_calls};
use yaml_tree::{Diagnostic, Disk, Node, Source};

use crate::envfile;
use crate::failure::{Failure, Result};
use crate::template::references;

/// One secret that a file needs.
#[derive(Debug)]
pub(super) struct Need {
    pub(super) wanted: Wanted,
    /// The file, as it was named.
    pub(super) file: String,
}

#[derive(Debug)]
pub(super) enum Wanted {
    /// A variable without a value of its own.
    Variable(String),
    /// A call of kpv.
    Call(Box<Call>),
    /// A reference `kpv://KEY`.
    Key(String),
}

/// Reads the files; of a directory those of known names in it and below it.
pub(super) fn gather(dir: &Utf8Path, paths: &[Utf8PathBuf]) -> Result<Vec<Need>> {
    let mut files = Vec::new();
    for path in paths {
        let full = dir.join(path);
        if full.is_dir() {
            walk(dir, path, &mut files)?;
        } else {
            files.push(path.clone());
        }
    }
    files.sort();
    files.dedup();
    let mut needs = Vec::new();
    let mut problems = Vec::new();
    for file in &files {
        if let Err(found) = read(dir, file, &mut needs) {
            problems.extend(found);
        }
    }
    if problems.is_empty() {
        Ok(needs)
    } else {
        Err(Failure::found(problems))
    }
}

/// The files of a directory that say which secrets are needed.
fn walk(dir: &Utf8Path, path: &Utf8Path, files: &mut Vec<Utf8PathBuf>) -> Result<()> {
    let failed = |error: std::io::Error| Failure::new(format!("cannot read `{path}`: {error}"));
    let mut entries = dir
        .join(path)
        .read_dir_utf8()
        .map_err(failed)?
        .collect::<std::io::Result<Vec<_>>>()
        .map_err(failed)?;
    entries.sort_by(|left, right| left.file_name().cmp(right.file_name()));
    for entry in entries {
        let name = entry.file_name();
        let inner = if path == "." {
            name.into()
        } else {
            path.join(name)
        };
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() {
            if !name.starts_with('.') && name != "node_modules" && name != "target" {
                walk(dir, &inner, files)?;
            }
        } else if is_env(name) || is_compose(name) || is_castfile(name) {
            files.push(inner);
        }
    }
    Ok(())
}

fn is_env(name: &str) -> bool {
    name == ".env" || name.starts_with(".env.") || Utf8Path::new(name).extension() == Some("env")
}

fn is_compose(name: &str) -> bool {
    matches!(
        name,
        "compose.yaml" | "compose.yml" | "docker-compose.yaml" | "docker-compose.yml"
    )
}

fn is_castfile(name: &str) -> bool {
    matches!(name, "castfile" | "castfile.yaml" | "castfile.yml")
}

fn read(dir: &Utf8Path, file: &Utf8Path, needs: &mut Vec<Need>) -> Result<(), Vec<Diagnostic>> {
    let name = file.file_name().unwrap_or_default();
    let bytes = fs_err::read(dir.join(file))
        .map_err(|error| vec![Diagnostic::error("kpv::read", error.to_string())])?;
    let source = Source::from_bytes(file.as_str(), bytes).map_err(|found| vec![*found])?;
    let mut add = |wanted| {
        let file = file.to_string();
        needs.push(Need { wanted, file });
    };
    let is_yaml = matches!(file.extension(), Some("yaml" | "yml"));
    if is_env(name) {
        for assignment in envfile::parse(&source)? {
            let calls = assignment.calls.into_iter();
            calls.for_each(|found| add(Wanted::Call(Box::new(found.call))));
        }
    } else if is_castfile(name) || is_yaml {
        for call in calls(&source)? {
            add(Wanted::Call(Box::new(call)));
        }
        if !is_castfile(name) {
            for variable in variables(dir, file)? {
                add(Wanted::Variable(variable));
            }
        }
    }
    if !is_env(name) && !is_castfile(name) {
        for reference in references(&source)? {
            add(Wanted::Key(reference.key));
        }
    }
    Ok(())
}

/// The calls of kpv in the texts of a YAML file.
fn calls(source: &Source) -> Result<Vec<Call>, Vec<Diagnostic>> {
    if !source.text().contains("$(") {
        return Ok(Vec::new());
    }
    let documents = yaml_tree::parse(source, &yaml_tree::Options::default()).into_result()?;
    let mut found = Vec::new();
    let mut problems = Vec::new();
    let mut rest: Vec<&Node> = documents.iter().collect();
    while let Some(node) = rest.pop() {
        if let Some(text) = node.as_text() {
            match find_calls(text) {
                Ok(calls) => found.extend(calls.into_iter().map(|call| call.call)),
                Err(error) => problems.push(
                    Diagnostic::error("kpv::call", error.message)
                        .primary(node.span().clone(), "in a call in this text"),
                ),
            }
        }
        rest.extend(node.as_sequence().unwrap_or_default());
        let entries = node
            .as_mapping()
            .map_or(&[][..], |mapping| mapping.entries());
        rest.extend(entries.iter().map(|entry| &entry.value));
    }
    if problems.is_empty() {
        Ok(found)
    } else {
        Err(problems)
    }
}

/// The variables that a Compose file takes from outside: not set by the `.env` beside it, and
/// without anything to do without.
fn variables(dir: &Utf8Path, file: &Utf8Path) -> Result<Vec<String>, Vec<Diagnostic>> {
    let path = dir.join(file);
    let beside = path.parent().unwrap_or(dir);
    let set = assigned(&beside.join(".env"));
    let mut options = Options::new(beside, BTreeMap::new());
    options.files = vec![FileArg::Path(path.clone())];
    options.interpolate = false;
    options.resolve_env = false;
    options.check_consistency = false;
    options.profiles = vec!["*".to_owned()];
    let project = compose_model::load(&Disk, &options)?;
    let mut names: Vec<String> = project
        .variables()
        .iter()
        // an empty default says that it may be missing
        .filter(|variable| variable.default != Some("") && variable.alternate.is_none())
        .map(|variable| variable.name.to_owned())
        .collect();
    names.extend(
        project
            .secrets()
            .filter_map(|secret| Some(secret.environment?.value)),
    );
    for service in project.services() {
        let passed = service
            .environment
            .iter()
            .filter(|(_, value)| value.is_none());
        names.extend(passed.map(|(name, _)| name.clone()));
    }
    names.sort();
    names.dedup();
    names.retain(|name| !set.contains(name));
    Ok(names)
}

/// The variables to which a `.env` file gives something. A file that cannot be read gives nothing:
/// it is told when its turn comes.
fn assigned(path: &Utf8Path) -> Vec<String> {
    let Ok(bytes) = fs_err::read(path) else {
        return Vec::new();
    };
    let Ok(source) = Source::from_bytes(path.as_str(), bytes) else {
        return Vec::new();
    };
    let assignments = envfile::parse(&source).unwrap_or_default();
    let given = assignments.into_iter().filter(|assignment| {
        let value = &source.text()[assignment.inner.clone()];
        // `NAME=${NAME}` and the like hand on what comes from outside
        let name = &assignment.name;
        let is_handed_on = [format!("${{{name}}}"), format!("${name}")].contains(&value.to_owned());
        !value.is_empty() && !is_handed_on
    });
    given.map(|assignment| assignment.name).collect()
}
