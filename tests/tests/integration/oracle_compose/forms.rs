//! Services from a grammar of attributes in all their forms.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A small generator of pseudo-random numbers: the same seed gives the same projects everywhere.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: usize) -> usize {
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
pub(super) fn service(dice: &mut Dice, base: bool) -> String {
    let mut chosen: BTreeMap<&str, String> = BTreeMap::new();
    if base {
        chosen.insert("image", dice.one(ATTRIBUTES[0].1).to_owned());
    }
    for _ in 0..=dice.roll(6) {
        let wrong = dice.roll(120) == 0;
        let at = if wrong {
            ATTRIBUTES.len() - WRONG + dice.roll(WRONG)
        } else {
            dice.roll(ATTRIBUTES.len() - WRONG)
        };
        let (name, forms) = ATTRIBUTES[at];
        chosen.insert(name, dice.one(forms).to_owned());
    }
    for _ in 0..dice.roll(4) {
        let (name, form) = made_up(dice);
        chosen.insert(name, form);
    }
    if !base && dice.roll(8) == 0 {
        let name = dice.some(&["ports", "environment", "labels", "command", "volumes"], 1);
        if let Some((known, _)) = ATTRIBUTES.iter().find(|(known, _)| *known == name[0]) {
            chosen.insert(known, "!reset null".to_owned());
        }
    }
    chosen.iter().fold(String::new(), |mut text, (name, form)| {
        // Writing to a string does not fail.
        let _written = writeln!(text, "    {name}: {form}");
        text
    })
}

/// An attribute whose value is put together by the dice.
fn made_up(dice: &mut Dice) -> (&'static str, String) {
    match dice.roll(12) {
        0 => ("ports", list(dice, port)),
        1 => ("volumes", list(dice, volume)),
        2 => ("stop_grace_period", duration(dice)),
        3 => (
            "healthcheck",
            format!("{{test: x, interval: {}}}", duration(dice)),
        ),
        4 => ("mem_limit", size(dice)),
        5 => ("shm_size", size(dice)),
        6 => ("hostname", quoted(&template(dice, 3))),
        7 => ("command", list(dice, |dice| quoted(&template(dice, 2)))),
        8 => (
            "environment",
            format!("{{A: {}, B: {}}}", quoted(&template(dice, 3)), scalar(dice)),
        ),
        9 => (
            "labels",
            format!("{{l: {}, m: {}}}", quoted(&prose(dice)), scalar(dice)),
        ),
        10 => (
            "x-made",
            format!("[{}, {}]", quoted(&prose(dice)), scalar(dice)),
        ),
        _ => (
            "extra_hosts",
            list(dice, |dice| {
                let hosts = [
                    "a:1.1.1.1",
                    "a=2.2.2.2",
                    "b=::1",
                    "b:[::2]",
                    "c=host-gateway",
                ];
                quoted(dice.one(&hosts))
            }),
        ),
    }
}

/// One to three items that are not the same.
fn list(dice: &mut Dice, mut item: impl FnMut(&mut Dice) -> String) -> String {
    let mut items: Vec<String> = Vec::new();
    for _ in 0..=dice.roll(3) {
        let item = item(dice);
        if !items.contains(&item) {
            items.push(item);
        }
    }
    format!("[{}]", items.join(", "))
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}

/// `[[address:][host]:]container[/protocol]`
fn port(dice: &mut Dice) -> String {
    let address = dice.one(&["", "", "", "127.0.0.1:", "[::1]:", "0.0.0.0:"]);
    let first = 1 + dice.roll(60_000);
    let host = match dice.roll(4) {
        0 if address.is_empty() => String::new(),
        0 => ":".to_owned(),
        1 => format!("{first}-{}:", first + 1),
        _ => format!("{first}:"),
    };
    let container = 1 + dice.roll(60_000);
    let range = match (host.contains('-'), dice.roll(2)) {
        (true, 0) => format!("-{}", container + 1),
        _ => String::new(),
    };
    let protocol = dice.one(&["", "", "/tcp", "/udp", "/SCTP", "/"]);
    quoted(&format!("{address}{host}{container}{range}{protocol}"))
}

