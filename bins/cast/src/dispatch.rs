//! Which command a command line means.

use std::cell::OnceCell;

use castfile::Loader;
use clap::{CommandFactory as _, Parser as _};
use common::{Io, exit};

use crate::args::{
    Cli, Command, Global, ListArgs, SelfCommand, TaskCommand, Words, WorkspaceCommand,
};
use crate::command_line::Leading;
use crate::commands::{check, completion, config, exec, explain, itself, list, run, workspace};
use crate::session::{self, Selected};
use crate::ui::Ui;
use crate::world::World;

/// Names and aliases of the commands, also the hidden ones. clap knows them too, but it takes
/// longer to say so than everything else that happens before a task starts.
const COMMANDS: &[&str] = &[
    "__complete",
    "check",
    "completion",
    "config",
    "context",
    "exec",
    "explain",
    "job",
    "list",
    "ls",
    "r",
    "run",
    "scp",
    "self",
    "ssh",
    "task",
    "tasks",
    "tool",
    "tools",
    "web",
    "workspace",
    "ws",
    "x",
];

/// Runs the command that `words` mean.
pub(crate) fn dispatch(world: &World, words: &[String], io: &mut Io<'_>) -> u8 {
    let leading = Leading::parse(words);
    let first = leading.rest.first().map(String::as_str);
    let is_command = first.is_some_and(|word| COMMANDS.contains(&word));
    // Without a command of ours, clap reads the options alone; the rest are tasks.
    let command_words = if is_command {
        leading.rest.as_slice()
    } else {
        &[]
    };
    let loader = session::loader(world);
    let (global, command) = match read(&leading.options, command_words) {
        Ok(read) => read,
        Err(error) => return usage(&error, world, &loader, &leading, io),
    };
    let mut ui = Ui::new(world, &global, io);
    let invocation = Invocation {
        world,
        loader: &loader,
        global: &global,
        aliases: &leading.aliases,
        words: &leading.rest,
        selected: OnceCell::new(),
    };
    if global.job.is_some() {
        return not_supported(&mut ui, "running jobs");
    }
    match command {
        Some(_) if invocation.means_a_task() => run::run(&invocation, &leading.rest, &mut ui),
        Some(command) => invocation.command(command, &mut ui),
        None => run::run(&invocation, &leading.rest, &mut ui),
    }
}

/// Reads options and a command, if there is one.
fn read(options: &[String], command: &[String]) -> Result<(Global, Option<Command>), clap::Error> {
    // `cast up` has nothing for clap, whose tables take their time to build.
    if options.is_empty() && command.is_empty() {
        return Ok((Global::default(), None));
    }
    let words = options.iter().chain(command).map(String::as_str);
    let cli = Cli::try_parse_from(std::iter::once("cast").chain(words))?;
    Ok((cli.global, cli.command))
}

/// What was typed, and where.
pub(crate) struct Invocation<'a> {
    pub(crate) world: &'a World,
    pub(crate) loader: &'a Loader<'static>,
    pub(crate) global: &'a Global,
    pub(crate) aliases: &'a [String],
    /// Everything from the first plain word on.
    words: &'a [String],
    /// What [`Invocation::select`] found.
    selected: OnceCell<Selected<'a>>,
}

