use std::rc::Rc;

use proptest::prelude::*;

use super::*;

/// The container that all templates here are about.
fn container() -> Data {
    let labels = [
        ("caddy", "a.example"),
        ("com.docker.compose.service", "sv"),
        ("host", "hh"),
        ("list", "a, b,c"),
        ("n", "3"),
        ("port", "8080"),
    ];
    let network = Data::record(
        "*network.EndpointSettings",
        vec![("IPAddress", Data::from("172.20.0.2"))],
    );
    let networks = Records {
        name: "map[string]*network.EndpointSettings",
        element: "*network.EndpointSettings",
        entries: BTreeMap::from([("ingress".to_owned(), network)]),
    };
    Data::record(
        "*container.Summary",
        vec![
            ("Names", Data::texts(["/web-1"])),
            ("State", Data::from("running")),
            ("Created", Data::Long(0)),
            (
                "Labels",
                Data::text_map(labels.map(|(key, value)| (key.to_owned(), value.to_owned()))),
            ),
            (
                "HostConfig",
                Data::record("struct", vec![("NetworkMode", Data::from("bridge"))]),
            ),
            (
                "NetworkSettings",
                Data::record(
                    "*container.NetworkSettingsSummary",
                    vec![("Networks", Data::Map(Rc::new(networks)))],
                ),
            ),
        ],
    )
}

fn render(template: &str) -> Result<String, TemplateError> {
    render_with(template, Sprig::V3_2)
}

fn render_with(template: &str, sprig: Sprig) -> Result<String, TemplateError> {
    let upstreams = |_: &mut Meter, arguments: &[Data]| {
        let addresses = ["172.20.0.2", "172.20.0.3"].map(|address| {
            let mut target = address.to_owned();
            for argument in arguments {
                match argument {
                    Data::Text(scheme) => target = format!("{scheme}://{target}"),
                    Data::Int(port) => target = format!("{target}:{port}"),
                    _ => {}
                }
            }
            target
        });
        Ok(Data::Text(addresses.join(" ")))
    };
    let mut options = Options::new(sprig);
    options.own = vec![
        Own::new("upstreams", &[], upstreams).and_more(Param::Any),
        Own::new("http", &[], |_, _| Ok(Data::from("http"))),
        Own::new("https", &[], |_, _| Ok(Data::from("https"))),
        Own::new("h2c", &[], |_, _| Ok(Data::from("h2c"))),
    ];
    Template::parse("test", template, &options)?.render(&container(), &options)
}

