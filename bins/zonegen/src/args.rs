//! The command line.

mod generate;
mod server;

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand, ValueEnum};
use common::MessageFormat;
use dns_zone::Name;

pub(crate) use generate::{
    ConfigArgs, CorefileCheckArgs, CorefileCommand, CorefileGenerateArgs, GenerateArgs, SourceArgs,
    WatchArgs,
};
pub(crate) use server::{AxfrArgs, ImportCommand, ImportZoneArgs, QueryArgs, ServerArgs};

/// DNS zones for self-hosters: generated, checked, compared
#[derive(Debug, Parser)]
#[command(name = "zonegen", version)]
pub(crate) struct Cli {
    /// Form of the messages
    #[arg(long, value_enum, default_value = "text", global = true)]
    pub(crate) message_format: MessageFormat,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Zone files from what services and the config file declare
    Generate(GenerateArgs),
    /// Whether a server answers as a zone file says
    Query(QueryArgs),
    /// Records from elsewhere as a zone file
    #[command(subcommand)]
    Import(ImportCommand),
    /// The Corefile of CoreDNS
    #[command(subcommand)]
    Corefile(CorefileCommand),
    /// Zone files that follow the containers of an engine
    Watch(WatchArgs),
    /// What is wrong with a zone file, or looks so
    Check(CheckArgs),
    /// A zone file in one form
    Fmt(FmtArgs),
    /// What differs between two zone files, record by record
    Diff(DiffArgs),
}

/// The name of a zone.
pub(crate) fn zone_name(text: &str) -> Result<Name, String> {
    text.parse::<Name>().map_err(|error| error.to_string())
}

#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    /// The zone file
    #[arg(value_name = "FILE")]
    pub(crate) file: Utf8PathBuf,
    /// Name of the zone
    #[arg(long, value_name = "NAME", value_parser = zone_name)]
    pub(crate) origin: Name,
    /// The zone file as it is served now: records that differ need a higher serial
    #[arg(long, value_name = "FILE")]
    pub(crate) previous: Option<Utf8PathBuf>,
}

/// Form of a zone file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FmtForm {
    /// For people: columns, comments and order kept
    Pretty,
    /// For programs: sorted, one record a line, nothing left out
    Canonical,
}

#[derive(Args, Debug)]
pub(crate) struct FmtArgs {
    /// The zone file
    #[arg(value_name = "FILE")]
    pub(crate) file: Utf8PathBuf,
    /// Name of the zone
    #[arg(long, value_name = "NAME", value_parser = zone_name)]
    pub(crate) origin: Name,
    /// Form of the output
    #[arg(long, value_enum, default_value = "pretty")]
    pub(crate) format: FmtForm,
    /// Write the file instead of printing it
    #[arg(short, long)]
    pub(crate) write: bool,
}

/// Prints nothing where the zones have the same records, and ends with 0; with 1 where they differ;
/// with 2 where they could not be read. The serial number alone is no difference.
#[derive(Args, Debug)]
pub(crate) struct DiffArgs {
    /// A zone file
    #[arg(value_name = "A")]
    pub(crate) old: Utf8PathBuf,
    /// Another one
    #[arg(value_name = "B")]
    pub(crate) new: Utf8PathBuf,
    /// Name of the zone [default: the owner of the SOA of A]
    #[arg(long, value_name = "NAME", value_parser = zone_name)]
    pub(crate) origin: Option<Name>,
}
