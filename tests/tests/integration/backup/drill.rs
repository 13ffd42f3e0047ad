//! Drills that start applications on what was restored.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use homelab_tests::{ContainerGuard, Database, NetworkGuard, ProjectGuard};
use serde_json::Value;

use super::{Lab, Over, manifest};

const HEALTH: &str =
    "python3 -c \"import urllib.request as u; u.urlopen('http://127.0.0.1:8080/health')\"";
const CANARY: &str = "r0le-canary-password";

/// A shop: a database with 500 orders and an application over it, on a network of their own.
struct Shop {
    lab: Lab,
    app: Option<ContainerGuard>,
    db: ContainerGuard,
    _network: NetworkGuard,
    network: String,
}

impl Shop {
    fn open(name: &str) -> Option<Self> {
        let lab = Lab::new(name)?;
        let project = lab.project.clone();
        Self::in_project(lab, name, &project)
    }

    /// One whose database is in this project.
    fn in_project(lab: Lab, name: &str, project: &str) -> Option<Self> {
        let network = format!("homelab-{name}-{}", std::process::id());
        let guard = NetworkGuard::new(&lab.engine, &network);
        lab.engine.docker(["network", "create", &network]).success();
        let options = [
            "--network",
            &network,
            "--network-alias",
            "db",
            "-e",
            "POSTGRES_DB=shop",
        ];
        let db = lab.start_in(project, Database::Postgres, "db", &options)?;
        let shop = Self {
            lab,
            app: None,
            db,
            _network: guard,
            network,
        };
        shop.sql(&format!(
            "CREATE ROLE clerk LOGIN PASSWORD '{CANARY}'; \
             CREATE TABLE orders AS SELECT generate_series(1, 500) AS id; GRANT SELECT ON orders TO clerk",
        ));
        let data = shop.lab.mnt().join("data");
        fs_err::create_dir(&data).unwrap();
        fs_err::write(data.join("note"), "a note\n").unwrap();
        shop.lab.sandbox.file("greeting", "hello\n");
        Some(shop)
    }

    fn sql(&self, text: &str) {
        let args = ["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-U", "postgres"];
        let args = [&args[..], &["-d", "shop", "-c", text]].concat();
        self.db.exec(&args).success();
    }

    /// Options of `docker run` for the application, with its question and more options.
    fn options(&self, password: &str, more: &[&str]) -> Vec<String> {
        let path = |name: &str| self.lab.sandbox.path().join(name);
        let fixed = [
            format!("--network={}", self.network),
            "--env=PGHOST=db".to_owned(),
            "--env=PGUSER=clerk".to_owned(),
            "--env=PGDATABASE=shop".to_owned(),
            format!("--env=PGPASSWORD={password}"),
            format!("--volume={}:/data", self.lab.mnt().join("data")),
            format!("--volume={}:/etc/greeting:ro", path("greeting")),
            "--label=traefik.enable=true".to_owned(),
            "--label=caddy=shop.home.arpa".to_owned(),
            "--label=com.docker.compose.depends_on=db:service_started:false".to_owned(),
            "--publish=127.0.0.1::8080".to_owned(),
            format!("--health-cmd={HEALTH}"),
            "--health-interval=1s".to_owned(),
        ];
        let more = more.iter().map(|&option| option.to_owned());
        fixed.into_iter().chain(more).collect()
    }

    /// Starts the application with its questions.
    fn start(&mut self, questions: &str, more: &[&str]) -> bool {
        // One after the other, as both have one name.
        self.app = None;
        let label = format!("--label=backup.restore.smoke={questions}");
        let more = [&[label.as_str()], more].concat();
        let mut options = self.options(CANARY, &more);
        // The guard of containers looks for the network as two words.
        options.splice(..1, ["--network".to_owned(), self.network.clone()]);
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        self.app = self.lab.start(Database::OrdersApp, "app", &options);
        self.app.is_some()
    }

    /// What `labbackup drill` with these arguments reports, with its end.
    fn drill(&self, args: &[&str]) -> (Option<i32>, Value, String) {
        let metrics = self.lab.sandbox.path().join("lab.prom");
        let all = [&["drill", "--json", "--metrics", metrics.as_str()], args].concat();
        let outcome = self.lab.run(&all);
        let label = format!("label=labbackup.drill={}", self.lab.mnt().join("backups"));
        for what in [
            &["ps", "-aq"][..],
            &["network", "ls", "-q"],
            &["volume", "ls", "-q"],
        ] {
            let args = what.iter().copied().chain(["--filter", &label]);
            let left = self.lab.engine.docker(args).stdout;
            assert_eq!(left, "", "{what:?}: something is left");
        }
        assert!(!outcome.stdout.contains(CANARY) && !outcome.stderr.contains(CANARY));
        let report = serde_json::from_str(&outcome.stdout)
            .unwrap_or_else(|_| panic!("{}{}", outcome.stdout, outcome.stderr));
        (
            outcome.code,
            report,
            fs_err::read_to_string(metrics).unwrap(),
        )
    }

