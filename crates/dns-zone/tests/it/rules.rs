//! One zone a code: what is found, how bad it is, and where.

use std::sync::Arc;

use dns_zone::{CheckOptions, check};
use yaml_tree::Severity;

use crate::read;

/// A start without faults: 5 lines.
const HEAD: &str =
    "$TTL 1h\n@ SOA ns1 admin (\n  2024010101 2h 1h 2w 5m )\n@ NS ns1\nns1 A 192.168.1.2\n";

const E: Severity = Severity::Error;
const W: Severity = Severity::Warning;

/// Code, severity, place (line:column), and the lines behind [`HEAD`].
const CASES: &[(&str, Severity, &str, &str)] = &[
    ("dns::address", W, "6:5", "a A 0.0.0.0\n"),
    ("dns::address-as-name", W, "6:9", "@ MX 10 192.168.1.9\n"),
    ("dns::adjacent-texts", W, "6:12", "a TXT \"one\"\"two\"\n"),
    ("dns::alias-and-data", E, "6:1", "a CNAME ns1\na TXT x\n"),
    (
        "dns::alias-chain",
        E,
        "6:1",
        "a1 CNAME a2\na2 CNAME a3\na3 CNAME a4\na4 CNAME a5\na5 CNAME a6\na6 CNAME a7\na7 CNAME a8\na8 CNAME a9\na9 CNAME ns1\n",
    ),
    ("dns::alias-loop", E, "6:1", "a CNAME b\nb CNAME a\n"),
    ("dns::alias-parameters", W, "6:13", "a HTTPS 0 . alpn=h2\n"),
    ("dns::apex-alias", E, "6:1", "@ CNAME other.example.\n"),
    ("dns::bad-escape", E, "6:1", "a\\256 A 192.168.1.3\n"),
    ("dns::bad-name", E, "6:1", "a..b A 192.168.1.3\n"),
    ("dns::bare-text", W, "6:15", "a CAA 0 issue x\n"),
    (
        "dns::below-cut",
        W,
        "8:1",
        "sub NS ns.sub\nns.sub A 192.168.1.3\nx.sub A 192.168.1.4\n",
    ),
    (
        "dns::below-redirection",
        E,
        "7:1",
        "d DNAME x.example.\na.d A 192.168.1.3\n",
    ),
    ("dns::byte-order-mark", E, "1:1", "\u{feff}"),
    ("dns::caa-flags", W, "6:7", "a CAA 1 issue \"x\"\n"),
    ("dns::caa-tag", W, "6:9", "a CAA 0 issu \"x\"\n"),
    ("dns::carriage-return", W, "6:16", "a A 192.168.1.3\r\n"),
    ("dns::class", E, "6:3", "a CH A 192.168.1.3\n"),
    ("dns::close-parenthesis", E, "6:17", "a A 192.168.1.3 )\n"),
    ("dns::dangling-alias", W, "6:9", "a CNAME nowhere\n"),
    ("dns::data", E, "6:5", "a A 192.168.1.256\n"),
    ("dns::digest-length", E, "6:13", "a SSHFP 1 1 aabb\n"),
    ("dns::directive", E, "6:9", "$TTL 1h x\n"),
    (
        "dns::duplicate",
        W,
        "7:1",
        "a A 192.168.1.3\nA A 192.168.1.3\n",
    ),
    (
        "dns::generate",
        W,
        "6:1",
        "$GENERATE 1-2 h$ A 192.168.1.$\n",
    ),
    (
        "dns::generate-limit",
        E,
        "6:11",
        "$GENERATE 0-2147483647 h$ A 192.168.1.1\n",
    ),
    ("dns::generic-class", W, "6:3", "a CLASS1 A 192.168.1.3\n"),
    ("dns::host-name", W, "6:1", "a_b A 192.168.1.3\n"),
    ("dns::include", E, "6:10", "$INCLUDE nowhere\n"),
    ("dns::include-outside", E, "6:10", "$INCLUDE ../other\n"),
    ("dns::literal-asterisk", W, "6:1", "a.*.b A 192.168.1.3\n"),
    (
        "dns::lone-return",
        E,
        "6:16",
        "a A 192.168.1.3\rb A 192.168.1.3\n",
    ),
    (
        "dns::long-label",
        E,
        "6:1",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx A 192.168.1.3\n",
    ),
    ("dns::long-text", E, "6:7", "a TXT \"LONG\"\n"),
    ("dns::long-ttl", W, "6:3", "a 8d A 192.168.1.3\n"),
    ("dns::lower-case-directive", W, "6:1", "$ttl 1h\n"),
    ("dns::meta-type", E, "6:3", "a ANY x\n"),
    ("dns::missing-dot", W, "6:1", "a.home.lab A 192.168.1.3\n"),
    (
        "dns::mixed-ttl",
        W,
        "7:3",
        "a 60 A 192.168.1.3\na 61 A 192.168.1.4\n",
    ),
    (
        "dns::naptr-regexp",
        E,
        "6:19",
        "a NAPTR 1 1 \"\" \"\" \"!a\" .\n",
    ),
    (
        "dns::nested-parenthesis",
        E,
        "6:7",
        "a A ( ( 192.168.1.3 ) )\n",
    ),
    ("dns::no-glue", E, "6:8", "sub NS ns.sub\n"),
    ("dns::no-type", E, "6:1", "a 60 IN\n"),
    ("dns::not-ascii", E, "6:1", "bücher A 192.168.1.3\n"),
    ("dns::ns-alias", E, "6:6", "@ NS a\na CNAME ns1\n"),
    ("dns::null", E, "6:16", "a A 192.168.1.3\0\n"),
    ("dns::null-mx", W, "7:9", "@ MX 10 ns1\n@ MX 20 .\n"),
    ("dns::obsolete-type", E, "6:1", "a MD ns1\n"),
    ("dns::open-parenthesis", E, "6:5", "a A ( 192.168.1.3\n"),
    ("dns::open-quote", E, "6:7", "a TXT \"one\n"),
    (
        "dns::out-of-zone",
        E,
        "6:1",
        "other.example. A 192.168.1.3\n",
    ),
    ("dns::parenthesis-first", E, "6:1", "( a A 192.168.1.3 )\n"),
    ("dns::quoted-name", E, "6:1", "\"a\" A 192.168.1.3\n"),
    ("dns::raw-octets", W, "6:7", "a TXT ü\n"),
    (
        "dns::redirection-and-cut",
        E,
        "7:1",
        "d NS ns1\nd DNAME x.example.\n",
    ),
    ("dns::redirection-loop", W, "6:9", "d DNAME x.d\n"),
    ("dns::relative-origin", W, "6:9", "$ORIGIN sub\n"),
    (
        "dns::second-soa",
        E,
        "6:1",
        "@ SOA ns1 admin 7 2h 1h 2w 5m\n",
    ),
    ("dns::service-name", W, "6:1", "ldap SRV 0 0 389 ns1\n"),
    (
        "dns::several-aliases",
        E,
        "7:1",
        "a CNAME ns1\na CNAME x.example.\n",
    ),
    (
        "dns::several-redirections",
        E,
        "7:1",
        "d DNAME x.example.\nd DNAME y.example.\n",
    ),
    (
        "dns::several-spf",
        W,
        "7:7",
        "@ TXT \"v=spf1 -all\"\n@ TXT \"v=spf1 mx -all\"\n",
    ),
    (
        "dns::soa-below",
        E,
        "6:1",
        "sub SOA ns1 admin 7 2h 1h 2w 5m\n",
    ),
    ("dns::target-address", W, "6:9", "@ MX 10 nowhere\n"),
    ("dns::target-alias", W, "6:9", "@ MX 10 a\na CNAME ns1\n"),
    ("dns::text-at", W, "6:7", "a TXT @\n"),
    ("dns::ttl", E, "6:3", "a 2147483648 A 192.168.1.3\n"),
    ("dns::unescaped", E, "6:1", "a@b A 192.168.1.3\n"),
    ("dns::unknown-directive", E, "6:1", "$ORIGN x.\n"),
    ("dns::unknown-type", E, "6:3", "a AAAAA 192.168.1.3\n"),
    (
        "dns::unreachable-ns",
        W,
        "7:7",
        "@ NS ns2\nns2 A 172.21.0.1\n",
    ),
    ("dns::value", E, "6:8", "a TLSA 4 1 0 aa\n"),
    ("dns::wildcard-cut", E, "6:1", "* NS ns1\n"),
    (
        "dns::wildcard-redirection",
        W,
        "6:1",
        "* DNAME x.example.\n",
    ),
    (
        "dns::wildcard-shadowed",
        W,
        "7:1",
        "* A 192.168.1.3\n_acme-challenge.wiki TXT x\n",
    ),
    ("dns::zero-ttl", W, "6:3", "a 0 A 192.168.1.3\n"),
    // more of the same, by their codes
    ("dns::adjacent-texts", E, "6:6", "a TXT\"one\"\n"),
    ("dns::host-name", E, "6:6", "@ NS ns.exam/le.net.\n"),
    ("dns::adjacent-texts", E, "6:14", "a HINFO \"one\"\"two\"\n"),
    (
        "dns::apex-ds",
        E,
        "6:1",
        "@ DS 1 13 1 3490A6806D47F17A34C29E2CE80E8A999FFBE4BE\n",
    ),
    ("dns::caa-tag", E, "6:9", "a CAA 0 issueissueissue1 \"x\"\n"),
    ("dns::caa-tag", E, "6:9", "a CAA 0 ISSUE \"x\"\n"),
    ("dns::data", E, "6:13", "a HTTPS 1 . ohttp\n"),
    ("dns::data", E, "6:13", "a HTTPS 1 . dohpath=/q\n"),
    ("dns::data", E, "6:22", "a HTTPS 1 . alpn=\"h2\"port=1\n"),
    ("dns::data", E, "6:13", "a HTTPS 1 . key1=h2\n"),
    ("dns::data", E, "6:13", "a HTTPS 1 . port=\\0521\n"),
    ("dns::data", E, "6:13", "a HTTPS 1 . key667=\n"),
    ("dns::data", E, "6:9", "a LOC 1 n 1 E 0m\n"),
    ("dns::data", E, "6:11", "a LOC 1 1 1. N 1 E 0m\n"),
    ("dns::data", E, "6:1", "a KEY 256 3 13\n"),
    ("dns::data", E, "6:10", "a NSEC b ANY\n"),
    ("dns::data", E, "6:10", "a NSEC b \"A\"\n"),
    (
        "dns::data",
        E,
        "6:16",
        "a RRSIG A 13 3 1h 20300101000000 20240101000000 1 home.lab. AAAA\n",
    ),
    (
        "dns::data",
        E,
        "6:19",
        "a RRSIG A 13 3 60 20300230000000 20240101000000 1 home.lab. AAAA\n",
    ),
    ("dns::digest-length", E, "6:16", "@ ZONEMD 1 1 3 00\n"),
    ("dns::directive", E, "6:6", "$TTL \"5\"\n"),
    ("dns::directive", E, "6:9", "$ORIGIN \"x.\"\n"),
    (
        "dns::hashed-name",
        E,
        "6:1",
        "a NSEC3 1 0 0 - 2vptu5timamqttgl4luu9kg21e0aor3s A\n",
    ),
    ("dns::host-name", E, "6:1", "a/b A 192.168.1.3\n"),
    ("dns::literal-asterisk", W, "6:9", "a CNAME b.*.c\n"),
    ("dns::many-zeros", W, "6:16", "a TYPE65280 \\# 00\n"),
    ("dns::meta-type", E, "6:3", "a TYPE200 \\# 0\n"),
    (
        "dns::named-path",
        W,
        "6:13",
        "a HTTPS 1 . dohpath=/q{?dns}\n",
    ),
    (
        "dns::naptr-regexp",
        E,
        "6:19",
        "a NAPTR 1 1 \"\" \"\" \"!(a!b!\" .\n",
    ),
    (
        "dns::no-key",
        E,
        "6:1",
        "@ CDS 1 13 1 3490A6806D47F17A34C29E2CE80E8A999FFBE4BE\n",
    ),
    ("dns::no-key", E, "6:19", "a IPSECKEY 10 0 0 .\n"),
    ("dns::no-types", W, "6:12", "a CSYNC 66 3\n"),
    (
        "dns::numbered-parameter",
        W,
        "6:13",
        "a HTTPS 1 . key1=\\002h2\n",
    ),
    (
        "dns::numbered-parameter",
        E,
        "6:13",
        "a HTTPS 1 . key3=\\001\\187\n",
    ),
    ("dns::obsolete-type", E, "6:3", "a NULL \\# 1 00\n"),
    ("dns::parenthesis-touches", E, "6:2", "a(A 192.168.1.3)\n"),
    ("dns::parenthesis-touches", E, "6:5", "$TTL(5)\n"),
    ("dns::parenthesis-touches", E, "6:8", "a MX 10(ns1)\n"),
    ("dns::parenthesis-touches", E, "6:9", "a RP ns1(ns1)\n"),
    ("dns::parenthesis-touches", W, "6:9", "a RP ns1( ns1 )\n"),
    ("dns::rare-type", W, "6:3", "a AVC x\n"),
    ("dns::rare-type", W, "6:10", "a NSEC b AVC\n"),
    ("dns::raw-octets", E, "6:7", "a TXT \u{b}\n"),
    (
        "dns::several-hashes",
        E,
        "7:1",
        "@ NSEC3PARAM 1 0 0 -\n@ NSEC3PARAM 1 0 0 AA\n",
    ),
    (
        "dns::short-groups",
        W,
        "6:10",
        "a NID 10 14:4fff:ff20:ee64\n",
    ),
    (
        "dns::signature-time",
        W,
        "6:19",
        "a RRSIG A 13 3 60 1893456000 20240101000000 1 home.lab. AAAA\n",
    ),
    ("dns::split-base64", W, "6:14", "a OPENPGPKEY AQI DBAUG\n"),
    ("dns::unquoted-text", W, "6:7", "a TXT $x\n"),
    ("dns::unquoted-text", W, "6:9", "a TXT x .y\n"),
    ("dns::unquoted-text", W, "6:12", "a HINFO PC Linux-6.1\n"),
    ("dns::unquoted-text", W, "6:9", "a HINFO C:\\\\ x\n"),
    ("dns::unescaped", E, "6:1", "\\# A 192.168.1.3\n"),
    ("dns::unescaped", E, "6:9", "a CNAME \\[b\n"),
    ("dns::unescaped", E, "6:1", "-a TXT x\n"),
    ("dns::unknown-type", E, "6:3", "a TYPE065280 \\# 0\n"),
    (
        "dns::value",
        E,
        "6:12",
        "d DS 12345 99 1 3490A6806D47F17A34C29E2CE80E8A999FFBE4BE\nd NS ns1\n",
    ),
    (
        "dns::value",
        E,
        "6:15",
        "d DS 12345 13 99 3490A6\nd NS ns1\n",
    ),
    ("dns::value", E, "6:10", "a DNSKEY 512 3 13 AAAA\n"),
    ("dns::value", E, "6:8", "a CERT 0 0 0 AAAA\n"),
    ("dns::value", E, "6:14", "@ NSEC3PARAM 2 0 0 -\n"),
    ("dns::value", E, "6:13", "a NAPTR 1 1 \"+\" \"\" \"\" .\n"),
    (
        "dns::alias-and-data",
        E,
        "7:1",
        "sub NS ns1\na.sub CNAME b\na.sub A 192.168.1.3\n",
    ),
];

