//! The command line.

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Commands over the whole homelab repository
#[derive(Debug, Parser)]
#[command(name = "lab", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Resolve Compose files and print the result, as `docker compose config` does
    Config(Box<ConfigArgs>),
}

#[derive(Args, Debug)]
pub(crate) struct ConfigArgs {
    /// Compose file; `-` is standard input [repeatable]
    #[arg(short, long = "file", value_name = "FILE")]
    pub(crate) files: Vec<Utf8PathBuf>,
    /// Env file for interpolation [repeatable; default: .env]
    #[arg(long = "env-file", value_name = "FILE")]
    pub(crate) env_files: Vec<Utf8PathBuf>,
    /// Activate a profile; `*` activates all [repeatable]
    #[arg(long = "profile", value_name = "NAME")]
    pub(crate) profiles: Vec<String>,
    /// Directory that relative paths start from
    #[arg(long, value_name = "DIR")]
    pub(crate) project_directory: Option<Utf8PathBuf>,
    /// Name of the project
    #[arg(short, long, value_name = "NAME")]
    pub(crate) project_name: Option<String>,
    /// Form of the output
    #[arg(long, value_enum, default_value = "yaml")]
    pub(crate) format: Format,
    /// Leave variables as they are
    #[arg(long)]
    pub(crate) no_interpolate: bool,
    /// Leave out what the files only imply
    #[arg(long)]
    pub(crate) no_normalize: bool,
    /// Leave relative paths as they are
    #[arg(long)]
    pub(crate) no_path_resolution: bool,
    /// Leave the env files of services unread
    #[arg(long)]
    pub(crate) no_env_resolution: bool,
    /// Leave out the checks of references and limits
    #[arg(long)]
    pub(crate) no_consistency: bool,
    /// Only check, print nothing
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Print the services, one a line
    #[arg(long, group = "what")]
    pub(crate) services: bool,
    /// Print the volumes
    #[arg(long, group = "what")]
    pub(crate) volumes: bool,
    /// Print the networks
    #[arg(long, group = "what")]
    pub(crate) networks: bool,
    /// Print the models
    #[arg(long, group = "what")]
    pub(crate) models: bool,
    /// Print the images
    #[arg(long, group = "what")]
    pub(crate) images: bool,
    /// Print the profiles
    #[arg(long = "profiles", group = "what")]
    pub(crate) list_profiles: bool,
    /// Print the environment that interpolation sees
    #[arg(long, group = "what")]
    pub(crate) environment: bool,
    /// Print the variables that the files refer to, with their defaults
    #[arg(long, group = "what")]
    pub(crate) variables: bool,
    /// Print the configuration hash of these services, by comma; `*` is all
    #[arg(long, value_name = "SERVICES", group = "what")]
    pub(crate) hash: Option<String>,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<Utf8PathBuf>,
    /// Services to print, with what they depend on
    pub(crate) names: Vec<String>,
}

/// Form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// YAML
    Yaml,
    /// JSON
    Json,
}
