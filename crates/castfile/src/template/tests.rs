use super::*;
use crate::value::Map;
use proptest::prelude::*;
use std::time::Duration;

mod tables;

/// 2009-02-13 23:31:30 UTC.
fn options() -> RenderOptions {
    RenderOptions::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1_234_567_890))
}

fn data() -> Value {
    let json: serde_json::Value = serde_json::from_str(tables::DATA).unwrap();
    json.into()
}

fn try_render(text: &str, data: &Value) -> Result<String, TemplateError> {
    Template::parse("test", text)?.render(data, &options())
}

fn check(text: &str) -> String {
    try_render(text, &data())
        .unwrap_or_else(|error| format!("{}..{} {error}", error.start, error.end))
}

#[test]
fn the_language_is_that_of_go() {
    for (text, expected) in tables::CORE {
        assert_eq!(check(text), *expected, "{text}");
    }
}

#[test]
fn printf_writes_as_go_does() {
    for (text, expected) in tables::PRINTF {
        assert_eq!(check(text), *expected, "{text}");
    }
}

#[test]
fn dates_are_written_in_layouts_of_go() {
    for (text, expected) in tables::DATES {
        assert_eq!(check(text), *expected, "{text}");
    }
}

#[test]
fn functions_are_those_of_sprig() {
    for (text, expected) in tables::SPRIG {
        assert_eq!(
            check(&format!("{{{{ ({text}) | toString }}}}")),
            *expected,
            "{text}"
        );
    }
}

#[test]
fn errors_name_the_part() {
    for (text, expected) in tables::ERRORS {
        assert_eq!(check(text), *expected, "{text}");
    }
}

