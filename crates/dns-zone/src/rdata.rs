//! The data of records.

mod data;
mod fields;
mod location;
mod odd;
mod read;
mod svcb;
pub(crate) mod time;
mod write;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

use crate::lexer::{Lexed, scan};
use crate::name::{NameBuffer, text};
use crate::{Name, RecordType};

pub use data::{Data, Soa};
pub(crate) use fields::{Field, fields, has_names, walk};
pub(crate) use read::{Note, Remarks, read};
pub(crate) use write::{quoted, write};

/// Why the words behind a record type are no data of it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct RdataError {
    /// Which word is wrong, from 0; `None` when one is missing at the end.
    word: Option<usize>,
    message: String,
    help: Option<&'static str>,
}

impl RdataError {
    fn new(word: Option<usize>, message: impl Into<String>) -> Self {
        Self {
            word,
            message: message.into(),
            help: None,
        }
    }

    fn with_help(mut self, help: &'static str) -> Self {
        self.help = Some(help);
        self
    }

    /// Which word is wrong, from 0; `None` when one is missing at the end.
    pub fn word(&self) -> Option<usize> {
        self.word
    }

    /// What to do about it, when that is known.
    pub fn help(&self) -> Option<&'static str> {
        self.help
    }
}

/// The type of a record and its data: octets that fit the type.
///
/// Two are equal, hash and sort the same when type and octets are the same but for the case of names
/// inside; the case they were written in is kept. They are ordered by type, then by octets as
/// RFC 4034 section 6.3 says. `Display` is the data in presentation form, names absolute, texts
/// quoted, numbers decimal: as BIND writes it, on one line.
///
/// ```
/// use dns_zone::{Data, Name, RecordData, RecordType};
///
/// let zone: Name = "home.arpa".parse()?;
/// let data = RecordData::parse(RecordType::MX, "10 Mail", &zone)?;
/// assert_eq!(data.to_string(), "10 Mail.home.arpa.");
/// assert_eq!(data.decode(), Data::Mx { preference: 10, exchange: "mail.home.arpa".parse()? });
///
/// let text = RecordData::txt("v=spf1; -all");
/// assert_eq!(text.to_string(), "\"v=spf1; -all\"");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct RecordData {
    kind: RecordType,
    wire: Box<[u8]>,
}

impl RecordData {
    pub(crate) fn from_parts(kind: RecordType, wire: &[u8]) -> Self {
        Self {
            kind,
            wire: wire.into(),
        }
    }

    /// Reads the words behind the type as a master file has them; names are relative to `origin`
    /// unless they end with a dot. Every type takes the form `\# length digits` of RFC 3597, types
    /// without a form of their own that one alone.
    ///
    /// # Errors
    /// [`RdataError`] with the word that is wrong.
    pub fn parse(kind: RecordType, words: &str, origin: &Name) -> Result<Self, RdataError> {
        let mut lexed = Lexed::default();
        let scanned = scan(words.as_bytes(), 0, true, &mut lexed);
        let mut errors = lexed.errors.iter();
        if errors.any(|error| error.kind.hides_words()) || scanned.end < words.len() {
            return Err(RdataError::new(
                None,
                "a quote or a parenthesis is not closed, or there is a second line",
            ));
        }
        let mut wire = Vec::new();
        read(kind, words.as_bytes(), &lexed.tokens, origin, &mut wire)?;
        Ok(Self::from_parts(kind, &wire))
    }

    /// Takes octets in wire form, names uncompressed.
    ///
    /// # Errors
    /// [`RdataError`] if they are no data of this type.
    pub fn from_wire(kind: RecordType, wire: &[u8]) -> Result<Self, RdataError> {
        if !fits(kind, wire) || wire.len() > read::MAX_DATA {
            return Err(RdataError::new(
                None,
                format!("the octets are no data of a record of type {kind}"),
            ));
        }
        Ok(Self::from_parts(kind, wire))
    }

