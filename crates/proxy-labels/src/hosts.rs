//! The names that containers want to be reached by.
//!
//! ```
//! use proxy_labels::{Container, hosts};
//!
//! let mut web = Container::new("web");
//! web.labels.insert("traefik.http.routers.web.rule".into(), "Host(`a.example`) && !Host(`b.example`)".into());
//! web.labels.insert("caddy".into(), "http://Bücher.example:8080, *.c.example".into());
//!
//! let found = hosts::of(&[web], &Default::default(), &Default::default());
//! let names: Vec<_> = found.names.iter().map(|name| name.host.as_str()).collect();
//! assert_eq!(names, ["a.example", "xn--bcher-kva.example", "*.c.example"]);
//! ```

use std::ops::Range;

use yaml_tree::Severity;

use crate::facts::Proxy;
use crate::finding::Place;
use crate::host::to_ascii;
use crate::rule::{self, Expression, ExpressionKind};
use crate::traefik::{self, Protocol};
use crate::{Container, Finding, Health, Network, State, caddy};

/// What [`of`] finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hosts {
    /// The names, container by container, each as often as it is written.
    pub names: Vec<Name>,
    /// Patterns and other places that give no name, and why.
    pub findings: Vec<Finding>,
}

/// A name that a container is to be reached by.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Name {
    /// The name in ASCII form, without a dot at the end; it may begin with `*.`.
    pub host: String,
    /// The container.
    pub container: String,
    /// The proxy whose label says so.
    pub proxy: Proxy,
    /// The label; `None` if the name comes from the default rule.
    pub label: Option<Place>,
}

/// The names in the labels of these containers: those in `Host` and `HostSNI` matchers of Traefik that
/// are not under a `!`, and the addresses of Caddy's sites.
///
/// Containers count whatever their health; stopped ones do not, nor those that Traefik is told to pass
/// over by `traefik.enable`, `exposedByDefault` and the constraints. A router without a rule counts
/// with the default rule if that is not Traefik's own.
///
/// Findings: `hosts::pattern` (a note: names by a regular expression), `hosts::bad-name`,
/// `hosts::bad-rule`, `hosts::placeholder` (warnings), and those of labels that cannot be read.
pub fn of(containers: &[Container], traefik: &traefik::Settings, caddy: &caddy::Settings) -> Hosts {
    let mut hosts = Hosts::default();
    for container in containers
        .iter()
        .filter(|container| container.state == State::Running)
    {
        // Ports of images and addresses need not be known to tell names.
        let mut reachable = container.clone();
        reachable.health = Health::None;
        if reachable.ports.is_empty() {
            reachable.ports.push("80/tcp".to_owned());
        }
        if reachable
            .networks
            .values()
            .all(|network| network.address().is_empty())
        {
            let name = match traefik.network.as_str() {
                "" => "bridge",
                name => name,
            };
            reachable
                .networks
                .insert(name.to_owned(), Network::with_ip("172.17.0.2"));
        }
        routers(&reachable, traefik, &mut hosts);
        sites(&reachable, caddy, &mut hosts);
    }
    hosts
}

fn routers(container: &Container, settings: &traefik::Settings, hosts: &mut Hosts) {
    let outcome = traefik::provide(std::slice::from_ref(container), settings);
    let errors = outcome
        .findings
        .into_iter()
        .filter(|one| one.code == "traefik::label" || one.is_error() && one.label.is_some());
    hosts.findings.extend(errors.map(as_warning));
    let own_default = settings.default_rule == traefik::Settings::default().default_rule;
    for protocol in [Protocol::Http, Protocol::Tcp] {
        for (router, block) in &outcome.configuration.section(protocol).routers {
            let wanted = format!("traefik.{}.routers.{router}.rule", protocol.name());
            let key = container
                .labels
                .keys()
                .find(|key| key.eq_ignore_ascii_case(&wanted));
            if key.is_none() && own_default {
                continue;
            }
            let text = block.text("rule").unwrap_or_default();
            let place = |range: Option<Range<usize>>| {
                key.map(|key| Place {
                    key: key.clone(),
                    range,
                    in_value: true,
                })
            };
            let parsed = match rule::parse(text) {
                Ok(parsed) => parsed,
                Err(error) => {
                    let mut found = Finding::warning(
                        "hosts::bad-rule",
                        format!("the rule cannot be read, so its names are not known: {error}"),
                    )
                    .on(&container.name);
                    found.label = place(Some(error.span));
                    hosts.findings.push(found);
                    continue;
                }
            };
            let mut arguments = Vec::new();
            positive(&parsed, &mut arguments);
            for (text, range, pattern) in arguments {
                // `HostSNI(`*`)` is every name, which is none.
                if text == "*" {
                    continue;
                }
                let note = |severity, code: &'static str, message: String| {
                    let mut found = Finding::new(severity, code, message).on(&container.name);
                    found.label = place(Some(range.clone()));
                    found
                };
                if pattern || text.contains(['{', '}']) {
                    let message = format!(
                        "`{text}` is a pattern: it gives no name, a wildcard has to cover it"
                    );
                    hosts
                        .findings
                        .push(note(Severity::Note, "hosts::pattern", message));
                    continue;
                }
                match name(&text) {
                    Some(host) => hosts.names.push(Name {
                        host,
                        container: container.name.clone(),
                        proxy: Proxy::Traefik,
                        label: place(Some(range.clone())),
                    }),
                    None => {
                        let message = format!("`{text}` is no host name");
                        hosts
                            .findings
                            .push(note(Severity::Warning, "hosts::bad-name", message));
                    }
                }
            }
        }
    }
}

