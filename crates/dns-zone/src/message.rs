//! Messages of DNS, as far as it takes to ask a server what it serves.

use std::fmt;

use thiserror::Error;

use crate::{Class, Name, Record, RecordData, RecordType, Ttl};

/// How many octets an answer by UDP may have.
const SIZE: u16 = 1232;

/// A question to an authoritative server.
///
/// ```
/// use dns_zone::{Question, RecordType};
/// let question = Question::new("home.arpa".parse()?, RecordType::SOA);
/// let octets = question.to_message(7);
/// assert_eq!(&octets[..2], [0, 7]);
/// # Ok::<(), dns_zone::NameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Question {
    /// The name that is asked for.
    pub name: Name,
    /// The type that is asked for; [`RecordType::AXFR`] for all of a zone, by TCP.
    pub kind: RecordType,
    /// Whether the server shall ask others if it does not know.
    pub recursive: bool,
}

/// What a server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reply {
    /// The number of the question.
    pub id: u16,
    /// Whether it worked.
    pub code: ReplyCode,
    /// The server knows by itself.
    pub is_authoritative: bool,
    /// There is more than fits: ask again by TCP.
    pub is_truncated: bool,
    /// The records of the answer section, class IN alone.
    pub answers: Vec<Record>,
    /// The records of the authority section.
    pub authority: Vec<Record>,
}

/// How a server says what came of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReplyCode(pub u8);

/// Octets that are no answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the answer makes no sense: {0}")]
pub struct MessageError(&'static str);

impl ReplyCode {
    /// It worked; there may be no records all the same.
    pub const NO_ERROR: Self = Self(0);
    /// The name does not exist.
    pub const NX_DOMAIN: Self = Self(3);
}

impl fmt::Display for ReplyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            0 => "NOERROR",
            1 => "FORMERR",
            2 => "SERVFAIL",
            3 => "NXDOMAIN",
            4 => "NOTIMP",
            5 => "REFUSED",
            9 => "NOTAUTH",
            other => return write!(f, "RCODE{other}"),
        })
    }
}

impl Question {
    /// A question that the server shall answer by itself.
    pub fn new(name: Name, kind: RecordType) -> Self {
        Self {
            name,
            kind,
            recursive: false,
        }
    }

    /// The octets of the message, without the length in front that TCP needs.
    pub fn to_message(&self, id: u16) -> Vec<u8> {
        let mut out = Vec::with_capacity(64);
        out.extend(id.to_be_bytes());
        out.extend([u8::from(self.recursive), 0]);
        // One question, and how large an answer may be (RFC 6891), but for a transfer.
        let sized = self.kind != RecordType::AXFR;
        for count in [1, 0, 0, u16::from(sized)] {
            out.extend(u16::to_be_bytes(count));
        }
        out.extend_from_slice(self.name.as_wire());
        out.extend(self.kind.code().to_be_bytes());
        out.extend(Class::IN.code().to_be_bytes());
        if sized {
            out.push(0);
            out.extend(41_u16.to_be_bytes());
            out.extend(SIZE.to_be_bytes());
            out.extend([0; 6]);
        }
        out
    }
}

impl Reply {
    /// Reads a message.
    ///
    /// # Errors
    /// When the octets are none. Records that cannot be read are an error as well.
    pub fn from_message(message: &[u8]) -> Result<Self, MessageError> {
        let mut reader = Reader { message, at: 0 };
        let id = reader.short()?;
        let flags = reader.short()?;
        if flags & 0x8000 == 0 {
            return Err(MessageError("it is a question"));
        }
        let counts = [
            reader.short()?,
            reader.short()?,
            reader.short()?,
            reader.short()?,
        ];
        for _ in 0..counts[0] {
            reader.name()?;
            reader.skip(4)?;
        }
        Ok(Self {
            id,
            code: ReplyCode((flags & 15).to_be_bytes()[1]),
            is_authoritative: flags & 0x0400 != 0,
            is_truncated: flags & 0x0200 != 0,
            answers: reader.records(counts[1])?,
            authority: reader.records(counts[2])?,
        })
    }
}

struct Reader<'m> {
    message: &'m [u8],
    at: usize,
}

const SHORT: MessageError = MessageError("it is too short");

impl Reader<'_> {
    fn short(&mut self) -> Result<u16, MessageError> {
        let octets = self.message.get(self.at..self.at + 2).ok_or(SHORT)?;
        self.at += 2;
        Ok(octets
            .iter()
            .fold(0, |all, octet| all << 8 | u16::from(*octet)))
    }

    fn name(&mut self) -> Result<Name, MessageError> {
        Name::from_message(self.message, &mut self.at)
            .map_err(|_| MessageError("there is a bad name in it"))
    }

    fn skip(&mut self, count: usize) -> Result<(), MessageError> {
        self.at += count;
        if self.at > self.message.len() {
            Err(SHORT)
        } else {
            Ok(())
        }
    }

    fn records(&mut self, count: u16) -> Result<Vec<Record>, MessageError> {
        let mut records = Vec::new();
        for _ in 0..count {
            let owner = self.name()?;
            let kind = RecordType::from_code(self.short()?);
            let class = Class::from_code(self.short()?);
            let seconds = u32::from(self.short()?) << 16 | u32::from(self.short()?);
            let length = usize::from(self.short()?);
            let start = self.at;
            self.skip(length)?;
            if class != Class::IN || kind.is_meta() {
                continue;
            }
            let data = RecordData::from_message(kind, self.message, start, start + length)
                .map_err(|_| MessageError("there are bad data in it"))?;
            records.push(Record::new(owner, Ttl::from_message(seconds), data));
        }
        Ok(records)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Question, Reply, ReplyCode};
    use crate::RecordType;

    #[test]
    fn an_answer_is_read() {
        let question = Question::new("a.home.arpa".parse().unwrap(), RecordType::A);
        let mut message = question.to_message(513);
        assert_eq!(message.len(), 12 + 13 + 4 + 11);
        message.truncate(12 + 13 + 4);
        message[2] = 0x84;
        message[3] = 0x00;
        message[7] = 1;
        message[11] = 0;
        message.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 192, 0, 2, 7]);
        let reply = Reply::from_message(&message).unwrap();
        assert_eq!(
            (
                reply.id,
                reply.code,
                reply.is_authoritative,
                reply.is_truncated
            ),
            (513, ReplyCode::NO_ERROR, true, false)
        );
        assert_eq!(
            reply.answers[0].to_string(),
            "a.home.arpa. 300 IN A 192.0.2.7"
        );
        assert!(Reply::from_message(&message[..message.len() - 1]).is_err());
        assert!(Reply::from_message(&question.to_message(1)).is_err());
    }

    proptest! {
        #[test]
        fn any_octets_are_harmless(mut octets in prop::collection::vec(any::<u8>(), 0..80)) {
            if let Some(flags) = octets.get_mut(2) {
                *flags |= 0x80;
            }
            let _either = Reply::from_message(&octets);
        }
    }
}
