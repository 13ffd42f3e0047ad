//! What Traefik keeps and disables: references to nothing, rules it cannot use.

use super::super::configuration::{Configuration, Named, Protocol, Section};
use super::super::value::Block;
use super::Settings;
use super::running::local;
use crate::rule::{self, RuleErrorKind};
use crate::side_by_side::in_parts;
use crate::{Finding, LabelFix};

/// Reports what the running program disables.
pub(super) fn check(
    configuration: &Configuration,
    settings: &Settings,
    findings: &mut Vec<Finding>,
) {
    for protocol in Protocol::ALL {
        let section = configuration.section(protocol);
        let routers: Vec<_> = section.routers.iter().collect();
        let found = in_parts(&routers, |routers| {
            let mut found = Vec::new();
            for (name, block) in routers {
                Router {
                    protocol,
                    name,
                    block,
                    section,
                    settings,
                }
                .check(&mut found);
            }
            found
        });
        findings.extend(found.into_iter().flatten());
    }
    let http = &configuration.http;
    for (name, middleware) in &http.middlewares {
        let kinds: Vec<&str> = middleware.iter().map(|(kind, _)| kind).collect();
        if kinds.len() > 1 {
            let kinds = kinds.join("`, `");
            let message = format!(
                "middleware `{name}` has several types, `{kinds}`; Traefik disables what uses it"
            );
            let key = format!("traefik.http.middlewares.{name}");
            findings.push(Finding::error("labels::TRF023", message).key(&key));
        }
    }
    for (name, service) in &http.services {
        let strategy = service.text("loadBalancer.strategy").unwrap_or("wrr");
        if !matches!(strategy, "wrr" | "p2c" | "hrw" | "leasttime") {
            let message =
                format!("service `{name}` is disabled: there is no strategy `{strategy}`");
            let key = format!("traefik.http.services.{name}.loadbalancer.strategy");
            findings.push(
                Finding::error("labels::TRF004", message)
                    .value(&key)
                    .help("use wrr, p2c, hrw or leasttime"),
            );
        }
    }
}

struct Router<'c> {
    protocol: Protocol,
    name: &'c str,
    block: &'c Block,
    section: &'c Section,
    settings: &'c Settings,
}

impl<'c> Router<'c> {
    fn disabled(&self, code: &'static str, field: &str, why: &str) -> Finding {
        let protocol = self.protocol.name().to_uppercase();
        let message = format!("{protocol} router `{}` is disabled: {why}", self.name);
        Finding::error(code, message).value(&self.key(field))
    }

    /// The label of a field. Its case may be another; see [`super::places`].
    fn key(&self, field: &str) -> String {
        format!(
            "traefik.{}.routers.{}.{field}",
            self.protocol.name(),
            self.name
        )
    }

    fn check(&self, findings: &mut Vec<Finding>) {
        let udp = self.protocol == Protocol::Udp;
        let points = self.block.list("entryPoints");
        let unknown: Vec<&String> = points
            .iter()
            .filter(|name| !self.settings.has_entry_point(name, udp))
            .collect();
        for name in &unknown {
            let message = format!("router `{}`: there is no entry point `{name}`", self.name);
            let key = self.key("entrypoints");
            findings.push(Finding::warning("labels::TRF011", message).value(&key));
        }
        if !points.is_empty() && unknown.len() == points.len() {
            findings.push(self.disabled(
                "labels::TRF011",
                "entrypoints",
                "none of its entry points exists",
            ));
        }
        self.check_service(findings);
        for name in self.block.list("middlewares") {
            self.check_middleware(name, &mut Vec::new(), findings);
        }
        if let Some(options) = self.block.text("tls.options")
            && options != "default"
            && !local(options).contains('@')
        {
            let why = format!("TLS options `{options}` are not declared by labels");
            findings.push(self.disabled("labels::TRF011", "tls.options", &why));
        }
        if !udp {
            self.check_rule(findings);
        }
    }

