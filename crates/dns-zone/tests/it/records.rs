//! Data of records: words, values, octets.

use dns_zone::{Data, Name, RecordData, RecordType};

use crate::read;

fn origin() -> Name {
    "home.lab".parse().unwrap()
}

#[test]
fn values_go_there_and_back() {
    let fixture = include_str!("fixtures/types.zone");
    for record in read(fixture).zone.records() {
        let data = record.data.decode();
        if data != Data::Other {
            assert_eq!(RecordData::from_data(&data).as_ref(), Ok(&record.data));
        }
    }
}

#[test]
fn words_and_octets_go_there_and_back() {
    let fixture = include_str!("fixtures/types.zone");
    for record in read(fixture).zone.records() {
        let data = &record.data;
        let kind = data.kind();
        assert_eq!(
            RecordData::from_wire(kind, data.as_wire()).as_ref(),
            Ok(data)
        );
        assert_eq!(
            RecordData::parse(kind, &data.to_string(), &Name::root()).as_ref(),
            Ok(data)
        );
        assert_eq!(
            RecordData::parse(kind, &data.to_relative(&origin()), &origin()).as_ref(),
            Ok(data)
        );
        let octets = data.as_wire().iter().map(|octet| format!("{octet:02x}"));
        let octets = octets.collect::<Vec<_>>().concat();
        let generic = format!("\\# {} {octets}", data.as_wire().len());
        assert_eq!(
            RecordData::parse(kind, &generic, &origin()).as_ref(),
            Ok(data),
            "{kind} {generic}"
        );
        // One octet less is no such record, or another one; never a panic.
        for end in 0..data.as_wire().len() {
            if let Ok(shorter) = RecordData::from_wire(kind, &data.as_wire()[..end]) {
                assert_eq!(
                    RecordData::parse(kind, &shorter.to_string(), &Name::root()).as_ref(),
                    Ok(&shorter),
                    "{kind} {shorter}"
                );
            }
        }
    }
}

#[test]
fn case_counts_in_texts_and_not_in_names() {
    let data = |kind: RecordType, words: &str| RecordData::parse(kind, words, &origin()).unwrap();
    assert_eq!(
        data(RecordType::MX, "10 MAIL"),
        data(RecordType::MX, "10 mail.home.lab.")
    );
    assert_eq!(
        data(RecordType::MX, "10 ( mail )"),
        data(RecordType::MX, "10( mail )")
    );
    assert_ne!(data(RecordType::TXT, "A"), data(RecordType::TXT, "a"));
    assert_eq!(
        data(RecordType::TXT, "a\\065"),
        data(RecordType::TXT, "\"aA\"")
    );
    assert_ne!(data(RecordType::TXT, "ab"), data(RecordType::TXT, "a b"));
    assert_eq!(
        data(RecordType::AAAA, "2001:DB8::0:1"),
        data(RecordType::AAAA, "2001:db8::1")
    );
}

#[test]
fn long_texts_are_split() {
    let text = RecordData::txt("x".repeat(600));
    let Data::Txt(pieces) = text.decode() else {
        panic!()
    };
    assert_eq!(
        pieces.iter().map(Vec::len).collect::<Vec<_>>(),
        [255, 255, 90]
    );
    assert_eq!(RecordData::txt("").to_string(), "\"\"");
    assert!(RecordData::txt("x".repeat(100_000)).as_wire().len() <= 65_535);
}

#[test]
fn what_is_wrong_is_said() {
    let wrong = |kind: &str, words: &str| {
        let error = RecordData::parse(kind.parse().unwrap(), words, &origin()).unwrap_err();
        format!("{:?} {error}", error.word())
    };
    insta::assert_debug_snapshot!(
        [
            wrong("A", "1.2.3"),
            wrong("A", "1.2.3.4 5"),
            wrong("A", ""),
            wrong("A", "\"1.2.3.4\""),
            wrong("MX", "65536 a"),
            wrong("MX", "10"),
            wrong("SOA", "a b 1 2 3 4 5x"),
            wrong("TLSA", "1 1 1 abc"),
            wrong("TYPE65280", "abc"),
            wrong("TYPE65280", "\\# 2 abcdef"),
            wrong("A", "\\# 3 010203"),
            wrong("HTTPS", "1 . alpn=h2 alpn=h3"),
            wrong("HTTPS", "1 . mandatory=port"),
            wrong("TXT", "\"\\300\""),
            wrong("TXT", "\"open"),
            wrong("LOC", "91 N 0 E 0"),
        ],
        @r#"
    [
        "Some(0) `1.2.3` is no IPv4 address",
        "Some(1) nothing is expected here: the record is complete",
        "None an IPv4 address is missing",
        "Some(0) an IPv4 address stands in quotes",
        "Some(0) `65536` is no number from 0 to 65535",
        "None a domain name is missing",
        "Some(6) `5x`: not a number of seconds, nor numbers with the units w, d, h, m, s",
        "Some(3) not an even number of hexadecimal digits",
        "Some(0) data of type TYPE65280 has to be written as `\\# length hexadecimal-digits`",
        "Some(1) 2 octets are announced and 3 are there",
        "Some(0) the octets are no data of a record of type A",
        "Some(3) the parameter is there twice",
        "Some(2) `port` is mandatory and not there",
        "Some(0) `\\` is followed by neither one character nor three digits up to 255",
        "None a quote or a parenthesis is not closed, or there is a second line",
        "Some(1) more than 90 degrees",
    ]
    "#
    );
}
