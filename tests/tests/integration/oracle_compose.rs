//! Generated Compose projects: `lab config` beside the real Docker Compose.
//!
//! Services are generated from a grammar of attributes in all their forms, many to a project, since
//! starting Docker Compose is what takes the time. Where a project differs or is refused, its
//! services are compared one by one.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use common::Io;
use homelab_tests::{compose_oracle, repository, run};

/// Generated services in one run of the test; each has a base and half of them an override.
const SERVICES: usize = 2_400;
const PER_PROJECT: usize = 60;

const VARIABLES: [(&str, &str); 4] = [
    ("SET", "value"),
    ("EMPTY", ""),
    ("NUMBER", "8080"),
    ("SIZE", "64m"),
];

/// A small generator of pseudo-random numbers: the same seed gives the same projects everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        // SplitMix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        usize::try_from(z % sides as u64).unwrap()
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len())]
    }

    fn some(&mut self, of: &[&str], most: usize) -> Vec<String> {
        let count = 1 + self.roll(most);
        let mut chosen: Vec<String> = Vec::new();
        for _ in 0..count {
            let item = self.one(of).to_owned();
            if !chosen.contains(&item) {
                chosen.push(item);
            }
        }
        chosen
    }
}

/// An attribute and the forms it is written in.
const ATTRIBUTES: &[(&str, &[&str])] = &[
    (
        "image",
        &[
            "nginx",
            "\"nginx:${SET}\"",
            "a/b:1@sha256:0000000000000000000000000000000000000000000000000000000000000000",
            "${UNSET:-x}",
            "\"${EMPTY:-y}${UNSET+z}\"",
        ],
    ),
    (
        "command",
        &[
            "echo hi",
            "[a, \"b c\"]",
            "\"sh -c 'a  b' \\\"q\\\"\"",
            "\"\"",
            "[]",
            "null",
            "a | b",
            "\"$$HOME ${SET}\"",
        ],
    ),
    ("entrypoint", &["[/bin/x]", "/bin/x -y", "\"\"", "null"]),
    (
        "environment",
        &[
            "{A: 1, B: \"x\", C: null, D: 1.10, E: yes, F: 0x1F}",
            "[A=1, B, \"C=a=b\", \"SET\"]",
            "{T: 2024-01-01, N: 1e3, O: 010, L: 1_000}",
            "{V: \"${SET}\", W: \"${UNSET-d}\", X: \"$$x\", Y: \"${EMPTY:+no}\"}",
            "{M: \"two\\nlines\", S: \" lead\", H: \"#no\", K: \"a: b\"}",
        ],
    ),
    (
        "labels",
        &[
            "{a.b: c, n: 1, t: true}",
            "[a.b=c, \"x\"]",
            "{h: \"Host(`x`) && Path(`/y`)\"}",
            "{e: \"\", z: null}",
        ],
    ),
    (
        "ports",
        &[
            "[\"80:80\"]",
            "[80, \"127.0.0.1:81:81/udp\"]",
            "[\"8000-8002:9000-9002\"]",
            "[\"${NUMBER}:80\", \"[::1]:82:82\"]",
            "[{target: 80, published: \"8081\", protocol: tcp, mode: host}]",
            "[\"3000-3001\"]",
            "[{target: 90, name: web, app_protocol: http}]",
        ],
    ),
    ("expose", &["[80, \"90/udp\"]", "[\"100-110\"]"]),
    (
        "volumes",
        &[
            "[\"./a:/a\", \"data:/data:ro\"]",
            "[\"/abs:/x:z\", \"/anon\"]",
            "[\"~/h:/h\"]",
            "[{type: tmpfs, target: /t, tmpfs: {size: 64m, mode: 0755}}]",
            "[{type: bind, source: ./b, target: /b, bind: {create_host_path: false, propagation: rslave}}]",
            "[{type: volume, source: data, target: /v, read_only: true, volume: {nocopy: true, subpath: s}}]",
            "[\"data:/d/../e:rw,nocopy\"]",
        ],
    ),
    (
        "networks",
        &[
            "[front]",
            "{front: {aliases: [q, r]}, back: null}",
            "{front: {ipv4_address: 172.30.0.5, priority: 5}}",
        ],
    ),
    (
        "healthcheck",
        &[
            "{test: [CMD, a], interval: 90s, retries: 3}",
            "{test: a b, timeout: 1m30s, start_period: 1h, start_interval: 500ms}",
            "{disable: true}",
            "{test: NONE}",
            "{test: [\"CMD-SHELL\", \"x || exit 1\"], interval: 1d}",
        ],
    ),
    (
        "deploy",
        &[
            "{resources: {limits: {cpus: \"0.5\", memory: 64M}}}",
            "{replicas: 2, update_config: {order: start-first, delay: 10s}}",
            "{mode: global, restart_policy: {condition: on-failure, delay: 5s, max_attempts: 3, window: 2m}}",
            "{labels: {x: 1}, placement: {constraints: [node.role==manager]}}",
            "{resources: {reservations: {devices: [{capabilities: [gpu], count: all}]}}}",
        ],
    ),
    (
        "restart",
        &["always", "\"no\"", "unless-stopped", "on-failure:3"],
    ),
    (
        "mem_limit",
        &["1g", "64m", "\"${SIZE}\"", "1.5gb", "1048576", "10 kb"],
    ),
    ("shm_size", &["64mb", "1e3", "1b"]),
    ("cpus", &["0.5", "\"1.5\"", "2"]),
    ("cpu_shares", &["10", "\"20\""]),
    (
        "stop_grace_period",
        &["1m30s", "10s", "1.5h", "500ms", "1w"],
    ),
    (
        "ulimits",
        &[
            "{nofile: 100}",
            "{nofile: {soft: 1, hard: 2}, nproc: 65535}",
        ],
    ),
    ("tmpfs", &["/run", "[/run, \"/tmp:size=1m\"]"]),
    ("dns", &["1.1.1.1", "[1.1.1.1, 8.8.8.8]"]),
    (
        "extra_hosts",
        &[
            "[\"a:1.2.3.4\", \"b=::1\"]",
            "{a: 1.2.3.4, c: [1.1.1.1, 2.2.2.2]}",
            "[\"host.docker.internal:host-gateway\"]",
        ],
    ),
    ("cap_add", &["[NET_ADMIN]", "[ALL, NET_ADMIN]"]),
    (
        "sysctls",
        &["{net.core.somaxconn: 1024}", "[net.core.somaxconn=1024]"],
    ),
    (
        "devices",
        &[
            "[\"/dev/a:/dev/b:rw\"]",
            "[/dev/a]",
            "[{source: /dev/x, target: /dev/y}]",
        ],
    ),
    (
        "logging",
        &[
            "{driver: json-file, options: {max-size: 10m}}",
            "{driver: none}",
        ],
    ),
    (
        "build",
        &[
            ".",
            "{context: ./dir, args: {A: 1, B: null, SET: null}, target: t}",
            "{context: \"https://example.com/x.git\", tags: [a, b]}",
            "{dockerfile_inline: \"FROM x\"}",
        ],
    ),
    ("user", &["\"1000:1000\"", "root", "1000"]),
    ("init", &["true", "false"]),
    ("privileged", &["true", "false", "\"true\""]),
    ("read_only", &["true", "\"${UNSET:-false}\""]),
    ("tty", &["true"]),
    ("hostname", &["h", "\"${SET}\""]),
    ("working_dir", &["/w"]),
    (
        "pull_policy",
        &["always", "if_not_present", "daily", "every_12h"],
    ),
    (
        "secrets",
        &["[s]", "[{source: s, target: /t, mode: 0440, uid: \"5\"}]"],
    ),
    (
        "configs",
        &["[c]", "[{source: c, target: /c, mode: \"0444\"}]"],
    ),
    ("gpus", &["all", "[{driver: nvidia, count: 2}]"]),
    ("group_add", &["[audio, 107]"]),
    ("security_opt", &["[\"no-new-privileges:true\"]"]),
    (
        "blkio_config",
        &["{weight: 300, device_read_bps: [{path: /dev/sda, rate: 12mb}]}"],
    ),
    (
        "develop",
        &["{watch: [{path: ./src, action: sync, target: /app, ignore: [x]}]}"],
    ),
    ("annotations", &["{a: b}", "[a=b]"]),
    ("post_start", &["[{command: touch /x, user: root}]"]),
    ("x-extra", &["{b: [1, 2], a: {z: 1, y: null}}", "text"]),
    // what neither may accept
    ("mem_limit", &["1x"]),
    ("ports", &["[\"99999:80\"]", "[\"a:b:c:d\"]"]),
    ("stop_grace_period", &["10", "\"\""]),
    ("imagee", &["nginx"]),
    ("environment", &["{A: [1]}", "{A: \"${B\"}"]),
    ("healthcheck", &["{test: [echo]}"]),
    ("networks", &["[nowhere]"]),
    ("cpu_shares", &["abc"]),
];

