//! As much of the engine's API as Traefik asks for.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use serde_json::{Map, Value, json};

/// A container of our own: once its router is there, all are.
pub(super) const SENTINEL: &str = "sentinel";
pub(super) const SENTINEL_ROUTER: &str = "sentinel@docker";

/// A listening mock; its threads end with the test.
pub(super) struct Engine {
    port: u16,
}

impl Engine {
    /// Answers for these containers.
    pub(super) fn start(containers: &Value) -> Self {
        let mut inspected: Vec<Value> = Vec::new();
        for (at, container) in containers.as_array().into_iter().flatten().enumerate() {
            inspected.push(inspect(container, &format!("{:064x}", at + 1)));
        }
        let sentinel = json!({
            "name": SENTINEL,
            "labels": {
                "traefik.enable": "true",
                "traefik.docker.network": "bridge",
                "traefik.http.routers.sentinel.rule": "Host(`sentinel`)",
                "traefik.http.routers.sentinel.entrypoints": "traefik",
                "traefik.http.services.sentinel.loadbalancer.server.port": "80",
            },
            "networks": {"bridge": {"ip": "172.17.0.254"}},
        });
        inspected.push(inspect(&sentinel, &"f".repeat(64)));
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let port = listener
            .local_addr()
            .expect("a listener has an address")
            .port();
        let inspected = Arc::new(inspected);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let inspected = Arc::clone(&inspected);
                std::thread::spawn(move || serve(stream, &inspected));
            }
        });
        Self { port }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }
}

/// A container as the engine describes it.
fn inspect(container: &Value, id: &str) -> Value {
    let or = |value: &Value, default: Value| {
        if value.is_null() {
            default
        } else {
            value.clone()
        }
    };
    let state = or(&container["state"], "running".into());
    let mut status = json!({"Status": state, "Running": state == "running"});
    match container["health"].as_str() {
        None | Some("none") => {}
        Some(health) => status["Health"] = json!({"Status": health}),
    }
    let ports = container["ports"].as_array().into_iter().flatten();
    let ports: Map<String, Value> = ports
        .filter_map(|port| Some((port.as_str()?.to_owned(), Value::Null)))
        .collect();
    let networks = container["networks"].as_object().into_iter().flatten();
    let networks: Map<String, Value> = networks
        .map(|(name, network)| {
            let address = json!({
                "NetworkID": name,
                "IPAddress": or(&network["ip"], "".into()),
                "GlobalIPv6Address": or(&network["ipv6"], "".into()),
            });
            (name.clone(), address)
        })
        .collect();
    json!({
        "Id": id,
        "Name": format!("/{}", container["name"].as_str().unwrap_or_default()),
        "State": status,
        "HostConfig": {"NetworkMode": or(&container["network_mode"], "bridge".into())},
        "Config": {"Labels": or(&container["labels"], json!({}))},
        "NetworkSettings": {"Ports": ports, "Networks": networks},
    })
}

fn serve(mut stream: TcpStream, containers: &[Value]) {
    let Ok(reading) = stream.try_clone() else {
        return;
    };
    let mut reader = BufReader::new(reading);
    loop {
        let mut request = String::new();
        if reader.read_line(&mut request).unwrap_or(0) == 0 {
            return;
        }
        let mut header = String::new();
        while reader.read_line(&mut header).is_ok_and(|length| length > 2) {
            header.clear();
        }
        let path = request.split(' ').nth(1).unwrap_or_default();
        let path = path.split('?').next().unwrap_or_default();
        let path = match path.strip_prefix("/v1.") {
            Some(rest) => rest.find('/').map_or("", |at| &rest[at..]),
            None => path,
        };
        if path == "/events" {
            let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
            stream.write_all(head.as_bytes()).ok();
            // Nothing ever happens; the thread waits until the other side is gone.
            while reader.read_line(&mut header).is_ok_and(|length| length > 0) {}
            return;
        }
        let body = answer(path, containers);
        let status = if body.is_some() {
            "200 OK"
        } else {
            "404 Not Found"
        };
        let body = body.unwrap_or_default();
        let head = format!(
            "HTTP/1.1 {status}\r\nApi-Version: 1.44\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let body = if request.starts_with("HEAD") {
            ""
        } else {
            &body
        };
        if stream
            .write_all(format!("{head}{body}").as_bytes())
            .is_err()
        {
            return;
        }
    }
}

fn answer(path: &str, containers: &[Value]) -> Option<String> {
    match path {
        "/_ping" => return Some("OK".to_owned()),
        "/version" => {
            let version = json!({
                "Version": "27.0.0", "ApiVersion": "1.44", "MinAPIVersion": "1.24", "Os": "linux", "Arch": "amd64",
            });
            return Some(version.to_string());
        }
        "/containers/json" => {
            let list: Vec<Value> = containers
                .iter()
                .map(|container| {
                    json!({
                        "Id": container["Id"],
                        "Names": [container["Name"]],
                        "Labels": container["Config"]["Labels"],
                        "State": container["State"]["Status"],
                        "NetworkSettings": {},
                    })
                })
                .collect();
            return Some(Value::from(list).to_string());
        }
        _ => {}
    }
    let name = path.strip_prefix("/containers/")?.strip_suffix("/json")?;
    let named =
        |container: &&Value| container["Id"] == name || container["Name"] == format!("/{name}");
    containers.iter().find(named).map(Value::to_string)
}
