//! BIND, Knot and NSD on loopback, asked by dig and kdig, beside `Zone::answer`.

use std::collections::BTreeSet;
use std::net::UdpSocket;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use dns_zone::{Name, Outcome, RecordType, Zone};
use homelab_tests::{Sandbox, named_oracle, oracle};

use super::{ORIGIN, errors, read, zones};

/// A zone of everything that is answered in its own way.
const CASES: &str = r#"$TTL 1h
@ SOA ns1 admin 2024010101 2h 1h 2w 5m
@ NS ns1
@ NS ns.example.net.
@ MX 10 mail
ns1 A 192.168.1.2
mail A 192.168.1.3
mail AAAA fd00::3
a.b.c A 192.168.1.4
* A 192.168.1.9
* TXT "any"
x.y A 192.168.1.5
*.apps A 192.168.1.10
b.apps TXT "no address"
deep.er.apps A 192.168.1.11
www CNAME mail
chain CNAME www
out CNAME host.example.net.
dangling CNAME no.where.x.y
*.alias CNAME mail
to-wild CNAME anything.apps
sub NS ns.sub
ns.sub A 192.168.1.20
secure NS ns1
secure DS 12345 13 2 3490A6806D47F17A34C29E2CE80E8A999FFBE4BE3490A6806D47F17A34C29E2C
old DNAME new
old TXT "beside the redirection"
host.new A 192.168.1.30
to-old CNAME host.old
to-sub CNAME x.sub
odd\032name TXT "blank"
UPPER A 192.168.1.40
txt TXT "one" "two; \"three\"" "\001\255"
_sip._tcp SRV 0 5 5060 mail
caa CAA 0 issue "letsencrypt.org"
svc HTTPS 1 . alpn="h2,h3" port=8443
unknown TYPE65280 \# 4 0a00000b
"#;

