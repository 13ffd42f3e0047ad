use std::time::Duration;

use proptest::prelude::*;
use yaml_tree::{Diagnostic, Source};

use super::{Directive, Known, Mount, Plugin, Server, check, check_mounts, parse, print};

/// Everything that is found, as `line:column code`.
fn found(text: &str) -> Vec<String> {
    let parsed = parse(&Source::new("Corefile", text));
    let corefile = parsed.value.expect("there is always a value");
    let checked = check(&corefile, &Known::default());
    let show = |one: &Diagnostic| {
        let place = one.location().map(|span| span.position().to_string());
        format!(
            "{} {}",
            place.unwrap_or_default(),
            one.code.trim_start_matches("corefile::")
        )
    };
    parsed
        .diagnostics
        .iter()
        .chain(&checked)
        .map(show)
        .collect()
}

fn outline(lines: &[Directive]) -> String {
    let mut out = String::new();
    for line in lines {
        out.push_str(&line.name.text);
        for argument in &line.arguments {
            out.push('|');
            out.push_str(&argument.text);
        }
        if let Some(body) = &line.body {
            out.push('[');
            out.push_str(&outline(body));
            out.push(']');
        }
        out.push(';');
    }
    out
}

fn read(text: &str) -> String {
    let parsed = parse(&Source::new("Corefile", text));
    assert_eq!(parsed.diagnostics, [], "{text}");
    let corefile = parsed.value.expect("there is always a value");
    assert_eq!(corefile.to_string(), text);
    let servers = corefile.servers().map(|block| {
        let keys: Vec<_> = block.keys.iter().map(|key| key.text.as_str()).collect();
        format!("{}: {}", keys.join(","), outline(&block.directives))
    });
    servers.collect::<Vec<_>>().join("\n")
}

#[test]
fn words_and_blocks() {
    for (text, meant) in [
        (". {\n  whoami\n}\n", ".: whoami;"),
        ("a.b\n{\n  errors\n}", "a.b: errors;"),
        ("a,\nb c {\nerrors\n}", "a,b,c: errors;"),
        (
            "home.lab\nbind 1.2.3.4\nerrors",
            "home.lab: bind|1.2.3.4;errors;",
        ),
        (
            ". {\n log . \"{remote} \\\"x\\\" \\n\" # and so on\n}",
            ".: log|.|{remote} \"x\" \\n;",
        ),
        (". { # all of it\n file a#b\n}", ".: file|a;"),
        (
            ". {\n template IN A {\n  match \"^a b$\"\n  answer \"{{ .Name }} A 1.2.3.4\"\n }\n}",
            ".: template|IN|A[match|^a b$;answer|{{ .Name }} A 1.2.3.4;];",
        ),
        (". {\n a { b {\n c\n } \n }\n d }", ".: a[b[c;];];d;"),
        (". {\r\n  errors\r\n}\r\n", ".: errors;"),
        ("\u{feff}. {\n errors\n}\n", ".: errors;"),
        (
            "(s) {\n errors\n}\nimport conf.d/*\n. {\n import s\n}\n",
            ".: import|s;",
        ),
        (
            ". {\n log \"two\nlines\"\n errors\n}",
            ".: log|two\nlines;errors;",
        ),
        ("", ""),
    ] {
        assert_eq!(read(text), meant, "{text}");
    }
}

#[test]
fn what_cannot_be_parsed_is_told_with_its_place() {
    for (text, finds) in [
        (". {\n errors\n", "1:3 unclosed"),
        (". {\n errors\n}\n}\n", "4:1 unexpected-brace"),
        ("a, {\n errors\n}", "1:2 extra-comma"),
        (". {\n log \"x\n}\n", "2:6 unclosed"),
        ("(s)\n. {\n errors\n}", "1:1 no-brace"),
        ("(s) {\n}\n(s) {\n}\n. {\n errors\n}\n", "3:1 snippet-twice"),
        ("import\n. {\n errors\n}", "1:1 bad-import"),
        (". {\n import a.b c.d\n}", "2:13 bad-import"),
        (". {\n {\n errors\n }\n}", "2:2 unexpected-brace"),
    ] {
        assert!(
            found(text).iter().any(|one| one == finds),
            "{text}: {:?}",
            found(text)
        );
    }
    let deep = format!(". {{\n{}", "a {\n".repeat(10_000));
    assert!(found(&deep).iter().any(|one| one.ends_with("too-deep")));
}

