//! Caddyfiles from labels.

use proxy_labels::caddy::{self, Settings, Unrepresentable, quote};
use proxy_labels::{Container, Network, State};

use crate::container;

fn caddyfile(containers: &[Container]) -> String {
    caddy::generate(containers, &Settings::with_networks(["proxy"])).caddyfile
}

fn one(labels: &[(&str, &str)]) -> String {
    caddyfile(&[container("web", labels)])
}

#[test]
fn sites_options_and_snippets() {
    assert_eq!(
        one(&[
            ("caddy_1", "a.x"),
            ("caddy_1.import", "s"),
            ("caddy_2", "(s)"),
            ("caddy_2.tls", "internal"),
            ("caddy_3.email", "a@b.c")
        ]),
        "{\n\temail a@b.c\n}\n(s) {\n\ttls internal\n}\na.x {\n\timport s\n}\n"
    );
    assert_eq!(
        one(&[("caddy", "a.x, b.x"), ("caddy.respond", "ok")]),
        "a.x, b.x {\n\trespond ok\n}\n"
    );
    assert_eq!(one(&[("other", "x")]), "# Empty caddyfile");
    assert_eq!(one(&[("caddy", "a.x")]), "a.x\n");
}

#[test]
fn order_numbers_and_isolation() {
    assert_eq!(
        one(&[
            ("caddy", "a.x"),
            ("caddy.1_bbb", "v"),
            ("caddy.2_aaa", "v"),
            ("caddy.3_same.x", "1"),
            ("caddy.3_same.y", "2"),
            ("caddy.4_same.x", "3"),
            ("caddy.zzz", "last"),
            ("caddy.@m", "path /x"),
        ]),
        "a.x {\n\t@m path /x\n\tbbb v\n\taaa v\n\tsame {\n\t\tx 1\n\t\ty 2\n\t}\n\tsame {\n\t\tx 3\n\t}\n\tzzz last\n}\n"
    );
}

#[test]
fn wildcard_site_with_hosts() {
    assert_eq!(
        one(&[
            ("caddy_0", "*.x"),
            ("caddy_0.1_@foo", "host foo.x"),
            ("caddy_0.1_handle", "@foo"),
            ("caddy_0.1_handle.reverse_proxy", "{{upstreams 80}}"),
        ]),
        "*.x {\n\t@foo host foo.x\n\thandle @foo {\n\t\treverse_proxy 172.20.0.2:80\n\t}\n}\n"
    );
}

#[test]
fn containers_merge() {
    let labels = [
        ("caddy", "a.x"),
        ("caddy.handle", "/api/*"),
        ("caddy.handle.reverse_proxy", "{{upstreams h2c 80}}"),
    ];
    let first = container("a", &labels);
    let mut second = container("b", &labels);
    second
        .networks
        .insert("proxy".to_owned(), Network::with_ip("172.20.0.3"));
    assert_eq!(
        caddyfile(&[first, second]),
        "a.x {\n\thandle /api/* {\n\t\treverse_proxy h2c://172.20.0.2:80 h2c://172.20.0.3:80\n\t}\n}\n"
    );
    let different = [
        ("caddy", "a.x"),
        ("caddy.reverse_proxy", "/b/* {{upstreams}}"),
    ];
    let same = [
        ("caddy", "a.x"),
        ("caddy.reverse_proxy", "/a/* {{upstreams}}"),
    ];
    assert_eq!(
        caddyfile(&[container("a", &same), container("b", &different)]),
        "a.x {\n\treverse_proxy /a/* 172.20.0.2\n\treverse_proxy /b/* 172.20.0.2\n}\n"
    );
}

#[test]
fn networks_choose_the_addresses() {
    let mut web = container(
        "web",
        &[
            ("caddy", "a.x"),
            ("caddy.reverse_proxy", "{{upstreams 80}}"),
        ],
    );
    web.networks
        .insert("other".to_owned(), Network::with_ip("10.0.0.9"));
    assert_eq!(
        caddyfile(std::slice::from_ref(&web)),
        "a.x {\n\treverse_proxy 172.20.0.2:80\n}\n"
    );
    web.labels
        .insert("caddy_ingress_network".to_owned(), "other".to_owned());
    assert_eq!(
        caddyfile(std::slice::from_ref(&web)),
        "a.x {\n\treverse_proxy 10.0.0.9:80\n}\n"
    );
    web.labels
        .insert("caddy_ingress_network".to_owned(), "nosuch".to_owned());
    let outcome = caddy::generate(&[web], &Settings::default());
    assert_eq!(outcome.caddyfile, "a.x {\n\treverse_proxy\n}\n");
    assert_eq!(outcome.findings[0].code, "labels::CDY004");
}

/// Nothing to proxy to is nothing, not a port without a host.
#[test]
fn a_container_without_an_address_is_no_upstream() {
    let labels = [
        ("caddy", "a.x"),
        ("caddy.reverse_proxy", "{{upstreams http 80}}"),
    ];
    let without = "a.x {\n\treverse_proxy\n}\n";
    let mut starting = container("web", &labels);
    starting
        .networks
        .insert("proxy".to_owned(), Network::default());
    assert_eq!(caddyfile(&[starting]), without);
    let mut stopped = container("web", &labels);
    stopped.state = State::Stopped;
    let outcome = caddy::generate(&[stopped], &Settings::with_networks(["proxy"]));
    assert_eq!(outcome.caddyfile, without);
    assert!(outcome.findings[0].message.contains("does not run"));
}

