//! The same text read by hickory-proto, where its reader is right: no escapes, no texts with quotes in
//! parentheses, types that it knows in text.

use std::collections::BTreeSet;

use dns_zone::RecordType;
use hickory_proto::serialize::binary::BinEncodable as _;
use hickory_proto::serialize::txt::Parser;

use super::{read, rounds, zones};

/// Types that hickory 0.26 reads from text as they are meant.
const KNOWN: [RecordType; 11] = [
    RecordType::A,
    RecordType::AAAA,
    RecordType::CNAME,
    RecordType::MX,
    RecordType::NS,
    RecordType::PTR,
    RecordType::SOA,
    RecordType::SRV,
    RecordType::NAPTR,
    RecordType::SSHFP,
    RecordType::TLSA,
];

/// Owner, type, time to live and octets of a record; names in lower case.
type Plain = (String, u16, u32, Vec<u8>);

fn hickory(text: &str) -> BTreeSet<Plain> {
    let origin = hickory_proto::rr::Name::from_ascii("home.lab.").unwrap();
    let (_, sets) = Parser::new(text, None, Some(origin)).parse().unwrap();
    let records = sets.values().flat_map(|set| set.records_without_rrsigs());
    records
        .map(|record| {
            let data = record.data.to_bytes().unwrap();
            let kind = RecordType::from_code(u16::from(record.record_type()));
            let data = dns_zone::RecordData::from_message(kind, &data, 0, data.len())
                .unwrap_or_else(|_| panic!("{record}: {data:?}"));
            let owner = record.name.to_ascii().to_ascii_lowercase();
            (owner, kind.code(), record.ttl, data.canonical_wire())
        })
        .collect()
}

#[test]
fn generated_zones_have_the_records_that_hickory_sees() {
    for seed in 0..rounds(200) {
        let zone = read(zones::zone(seed, 60)).zone;
        let known: Vec<_> = zone
            .records()
            .filter(|record| KNOWN.contains(&record.kind()))
            .collect();
        let text: String = known
            .iter()
            .map(|record| format!("{record}\n"))
            .collect::<Vec<_>>()
            .concat();
        let ours: BTreeSet<Plain> = known
            .iter()
            .map(|record| {
                let owner = record.owner.to_string().to_ascii_lowercase();
                let data = record.data.canonical_wire();
                (owner, record.kind().code(), record.ttl.as_secs(), data)
            })
            .collect();
        assert_eq!(hickory(&text), ours, "seed {seed}\n{text}");
    }
}

/// Why dns-zone takes from hickory what is around the data of records, and not their data, names in
/// text and types: when this fails, more of it can be used.
#[test]
fn hickory_is_still_wrong_where_it_is_not_used() {
    use hickory_proto::op::Message;
    use hickory_proto::rr::{Name, RecordType};

    assert!(Name::from_ascii(r"a\046b.").is_err(), "decimal escapes");
    for word in ["LOC", "RP", "URI", "TYPE65280", "mx"] {
        assert!(word.parse::<RecordType>().is_err(), "{word}");
    }
    // An answer with an APL record without items (RFC 3123 section 4 allows none).
    let mut empty = vec![0, 7, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0];
    empty.extend([1, b'a', 0, 0, 42, 0, 1, 0, 0, 1, 44, 0, 0]);
    assert!(Message::from_vec(&empty).is_err());
    let reply = dns_zone::Reply::from_message(&empty).unwrap();
    assert_eq!(reply.answers[0].to_string().trim_end(), "a. 300 IN APL");
}
