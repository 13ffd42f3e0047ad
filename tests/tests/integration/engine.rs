//! The crate `engine` beside the docker client, on the real engine.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use engine::{Change, Endpoint, Engine, Error, Filter, Health, State, Watch};
use homelab_tests::{ProjectGuard, Relay, Sandbox, engine as real_engine, oracle, zonegen_exe};
use tokio::time::timeout;

const IMAGE: &str = "homelab-tests/busybox:engine";

fn project(name: &str) -> String {
    format!("homelab-engine-{name}-{}", std::process::id())
}

fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

/// The next change that `wanted` takes; the others are passed over.
async fn wait_for<T>(watch: &mut Watch, wanted: impl Fn(&Change) -> Option<T>) -> T {
    let search = async {
        loop {
            if let Some(found) = wanted(&watch.next().await) {
                return found;
            }
        }
    };
    let found = timeout(Duration::from_secs(30), search).await;
    found.expect("the change comes within 30 seconds")
}

#[test]
fn containers_are_as_the_docker_client_shows_them() {
    let Some(real) = real_engine() else { return };
    let Some(socket) = real.socket() else { return };
    if !real.import_busybox(IMAGE) {
        return;
    }
    let project = project("list");
    let _guard = ProjectGuard::new(&real, &project);
    let label = format!("com.docker.compose.project={project}");
    real.docker(["network", "create", "--label", &label, &project])
        .success();
    let name = format!("{project}-web");
    let mount = format!("{project}:/data:ro");
    real.docker([
        "run",
        "-d",
        "--init",
        "--name",
        &name,
        "--label",
        &label,
        "--label",
        "dns.name=web",
        "--network",
        &project,
        "--network-alias",
        "other",
        "--expose",
        "8080/udp",
        "-p",
        "127.0.0.1::80",
        "-v",
        &mount,
        "--health-cmd",
        "true",
        "--health-interval",
        "1s",
        IMAGE,
        "sleep",
        "600",
    ])
    .success();
    let stopped = format!("{project}-stopped");
    real.docker([
        "create",
        "--name",
        &stopped,
        "--label",
        &label,
        "--network",
        "none",
        IMAGE,
    ])
    .success();

    block_on(async {
        let engine = Engine::connect(&Endpoint::Socket(socket.to_string()))
            .await
            .unwrap();
        let version = real
            .docker([
                "version",
                "--format",
                "{{.Server.Version}} {{.Server.APIVersion}}",
            ])
            .success();
        assert_eq!(
            format!("{} {}", engine.version().engine, engine.version().api),
            version.stdout.trim()
        );

        let mut watch = engine.watch();
        wait_for(&mut watch, |change| {
            matches!(change, Change::Connected).then_some(())
        })
        .await;
        let mine = Filter::default().label(&label);
        let mut running = engine.containers(&mine).await.unwrap();
        while running[0].health != Some(Health::Healthy) {
            wait_for(&mut watch, |change| {
                matches!(change, Change::Event(_)).then_some(())
            })
            .await;
            running = engine.containers(&mine).await.unwrap();
        }
        let [web] = running.as_slice() else {
            panic!("{running:?}")
        };
        let inspect = |format: &str| {
            real.docker(["inspect", "--format", format, &name])
                .success()
                .stdout
                .trim()
                .to_owned()
        };
        assert_eq!(
            (web.name.as_str(), web.image.as_str(), web.state),
            (name.as_str(), IMAGE, State::Running)
        );
        assert_eq!(
            (web.id.clone(), web.image_id.clone()),
            (inspect("{{.Id}}"), inspect("{{.Image}}"))
        );
        assert_eq!(web.labels["dns.name"], "web");
        assert_eq!(web.network_mode, project);
        let ip = web.networks[&project].ipv4.unwrap().to_string();
        assert_eq!(
            ip,
            inspect("{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}")
        );
        let [mount] = web.mounts.as_slice() else {
            panic!("{:?}", web.mounts)
        };
        assert_eq!(
            (mount.kind.as_str(), mount.target.as_str(), mount.writable),
            ("volume", "/data", false)
        );
        assert_eq!(mount.name, project);
        let ports: Vec<_> = web
            .ports
            .iter()
            .map(|port| {
                (
                    port.container,
                    port.protocol.as_str(),
                    port.published.is_some(),
                )
            })
            .collect();
        assert_eq!(ports, [(80, "tcp", true), (8080, "udp", false)]);

        let all = engine.containers(&mine.stopped()).await.unwrap();
        let states: BTreeMap<_, _> = all
            .iter()
            .map(|one| (one.name.as_str(), one.state))
            .collect();
        assert_eq!(states[stopped.as_str()], State::Created);

        let networks = engine.networks().await.unwrap();
        let network = networks
            .iter()
            .find(|network| network.name == project)
            .unwrap();
        assert_eq!(Some(network.subnets[0].clone()), real.subnet(&project));
        assert_eq!(
            (
                network.driver.as_str(),
                network.internal,
                network.gateways.len()
            ),
            ("bridge", false, 1)
        );
    });
}