/// The arguments of matchers for hosts outside every `!`: text, place, and whether it is a pattern.
fn positive(expression: &Expression, out: &mut Vec<(String, Range<usize>, bool)>) {
    match &expression.kind {
        ExpressionKind::Not(_) => {}
        ExpressionKind::Group(inner) => positive(inner, out),
        ExpressionKind::And(parts) | ExpressionKind::Or(parts) => {
            for part in parts {
                positive(part, out);
            }
        }
        ExpressionKind::Call(call) => {
            let pattern = call.is("HostRegexp") || call.is("HostSNIRegexp");
            if pattern || call.is("Host") || call.is("HostSNI") {
                let arguments = call.arguments.iter();
                out.extend(arguments.map(|one| (one.value.clone(), one.span.clone(), pattern)));
            }
        }
    }
}

fn sites(container: &Container, settings: &caddy::Settings, hosts: &mut Hosts) {
    let outcome = caddy::generate(std::slice::from_ref(container), settings);
    let errors = outcome
        .findings
        .into_iter()
        .filter(|one| one.is_error() && one.label.is_some());
    hosts.findings.extend(errors.map(as_warning));
    for block in &outcome.blocks {
        if block.is_global() || block.is_snippet() || block.is_matcher() {
            continue;
        }
        for word in block.keys.iter().flat_map(|key| key.split(',')) {
            let place = place_of(container, settings, word);
            let note = |code: &'static str, message: String| {
                let mut found = Finding::warning(code, message).on(&container.name);
                found.label.clone_from(&place);
                found
            };
            let Some(host) = host_of(word) else { continue };
            if host.contains(['{', '}']) {
                let message = format!(
                    "`{word}` holds a placeholder, which only Caddy can fill in: it gives no name"
                );
                hosts.findings.push(note("hosts::placeholder", message));
                continue;
            }
            match name(host) {
                Some(host) => hosts.names.push(Name {
                    host,
                    container: container.name.clone(),
                    proxy: Proxy::Caddy,
                    label: place,
                }),
                None => hosts
                    .findings
                    .push(note("hosts::bad-name", format!("`{host}` is no host name"))),
            }
        }
    }
}

/// The host in the address of a site; `None` without one, or if it is an IP address or a switch.
fn host_of(address: &str) -> Option<&str> {
    let address = address.trim();
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split('/').next().unwrap_or_default();
    if rest.starts_with('[') {
        return None;
    }
    let host = match rest.rsplit_once(':') {
        // A placeholder may have a colon of its own.
        Some((host, port)) if !port.contains('}') => host,
        _ => rest,
    };
    let switch = ["", "true", "false", "yes", "no", "on", "off", "0", "1"];
    let no_name = switch.contains(&host.to_ascii_lowercase().as_str())
        || host.parse::<std::net::IpAddr>().is_ok();
    (!no_name).then_some(host)
}

