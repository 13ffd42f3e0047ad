//! What the data of each record type is made of.

use crate::RecordType;
use crate::name::wire_length;

/// One part of the data of a record. The tables below say for each type which parts follow each
/// other; reading, printing, comparing and checking all go by them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// A domain name.
    Name,
    U8,
    U16,
    U32,
    /// 32 bits, a number of seconds that may be written with units.
    Seconds,
    Ipv4,
    Ipv6,
    /// Up to 255 octets with their length in front.
    Text,
    /// One or more of them, up to the end.
    Texts,
    /// Such a text, or nothing.
    OptionalText,
    /// Octets up to the end as hexadecimal digits, at least one.
    Hex,
    /// Octets up to the end in base 64, at least one.
    Base64,
    /// Hexadecimal digits with their length in front; `-` is nothing.
    Salt,
    /// Base 32 with its length in front.
    Base32,
    /// A bit for each of the named types.
    Types,
    /// The same for at least one.
    TypesOfOne,
    /// A text of four digits or more.
    Digits,
    /// The number of a type, by its name.
    Type,
    /// A time of a signature.
    Time,
    /// An algorithm of DNSSEC, by number or name.
    Algorithm,
    /// The kind of a certificate.
    Certificate,
    /// The tag of CAA: letters and digits with their length in front.
    Tag,
    /// A quoted text up to the end, without a length.
    Rest,
    Location,
    /// The parameters of a service binding.
    Parameters,
    /// Prefixes of APL.
    Prefixes,
    Nsap,
    Eui48,
    Eui64,
    /// 64 bits as four groups of hexadecimal digits.
    Id64,
    /// Gateway with its type and more before it.
    IpsecKey,
    Hip,
    Relay,
}

use Field as F;

/// The parts of the data of `kind`; `None` for types that are written as RFC 3597 says.
pub(crate) fn fields(kind: RecordType) -> Option<&'static [Field]> {
    Some(match kind {
        RecordType::A => &[F::Ipv4],
        RecordType::AAAA => &[F::Ipv6],
        RecordType::NS
        | RecordType::CNAME
        | RecordType::PTR
        | RecordType::DNAME
        | RecordType::MB
        | RecordType::MD
        | RecordType::MF
        | RecordType::MG
        | RecordType::MR
        | RecordType::NSAP_PTR => &[F::Name],
        RecordType::SOA => &[
            F::Name,
            F::Name,
            F::U32,
            F::Seconds,
            F::Seconds,
            F::Seconds,
            F::Seconds,
        ],
        RecordType::MX | RecordType::AFSDB | RecordType::RT | RecordType::KX | RecordType::LP => {
            &[F::U16, F::Name]
        }
        RecordType::TXT
        | RecordType::SPF
        | RecordType::AVC
        | RecordType::NINFO
        | RecordType::RESINFO
        | RecordType::WALLET => &[F::Texts],
        RecordType::SRV => &[F::U16, F::U16, F::U16, F::Name],
        RecordType::CAA => &[F::U8, F::Tag, F::Rest],
        RecordType::NAPTR => &[F::U16, F::U16, F::Text, F::Text, F::Text, F::Name],
        RecordType::TLSA | RecordType::SMIMEA => &[F::U8, F::U8, F::U8, F::Hex],
        RecordType::SSHFP => &[F::U8, F::U8, F::Hex],
        RecordType::DS | RecordType::CDS | RecordType::TA | RecordType::DLV => {
            &[F::U16, F::Algorithm, F::U8, F::Hex]
        }
        RecordType::DNSKEY | RecordType::CDNSKEY | RecordType::KEY | RecordType::RKEY => {
            &[F::U16, F::U8, F::Algorithm, F::Base64]
        }
        RecordType::RRSIG | RecordType::SIG => &[
            F::Type,
            F::Algorithm,
            F::U8,
            F::U32,
            F::Time,
            F::Time,
            F::U16,
            F::Name,
            F::Base64,
        ],
        RecordType::NSEC => &[F::Name, F::TypesOfOne],
        RecordType::NSEC3 => &[F::U8, F::U8, F::U16, F::Salt, F::Base32, F::Types],
        RecordType::NSEC3PARAM => &[F::U8, F::U8, F::U16, F::Salt],
        RecordType::SVCB | RecordType::HTTPS => &[F::U16, F::Name, F::Parameters],
        RecordType::HINFO => &[F::Text, F::Text],
        RecordType::MINFO | RecordType::RP | RecordType::TALINK => &[F::Name, F::Name],
        RecordType::PX => &[F::U16, F::Name, F::Name],
        RecordType::X25 => &[F::Digits],
        RecordType::ISDN => &[F::Text, F::OptionalText],
        RecordType::GPOS => &[F::Text, F::Text, F::Text],
        RecordType::NSAP => &[F::Nsap],
        RecordType::LOC => &[F::Location],
        RecordType::CERT => &[F::Certificate, F::U16, F::Algorithm, F::Base64],
        RecordType::APL => &[F::Prefixes],
        RecordType::IPSECKEY => &[F::IpsecKey],
        RecordType::DHCID | RecordType::OPENPGPKEY => &[F::Base64],
        RecordType::HIP => &[F::Hip],
        RecordType::CSYNC => &[F::U32, F::U16, F::Types],
        RecordType::ZONEMD => &[F::U32, F::U8, F::U8, F::Hex],
        RecordType::NID | RecordType::L64 => &[F::U16, F::Id64],
        RecordType::L32 => &[F::U16, F::Ipv4],
        RecordType::EUI48 => &[F::Eui48],
        RecordType::EUI64 => &[F::Eui64],
        RecordType::URI => &[F::U16, F::U16, F::Rest],
        RecordType::AMTRELAY => &[F::Relay],
        _ => return None,
    })
}

