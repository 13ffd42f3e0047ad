//! Findings shown: for people, as JSON lines, as SARIF, as annotations.

mod sarif;

use common::{ColorChoice, MessageFormat, Renderer};
use proxy_labels::{Finding, Located};
use yaml_tree::Diagnostic;

use crate::world::World;

/// Where the label of a container stands.
type Locate<'l> = dyn Fn(Option<&str>, Option<&str>) -> Located + 'l;

/// Shows findings; `locate` says where labels stand.
pub(crate) fn show(findings: &[Finding], locate: &Locate<'_>, world: &mut World<'_, '_>) {
    let found = findings
        .iter()
        .map(|finding| (finding.to_diagnostic(locate), Some(finding)));
    write(&found.collect::<Vec<_>>(), world);
}

/// Shows what is wrong with a file.
pub(crate) fn show_diagnostics(found: &[Diagnostic], world: &mut World<'_, '_>) {
    let found = found.iter().map(|found| (found.clone(), None));
    write(&found.collect::<Vec<_>>(), world);
}

/// A document of findings is data; lines of them are messages.
fn write(found: &[(Diagnostic, Option<&Finding>)], world: &mut World<'_, '_>) {
    match world.format {
        MessageFormat::Text => {
            let env = world.env;
            let variable = |name: &str| env.get(name).map(String::as_str);
            let color = ColorChoice::Auto.decide(world.io.err_is_terminal, variable);
            let renderer = Renderer::new(color);
            for (found, _) in found {
                world.io.message(renderer.render(found));
            }
        }
        MessageFormat::Json => {
            for (found, finding) in found {
                let mut object = common::json::object(found);
                object["container"] = finding.and_then(|finding| finding.container.clone()).into();
                let label = finding.and_then(|finding| finding.label.as_ref());
                object["label"] = label.map(|place| place.key.clone()).into();
                world.io.message(format!("{object}\n"));
            }
        }
        MessageFormat::Sarif if world.findings_are_data => world.io.data(sarif::document(found)),
        MessageFormat::Sarif => world.io.message(sarif::document(found)),
        MessageFormat::Github => {
            for (found, _) in found {
                world.io.message(common::github::line(found));
            }
        }
    }
}
