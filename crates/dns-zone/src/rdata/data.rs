//! Data of the common record types, with types.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::read::MAX_DATA;
use super::{Field, RdataError, RecordData, walk};
use crate::{Name, RecordType};

/// The data of a record as values. Made from a [`RecordData`] when asked, and back by
/// [`RecordData::from_data`]; types that are not here are [`Data::Other`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Data {
    /// An IPv4 address.
    A(Ipv4Addr),
    /// An IPv6 address.
    Aaaa(Ipv6Addr),
    /// The name this one is an alias of.
    Cname(Name),
    /// A name server.
    Ns(Name),
    /// What an address belongs to.
    Ptr(Name),
    /// Where all names below this one are.
    Dname(Name),
    /// About the zone.
    Soa(Soa),
    /// A mail server.
    Mx {
        /// The lowest is tried first.
        preference: u16,
        /// The host; the root means that no mail is taken.
        exchange: Name,
    },
    /// Texts of up to 255 octets each; readers join them.
    Txt(Vec<Vec<u8>>),
    /// Where a service is.
    Srv {
        /// The lowest is tried first.
        priority: u16,
        /// The share among equal priorities.
        weight: u16,
        /// The port.
        port: u16,
        /// The host; the root means that there is none.
        target: Name,
    },
    /// Who may issue certificates.
    Caa {
        /// 128 for critical, else 0.
        flags: u8,
        /// Such as `issue`.
        tag: String,
        /// Such as `letsencrypt.org`.
        value: Vec<u8>,
    },
    /// A rule of rewriting (RFC 3403).
    Naptr {
        /// The lowest is taken first.
        order: u16,
        /// The lowest is preferred.
        preference: u16,
        /// Such as `S`.
        flags: Vec<u8>,
        /// Such as `SIP+D2U`.
        services: Vec<u8>,
        /// A substitution.
        regexp: Vec<u8>,
        /// The next name to ask for.
        replacement: Name,
    },
    /// A certificate of a service (RFC 6698).
    Tlsa {
        /// 0 to 3.
        usage: u8,
        /// 0 the certificate, 1 its key.
        selector: u8,
        /// 0 as it is, 1 SHA-256, 2 SHA-512.
        matching: u8,
        /// The octets.
        data: Vec<u8>,
    },
    /// The key of a zone below.
    Ds {
        /// Which key.
        key_tag: u16,
        /// The algorithm of the key.
        algorithm: u8,
        /// The algorithm of the digest.
        digest_type: u8,
        /// The digest.
        digest: Vec<u8>,
    },
    /// A service binding; the parameters are in wire form, by key.
    Svcb {
        /// 0 is an alias.
        priority: u16,
        /// The host; the root means the owner.
        target: Name,
        /// Keys and values in the order of the keys.
        parameters: Vec<(u16, Vec<u8>)>,
    },
    /// The same for HTTPS.
    Https {
        /// 0 is an alias.
        priority: u16,
        /// The host; the root means the owner.
        target: Name,
        /// Keys and values in the order of the keys.
        parameters: Vec<(u16, Vec<u8>)>,
    },
    /// Any other type; the octets are in [`RecordData::as_wire`].
    Other,
}

/// What the start of a zone says about it. Times are in seconds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Soa {
    /// The first name server.
    pub mname: Name,
    /// The mail address of who looks after the zone, `@` a dot.
    pub rname: Name,
    /// The number of this state of the zone.
    pub serial: u32,
    /// How often secondaries ask.
    pub refresh: u32,
    /// How long they wait after a failure.
    pub retry: u32,
    /// After how long without an answer they give the zone up.
    pub expire: u32,
    /// How long it may be remembered that a name does not exist.
    pub minimum: u32,
}

/// The parts of a record's data, one after the other.
struct Parts<'w>(std::vec::IntoIter<&'w [u8]>);

impl Parts<'_> {
    fn octets(&mut self) -> &[u8] {
        self.0.next().unwrap_or_default()
    }

    fn name(&mut self) -> Name {
        Name::from_wire(self.octets()).unwrap_or_else(|_| Name::root())
    }

    fn number(&mut self) -> u32 {
        let octets = self.octets().iter();
        octets.fold(0, |all, octet| all << 8 | u32::from(*octet))
    }

    fn short(&mut self) -> u16 {
        u16::try_from(self.number()).unwrap_or_default()
    }

    fn octet(&mut self) -> u8 {
        u8::try_from(self.number()).unwrap_or_default()
    }

    fn text(&mut self) -> Vec<u8> {
        self.octets().get(1..).unwrap_or_default().to_vec()
    }
}

