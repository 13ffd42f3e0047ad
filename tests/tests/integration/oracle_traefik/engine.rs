//! The real Traefik with the real engine: labels made of a route take a request to a container, and
//! a container whose health check has not passed is left out, as we say.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use homelab_tests::{Engine, NetworkGuard, Sandbox, engine, oracle, traefik::free_port};
use proxy_labels::{Container, Health, Network, Route, Tls, synth, traefik};

const IMAGE: &str = "homelab-tests/busybox:1";

/// Removes a container when dropped.
struct Guard<'e> {
    engine: &'e Engine,
    name: String,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.engine.docker(["rm", "--force", &self.name]);
    }
}

/// Ends Traefik when dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// The status of a request to the entry point.
fn status(port: u16, host: &str) -> Option<u16> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    let request = format!("GET / HTTP/1.0\r\nHost: {host}\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.split(' ').nth(1)?.parse().ok()
}

/// Waits until a request gets this status.
fn expect(port: u16, host: &str, expected: u16) {
    let start = Instant::now();
    let mut last = None;
    while start.elapsed() < Duration::from_secs(60) {
        last = status(port, host);
        if last == Some(expected) {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{host}: expected {expected}, the last answer was {last:?}");
}

/// Whether we say that Traefik has a router for this state.
fn predicted(route: &Route, health: Health) -> bool {
    let mut container = Container::new("web");
    container.labels =
        synth::traefik(std::slice::from_ref(route), &synth::Options::default()).unwrap();
    container
        .networks
        .insert("n".to_owned(), Network::with_ip("172.20.0.2"));
    container.health = health;
    let outcome = traefik::provide(&[container], &traefik::Settings::default());
    !outcome.configuration.http.routers.is_empty()
}

#[test]
fn a_request_reaches_a_healthy_container_and_no_other() {
    let (Some(program), Some(engine)) = (oracle("traefik"), engine()) else {
        return;
    };
    if !engine.import_busybox(IMAGE) {
        return;
    }
    let id = format!("homelab-labels-{}", std::process::id());
    let network = NetworkGuard::new(&engine, &id);
    engine.docker(["network", "create", &id]).success();
    let mut route = Route::new(id.clone(), [format!("{id}.example").parse().unwrap()], 8000);
    route.tls = Tls::Off;
    route.network = Some(id.clone());
    let labels = synth::traefik(std::slice::from_ref(&route), &synth::Options::default()).unwrap();

    let (web, api) = (free_port(), free_port());
    let mut sandbox = Sandbox::new();
    engine.attach(&mut sandbox);
    let endpoint = sandbox
        .run("sh", ["-c", "printf %s \"$DOCKER_HOST\""])
        .stdout;
    let traefik = sandbox
        .command(&program)
        .args([
            "--global.checknewversion=false",
            "--global.sendanonymoususage=false",
        ])
        .arg(format!("--entrypoints.web.address=127.0.0.1:{web}"))
        .arg(format!("--entrypoints.traefik.address=127.0.0.1:{api}"))
        .arg("--providers.providersThrottleDuration=50ms")
        .arg("--providers.docker.exposedByDefault=false")
        .arg(format!("--providers.docker.endpoint={endpoint}"))
        .arg(format!(
            "--providers.docker.constraints=Label(`homelab.tests`,`{id}`)"
        ))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let running = Running(traefik);

    let mut words = vec![
        "run".to_owned(),
        "--detach".to_owned(),
        format!("--name={id}"),
        format!("--network={id}"),
    ];
    words.extend(
        labels
            .iter()
            .map(|(key, value)| format!("--label={key}={value}")),
    );
    words.push(format!("--label=homelab.tests={id}"));
    // The check passes as soon as the file is there.
    let script =
        "mkdir -p /tmp/www && echo hello >/tmp/www/index.html && exec httpd -f -p 8000 -h /tmp/www";
    words.extend(
        [
            "--health-cmd=test -e /tmp/ready",
            "--health-interval=1s",
            "--health-retries=1",
            IMAGE,
            "sh",
            "-c",
            script,
        ]
        .map(str::to_owned),
    );
    engine.docker(words.iter().map(String::as_str)).success();
    let guard = Guard {
        engine: &engine,
        name: id.clone(),
    };
    let host = route.hosts[0].as_str();

    assert!(!predicted(&route, Health::Starting) && !predicted(&route, Health::Unhealthy));
    expect(web, host, 404);
    assert!(predicted(&route, Health::Healthy));
    engine
        .docker(["exec", &id, "touch", "/tmp/ready"])
        .success();
    expect(web, host, 200);
    engine.docker(["exec", &id, "rm", "/tmp/ready"]).success();
    expect(web, host, 404);
    drop((guard, running, network));
}
