//! The zone files that a Corefile names.

use yaml_tree::Diagnostic;

use super::{Address, Corefile, Directive, ServerBlock};

/// Gives the text of a path as CoreDNS sees it: `None` if nobody knows what is there, and why it cannot
/// be read if it cannot.
pub type ReadFile<'r> = dyn Fn(&str) -> Option<Result<Vec<u8>, String>> + 'r;

/// What is wrong with the zone files that `file` names.
///
/// Diagnostics: `corefile::no-zone-file` (warning: the zone answers SERVFAIL),
/// `corefile::shared-origin` (error: a file of several zones has `$ORIGIN`, so that all but one of them
/// are empty).
pub fn check_files(corefile: &Corefile, read: &ReadFile<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for block in corefile.servers() {
        let root = block
            .first("root")
            .and_then(|root| root.argument(0))
            .unwrap_or_default();
        for line in block.all("file") {
            let Some(path) = line.arguments.first().filter(|path| !path.has_variable()) else {
                continue;
            };
            let whole = if path.text.starts_with('/') || root.is_empty() {
                path.text.clone()
            } else {
                format!("{}/{}", root.trim_end_matches('/'), path.text)
            };
            match read(&whole) {
                None => {}
                Some(Err(why)) => found.push(
                    Diagnostic::warning(
                        "corefile::no-zone-file",
                        format!(
                            "`{whole}` cannot be read, so that its zone answers SERVFAIL: {why}"
                        ),
                    )
                    .primary(path.span.clone(), ""),
                ),
                Some(Ok(text)) => {
                    let origin = text.split(|byte| *byte == b'\n').any(|line| {
                        line.get(..7)
                            .is_some_and(|start| start.eq_ignore_ascii_case(b"$ORIGIN"))
                    });
                    let zones = zones(block, line);
                    if origin && zones > 1 {
                        found.push(
                            Diagnostic::error("corefile::shared-origin", format!("`{whole}` has `$ORIGIN` and is to serve {zones} zones: all but one of them would be empty"))
                                .primary(path.span.clone(), "")
                                .help("leave `$ORIGIN` out and write names relative, or give each zone a file of its own"),
                        );
                    }
                }
            }
        }
    }
    found
}

/// How many zones a `file` serves.
fn zones(block: &ServerBlock, line: &Directive) -> usize {
    let named = line.arguments.len() - 1;
    if named > 0 {
        return named;
    }
    let mut zones: Vec<String> = block
        .addresses()
        .into_iter()
        .flat_map(|(_, all)| all)
        .map(|one: Address| one.zone)
        .collect();
    zones.sort();
    zones.dedup();
    zones.len()
}
