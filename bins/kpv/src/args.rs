//! The command line.
#![expect(clippy::doc_markdown, reason = "help texts for terminals")]

mod secrets;
mod shared;
mod upkeep;

use camino::Utf8PathBuf;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

pub(crate) use secrets::*;
pub(crate) use shared::*;
pub(crate) use upkeep::*;

/// Secrets in KeePass vaults: read them, make them, hand them to programs
#[derive(Debug, Parser)]
#[command(name = "kpv", version, disable_version_flag = true)]
pub(crate) struct Cli {
    /// Print the version
    #[arg(long, action = ArgAction::Version)]
    version: (),
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Args, Clone, Default)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// Vault: a name, an alias, a path or kpv:///path [env: KPV_VAULT] [default: default]
    #[arg(short = 'V', long, global = true, value_name = "VAULT")]
    pub(crate) vault: Option<String>,
    /// Master password; every process on this machine can see it here [env: KPV_PASSWORD]
    #[arg(
        short = 'P',
        long = "vault-password",
        visible_alias = "password",
        global = true,
        value_name = "PASSWORD",
        hide_default_value = true
    )]
    pub(crate) password: Option<String>,
    /// File with the master password, `-` is standard input [env: KPV_PASSWORD_FILE]
    #[arg(
        short = 'F',
        long = "vault-password-file",
        visible_alias = "password-file",
        global = true,
        value_name = "FILE"
    )]
    pub(crate) password_file: Option<String>,
    /// Item of the keyring with the master password [env: KPV_VAULT_OS_SECRET]
    #[arg(long = "vault-os-secret", global = true, value_name = "ITEM")]
    pub(crate) os_secret: Option<String>,
    /// KeePass key file that is part of the key [env: KPV_KEYFILE]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) key_file_kdbx: Option<String>,
    /// How many seconds to wait for another process that is writing the vault [default: 30]
    #[arg(long, global = true, value_name = "SECONDS")]
    pub(crate) wait: Option<u64>,
    /// When to colour messages: auto, always, never
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "auto",
        value_name = "WHEN",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub(crate) color: ColorWhen,
    /// Print errors and what was asked for, nothing else
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

impl std::fmt::Debug for Global {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Global")
            .field("vault", &self.vault)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    Secrets(SecretsCommand),
    /// The commands for single secrets, under their older names
    #[command(name = "secrets")]
    Under {
        #[command(subcommand)]
        command: SecretsCommand,
    },
    #[command(flatten)]
    Upkeep(UpkeepCommand),
    /// Settings and short names for vaults
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Print the script that completes commands in a shell
    Completion(CompletionArgs),
    /// Print the version
    #[command(hide = true)]
    Version,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionArgs {
    /// bash, zsh, fish, powershell or elvish
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print a setting
    Get {
        /// As `defaults.path`
        key: String,
    },
    /// Change a setting
    Set {
        /// As `defaults.path`
        key: String,
        /// Its value
        value: String,
    },
    /// Print all settings
    #[command(visible_alias = "list")]
    Ls {
        /// Those whose keys fit a pattern
        glob: Option<String>,
    },
    /// Remove a setting
    #[command(visible_alias = "remove")]
    Rm {
        /// As `defaults.path`
        key: String,
    },
    /// Short names for vaults
    #[command(visible_alias = "alias")]
    Aliases {
        #[command(subcommand)]
        command: AliasCommand,
    },
    /// Master passwords in the keyring of the system
    Secret {
        #[command(subcommand)]
        command: KeyringCommand,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum AliasCommand {
    /// Give a vault a short name
    Set {
        /// The name
        name: String,
        /// The vault it stands for
        path: String,
    },
    /// Print what a short name stands for
    Get {
        /// The name
        name: String,
    },
    /// Print all short names
    #[command(visible_alias = "list")]
    Ls {
        /// Those that fit a pattern
        glob: Option<String>,
    },
    /// Remove a short name
    #[command(visible_alias = "remove")]
    Rm {
        /// The name
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyringCommand {
    /// Print the master password of a vault, without a line end
    Get {
        /// The vault
        vault: String,
    },
    /// Keep the master password of a vault
    Set {
        /// The vault
        vault: String,
        /// The password; every process on this machine can see it here
        secret: Option<String>,
        /// File with the password
        #[arg(short, long, value_name = "FILE")]
        file: Option<Utf8PathBuf>,
        /// Variable with the password
        #[arg(short, long, value_name = "NAME")]
        env: Option<String>,
        /// Read the password from standard input
        #[arg(short, long)]
        stdin: bool,
    },
    /// Forget the master password of a vault
    #[command(visible_alias = "remove")]
    Rm {
        /// The vault
        vault: String,
    },
}
