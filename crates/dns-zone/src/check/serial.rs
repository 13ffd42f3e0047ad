//! The serial number beside that of the zone as it is served.

use super::{Checker, Part};
use crate::problem::Problem;
use crate::{RecordType, Zone};

impl Checker<'_> {
    pub(super) fn serial(&mut self, previous: &Zone) {
        let (Some(old), Some(new)) = (previous.serial(), self.zone.serial()) else {
            return;
        };
        if new.is_after(old) {
            return;
        }
        let range = (0..self.zone.len())
            .filter_map(|at| u32::try_from(at).ok())
            .find(|at| self.kind(*at) == RecordType::SOA)
            .and_then(|at| self.range(at, Part::Data(2)));
        if new != old {
            self.problems.push(
                Problem::error("dns::serial-lowered", format!("the serial number {new} does not come after {old}"))
                    .maybe_at(range, "")
                    .help("secondaries keep the old zone; to go down anyway, add 2147483647 first, wait for all of them, then set the number (RFC 1982)"),
            );
            return;
        }
        let diff = previous.diff(self.zone);
        if diff.is_empty() {
            return;
        }
        let changes = diff.added.len() + diff.removed.len() + diff.changed_ttl.len();
        let plural = if changes == 1 { "" } else { "s" };
        self.problems.push(
            Problem::error("dns::serial-not-raised", format!("{changes} record{plural} differ and the serial number is still {old}"))
                .maybe_at(range, "")
                .help("CoreDNS does not load a zone whose serial number stayed, nor do secondaries: raise it"),
        );
    }
}
