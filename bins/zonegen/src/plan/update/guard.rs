//! Keeps too much from being removed.

use std::collections::HashSet;

use dns_zone::{Loaded, Name, Record, RecordType};
use yaml_tree::Diagnostic;

use super::Rules;
use super::blocks::Blocks;
use super::wanted::Wanted;
use crate::plan::Desired;

/// Why the records of our blocks that nothing wants any more may not be removed; nothing if they may.
pub(super) fn guard(
    desired: &Desired<'_>,
    rules: &Rules,
    old: &Loaded,
    blocks: &Blocks<'_>,
    wanted: &Wanted<'_>,
) -> Option<Diagnostic> {
    if blocks.is_empty() {
        return None;
    }
    let staying: HashSet<(&Name, RecordType)> = wanted
        .records()
        .map(|record| (&record.owner, record.kind()))
        .collect();
    let mut all = 0;
    let mut gone: Vec<&Record> = Vec::new();
    for (record, place) in old.zone.placed_records() {
        let Some(id) = blocks.of(old, place) else {
            continue;
        };
        all += 1;
        if staying.contains(&(&record.owner, record.kind())) {
            continue;
        }
        let empty = desired
            .blocks
            .iter()
            .any(|block| block.id == id && block.is_empty_source);
        if empty && !rules.allow_empty {
            return Some(
                Diagnostic::error("zonegen::empty-source", format!("nothing in the environment `{id}` wants a name in any zone, so nothing of it is removed from `{}`", desired.shown()))
                    .help("an engine that has just started, or a pattern that misses, looks the same; if it is meant, run with `--allow-empty`"),
            );
        }
        gone.push(record);
    }
    if rules.max_delete.allows(gone.len(), all) {
        return None;
    }
    let shown: Vec<String> = gone
        .iter()
        .take(5)
        .map(|record| record.owner.to_string())
        .collect();
    let more = if gone.len() > 5 { ", …" } else { "" };
    Some(
        Diagnostic::error(
            "zonegen::too-many-deletions",
            format!(
                "{} of {all} records of `{}` would be removed, which is more than allowed",
                gone.len(),
                desired.shown()
            ),
        )
        .help(format!("removed would be {}{more}", shown.join(", ")))
        .help("if it is meant, run with a larger `--max-delete`, such as `100%`"),
    )
}
