//! Findings shown: for people, as JSON lines, as SARIF, as annotations.

use std::collections::BTreeSet;
use std::io;

use camino::Utf8Path;
use common::{ColorChoice, MessageFormat, Renderer, sarif};
use serde_json::json;
use yaml_tree::{Diagnostic, Severity};

use crate::world::World;

/// What is said of a file that could not be replaced.
pub(crate) fn unwritten(path: &Utf8Path) -> impl Fn(io::Error) -> String {
    move |error| format!("cannot write `{path}`: {error}")
}

/// Shows findings: a document of them is data, lines of them are messages.
pub(crate) fn show(found: &[Diagnostic], world: &mut World<'_, '_>) {
    match world.format {
        MessageFormat::Text => {
            let env = world.env;
            let variable = |name: &str| env.get(name).map(String::as_str);
            let color = ColorChoice::Auto.decide(world.io.err_is_terminal, variable);
            let renderer = Renderer::new(color);
            for found in found {
                world.io.message(renderer.render(found));
            }
        }
        MessageFormat::Json => {
            for found in found {
                world.io.message(common::json::line(found));
            }
        }
        MessageFormat::Sarif if world.findings_are_data => world.io.data(document(found)),
        MessageFormat::Sarif => world.io.message(document(found)),
        MessageFormat::Github => {
            for found in found {
                world.io.message(common::github::line(found));
            }
        }
    }
}

fn document(found: &[Diagnostic]) -> String {
    let codes: BTreeSet<&str> = found.iter().map(|found| &*found.code).collect();
    let rules: Vec<_> = codes.iter().map(|code| json!({ "id": code })).collect();
    let results: Vec<_> = found.iter().map(sarif::result).collect();
    sarif::document("zonegen", env!("CARGO_PKG_VERSION"), &rules, &results)
}

/// How many errors and warnings there are, for people.
pub(crate) fn summary(found: &[Diagnostic], world: &mut World<'_, '_>) {
    if world.format != MessageFormat::Text || found.is_empty() {
        return;
    }
    let count = |severity: Severity, what: &str| {
        let count = found
            .iter()
            .filter(|found| found.severity == severity)
            .count();
        let plural = if count == 1 { "" } else { "s" };
        format!("{count} {what}{plural}")
    };
    let errors = count(Severity::Error, "error");
    let warnings = count(Severity::Warning, "warning");
    world.io.message(format!("{errors}, {warnings}\n"));
}
