//! Data of records from the words of a master file.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::fields::{ALGORITHMS, CERTIFICATES, Field, fields};
use super::{RdataError, location, odd, svcb, time};
use crate::lexer::{Token, unescape};
use crate::name::NameBuffer;
use crate::{Name, NameError, RecordType, ttl};

/// The longest data of a record, in octets.
pub(crate) const MAX_DATA: usize = 65_535;

/// The words of one record's data, and how far they were read.
pub(super) struct Words<'t> {
    text: &'t [u8],
    tokens: &'t [Token],
    next: usize,
    pub(super) origin: &'t Name,
    buffer: NameBuffer,
    pub(super) remarks: Remarks,
}

/// What is worth a word about data that could be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Remarks {
    /// The first word in which a label beyond ASCII was turned into an A-label.
    pub(crate) unicode: Option<usize>,
    /// The first name with an octet that has to be escaped for some servers.
    pub(crate) odd: Option<(usize, u8)>,
    /// The first text of more than 255 octets, which was split.
    pub(crate) long: Option<usize>,
    /// The first text with octets beyond printable ASCII that are not escaped.
    pub(crate) raw: Option<usize>,
    /// A text without quotes where some programs want them.
    pub(crate) bare: Option<usize>,
    /// A text of an `@` alone, without quotes.
    pub(crate) at_sign: Option<usize>,
    /// What else is worth a word, and at which word; the weightiest alone.
    pub(crate) note: Option<(usize, Note)>,
}

/// Data that is right, and that some program refuses; the later ones weigh more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Note {
    /// `key1` for `alpn`.
    NumberedName,
    /// `dohpath` by its name.
    NamedPath,
    /// A text without quotes that some program takes for something else.
    Unquoted,
    /// Base 64 that is split inside of a group of four.
    SplitBase64,
    /// Groups of digits without the zeros in front.
    ShortGroups,
    /// The time of a signature in seconds.
    Seconds,
    /// The name of a type that not every program knows.
    RareType,
    /// The length of octets as `00`.
    ManyZeros,
    /// CSYNC without types.
    NoTypes,
    /// `key3` for `port`, and others that some programs cannot read so.
    NumberedValue,
    /// IPSECKEY without a key.
    NoKey,
    /// Control characters as they are.
    Control,
}

type Outcome<T = ()> = Result<T, RdataError>;

impl<'t> Words<'t> {
    pub(super) fn is_empty(&self) -> bool {
        self.next == self.tokens.len()
    }

