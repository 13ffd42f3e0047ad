//! What `zonegen` writes, beside the real checkers and servers.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::{TcpListener, UdpSocket};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use camino::Utf8Path;
use common::Io;
use homelab_tests::{Outcome, Sandbox, named_oracle, oracle, zonegen_exe};

/// Runs `zonegen` in a sandbox, in process.
fn zonegen(sandbox: &Sandbox, words: &str) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let words = std::iter::once("zonegen")
        .chain(words.split(' '))
        .map(Into::into);
    let code = zonegen::run_in(
        sandbox.path(),
        &BTreeMap::new(),
        words.collect(),
        &mut Io::new(&mut out, &mut err),
    );
    (
        code,
        String::from_utf8(out).unwrap(),
        String::from_utf8(err).unwrap(),
    )
}

#[track_caller]
fn good(sandbox: &Sandbox, words: &str) -> String {
    let (code, out, err) = zonegen(sandbox, words);
    assert_eq!(code, 0, "{words}\n{out}\n{err}");
    out
}

/// Asks every checker there is; `None` if one is missing, which it has said.
#[track_caller]
pub(crate) fn accepted(sandbox: &Sandbox, file: &Utf8Path, zone: &str) -> Option<()> {
    let dotted = format!("{zone}.");
    // validns knows neither CAA nor HTTPS, and no dots within labels.
    let text = fs_err::read_to_string(file)
        .unwrap()
        .replace("first\\.last", "first-last");
    let known = text
        .lines()
        .filter(|line| !line.contains(" CAA ") && !line.contains(" HTTPS "));
    let old = sandbox.file(
        "validns",
        &known.flat_map(|line| [line, "\n"]).collect::<String>(),
    );
    let file = file.as_str();
    let checkers: [(&str, &[&str]); 5] = [
        ("named-checkzone", &["-i", "local", zone, file]),
        ("kzonecheck", &["-o", &dotted, file]),
        ("nsd-checkzone", &[zone, file]),
        ("ldns-read-zone", &[file]),
        ("validns", &["-z", zone, old.as_str()]),
    ];
    for (name, args) in checkers {
        let outcome: Outcome = sandbox.run(oracle(name)?, args);
        // ldns says in words what its code does not.
        let told = name == "ldns-read-zone" && outcome.stderr.contains("error");
        assert!(
            outcome.code == Some(0) && !told,
            "{name} refuses {file}\n{}{}\n{}",
            outcome.stdout,
            outcome.stderr,
            fs_err::read_to_string(file).unwrap()
        );
    }
    Some(())
}

/// A config file with everything in it.
const CONFIG: &str = "\
output: zones
zones:
  home.arpa:
    ns: {ns1: [192.168.1.10, 'fd00::10'], ns.example.net: []}
    soa: {rname: 'first.last@example.net'}
    records:
      - nas A 192.168.1.20
      - nas AAAA fd00::20
      - '@ MX 10 mail.example.net.'
      - '@ CAA 0 issue \"letsencrypt.org; validationmethods=dns-01\"'
      - _ldap._tcp SRV 0 0 389 nas
      - 'long TXT \"one; two\" \"three \\\"four\\\"\"'
      - {name: printer, value: nas}
    views:
      vpn: {networks: [10.8.0.0/24], target: 10.8.0.1}
  example.com: {ns: [ns.example.net, ns2.example.net], ttl: 1h}
  192.168.1.0/24: {ns: ns.example.net}
  10.9.8.64/26: {ns: ns.example.net}
  fd00::/64: {ns: ns.example.net}
environments:
  prod:
    target: [192.168.1.10, 'fd00::10']
    wildcards: ['*.home.arpa', '*.apps.example.com']
    compose: compose.yaml
corefile:
  file: Corefile
  zones: ZONES
  port: PORT
  bind: 127.0.0.1
  reload: 2s
  log: error
";

const ZONES: &[(&str, &str)] = &[
    ("home.arpa.zone", "home.arpa"),
    ("home.arpa.vpn.zone", "home.arpa"),
    ("example.com.zone", "example.com"),
    ("1.168.192.in-addr.arpa.zone", "1.168.192.in-addr.arpa"),
    (
        "64-26.8.9.10.in-addr.arpa.zone",
        "64/26.8.9.10.in-addr.arpa",
    ),
    (
        "0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa.zone",
        "0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa",
    ),
];

