//! What the messages about text that is not YAML say, and where.

use insta::assert_snapshot;

use crate::support::explain_all;

#[test]
fn tabs() {
    assert_snapshot!(explain_all(&[
        "a:\n\tb: 1\n",
        "a:\n  b: 1\n\tc: 2\n",
        "a:\n  - x\n\t- y\n",
        "\ta: 1\n",
        "a:\n  b: 1\n  \tc: 2\n",
        "a: |\n\tb\n",
        "on:\n\tx\n",
    ]), @r#"
    "a:\n\tb: 1\n"
    yaml::syntax: a tab is used for indentation
      ^ 2:1 "\t" tab
      help: indent with spaces
    "a:\n  b: 1\n\tc: 2\n"
    yaml::syntax: a tab is used for indentation
      ^ 3:1 "\t" tab
      help: indent with spaces
    "a:\n  - x\n\t- y\n"
    yaml::syntax: a tab is used for indentation
      ^ 3:1 "\t" tab
      help: indent with spaces
    "a:\n  b: 1\n  \tc: 2\n"
    yaml::syntax: a tab is used for indentation
      ^ 3:3 "\t" tab
      help: indent with spaces
    "a: |\n\tb\n"
    yaml::syntax: a tab is used for indentation
      ^ 2:1 "\t" tab
      help: indent with spaces
    "on:\n\tx\n"
    yaml::syntax: a tab is used for indentation
      ^ 2:1 "\t" tab
      help: indent with spaces
    "#);
}

#[test]
fn control_characters() {
    assert_snapshot!(explain_all(&[
        "a: x\n\u{feff}b: y\n",
        "#c\u{1}\n",
        "a: x\u{7}\n",
    ]), @r##"
    "a: x\n\u{feff}b: y\n"
    yaml::syntax: a byte order mark stands inside the text
      ^ 2:1 "\u{feff}" invisible character U+FEFF
      fix: remove it -> ""
    "#c\u{1}\n"
    yaml::control-character: control character U+0001 is not allowed in YAML
      ^ 1:3 "\u{1}" 
      help: remove it, or write it as `\x01` in double quotes
    "a: x\u{7}\n"
    yaml::control-character: control character U+0007 is not allowed in YAML
      ^ 1:5 "\u{7}" 
      help: remove it, or write it as `\x07` in double quotes
    "##);
}

#[test]
fn quotes_and_escapes() {
    assert_snapshot!(explain_all(&[
        "a: \"x\nb: 1\n",
        "a: 'x\n",
        "a: 'it's'\n",
        "a: \"x\" y\n",
        "a: \"\\q\"\n",
        "a: \"C:\\Users\"\n",
        "a: \"\\x1\"\n",
        "a: \"x\n---\ny\"\n",
        "\"a\"b: c\n",
        "a: 'x'#c\n",
        "a: \"x\": y\n",
        "\"a: 1\n",
        "a: 'b\n c: d\n e: f\n",
    ]), @r##"
    "a: \"x\nb: 1\n"
    yaml::syntax: the closing quote is missing, or a line of the quoted text is indented too little
      ^ 1:4 "\"" the quoted text starts here
      help: close the quote, or indent all its lines deeper than the key
    "a: 'x\n"
    yaml::syntax: the closing quote is missing
      ^ 1:4 "'" this quote is never closed
    "a: 'it's'\n"
    yaml::syntax: unexpected text after the closing quote
      ^ 1:8 "s" the quoted text ends before this
      help: between single quotes, write a single quote twice: `''`
    "a: \"x\" y\n"
    yaml::syntax: unexpected text after the closing quote
      ^ 1:8 "y" the quoted text ends before this
      help: between double quotes, write a double quote as `\"`
    "a: \"\\q\"\n"
    yaml::syntax: unknown escape `\q` in double quotes
      ^ 1:5 "\\q" unknown escape
      help: write a backslash as `\\`, or use single quotes
    "a: \"C:\\Users\"\n"
    yaml::syntax: `\U` needs the 8 hexadecimal digits of a character after it
      ^ 1:7 "\\U" this escape
      help: write a backslash as `\\`, or use single quotes
    "a: \"\\x1\"\n"
    yaml::syntax: `\x` needs the 2 hexadecimal digits of a character after it
      ^ 1:5 "\\x" this escape
      help: write a backslash as `\\`, or use single quotes
    "a: \"x\n---\ny\"\n"
    yaml::syntax: the closing quote is missing
      ^ 1:4 "\"" this quote is never closed
    "\"a\"b: c\n"
    yaml::syntax: unexpected text after the closing quote
      ^ 1:4 "b" the quoted text ends before this
      help: between double quotes, write a double quote as `\"`
    "a: 'x'#c\n"
    yaml::syntax: expected a space before `#`
      ^ 1:7 "#" a comment needs a space before it
      fix: add a space -> " "
    "a: \"x\": y\n"
    yaml::syntax: unexpected `: ` inside a value
      ^ 1:7 ":" a mapping cannot start here
    "\"a: 1\n"
    yaml::syntax: the closing quote is missing
      ^ 1:1 "\"" this quote is never closed
    "a: 'b\n c: d\n e: f\n"
    yaml::syntax: the closing quote is missing
      ^ 1:4 "'" this quote is never closed
    "##);
}

#[test]
fn brackets() {
    assert_snapshot!(explain_all(&[
        "a: [1, 2\nb: 3\n",
        "a: [1, 2\n",
        "a: {x: 1\n",
        "a: {x: 1\nb: 2\n",
        "a: [1, 2}\n",
        "a: 1]\n",
        "a: ]\n",
        "}\n",
        "a: [1 2\n, 3]\n",
        "a: [x]y\n",
        "a: 1\n---\nb: [\n",
        "key: {a: b:c}\n",
        "{a: b c: d}\n",
        "{{x}}: 1\n",
        "a: {{ x }}\n",
        "a: {{ x }}-y\n",
        "image: {{x}}:{{y}}\n",
        "a: [-, b]\n",
        "[a:[]]\n",
        "[,]\n",
        "[a,,b]\n",
        "{,}\n",
        "a: [\n1,\n2\n]\n",
        "a:\n  b: [\n  1\n]\n",
    ]), @r#"
    "a: [1, 2\nb: 3\n"
    yaml::syntax: expected `,` or `]`
      ^ 2:2 ":" expected `,` or `]` before this
      - 1:4 "[" after this `[`
    "a: [1, 2\n"
    yaml::syntax: the closing `]` is missing
      ^ 1:4 "[" this `[` is never closed
    "a: {x: 1\n"
    yaml::syntax: the closing `}` is missing
      ^ 1:4 "{" this `{` is never closed
    "a: {x: 1\nb: 2\n"
    yaml::syntax: expected `,` or `}`
      ^ 2:2 ":" expected `,` or `}` before this
      - 1:4 "{" after this `{`
    "a: [1, 2}\n"
    yaml::syntax: `}` cannot close what `[` opens
      ^ 1:9 "}" expected `]`
      - 1:4 "[" after this `[`
    "a: ]\n"
    yaml::syntax: `]` closes nothing
      ^ 1:4 "]" nothing is open here
    "}\n"
    yaml::syntax: `}` closes nothing
      ^ 1:1 "}" nothing is open here
    "a: [x]y\n"
    yaml::syntax: unexpected text after a value
      ^ 1:7 "y" the value ends before this
    "a: 1\n---\nb: [\n"
    yaml::syntax: the closing `]` is missing
      ^ 3:4 "[" this `[` is never closed
    "{a: b c: d}\n"
    yaml::syntax: expected `,` or `}`
      ^ 1:8 ":" expected `,` or `}` before this
      - 1:1 "{" after this `{`
    "a: {{ x }}-y\n"
    yaml::syntax: unexpected text after a value
      ^ 1:11 "-" the value ends before this
      fix: quote the value -> "'{{ x }}-y'"
    "image: {{x}}:{{y}}\n"
    yaml::syntax: unexpected text after a value
      ^ 1:13 ":" the value ends before this
      fix: quote the value -> "'{{x}}:{{y}}'"
    "a: [-, b]\n"
    yaml::syntax: a lone `-` is not a value
      ^ 1:5 "-" expected a value
      help: quote it if it is meant as text: `'-'`
    "[a:[]]\n"
    yaml::syntax: expected a space after `:`
      ^ 1:3 ":" no space after this
      fix: add a space -> " "
    "[,]\n"
    yaml::syntax: a value is missing before `,`
      ^ 1:2 "," expected a value
      - 1:1 "[" after this `[`
    "[a,,b]\n"
    yaml::syntax: a value is missing before `,`
      ^ 1:4 "," expected a value
      - 1:1 "[" after this `[`
    "{,}\n"
    yaml::syntax: a value is missing before `,`
      ^ 1:2 "," expected a value
      - 1:1 "{" after this `{`
    "#);
}

#[test]
fn block_text() {
    assert_snapshot!(explain_all(&[
        "a: |x\n b\n",
        "a: |\n   b\n  c\n",
        "a: |0\n b\n",
        "a: >\n\n    \n  b\n",
        "a: >- x\n",
        "a: |- # c\n",
    ]), @r#"
    "a: |x\n b\n"
    yaml::syntax: the text of a block starts on the line after `|` or `>`
      ^ 1:5 "x" unexpected text
    "a: |\n   b\n  c\n"
    yaml::syntax: the indentation of 2 matches no line above
      ^ 3:3 "c" misaligned
      help: the lines it could belong to are indented by 0 and 3
    "a: |0\n b\n"
    yaml::syntax: the indentation of a block cannot be 0
      ^ 1:4 "|" expected a digit from 1 to 9
    "a: >\n\n    \n  b\n"
    yaml::syntax: a blank line above is indented deeper than the text of the block
      ^ 4:3 "b" the text starts here
      help: remove the spaces on the blank lines
    "a: >- x\n"
    yaml::syntax: the text of a block starts on the line after `|` or `>`
      ^ 1:7 "x" unexpected text
    "#);
}

#[test]
fn tags_anchors_directives() {
    assert_snapshot!(explain_all(&[
        "a: @x\n",
        "a: `x`\n",
        "a: %x\n",
        "@a: 1\n",
        "- @x\n",
        "a: *\n",
        "a: &\n",
        "a: !\n",
        "a: *x y\n",
        "a: &x &y z\n",
        "a: !foo!bar x\n",
        "a: !<x\n",
        "%YAML 1.2\na: 1\n",
        "%YAML x\n---\n",
        "%TAG\n---\na\n",
        "a\n%YAML 1.2\n---\nb\n",
        "--- a\n... b\n",
        "? a\nb\n",
        "a: ? b\n",
        "x: *y z: 1\n",
        "&a\n- b\n",
        "a: !!str, x\n",
    ]), @r#"
    "a: @x\n"
    yaml::syntax: a value cannot start with `@`
      ^ 1:4 "@" this character has no meaning here
      fix: quote the value -> "'@x'"
    "a: `x`\n"
    yaml::syntax: a value cannot start with a backtick
      ^ 1:4 "`" this character has no meaning here
      fix: quote the value -> "'`x`'"
    "a: %x\n"
    yaml::syntax: a value cannot start with `%`
      ^ 1:4 "%" this character has no meaning here
      fix: quote the value -> "'%x'"
    "@a: 1\n"
    yaml::syntax: a value cannot start with `@`
      ^ 1:1 "@" this character has no meaning here
      fix: quote the value -> "'@a'"
    "- @x\n"
    yaml::syntax: a value cannot start with `@`
      ^ 1:3 "@" this character has no meaning here
      fix: quote the value -> "'@x'"
    "a: *\n"
    yaml::syntax: the alias has no name
      ^ 1:4 "*" expected `*name`
      help: quote the value if `*` is meant as text
    "a: &\n"
    yaml::syntax: the anchor has no name
      ^ 1:4 "&" expected `&name`
      help: quote the value if `&` is meant as text
    "a: *x y\n"
    yaml::unknown-alias: alias `*x` has no anchor `&x` before it
      ^ 1:4 "*x" no such anchor in this document
      help: quote the value if `*` is meant as text
    yaml::syntax: unexpected text after a value
      ^ 1:7 "y" the value ends before this
    "a: &x &y z\n"
    yaml::syntax: unexpected text after a value
      ^ 1:7 "&" the value ends before this
    "a: !foo!bar x\n"
    yaml::syntax: the prefix of this tag is not declared
      ^ 1:4 "!foo!bar" expected `!name` or `!!name`
    "a: !<x\n"
    yaml::syntax: malformed tag
      ^ 1:4 "!<x" expected `!name` or `!!name`
      help: quote the value if `!` is meant as text
    "%YAML 1.2\na: 1\n"
    yaml::syntax: expected `---` after the directives
      ^ 2:1 "a" the document starts here
    "%YAML x\n---\n"
    yaml::syntax: malformed directive
      ^ 1:1 "%" expected `%YAML 1.2` or `%TAG`
    "%TAG\n---\na\n"
    yaml::syntax: malformed directive
      ^ 1:1 "%" expected `%YAML 1.2` or `%TAG`
    "--- a\n... b\n"
    yaml::syntax: unexpected text after `...`
      ^ 2:5 "b" the document has ended
    "? a\nb\n"
    yaml::syntax: expected `:` after a key
      ^ 2:1 "b" this line has no `: `
    "a: ? b\n"
    yaml::syntax: `? ` cannot stand here
      ^ 1:4 "?" unexpected start of a key
      fix: quote the value -> "'? b'"
    "x: *y z: 1\n"
    yaml::unknown-alias: alias `*y` has no anchor `&y` before it
      ^ 1:4 "*y" no such anchor in this document
      help: quote the value if `*` is meant as text
    yaml::syntax: unexpected text after a value
      ^ 1:7 "z" the value ends before this
    "a: !!str, x\n"
    yaml::syntax: malformed tag
      ^ 1:4 "!!str" expected `!name` or `!!name`
      help: quote the value if `!` is meant as text
    "#);
}

#[test]
fn indentation_and_colons() {
    assert_snapshot!(explain_all(&[
        "a\nb: 1\n",
        "a: 1\nb\nc: 2\n",
        "a: 1\n b: 2\n",
        "a:\n  b: 1\n c: 2\n",
        "  a: 1\nb: 2\n",
        "a:\n    b: 1\n  c: 2\n",
        "a: b: c\n",
        "a: x: y: z\n",
        "run: echo foo: bar\n",
        "a:1\nb: 2\n",
        "a: - x\n",
        "a: 1\n- b\n",
        "- a\nb: 1\n",
        "-a\n- b\n",
        "a: b # c\n  d\n",
        "a:\n  b\n  c: d\n",
        "- - a\n - b\n",
        "a: #x\n b\nc",
        "a:\n- b\n  c: d\n",
        "a: x\n  - y\n",
        "a:\n  - b\n c\n",
        "services:\n  web:\n  image: x\n   ports: y\n",
        "- a: 1\n   b: 2\n",
        "a: ,\n",
        "a: 1\n  b: 2\n",
        "a:\n  - b: 1\n  c: 2\n",
    ]), @r##"
    "a\nb: 1\n"
    yaml::syntax: expected `:` after a key
      ^ 1:1 "a" this line has no `: `
    "a: 1\nb\nc: 2\n"
    yaml::syntax: expected `:` after a key
      ^ 2:1 "b" this line has no `: `
    "a: 1\n b: 2\n"
    yaml::syntax: this key is indented deeper than the line above, which has a value already
      ^ 2:2 "b" unexpected key
      - 1:1 "a: 1" the value above goes on in lines indented deeper
      help: give the key the indentation of its neighbours
    "a:\n  b: 1\n c: 2\n"
    yaml::syntax: the indentation of 1 matches no line above
      ^ 3:2 "c" misaligned
      help: the lines it could belong to are indented by 0 and 2
    "  a: 1\nb: 2\n"
    yaml::syntax: this line is indented less than the first one
      ^ 2:1 "b" expected the same indentation
      help: give all keys of a mapping the same indentation
    "a:\n    b: 1\n  c: 2\n"
    yaml::syntax: the indentation of 2 matches no line above
      ^ 3:3 "c" misaligned
      help: the lines it could belong to are indented by 0 and 4
    "a: b: c\n"
    yaml::syntax: unexpected `: ` inside a value
      ^ 1:5 ":" a mapping cannot start here
      fix: quote the value -> "'b: c'"
    "a: x: y: z\n"
    yaml::syntax: unexpected `: ` inside a value
      ^ 1:5 ":" a mapping cannot start here
      fix: quote the value -> "'x: y: z'"
    "run: echo foo: bar\n"
    yaml::syntax: unexpected `: ` inside a value
      ^ 1:14 ":" a mapping cannot start here
      fix: quote the value -> "'echo foo: bar'"
    "a:1\nb: 2\n"
    yaml::syntax: expected `:` after a key
      ^ 1:1 "a:1" this line has no `: `
      fix: add a space after `:` -> " "
    "a: - x\n"
    yaml::syntax: a list cannot start on the line of its key
      ^ 1:4 "-" unexpected list item
      help: put the first `- ` on the next line, or quote the value if it is meant as text
    "a: 1\n- b\n"
    yaml::syntax: a list item stands among the keys of a mapping
      ^ 2:1 "-" expected a key
      help: indent the list deeper, or remove the value of the key above it
    "- a\nb: 1\n"
    yaml::syntax: expected a list item
      ^ 2:1 "b" the lines above are items of a list
      help: start the line with `- `, or give it the indentation of the key it belongs to
    "a: b # c\n  d\n"
    yaml::syntax: a comment ends a plain value, but the next line goes on with it
      ^ 1:6 "#" the value ends here
      help: quote the value, or move the comment to its own line
    "a:\n  b\n  c: d\n"
    yaml::syntax: expected `:` after a key
      ^ 2:3 "b" this line has no `: `
    "- - a\n - b\n"
    yaml::syntax: the indentation of 1 matches no line above
      ^ 2:2 "-" misaligned
    "a: #x\n b\nc"
    yaml::syntax: expected `:` after a key
      ^ 3:1 "c" this line has no `: `
    "a:\n- b\n  c: d\n"
    yaml::syntax: this key is indented deeper than the line above, which has a value already
      ^ 3:3 "c" unexpected key
      - 2:1 "- b" the value above goes on in lines indented deeper
      help: give the key the indentation of its neighbours
    "a:\n  - b\n c\n"
    yaml::syntax: the indentation of 1 matches no line above
      ^ 3:2 "c" misaligned
      help: the lines it could belong to are indented by 0 and 2
    "services:\n  web:\n  image: x\n   ports: y\n"
    yaml::syntax: this key is indented deeper than the line above, which has a value already
      ^ 4:4 "ports" unexpected key
      - 3:3 "image: x" the value above goes on in lines indented deeper
      help: give the key the indentation of its neighbours
    "- a: 1\n   b: 2\n"
    yaml::syntax: this key is indented deeper than the line above, which has a value already
      ^ 2:4 "b" unexpected key
      - 1:1 "- a: 1" the value above goes on in lines indented deeper
      help: give the key the indentation of its neighbours
    "a: ,\n"
    yaml::syntax: a value cannot start with `,`
      ^ 1:4 "," expected a value
      fix: quote the value -> "','"
    "a: 1\n  b: 2\n"
    yaml::syntax: this key is indented deeper than the line above, which has a value already
      ^ 2:3 "b" unexpected key
      - 1:1 "a: 1" the value above goes on in lines indented deeper
      help: give the key the indentation of its neighbours
    "a:\n  - b: 1\n  c: 2\n"
    yaml::syntax: the indentation of 2 matches no line above
      ^ 3:3 "c" misaligned
      help: the lines it could belong to are indented by 0 and 2
    "##);
}