/// Each template with what Go's `text/template` and sprig made of it; nothing where they failed.
#[test]
fn as_go_renders_them() {
    let vectors: Vec<(String, Option<String>)> =
        serde_json::from_str(include_str!("vectors.json")).unwrap();
    assert!(vectors.len() > 250, "{}", vectors.len());
    let mut wrong = Vec::new();
    for (template, expected) in vectors {
        let ours = render(&template);
        if ours.as_ref().ok() != expected.as_ref() {
            wrong.push(format!("{template}\n  Go   {expected:?}\n  ours {ours:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What Caddy 2.11 makes of them, where it is not what Traefik makes of them.
#[test]
fn newer_releases_differ() {
    for (template, older, newer) in [
        (
            "{{ camelcase `some_words AB` }}",
            Some("someWordsAb"),
            "SomeWordsAb",
        ),
        (
            "{{ camelcase `HTTPServer` }}",
            Some("httpserver"),
            "Httpserver",
        ),
        ("{{ camelcase `a_B` }}", Some("ab"), "AB"),
        ("{{ camelcase `_` }}", Some("__"), "_"),
        ("{{ camelcase `X` }}", Some("x"), "X"),
        ("{{ int `-1.5` }} {{ int64 `0010.9` }}", Some("0 0"), "-1 8"),
        ("{{ add `1.5` `2.5` `.5` `1.2.3` `1.5e3` }}", Some("0"), "3"),
        ("{{ max `1.5` 1 }} {{ mod 7 `2.5` }}", None, "1 1"),
        ("{{ len (sha512sum `a`) }}", None, "128"),
        (
            "{{ int 1e30 }}",
            Some("-9223372036854775808"),
            "-9223372036854775808",
        ),
        ("{{ merge nil (dict `a` 1) }}", Some("map[a:1]"), "map[a:1]"),
    ] {
        assert_eq!(render(template).ok().as_deref(), older, "{template}");
        assert_eq!(
            render_with(template, Sprig::V3_3).unwrap(),
            newer,
            "{template}"
        );
    }
}

#[test]
fn what_changes_each_time_is_said_to() {
    for template in [
        "{{ now }}",
        "{{ env `HOME` }}",
        "{{ uuidv4 }}",
        "{{ randAlpha 3 }}",
        "{{ htpasswd `a` `b` }}",
        "{{ genPrivateKey `rsa` }}",
        "{{ getHostByName `a` }}",
        "{{ date `2006` 0 }}",
    ] {
        let error = render(template).unwrap_err();
        let unforetold = matches!(error.kind, TemplateErrorKind::Unforetold { .. });
        assert!(unforetold, "{template}: {error}");
    }
    // Not called, so it does not matter; called in a wrong way, Go fails as well.
    assert_eq!(render("{{ if false }}{{ now }}{{ end }}a").unwrap(), "a");
    let error = render("{{ env }}").unwrap_err();
    assert!(matches!(error.kind, TemplateErrorKind::Arguments { .. }));
}

#[test]
fn since_go_1_23() {
    let chained = "{{ with .Labels.no }}x{{ else with .Labels.host }}{{ . }}{{ end }}";
    assert_eq!(render(chained).unwrap(), "hh");
    assert_eq!(render("{{ range 3 }}{{ . }}{{ end }}").unwrap(), "012");
}

#[test]
fn mistakes_say_what_and_where() {
    for (template, expected) in [
        (
            "{{ .Nope }}",
            "3..8 cannot take field `Nope` from a *container.Summary",
        ),
        ("{{ nope }}", "3..7 unknown function `nope`"),
        ("{{ .Name", "0..8 unclosed action"),
        ("{{ if .State }}", "0..15 no `{{end}}` for this `if`"),
        ("{{ end }}", "0..9 `{{end}}` cannot stand here"),
        (
            "{{ }}",
            "0..5 expected a value, found the end of the action",
        ),
        ("a {{ $x }}", "5..7 undefined variable `$x`"),
        ("{{ \"a }}", "3..8 no closing \" for the string"),
        (
            "{{ (.State }}",
            "0..13 expected `)`, found the end of the action",
        ),
        (
            "{{ repeat (add 1 2) `a` }}",
            "3..23 `repeat` wants an integer, found an int64",
        ),
        ("{{ lower }}", "3..8 `lower` takes 1 argument, not 0"),
    ] {
        let error = render(template).unwrap_err();
        let found = format!("{}..{} {error}", error.start, error.end);
        assert_eq!(found, expected, "{template}");
    }
}

#[test]
fn wide_numbers_are_written_whole() {
    for (template, length) in [
        ("{{ printf `%100000d` 1 }}", 100_000),
        ("{{ printf `%0100000d` 1 }}", 100_000),
        ("{{ printf `%.100000d` 1 }}", 100_000),
        ("{{ printf `%-100000s` `é` }}", 100_001),
        ("{{ printf `%.100000f` 0.1 }}", 100_002),
        ("{{ printf `%0100000.2f` 0.1 }}", 100_000),
        ("{{ printf `%.100000e` 0.1 }}", 100_006),
        ("{{ printf `%.100000g` 0.5 }}", 3),
    ] {
        assert_eq!(render(template).unwrap().len(), length, "{template}");
    }
}

#[test]
fn templates_without_an_end_end() {
    let deep = format!(
        "{}1{}",
        "{{ if true }}".repeat(1_000),
        "{{ end }}".repeat(1_000)
    );
    for template in [
        "{{ define `a` }}{{ template `a` }}{{ end }}{{ template `a` }}",
        "{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}",
        "{{ $d := dict }}{{ $_ := set $d `a` $d }}{{ $d }}",
        "{{ repeat 1000000000 `a` }}",
        "{{ $a := dict }}{{ $t := dict `n` $a }}{{ range 20000 }}{{ $n := dict }}\
         {{ $_ := set $t.n `x` $n }}{{ $_ := set $t `n` $n }}{{ end }}{{ $a }}",
        "{{ range until 100000 }}{{ $x := uniq (until 100000) }}{{ end }}",
        "{{ untilStep 0 9223372036854775807 1 }}",
        &deep,
        &format!("{{{{ {}1{} }}}}", "(".repeat(1_000), ")".repeat(1_000)),
    ] {
        assert!(render(template).is_err(), "{template}");
    }
}

proptest! {
    /// Whatever a label says, there is a text or an error.
    #[test]
    fn no_template_makes_it_panic(parts in prop::collection::vec(part(), 0..14)) {
        let template = format!("{{{{ {} }}}}", parts.join(" "));
        drop(render(&template));
        drop(render(&parts.concat()));
    }
}

fn part() -> impl Strategy<Value = String> {
    let words = [
        "{{",
        "}}",
        "{{-",
        "-}}",
        "|",
        "(",
        ")",
        "$x",
        "$x :=",
        ".",
        ".Names",
        ".Labels.port",
        "if",
        "else",
        "end",
        "range",
        "with",
        "define `a`",
        "template `a`",
        "break",
        "0",
        "-1",
        "1e9",
        "9223372036854775807",
        "-9223372036854775808",
        "``",
        "`é/b,c`",
        "`%[9]*.*d%`",
        "'x'",
        "nil",
        "true",
        "list",
        "dict",
        "set",
        "index",
        "slice",
        "printf",
        "print",
        "len",
        "trunc",
        "substr",
        "abbrev",
        "abbrevboth",
        "wrap",
        "wrapWith",
        "until",
        "untilStep",
        "seq",
        "round",
        "div",
        "mod",
        "mul",
        "divf",
        "mulf",
        "repeat",
        "indent",
        "chunk",
        "splitn",
        "splitList",
        "join",
        "regexSplit",
        "regexFindAll",
        "b32dec",
        "b64dec",
        "urlParse",
        "urlJoin",
        "toJson",
        "fromJson",
        "dig",
        "merge",
        "camelcase",
        "snakecase",
        "durationRound",
        "duration",
        "toDecimal",
        "first",
        "rest",
        "upstreams",
        "default",
        "eq",
        "lt",
        "and",
        "or",
        "int",
        "clean",
    ];
    prop_oneof![
        12 => prop::sample::select(words.to_vec()).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ]
}
