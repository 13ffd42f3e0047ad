//! Results of Docker Compose v5.6.1, with `A=aval`, `B=b`, `E=` and nothing else set.

use proptest::prelude::*;

use super::{InterpolateError, Variable, interpolate, variables};

fn lookup(name: &str) -> Option<String> {
    match name {
        "A" => Some("aval".into()),
        "B" => Some("b".into()),
        "E" => Some(String::new()),
        _ => None,
    }
}

fn run(text: &str) -> (Result<String, InterpolateError>, Vec<String>) {
    let mut unset = Vec::new();
    let result = interpolate(text, &lookup, &mut |name| unset.push(name.to_owned()));
    (result.map(Into::into), unset)
}

#[track_caller]
fn gives(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let (result, unset) = run(text);
        assert_eq!(result.as_deref(), Ok(*expected), "{text}");
        assert!(unset.is_empty(), "{text}: {unset:?}");
    }
}

#[test]
fn text_without_a_dollar_is_borrowed() {
    let result = interpolate("plain {} text", &lookup, &mut |_| {}).unwrap();
    assert!(matches!(
        result,
        std::borrow::Cow::Borrowed("plain {} text")
    ));
}

#[test]
fn dollars_that_begin_no_reference_stand_for_themselves() {
    gives(&[
        ("$$", "$"),
        ("$$$", "$$"),
        ("$$$$", "$$"),
        ("x$", "x$"),
        ("$1", "$1"),
        ("$é", "$é"),
        ("$ A", "$ A"),
        ("$${A}", "${A}"),
        ("$$${A}", "$aval"),
        ("${N:-a}$$b", "a$b"),
    ]);
}

#[test]
fn variables_with_and_without_braces() {
    gives(&[
        ("$A", "aval"),
        ("${A}", "aval"),
        ("$A$B", "avalb"),
        ("$A-$B", "aval-b"),
        ("${A}}", "aval}"),
        ("$A\u{130}", "aval\u{130}"),
        ("$E", ""),
        ("{{${A}}}", "{{aval}}"),
    ]);
}

#[test]
fn unset_variables_become_nothing_and_are_reported() {
    for (text, expected, names) in [
        ("${N}", "", vec!["N"]),
        ("$a", "", vec!["a"]),
        ("${N}:-${M}", ":-", vec!["N", "M"]),
        ("${A?}${N-$C}", "aval", vec!["C"]),
        // Case folding of Unicode: the sign of Kelvin is a k, the long s an s.
        ("$A\u{212a}x", "", vec!["A\u{212a}x"]),
        ("${\u{17f}}", "", vec!["\u{17f}"]),
    ] {
        let (result, unset) = run(text);
        assert_eq!(result.as_deref(), Ok(expected), "{text}");
        assert_eq!(unset, names, "{text}");
    }
}

#[test]
fn defaults_and_alternates() {
    gives(&[
        ("${A-d}", "aval"),
        ("${N-d}", "d"),
        ("${N:-}", ""),
        ("${E-d}", ""),
        ("${E:-d}", "d"),
        ("${A+x}", "x"),
        ("${N+x}", ""),
        ("${E+x}", "x"),
        ("${E:+x}", ""),
        ("${A:+x} - y", "x - y"),
        ("${N+x}-${A-y}", "-aval"),
        ("${N-x}-${M+y}", "x-"),
        ("${N:-\"q\"}", "\"q\""),
        ("${A?m}", "aval"),
        ("${A?a-b}", "aval"),
    ]);
}

#[test]
fn the_first_operator_counts() {
    gives(&[
        ("a${X-a-b:?c}", "aa-b:?c"),
        ("${X:-a:+b}", "a:+b"),
        ("${N:-a?b}", "a?b"),
        ("${N:+a-b}", ""),
        ("$A ? ${B}", "aval ? b"),
        ("${A}:?${N-x}", "aval:?x"),
    ]);
}

#[test]
fn operands_are_interpolated_only_if_used() {
    gives(&[
        ("${N-${A}}", "aval"),
        ("${N:-${M:-${A}}}", "aval"),
        ("${A:-${M:?boo}}", "aval"),
        ("${N:-a$B}", "ab"),
        ("${N:-$}", "$"),
        ("${N:-$$}", "$"),
        ("${N-$${x}}", "${x}"),
        ("${A+${N-q}}r}", "qr}"),
    ]);
}

#[test]
fn braces_are_counted_naively() {
    gives(&[
        ("${N-a}b}", "ab}"),
        ("${B:-a}b}", "bb}"),
        ("${N:-{{x}}}", "{{x}}"),
        ("${N:-{}}", "{}"),
        ("${N:-{a}}", "{a}"),
        ("${N-{}", "{"),
        ("${N-}}}", "}}"),
        ("a}${N-x}", "a}x"),
        ("{\"a\":\"${N-x}\"}", "{\"a\":\"x\"}"),
        ("${N:-{\"a\":1}}", "{\"a\":1}"),
        ("${N-x}\n${A}", "x\naval"),
    ]);
}

