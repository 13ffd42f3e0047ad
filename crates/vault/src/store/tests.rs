//! Documents as other programs write them, and what the crate `keepass` makes of them.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use keepass::{Database, DatabaseKey};
use proptest::prelude::*;
use zeroize::Zeroizing;

use crate::kdbx::{self, Binary, Cipher, Credentials, Inner, Kdf, KdfLimits, Seal};
use crate::{Change, Error, Missing, OpenOptions, SaveOptions, Secret, Vault};

/// A document around the content of its root group.
fn document(meta: &str, group: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<KeePassFile><Meta><Generator>test</Generator>{meta}</Meta>\
         <Root><Group><UUID>AAAAAAAAAAAAAAAAAAAAAQ==</UUID><Name>Root</Name>{group}</Group></Root></KeePassFile>"
    )
}

/// An entry with this inside, `NN` for its identity.
fn entry(id: u8, title: &str, rest: &str) -> String {
    use base64::Engine as _;
    let id = base64::engine::general_purpose::STANDARD.encode([id; 16]);
    format!(
        "<Entry><UUID>{id}</UUID><String><Key>Title</Key><Value>{title}</Value></String>{rest}</Entry>"
    )
}

fn field(name: &str, value: &str) -> String {
    format!("<String><Key>{name}</Key><Value>{value}</Value></String>")
}

fn credentials() -> Credentials {
    Credentials::password(Secret::from("x"))
}

fn sealed(xml: &str, binaries: Vec<Binary>) -> Vec<u8> {
    let seal = Seal::fresh(
        Cipher::Aes256,
        Kdf::Aes { rounds: 1 },
        &credentials(),
        &KdfLimits::default(),
    );
    let inner = Inner::plain(binaries, Zeroizing::new(xml.as_bytes().to_vec()));
    kdbx::seal(&seal.unwrap().unwrap(), &inner).unwrap()
}

fn open_bytes(bytes: &[u8]) -> Result<Vault, Error> {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    Vault::from_bytes(bytes, "x.kdbx", credentials(), OpenOptions::at(now))
}

fn open(xml: &str) -> Vault {
    open_bytes(&sealed(xml, Vec::new())).unwrap()
}

/// Edits a vault of this document, saves it and opens it again.
fn edited(xml: &str) -> Vault {
    let dir = tempfile::tempdir().unwrap();
    let path = camino::Utf8Path::from_path(dir.path())
        .unwrap()
        .join("x.kdbx");
    fs_err::write(&path, sealed(xml, Vec::new())).unwrap();
    let now = OpenOptions::at(SystemTime::UNIX_EPOCH);
    let mut vault = Vault::open(&path, credentials(), now.clone()).unwrap();
    vault.set("another", Secret::from("1")).unwrap();
    vault.save(&SaveOptions::default()).unwrap();
    Vault::open(&path, credentials(), now).unwrap()
}

fn sealed_again(vault: &mut Vault) -> Vec<u8> {
    let inner = vault.take_inner().unwrap();
    kdbx::seal(&vault.seal, &inner).unwrap()
}

/// Fields behind the history, as pykeepass writes them. The crate refuses such a document, and must
/// go on to do so: with the feature `overlapped-lists` of `quick-xml`, which any crate of a build
/// may switch on, it would read it and take the wrong part of the stream for each protected value.
#[test]
fn fields_behind_the_history_are_read_by_us_alone() {
    let history = "<History></History>";
    let xml = document(
        "",
        &entry(1, "a", &format!("{history}{}", field("late", "here"))),
    );
    let inner = Inner::plain(Vec::new(), Zeroizing::new(xml.clone().into_bytes()));
    let bytes = kdbx::seal(&Seal::transit("t"), &inner).unwrap();
    let refused = Database::parse(&bytes, DatabaseKey::new().with_password("t"));
    assert!(refused.unwrap_err().to_string().contains("duplicate field"));
    let vault = edited(&xml);
    assert_eq!(vault.get_field("a", "late").unwrap().expose(), "here");
}

