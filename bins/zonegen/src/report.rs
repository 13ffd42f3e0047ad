//! Findings shown: for people, or as JSON lines.

use common::{ColorChoice, Renderer};
use yaml_tree::{Diagnostic, Severity};

use crate::args::MessageFormat;
use crate::commands::World;

/// Shows findings on standard error.
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
                world.io.message(format!("{}\n", common::json::line(found)));
            }
        }
    }
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