#[test]
fn traps() {
    for (text, finds) in [
        ("home.lab { bind 1.2.3.4\n}", &["1:12 one-line-brace"][..]),
        ("home.lab { # fine\n bind 1.2.3.4\n}", &[]),
        ("", &["1:1 no-server"]),
        ("# nothing\n", &["1:1 no-server"]),
        ("import conf.d/*\n", &[]),
        ("{\n errors\n}\n", &["1:1 no-address"]),
        ("ftp://a {\n errors\n}\n", &["1:1 bad-address"]),
        ("a:x {\n errors\n}\n", &["1:1 bad-address"]),
        ("10.0.0.0/33 {\n errors\n}\n", &["1:1 bad-address"]),
        (". {\n forwrd . 9.9.9.9\n}", &["2:2 unknown-directive"]),
        (
            "a {\n errors\n}\nA. {\n errors\n}",
            &["4:1 already-defined"],
        ),
        ("a {\n errors\n}\na:1053 {\n errors\n}", &[]),
        ("a {\n bind lo\n}\na {\n bind eth0\n}", &[]),
        (
            "10.1.0.0/16 {\n errors\n}\n1.10.in-addr.arpa {\n errors\n}",
            &["4:1 already-defined"],
        ),
        ("a {\n view v {\n  expr true\n }\n}\na {\n errors\n}", &[]),
        (
            "a {\n errors\n}\na {\n view v {\n  expr true\n }\n}",
            &["5:2 view-order"],
        ),
        (
            "a {\n view v {\n  expr true\n }\n view w {\n  expr true\n }\n}",
            &["5:2 several-views"],
        ),
        (". {\n view v\n}", &["2:2 missing-argument"]),
        (". {\n forward .\n}", &["2:2 missing-argument"]),
        (
            ". {\n forward . 1.1.1.1\n forward . 9.9.9.9\n}",
            &["3:10 forward-twice"],
        ),
        (". {\n forward . ftp://1.1.1.1\n}", &["2:12 bad-value"]),
        (
            ". {\n forward 10.0.0.0/12 1.1.1.1\n}",
            &["2:10 forward-network"],
        ),
        (
            ". {\n forward . 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15\n}",
            &[],
        ),
        (
            ". {\n forward . 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n}",
            &["2:48 bad-value"],
        ),
        (". {\n file\n}", &["2:2 missing-argument"]),
        (
            ". {\n file a {\n  reload 0\n }\n}",
            &["3:10 no-zone-reload"],
        ),
        (
            ". {\n file a {\n  reload 0s\n }\n}",
            &["3:10 no-zone-reload"],
        ),
        (". {\n file a {\n  reload soon\n }\n}", &["3:10 bad-value"]),
        (
            ". {\n file a {\n  reload_by_mtime\n }\n}",
            &["3:3 reload-by-mtime"],
        ),
        (". {\n file a {\n  relaod 1m\n }\n}", &["3:3 bad-value"]),
        (". {\n reload 1s\n}", &["2:9 bad-value"]),
        (". {\n reload 1m30s 15s\n}", &[]),
        ("a.b {\n file f a.b\n}", &[]),
        ("a.b {\n file f c.a.b\n}", &[]),
        ("a.b {\n file f xa.b\n}", &["2:9 zone-outside"]),
        (
            "a.b {\n auto c.d {\n  directory /z ^(.*)$ {1}\n }\n}",
            &["2:7 zone-outside"],
        ),
        (". {\n auto\n}", &["2:2 missing-argument"]),
        (
            ". {\n auto {\n  directory /z\n }\n}",
            &["3:3 unanchored-auto"],
        ),
        (
            ". {\n auto {\n  directory /z db\\.(.*) {1}\n }\n}",
            &["3:16 unanchored-auto"],
        ),
        (
            ". {\n auto {\n  directory /z ^db\\.(.*)\\.zone$ {1}\n }\n}",
            &[],
        ),
        (
            ". {\n auto {\n  directory /z ^db\\..*$ {1}\n }\n}",
            &["3:16 auto-group"],
        ),
        (
            ". {\n auto {\n  directory /z ^(?:db)[(]$ {1}\n }\n}",
            &["3:16 auto-group"],
        ),
        (
            ". {\n auto {\n  directory /z ^(.*)$\n }\n}",
            &["3:3 missing-argument"],
        ),
        ("a {\n template IN A\n file f\n}", &["2:2 hidden-zone"]),
        ("a {\n template IN A b.c\n file f\n}", &[]),
        ("a {\n template IN A {\n  fallthrough\n }\n file f\n}", &[]),
        (
            "a {\n hosts {\n  1.2.3.4 x\n }\n file f\n}",
            &["2:2 hidden-zone"],
        ),
        ("a {\n hosts h {\n  fallthrough\n }\n file f\n}", &[]),
        ("a {\n file f\n cache\n}", &["3:2 cached-zone"]),
        ("a {\n file f\n cache 10\n}", &[]),
        (". {\n cache 0\n}", &["2:8 bad-value"]),
        ("home.local {\n errors\n}", &["1:1 mdns"]),
        (". {\n import snipet\n}\n", &["2:9 unknown-snippet"]),
        ("(snippet) {\n errors\n}\n. {\n import snippet\n}\n", &[]),
        (
            "{$ZONE} {\n file {$FILE} {\n  reload {$TIME}\n }\n {$MORE}\n}",
            &[],
        ),
    ] {
        assert_eq!(found(text), finds, "{text}");
    }
}

