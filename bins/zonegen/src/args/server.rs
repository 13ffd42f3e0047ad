//! The command line of what asks servers, and of imports.

use camino::Utf8PathBuf;
use clap::{Args, Subcommand};
use dns_zone::Name;

use super::zone_name;

/// A server to ask.
#[derive(Args, Debug)]
pub(crate) struct ServerArgs {
    /// The server: `192.168.1.10`, `127.0.0.1:1053`, `[::1]:53`, or a name
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) server: String,
    /// How long to wait for an answer, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 2000)]
    pub(crate) timeout: u64,
}

#[derive(Args, Debug)]
pub(crate) struct QueryArgs {
    /// The zone file
    #[arg(value_name = "FILE")]
    pub(crate) file: Utf8PathBuf,
    /// Name of the zone
    #[arg(long, value_name = "NAME", value_parser = zone_name)]
    pub(crate) origin: Name,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    /// Ask for the whole zone at once (AXFR), which shows records of the server alone as well
    #[arg(long)]
    pub(crate) axfr: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// From a hosts file
    Hosts(ImportArgs),
    /// From the configuration of dnsmasq
    Dnsmasq(ImportArgs),
    /// From Pi-hole: `custom.list`, `05-pihole-custom-cname.conf`, or `pihole.toml`
    Pihole(ImportArgs),
    /// From a server that gives the zone out (AXFR)
    Axfr(AxfrArgs),
}

#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    /// The file [repeatable]
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<Utf8PathBuf>,
    #[command(flatten)]
    pub(crate) zone: ImportZoneArgs,
}

#[derive(Args, Debug)]
pub(crate) struct AxfrArgs {
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    #[command(flatten)]
    pub(crate) zone: ImportZoneArgs,
}

/// The zone that records go to.
#[derive(Args, Debug)]
pub(crate) struct ImportZoneArgs {
    /// Name of the zone; other names are told and left out
    #[arg(long, value_name = "NAME", value_parser = zone_name)]
    pub(crate) origin: Name,
    /// How long records may be kept, in seconds, where that is not said
    #[arg(long, value_name = "TTL", default_value = "300")]
    pub(crate) ttl: dns_zone::Ttl,
    /// Write a whole zone with this name server, `ns1=192.168.1.10` [default: the records alone]
    #[arg(long, value_name = "NAME=ADDRESS")]
    pub(crate) ns: Option<String>,
    /// Write this file, which must not be there yet, instead of printing
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<Utf8PathBuf>,
}
