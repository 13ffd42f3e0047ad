//! Text to [`Castfile`]: all errors of a file at once, each with its place.

mod env;
mod fields;
mod inventory;
mod task;

use std::collections::HashMap;

use camino::Utf8PathBuf;
use yaml_tree::{Diagnostic, Entry, Node, Parsed, Schema, Source, Spanned};

use crate::model::{Castfile, Config, Import, ProjectRef, Workspace};
use fields::Reader;

pub use inventory::parse_inventory;

/// The scalar rules of castfiles: those of the original's YAML library.
pub(crate) const SCHEMA: Schema = Schema::Go;

/// Largest castfile read, in bytes. The largest published ones have some kilobytes; a file over
/// this is something else under the wrong name.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

const TOP_LEVEL_KEYS: &[&str] = &[
    "id",
    "name",
    "version",
    "description",
    "desc",
    "import",
    "imports",
    "modules",
    "includes",
    "env",
    "dotenv",
    "paths",
    "config",
    "defaults",
    "workspace",
    "tasks",
    "jobs",
    "inventory",
    "inventories",
    "subcmds",
    "subcommands",
    "on",
    "meta",
    "trusted_sources",
    "trustedSources",
    "trusted-sources",
];

/// Parses the text of a castfile or module file.
///
/// `path` is the file's absolute path: it gives the directory that relative paths start from.
/// The value is there even when some parts were wrong, without those parts. Follows
/// frostyeti/cast v0.3.2 and goes beyond it where that rejects or ignores what people write:
/// merge keys, `modules:` as a mapping, `includes:`, `config.env`/`config.dotenv`, repeated
/// top-level keys.
///
/// ```
/// use castfile::parse;
/// use yaml_tree::Source;
///
/// let text = "tasks:\n  hello:\n    desc: Greets\n    run: echo hello\n";
/// let file = parse(&Source::new("castfile", text), "/lab/castfile").into_result().unwrap();
/// assert_eq!(file.tasks[0].id.as_str(), "hello");
/// assert_eq!(file.tasks[0].desc.as_ref().unwrap().span.to_string(), "castfile:3:11");
/// ```
pub fn parse(source: &Source, path: impl Into<Utf8PathBuf>) -> Parsed<Castfile> {
    let (root, diagnostics) = match read_root(source) {
        Ok(found) => found,
        Err(diagnostics) => {
            return Parsed {
                value: None,
                diagnostics,
            };
        }
    };
    let mut reader = Reader::new(diagnostics);
    let mut file = empty(source, path.into());
    if !root.is_null(SCHEMA) {
        match root.as_mapping() {
            Some(mapping) => {
                warn_repeated(&mut reader, mapping.entries());
                for entry in mapping.entries() {
                    read_top_level(&mut reader, &mut file, entry);
                }
            }
            None => reader.wrong_kind(&root, "a castfile", "a mapping of keys such as `tasks`"),
        }
    }
    Parsed {
        value: Some(file),
        diagnostics: reader.finish(),
    }
}

fn read_root(source: &Source) -> Result<(Node, Vec<Diagnostic>), Vec<Diagnostic>> {
    if source.text().len() > MAX_BYTES {
        let message = format!(
            "the file has {} bytes, more than the {MAX_BYTES} a castfile may have",
            source.text().len()
        );
        return Err(vec![
            Diagnostic::error("castfile::too-large", message)
                .primary(source.start(), "")
                .help("is this a castfile? move data into files that its tasks read"),
        ]);
    }
    let mut options = yaml_tree::Options::default();
    options.schema = SCHEMA;
    options.max_bytes = MAX_BYTES;
    options.duplicate_keys = yaml_tree::DuplicateKeys::KeepAll;
    let parsed = yaml_tree::parse_one(source, &options);
    match parsed.value {
        Some(root) => Ok((root, parsed.diagnostics)),
        None => Err(parsed.diagnostics),
    }
}

fn empty(source: &Source, path: Utf8PathBuf) -> Castfile {
    Castfile {
        path,
        source: source.clone(),
        id: None,
        name: None,
        version: None,
        description: None,
        imports: Vec::new(),
        projects: Vec::new(),
        env: Vec::new(),
        dotenv: Vec::new(),
        paths: Vec::new(),
        config: None,
        default_shell: None,
        workspace: None,
        tasks: Vec::new(),
        jobs: Vec::new(),
        inventory: crate::model::Inventory::default(),
        inventories: Vec::new(),
        subcommands: Vec::new(),
        meta: None,
        on: None,
        trusted_sources: Vec::new(),
        extensions: Vec::new(),
    }
}

/// Published castfiles have two `tasks:` blocks: both count, and the reader is told.
fn warn_repeated(reader: &mut Reader, entries: &[Entry]) {
    let mut seen: HashMap<&str, &Entry> = HashMap::new();
    for entry in entries {
        let Some(key) = entry.key.as_text() else {
            continue;
        };
        let first = *seen.entry(key).or_insert(entry);
        if !std::ptr::eq(first, entry) && entry.merged.is_none() {
            reader.push(
                Diagnostic::warning(
                    "castfile::repeated-key",
                    format!("`{key}` stands twice; both are read, the later wins where they clash"),
                )
                .primary(entry.key.span().clone(), "again here")
                .secondary(first.key.span().clone(), "first here")
                .help(format!("join the two `{key}` blocks")),
            );
        }
    }
}

