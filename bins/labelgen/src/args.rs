//! The command line.

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand, ValueEnum};
use common::MessageFormat;
use proxy_labels::Tls;

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

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// What a proxy makes of the labels of containers
    Decode(DecodeArgs),
    /// What is wrong with the labels of Compose files, or looks so
    Check(CheckArgs),
    /// Labels of the routes in a file
    Synth(SynthArgs),
    /// Labels of one proxy as those of the other, with what is lost
    Convert(ConvertArgs),
    /// Who answers for a host, and why not
    Explain(ExplainArgs),
}

#[derive(Args, Debug)]
pub(crate) struct SynthArgs {
    /// The routes file; `-` is standard input
    #[arg(value_name = "ROUTES")]
    pub(crate) routes: Utf8PathBuf,
    /// For which proxy [default: what `TRAEFIK_ENABLE` and `CADDY_ENABLE` say]
    #[arg(long, value_enum)]
    pub(crate) proxy: Option<Selected>,
    /// Only routes of this Compose service [repeatable]
    #[arg(long = "service", value_name = "NAME")]
    pub(crate) services: Vec<String>,
    /// Env file: its variables are put in; without one they are left for Compose
    #[arg(long, value_name = "FILE")]
    pub(crate) env: Option<Utf8PathBuf>,
    /// Form of the output
    #[arg(long, value_enum, default_value = "labels")]
    pub(crate) format: SynthFormat,
    /// Write the labels into this Compose file instead
    #[arg(long, value_name = "COMPOSE")]
    pub(crate) apply: Option<Utf8PathBuf>,
    /// With --apply: print the changed file and leave it as it is
    #[arg(long, requires = "apply")]
    pub(crate) dry_run: bool,
}

/// For which proxy labels are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Selected {
    /// Traefik
    Traefik,
    /// caddy-docker-proxy
    Caddy,
    /// Both
    Both,
}

/// Form of synthesised labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SynthFormat {
    /// `key=value`, a comment with the service in front
    Labels,
    /// A Compose file with the labels alone
    Compose,
    /// An object of services
    Json,
}

#[derive(Args, Debug)]
pub(crate) struct ConvertArgs {
    /// Whose labels there are
    #[arg(long, value_enum)]
    pub(crate) from: Proxy,
    /// Whose labels there shall be
    #[arg(long, value_enum)]
    pub(crate) to: Proxy,
    /// What a certificate resolver of Traefik does: `NAME=auto`, `NAME=internal`, or
    /// `NAME=dns:PROVIDER[:TOKEN_VARIABLE]` [repeatable]
    #[arg(long = "resolver", value_name = "NAME=HOW", value_parser = resolver)]
    pub(crate) resolvers: Vec<(String, Tls)>,
    #[command(flatten)]
    pub(crate) compose: ComposeArgs,
    /// JSON with containers, as for decode; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    pub(crate) input: Option<Utf8PathBuf>,
    /// Form of the output
    #[arg(long, value_enum, default_value = "labels")]
    pub(crate) format: SynthFormat,
}

#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    /// The host name
    #[arg(value_name = "HOST")]
    pub(crate) host: String,
    #[command(flatten)]
    pub(crate) compose: ComposeArgs,
    /// JSON with containers, as for decode; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    pub(crate) input: Option<Utf8PathBuf>,
    #[command(flatten)]
    pub(crate) context: ContextArgs,
}

#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) compose: ComposeArgs,
    /// JSON with containers, as for decode; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    pub(crate) input: Option<Utf8PathBuf>,
    #[command(flatten)]
    pub(crate) context: ContextArgs,
    /// Updates are to go unnoticed: ask for what that needs
    #[arg(long)]
    pub(crate) zero_downtime: bool,
    /// Warnings fail as well
    #[arg(long)]
    pub(crate) strict: bool,
    /// Leave out findings of this code, such as TRF024 [repeatable]
    #[arg(long, value_name = "CODE")]
    pub(crate) allow: Vec<String>,
}

/// What is known of the proxies beyond labels.
#[derive(Args, Debug)]
pub(crate) struct ContextArgs {
    /// Entry point of Traefik, `dns/udp` for UDP [repeatable; default: all that labels name]
    #[arg(long = "entrypoint", value_name = "NAME")]
    pub(crate) entry_points: Vec<String>,
    /// Certificate resolver of Traefik [repeatable; default: any]
    #[arg(long = "resolver", value_name = "NAME")]
    pub(crate) resolvers: Vec<String>,
    /// Containers need `traefik.enable=true`
    #[arg(long)]
    pub(crate) not_exposed_by_default: bool,
    /// Network on which Traefik reaches containers
    #[arg(long, value_name = "NAME")]
    pub(crate) traefik_network: Option<String>,
    /// Network that Caddy is on [repeatable]
    #[arg(long = "ingress-network", value_name = "NAME")]
    pub(crate) ingress_networks: Vec<String>,
    /// Directive or DNS provider that is built into Caddy [repeatable]
    #[arg(long = "caddy-module", value_name = "NAME")]
    pub(crate) caddy_modules: Vec<String>,
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
    /// Compose file, a project of its own: its services are the containers [repeatable; default: that
    /// of the current directory, for decode JSON]
    #[arg(short, long = "file", value_name = "COMPOSE")]
    pub(crate) files: Vec<Utf8PathBuf>,
    /// Directory of the `.env` for variables [default: that of the Compose file]
    #[arg(long, value_name = "DIR")]
    pub(crate) env_dir: Option<Utf8PathBuf>,
}

/// Which proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Proxy {
    /// Traefik v3
    Traefik,
    /// caddy-docker-proxy
    Caddy,
}

/// `le=dns:cloudflare`: what a certificate resolver does.
fn resolver(text: &str) -> Result<(String, Tls), String> {
    let (name, how) = text
        .split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .ok_or("write NAME=auto, NAME=internal or NAME=dns:PROVIDER")?;
    let tls = match how.split(':').collect::<Vec<_>>().as_slice() {
        ["auto"] => Tls::Default,
        ["internal"] => Tls::Internal,
        ["dns", provider] if !provider.is_empty() => Tls::dns(*provider),
        ["dns", provider, token] if !provider.is_empty() && !token.is_empty() => Tls::Dns {
            provider: (*provider).to_owned(),
            token: (*token).to_owned(),
        },
        _ => {
            return Err(format!(
                "`{how}` is none of auto, internal and dns:PROVIDER"
            ));
        }
    };
    Ok((name.to_owned(), tls))
}
