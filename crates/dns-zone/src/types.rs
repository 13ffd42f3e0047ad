//! Record types and classes.
//!
//! Not those of hickory-proto, which knows neither `LOC`, `RP`, `URI` and many more by name, nor
//! `TYPE123` and `CLASS1`, nor any of them in lower case.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The type of a record, by its number.
///
/// `Display` is the mnemonic, or `TYPE123` where there is none (RFC 3597); [`FromStr`] reads both in
/// any case.
///
/// ```
/// use dns_zone::RecordType;
/// assert_eq!("aaaa".parse(), Ok(RecordType::AAAA));
/// assert_eq!("TYPE28".parse(), Ok(RecordType::AAAA));
/// assert_eq!(RecordType::from_code(65_280).to_string(), "TYPE65280");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordType(u16);

/// A word that is no record type.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is no record type")]
pub struct UnknownType(pub String);

macro_rules! record_types {
    ($($name:ident = $code:literal, $text:literal;)*) => {
        impl RecordType {
            $(
                #[doc = concat!("`", $text, "`")]
                pub const $name: Self = Self($code);
            )*

            /// The mnemonic, if there is one.
            pub fn mnemonic(self) -> Option<&'static str> {
                match self.0 {
                    $($code => Some($text),)*
                    _ => None,
                }
            }

            /// All types with a mnemonic.
            pub(crate) const MNEMONICS: &'static [(&'static str, u16)] = &[$(($text, $code),)*];
        }
    };
}

record_types! {
    A = 1, "A";
    NS = 2, "NS";
    MD = 3, "MD";
    MF = 4, "MF";
    CNAME = 5, "CNAME";
    SOA = 6, "SOA";
    MB = 7, "MB";
    MG = 8, "MG";
    MR = 9, "MR";
    NULL = 10, "NULL";
    WKS = 11, "WKS";
    PTR = 12, "PTR";
    HINFO = 13, "HINFO";
    MINFO = 14, "MINFO";
    MX = 15, "MX";
    TXT = 16, "TXT";
    RP = 17, "RP";
    AFSDB = 18, "AFSDB";
    X25 = 19, "X25";
    ISDN = 20, "ISDN";
    RT = 21, "RT";
    NSAP = 22, "NSAP";
    NSAP_PTR = 23, "NSAP-PTR";
    SIG = 24, "SIG";
    KEY = 25, "KEY";
    PX = 26, "PX";
    GPOS = 27, "GPOS";
    AAAA = 28, "AAAA";
    LOC = 29, "LOC";
    NXT = 30, "NXT";
    EID = 31, "EID";
    NIMLOC = 32, "NIMLOC";
    SRV = 33, "SRV";
    ATMA = 34, "ATMA";
    NAPTR = 35, "NAPTR";
    KX = 36, "KX";
    CERT = 37, "CERT";
    A6 = 38, "A6";
    DNAME = 39, "DNAME";
    SINK = 40, "SINK";
    OPT = 41, "OPT";
    APL = 42, "APL";
    DS = 43, "DS";
    SSHFP = 44, "SSHFP";
    IPSECKEY = 45, "IPSECKEY";
    RRSIG = 46, "RRSIG";
    NSEC = 47, "NSEC";
    DNSKEY = 48, "DNSKEY";
    DHCID = 49, "DHCID";
    NSEC3 = 50, "NSEC3";
    NSEC3PARAM = 51, "NSEC3PARAM";
    TLSA = 52, "TLSA";
    SMIMEA = 53, "SMIMEA";
    HIP = 55, "HIP";
    NINFO = 56, "NINFO";
    RKEY = 57, "RKEY";
    TALINK = 58, "TALINK";
    CDS = 59, "CDS";
    CDNSKEY = 60, "CDNSKEY";
    OPENPGPKEY = 61, "OPENPGPKEY";
    CSYNC = 62, "CSYNC";
    ZONEMD = 63, "ZONEMD";
    SVCB = 64, "SVCB";
    HTTPS = 65, "HTTPS";
    SPF = 99, "SPF";
    NID = 104, "NID";
    L32 = 105, "L32";
    L64 = 106, "L64";
    LP = 107, "LP";
    EUI48 = 108, "EUI48";
    EUI64 = 109, "EUI64";
    TKEY = 249, "TKEY";
    TSIG = 250, "TSIG";
    IXFR = 251, "IXFR";
    AXFR = 252, "AXFR";
    MAILB = 253, "MAILB";
    MAILA = 254, "MAILA";
    ANY = 255, "ANY";
    URI = 256, "URI";
    CAA = 257, "CAA";
    AVC = 258, "AVC";
    DOA = 259, "DOA";
    AMTRELAY = 260, "AMTRELAY";
    RESINFO = 261, "RESINFO";
    WALLET = 262, "WALLET";
    TA = 32768, "TA";
    DLV = 32769, "DLV";
}

