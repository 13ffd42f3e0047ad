//! Edits on small files, one layout each.

use proptest::prelude::*;
use yaml_tree::Source;

use super::{ComposeFile, EditError, Scalar};

fn open(text: &str) -> ComposeFile {
    ComposeFile::parse(&Source::new("f", text)).unwrap()
}

/// The text after an edit that changes something and changes nothing when repeated.
fn edited(text: &str, edit: impl Fn(&mut ComposeFile) -> Result<bool, EditError>) -> String {
    let mut file = open(text);
    assert!(edit(&mut file).unwrap(), "changes nothing: {text}");
    let once = file.text().to_owned();
    assert!(!edit(&mut file).unwrap(), "changes twice: {once}");
    assert_eq!(file.text(), once);
    once
}

/// The message and place of an edit that is refused and leaves the text alone.
fn refused(text: &str, edit: impl Fn(&mut ComposeFile) -> Result<bool, EditError>) -> String {
    let mut file = open(text);
    let error = edit(&mut file).unwrap_err();
    assert_eq!(file.text(), text);
    match error.span() {
        Some(span) => format!("{span}: {error}"),
        None => error.to_string(),
    }
}

fn tag(file: &mut ComposeFile) -> Result<bool, EditError> {
    file.set_tag("a", "2")
}

fn label(file: &mut ComposeFile) -> Result<bool, EditError> {
    file.set_label("a", "k", "v")
}

#[test]
fn a_tag_changes_and_nothing_beside_it() {
    let cases = [
        (
            "services:\n  a:\n    image: x:1 # c\n    tty: true\n",
            "x:1",
            "x:2",
        ),
        ("services:\n  a:\n    image: 'x:1'\n", "x:1", "x:2"),
        ("services:\n  a:\n    image: \"x:1\"\n", "x:1", "x:2"),
        ("services: {a: {image: x:1, tty: true}}", "x:1", "x:2"),
        ("{\"services\":{\"a\":{\"image\":\"x:1\"}}}", "x:1", "x:2"),
        ("services:\r\n  a:\r\n    image: x:1\r\n", "x:1", "x:2"),
        (
            "\u{feff}services:\n  a:\n    image: x",
            "image: x",
            "image: x:2",
        ),
        ("services:\n  a:\n    image: &i x:1\n", "x:1", "x:2"),
        ("services:\n  a:\n    image: ${I:-x:1}\n", "x:1", "x:2"),
        ("services:\n  a:\n    image: x:${T:-1}\n", ":-1", ":-2"),
        (
            "services:\n  a:\n    image: x:1@sha256:00000000000000000000000000000000\n",
            "1@sha256:00000000000000000000000000000000",
            "2",
        ),
        (
            "services:\n  a:\n    image: >-\n      x:1\n    tty: true\n",
            ">-\n      x:1",
            "x:2",
        ),
        (
            "x: 1\n---\nservices:\n  a:\n    image: x:1\n---\nservices:\n  a: {tty: true}\n",
            "x:1",
            "x:2",
        ),
        (
            "services:\n  a:\n    image: x:1\n---\nservices:\n  a:\n    image: y:1\n",
            "y:1",
            "y:2",
        ),
    ];
    for (text, old, new) in cases {
        assert_eq!(edited(text, tag), text.replacen(old, new, 1), "{text}");
    }
}