/// The same for whole zones.
const ZONES: &[(&str, Severity, &str, &str)] = &[
    (
        "dns::blank-first",
        W,
        "2:1",
        "$TTL 1h\n  ; c\n\n  \n@ SOA ns1 admin 1 2h 1h 2w 5m\n  ; d\n",
    ),
    (
        "dns::long-name",
        E,
        "1:1",
        "a.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx A 1.2.3.4\n",
    ),
    (
        "dns::no-address",
        E,
        "3:6",
        "$TTL 1h\n@ SOA ns1 admin 1 2h 1h 2w 5m\n@ NS ns1\n",
    ),
    (
        "dns::no-default-ttl",
        W,
        "1:1",
        "@ SOA ns1 admin 1 2h 1h 2w 5m\n@ NS ns1\nns1 A 192.168.1.2\n",
    ),
    (
        "dns::no-ns",
        E,
        "2:1",
        "$TTL 1h\n@ SOA ns1 admin 1 2h 1h 2w 5m\n",
    ),
    ("dns::no-owner", E, "1:2", " 60 A 192.168.1.2\n"),
    (
        "dns::no-soa",
        E,
        "1:1",
        "@ 60 NS ns1\nns1 60 A 192.168.1.2\n",
    ),
    ("dns::no-ttl", E, "1:1", "@ NS ns1\n"),
    (
        "dns::serial-zero",
        W,
        "2:17",
        "$TTL 1h\n@ SOA ns1 admin 0 2h 1h 2w 5m\n",
    ),
    (
        "dns::soa-not-first",
        E,
        "3:1",
        "$TTL 1h\n@ NS ns1\n@ SOA ns1 admin 1 2h 1h 2w 5m\nns1 A 192.168.1.2\n",
    ),
    (
        "dns::soa-time",
        W,
        "2:22",
        "$TTL 1h\n@ SOA ns1 admin 1 2h 3h 2w 5m\n",
    ),
];

