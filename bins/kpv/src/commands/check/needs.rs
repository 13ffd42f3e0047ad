//! Which secrets files need: variables of Compose files, calls of kpv in `.env` and YAML files,
//! references in templates.

use std::collections::BTreeMap;
use std::fmt;

use camino::{Utf8Path, Utf8PathBuf};
use compose_model::{FileArg, Options};
use vault::{Call, find_calls};
use yaml_tree::{Diagnostic, Disk, Node, Position, Source, Span, normalize_path};

use crate::envfile;
use crate::failure::{Failure, Result};
use crate::template::references;

/// One secret that a file needs.
#[derive(Debug)]
pub(super) struct Need {
    pub(super) wanted: Wanted,
    pub(super) place: Place,
}

/// Where something is needed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The file, from the directory in which kpv runs.
    pub(super) file: String,
    /// Not known for what stands nowhere as it is.
    position: Option<Position>,
}

impl Place {
    /// The name of the source is seen from `base`.
    fn of(span: &Span, base: &Utf8Path, dir: &Utf8Path) -> Self {
        let name = normalize_path(&base.join(span.source().name()));
        Self {
            file: name.strip_prefix(dir).unwrap_or(&name).to_string(),
            position: Some(span.position()),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        match self.position {
            Some(position) => write!(f, ":{position}"),
            None => Ok(()),
        }
    }
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
    let need = |wanted, span: &Span| Need {
        wanted,
        place: Place::of(span, dir, dir),
    };
    let is_yaml = matches!(file.extension(), Some("yaml" | "yml"));
    if is_env(name) {
        for assignment in envfile::parse(&source)? {
            for found in assignment.calls {
                let span = source.span(found.range.start, found.range.end);
                needs.push(need(Wanted::Call(Box::new(found.call)), &span));
            }
        }
    } else if is_castfile(name) || is_yaml {
        for (call, span) in calls(&source)? {
            needs.push(need(Wanted::Call(Box::new(call)), &span));
        }
        if !is_castfile(name) {
            needs.extend(variables(dir, file)?);
        }
    }
    if !is_env(name) && !is_castfile(name) {
        for reference in references(&source)? {
            let span = source.span(reference.range.start, reference.range.end);
            needs.push(need(Wanted::Key(reference.key), &span));
        }
    }
    Ok(())
}

/// The calls of kpv in the texts of a YAML file.
fn calls(source: &Source) -> Result<Vec<(Call, Span)>, Vec<Diagnostic>> {
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
                Ok(calls) => found.extend(calls.into_iter().map(|call| {
                    let span = part(node.span(), &text[call.range.clone()]);
                    (call.call, span)
                })),
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
fn variables(dir: &Utf8Path, file: &Utf8Path) -> Result<Vec<Need>, Vec<Diagnostic>> {
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
    let mut needs = Vec::new();
    let mut add = |name: &str, span: Option<&Span>| {
        if !set.iter().any(|set| set == name) {
            let wanted = Wanted::Variable(name.to_owned());
            let place = span.map_or_else(
                || Place {
                    file: file.to_string(),
                    position: None,
                },
                |span| Place::of(span, beside, dir),
            );
            needs.push(Need { wanted, place });
        }
    };
    // an empty default says that it may be missing
    let all = project.variables();
    let is_needed = |name: &str| {
        all.iter()
            .any(|it| it.name == name && it.default != Some("") && it.alternate.is_none())
    };
    for (variable, span) in project.variable_uses() {
        if is_needed(variable.name) {
            let reference = |span| part(span, &format!("${{{}", variable.name));
            add(variable.name, span.map(reference).as_ref());
        }
    }
    for secret in project.secrets() {
        if let Some(variable) = secret.environment {
            add(&variable.value, variable.span.as_ref());
        }
    }
    for service in project.services() {
        for (name, value) in &service.environment {
            if value.is_none() {
                add(name, value.key.as_ref());
            }
        }
    }
    Ok(needs)
}

/// The part of a text at a place that reads like this, else all of it.
fn part(span: &Span, text: &str) -> Span {
    match span.text().find(text) {
        Some(at) => span.slice(at, at + text.len()),
        None => span.clone(),
    }
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
