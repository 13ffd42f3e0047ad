//! The command line of what reads the config file.

use camino::Utf8PathBuf;
use clap::{Args, Subcommand};

use crate::config::Limit;

/// The config file.
#[derive(Args, Debug)]
pub(crate) struct ConfigArgs {
    /// The config file
    #[arg(short, long, value_name = "FILE", default_value = "zonegen.yaml")]
    pub(crate) config: Utf8PathBuf,
}

/// Where names come from.
#[derive(Args, Debug)]
pub(crate) struct SourceArgs {
    /// Environment of the config file [repeatable; default: all]
    #[arg(long = "env", value_name = "NAME")]
    pub(crate) environments: Vec<String>,
    /// Compose file, a project of its own, beside those of the config file [repeatable]
    #[arg(short, long = "file", value_name = "COMPOSE")]
    pub(crate) files: Vec<Utf8PathBuf>,
    /// Directory of the zone files [default: what the config file says]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<Utf8PathBuf>,
    /// How many records of ours may be removed: `5`, `30%`, or either with `5,30%`
    #[arg(long, value_name = "LIMIT")]
    pub(crate) max_delete: Option<Limit>,
    /// Remove names although nothing wants any
    #[arg(long)]
    pub(crate) allow_empty: bool,
    /// Lose changes that were made by hand inside of our blocks
    #[arg(long)]
    pub(crate) overwrite_edits: bool,
}

#[derive(Args, Debug)]
pub(crate) struct GenerateArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(flatten)]
    pub(crate) source: SourceArgs,
    /// Say what would be done, record by record, and why; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Show what would be done as a unified diff; write nothing
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) diff: bool,
    /// Fail if there is anything to do; write nothing
    #[arg(long)]
    pub(crate) expect_no_changes: bool,
}

#[derive(Args, Debug)]
pub(crate) struct WatchArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(flatten)]
    pub(crate) source: SourceArgs,
    /// Write what is going on into this file, as JSON [default: what the config file says]
    #[arg(long, value_name = "FILE")]
    pub(crate) status: Option<Utf8PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CorefileCommand {
    /// Write the Corefile that the config file describes
    Generate(CorefileGenerateArgs),
    /// What is wrong with a Corefile, or looks so
    Check(CorefileCheckArgs),
}

#[derive(Args, Debug)]
pub(crate) struct CorefileGenerateArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// The Corefile [default: what the config file says]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<Utf8PathBuf>,
    /// Print the Corefile; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Show what would be done as a unified diff; write nothing
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) diff: bool,
    /// Lose changes that were made by hand inside of our block
    #[arg(long)]
    pub(crate) overwrite_edits: bool,
}

#[derive(Args, Debug)]
pub(crate) struct CorefileCheckArgs {
    /// The Corefile
    #[arg(value_name = "FILE")]
    pub(crate) file: Utf8PathBuf,
    /// Compose file that CoreDNS runs by: how files are mounted is checked as well [repeatable]
    #[arg(short = 'f', long = "file", value_name = "COMPOSE")]
    pub(crate) compose: Vec<Utf8PathBuf>,
    /// Plugin that CoreDNS is built with beside its own [repeatable]
    #[arg(long = "plugin", value_name = "NAME")]
    pub(crate) plugins: Vec<String>,
    /// Warnings fail as well
    #[arg(long)]
    pub(crate) strict: bool,
}