impl RecordType {
    /// The type with this number.
    pub fn from_code(code: u16) -> Self {
        Self(code)
    }

    /// The number.
    pub fn code(self) -> u16 {
        self.0
    }

    /// Types of questions and of messages (RFC 6895 section 3.1): no zone holds records of them.
    pub fn is_meta(self) -> bool {
        matches!(self.0, 0 | 41 | 128..=255)
    }

    /// Whether some server does not know the mnemonic, but takes `TYPE123`.
    pub(crate) fn is_rare(self) -> bool {
        matches!(
            self,
            Self::A6
                | Self::AMTRELAY
                | Self::ATMA
                | Self::AVC
                | Self::DLV
                | Self::DOA
                | Self::EID
                | Self::GPOS
                | Self::HIP
                | Self::ISDN
                | Self::MB
                | Self::MG
                | Self::MR
                | Self::NIMLOC
                | Self::NINFO
                | Self::NSAP
                | Self::NSAP_PTR
                | Self::NULL
                | Self::NXT
                | Self::PX
                | Self::RESINFO
                | Self::RKEY
                | Self::SIG
                | Self::SINK
                | Self::TA
                | Self::TALINK
                | Self::WALLET
                | Self::WKS
                | Self::X25
        )
    }

    /// The form that all servers know.
    pub(crate) fn known_form(self) -> String {
        match self.mnemonic().filter(|_| !self.is_rare()) {
            Some(name) => name.to_owned(),
            None => format!("TYPE{}", self.0),
        }
    }

    pub(crate) fn from_octets(text: &[u8]) -> Option<Self> {
        // The common ones first; comparing all mnemonics takes longer than the rest of a record.
        let quick = match text {
            b"A" | b"a" => Self::A,
            b"AAAA" => Self::AAAA,
            b"CNAME" => Self::CNAME,
            b"TXT" => Self::TXT,
            b"SRV" => Self::SRV,
            b"PTR" => Self::PTR,
            b"NS" => Self::NS,
            b"MX" => Self::MX,
            // A class is looked for among types first.
            b"IN" | b"in" => return None,
            _ => return Self::any_from_octets(text),
        };
        Some(quick)
    }

    fn any_from_octets(text: &[u8]) -> Option<Self> {
        if !text.first()?.is_ascii_alphabetic() {
            return None;
        }
        if let Some((_, code)) = Self::MNEMONICS
            .iter()
            .find(|(name, _)| name.as_bytes().eq_ignore_ascii_case(text))
        {
            return Some(Self(*code));
        }
        generic(text, b"TYPE").map(Self)
    }
}

/// `TYPE123` and `CLASS1` (RFC 3597 section 5).
fn generic(text: &[u8], prefix: &[u8]) -> Option<u16> {
    let (start, digits) = text.split_at_checked(prefix.len())?;
    // BIND takes no more than five digits.
    if !start.eq_ignore_ascii_case(prefix)
        || digits.len() > 5
        || !digits.iter().all(u8::is_ascii_digit)
    {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

impl fmt::Display for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mnemonic() {
            Some(name) => f.pad(name),
            None => f.pad(&format!("TYPE{}", self.0)),
        }
    }
}

impl fmt::Debug for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for RecordType {
    type Err = UnknownType;

    fn from_str(text: &str) -> Result<Self, UnknownType> {
        Self::from_octets(text.as_bytes()).ok_or_else(|| UnknownType(text.to_owned()))
    }
}

/// The class of a record, by its number; all but [`Class::IN`] are history.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Class(u16);

impl Class {
    /// The Internet.
    pub const IN: Self = Self(1);
    /// Chaos.
    pub const CH: Self = Self(3);
    /// Hesiod.
    pub const HS: Self = Self(4);

    /// The class with this number.
    pub fn from_code(code: u16) -> Self {
        Self(code)
    }

    /// The number.
    pub fn code(self) -> u16 {
        self.0
    }

    pub(crate) fn from_octets(text: &[u8]) -> Option<Self> {
        let class = match text {
            b"IN" | b"in" | b"In" | b"iN" => Self::IN,
            [a, b] => match [a.to_ascii_uppercase(), b.to_ascii_uppercase()] {
                [b'C', b'H'] => Self::CH,
                [b'H', b'S'] => Self::HS,
                // CSNET
                [b'C', b'S'] => Self(2),
                _ => return None,
            },
            _ if text.eq_ignore_ascii_case(b"CHAOS") => Self::CH,
            _ => Self(generic(text, b"CLASS")?),
        };
        Some(class)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::IN => f.pad("IN"),
            Self::CH => f.pad("CH"),
            Self::HS => f.pad("HS"),
            Self(code) => f.pad(&format!("CLASS{code}")),
        }
    }
}

impl fmt::Debug for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
