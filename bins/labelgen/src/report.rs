//! Findings shown: for people, as JSON lines, as SARIF, as annotations.

use common::{ColorChoice, Renderer};
use proxy_labels::{Finding, Located};

use crate::args::MessageFormat;
use crate::commands::World;

/// Shows findings about labels that came from no file.
pub(crate) fn show(findings: &[Finding], world: &mut World<'_, '_>) {
    show_located(findings, &|_, _| Located::default(), world);
}

/// Shows findings; `locate` says where labels stand.
pub(crate) fn show_located(
    findings: &[Finding],
    locate: &dyn Fn(Option<&str>, Option<&str>) -> Located,
    world: &mut World<'_, '_>,
) {
    let env = world.env;
    let variable = |name: &str| env.get(name).map(String::as_str);
    let color = ColorChoice::Auto.decide(world.io.err_is_terminal, variable);
    let renderer = Renderer::new(color);
    for finding in findings {
        let found = finding.to_diagnostic(locate);
        match world.format {
            MessageFormat::Json => {
                let mut object = common::json::object(&found);
                object["container"] = finding.container.clone().into();
                object["label"] = finding.label.as_ref().map(|place| place.key.clone()).into();
                world.io.message(format!("{object}\n"));
            }
            _ => world.io.message(renderer.render(&found)),
        }
    }
}