#[test]
fn white_space_and_line_ends_survive() {
    let text = "<Value>  </Value>";
    let blank = format!("<String><Key>blank</Key>{text}</String>");
    let rest = format!(
        "{blank}{}{}",
        field("lines", "a&#13;&#10;b\r\nc&#9;"),
        field("edges", " x ") + &field("control", "&#1;")
    );
    let vault = edited(&document("", &entry(1, "a", &rest)));
    let value = |name: &str| vault.get_field("a", name).unwrap().expose().to_owned();
    assert_eq!(value("blank"), "  ");
    // a line end of the document itself is one character, as XML has it
    assert_eq!(value("lines"), "a\r\nb\nc\t");
    assert_eq!(value("edges"), " x ");
    assert_eq!(value("control"), "\u{1}");
}

/// As the Go kpv makes a vault: a sample, the user name in its own field, tags with a comma in
/// front, and an entry that belongs into a group in the root.
#[test]
fn a_vault_of_the_go_kpv_is_read() {
    let xml = document(
        "",
        &[
            entry(1, "Sample Entry", &field("Password", "")),
            entry(
                2,
                "x",
                &format!(
                    "{}{}<Tags>,one,two</Tags>",
                    field("Username", "u"),
                    field("Password", "p")
                ),
            ),
            entry(3, "y", &field("BEARZ_PATH", "default/y")),
        ]
        .concat(),
    );
    let vault = edited(&xml);
    let keys: Vec<String> = vault
        .entries()
        .map(|entry| entry.key().to_string())
        .collect();
    assert_eq!(keys, ["x", "y", "another"]);
    let x = vault.entry("x").unwrap();
    assert_eq!(
        (x.username(), x.tags()),
        ("u", &["one".to_owned(), "two".to_owned()][..])
    );
    assert!(matches!(
        vault.get("default/x"),
        Err(Error::NotFound {
            misplaced: Some(_),
            ..
        })
    ));
    assert_eq!(vault.entry("default/y").unwrap().title(), "y");
}

#[test]
fn times_of_both_formats_are_read_and_wrong_ones_told() {
    let times = |time: &str| {
        format!(
            "<Times><LastModificationTime>{time}</LastModificationTime><ExpiryTime>{time}</ExpiryTime><Expires>True</Expires></Times>"
        )
    };
    let xml = document("", &entry(1, "a", &times("2023-11-14T22:13:20Z")));
    assert_eq!(open(&xml).entry("a").unwrap().modified, Some(1_700_000_000));
    let vault = edited(&xml);
    assert_eq!(vault.entry("a").unwrap().expires, Some(1_700_000_000));
    let no_time = "<Times><Expires>True</Expires></Times>";
    let vault = edited(&document("", &entry(1, "a", no_time)));
    assert_eq!(vault.entry("a").unwrap().expires, Some(0));
    for wrong in ["AA==", "//////////8=", "yesterday", "2023-13-14T22:13:20Z"] {
        let vault = open(&document("", &entry(1, "a", &times(wrong))));
        assert!(
            vault.losses()[0]
                .to_string()
                .ends_with("that is not a time"),
            "{wrong}"
        );
    }
}

/// What would be lost is said, can be read, and is not written.
#[test]
fn losses_are_told_and_refused() {
    let check = |meta: &str, group: &str| {
        let mut vault = open(&document(meta, group));
        let losses: Vec<String> = vault.losses().iter().map(ToString::to_string).collect();
        let edit = vault.set("new", Secret::from("1"));
        assert_eq!(edit.is_err(), !losses.is_empty());
        assert!(edit.is_ok() || matches!(edit, Err(Error::WouldLose { .. })));
        losses.join("; ")
    };
    assert_eq!(check("", &entry(1, "a", "")), "");
    // which says nothing any more
    assert_eq!(check("<HeaderHash>AAAA</HeaderHash>", ""), "");
    assert_eq!(
        check("<Future>1</Future>", ""),
        "`Future` in `Meta`, which is not known here"
    );
    assert_eq!(
        check("", "<Future><Deep/></Future>"),
        "`Future` in `Group`, which is not known here"
    );
    assert_eq!(
        check("", &entry(1, "a", "<Future/><Future/>")),
        "`Future` in `Entry`, which is not known here"
    );
    assert_eq!(
        check(
            "",
            &entry(1, "a", &[field("k", "1"), field("k", "2")].concat())
        ),
        "one of two fields `k` of entry `a`"
    );
    assert_eq!(
        check("", &entry(1, "a", "<Tags>a</Tags><Tags>b</Tags>")),
        "a second `Tags` in `Entry`"
    );
    assert_eq!(
        check(
            "",
            &entry(1, "a", "<Binary><Key>f</Key><Value Ref=\"7\"/></Binary>")
        ),
        "attachment `f` of entry `a`, whose content is not in the file"
    );
    let protected = "<String><Key>p</Key><Value Protected=\"True\">//8=</Value></String>";
    assert_eq!(
        check("", &entry(1, "a", protected)),
        "a protected value of entry `a` that is not text"
    );
}

