//! Results of Docker Compose v5.6.1, with `SH=shell` set outside.

use proptest::prelude::*;

use super::{DotenvError, parse, parse_raw};

fn lookup(name: &str) -> Option<String> {
    (name == "SH").then(|| "shell".to_owned())
}

type Pairs = Vec<(String, String)>;

fn run(text: &str) -> Result<Pairs, DotenvError> {
    let found = parse(text, &lookup, &mut |_| {})?;
    Ok(found.into_iter().map(|v| (v.name, v.value)).collect())
}

fn run_raw(text: &str) -> Result<Pairs, DotenvError> {
    let found = parse_raw(text, &lookup)?;
    Ok(found.into_iter().map(|v| (v.name, v.value)).collect())
}

#[track_caller]
fn gives(cases: &[(&str, &[(&str, &str)])]) {
    check(run, cases);
}

#[track_caller]
fn check(run: fn(&str) -> Result<Pairs, DotenvError>, cases: &[(&str, &[(&str, &str)])]) {
    for (text, expected) in cases {
        let found = run(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        let found: Vec<_> = found.iter().map(|(k, v)| (&**k, &**v)).collect();
        assert_eq!(found, *expected, "{text:?}");
    }
}

#[track_caller]
fn fails(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let error = run(text).expect_err(text);
        assert_eq!(error.to_string(), *expected, "{text:?}");
    }
}

#[test]
fn separators_space_and_export() {
    gives(&[
        ("A=1", &[("A", "1")]),
        ("A = 1", &[("A", "1")]),
        (" A=1", &[("A", "1")]),
        ("A:1", &[("A", "1")]),
        ("A: 1", &[("A", "1")]),
        ("A :1", &[("A", "1")]),
        ("A==1", &[("A", "=1")]),
        ("A=b=c", &[("A", "b=c")]),
        ("export A=1", &[("A", "1")]),
        ("export\tA=1", &[("A", "1")]),
        ("export  A = 1", &[("A", "1")]),
        ("export=1", &[("export", "1")]),
        ("exportA=1", &[("exportA", "1")]),
        ("export =1", &[("", "1")]),
        ("export\nA=1", &[("A", "1")]),
        ("export\n", &[]),
        ("export\u{b}A=1", &[("export\u{b}A", "1")]),
        ("\u{feff}A=1", &[("A", "1")]),
        ("A\u{a0}=1", &[("A", "1")]),
        ("\u{a0}A=1", &[("A", "1")]),
        ("A=1\r\nB=2\r\n", &[("A", "1"), ("B", "2")]),
        ("=1", &[("", "1")]),
        (":1", &[("", "1")]),
        ("", &[]),
        ("\n\n", &[]),
    ]);
    fails(&[("export ", "zero length string")]);
}

#[test]
fn names() {
    gives(&[
        ("1D=x", &[("1D", "x")]),
        ("A.b-c[0]=x", &[("A.b-c[0]", "x")]),
        ("-=1", &[("-", "1")]),
        ("é=1", &[("é", "1")]),
        ("A中²=1", &[("A中²", "1")]),
        ("A\tB=1", &[("A\tB", "1")]),
    ]);
    fails(&[
        ("A B=1", "line 1: key cannot contain a space"),
        ("exp ort=1", "line 1: key cannot contain a space"),
        ("export export A=1", "line 1: key cannot contain a space"),
        ("\n\nA\nB C=1", "line 4: key cannot contain a space"),
        ("A\nB C\n", "line 2: key cannot contain a space"),
        (
            "A%=1",
            r#"line 1: unexpected character "%" in variable name "A%=1""#,
        ),
        (
            "# c\n\nA%b\nC",
            r#"line 3: unexpected character "%" in variable name "A%b""#,
        ),
        (
            "A€=1",
            r#"line 1: unexpected character "€" in variable name "A€=1""#,
        ),
        (
            "A\u{2003}B=1",
            r#"line 1: unexpected character "\u2003" in variable name "A\u2003B=1""#,
        ),
        (
            "\"A\"=1",
            r#"line 1: unexpected character "\"" in variable name "\"A\"=1""#,
        ),
        (
            "export # c",
            r##"line 1: unexpected character "#" in variable name "# c""##,
        ),
    ]);
}

