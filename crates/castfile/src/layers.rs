//! The environment of a run: its layers in order, each value knowing where it was set.

use std::collections::HashMap;

use camino::{Utf8Path, Utf8PathBuf};
use yaml_tree::{Diagnostic, Files, Source, Span, Spanned};

use crate::env::{Env, Origin, Var};
use crate::expand::{CommandSubstitution, ExpandErrorKind, ReferenceOperator, expand, references};
use crate::model::{Castfile, DotenvRef, EnvEntry, PathEntry};
use crate::paths::UserDirs;
use crate::project::{Project, ProjectTask};
use crate::{Error, dotenv, paths};

/// What the world outside the files gives to a run. Nothing of it is read by this crate.
#[derive(Clone, Copy)]
pub struct Session<'a> {
    /// Where dotenv files come from.
    pub files: &'a dyn Files,
    /// The process environment.
    pub process: &'a Env,
    /// The directory in which the tool was called.
    pub invocation_dir: &'a Utf8Path,
    /// The context of the run; `default` if none was chosen.
    pub context: &'a str,
    /// The machine.
    pub host: &'a Host,
    /// Runs `$(…)` in values; `None` leaves them as they are.
    pub commands: Option<&'a dyn CommandSubstitution>,
    /// Dotenv files of the command line (`-E`), absolute.
    pub dotenv: &'a [Utf8PathBuf],
    /// Variables of the command line (`-e`); they win over everything.
    pub vars: &'a [(String, String)],
}

impl std::fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("invocation_dir", &self.invocation_dir)
            .field("context", &self.context)
            .field("host", &self.host)
            .finish_non_exhaustive()
    }
}

/// Facts about the machine and the user, shown to tasks and expressions.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Host {
    /// Go's name of the operating system: `linux`, `darwin`, `windows`.
    pub os: String,
    /// Go's name of the architecture: `amd64`, `arm64`.
    pub arch: String,
    /// Number of processors.
    pub cpus: usize,
    /// Whether the user is root or an administrator.
    pub is_admin: bool,
    /// The user behind `sudo`, if any.
    pub sudo_user: Option<String>,
    /// That user's home directory.
    pub sudo_user_home: Option<String>,
    /// The running program, for tasks that call it again (`CAST_EXE`).
    pub executable: Option<String>,
}

impl Project {
    /// The environment that all tasks start from.
    ///
    /// Layers as in frostyeti/cast v0.3.2, later ones winning, each value expanded against what
    /// is set so far: process, built-in facts, the project's files, `paths` of modules and
    /// project, lines of the file `CAST_PATH` names, `dotenv` of modules and project, dotenv files
    /// of the command line, `env` of modules and project, the file `CAST_ENV` names, the context,
    /// variables of the command line. `config.dotenv` and `config.env` come right before their
    /// top-level namesakes.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every value that cannot be expanded and every dotenv file that is
    /// missing or malformed.
    pub fn base_env(&self, session: &Session<'_>) -> Result<Env, Error> {
        let mut layers = Layers::new(session.process.clone(), self, session);
        layers.builtins();
        layers.project_files();
        layers.paths();
        layers.dotenv_files();
        for module in self.modules() {
            layers.entries(&module.castfile.env);
        }
        if let Some(config) = &self.castfile().config {
            layers.entries(&config.env);
        }
        layers.entries(&self.castfile().env);
        layers.handed_on();
        layers
            .env
            .set("CAST_CONTEXT", session.context, Origin::Builtin);
        layers.command_line();
        layers.finish()
    }