#[test]
fn a_second_container_adds_to_the_proxy_of_the_same_matcher() {
    let site = |name: &str, proxy: &str, below: &str| {
        let labels = [
            ("caddy", "a.x"),
            ("caddy.php_fastcgi", proxy),
            ("caddy.php_fastcgi.root", below),
        ];
        container(name, &labels)
    };
    assert_eq!(
        caddyfile(&[
            site("one", "@php one:9000", "/srv"),
            site("two", "@php two:9000", "/srv"),
            site("three", "three:9000", "/app"),
            site("four", "* four:9000", "/data"),
        ]),
        "a.x {\n\tphp_fastcgi @php one:9000 two:9000 {\n\t\troot /srv\n\t}\n\
         \tphp_fastcgi three:9000 four:9000 {\n\t\troot /app\n\t\troot /data\n\t}\n}\n"
    );
}

#[test]
fn dots_behind_a_backslash_stay_in_the_word() {
    assert_eq!(
        one(&[
            ("caddy", "(pool)"),
            (r"caddy.dynamic_dns.domains.home\.example", "@ www"),
            (r"caddy.2_{blocks\.upstreams}.max\.size_1", "1"),
        ]),
        "(pool) {\n\t{blocks.upstreams} {\n\t\tmax.size 1\n\t}\n\
         \tdynamic_dns {\n\t\tdomains {\n\t\t\thome.example @ www\n\t\t}\n\t}\n}\n"
    );
}

/// A line end in a value is a blank; heredocs are words like any other.
#[test]
fn values_are_no_caddyfiles() {
    assert_eq!(
        one(&[
            ("caddy.1_lines", "a\nb # c\nd"),
            ("caddy.2_heredoc", "<<END\n  text\nEND"),
            ("caddy.3_escape", r"\ a\ b \#c"),
            ("caddy.4_tick", r#""a`b" `c"`"#),
            ("caddy.5_none", r#""" X"#),
        ]),
        "{\n\tlines a b d\n\theredoc <<END text END\n\tescape \\a b\n\
         \ttick a`b `c\"`\n\tnone  X\n}\n"
    );
}

#[test]
fn words_are_quoted_as_the_generator_does() {
    assert_eq!(
        one(&[
            ("caddy", "a.x"),
            ("caddy.1_spaces", "\"a b\" c"),
            ("caddy.2_json", "`{\"some\":\"json\"}`"),
            ("caddy.3_escaped", r#""a\"b""#),
            ("caddy.4_open", "\"a"),
            ("caddy.5_comment", "a # b"),
            ("caddy.6_lines", "`a\nb`"),
        ]),
        "a.x {\n\tspaces \"a b\" c\n\tjson `{\"some\":\"json\"}`\n\tescaped `a\"b`\n\topen a\n\tcomment a\n\tlines `a\nb`\n}\n"
    );
}

#[test]
fn templates_see_the_container() {
    assert_eq!(
        one(&[
            ("caddy", "{{index .Names 0 | trimPrefix \"/\"}}.x"),
            ("caddy.respond", "{{index .Labels \"caddy.respond\" | len}}")
        ]),
        "web.x {\n\trespond 39\n}\n"
    );
    let mut broken = container(
        "broken",
        &[("caddy", "b.x"), ("caddy.respond", "{{nosuch}}")],
    );
    broken
        .labels
        .insert("caddy.header".to_owned(), "X-A b".to_owned());
    let outcome = caddy::generate(
        &[broken, container("web", &[("caddy", "a.x")])],
        &Settings::default(),
    );
    assert_eq!(outcome.caddyfile, "a.x\n");
    assert_eq!(outcome.findings[0].code, "labels::CDY003");
    assert_eq!(outcome.findings[0].container.as_deref(), Some("broken"));
}

#[test]
fn a_prefix_of_ones_own() {
    let mut settings = Settings::default();
    "caddy_prod".clone_into(&mut settings.label_prefix);
    let labels = [
        ("caddy_prod", "a.x"),
        ("caddy_prod_1", "b.x"),
        ("caddy_test", "c.x"),
        ("caddy", "d.x"),
    ];
    assert_eq!(
        caddy::generate(&[container("web", &labels)], &settings).caddyfile,
        "a.x\nb.x\n"
    );
}

#[test]
fn words_that_cannot_be_said_are_errors() {
    for (word, why) in [
        ("", Unrepresentable::Empty),
        ("#a", Unrepresentable::Comment),
        ("{", Unrepresentable::Brace),
        ("a\tb", Unrepresentable::Blank),
        ("a\"b`c", Unrepresentable::BothQuotes),
        ("{{x}}", Unrepresentable::Template),
        ("a b\\", Unrepresentable::Edge),
    ] {
        assert_eq!(quote(word), Err(why), "{word:?}");
    }
}