fn read_top_level(reader: &mut Reader, file: &mut Castfile, entry: &Entry) {
    let Some(key) = reader.key(entry) else { return };
    let node = &entry.value;
    match key.as_str() {
        "id" => file.id = reader.text(node, "id"),
        "name" => file.name = reader.text(node, "name"),
        "version" => file.version = reader.text(node, "version"),
        "description" | "desc" => file.description = reader.text(node, &key.value),
        "import" | "imports" | "modules" => read_imports(reader, file, &key.value, node),
        "includes" => read_includes(reader, file, node),
        "env" => file.env.extend(env::read_env(reader, node)),
        "dotenv" => file.dotenv.extend(env::read_dotenv(reader, node)),
        "paths" => file.paths.extend(env::read_paths(reader, node)),
        "config" => file.config = read_config(reader, node, file.config.take()),
        "defaults" => {
            if let Some(shell) = reader
                .mapping(node, "defaults")
                .and_then(|map| map.get("shell"))
            {
                file.default_shell = reader.text(shell, "defaults.shell");
            }
        }
        "workspace" => {
            file.workspace = read_workspace(reader, &key, node, file.workspace.take());
        }
        "tasks" => task::read_tasks(reader, node, &mut file.tasks),
        "jobs" => task::read_jobs(reader, node, &mut file.jobs),
        "inventory" => inventory::read_inventory(reader, node, &mut file.inventory),
        "inventories" => file.inventories.extend(reader.texts(node, "inventories")),
        "subcmds" | "subcommands" => file.subcommands.extend(reader.texts(node, &key.value)),
        "meta" => file.meta = Some(node.clone()),
        "on" => file.on = Some(node.clone()),
        "trusted_sources" | "trustedSources" | "trusted-sources" => {
            file.trusted_sources.extend(reader.texts(node, &key.value));
        }
        extension if extension.starts_with("x-") => file.extensions.push((key, node.clone())),
        _ => reader.unknown_key(
            &key,
            "a castfile",
            TOP_LEVEL_KEYS,
            yaml_tree::Severity::Warning,
        ),
    }
}

fn read_imports(reader: &mut Reader, file: &mut Castfile, key: &str, node: &Node) {
    if let Some(mapping) = node.as_mapping() {
        // `name: ./dir` or `name: {path: ./dir}`: sub-projects, routed by `@name`. Their tasks
        // are never merged, their names would collide.
        if let Some(from) = mapping.entry("from") {
            reader.push(
                Diagnostic::error(
                    "castfile::wrong-kind",
                    format!("an import with `from` must be an item of a list under `{key}`"),
                )
                .primary(from.key.site().clone(), "")
                .help("put `- ` before `from`"),
            );
            return;
        }
        for entry in mapping.entries() {
            let Some(name) = reader.key(entry) else {
                continue;
            };
            let name = without_at(name);
            let before = reader.errors();
            let path = match entry.value.as_mapping() {
                Some(project) => {
                    for inner in project.entries() {
                        if let Some(inner) = reader.key(inner)
                            && inner.value != "path"
                        {
                            let what = format!("sub-project `{}`", name.value);
                            let severity = yaml_tree::Severity::Error;
                            reader.unknown_key(&inner, &what, &["path"], severity);
                        }
                    }
                    project
                        .get("path")
                        .and_then(|path| reader.text(path, "path"))
                }
                None if entry.value.as_sequence().is_some() => {
                    let what = format!("sub-project `{}`", name.value);
                    reader.wrong_kind(&entry.value, &what, "a directory");
                    None
                }
                None => reader.text(&entry.value, &name.value),
            };
            match path {
                Some(path) => file.projects.push(ProjectRef { name, path }),
                None if reader.errors() > before => {}
                None => reader.push(
                    Diagnostic::error(
                        "castfile::missing-key",
                        format!("sub-project `{}` has no `path`", name.value),
                    )
                    .primary(name.span, "")
                    .help("write its directory, such as `path: ./compose`"),
                ),
            }
        }
        return;
    }
    for item in reader.items(node, key) {
        file.imports.extend(read_import(reader, item));
    }
}