impl<'a> Invocation<'a> {
    /// The project that the options and `@` words before the command select.
    pub(crate) fn select(&self) -> Result<Selected<'a>, castfile::Error> {
        if let Some(selected) = self.selected.get() {
            return Ok(selected.clone());
        }
        let selected = Selected::new(self.world, self.loader, self.global, self.aliases)?;
        Ok(self.selected.get_or_init(|| selected).clone())
    }

    /// The same with `@` words that stand behind the command.
    pub(crate) fn select_with(&self, more: &[String]) -> Result<Selected<'a>, castfile::Error> {
        if more.is_empty() {
            return self.select();
        }
        let aliases: Vec<_> = self.aliases.iter().chain(more).cloned().collect();
        Selected::new(self.world, self.loader, self.global, &aliases)
    }

    /// Whether the first word names a task of the project, and the task wins over the command.
    ///
    /// Short aliases and the commands that the original does not have never hide a task; `list`,
    /// `ls` and `workspace` do not when they stand alone; `config` and `context` do not when the
    /// castfile claims them as subcommands.
    fn means_a_task(&self) -> bool {
        let Some(word) = self.words.first().map(String::as_str) else {
            return false;
        };
        let alone = self.words.len() == 1;
        let claimable = match word {
            "x" | "r" | "ws" | "check" | "explain" | "completion" => true,
            "list" | "ls" | "workspace" => alone,
            "config" | "context" => true,
            _ => false,
        };
        if !claimable {
            return false;
        }
        let Ok(project) = self.select().and_then(|selected| selected.project()) else {
            return false;
        };
        match word {
            "config" | "context" => {
                let claims = |name: &str| {
                    project
                        .castfile()
                        .subcommands
                        .iter()
                        .any(|claimed| claimed.value == name)
                };
                claims(word)
            }
            _ => project.task(word).is_some(),
        }
    }

    fn command(&self, command: Command, ui: &mut Ui<'_, '_>) -> u8 {
        // These take their words as they are, so that clap never sees the question.
        if let [_, flag, ..] = self.words
            && matches!(flag.as_str(), "-h" | "--help")
            && matches!(
                command,
                Command::Run(_)
                    | Command::Exec(_)
                    | Command::Job(_)
                    | Command::Ssh(_)
                    | Command::Scp(_)
                    | Command::Tool(_)
                    | Command::Web(_)
            )
        {
            return help(&self.words[0], ui);
        }
        match command {
            Command::Run(words) => self.run(&words, ui),
            Command::List(args) => list::list(self, args, ui),
            Command::Explain(args) => explain::explain(self, &args, ui),
            Command::Check => check::check(self, ui),
            Command::Exec(words) => exec::exec(self, &words.words, ui),
            Command::Task { command } => match command {
                TaskCommand::Run(words) => self.run(&words, ui),
                TaskCommand::List(args) => list::list(self, args, ui),
                TaskCommand::Exec(words) => exec::exec(self, &words.words, ui),
                TaskCommand::Install(_)
                | TaskCommand::Update(_)
                | TaskCommand::Add(_)
                | TaskCommand::ClearCache(_) => not_supported(ui, "remote tasks"),
            },
            Command::Job(words) => match words.words.first().map(String::as_str) {
                Some("list" | "ls") | None => list::jobs(self, ui),
                Some(_) => not_supported(ui, "running jobs"),
            },
            Command::Config { command } => config::config(self, &command, ui),
            Command::Context { command } => config::context(self, &command, ui),
            Command::Workspace {
                command: Some(WorkspaceCommand::Ls) | None,
            } => workspace::list(self, ui),
            Command::Itself { command } => match command {
                None => itself::show(self, ui),
                Some(SelfCommand::Check) => check::check(self, ui),
                Some(SelfCommand::Explain(args)) => explain::explain(self, &args, ui),
                Some(SelfCommand::Upgrade) => itself::upgrade(ui),
                Some(SelfCommand::Config { command }) => config::config(self, &command, ui),
                Some(SelfCommand::Context { command }) => config::context(self, &command, ui),
                Some(SelfCommand::Workspace { .. }) => workspace::list(self, ui),
            },
            Command::Completion { shell } => completion::script(shell, ui),
            Command::Complete(words) => completion::complete(self, &words.words, ui),
            Command::Ssh(_) => not_supported(ui, "`cast ssh`"),
            Command::Scp(_) => not_supported(ui, "`cast scp`"),
            Command::Tool(_) => not_supported(ui, "`cast tool`"),
            Command::Web(_) => not_supported(ui, "`cast web`"),
        }
    }

    /// `cast run …`: the words are read as a command line of their own, so that options and `@`
    /// words may stand behind `run` as well.
    fn run(&self, words: &Words, ui: &mut Ui<'_, '_>) -> u8 {
        let inner = Leading::parse(&words.words);
        let more = match read(&inner.options, &[]) {
            Ok((global, _)) => global,
            Err(error) => return clap_message(&error, ui),
        };
        let global = merged(self.global, more);
        let aliases: Vec<_> = self.aliases.iter().chain(&inner.aliases).cloned().collect();
        // Without a name, a task called `run` is meant, if there is one.
        let rest = if inner.rest.is_empty() {
            vec!["run".to_owned()]
        } else {
            inner.rest.clone()
        };
        let named = !inner.rest.is_empty();
        let invocation = Invocation {
            world: self.world,
            loader: self.loader,
            global: &global,
            aliases: &aliases,
            words: &rest,
            selected: OnceCell::new(),
        };
        let has_run = || {
            let project = invocation.select().and_then(|selected| selected.project());
            project.is_ok_and(|project| project.task("run").is_some())
        };
        let targets: &[String] = if named || has_run() { &rest } else { &[] };
        run::run(&invocation, targets, ui)
    }
}