    /// The environment of one task: `base`, the module's facts, the task's dotenv files, its
    /// `env`, and again the variables of the command line.
    ///
    /// # Errors
    /// As [`base_env`](Self::base_env).
    pub fn task_env(
        &self,
        base: &Env,
        task: &ProjectTask,
        session: &Session<'_>,
    ) -> Result<Env, Error> {
        let mut layers = Layers::new(base.clone(), self, session);
        layers.module_facts(task);
        let mut files = DotenvValues::default();
        for file in &task.task.dotenv {
            if let Some(path) = layers.expanded(&file.path) {
                let path = paths::resolve(&path, self.dir(), layers.home.as_deref());
                layers.read_dotenv(&path, file.optional, Some(&file.path.span), &mut files);
            }
        }
        layers.merged(files);
        layers.entries(&task.task.env);
        layers.command_line();
        layers.finish()
    }

    /// Reports the dotenv files of the project that are missing, without reading any. Paths with
    /// a `$` are left out: what they mean is known only in a run.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming each.
    pub fn require_dotenv(&self, session: &Session<'_>) -> Result<(), Error> {
        let mut missing = Vec::new();
        let home = session.process.get("HOME");
        for (castfile, entry) in self.dotenv_refs() {
            let path = &entry.path;
            if entry.optional
                || path.value.contains('$')
                || !entry.applies(session.context, &session.host.os)
            {
                continue;
            }
            let file = paths::resolve(&path.value, castfile.dir(), home);
            if matches!(session.files.kind(&file), Ok(None)) {
                missing.push(missing_dotenv(&file, Some(&path.span)));
            }
        }
        if missing.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(missing))
        }
    }

    /// All top-level dotenv entries in the order in which they are read.
    fn dotenv_refs(&self) -> impl Iterator<Item = (&Castfile, &DotenvRef)> {
        let modules = self.modules().iter().map(|module| &*module.castfile);
        let own = std::iter::once(self.castfile());
        modules.chain(own).flat_map(|castfile| {
            // What a module says under `config` counts for itself alone, as in the original.
            let is_own = std::ptr::eq(castfile, self.castfile());
            let config = castfile.config.iter().filter(move |_| is_own);
            let config = config.flat_map(|config| &config.dotenv);
            config
                .chain(&castfile.dotenv)
                .map(move |entry| (castfile, entry))
        })
    }
}

struct Layers<'a> {
    env: Env,
    project: &'a Project,
    session: &'a Session<'a>,
    commands: Option<&'a dyn CommandSubstitution>,
    home: Option<String>,
    diagnostics: Vec<Diagnostic>,
}

/// A value of a dotenv file before expansion.
pub(crate) struct DotenvValue {
    pub(crate) name: String,
    pub(crate) value: Spanned<String>,
}

/// The values of several dotenv files in the order of their names' first mention.
#[derive(Default)]
struct DotenvValues {
    values: Vec<DotenvValue>,
    index: HashMap<String, usize>,
}

impl DotenvValues {
    fn extend(&mut self, found: Vec<DotenvValue>) {
        for new in found {
            self.set(new);
        }
    }

    fn set(&mut self, new: DotenvValue) {
        if let Some(at) = self.index.get(&new.name) {
            self.values[*at] = new;
        } else {
            self.index.insert(new.name.clone(), self.values.len());
            self.values.push(new);
        }
    }
}

impl<'a> Layers<'a> {
    fn new(env: Env, project: &'a Project, session: &'a Session<'a>) -> Self {
        let substitutes = project
            .castfile()
            .config
            .as_ref()
            .is_none_or(|config| config.substitution);
        Self {
            home: env.get("HOME").map(str::to_owned),
            env,
            project,
            session,
            commands: session.commands.filter(|_| substitutes),
            diagnostics: Vec::new(),
        }
    }

    fn finish(self) -> Result<Env, Error> {
        if self.diagnostics.is_empty() {
            Ok(self.env)
        } else {
            Err(Error::Invalid(self.diagnostics))
        }
    }

    fn builtin(&mut self, name: &str, value: impl Into<String>) {
        self.env.set(name, value, Origin::Builtin);
    }

