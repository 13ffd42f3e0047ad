//! Typed values out of trees.

use std::collections::BTreeMap;

use insta::assert_snapshot;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use yaml_tree::{DuplicateKeys, Node, Options, Schema, Source, Spanned, from_node, parse_one};

use crate::support::explain;

fn node(text: &str) -> Node {
    let source = Source::new("t", text);
    parse_one(&source, &Options::default())
        .into_result()
        .unwrap()
}

fn read<T: DeserializeOwned>(text: &str) -> T {
    from_node(&node(text), Schema::Go).unwrap()
}

/// What is said about a text that is no `T`.
fn refuse<T: DeserializeOwned>(text: &str) -> String {
    match from_node::<T>(&node(text), Schema::Go) {
        Ok(_) => panic!("{text:?} was read"),
        Err(diagnostic) => explain(&diagnostic),
    }
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Service {
    image: String,
    #[serde(default)]
    ports: Vec<u16>,
    restart: Option<Restart>,
    #[serde(default)]
    labels: BTreeMap<String, Option<String>>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Restart {
    Always,
    OnFailure(u8),
    Between { least: u8, most: u8 },
    Pair(u8, u8),
}

#[test]
fn structs_and_collections() {
    let service: Service = read("image: 1.10\nports: [80, 0x1BB]\nlabels: {a: ~, b: yes, 3: on}\n");
    assert_eq!(service.image, "1.10");
    assert_eq!(service.ports, [80, 443]);
    let labels: Vec<_> = service.labels.into_iter().collect();
    assert_eq!(
        labels,
        [
            ("3".to_owned(), Some("on".to_owned())),
            ("a".to_owned(), None),
            ("b".to_owned(), Some("yes".to_owned())),
        ]
    );
}

#[test]
fn scalars() {
    assert!(read::<bool>("true"));
    assert_eq!(read::<i128>("-9223372036854775808"), i128::from(i64::MIN));
    assert_eq!(read::<u128>("18446744073709551615"), u128::from(u64::MAX));
    assert!((read::<f64>("3") - 3.0).abs() < f64::EPSILON);
    assert!((read::<f32>("1e3") - 1000.0).abs() < f32::EPSILON);
    assert_eq!(read::<char>("é"), 'é');
    assert_eq!(read::<Option<u8>>("~"), None);
    assert_eq!(read::<Option<u8>>("8"), Some(8));
    assert_eq!(read::<(u8, String)>("[1, x]"), (1, "x".to_owned()));
    assert_eq!(read::<String>("2024-01-01"), "2024-01-01");
    read::<()>("");
}

#[test]
fn bytes() {
    struct Bytes(Vec<u8>);
    impl<'de> Deserialize<'de> for Bytes {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Visitor;
            impl serde::de::Visitor<'_> for Visitor {
                type Value = Bytes;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("byte array")
                }
                fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                    Ok(Bytes(bytes.to_vec()))
                }
            }
            deserializer.deserialize_bytes(Visitor)
        }
    }
    assert_eq!(read::<Bytes>("é").0, "é".as_bytes());
    assert_eq!(read::<Vec<u8>>("[1, 2]"), [1, 2]);
    assert_snapshot!(refuse::<Bytes>("{a: b}"), @r#"
    yaml::type: expected a string, found a mapping
      ^ 1:2 "a"
    "#);
}

