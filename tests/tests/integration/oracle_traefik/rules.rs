//! Which rules the real program refuses, and that the same ones are reported here.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{container, labels, program, run};

const HTTP: &[&str] = &[
    "Host(`a`)",
    "host(`a`)",
    "HOST(`a`)",
    "hOst(`a`)",
    "Hostregexp(`^a`)",
    "hostregexp(`^a`)",
    "HostRegexp(`(`)",
    "Host(`a`,`b`)",
    "Host()",
    "Host(``)",
    r#"Host("a")"#,
    "Host('a')",
    "Host(a)",
    "Host",
    "Host(`a`) && Path(`/x`)",
    "Host(`a`) & Path(`/x`)",
    "Host(`a`) and Path(`/x`)",
    "Host(`a`) || !Path(`/x`)",
    "!(Host(`a`))",
    "(Host(`a`)",
    "Host(`a`))",
    "Host(`a`)\n&& Path(`/x`)",
    "Host(`a`) &&\n Path(`/x`)",
    "Host(`a`) // c",
    "Host(`a`) /* c */",
    "Path(`x`)",
    "PathPrefix(`x`)",
    "PathRegexp(`x`)",
    "PathRegexp(`[`)",
    "Method(`get`)",
    "Method()",
    "Header(`a`)",
    "Header(`a`,`b`)",
    "Header(``,`b`)",
    "HeaderRegexp(`a`,`(`)",
    "Headers(`a`,`b`)",
    "Query(`a`)",
    "Query(`a`,`b`)",
    "Query(`a`,`b`,`c`)",
    "QueryRegexp(`a`,`(`)",
    "QueryRegexp(`a`)",
    "ClientIP(`10.0.0.0/8`)",
    "ClientIP(`x`)",
    "ClientIP(`10.0.0.0/40`)",
    "ClientIP(`::1`)",
    "ClientIP(`10.0.0.1`,`10.0.0.2`)",
    "Host(`ä`)",
    "Host(`a b`)",
    "Host(`https://a`)",
    "Host(`{x:[a]+}.b`)",
    "Host(`*.a.b`)",
    "Host(`*`)",
    "HostSNI(`a`)",
    "Foo(`a`)",
    "Host(`a`) +",
    "1",
    "`a`",
    "true",
    "Host(`a`) == Host(`b`)",
    "Host(1)",
    "Host(`a`+`b`)",
    "Host(`a`,)",
    "Host(`a`);",
    "Host(`a`) Host(`b`)",
    " ",
    "\n",
    "()",
    "!",
    "Host(!`a`)",
    "Host(Host(`a`))",
    "HostHeader(`a`)",
    r"Host(`\x`)",
    r#"Host("\x61")"#,
    r#"Host("\q")"#,
    r#"Path("/\u00e4")"#,
    "PathPrefix(`/ä`)",
    "Host(`a.`)",
    "Query(`a=b`)",
    "Query(``)",
    "Path(``)",
    "Host(`a`) && (Host(`b`) || (Path(`/x`) && !Method(`POST`)))",
    "clientip(`10.0.0.1`)",
    "Clientip(`10.0.0.1`)",
    "CLIENTIP(`10.0.0.1`)",
    "ClientIp(`10.0.0.1`)",
    "Pathprefix(`/x`)",
    "pathPrefix(`/x`)",
    "Host(`a`)\n",
    "\nHost(`a`)",
    "Host(\n`a`)",
    "Host(`a`\n)",
    "a.Host(`a`)",
    "Host(`a`)[0]",
    "Host (`a`)",
    "Host(`a`)||Host(`b`)",
    "Host(`a`)\t&&\tHost(`b`)",
    "HeaderRegexp(`a`,`b`,`c`)",
    "ALPN(`h2`)",
];

const TCP: &[&str] = &[
    "HostSNI(`*`)",
    "HostSNI(`a`)",
    "HostSNIRegexp(`^a`)",
    "HostSNI(`a b`)",
    "HostSNI(`*.a`)",
    "ClientIP(`10.0.0.1`)",
    "ALPN(`h2`)",
    "ALPN(`acme-tls/1`)",
    "Host(`a`)",
    "HostSNI(`a_b`)",
    "HostSNI(``)",
    "HostSNI(`a`,`b`)",
    "HostSNI(`ä`)",
    "!HostSNI(`*`)",
    "HostSNI(`a:1`)",
    "HostSNI(`a*b`)",
    "hostsni(`*`)",
    "HostSNIRegexp(`(`)",
    "HostSNI(`A.b`)",
    "HostSNI(`a.`)",
    "HostSNI(`.a`)",
    "HostSNI(`a..b`)",
    "HostSNI(`-a`)",
];

/// Routers, each in a container of its name: protocol, name, rule, whether with TLS.
fn routers() -> Vec<(&'static str, String, &'static str, bool)> {
    let http = HTTP.iter().enumerate();
    let http = http.map(|(at, rule)| ("http", format!("h{at}"), *rule, false));
    let tcp = TCP.iter().enumerate().flat_map(|(at, rule)| {
        [("plain", false), ("tls", true)]
            .map(|(suffix, tls)| ("tcp", format!("t{at}{suffix}"), *rule, tls))
    });
    http.chain(tcp).collect()
}

#[test]
fn the_rules_it_refuses_are_reported() {
    let Some(program) = program() else { return };
    let routers = routers();
    let containers = routers.iter().enumerate();
    let containers: Vec<Value> = containers
        .map(|(at, (protocol, name, rule, tls))| {
            let prefix = format!("traefik.{protocol}.routers.{name}");
            let mut labels = labels([(format!("{prefix}.rule").as_str(), *rule)]);
            if *tls {
                labels.insert(format!("{prefix}.tls"), "true".to_owned());
            }
            container(at, name, &labels)
        })
        .collect();
    let input = json!({
        "containers": containers,
        "provider": {"entryPoints": homelab_tests::traefik::ENTRY_POINTS},
    });
    let theirs = homelab_tests::traefik::ask(&program, &input);
    let (_, findings) = run(&input);
    let errors = findings
        .iter()
        .filter(|finding| finding["level"] == "error");
    let reported: BTreeSet<&str> = errors
        .filter_map(|finding| finding["container"].as_str())
        .collect();
    let mut differences = Vec::new();
    for (protocol, name, rule, tls) in &routers {
        if theirs.configuration[protocol]["routers"]
            .get(name)
            .is_none()
        {
            continue;
        }
        let refused = theirs
            .disabled
            .contains(&format!("{protocol}.routers.{name}"));
        if refused != reported.contains(name.as_str()) {
            differences.push(format!(
                "{rule} (TLS {tls}): the real one refuses: {refused}"
            ));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
