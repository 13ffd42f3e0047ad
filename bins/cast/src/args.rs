//! The command line as clap reads it.

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Runs the tasks of a castfile.
#[derive(Debug, Parser)]
#[command(
    name = "cast",
    version = crate::VERSION,
    disable_version_flag = true,
    disable_help_subcommand = true,
    arg_required_else_help = false,
    override_usage = "cast [OPTIONS] [@PROJECT[:CONTEXT]]... TASK... [-- ARGS]\n       cast [OPTIONS] [@PROJECT]... COMMAND",
    after_help = "Without a task, the task `default` runs, or the tasks are listed.\n\
        A task wins over a command of the same name where the original `cast` has no such command;\n\
        `cast run NAME` always means the task, `cast self NAME` the command.",
)]
pub(crate) struct Cli {
    /// Print the version
    #[arg(short = 'v', short_alias = 'V', long, action = clap::ArgAction::Version)]
    version: Option<bool>,
    /// What every command takes.
    #[command(flatten)]
    pub(crate) global: Global,
    /// The command.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// Options of every command.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// Castfile, directory or @name of the project [env: `CAST_PROJECT`]
    #[arg(short, long, global = true, value_name = "PROJECT")]
    pub(crate) project: Option<String>,
    /// Context: `up` means `up:CONTEXT` where there is one [env: `CAST_CONTEXT`]
    #[arg(short, long, global = true, value_name = "CONTEXT")]
    pub(crate) context: Option<String>,
    /// Read a dotenv file, after those of the castfile
    #[arg(short = 'E', long, global = true, value_name = "FILE")]
    pub(crate) dotenv: Vec<Utf8PathBuf>,
    /// Set a variable, over everything else
    #[arg(short, long, global = true, value_name = "NAME=VALUE")]
    pub(crate) env: Vec<String>,
    /// Run up to N tasks at the same time, where they do not need each other
    #[arg(short, long, global = true, value_name = "N")]
    pub(crate) jobs: Option<String>,
    /// Run a job
    #[arg(long, global = true, value_name = "JOB", hide = true)]
    pub(crate) job: Option<String>,
    /// Show what would be done, and do nothing
    #[arg(long, global = true)]
    pub(crate) dry_run: bool,
    /// No headers, notes and warnings
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// When to use colours: auto (on a terminal), always or never
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        hide_possible_values = true
    )]
    pub(crate) color: Option<ColorWhen>,
    /// How findings about files are shown: human, or json (one object per line)
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "FORMAT",
        hide_possible_values = true
    )]
    pub(crate) message_format: Option<MessageFormat>,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How findings about files are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageFormat {
    /// For people, with the lines of the file.
    #[default]
    Human,
    /// One JSON object per line.
    Json,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run tasks
    #[command(visible_alias = "r")]
    Run(Words),
    /// List the tasks
    #[command(visible_alias = "ls")]
    List(ListArgs),
    /// Show where each part of a task comes from
    Explain(TaskArg),
    /// Check the castfile and every project it reaches
    Check,
    /// Run a program in the project's environment
    #[command(visible_alias = "x")]
    Exec(Words),
    /// Run, list or execute; the long form of these commands
    #[command(visible_alias = "tasks")]
    Task {
        /// What to do.
        #[command(subcommand)]
        command: TaskCommand,
    },
    /// List jobs (running them is not supported yet)
    Job(Words),
    /// Read and change the `config` of the castfile
    Config {
        /// What to do.
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Read and change the default context
    Context {
        /// What to do.
        #[command(subcommand)]
        command: ContextCommand,
    },
    /// Show the projects of the workspace
    #[command(visible_alias = "ws")]
    Workspace {
        /// What to do.
        #[command(subcommand)]
        command: Option<WorkspaceCommand>,
    },
    /// About this program
    #[command(name = "self")]
    Itself {
        /// What to do.
        #[command(subcommand)]
        command: Option<SelfCommand>,
    },
    /// Print a completion script
    Completion {
        /// For bash, zsh, fish or powershell
        #[arg(hide_possible_values = true)]
        shell: Shell,
    },
    /// What completion scripts call.
    #[command(name = "__complete", hide = true)]
    Complete(Words),
    /// Not supported yet
    #[command(hide = true)]
    Ssh(Words),
    /// Not supported yet
    #[command(hide = true)]
    Scp(Words),
    /// Not supported yet
    #[command(hide = true, visible_alias = "tools")]
    Tool(Words),
    /// Not supported yet
    #[command(hide = true)]
    Web(Words),
}

/// Words taken as they are.
#[derive(Args, Clone, Debug, Default)]
#[command(disable_help_flag = true)]
pub(crate) struct Words {
    /// The words.
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "WORD"
    )]
    pub(crate) words: Vec<String>,
}

