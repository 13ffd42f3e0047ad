//! Domain names.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

use thiserror::Error;

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

/// Writes a name in wire form as text. With an origin it is for a master file: what Knot wants escaped
/// is. Without one it is as BIND prints it.
pub(crate) fn write_wire(wire: &[u8], origin: Option<&Name>, out: &mut Vec<u8>) {
    let mut end = wire.len();
    if let Some(origin) = origin
        && !origin.is_root()
        && is_within(wire, &origin.0)
    {
        end = wire.len() - origin.0.len();
        if end == 0 {
            out.push(b'@');
            return;
        }
    }
    let plain = if origin.is_some() { &USUAL } else { &PLAIN };
    let mut at = 0;
    while at < end && wire[at] != 0 {
        let length = usize::from(wire[at]);
        if at > 0 {
            out.push(b'.');
        }
        write_label(&wire[at + 1..=at + length], plain, out);
        at += length + 1;
    }
    if end == wire.len() {
        out.push(b'.');
    }
}

/// Which octets of a label stand as they are.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0x21_u8;
    while byte < 0x7f {
        plain[byte as usize] =
            !matches!(byte, b'"' | b'(' | b')' | b';' | b'.' | b'\\' | b'@' | b'$');
        byte += 1;
    }
    plain
};

/// Which octets Knot takes in names without a backslash.
const USUAL: [bool; 256] = {
    let mut usual = [false; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        usual[byte as usize] =
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'*' | b'/');
        byte += 1;
    }
    usual
};

fn write_label(label: &[u8], plain: &[bool; 256], out: &mut Vec<u8>) {
    if label.iter().all(|b| plain[usize::from(*b)]) {
        out.extend_from_slice(label);
        return;
    }
    for byte in label {
        match byte {
            byte if plain[usize::from(*byte)] => out.push(*byte),
            0x21..0x7f => out.extend_from_slice(&[b'\\', *byte]),
            byte => write_decimal_escape(*byte, out),
        }
    }
}

/// Writes an octet as `\DDD`.
pub(crate) fn write_decimal_escape(byte: u8, out: &mut Vec<u8>) {
    out.extend_from_slice(&[
        b'\\',
        b'0' + byte / 100,
        b'0' + byte / 10 % 10,
        b'0' + byte % 10,
    ]);
}

