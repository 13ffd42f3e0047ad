//! Commands for secrets.

use camino::Utf8PathBuf;
use clap::{Args, Subcommand};
use vault::Format;

use super::shared::{
    FORMATS, Generation, KeyArg, KeyOption, KeyWords, Names, Selection, Source, format,
};

#[derive(Debug, Subcommand)]
pub(crate) enum SecretsCommand {
    /// Print secrets
    Get(GetArgs),
    /// Set a secret; the value before stays in its history
    Set(SetArgs),
    /// Print a secret, and make it first if it is not there
    Ensure(EnsureArgs),
    /// Print the keys of secrets
    #[command(visible_alias = "list")]
    Ls(LsArgs),
    /// Move secrets to the recycle bin
    #[command(visible_alias = "remove")]
    Rm(RmArgs),
    /// Print a custom field of a secret
    GetString(GetStringArgs),
    /// Set a custom field of a secret
    SetString(SetStringArgs),
    /// Print secrets with all their fields as JSON
    Export(ExportArgs),
    /// Put secrets from JSON into the vault
    Import(ImportArgs),
    /// Bring secrets to what JSON says: make, change and delete
    Sync(SyncArgs),
}

#[derive(Debug, Args)]
pub(crate) struct GetArgs {
    #[command(flatten)]
    pub(crate) keys: KeyWords,
    #[arg(short, long, value_name = "FORMAT", default_value = "text", value_parser = format,
        help = format!("Form of the output: {FORMATS}"))]
    pub(crate) format: Format,
    /// Print this field instead of the password
    #[arg(long, value_name = "FIELD")]
    pub(crate) field: Option<String>,
    /// No line end behind the last value (format text)
    #[arg(short = 'n', long)]
    pub(crate) no_newline: bool,
    #[command(flatten)]
    pub(crate) names: Names,
}

#[derive(Args)]
pub(crate) struct SetArgs {
    /// Key and value; without a value one is made
    #[arg(value_name = "KEY [VALUE]", allow_hyphen_values = false)]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) key: KeyOption,
    #[command(flatten)]
    pub(crate) source: Source,
    /// Make a value
    #[arg(short, long)]
    pub(crate) generate: bool,
    #[command(flatten)]
    pub(crate) generation: Generation,
    /// Set this field instead of the password
    #[arg(long, value_name = "FIELD")]
    pub(crate) field: Option<String>,
    /// When it expires: a date, a time, `90d`, or `never`
    #[arg(long, value_name = "WHEN")]
    pub(crate) expires: Option<String>,
    /// Make the vault if it is not there
    #[arg(long)]
    pub(crate) create: bool,
}

impl std::fmt::Debug for SetArgs {
    /// Without the value.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SetArgs(***)")
    }
}

#[derive(Debug, Args)]
pub(crate) struct EnsureArgs {
    #[command(flatten)]
    pub(crate) key: KeyArg,
    #[command(flatten)]
    pub(crate) generation: Generation,
    /// No line end behind the value
    #[arg(short = 'n', long)]
    pub(crate) no_newline: bool,
    /// Make the vault if it is not there
    #[arg(long)]
    pub(crate) create: bool,
}

#[derive(Debug, Args)]
pub(crate) struct LsArgs {
    /// Those whose keys fit a pattern of `*`, `?`, `[…]`, `{…,…}`; `*` also stands for `/`
    pub(crate) glob: Option<String>,
    /// Those in no group, as the Go kpv listed them
    #[arg(long)]
    pub(crate) root_only: bool,
    /// Those in the recycle bin
    #[arg(long, conflicts_with_all = ["root_only", "glob"])]
    pub(crate) recycled: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RmArgs {
    #[command(flatten)]
    pub(crate) keys: KeyWords,
    /// Do not ask
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Remove them for good, with their history
    #[arg(long)]
    pub(crate) permanent: bool,
}

#[derive(Debug, Args)]
pub(crate) struct GetStringArgs {
    #[command(flatten)]
    pub(crate) key: KeyArg,
    /// Name of the field
    #[arg(short, long, value_name = "FIELD")]
    pub(crate) field: String,
}

#[derive(Debug, Args)]
pub(crate) struct SetStringArgs {
    #[command(flatten)]
    pub(crate) key: KeyArg,
    /// Name of the field
    #[arg(short = 'z', long, value_name = "FIELD")]
    pub(crate) field: String,
    #[command(flatten)]
    pub(crate) source: Source,
    /// Hide the field in programs that show vaults
    #[arg(short, long)]
    pub(crate) protected: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// As JSON
    #[arg(long, required = true)]
    pub(crate) json: bool,
    /// Write to a file, which only you can read
    #[arg(short, long, value_name = "FILE")]
    pub(crate) file: Option<Utf8PathBuf>,
    /// With line ends and indentation
    #[arg(long)]
    pub(crate) pretty: bool,
    /// Those in no group, as the Go kpv exported them
    #[arg(long)]
    pub(crate) root_only: bool,
    #[command(flatten)]
    pub(crate) selection: Selection,
}

/// Where JSON comes from.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct JsonSource {
    /// File with the JSON
    #[arg(short, long, value_name = "FILE")]
    pub(crate) file: Option<Utf8PathBuf>,
    /// Read the JSON from standard input
    #[arg(long)]
    pub(crate) stdin: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// From JSON
    #[arg(long, required = true)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) source: JsonSource,
    /// Fail on properties that are not known
    #[arg(long)]
    pub(crate) strict: bool,
    /// Make the vault if it is not there
    #[arg(long)]
    pub(crate) create: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SyncArgs {
    #[command(flatten)]
    pub(crate) import: ImportArgs,
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
