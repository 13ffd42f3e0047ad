//! `labelgen check`: what is wrong with labels.

use common::{MessageFormat, exit};
use proxy_labels::Finding;
use proxy_labels::lint::{self, Context};
use yaml_tree::Severity;

use crate::args::{CheckArgs, ContextArgs};
use crate::report;
use crate::world::{Given, World};

/// Shows all findings; fails if one of them is an error.
pub(crate) fn check(args: &CheckArgs, world: &mut World<'_, '_>) -> u8 {
    let given = match world.services(&args.compose, args.input.as_deref()) {
        Ok(given) => given,
        Err(code) => return code,
    };
    let mut context = context(&args.context, &given);
    context.zero_downtime = args.zero_downtime;
    let mut findings = lint::check(&given.containers, &context);
    findings.retain(|found| {
        let code = found.code.rsplit("::").next().unwrap_or_default();
        !args
            .allow
            .iter()
            .any(|allowed| allowed.eq_ignore_ascii_case(code))
    });
    report::show(
        &findings,
        &|container, key| given.locate(container, key),
        world,
    );
    summary(&findings, world);
    let worst = if args.strict {
        Severity::Warning
    } else {
        Severity::Error
    };
    if findings.iter().any(|found| found.severity >= worst) {
        return exit::FAILED;
    }
    exit::DONE
}

/// What the command line and the files say about the proxies.
pub(super) fn context(args: &ContextArgs, given: &Given) -> Context {
    let mut context = Context::default();
    context.traefik = given.input.settings();
    context.caddy = given.input.caddy_settings();
    if args.not_exposed_by_default {
        context.traefik.exposed_by_default = false;
    }
    if let Some(network) = &args.traefik_network {
        context.traefik.network.clone_from(network);
    }
    if !args.entry_points.is_empty() {
        context.entry_points = Some(args.entry_points.clone());
    }
    if !args.resolvers.is_empty() {
        context.resolvers = Some(args.resolvers.iter().cloned().collect());
    }
    context
        .caddy
        .ingress_networks
        .extend(args.ingress_networks.iter().cloned());
    context
        .caddy_modules
        .extend(args.caddy_modules.iter().cloned());
    if let Some(services) = &given.services {
        context.ports_incomplete = true;
        context.sources.clone_from(&services.sources);
        context.deploy_labels.clone_from(&services.deploy_labels);
        context.published.clone_from(&services.published);
    }
    context
}

fn summary(findings: &[Finding], world: &mut World<'_, '_>) {
    if world.format != MessageFormat::Text || findings.is_empty() {
        return;
    }
    let count = |severity: Severity| {
        findings
            .iter()
            .filter(|found| found.severity == severity)
            .count()
    };
    let plural = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    };
    let errors = plural(count(Severity::Error), "error");
    let warnings = plural(count(Severity::Warning), "warning");
    world.io.message(format!("{errors}, {warnings}\n"));
}