/// How many of the last attributes are wrong on purpose; they are rarely chosen.
const WRONG: usize = 8;

/// The body of a service, two levels in.
fn service(dice: &mut Dice, base: bool) -> String {
    let mut chosen: BTreeMap<&str, &str> = BTreeMap::new();
    if base {
        chosen.insert("image", dice.one(ATTRIBUTES[0].1));
    }
    for _ in 0..=dice.roll(6) {
        let wrong = dice.roll(120) == 0;
        let at = if wrong {
            ATTRIBUTES.len() - WRONG + dice.roll(WRONG)
        } else {
            dice.roll(ATTRIBUTES.len() - WRONG)
        };
        let (name, forms) = ATTRIBUTES[at];
        chosen.insert(name, dice.one(forms));
    }
    if !base && dice.roll(8) == 0 {
        let name = dice.some(&["ports", "environment", "labels", "command", "volumes"], 1);
        if let Some((known, _)) = ATTRIBUTES.iter().find(|(known, _)| *known == name[0]) {
            chosen.insert(known, "!reset null");
        }
    }
    chosen.iter().fold(String::new(), |mut text, (name, form)| {
        // Writing to a string does not fail.
        let _written = writeln!(text, "    {name}: {form}");
        text
    })
}

const RESOURCES: &str = "networks:\n  front: {ipam: {config: [{subnet: 172.30.0.0/16}]}}\n  back:\n    internal: true\nvolumes:\n  data: {labels: [a=b]}\nsecrets:\n  s: {file: ./s.txt}\nconfigs:\n  c: {content: \"x ${SET}\"}\n";

