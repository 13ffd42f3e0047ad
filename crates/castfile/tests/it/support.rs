//! What the tests share.

use std::fmt::Write as _;

use camino::{Utf8Path, Utf8PathBuf};
use castfile::model::Castfile;
use castfile::{
    CommandSubstitution, Env, Error, Files, Host, Loader, MemoryFiles, Origin, Project, Session,
    Substitute, UserDirs,
};
use yaml_tree::{Diagnostic, Parsed, Severity, Source, Spanned};

/// Files below `/lab`, the directory that messages are relative to; names beginning with `/` are
/// taken as they are.
pub(crate) fn lab<const N: usize>(files: [(&str, &str); N]) -> MemoryFiles {
    let mut memory = MemoryFiles::default();
    for (name, text) in files {
        memory.insert(Utf8Path::new("/lab").join(name), text);
    }
    memory
}

/// The directories of the user whose home is `/home/me`.
pub(crate) fn user_dirs() -> UserDirs {
    UserDirs::from_env(&Env::from_iter([("HOME", "/home/me")]))
}

pub(crate) fn loader(files: &dyn Files) -> Loader<'_> {
    Loader::new(files, user_dirs()).showing_from("/lab")
}

/// The project of a castfile below `/lab`.
pub(crate) fn try_project(files: &dyn Files, castfile: &str) -> Result<Project, Error> {
    loader(files).project(&Utf8Path::new("/lab").join(castfile))
}

#[track_caller]
pub(crate) fn project(files: &dyn Files, castfile: &str) -> Project {
    match try_project(files, castfile) {
        Ok(project) => project,
        Err(error) => panic!("{}", report(&error)),
    }
}

/// The project of one castfile with this text.
#[track_caller]
pub(crate) fn single(text: &str) -> Project {
    project(&lab([("castfile", text)]), "castfile")
}

/// What is reported about one castfile with this text that does not load.
#[track_caller]
pub(crate) fn refused(text: &str) -> String {
    match try_project(&lab([("castfile", text)]), "castfile") {
        Ok(_) => panic!("the castfile loads:\n{text}"),
        Err(error) => report(&error),
    }
}

pub(crate) fn parsed(text: &str) -> Parsed<Castfile> {
    castfile::parse(&Source::new("castfile", text), "/lab/castfile")
}

/// The castfile with this text, which gives neither errors nor warnings.
#[track_caller]
pub(crate) fn file(text: &str) -> Castfile {
    let parsed = parsed(text);
    assert!(
        parsed.diagnostics.is_empty(),
        "{}",
        findings(&parsed.diagnostics)
    );
    parsed.value.unwrap()
}

/// The ids of all tasks in the order of a listing.
pub(crate) fn ids(project: &Project) -> Vec<&str> {
    project
        .tasks()
        .iter()
        .map(|task| task.id().as_str())
        .collect()
}

/// The ids of a run in order, separated by blanks; the report if there is no plan.
pub(crate) fn order(project: &Project, targets: &[&str], context: &str) -> String {
    match project.plan(targets, context) {
        Ok(plan) => {
            let ids = plan
                .steps
                .iter()
                .map(|step| project.tasks()[step.task].id().as_str());
            ids.collect::<Vec<_>>().join(" ")
        }
        Err(error) => report(&error),
    }
}

/// The script of a task.
#[track_caller]
pub(crate) fn run_of<'p>(project: &'p Project, task: &str) -> &'p str {
    &project.task(task).unwrap().task.run.as_ref().unwrap().value
}

/// A value as text; `-` if there is none.
#[expect(
    clippy::ref_option,
    reason = "fields of the model are passed as they are"
)]
pub(crate) fn text(value: &Option<Spanned<String>>) -> &str {
    value.as_ref().map_or("-", Spanned::as_str)
}

pub(crate) fn texts(values: &[Spanned<String>]) -> Vec<&str> {
    values.iter().map(Spanned::as_str).collect()
}

/// An error as plain lines.
pub(crate) fn report(error: &Error) -> String {
    findings(&error.diagnostics())
}

pub(crate) fn findings(diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let severity = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        writeln!(
            out,
            "{severity}[{}]: {}",
            diagnostic.code, diagnostic.message
        )
        .unwrap();
        for label in &diagnostic.labels {
            let arrow = if label.primary { "-->" } else { "   " };
            let line = format!("  {arrow} {}: {}", label.span, label.message);
            writeln!(out, "{}", line.trim_end_matches([' ', ':'])).unwrap();
        }
        for help in &diagnostic.help {
            writeln!(out, "  help: {help}").unwrap();
        }
        if let Some(fix) = &diagnostic.fix {
            let place = fix.span.position();
            writeln!(out, "  fix: {} [{place} {:?}]", fix.title, fix.replacement).unwrap();
        }
    }
    out
}

