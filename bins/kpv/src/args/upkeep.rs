//! Commands over whole vaults, files and programs.

use camino::Utf8PathBuf;
use clap::{Args, Subcommand, ValueEnum};
use vault::Format;

use super::shared::{FORMATS, Generation, KeyArg, Names, Selection, Source, format};

#[derive(Debug, Subcommand)]
pub(crate) enum UpkeepCommand {
    /// Make a vault
    Init(InitArgs),
    /// Print secrets as variables, for `eval "$(kpv env)"`
    Env(EnvArgs),
    /// Run a program with secrets in its environment
    Exec(ExecArgs),
    /// Put secrets into a template that names them as kpv://KEY
    Inject(InjectArgs),
    /// Put secrets into a `.env` file that asks for them by $(kpv …)
    Render(RenderArgs),
    /// Say which secrets Compose and `.env` files need, and what is wrong with them
    Check(CheckArgs),
    /// Give a secret a new value, and tell a program that uses it
    Rotate(RotateArgs),
    /// Take the last change of a secret back
    Undo(KeyArg),
    /// Print the one-time password of a secret
    Totp(KeyArg),
    /// Find secrets that are weak, used twice, old or expired
    Audit(AuditArgs),
    /// Say what is different between two vaults, without values; describe one for git
    Diff(DiffArgs),
    /// Find what is wrong with a vault
    Doctor(DoctorArgs),
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Make it with the data of kpv and remember its name; for simple names
    #[arg(long)]
    pub(crate) global: bool,
    /// Where to make it: kpv:///path or file:///path
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Keep no master password on this machine; it is printed once
    #[arg(long)]
    pub(crate) no_store: bool,
    /// Keep a master password that was given, as one that is made here is kept
    #[arg(long, conflicts_with = "no_store")]
    pub(crate) store: bool,
    /// Key derivation
    #[arg(long, value_enum, default_value = "argon2id", value_name = "KDF")]
    pub(crate) kdf: KdfName,
    /// Memory for Argon2, in MiB; below 16 is weak
    #[arg(long, value_name = "MIB")]
    pub(crate) kdf_memory: Option<u64>,
    /// Passes of Argon2, or rounds of AES
    #[arg(long, value_name = "N")]
    pub(crate) kdf_iterations: Option<u64>,
    /// Lanes of Argon2
    #[arg(long, value_name = "N")]
    pub(crate) kdf_parallelism: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KdfName {
    /// Argon2id
    Argon2id,
    /// Argon2d, the choice of KeePass
    Argon2d,
    /// Repeated AES
    Aes,
}

#[derive(Debug, Args)]
pub(crate) struct EnvArgs {
    /// Those whose keys fit a pattern
    #[arg(value_name = "GLOB")]
    pub(crate) globs: Vec<String>,
    #[command(flatten)]
    pub(crate) selection: Selection,
    #[arg(short, long, value_name = "FORMAT", default_value = "sh", value_parser = format,
        help = format!("Form of the output: {FORMATS}"))]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) names: Names,
}

#[derive(Debug, Args)]
pub(crate) struct ExecArgs {
    #[command(flatten)]
    pub(crate) selection: Selection,
    /// File with keys, one a line; `#` begins a comment
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<Utf8PathBuf>,
    #[command(flatten)]
    pub(crate) names: Names,
    /// The program and its arguments
    #[arg(
        value_name = "COMMAND",
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    pub(crate) command: Vec<std::ffi::OsString>,
}

#[derive(Debug, Args)]
pub(crate) struct OutputArgs {
    /// Write to a file that only you can read, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<Utf8PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct InjectArgs {
    /// The template; `-` is standard input
    #[arg(value_name = "FILE", default_value = "-")]
    pub(crate) file: Utf8PathBuf,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct RenderArgs {
    /// The `.env` file; `-` is standard input
    #[arg(value_name = "FILE", default_value = ".env")]
    pub(crate) file: Utf8PathBuf,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Compose files, `.env` files, and directories with either
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<Utf8PathBuf>,
    /// Names from whole keys (`path`), from titles (`leaf`), or as the Go kpv made them (`kpv`); both of the first by default
    #[arg(long = "names", value_name = "RULE")]
    pub(crate) naming: Option<vault::Naming>,
    /// Secrets that nothing needs are no finding
    #[arg(long)]
    pub(crate) no_unused: bool,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RotateArgs {
    #[command(flatten)]
    pub(crate) key: KeyArg,
    #[command(flatten)]
    pub(crate) source: Source,
    #[command(flatten)]
    pub(crate) generation: Generation,
    /// Shell command that takes the new value over; if it fails, the old one is back in the vault.
    /// It finds KPV_KEY, KPV_OLD_VALUE and KPV_NEW_VALUE in its environment, and both values as
    /// JSON on standard input
    #[arg(long, value_name = "COMMAND")]
    pub(crate) hook: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// Secrets not changed for this many days are old
    #[arg(long, value_name = "DAYS", value_parser = days)]
    pub(crate) older_than: Option<u64>,
    /// Passwords below this strength are weak, from 0 to 4
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(0..=5))]
    pub(crate) weakest: u8,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
}

fn days(text: &str) -> Result<u64, String> {
    let digits = text.strip_suffix('d').unwrap_or(text);
    digits
        .parse()
        .map_err(|_| "not a number of days, as `90` or `90d`".to_owned())
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The older vault, or the only one, which is described
    pub(crate) old: String,
    /// The newer vault
    pub(crate) new: Option<String>,
    /// Password file of the older vault, if it has another password
    #[arg(long, value_name = "FILE")]
    pub(crate) old_password_file: Option<String>,
    /// End with 1 when there is a difference
    #[arg(long)]
    pub(crate) exit_code: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Keys whose secrets the Go kpv put into the root group
    #[arg(value_name = "KEY")]
    pub(crate) keys: Vec<String>,
    /// Put right what can be
    #[arg(long)]
    pub(crate) fix: bool,
}
