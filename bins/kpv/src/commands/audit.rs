//! `kpv audit`: secrets that should be changed.

use std::time::Duration;

use serde_json::json;
use vault::{AuditOptions, Finding, Problem};

use crate::args::AuditArgs;
use crate::exit;
use crate::failure::Result;
use crate::session::Session;
use crate::ui::Ui;

/// Prints each finding; ends with 1 when there is one.
pub(crate) fn audit(args: &AuditArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let vault = session.open(ui)?;
    let mut options = AuditOptions::at(session.world.now);
    options.weakest = args.weakest;
    options.older_than = args
        .older_than
        .map(|days| Duration::from_secs(days.saturating_mul(86_400)));
    let findings = vault::audit(&vault, &options);
    if args.json {
        let list: Vec<_> = findings
            .iter()
            .map(|found| {
                let message = found.problem.to_string();
                json!({"key": found.key, "problem": kind(found), "message": message})
            })
            .collect();
        ui.io
            .line(json!({"version": 1, "findings": list}).to_string());
    } else {
        for found in &findings {
            ui.io.line(format!("{}: {}", found.key, found.problem));
        }
    }
    let count = vault
        .entries()
        .filter(|entry| !entry.password().is_empty())
        .count();
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    ui.note(format!(
        "\n{} finding{} in {count} secret{}",
        findings.len(),
        plural(findings.len()),
        plural(count)
    ));
    Ok(if findings.is_empty() {
        exit::DONE
    } else {
        exit::FAILED
    })
}

/// The kind of a finding in one word, for programs.
pub(super) fn kind(found: &Finding) -> &'static str {
    match found.problem {
        Problem::Weak { .. } => "weak",
        Problem::Reused { .. } => "reused",
        Problem::Old { .. } => "old",
        Problem::Expired { .. } => "expired",
        _ => "other",
    }
}
