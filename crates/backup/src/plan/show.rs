//! A plan for people.

use std::fmt::{self, Display, Formatter};

use super::{Dump, Estimate, Files, Group, How, Plan};
use crate::labels::Stop;

impl Display for Plan {
    /// Several lines a group, each choice with its reason; ends with a newline.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for group in &self.groups {
            group.fmt(f)?;
        }
        if self.groups.is_empty() {
            writeln!(f, "nothing to back up")?;
        }
        if !self.skipped.is_empty() {
            writeln!(f, "left out")?;
            for skipped in &self.skipped {
                writeln!(
                    f,
                    "  {}: {}: {}",
                    skipped.service, skipped.what, skipped.why
                )?;
            }
        }
        Ok(())
    }
}

impl Display for Group {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "group {}", self.name)?;
        let verb = |how| match how {
            Stop::Stop => ("stop", "start again"),
            Stop::Pause => ("pause", "unpause"),
        };
        for quiesce in &self.quiesce {
            writeln!(
                f,
                "  {} {}: {}",
                verb(quiesce.how).0,
                quiesce.service,
                quiesce.why
            )?;
        }
        for dump in &self.dumps {
            dump.fmt(f)?;
        }
        for files in &self.files {
            files.fmt(f)?;
        }
        for quiesce in self.quiesce.iter().rev() {
            writeln!(
                f,
                "  {} {}, if it ran before",
                verb(quiesce.how).1,
                quiesce.service
            )?;
        }
        Ok(())
    }
}

impl Display for Dump {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "  dump {} ({}", self.full_name(), self.kind)?;
        if let Some(database) = &self.database {
            write!(f, ", {database}")?;
        } else if self.part == "globals" {
            write!(f, ", roles")?;
        }
        writeln!(f, ")")?;
        writeln!(f, "    why   {}", self.why)?;
        match self.argv.last() {
            Some(script) => {
                let command = script.lines().last().unwrap_or_default();
                let command = command.strip_prefix("exec ").unwrap_or(command);
                let command = command.replace("\"$@\"", self.details.tool);
                writeln!(f, "    how   {command}\n    with  {}", self.credentials)?;
            }
            None => writeln!(f, "    how   {}", self.consistency)?,
        }
        if !self.argv.is_empty() {
            writeln!(f, "    of    {}", self.consistency)?;
        }
        write!(f, "    to    {}", self.destination())?;
        if let Some(estimate) = &self.estimate {
            write!(f, " ({estimate})")?;
        }
        writeln!(f)?;
        for (when, command) in [
            ("before", &self.hooks.pre),
            ("after", &self.hooks.post),
            ("on failure", &self.hooks.on_failure),
        ] {
            if let Some(command) = command {
                writeln!(f, "    {when}: {command}")?;
            }
        }
        if self.argv.is_empty() || self.container.is_some() {
            return Ok(());
        }
        writeln!(f, "    in    a container that is not running now")
    }
}

impl Display for Files {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let full = if self.project.is_empty() {
            self.service.clone()
        } else {
            format!("{}/{}", self.project, self.service)
        };
        writeln!(f, "  copy {} of {full}", self.name())?;
        writeln!(f, "    why   {}", self.why)?;
        match self.how {
            How::Snapshot => write!(f, "    to    the snapshot store")?,
            How::Archive => write!(
                f,
                "    to    {}/<UTC>-{}.tar.zst",
                self.directory, self.part
            )?,
        }
        if let Some(estimate) = &self.estimate {
            write!(f, " ({estimate})")?;
        }
        writeln!(f)?;
        for exclude in &self.exclude {
            writeln!(f, "    but   {exclude}, which is dumped")?;
        }
        Ok(())
    }
}

impl Display for Estimate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "about {}, from {}", size(self.bytes), self.from)
    }
}

/// Bytes for people, in units of 1024.
pub(crate) fn size(bytes: u64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut unit = 0;
    let mut whole = bytes;
    let mut rest = 0;
    while whole >= 1024 && unit + 1 < units.len() {
        rest = whole % 1024;
        whole /= 1024;
        unit += 1;
    }
    if unit == 0 || whole >= 100 {
        format!("{whole} {}", units[unit])
    } else {
        format!("{whole}.{} {}", rest * 10 / 1024, units[unit])
    }
}