#[test]
fn a_watch_survives_the_loss_of_the_engine() {
    let Some(real) = real_engine() else { return };
    let Some(socket) = real.socket() else { return };
    if !real.import_busybox(IMAGE) {
        return;
    }
    let project = project("watch");
    let _guard = ProjectGuard::new(&real, &project);
    let label = format!("com.docker.compose.project={project}");
    let sandbox = Sandbox::new();
    let relay = Relay::new(socket, &sandbox.path().join("engine.sock"));
    let start = |name: &str| {
        let name = format!("{project}-{name}");
        real.docker([
            "run",
            "-d",
            "--init",
            "--name",
            &name,
            "--label",
            &label,
            "--network",
            "none",
            IMAGE,
            "sleep",
            "600",
        ])
        .success();
    };
    let started = |name: &str| {
        let name = format!("{project}-{name}");
        move |change: &Change| match change {
            Change::Event(event) if event.action == "start" && event.name == name => {
                Some(event.clone())
            }
            _ => None,
        }
    };
    block_on(async {
        let mut watch = Watch::new(Endpoint::Socket(relay.path().to_string()));
        wait_for(&mut watch, |change| {
            matches!(change, Change::Connected).then_some(())
        })
        .await;
        // Started before the events are asked for: a list made now would miss it.
        start("one");
        let event = wait_for(&mut watch, started("one")).await;
        assert_eq!(event.attributes["com.docker.compose.project"], project);
        assert!(event.time > 1_600_000_000_000_000_000);

        relay.cut();
        let lost = wait_for(&mut watch, |change| match change {
            Change::Lost(error) => Some(error.to_string()),
            _ => None,
        })
        .await;
        assert!(lost.contains("events") || lost.contains("ended"), "{lost}");
        let absent = wait_for(&mut watch, |change| match change {
            Change::Lost(error) => Some(matches!(error, Error::NoEngine { .. })),
            _ => None,
        })
        .await;
        assert!(absent);
        start("two");
        relay.mend();
        wait_for(&mut watch, |change| {
            matches!(change, Change::Connected).then_some(())
        })
        .await;
        let now = watch
            .engine()
            .unwrap()
            .containers(&Filter::default().label(&label))
            .await
            .unwrap();
        assert_eq!(now.len(), 2, "{now:?}");
        start("three");
        wait_for(&mut watch, started("three")).await;
    });
}

#[test]
fn an_engine_that_is_not_there_is_told_from_one_that_is_not_ours() {
    let sandbox = Sandbox::new();
    let nothing = sandbox.path().join("none.sock");
    let error = block_on(Engine::connect(&Endpoint::Socket(nothing.to_string()))).unwrap_err();
    assert!(matches!(error, Error::NoEngine { .. }), "{error:?}");
    assert!(
        error.to_string().contains("none.sock") && error.help().is_some(),
        "{error}"
    );

    let file = sandbox.file("file.sock", "");
    let error = block_on(Engine::connect(&Endpoint::Socket(file.to_string()))).unwrap_err();
    assert!(matches!(error, Error::NoEngine { .. }), "{error:?}");

    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let error = block_on(Engine::connect(&Endpoint::Tcp(format!("127.0.0.1:{port}")))).unwrap_err();
    assert!(matches!(error, Error::NoEngine { .. }), "{error:?}");
}

/// An engine that answers every request with this, as far as versions are concerned.
fn fake(api: &str, oldest: &str) -> Endpoint {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let body =
        format!(r#"{{"Version": "1.2.3", "ApiVersion": "{api}", "MinAPIVersion": "{oldest}"}}"#);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 4096];
            while let Ok(1..) = stream.read(&mut request) {
                let answer = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                    body.len()
                );
                if stream.write_all(answer.as_bytes()).is_err() {
                    break;
                }
            }
        }
    });
    Endpoint::Tcp(address)
}

#[test]
fn engines_that_are_too_old_or_too_new_are_refused() {
    let error = block_on(Engine::connect(&fake("1.40", "1.12"))).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("speaks API 1.40, at least 1.41 is needed"),
        "{error}"
    );
    let error = block_on(Engine::connect(&fake("2.0", "1.99"))).unwrap_err();
    assert!(
        error.to_string().contains("speaks no API below 1.99"),
        "{error}"
    );
    let engine = block_on(Engine::connect(&fake("1.99", "1.44"))).unwrap();
    assert_eq!(engine.version().engine, "1.2.3");
    assert_ne!(engine.version().spoken, "1.99");
}

#[test]
fn an_engine_of_others_is_told_as_such() {
    let Some(real) = real_engine() else { return };
    let Some(socket) = real.socket() else { return };
    let Some(setpriv) = oracle("setpriv") else {
        return;
    };
    let mut sandbox = Sandbox::new();
    // Another user has to find the config file.
    let root = sandbox.path().parent().unwrap().to_owned();
    for dir in [root.as_path(), sandbox.path()] {
        fs_err::set_permissions(dir, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    sandbox.set("DOCKER_HOST", format!("unix://{socket}"));
    sandbox.file(
        "zonegen.yaml",
        "zones: {home.arpa: {ns: {ns1: 192.168.1.10}}}\nenvironments: {live: {target: 192.168.1.10, engine: true}}\n",
    );
    // The target directory may be closed to others.
    let exe = sandbox.path().join("zonegen");
    fs_err::copy(zonegen_exe(), &exe).unwrap();
    if sandbox.run("id", ["-u"]).stdout.trim() != "0" {
        // Nobody but root becomes another user; the user of this test owns the engine.
        return;
    }
    let as_nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];
    let outcome = sandbox.run(
        &setpriv,
        as_nobody
            .into_iter()
            .chain([exe.as_str(), "generate", "--dry-run"]),
    );
    assert_eq!(outcome.code, Some(1));
    assert!(
        outcome.stderr.contains("is not open to this user")
            && outcome.stderr.contains("group `docker`"),
        "{}",
        outcome.stderr
    );
}
