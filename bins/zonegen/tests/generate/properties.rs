//! What holds for any services and any zone file of people.

use dns_zone::{LoadOptions, Zone, parse};
use proptest::prelude::*;

use crate::support::Place;

const CONFIG: &str = "\
serial: increment
zones: {home.arpa: {ns: {ns1: 192.168.1.10}, file: db}, 192.168.1.0/24: {ns: ns1.home.arpa, file: rev}}
environments: {prod: {target: 192.168.1.10, wildcards: '*.home.arpa', compose: compose.yaml}}
";

/// Services, each with names and perhaps an address of its own.
fn services() -> impl Strategy<Value = Vec<(Vec<String>, Option<u8>)>> {
    let name = prop::collection::vec("[abc]", 1..4)
        .prop_map(|labels| format!("{}.home.arpa", labels.join(".")));
    let names = prop::collection::vec(name, 1..3);
    prop::collection::vec((names, prop::option::of(20_u8..22)), 0..5)
}

/// Lines that people may write behind the SOA record.
fn own() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("; a remark\n".to_owned()),
        Just("\n".to_owned()),
        "[abcx] +A 192\\.168\\.1\\.[1-9] ?(; .{0,5})?\n",
        "[abcx] 60 TXT ( \"[a-z;]{0,5}\"\n \"x\" )\n",
        "\tTXT more\n",
        Just("$TTL 1h\n".to_owned()),
    ];
    prop::collection::vec(line, 0..6).prop_map(|lines| lines.concat())
}

fn compose(services: &[(Vec<String>, Option<u8>)]) -> String {
    let mut text = "name: l\nservices:\n  idle: {image: x}\n".to_owned();
    for (at, (names, address)) in services.iter().enumerate() {
        text.push_str(&format_service(at, names, *address));
    }
    text
}

fn format_service(at: usize, names: &[String], address: Option<u8>) -> String {
    let value = address
        .map(|last| format!(", dns.value: 192.168.1.{last}"))
        .unwrap_or_default();
    format!(
        "  s{at}:\n    image: x\n    labels: {{caddy: '{}'{value}}}\n",
        names.join(" ")
    )
}

fn zone(place: &Place) -> Zone {
    let text = place.read("db");
    parse("db", text, &LoadOptions::new("home.arpa".parse().unwrap()))
        .into_result()
        .unwrap()
}

const ALL: &str = "generate --allow-empty --max-delete 100%";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn it_settles_and_keeps_what_is_not_its_own(one in services(), two in services(), own in own()) {
        let head = "$TTL 5m\n@ SOA ns1 h 7 1h 15m 1w 5m\n";
        let place = Place::new(&[("zonegen.yaml", CONFIG), ("db", &format!("{head}{own}"))]);
        let run = |services: &[(Vec<String>, Option<u8>)]| {
            place.write("compose.yaml", &compose(services));
            let before = place.read("db");
            let outcome = place.run(ALL);
            if outcome.code != 0 {
                // Conflicts and the like: nothing was written.
                assert_eq!(place.read("db"), before);
                return None;
            }
            let text = place.read("db");
            let kept = |text: &str| text.lines().skip(2).take(own.lines().count()).map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(kept(&text), own.lines().map(str::to_owned).collect::<Vec<_>>());
            let again = place.run(ALL);
            assert_eq!(again.code, 0, "{}", again.err);
            assert!(again.out.lines().all(|line| line.ends_with("no change")), "{}", again.out);
            assert_eq!(place.read("db"), text);
            Some(zone(&place))
        };
        let first = run(&one);
        let second = run(&two);
        let third = run(&one);
        if let (Some(first), Some(second), Some(third)) = (first, second, third) {
            prop_assert!(first.diff(&third).is_empty());
            let (a, b) = (first.serial().unwrap(), second.serial().unwrap());
            prop_assert_eq!(a == b, first.diff(&second).is_empty());
            prop_assert!(a == b || b.is_after(a));
        }
    }
}
