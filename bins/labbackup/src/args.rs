//! The command line.

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand};

/// Backups of a homelab that are complete, and restores that are proven
#[derive(Debug, Parser)]
#[command(name = "labbackup", version)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every verb understands.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Common {
    /// Compose file, a project of its own [repeatable; default: those of the repository]
    #[arg(short, long = "file", value_name = "COMPOSE", global = true)]
    pub(crate) files: Vec<Utf8PathBuf>,
    /// The repository, in which Compose files are looked for [default: the current directory]
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) root: Option<Utf8PathBuf>,
    /// The environment: the directory beside each service's files [default: `HOMELAB_ENV`, else `default`]
    #[arg(short, long = "env", value_name = "NAME", global = true)]
    pub(crate) environment: Option<String>,
    /// Where dumps are [default: `backups` below the `MNT_DIR` of each project]
    #[arg(short, long, value_name = "DIR", global = true)]
    pub(crate) target: Option<Utf8PathBuf>,
    /// Containers that no Compose file here describes as well
    #[arg(long, global = true)]
    pub(crate) all_containers: bool,
    /// Figures for Prometheus go into this file [default: `LABBACKUP_METRICS`]
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) metrics: Option<Utf8PathBuf>,
    /// JSON on standard output
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Say nothing unless something is wrong
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// What a run would do, and why
    Plan(PlanArgs),
    /// Dump everything
    Run(RunArgs),
    /// The dumps there are
    List(ListArgs),
    /// Put a dump back
    Restore(RestoreArgs),
    /// Restore the newest dumps into a throw-away place, and compare
    Drill(DrillArgs),
    /// Read dumps to their ends, and compare them with their manifests
    Check(ListArgs),
    /// Remove dumps and snapshots that have had their time; the last verified dump always stays
    Prune(PruneArgs),
    /// What systemd or cron has to know to run it at its times
    Schedule(ScheduleArgs),
    /// Make the snapshot store that `RESTIC_REPOSITORY` names
    Init,
    /// What is there and what is missing on this machine
    Doctor,
    /// The labels there are, with what they do
    Labels,
}

#[derive(Args, Debug)]
pub(crate) struct PlanArgs {
    /// Services, by name or `project/name` [default: all]
    #[arg(value_name = "SERVICE")]
    pub(crate) services: Vec<String>,
    /// Ask no engine: files alone
    #[arg(long)]
    pub(crate) no_engine: bool,
}

#[derive(Args, Debug)]
pub(crate) struct RunArgs {
    /// Services, by name or `project/name` [default: all]
    #[arg(value_name = "SERVICE")]
    pub(crate) services: Vec<String>,
    /// Show the plan and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Take dumps that are much smaller than the ones before
    #[arg(long)]
    pub(crate) accept_shrink: bool,
    /// Fail a dump with less than so many percent of the bytes of the one before
    #[arg(long, value_name = "PERCENT", default_value_t = 10)]
    pub(crate) fail_below: u64,
    /// Warn of a dump with less than so many percent of the bytes of the one before
    #[arg(long, value_name = "PERCENT", default_value_t = 50)]
    pub(crate) warn_below: u64,
}

#[derive(Args, Debug)]
pub(crate) struct ListArgs {
    /// Services [default: all]
    #[arg(value_name = "SERVICE")]
    pub(crate) services: Vec<String>,
}

#[derive(Args, Debug)]
pub(crate) struct RestoreArgs {
    /// The service, by name or `project/name`
    #[arg(value_name = "SERVICE")]
    pub(crate) service: String,
    /// A database, or another part that `list` shows [default: all parts]
    #[arg(long, value_name = "NAME")]
    pub(crate) part: Option<String>,
    /// The point in time: the beginning of a stamp that `list` shows [default: the newest]
    #[arg(long, value_name = "STAMP")]
    pub(crate) at: Option<String>,
    /// From the snapshot store: `latest`, or the beginning of an identifier that `list` shows; its
    /// directories go back to their places, and dumps that lie in it into their databases
    #[arg(long, value_name = "ID")]
    pub(crate) snapshot: Option<String>,
    /// Another service of the same kind to restore into
    #[arg(long, value_name = "SERVICE")]
    pub(crate) into: Option<String>,
    /// Make no dump of what is there first
    #[arg(long)]
    pub(crate) no_safety_dump: bool,
    /// Do not ask
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Show what would be done and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args, Debug)]
pub(crate) struct PruneArgs {
    /// Services [default: all]
    #[arg(value_name = "SERVICE")]
    pub(crate) services: Vec<String>,
    /// What stays, where `backup.retain` says nothing else
    #[arg(
        long,
        value_name = "RULES",
        default_value = "last=3,daily=7,weekly=4,monthly=6"
    )]
    pub(crate) keep: String,
    /// Show what would be removed and remove nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ScheduleArgs {
    /// When to dump, as systemd's `OnCalendar`
    #[arg(long, value_name = "TIME", default_value = "*-*-* 03:00")]
    pub(crate) run_at: String,
    /// When to remove what has had its time
    #[arg(long, value_name = "TIME", default_value = "*-*-* 05:00")]
    pub(crate) prune_at: String,
    /// When to drill
    #[arg(long, value_name = "TIME", default_value = "Sun 04:30")]
    pub(crate) drill_at: String,
    /// Lines for `/etc/cron.d` instead of units of systemd
    #[arg(long)]
    pub(crate) cron: bool,
    /// When each comes next
    #[arg(long)]
    pub(crate) next: bool,
    /// Write the units into this directory
    #[arg(long, value_name = "DIR", conflicts_with = "cron")]
    pub(crate) write: Option<Utf8PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct DrillArgs {
    /// Services [default: all that have dumps]
    #[arg(value_name = "SERVICE")]
    pub(crate) services: Vec<String>,
    /// A directory for restored files, away from data in use [default: the system's temporary one]
    #[arg(long, value_name = "DIR")]
    pub(crate) directory: Option<Utf8PathBuf>,
    /// Write the report, as JSON, into this file as well
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<Utf8PathBuf>,
    /// Do not note in the manifests what was verified
    #[arg(long)]
    pub(crate) no_mark: bool,
}