#[test]
fn a_name_is_mended() {
    let parsed = parse(&Source::new("Corefile", ". {\n forwrd . 9.9.9.9\n}"))
        .into_result()
        .unwrap();
    let found = check(&parsed, &Known::default());
    assert_eq!(found[0].fix.as_ref().unwrap().replacement, "forward");
    let mut known = Known::default();
    known.plugins.insert("forwrd".to_owned());
    assert_eq!(check(&parsed, &known), []);
}

#[test]
fn single_files_are_told() {
    let mount = |is_file| Mount {
        source: "./Corefile".to_owned(),
        target: "/Corefile".to_owned(),
        is_file,
        span: None,
    };
    assert_eq!(check_mounts(&[mount(false)]), []);
    assert_eq!(
        check_mounts(&[mount(true)])[0].code,
        "corefile::single-file-mount"
    );
}

#[test]
fn everything_that_is_generated_can_be_read() {
    let strings = |texts: &[&str]| {
        texts
            .iter()
            .map(|text| (*text).to_owned())
            .collect::<Vec<_>>()
    };
    let mut lan = Server::new(["home.arpa", "2.168.192.in-addr.arpa"]);
    lan.plugins = vec![
        Plugin::view_of("lan", ["192.168.0.0/16", "fd00::/8"]),
        Plugin::File {
            path: "/zones/a b.zone".to_owned(),
            reload: Some(Duration::from_secs(90)),
            fallthrough: true,
        },
        Plugin::Template {
            kind: "A".to_owned(),
            zones: strings(&["apps.home.arpa"]),
            matches: Some("^x# \"y\"$".to_owned()),
            answers: strings(&["{{ .Name }} 60 IN A 10.0.0.1"]),
            fallthrough: true,
        },
        Plugin::Log(Some("error".to_owned())),
    ];
    let mut all = Server::new([".:1053"]);
    all.plugins = vec![
        Plugin::Bind(strings(&["127.0.0.1"])),
        Plugin::Allow(strings(&["10.0.0.0/8"])),
        Plugin::Auto {
            directory: "/zones".to_owned(),
            pattern: r"([a-z0-9.-]+)\.zone".to_owned(),
            origin: "{1}".to_owned(),
            reload: Some(Duration::from_secs(3600)),
        },
        Plugin::Forward {
            from: ".".to_owned(),
            to: strings(&["tls://9.9.9.9", "tls://149.112.112.112"]),
            tls_servername: Some("dns.quad9.net".to_owned()),
            except: strings(&["home.arpa"]),
        },
        Plugin::Cache(Some(5)),
        Plugin::Errors,
        Plugin::Log(None),
        Plugin::Health(Some(":8080".to_owned())),
        Plugin::Ready(None),
        Plugin::Reload(Some(Duration::from_millis(2500))),
        Plugin::Prometheus(Some(":9153".to_owned())),
        Plugin::Loop,
        Plugin::Other(strings(&["bufsize", "1232"])),
    ];
    let text = print(&[lan, all]).unwrap();
    insta::assert_snapshot!(text, @r#"
    home.arpa 2.168.192.in-addr.arpa {
        view lan {
            expr incidr(client_ip(), '192.168.0.0/16') || incidr(client_ip(), 'fd00::/8')
        }
        file "/zones/a b.zone" {
            reload 90s
            fallthrough
        }
        template IN A apps.home.arpa {
            match "^x# \"y\"$"
            answer "{{ .Name }} 60 IN A 10.0.0.1"
            fallthrough
        }
        log {
            class error
        }
    }

    .:1053 {
        bind 127.0.0.1
        acl {
            allow net 10.0.0.0/8
            block
        }
        auto {
            directory /zones ^([a-z0-9.-]+)\.zone$ {1}
            reload 1h
        }
        forward . tls://9.9.9.9 tls://149.112.112.112 {
            except home.arpa
            tls_servername dns.quad9.net
        }
        cache 5
        errors
        log
        health :8080
        ready
        reload 2500ms
        prometheus :9153
        loop
        bufsize 1232
    }
    "#);
    assert_eq!(found(&text), [] as [&str; 0]);
    read(&text);
}