#[test]
fn images_and_digests() {
    let text = "services:\n  a:\n    image: x:1\n";
    let digest = format!("sha256:{}", "1".repeat(64));
    assert_eq!(
        edited(text, |file| file.set_digest("a", &digest)),
        text.replace("x:1", &format!("x:1@{digest}"))
    );
    assert_eq!(
        edited(text, |file| file.set_image("a", "ghcr.io/o/y:3")),
        text.replace("x:1", "ghcr.io/o/y:3")
    );
    assert_eq!(
        edited("services:\n  a:\n    build: .\n", |file| file
            .set_image("a", "yy")),
        "services:\n  a:\n    build: .\n    image: yy\n"
    );
    assert_eq!(
        edited("services:\n  a:\n", |file| file.set_image("a", "yy")),
        "services:\n  a:\n    image: yy\n"
    );
    assert_eq!(
        edited("services:\n  a:\n    image:\n    tty: true\n", |file| file
            .set_image("a", "yy")),
        "services:\n  a:\n    image: yy\n    tty: true\n"
    );
    assert_eq!(
        refused(text, |file| file.set_image("a", "not an image")),
        "`not an image` cannot be used as image, tag or digest"
    );
    assert_eq!(
        refused(text, |file| file.set_tag("a", "a/b")),
        "`a/b` cannot be used as image, tag or digest"
    );
}

#[test]
fn variables_are_in_the_way() {
    let image = |image: &str| refused(&format!("services:\n  a:\n    image: {image}\n"), tag);
    assert_eq!(
        image("x:${T}"),
        "f:3:12: services.a.image is made from variables: `x:${T}`"
    );
    assert!(image("$I").ends_with("`$I`"));
    assert!(image("x:${T:-${U}}").contains("variables"));
    let text = "services:\n  a:\n    labels:\n      k: ${V}\n";
    assert_eq!(
        refused(text, label),
        "f:4:10: services.a.labels.k is made from variables: `${V}`"
    );
    let whole = |file: &mut ComposeFile| file.set_label("a", "k", Scalar::Template("${W}".into()));
    assert_eq!(edited(text, whole), text.replace("${V}", "${W}"));
    let list = "services:\n  a:\n    labels:\n      - k=${V:-x}\n";
    assert_eq!(edited(list, label), list.replace(":-x", ":-v"));
    assert_eq!(edited(list, whole), list.replace("${V:-x}", "${W}"));
}

#[test]
fn a_dollar_is_doubled() {
    let text = "services:\n  a:\n    environment: [A=1]\n    labels: {k: a$$}\n";
    assert_eq!(
        edited(text, |file| file.set_env("a", "A", "p$w")),
        text.replace("A=1", "A=p$$w")
    );
    assert_eq!(edited(text, label), text.replace("a$$", "v"));
}

