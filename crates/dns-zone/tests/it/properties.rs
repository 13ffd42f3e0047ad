//! What holds for every text.

use dns_zone::{CheckOptions, LoadOptions, Name, RecordData, RecordType, ZoneFile, check};
use proptest::prelude::*;

use crate::read;

/// Words that mean something in a master file, and octets that do not.
fn words() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        "\n",
        "\n",
        "\n",
        " ",
        " ",
        "\t",
        "(",
        ")",
        "\"",
        ";",
        "\\",
        "\\#",
        "@",
        "*",
        "$TTL ",
        "$ORIGIN ",
        "$INCLUDE ",
        "$GENERATE ",
        "1-3 h$ ",
        "${1,2,x}",
        "IN ",
        "CH ",
        "A ",
        "AAAA ",
        "CNAME ",
        "NS ",
        "SOA ",
        "MX ",
        "TXT ",
        "SRV ",
        "HTTPS ",
        "LOC ",
        "DNAME ",
        "TYPE65280 ",
        "\\# 2 abcd",
        "1.2.3.4",
        "::1",
        "home.lab.",
        "a",
        "b.c",
        "300 ",
        "1h ",
        "\r\n",
        "\\065",
        "\\.",
        "\"x y\"",
        "@ SOA ns1 h 1 2 3 4 5\n",
        "ns1 A 1.2.3.4\n",
        "@ NS ns1\n",
        "* A 1.2.3.4\n",
        "x.y A 1.2.3.4\n",
        "alpn=h2,h3 ",
    ])
    .prop_map(|word| word.as_bytes().to_vec());
    let octets = prop::collection::vec(any::<u8>(), 0..4);
    prop::collection::vec(prop_oneof![8 => known, 1 => octets], 0..60)
        .prop_map(|words| words.concat())
}

/// Lines that can be read, in any order, with blanks and comments.
fn lines() -> impl Strategy<Value = Vec<u8>> {
    let lines = prop::sample::select(vec![
        "\n",
        "  \n",
        "; a comment\n",
        "\t;indented\n",
        "$TTL 1h\n",
        "$ttl 60;short\n",
        "$ORIGIN sub\n",
        "$ORIGIN home.lab. ; back\n",
        "$GENERATE 1-3 h$ A 10.0.0.$ ; three\n",
        "a A 1.2.3.4\n",
        "a\t60\tin\ta 1.2.3.4;c\n",
        "\tIN 5m AAAA ::1\n",
        " TXT a b\n",
        "  MX 10 @\r\n",
        "x TXT ( \"one\" ; first\n  two )\n",
        "b\u{fc}cher A 1.2.3.5\n",
        "x TXT \u{e4}\n",
        "a@b CNAME c!d\n",
        "y TYPE65280 \\# 2 ab cd\n",
        "y A \\# 4 01020304\n",
        "h HTTPS 1 . alpn=\"h2,h3\" port=443\n",
        "very.long.owner.that.is.wider.than.others.by.far A 1.2.3.6\n",
        "@ SOA ns1 admin (\n  1 ; serial\n\t2h 1h 2w 5m )\n",
        "caa CAA 0 issue letsencrypt.org\n",
        "l LOC 52 22 23.000 N 4 53 32.000 E -2m\n",
        "q TXT \"a\\\"b\\;\\065\" c\\\\d\n",
        "p\\.q\\032r A 1.2.3.7\n",
        "t TXT \"\"\n",
        "u TXT one\"two\"\n",
        "n NAPTR 1 1 S x \"\" .\n",
    ]);
    prop::collection::vec(lines, 0..30)
        .prop_map(|lines| ["a 60 A 1.2.3.4\n", &lines.concat()].concat().into_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_is_lost(text in prop_oneof![words(), prop::collection::vec(any::<u8>(), 0..200)]) {
        let file = ZoneFile::parse("zone", &text);
        prop_assert_eq!(file.to_bytes(), text.clone());
        let entries: Vec<u8> = file.entries().flat_map(|entry| entry.text().to_vec()).collect();
        prop_assert_eq!(entries, text);
    }

    #[test]
    fn no_text_is_too_much(text in words()) {
        let loaded = read(&text);
        for found in check(&loaded, &CheckOptions::default()) {
            let _shown = found.to_string();
        }
        let _canonical = loaded.zone.to_canonical();
        for record in loaded.zone.records().take(5) {
            let _answer = loaded.zone.answer(&record.owner, RecordType::A);
        }
    }

    #[test]
    fn the_canonical_form_is_the_same_zone(text in words()) {
        let loaded = read(&text);
        let canonical = loaded.zone.to_canonical();
        let root = LoadOptions::new(Name::root());
        let again = dns_zone::parse("canonical", &canonical, &root);
        prop_assert!(again.is_complete(), "{:?}\n{}", again.diagnostics(), canonical);
        prop_assert_eq!(again.zone.to_canonical(), canonical);
    }

    #[test]
    fn the_pretty_form_is_the_same_zone(text in lines()) {
        let loaded = read(&text);
        prop_assert!(loaded.is_complete(), "{:?}", loaded.diagnostics());
        let pretty = loaded.zone.files()[0].to_pretty();
        let again = read(&pretty);
        prop_assert!(again.is_complete(), "{:?}\n{}", again.diagnostics(), String::from_utf8_lossy(&pretty));
        prop_assert_eq!(again.zone.to_canonical(), loaded.zone.to_canonical());
        prop_assert_eq!(again.zone.files()[0].to_pretty(), pretty);
    }

    #[test]
    fn names_go_there_and_back(labels in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..20), 0..8)) {
        let name = Name::from_labels(&labels).unwrap();
        let again: Name = name.to_string().parse().unwrap();
        prop_assert_eq!(again.as_wire(), name.as_wire());
        let origin: Name = "home.lab".parse().unwrap();
        let relative = name.relative_to(&origin);
        prop_assert_eq!(Name::parse_relative(&relative, &origin).unwrap(), name);
    }

    #[test]
    fn texts_go_there_and_back(text in prop::collection::vec(any::<u8>(), 0..600)) {
        let data = RecordData::txt(&text);
        let again = RecordData::parse(RecordType::TXT, &data.to_string(), &Name::root()).unwrap();
        prop_assert_eq!(again.as_wire(), data.as_wire());
    }

    #[test]
    fn octets_are_data_or_not(code in 0_u16..300, wire in prop::collection::vec(any::<u8>(), 0..60)) {
        let kind = RecordType::from_code(code);
        if let Ok(data) = RecordData::from_wire(kind, &wire) {
            let again = RecordData::parse(kind, &data.to_string(), &Name::root());
            prop_assert_eq!(again.as_ref().map(RecordData::as_wire), Ok(data.as_wire()), "{} {}", kind, data);
            let _values = data.decode();
            prop_assert_eq!(RecordData::from_message(kind, &wire, 0, wire.len()), Ok(data));
        }
    }

    #[test]
    fn messages_are_names_or_not(message in prop::collection::vec(any::<u8>(), 0..80), at in 0_usize..80) {
        let mut behind = at;
        if Name::from_message(&message, &mut behind).is_ok() {
            prop_assert!(behind > at && behind <= message.len());
        }
    }
}
