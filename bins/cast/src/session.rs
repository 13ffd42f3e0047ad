//! From options and `@` words to a loaded project and everything a run needs.

use std::cell::OnceCell;
use std::rc::Rc;

use camino::Utf8PathBuf;
use cast_runner::Commands;
use castfile::{Disk, Error, Loader, Project, Session, UserDirs};
use yaml_tree::Diagnostic;

use crate::args::Global;
use crate::world::World;

/// What was selected on the command line. Clones share what is loaded.
#[derive(Clone)]
pub(crate) struct Selected<'w> {
    pub(crate) world: &'w World,
    pub(crate) loader: &'w Loader<'static>,
    pub(crate) castfile: Utf8PathBuf,
    project: Rc<OnceCell<Rc<Project>>>,
    context: Option<String>,
    dotenv: Vec<Utf8PathBuf>,
    vars: Vec<(String, String)>,
}

static DISK: Disk = Disk;

/// A loader over the disk that shows paths as seen from the current directory. One serves the
/// whole command, so that no file is read twice.
pub(crate) fn loader(world: &World) -> Loader<'static> {
    Loader::new(&DISK, UserDirs::from_env(&world.env)).showing_from(&world.dir)
}

impl<'w> Selected<'w> {
    /// Finds the project that options and `@` words mean; nothing but castfiles on the way is read.
    ///
    /// # Errors
    /// What [`Loader::select`] says, or a malformed `-e`.
    pub(crate) fn new(
        world: &'w World,
        loader: &'w Loader<'static>,
        global: &Global,
        aliases: &[String],
    ) -> Result<Self, Error> {
        let from_env = |name: &str| world.env.get(name).filter(|value| !value.is_empty());
        let project = global
            .project
            .as_deref()
            .or_else(|| from_env("CAST_PROJECT"));
        let words: Vec<_> = aliases.iter().map(String::as_str).collect();
        let selection = loader.select(&world.dir, project, &words)?;
        let context = selection
            .context
            .or_else(|| global.context.clone())
            .or_else(|| from_env("CAST_CONTEXT").map(str::to_owned));
        Ok(Self {
            world,
            loader,
            castfile: selection.castfile,
            project: Rc::default(),
            context,
            dotenv: global
                .dotenv
                .iter()
                .map(|file| world.dir.join(file))
                .collect(),
            vars: vars(&global.env)?,
        })
    }

    /// Takes another context, from among the words after the task.
    pub(crate) fn set_context(&mut self, context: Option<String>) {
        if context.is_some() {
            self.context = context;
        }
    }

    /// The project with its modules, loaded at the first call.
    ///
    /// # Errors
    /// What [`Loader::project`] says.
    pub(crate) fn project(&self) -> Result<Rc<Project>, Error> {
        if let Some(project) = self.project.get() {
            return Ok(Rc::clone(project));
        }
        let project = Rc::new(self.loader.project(&self.castfile)?);
        Ok(Rc::clone(self.project.get_or_init(|| project)))
    }

    /// The context of a run in `project`.
    pub(crate) fn context<'a>(&'a self, project: &'a Project) -> &'a str {
        match self.context.as_deref() {
            Some(context) if !context.is_empty() => context,
            _ => project.default_context(),
        }
    }

    /// The session of a run in `project`; with `commands`, `$(…)` in values is run.
    pub(crate) fn session<'a>(
        &'a self,
        project: &'a Project,
        commands: Option<&'a Commands<'_>>,
    ) -> Session<'a> {
        Session {
            files: self.loader.files(),
            process: &self.world.env,
            invocation_dir: &self.world.dir,
            context: self.context(project),
            host: &self.world.host,
            commands: commands.map(|commands| commands as _),
            dotenv: &self.dotenv,
            vars: &self.vars,
        }
    }
}

/// `-e NAME=VALUE`, in order.
fn vars(words: &[String]) -> Result<Vec<(String, String)>, Error> {
    words
        .iter()
        .map(|word| match word.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() => {
                Ok((name.trim().to_owned(), value.to_owned()))
            }
            // The word is not shown: it may be a secret with its name forgotten.
            _ => Err(Diagnostic::error(
                "cast::bad-variable",
                "`-e` takes `NAME=VALUE`, and the word behind it is not like that",
            )
            .help("it is not shown here, as it may be a secret")
            .into()),
        })
        .collect()
}