    fn builtins(&mut self) {
        let host = self.session.host;
        let truth = |on: bool| if on { "true" } else { "false" };
        self.builtin("OS", &host.os);
        self.builtin("ARCH", &host.arch);
        for (name, os) in [
            ("WINDOWS", "windows"),
            ("LINUX", "linux"),
            ("DARWIN", "darwin"),
        ] {
            self.builtin(name, truth(host.os == os));
        }
        self.builtin("NUM_CPU", host.cpus.to_string());
        self.builtin("CWD", self.session.invocation_dir.as_str());
        self.builtin("IS_ADMIN", truth(host.is_admin));
        let dirs = UserDirs::from_env(self.session.process);
        if let (None | Some(""), Some(home)) = (self.env.get("HOME"), &dirs.home) {
            self.builtin("HOME", home.as_str());
            self.home = Some(home.to_string());
        }
        if let Some(home) = &host.sudo_user_home {
            self.builtin("SUDO_USER_HOME", home);
        }
        if let Some(executable) = &host.executable {
            self.builtin("CAST_EXE", executable);
        }
        let bin = dirs.home.as_ref().map(|home| home.join(".local/bin"));
        let xdg = [
            ("CAST_XDG_DATA_HOME", dirs.data),
            ("CAST_XDG_CONFIG_HOME", dirs.config),
            ("CAST_XDG_CACHE_HOME", dirs.cache),
            ("CAST_XDG_BIN_HOME", bin),
        ];
        for (name, dir) in xdg {
            if let Some(dir) = dir {
                self.builtin(name, dir.as_str());
            }
        }
    }

    fn project_files(&mut self) {
        let castfile = self.project.castfile();
        for (name, path) in [
            ("CAST_FILE", castfile.path.as_path()),
            ("CAST_DIR", castfile.dir()),
            ("CAST_PARENT_FILE", castfile.path.as_path()),
            ("CAST_PARENT_DIR", castfile.dir()),
        ] {
            self.builtin(name, path.as_str());
        }
    }

    /// What a task of a module sees of its module.
    fn module_facts(&mut self, task: &ProjectTask) {
        let Some(module) = self.project.module_of(task) else {
            return;
        };
        let file = &module.castfile;
        let text = |value: &Option<Spanned<String>>| {
            value
                .as_ref()
                .map(|value| value.value.clone())
                .unwrap_or_default()
        };
        for (name, value) in [
            ("CAST_FILE", file.path.to_string()),
            ("CAST_DIR", file.dir().to_string()),
            ("CAST_MODULE_FILE", file.path.to_string()),
            ("CAST_MODULE_DIR", file.dir().to_string()),
            ("CAST_MODULE_ID", text(&file.id)),
            ("CAST_MODULE_NAME", text(&file.name)),
            ("CAST_MODULE_VERSION", text(&file.version)),
            ("CAST_MODULE_DESCRIPTION", text(&file.description)),
        ] {
            self.builtin(name, value);
        }
    }

    fn paths(&mut self) {
        let project = self.project;
        for module in project.modules() {
            self.path_entries(&module.castfile, &module.castfile.paths);
        }
        self.path_entries(project.castfile(), &project.castfile().paths);
        // Relative, as in the original: they follow the directory a task runs in.
        self.add_path("./bin", false, Origin::Builtin);
        self.add_path("./node_modules/.bin", false, Origin::Builtin);
        if let Some(lines) = self.named_file("CAST_PATH") {
            for line in lines.text().lines().map(str::trim) {
                if !line.is_empty() && !line.starts_with('#') {
                    self.add_path(line, false, Origin::Task(lines.name().to_owned()));
                }
            }
        }
    }

    fn path_entries(&mut self, castfile: &Castfile, entries: &[PathEntry]) {
        for entry in entries
            .iter()
            .filter(|entry| entry.applies(&self.session.host.os))
        {
            if let Some(path) = self.expanded(&entry.path) {
                let dir = paths::resolve(&path, castfile.dir(), self.home.as_deref());
                self.add_path(
                    dir.as_str(),
                    entry.append,
                    Origin::File(entry.path.span.clone()),
                );
            }
        }
    }