#[test]
fn malformed_references_are_errors_that_show_the_template() {
    for (text, template, range) in [
        ("${", "${", 0..2),
        ("${}", "${}", 0..2),
        ("${1}", "${1}", 0..2),
        ("$1 ${1}", "$1 ${1}", 3..5),
        ("${A", "${A", 0..2),
        ("${A }", "${A }", 0..2),
        ("${A\u{e9}}", "${A\u{e9}}", 0..2),
        ("${A:0:2}", "${A:0:2}", 0..2),
        ("${A/b/c}", "${A/b/c}", 0..2),
        ("${A:}", "${A:}", 0..2),
        ("${N-a\nb}", "${N-a\nb}", 0..2),
        // After a reference with an operator, up to the last brace of the line ...
        ("${A-x} ${1}", " ${1}", 7..9),
        ("${A-x} ${B-y} ${1} $A", " ${1}", 14..16),
        // ... but not behind it.
        ("${A-x} ${", "${A-x} ${", 7..9),
        // In an operand, the operand.
        ("${N:?a ${1}}", "a ${1}", 7..9),
        ("${N-${M-x}", "${M-x", 4..6),
    ] {
        let error = run(text).0.unwrap_err();
        assert_eq!(
            error.message("services.a.image"),
            format!(
                "invalid interpolation format for services.a.image.\n\
                 You may need to escape any $ with another $.\n{template}"
            ),
            "{text}"
        );
        assert_eq!(error.range(), range, "{text}");
    }
    let error = run("${N-a\nb}").0.unwrap_err();
    assert_eq!(error.to_string(), r#"Invalid template: "${N-a\nb}""#);
}

#[test]
fn required_variables_without_a_value_are_errors() {
    for (text, expected) in [
        ("${N?m}", "required variable N is missing a value: m"),
        ("x${N?}", "required variable N is missing a value"),
        ("${E:?m}", "required variable E is missing a value: m"),
        (
            "${N:-${M:?boo}}",
            "required variable M is missing a value: boo",
        ),
        ("${N?${A}}", "required variable N is missing a value: aval"),
        ("${N?a:-b}", "required variable N is missing a value: a:-b"),
    ] {
        let error = run(text).0.unwrap_err();
        assert_eq!(error.to_string(), expected, "{text}");
        let message = format!("error while interpolating p.q: {expected}");
        assert_eq!(error.message("p.q"), message);
    }
    let error = run("a ${N:-${M:?boo}} b").0.unwrap_err();
    assert_eq!(error.range(), 7..16);
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth| format!("{}x{}", "${N-".repeat(depth), "}".repeat(depth));
    assert_eq!(run(&nested(500)).0.as_deref(), Ok("x"));
    let error = run(&nested(100_000)).0.unwrap_err();
    assert_eq!(
        error.to_string(),
        "more than 500 variables inside each other"
    );
    assert!(variables(&nested(10_000)).len() > 500);
}

#[test]
fn long_texts_take_linear_time() {
    for piece in ["${A-x} ", "${A-", "${N-{", "$", "${A-x}\n", "${N-${N-a} "] {
        let text = piece.repeat(20_000);
        drop(run(&text));
        drop(variables(&text));
    }
}

/// Name, default, alternate, message.
type Row = (
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
    Option<&'static str>,
);

/// As `config --variables` has them.
fn listed(text: &str) -> Vec<Row> {
    let row =
        |found: Variable<'static>| (found.name, found.default, found.alternate, found.required);
    let text: &'static str = text.to_owned().leak();
    let listed = |found: &Variable<'_>| !found.in_message;
    variables(text)
        .into_iter()
        .filter(listed)
        .map(row)
        .collect()
}

#[test]
fn variables_come_in_the_order_of_compose() {
    assert_eq!(
        listed("${A:-x} ${A:-y}"),
        [("A", Some("y"), None, None), ("A", Some("x"), None, None)]
    );
    assert_eq!(
        listed("${A:-${B:-c}} $D ${E+f}\n$G ${H:-}"),
        [
            ("D", None, None, None),
            ("E", None, Some("f"), None),
            ("A", Some("${B:-c}"), None, None),
            ("B", Some("c"), None, None),
            ("G", None, None, None),
            ("H", Some(""), None, None),
        ]
    );
}

#[test]
fn variables_in_messages_are_marked() {
    assert_eq!(listed("${A:?${B-x}}"), [("A", None, None, Some("${B-x}"))]);
    let found = variables("${A:?${B-$C}}");
    let marks: Vec<_> = found.iter().map(|v| (v.name, v.in_message)).collect();
    assert_eq!(marks, [("A", false), ("B", true), ("C", true)]);
    assert_eq!(found[1].range, 5..12);
    assert!(found[0].colon && !found[1].colon);
}

#[test]
fn malformed_references_and_escapes_are_no_variables() {
    assert_eq!(listed("${1} $$A ${B $C"), [("C", None, None, None)]);
    assert_eq!(listed("${A-a}b}"), [("A", Some("a"), None, None)]);
    assert_eq!(listed("${A-{}}"), [("A", Some("{}"), None, None)]);
}

proptest! {
    #[test]
    fn never_panics(text in "([$]|[$]\\{|\\{|\\}|[-+?:]|[AEN1]|[ \n]|\u{17f}|.){0,40}") {
        let (result, _) = run(&text);
        if let Err(error) = result {
            prop_assert!(text.get(error.range()).is_some());
        }
        for variable in variables(&text) {
            prop_assert!(text[variable.range].contains(variable.name));
        }
    }

    #[test]
    fn text_with_doubled_dollars_comes_back(text in ".{0,40}") {
        let (result, unset) = run(&text.replace('$', "$$"));
        prop_assert_eq!(result, Ok(text));
        prop_assert!(unset.is_empty());
    }
}