#[test]
fn enums() {
    assert_eq!(read::<Restart>("always"), Restart::Always);
    assert_eq!(read::<Restart>("{always: }"), Restart::Always);
    assert_eq!(read::<Restart>("on-failure: 3"), Restart::OnFailure(3));
    assert_eq!(
        read::<Restart>("between: {least: 1, most: 2}"),
        Restart::Between { least: 1, most: 2 }
    );
    assert_eq!(read::<Restart>("pair: [1, 2]"), Restart::Pair(1, 2));
    assert_snapshot!(refuse::<Restart>("alway"), @r#"
    yaml::unknown-variant: unknown value `alway`
      ^ 1:1 "alway" 
      help: known are `always`, `on-failure`, `between`, `pair`
      fix: did you mean `always`? -> "always"
    "#);
    assert_snapshot!(refuse::<Restart>("never"), @r#"
    yaml::unknown-variant: unknown value `never`
      ^ 1:1 "never" 
      help: known are `always`, `on-failure`, `between`, `pair`
    "#);
    assert_snapshot!(refuse::<Restart>("on-failure"), @r#"
    yaml::type: `on-failure` needs a value: write `on-failure: …`
      ^ 1:1 "on-failure"
    "#);
    assert_snapshot!(refuse::<Restart>("always: 3"), @r#"
    yaml::type: `always` takes no value
      ^ 1:9 "3"
    "#);
    assert_snapshot!(refuse::<Restart>("pair: [1, 2, 3]"), @r#"
    yaml::value: expected 2 items, found 3
      ^ 1:7 "[1, 2, 3]"
    "#);
    assert_snapshot!(refuse::<Restart>("pair: [1]"), @r#"
    yaml::value: expected a sequence of 2, found 1
      ^ 1:7 "[1]"
    "#);
    assert_snapshot!(refuse::<Restart>("{pair: 1, always: }"), @r#"
    yaml::type: expected a name, or a mapping with one entry, found a mapping
      ^ 1:2 "pair"
    "#);
    assert_snapshot!(refuse::<Restart>("between: {least: 1, most: 300}"), @r#"
    yaml::value: expected an integer from 0 to 255, found `300`
      ^ 1:27 "300"
    "#);
}

#[test]
fn what_does_not_fit() {
    assert_snapshot!(refuse::<Service>("image: x\nports: 80\n"), @r#"
    yaml::type: expected a sequence, found an integer
      ^ 2:8 "80"
    "#);
    assert_snapshot!(refuse::<Service>("image: x\nports:\n  - 80\n  - http\n"), @r#"
    yaml::type: expected an integer from 0 to 65535, found a string
      ^ 4:5 "http"
    "#);
    assert_snapshot!(refuse::<Service>("image: x\nports: [80, 99999]\n"), @r#"
    yaml::value: expected an integer from 0 to 65535, found `99999`
      ^ 2:13 "99999"
    "#);
    assert_snapshot!(refuse::<Service>("image: x\nports: [-1]\n"), @r#"
    yaml::value: expected an integer from 0 to 65535, found `-1`
      ^ 2:9 "-1"
    "#);
    assert_snapshot!(refuse::<Service>("image: x\nports: [1.5]\n"), @r#"
    yaml::type: expected an integer from 0 to 65535, found a number
      ^ 2:9 "1.5"
    "#);
    assert_snapshot!(refuse::<Service>("image:\nports: []\n"), @r#"
    yaml::type: expected a string, found null
      ^ 1:7 ""
    "#);
    assert_snapshot!(refuse::<Service>("image: [a]\n"), @r#"
    yaml::type: expected a string, found a sequence
      ^ 1:8 "[a]"
    "#);
    assert_snapshot!(refuse::<Service>("ports: []\n"), @r#"
    yaml::missing-key: key `image` is missing
      ^ 1:1 "ports"
    "#);
    assert_snapshot!(refuse::<Service>("image: x\nport: []\n"), @r#"
    yaml::unknown-key: unknown key `port`
      ^ 2:1 "port" 
      help: known are `image`, `ports`, `restart`, `labels`
      fix: did you mean `ports`? -> "ports"
    "#);
    assert_snapshot!(refuse::<Service>("image: x\nlabels: [a=b]\n"), @r#"
    yaml::type: expected a mapping, found a sequence
      ^ 2:9 "[a=b]"
    "#);
    assert_snapshot!(refuse::<Service>("- image: x\n"), @r#"
    yaml::type: expected a mapping, found a sequence
      ^ 1:1 "- image: x"
    "#);
    assert_snapshot!(refuse::<Service>("x"), @r#"
    yaml::type: expected a mapping, found a string
      ^ 1:1 "x"
    "#);
    assert_snapshot!(refuse::<bool>("yes"), @r#"
    yaml::type: expected `true` or `false`, found a string
      ^ 1:1 "yes"
    "#);
    assert_snapshot!(refuse::<char>("ab"), @r#"
    yaml::value: expected a single character, found `ab`
      ^ 1:1 "ab"
    "#);
    assert_snapshot!(refuse::<()>("[]"), @r#"
    yaml::type: expected null, found a sequence
      ^ 1:1 "[]"
    "#);
    assert_snapshot!(refuse::<u8>("'1'"), @r#"
    yaml::type: expected an integer from 0 to 255, found a string
      ^ 1:1 "'1'"
    "#);
    assert_snapshot!(refuse::<u8>("2024-01-01"), @r#"
    yaml::type: expected an integer from 0 to 255, found a string
      ^ 1:1 "2024-01-01"
    "#);
    assert_snapshot!(refuse::<(u8, u8)>("[1, 2, 3]"), @r#"
    yaml::value: expected 2 items, found 3
      ^ 1:1 "[1, 2, 3]"
    "#);
    assert_snapshot!(refuse::<[u8; 2]>("{a: b}"), @r#"
    yaml::type: expected a sequence of 2, found a mapping
      ^ 1:2 "a"
    "#);
    assert_snapshot!(refuse::<std::num::NonZeroU8>("0"), @r#"
    yaml::value: expected an integer of 1 or more, found `0`
      ^ 1:1 "0"
    "#);
    assert_snapshot!(refuse::<std::net::Ipv4Addr>("1.2.3"), @r#"
    yaml::value: invalid IPv4 address syntax
      ^ 1:1 "1.2.3"
    "#);
    assert_snapshot!(refuse::<BTreeMap<u8, u8>>("{a: 1}"), @r#"
    yaml::type: expected an integer from 0 to 255, found a string
      ^ 1:2 "a"
    "#);
}

#[test]
fn the_place_in_an_anchored_value_is_named() {
    let text = "a: &a\n  image: x\n  ports: [no]\nb: *a\n";
    assert_snapshot!(refuse::<BTreeMap<String, Service>>(text), @r#"
    yaml::type: expected an integer from 0 to 65535, found a string
      ^ 3:11 "no"
    "#);
    let text = "a: &a {image: x, prots: []}\nb:\n  <<: *a\n";
    let root = node(text);
    let found = from_node::<Service>(root.get("b").unwrap(), Schema::Go);
    assert_snapshot!(explain(&found.unwrap_err()), @r#"
    yaml::unknown-key: unknown key `prots`
      ^ 1:18 "prots" 
      - 3:3 "<<" merged here
      help: known are `image`, `ports`, `restart`, `labels`
      fix: did you mean `ports`? -> "ports"
    "#);
}

#[test]
fn merged_entries_are_fields_like_others() {
    let root = node("a: &a {image: x, ports: [1]}\nb:\n  <<: *a\n  image: y\n");
    let service: Service = from_node(root.get("b").unwrap(), Schema::Go).unwrap();
    assert_eq!(
        (service.image.as_str(), service.ports.as_slice()),
        ("y", &[1][..])
    );
}

#[test]
fn a_field_twice() {
    let source = Source::new("t", "image: x\nimage: y\n");
    let options = Options::default().duplicate_keys(DuplicateKeys::KeepAll);
    let root = parse_one(&source, &options).into_result().unwrap();
    let found = from_node::<Service>(&root, Schema::Go);
    assert_snapshot!(explain(&found.unwrap_err()), @r#"
    yaml::duplicate-key: key `image` is defined twice in one mapping
      ^ 1:1 "image"
    "#);
}

#[derive(Deserialize)]
struct Placed {
    name: Spanned<String>,
    list: Spanned<Vec<Spanned<u8>>>,
    some: Option<Spanned<Restart>>,
    none: Option<Spanned<u8>>,
}

#[test]
fn spanned() {
    let placed: Placed = read("name: 'x y'\nlist:\n  - 1\n  - 2\nsome: {on-failure: 3}\n");
    assert_eq!(placed.name.value, "x y");
    assert_eq!(placed.name.span.text(), "'x y'");
    assert_eq!(placed.list.span.position().to_string(), "3:3");
    let items: Vec<_> = placed
        .list
        .value
        .iter()
        .map(|item| (item.value, item.span.to_string()))
        .collect();
    assert_eq!(items, [(1, "t:3:5".to_owned()), (2, "t:4:5".to_owned())]);
    assert_eq!(placed.some.unwrap().span.text(), "{on-failure: 3}");
    assert_eq!(placed.none, None);
    assert_snapshot!(refuse::<Spanned<u8>>("x"), @r#"
    yaml::type: expected an integer from 0 to 255, found a string
      ^ 1:1 "x"
    "#);
    let keys: BTreeMap<u8, Spanned<Spanned<u8>>> = read("1: 2");
    assert_eq!(keys[&1].value.value, 2);
}

#[test]
fn spanned_in_other_formats() {
    assert!(serde_yaml::from_str::<Spanned<u8>>("1").is_err());
    assert!(serde_yaml::from_str::<Spanned<u8>>("[~, 1]").is_err());
    assert!(serde_yaml::from_str::<Spanned<u8>>("{place: , value: 1}").is_err());
}