/// The label that an address comes from: that of a site which has it as it is.
fn place_of(container: &Container, settings: &caddy::Settings, word: &str) -> Option<Place> {
    let is_site = |key: &str| {
        let rest = key.strip_prefix(settings.label_prefix.as_str());
        rest.is_some_and(|rest| {
            let number = rest.strip_prefix('_').unwrap_or(rest);
            number.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let sites = container.labels.iter().filter(|(key, _)| is_site(key));
    let mut found = None;
    for (key, value) in sites {
        let at = value.find(word.trim());
        let place = Place {
            key: key.clone(),
            range: at.map(|at| at..at + word.trim().len()),
            in_value: true,
        };
        if at.is_some() {
            return Some(place);
        }
        found.get_or_insert(place);
    }
    found
}

/// What keeps a proxy from serving does not keep a name from being one.
fn as_warning(mut found: Finding) -> Finding {
    found.severity = found.severity.min(Severity::Warning);
    found
}

fn name(text: &str) -> Option<String> {
    let ascii = to_ascii(text)?;
    Some(ascii.strip_suffix('.').unwrap_or(&ascii).to_owned())
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::{Container, Health, State, caddy, traefik};

    fn container(labels: &[(&str, &str)]) -> Container {
        let mut container = Container::new("web");
        for (key, value) in labels {
            container
                .labels
                .insert((*key).to_owned(), (*value).to_owned());
        }
        container
    }

    /// Names, and findings as `code: text they point at`.
    fn names(container: Container) -> (Vec<String>, Vec<String>) {
        let labels = container.labels.clone();
        let hosts = of(
            &[container],
            &traefik::Settings::default(),
            &caddy::Settings::default(),
        );
        let pointed = |place: &Option<crate::Place>| {
            let place = place.as_ref().expect("labels have places");
            let value = &labels[&place.key];
            place
                .range
                .clone()
                .map_or(value.as_str(), |range| &value[range])
                .to_owned()
        };
        let shown = hosts
            .findings
            .iter()
            .map(|one| format!("{}: {}", one.code, pointed(&one.label)));
        let names = hosts
            .names
            .iter()
            .map(|one| format!("{} {}", one.host, pointed(&one.label)));
        (names.collect(), shown.collect())
    }

    #[test]
    fn rules_of_traefik() {
        for (rule, wanted, findings) in [
            (
                "Host(`A.example.`)",
                &["a.example `A.example.`"][..],
                &[][..],
            ),
            (
                "Host(`a.example`, `b.example`)",
                &["a.example `a.example`", "b.example `b.example`"],
                &["labels::TRF020: Host(`a.example`, `b.example`"],
            ),
            (
                "Host(`a.example`) || (Host(`c.example`) && Path(`/`))",
                &["a.example `a.example`", "c.example `c.example`"],
                &[],
            ),
            (
                "!Host(`a.example`) && Host(`b.example`)",
                &["b.example `b.example`"],
                &[],
            ),
            ("!(Host(`a.example`) || Path(`/`))", &[], &[]),
            (
                "HostRegexp(`^.+\\.a\\.example$`)",
                &[],
                &["hosts::pattern: `^.+\\.a\\.example$`"],
            ),
            (
                "Host(`{sub:[a-z]+}.a.example`)",
                &[],
                &["hosts::pattern: `{sub:[a-z]+}.a.example`"],
            ),
            ("Host(`a b`)", &[], &["hosts::bad-name: `a b`"]),
            ("Host(`*.a.example`)", &["*.a.example `*.a.example`"], &[]),
            (
                "Host(`bücher.example`)",
                &["xn--bcher-kva.example `bücher.example`"],
                &["labels::TRF020: `bücher.example`"],
            ),
            ("PathPrefix(`/`)", &[], &[]),
        ] {
            let found = names(container(&[("traefik.http.routers.r.rule", rule)]));
            let texts = |list: &[&str]| {
                list.iter()
                    .map(|text| (*text).to_owned())
                    .collect::<Vec<_>>()
            };
            assert_eq!(found, (texts(wanted), texts(findings)), "{rule}");
        }
        let tcp = |rule| names(container(&[("traefik.tcp.routers.r.rule", rule)])).0;
        assert_eq!(tcp("HostSNI(`*`)"), [] as [&str; 0]);
        assert_eq!(tcp("HostSNI(`db.example`)"), ["db.example `db.example`"]);
    }

    #[test]
    fn sites_of_caddy() {
        for (value, wanted, findings) in [
            ("a.example", &["a.example a.example"][..], &[][..]),
            (
                "https://a.example:8443/path b.example,c.example",
                &[
                    "a.example https://a.example:8443/path",
                    "b.example b.example",
                    "c.example c.example",
                ],
                &[],
            ),
            ("*.a.example", &["*.a.example *.a.example"], &[]),
            (":80", &[], &[]),
            ("http://", &[], &[]),
            ("192.168.1.1", &[], &[]),
            ("http://[::1]:80", &[], &[]),
            ("false", &[], &[]),
            ("{$DOMAIN}", &[], &["hosts::placeholder: {$DOMAIN}"]),
            ("a..b", &[], &["hosts::bad-name: a..b"]),
            ("(snippet)", &[], &[]),
        ] {
            let found = names(container(&[("caddy", value), ("caddy.respond", "ok")]));
            let texts = |list: &[&str]| {
                list.iter()
                    .map(|text| (*text).to_owned())
                    .collect::<Vec<_>>()
            };
            assert_eq!(found, (texts(wanted), texts(findings)), "{value}");
        }
        let both = container(&[
            ("caddy_0", "a.example"),
            ("caddy_1", "b.example"),
            ("caddy_1.handle", ""),
        ]);
        assert_eq!(
            names(both).0,
            ["a.example a.example", "b.example b.example"]
        );
    }

    #[test]
    fn who_is_passed_over() {
        let rule = ("traefik.http.routers.r.rule", "Host(`a.example`)");
        assert_eq!(
            names(container(&[rule, ("traefik.enable", "false")])).0,
            [] as [&str; 0]
        );
        assert_eq!(names(container(&[])).0, [] as [&str; 0]);
        let mut stopped = container(&[rule]);
        stopped.state = State::Stopped;
        assert_eq!(names(stopped).0, [] as [&str; 0]);
        let mut sick = container(&[rule]);
        sick.health = Health::Unhealthy;
        assert_eq!(names(sick).0.len(), 1);
    }

    #[test]
    fn a_default_rule_of_ones_own_counts() {
        let settings = traefik::Settings {
            default_rule: "Host(`{{ normalize .Name }}.example`)".to_owned(),
            ..traefik::Settings::default()
        };
        let hosts = of(&[container(&[])], &settings, &caddy::Settings::default());
        assert_eq!(hosts.names[0].host, "web.example");
        assert_eq!(hosts.names[0].label, None);
    }
}