/// What was written octet by octet, all of it ASCII.
pub(crate) fn text(out: Vec<u8>) -> String {
    String::from_utf8(out)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
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

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        // Lengths are at most 63, below all letters.
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut lower = [0; MAX_NAME];
        let lower = &mut lower[..self.0.len()];
        lower.copy_from_slice(&self.0);
        lower.make_ascii_lowercase();
        state.write(lower);
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut one, mut two) = (Vec::new(), Vec::new());
        write_sort_key(&self.0, &mut one);
        write_sort_key(&other.0, &mut two);
        one.cmp(&two)
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Writes octets that sort as the names do (RFC 4034 section 6.1): labels from the right, lower
/// case, each ended by a zero. The key of a name is the beginning of the keys of all names below it.
pub(crate) fn write_sort_key(wire: &[u8], out: &mut Vec<u8>) {
    let mut starts = [0_u8; 128];
    let mut count = 0;
    let mut at = 0;
    while wire[at] != 0 {
        starts[count] = u8::try_from(at).unwrap_or(u8::MAX);
        count += 1;
        at += usize::from(wire[at]) + 1;
    }
    for start in starts[..count].iter().rev() {
        let start = usize::from(*start);
        let length = usize::from(wire[start]);
        let label = &wire[start + 1..=start + length];
        if label.iter().all(|b| *b > 1) {
            let from = out.len();
            out.extend_from_slice(label);
            out[from..].make_ascii_lowercase();
        } else {
            for byte in label {
                match byte {
                    0 | 1 => out.extend_from_slice(&[1, byte + 1]),
                    byte => out.push(byte.to_ascii_lowercase()),
                }
            }
        }
        out.push(0);
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

/// A name under construction, in wire form.
#[derive(Debug)]
pub(crate) struct NameBuffer {
    wire: [u8; MAX_NAME],
    length: usize,
    /// Whether a label beyond ASCII was turned into an A-label.
    pub(crate) from_unicode: bool,
    /// The first octet that Knot wants escaped, or that is not ASCII.
    pub(crate) odd: Option<u8>,
}

impl Default for NameBuffer {
    fn default() -> Self {
        Self {
            wire: [0; MAX_NAME],
            length: 0,
            from_unicode: false,
            odd: None,
        }
    }
}

impl NameBuffer {
    pub(crate) fn wire(&self) -> &[u8] {
        &self.wire[..self.length]
    }

    pub(crate) fn to_name(&self) -> Name {
        Name(Arc::from(self.wire()))
    }

    fn push_label(&mut self, label: &[u8]) -> Result<(), NameError> {
        if label.is_empty() {
            return Err(NameError::EmptyLabel);
        }
        let length = u8::try_from(label.len())
            .ok()
            .filter(|length| usize::from(*length) <= MAX_LABEL)
            .ok_or(NameError::LongLabel(label.len()))?;
        let end = self.length + 1 + label.len();
        // One octet stays for the root.
        if end >= MAX_NAME {
            return Err(NameError::LongName);
        }
        self.wire[self.length] = length;
        self.wire[self.length + 1..end].copy_from_slice(label);
        self.length = end;
        Ok(())
    }

    fn append(&mut self, suffix: &Name) -> Result<(), NameError> {
        let end = self.length + suffix.0.len();
        if end > MAX_NAME {
            return Err(NameError::LongName);
        }
        self.wire[self.length..end].copy_from_slice(&suffix.0);
        self.length = end;
        Ok(())
    }

    fn finish_root(&mut self) -> Result<(), NameError> {
        if self.length >= MAX_NAME {
            return Err(NameError::LongName);
        }
        self.wire[self.length] = 0;
        self.length += 1;
        Ok(())
    }

    fn finish(&mut self, origin: Option<&Name>) -> Result<(), NameError> {
        match origin {
            Some(origin) => self.append(origin),
            None => self.finish_root(),
        }
    }

    /// Reads the presentation form, replacing what was here.
    pub(crate) fn read(&mut self, text: &[u8], origin: Option<&Name>) -> Result<(), NameError> {
        self.length = 0;
        self.from_unicode = false;
        self.odd = None;
        match text {
            b"" => return Err(NameError::Empty),
            b"." => return self.finish_root(),
            b"@" if origin.is_some() => return self.finish(origin),
            _ => {}
        }
        // The octet in front of a label is its length, known at its end.
        let mut start = 0;
        let mut at = 1;
        let mut rest = text.iter();
        let mut odd = None;
        let mut absolute = false;
        while let Some(byte) = rest.next() {
            let octet = match *byte {
                b'.' => {
                    self.end_label(start, at)?;
                    start = at;
                    at += 1;
                    absolute = rest.as_slice().is_empty();
                    continue;
                }
                b'\\' => escaped(&mut rest.by_ref().copied())?,
                byte => {
                    if !USUAL[usize::from(byte)] {
                        odd = odd.max(Some(byte));
                    }
                    byte
                }
            };
            if at >= MAX_NAME {
                return Err(too_long(text));
            }
            self.wire[at] = octet;
            at += 1;
        }
        self.odd = odd;
        if odd.is_some_and(|byte| !byte.is_ascii())
            && !text.contains(&b'\\')
            && let Ok(text) = std::str::from_utf8(text)
        {
            return self.read_unicode(text, origin);
        }
        if absolute {
            self.length = start;
            return self.finish_root();
        }
        self.end_label(start, at)?;
        self.length = at;
        self.finish(origin)
    }

    fn end_label(&mut self, start: usize, at: usize) -> Result<(), NameError> {
        match at - start - 1 {
            0 => Err(NameError::EmptyLabel),
            length @ 1..=MAX_LABEL => {
                self.wire[start] = u8::try_from(length).unwrap_or_default();
                if at >= MAX_NAME {
                    return Err(NameError::LongName);
                }
                Ok(())
            }
            length => Err(NameError::LongLabel(length)),
        }
    }

    fn read_unicode(&mut self, text: &str, origin: Option<&Name>) -> Result<(), NameError> {
        self.length = 0;
        self.from_unicode = true;
        let relative = text.strip_suffix('.');
        for label in relative.unwrap_or(text).split('.') {
            if label.is_ascii() {
                self.push_label(label.as_bytes())?;
                continue;
            }
            let ascii = idna::domain_to_ascii(label)
                .ok()
                .filter(|ascii| !ascii.is_empty() && !ascii.contains('.'))
                .ok_or_else(|| NameError::NotIdna(label.to_owned()))?;
            self.push_label(ascii.as_bytes())?;
        }
        self.finish(if relative.is_some() { None } else { origin })
    }

    /// Reads a name of a message at `*at`, following pointers.
    pub(crate) fn read_compressed(
        &mut self,
        message: &[u8],
        at: &mut usize,
    ) -> Result<(), NameError> {
        self.length = 0;
        let mut here = *at;
        let mut behind = None;
        loop {
            let length = *message.get(here).ok_or(NameError::BadWire)?;
            match length {
                0 => {
                    self.finish_root().map_err(|_| NameError::BadWire)?;
                    *at = behind.unwrap_or(here + 1);
                    return Ok(());
                }
                1..=63 => {
                    let end = here + 1 + usize::from(length);
                    let label = message.get(here + 1..end).ok_or(NameError::BadWire)?;
                    self.push_label(label).map_err(|_| NameError::BadWire)?;
                    here = end;
                }
                0xc0.. => {
                    let low = *message.get(here + 1).ok_or(NameError::BadWire)?;
                    let target = usize::from(length & 0x3f) << 8 | usize::from(low);
                    behind.get_or_insert(here + 2);
                    // Pointers go back, so that they end.
                    if target >= here {
                        return Err(NameError::BadWire);
                    }
                    here = target;
                }
                _ => return Err(NameError::BadWire),
            }
        }
    }
}

/// Which error a name is that does not fit: a long label is one, before the long name is.
fn too_long(text: &[u8]) -> NameError {
    let mut length = 0;
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        match *byte {
            b'.' => length = 0,
            b'\\' => match escaped(&mut rest.by_ref().copied()) {
                Ok(_) => length += 1,
                Err(error) => return error,
            },
            _ => length += 1,
        }
        if length > MAX_LABEL {
            let more = rest.as_slice().iter().take_while(|b| **b != b'.').count();
            return NameError::LongLabel(length + more);
        }
    }
    NameError::LongName
}

/// The octet behind a backslash.
fn escaped(rest: &mut impl Iterator<Item = u8>) -> Result<u8, NameError> {
    escape(rest).ok_or(NameError::BadEscape)
}

/// The octet that stands behind a backslash: one that is no digit for itself, three digits for their
/// value.
pub(crate) fn escape(rest: &mut impl Iterator<Item = u8>) -> Option<u8> {
    let first = rest.next()?;
    if !first.is_ascii_digit() {
        return Some(first);
    }
    let mut value = u16::from(first - b'0');
    for _ in 0..2 {
        let digit = rest.next().filter(u8::is_ascii_digit)?;
        value = value * 10 + u16::from(digit - b'0');
    }
    u8::try_from(value).ok()
}
