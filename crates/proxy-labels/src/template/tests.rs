use std::collections::BTreeMap;

use super::{Data, Template};

fn render(template: &str) -> String {
    let labels = BTreeMap::from([
        ("host".to_owned(), Data::from("hh")),
        ("com.docker.compose.service".to_owned(), Data::from("sv")),
    ]);
    let data = Data::Record(BTreeMap::from([
        ("Name".to_owned(), Data::from("a-b")),
        ("ContainerName".to_owned(), Data::from("a_b")),
        ("Labels".to_owned(), Data::Map(labels)),
    ]));
    let template = match Template::parse(template) {
        Ok(template) => template,
        Err(error) => return format!("error: {error}"),
    };
    match template.render(&data, &mut |_, _| None) {
        Ok(text) => text,
        Err(error) => format!("error: {error}"),
    }
}

/// Every line was rendered by Traefik 3.7.15 as well.
#[test]
fn as_the_real_program_renders_them() {
    for (template, expected) in [
        ("{{ .Name }}.x.org", "a-b.x.org"),
        ("{{ trimPrefix `/` .ContainerName }}", "a_b"),
        ("{{ index .Labels \"com.docker.compose.service\" }}", "sv"),
        ("{{ index .Labels \"none\" }}", ""),
        ("{{ .Name | upper | printf \"%s.%s\" \"q\" }}", "q.A-B"),
        (
            "{{ if eq .Name \"a-b\" }}one{{ else if .Labels }}{{ len .Labels }}{{ else }}{{ end }}",
            "one",
        ),
        ("{{ coalesce (index .Labels \"none\") .Name }}", "a-b"),
        ("{{ .Name | replace \"-\" \"/\" }}", "a/b"),
        ("{{ (split \"_\" .ContainerName)._0 }}", "a"),
        (
            "{{ range $k, $v := .Labels }}{{$k}}={{$v}};{{ end }}",
            "com.docker.compose.service=sv;host=hh;",
        ),
        ("{{ .Name | trunc 2 | title | quote }}", "\"A-\""),
        (
            "{{- with index .Labels \"host\" -}} Host(`{{.}}`) {{- end -}}",
            "Host(`hh`)",
        ),
        ("{{ default \"d\" (index .Labels \"none\") }}", "d"),
        ("{{ regexReplaceAll \"[^a-z]\" .ContainerName \"\" }}", "ab"),
        ("{{ .Labels.none }}", "<no value>"),
    ] {
        assert_eq!(render(template), expected, "{template}");
    }
}

#[test]
fn mistakes_are_errors() {
    for (template, expected) in [
        ("{{ .Nope }}", "error: can't evaluate field Nope"),
        ("{{ nope }}", "error: function \"nope\" not defined"),
        ("{{ .Name", "error: unclosed action"),
        ("{{ if .Name }}", "error: unexpected end of the template"),
        ("{{ end }}", "error: unexpected {{end}}"),
        ("{{ }}", "error: missing value for command"),
        ("{{ $x }}", "error: undefined variable \"$x\""),
        ("{{ \"a }}", "error: unclosed action"),
        ("{{ (.Name }}", "error: unclosed left paren"),
    ] {
        assert_eq!(render(template), expected, "{template}");
    }
}