#[test]
fn labels_are_added() {
    let cases = [
        // a mapping
        (
            "    labels:\n      a: b # c\n",
            "    labels:\n      a: b # c\n      k: v\n",
        ),
        (
            "    labels:\n      a: b",
            "    labels:\n      a: b\n      k: v",
        ),
        (
            "    labels:\n      # c\n      \"a\": 'b'\n      # d\n",
            "    labels:\n      # c\n      \"a\": 'b'\n      \"k\": 'v'\n      # d\n",
        ),
        (
            "    labels:\n        a: |\n          x\n\n    tty: true\n",
            "    labels:\n        a: |\n          x\n        k: v\n\n    tty: true\n",
        ),
        (
            "    labels:\n      a: |+\n        x\n\n    tty: true\n",
            "    labels:\n      a: |+\n        x\n\n      k: v\n    tty: true\n",
        ),
        (
            "    labels:\n      a:\n    tty: true\n",
            "    labels:\n      a:\n      k: v\n    tty: true\n",
        ),
        ("    labels: {a: b}\n", "    labels: {a: b, k: v}\n"),
        ("    labels: {a: b,}\n", "    labels: {a: b, k: v,}\n"),
        (
            "    labels: {\n      a: b, # c\n      d: e # f\n    }\n",
            "    labels: {\n      a: b, # c\n      d: e, k: v # f\n    }\n",
        ),
        (
            "    labels: {\n      a: b,\n    }\n",
            "    labels: {\n      a: b, k: v,\n    }\n",
        ),
        ("    labels: {}\n", "    labels: {k: v}\n"),
        ("    labels: { }\n", "    labels: {k: v}\n"),
        // a list
        (
            "    labels:\n      - a=b # c\n      # d\n",
            "    labels:\n      - a=b # c\n      - k=v\n      # d\n",
        ),
        (
            "    labels:\n    - \"a=b\"\n    tty: true\n",
            "    labels:\n    - \"a=b\"\n    - \"k=v\"\n    tty: true\n",
        ),
        ("    labels: ['a=b']\n", "    labels: ['a=b', 'k=v']\n"),
        ("    labels: []\n", "    labels: [k=v]\n"),
        ("    labels: [a=b,]\n", "    labels: [a=b, k=v,]\n"),
        // nothing yet
        (
            "    labels:\n    tty: true\n",
            "    labels:\n      k: v\n    tty: true\n",
        ),
        ("    labels: # c\n", "    labels: # c\n      k: v\n"),
        ("    labels: null\n", "    labels: {k: v}\n"),
        ("    labels: ~ # c\n", "    labels: {k: v} # c\n"),
        (
            "    tty: true\n",
            "    tty: true\n    labels:\n      k: v\n",
        ),
        (
            "    ports:\n    - 80:80\n\n# end\n",
            "    ports:\n    - 80:80\n    labels:\n      k: v\n\n# end\n",
        ),
    ];
    for (old, new) in cases {
        let text = |rest: &str| format!("services:\n  a:\n    image: x\n{rest}");
        let expected = text(new);
        assert_eq!(edited(&text(old), label), expected);
        let mut file = open(&text(old));
        assert!(file.add_label("a", "k", "v").unwrap());
        assert_eq!(file.text(), expected);
        let windows = |text: &str| text.replace('\n', "\r\n");
        assert_eq!(edited(&windows(&text(old)), label), windows(&expected));
    }
    assert_eq!(
        edited("services: {a: {image: x}}\n", label),
        "services: {a: {image: x, labels: {k: v}}}\n"
    );
    assert_eq!(
        edited("services: {a: }\n", label),
        "services: {a: {labels: {k: v}} }\n"
    );
    assert_eq!(
        edited("services:\n    a:\n        image: x\n", label),
        "services:\n    a:\n        image: x\n        labels:\n            k: v\n"
    );
}

#[test]
fn labels_are_changed_and_not_added_over() {
    let map = "services:\n  a:\n    labels:\n      k: old\n      b: c\n";
    assert_eq!(edited(map, label), map.replace("old", "v"));
    let add = |file: &mut ComposeFile| file.add_label("a", "k", "v");
    assert_eq!(
        refused(map, add),
        "f:4:10: services.a.labels.k is there already"
    );
    let list = "services:\n  a:\n    labels: [k=1, 'k=old', k2=x]\n";
    assert_eq!(edited(list, label), list.replace("old", "v"));
    assert_eq!(
        refused(list, add),
        "f:3:19: services.a.labels.k is there already"
    );
    let bare = "services:\n  a:\n    environment: [A, B=1]\n";
    assert_eq!(
        edited(bare, |file| file.set_env("a", "A", "1")),
        bare.replace("[A,", "[A=1,")
    );
    let null = |file: &mut ComposeFile| file.set_env("a", "B", Scalar::Null);
    assert_eq!(edited(bare, null), bare.replace("B=1", "B"));
    let number = "services:\n  a:\n    environment:\n      PORT: 80\n      MODE: 'x'\n";
    assert_eq!(
        edited(number, |file| file.set_env("a", "PORT", "8080")),
        number.replace("80", "8080")
    );
    assert_eq!(
        edited(number, |file| file.set_env("a", "PORT", "0750")),
        number.replace("80", "\"0750\"")
    );
    let mut file = open(number);
    assert!(!file.set_env("a", "PORT", "80").unwrap());
}