/// Services with every kind of label, and `count` plain ones.
fn compose(count: usize) -> String {
    let mut text = "\
name: lab
services:
  web:
    image: x
    labels:
      traefik.http.routers.w.rule: Host(`web.home.arpa`) || Host(`bücher.example.com`)
  deep:
    image: x
    labels: {caddy: 'a.b.c.home.arpa, *.w.example.com'}
  box:
    image: x
    labels:
      dns.name: box.home.arpa
      dns.value: 10.9.8.70 fd00::70
      dns.t.name: _acme-challenge.box2.home.arpa
      dns.t.type: TXT
      dns.t.value: 'with \"quotes\" and \\ ; and ü'
      dns.m.name: example.com
      dns.m.type: MX
      dns.m.value: 10 mail.example.net
      dns.h.name: svc.home.arpa
      dns.h.type: HTTPS
      dns.h.value: 1 . alpn=h2
  alias:
    image: x
    labels: {dns.name: alias.home.arpa, dns.value: web.home.arpa, dns.ttl: 1m}
"
    .to_owned();
    for at in 0..count {
        let _infallible = write!(
            text,
            "  s{at}:\n    image: x\n    labels: {{caddy: s{at}.example.com, dns.value: 192.168.{}.{}}}\n",
            1 + at / 200,
            at % 200 + 30
        );
    }
    text
}

fn lab(port: u16, count: usize) -> Sandbox {
    let sandbox = Sandbox::new();
    let zones = sandbox.path().join("zones");
    sandbox.file(
        "zonegen.yaml",
        &CONFIG
            .replace("ZONES", zones.as_str())
            .replace("PORT", &port.to_string()),
    );
    sandbox.file("compose.yaml", &compose(count));
    sandbox
}

#[test]
fn the_checkers_accept_what_is_written() {
    let sandbox = lab(53, 300);
    good(&sandbox, "generate");
    for (file, zone) in ZONES {
        if accepted(&sandbox, &sandbox.path().join("zones").join(file), zone).is_none() {
            return;
        }
    }
    // Changed and changed back, with things of one's own around the blocks.
    let path = sandbox.path().join("zones/home.arpa.zone");
    let text = fs_err::read_to_string(&path).unwrap();
    sandbox.file(
        "zones/home.arpa.zone",
        &format!("; mine\n{text}own ( A\n 192.168.1.99 ) ; mine\n  TXT more\n"),
    );
    sandbox.file("compose.yaml", &compose(0));
    good(&sandbox, "generate --max-delete 100%");
    accepted(&sandbox, &path, "home.arpa");
    let text = fs_err::read_to_string(&path).unwrap();
    assert!(
        text.starts_with("; mine\n")
            && text.ends_with("own ( A\n 192.168.1.99 ) ; mine\n  TXT more\n"),
        "{text}"
    );
    accepted(
        &sandbox,
        &sandbox.path().join("zones/example.com.zone"),
        "example.com",
    );
}

#[test]
fn the_checkers_accept_what_is_imported() {
    let sandbox = Sandbox::new();
    sandbox.file(
        "hosts",
        "127.0.0.1 localhost\n192.168.1.20 nas NAS.home.arpa\nfd00::1 six\n",
    );
    sandbox.file("dnsmasq.conf", "address=/apps.home.arpa/192.168.1.10\ncname=w,nas.home.arpa\ntxt-record=t.home.arpa,\"a,b\",c\n");
    good(
        &sandbox,
        "import hosts hosts --origin home.arpa --ns ns1=192.168.1.10 -o one",
    );
    good(
        &sandbox,
        "import dnsmasq dnsmasq.conf --origin home.arpa --ns ns1=192.168.1.10 -o two",
    );
    for file in ["one", "two"] {
        if accepted(&sandbox, &sandbox.path().join(file), "home.arpa").is_none() {
            return;
        }
    }
}

