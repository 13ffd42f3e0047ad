//! `uses: tmpl`: files rendered from templates.

use std::io::{self, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::time::SystemTime;

use camino::{Utf8Path, Utf8PathBuf};
use castfile::template::{RenderOptions, Template};
use castfile::value::{Map, Value};
use castfile::{Env, ProjectTask};
use tempfile::NamedTempFile;
use yaml_tree::{Diagnostic, Node, Options, Resolved, Schema, Source, Span, Spanned};

use super::Run;
use super::step::Prepared;
use crate::diagnostics::{reason, uses_or_name};

const CODE: &str = "cast::template-files";

/// Endings that a template's name loses when no destination is written.
const TEMPLATE_ENDINGS: &[&str] = &[".tmpl", ".tpl", ".gotmpl"];

/// Renders every file of `with.files`: `source` or `source:destination`.
///
/// Variables are expanded first (`disable-env` leaves them; commands are never run), then the Go
/// template is rendered (`disable-gotmpl` leaves it) with `.env`, `.data` (from `with.values`: a
/// mapping, or YAML files), `.os` and `.arch`. Everything is rendered and written under another
/// name before the first file is put in its place, so that an error leaves all as it was.
///
/// Different from frostyeti/cast v0.3.2: paths are relative to the task's directory (there to the
/// caller's), text is not escaped for HTML, `disable-env` works, and a function that does not
/// exist is an error (there a template meant for another program comes out empty).
pub(super) fn render(
    task: &ProjectTask,
    prepared: &Prepared<'_>,
    run: Run<'_>,
) -> Result<(), Vec<Diagnostic>> {
    let files = match task.task.input("files") {
        Some(files) => texts(files),
        None => Vec::new(),
    };
    if files.is_empty() {
        let message = "`uses: tmpl` has no files to render";
        let found = Diagnostic::error(CODE, message)
            .primary(uses_or_name(task), "")
            .help("list them: `with: {files: [app.conf.tmpl, in.yaml:out.yaml]}`");
        return Err(vec![found]);
    }
    let mut found = Vec::new();
    let shown_from = run.shown_from();
    let data = values(task, prepared, shown_from, &mut found);
    let host = run.inputs.host;
    let mut root = Map::new();
    root.insert("env", Value::from(&prepared.env));
    root.insert("data", data);
    root.insert("os", host.os.as_str());
    root.insert("arch", host.arch.as_str());
    let root = Value::Map(root);
    let (expand, render) = (!flag(task, "disable-env"), !flag(task, "disable-gotmpl"));
    let mut rendered = Vec::new();
    for file in &files {
        let (from, to) = split(&file.value);
        let job = Job {
            from: prepared.cwd.join(from),
            to: prepared.cwd.join(to),
            site: &file.span,
            shown_from,
            expand,
            render,
        };
        match job.render(&root, &prepared.env, run.now()) {
            Ok(text) => rendered.push((job, text)),
            Err(error) => found.push(*error),
        }
    }
    if !found.is_empty() {
        return Err(found);
    }
    let mut staged = Vec::new();
    for (job, text) in &rendered {
        match job.stage(text) {
            Ok(file) => staged.push((job, file)),
            Err(error) => found.push(job.unwritable(&error)),
        }
    }
    if !found.is_empty() {
        return Err(found);
    }
    for (job, (file, to)) in staged {
        file.persist(&to)
            .map_err(|error| vec![job.unwritable(&error.error)])?;
    }
    Ok(())
}

/// One file to render.
struct Job<'a> {
    from: Utf8PathBuf,
    to: Utf8PathBuf,
    site: &'a Span,
    shown_from: Option<&'a Utf8Path>,
    expand: bool,
    render: bool,
}