fn found(text: &str, code: &str) -> Vec<(Severity, String)> {
    let loaded = read(text);
    let found = check(&loaded, &CheckOptions::default());
    found
        .iter()
        .filter(|found| found.code == code)
        .map(|found| {
            let place = found.location().unwrap().position().to_string();
            assert!(!found.message.is_empty());
            (found.severity, place)
        })
        .collect()
}

#[test]
fn every_rule_finds_its_case() {
    let cases = CASES.iter().map(|(code, severity, place, lines)| {
        let (front, lines) = match lines.strip_prefix('\u{feff}') {
            Some(lines) => ("\u{feff}", lines),
            None => ("", *lines),
        };
        let lines = lines.replace("LONG", &"x".repeat(256));
        (*code, *severity, *place, format!("{front}{HEAD}{lines}"))
    });
    let zones = ZONES
        .iter()
        .map(|(code, severity, place, text)| (*code, *severity, *place, (*text).to_owned()));
    let mut wrong = Vec::new();
    for (code, severity, place, text) in cases.chain(zones) {
        let found = found(&text, code);
        if found != [(severity, place.to_owned())] {
            wrong.push(format!("{code}: {place} and not {found:?}\n"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

#[test]
fn a_start_without_faults_has_none() {
    assert_eq!(check(&read(HEAD), &CheckOptions::default()), []);
}

/// Codes that other tests speak of, or that no text of this size shows.
const ELSEWHERE: &[&str] = &[
    "dns::include-depth",
    "dns::include-loop",
    "dns::include-relative",
    "dns::mdns",
    "dns::serial-lowered",
    "dns::serial-not-raised",
    "dns::several-names",
    "dns::too-long",
];

#[test]
fn no_code_is_forgotten() {
    let mut dirs = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut codes = std::collections::BTreeSet::new();
    while let Some(dir) = dirs.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                dirs.push(path);
                continue;
            }
            let text = String::from_utf8(std::fs::read(path).unwrap()).unwrap();
            for part in text.split("\"dns::").skip(1) {
                codes.insert(format!("dns::{}", part.split('"').next().unwrap()));
            }
        }
    }
    let known = CASES
        .iter()
        .chain(ZONES)
        .map(|(code, ..)| *code)
        .chain(ELSEWHERE.iter().copied());
    let known: std::collections::BTreeSet<_> = known.map(str::to_owned).collect();
    let missing: Vec<_> = codes.difference(&known).collect();
    assert!(missing.is_empty(), "without a case: {missing:?}");
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/zone-files.md");
    let guide = String::from_utf8(std::fs::read(guide).unwrap()).unwrap();
    let untold = codes
        .iter()
        .filter(|code| !guide.contains(&format!("`{code}`")));
    let untold: Vec<_> = untold.collect();
    assert!(untold.is_empty(), "not in the guide: {untold:?}");
    let gone: Vec<_> = known.difference(&codes).collect();
    assert!(gone.is_empty(), "no code any more: {gone:?}");
}

#[test]
fn all_errors_are_in_one_report() {
    let text = format!(
        "{HEAD}a A 1.2.3\nb BOGUS x\n$FOO\nc TXT \"x\nd A ( 1.2.3.4\ne MX x y\nf A 1.2.3.4\nf CNAME g\n"
    );
    let found = check(&read(text), &CheckOptions::default());
    let codes: Vec<_> = found
        .iter()
        .filter(|found| found.is_error())
        .map(|found| found.code.as_ref())
        .collect();
    assert_eq!(
        codes,
        [
            "dns::data",
            "dns::unknown-type",
            "dns::unknown-directive",
            "dns::open-quote",
            "dns::open-parenthesis",
            "dns::data",
            "dns::alias-and-data"
        ]
    );
}

#[test]
fn a_zone_below_local_is_noticed() {
    let options = dns_zone::LoadOptions::new("home.local".parse().unwrap());
    let found = check(
        &dns_zone::parse("zone", HEAD, &options),
        &CheckOptions::default(),
    );
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code, "dns::mdns");
}

#[test]
fn an_address_has_one_name() {
    let options = dns_zone::LoadOptions::new("1.168.192.in-addr.arpa".parse().unwrap());
    let text = "$TTL 1h\n@ SOA ns.x. admin.x. 1 2h 1h 2w 5m\n@ NS ns.x.\n7 PTR a.x.\n7 PTR b.x.\n";
    let found = check(
        &dns_zone::parse("zone", text, &options),
        &CheckOptions::default(),
    );
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code, "dns::several-names");
}