/// A session to resolve environments in.
pub(crate) struct World {
    pub(crate) files: MemoryFiles,
    pub(crate) process: Env,
    pub(crate) context: String,
    pub(crate) host: Host,
    pub(crate) dotenv: Vec<Utf8PathBuf>,
    pub(crate) vars: Vec<(String, String)>,
}

/// Prints the words it is called with, or fails for the program `false`.
struct Echo;

impl CommandSubstitution for Echo {
    fn run(&self, words: &[String], _: &Env) -> Result<Substitute, String> {
        match words {
            [program, ..] if program == "false" => Err("exit status 1".to_owned()),
            [program, value] if program == "secret" => Ok(Substitute {
                text: format!("{value}\n"),
                secret: true,
            }),
            words => Ok(format!("<{}>\n", words.join(" ")).into()),
        }
    }
}

impl World {
    pub(crate) fn new(files: MemoryFiles) -> Self {
        let mut host = Host::default();
        "linux".clone_into(&mut host.os);
        "amd64".clone_into(&mut host.arch);
        host.cpus = 4;
        Self {
            files,
            process: Env::from_iter([("HOME", "/home/me"), ("PATH", "/usr/bin")]),
            context: "default".to_owned(),
            host,
            dotenv: Vec::new(),
            vars: Vec::new(),
        }
    }

    pub(crate) fn process(mut self, name: &str, value: &str) -> Self {
        self.process.set(name, value, Origin::Process);
        self
    }

    pub(crate) fn context(mut self, context: &str) -> Self {
        context.clone_into(&mut self.context);
        self
    }

    pub(crate) fn os(mut self, os: &str) -> Self {
        os.clone_into(&mut self.host.os);
        self
    }

    pub(crate) fn var(mut self, name: &str, value: &str) -> Self {
        self.vars.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn dotenv(mut self, path: &str) -> Self {
        self.dotenv.push(path.into());
        self
    }

    /// Calls `body` with the project of `castfile` and the session.
    pub(crate) fn with<T>(
        &self,
        castfile: &str,
        body: impl FnOnce(&Project, &Session<'_>) -> T,
    ) -> T {
        let project = project(&self.files, castfile);
        let session = Session {
            files: &self.files,
            process: &self.process,
            invocation_dir: "/lab/here".into(),
            context: &self.context,
            host: &self.host,
            commands: Some(&Echo),
            dotenv: &self.dotenv,
            vars: &self.vars,
        };
        body(&project, &session)
    }

    pub(crate) fn try_base(&self) -> Result<Env, Error> {
        self.with("castfile", Project::base_env)
    }

    /// The environment all tasks of `/lab/castfile` start from.
    #[track_caller]
    pub(crate) fn base(&self) -> Env {
        self.try_base()
            .unwrap_or_else(|error| panic!("{}", report(&error)))
    }

    pub(crate) fn try_task(&self, task: &str) -> Result<Env, Error> {
        self.with("castfile", |project, session| {
            let base = project.base_env(session)?;
            project.task_env(&base, project.task(task).unwrap(), session)
        })
    }

    /// The environment of a task of `/lab/castfile`.
    #[track_caller]
    pub(crate) fn task(&self, task: &str) -> Env {
        self.try_task(task)
            .unwrap_or_else(|error| panic!("{}", report(&error)))
    }
}

/// `NAME=value` of these variables, one per line; `NAME` alone when it is not set.
pub(crate) fn shown(env: &Env, names: &[&str]) -> String {
    let mut out = String::new();
    for name in names {
        match env.var(name) {
            None => writeln!(out, "{name}").unwrap(),
            Some(var) => writeln!(out, "{name}={}", var.value).unwrap(),
        }
    }
    out
}

/// `NAME=value (origin)` of these variables.
pub(crate) fn explained(env: &Env, names: &[&str]) -> String {
    let mut out = String::new();
    for name in names {
        let var = env.var(name).unwrap();
        let origin = match &var.origin {
            Origin::File(span) => span.to_string(),
            other => format!("{other:?}"),
        };
        writeln!(out, "{name}={} ({origin})", var.value).unwrap();
    }
    out
}
