//! What belongs to people stays as it is.

use crate::support::Place;

const CONFIG: &str = "\
serial: increment
zones:
  home.arpa: {ns: {ns1: 192.168.1.10}, file: db}
environments:
  prod: {target: 192.168.1.10, compose: compose.yaml}
";

fn compose(hosts: &[&str]) -> String {
    let services = hosts
        .iter()
        .enumerate()
        .map(|(at, host)| format!("  s{at}:\n    image: x\n    labels: {{caddy: {host}}}\n"));
    format!(
        "name: l\nservices:\n  idle: {{image: x}}\n{}",
        services.collect::<String>()
    )
}

const OWN: &str = "\
; my zone  \t
$ORIGIN home.arpa.
$TTL 1h
@\tIN\tSOA ns1 me ( 41 ; the serial
\t1h 15m 1w 5m )
\tNS ns1
ns1\tA 192.168.1.10
Printer  300 A 192.168.1.30 ; upstairs

x TXT \"a;b\" \"c\"
";

#[test]
fn records_and_comments_of_people_are_kept_byte_for_byte() {
    let place = Place::new(&[
        ("zonegen.yaml", CONFIG),
        ("compose.yaml", &compose(&["a.home.arpa", "b.home.arpa"])),
        ("db", OWN),
    ]);
    place.good("generate");
    let first = place.read("db");
    assert!(first.starts_with(&OWN.replace("41", "42")), "{first}");
    assert!(
        first.contains(
            "\na.home.arpa. 3600 IN A 192.168.1.10\nb.home.arpa. 3600 IN A 192.168.1.10\n"
        ) || first.contains("a.home.arpa. 300 IN A"),
        "{first}"
    );
    // What people write behind the block stays as well.
    let mine = format!("{first}; the end\nlast A 192.168.1.40\n");
    place.write("db", &mine);
    place.write("compose.yaml", &compose(&["b.home.arpa"]));
    place.good("generate");
    let second = place.read("db");
    assert!(
        second.starts_with(&OWN.replace("41", "43"))
            && second.ends_with("; the end\nlast A 192.168.1.40\n")
    );
    assert!(!second.contains("a.home.arpa. "));
    // Nothing to do: the same octets, the same time.
    let before = fs_err::metadata(place.path().join("db"))
        .unwrap()
        .modified()
        .unwrap();
    assert!(place.good("generate").contains("no change"));
    assert_eq!(
        fs_err::metadata(place.path().join("db"))
            .unwrap()
            .modified()
            .unwrap(),
        before
    );
    assert_eq!(place.read("db"), second);
}

#[test]
fn a_record_of_people_is_kept_and_told() {
    let own = format!("{OWN}a A 192.168.1.77\n");
    let place = Place::new(&[
        ("zonegen.yaml", CONFIG),
        ("compose.yaml", &compose(&["a.home.arpa", "b.home.arpa"])),
        ("db", &own),
    ]);
    let outcome = place.run("generate");
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert!(
        outcome.err.contains("[zonegen::kept]")
            && outcome.err.contains("db:11:1")
            && outcome.err.contains("compose.yaml:6:"),
        "{}",
        outcome.err
    );
    assert!(!place.read("db").contains("a.home.arpa."));
    // The same record by hand is no reason to say anything.
    place.write("db", &format!("{OWN}a A 192.168.1.10\n"));
    place.good("generate");
}

#[test]
fn windows_lines_stay() {
    let place = Place::new(&[
        ("zonegen.yaml", CONFIG),
        ("compose.yaml", &compose(&["a.home.arpa"])),
        ("db", &OWN.replace('\n', "\r\n")),
    ]);
    assert_eq!(place.run("generate").code, 0);
    let text = place.read("db");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    assert!(place.run("generate").out.contains("no change"));
}

#[test]
fn changes_inside_of_a_block_are_not_lost_in_silence() {
    let place = Place::new(&[
        ("zonegen.yaml", CONFIG),
        ("compose.yaml", &compose(&["a.home.arpa"])),
    ]);
    place.good("generate");
    let text = place.read("db").replace(
        "; zonegen end prod",
        "mine A 192.168.1.50\n; zonegen end prod",
    );
    place.write("db", &text);
    let err = place.bad("generate", "zonegen::edited");
    assert!(err.contains("db:15:1") || err.contains("--> db:"), "{err}");
    assert_eq!(place.read("db"), text);
    place.good("generate --overwrite-edits");
    assert!(!place.read("db").contains("mine"));
    place.write("db", &text.replace("; zonegen end prod\n", ""));
    place.bad("generate", "zonegen::bad-block");
}

#[test]
fn the_way_of_writing_is_no_change() {
    let place = Place::new(&[
        ("zonegen.yaml", CONFIG),
        ("compose.yaml", &compose(&["a.home.arpa"])),
    ]);
    place.good("generate");
    let text = place.read("db");
    place.write("db", &format!("{text}; a remark\n"));
    assert!(place.good("generate").contains("no change"));
}

#[test]
fn a_file_that_cannot_be_read_is_left_alone() {
    let own = format!("{OWN}broken A 1.2.3\n");
    let place = Place::new(&[
        ("zonegen.yaml", CONFIG),
        ("compose.yaml", &compose(&["a.home.arpa"])),
        ("db", &own),
    ]);
    let err = place.bad("generate", "zonegen::unreadable");
    assert!(err.contains("db:11:10"), "{err}");
    assert_eq!(place.read("db"), own);
}

#[test]
fn the_serial_has_to_be_where_it_can_be_raised() {
    let own = OWN.replace(
        "@\tIN\tSOA ns1 me ( 41 ; the serial\n\t1h 15m 1w 5m )\n",
        "$INCLUDE soa\n@",
    );
    let place = Place::new(&[
        ("zonegen.yaml", CONFIG),
        ("compose.yaml", &compose(&["a.home.arpa"])),
        ("db", &own),
        ("soa", "@ SOA ns1 me 41 1h 15m 1w 5m\n"),
    ]);
    place.bad("generate", "zonegen::no-serial");
    assert_eq!(place.read("db"), own);
}