    /// What the engine says of all that belongs to a drill, for as long as `stop` is not set.
    fn watch(&self, stop: &AtomicBool) -> Vec<Value> {
        let label = format!("label=labbackup.drill={}", self.lab.mnt().join("backups"));
        let mut seen = Vec::new();
        while !stop.load(Ordering::Relaxed) {
            for (list, inspect) in [
                (&["ps", "-aq"][..], &["inspect"][..]),
                (&["network", "ls", "-q"], &["network", "inspect"]),
            ] {
                let list = list.iter().copied().chain(["--filter", &label]);
                let ids = self.lab.engine.docker(list).stdout;
                let args = inspect.iter().copied().chain(ids.split_whitespace());
                if !ids.is_empty()
                    && let Ok(Value::Array(found)) =
                        serde_json::from_str(&self.lab.engine.docker(args).stdout)
                {
                    seen.extend(found);
                }
            }
            thread::sleep(Duration::from_millis(500));
        }
        seen
    }
}

fn of<'r>(report: &'r Value, role: &str) -> &'r Value {
    let mut services = report["services"].as_array().unwrap().iter();
    services.find(|one| one["role"] == role).unwrap()
}

#[test]
fn applications_run_on_what_was_restored() {
    let Some(mut shop) = Shop::open("apps") else {
        return;
    };
    if !shop.start(
        "http://app:8080/orders 200 500 orders\nhttp://app:8080/note a note\nhttp://localhost:8080/greeting hello",
        &[],
    ) {
        return;
    }
    let names = [shop.lab.service("db"), shop.lab.service("app")];
    shop.lab.run(&["run", "-q", &names[0], &names[1]]).success();
    // What answers now is not what was backed up.
    shop.sql("DELETE FROM orders WHERE id > 3");
    fs_err::write(shop.lab.mnt().join("data/note"), "another\n").unwrap();

    let stop = AtomicBool::new(false);
    let (seen, (code, report, metrics)) = thread::scope(|scope| {
        let watch = scope.spawn(|| shop.watch(&stop));
        let over = Over(&stop);
        let drilled = shop.drill(&[&names[1]]);
        drop(over);
        (watch.join().unwrap(), drilled)
    });
    assert_eq!(code, Some(0), "{report:#}");
    assert_eq!(report["outcome"], "verified");
    let app = of(&report, "application");
    assert_eq!(app["service"], names[1]);
    assert_eq!(app["torn_down"], true);
    let checks = app["checks"].as_array().unwrap();
    assert_eq!(checks.len(), 4, "{report:#}");
    assert_eq!(
        checks[0]["what"],
        "`app` starts, and its health check passes"
    );
    assert_eq!(of(&report, "database")["verified"], true);
    assert_eq!(of(&report, "files")["verified"], true);
    for service in ["db", "app"] {
        for dump in shop.lab.dumps(service) {
            assert!(manifest(&dump)["verified"].is_string(), "{dump}");
        }
        let line = format!(
            "labbackup_last_drill_success{{service=\"{}\"}} 1",
            shop.lab.service(service)
        );
        assert!(metrics.contains(&line), "{metrics}");
    }

    // Apart from everything.
    let networks: Vec<&Value> = seen
        .iter()
        .filter(|one| one["Internal"].is_boolean())
        .collect();
    assert!(!networks.is_empty(), "the drill was looked at");
    assert!(networks.iter().all(|network| network["Internal"] == true));
    let containers: Vec<&Value> = seen
        .iter()
        .filter(|one| one["HostConfig"].is_object())
        .collect();
    assert!(
        containers
            .iter()
            .any(|one| one["Name"].as_str().unwrap().contains("-app-"))
    );
    for one in containers {
        let labels = one["Config"]["Labels"].as_object().unwrap();
        for label in labels.keys().filter(|label| *label != "labbackup.drill") {
            assert!(
                label.starts_with("homelab.tests"),
                "the image's own: {label}"
            );
        }
        let ports = &one["HostConfig"]["PortBindings"];
        assert!(
            ports.as_object().is_none_or(serde_json::Map::is_empty),
            "{ports}"
        );
        for mount in one["Mounts"].as_array().unwrap() {
            assert_eq!(mount["Type"], "volume", "nothing of the machine: {mount}");
        }
        let attached = one["NetworkSettings"]["Networks"].as_object().unwrap();
        assert!(
            attached
                .keys()
                .all(|name| name.starts_with("labbackup-drill-"))
        );
    }
    // Production was left alone.
    let note = fs_err::read_to_string(shop.lab.mnt().join("data/note")).unwrap();
    assert_eq!(note, "another\n");
}

