//! The real Traefik in front of a mock of the engine's API: what does it make of containers?
//!
//! Containers are given in the form that `labelgen decode traefik` reads, and Traefik's answer is
//! brought into the form in which `labelgen` prints, so that the two can be compared.

mod mock;

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::{Map, Value, json};

/// What the real program made of containers.
#[derive(Debug)]
pub struct Answer {
    /// Its dynamic configuration, in the form of `labelgen decode traefik`.
    pub configuration: Value,
    /// The containers its log says it could not decode.
    pub rejected: BTreeSet<String>,
    /// Routers, services and middlewares that are disabled: `http.routers.NAME`.
    pub disabled: BTreeSet<String>,
}

/// The entry points of the real program, as `labelgen` names them.
pub const ENTRY_POINTS: [&str; 4] = ["web", "websecure", "traefik", "udp/udp"];

/// Sections of the API with their places.
const SECTIONS: [(&str, &str, &str); 8] = [
    ("routers", "http", "routers"),
    ("services", "http", "services"),
    ("middlewares", "http", "middlewares"),
    ("tcpRouters", "tcp", "routers"),
    ("tcpServices", "tcp", "services"),
    ("tcpMiddlewares", "tcp", "middlewares"),
    ("udpRouters", "udp", "routers"),
    ("udpServices", "udp", "services"),
];

/// What the API shows beside the configuration.
const STATE: [&str; 6] = [
    "using",
    "usedBy",
    "serverStatus",
    "observability",
    "status",
    "error",
];

/// Runs the program over the containers of `input` with the settings in its `provider`.
///
/// # Panics
///
/// When it cannot be started or does not get ready.
#[must_use]
pub fn ask(program: &Utf8Path, input: &Value) -> Answer {
    let engine = mock::Engine::start(&input["containers"]);
    let dir = tempfile::tempdir().expect("a temporary directory can be made");
    let log = Utf8PathBuf::from_path_buf(dir.path().join("log"))
        .expect("the temporary directory is UTF-8");
    let api = free_port();
    let mut command = Command::new(program);
    command
        .args([
            "--global.checknewversion=false",
            "--global.sendanonymoususage=false",
        ])
        .args([
            "--log.format=json",
            "--log.level=INFO",
            "--api.insecure=true",
        ])
        .arg(format!(
            "--entrypoints.web.address=127.0.0.1:{}",
            free_port()
        ))
        .arg(format!(
            "--entrypoints.websecure.address=127.0.0.1:{}",
            free_port()
        ))
        .arg(format!(
            "--entrypoints.udp.address=127.0.0.1:{}/udp",
            free_port()
        ))
        .arg(format!("--entrypoints.traefik.address=127.0.0.1:{api}"))
        .arg("--providers.providersThrottleDuration=50ms")
        .arg("--providers.docker=true")
        .arg(format!(
            "--providers.docker.endpoint=tcp://127.0.0.1:{}",
            engine.port()
        ));
    for (name, value) in input["provider"].as_object().into_iter().flatten() {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        if name != "entryPoints" {
            command.arg(format!("--providers.docker.{name}={value}"));
        }
    }
    let file = fs_err::File::create(&log).expect("the directory was just made");
    let child = command
        .env_clear()
        .current_dir(dir.path())
        .stdin(Stdio::null())
        .stdout(
            file.try_clone()
                .expect("files can be shared")
                .into_parts()
                .0,
        )
        .stderr(file.into_parts().0)
        .spawn()
        .expect("the program can be started");
    let running = Running(child);
    let raw = wait(api, &log);
    drop(running);
    let text = fs_err::read_to_string(&log).expect("the log is there");
    answer(&raw, &text)
}

/// Ends the program when dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// The API's answer, once the sentinel is in it and nothing changes any more.
fn wait(api: u16, log: &Utf8Path) -> Value {
    let start = Instant::now();
    let (mut last, mut same) = (String::new(), 0);
    while start.elapsed() < Duration::from_secs(60) {
        sleep(Duration::from_millis(100));
        let Some(text) = get(api, "/api/rawdata") else {
            continue;
        };
        let Ok(value) = serde_json::from_str::<Value>(&text) else {
            continue;
        };
        if value["routers"][mock::SENTINEL_ROUTER].is_null() {
            continue;
        }
        same = if text == last { same + 1 } else { 0 };
        if same == 4 {
            return value;
        }
        last = text;
    }
    let log = fs_err::read_to_string(log).unwrap_or_default();
    panic!("the program did not get ready; its log:\n{log}");
}

fn get(port: u16, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    let request = format!("GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    let (_, body) = text.split_once("\r\n\r\n")?;
    Some(body.to_owned())
}

/// A port that is free now.
///
/// # Panics
///
/// When there is none.
#[must_use]
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    listener
        .local_addr()
        .expect("a listener has an address")
        .port()
}

fn answer(raw: &Value, log: &str) -> Answer {
    let mut configuration = json!({
        "http": {"routers": {}, "services": {}, "middlewares": {}}, "tcp": {}, "udp": {},
    });
    let mut disabled = BTreeSet::new();
    for (section, protocol, kind) in SECTIONS {
        for (name, object) in raw[section].as_object().into_iter().flatten() {
            let Some(name) = name.strip_suffix("@docker") else {
                continue;
            };
            if name == mock::SENTINEL {
                continue;
            }
            if object["status"] == "disabled" {
                disabled.insert(format!("{protocol}.{kind}.{name}"));
            }
            let fields = object.as_object().into_iter().flatten();
            let fields: Map<String, Value> = fields
                .filter(|(field, _)| !STATE.contains(&field.as_str()))
                .map(|(field, value)| (field.clone(), unqualified(field, value)))
                .collect();
            configuration[protocol][kind][name] = Value::Object(fields);
        }
    }
    Answer {
        configuration,
        rejected: rejected(log),
        disabled,
    }
}

/// References without the name of the provider, which the running program adds.
fn unqualified(field: &str, value: &Value) -> Value {
    match (field, value) {
        ("middlewares" | "service" | "serversTransport", Value::String(name)) => {
            name.strip_suffix("@docker").unwrap_or(name).into()
        }
        ("middlewares", Value::Array(names)) => {
            names.iter().map(|name| unqualified(field, name)).collect()
        }
        ("loadBalancer", Value::Object(fields)) => {
            let fields = fields.iter();
            let fields = fields.map(|(field, value)| (field.clone(), unqualified(field, value)));
            Value::Object(fields.collect())
        }
        _ => value.clone(),
    }
}

/// The containers that the log names with an error, without the identifier.
fn rejected(log: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for line in log.lines() {
        let Ok(line) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let skipped = line["message"]
            .as_str()
            .and_then(|text| text.strip_prefix("Skip container "));
        names.extend(skipped.map(str::to_owned));
        let dropped =
            line["level"] == "error" && line["routerName"].is_null() && !line["error"].is_null();
        if let Some(container) = line["container"].as_str().filter(|_| dropped)
            && let Some((name, _)) = container.rsplit_once('-')
        {
            names.insert(name.to_owned());
        }
    }
    names
}
