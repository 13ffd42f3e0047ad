//! Edits touch what they have to, and nothing else.

use dns_zone::{EntryId, EntryKind, Serial, ZoneFile};

use crate::read;

fn id(file: &ZoneFile, start: &str) -> EntryId {
    let mut entries = file.entries();
    entries
        .find(|entry| entry.text().starts_with(start.as_bytes()))
        .unwrap()
        .id()
}

fn text(file: &ZoneFile) -> String {
    String::from_utf8(file.to_bytes()).unwrap()
}

#[test]
fn lines_are_replaced_removed_and_put_in() {
    let mut file = ZoneFile::parse("zone", "; top\na A 1.2.3.4\nb ( A\n 1.2.3.5 )\nc A 1.2.3.6");
    let (a, b, c) = (id(&file, "a"), id(&file, "b"), id(&file, "c"));
    file.replace(a, "a A 9.9.9.9");
    file.insert_before(b, "x TXT one\ny TXT two\n");
    file.remove(b);
    file.insert_after(c, "d A 1.2.3.7");
    file.append("; end\n");
    assert_eq!(
        text(&file),
        "; top\na A 9.9.9.9\nx TXT one\ny TXT two\nc A 1.2.3.6\nd A 1.2.3.7\n; end\n"
    );
    file.revert();
    assert_eq!(file.to_bytes(), file.text());
}

#[test]
fn line_ends_are_those_of_the_file() {
    let mut file = ZoneFile::parse("zone", "a A 1.2.3.4\r\nb A 1.2.3.5\r\n");
    file.replace(id(&file, "a"), "a A 9.9.9.9\nx A 8.8.8.8");
    file.append("c A 1.2.3.6");
    assert_eq!(
        text(&file),
        "a A 9.9.9.9\r\nx A 8.8.8.8\r\nb A 1.2.3.5\r\nc A 1.2.3.6\r\n"
    );
    let mut last = ZoneFile::parse("zone", "a A 1.2.3.4");
    last.replace(id(&last, "a"), "b A 1.2.3.4\n");
    assert_eq!(text(&last), "b A 1.2.3.4");
    let mut empty = ZoneFile::parse("zone", "");
    empty.append("a A 1.2.3.4");
    assert_eq!(text(&empty), "a A 1.2.3.4\n");
}

#[test]
fn an_owner_that_others_go_on_with_stays() {
    let source = "a A 1.2.3.4\n  ; a comment\n\tAAAA ::1\n\tTXT x\nb A 1.2.3.5\n";
    let mut file = ZoneFile::parse("zone", source);
    file.remove_record(id(&file, "a"));
    assert_eq!(
        text(&file),
        "  ; a comment\na\tAAAA ::1\n\tTXT x\nb A 1.2.3.5\n"
    );
    file.remove_record(id(&file, "\tAAAA"));
    // That entry states no owner in the file as it was read.
    assert_eq!(text(&file), "  ; a comment\n\tTXT x\nb A 1.2.3.5\n");
}

#[test]
fn the_serial_alone_is_changed() {
    let source =
        "$TTL 1h ; usual\n@\tSOA ns1 admin ( ; here\n\t2024010101 ; serial\n\t2h 1h 2w 5m )\n";
    let zone = read(source).zone;
    let file = zone.with_serial(Serial(2_024_010_102)).unwrap();
    assert_eq!(text(&file), source.replace("2024010101", "2024010102"));
    assert_eq!(
        read(file.to_bytes()).zone.serial(),
        Some(Serial(2_024_010_102))
    );
    assert!(
        read("a 60 A 1.2.3.4\n")
            .zone
            .with_serial(Serial(1))
            .is_none()
    );
}

#[test]
fn entries_say_what_they_are() {
    use EntryKind::{Blank, ByteOrderMark, Comment, Directive, Record};

    let file = ZoneFile::parse(
        "zone",
        "\u{feff}$TTL 1h\n \n ; c\na A 1.2.3.4 ; d\n TXT \"x;y\"\n",
    );
    let kinds: Vec<_> = file.entries().map(|entry| entry.kind()).collect();
    assert_eq!(
        kinds,
        [ByteOrderMark, Directive, Blank, Comment, Record, Record]
    );
    let comments: Vec<_> = file.entries().filter_map(|entry| entry.comment()).collect();
    assert_eq!(comments, [b"; c".as_slice(), b"; d"]);
    let last = file.entries().next_back().unwrap();
    assert_eq!(last.words(), [b"TXT".as_slice(), b"x;y"]);
    assert_eq!((last.owner_text(), last.line()), (None, 5));
}