#[test]
fn a_name_alone_takes_the_value_from_outside() {
    gives(&[
        ("SH\n", &[("SH", "shell")]),
        ("SH\r\nB=2", &[("SH", "shell"), ("B", "2")]),
        ("A\n", &[]),
        ("A\n\nB=x$A", &[("B", "x")]),
    ]);
}

#[test]
fn the_last_line_without_separator_and_line_break_is_a_value_without_name() {
    gives(&[
        ("A", &[("", "A")]),
        ("A B", &[("", "A B")]),
        ("export A", &[("", "A")]),
        ("A=\"x\"y", &[("A", "x"), ("", "y")]),
    ]);
}

#[test]
fn values_without_quotes() {
    gives(&[
        ("A=", &[("A", "")]),
        ("A=\nB=2", &[("A", ""), ("B", "2")]),
        ("A= \n B=2", &[("A", ""), ("B", "2")]),
        ("A=1 #c", &[("A", "1")]),
        ("A=1#c", &[("A", "1#c")]),
        ("A=1\t#c", &[("A", "1\t#c")]),
        ("A= #c", &[("A", "#c")]),
        ("A=x \u{b}", &[("A", "x")]),
        ("A=a\\nb", &[("A", "a\\nb")]),
        ("A=x\\\ny=1", &[("A", "x\\"), ("y", "1")]),
        ("A=`x`", &[("A", "`x`")]),
        ("A=a\"b\"", &[("A", "a\"b\"")]),
        ("A=1;B=2", &[("A", "1;B=2")]),
        ("A=\\$SH", &[("A", "\\shell")]),
    ]);
}

#[test]
fn quoted_values() {
    gives(&[
        ("A=\" x \"", &[("A", " x ")]),
        ("A=' x '", &[("A", " x ")]),
        ("A=\"x\" # c", &[("A", "x")]),
        ("A=\"x\" #\"c\"\nB=2", &[("A", "x"), ("B", "2")]),
        ("A=\"x\"B=2", &[("A", "x"), ("B", "2")]),
        ("A=\"x\" export B=2", &[("A", "x"), ("B", "2")]),
        ("A=\"x #y\"", &[("A", "x #y")]),
        ("A=\"x\ny\"", &[("A", "x\ny")]),
        ("A=\"1\"\r\nB=2\r\n", &[("A", "1"), ("B", "2")]),
        ("A='it\\'s'", &[("A", "it's")]),
        ("A='\\\\\\'x'", &[("A", "\\\\'x")]),
        ("A='x\\\\'", &[("A", "x\\\\")]),
        ("A='a\\nb'", &[("A", "a\\nb")]),
        ("A='\\\"'", &[("A", "\\\"")]),
    ]);
    fails(&[
        ("A=\"x\ny", "line 2: unterminated quoted value \"x"),
        ("B=1\nA=\"x\ny", "line 3: unterminated quoted value \"x"),
        ("A='x\\'", "line 1: unterminated quoted value 'x\\'"),
        (
            "A='a''b'",
            r#"line 1: unexpected character "'" in variable name "'b'""#,
        ),
    ]);
}