/// The options of the outer command line with those of an inner one over them.
fn merged(outer: &Global, inner: Global) -> Global {
    let both = |outer: &[String], inner: Vec<String>| outer.iter().cloned().chain(inner).collect();
    Global {
        project: inner.project.or_else(|| outer.project.clone()),
        context: inner.context.or_else(|| outer.context.clone()),
        dotenv: outer.dotenv.iter().cloned().chain(inner.dotenv).collect(),
        env: both(&outer.env, inner.env),
        jobs: inner.jobs.or_else(|| outer.jobs.clone()),
        job: inner.job.or_else(|| outer.job.clone()),
        dry_run: outer.dry_run || inner.dry_run,
        quiet: outer.quiet || inner.quiet,
        color: inner.color.or(outer.color),
        message_format: inner.message_format.or(outer.message_format),
    }
}

/// The help of a command.
fn help(name: &str, ui: &mut Ui<'_, '_>) -> u8 {
    let mut cli = Cli::command();
    cli.build();
    if let Some(command) = cli.find_subcommand_mut(name) {
        let text = command.render_help();
        let text = if ui.out_color {
            text.ansi().to_string()
        } else {
            text.to_string()
        };
        ui.io.data(text);
    }
    exit::DONE
}

/// Says that something is not there yet.
pub(crate) fn not_supported(ui: &mut Ui<'_, '_>, what: &str) -> u8 {
    ui.error(
        "cast::not-supported",
        format!("{what} is not supported yet"),
        &[],
    );
    exit::NOT_SUPPORTED
}

/// What clap has to say about a command line: help and version are data, the rest are messages.
fn usage(
    error: &clap::Error,
    world: &World,
    loader: &Loader<'static>,
    leading: &Leading,
    io: &mut Io<'_>,
) -> u8 {
    // `cast list` may be a task that takes `--help`, `cast x` one that takes anything.
    let global = Global::default();
    let mut ui = Ui::new(world, &global, io);
    let invocation = Invocation {
        world,
        loader,
        global: &global,
        aliases: &leading.aliases,
        words: &leading.rest,
        selected: OnceCell::new(),
    };
    if leading.options.is_empty() && invocation.means_a_task() {
        return run::run(&invocation, &leading.rest, &mut ui);
    }
    clap_message(error, &mut ui)
}

fn clap_message(error: &clap::Error, ui: &mut Ui<'_, '_>) -> u8 {
    let text = error.render();
    if error.use_stderr() {
        let text = if ui.err_color {
            text.ansi().to_string()
        } else {
            text.to_string()
        };
        ui.io.message(text);
        // The original ends with 1 for a wrong option.
        exit::FAILED
    } else {
        let text = if ui.out_color {
            text.ansi().to_string()
        } else {
            text.to_string()
        };
        ui.io.data(text);
        exit::DONE
    }
}

/// The options of `list` when nothing was said.
pub(crate) const PLAIN_LIST: ListArgs = ListArgs {
    json: false,
    all: false,
    hide_hooks: false,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_commands_is_the_one_that_clap_has() {
        let cli = Cli::command();
        let commands = cli.get_subcommands();
        let mut names: Vec<_> = commands
            .flat_map(|command| {
                std::iter::once(command.get_name()).chain(command.get_all_aliases())
            })
            .collect();
        names.sort_unstable();
        assert_eq!(COMMANDS, names);
    }
}
