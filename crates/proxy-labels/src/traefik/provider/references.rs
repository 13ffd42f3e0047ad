//! What Traefik keeps and disables: references to nothing, rules it cannot use.

use std::collections::BTreeSet;

use super::super::configuration::{Configuration, Protocol, Section};
use super::super::value::Block;
use super::Settings;
use super::running::local;
use crate::Finding;
use crate::rule;

/// Reports what the running program disables.
pub(super) fn check(configuration: &Configuration, settings: &Settings, findings: &mut Vec<Finding>) {
    for protocol in Protocol::ALL {
        let section = configuration.section(protocol);
        for (name, router) in &section.routers {
            Router {
                protocol,
                name,
                router,
                section,
                settings,
            }
            .check(findings);
        }
    }
    let http = &configuration.http;
    for (name, middleware) in &http.middlewares {
        let kinds = middleware.iter().count();
        if kinds > 1 {
            let message = format!("middleware `{name}` has {kinds} types; Traefik disables what uses it");
            findings.push(Finding::error("labels::TRF023", message));
        }
    }
    for (name, service) in &http.services {
        let strategy = service.text("loadBalancer.strategy").unwrap_or("wrr");
        if !matches!(strategy, "wrr" | "p2c" | "hrw" | "leasttime") {
            let message = format!("service `{name}` is disabled: there is no strategy `{strategy}`");
            findings.push(
                Finding::error("traefik::strategy", message).help("use wrr, p2c, hrw or leasttime"),
            );
        }
    }
}

struct Router<'c> {
    protocol: Protocol,
    name: &'c str,
    router: &'c Block,
    section: &'c Section,
    settings: &'c Settings,
}

impl Router<'_> {
    fn disabled(&self, code: &'static str, why: &str) -> Finding {
        let protocol = self.protocol.name().to_uppercase();
        let message = format!("{protocol} router `{}` is disabled: {why}", self.name);
        Finding::error(code, message)
    }

    fn check(&self, findings: &mut Vec<Finding>) {
        let udp = self.protocol == Protocol::Udp;
        let points = self.router.list("entryPoints");
        let unknown: Vec<&String> = points
            .iter()
            .filter(|name| !self.settings.has_entry_point(name, udp))
            .collect();
        for name in &unknown {
            let message = format!("router `{}`: there is no entry point `{name}`", self.name);
            findings.push(Finding::warning("labels::TRF011", message));
        }
        if !points.is_empty() && unknown.len() == points.len() {
            findings.push(self.disabled("labels::TRF011", "none of its entry points exists"));
        }
        self.check_service(findings);
        for name in self.router.list("middlewares") {
            self.check_middleware(name, &mut BTreeSet::new(), findings);
        }
        if let Some(options) = self.router.text("tls.options")
            && options != "default"
        {
            let why = format!("TLS options `{options}` are not declared by labels");
            findings.push(self.disabled("labels::TRF011", &why));
        }
        if !udp {
            self.check_rule(findings);
        }
    }

    fn check_service(&self, findings: &mut Vec<Finding>) {
        let Some(service) = self.router.text("service").map(local) else {
            return;
        };
        if !service.contains('@') && !self.section.services.contains_key(service) {
            let names = self.section.services.keys().map(String::as_str);
            let near = yaml_tree::nearest(service, names);
            let mut found = self.disabled("labels::TRF011", &format!("there is no service `{service}`"));
            if let Some(near) = near {
                found = found.help(format!("did you mean `{near}`?"));
            }
            findings.push(found);
        }
    }

    fn check_middleware(&self, name: &str, seen: &mut BTreeSet<String>, findings: &mut Vec<Finding>) {
        let name = local(name);
        if name.contains('@') {
            return;
        }
        if !seen.insert(name.to_owned()) {
            let why = format!("its chain of middlewares comes back to `{name}`");
            findings.push(self.disabled("labels::TRF023", &why));
            return;
        }
        let Some(middleware) = self.section.middlewares.get(name) else {
            let names = self.section.middlewares.keys().map(String::as_str);
            let near = yaml_tree::nearest(name, names);
            let mut found = self.disabled("labels::TRF011", &format!("there is no middleware `{name}`"));
            if let Some(near) = near {
                found = found.help(format!("did you mean `{near}`?"));
            }
            findings.push(found);
            return;
        };
        if middleware.iter().next().is_none() {
            let why = format!("middleware `{name}` has no type");
            findings.push(self.disabled("labels::TRF023", &why));
        }
        for next in middleware.list("chain.middlewares") {
            self.check_middleware(next, seen, findings);
        }
        seen.remove(name);
    }

    fn check_rule(&self, findings: &mut Vec<Finding>) {
        let text = self.router.text("rule").unwrap_or_default();
        if self.router.text("ruleSyntax") == Some("v2") {
            return;
        }
        let parsed = match rule::parse(text) {
            Ok(parsed) => parsed,
            Err(error) => {
                let why = format!("the rule cannot be read: {error} (at {})", error.span.start + 1);
                findings.push(self.disabled("labels::TRF020", &why));
                return;
            }
        };
        for problem in rule::check(&parsed, self.protocol) {
            findings.push(self.disabled("labels::TRF020", &problem.message));
        }
        if self.protocol == Protocol::Tcp && self.router.block("tls").is_none() && rule::needs_tls(&parsed) {
            let why = "names are known with TLS only; set `tls=true`, or take everything with `HostSNI(`*`)`";
            findings.push(self.disabled("labels::TRF030", why));
        }
    }
}