/// How many octets a part has at the start of `wire`; `None` if it does not fit.
pub(crate) fn size(field: Field, wire: &[u8]) -> Option<usize> {
    let size = match field {
        F::Name => wire_length(wire)?,
        F::U8 | F::Algorithm => 1,
        F::U16 | F::Type | F::Certificate => 2,
        F::U32 | F::Seconds | F::Time | F::Ipv4 => 4,
        F::Ipv6 => 16,
        F::Text | F::Digits | F::Salt | F::Base32 | F::Tag => 1 + usize::from(*wire.first()?),
        F::OptionalText => match wire.first() {
            Some(length) => 1 + usize::from(*length),
            None => 0,
        },
        F::Texts => {
            let mut at = 0;
            while let Some(length) = wire.get(at) {
                at += 1 + usize::from(*length);
            }
            if at == 0 {
                return None;
            }
            at
        }
        F::Hex | F::Base64 | F::Nsap | F::TypesOfOne if wire.is_empty() => return None,
        F::Hex | F::Base64 | F::Rest | F::Nsap => wire.len(),
        F::Types
        | F::TypesOfOne
        | F::Parameters
        | F::Prefixes
        | F::IpsecKey
        | F::Hip
        | F::Relay => wire.len(),
        F::Location => 16,
        F::Eui48 => 6,
        F::Eui64 | F::Id64 => 8,
    };
    (size <= wire.len()).then_some(size)
}

/// Calls `visit` for every part with the octets it has; `false` if the data does not fit its type.
pub(crate) fn walk<'w>(
    kind: RecordType,
    wire: &'w [u8],
    mut visit: impl FnMut(Field, &'w [u8]),
) -> bool {
    let Some(fields) = fields(kind) else {
        return true;
    };
    let mut rest = wire;
    for field in fields {
        let Some(size) = size(*field, rest) else {
            return false;
        };
        let (part, behind) = rest.split_at(size);
        visit(*field, part);
        rest = behind;
    }
    rest.is_empty()
}

/// Whether there are domain names among the parts of a type that the tables know.
pub(crate) fn has_names(kind: RecordType) -> bool {
    fields(kind).is_some_and(|fields| fields.contains(&F::Name))
}

/// The algorithms of DNSSEC that have names.
pub(crate) const ALGORITHMS: &[(&str, u8)] = &[
    ("RSAMD5", 1),
    ("DH", 2),
    ("DSA", 3),
    ("ECC", 4),
    ("RSASHA1", 5),
    ("DSA-NSEC3-SHA1", 6),
    ("NSEC3DSA", 6),
    ("RSASHA1-NSEC3-SHA1", 7),
    ("NSEC3RSASHA1", 7),
    ("RSASHA256", 8),
    ("RSASHA512", 10),
    ("ECC-GOST", 12),
    ("ECCGOST", 12),
    ("ECDSAP256SHA256", 13),
    ("ECDSAP384SHA384", 14),
    ("ED25519", 15),
    ("ED448", 16),
    ("INDIRECT", 252),
    ("PRIVATEDNS", 253),
    ("PRIVATEOID", 254),
];

/// The kinds of certificates that have names (RFC 4398).
pub(crate) const CERTIFICATES: &[(&str, u16)] = &[
    ("PKIX", 1),
    ("SPKI", 2),
    ("PGP", 3),
    ("IPKIX", 4),
    ("ISPKI", 5),
    ("IPGP", 6),
    ("ACPKIX", 7),
    ("IACPKIX", 8),
    ("URI", 253),
    ("OID", 254),
];