/// A shell that completion scripts are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    /// bash
    Bash,
    /// zsh
    Zsh,
    /// fish
    Fish,
    /// `PowerShell`
    #[value(name = "powershell", alias = "pwsh")]
    Pwsh,
}

/// What `list` shows.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct ListArgs {
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The tasks of every project of the workspace
    #[arg(long)]
    pub(crate) all: bool,
    /// Leave out hooks (`up:before`, `up:after`)
    #[arg(long)]
    pub(crate) hide_hooks: bool,
}

/// A task by name.
#[derive(Args, Clone, Debug)]
pub(crate) struct TaskArg {
    /// The task
    pub(crate) task: String,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Subcommands of `task`.
#[derive(Debug, Subcommand)]
pub(crate) enum TaskCommand {
    /// Run tasks
    #[command(visible_alias = "r")]
    Run(Words),
    /// List the tasks
    #[command(visible_alias = "ls")]
    List(ListArgs),
    /// Run a program in the project's environment
    #[command(visible_alias = "x")]
    Exec(Words),
    /// Not supported yet
    #[command(hide = true)]
    Install(Words),
    /// Not supported yet
    #[command(hide = true)]
    Update(Words),
    /// Not supported yet
    #[command(hide = true)]
    Add(Words),
    /// Not supported yet
    #[command(hide = true, name = "clear-cache")]
    ClearCache(Words),
}

/// Subcommands of `config`.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Set a value
    Set {
        /// Name of the entry
        key: String,
        /// Its value
        value: String,
    },
    /// Print a value
    Get {
        /// Name of the entry
        key: String,
    },
    /// Remove an entry
    #[command(visible_aliases = ["remove", "delete", "del"])]
    Rm {
        /// Name of the entry
        key: String,
    },
}

/// Subcommands of `context`.
#[derive(Debug, Subcommand)]
pub(crate) enum ContextCommand {
    /// Make a context the default
    #[command(visible_alias = "set")]
    Use {
        /// Its name
        name: String,
    },
    /// Print the default context
    #[command(visible_alias = "show")]
    Get,
    /// Go back to the context `default`
    #[command(visible_aliases = ["remove", "delete", "del"])]
    Rm,
}

/// Subcommands of `workspace`.
#[derive(Debug, Subcommand)]
pub(crate) enum WorkspaceCommand {
    /// List the projects
    #[command(visible_alias = "list")]
    Ls,
}

/// Subcommands of `self`.
#[derive(Debug, Subcommand)]
pub(crate) enum SelfCommand {
    /// Check the castfile and every project it reaches
    Check,
    /// Show where each part of a task comes from
    Explain(TaskArg),
    /// Say how to upgrade
    Upgrade,
    /// Read and change the `config` of the castfile
    Config {
        /// What to do.
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Read and change the default context
    Context {
        /// What to do.
        #[command(subcommand)]
        command: ContextCommand,
    },
    /// Show the projects of the workspace
    #[command(visible_alias = "ws")]
    Workspace {
        /// What to do.
        #[command(subcommand)]
        command: Option<WorkspaceCommand>,
    },
}
