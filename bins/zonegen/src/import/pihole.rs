//! Pi-hole: its lists of local names, and the file that has them since version 6.

use serde::Deserialize;
use toml::Spanned;
use yaml_tree::{Diagnostic, Source};

use super::{Imported, dnsmasq, hosts};

/// Reads `pihole.toml`, a file of aliases, or a list as a hosts file, by what is in it.
pub(crate) fn read(source: &Source, imported: &mut Imported) {
    let mut lines = source
        .text()
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    match lines.next() {
        Some(line) if line.starts_with('[') => settings(source, imported),
        Some(line) if line.starts_with("cname=") || line.contains("=/") => {
            dnsmasq::read(source, imported);
        }
        _ => hosts::read(source, imported),
    }
}

/// `pihole.toml`, as far as it concerns us.
#[derive(Deserialize)]
struct Settings {
    #[serde(default)]
    dns: Dns,
}

#[derive(Default, Deserialize)]
struct Dns {
    #[serde(default)]
    hosts: Vec<Spanned<String>>,
    #[serde(default, rename = "cnameRecords")]
    aliases: Vec<Spanned<String>>,
}

fn settings(source: &Source, imported: &mut Imported) {
    let settings: Settings = match toml::from_str(source.text()) {
        Ok(settings) => settings,
        Err(error) => {
            let mut found = Diagnostic::error("import::bad-toml", error.message().to_owned());
            if let Some(span) = error.span() {
                found = found.primary(source.span(span.start, span.end), "");
            }
            imported.found.push(found);
            return;
        }
    };
    // Each entry is a line of the older files.
    for (entries, prefix) in [(settings.dns.hosts, ""), (settings.dns.aliases, "cname=")] {
        for entry in entries {
            let span = source.span(entry.span().start, entry.span().end);
            let line = Source::new(source.name(), format!("{prefix}{}", entry.get_ref()));
            let before = imported.found.len();
            if prefix.is_empty() {
                hosts::read(&line, imported);
            } else {
                dnsmasq::read(&line, imported);
            }
            for found in imported.found.iter_mut().skip(before) {
                for label in &mut found.labels {
                    label.span = span.clone();
                }
            }
        }
    }
}
