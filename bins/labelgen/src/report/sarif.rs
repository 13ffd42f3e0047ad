//! Findings as SARIF 2.1.0.

use std::collections::BTreeSet;

use common::sarif;
use proxy_labels::Finding;
use proxy_labels::lint::Lint;
use serde_json::{Value, json};
use yaml_tree::Diagnostic;

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
    sarif::document("labelgen", env!("CARGO_PKG_VERSION"), &rules, &results)
}

/// A finding about a container that stands in no file has the container as its place.
fn result(found: &Diagnostic, finding: Option<&Finding>) -> Value {
    let mut result = sarif::result(found);
    if found.location().is_none()
        && let Some(container) = finding.and_then(|finding| finding.container.as_ref())
    {
        result["locations"] =
            json!([{"logicalLocations": [{"name": container, "kind": "container"}]}]);
    }
    result
}
