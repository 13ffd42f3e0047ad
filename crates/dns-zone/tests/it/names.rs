//! Domain names.

use dns_zone::{Name, NameError};

fn name(text: &str) -> Result<Name, NameError> {
    Name::parse_relative(text, &"home.lab".parse().unwrap())
}

#[test]
fn forms() {
    for (text, shown) in [
        ("a", "a.home.lab."),
        ("a.", "a."),
        ("@", "home.lab."),
        (".", "."),
        ("A.b", "A.b.home.lab."),
        ("a\\.b", "a\\.b.home.lab."),
        ("a\\046b", "a\\.b.home.lab."),
        ("a\\032b", "a\\032b.home.lab."),
        ("\\@", "\\@.home.lab."),
        ("\\x", "x.home.lab."),
        // every program takes these forms, and not the shorter ones
        ("a\\\\", "a\\092.home.lab."),
        ("\\#", "\\035.home.lab."),
        ("a.\\[b", "a.\\091b.home.lab."),
        ("-a.-b", "\\-a.-b.home.lab."),
        ("a+b", "a\\+b.home.lab."),
        ("\\255", "\\255.home.lab."),
        ("a\\.", "a\\..home.lab."),
        ("bücher", "xn--bcher-kva.home.lab."),
        ("Bücher.DE.", "xn--bcher-kva.DE."),
    ] {
        assert_eq!(
            name(text).map(|name| name.to_string()),
            Ok(shown.to_owned()),
            "{text}"
        );
    }
}

#[test]
fn limits() {
    let label = "x".repeat(63);
    assert!(name(&label).is_ok());
    assert_eq!(name(&"x".repeat(64)), Err(NameError::LongLabel(64)));
    assert_eq!(name(&"x".repeat(300)), Err(NameError::LongLabel(300)));
    assert_eq!(
        name(&format!("{}a", "\\120".repeat(63))),
        Err(NameError::LongLabel(64))
    );
    let long = format!("{label}.{label}.{label}.");
    assert!(name(&format!("{long}{}.", "y".repeat(61))).is_ok());
    assert_eq!(
        name(&format!("{long}{}.", "y".repeat(62))),
        Err(NameError::LongName)
    );
    // with the origin
    assert!(name(&format!("{long}{}", "y".repeat(52))).is_ok());
    assert_eq!(
        name(&format!("{long}{}", "y".repeat(53))),
        Err(NameError::LongName)
    );
    assert_eq!(
        name(&"a.".repeat(127)).map(|name| name.label_count()),
        Ok(127)
    );
    assert_eq!(name(&"a.".repeat(128)), Err(NameError::LongName));
    for empty in ["a..b", ".a", "..", "a.."] {
        assert_eq!(name(empty), Err(NameError::EmptyLabel), "{empty}");
    }
    for escape in ["\\", "a\\", "\\1", "\\12", "\\12x", "\\256", "\\999"] {
        assert_eq!(name(escape), Err(NameError::BadEscape), "{escape}");
    }
    assert_eq!(name(""), Err(NameError::Empty));
}

#[test]
fn order_is_canonical() {
    // RFC 4034 section 6.1
    let order = [
        "example",
        "a.example",
        "yljkjljk.a.example",
        "Z.a.example",
        "zABC.a.EXAMPLE",
        "z.example",
        "\\001.z.example",
        "*.z.example",
        "\\200.z.example",
    ];
    let names: Vec<Name> = order.iter().map(|name| name.parse().unwrap()).collect();
    let mut sorted = names.clone();
    sorted.reverse();
    sorted.sort();
    assert_eq!(sorted, names);
}

#[test]
fn relations() {
    let zone: Name = "home.lab".parse().unwrap();
    let host = name("a.b").unwrap();
    assert!(host.is_below(&zone) && host.is_within(&host) && !host.is_below(&host));
    // The suffix has to begin where a label does: 9 letters of which the first is one's length.
    assert!(!"xhome.lab".parse::<Name>().unwrap().is_within(&zone));
    let tricky = Name::from_labels([b"x\x04home".as_slice(), b"lab"]).unwrap();
    assert!(!tricky.is_within(&zone));
    assert_eq!(host.parent().unwrap().to_string(), "b.home.lab.");
    assert_eq!(Name::root().parent(), None);
    assert_eq!(
        (host.relative_to(&zone), zone.relative_to(&zone)),
        ("a.b".to_owned(), "@".to_owned())
    );
    assert_eq!(name("a@b").unwrap().relative_to(&zone), "a\\@b");
    assert_eq!(
        name("xn--bcher-kva").unwrap().to_unicode(),
        "bücher.home.lab."
    );
}

#[test]
fn compressed_names() {
    let message = b"\x03lab\x00\x04home\xc0\x00\x01a\xc0\x05\xc0\x11\xc0\x12";
    let mut at = 12;
    assert_eq!(
        Name::from_message(message, &mut at).unwrap().to_string(),
        "a.home.lab."
    );
    assert_eq!(at, 16);
    // a pointer to itself, and one to what comes after it
    for mut at in [16, 17, 40] {
        let read = Name::from_message(message, &mut at);
        assert!(read.is_err() || at <= message.len());
    }
    assert_eq!(
        Name::from_message(b"\xc0\x00", &mut 0),
        Err(NameError::BadWire)
    );
    assert_eq!(
        Name::from_message(b"\x40a\x00", &mut 0),
        Err(NameError::BadWire)
    );
}
