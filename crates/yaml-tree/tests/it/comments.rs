//! Comments and what only looks like one.

use insta::assert_snapshot;
use yaml_tree::{Source, comments};

fn find(text: &str) -> String {
    let source = Source::new("t", text);
    let found = comments(&source);
    let lines = found.iter().map(|comment| {
        let kind = if comment.own_line { "own " } else { "tail" };
        format!(
            "{} {kind} {:?}\n",
            comment.span.position(),
            comment.span.text()
        )
    });
    lines.collect()
}

#[test]
fn found() {
    assert_snapshot!(find("# a\n\n#b\nk: v # c\n  # d\nl:   # e\n  - 'x # no' # f\n  - \"# no\"\n# g"), @r##"
    1:1 own  "# a"
    3:1 own  "#b"
    4:6 tail "# c"
    5:3 own  "# d"
    6:6 tail "# e"
    7:14 tail "# f"
    9:1 own  "# g"
    "##);
    assert_snapshot!(find("a: |- # head\n  # text\n  b\n# after\nc: >\n d\n"), @r##"
    1:7 tail "# head"
    4:1 own  "# after"
    "##);
    assert_snapshot!(find("a: [1, # x\n  2] # y\nb: &n#o 3\nc: !t#u 4\nd: *n#o # z\n"), @r##"
    1:8 tail "# x"
    2:6 tail "# y"
    5:9 tail "# z"
    "##);
    assert_snapshot!(find("\u{feff}# é\r\na: ü#no # ö\r\n"), @r##"
    1:1 own  "# é"
    2:9 tail "# ö"
    "##);
    assert_snapshot!(find("%YAML 1.2 # a\n--- # b\nx: y\n... # c\n# d\n"), @r##"
    1:11 tail "# a"
    2:5 tail "# b"
    4:5 tail "# c"
    5:1 own  "# d"
    "##);
    assert_snapshot!(find("a: b # one\nc: [ # two\n"), @r##"1:6 tail "# one""##);
    assert_snapshot!(find("a: b#no\nc: http://d/#no\n"), @"");
}
