//! What a dump is about to become: its name, its manifest, and whether it may have them.

use std::time::Duration;

use camino::Utf8Path;
use jiff::Timestamp;

use super::pipeline::{Partial, Written};
use super::{Context, Dumped, before};
use crate::Error;
use crate::manifest::{self, Listed, Manifest};

/// `20260101T000000Z`
pub(crate) fn stamp(time: Timestamp) -> String {
    time.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A time for the name of a new dump: later than all that are there, even if the clock went back.
fn next_stamp(now: Timestamp, existing: &[Listed], warnings: &mut Vec<String>) -> String {
    let wanted = stamp(now);
    let Some(last) = existing.iter().map(Listed::stamp).max() else {
        return wanted;
    };
    if wanted.as_str() > last {
        return wanted;
    }
    let parsed = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", last)
        .and_then(|time| time.to_zoned(jiff::tz::TimeZone::UTC));
    match parsed {
        Ok(time) => {
            let later = time.timestamp() + Duration::from_secs(1);
            if later.duration_since(now).as_secs() > 5 {
                warnings.push(format!(
                    "the clock is behind the last dump ({last}): this one is named as if it came after"
                ));
            }
            stamp(later)
        }
        Err(_) => wanted,
    }
}

/// What a dump is about to become.
pub(super) struct Job<'j> {
    pub(super) what: String,
    pub(super) directory: &'j Utf8Path,
    part: &'j str,
    extension: &'j str,
    before: Option<Manifest>,
    pub(super) name: String,
    pub(super) warnings: Vec<String>,
    started: Timestamp,
}

impl<'j> Job<'j> {
    pub(super) fn begin(
        what: String,
        directory: &'j Utf8Path,
        part: &'j str,
        extension: &'j str,
        context: &Context,
    ) -> Result<Self, Error> {
        crate::lock::make_directory(directory)?;
        let existing =
            manifest::list(directory).map_err(|error| Error::file("read", directory, error))?;
        let started = context.timestamp();
        let mut warnings = Vec::new();
        let stamp = next_stamp(started, &existing, &mut warnings);
        let same = existing.iter().rev().find(|one| one.manifest.part == part);
        Ok(Self {
            what,
            directory,
            part,
            extension,
            before: same.map(|one| one.manifest.clone()),
            name: format!("{stamp}-{part}.{extension}"),
            warnings,
            started,
        })
    }

    pub(super) fn manifest(&self, context: &Context) -> Manifest {
        Manifest {
            version: 1,
            run: context.run.clone(),
            project: String::new(),
            service: String::new(),
            container: String::new(),
            image: String::new(),
            image_id: String::new(),
            image_digest: None,
            kind: None,
            database: None,
            part: self.part.to_owned(),
            target: None,
            server_version: None,
            tool_version: None,
            argv: Vec::new(),
            started: self.started.to_string(),
            ended: String::new(),
            raw: manifest::Sum::default(),
            compressed: manifest::Sum::default(),
            exit_code: 0,
            stderr: String::new(),
            databases: manifest::Databases::default(),
            entries: None,
            owner: None,
            variables: std::collections::BTreeMap::new(),
            smoke: Vec::new(),
            verified: None,
        }
    }

    /// Gives the dump its name, and writes the manifest.
    pub(super) fn complete(
        mut self,
        sink: Partial,
        written: Written,
        mut manifest: Manifest,
        context: &Context,
    ) -> Result<Dumped, Error> {
        // What was asked beside the dump and not answered is not known.
        let counted = Some(manifest.databases).filter(|databases| !databases.is_empty());
        let databases = counted.or(written.databases);
        if let Some(before) = &self.before {
            let bytes = written.raw.bytes;
            let odd = before::compare(&self.what, before, bytes, databases.as_ref(), context)?;
            self.warnings.extend(odd);
        }
        if context.cancel.is_cancelled() {
            return Err(Error::Cancelled);
        }
        manifest.raw = written.raw;
        manifest.compressed = written.compressed;
        manifest.ended = context.timestamp().to_string();
        manifest.databases = databases.unwrap_or_default();
        debug_assert!(self.name.ends_with(self.extension));
        let path = self.directory.join(&self.name);
        sink.rename(&path)?;
        if let Err(error) = manifest::write(&path, &manifest) {
            // Without a manifest it is nothing that anybody could trust.
            fs_err::remove_file(&path).ok();
            return Err(error);
        }
        Ok(Dumped {
            listed: Listed { path, manifest },
            warnings: self.warnings,
        })
    }
}
