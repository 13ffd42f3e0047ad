//! `zonegen watch` beside the real engine: the zone follows what runs.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use homelab_tests::{Engine, ProjectGuard, Relay, Sandbox, engine, zonegen_exe};

const IMAGE: &str = "homelab-tests/busybox:watch";

/// A running `zonegen watch`, its zone file, and the engine behind a socket that can be cut.
struct Watched {
    child: Child,
    sandbox: Sandbox,
    relay: Relay,
    engine: Engine,
    project: String,
    _guard: ProjectGuard,
}

impl Watched {
    fn new(name: &str) -> Option<Self> {
        let engine = engine()?;
        let socket = engine.socket()?;
        if !engine.import_busybox(IMAGE) {
            return None;
        }
        let project = format!("homelab-zonegen-{name}-{}", std::process::id());
        let guard = ProjectGuard::new(&engine, &project);
        let label = format!("com.docker.compose.project={project}");
        engine
            .docker(["network", "create", "--label", &label, &project])
            .success();
        let sandbox = Sandbox::new();
        let relay = Relay::new(socket, &sandbox.path().join("engine.sock"));
        let config = format!(
            "output: zones\n\
             watch: {{debounce: 100ms, grace: 500ms, status: status.json}}\n\
             zones:\n  home.arpa: {{ns: {{ns1: 192.168.1.10}}, file: db}}\n\
             environments:\n  live:\n    target: 192.168.1.10\n    services: {{direct: container}}\n    \
             network: {project}\n    engine: {{host: 'unix://{}', labels: [{label}]}}\n",
            relay.path()
        );
        sandbox.file("zonegen.yaml", &config);
        let child = sandbox
            .command(zonegen_exe())
            .arg("watch")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Some(Self {
            child,
            sandbox,
            relay,
            engine,
            project,
            _guard: guard,
        })
    }

    /// Starts a container with these labels; one of the same name is replaced.
    fn start(&self, name: &str, labels: &[&str]) {
        let container = format!("{}-{name}", self.project);
        self.engine.docker(["rm", "--force", &container]);
        let project = format!("com.docker.compose.project={}", self.project);
        let service = format!("com.docker.compose.service={name}");
        let all = [project.as_str(), service.as_str()];
        let labels = all
            .iter()
            .chain(labels)
            .flat_map(|label| ["--label", label]);
        let args = [
            "run",
            "-d",
            "--init",
            "--network",
            &self.project,
            "--name",
            &container,
        ];
        self.engine
            .docker(
                args.into_iter()
                    .chain(labels)
                    .chain([IMAGE, "sleep", "600"]),
            )
            .success();
    }

    fn stop(&self, name: &str) {
        let container = format!("{}-{name}", self.project);
        self.engine
            .docker(["stop", "--time", "1", &container])
            .success();
    }

    fn ip(&self, name: &str) -> String {
        let container = format!("{}-{name}", self.project);
        let format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
        let found = self
            .engine
            .docker(["inspect", "--format", format, &container])
            .success();
        found.stdout.trim().to_owned()
    }

    fn read(&self, name: &str) -> String {
        fs_err::read_to_string(self.sandbox.path().join(name)).unwrap_or_default()
    }

    /// The names below `home.arpa` that are not those of the zone itself.
    fn names(&self) -> Vec<String> {
        let text = self.read("zones/db");
        let lines = text
            .lines()
            .filter(|line| line.contains(".home.arpa. 300 IN A ") && !line.starts_with("ns1."));
        lines
            .map(|line| line.replace(".home.arpa. 300 IN A", ""))
            .collect()
    }

    #[track_caller]
    fn wait_for(&self, names: &[&str]) {
        self.wait(&format!("{names:?}"), || self.names() == names);
    }

    #[track_caller]
    fn wait_for_state(&self, state: &str) {
        let wanted = format!("\"state\": \"{state}\"");
        self.wait(state, || self.read("status.json").contains(&wanted));
    }

    #[track_caller]
    fn wait(&self, what: &str, done: impl Fn() -> bool) {
        let start = Instant::now();
        while !done() {
            assert!(
                start.elapsed() < Duration::from_secs(40),
                "{what} does not come: {:?}\n{}",
                self.names(),
                self.read("status.json")
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _reaped = self.child.wait();
    }
}

#[test]
fn the_zone_follows_containers_and_survives_the_engine() {
    let Some(mut watched) = Watched::new("follow") else {
        return;
    };
    watched.wait_for_state("current");
    assert_eq!(watched.names(), [] as [&str; 0]);

    // started
    watched.start(
        "web",
        &["traefik.http.routers.web.rule=Host(`web.home.arpa`)"],
    );
    watched.start("box", &["caddy=box.home.arpa", "dns.value=192.168.1.30"]);
    watched.wait_for(&["box 192.168.1.30", "web 192.168.1.10"]);
    watched.start("direct", &["dns.name=direct.home.arpa"]);
    let direct = format!("direct {}", watched.ip("direct"));
    watched.wait_for(&["box 192.168.1.30", &direct, "web 192.168.1.10"]);

    // relabelled
    watched.start(
        "web",
        &["traefik.http.routers.web.rule=Host(`site.home.arpa`)"],
    );
    watched.wait_for(&["box 192.168.1.30", &direct, "site 192.168.1.10"]);

    // stopped
    watched.stop("box");
    watched.wait_for(&[&direct, "site 192.168.1.10"]);

    // the engine is lost: the zone stays, whatever happens meanwhile
    let before = watched.read("zones/db");
    watched.relay.cut();
    watched.wait_for_state("lost");
    watched.stop("web");
    watched.start("late", &["caddy=late.home.arpa"]);
    assert_eq!(watched.read("zones/db"), before);
    watched.relay.mend();
    watched.wait_for(&[&direct, "late 192.168.1.10"]);
    watched.wait_for_state("current");

    // a change by hand inside of the block is not lost
    let text = watched.read("zones/db").replace(
        "; zonegen end live",
        "mine A 192.168.1.50\n; zonegen end live",
    );
    watched.sandbox.file("zones/db", &text);
    watched.start("more", &["caddy=more.home.arpa"]);
    watched.wait_for_state("held");
    assert_eq!(watched.read("zones/db"), text);

    // SIGTERM
    let pid = watched.child.id().to_string();
    watched.sandbox.run("kill", ["-TERM", &pid]).success();
    assert_eq!(watched.child.wait().unwrap().code(), Some(0));
    assert!(
        watched
            .read("status.json")
            .contains("\"state\": \"stopped\"")
    );
    let left: Vec<_> = fs_err::read_dir(watched.sandbox.path().join("zones"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["db"]);
}

#[test]
fn an_engine_that_is_not_there_yet_is_waited_for() {
    let sandbox = Sandbox::new();
    sandbox.file(
        "zonegen.yaml",
        "watch: {status: status.json}\nzones: {home.arpa: {ns: {ns1: 192.168.1.10}, file: db}}\n\
         environments: {live: {target: 192.168.1.10, engine: {host: 'unix:///nowhere/engine.sock'}}}\n",
    );
    let mut child = sandbox
        .command(zonegen_exe())
        .arg("watch")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let start = Instant::now();
    let status = sandbox.path().join("status.json");
    while !fs_err::read_to_string(&status).is_ok_and(|text| text.contains("/nowhere/engine.sock")) {
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "the loss is told"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    sandbox
        .run("kill", ["-INT", &child.id().to_string()])
        .success();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(!sandbox.path().join("db").exists());
}
