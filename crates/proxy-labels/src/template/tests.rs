use std::collections::BTreeMap;
use std::rc::Rc;

use proptest::prelude::*;

use super::{Data, Own, Param, Template, TemplateError};

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
    let networks = BTreeMap::from([("ingress".to_owned(), network)]);
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
    let upstreams = |arguments: &[Data]| {
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
    let own = |name, rest, run| Own {
        name,
        params: &[],
        rest,
        run,
    };
    let own = [
        own("upstreams", Some(Param::Any), &upstreams),
        own("http", None, &|_| Ok(Data::from("http"))),
        own("https", None, &|_| Ok(Data::from("https"))),
        own("h2c", None, &|_| Ok(Data::from("h2c"))),
    ];
    let template = Template::parse(template)?;
    template.check(&own)?;
    template.render(&container(), &own)
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
        assert!(error.unknowable, "{template}: {error}");
    }
    // Not called, so it does not matter; called in a wrong way, Go fails as well.
    assert_eq!(render("{{ if false }}{{ now }}{{ end }}a").unwrap(), "a");
    assert!(!render("{{ env }}").unwrap_err().unknowable);
}

#[test]
fn since_go_1_23() {
    let chained = "{{ with .Labels.no }}x{{ else with .Labels.host }}{{ . }}{{ end }}";
    assert_eq!(render(chained).unwrap(), "hh");
    assert_eq!(render("{{ range 3 }}{{ . }}{{ end }}").unwrap(), "012");
}

#[test]
fn mistakes_say_what_and_where() {
    for (template, at, expected) in [
        (
            "{{ .Nope }}",
            3,
            "can't evaluate field Nope in type *container.Summary",
        ),
        ("{{ nope }}", 0, "function \"nope\" not defined"),
        ("{{ .Name", 0, "unclosed action"),
        ("{{ if .State }}", 5, "unexpected end of the template"),
        ("{{ end }}", 3, "unexpected {{end}}"),
        ("{{ }}", 3, "missing value for command"),
        ("a {{ $x }}", 5, "undefined variable \"$x\""),
        ("{{ \"a }}", 3, "unterminated quoted string"),
        ("{{ (.State }}", 11, "unclosed left paren"),
        (
            "{{ repeat (add 1 2) `a` }}",
            3,
            "wrong type for value; expected int; got int64",
        ),
        (
            "{{ lower }}",
            3,
            "wrong number of args for lower: want 1 got 0",
        ),
    ] {
        let error = render(template).unwrap_err();
        assert_eq!((error.at, &*error.message), (at, expected), "{template}");
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