#[test]
fn a_host_does_not_lie_in_a_reverse_zone() {
    let options = dns_zone::LoadOptions::new("1.168.192.in-addr.arpa".parse().unwrap());
    let text = "$TTL 1h\n@ SOA ns.x. admin.x. 1 2h 1h 2w 5m\n@ NS ns.x.\n7 PTR a.x\n8 PTR b.x.\n";
    let found = check(
        &dns_zone::parse("zone", text, &options),
        &CheckOptions::default(),
    );
    let found: Vec<_> = found
        .iter()
        .map(|found| format!("{} {found}", found.code))
        .collect();
    assert_eq!(
        found,
        ["dns::missing-dot zone:4:7: the name of the host is `a.x.1.168.192.in-addr.arpa.`"]
    );
}

#[test]
fn the_serial_has_to_follow_the_records() {
    let codes = |old: &str, new: &str| -> Vec<String> {
        let mut options = CheckOptions::default();
        options.previous = Some(Arc::new(read(old).zone));
        let found = check(&read(new), &options);
        found.iter().map(|found| found.code.to_string()).collect()
    };
    let more = format!("{HEAD}a A 192.168.1.3\n");
    let raised = more.replace("2024010101", "2024010102");
    assert_eq!(codes(HEAD, HEAD), Vec::<String>::new());
    assert_eq!(codes(HEAD, &more), ["dns::serial-not-raised"]);
    assert_eq!(codes(HEAD, &raised), Vec::<String>::new());
    assert_eq!(codes(&raised, &more), ["dns::serial-lowered"]);
    assert_eq!(
        codes(HEAD, &HEAD.replace("2024010101", "2024010102")),
        Vec::<String>::new()
    );
}

