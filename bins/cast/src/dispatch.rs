//! Which command a command line means.

use castfile::Loader;
use clap::{CommandFactory as _, Parser as _};
use common::{Io, exit};

use crate::args::{Cli, Command, Global, SelfCommand, TaskCommand, Words, WorkspaceCommand};
use crate::command_line::Leading;
use crate::commands::{check, completion, config, exec, explain, itself, list, run, workspace};
use crate::invocation::Invocation;
use crate::session;
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
    let invocation = Invocation::new(world, &loader, &global, &leading.aliases, &leading.rest);
    if global.job.is_some() {
        return ui.not_supported("running jobs");
    }
    match command {
        Some(_) if invocation.means_a_task() => run::run(&invocation, &leading.rest, &mut ui),
        Some(command) => self::command(&invocation, command, &mut ui),
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

/// Runs one of the commands.
fn command(typed: &Invocation<'_>, command: Command, ui: &mut Ui<'_, '_>) -> u8 {
    // These take their words as they are, so that clap never sees the question.
    if let [_, flag, ..] = typed.words
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
        return help(&typed.words[0], ui);
    }
    match command {
        Command::Run(words) => run_words(typed, &words, ui),
        Command::List(args) => list::list(typed, args, ui),
        Command::Explain(args) => explain::explain(typed, &args, ui),
        Command::Check => check::check(typed, ui),
        Command::Exec(words) => exec::exec(typed, &words.words, ui),
        Command::Task { command } => match command {
            TaskCommand::Run(words) => run_words(typed, &words, ui),
            TaskCommand::List(args) => list::list(typed, args, ui),
            TaskCommand::Exec(words) => exec::exec(typed, &words.words, ui),
            TaskCommand::Install(_)
            | TaskCommand::Update(_)
            | TaskCommand::Add(_)
            | TaskCommand::ClearCache(_) => ui.not_supported("remote tasks"),
        },
        Command::Job(words) => match words.words.first().map(String::as_str) {
            Some("list" | "ls") | None => list::jobs(typed, ui),
            Some(_) => ui.not_supported("running jobs"),
        },
        Command::Config { command } => config::config(typed, &command, ui),
        Command::Context { command } => config::context(typed, &command, ui),
        Command::Workspace {
            command: Some(WorkspaceCommand::Ls) | None,
        } => workspace::list(typed, ui),
        Command::Itself { command } => match command {
            None => itself::show(typed, ui),
            Some(SelfCommand::Check) => check::check(typed, ui),
            Some(SelfCommand::Explain(args)) => explain::explain(typed, &args, ui),
            Some(SelfCommand::Upgrade) => itself::upgrade(ui),
            Some(SelfCommand::Config { command }) => config::config(typed, &command, ui),
            Some(SelfCommand::Context { command }) => config::context(typed, &command, ui),
            Some(SelfCommand::Workspace { .. }) => workspace::list(typed, ui),
        },
        Command::Completion { shell } => completion::script(shell, ui),
        Command::Complete(words) => completion::complete(typed, &words.words, ui),
        Command::Ssh(_) => ui.not_supported("`cast ssh`"),
        Command::Scp(_) => ui.not_supported("`cast scp`"),
        Command::Tool(_) => ui.not_supported("`cast tool`"),
        Command::Web(_) => ui.not_supported("`cast web`"),
    }
}

/// `cast run …`: the words are read as a command line of their own, so that options and `@`
/// words may stand behind `run` as well.
fn run_words(typed: &Invocation<'_>, words: &Words, ui: &mut Ui<'_, '_>) -> u8 {
    let inner = Leading::parse(&words.words);
    let more = match read(&inner.options, &[]) {
        Ok((global, _)) => global,
        Err(error) => return clap_message(&error, ui),
    };
    let global = merged(typed.global, more);
    let aliases: Vec<_> = typed
        .aliases
        .iter()
        .chain(&inner.aliases)
        .cloned()
        .collect();
    // Without a name, a task called `run` is meant, if there is one.
    let rest = if inner.rest.is_empty() {
        vec!["run".to_owned()]
    } else {
        inner.rest.clone()
    };
    let named = !inner.rest.is_empty();
    let invocation = Invocation::new(typed.world, typed.loader, &global, &aliases, &rest);
    let has_run = || {
        let project = invocation.select().and_then(|selected| selected.project());
        project.is_ok_and(|project| project.task("run").is_some())
    };
    let targets: &[String] = if named || has_run() { &rest } else { &[] };
    run::run(&invocation, targets, ui)
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
    let invocation = Invocation::new(world, loader, &global, &leading.aliases, &leading.rest);
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
