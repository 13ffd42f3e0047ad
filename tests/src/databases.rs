//! Containers with databases in them, from the images that `tests/images/build` makes.

use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::{Engine, Outcome, skip};

/// A database that tests can start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// `postgres:15`; `POSTGRES_PASSWORD` is `secret` unless set otherwise.
    Postgres,
    /// `mariadb:10.11`; `MARIADB_ROOT_PASSWORD` is `secret` unless set otherwise.
    MariaDb,
    /// `redis:7`.
    Redis,
    /// An application that keeps notes in `SQLite`, `/data/app.db`; see `tests/images/sqlite-app`.
    SqliteApp,
    /// An application over `PostgreSQL`; see `tests/images/orders-app`.
    OrdersApp,
    /// A stand-in for SQL Server; `MSSQL_SA_PASSWORD` is `secret` unless set otherwise.
    FakeMssql,
    /// A stand-in for `MongoDB`; `MONGO_INITDB_ROOT_PASSWORD` is `secret` unless set otherwise.
    FakeMongo,
    /// A stand-in for `InfluxDB` 2; 1 with `FAKE_VERSION=1.8.10`. `DOCKER_INFLUXDB_INIT_ADMIN_TOKEN` is
    /// `secret` unless set otherwise.
    FakeInflux,
}

impl Database {
    /// The image.
    #[must_use]
    pub fn image(self) -> &'static str {
        match self {
            Self::Postgres => "postgres:15",
            Self::MariaDb => "mariadb:10.11",
            Self::Redis => "redis:7",
            Self::SqliteApp => "homelab-tests/sqlite-app:1",
            Self::OrdersApp => "homelab-tests/orders-app:1",
            Self::FakeMssql => "mcr.microsoft.com/mssql/server:fake",
            Self::FakeMongo => "mongo:fake",
            Self::FakeInflux => "influxdb:fake",
        }
    }

    /// Options of `docker run`: those that the server needs, and a password.
    fn defaults(self) -> &'static [&'static str] {
        match self {
            Self::Postgres => &["--stop-signal", "SIGINT", "-e", "POSTGRES_PASSWORD=secret"],
            Self::MariaDb => &["-e", "MARIADB_ROOT_PASSWORD=secret"],
            Self::Redis => &[],
            Self::SqliteApp | Self::OrdersApp => &[],
            Self::FakeMssql => &["-e", "MSSQL_SA_PASSWORD=secret"],
            Self::FakeMongo => &[
                "-e",
                "MONGO_INITDB_ROOT_USERNAME=root",
                "-e",
                "MONGO_INITDB_ROOT_PASSWORD=secret",
            ],
            Self::FakeInflux => &["-e", "DOCKER_INFLUXDB_INIT_ADMIN_TOKEN=secret"],
        }
    }

    /// What succeeds inside once clients can connect. Over TCP, which is not open while a data
    /// directory is made.
    fn probe(self) -> &'static [&'static str] {
        match self {
            Self::Postgres => &["pg_isready", "-q", "-h", "127.0.0.1"],
            Self::MariaDb => &["mariadb-admin", "--protocol=tcp", "-h127.0.0.1", "ping"],
            Self::Redis => &["redis-cli", "ping"],
            Self::SqliteApp | Self::OrdersApp => &[
                "python3",
                "-c",
                "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/health')",
            ],
            Self::FakeMssql => &["test", "-e", "/var/opt/mssql/data/tempdb.rows"],
            Self::FakeMongo => &["test", "-d", "/data/db/admin"],
            Self::FakeInflux => &["influx", "ping"],
        }
    }
}

/// A container which is removed with its volumes when dropped, also by a panic.
#[derive(Debug)]
pub struct ContainerGuard {
    engine: Engine,
    name: String,
}

impl Engine {
    /// Whether an image is there.
    ///
    /// `false` means the test cannot run here, and stderr says so.
    ///
    /// # Panics
    ///
    /// When it is missing and `REQUIRE_ORACLES=1`.
    #[must_use]
    pub fn has_image(&self, tag: &str) -> bool {
        let found = self.docker(["image", "inspect", tag]).code == Some(0);
        if !found {
            skip(&format!(
                "there is no image `{tag}`; tests/images/build makes it"
            ));
        }
        found
    }

    /// Starts a database and waits until it can be used. `options` are options of `docker run`, put
    /// after the usual ones (`--network none` unless a network is among them), `command` follows the
    /// image. The name is made unique by the number of this process.
    ///
    /// `None` means the test cannot run here, and stderr says so.
    ///
    /// # Panics
    ///
    /// When it does not start within a minute; when the image is missing and `REQUIRE_ORACLES=1`.
    #[must_use]
    pub fn database(
        &self,
        database: Database,
        name: &str,
        options: &[&str],
        command: &[&str],
    ) -> Option<ContainerGuard> {
        if !self.has_image(database.image()) {
            return None;
        }
        let name = format!("homelab-{name}-{}", std::process::id());
        let guard = ContainerGuard {
            engine: self.clone(),
            name: name.clone(),
        };
        let mut args = vec!["run", "-d", "--name", &name];
        if !options.contains(&"--network") {
            args.extend(["--network", "none"]);
        }
        args.extend(database.defaults());
        args.extend(options);
        args.push(database.image());
        args.extend(command);
        self.docker(args).success();
        guard.wait(database.probe());
        Some(guard)
    }
}

impl ContainerGuard {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs a program inside, as root.
    ///
    /// # Panics
    ///
    /// When the docker client cannot be started.
    #[track_caller]
    pub fn exec(&self, args: &[&str]) -> Outcome {
        let exec = ["exec", &self.name];
        self.engine
            .docker(exec.into_iter().chain(args.iter().copied()))
    }

    /// Waits until a program inside succeeds.
    ///
    /// # Panics
    ///
    /// When it does not within a minute, or the container ends.
    #[track_caller]
    pub fn wait(&self, probe: &[&str]) {
        let start = Instant::now();
        loop {
            let outcome = self.exec(probe);
            if outcome.code == Some(0) {
                return;
            }
            let running = ["inspect", "--format", "{{.State.Running}}", &self.name];
            let running = self.engine.docker(running).stdout.trim() == "true";
            if !running || start.elapsed() > Duration::from_secs(60) {
                let logs = self.engine.docker(["logs", "--tail", "20", &self.name]);
                panic!(
                    "`{}` is not ready after {:?}\n{}{}{}",
                    self.name,
                    start.elapsed(),
                    outcome.stderr,
                    logs.stdout,
                    logs.stderr
                );
            }
            sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for ContainerGuard {
    fn drop(&mut self) {
        self.engine
            .docker(["rm", "--force", "--volumes", &self.name]);
    }
}