#[test]
fn names_under_a_wildcard() {
    let shadowed = |lines: &str| -> Vec<String> {
        let found = check(&read(format!("{HEAD}{lines}")), &CheckOptions::default());
        let shadowed = found
            .iter()
            .filter(|found| found.code == "dns::wildcard-shadowed");
        shadowed
            .map(|found| found.message.split('`').nth(1).unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        shadowed("* A 192.168.1.3\nx.y A 192.168.1.4\n"),
        ["y.home.lab."]
    );
    assert_eq!(
        shadowed("*.apps A 192.168.1.3\nb.apps TXT x\nc.apps A 192.168.1.4\n"),
        ["b.apps.home.lab."]
    );
    assert_eq!(
        shadowed("*.apps A 192.168.1.3\na.b.c.apps A 192.168.1.4\n"),
        ["c.apps.home.lab.", "b.c.apps.home.lab."]
    );
    assert_eq!(
        shadowed("* A 192.168.1.3\n_sip._tcp SRV 0 0 5060 ns1\n_acme-challenge TXT x\n"),
        Vec::<String>::new()
    );
    assert_eq!(
        shadowed("* TXT x\nx.y A 192.168.1.4\n"),
        Vec::<String>::new()
    );
    assert_eq!(
        shadowed("* A 192.168.1.3\nsub NS ns1\nx.sub TXT x\n"),
        Vec::<String>::new()
    );
    assert_eq!(
        shadowed("* A 192.168.1.3\n*.apps TXT x\n"),
        ["apps.home.lab."]
    );
}