fn read_import(reader: &mut Reader, node: &Node) -> Option<Import> {
    let Some(mapping) = node.as_mapping() else {
        let from = reader.text(node, "an import")?;
        return Some(Import {
            from,
            namespace: None,
            tasks: None,
        });
    };
    let mut from = None;
    let mut namespace = None;
    let mut tasks = None;
    let before = reader.errors();
    for entry in mapping.entries() {
        let Some(key) = reader.key(entry) else {
            continue;
        };
        match key.as_str() {
            "from" => from = reader.text(&entry.value, "from"),
            "namespace" | "ns" => namespace = reader.text(&entry.value, &key.value),
            "tasks" => tasks = Some(reader.texts(&entry.value, "tasks")),
            _ => reader.unknown_key(
                &key,
                "an import",
                &["from", "namespace", "ns", "tasks"],
                yaml_tree::Severity::Error,
            ),
        }
    }
    if from.is_none() && reader.errors() == before {
        reader.push(
            Diagnostic::error(
                "castfile::missing-key",
                "the import does not say what to import",
            )
            .primary(node.site().clone(), "no `from` here")
            .help("add `from: NAME`, or write the name alone"),
        );
    }
    Some(Import {
        from: from?,
        namespace: namespace.filter(|ns| !ns.value.is_empty()),
        tasks,
    })
}

/// People write `@name` where `name` is meant.
fn without_at(name: Spanned<String>) -> Spanned<String> {
    name.map(|name| name.trim_start_matches('@').to_owned())
}

/// `includes: [compose/castfile]` names sub-projects after their directories.
fn read_includes(reader: &mut Reader, file: &mut Castfile, node: &Node) {
    for path in reader.texts(node, "includes") {
        let whole = Utf8PathBuf::from(&path.value);
        let is_file = whole.file_name().is_some_and(|name| {
            crate::discover::DIRECTORY_NAMES
                .iter()
                .any(|known| known.eq_ignore_ascii_case(name))
        });
        let dir = if is_file {
            whole.parent()
        } else {
            Some(whole.as_path())
        };
        let Some(name) = dir.and_then(|dir| dir.file_name()) else {
            reader.push(
                Diagnostic::error(
                    "castfile::wrong-value",
                    format!("`{}` does not name a directory below this one", path.value),
                )
                .primary(path.span, ""),
            );
            continue;
        };
        let name = Spanned::new(name.to_owned(), path.span.clone());
        file.projects.push(ProjectRef { name, path });
    }
}

fn read_config(reader: &mut Reader, node: &Node, earlier: Option<Config>) -> Option<Config> {
    let Some(mapping) = reader.mapping(node, "config") else {
        return earlier;
    };
    let mut config = earlier.unwrap_or_else(|| Config {
        span: node.site().clone(),
        context: None,
        contexts: Vec::new(),
        shell: None,
        shell_mode: None,
        substitution: true,
        env: Vec::new(),
        dotenv: Vec::new(),
        values: Vec::new(),
    });
    for entry in mapping.entries() {
        let Some(key) = reader.key(entry) else {
            continue;
        };
        let node = &entry.value;
        match key.as_str() {
            "context" => config.context = reader.text(node, "config.context"),
            "contexts" => config.contexts = reader.texts(node, "config.contexts"),
            "shell" => config.shell = reader.text(node, "config.shell"),
            "shell_mode" => {
                config.shell_mode = reader
                    .text(node, "config.shell_mode")
                    .filter(|mode| reader.one_of(mode, "config.shell_mode", &["shell", "cast"]));
            }
            "substitution" => {
                config.substitution = reader.boolean(node, "config.substitution").unwrap_or(true);
            }
            "env" => config.env.extend(env::read_env(reader, node)),
            "dotenv" => config.dotenv.extend(env::read_dotenv(reader, node)),
            _ => {}
        }
        config.values.push((key, node.clone()));
    }
    Some(config)
}

fn read_workspace(
    reader: &mut Reader,
    key: &Spanned<String>,
    node: &Node,
    earlier: Option<Workspace>,
) -> Option<Workspace> {
    if node.is_null(SCHEMA) {
        return earlier;
    }
    let mut workspace = earlier.unwrap_or_else(|| Workspace {
        span: key.span.clone(),
        include: Vec::new(),
        exclude: Vec::new(),
        aliases: Vec::new(),
    });
    let Some(mapping) = node.as_mapping() else {
        if node.as_sequence().is_some() {
            let expected = "`true`, `false` or a mapping with `include`, `exclude` and `aliases`";
            reader.wrong_kind(node, "`workspace`", expected);
            return None;
        }
        return reader.boolean(node, "workspace")?.then_some(workspace);
    };
    for entry in mapping.entries() {
        let Some(key) = reader.key(entry) else {
            continue;
        };
        match key.as_str() {
            "include" => {
                let patterns = reader.texts(&entry.value, "workspace.include");
                workspace.include.extend(patterns);
            }
            "exclude" => {
                let patterns = reader.texts(&entry.value, "workspace.exclude");
                workspace.exclude.extend(patterns);
            }
            "aliases" => {
                let Some(aliases) = reader.mapping(&entry.value, "workspace.aliases") else {
                    continue;
                };
                for alias in aliases.entries() {
                    let Some(name) = reader.key(alias) else {
                        continue;
                    };
                    if let Some(path) = reader.text(&alias.value, &name.value) {
                        let name = without_at(name);
                        workspace.aliases.push(ProjectRef { name, path });
                    }
                }
            }
            _ => reader.unknown_key(
                &key,
                "`workspace`",
                &["include", "exclude", "aliases"],
                yaml_tree::Severity::Warning,
            ),
        }
    }
    Some(workspace)
}