#[test]
fn scalars_are_quoted_when_they_have_to_be() {
    let cases = [
        ("v", "v"),
        ("Host(`a.b`)", "Host(`a.b`)"),
        ("1.2.3", "1.2.3"),
        ("a=b", "a=b"),
        ("-1x", "-1x"),
        ("", "\"\""),
        ("true", "\"true\""),
        ("Yes", "\"Yes\""),
        ("off", "\"off\""),
        ("1", "\"1\""),
        ("0x1F", "\"0x1F\""),
        ("1e3", "\"1e3\""),
        ("22:22", "\"22:22\""),
        ("2001-01-01", "\"2001-01-01\""),
        ("null", "\"null\""),
        ("~", "\"~\""),
        ("a: b", "\"a: b\""),
        ("a #b", "\"a #b\""),
        ("a:", "\"a:\""),
        (" a", "\" a\""),
        ("*a", "\"*a\""),
        ("`a`", "\"`a`\""),
        ("{a}", "\"{a}\""),
        ("- a", "\"- a\""),
        ("---", "\"---\""),
        ("a\nb", "\"a\\nb\""),
        ("\"a\"", "\"\\\"a\\\"\""),
        ("a\\b", "a\\b"),
        ("\u{7}é", "\"\\u0007é\""),
    ];
    for (value, expected) in cases {
        let text = "services:\n  a:\n    labels:\n      k: old\n";
        let set = |file: &mut ComposeFile| file.set_label("a", "k", value);
        assert_eq!(edited(text, set), text.replace("old", expected), "{value}");
    }
    let flow = "services: {a: {labels: {k: old}}}";
    let set = |file: &mut ComposeFile| file.set_label("a", "k", "a, b");
    assert_eq!(edited(flow, set), flow.replace("old", "\"a, b\""));
    let single = "services: {a: {labels: {k: 'old'}}}";
    let set = |file: &mut ComposeFile| file.set_label("a", "k", "it's");
    assert_eq!(edited(single, set), single.replace("old", "it''s"));
}

#[test]
fn labels_are_removed() {
    let cases = [
        (
            "    labels:\n      # c\n      k: v # d\n      a: b\n",
            "    labels:\n      # c\n      a: b\n",
        ),
        (
            "    labels:\n      a: b\n      k: v\n    tty: true\n",
            "    labels:\n      a: b\n    tty: true\n",
        ),
        (
            "    labels:\n      a: b\n      k: v",
            "    labels:\n      a: b\n",
        ),
        (
            "    labels:\n      a: b\n      k: |\n        x\n        y\n    tty: true\n",
            "    labels:\n      a: b\n    tty: true\n",
        ),
        (
            "    labels: # c\n      k: v\n    tty: true\n",
            "    labels: {} # c\n    tty: true\n",
        ),
        ("    labels: &l\n      k: v\n", "    labels: &l {}\n"),
        ("    labels: {k: v, a: b}\n", "    labels: {a: b}\n"),
        ("    labels: {a: b, k: v}\n", "    labels: {a: b}\n"),
        (
            "    labels: {a: b, k: v, c: d}\n",
            "    labels: {a: b, c: d}\n",
        ),
        ("    labels: { k: v }\n", "    labels: {}\n"),
        ("    labels: {k: v,}\n", "    labels: {}\n"),
        (
            "    labels:\n      - k=v # c\n      - a=b\n",
            "    labels:\n      - a=b\n",
        ),
        (
            "    labels:\n      - k=v\n      - a=b\n      - k=w\n",
            "    labels:\n      - a=b\n",
        ),
        (
            "    labels:\n      - k=v\n    tty: true\n",
            "    labels: []\n    tty: true\n",
        ),
        ("    labels: [k=v]\n", "    labels: []\n"),
        ("    labels: [a=b, k]\n", "    labels: [a=b]\n"),
    ];
    for (old, new) in cases {
        let text = |rest: &str| format!("services:\n  a:\n    image: x\n{rest}");
        let remove = |file: &mut ComposeFile| file.remove_label("a", "k");
        assert_eq!(edited(&text(old), remove), text(new));
    }
    let both = "services:\n  a:\n    labels:\n      k: v\n      b: c\n---\nservices:\n  a:\n    labels: [k=w]\n";
    assert_eq!(
        edited(both, |file| file.remove_label("a", "k")),
        "services:\n  a:\n    labels:\n      b: c\n---\nservices:\n  a:\n    labels: []\n"
    );
}

