//! `uses: tmpl`: files rendered from templates.

use std::io::Write as _;

use camino::{Utf8Path, Utf8PathBuf};
use castfile::template::{RenderOptions, Template};
use castfile::value::{Map, Value};
use castfile::{Env, ProjectTask, Session};
use yaml_tree::{Diagnostic, Node, Options, Resolved, Schema, Source, Span, Spanned};

use super::step::Prepared;

/// Endings that a template's name loses when no destination is written.
const TEMPLATE_ENDINGS: &[&str] = &[".tmpl", ".tpl", ".gotmpl"];

/// Renders every file of `with.files`: `source` or `source:destination`.
///
/// Variables are expanded first (`disable-env` leaves them), then the Go template is rendered
/// (`disable-gotmpl` leaves it) with `.env`, `.data` (from `with.values`: a mapping, or YAML files),
/// `.os` and `.arch`. All files are rendered before the first is written, and each is written
/// under another name first, so that an error leaves everything as it was.
///
/// Different from frostyeti/cast v0.3.2: paths are relative to the task's directory (there to the
/// caller's), text is not escaped for HTML, `disable-env` works, and a function that does not
/// exist is an error (there a template meant for another program comes out empty).
pub(super) fn render(
    task: &ProjectTask,
    prepared: &Prepared<'_>,
    env: &Env,
    inputs: &Session<'_>,
) -> Result<(), Vec<Diagnostic>> {
    let place = task
        .task
        .uses
        .as_ref()
        .map_or(&task.task.name.span, |uses| &uses.span);
    let files = match task.task.input("files") {
        Some(files) => texts(files),
        None => Vec::new(),
    };
    if files.is_empty() {
        return Err(vec![
            Diagnostic::error(
                "cast::template-files",
                "`uses: tmpl` has no files to render",
            )
            .primary(place.clone(), "")
            .help("list them: `with: {files: [app.conf.tmpl, in.yaml:out.yaml]}`"),
        ]);
    }
    let mut found = Vec::new();
    let data = values(task, prepared, &mut found);
    let mut root = Map::new();
    root.insert("env", Value::from(env));
    root.insert("data", data);
    root.insert("os", inputs.host.os.as_str());
    root.insert("arch", inputs.host.arch.as_str());
    let root = Value::Map(root);
    let mut rendered = Vec::new();
    for file in &files {
        let (from, to) = split(&file.value);
        let job = Job {
            from: prepared.cwd.join(from),
            to: prepared.cwd.join(to),
            site: &file.span,
            expand: !flag(task, "disable-env"),
            render: !flag(task, "disable-gotmpl"),
        };
        match job.render(&root, env) {
            Ok(text) => rendered.push((job, text)),
            Err(error) => found.push(*error),
        }
    }
    if !found.is_empty() {
        return Err(found);
    }
    for (job, text) in &rendered {
        job.write(text).map_err(|error| vec![*error])?;
    }
    Ok(())
}

/// One file to render.
struct Job<'a> {
    from: Utf8PathBuf,
    to: Utf8PathBuf,
    site: &'a Span,
    expand: bool,
    render: bool,
}

impl Job<'_> {
    fn render(&self, root: &Value, env: &Env) -> Result<String, Box<Diagnostic>> {
        let source = read(&self.from, self.site)?;
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
        let options = RenderOptions::new(std::time::SystemTime::now());
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

    /// Writes the file under another name and moves it into place.
    fn write(&self, text: &str) -> Result<(), Box<Diagnostic>> {
        let refuse = |error: std::io::Error| {
            let message = format!("cannot write `{}`: {error}", self.to);
            Box::new(
                Diagnostic::error("cast::template-files", message).primary(self.site.clone(), ""),
            )
        };
        let dir = self.to.parent().unwrap_or(Utf8Path::new("."));
        let mut file = tempfile::Builder::new()
            .prefix(".cast-")
            .tempfile_in(dir)
            .map_err(refuse)?;
        file.write_all(text.as_bytes()).map_err(refuse)?;
        // The permissions of what is replaced, else those of the template: scripts stay runnable.
        let like = if self.to.exists() {
            &self.to
        } else {
            &self.from
        };
        let permissions = fs_err::metadata(like).map_err(refuse)?.permissions();
        file.as_file()
            .set_permissions(permissions)
            .map_err(refuse)?;
        file.persist(&self.to)
            .map_err(|error| refuse(error.error))?;
        Ok(())
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

/// `with.values`: a mapping, or one or several YAML files, later keys winning.
fn values(task: &ProjectTask, prepared: &Prepared<'_>, found: &mut Vec<Diagnostic>) -> Map {
    let mut data = Map::new();
    let Some(node) = task.task.input("values") else {
        return data;
    };
    let mut take = |node: &Node| {
        if let Value::Map(map) = Value::from(node) {
            for (key, value) in map.iter() {
                data.insert(key, value.clone());
            }
        }
    };
    if node.as_mapping().is_some() {
        take(node);
        return data;
    }
    for file in texts(node) {
        match read(&prepared.cwd.join(&file.value), &file.span) {
            Err(error) => found.push(*error),
            Ok(source) => {
                let parsed = yaml_tree::parse_one(&source, &Options::default().schema(Schema::Go));
                found.extend(parsed.diagnostics.into_iter().filter(Diagnostic::is_error));
                if let Some(root) = &parsed.value {
                    take(root);
                }
            }
        }
    }
    data
}

fn read(path: &Utf8Path, site: &Span) -> Result<Source, Box<Diagnostic>> {
    let bytes = fs_err::read(path).map_err(|error| {
        let reason = match error.kind() {
            std::io::ErrorKind::NotFound => "no such file".to_owned(),
            _ => error.to_string(),
        };
        let message = format!("cannot read `{path}`: {reason}");
        Box::new(Diagnostic::error("cast::template-files", message).primary(site.clone(), ""))
    })?;
    Source::from_bytes(path.as_str(), bytes)
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
