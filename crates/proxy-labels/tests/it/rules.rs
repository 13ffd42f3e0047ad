//! The rule language.

use proxy_labels::rule::{self, Answer, Request};
use proxy_labels::traefik::Protocol;

/// What is wrong with a rule, with its place.
fn wrong(text: &str) -> String {
    match rule::parse(text) {
        Err(error) => format!("{:?} {error}", error.span),
        Ok(parsed) => {
            let found = rule::check(&parsed, Protocol::Http);
            let found: Vec<String> = found
                .iter()
                .map(|one| format!("{:?} {}", one.span, one.message))
                .collect();
            found.join("; ")
        }
    }
}

#[test]
fn rules_that_traefik_takes() {
    for text in [
        "Host(`a.example`)",
        "host(\"a.example\")",
        "HOST(`a`) || Hostregexp(`^a`)",
        "!(Host(`a`) && !Path(`/x`)) // why not",
        "Host(`a`) &&\n  PathPrefix(`/x`)\n",
        "(\n Host(`a`) ||\n Host(`b`))",
        "Query(`a`, `b`) && Query(`c`) && Header(`X-A`, `b`)",
        "ClientIP(`10.0.0.0/8`) || ClientIP(`::1`)",
        "Host(`a`,)",
        "Path(\"/\\x61\\u00e4\")",
    ] {
        assert_eq!(wrong(text), "", "{text}");
    }
}

#[test]
fn rules_that_traefik_refuses_and_where() {
    for (text, expected) in [
        ("", "0..0 the rule is empty"),
        (
            "Host('a')",
            "5..8 texts stand in backticks or double quotes, not in single quotes",
        ),
        ("Host(a)", "5..6 arguments are texts in backticks, not `a`"),
        (
            "Host",
            "0..4 `Host` is not defined; texts stand in backticks, matchers have parentheses",
        ),
        ("Host(`a", "5..7 a text begins with ` and does not end"),
        ("Host(`a`) & Path(`/`)", "10..11 write `&&`"),
        (
            "Host(`a`) and Path(`/`)",
            "10..13 write `&&` instead of `and`",
        ),
        (
            "Host(`a`)\n&& Path(`/`)",
            "10..12 a line cannot begin with an operator; end the line before with it",
        ),
        ("Host(`a`", "8..8 expected `,` or `)`, found the end"),
        (
            "Host(`a`))",
            "9..10 expected an operator or the end, found `)`",
        ),
        ("Host(`a`, `b`)", "0..13 `Host` takes one argument, not 2"),
        ("Host()", "0..4 `Host` takes one argument, not 0"),
        (
            "Headers(`a`, `b`)",
            "0..7 HTTP rules have no matcher `Headers`",
        ),
        ("hOst(`a`)", "0..4 HTTP rules have no matcher `hOst`"),
        (
            "PathPrefix(`x`)",
            "11..14 the path `x` does not begin with `/`",
        ),
        ("Host(`ä`)", "5..9 `ä` is not ASCII"),
        (
            "ClientIP(`10.0.0.0/40`)",
            "9..22 `10.0.0.0/40` is no IP address or range",
        ),
        (
            "PathRegexp(`(`)",
            "11..14 `(` is no regular expression: unclosed group",
        ),
    ] {
        assert_eq!(wrong(text), expected, "{text}");
    }
}

#[test]
fn long_and_deep_rules_end_in_an_error_or_a_rule() {
    let long = vec!["Host(`a.example`)"; 2_000].join(" || ");
    assert!(long.len() > 10_000);
    assert_eq!(rule::parse(&long).unwrap().hosts().len(), 2_000);
    let deep = format!("{}Host(`a`){}", "(".repeat(100_000), ")".repeat(100_000));
    assert_eq!(
        rule::parse(&deep).unwrap_err().to_string(),
        "the rule is nested deeper than 200 levels"
    );
    assert!(rule::parse(&"!".repeat(100_000)).is_err());
}

#[test]
fn answers() {
    for (text, host, expected) in [
        ("Host(`A.example`)", "a.example", Answer::Yes),
        ("Host(`a.example`)", "a.example.", Answer::Yes),
        ("Host(`*.example`)", "a.example", Answer::Yes),
        ("Host(`*.example`)", "a.b.example", Answer::No),
        (
            "Host(`a.example`) && PathPrefix(`/x`)",
            "a.example",
            Answer::Depends,
        ),
        (
            "Host(`a.example`) && PathPrefix(`/x`)",
            "b.example",
            Answer::No,
        ),
        ("!Host(`a.example`)", "b.example", Answer::Yes),
        ("HostRegexp(`^(a|b)\\.example$`)", "b.example", Answer::Yes),
        ("Host(`a`) || Method(`GET`)", "a", Answer::Yes),
    ] {
        assert_eq!(
            rule::parse(text).unwrap().answers(&Request::to_host(host)),
            expected,
            "{text}"
        );
    }
}
