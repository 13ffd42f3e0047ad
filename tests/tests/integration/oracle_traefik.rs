//! `proxy-labels` beside the real Traefik: every key by itself, every rule of the provider, and
//! generated sets of labels.

mod engine;
mod generated;
mod keys;
mod oddities;
mod provider;
mod rules;
mod templates;

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;
use common::Io;
use homelab_tests::{oracle, traefik};
use serde_json::{Value, json};

/// A container with what nobody says about it: one network, one port.
fn container(at: usize, name: &str, labels: &BTreeMap<String, String>) -> Value {
    json!({
        "name": name,
        "labels": labels,
        "network_mode": "bridge",
        "networks": {"bridge": {"ip": format!("172.17.{}.{}", at / 250, at % 250 + 2)}},
        "ports": ["80/tcp"],
        "health": "none",
    })
}

fn labels<'l>(pairs: impl IntoIterator<Item = (&'l str, &'l str)>) -> BTreeMap<String, String> {
    let pairs = pairs.into_iter();
    pairs
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

/// What `labelgen decode traefik` prints and reports.
fn run(input: &Value) -> (Value, Vec<Value>) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let words = ["labelgen", "--message-format", "json", "decode", "traefik"];
    let code = labelgen::run_in(
        Utf8Path::new("/"),
        &BTreeMap::new(),
        words.map(Into::into).to_vec(),
        &mut input.to_string().as_bytes(),
        &mut Io::new(&mut out, &mut err),
    );
    let messages = String::from_utf8(err).unwrap();
    assert_eq!(code, 0, "{messages}");
    let findings = messages
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    (serde_json::from_slice(&out).unwrap(), findings.collect())
}

/// The configuration, and the containers that are reported as dropped.
fn decode(input: &Value) -> (Value, BTreeSet<String>) {
    let (configuration, findings) = run(input);
    let dropped = findings.iter().filter(|finding| {
        let message = finding["message"].as_str().unwrap_or_default();
        message.contains("this container declares") || message.contains("passes the container over")
    });
    let names = dropped.filter_map(|finding| finding["container"].as_str().map(str::to_owned));
    (configuration, names.collect())
}

/// Asks both and compares; returns the number of objects that the real program has.
fn compare(program: &Utf8Path, containers: &[Value], provider: &Value) -> usize {
    let mut provider = provider.clone();
    provider["entryPoints"] = json!(traefik::ENTRY_POINTS);
    let input = json!({"containers": containers, "provider": provider});
    let theirs = traefik::ask(program, &input);
    let (ours, dropped) = decode(&input);
    let mut count = 0;
    let mut differences = Vec::new();
    for protocol in ["http", "tcp", "udp"] {
        for kind in ["routers", "services", "middlewares"] {
            let objects = |value: &Value| {
                value[protocol][kind]
                    .as_object()
                    .cloned()
                    .unwrap_or_default()
            };
            let (theirs, ours) = (objects(&theirs.configuration), objects(&ours));
            count += theirs.len();
            let names: BTreeSet<&String> = theirs.keys().chain(ours.keys()).collect();
            for name in names {
                let (theirs, ours) = (theirs.get(name), ours.get(name));
                if theirs != ours {
                    differences.push(format!(
                        "{protocol}.{kind}.{name}\n  real {theirs:?}\n  ours {ours:?}"
                    ));
                }
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert_eq!(theirs.rejected, dropped, "containers that are dropped");
    count
}

/// The real program, or `None` after saying that the test is skipped.
fn program() -> Option<camino::Utf8PathBuf> {
    oracle("traefik")
}