    /// Takes the octets `start..end` of a DNS message, names uncompressed on the way.
    ///
    /// # Errors
    /// [`RdataError`] if they are no data of this type.
    pub fn from_message(
        kind: RecordType,
        message: &[u8],
        start: usize,
        end: usize,
    ) -> Result<Self, RdataError> {
        let wrong = || {
            RdataError::new(
                None,
                format!("the octets are no data of a record of type {kind}"),
            )
        };
        let part = message.get(start..end).ok_or_else(wrong)?;
        let Some(fields) = fields(kind).filter(|_| has_names(kind)) else {
            return Self::from_wire(kind, part);
        };
        let mut wire = Vec::with_capacity(part.len());
        let mut at = start;
        let mut buffer = NameBuffer::default();
        for field in fields {
            if *field == Field::Name {
                buffer
                    .read_compressed(&message[..end], &mut at)
                    .map_err(|_| wrong())?;
                wire.extend_from_slice(buffer.wire());
                continue;
            }
            let rest = message.get(at..end).ok_or_else(wrong)?;
            let size = fields::size(*field, rest).ok_or_else(wrong)?;
            wire.extend_from_slice(&rest[..size]);
            at += size;
        }
        if at != end {
            return Err(wrong());
        }
        Self::from_wire(kind, &wire)
    }

    /// The type.
    pub fn kind(&self) -> RecordType {
        self.kind
    }

    /// The octets in wire form, names uncompressed and in the case they were written.
    pub fn as_wire(&self) -> &[u8] {
        &self.wire
    }

    /// The octets with all names in lower case (RFC 4034 section 6.2): what is compared.
    pub fn canonical_wire(&self) -> Vec<u8> {
        let mut wire = Vec::with_capacity(self.wire.len());
        let whole = walk(self.kind, &self.wire, |field, part| {
            let from = wire.len();
            wire.extend_from_slice(part);
            if field == Field::Name {
                wire[from..].make_ascii_lowercase();
            }
        });
        if fields(self.kind).is_none() || !whole {
            return self.wire.to_vec();
        }
        wire
    }

    /// How the canonical octets of two data of one type compare.
    fn compare_canonical(&self, other: &Self) -> Ordering {
        // Without capitals octets are canonical as they are.
        let plain = |data: &Self| !data.wire.iter().any(u8::is_ascii_uppercase);
        if plain(self) && plain(other) {
            self.wire.cmp(&other.wire)
        } else {
            self.canonical_wire().cmp(&other.canonical_wire())
        }
    }

    /// The domain names in the data, in order.
    pub fn names(&self) -> Vec<Name> {
        let mut names = Vec::new();
        if has_names(self.kind) {
            walk(self.kind, &self.wire, |field, part| {
                if field == Field::Name {
                    names.extend(Name::from_wire(part).ok());
                }
            });
        }
        names
    }

    /// The presentation form with names relative to `origin` where they lie within.
    pub fn to_relative(&self, origin: &Name) -> String {
        let mut out = Vec::new();
        self.write(Some(origin), &mut out);
        text(out)
    }

    /// Type and data in the form that all programs take: some do not know every mnemonic.
    pub(crate) fn write_with_type(&self, origin: Option<&Name>, out: &mut Vec<u8>) {
        match self.kind.mnemonic() {
            Some(mnemonic) if !self.kind.is_rare() => {
                out.extend_from_slice(mnemonic.as_bytes());
                out.push(b' ');
                self.write(origin, out);
            }
            _ => {
                out.extend_from_slice(self.kind.known_form().as_bytes());
                out.push(b' ');
                write::generic(&self.wire, out);
            }
        }
    }

    pub(crate) fn write(&self, origin: Option<&Name>, out: &mut Vec<u8>) {
        let from = out.len();
        if write(self.kind, &self.wire, origin, out).is_none() {
            out.truncate(from);
            write::generic(&self.wire, out);
        }
    }
}

/// Whether octets are data of a type.
fn fits(kind: RecordType, wire: &[u8]) -> bool {
    write(kind, wire, None, &mut Vec::new()).is_some()
}

fn write_base64(octets: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(STANDARD.encode(octets).as_bytes());
}

impl PartialEq for RecordData {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
            && (self.wire == other.wire
                || (self.wire.len() == other.wire.len()
                    && has_names(self.kind)
                    && self.compare_canonical(other).is_eq()))
    }
}

impl Eq for RecordData {}

impl Hash for RecordData {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.kind.hash(state);
        if has_names(self.kind) {
            self.canonical_wire().hash(state);
        } else {
            self.wire.hash(state);
        }
    }
}

impl Ord for RecordData {
    fn cmp(&self, other: &Self) -> Ordering {
        let kinds = self.kind.cmp(&other.kind);
        kinds.then_with(|| {
            if self.wire != other.wire && has_names(self.kind) {
                self.compare_canonical(other)
            } else {
                self.wire.cmp(&other.wire)
            }
        })
    }
}

impl PartialOrd for RecordData {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for RecordData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = Vec::new();
        self.write(None, &mut out);
        f.write_str(&text(out))
    }
}

impl fmt::Debug for RecordData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {self}", self.kind)
    }
}