/// Text that looks like base64 is text.
#[test]
fn custom_data_stays_what_it_is() {
    let item =
        |key: &str, value: &str| format!("<Item><Key>{key}</Key><Value>{value}</Value></Item>");
    let data = format!(
        "<CustomData>{}{}{}</CustomData>",
        item("a", "abcd"),
        item("b", "x y"),
        item("c", "")
    );
    let mut vault = open(&document(&data, &entry(1, "a", &data)));
    vault.set("a", Secret::from("1")).unwrap();
    let inner = vault.take_inner().unwrap();
    let xml = String::from_utf8(inner.xml.to_vec()).unwrap();
    for item in [
        "<Key>a</Key><Value>abcd</Value>",
        "<Key>b</Key><Value>x y</Value>",
    ] {
        // in the meta data, the entry and its earlier version
        assert_eq!(xml.matches(item).count(), 3, "{item}");
    }
}

/// Two entries of one identity have no meaning, and are told before anything is written.
#[test]
fn what_the_crate_cannot_read_is_told() {
    let mut vault = open(&document(
        "",
        &[entry(1, "a", ""), entry(1, "b", "")].concat(),
    ));
    let error = vault.set("c", Secret::from("1")).unwrap_err();
    assert!(
        error.to_string().starts_with("`x.kdbx` is not written"),
        "{error}"
    );
}

/// A file shared by two entries stays with one when it is taken off the other.
#[test]
fn attachments_are_shared_and_parted() {
    let binary = |data: &[u8]| Binary {
        protected: false,
        data: Arc::new(Zeroizing::new(data.to_vec())),
    };
    let file = "<Binary><Key>f</Key><Value Ref=\"1\"/></Binary>";
    let xml = document("", &[entry(1, "a", file), entry(2, "b", file)].concat());
    let mut vault = open_bytes(&sealed(&xml, vec![binary(b"unused"), binary(b"content")])).unwrap();
    vault
        .edit(
            "a",
            vec![Change::Detach {
                name: "f".to_owned(),
            }],
            Missing::Fail,
        )
        .unwrap();
    let bytes = sealed_again(&mut vault);
    let vault = open_bytes(&bytes).unwrap();
    assert_eq!(
        vault.entry("b").unwrap().attachments()[0].data(),
        b"content"
    );
    let a = vault.entry("a").unwrap();
    assert_eq!(
        (a.attachments().len(), a.history()[0].attachments().len()),
        (0, 1)
    );
}

/// The history keeps within its size, the files of earlier versions counted.
#[test]
fn the_size_of_the_history_has_a_limit() {
    let meta = "<HistoryMaxItems>-1</HistoryMaxItems><HistoryMaxSize>2500</HistoryMaxSize>";
    let mut vault = open(&document(meta, &entry(1, "a", "")));
    for number in 0..20_u8 {
        let name = "f".to_owned();
        let data = vec![number; 1000].into();
        let attach = Change::Attach {
            name,
            data,
            is_protected: false,
        };
        vault.edit("a", vec![attach], Missing::Fail).unwrap();
    }
    let vault = open_bytes(&sealed_again(&mut vault)).unwrap();
    let a = vault.entry("a").unwrap();
    let kept: Vec<u8> = a
        .history()
        .iter()
        .map(|old| old.attachments()[0].data()[0])
        .collect();
    assert_eq!((kept, a.attachments()[0].data()[0]), (vec![17, 18], 19));
}