#[test]
fn functions_of_sprig_without_a_reference_program() {
    let cases = [
        (r#"abbrev 8 "hello world""#, "hello..."),
        (r#"abbrev 3 "hello""#, "hello"),
        (r#"nospace " a b ""#, "ab"),
        (r#"untitle "Hello World""#, "hello world"),
        (r#"initials "First Try it""#, "FTi"),
        (r#"swapcase "This Is A.Test""#, "tHIS iS a.tEST"),
        (r#"snakecase "FirstName""#, "first_name"),
        (r#"snakecase "HTTPServer""#, "http_server"),
        (r#"snakecase "NoHTTPS""#, "no_https"),
        (r#"snakecase "GO PATH""#, "go_path"),
        (r#"snakecase "http2xx""#, "http_2xx"),
        (r#"snakecase "HTTP20xOK""#, "http_20x_ok"),
        (r#"snakecase "Duration2m3s""#, "duration_2m3s"),
        (r#"snakecase "Bld4Floor3rd""#, "bld4_floor_3rd"),
        (r#"kebabcase "FirstName""#, "first-name"),
        (r#"camelcase "http_server""#, "HttpServer"),
        (r#"camelcase "_camel_case""#, "_CamelCase"),
        (r#"camelcase "_complex__case_""#, "_Complex_Case_"),
        (r#"camelcase "some words""#, "SomeWords"),
        (r#"wrap 10 "the quick brown fox""#, "the quick\nbrown fox"),
        (
            r#"wrapWith 5 "|" "incomprehensible""#,
            "incom|prehe|nsibl|e",
        ),
        ("addf 0.1 0.2", "0.3"),
        ("divf 10 2 4", "1.25"),
        ("divf 1 3", "0.3333333333333333"),
        ("duration 95", "1m35s"),
        (r#"trunc 2 "äöü""#, "äö"),
        (r#"slice "äöü" 1 2"#, "ö"),
        (
            r#"merge (dict "a" 1 "b" (dict "x" 1)) (dict "a" 2 "b" (dict "y" 2) "c" 3)"#,
            "map[a:1 b:map[x:1 y:2] c:3]",
        ),
        (
            r#"mergeOverwrite (dict "a" 1 "b" (dict "x" 1)) (dict "a" 2 "b" (dict "y" 2))"#,
            "map[a:2 b:map[x:1 y:2]]",
        ),
        (r#"typeOf now"#, "time.Time"),
        (r#"regexReplaceAll "a(x*)b" "-ab-axxb-" "${1}W""#, "-W-xxW-"),
        (r#"printf "%s" (fromJson "[1]" | toJson)"#, "[1]"),
    ];
    for (text, expected) in cases {
        assert_eq!(check(&format!("{{{{ {text} }}}}")), expected, "{text}");
    }
}

#[test]
fn nothing_is_escaped() {
    let data = Value::Map([("a", "<b c='d'> & \"e\"")].into_iter().collect());
    assert_eq!(
        try_render("'{{ .a }}' &", &data).unwrap(),
        "'<b c='d'> & \"e\"' &"
    );
}

#[test]
fn an_unknown_function_refuses_the_template() {
    let error = Template::parse("test", "reverse_proxy {{upstreams 8000}}\n").unwrap_err();
    assert_eq!(error.to_string(), "unknown function `upstreams`");
    assert_eq!((error.start, error.end), (16, 25));
    assert_eq!(
        error.help().unwrap(),
        "if this is meant for another program, write it as a literal: \
         `{{ \"{{upstreams 8000}}\" }}`"
    );
    assert_eq!(check("{{ \"{{upstreams 8000}}\" }}"), "{{upstreams 8000}}");
    let help = |text: &str| Template::parse("test", text).unwrap_err().help().unwrap();
    assert!(help("{{ trimm .a }}").starts_with("did you mean `trim`? if this"));
    assert!(help(r#"{{x "a"}}"#).ends_with("`{{ `{{x \"a\"}}` }}`"));
    assert!(help("{{x `a`}}").ends_with("`{{ \"{{x `a`}}\" }}`"));
    // also where it would never run
    assert!(Template::parse("test", "{{if false}}{{nope}}{{end}}").is_err());
}

#[test]
fn other_errors_help_too() {
    let help = |text: &str| {
        try_render(text, &data())
            .unwrap_err()
            .kind
            .help()
            .unwrap_or_default()
    };
    assert_eq!(
        help("{{template \"buid\"}}{{define \"build\"}}x{{end}}"),
        "did you mean `build`?"
    );
    assert!(help("{{eq 1 \"1\"}}").contains("toString"));
    assert!(help("{{.a + 1}}").contains("`add`"));
}

#[test]
fn set_changes_the_map_of_a_variable() {
    let cases = [
        ("{{$d := dict}}{{$_ := set $d \"a\" 1}}{{$d.a}}", "1"),
        (
            "{{$d := dict \"a\" 1}}{{$_ := unset $d \"a\"}}{{$d}}",
            "map[]",
        ),
        (
            "{{$d := dict \"i\" (dict)}}{{$_ := set $d.i \"a\" 1}}{{$d}}",
            "map[i:map[a:1]]",
        ),
        (
            "{{$d := dict}}{{range .l}}{{$_ := set $d (toString .) 1}}{{end}}{{len $d}}",
            "4",
        ),
        (
            "{{$d := dict \"a\" 1}}{{$_ := merge $d (dict \"a\" 2 \"b\" 3)}}{{$d}}",
            "map[a:1 b:3]",
        ),
        ("{{$m := .m}}{{$_ := set $m \"b\" 9}}{{$m.b}}{{.m.b}}", "91"),
        ("{{set (dict) \"a\" 1}}", "map[a:1]"),
        (
            "{{set .m \"a\" 1}}",
            "2..14 `set` can change only a map held in a variable",
        ),
        (
            "{{set $ \"a\" 1}}",
            "2..13 `set` can change only a map held in a variable",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(check(text), expected, "{text}");
    }
}

#[test]
fn the_environment_is_that_of_the_data() {
    let environment = Map::strings([("HOME", "/h"), ("E", "")]);
    let data = Value::Map([("env", environment)].into_iter().collect());
    let cases = [
        (
            "{{ .env.HOME }}|{{ .env.E }}|{{ .env.NOPE }}",
            "/h||<no value>",
        ),
        ("{{ env \"HOME\" }}{{ env \"NOPE\" }}", "/h"),
        (
            "{{ expandenv \"a $HOME/${HOME}$ $NOPE $$\" }}",
            "a /h//h$  $$",
        ),
        ("{{ index .env \"NOPE\" | quote }}", "\"\""),
        ("{{ .env.NOPE | default \"d\" }}", "d"),
        (
            "{{ get .env \"HOME\" }}{{ hasKey .env \"NOPE\" }}",
            "/hfalse",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(try_render(text, &data).unwrap(), expected, "{text}");
    }
    assert_eq!(check("{{ env \"HOME\" }}"), "");
}

#[test]
fn the_time_comes_from_the_options() {
    let cases = [
        (
            "{{ now | date \"2006-01-02T15:04:05Z07:00\" }}",
            "2009-02-13T23:31:30Z",
        ),
        ("{{ now | unixEpoch }}", "1234567890"),
        ("{{ now | dateModify \"-25h\" | htmlDate }}", "2009-02-12"),
        ("{{ ago (now | dateModify \"-90s\") }}", "1m30s"),
        ("{{ date \"15:04\" \"no time\" }}", "23:31"),
        ("{{ dateInZone \"MST\" now \"Nowhere/Atall\" }}", "UTC"),
        ("{{ now }}", "2009-02-13 23:31:30 +0000 UTC"),
    ];
    for (text, expected) in cases {
        assert_eq!(check(text), expected, "{text}");
    }
}

#[test]
fn random_results_have_the_wanted_form() {
    let is = |text: &str, length: usize, good: fn(char) -> bool| {
        let result = check(text);
        assert!(
            result.chars().count() == length && result.chars().all(good),
            "{text}: {result}"
        );
        result
    };
    is("{{ randNumeric 12 }}", 12, |c| c.is_ascii_digit());
    is("{{ randAlpha 12 }}", 12, |c| c.is_ascii_alphabetic());
    is("{{ randAscii 12 }}", 12, |c| {
        c.is_ascii_graphic() || c == ' '
    });
    let one = is("{{ randAlphaNum 32 }}", 32, |c| c.is_ascii_alphanumeric());
    assert_ne!(one, check("{{ randAlphaNum 32 }}"));
    let uuid = is("{{ uuidv4 }}", 36, |c| c.is_ascii_hexdigit() || c == '-');
    assert_eq!(&uuid[14..15], "4");
    assert!(matches!(&uuid[19..20], "8" | "9" | "a" | "b"), "{uuid}");
    let number: i64 = check("{{ randInt 3 5 }}").parse().unwrap();
    assert!((3..5).contains(&number));
}

#[test]
fn wrong_arguments_are_reported() {
    let cases = [
        ("{{ upper .n }}", "3..11 `upper` wants a string, found nil"),
        (
            "{{ .m.zz | upper }}",
            "11..16 `upper` wants a string, found nil",
        ),
        (
            "{{ repeat \"3\" \"a\" }}",
            "3..17 `repeat` wants an integer, found a string",
        ),
        (
            "{{ repeat -1 \"a\" }}",
            "3..16 `repeat` cannot read its input: -1 is negative",
        ),
        ("{{ div 1 0 }}", "3..10 division by zero"),
        ("{{ mod 1 0 }}", "3..10 division by zero"),
        (
            "{{ add 9223372036854775807 1 }}",
            "3..28 the result of `add` is out of range",
        ),
        (
            "{{ ternary 1 2 3 }}",
            "3..16 `ternary` wants a boolean, found an integer",
        ),
        (
            "{{ first 1 }}",
            "3..10 `first` wants a list, found an integer",
        ),
        ("{{ keys .l }}", "3..10 `keys` wants a map, found a list"),
        (
            "{{ b64dec \"a\" }}",
            "3..13 `b64dec` cannot read its input: Invalid input length: 1",
        ),
        (
            "{{ regexMatch \"(\" \"\" }}",
            "3..20 `regexMatch` cannot read its input: unclosed group",
        ),
        ("{{ fail \"set A first\" }}", "3..21 set A first"),
        (
            "{{ dig \"a\" 1 2 }}",
            "3..14 `dig` wants a map as the last argument, found an integer",
        ),
        (
            "{{ chunk 0 .l }}",
            "3..13 `chunk` cannot read its input: chunks of size 0",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(check(text), expected, "{text}");
    }
}

#[test]
fn work_output_and_depth_are_limited() {
    let cases = [
        "{{ until 1000000000 }}",
        "{{ untilStep 0 9223372036854775807 1 }}",
        "{{ seq 1 1000000000 }}",
        "{{ repeat 1000000000 \"abc\" }}",
        "{{ repeat 9223372036854775807 \"abc\" }}",
        "{{ indent 1000000000 \"a\" }}",
        "{{ randAlphaNum 1000000000 }}",
        "{{ printf \"%999999d%999999d\" 1 1 | repeat 1000 }}",
        "{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}",
        "{{ define \"a\" }}{{ template \"a\" }}{{ template \"a\" }}{{ end }}{{ template \"a\" }}",
        "{{ range 1000000000 }}{{ end }}",
        "{{ range 100000 }}{{ range 100000 }}{{ end }}{{ end }}",
        "{{ $x := list 1 }}{{ range 100 }}{{ $x = list $x $x }}{{ end }}",
        "{{ $x := list 1 }}{{ range 100000 }}{{ $x = list $x }}{{ end }}",
        "{{ $x := dict }}{{ range 100000 }}{{ $_ := set $x \"a\" $x }}{{ end }}",
        "{{ $x := \"ab\" }}{{ range 100 }}{{ $x = print $x $x }}{{ end }}",
        "{{ $x := \"ab\" }}{{ range 100 }}{{ $x = replace \"a\" $x $x }}{{ end }}",
        "{{ $x := repeat 1000000 \"a\" }}{{ range 1000 }}{{ $x }}{{ end }}",
        "{{ range 1000000 }}{{ regexMatch \"a{50}\" \"a\" }}{{ end }}",
        "{{ $x := until 100000 }}{{ range $x }}{{ $y := $x }}{{ end }}",
        "{{ $x := until 100000 }}{{ range $x }}{{ uniq $x }}{{ end }}",
    ];
    for text in cases {
        let error = try_render(text, &data()).unwrap_err();
        let expected = [
            TemplateErrorKind::TooMuchWork,
            TemplateErrorKind::TooDeep,
            TemplateErrorKind::TooLong,
        ];
        assert!(expected.contains(&error.kind), "{text}: {error}");
    }
    for (open, close) in [("{{if 1}}", "{{end}}"), ("{{with 1}}", "{{end}}")] {
        assert!(Template::parse("test", &(open.repeat(10_000) + &close.repeat(10_000))).is_err());
        let deep = open.repeat(55) + "x" + &close.repeat(55);
        assert_eq!(check(&deep), "x");
    }
    let parentheses = |count: usize| format!("{{{{{}1{}}}}}", "(".repeat(count), ")".repeat(count));
    assert!(Template::parse("test", &parentheses(10_000)).is_err());
    assert_eq!(check(&parentheses(55)), "1");
    let calls = format!(
        "{{{{define \"a\"}}}}{0}{{{{template \"a\"}}}}{1}{{{{end}}}}{{{{template \"a\"}}}}",
        "{{if 1}}".repeat(50),
        "{{end}}".repeat(50)
    );
    assert_eq!(
        try_render(&calls, &data()).unwrap_err().kind,
        TemplateErrorKind::TooDeep
    );
}

#[test]
fn hostile_text_is_read_in_reasonable_time() {
    for text in [
        "{{",
        "{{/*",
        "{{\"",
        "{{`",
        "{{1}}",
        "{{- 1 -}} ",
        "{{$x := 1}}",
        "{{if 1}}",
    ] {
        drop(Template::parse("test", &text.repeat(20_000)));
    }
}

#[test]
fn the_whole_text_has_a_name() {
    let text = "{{ if . }}{{ . }}{{ template \"test\" (sub . 1) }}{{ end }}";
    assert_eq!(try_render(text, &Value::Int(3)).unwrap(), "321");
    assert_eq!(
        check("x{{ define \"test\" }}y{{ end }}"),
        "1..20 template \"test\" is defined more than once"
    );
}

#[test]
fn function_names_are_unique() {
    let mut names: Vec<&str> = function_names().collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn never_panics(text in "(\\{\\{|\\}\\}|-| |[a.$|()=:\"'`,1\\\\\n]|é){0,24}|(?s).*") {
        if let Err(error) = try_render(&text, &data()) {
            prop_assert!(text.get(error.start..error.end).is_some(), "{error:?}");
            drop(error.help());
        }
    }

    #[test]
    fn text_without_actions_is_unchanged(text in "[^{]*") {
        prop_assert_eq!(try_render(&text, &data()).unwrap(), text);
    }

    #[test]
    fn no_function_panics(
        name in prop::sample::select(function_names().collect::<Vec<_>>()),
        arguments in prop::collection::vec(prop::sample::select(vec![
            "0", "1", "-1", "3", "9223372036854775807", "-9223372036854775808", "1.5", "-0.5",
            "1e300", "\"\"", "\"a\"", "\"é ü\"", "\"-\"", "\"2006\"", "\"%5.1v%-*d%[3]x\"", "\"(\"",
            "\"a/../b\"", "true", "nil", ".l", ".m", ".e", ".f", ".m.zz", "now", "(list)",
            "(dict \"a\" (dict \"b\" 1))", "(until 3)", "$d",
        ]), 0..4)
    ) {
        let text = format!("{{{{$d := dict}}}}{{{{ {name} {} }}}}", arguments.join(" "));
        if let Err(error) = try_render(&text, &data()) {
            prop_assert!(text.get(error.start..error.end).is_some(), "{error:?}");
        }
    }
}
