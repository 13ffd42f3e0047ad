//! Domain names.

mod buffer;
mod order;
mod write;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use thiserror::Error;

pub(crate) use buffer::{NameBuffer, escape};
pub(crate) use order::write_sort_key;
pub(crate) use write::{text, write_decimal_escape, write_wire};

/// The longest label, in octets.
pub const MAX_LABEL: usize = 63;

/// The longest name in wire form, in octets, the root's empty label among them.
pub const MAX_NAME: usize = 255;

/// An absolute domain name.
///
/// Labels are octets: any value can stand in one. Two names are equal, hash and sort the same when
/// they differ in the case of ASCII letters alone; the case they were written in is kept. They are
/// ordered as RFC 4034 section 6.1 says, so that a name stands before all names below it.
///
/// `Display` is the presentation form with the final dot, special octets escaped as `\.` or `\DDD`.
/// [`FromStr`] reads it; the final dot may be missing.
///
/// ```
/// use dns_zone::Name;
///
/// let zone: Name = "home.arpa".parse()?;
/// let host = Name::parse_relative("Wiki", &zone)?;
/// assert_eq!(host.to_string(), "Wiki.home.arpa.");
/// assert_eq!(host, "wiki.HOME.arpa.".parse()?);
/// assert!(host.is_below(&zone));
/// assert_eq!(host.relative_to(&zone), "Wiki");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Name(Arc<[u8]>);

/// Why a text is no domain name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NameError {
    /// Nothing is there.
    #[error("the name is empty")]
    Empty,
    /// Two dots stand side by side, or one at the start.
    #[error("the name has an empty label")]
    EmptyLabel,
    /// A label has more than 63 octets.
    #[error("a label has {0} octets, more than 63")]
    LongLabel(usize),
    /// The whole name has more than 255 octets in wire form.
    #[error("the name has more than 255 octets")]
    LongName,
    /// A backslash is followed by a digit, but not by three that make 0 to 255, or by nothing.
    #[error("`\\` is followed by neither one character nor three digits up to 255")]
    BadEscape,
    /// A label of letters beyond ASCII that has no form for the DNS.
    #[error("`{0}` has no ASCII form (IDNA)")]
    NotIdna(String),
    /// Octets that are no name in wire form.
    #[error("the octets are no name in wire form")]
    BadWire,
}

impl Name {
    /// The root.
    pub fn root() -> Self {
        Self(Arc::from(&[0][..]))
    }

    /// Reads a name as master files have it: relative to `origin` unless it ends with a dot; `@` is
    /// the origin itself. Labels beyond ASCII become A-labels.
    ///
    /// # Errors
    /// See [`NameError`].
    pub fn parse_relative(text: &str, origin: &Self) -> Result<Self, NameError> {
        let mut buffer = NameBuffer::default();
        buffer.read(text.as_bytes(), Some(origin))?;
        Ok(buffer.to_name())
    }

    /// Reads the presentation form from octets, which need not be UTF-8, as
    /// [`Name::parse_relative`] does; without an origin a name is absolute in any case.
    ///
    /// # Errors
    /// See [`NameError`].
    pub fn from_octets(text: &[u8], origin: Option<&Self>) -> Result<Self, NameError> {
        let mut buffer = NameBuffer::default();
        buffer.read(text, origin)?;
        Ok(buffer.to_name())
    }

    /// The name with these labels, the leftmost first.
    ///
    /// # Errors
    /// [`NameError::EmptyLabel`], [`NameError::LongLabel`], [`NameError::LongName`].
    pub fn from_labels<L: AsRef<[u8]>>(
        labels: impl IntoIterator<Item = L>,
    ) -> Result<Self, NameError> {
        let mut buffer = NameBuffer::default();
        for label in labels {
            buffer.push_label(label.as_ref())?;
        }
        buffer.finish_root()?;
        Ok(buffer.to_name())
    }

    /// Reads an uncompressed name at the start of `wire`.
    ///
    /// # Errors
    /// [`NameError::BadWire`] if there is none.
    pub fn from_wire(wire: &[u8]) -> Result<Self, NameError> {
        let length = wire_length(wire).ok_or(NameError::BadWire)?;
        Ok(Self(Arc::from(&wire[..length])))
    }

    /// Reads a name at `*at` of a DNS message, following compression pointers, and moves `*at` behind
    /// it.
    ///
    /// # Errors
    /// [`NameError::BadWire`] if there is none.
    pub fn from_message(message: &[u8], at: &mut usize) -> Result<Self, NameError> {
        let mut buffer = NameBuffer::default();
        buffer.read_compressed(message, at)?;
        Ok(buffer.to_name())
    }

    /// The wire form, uncompressed, in the case it was written.
    pub fn as_wire(&self) -> &[u8] {
        &self.0
    }