/// A service by its two texts; the second may be empty.
type Service = (String, String);

fn project(services: &[(usize, &Service)]) -> (String, String) {
    let mut base = format!("name: generated\n{RESOURCES}services:\n");
    let mut over = "services:\n".to_owned();
    for (at, (first, second)) in services {
        let _written = write!(base, "  s{at}:\n{first}");
        if !second.is_empty() {
            let _written = write!(over, "  s{at}:\n{second}");
        }
    }
    if over == "services:\n" {
        over.clear();
        over.push_str("x-nothing: 1\n");
    }
    (base, over)
}

/// What both programs make of a project: the text, or nothing if they refuse it.
struct Answers {
    ours: Option<String>,
    theirs: Option<String>,
    why: String,
}

fn ask(compose: &Utf8Path, dir: &Utf8Path, services: &[(usize, &Service)]) -> Answers {
    let (base, over) = project(services);
    fs_err::write(dir.join("a.yaml"), base).unwrap();
    fs_err::write(dir.join("b.yaml"), over).unwrap();
    let mut env: BTreeMap<String, String> = VARIABLES
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    env.insert("HOME".to_owned(), "/home/nobody".to_owned());
    env.insert("PWD".to_owned(), dir.to_string());
    let outcome = run(Command::new(compose)
        .args(["-f", "a.yaml", "-f", "b.yaml", "config"])
        .current_dir(dir)
        .env_clear()
        .envs(&env));
    let words = ["lab", "config", "-f", "a.yaml", "-f", "b.yaml"]
        .map(OsString::from)
        .to_vec();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = lab::run_in(dir, env, words, &mut Io::new(&mut out, &mut err));
    Answers {
        ours: (code == 0).then(|| String::from_utf8(out).unwrap()),
        theirs: (outcome.code == Some(0)).then_some(outcome.stdout),
        why: format!("{}\n{}", String::from_utf8_lossy(&err), outcome.stderr),
    }
}

