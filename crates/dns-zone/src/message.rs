//! Messages of DNS, as far as it takes to ask a server what it serves.
//!
//! hickory-proto writes and reads what is around the data of records. The data are read by the tables
//! of this crate: hickory refuses a message with an empty `APL`, keeps compressed names in the data of
//! types it does not know, and prints none of them as a master file has it.

use std::fmt;

use hickory_proto::op::{Edns, Header, Message, MessageType, Query};
use hickory_proto::rr as wire;
use hickory_proto::serialize::binary::{BinDecodable as _, BinDecoder};
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
        let mut message = Message::query();
        message.metadata.id = id;
        message.metadata.recursion_desired = self.recursive;
        // Every name of ours is one on the wire.
        let name = wire::Name::from_bytes(self.name.as_wire()).unwrap_or_default();
        message.add_query(Query::query(name, self.kind.code().into()));
        // How large an answer may be (RFC 6891), but for a transfer.
        if self.kind != RecordType::AXFR {
            let mut edns = Edns::new();
            edns.set_max_payload(SIZE);
            message.set_edns(edns);
        }
        // One question always fits.
        message.to_vec().unwrap_or_default()
    }
}

impl Reply {
    /// Reads a message.
    ///
    /// # Errors
    /// When the octets are none. Records that cannot be read are an error as well.
    pub fn from_message(message: &[u8]) -> Result<Self, MessageError> {
        let mut decoder = BinDecoder::new(message);
        let header = Header::read(&mut decoder).map_err(|_| SHORT)?;
        if header.message_type != MessageType::Response {
            return Err(MessageError("it is a question"));
        }
        for _ in 0..header.counts.queries {
            Query::read(&mut decoder).map_err(|_| MessageError("its question cannot be read"))?;
        }
        Ok(Self {
            id: header.id,
            code: ReplyCode(header.response_code.low()),
            is_authoritative: header.authoritative,
            is_truncated: header.truncation,
            answers: records(message, &mut decoder, header.counts.answers)?,
            authority: records(message, &mut decoder, header.counts.authorities)?,
        })
    }
}

const SHORT: MessageError = MessageError("it is too short");

/// The next records, class IN alone.
fn records(
    message: &[u8],
    decoder: &mut BinDecoder<'_>,
    count: u16,
) -> Result<Vec<Record>, MessageError> {
    let mut records = Vec::new();
    for _ in 0..count {
        let mut at = decoder.index();
        let owner = Name::from_message(message, &mut at)
            .map_err(|_| MessageError("there is a bad name in it"))?;
        skip(decoder, at - decoder.index())?;
        let kind = RecordType::from_code(short(decoder)?);
        let class = Class::from_code(short(decoder)?);
        let seconds = decoder.read_u32().map_err(|_| SHORT)?.unverified();
        let length = usize::from(short(decoder)?);
        let start = decoder.index();
        skip(decoder, length)?;
        if class != Class::IN || kind.is_meta() {
            continue;
        }
        let data = RecordData::from_message(kind, message, start, start + length)
            .map_err(|_| MessageError("there are bad data in it"))?;
        records.push(Record::new(owner, Ttl::from_message(seconds), data));
    }
    Ok(records)
}

/// A number whose every value is looked at later.
fn short(decoder: &mut BinDecoder<'_>) -> Result<u16, MessageError> {
    let number = decoder.read_u16().map_err(|_| SHORT)?;
    Ok(number.unverified())
}

fn skip(decoder: &mut BinDecoder<'_>, count: usize) -> Result<(), MessageError> {
    decoder.read_slice(count).map(drop).map_err(|_| SHORT)
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
