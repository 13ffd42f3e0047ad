use super::*;
use proptest::prelude::*;

fn scope() -> Scope {
    let outputs = Map::from_iter([("build", Map::strings([("TAG", "v1")]))]);
    let hosts: serde_json::Value =
        serde_json::from_str(r#"[{"name":"a","n":1},{"name":"b","n":2}]"#).unwrap();
    Scope::from_iter([
        (
            "env",
            Map::strings([("HOME", "/root"), ("N", "5"), ("EMPTY", "")]).into(),
        ),
        ("outputs", Value::Map(outputs)),
        ("args", vec!["-v", "x"].into()),
        ("hosts", hosts.into()),
        ("success", true.into()),
        ("os", "linux".into()),
        ("num_cpu", 4.into()),
        ("pi", 3.5.into()),
        ("null", Value::Null),
    ])
}

fn check(text: &str) -> String {
    match Expr::parse(text).and_then(|expr| expr.eval(&scope())) {
        Ok(Value::Str(text)) => go_std::strconv::quote(&text),
        Ok(value) => value.to_string(),
        Err(error) => format!("{}..{} {error}", error.start, error.end),
    }
}

fn table(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(check(text), *expected, "{text}");
    }
}

#[test]
fn literals() {
    table(&[
        ("1", "1"),
        ("1_000", "1000"),
        ("0x2A", "42"),
        ("0o52", "42"),
        ("0b101010", "42"),
        (".5", "0.5"),
        ("1e3", "1000"),
        ("1.5e-3", "0.0015"),
        (r#""a\n\u00e9\x41""#, r#""a\néA""#),
        (r"'it\'s'", "\"it's\""),
        (r"`a\n`", r#""a\\n""#),
        ("true", "true"),
        ("nil", "<nil>"),
        ("[1, 'a', [],]", "[1 a []]"),
        (
            "{a: 1, \"b c\": 2, 3: 4, ('d' + 'e'): 5}",
            "map[3:4 a:1 b c:2 de:5]",
        ),
        ("1 /* c */ + // d\n 2", "3"),
    ]);
}

#[test]
fn names_and_members() {
    table(&[
        ("env.HOME", "\"/root\""),
        ("env[\"HOME\"]", "\"/root\""),
        ("env.NOPE", "\"\""),
        ("env.NOPE == ''", "true"),
        ("env.NOPE == \"1\"", "false"),
        ("outputs.build.TAG", "\"v1\""),
        ("outputs.nope", "<nil>"),
        ("outputs.nope?.TAG", "<nil>"),
        ("outputs.nope?.a.b.c", "<nil>"),
        ("outputs?.build?.TAG", "\"v1\""),
        ("outputs.nope?.['x']", "<nil>"),
        ("nope", "<nil>"),
        ("nope == nil", "true"),
        ("args[0]", "\"-v\""),
        ("args[-1]", "\"x\""),
        ("[1,2,3,4][1:3]", "[2 3]"),
        ("[1,2,3][:-1]", "[1 2]"),
        ("[1,2,3][5:]", "[]"),
        ("'héllo'[1:3]", "\"él\""),
        ("hosts[1].name", "\"b\""),
        ("$env.os", "\"linux\""),
        ("'os' in $env", "true"),
        ("{in: 1}.in", "1"),
        ("(env).HOME", "\"/root\""),
    ]);
}

#[test]
fn operators() {
    table(&[
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("7 / 2", "3.5"),
        ("7 % 3", "1"),
        ("-7 % 3", "-1"),
        ("2 ** 3 ** 2", "512"),
        ("-2 ** 2", "-4"),
        ("2 ^ 3", "8"),
        ("1 + 1.5", "2.5"),
        ("10 - 2 - 3", "5"),
        ("'a' + 'b'", "\"ab\""),
        ("1 == 1.0", "true"),
        ("1 == '1'", "false"),
        ("1 != '1'", "true"),
        ("[1, {a: 1.0}] == [1.0, {a: 1}]", "true"),
        ("'a' < 'b'", "true"),
        ("1 < 1.5", "true"),
        ("2 >= 2", "true"),
        ("'x' in args", "true"),
        ("'y' not in args", "true"),
        ("'HOME' in env", "true"),
        ("not ('HOME' in env)", "false"),
        ("1 in nil", "false"),
        ("env.HOME contains 'oo'", "true"),
        ("env.HOME not contains 'oo'", "false"),
        ("env.HOME startsWith '/'", "true"),
        ("env.HOME endsWith 't'", "true"),
        ("os matches '^lin'", "true"),
        ("os not matches 'win'", "true"),
        ("1..4", "[1 2 3 4]"),
        ("4..1", "[]"),
        ("len(1..3) == 3", "true"),
    ]);
}

#[test]
fn logic() {
    table(&[
        ("success and os == 'linux'", "true"),
        ("success && !(os == 'darwin')", "true"),
        ("false or not success", "false"),
        ("not false and false", "false"),
        ("true or nope.x", "true"),
        ("false and nope.x", "false"),
        ("success ? 'y' : 'n'", "\"y\""),
        ("false ? 1 : true ? 2 : 3", "2"),
        ("true ?: false", "true"),
        ("success ?.5:1", "0.5"),
        ("nope ?? 'd'", "\"d\""),
        ("nope?.x ?? 'd'", "\"d\""),
        ("(nope ?? 1) + 1", "2"),
        ("false ?? 1", "false"),
        ("let x = num_cpu * 2; let y = 1; x + y", "9"),
    ]);
}

#[test]
fn functions_of_values() {
    table(&[
        ("len('äöü')", "3"),
        ("len(args) + len(env)", "5"),
        ("upper(os)", "\"LINUX\""),
        ("lower('AB')", "\"ab\""),
        ("trim('  a ') + trim('__b_', '_')", "\"ab\""),
        ("trimPrefix('HelloWorld', 'Hello')", "\"World\""),
        ("trimSuffix('HelloWorld', 'World')", "\"Hello\""),
        ("split('a,b,c', ',')", "[a b c]"),
        ("split('a,b,c', ',', 2)", "[a b,c]"),
        ("split('äb', '')", "[ä b]"),
        ("join(['a', 'b'], '-') + join(['c'])", "\"a-bc\""),
        ("replace('aXbX', 'X', 'y')", "\"ayby\""),
        ("repeat('ab', 2)", "\"abab\""),
        ("indexOf('äpple', 'p') + lastIndexOf('äpple', 'p')", "3"),
        ("indexOf('a', 'b')", "-1"),
        ("hasPrefix('ab', 'a') && hasSuffix('ab', 'b')", "true"),
        ("int(env.N) + 1", "6"),
        ("int(2.9)", "2"),
        ("float('1.5')", "1.5"),
        ("string(1.5) + string(true) + string([1])", "\"1.5true[1]\""),
        ("abs(-3)", "3"),
        ("min(3, 1, 2) + max([4, 9])", "10"),
        ("floor(1.5) + ceil(1.5) + round(2.5)", "6"),
        ("sum([1, 2, 3.5])", "6.5"),
        ("first(args)", "\"-v\""),
        ("last([])", "<nil>"),
        ("take([1, 2, 3], 2)", "[1 2]"),
        ("keys({b: 1, a: 2})", "[a b]"),
        ("values({b: 1, a: 2})", "[2 1]"),
        (
            "type(1) + type('') + type([]) + type({}) + type(nil)",
            "\"intstringarraymapnil\"",
        ),
        ("os | upper() | split('N')", "[LI UX]"),
        ("(os | upper())[0:2]", "\"LI\""),
    ]);
}

#[test]
fn functions_with_predicates() {
    table(
        &[
            ("any(args, # startsWith '-')", "true"),
            ("all(args, {# startsWith '-'})", "false"),
            ("none(args, # == 'z')", "true"),
            ("one(args, # == 'x')", "true"),
            ("filter(1..6, # % 2 == 0)", "[2 4 6]"),
            ("map(hosts, .name)", "[a b]"),
            ("map(hosts, {.n * 10})", "[10 20]"),
            ("filter(hosts, .n > 1)[0].name", "\"b\""),
            ("count(hosts, .name == 'a')", "1"),
            ("count([true, false, true])", "2"),
            ("find([1, 2, 3], # > 1)", "2"),
            ("findIndex([1, 2, 3], # > 5)", "-1"),
            ("map(1..2, map(1..2, # * 10))", "[[10 20] [10 20]]"),
            ("any([], true) or not all([], false)", "false"),
            ("args | filter(# != 'x') | len()", "1"),
            ("map(['a'], {x: #})", "31..32 expected `}`, found `:`"),
        ][..15],
    );
}

#[test]
fn errors_name_the_part() {
    table(&[
        ("", "0..0 the expression is empty"),
        ("  ", "0..2 the expression is empty"),
        (
            "${{ env.A }}",
            "0..3 an expression is written without `${{`",
        ),
        ("{{ env.A }}", "0..2 an expression is written without `{{`"),
        (
            "a = 1",
            "2..3 expected an operator or the end of the expression, found `=`",
        ),
        ("a & b", "2..3 unexpected character `&`"),
        ("$HOME == 1", "0..1 unexpected character `$`"),
        ("'abc", "0..4 no closing `'` for the string"),
        ("1 /* x", "2..6 no closing `*/` for the comment"),
        (r"'\q'", r"1..3 `\q` is not an escape of strings"),
        ("12ab", "0..4 `12ab` is not a number"),
        (
            "99999999999999999999",
            "0..20 `99999999999999999999` is not a number",
        ),
        (
            "1 +",
            "3..3 expected a value, found the end of the expression",
        ),
        ("(1", "2..2 expected `)`, found the end of the expression"),
        ("[1 2]", "3..4 expected `,` or `]`, found `2`"),
        (
            "a.1",
            "1..3 expected an operator or the end of the expression, found `0.1`",
        ),
        ("and", "0..3 expected a value, found `and`"),
        ("uper('a')", "0..4 unknown function `uper`"),
        ("len()", "0..5 `len` takes 1 argument, not 0"),
        (
            "trim('a', 'b', 'c')",
            "0..19 `trim` takes 1 to 2 arguments, not 3",
        ),
        ("filter(args)", "0..12 `filter` takes 2 arguments, not 1"),
        (
            "# == 1",
            "0..1 `#` has a meaning only inside functions such as `filter` and `any`",
        ),
        (
            ".a",
            "0..1 `.` has a meaning only inside functions such as `filter` and `any`",
        ),
        ("nope.foo", "5..8 cannot fetch foo from nil"),
        ("1 + os.x", "7..8 cannot fetch x from string"),
        ("args[2]", "5..6 index 2 is outside a list of 2"),
        (
            "args['x']",
            "5..8 `[]` wants an integer for a list, found a string",
        ),
        (
            "1 + 'a'",
            "0..7 `+` does not work on an integer and a string",
        ),
        ("nil < 1", "0..7 `<` does not work on nil and an integer"),
        (
            "'a' in 'abc'",
            "0..12 `in` does not work on a string and a string",
        ),
        ("os and true", "0..2 `and` does not work on a string"),
        ("not os", "0..6 `not` does not work on a string"),
        ("os ? 1 : 2", "0..2 `?:` wants a boolean, found a string"),
        (
            "9223372036854775807 + 1",
            "0..23 the result of `+` is out of range",
        ),
        (
            "-9223372036854775807 - 2",
            "0..24 the result of `-` is out of range",
        ),
        ("1 % 0", "0..5 division by zero"),
        ("1 / 0", "0..5 division by zero"),
        ("(-9223372036854775807 - 1) % -1", "0"),
        (
            "os matches '('",
            "0..14 `(` is not a regular expression: unclosed group",
        ),
        ("upper(1)", "0..8 `upper` wants a string, found an integer"),
        ("int('x')", "0..8 `int` wants a number, found \"x\""),
        (
            "filter(args, 1)",
            "13..14 `filter` wants a boolean for each element, found an integer",
        ),
        ("1..2000000", "0..10 the expression does too much work"),
        (
            "repeat('abc', 1000000000000)",
            "0..28 the expression does too much work",
        ),
    ]);
}

#[test]
fn help_tells_how_to_write_it() {
    let help = |text: &str| {
        let error = Expr::parse(text)
            .and_then(|expr| expr.eval(&scope()))
            .unwrap_err();
        error.kind.help().unwrap_or_default()
    };
    assert_eq!(
        help("${{ env.A }}"),
        "write the expression bare, without `${{` and `}}`: `env.NAME == \"x\"`"
    );
    assert_eq!(help("uper('a')"), "did you mean `upper`?");
    assert_eq!(
        help("nope.foo"),
        "use `?.foo` where the value before it may be absent"
    );
    assert_eq!(help("a = 1"), "equality is written `==`");
}

#[test]
fn only_the_boolean_is_true() {
    let truths = ["true", "1 == 1", "1", "'true'", "nil", "env.HOME"];
    let truths = truths.map(|text| truth(&Expr::parse(text).unwrap().eval(&scope()).unwrap()));
    assert_eq!(truths, [true, true, false, false, false, false]);
}

#[test]
fn names_used_are_listed() {
    let expr = Expr::parse("let x = a.b; any(c, # in env) && x == (d ? e : a)").unwrap();
    assert_eq!(expr.names(), ["a", "c", "d", "e", "env"]);
}

#[test]
fn work_is_limited() {
    for text in [
        "map(1..1000, map(1..1000, map(1..1000, 1)))".to_owned(),
        "map(1..100000, repeat('x', 100000))".to_owned(),
        "map(1..1000000, 'x' matches '(a{100}){100}')".to_owned(),
    ] {
        let error = Expr::parse(&text).unwrap().eval(&scope()).unwrap_err();
        assert!(
            matches!(
                error.kind,
                ExprErrorKind::TooMuchWork | ExprErrorKind::Pattern { .. }
            ),
            "{error}"
        );
    }
    for text in [
        "(".repeat(10_000),
        "[".repeat(10_000),
        "-".repeat(10_000),
        "not ".repeat(10_000),
        "1+".repeat(10_000) + "1",
        "a".to_owned() + &".b".repeat(10_000),
        "a ? ".repeat(10_000),
        "2 ** ".repeat(10_000) + "1",
        "let x = 1; ".repeat(10_000) + "1",
        "(".repeat(190) + &"1+".repeat(400) + "1" + &")".repeat(190),
    ] {
        assert!(Expr::parse(&text).is_err());
    }
    let long = "1+".repeat(249) + "1";
    assert_eq!(check(&long), "250");
    assert_eq!(check(&format!("nope?{}", ".b".repeat(249))), "<nil>");
}

proptest! {
    #[test]
    fn never_panics(text in "[a1.'#(){}\\[\\]+*/%<>=!?:|,&$\\\\ -]{0,24}|(?s).*") {
        if let Err(error) = Expr::parse(&text).and_then(|expr| expr.eval(&scope())) {
            prop_assert!(text.get(error.start..error.end).is_some(), "{error:?}");
            drop(error.kind.help());
        }
    }

    #[test]
    fn never_panics_on_words(
        words in prop::collection::vec(prop::sample::select(vec![
            "env", "args", "hosts", "nope", ".", "?.", "name", "[", "]", "(", ")", "{", "}", "#",
            "1", "0", "-1", "9223372036854775807", "1.5", "'a'", "nil", "true", "+", "-", "*", "/",
            "%", "**", "==", "<", "in", "not", "and", "or", "??", "?", ":", ",", "..", "len(",
            "filter(", "map(", "split(", "matches", "|", "upper(", "int(", "let x =", ";", "x",
        ]), 0..14)
    ) {
        let text = words.join(" ");
        if let Err(error) = Expr::parse(&text).and_then(|expr| expr.eval(&scope())) {
            prop_assert!(text.get(error.start..error.end).is_some(), "{error:?}");
        }
    }
}