    /// The labels, the leftmost first, the root's empty one not among them.
    pub fn labels(&self) -> Labels<'_> {
        Labels(&self.0)
    }

    /// How many labels there are, the root's not counted.
    pub fn label_count(&self) -> usize {
        self.labels().count()
    }

    /// Whether this is the root.
    pub fn is_root(&self) -> bool {
        self.0.len() == 1
    }

    /// Whether the leftmost label is `*`.
    pub fn is_wildcard(&self) -> bool {
        self.0.starts_with(b"\x01*")
    }

    /// The name without its leftmost label; nothing for the root.
    pub fn parent(&self) -> Option<Self> {
        let length = usize::from(self.0[0]);
        (length > 0).then(|| Self(Arc::from(&self.0[length + 1..])))
    }

    /// Whether this name is `other` or lies below it.
    pub fn is_within(&self, other: &Self) -> bool {
        is_within(&self.0, &other.0)
    }

    /// Whether this name lies below `other`, and is another one.
    pub fn is_below(&self, other: &Self) -> bool {
        self.0.len() > other.0.len() && self.is_within(other)
    }

    /// The name with one more label in front.
    ///
    /// # Errors
    /// [`NameError::EmptyLabel`], [`NameError::LongLabel`], [`NameError::LongName`].
    pub fn prepend(&self, label: &[u8]) -> Result<Self, NameError> {
        let mut buffer = NameBuffer::default();
        buffer.push_label(label)?;
        buffer.append(self)?;
        Ok(buffer.to_name())
    }

    /// The labels of this name followed by those of `suffix`.
    ///
    /// # Errors
    /// [`NameError::LongName`].
    pub fn join(&self, suffix: &Self) -> Result<Self, NameError> {
        let mut buffer = NameBuffer::default();
        for label in self.labels() {
            buffer.push_label(label)?;
        }
        buffer.append(suffix)?;
        Ok(buffer.to_name())
    }

    /// The presentation form as short as it gets under `origin`: `@` for the origin itself, no
    /// origin and no final dot below it, the whole name elsewhere.
    pub fn relative_to(&self, origin: &Self) -> String {
        let mut out = Vec::new();
        self.write_relative(Some(origin), &mut out);
        text(out)
    }

    /// The same name in lower case.
    #[must_use]
    pub fn to_lowercase(&self) -> Self {
        let mut wire = self.0.to_vec();
        wire.make_ascii_lowercase();
        Self(Arc::from(wire))
    }

    /// The presentation form with A-labels turned into what people read; as `Display` where they
    /// cannot be.
    pub fn to_unicode(&self) -> String {
        let shown = self.to_string();
        if !shown.to_ascii_lowercase().contains("xn--") || shown.contains('\\') {
            return shown;
        }
        let (unicode, outcome) = idna::domain_to_unicode(&shown);
        if outcome.is_ok() { unicode } else { shown }
    }

    /// Whether all labels are letters, digits and hyphens, none of these first or last: what hosts
    /// are called. A wildcard in front is let pass.
    pub fn is_host_name(&self) -> bool {
        let labels = self.labels().enumerate();
        labels.into_iter().all(|(at, label)| {
            (at == 0 && label == b"*")
                || (label
                    .iter()
                    .all(|b| b.is_ascii_alphanumeric() || *b == b'-')
                    && !label.starts_with(b"-")
                    && !label.ends_with(b"-"))
        })
    }

    pub(crate) fn write_relative(&self, origin: Option<&Self>, out: &mut Vec<u8>) {
        write_wire(&self.0, origin, out);
    }
}

fn is_within(wire: &[u8], other: &[u8]) -> bool {
    let Some(skip) = wire.len().checked_sub(other.len()) else {
        return false;
    };
    if !wire[skip..].eq_ignore_ascii_case(other) {
        return false;
    }
    // The suffix has to begin where a label does.
    let mut at = 0;
    while at < skip {
        at += usize::from(wire[at]) + 1;
    }
    at == skip
}

/// How long the name at the start of `wire` is.
pub(crate) fn wire_length(wire: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let length = usize::from(*wire.get(at)?);
        at += length + 1;
        if length > MAX_LABEL || at > MAX_NAME || at > wire.len() {
            return None;
        }
        if length == 0 {
            return Some(at);
        }
    }
}

/// The labels of a [`Name`].
#[derive(Clone, Debug)]
pub struct Labels<'n>(&'n [u8]);

impl<'n> Iterator for Labels<'n> {
    type Item = &'n [u8];

    fn next(&mut self) -> Option<&'n [u8]> {
        let (length, rest) = self.0.split_first()?;
        if *length == 0 {
            return None;
        }
        let (label, rest) = rest.split_at(usize::from(*length));
        self.0 = rest;
        Some(label)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = Vec::with_capacity(self.0.len());
        self.write_relative(None, &mut out);
        f.pad(&text(out))
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({self})")
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::from_octets(text.as_bytes(), None)
    }
}