#[test]
fn removal_by_path() {
    let hooks = "services:\n  a:\n    post_start:\n      - command: x\n        user: y\n      - command: z\n";
    assert_eq!(
        edited(hooks, |file| file.remove(&[
            "services",
            "a",
            "post_start",
            "0",
            "command"
        ])),
        hooks.replace("command: x\n        ", "")
    );
    let mut file = open(hooks);
    assert!(file.remove(&["services", "a", "post_start", "1"]).unwrap());
    assert_eq!(file.text(), hooks.replace("      - command: z\n", ""));
    assert!(file.remove(&["services", "a", "post_start", "0"]).unwrap());
    assert_eq!(file.text(), "services:\n  a:\n    post_start: []\n");
    assert!(!file.remove(&["services", "b"]).unwrap());
    assert!(file.remove(&["services", "a"]).unwrap());
    assert_eq!(file.text(), "services: {}\n");
    let commented = "services:\n  a:\n    x: [\n      a,\n      # about b\n      b\n    ]\n";
    assert_eq!(
        refused(commented, |file| file.remove(&["services", "a", "x", "0"])),
        "f:4:7: services.a.x.0 cannot be changed in place as it is laid out here"
    );
}

#[test]
fn values_from_elsewhere() {
    // A scalar behind an alias is written out; the anchor stays.
    let alias = "x-i: &i x:1\nservices:\n  a:\n    image: *i # c\n  b:\n    image: *i\n";
    assert_eq!(edited(alias, tag), alias.replacen("*i", "x:2", 1));
    // A mapping or list behind an alias belongs to others too.
    let labels = "x-l: &l\n  a: b\nservices:\n  a:\n    labels: *l\n";
    assert_eq!(
        refused(labels, label),
        "f:5:13: changing services.a.labels.k would change what `*l` stands for too"
    );
    let list = "x-l: &l [a=b]\nservices:\n  a:\n    labels: *l\n";
    assert_eq!(
        refused(list, label),
        "f:4:13: changing services.a.labels would change what `*l` stands for too"
    );
    // The anchored side.
    let anchored = "services:\n  a:\n    image: &i x:1\n  b:\n    image: *i\n";
    assert_eq!(
        refused(anchored, tag),
        "f:3:15: changing services.a.image would change services.b.image too"
    );
    let service = "services:\n  a: &a\n    image: x:1\n  b:\n    <<: *a\n";
    assert_eq!(
        refused(service, tag),
        "f:3:12: changing services.a.image would change services.b.image too"
    );
    // A merged scalar gets an entry of its own, a merged mapping does not.
    let merged = "x-b: &b\n  image: x:1\n  labels: {a: b}\nservices:\n  a:\n    <<: *b\n";
    assert_eq!(edited(merged, tag), format!("{merged}    image: x:2\n"));
    assert_eq!(
        refused(merged, label),
        "f:6:9: services.a.labels comes from a merge key"
    );
    assert_eq!(
        refused(merged, |file| file.remove(&["services", "a", "image"])),
        "f:6:9: services.a.image comes from a merge key"
    );
    let merged = "x-l: &l {k: old, a: b}\nservices:\n  a:\n    labels:\n      <<: *l\n      c: d\n";
    assert_eq!(edited(merged, label), format!("{merged}      k: v\n"));
    let hidden = "x-l: &l {k: old}\nservices:\n  a:\n    labels:\n      <<: *l\n      k: v\n";
    assert_eq!(
        refused(hidden, |file| file.remove_label("a", "k")),
        "f:5:11: services.a.labels.k comes from a merge key"
    );
}