/// A server that serves the zones on a port of the loopback.
struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn free_port() -> u16 {
    loop {
        let port = UdpSocket::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// BIND with all zones of the lab.
fn named(sandbox: &Sandbox) -> Option<Server> {
    let named = oracle("named")?;
    let port = free_port();
    let dir = sandbox.path();
    let mut text = format!(
        "options {{ directory \"{dir}\"; listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; \
         pid-file none; session-keyfile none; recursion no; allow-transfer {{ any; }}; dnssec-validation no; }};\ncontrols {{}};\n"
    );
    for (file, zone) in ZONES.iter().filter(|(file, _)| !file.contains("vpn")) {
        let _infallible = writeln!(
            text,
            "zone \"{zone}\" {{ type primary; file \"zones/{file}\"; check-names ignore; }};"
        );
    }
    let config = sandbox.file("named.conf", &text);
    let mut command = sandbox.command(named);
    let log = fs_err::File::create(dir.join("named.log")).unwrap();
    command
        .args(["-g", "-c", config.as_str()])
        .stdout(Stdio::null())
        .stderr(log.into_file());
    let child = command.spawn().unwrap();
    Some(wait_for(Server { child, port }, sandbox))
}

fn wait_for(server: Server, sandbox: &Sandbox) -> Server {
    let start = Instant::now();
    let words = format!(
        "query zones/example.com.zone --origin example.com --timeout 300 --server 127.0.0.1:{}",
        server.port
    );
    while zonegen(sandbox, &words).0 != 0 {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "the server does not start: {:?}\n{}",
            zonegen(sandbox, &words),
            fs_err::read_to_string(sandbox.path().join("named.log")).unwrap_or_default()
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    server
}

#[test]
fn drift_between_a_file_and_a_server_is_found() {
    let sandbox = lab(53, 20);
    good(&sandbox, "generate");
    let Some(server) = named(&sandbox) else {
        return;
    };
    let at = format!("--server 127.0.0.1:{}", server.port);
    for (file, zone) in ZONES.iter().filter(|(file, _)| !file.contains("vpn")) {
        for axfr in ["", " --axfr"] {
            let (code, out, err) = zonegen(
                &sandbox,
                &format!("query zones/{file} --origin {zone} {at}{axfr}"),
            );
            assert_eq!((code, out.as_str()), (0, ""), "{zone}{axfr}: {err}");
        }
    }
    // The file moves on, the server does not.
    sandbox.file(
        "compose.yaml",
        &compose(21).replace("a.b.c.home.arpa, ", ""),
    );
    good(&sandbox, "generate");
    let (code, out, _) = zonegen(
        &sandbox,
        &format!("query zones/example.com.zone --origin example.com {at}"),
    );
    assert_eq!(code, 1);
    assert!(
        out.contains("-s20.example.com. A 192.168.1.50") && out.contains("serial: "),
        "{out}"
    );
    let (code, out, _) = zonegen(
        &sandbox,
        &format!("query zones/home.arpa.zone --origin home.arpa --axfr {at}"),
    );
    assert_eq!(code, 1);
    assert!(
        out.contains("+a.b.c.home.arpa. 300 IN A 192.168.1.10"),
        "{out}"
    );
    // What the server has can be taken over.
    let imported = good(
        &sandbox,
        &format!("import axfr --origin home.arpa {at} -o taken"),
    );
    assert_eq!(imported, "");
    assert_eq!(
        zonegen(
            &sandbox,
            &format!("query taken --origin home.arpa --axfr {at}")
        )
        .0,
        0
    );
    accepted(&sandbox, &sandbox.path().join("taken"), "home.arpa");
    let (code, _, err) = zonegen(&sandbox, &format!("import axfr --origin other.arpa {at}"));
    assert!(code == 1 && err.contains("does not give out"), "{err}");
    drop(server);
    let (code, _, err) = zonegen(
        &sandbox,
        &format!("query taken --origin home.arpa --timeout 100 {at}"),
    );
    assert!(code == 1 && err.contains("does not answer"), "{err}");
}

#[test]
fn coredns_serves_what_is_generated_and_reloads_it() {
    let Some(program) = named_oracle("COREDNS_BIN") else {
        return;
    };
    let port = free_port();
    let sandbox = lab(port, 20);
    good(&sandbox, "generate");
    good(&sandbox, "corefile generate");
    let child = sandbox
        .command(program)
        .args(["-conf", "Corefile"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _server = wait_for(Server { child, port }, &sandbox);
    let at = format!("--server 127.0.0.1:{port}");
    for (file, zone) in ZONES.iter().filter(|(file, _)| !file.contains("vpn")) {
        let (code, out, err) = zonegen(
            &sandbox,
            &format!("query zones/{file} --origin {zone} {at}"),
        );
        assert_eq!((code, out.as_str()), (0, ""), "{zone}: {err}");
    }
    sandbox.file("compose.yaml", &compose(21));
    good(&sandbox, "generate");
    let start = Instant::now();
    while zonegen(
        &sandbox,
        &format!("query zones/example.com.zone --origin example.com {at}"),
    )
    .0 != 0
    {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "the zone is reloaded"
        );
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn the_generated_corefile_has_no_mistakes() {
    let sandbox = lab(1053, 1);
    good(&sandbox, "generate");
    good(&sandbox, "corefile generate");
    sandbox.file("run.yaml", "name: dns\nservices:\n  coredns:\n    image: coredns/coredns:1.12.4\n    volumes: [\"./zones:/zones:ro\"]\n");
    let (code, _, err) = zonegen(&sandbox, "corefile check Corefile --strict -f run.yaml");
    assert_eq!((code, err.as_str()), (0, ""));
}

#[test]
fn a_file_that_does_not_fit_leaves_all_files_as_they_were() {
    let sandbox = lab(53, 5);
    good(&sandbox, "generate");
    let zones = sandbox.path().join("zones");
    let read = || -> Vec<(String, Vec<u8>)> {
        let mut all: Vec<_> = zones
            .read_dir_utf8()
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| {
                (
                    entry.file_name().to_owned(),
                    fs_err::read(entry.path()).unwrap(),
                )
            })
            .collect();
        all.sort();
        all
    };
    let before = read();
    // The first zones still fit, the one with all services does not.
    sandbox.file("compose.yaml", &compose(800));
    let script = "trap '' XFSZ; ulimit -f 40; exec \"$0\" generate";
    let outcome = sandbox.run("dash", ["-c", script, zonegen_exe().as_str()]);
    assert_eq!(outcome.code, Some(1), "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("cannot write `") && outcome.stderr.contains("File too large"),
        "{}",
        outcome.stderr
    );
    assert!(read() == before);
    let outcome = sandbox.run(zonegen_exe(), ["generate"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    assert!(read() != before);
}