    /// The word to come, without taking it.
    pub(super) fn peek(&self) -> Option<&'t [u8]> {
        self.tokens
            .get(self.next)
            .map(|token| token.bytes(self.text))
    }

    fn token(&mut self, wanted: &'static str) -> Outcome<(Token, &'t [u8])> {
        let Some(token) = self.tokens.get(self.next).copied() else {
            return Err(RdataError::new(None, format!("{wanted} is missing")));
        };
        self.next += 1;
        Ok((token, token.bytes(self.text)))
    }

    /// The next word as it is written.
    pub(super) fn word(&mut self, wanted: &'static str) -> Outcome<&'t [u8]> {
        let (token, word) = self.token(wanted)?;
        if token.quoted {
            return Err(self.wrong(format!("{wanted} stands in quotes")));
        }
        Ok(word)
    }

    /// The next word with its escapes resolved, appended to `out`.
    pub(super) fn unescaped(&mut self, wanted: &'static str, out: &mut Vec<u8>) -> Outcome {
        let (token, word) = self.token(wanted)?;
        if !word.iter().all(|b| (0x20..0x7f).contains(b) || *b == b'\t') {
            self.remarks.raw.get_or_insert(self.next - 1);
            if word
                .iter()
                .any(|b| (*b < 0x20 && *b != b'\t') || *b == 0x7f)
            {
                self.note(Note::Control);
            }
        }
        if !token.quoted && word == b"@" {
            self.remarks.at_sign.get_or_insert(self.next - 1);
        }
        // A directive, an empty label, data of unknown types.
        let misread = word.starts_with(b"$")
            || (word.starts_with(b".") && word.len() > 1)
            || word.starts_with(b"\\#");
        if !token.quoted && misread {
            self.note(Note::Unquoted);
        }
        if token.escaped {
            unescape(word, out).ok_or_else(|| self.wrong(NameError::BadEscape.to_string()))
        } else {
            out.extend_from_slice(word);
            Ok(())
        }
    }

    /// Notes something about the word taken last.
    pub(super) fn note(&mut self, note: Note) {
        let known = self.remarks.note.map(|(_, known)| known);
        if known.is_none_or(|known| known < note) {
            self.remarks.note = Some((self.next.saturating_sub(1), note));
        }
    }

    /// An error about the word taken last.
    pub(super) fn wrong(&self, message: impl Into<String>) -> RdataError {
        RdataError::new(self.next.checked_sub(1), message)
    }

    fn shown(word: &[u8]) -> String {
        String::from_utf8_lossy(word).into_owned()
    }

    pub(super) fn number<N: FromStr>(&mut self, wanted: &'static str, most: u64) -> Outcome<N> {
        let word = self.word(wanted)?;
        let text = std::str::from_utf8(word).unwrap_or_default();
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        match text.parse() {
            Ok(number) if digits => Ok(number),
            _ => Err(self.wrong(format!(
                "`{}` is no number from 0 to {most}",
                Self::shown(word)
            ))),
        }
    }

    pub(super) fn name(&mut self, out: &mut Vec<u8>) -> Outcome {
        let word = self.word("a domain name")?;
        let mut buffer = std::mem::take(&mut self.buffer);
        let read = buffer.read(word, Some(self.origin));
        if read.is_ok() {
            out.extend_from_slice(buffer.wire());
            if buffer.from_unicode {
                self.remarks.unicode.get_or_insert(self.next - 1);
            }
            if let Some(odd) = buffer.odd {
                self.remarks.odd.get_or_insert((self.next - 1, odd));
            }
        }
        self.buffer = buffer;
        read.map_err(|error| self.wrong(format!("`{}`: {error}", Self::shown(word))))
    }

    pub(super) fn ipv4(&mut self) -> Outcome<Ipv4Addr> {
        let word = self.word("an IPv4 address")?;
        parse(word).ok_or_else(|| self.wrong(format!("`{}` is no IPv4 address", Self::shown(word))))
    }

    pub(super) fn ipv6(&mut self) -> Outcome<Ipv6Addr> {
        let word = self.word("an IPv6 address")?;
        parse(word).ok_or_else(|| self.wrong(format!("`{}` is no IPv6 address", Self::shown(word))))
    }

    pub(super) fn seconds(&mut self) -> Outcome<u32> {
        let word = self.word("a number of seconds")?;
        ttl::seconds(word).map_err(|error| self.wrong(format!("`{}`: {error}", Self::shown(word))))
    }

    /// A text with its length in front.
    pub(super) fn text(&mut self, out: &mut Vec<u8>) -> Outcome {
        let at = out.len();
        out.push(0);
        self.unescaped("a text", out)?;
        // NSD takes dots and a backslash at the end for those of names, validns an escaped blank for
        // the end.
        if let Some(token) = self.tokens.get(self.next - 1).filter(|token| !token.quoted) {
            let word = token.bytes(self.text);
            let blank = word.windows(2).any(|pair| pair == b"\\ ");
            if word.contains(&b'.') || word.ends_with(b"\\\\") || blank {
                self.note(Note::Unquoted);
            }
        }
        let length = out.len() - at - 1;
        out[at] = u8::try_from(length).map_err(|_| {
            self.wrong(format!("a text of {length} octets, more than 255"))
                .with_help("split it into several quoted texts, which readers join")
        })?;
        Ok(())
    }

    /// A text of any length, as pieces with their lengths in front.
    fn pieces(&mut self, out: &mut Vec<u8>) -> Outcome {
        let at = out.len();
        out.push(0);
        self.unescaped("a text", out)?;
        let length = out.len() - at - 1;
        if let Ok(length) = u8::try_from(length) {
            out[at] = length;
            return Ok(());
        }
        self.remarks.long.get_or_insert(self.next - 1);
        let text = out.split_off(at + 1);
        out.truncate(at);
        for piece in text.chunks(255) {
            out.push(u8::try_from(piece.len()).unwrap_or(u8::MAX));
            out.extend_from_slice(piece);
        }
        Ok(())
    }

    pub(super) fn hex(&mut self, wanted: &'static str, out: &mut Vec<u8>) -> Outcome {
        // Knot wants whole octets in each word.
        loop {
            let digits = self.word(wanted)?;
            if unhex(digits, out).is_none() {
                return Err(self.wrong("not an even number of hexadecimal digits"));
            }
            if self.is_empty() {
                return Ok(());
            }
        }
    }

    pub(super) fn base64(&mut self, wanted: &'static str, out: &mut Vec<u8>) -> Outcome {
        let mut digits = self.word(wanted)?.to_vec();
        while !self.is_empty() {
            if !digits.len().is_multiple_of(4) {
                self.note(Note::SplitBase64);
            }
            digits.extend_from_slice(self.word(wanted)?);
        }
        STANDARD
            .decode_vec(&digits, out)
            .map_err(|error| self.wrong(format!("not base 64: {error}")))
    }

    /// One word in base 64.
    pub(super) fn one_base64(&mut self, wanted: &'static str, out: &mut Vec<u8>) -> Outcome {
        let word = self.word(wanted)?;
        STANDARD
            .decode_vec(word, out)
            .map_err(|error| self.wrong(format!("not base 64: {error}")))
    }

    /// Whether the next word stands in quotes and touches the one before.
    pub(super) fn next_is_adjacent_quote(&self) -> bool {
        let next = self.tokens.get(self.next);
        next.is_some_and(|token| token.quoted && token.adjacent)
    }

    /// Whether the next word touches the one before and is not quoted.
    pub(super) fn next_is_adjacent_word(&self) -> bool {
        let next = self.tokens.get(self.next);
        next.is_some_and(|token| !token.quoted && token.adjacent)
    }

    fn by_name<N: Copy + FromStr>(
        &mut self,
        wanted: &'static str,
        names: &[(&str, N)],
        most: u64,
    ) -> Outcome<N> {
        if let Some(word) = self.peek()
            && let Some((_, number)) = names
                .iter()
                .find(|(name, _)| name.as_bytes().eq_ignore_ascii_case(word))
        {
            self.next += 1;
            return Ok(*number);
        }
        self.number(wanted, most)
    }

    fn types(&mut self, out: &mut Vec<u8>) -> Outcome {
        let mut codes = Vec::new();
        while !self.is_empty() {
            codes.push(self.kind()?.code());
        }
        codes.sort_unstable();
        let mut window: Option<(u8, [u8; 32], usize)> = None;
        let flush = |window: Option<(u8, [u8; 32], usize)>, out: &mut Vec<u8>| {
            if let Some((number, bits, used)) = window {
                out.push(number);
                out.push(u8::try_from(used).unwrap_or_default());
                out.extend_from_slice(&bits[..used]);
            }
        };
        for code in codes {
            let [high, low] = code.to_be_bytes();
            if window.is_none_or(|(number, ..)| number != high) {
                flush(window, out);
                window = Some((high, [0; 32], 0));
            }
            if let Some((_, bits, used)) = &mut window {
                let at = usize::from(low / 8);
                bits[at] |= 0x80 >> (low % 8);
                *used = at + 1;
            }
        }
        flush(window, out);
        Ok(())
    }

    /// A record type by its name or number.
    fn kind(&mut self) -> Outcome<RecordType> {
        let word = self.word("a record type")?;
        let kind = RecordType::from_octets(word)
            .ok_or_else(|| self.wrong(format!("`{}` is no record type", Self::shown(word))))?;
        if kind.code() == 0 {
            return Err(self.wrong("0 is no record type"));
        }
        if kind.is_meta() && !word.ends_with(kind.code().to_string().as_bytes()) {
            return Err(self.wrong(format!("`{kind}` is a type of questions")));
        }
        if kind.is_rare()
            && kind
                .mnemonic()
                .is_some_and(|name| name.as_bytes().eq_ignore_ascii_case(word))
        {
            self.note(Note::RareType);
        }
        Ok(kind)
    }

    fn salt(&mut self, out: &mut Vec<u8>) -> Outcome {
        let word = self.word("a salt, or `-`")?;
        let at = out.len();
        out.push(0);
        if word != b"-" {
            unhex(word, out)
                .ok_or_else(|| self.wrong("not an even number of hexadecimal digits, nor `-`"))?;
        }
        out[at] = u8::try_from(out.len() - at - 1)
            .map_err(|_| self.wrong("a salt of more than 255 octets"))?;
        Ok(())
    }

    fn base32(&mut self, out: &mut Vec<u8>) -> Outcome {
        let word = self.word("a hash in base 32")?;
        let at = out.len();
        out.push(0);
        odd::unbase32(word, out).ok_or_else(|| self.wrong("not base 32 (extended hex)"))?;
        out[at] = u8::try_from(out.len() - at - 1)
            .map_err(|_| self.wrong("a hash of more than 255 octets"))?;
        Ok(())
    }

    fn tag(&mut self, out: &mut Vec<u8>) -> Outcome {
        let word = self.word("a tag such as `issue`")?;
        if word.is_empty() || word.len() > 255 || !word.iter().all(u8::is_ascii_alphanumeric) {
            return Err(self.wrong(format!(
                "`{}` is no tag: letters and digits",
                Self::shown(word)
            )));
        }
        out.push(u8::try_from(word.len()).unwrap_or(u8::MAX));
        out.extend_from_slice(word);
        Ok(())
    }

    fn field(&mut self, field: Field, out: &mut Vec<u8>) -> Outcome {
        match field {
            Field::Name => self.name(out)?,
            Field::U8 => out.push(self.number("a number", u64::from(u8::MAX))?),
            Field::U16 => {
                let number: u16 = self.number("a number", u64::from(u16::MAX))?;
                out.extend_from_slice(&number.to_be_bytes());
            }
            Field::U32 => {
                let number: u32 = self.number("a number", u64::from(u32::MAX))?;
                out.extend_from_slice(&number.to_be_bytes());
            }
            Field::Seconds => out.extend_from_slice(&self.seconds()?.to_be_bytes()),
            Field::Ipv4 => out.extend_from_slice(&self.ipv4()?.octets()),
            Field::Ipv6 => out.extend_from_slice(&self.ipv6()?.octets()),
            Field::Text => self.text(out)?,
            Field::Texts => {
                self.pieces(out)?;
                while !self.is_empty() {
                    self.pieces(out)?;
                }
            }
            Field::OptionalText => {
                if !self.is_empty() {
                    self.text(out)?;
                }
            }
            Field::Hex => self.hex("a hexadecimal number", out)?,
            Field::Base64 => self.base64("a value in base 64", out)?,
            Field::Salt => self.salt(out)?,
            Field::Base32 => self.base32(out)?,
            Field::Types => self.types(out)?,
            Field::Type => {
                let covered = self.kind()?;
                out.extend_from_slice(&covered.code().to_be_bytes());
            }
            Field::Time => {
                let word = self.word("a time")?;
                let time = time::read(word).ok_or_else(|| {
                    self.wrong(format!(
                        "`{}` is no time: YYYYMMDDHHMMSS or seconds since 1970",
                        Self::shown(word)
                    ))
                })?;
                if word.len() != 14 {
                    self.note(Note::Seconds);
                }
                out.extend_from_slice(&time.to_be_bytes());
            }
            Field::Algorithm => {
                let number = self.by_name("an algorithm", ALGORITHMS, u64::from(u8::MAX))?;
                out.push(number);
            }
            Field::Certificate => {
                let number: u16 =
                    self.by_name("a kind of certificate", CERTIFICATES, u64::from(u16::MAX))?;
                out.extend_from_slice(&number.to_be_bytes());
            }
            Field::Tag => self.tag(out)?,
            Field::Rest => {
                if self
                    .tokens
                    .get(self.next)
                    .is_some_and(|token| !token.quoted)
                {
                    self.remarks.bare.get_or_insert(self.next);
                }
                self.unescaped("a quoted text", out)?;
            }
            Field::Digits => {
                let at = out.len();
                self.text(out)?;
                let digits = &out[at + 1..];
                if digits.len() < 4 || !digits.iter().all(u8::is_ascii_digit) {
                    return Err(self.wrong("not four digits or more"));
                }
            }
            Field::TypesOfOne => {
                if self.is_empty() {
                    return Err(RdataError::new(None, "a record type is missing"));
                }
                self.types(out)?;
            }
            Field::Location => location::read(self, out)?,
            Field::Parameters => svcb::read(self, out)?,
            Field::Prefixes => odd::read_prefixes(self, out)?,
            Field::Nsap => odd::read_nsap(self, out)?,
            Field::Eui48 => odd::read_groups(self, 6, b'-', 2, out)?,
            Field::Eui64 => odd::read_groups(self, 8, b'-', 2, out)?,
            Field::Id64 => odd::read_groups(self, 4, b':', 4, out)?,
            Field::IpsecKey => odd::read_ipseckey(self, out)?,
            Field::Hip => odd::read_hip(self, out)?,
            Field::Relay => odd::read_relay(self, out)?,
        }
        Ok(())
    }
}

