//! Keys written twice, merge keys and aliases.

use insta::assert_snapshot;
use proptest::prelude::*;
use yaml_tree::{DuplicateKeys, Node, Options, Source, parse, parse_one};

use crate::support::{tree, tree_all, tree_with};

#[test]
fn written_twice() {
    assert_snapshot!(tree_all(&[
        "a: 1\nb: 2\na: 3\n",
        "x:\n  a: 1\n  \"a\": 2\n  'a': {c: 1, c: 2}\n",
        "{1: a, '1': b, 01: c}",
        "? [a, b]\n: 1\n? [a, 'b']\n: 2\n? [b, a]\n: 3\n",
        "? {a: b}\n: 1\n? {a: b}\n: 2\n? {a: c}\n: 3\n",
        "&k a: 1\n*k : 2\n",
        ": a\n'': b\n",
    ]), @r#"
    "a: 1\nb: 2\na: 3\n"
      {=a: =1, =b: =2}
      yaml::duplicate-key: key `a` is defined twice in one mapping
        ^ 3:1 "a" defined again here
        - 1:1 "a" first defined here
        help: remove or rename one of the two
    "x:\n  a: 1\n  \"a\": 2\n  'a': {c: 1, c: 2}\n"
      {=x: {=a: =1}}
      yaml::duplicate-key: key `a` is defined twice in one mapping
        ^ 3:3 "\"a\"" defined again here
        - 2:3 "a" first defined here
        help: remove or rename one of the two
      yaml::duplicate-key: key `a` is defined twice in one mapping
        ^ 4:3 "'a'" defined again here
        - 2:3 "a" first defined here
        help: remove or rename one of the two
      yaml::duplicate-key: key `c` is defined twice in one mapping
        ^ 4:15 "c" defined again here
        - 4:9 "c" first defined here
        help: remove or rename one of the two
    "{1: a, '1': b, 01: c}"
      {=1: =a, =01: =c}
      yaml::duplicate-key: key `1` is defined twice in one mapping
        ^ 1:8 "'1'" defined again here
        - 1:2 "1" first defined here
        help: remove or rename one of the two
    "? [a, b]\n: 1\n? [a, 'b']\n: 2\n? [b, a]\n: 3\n"
      {[=a, =b]: =1, [=b, =a]: =3}
      yaml::duplicate-key: this key is defined twice in one mapping
        ^ 3:3 "[a, 'b']" defined again here
        - 1:3 "[a, b]" first defined here
        help: remove or rename one of the two
    "? {a: b}\n: 1\n? {a: b}\n: 2\n? {a: c}\n: 3\n"
      {{=a: =b}: =1, {=a: =c}: =3}
      yaml::duplicate-key: this key is defined twice in one mapping
        ^ 3:3 "{a: b}" defined again here
        - 1:3 "{a: b}" first defined here
        help: remove or rename one of the two
    "&k a: 1\n*k : 2\n"
      {=a: =1}
      yaml::duplicate-key: key `a` is defined twice in one mapping
        ^ 2:1 "*k" defined again here
        - 1:4 "a" first defined here
        help: remove or rename one of the two
    ": a\n'': b\n"
      {=: =a}
      yaml::duplicate-key: key `` is defined twice in one mapping
        ^ 2:1 "''" defined again here
        - 1:1 "" first defined here
        help: remove or rename one of the two
    "#);
}

#[test]
fn many_keys_are_found_as_well_as_few() {
    let mut text: String = (0..50).map(|key| format!("key{key}: x\n")).collect();
    text.push_str("? [a]\n: 1\n? [a]\n: 2\nkey31: y\n");
    let found = tree(&text);
    let errors: Vec<&str> = found.lines().skip(1).collect();
    assert_snapshot!(errors.join("\n"), @r#"
    yaml::duplicate-key: this key is defined twice in one mapping
      ^ 53:3 "[a]" defined again here
      - 51:3 "[a]" first defined here
      help: remove or rename one of the two
    yaml::duplicate-key: key `key31` is defined twice in one mapping
      ^ 55:1 "key31" defined again here
      - 32:1 "key31" first defined here
      help: remove or rename one of the two
    "#);
}

#[test]
fn kept_at_the_root_on_demand() {
    let options = Options::default().duplicate_keys(DuplicateKeys::KeepAll);
    let text = "tasks: {a: 1}\nenv: x\ntasks: {b: 2, b: 3}\n";
    assert_snapshot!(tree_with(text, &options), @r#"
    {=tasks: {=a: =1}, =env: =x, =tasks: {=b: =2}}
    yaml::duplicate-key: key `b` is defined twice in one mapping
      ^ 3:15 "b" defined again here
      - 3:9 "b" first defined here
      help: remove or rename one of the two
    "#);
    let source = Source::new("castfile", text);
    let root = parse_one(&source, &options).value.unwrap();
    assert_eq!(
        root.get("tasks").unwrap().get("a").unwrap().as_text(),
        Some("1")
    );
}

#[test]
fn merge() {
    assert_snapshot!(tree_all(&[
        "a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\n",
        "a: &a {x: 1}\nb: &b {x: 2, y: 3}\nc:\n  z: 4\n  <<: [*a, *b, {w: 5, z: 6}]\n",
        "a: {<<: {x: {p: 1}}, x: {q: 2}}\n",
        "a: &a {<<: {x: 1}, y: 2}\nb: {<<: *a}\n",
        "a: {\"<<\": {x: 1}, b: 2}\n",
        "a: {!!merge <<: {x: 1}}\n",
        "a: {!!str <<: {x: 1}}\n",
        "a: {<<: []}\n",
        "a: {<<: {b: 1}, c: {<<: {b: 2}}}\n",
        "- <<\n- x: <<\n",
    ]), @r#"
    "a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\n"
      {=a: {=x: =1, =y: =2}, =b: {=y: =3, <<=x: =1}}
    "a: &a {x: 1}\nb: &b {x: 2, y: 3}\nc:\n  z: 4\n  <<: [*a, *b, {w: 5, z: 6}]\n"
      {=a: {=x: =1}, =b: {=x: =2, =y: =3}, =c: {=z: =4, <<=x: =1, <<=y: =3, <<=w: =5}}
    "a: {<<: {x: {p: 1}}, x: {q: 2}}\n"
      {=a: {=x: {=q: =2}}}
    "a: &a {<<: {x: 1}, y: 2}\nb: {<<: *a}\n"
      {=a: {=y: =2, <<=x: =1}, =b: {<<=y: =2, <<=x: =1}}
    "a: {\"<<\": {x: 1}, b: 2}\n"
      {=a: {"<<: {=x: =1}, =b: =2}}
    "a: {!!merge <<: {x: 1}}\n"
      {=a: {<<=x: =1}}
    "a: {!!str <<: {x: 1}}\n"
      {=a: {<!!str>=<<: {=x: =1}}}
    "a: {<<: []}\n"
      {=a: {}}
    "a: {<<: {b: 1}, c: {<<: {b: 2}}}\n"
      {=a: {=c: {<<=b: =2}, <<=b: =1}}
    "- <<\n- x: <<\n"
      [=<<, {=x: =<<}]
    "#);
}

#[test]
fn merge_of_the_wrong_kind() {
    assert_snapshot!(tree_all(&[
        "a: {<<: x, b: 1}\n",
        "a: &a [1]\nb: {<<: [{x: 1}, *a, {y: 2}]}\n",
        "a:\n  <<:\n  b: 1\n",
        "a: {<<: {x: 1}, <<: {y: 2}}\n",
        "a: {<<: *nope}\n",
    ]), @r#"
    "a: {<<: x, b: 1}\n"
      {=a: {=b: =1}}
      yaml::merge: `<<` needs a mapping or a list of mappings, found a string
        ^ 1:9 "x" this is a string
        help: name a mapping with an alias, as in `<<: *defaults`; quote the key if `<<` is meant as text
    "a: &a [1]\nb: {<<: [{x: 1}, *a, {y: 2}]}\n"
      {=a: [=1], =b: {<<=x: =1}}
      yaml::merge: `<<` needs a mapping or a list of mappings, found a sequence
        ^ 2:18 "*a" this is a sequence
        help: name a mapping with an alias, as in `<<: *defaults`; quote the key if `<<` is meant as text
    "a:\n  <<:\n  b: 1\n"
      {=a: {=b: =1}}
      yaml::merge: `<<` needs a mapping or a list of mappings, found null
        ^ 2:6 "" this is null
        help: name a mapping with an alias, as in `<<: *defaults`; quote the key if `<<` is meant as text
    "a: {<<: {x: 1}, <<: {y: 2}}\n"
      {=a: {<<=x: =1}}
      yaml::duplicate-key: key `<<` is defined twice in one mapping
        ^ 1:17 "<<" defined again here
        - 1:5 "<<" first defined here
        help: merge several mappings with one list: `<<: [*a, *b]`
    "a: {<<: *nope}\n"
      {=a: {}}
      yaml::unknown-alias: alias `*nope` has no anchor `&nope` before it
        ^ 1:9 "*nope" no such anchor in this document
        help: quote the value if `*` is meant as text
    "#);
}

#[test]
fn merge_can_be_left_out() {
    let options = Options::default().merge_keys(false);
    assert_snapshot!(tree_with("a: {<<: {x: 1}, x: 2}\n", &options), @"{=a: {=<<: {=x: =1}, =x: =2}}");
}

#[test]
fn merged_entries_name_the_place() {
    let source = Source::new("t", "a: &a {x: 1}\nb:\n  <<: *a\n");
    let root = parse_one(&source, &Options::default()).value.unwrap();
    let entry = root
        .get("b")
        .unwrap()
        .as_mapping()
        .unwrap()
        .entry("x")
        .unwrap();
    assert_eq!(entry.merged.as_ref().unwrap().to_string(), "t:3:3");
    assert_eq!(entry.value.span().to_string(), "t:1:11");
}

#[test]
fn aliases() {
    assert_snapshot!(tree_all(&[
        "a: &defaults 1\nb: *default\nc: *nothing\n",
        "a: &x [1, *x]\nb: &y {k: *y}\n",
        "a: &x 1\n---\nb: *x\n",
        "a: &x 1\n---\nb: &x 2\nc: *x\n",
        "- *x\n- &x 1\n",
    ]), @r#"
    "a: &defaults 1\nb: *default\nc: *nothing\n"
      {=a: =1, =b: *=, =c: *=}
      yaml::unknown-alias: alias `*default` has no anchor `&default` before it
        ^ 2:4 "*default" no such anchor in this document
        fix: did you mean `*defaults`? -> "*defaults"
      yaml::unknown-alias: alias `*nothing` has no anchor `&nothing` before it
        ^ 3:4 "*nothing" no such anchor in this document
        help: quote the value if `*` is meant as text
    "a: &x [1, *x]\nb: &y {k: *y}\n"
      {=a: [=1, *=], =b: {=k: *=}}
      yaml::recursive-alias: alias `*x` stands inside the value it repeats
        ^ 1:11 "*x" this value would contain itself
      yaml::recursive-alias: alias `*y` stands inside the value it repeats
        ^ 2:11 "*y" this value would contain itself
    "a: &x 1\n---\nb: *x\n"
      {=a: =1}
      {=b: *=}
      yaml::unknown-alias: alias `*x` has no anchor `&x` before it
        ^ 3:4 "*x" no such anchor in this document
        help: quote the value if `*` is meant as text
    "a: &x 1\n---\nb: &x 2\nc: *x\n"
      {=a: =1}
      {=b: =2, =c: *=2}
    "- *x\n- &x 1\n"
      [*=, =1]
      yaml::unknown-alias: alias `*x` has no anchor `&x` before it
        ^ 1:3 "*x" no such anchor in this document
        help: quote the value if `*` is meant as text
    "#);
}

#[test]
fn an_alias_knows_its_anchor() {
    let source = Source::new("t", "a: &x [1]\nb: *x\n");
    let root = parse_one(&source, &Options::default()).value.unwrap();
    let (a, b) = (root.get("a").unwrap(), root.get("b").unwrap());
    assert_eq!(a.anchor(), b.anchor());
    assert!(a.anchor().is_some());
    assert_eq!(b.span(), a.span());
    assert_eq!(b.site().to_string(), "t:2:4");
    assert_eq!(a.alias(), None);
}

fn names() -> impl Strategy<Value = Vec<(String, u8)>> {
    let map = prop::collection::btree_map("[a-e]", any::<u8>(), 0..5);
    map.prop_map(|map| map.into_iter().collect())
}

fn flow(pairs: &[(String, u8)]) -> String {
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("{key}: {value}"))
        .collect();
    pairs.join(", ")
}

fn value<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    node.get(key).and_then(Node::as_text)
}

proptest! {
    #[test]
    fn explicit_keys_win_then_the_first_of_the_list(own in names(), one in names(), two in names()) {
        let comma = if own.is_empty() { "" } else { ", " };
        let text = format!("{{<<: [{{{}}}, {{{}}}]{comma}{}}}", flow(&one), flow(&two), flow(&own));
        let root = parse_one(&Source::new("t", text), &Options::default()).into_result().unwrap();
        for key in ["a", "b", "c", "d", "e"] {
            let find = |pairs: &[(String, u8)]| {
                pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.to_string())
            };
            let wanted = find(&own).or_else(|| find(&one)).or_else(|| find(&two));
            prop_assert_eq!(value(&root, key), wanted.as_deref());
        }
        let entries = root.as_mapping().unwrap().entries();
        let explicit = entries.iter().take_while(|entry| entry.merged.is_none()).count();
        prop_assert_eq!(explicit, own.len());
        prop_assert!(entries[explicit..].iter().all(|entry| entry.merged.is_some()));
    }

    #[test]
    fn merging_nothing_changes_nothing(own in names()) {
        let comma = if own.is_empty() { "" } else { ", " };
        let plain = tree(&format!("{{{}}}", flow(&own)));
        let nothing = format!("{{<<: {{}}{comma}{}}}", flow(&own));
        prop_assert_eq!(&plain, &tree(&nothing));
        let itself = format!("{{<<: {{{}}}{comma}{}}}", flow(&own), flow(&own));
        prop_assert_eq!(&plain, &tree(&itself));
    }
}

#[test]
fn anchors_are_shared_by_documents_if_wanted() {
    let text = "a: &x 1\n---\nb: *x\n---\nc: &x 2\n---\nd: *x\n";
    let source = Source::new("f", text);
    let options = Options::default().shared_anchors(true);
    let documents = parse(&source, &options).into_result().unwrap();
    let values: Vec<_> = documents
        .iter()
        .map(|root| root.as_mapping().unwrap().entries()[0].value.as_text())
        .collect();
    assert_eq!(values, [Some("1"), Some("1"), Some("2"), Some("2")]);
}

#[test]
fn a_weak_value_gives_way_to_merge_keys() {
    let source = Source::new(
        "x",
        "a: &a {b: 1, c: 2}\nd: {<<: *a, b: !weak 3, c: 4}\ne: {b: !weak 5}\n",
    );
    let values = |options: &Options, key: &str| -> Vec<String> {
        let root = parse_one(&source, options).into_result().unwrap();
        let mapping = root.get(key).unwrap().as_mapping().unwrap();
        let entries = mapping.entries().iter();
        let text = |node: &Node| node.as_text().unwrap().to_owned();
        entries
            .map(|entry| text(&entry.key) + &text(&entry.value))
            .collect()
    };
    let weak = Options::default().weak_tag("!weak");
    assert_eq!(values(&weak, "d"), ["c4", "b1", "b3"]);
    assert_eq!(values(&weak, "e"), ["b5"]);
    assert_eq!(values(&Options::default(), "d"), ["b3", "c4"]);
}