#[test]
fn what_is_not_there_or_not_a_scalar() {
    let text = "services:\n  web:\n    image: x:1\n    ports: ['80:80']\n    tty: !reset true\n";
    assert_eq!(refused(text, tag), "there is no service `a`");
    let error = open(text).set_tag("wbe", "2").unwrap_err();
    assert_eq!(error.diagnostics()[0].help, ["did you mean `web`?"]);
    assert_eq!(
        refused("services: {a: {build: .}}", tag),
        "there is no services.a.image"
    );
    let set = |path: &'static [&'static str]| move |file: &mut ComposeFile| file.set(path, "x");
    assert_eq!(
        refused(text, set(&["services", "web", "ports"])),
        "f:4:12: services.web.ports is a sequence, not a scalar"
    );
    assert_eq!(
        refused(text, set(&["services", "web", "ports", "1"])),
        "there is no services.web.ports.1"
    );
    assert_eq!(
        refused(text, set(&["services", "web", "image", "x"])),
        "f:3:12: services.web.image is a string, not a mapping"
    );
    assert_eq!(
        refused(text, set(&["services", "web", "tty"])),
        "f:5:17: services.web.tty has the tag `!reset`"
    );
    assert_eq!(refused("", set(&["name"])), "there is no name");
    for key in ["", "a=b"] {
        assert_eq!(
            refused(text, |file| file.set_env("web", key, "x")),
            format!("`{key}` cannot be the name of a label or variable")
        );
    }
    for broken in ["a: [", "[]", "? [a]\n: b\n", "a: 1\na: 2\n"] {
        let error = ComposeFile::parse(&Source::new("f", broken)).unwrap_err();
        assert!(matches!(error, EditError::Unreadable(_)), "{broken}");
        assert!(error.span().is_some());
    }
}

#[test]
fn any_scalar_anywhere() {
    let text = "name: lab\nservices:\n  web:\n    cpus: 1\n    init: true\n";
    let path = &["services", "web", "cpus"];
    assert_eq!(
        edited(text, |file| file.set(path, 2)),
        text.replace('1', "2")
    );
    assert_eq!(
        edited(text, |file| file.set(path, "2")),
        text.replace('1', "\"2\"")
    );
    assert_eq!(
        edited(text, |file| file.set(path, Scalar::Null)),
        text.replace('1', "null")
    );
    assert_eq!(
        edited(text, |file| file.set(&["services", "web", "init"], false)),
        text.replace("true", "false")
    );
    assert_eq!(
        edited(text, |file| file.set(
            &["services", "web", "deploy", "resources", "limits", "pids"],
            9
        )),
        format!("{text}    deploy:\n      resources:\n        limits:\n          pids: 9\n")
    );
    assert_eq!(
        edited(text, |file| file.set(&["volumes", "v", "external"], true)),
        format!("{text}volumes:\n  v:\n    external: true\n")
    );
    assert_eq!(
        edited(text, |file| file.set(&["services", "web", "x-#"], "a")),
        format!("{text}    x-#: a\n")
    );
}

/// A file in one of many layouts, and the lines that it has.
fn any_file() -> impl Strategy<Value = String> {
    let labels = prop::sample::select(vec![
        "",
        "    labels:\n",
        "    labels: {}\n",
        "    labels: [] # none\n",
        "    labels:\n      a: b # c\n      k: 'old'\n",
        "    labels:\n      k: |\n        text\n\n      z: >\n        folded\n",
        "    labels:\n    - k=old\n    # note\n    - a=b\n",
        "    labels: {k: old, 'a': \"b\"}\n",
        "    labels: [a=b, \"k=old\"]\n",
        "    labels: *l\n",
        "    <<: *base\n",
        "    labels:\n      <<: *l\n      a: b\n",
        "    labels: {<<: [*l], z: }\n",
        "    labels: !override {a: b}\n",
        "    labels: &own\n      a: *i\n",
    ]);
    let image = prop::sample::select(vec![
        "",
        "    image: x:1 # pinned\n",
        "    image: 'x'\n",
        "    image: ${I:-x:1}\n",
        "    image: x:$T\n",
        "    image: *i\n",
        "    image: &own_i x:1\n    x-copy: *own_i\n",
        "    image: >-\n      x:1\n",
        "    image:\n",
    ]);
    let tail = prop::sample::select(vec![
        "",
        "    tty: true\n",
        "\n  # another\n  b: {image: y}\n",
        "---\nservices:\n  a:\n    labels: [k=last]\n",
        "    command: |+\n      x\n\n",
    ]);
    (any::<bool>(), labels, image, tail, any::<bool>(), any::<bool>()).prop_map(
        |(label_first, labels, image, tail, windows, newline)| {
            let (one, other) = if label_first { (labels, image) } else { (image, labels) };
            let head = "# head\nx-i: &i x:1\nx-l: &l {k: shared}\nx-base: &base\n  image: y:1\n  labels: {m: n}\n";
            let mut text = format!("{head}services:\n  a:\n    restart: always\n{one}{other}{tail}");
            if !newline {
                text.truncate(text.trim_end().len());
            }
            if windows { text.replace('\n', "\r\n") } else { text }
        },
    )
}