pub(super) fn parse<T: FromStr>(word: &[u8]) -> Option<T> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

pub(super) fn unhex(digits: &[u8], out: &mut Vec<u8>) -> Option<()> {
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let value = |digit: u8| char::from(digit).to_digit(16);
    for pair in digits.chunks_exact(2) {
        let octet = value(pair[0])? << 4 | value(pair[1])?;
        out.push(u8::try_from(octet).unwrap_or_default());
    }
    Some(())
}

/// Appends the wire form of a record's data to `out`; returns remarks. After an error `out` holds a
/// part.
pub(crate) fn read(
    kind: RecordType,
    text: &[u8],
    tokens: &[Token],
    origin: &Name,
    out: &mut Vec<u8>,
) -> Result<Remarks, RdataError> {
    let mut words = Words {
        text,
        tokens,
        next: 0,
        origin,
        buffer: NameBuffer::default(),
        remarks: Remarks::default(),
    };
    let start = out.len();
    if words.peek() == Some(b"\\#") && !tokens[0].quoted {
        words.next += 1;
        let length: u16 = words.number("the number of octets", u64::from(u16::MAX))?;
        if length == 0 && tokens[1].bytes(text) != b"0" {
            words.note(Note::ManyZeros);
        }
        if !words.is_empty() {
            words.hex("hexadecimal digits", out)?;
        }
        let found = out.len() - start;
        if found != usize::from(length) {
            return Err(RdataError::new(
                Some(1),
                format!("{length} octets are announced and {found} are there"),
            ));
        }
        if !super::fits(kind, &out[start..]) {
            return Err(RdataError::new(
                Some(0),
                format!("the octets are no data of a record of type {kind}"),
            ));
        }
        return Ok(words.remarks);
    }
    let Some(fields) = fields(kind) else {
        return Err(RdataError::new(
            (!tokens.is_empty()).then_some(0),
            format!("data of type {kind} has to be written as `\\# length hexadecimal-digits`"),
        ));
    };
    for field in fields {
        words.field(*field, out)?;
    }
    if kind == RecordType::CSYNC && tokens.len() == 2 {
        words.note(Note::NoTypes);
    }
    if !words.is_empty() {
        words.next += 1;
        return Err(words.wrong("nothing is expected here: the record is complete"));
    }
    if out.len() - start > MAX_DATA {
        return Err(RdataError::new(None, "more than 65535 octets of data"));
    }
    Ok(words.remarks)
}
