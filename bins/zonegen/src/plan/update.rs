//! From a zone file and what shall be in it to the new text.

mod blocks;
mod guard;
mod wanted;

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::Utf8PathBuf;
use dns_zone::{
    CheckOptions, LoadOptions, Loaded, Record, Serial, SerialPolicy, Zone, ZoneDiff, ZoneFile,
};
use yaml_tree::{Diagnostic, Files};

use super::Desired;
use crate::config::{Limit, ZoneConfig};
use crate::source::Origin;
use wanted::Wanted;

/// What an update may do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) serial: SerialPolicy,
    /// Seconds since 1970.
    pub(crate) now: u64,
    pub(crate) max_delete: Limit,
    /// There are reverse zones, which want to know addresses.
    pub(crate) pointers: bool,
    /// A source without any name may empty its block.
    pub(crate) allow_empty: bool,
    /// Changes made by hand inside of blocks may be lost.
    pub(crate) overwrite_edits: bool,
}

/// What becomes of a zone file.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// What messages call the file.
    pub(crate) path: Utf8PathBuf,
    /// The file.
    pub(crate) file: Utf8PathBuf,
    pub(crate) zone: String,
    pub(crate) view: Option<String>,
    /// The text that is there now; `None` if there is no file.
    pub(crate) before: Option<Arc<[u8]>>,
    /// The text that shall be there.
    pub(crate) after: Arc<[u8]>,
    pub(crate) diff: ZoneDiff,
    /// What wants the records that are added or kept for another time.
    pub(crate) why: BTreeMap<Record, Vec<Origin>>,
    /// The records with addresses, if reverse zones want them, and whether each names a host.
    pub(crate) records: Vec<(Record, bool)>,
    /// Warnings.
    pub(crate) found: Vec<Diagnostic>,
}

impl Change {
    /// Whether there is something to write.
    pub(crate) fn is_change(&self) -> bool {
        self.before.as_ref() != Some(&self.after)
    }
}

/// Works out the new text of a file.
///
/// # Errors
/// Everything that keeps the file from being written.
pub(crate) fn update(
    desired: &Desired<'_>,
    path: Utf8PathBuf,
    before: Option<Arc<[u8]>>,
    rules: &Rules,
    files: &dyn Files,
) -> Result<Change, Vec<Diagnostic>> {
    let zone = desired.zone;
    let is_new = before.is_none();
    let text = match &before {
        Some(text) => Arc::clone(text),
        None => header(zone, rules.serial.next(None, rules.now)).into(),
    };
    let load = |text: &Arc<[u8]>| -> Loaded {
        dns_zone::resolve(
            ZoneFile::from_shared(path.as_str(), Arc::clone(text)),
            &LoadOptions::new(zone.name.clone()),
            files,
        )
    };
    let old = load(&text);
    if !old.is_complete() {
        let mut found = old.diagnostics();
        found.push(Diagnostic::error(
            "zonegen::unreadable",
            format!("`{path}` is left as it is, since parts of it cannot be read"),
        ));
        return Err(found);
    }
    let blocks = blocks::find(desired, &old, rules)?;
    let mut found = Vec::new();
    let mut wanted = Wanted::new(desired, &old, &blocks, &mut found);
    let mut after = blocks::write(&text, desired, &wanted);
    let mut new = after.as_ref().map(load);
    if let Some(written) = &new
        && wanted.fill(&written.zone)
    {
        after = blocks::write(&text, desired, &wanted);
        new = after.as_ref().map(load);
    }
    found.extend(guard::guard(desired, rules, &old, &blocks, &wanted));
    let mut diff = new
        .as_ref()
        .map(|new| old.zone.diff(&new.zone))
        .unwrap_or_default();
    let is_same = diff.is_empty() && !is_new;
    if is_same && !rules.overwrite_edits {
        // Nothing but the way of writing differs.
        new = None;
        diff.serials.1 = diff.serials.0;
    }
    let why = wanted.why(&diff);
    drop(wanted);
    let is_read_again = new.is_some();
    let before_serial = old.zone.serial();
    // The old records are let go of before the new ones are looked at.
    let changed = new.unwrap_or(old);
    let checked = dns_zone::check(&changed, &CheckOptions::default());
    found.extend(
        checked
            .into_iter()
            .filter(|one| is_read_again || one.is_error()),
    );
    let mut after = match after {
        Some(after) if is_read_again => after,
        _ => text,
    };
    if !is_new && !is_same {
        match with_serial(before_serial, &changed.zone, rules) {
            Ok(text) => after = text.into(),
            Err(one) => found.push(*one),
        }
    }
    if found.iter().any(Diagnostic::is_error) {
        return Err(found);
    }
    let records = if rules.pointers {
        blocks::addresses(&changed, desired)
    } else {
        Vec::new()
    };
    Ok(Change {
        zone: desired.shown(),
        view: desired.view.map(|view| view.name.clone()),
        records,
        why,
        found,
        file: path.clone(),
        path,
        before,
        after,
        diff,
    })
}

/// The beginning of a new file: what is people's from then on.
fn header(zone: &ZoneConfig, serial: Serial) -> Vec<u8> {
    let (name, soa) = (&zone.name, &zone.soa);
    format!(
        "$ORIGIN {name}\n$TTL {ttl}\n@ IN SOA {mname} {rname} (\n\
         {pad}{serial} ; serial, raised when records change\n\
         {pad}{refresh} ; refresh\n{pad}{retry} ; retry\n{pad}{expire} ; expire\n\
         {pad}{minimum} ) ; how long it is remembered that a name does not exist\n",
        ttl = zone.ttl,
        mname = soa.mname,
        rname = soa.rname,
        pad = "        ",
        refresh = soa.refresh,
        retry = soa.retry,
        expire = soa.expire,
        minimum = soa.minimum,
    )
    .into_bytes()
}

/// The new text with the number that follows the old one.
fn with_serial(old: Option<Serial>, new: &Zone, rules: &Rules) -> Result<Vec<u8>, Box<Diagnostic>> {
    let serial = rules.serial.next(old, rules.now);
    match new.with_serial(serial) {
        Some(file) => Ok(file.to_bytes()),
        None => Err(Box::new(Diagnostic::error(
            "zonegen::no-serial",
            format!(
                "the serial of `{}` cannot be raised: its SOA record has to stand in the zone's own file",
                new.origin()
            ),
        ))),
    }
}