impl Job<'_> {
    fn render(&self, root: &Value, env: &Env, now: SystemTime) -> Result<String, Box<Diagnostic>> {
        let source = read(&self.from, self.shown_from, self.site)?;
        let mut text = Spanned::new(
            source.text().to_owned(),
            source.span(0, source.text().len()),
        );
        if self.expand && text.value.contains('$') {
            let mut env = env.clone();
            text.value =
                castfile::expand::expand(&text.value, &mut env, None).map_err(|error| {
                    let at = source.span(error.start, error.end);
                    let found = Diagnostic::error("castfile::expansion", error.to_string())
                        .primary(at, "")
                        .secondary(self.site.clone(), "rendered for this task")
                        .help("`disable-env: true` leaves `$` alone");
                    Box::new(match error.kind.help() {
                        Some(help) => found.help(help),
                        None => found,
                    })
                })?;
        }
        if !self.render {
            return Ok(text.value);
        }
        let options = RenderOptions::new(now);
        Template::parse(source.name(), &text.value)
            .and_then(|template| template.render(root, &options))
            .map_err(|error| {
                // Expansion may have moved the text; then only the file is known.
                let same = text.value == source.text();
                let at = if same {
                    source.span(error.start, error.end)
                } else {
                    source.start()
                };
                let found = Diagnostic::error("castfile::template", error.to_string())
                    .primary(at, "")
                    .secondary(self.site.clone(), "rendered for this task");
                Box::new(match error.help() {
                    Some(help) => found.help(help),
                    None => found,
                })
            })
    }

    /// Writes the file under another name, beside its place; returns it with that place.
    fn stage(&self, text: &str) -> io::Result<(NamedTempFile, Utf8PathBuf)> {
        // A link stays, and what it leads to is replaced.
        let to = match fs_err::symlink_metadata(&self.to) {
            Ok(found) if found.is_symlink() => self.to.canonicalize_utf8()?,
            _ => self.to.clone(),
        };
        let dir = to.parent().unwrap_or(Utf8Path::new("/"));
        let mut file = tempfile::Builder::new().prefix(".cast-").tempfile_in(dir)?;
        file.write_all(text.as_bytes())?;
        // The permissions of what is replaced, else those of the template: scripts stay runnable.
        let replaced = match fs_err::metadata(&to) {
            Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(found) => Some(found),
            Err(_) => None,
        };
        if let Some(old) = &replaced {
            let new = file.as_file().metadata()?;
            if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
                // Root keeps other users' files theirs. Others may not give a file away; to them
                // it comes out as if they had removed the old one and made theirs.
                let owner = (Some(old.uid()), Some(old.gid()));
                drop(std::os::unix::fs::fchown(file.as_file(), owner.0, owner.1));
            }
        }
        let like = match replaced {
            Some(replaced) => replaced,
            None => fs_err::metadata(&self.from)?,
        };
        file.as_file().set_permissions(like.permissions())?;
        Ok((file, to))
    }

    fn unwritable(&self, error: &io::Error) -> Diagnostic {
        let to = shown(&self.to, self.shown_from);
        let message = format!("cannot write `{to}`: {}", reason(error));
        Diagnostic::error(CODE, message).primary(self.site.clone(), "")
    }
}

/// `source:destination`, or the source without its template ending.
fn split(text: &str) -> (&str, String) {
    if let Some((from, to)) = text.rsplit_once(':')
        && !from.is_empty()
        && !to.is_empty()
    {
        return (from, to.to_owned());
    }
    let bare = TEMPLATE_ENDINGS
        .iter()
        .find_map(|ending| text.strip_suffix(ending));
    (
        text,
        bare.map_or_else(|| format!("{text}.out"), str::to_owned),
    )
}

/// `with.values`: a mapping, or one or several YAML files of one, later keys winning.
fn values(
    task: &ProjectTask,
    prepared: &Prepared<'_>,
    shown_from: Option<&Utf8Path>,
    found: &mut Vec<Diagnostic>,
) -> Map {
    let mut data = Map::new();
    let Some(node) = task.task.input("values") else {
        return data;
    };
    let mut take = |node: &Node| match Value::from(node) {
        Value::Map(map) => {
            for (key, value) in map.iter() {
                data.insert(key, value.clone());
            }
            true
        }
        Value::Null => true,
        _ => false,
    };
    if node.as_mapping().is_some() {
        take(node);
        return data;
    }
    for file in texts(node) {
        match read(&prepared.cwd.join(&file.value), shown_from, &file.span) {
            Err(error) => found.push(*error),
            Ok(source) => {
                let parsed = yaml_tree::parse_one(&source, &Options::default().schema(Schema::Go));
                found.extend(parsed.diagnostics.into_iter().filter(Diagnostic::is_error));
                if let Some(root) = &parsed.value
                    && !take(root)
                {
                    let message = "a file of values must be a mapping";
                    let wrong = Diagnostic::error(CODE, message)
                        .primary(root.span().clone(), "")
                        .secondary(file.span.clone(), "read for this task");
                    found.push(wrong);
                }
            }
        }
    }
    data
}

fn read(
    path: &Utf8Path,
    shown_from: Option<&Utf8Path>,
    site: &Span,
) -> Result<Source, Box<Diagnostic>> {
    let name = shown(path, shown_from);
    let bytes = std::fs::read(path).map_err(|error| {
        let message = format!("cannot read `{name}`: {}", reason(&error));
        Box::new(Diagnostic::error(CODE, message).primary(site.clone(), ""))
    })?;
    Source::from_bytes(name, bytes)
}

/// A file as messages name it.
fn shown(path: &Utf8Path, from: Option<&Utf8Path>) -> String {
    let below = from.and_then(|from| path.strip_prefix(from).ok());
    below.unwrap_or(path).to_string()
}

/// The texts of a scalar or a list of scalars.
fn texts(node: &Node) -> Vec<Spanned<String>> {
    let one = |node: &Node| {
        node.as_text()
            .map(|text| Spanned::new(text.to_owned(), node.span().clone()))
    };
    match node.as_sequence() {
        Some(items) => items.iter().filter_map(one).collect(),
        None => one(node).into_iter().collect(),
    }
}

fn flag(task: &ProjectTask, name: &str) -> bool {
    let node = task.task.input(name);
    matches!(
        node.and_then(|node| node.resolve(Schema::Go)),
        Some(Resolved::Bool(true))
    ) || node
        .and_then(Node::as_text)
        .is_some_and(|text| text == "true" || text == "yes")
}