/// `[source:]target[:options]`, each time with another target.
fn volume(dice: &mut Dice) -> String {
    let sources = [
        "",
        "data:",
        "./a:",
        "../b/../c:",
        "/abs//x/:",
        "~/h:",
        "~x:",
        "${SET}/y:",
        "./${UNSET:-d}:",
        ".:",
    ];
    let source = dice.one(&sources);
    let target = format!(
        "/t{}{}",
        dice.roll(1000),
        dice.one(&["", "/", "/.", "/u/..", "//v"])
    );
    let options = if source.is_empty() || source.starts_with('$') {
        ""
    } else {
        dice.one(&[
            "",
            "",
            ":ro",
            ":rw",
            ":z,ro",
            ":rslave",
            ":nocopy",
            ":cached",
            ":Z,private",
        ])
    };
    quoted(&format!("{source}{target}{options}"))
}

fn duration(dice: &mut Dice) -> String {
    let units = ["ns", "us", "ms", "s", "m", "h", "d", "w"];
    let mut text = String::new();
    for _ in 0..=dice.roll(2) {
        let fraction = dice.one(&["", "", "", ".5", ".25"]);
        let _written = write!(text, "{}{fraction}{}", dice.roll(200), dice.one(&units));
    }
    quoted(&text)
}

fn size(dice: &mut Dice) -> String {
    let fraction = dice.one(&["", "", "", ".5", ".125"]);
    let unit = dice.one(&["", "b", "k", "kb", "KiB", " m", "MB", "g", "GiB", "t"]);
    quoted(&format!("{}{fraction}{unit}", dice.roll(5000)))
}

/// Text with variables in all their forms, nested.
fn template(dice: &mut Dice, depth: usize) -> String {
    let mut out = String::new();
    for _ in 0..=dice.roll(3) {
        match dice.roll(if depth == 0 { 3 } else { 6 }) {
            0 => out.push_str(dice.one(&["a", "-", " ", ":", "x.y", "/", "é", "$$", "$$$$", "'"])),
            1 => {
                let _written = write!(out, "${}", dice.one(&["SET", "EMPTY", "UNSET", "NUMBER"]));
            }
            2 => {
                let _written = write!(out, "${{{}}}", dice.one(&["SET", "EMPTY", "UNSET"]));
            }
            _ => {
                let name = dice.one(&["SET", "EMPTY", "UNSET", "NUMBER"]);
                let operator = dice.one(&["-", ":-", "+", ":+"]);
                let inner = template(dice, depth - 1);
                let _written = write!(out, "${{{name}{operator}{inner}}}");
            }
        }
    }
    out
}

/// Text that is hard to print.
fn prose(dice: &mut Dice) -> String {
    let pieces = [
        "word",
        " ",
        "  ",
        "\n",
        "\t",
        ": ",
        " #",
        "-",
        "- ",
        "'",
        "\"",
        "\\",
        "é",
        "😀",
        "yes",
        "1",
        "~",
        "[",
        "{",
        "&",
        "*",
        "!",
        "%",
        "@",
        "`",
        "|",
        ">",
        "?",
        ",",
        "=",
        "long words in a row that fold ",
    ];
    let mut text = String::new();
    for _ in 0..=dice.roll(8) {
        text.push_str(dice.one(&pieces));
    }
    text
}

/// A scalar of any type.
fn scalar(dice: &mut Dice) -> String {
    let forms = [
        "yes",
        "True",
        "null",
        "~",
        "010",
        "0x1F",
        "0b11",
        "1_000",
        "1.50",
        "1e3",
        "1e21",
        "-0",
        ".5",
        "12345678.9",
        "2024-01-01",
        "2024-01-01T01:02:03Z",
        "190:20:30",
        "0o17",
        "18446744073709551615",
        "!!str 12",
        "!!float 1",
        "!foo x",
        "+1",
        "1.",
        "0.00001",
        "'it''s'",
        "plain text",
        "a#b",
    ];
    dice.one(&forms).to_owned()
}