#[test]
fn an_application_that_answers_wrong_or_does_not_start_fails_the_drill() {
    let Some(mut shop) = Shop::open("appbad") else {
        return;
    };
    if !shop.start("http://app:8080/orders 200 501 orders", &[]) {
        return;
    }
    shop.lab
        .run(&["run", "-q", &shop.lab.service("db")])
        .success();
    let (code, report, metrics) = shop.drill(&[]);
    assert_eq!(code, Some(5), "{report:#}");
    let app = of(&report, "application");
    assert_eq!(app["torn_down"], true);
    let failed = app["checks"].as_array().unwrap().last().unwrap();
    assert_eq!(failed["expected"], "status 200 and `501 orders`");
    let found = failed["found"].as_str().unwrap();
    assert!(
        found.starts_with("status 200, without that text"),
        "{found}"
    );
    let db = of(&report, "database");
    assert_eq!(db["verified"], true, "{report:#}");
    assert!(
        db["notes"][0].as_str().unwrap().contains("not marked"),
        "{db}"
    );
    let dump = shop.lab.dumps("db").pop().unwrap();
    assert!(
        manifest(&dump)["verified"].is_null(),
        "not with that on top"
    );
    let line = format!(
        "labbackup_last_drill_success{{service=\"{}\"}} 0",
        shop.lab.service("app")
    );
    assert!(metrics.contains(&line), "{metrics}");

    // One that cannot log in. It need not run to be copied.
    shop.app = None;
    let project = shop.lab.service("app").replace("/app", "");
    let _guard = ProjectGuard::new(&shop.lab.engine, &project);
    let labels = [
        "--label=backup.restore.start=true".to_owned(),
        format!("--label=com.docker.compose.project={project}"),
        "--label=com.docker.compose.service=app".to_owned(),
    ];
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let options = shop.options("wr0ng", &labels);
    let args = ["create"]
        .into_iter()
        .chain(options.iter().map(String::as_str))
        .chain([Database::OrdersApp.image(), "app"]);
    shop.lab.engine.docker(args).success();
    let (code, report, _) = shop.drill(&[]);
    assert_eq!(code, Some(5), "{report:#}");
    let check = &of(&report, "application")["checks"][0];
    assert_eq!(check["passed"], false);
    let found = check["found"].as_str().unwrap();
    assert!(
        found.starts_with("it has ended with code 1; it says:"),
        "{found}"
    );
    assert!(found.contains("password authentication failed"), "{found}");
}

#[test]
fn databases_of_other_projects_come_along() {
    let Some(lab) = Lab::new("appwith") else {
        return;
    };
    let databases = format!("{}-databases", lab.project);
    let Some(mut shop) = Shop::in_project(lab, "appwith", &databases) else {
        return;
    };
    let question = "http://app:8080/orders 200 500 orders";
    let (app, db) = (shop.lab.service("app"), format!("{databases}/db"));
    // Without the label there is nothing that the application could ask.
    if !shop.start(question, &[]) {
        return;
    }
    shop.lab.run(&["run", "-q", &app, &db]).success();
    let (code, report, _) = shop.drill(&[&app]);
    assert_eq!(code, Some(5), "{report:#}");
    let services = report["services"].as_array().unwrap();
    assert!(services.iter().all(|one| one["service"] != db.as_str()));

    assert!(shop.start(question, &[&format!("--label=backup.restore.with={db}")]));
    let (code, report, _) = shop.drill(&[&app]);
    assert_eq!(code, Some(0), "{report:#}");
    assert_eq!(of(&report, "application")["service"], app);
    // It is proven once, as a part of its own project.
    let databases = report["services"].as_array().unwrap().iter();
    let databases: Vec<&Value> = databases.filter(|one| one["role"] == "database").collect();
    assert_eq!(databases.len(), 1, "{report:#}");
    assert_eq!(databases[0]["service"], db);

    assert!(shop.start(question, &["--label=backup.restore.with=dbb"]));
    let (code, report, _) = shop.drill(&[&app]);
    assert_eq!(code, Some(5), "{report:#}");
    let error = of(&report, "application")["error"].as_str().unwrap();
    assert!(
        error.contains("`dbb`") && error.contains("backup.restore.with"),
        "{error}"
    );
}
