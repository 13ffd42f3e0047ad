//! Records.

use std::fmt;

use crate::file::EntryId;
use crate::name::text;
use crate::{Name, RecordData, RecordType, Ttl};

/// A record of class IN.
///
/// `Display` is the canonical line: `owner ttl class type data`, the owner absolute and in lower
/// case.
///
/// ```
/// use dns_zone::{Record, RecordData, Ttl};
///
/// let record = Record::new("Wiki.home.arpa.".parse()?, Ttl::from_secs(300)?, RecordData::a([192, 0, 2, 7].into()));
/// assert_eq!(record.to_string(), "wiki.home.arpa. 300 IN A 192.0.2.7");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Record {
    /// The name it belongs to.
    pub owner: Name,
    /// How long it may be kept.
    pub ttl: Ttl,
    /// Its type and data.
    pub data: RecordData,
}

impl Record {
    /// A record.
    pub fn new(owner: Name, ttl: Ttl, data: RecordData) -> Self {
        Self { owner, ttl, data }
    }

    /// The type of its data.
    pub fn kind(&self) -> RecordType {
        self.data.kind()
    }

    /// A line for a master file whose origin is `origin`: owner and names as short as they get.
    pub fn to_relative(&self, origin: &Name) -> String {
        let mut out = Vec::new();
        self.owner.write_relative(Some(origin), &mut out);
        out.extend_from_slice(format!(" {} IN ", self.ttl).as_bytes());
        self.data.write_with_type(Some(origin), &mut out);
        text(out)
    }

    pub(crate) fn write_canonical(&self, out: &mut Vec<u8>) {
        let from = out.len();
        self.owner.write_relative(None, out);
        out[from..].make_ascii_lowercase();
        out.push(b' ');
        out.extend_from_slice(self.ttl.to_string().as_bytes());
        out.extend_from_slice(b" IN ");
        self.data.write_with_type(None, out);
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = Vec::new();
        self.write_canonical(&mut out);
        f.write_str(&text(out))
    }
}

/// Where a record of a [`Zone`](crate::Zone) is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Which of [`Zone::files`](crate::Zone::files).
    pub file: usize,
    /// Which entry of it. Records that `$GENERATE` makes have that of the directive.
    pub entry: EntryId,
}
