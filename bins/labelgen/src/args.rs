//! The command line.

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Proxy labels for self-hosters: made from routes, decoded, checked, converted
#[derive(Debug, Parser)]
#[command(name = "labelgen", version)]
pub(crate) struct Cli {
    /// Form of the messages
    #[arg(long, value_enum, default_value = "text", global = true)]
    pub(crate) message_format: MessageFormat,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Form of the messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageFormat {
    /// For people, with the lines of the file
    Text,
    /// One JSON object a line
    Json,
    /// SARIF 2.1.0, as one document
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// What a proxy makes of the labels of containers
    Decode(DecodeArgs),
}

#[derive(Args, Debug)]
pub(crate) struct DecodeArgs {
    /// Which proxy
    #[arg(value_enum)]
    pub(crate) proxy: Proxy,
    /// JSON with the containers; `-` is standard input, the default unless there are Compose files
    #[arg(long, value_name = "FILE")]
    pub(crate) input: Option<Utf8PathBuf>,
    #[command(flatten)]
    pub(crate) compose: ComposeArgs,
}

/// Compose files to take containers from.
#[derive(Args, Debug)]
pub(crate) struct ComposeArgs {
    /// Compose file: its services are the containers [repeatable]
    #[arg(short, long = "file", value_name = "COMPOSE")]
    pub(crate) files: Vec<Utf8PathBuf>,
}

/// Which proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Proxy {
    /// Traefik v3
    Traefik,
    /// caddy-docker-proxy
    Caddy,
}