impl RecordData {
    /// The data as values.
    pub fn decode(&self) -> Data {
        let mut parts = Vec::new();
        walk(self.kind, &self.wire, |_: Field, part| parts.push(part));
        let mut parts = Parts(parts.into_iter());
        let p = &mut parts;
        match self.kind {
            RecordType::A => Data::A(p.number().into()),
            RecordType::AAAA => {
                let octets: [u8; 16] = p.octets().try_into().unwrap_or_default();
                Data::Aaaa(octets.into())
            }
            RecordType::CNAME => Data::Cname(p.name()),
            RecordType::NS => Data::Ns(p.name()),
            RecordType::PTR => Data::Ptr(p.name()),
            RecordType::DNAME => Data::Dname(p.name()),
            RecordType::SOA => Data::Soa(Soa {
                mname: p.name(),
                rname: p.name(),
                serial: p.number(),
                refresh: p.number(),
                retry: p.number(),
                expire: p.number(),
                minimum: p.number(),
            }),
            RecordType::MX => Data::Mx {
                preference: p.short(),
                exchange: p.name(),
            },
            RecordType::TXT => {
                let mut texts = Vec::new();
                let mut rest = p.octets();
                while let Some((length, behind)) = rest.split_first() {
                    let (text, behind) = behind.split_at(usize::from(*length).min(behind.len()));
                    texts.push(text.to_vec());
                    rest = behind;
                }
                Data::Txt(texts)
            }
            RecordType::SRV => Data::Srv {
                priority: p.short(),
                weight: p.short(),
                port: p.short(),
                target: p.name(),
            },
            RecordType::CAA => Data::Caa {
                flags: p.octet(),
                tag: String::from_utf8_lossy(&p.text()).into_owned(),
                value: p.octets().to_vec(),
            },
            RecordType::NAPTR => Data::Naptr {
                order: p.short(),
                preference: p.short(),
                flags: p.text(),
                services: p.text(),
                regexp: p.text(),
                replacement: p.name(),
            },
            RecordType::TLSA => Data::Tlsa {
                usage: p.octet(),
                selector: p.octet(),
                matching: p.octet(),
                data: p.octets().to_vec(),
            },
            RecordType::DS => Data::Ds {
                key_tag: p.short(),
                algorithm: p.octet(),
                digest_type: p.octet(),
                digest: p.octets().to_vec(),
            },
            RecordType::SVCB => Data::Svcb {
                priority: p.short(),
                target: p.name(),
                parameters: parameters(p.octets()),
            },
            RecordType::HTTPS => Data::Https {
                priority: p.short(),
                target: p.name(),
                parameters: parameters(p.octets()),
            },
            _ => Data::Other,
        }
    }

    /// The record data of values.
    ///
    /// # Errors
    /// [`RdataError`] if a text has more than 255 octets, a tag is none, the whole is too long, or
    /// the values are [`Data::Other`].
    pub fn from_data(data: &Data) -> Result<Self, RdataError> {
        let mut wire = Vec::new();
        let kind = match data {
            Data::A(address) => return Ok(Self::a(*address)),
            Data::Aaaa(address) => return Ok(Self::aaaa(*address)),
            Data::Cname(name) => return Ok(Self::cname(name)),
            Data::Ns(name) => return Ok(Self::ns(name)),
            Data::Ptr(name) => return Ok(Self::ptr(name)),
            Data::Dname(name) => return Ok(Self::of_name(RecordType::DNAME, name)),
            Data::Soa(soa) => return Ok(Self::soa(soa)),
            Data::Mx {
                preference,
                exchange,
            } => return Ok(Self::mx(*preference, exchange)),
            Data::Txt(texts) => {
                for text in texts {
                    counted(text, &mut wire)?;
                }
                RecordType::TXT
            }
            Data::Srv {
                priority,
                weight,
                port,
                target,
            } => return Ok(Self::srv(*priority, *weight, *port, target)),
            Data::Caa { flags, tag, value } => {
                wire.push(*flags);
                counted(tag.as_bytes(), &mut wire)?;
                wire.extend_from_slice(value);
                RecordType::CAA
            }
            Data::Naptr {
                order,
                preference,
                flags,
                services,
                regexp,
                replacement,
            } => {
                wire.extend_from_slice(&order.to_be_bytes());
                wire.extend_from_slice(&preference.to_be_bytes());
                for text in [flags, services, regexp] {
                    counted(text, &mut wire)?;
                }
                wire.extend_from_slice(replacement.as_wire());
                RecordType::NAPTR
            }
            Data::Tlsa {
                usage,
                selector,
                matching,
                data,
            } => {
                wire.extend_from_slice(&[*usage, *selector, *matching]);
                wire.extend_from_slice(data);
                RecordType::TLSA
            }
            Data::Ds {
                key_tag,
                algorithm,
                digest_type,
                digest,
            } => {
                wire.extend_from_slice(&key_tag.to_be_bytes());
                wire.extend_from_slice(&[*algorithm, *digest_type]);
                wire.extend_from_slice(digest);
                RecordType::DS
            }
            Data::Svcb {
                priority,
                target,
                parameters,
            } => {
                binding(*priority, target, parameters, &mut wire)?;
                RecordType::SVCB
            }
            Data::Https {
                priority,
                target,
                parameters,
            } => {
                binding(*priority, target, parameters, &mut wire)?;
                RecordType::HTTPS
            }
            Data::Other => {
                return Err(RdataError::new(None, "values of a type that has none"));
            }
        };
        Self::from_wire(kind, &wire)
    }

