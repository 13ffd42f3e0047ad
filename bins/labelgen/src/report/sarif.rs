//! Findings as SARIF 2.1.0.

use std::collections::BTreeSet;

use proxy_labels::Finding;
use proxy_labels::lint::Lint;
use serde_json::{Value, json};
use yaml_tree::{Diagnostic, Severity, Span};

/// One run with all findings, and the rules they come from.
pub(super) fn document(found: &[(Diagnostic, Option<&Finding>)]) -> String {
    let codes: BTreeSet<&str> = found.iter().map(|(found, _)| &*found.code).collect();
    let rules: Vec<Value> = codes
        .iter()
        .map(|code| match Lint::find(code) {
            Some(lint) => json!({
                "id": code, "name": lint.name, "shortDescription": {"text": lint.summary},
            }),
            None => json!({ "id": code }),
        })
        .collect();
    let results: Vec<Value> = found
        .iter()
        .map(|(found, finding)| result(found, *finding))
        .collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "labelgen",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{document:#}\n")
}

fn result(found: &Diagnostic, finding: Option<&Finding>) -> Value {
    let level = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let help = found.help.iter().map(|help| format!("\n{help}"));
    let mut result = json!({
        "ruleId": found.code,
        "level": level,
        "message": {"text": format!("{}{}", found.message, help.collect::<String>())},
    });
    if let Some(span) = found.location() {
        result["locations"] = json!([{"physicalLocation": physical(span)}]);
    } else if let Some(container) = finding.and_then(|finding| finding.container.as_ref()) {
        result["locations"] =
            json!([{"logicalLocations": [{"name": container, "kind": "container"}]}]);
    }
    if let Some(fix) = &found.fix {
        result["fixes"] = json!([{
            "description": {"text": fix.title},
            "artifactChanges": [{
                "artifactLocation": {"uri": fix.span.source().name()},
                "replacements": [{
                    "deletedRegion": region(&fix.span),
                    "insertedContent": {"text": fix.replacement},
                }],
            }],
        }]);
    }
    result
}

fn physical(span: &Span) -> Value {
    json!({"artifactLocation": {"uri": span.source().name()}, "region": region(span)})
}

fn region(span: &Span) -> Value {
    let (start, end) = (span.position(), span.end_position());
    json!({
        "startLine": start.line, "startColumn": start.column,
        "endLine": end.line, "endColumn": end.column,
    })
}
