//! Who answers for a host, and why not.
//!
//! ```
//! use proxy_labels::{Container, Network, explain, lint::Context};
//!
//! let mut web = Container::new("web");
//! web.ports.push("80/tcp".into());
//! web.networks.insert("proxy".into(), Network::with_ip("172.20.0.2"));
//! web.labels.insert("traefik.http.routers.web.rule".into(), "Host(`a.example`)".into());
//!
//! let answers = explain::host("a.example", &[web], &Context::default());
//! assert_eq!(answers.traefik[0].router, "web");
//! assert_eq!(answers.traefik[0].servers, ["http://172.20.0.2:80"]);
//! ```

use yaml_tree::Severity;

use crate::caddy::{self, Block};
use crate::lint::Context;
use crate::rule::{self, Answer, Request};
use crate::traefik::{self, Protocol};
use crate::{Container, Finding};

/// Everything that has to do with a host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answers {
    /// The routers of Traefik that answer, the one that is asked first at the front.
    pub traefik: Vec<Answering>,
    /// The sites of Caddy that answer.
    pub caddy: Vec<Site>,
    /// What keeps containers that want the host from answering.
    pub hindrances: Vec<Finding>,
}

/// A router of Traefik that answers for a host.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answering {
    /// HTTP or TCP.
    pub protocol: Protocol,
    /// The router.
    pub router: String,
    /// Its rule.
    pub rule: String,
    /// Its priority.
    pub priority: i64,
    /// Whether that depends on more than the host: the path, a header.
    pub depends: bool,
    /// Its entry points.
    pub entry_points: Vec<String>,
    /// Where its certificate comes from; none without TLS.
    pub tls: Option<String>,
    /// Its middlewares in order.
    pub middlewares: Vec<String>,
    /// The service it sends to.
    pub service: String,
    /// The servers of that service.
    pub servers: Vec<String>,
    /// The containers that the service is of.
    pub containers: Vec<String>,
    /// The networks on which these are.
    pub networks: Vec<String>,
    /// Why it does not work; empty if it does.
    pub broken: Vec<String>,
}

/// A site of Caddy that answers for a host.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Site {
    /// Its addresses.
    pub addresses: Vec<String>,
    /// Its block as text.
    pub text: String,
    /// The containers that have a part in it.
    pub containers: Vec<String>,
    /// Where its proxies send to.
    pub upstreams: Vec<String>,
}

/// Who answers for a host.
pub fn host(name: &str, containers: &[Container], context: &Context) -> Answers {
    let mut answers = Answers::default();
    let outcome = traefik::provide(containers, &context.traefik);
    let request = Request::to_host(name);
    for protocol in [Protocol::Http, Protocol::Tcp] {
        let section = outcome.configuration.section(protocol);
        for (router, block) in &section.routers {
            let text = block.text("rule").unwrap_or_default();
            let answer = rule::parse(text).map_or(Answer::No, |parsed| parsed.answers(&request));
            let catches = text.is_empty() || text == "HostSNI(`*`)" && protocol == Protocol::Tcp;
            if answer == Answer::No || catches {
                continue;
            }
            let service = block.text("service").unwrap_or_default().to_owned();
            let servers = section.services.get(&service);
            let servers = servers
                .map(|service| service.blocks("loadBalancer.servers"))
                .unwrap_or_default();
            let servers = servers
                .iter()
                .filter_map(|server| server.text("url").or_else(|| server.text("address")));
            let members = outcome
                .members
                .get(&(protocol, service.clone()))
                .cloned()
                .unwrap_or_default();
            let quoted = format!("router `{router}` ");
            let broken = outcome
                .findings
                .iter()
                .filter(|found| found.is_error() && found.message.contains(&quoted));
            answers.traefik.push(Answering {
                protocol,
                router: router.clone(),
                rule: text.to_owned(),
                priority: block.int("priority").unwrap_or_default(),
                depends: answer == Answer::Depends,
                entry_points: block.list("entryPoints").to_vec(),
                tls: block.block("tls").map(|tls| {
                    tls.text("certResolver")
                        .unwrap_or("the entry point's certificate")
                        .to_owned()
                }),
                middlewares: block.list("middlewares").to_vec(),
                servers: servers.map(str::to_owned).collect(),
                networks: networks(containers, &members),
                containers: members,
                service,
                broken: broken.map(|found| found.message.clone()).collect(),
            });
        }
    }
    answers.traefik.sort_by(|one, other| {
        other
            .priority
            .cmp(&one.priority)
            .then_with(|| one.router.cmp(&other.router))
    });
    sites(name, containers, context, &mut answers);
    hindrances(name, containers, outcome.findings, &mut answers);
    answers
}

fn networks(containers: &[Container], members: &[String]) -> Vec<String> {
    let mut names = Vec::new();
    for container in containers
        .iter()
        .filter(|container| members.contains(&container.name))
    {
        for name in container.networks.keys() {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    names
}

fn sites(name: &str, containers: &[Container], context: &Context, answers: &mut Answers) {
    let whole = caddy::generate(containers, &context.caddy);
    let serves = |block: &&Block| block.keys.iter().any(|key| address_matches(key, name));
    for block in whole.blocks.iter().filter(serves) {
        let members = containers.iter().filter(|container| {
            let own = caddy::generate(std::slice::from_ref(*container), &context.caddy);
            own.blocks.iter().any(|other| other.keys == block.keys)
        });
        let mut upstreams = Vec::new();
        collect(block, &mut upstreams);
        answers.caddy.push(Site {
            addresses: block.keys.clone(),
            text: caddy::text(std::slice::from_ref(block)),
            containers: members.map(|container| container.name.clone()).collect(),
            upstreams,
        });
    }
}

fn collect(block: &Block, upstreams: &mut Vec<String>) {
    if block.name() == "reverse_proxy" {
        let words = block
            .keys
            .iter()
            .skip(1)
            .filter(|word| !word.starts_with(['/', '@', '*']));
        upstreams.extend(words.cloned());
    }
    for child in &block.children {
        collect(child, upstreams);
    }
}

/// Whether the address of a site is that of a host.
fn address_matches(address: &str, name: &str) -> bool {
    let address = address.trim_end_matches(',');
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    let address = address.split(['/', ':']).next().unwrap_or_default();
    match address.strip_prefix("*.") {
        Some(parent) => name
            .split_once('.')
            .is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(parent)),
        None => address.eq_ignore_ascii_case(name),
    }
}

/// Findings about containers that name the host.
fn hindrances(name: &str, containers: &[Container], found: Vec<Finding>, answers: &mut Answers) {
    let wants = |container: &str| {
        let container = containers.iter().find(|other| other.name == container);
        container.is_some_and(|container| {
            container.labels.values().any(|value| {
                value
                    .to_ascii_lowercase()
                    .contains(&name.to_ascii_lowercase())
            })
        })
    };
    let about = found.into_iter().filter(|one| {
        one.container.as_deref().is_some_and(wants)
            && (one.severity >= Severity::Warning || one.code == "traefik::not-routed")
    });
    // A container without labels of Traefik is not meant for it.
    let meant = about.filter(|one| {
        let container = containers
            .iter()
            .find(|other| Some(other.name.as_str()) == one.container.as_deref());
        container.is_some_and(|container| {
            container
                .labels
                .keys()
                .any(|key| key.starts_with("traefik."))
        })
    });
    answers.hindrances.extend(meant);
}