/// A server; it ends with the test.
struct Server {
    port: u16,
    child: Child,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn free_port() -> u16 {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.local_addr().unwrap().port()
}

fn start(name: &'static str, sandbox: &Sandbox) -> Option<Server> {
    let program = oracle(name)?;
    let dir = sandbox.path().to_owned();
    let port = free_port();
    let (config, args) = match name {
        "named" => (
            format!(
                "options {{ directory \"{dir}\"; listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};\n\
                 pid-file none; session-keyfile none; recursion no; minimal-responses yes; check-names primary ignore;\n\
                 dnssec-validation no; notify no; check-integrity no; rate-limit {{ slip 0; }}; }};\n\
                 controls {{ }};\nzone \"{ORIGIN}\" {{ type primary; file \"zone\"; }};\n"
            ),
            vec![
                "-g".to_owned(),
                "-n".to_owned(),
                "1".to_owned(),
                "-c".to_owned(),
                format!("{dir}/named.conf"),
            ],
        ),
        "knotd" => (
            format!(
                "server:\n    listen: 127.0.0.1@{port}\n    rundir: {dir}\n    udp-workers: 1\n    tcp-workers: 1\n    background-workers: 1\n\
                 database:\n    storage: {dir}/knot\nlog:\n  - target: stderr\n    any: error\n\
                 zone:\n  - domain: {ORIGIN}\n    file: {dir}/zone\n    zonefile-sync: -1\n    journal-content: none\n"
            ),
            vec!["-c".to_owned(), format!("{dir}/knotd.conf")],
        ),
        _ => (
            format!(
                "server:\n    ip-address: 127.0.0.1@{port}\n    username: \"\"\n    chroot: \"\"\n    pidfile: \"\"\n    xfrdfile: \"\"\n\
                 \x20   zonesdir: \"{dir}\"\n    zonelistfile: \"{dir}/nsd.list\"\n    database: \"\"\n    server-count: 1\n    minimal-responses: yes\n    rrl-ratelimit: 0\n\
                 remote-control:\n    control-enable: no\nzone:\n    name: {ORIGIN}\n    zonefile: {dir}/zone\n"
            ),
            vec!["-d".to_owned(), "-c".to_owned(), format!("{dir}/nsd.conf")],
        ),
    };
    sandbox.file(format!("{name}.conf"), &config);
    let log = fs_err::File::create(dir.join(format!("{name}.log"))).unwrap();
    let child = sandbox
        .command(program)
        .args(args)
        .stdout(Stdio::null())
        .stderr(log.into_parts().0)
        .spawn()
        .unwrap();
    let server = Server { port, child };
    let dig = oracle("dig")?;
    let started = Instant::now();
    loop {
        let port = port.to_string();
        let args = [
            "@127.0.0.1",
            "-p",
            &port,
            "+norec",
            "+time=1",
            "+tries=1",
            "+short",
            ORIGIN,
            "SOA",
        ];
        if sandbox.run(&dig, args).stdout.contains("ns1") {
            return Some(server);
        }
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "{name} does not answer: {}",
            fs_err::read_to_string(dir.join(format!("{name}.log"))).unwrap()
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// An answer as all of them can be compared: status and sorted records of two sections.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    status: String,
    answers: BTreeSet<String>,
    authority: BTreeSet<String>,
}

/// Asks all questions at once by dig.
fn ask(server: &Server, sandbox: &Sandbox, questions: &[(Name, RecordType)]) -> Vec<Seen> {
    let dig = oracle("dig").unwrap();
    let lines = questions
        .iter()
        .map(|(name, kind)| format!("{name} TYPE{}", kind.code()));
    let lines = lines.collect::<Vec<_>>().join("\n") + "\n";
    let batch = sandbox.file("questions", &lines);
    let port = server.port.to_string();
    let args = [
        "@127.0.0.1",
        "-p",
        &port,
        "-f",
        batch.as_str(),
        "+norec",
        "+nocookie",
        "+noall",
        "+comments",
        "+answer",
        "+authority",
        "+time=5",
        "+tries=2",
        "+bufsize=4096",
        "+nosplit",
    ];
    let outcome = sandbox.run(dig, args);
    seen(&outcome.stdout, questions.len())
}

/// The same by kdig, which reads no file of questions.
fn ask_kdig(server: &Server, sandbox: &Sandbox, questions: &[(Name, RecordType)]) -> Vec<Seen> {
    let kdig = oracle("kdig").unwrap();
    let common = [
        "@127.0.0.1",
        "-p",
        &server.port.to_string(),
        "+norec",
        "+noall",
        "+header",
        "+answer",
        "+authority",
        "+timeout=5",
        "+bufsize=4096",
    ]
    .map(str::to_owned);
    let questions = questions
        .chunks(200)
        .map(|part| {
            let words = part
                .iter()
                .flat_map(|(name, kind)| [name.to_string(), format!("TYPE{}", kind.code())]);
            let outcome = sandbox.run(&kdig, common.iter().cloned().chain(words));
            seen(&outcome.stdout, part.len())
        })
        .collect::<Vec<_>>();
    questions.into_iter().flatten().collect()
}

/// What either of them printed: a header, how many records there are, and these.
fn seen(text: &str, questions: usize) -> Vec<Seen> {
    let behind = |line: &str, word: &str| -> Option<String> {
        let rest = line.split(word).nth(1)?;
        Some(rest.split([',', ';']).next()?.trim().to_owned())
    };
    let mut seen: Vec<Seen> = Vec::new();
    let mut answers = 0;
    for line in text.lines() {
        if let Some(header) = line.strip_prefix(";; ->>HEADER<<-") {
            seen.push(Seen {
                status: behind(header, "status: ").unwrap(),
                answers: BTreeSet::new(),
                authority: BTreeSet::new(),
            });
        } else if let Some(count) = behind(line, "ANSWER: ") {
            answers = count.parse().unwrap();
        } else if !line.is_empty() && !line.starts_with(';') {
            let record = record(line);
            let here = seen.last_mut().unwrap();
            if answers > 0 {
                answers -= 1;
                here.answers.insert(record);
            } else {
                here.authority.insert(record);
            }
        }
    }
    assert_eq!(seen.len(), questions, "{text}");
    seen
}

/// A record that dig printed, as we print it.
fn record(line: &str) -> String {
    let root = Name::root();
    let options = dns_zone::LoadOptions::new(root);
    let loaded = dns_zone::parse("dig", line, &options);
    assert!(loaded.is_complete(), "{line}: {:?}", loaded.diagnostics());
    let record = loaded.zone.records().next().unwrap().to_string();
    record.to_ascii_lowercase()
}

fn expected(zone: &Zone, name: &Name, kind: RecordType) -> Seen {
    let answer = zone.answer(name, kind);
    let lines = |records: &[dns_zone::Record]| {
        records
            .iter()
            .map(|record| record.to_string().to_ascii_lowercase())
            .collect()
    };
    let status = match answer.outcome {
        Outcome::NxDomain => "NXDOMAIN",
        Outcome::Refused => "REFUSED",
        _ => "NOERROR",
    };
    Seen {
        status: status.to_owned(),
        answers: lines(&answer.answers),
        authority: lines(&answer.authority),
    }
}

fn compare(text: &str, more: &[(&str, &str)]) {
    let loaded = read(text);
    assert_eq!(errors(&loaded), Vec::<String>::new());
    let zone = loaded.zone;
    let sandbox = Sandbox::new();
    sandbox.file("zone", text);
    fs_err::create_dir(sandbox.path().join("knot")).unwrap();
    let mut questions: Vec<(Name, RecordType)> = Vec::new();
    for record in zone.records() {
        let name = record.owner.clone();
        let parent = name.parent().unwrap();
        // itself, another type, its parent, a sibling, a name below
        questions.push((name.clone(), record.kind()));
        questions.push((name.clone(), RecordType::AAAA));
        questions.push((name.clone(), RecordType::MX));
        questions.push((parent.clone(), RecordType::A));
        questions.extend(parent.prepend(b"nobody").map(|name| (name, RecordType::A)));
        questions.extend(name.prepend(b"below").map(|name| (name, RecordType::TXT)));
    }
    for (name, kind) in more {
        let name = Name::parse_relative(name, zone.origin()).unwrap();
        questions.push((name, kind.parse().unwrap()));
    }
    questions.retain(|(name, _)| name.is_within(zone.origin()));
    questions.sort();
    questions.dedup();
    if oracle("kdig").is_none() {
        return;
    }
    for program in ["named", "knotd", "nsd"] {
        let Some(server) = start(program, &sandbox) else {
            return;
        };
        for (client, answers) in [
            ("dig", ask(&server, &sandbox, &questions)),
            ("kdig", ask_kdig(&server, &sandbox, &questions)),
        ] {
            for ((name, kind), mut theirs) in questions.iter().zip(answers) {
                let mut ours = expected(&zone, name, *kind);
                normalise(&mut ours, &mut theirs);
                assert_eq!(ours, theirs, "{program} by {client}: {name} {kind}");
            }
        }
    }
}

/// What servers may choose: whether name servers of the zone are told beside an answer.
fn normalise(ours: &mut Seen, theirs: &mut Seen) {
    if !ours.answers.is_empty() {
        ours.authority.clear();
        theirs.authority.clear();
    }
}

/// A CoreDNS given by `COREDNS_BIN`: every record that is answered as such.
#[test]
fn coredns_answers_as_the_model_does() {
    let Some(program) = named_oracle("COREDNS_BIN") else {
        return;
    };
    let zone = read(CASES).zone;
    let sandbox = Sandbox::new();
    sandbox.file("zone", CASES);
    let port = free_port();
    let corefile = format!("{ORIGIN}:{port} {{\n    bind 127.0.0.1\n    file zone\n}}\n");
    let corefile = sandbox.file("Corefile", &corefile);
    let child = sandbox
        .command(program)
        .args(["-conf", corefile.as_str()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let server = Server { port, child };
    let started = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "CoreDNS does not listen"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    // Chains out of the zone, cuts and redirections are told in its own way.
    let plain = |record: &dns_zone::Record| {
        matches!(
            record.kind(),
            RecordType::A | RecordType::AAAA | RecordType::TXT | RecordType::SRV | RecordType::MX
        ) && zone.answer(&record.owner, record.kind()).outcome == Outcome::Answer
    };
    let questions: Vec<_> = zone
        .records()
        .filter(|record| plain(record))
        .map(|record| (record.owner.clone(), record.kind()))
        .collect();
    let answers = ask(&server, &sandbox, &questions);
    for ((name, kind), mut theirs) in questions.iter().zip(answers) {
        let mut ours = expected(&zone, name, *kind);
        normalise(&mut ours, &mut theirs);
        assert_eq!(ours, theirs, "{name} {kind}");
    }
}

#[test]
fn servers_answer_as_the_model_does() {
    compare(
        CASES,
        &[
            ("y", "A"),
            ("z.y", "A"),
            ("b.apps", "A"),
            ("q.b.apps", "A"),
            ("new.apps", "A"),
            ("a.b.new.apps", "TXT"),
            ("er.apps", "A"),
            ("x.er.apps", "A"),
            ("anything", "MX"),
            ("*", "A"),
            ("x.*", "A"),
            ("*.apps", "A"),
            ("sub", "A"),
            ("sub", "NS"),
            ("sub", "DS"),
            ("secure", "DS"),
            ("x.secure", "A"),
            ("secure", "A"),
            ("host.old", "A"),
            ("missing.old", "A"),
            ("old", "A"),
            ("old", "DNAME"),
            ("x.alias", "A"),
            ("x.alias", "CNAME"),
            ("x.y.alias", "TXT"),
            ("www", "CNAME"),
            ("chain", "A"),
            ("chain", "TXT"),
            ("WWW", "A"),
            ("upper", "A"),
        ],
    );
}

#[test]
fn generated_zones_are_answered_as_the_model_does() {
    for seed in [3, 14] {
        compare(&zones::zone(seed, 60), &[]);
    }
}
