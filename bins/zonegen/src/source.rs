//! Who wants which names: services and containers, by the labels of proxies and by `dns.*` labels.

pub(crate) mod compose;
pub(crate) mod engine;
mod labels;

use std::borrow::Cow;
use std::net::IpAddr;

use dns_zone::{Name, RecordData, Ttl};
use proxy_labels::facts::Proxy;
use proxy_labels::{Choice, Container, Located, ProxySelection, hosts};
use yaml_tree::{Diagnostic, Severity, Span};

use crate::config::{Config, Environment, Target};
use labels::Labelled;

/// A name that something wants.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) owner: Name,
    pub(crate) lead: Lead,
    pub(crate) ttl: Option<Ttl>,
    /// The zone it shall be in, if a label says so.
    pub(crate) zone: Option<Name>,
    pub(crate) origin: Origin,
}

/// Where a name leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lead {
    /// To the target of the proxy or the environment, which a view may replace.
    Default(Target),
    /// To the containers themselves.
    Containers(Vec<IpAddr>),
    /// To what a label or the config file says of this service.
    Explicit(Vec<RecordData>),
}

/// What wants a name.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// `Traefik, service web`
    pub(crate) what: Cow<'static, str>,
    /// Where it is written.
    pub(crate) span: Option<Span>,
}

/// What sources gave.
#[derive(Clone, Debug, Default)]
pub(crate) struct Collected {
    pub(crate) wanted: Vec<Wanted>,
    pub(crate) found: Vec<Diagnostic>,
    /// How many services or containers were looked at.
    pub(crate) looked_at: usize,
}

impl Origin {
    /// The origin with its place, for people.
    pub(crate) fn shown(&self) -> String {
        match &self.span {
            Some(span) => format!("{} ({span})", self.what),
            None => self.what.clone().into_owned(),
        }
    }
}

/// A service or a container with what is known of it.
struct Subject<'s> {
    container: &'s Container,
    /// Its service, or its own name.
    service: String,
    /// What messages call it: `service web`.
    shown: String,
    /// Its addresses on the network that counts, and why there are none.
    addresses: Result<Vec<IpAddr>, String>,
    /// Where its labels are written.
    locate: &'s dyn Fn(Option<&str>) -> Located,
    /// Which proxies are switched on, as far as that is known.
    selection: Option<ProxySelection>,
}

/// Adds the names that a service or container wants.
fn declare(subject: &Subject<'_>, environment: &Environment, config: &Config, out: &mut Collected) {
    out.looked_at += 1;
    let labelled = labels::read(subject, config, &mut out.found);
    if labelled.skip {
        return;
    }
    let own: Vec<Wanted> = labelled.wanted(subject, environment, config, &mut out.found);
    out.wanted.extend(own);
    sites(subject, &labelled, environment, config, out);
}

/// The names in the labels of proxies.
fn sites(
    subject: &Subject<'_>,
    labelled: &Labelled,
    environment: &Environment,
    config: &Config,
    out: &mut Collected,
) {
    let found = hosts::of(
        std::slice::from_ref(subject.container),
        &environment.traefik.settings,
        &environment.caddy.settings,
    );
    let locate = |_: Option<&str>, key: Option<&str>| (subject.locate)(key);
    let on = |proxy: Proxy| {
        let Some(selection) = &subject.selection else {
            return true;
        };
        match proxy {
            Proxy::Traefik => selection.traefik != Choice::Off,
            Proxy::Caddy => selection.caddy != Choice::Off,
        }
    };
    for finding in &found.findings {
        let caddy = finding.label.as_ref().is_some_and(|place| {
            place
                .key
                .starts_with(&environment.caddy.settings.label_prefix)
        });
        if on(if caddy { Proxy::Caddy } else { Proxy::Traefik }) {
            out.found.push(finding.to_diagnostic(&locate));
        }
    }
    for name in found.names {
        if !on(name.proxy) {
            continue;
        }
        let (shown, target) = match name.proxy {
            Proxy::Traefik => ("Traefik", &environment.traefik.target),
            Proxy::Caddy => ("Caddy", &environment.caddy.target),
        };
        let key = name.label.as_ref().map(|place| place.key.as_str());
        let located = (subject.locate)(key);
        let span = part(
            &located,
            name.label.as_ref().and_then(|place| place.range.clone()),
        );
        let origin = Origin {
            what: format!("{shown}, {}", subject.shown).into(),
            span,
        };
        let owner = match name.host.parse::<Name>() {
            Ok(owner) => owner,
            Err(error) => {
                out.found.push(about(
                    &origin,
                    Severity::Warning,
                    "zonegen::bad-name",
                    format!("`{}`: {error}", name.host),
                ));
                continue;
            }
        };
        let lead = match &labelled.lead {
            Some(data) => Ok(Lead::Explicit(data.clone())),
            None => lead(subject, target.as_ref(), environment),
        };
        match lead {
            Ok(lead) => out.wanted.push(Wanted {
                owner,
                lead,
                ttl: labelled.ttl,
                zone: labelled.zone.clone(),
                origin,
            }),
            Err(message) => {
                // A name of no zone of ours is told as such, whatever it would lead to.
                if config.zone_for(&owner, labelled.zone.as_ref()).is_none() {
                    out.wanted.push(Wanted {
                        owner,
                        lead: Lead::Explicit(Vec::new()),
                        ttl: None,
                        zone: None,
                        origin,
                    });
                } else {
                    out.found.push(no_target(&origin, &owner, &message));
                }
            }
        }
    }
}

/// Where the names of a service lead if no label says so.
fn lead(
    subject: &Subject<'_>,
    proxy: Option<&Target>,
    environment: &Environment,
) -> Result<Lead, String> {
    let own = environment.services.get(&subject.service);
    let target = own.or(proxy).or(environment.target.as_ref());
    match target {
        None => Err(format!(
            "nobody says where names of the environment `{}` lead",
            environment.name
        )),
        Some(Target::Container) => match &subject.addresses {
            Ok(addresses) => Ok(Lead::Containers(addresses.clone())),
            Err(why) => Err(why.clone()),
        },
        Some(Target::Addresses(addresses)) if own.is_some() => Ok(Lead::Explicit(
            addresses
                .iter()
                .map(|one| crate::config::data(*one))
                .collect(),
        )),
        Some(Target::Name(name)) if own.is_some() => {
            Ok(Lead::Explicit(vec![RecordData::cname(name)]))
        }
        Some(target) => Ok(Lead::Default(target.clone())),
    }
}

fn no_target(origin: &Origin, owner: &Name, message: &str) -> Diagnostic {
    about(
        origin,
        Severity::Error,
        "zonegen::no-target",
        format!("there is no address for `{owner}`: {message}"),
    )
    .help("set `target` of the environment, `services` in it, or the label `dns.value`")
}

/// A finding about something that wants a name.
pub(crate) fn about(
    origin: &Origin,
    severity: Severity,
    code: &'static str,
    message: impl Into<String>,
) -> Diagnostic {
    let message = message.into();
    match &origin.span {
        Some(span) => Diagnostic::new(severity, code, message).primary(span.clone(), ""),
        None => Diagnostic::new(severity, code, format!("{}: {message}", origin.what)),
    }
}

/// The place of a part of a label's value.
fn part(located: &Located, range: Option<std::ops::Range<usize>>) -> Option<Span> {
    let span = located.value.as_ref().or(located.key.as_ref())?;
    Some(match range {
        Some(range) if located.verbatim => {
            span.slice(range.start + located.offset, range.end + located.offset)
        }
        _ => span.clone(),
    })
}