    fn check_service(&self, findings: &mut Vec<Finding>) {
        let Some(service) = self.block.text("service").map(local) else {
            return;
        };
        if !service.contains('@') && !self.section.services.contains_key(service) {
            let near = nearest_of(service, &self.section.services);
            let mut found = self.disabled(
                "labels::TRF011",
                "service",
                &format!("there is no service `{service}`"),
            );
            if let Some(near) = near {
                found = found
                    .help(format!("did you mean `{near}`?"))
                    .fix(LabelFix::SetValue(near.to_owned()));
            }
            findings.push(found);
        }
    }

    fn check_middleware(
        &self,
        name: &'c str,
        seen: &mut Vec<&'c str>,
        findings: &mut Vec<Finding>,
    ) {
        let name = local(name);
        if name.contains('@') {
            return;
        }
        if seen.contains(&name) {
            let why = format!("its chain of middlewares comes back to `{name}`");
            findings.push(self.disabled("labels::TRF023", "middlewares", &why));
            return;
        }
        let Some(middleware) = self.section.middlewares.get(name) else {
            let near = nearest_of(name, &self.section.middlewares);
            let mut found = self.disabled(
                "labels::TRF011",
                "middlewares",
                &format!("there is no middleware `{name}`"),
            );
            if let Some(near) = near {
                found = found.help(format!("did you mean `{near}`?"));
            }
            findings.push(found);
            return;
        };
        seen.push(name);
        if middleware.iter().next().is_none() {
            let why = format!("middleware `{name}` has no type");
            findings.push(self.disabled("labels::TRF023", "middlewares", &why));
        }
        for next in middleware.list("chain.middlewares") {
            self.check_middleware(next, seen, findings);
        }
        seen.pop();
    }

    fn check_rule(&self, findings: &mut Vec<Finding>) {
        let text = self.block.text("rule").unwrap_or_default();
        if self.block.text("ruleSyntax") == Some("v2") {
            return;
        }
        let parsed = match rule::parse(text) {
            Ok(parsed) => parsed,
            Err(error) => {
                let column = text[..error.span.start].chars().count() + 1;
                let why = format!("its rule cannot be read: {error} (column {column})");
                let mut found = self
                    .disabled("labels::TRF020", "rule", &why)
                    .range(&self.key("rule"), error.span.clone());
                if let RuleErrorKind::SingleQuotes(inner) = &error.kind {
                    let mut fixed = text.to_owned();
                    fixed.replace_range(error.span, &format!("`{inner}`"));
                    found = found.fix(LabelFix::SetValue(fixed));
                }
                findings.push(found);
                return;
            }
        };
        for problem in rule::check(&parsed, self.protocol) {
            let code = if problem.message.starts_with("the path") {
                "labels::TRF022"
            } else {
                "labels::TRF020"
            };
            let key = self.key("rule");
            let mut found = self
                .disabled(code, "rule", &problem.message)
                .range(&key, problem.span.clone());
            if let Some(help) = problem.help {
                found = found.help(help);
            }
            if let Some(replacement) = problem.replacement {
                let mut fixed = text.to_owned();
                fixed.replace_range(problem.span, &replacement);
                found = found.fix(LabelFix::SetValue(fixed));
            }
            findings.push(found);
        }
        if self.protocol == Protocol::Tcp
            && self.block.block("tls").is_none()
            && rule::needs_tls(&parsed)
        {
            let why = "names are known with TLS only; set `tls=true`, or take everything with `HostSNI(`*`)`";
            findings.push(self.disabled("labels::TRF030", "rule", why));
        }
    }
}

/// The name that was probably meant; among very many, looking would take too long.
fn nearest_of<'n>(name: &str, known: &'n Named) -> Option<&'n str> {
    (known.len() <= 500)
        .then(|| yaml_tree::nearest(name, known.keys().map(String::as_str)))
        .flatten()
}