    fn add_path(&mut self, dir: &str, append: bool, origin: Origin) {
        prepend_path(&mut self.env, dir, append, origin, &self.session.host.os);
    }

    fn dotenv_files(&mut self) {
        let mut values = DotenvValues::default();
        let project = self.project;
        for (castfile, entry) in project.dotenv_refs() {
            if !entry.applies(self.session.context, &self.session.host.os) {
                continue;
            }
            if let Some(path) = self.expanded(&entry.path) {
                let path = paths::resolve(&path, castfile.dir(), self.home.as_deref());
                self.read_dotenv(&path, entry.optional, Some(&entry.path.span), &mut values);
            }
        }
        for path in self.session.dotenv {
            self.read_dotenv(path, false, None, &mut values);
        }
        self.merged(values);
    }

    /// Reads a dotenv file behind those read before: a later value takes the place of an earlier.
    fn read_dotenv(
        &mut self,
        path: &Utf8Path,
        optional: bool,
        site: Option<&Span>,
        values: &mut DotenvValues,
    ) {
        let bytes = match self.session.files.read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                if !optional {
                    self.diagnostics.push(missing_dotenv(path, site));
                }
                return;
            }
            Err(error) => {
                let message = format!(
                    "cannot read the dotenv file `{path}`: {}",
                    crate::error::reason(&error)
                );
                let mut found = Diagnostic::error("castfile::unreadable", message);
                if let Some(site) = site {
                    found = found.primary(site.clone(), "");
                }
                self.diagnostics.push(found);
                return;
            }
        };
        match Source::from_bytes(self.shown(path), bytes) {
            Ok(source) => match read_values(&source) {
                Ok(found) => values.extend(found),
                Err(found) => self.diagnostics.extend(found),
            },
            Err(found) => self.diagnostics.push(*found),
        }
    }

    /// Sets dotenv values, expanded once now that all files are read.
    fn merged(&mut self, values: DotenvValues) {
        for DotenvValue { name, value } in values.values {
            self.set_expanded(&name, &value, false);
        }
    }

    fn entries(&mut self, entries: &[EnvEntry]) {
        for entry in entries {
            self.set_expanded(&entry.name.value, &entry.value, entry.secret);
        }
    }

    fn set_expanded(&mut self, name: &str, value: &Spanned<String>, secret: bool) {
        let found = references(&value.value);
        let is_secret = |env: &Env, name: &str| env.var(name).is_some_and(|var| var.secret);
        // What is made from a secret is one.
        let tainted = found
            .iter()
            .any(|reference| is_secret(&self.env, &reference.name));
        // A name that is a secret once stays one: who overrides the value of a password with `-e`
        // does not want it shown either.
        let secret = secret || tainted || is_secret(&self.env, name);
        let Some(value_now) = self.expanded(value) else {
            return;
        };
        if tainted {
            // `${X:=$PASSWORD}` has set X on the way.
            for reference in found
                .iter()
                .filter(|r| r.operator == ReferenceOperator::Assign)
            {
                if let Some(var) = self.env.var(&reference.name)
                    && var.origin == Origin::Assigned
                {
                    let var = Var {
                        secret: true,
                        ..var.clone()
                    };
                    self.env.insert(&reference.name, var);
                }
            }
        }
        let origin = Origin::File(value.span.clone());
        let var = Var {
            value: value_now,
            secret,
            origin,
        };
        self.env.insert(name, var);
    }

    fn expanded(&mut self, text: &Spanned<String>) -> Option<String> {
        match expand_at(text, &mut self.env, self.commands) {
            Ok(value) => Some(value),
            Err(found) => {
                self.diagnostics.push(*found);
                None
            }
        }
    }

    /// What an outer run or the caller hands on in the file that `CAST_ENV` names.
    fn handed_on(&mut self) {
        let Some(source) = self.named_file("CAST_ENV") else {
            return;
        };
        match read_values(&source) {
            Ok(found) => {
                let mut values = DotenvValues::default();
                values.extend(found);
                self.merged(values);
            }
            Err(found) => self.diagnostics.extend(found),
        }
    }

    fn named_file(&self, variable: &str) -> Option<Source> {
        let path = self
            .session
            .process
            .get(variable)
            .filter(|path| !path.is_empty())?;
        let bytes = self.session.files.read(Utf8Path::new(path)).ok()?;
        Source::from_bytes(path, bytes).ok()
    }

    fn command_line(&mut self) {
        for (name, value) in self.session.vars {
            let secret = self.env.var(name).is_some_and(|var| var.secret);
            let origin = Origin::CommandLine;
            let value = value.clone();
            self.env.insert(
                name,
                Var {
                    value,
                    secret,
                    origin,
                },
            );
        }
    }

    fn shown(&self, path: &Utf8Path) -> String {
        shown_beside(self.project.castfile(), path)
    }
}

