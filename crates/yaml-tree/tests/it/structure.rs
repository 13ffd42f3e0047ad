//! What becomes of a text that is right, much of it from the examples of the YAML 1.2 specification.

use insta::assert_snapshot;

use crate::support::{tree, tree_all};

#[test]
fn scalars() {
    assert_snapshot!(tree_all(&[
        "",
        "# nothing\n",
        "---\n",
        "---\n---\n",
        "a",
        "a b\n c\n\n d\n",
        "'it''s'",
        "\"a\\tb\\x41\\u00e9\\U0001F600\\\n  c\"",
        "\"a\n  b\n\n  c\"",
        "a: 'x\n\n  y'\n",
        "a:#b\n",
        "http://x:80/#y",
        "a: b:c\n",
        "- a#b\n- a #b\n",
        "-1",
        "- -1\n- - 2\n",
    ]), @r##"
    ""
    "# nothing\n"
    "---\n"
      =
    "---\n---\n"
      =
      =
    "a"
      =a
    "a b\n c\n\n d\n"
      =a b c\nd
    "'it''s'"
      'it\'s
    "\"a\\tb\\x41\\u00e9\\U0001F600\\\n  c\""
      "a\tbAé😀c
    "\"a\n  b\n\n  c\""
      "a b\nc
    "a: 'x\n\n  y'\n"
      {=a: 'x\ny}
    "a:#b\n"
      =a:#b
    "http://x:80/#y"
      =http://x:80/#y
    "a: b:c\n"
      {=a: =b:c}
    "- a#b\n- a #b\n"
      [=a#b, =a]
    "-1"
      =-1
    "- -1\n- - 2\n"
      [=-1, [=2]]
    "##);
}

#[test]
fn block_scalars() {
    assert_snapshot!(tree_all(&[
        "a: |\n  x\n   y\n\n  z\n\n\nb: c\n",
        "a: |-\n  x\n\n",
        "a: |+\n  x\n\n",
        "a: |2\n    x\n",
        "a: >\n  x\n  y\n\n  z\n   w\n  v\n",
        "- |\n x\n- >-\n y\n z\n",
        "|\n x",
        "a: |\nb: >\n",
        "a: |\n  # not a comment\n  x: y\n",
        "a: |\n  tab\tin\n  \tlead\n",
    ]), @r#"
    "a: |\n  x\n   y\n\n  z\n\n\nb: c\n"
      {=a: |x\n y\n\nz\n, =b: =c}
    "a: |-\n  x\n\n"
      {=a: |x}
    "a: |+\n  x\n\n"
      {=a: |x\n\n}
    "a: |2\n    x\n"
      {=a: |  x\n}
    "a: >\n  x\n  y\n\n  z\n   w\n  v\n"
      {=a: >x y\nz\n w\nv\n}
    "- |\n x\n- >-\n y\n z\n"
      [|x\n, >y z]
    "|\n x"
      |x\n
    "a: |\nb: >\n"
      {=a: |, =b: >}
    "a: |\n  # not a comment\n  x: y\n"
      {=a: |# not a comment\nx: y\n}
    "a: |\n  tab\tin\n  \tlead\n"
      {=a: |tab\tin\n\tlead\n}
    "#);
}

#[test]
fn collections() {
    assert_snapshot!(tree_all(&[
        "a:\n- b\n-\n  c: d\n  e:\n  - f\n",
        "- - a\n  - b\n- c\n",
        "? a\n: b\n? [c]\n: {d: e}\n",
        "{a, b: , \"c\":d, ? e, : f}",
        "[a, [b], {c: d}, e: f, ]",
        "a: [\n  1,\n  2\n]\nb: {\n  c: d\n}\n",
        "[]: {}\n",
        "a:\n  b:\n    c: d\n  e: f\n",
        "a: &x\n  b: c\nd: *x\n*x : e\n",
        "- &a a\n- &a b\n- *a\n",
    ]), @r#"
    "a:\n- b\n-\n  c: d\n  e:\n  - f\n"
      {=a: [=b, {=c: =d, =e: [=f]}]}
    "- - a\n  - b\n- c\n"
      [[=a, =b], =c]
    "? a\n: b\n? [c]\n: {d: e}\n"
      {=a: =b, [=c]: {=d: =e}}
    "{a, b: , \"c\":d, ? e, : f}"
      {=a: =, =b: =, "c: =d, =e: =, =: =f}
    "[a, [b], {c: d}, e: f, ]"
      [=a, [=b], {=c: =d}, {=e: =f}]
    "a: [\n  1,\n  2\n]\nb: {\n  c: d\n}\n"
      {=a: [=1, =2], =b: {=c: =d}}
    "[]: {}\n"
      {[]: {}}
    "a:\n  b:\n    c: d\n  e: f\n"
      {=a: {=b: {=c: =d}, =e: =f}}
    "a: &x\n  b: c\nd: *x\n*x : e\n"
      {=a: {=b: =c}, =d: *{=b: =c}, *{=b: =c}: =e}
    "- &a a\n- &a b\n- *a\n"
      [=a, =b, *=b]
    "#);
}

#[test]
fn tags() {
    assert_snapshot!(tree_all(&[
        "a: !reset\nb: !reset null\nc: !override\n  - d\n",
        "!!map\na: !!str 1\nb: !!seq [!!int 2]\n",
        "a: ! b\n",
        "a: !<tag:yaml.org,2002:str> b\nc: !<tag:example.com,2000:x> d\n",
        "%TAG !e! tag:example.com,2000:\n---\n!e!x a\n",
        "&a !t b\n---\n!t &a b\n",
    ]), @r#"
    "a: !reset\nb: !reset null\nc: !override\n  - d\n"
      {=a: <!reset>=, =b: <!reset>=null, =c: <!override>[=d]}
    "!!map\na: !!str 1\nb: !!seq [!!int 2]\n"
      <!!map>{=a: <!!str>=1, =b: <!!seq>[<!!int>=2]}
    "a: ! b\n"
      {=a: <!>=b}
    "a: !<tag:yaml.org,2002:str> b\nc: !<tag:example.com,2000:x> d\n"
      {=a: <!!str>=b, =c: <tag:example.com,2000:x>=d}
    "%TAG !e! tag:example.com,2000:\n---\n!e!x a\n"
      <tag:example.com,2000:x>=a
    "&a !t b\n---\n!t &a b\n"
      <!t>=b
      <!t>=b
    "#);
}

#[test]
fn line_breaks_and_marks() {
    let unix = tree("\u{feff}a: |\n  x\n  y\nb:\n  - c # d\n");
    assert_eq!(unix, tree("a: |\r\n  x\r\n  y\r\nb:\r\n  - c # d\r\n"));
    assert_eq!(unix, tree("a: |\r  x\r  y\rb:\r  - c # d\r"));
    // Neither is a line break in YAML 1.2.
    assert_snapshot!(tree("a: x\u{2028}y\u{85}z\n"), @r#"{=a: =x\u{2028}y\u{85}z}"#);
}
