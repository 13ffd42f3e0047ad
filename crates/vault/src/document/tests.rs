//! The two readers beside each other.

use std::fmt::Write as _;

use proptest::prelude::*;
use zeroize::Zeroizing;

use super::tree::Tree;
use super::{Document, Id, ROOT, events, quick};
use crate::kdbx::Stream;

/// A tree as text, with everything that is in it.
fn shown(xml: &str, tree: Tree) -> String {
    fn element(document: &Document, id: Id, out: &mut String) {
        let attributes: Vec<_> = document.attributes(id).collect();
        let (name, text) = (document.name(id), document.text(id));
        let marks = (document.is_protected(id), document.is_not_text(id));
        write!(out, "<{name} {attributes:?} {marks:?} {text:?}").unwrap();
        for child in document.children(id) {
            element(document, child, out);
        }
        out.push('>');
    }
    let document = Document {
        xml: Zeroizing::new(xml.to_owned()),
        tree,
        binaries: Vec::new(),
    };
    let mut out = String::new();
    element(&document, ROOT, &mut out);
    out
}

/// A stream that changes what it decrypts, from one value to the next.
fn stream() -> Stream {
    Stream::new(3, b"key").unwrap()
}

/// What the quick reader makes of a document, if it does not give up.
#[track_caller]
fn quickly(xml: &str) -> Option<String> {
    let tree = quick::read(xml, &mut stream())?;
    let quickly = shown(xml, tree);
    let tree = events::read(xml, &mut stream()).expect("what one reads, the other reads");
    assert_eq!(quickly, shown(xml, tree), "{xml:?}");
    Some(quickly)
}

#[test]
fn documents_as_programs_write_them_are_read_quickly() {
    for xml in [
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<a>\n\t<b>x</b>\r\n\t<b/>\n</a>\n",
        "\u{feff}<a><Value Protected=\"True\">AAECAw==</Value><Value Protected=\"True\"> /w== </Value></a>",
        "<a><Value Protected=\"True\"/><Binary ID=\"0\" Compressed=\"True\">AA==</Binary></a>",
        "<a><Binary Protected=\"true\">AAEC</Binary><Value Ref=\"1\"/>text<Key>&lt;&amp;&#13;&#xA;&quot;\r\né</Key></a>",
    ] {
        assert!(quickly(xml).is_some(), "{xml:?}");
    }
}

#[test]
fn what_the_quick_reader_leaves_to_the_other() {
    for xml in [
        "<a><!-- c --><b>x<![CDATA[<]]></b></a>",
        "<a><b >x</b ></a>",
        "<a b='1'/>",
        "<a b=\"&lt;\"/>",
        "<ä>x</ä>",
        "<a/><!-- behind -->",
        "<a>&unknown;</a>",
        "<a><b></a></b>",
        "<a>",
        "<a/><a/>",
        "",
    ] {
        assert!(quickly(xml).is_none(), "{xml:?}");
    }
    let deep = |depth: usize| "<a>".repeat(depth) + &"</a>".repeat(depth);
    assert!(quickly(&deep(1000)).is_some());
    assert!(quickly(&deep(1001)).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn both_readers_read_the_same(
        parts in proptest::collection::vec(
            prop_oneof![
                Just("<a>"), Just("</a>"), Just("<Key>"), Just("</Key>"), Just("<b/>"), Just("x"),
                Just("</Value>"), Just("<Value Protected=\"True\">"), Just("<Value Ref=\"1\"/>"),
                Just("AAEC"), Just("/w=="), Just("&amp;"), Just("&#13;"), Just("&#0;"), Just("&x;"),
                Just("&"), Just(";"), Just(">"), Just("<"), Just("\r\n"), Just("\r"), Just(" "), Just("é"),
                Just("<!---->"), Just("<![CDATA[x]]>"), Just("<?xml version=\"1.0\"?>"), Just("\u{feff}"), Just("\""),
            ],
            0..14,
        ),
        is_wrapped: bool,
    ) {
        let inside = parts.concat();
        let xml = if is_wrapped { format!("<a>{inside}</a>") } else { inside };
        quickly(&xml);
    }
}