/// A file as messages name it: relative to where the castfile's name is relative to.
pub(crate) fn shown_beside(castfile: &Castfile, path: &Utf8Path) -> String {
    match castfile.path.as_str().strip_suffix(castfile.source.name()) {
        None | Some("") => path.to_string(),
        Some(base) => paths::shown(path, Utf8Path::new(base)),
    }
}

/// Puts `dir` before (or behind) the entries of `PATH`.
pub(crate) fn prepend_path(env: &mut Env, dir: &str, append: bool, origin: Origin, os: &str) {
    let separator = if os == "windows" { ';' } else { ':' };
    let path = match env.get("PATH") {
        None | Some("") => dir.to_owned(),
        Some(old) if append => format!("{old}{separator}{dir}"),
        Some(old) => format!("{dir}{separator}{old}"),
    };
    env.set("PATH", path, origin);
}

/// Expands a value that stands in a file; what goes wrong is reported at its place.
pub(crate) fn expand_at(
    text: &Spanned<String>,
    env: &mut Env,
    commands: Option<&dyn CommandSubstitution>,
) -> Result<String, Box<Diagnostic>> {
    if !text.value.contains(['$', '\\']) {
        return Ok(text.value.clone());
    }
    expand(&text.value, env, commands).map_err(|error| {
        let place = text.part(error.start, error.end);
        let (code, label) = match &error.kind {
            ExpandErrorKind::Required { name, .. } => (
                "castfile::required-variable",
                format!("`{name}` is not set or empty"),
            ),
            ExpandErrorKind::Substitution { .. } => ("castfile::substitution", String::new()),
            _ => ("castfile::expansion", String::new()),
        };
        let mut found = Diagnostic::error(code, error.kind.to_string()).primary(place, label);
        if let Some(help) = error.kind.help() {
            found = found.help(help);
        }
        Box::new(found)
    })
}

pub(crate) fn read_values(source: &Source) -> Result<Vec<DotenvValue>, Vec<Diagnostic>> {
    match dotenv::parse(source.text()) {
        Ok(entries) => Ok(entries
            .into_iter()
            .map(|entry| DotenvValue {
                name: entry.name,
                value: Spanned::new(
                    entry.value,
                    source.span(entry.value_range.start, entry.value_range.end),
                ),
            })
            .collect()),
        Err(error) => Err(error
            .issues
            .into_iter()
            .map(|issue| {
                Diagnostic::error("castfile::dotenv", issue.kind.to_string())
                    .primary(source.span(issue.range.start, issue.range.end), "")
            })
            .collect()),
    }
}

fn missing_dotenv(path: &Utf8Path, site: Option<&Span>) -> Diagnostic {
    let found = Diagnostic::error(
        "castfile::missing-dotenv",
        format!("the dotenv file `{path}` is not there"),
    );
    match site {
        Some(site) => found.primary(site.clone(), "").help(format!(
            "create it, or write `{}?` if it may be missing",
            site.text().trim_matches(['"', '\''])
        )),
        None => found.help("it was named on the command line with `-E`"),
    }
}
