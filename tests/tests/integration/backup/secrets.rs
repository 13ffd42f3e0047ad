//! No secret anywhere but in its container.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use camino::Utf8Path;
use homelab_tests::{Database, oracle};

use super::{Lab, Over};

const CANARY: &str = "c4nary-in-a-c0al-mine";

/// The command lines of all processes of this machine, those in containers among them.
pub(super) fn command_lines() -> String {
    let mut all = String::new();
    for entry in fs_err::read_dir("/proc").unwrap().flatten() {
        if let Ok(line) = fs_err::read(entry.path().join("cmdline")) {
            all.push_str(&String::from_utf8_lossy(&line).replace('\0', " "));
            all.push('\n');
        }
    }
    all
}

/// Follows the programs that are started in containers, and asks the engine about each of them, as
/// anybody may who can reach it.
struct Inspector {
    events: Child,
    answers: thread::JoinHandle<Vec<String>>,
}

impl Inspector {
    fn start(lab: &Lab, socket: &Utf8Path) -> Self {
        let format = "{{.Actor.Attributes.execID}}";
        let args = [
            "events",
            "--filter",
            "event=exec_create",
            "--format",
            format,
        ];
        let mut events = lab
            .sandbox
            .command(oracle("docker").unwrap())
            .args(args)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(events.stdout.take().unwrap()).lines();
        let socket = socket.to_owned();
        let answers = thread::spawn(move || {
            let ids = lines.map_while(Result::ok);
            ids.map(|id| inspected(&socket, &id)).collect()
        });
        Self { events, answers }
    }

    /// What the engine has said.
    fn finish(mut self) -> String {
        self.events.kill().unwrap();
        self.events.wait().unwrap();
        self.answers.join().unwrap().join("\n")
    }
}

/// The answer of the engine to `GET /exec/ID/json`.
fn inspected(socket: &Utf8Path, id: &str) -> String {
    let mut stream = UnixStream::connect(socket).unwrap();
    // The first version of HTTP: the connection ends with the answer.
    let request = format!("GET /v1.41/exec/{id}/json HTTP/1.0\r\nHost: engine\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn no_secret_is_seen_anywhere() {
    let Some(lab) = Lab::new("canary") else {
        return;
    };
    let variable = |name: &str| format!("{name}={CANARY}");
    let started = [
        (Database::Postgres, "pg", "POSTGRES_PASSWORD"),
        (Database::MariaDb, "my", "MARIADB_ROOT_PASSWORD"),
        (Database::FakeMssql, "ms", "MSSQL_SA_PASSWORD"),
        (Database::FakeMongo, "mo", "MONGO_INITDB_ROOT_PASSWORD"),
    ]
    .map(|(database, service, name)| lab.start(database, service, &["-e", &variable(name)]));
    if started.iter().any(Option::is_none) {
        return;
    }
    let since = lab
        .engine
        .docker(["info", "--format", "{{.SystemTime}}"])
        .stdout;
    let Some(socket) = lab.engine.socket() else {
        return;
    };
    let inspector = Inspector::start(&lab, &socket);
    let stop = AtomicBool::new(false);
    let services: Vec<String> = ["pg", "my", "ms", "mo"]
        .iter()
        .map(|name| lab.service(name))
        .collect();
    let mut shown = String::new();
    let lines = thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let mut seen = String::new();
            while !stop.load(Ordering::Relaxed) {
                seen.push_str(&command_lines());
            }
            seen
        });
        let over = Over(&stop);
        for verb in [
            &["run"][..],
            &["plan", "--json"],
            &["drill"],
            &["list", "--json"],
        ] {
            let args: Vec<&str> = verb
                .iter()
                .copied()
                .chain(services.iter().map(String::as_str))
                .collect();
            let outcome = lab.run(&args).success();
            shown.push_str(&outcome.stdout);
            shown.push_str(&outcome.stderr);
        }
        for service in &services {
            shown.push_str(&lab.run(&["restore", service, "--yes"]).success().stderr);
        }
        drop(over);
        watch.join().unwrap()
    });
    assert!(
        lines.contains("pg_dumpall") || lines.contains("pg_dump"),
        "the dump was looked at"
    );
    assert!(!lines.contains(CANARY), "in a command line");
    let inspected = inspector.finish();
    for tool in ["pg_dumpall", "mariadb-dump", "sqlcmd", "mongodump", "psql"] {
        assert!(inspected.contains(tool), "`{tool}` was inspected");
    }
    assert!(!inspected.contains(CANARY), "in an inspected exec");
    assert!(!shown.contains(CANARY), "in what is shown");
    assert!(
        shown.contains("POSTGRES_PASSWORD"),
        "where it comes from is said"
    );
    let until = lab
        .engine
        .docker(["info", "--format", "{{.SystemTime}}"])
        .stdout;
    let events = lab
        .engine
        .docker(["events", "--since", since.trim(), "--until", until.trim()])
        .success();
    assert!(events.stdout.contains("exec_start"));
    assert!(!events.stdout.contains(CANARY), "in events");
    for guard in started.iter().flatten() {
        let logs = lab.engine.docker(["logs", guard.name()]);
        assert!(
            !format!("{}{}", logs.stdout, logs.stderr).contains(CANARY),
            "in logs"
        );
    }
    let grep = Command::new("grep")
        .args(["-ra", CANARY, lab.mnt().as_str()])
        .stdout(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&grep.stdout), "", "in manifests");
}