/// An edit: which, and the text it takes.
fn apply(file: &mut ComposeFile, which: u8, text: &str) -> Result<bool, EditError> {
    match which {
        0 => file.set_tag("a", text),
        1 => file.set_image("a", text),
        2 => file.set_label("a", "k", text),
        3 => file.add_label("a", "new.label", text),
        4 => file.set_env("a", "K", text),
        5 => file.set(&["services", "a", "deploy", "mode"], text),
        6 => file.set_label("a", text, "v"),
        7 => file.remove_label("a", "k"),
        8 => file.remove(&["services", "a", "image"]),
        _ => file.remove(&["services", "a", "labels"]),
    }
}

proptest! {
    /// What stands around the changed lines is the same byte for byte, an edit repeated changes
    /// nothing, and the value reads as it was written.
    #[test]
    fn edits_are_local(text in any_file(), which in 0_u8..10, value in "[ -~é\n]{0,8}|[a-z0-9.]{1,6}") {
        let mut file = open(&text);
        match apply(&mut file, which, &value) {
            Err(_) => prop_assert_eq!(file.text(), &text),
            Ok(false) => prop_assert_eq!(file.text(), &text),
            Ok(true) => {
                let new = file.text().to_owned();
                let old: Vec<&str> = text.split('\n').collect();
                let lines: Vec<&str> = new.split('\n').collect();
                let same = old.iter().zip(&lines).take_while(|(a, b)| a == b).count();
                let rest = old.len().min(lines.len()) - same;
                let tail = old.iter().rev().zip(lines.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
                // A label goes from all documents.
                let several = which == 7 && text.contains("---");
                let longest = if several { usize::MAX } else if which >= 7 { 6 } else { 4 };
                prop_assert!(old.len() - same - tail <= longest, "{text}\n->\n{new}");
                prop_assert!(lines.len() - same - tail <= longest, "{text}\n->\n{new}");
                for comment in ["# head", "# note", "# another", "# none"] {
                    prop_assert!(!text.contains(comment) || new.contains(comment) || which == 9);
                }
                if text.contains("\r\n") {
                    prop_assert_eq!(new.matches('\n').count(), new.matches("\r\n").count());
                }
                // Another document may have the same path.
                if which < 8 || !text.contains("---") {
                    prop_assert!(!apply(&mut file, which, &value).unwrap(), "twice: {new}");
                    prop_assert_eq!(file.text(), new);
                }
            }
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "[a-c:{}\\[\\],*&!|>#'\" \n-]{0,40}", which in 0_u8..10) {
        let text = format!("services:\n  a:\n    labels:\n      {text}");
        if let Ok(mut file) = ComposeFile::parse(&Source::new("f", text.as_str())) {
            let before = file.text().to_owned();
            if apply(&mut file, which, "v").is_err() {
                prop_assert_eq!(file.text(), before);
            }
        }
    }
}