#[test]
fn generated_projects_come_out_as_in_docker_compose() {
    let Some(compose) = compose_oracle() else {
        return;
    };
    let compose = Utf8PathBuf::from_path_buf(compose.into()).unwrap();
    let seed = match std::env::var("HOMELAB_SEED") {
        Ok(text) => text.parse().unwrap(),
        Err(_) => 20_261_123,
    };
    eprintln!("seed {seed}; HOMELAB_SEED=… chooses another");
    let mut dice = Dice(seed);
    let services: Vec<Service> = (0..SERVICES)
        .map(|_| {
            let base = service(&mut dice, true);
            let over = if dice.roll(2) == 0 {
                service(&mut dice, false)
            } else {
                String::new()
            };
            (base, over)
        })
        .collect();
    let temp = tempfile::tempdir().unwrap();
    let dir = Utf8PathBuf::from_path_buf(temp.path().canonicalize().unwrap()).unwrap();
    let mut compared = 0;
    let mut differing = Vec::new();
    for (at, chunk) in services.chunks(PER_PROJECT).enumerate() {
        let mut open: Vec<Vec<(usize, &Service)>> = vec![
            chunk
                .iter()
                .enumerate()
                .map(|(n, s)| (at * PER_PROJECT + n, s))
                .collect(),
        ];
        // A project that is refused, or that differs, is halved until the service is found.
        while let Some(part) = open.pop() {
            let answers = ask(&compose, &dir, &part);
            let equal = answers.ours.is_some() && answers.ours == answers.theirs;
            let both_refuse = answers.ours.is_none() && answers.theirs.is_none();
            if equal || (both_refuse && part.len() == 1) {
                compared += part.len();
            } else if part.len() > 1 {
                let (one, other) = part.split_at(part.len() / 2);
                open.extend([one.to_vec(), other.to_vec()]);
            } else {
                compared += 1;
                let (base, over) = project(&part);
                differing.push(format!(
                    "{base}--- over\n{over}--- ours\n{:?}\n--- theirs\n{:?}\n--- said\n{}",
                    answers.ours, answers.theirs, answers.why
                ));
            }
        }
    }
    eprintln!("{compared} services compared");
    assert_eq!(compared, SERVICES);
    assert!(
        differing.is_empty(),
        "{} of {SERVICES} differ (seed {seed}); the first:\n{}",
        differing.len(),
        differing[0]
    );
}

/// Every service of the example in every environment.
#[test]
fn the_example_comes_out_as_in_docker_compose() {
    let Some(compose) = compose_oracle() else {
        return;
    };
    let root = repository().join("examples/homelab/compose");
    let mut compared = 0;
    for service in root.read_dir_utf8().unwrap().map(Result::unwrap) {
        for environment in ["default", "prod", "test"] {
            let dir = service.path();
            let file = format!("{environment}/compose.yaml");
            if !dir.join(&file).is_file() {
                continue;
            }
            let env_file = format!("{environment}/.env");
            let words = ["--env-file".to_owned(), env_file, "-f".to_owned(), file];
            let env: BTreeMap<String, String> = [
                ("HOME", "/home/nobody"),
                ("PWD", dir.as_str()),
                ("POSTGRES_PASSWORD", "p"),
                ("REDIS_PASSWORD", "r"),
                ("CF_DNS_API_TOKEN", "t"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
            for asked in [&[][..], &["--format", "json"], &["--hash", "*"]] {
                let theirs = run(Command::new(&compose)
                    .args(&words)
                    .arg("config")
                    .args(asked)
                    .current_dir(dir)
                    .env_clear()
                    .envs(&env))
                .success();
                let line = ["lab", "config"]
                    .into_iter()
                    .chain(words.iter().map(String::as_str))
                    .chain(asked.iter().copied());
                let (mut out, mut err) = (Vec::new(), Vec::new());
                let code = lab::run_in(
                    dir,
                    env.clone(),
                    line.map(OsString::from).collect(),
                    &mut Io::new(&mut out, &mut err),
                );
                assert_eq!(code, 0, "{dir}: {}", String::from_utf8_lossy(&err));
                let sorted = |text: &str| {
                    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
                    // The order of hashes changes from run to run.
                    if asked.contains(&"--hash") {
                        lines.sort();
                    }
                    lines
                };
                assert_eq!(
                    sorted(&String::from_utf8(out).unwrap()),
                    sorted(&theirs.stdout),
                    "{dir} {environment} {asked:?}"
                );
            }
            compared += 1;
        }
    }
    assert!(compared >= 21, "only {compared} stacks were found");
}