#[test]
fn words_that_cannot_be_written_are_refused() {
    for text in ["{", "}", "a\nb", "a b\\", "a \\\"b"] {
        let mut server = Server::new(["."]);
        server.plugins = vec![Plugin::Other(vec!["log".to_owned(), text.to_owned()])];
        assert!(print(&[server]).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_kept_and_harmless(text in "[ -~\\n{}\"#,\\\\]{0,80}") {
        let parsed = parse(&Source::new("Corefile", text.as_str()));
        let corefile = parsed.value.unwrap();
        check(&corefile, &Known::default());
        prop_assert_eq!(corefile.to_string(), text);
    }

    #[test]
    fn any_unicode_is_harmless(text in ".{0,60}") {
        let corefile = parse(&Source::new("Corefile", text.as_str())).value.unwrap();
        check(&corefile, &Known::default());
    }

    #[test]
    fn printed_words_are_read_as_they_were(words in prop::collection::vec("[ -~é]{0,12}", 1..6)) {
        let mut server = Server::new(["."]);
        let line: Vec<String> = std::iter::once("log".to_owned()).chain(words).collect();
        server.plugins = vec![Plugin::Other(line.clone())];
        if let Ok(text) = print(&[server]) {
            let corefile = parse(&Source::new("Corefile", text.as_str())).into_result().unwrap();
            let block = corefile.servers().next().unwrap();
            let read = &block.directives[0];
            let read: Vec<String> = std::iter::once(&read.name).chain(&read.arguments).map(|word| word.text.clone()).collect();
            prop_assert_eq!(read, line);
        }
    }
}
