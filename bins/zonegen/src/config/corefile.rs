//! The Corefile in the config file.

use camino::{Utf8Path, Utf8PathBuf};
use dns_zone::{Network, Ttl};
use yaml_tree::{Diagnostic, Node};

use super::reader::Reader;

/// The Corefile that is generated.
#[derive(Clone, Debug)]
pub(crate) struct CorefileConfig {
    /// The file.
    pub(crate) file: Utf8PathBuf,
    /// The directory of the zone files as CoreDNS sees it.
    pub(crate) zones: String,
    /// The port of all servers, if it is not the usual one.
    pub(crate) port: Option<u16>,
    pub(crate) bind: Vec<String>,
    /// How often zone files are looked at, in seconds.
    pub(crate) reload: Option<u32>,
    /// Networks whose queries are forwarded; everybody's if there are none.
    pub(crate) allow: Vec<String>,
    /// Where other queries go.
    pub(crate) forward: Vec<String>,
    pub(crate) tls_servername: Option<String>,
    /// Seconds that forwarded answers are kept.
    pub(crate) cache: Option<u32>,
    pub(crate) log: Option<String>,
    pub(crate) health: Option<String>,
    pub(crate) ready: Option<String>,
    pub(crate) prometheus: Option<String>,
}

const KEYS: &[&str] = &[
    "file",
    "zones",
    "port",
    "bind",
    "reload",
    "allow",
    "forward",
    "tls-servername",
    "cache",
    "log",
    "health",
    "ready",
    "prometheus",
];

pub(super) fn read(node: &Node, dir: &Utf8Path, reader: &mut Reader) -> Option<CorefileConfig> {
    let mut corefile = CorefileConfig {
        file: dir.join("Corefile"),
        zones: String::new(),
        port: None,
        bind: Vec::new(),
        reload: None,
        allow: Vec::new(),
        forward: Vec::new(),
        tls_servername: None,
        cache: None,
        log: None,
        health: None,
        ready: None,
        prometheus: None,
    };
    for entry in reader.entries(node, KEYS) {
        let value = entry.value;
        let texts = |reader: &mut Reader| {
            reader
                .texts(value)
                .into_iter()
                .map(|text| text.value)
                .collect()
        };
        let seconds = |reader: &mut Reader| {
            reader
                .parsed::<Ttl>(value, "a length of time")
                .map(Ttl::as_secs)
        };
        match entry.key.as_str() {
            "file" => {
                if let Some(file) = reader.text(value) {
                    corefile.file = dir.join(file.value);
                }
            }
            "zones" => {
                corefile.zones = reader
                    .text(value)
                    .map(|text| text.value)
                    .unwrap_or_default();
            }
            "port" => corefile.port = reader.parsed(value, "a port"),
            "bind" => corefile.bind = texts(reader),
            "reload" => corefile.reload = seconds(reader),
            "allow" => {
                let networks: Vec<Network> = reader.all(value, "a network such as 10.0.0.0/8");
                corefile.allow = networks.iter().map(ToString::to_string).collect();
            }
            "forward" => corefile.forward = texts(reader),
            "tls-servername" => corefile.tls_servername = reader.text(value).map(|text| text.value),
            "cache" => corefile.cache = seconds(reader),
            "log" => {
                let known = ["all", "success", "denial", "error"].map(|word| (word, word));
                corefile.log = reader.choice(value, &known).map(str::to_owned);
            }
            "health" => corefile.health = reader.text(value).map(|text| text.value),
            "ready" => corefile.ready = reader.text(value).map(|text| text.value),
            _ => corefile.prometheus = reader.text(value).map(|text| text.value),
        }
    }
    if !corefile.zones.starts_with('/') {
        reader.found.push(
            Diagnostic::error(
                "zonegen::missing",
                "the Corefile needs `zones`: the directory of the zone files as CoreDNS sees it",
            )
            .primary(node.span().clone(), "")
            .help("such as `/etc/coredns/zones`, and mount that directory, not single files"),
        );
        return None;
    }
    corefile.zones = corefile.zones.trim_end_matches('/').to_owned();
    Some(corefile)
}