    /// An address.
    pub fn a(address: Ipv4Addr) -> Self {
        Self::from_parts(RecordType::A, &address.octets())
    }

    /// An address.
    pub fn aaaa(address: Ipv6Addr) -> Self {
        Self::from_parts(RecordType::AAAA, &address.octets())
    }

    fn of_name(kind: RecordType, name: &Name) -> Self {
        Self::from_parts(kind, name.as_wire())
    }

    /// An alias.
    pub fn cname(target: &Name) -> Self {
        Self::of_name(RecordType::CNAME, target)
    }

    /// A name server.
    pub fn ns(target: &Name) -> Self {
        Self::of_name(RecordType::NS, target)
    }

    /// What an address belongs to.
    pub fn ptr(target: &Name) -> Self {
        Self::of_name(RecordType::PTR, target)
    }

    /// A mail server.
    pub fn mx(preference: u16, exchange: &Name) -> Self {
        let mut wire = preference.to_be_bytes().to_vec();
        wire.extend_from_slice(exchange.as_wire());
        Self::from_parts(RecordType::MX, &wire)
    }

    /// Where a service is.
    pub fn srv(priority: u16, weight: u16, port: u16, target: &Name) -> Self {
        let mut wire = Vec::new();
        for number in [priority, weight, port] {
            wire.extend_from_slice(&number.to_be_bytes());
        }
        wire.extend_from_slice(target.as_wire());
        Self::from_parts(RecordType::SRV, &wire)
    }

    /// A text, split into pieces of 255 octets, which readers join. Of more than 65,279 octets the
    /// start.
    pub fn txt(text: impl AsRef<[u8]>) -> Self {
        let text = text.as_ref();
        let text = &text[..text.len().min(MAX_DATA / 256 * 255)];
        let mut wire = Vec::with_capacity(text.len() + text.len() / 255 + 1);
        let pieces = text.chunks(255).chain(text.is_empty().then_some(&[][..]));
        for piece in pieces {
            wire.push(u8::try_from(piece.len()).unwrap_or(u8::MAX));
            wire.extend_from_slice(piece);
        }
        Self::from_parts(RecordType::TXT, &wire)
    }

    /// The start of a zone.
    pub fn soa(soa: &Soa) -> Self {
        let mut wire = soa.mname.as_wire().to_vec();
        wire.extend_from_slice(soa.rname.as_wire());
        for number in [soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum] {
            wire.extend_from_slice(&number.to_be_bytes());
        }
        Self::from_parts(RecordType::SOA, &wire)
    }
}

fn parameters(mut rest: &[u8]) -> Vec<(u16, Vec<u8>)> {
    let mut all = Vec::new();
    while let [a, b, c, d, behind @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*c, *d])).min(behind.len());
        all.push((u16::from_be_bytes([*a, *b]), behind[..length].to_vec()));
        rest = &behind[length..];
    }
    all
}

fn counted(text: &[u8], wire: &mut Vec<u8>) -> Result<(), RdataError> {
    let length = u8::try_from(text.len()).map_err(|_| {
        RdataError::new(
            None,
            format!("a text of {} octets, more than 255", text.len()),
        )
    })?;
    wire.push(length);
    wire.extend_from_slice(text);
    Ok(())
}

fn binding(
    priority: u16,
    target: &Name,
    parameters: &[(u16, Vec<u8>)],
    wire: &mut Vec<u8>,
) -> Result<(), RdataError> {
    wire.extend_from_slice(&priority.to_be_bytes());
    wire.extend_from_slice(target.as_wire());
    for (key, value) in parameters {
        let length = u16::try_from(value.len())
            .map_err(|_| RdataError::new(None, "a parameter of more than 65535 octets"))?;
        wire.extend_from_slice(&key.to_be_bytes());
        wire.extend_from_slice(&length.to_be_bytes());
        wire.extend_from_slice(value);
    }
    Ok(())
}
