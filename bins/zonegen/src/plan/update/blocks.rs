//! The blocks of a file: where they are, and what is written into them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use dns_zone::{Loaded, Marker, Place, Record, RecordType, Zone};
use yaml_tree::Diagnostic;

use super::Rules;
use super::wanted::Wanted;
use crate::config::{CONFIG, POINTERS};
use crate::plan::Desired;

/// The octets between the comment lines of blocks, by their ids.
pub(super) struct Blocks<'d>(BTreeMap<&'d str, Range<usize>>);

impl<'d> Blocks<'d> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The block that a record stands in.
    pub(super) fn of(&self, loaded: &Loaded, place: Option<Place>) -> Option<&'d str> {
        if self.0.is_empty() {
            return None;
        }
        let start = start(loaded, place)?;
        let mut blocks = self.0.iter();
        blocks
            .find(|(_, range)| range.contains(&start))
            .map(|(id, _)| *id)
    }
}

/// Where a record of the file itself begins.
fn start(loaded: &Loaded, place: Option<Place>) -> Option<usize> {
    let place = place.filter(|place| place.file == 0)?;
    let file = loaded.zone.files().first()?;
    Some(file.entry(place.entry)?.range().start)
}

fn text(loaded: &Loaded) -> &[u8] {
    let file = loaded.zone.files().first();
    file.map_or(&[][..], |file| file.text())
}

/// The blocks of this run that are there already.
///
/// # Errors
/// Comment lines that make no block, and blocks that were changed by hand.
pub(super) fn find<'d>(
    desired: &'d Desired<'_>,
    old: &Loaded,
    rules: &Rules,
) -> Result<Blocks<'d>, Vec<Diagnostic>> {
    let mut blocks = BTreeMap::new();
    let mut found = Vec::new();
    let mut error = |range: Range<usize>, code: &'static str, message: String, help: &str| {
        let mut one = Diagnostic::error(code, message);
        if let Some(file) = old.zone.files().first() {
            one = one.primary(file.source().span(range.start, range.end), "");
        }
        found.push(one.help(help));
    };
    for block in &desired.blocks {
        match Marker::new(';', &block.id).find(text(old)) {
            Ok(None) => {}
            Ok(Some(found)) => {
                if !found.is_intact && !rules.overwrite_edits {
                    let first = found.whole.start..found.content.start.saturating_sub(1);
                    error(
                        first,
                        "zonegen::edited",
                        format!(
                            "the block of `{}` was changed by hand: what was added there would be lost",
                            block.id
                        ),
                        "move your own records out of the block, or run with `--overwrite-edits`",
                    );
                }
                blocks.insert(block.id.as_str(), found.content);
            }
            Err(bad) => error(
                bad.range,
                "zonegen::bad-block",
                bad.why,
                "mend the comment lines, or remove both",
            ),
        }
    }
    if found.is_empty() {
        Ok(Blocks(blocks))
    } else {
        Err(found)
    }
}

/// The text with these records in its blocks, if that changes it.
pub(super) fn write(
    text: &Arc<[u8]>,
    desired: &Desired<'_>,
    wanted: &Wanted<'_>,
) -> Option<Arc<[u8]>> {
    let mut out: Option<Vec<u8>> = None;
    for block in &desired.blocks {
        // In the order of zones: by name, type and data.
        let zone = Zone::from_records(desired.zone.name.clone(), wanted.of(&block.id).cloned());
        let content = zone.to_canonical();
        drop(zone);
        let before = out.as_deref().unwrap_or(text);
        // The comment lines were looked at before.
        if let Ok(Cow::Owned(put)) = Marker::new(';', &block.id).put(before, content.as_bytes()) {
            out = Some(put);
        }
    }
    out.map(Into::into)
}

/// The records with addresses, and whether each names a host: it does not lie in the block of an
/// environment, where what services want is.
pub(super) fn addresses(loaded: &Loaded, desired: &Desired<'_>) -> Vec<(Record, bool)> {
    let serviced = serviced(text(loaded), desired);
    let mut records = Vec::new();
    for (record, place) in loaded.zone.placed_records() {
        if matches!(record.kind(), RecordType::A | RecordType::AAAA) {
            let start = start(loaded, place);
            let is_serviced =
                start.is_some_and(|start| serviced.iter().any(|range| range.contains(&start)));
            records.push((record.clone(), !is_serviced));
        }
    }
    records
}

/// The blocks of environments, those that are not in this run among them.
fn serviced(text: &[u8], desired: &Desired<'_>) -> Vec<Range<usize>> {
    let mut ids: Vec<&[u8]> = desired.blocks.iter().map(|one| one.id.as_bytes()).collect();
    for line in text.split(|byte| *byte == b'\n') {
        if let Some(rest) = line.strip_prefix(b"; zonegen begin ") {
            let id = rest.split(u8::is_ascii_whitespace).next();
            ids.extend(id);
        }
    }
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter()
        .map(String::from_utf8_lossy)
        .filter(|id| id != CONFIG && id != POINTERS)
        .filter_map(|id| Marker::new(';', &id).find(text).ok().flatten())
        .map(|block| block.content)
        .collect()
}
