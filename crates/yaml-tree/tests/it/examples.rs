//! The programs under `examples/`.

use insta::assert_snapshot;

#[path = "../../examples/outline.rs"]
#[expect(dead_code, reason = "the program's own `main` is not called")]
mod outline;

#[test]
fn outline_of_a_file() {
    let text = "a: &x [1, 'b']\n<<: {c: ~}\nd: *x\n";
    let mut out = Vec::new();
    outline::run("t", text.into(), &mut out).unwrap();
    assert_snapshot!(String::from_utf8(out).unwrap(), @r#"
    1:1-3:6      a mapping
    1:1-1:2        a string "a"
    1:7-1:15         a sequence
    1:8-1:9            an integer "1"
    1:11-1:14          a string "b"
    3:1-3:2        a string "d"
    3:4-3:6          a sequence
    1:8-1:9            an integer "1"
    1:11-1:14          a string "b"
    2:6-2:7        a string "c"
    2:9-2:10         null "~"
    "#);

    let mut out = Vec::new();
    outline::run("t", b"a: \xff".into(), &mut out).unwrap();
    assert_eq!(out, b"t:1:4: the file is not UTF-8 text\n");
}