/// As deep as it may be, a vault can be edited too.
#[test]
fn deep_groups_can_be_edited() {
    use base64::Engine as _;
    let depth = 50_u8;
    let mut open_groups = String::new();
    for at in 0..depth {
        let id = base64::engine::general_purpose::STANDARD.encode([at + 3; 16]);
        open_groups.extend([
            "<Group><UUID>",
            &id,
            "</UUID><Name>",
            &at.to_string(),
            "</Name>",
        ]);
    }
    let xml = document(
        "",
        &format!(
            "{open_groups}{}{}",
            entry(1, "a", ""),
            "</Group>".repeat(depth.into())
        ),
    );
    let mut vault = open(&xml);
    vault.set("a", Secret::from("1")).unwrap();
    let vault = open_bytes(&sealed_again(&mut vault)).unwrap();
    assert_eq!(vault.get("a").unwrap().expose(), "1");
}

/// Groups in groups in groups: read as deep as anyone could want, changed as deep as they are
/// written, and never a stack that overflows.
#[test]
fn depth_has_a_limit() {
    let nested = |depth: usize| {
        let group = |at| format!("<Group><UUID>AAAAAAAAAAAAAAAA{at:04}AA==</UUID><Name>g</Name>");
        let open = (0..depth).map(group).collect::<Vec<_>>().concat();
        let rest = field("Password", "1");
        let close = "</Group>".repeat(depth);
        sealed(
            &document("", &format!("{open}{}{close}", entry(1, "a", &rest))),
            Vec::new(),
        )
    };
    let mut vault = open_bytes(&nested(56)).unwrap();
    for value in ["2", "3"] {
        vault.set("a", Secret::from(value)).unwrap();
    }
    let vault = open_bytes(&sealed_again(&mut vault)).unwrap();
    assert_eq!(vault.entry("a").unwrap().history().len(), 2);
    for depth in [57, 900] {
        let mut vault = open_bytes(&nested(depth)).unwrap();
        assert_eq!(vault.get("a").unwrap().expose(), "1");
        let error = vault.set("a", Secret::from("2")).unwrap_err();
        assert!(error.to_string().contains("more than 56 deep"), "{error}");
    }
    let error = open_bytes(&nested(100_000)).unwrap_err();
    assert!(matches!(error, Error::Unsupported { .. }), "{error}");
    let key = |groups: usize| "g/".repeat(groups) + "x";
    let mut vault = open(&document("", ""));
    vault.set(&key(56), Secret::from("1")).unwrap();
    assert!(
        open_bytes(&sealed_again(&mut vault))
            .unwrap()
            .get(&key(56))
            .is_ok()
    );
    assert!(vault.set(&key(57), Secret::from("1")).is_err());
}

/// Whatever stands in a document, there is an answer: neither we nor the crate panic.
fn answer(xml: &str) {
    if let Ok(mut vault) = open_bytes(&sealed(xml, Vec::new())) {
        // each is read when it is asked for
        vault.entries().for_each(drop);
        drop(vault.get("nope"));
        drop(vault.set("new", Secret::from("1")));
        drop(vault.undo("a"));
        drop(vault.remove("a", crate::Removal::RecycleBin));
        drop(vault.take_inner());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_document_is_answered(
        cuts in proptest::collection::vec((0..4000_usize, 0..30_usize, "[<>/=\"&;A-Za-z0-9 -]{0,12}"), 0..4)
    ) {
        let history = format!("<History>{}</History>", entry(1, "a", &field("Password", "old")));
        let times = "<Times><CreationTime>2023-11-14T22:13:20Z</CreationTime><Expires>True</Expires><UsageCount>1</UsageCount></Times>";
        let rest = [
            &field("Password", "p"), "<IconID>3</IconID><ForegroundColor>#FF0000</ForegroundColor><QualityCheck>False</QualityCheck>",
            times, "<AutoType><Enabled>True</Enabled><Association><Window>w</Window><KeystrokeSequence>k</KeystrokeSequence></Association></AutoType>",
            &history,
        ].concat();
        let meta = "<HistoryMaxItems>-1</HistoryMaxItems><HistoryMaxSize>5</HistoryMaxSize><RecycleBinUUID>AAAAAAAAAAAAAAAAAAAAAQ==</RecycleBinUUID><Color></Color>";
        let mut xml = document(meta, &entry(1, "a", &rest)).into_bytes();
        for (at, length, text) in cuts {
            let at = at % xml.len();
            let end = (at + length).min(xml.len());
            xml.splice(at..end, text.into_bytes());
        }
        if let Ok(xml) = String::from_utf8(xml) {
            answer(&xml);
        }
    }
}