#[test]
fn escapes_in_double_quotes() {
    gives(&[
        (
            r#"A="\a\b\c\f\n\r\t\v\"\\\$""#,
            &[("A", "\u{7}\u{8}\\c\u{c}\n\r\t\u{b}\"\\$")],
        ),
        (r#"A="\d\ \x41\u0041\'""#, &[("A", r"\d\ \x41\u0041\'")]),
        (r#"A="\0101\0303""#, &[("A", "A\u{c3}")]),
        (r#"A="\012\07\0""#, &[("A", r"\12\7\")]),
        (r#"A="\0777\0400\09""#, &[("A", r"\777\400\9")]),
        ("A=\"a\\\nb\"", &[("A", "a\\\nb")]),
        (r#"A="a\\\"b""#, &[("A", r#"a\"b"#)]),
    ]);
}

#[test]
fn variables_are_put_in_from_outside_first() {
    gives(&[
        ("A=$SH", &[("A", "shell")]),
        ("A=\"${SH}\\n$SH\"", &[("A", "shell\nshell")]),
        ("A='$SH'", &[("A", "$SH")]),
        ("A=\"\\$SH\"", &[("A", "$SH")]),
        ("A=\"$$SH\"", &[("A", "$SH")]),
        ("A=\"\\\\$SH\"", &[("A", "\\shell")]),
        ("A=\"\\\\\\$SH\"", &[("A", "\\$SH")]),
        ("A=$$SH", &[("A", "$SH")]),
        ("A=${N:-d}", &[("A", "d")]),
        ("A=1\nB=$A", &[("A", "1"), ("B", "1")]),
        ("A=1\nA=2\nB=$A", &[("A", "1"), ("A", "2"), ("B", "2")]),
        ("SH=2\nB=$SH", &[("SH", "2"), ("B", "shell")]),
        ("A=\"${X-a #b}\"", &[("A", "a #b")]),
    ]);
    fails(&[
        (
            "A=${N:?boom}",
            "required variable N is missing a value: boom",
        ),
        ("B=1\nA=${1}", "Invalid template: \"${1}\""),
        ("A=${X-a #b}", "Invalid template: \"${X-a\""),
    ]);
    assert_eq!(run("\nB=1\nA=${1}").unwrap_err().line(), 3);
    let mut unset = Vec::new();
    let mut note = |name: &str| unset.push(name.to_owned());
    parse("A=$N\nB=$A", &lookup, &mut note).unwrap();
    assert_eq!(unset, ["N"]);
}

#[test]
fn lines_are_counted() {
    for (text, line) in [
        ("A=1 # x\n#y\nB=\"2\"\n\n\nC%", 6),
        ("A=\"\n\n\"\nC%", 4),
        ("A\nC%", 2),
        ("A=1\r\n\r\nC%", 3),
        ("A=1\nexport\nSH\nexport \n%", 5),
    ] {
        assert_eq!(run(text).unwrap_err().line(), line, "{text:?}");
    }
    let found = parse("#\nA=\"\n\"\n\nSH\nB=1", &lookup, &mut |_| {}).unwrap();
    let lines: Vec<_> = found.iter().map(|v| (&*v.name, v.line)).collect();
    assert_eq!(lines, [("A", 2), ("SH", 5), ("B", 6)]);
}

#[test]
fn the_raw_format() {
    check(
        run_raw,
        &[
            ("A=1", &[("A", "1")]),
            ("A\nSH\nB=1", &[("SH", "shell"), ("B", "1")]),
            ("A=\"x\" #c", &[("A", "\"x\" #c")]),
            ("A=$SH\\n", &[("A", "$SH\\n")]),
            (" #A=1\n\t#x\n\n  \nA= 1 ", &[("A", " 1 ")]),
            ("A=1\r\nB=2\r\n", &[("A", "1"), ("B", "2")]),
            ("\u{feff}A=1", &[("A", "1")]),
            ("A:1\nA#=a=b", &[("A#", "a=b")]),
            ("A\u{b}=1\nA\u{a0}=1", &[("A\u{b}", "1"), ("A\u{a0}", "1")]),
            ("A=1\rB", &[("A", "1\rB")]),
        ],
    );
    for (text, expected) in [
        ("A =1", "variable 'A ' contains whitespaces"),
        ("A\t=1", "variable 'A\t' contains whitespaces"),
        ("export A=1", "variable 'export A' contains whitespaces"),
        ("A=1\n =2", "no variable name on line '=2'"),
    ] {
        assert_eq!(run_raw(text).unwrap_err().to_string(), expected);
    }
}

proptest! {
    #[test]
    fn never_panics(text in "([A-C]|[=:]|[ \t\r\n]|['\"\\\\#$]|export|[{}]|[0-7]|.){0,60}") {
        drop(run(&text));
        drop(run_raw(&text));
    }

    #[test]
    fn single_quotes_keep_everything(text in "[^'\\\\]{0,40}") {
        let found = run(&format!("A='{text}'")).unwrap();
        prop_assert_eq!(found, [("A".to_owned(), text)]);
    }
}
