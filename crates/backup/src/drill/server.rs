//! A database in a throw-away container, loaded and compared.

use std::collections::BTreeMap;
use std::time::Duration;

use rand::Rng as _;

use super::copy::{self, Original};
use super::place::{self, Place};
use super::report::Check;
use super::{compare, smoke};
use crate::Error;
use crate::discovery::{Kind, Service};
use crate::dump::{Access, Context, counts};
use crate::labels::{self, HttpCheck, Settings};
use crate::manifest::{Databases, Listed, Manifest};
use crate::restore;

/// How long a server may take to come up.
const READY: Duration = Duration::from_secs(300);

/// A server that runs in a place.
#[derive(Debug)]
pub(super) struct Server<'p, 'e> {
    place: &'p Place<'e>,
    pub(super) container: String,
    service: Service,
    settings: Settings,
    kind: Kind,
    /// Whether it has the accounts of the original, which applications know.
    copied: bool,
}

impl<'p, 'e> Server<'p, 'e> {
    /// Starts a fresh server of the manifest's image, with a password that nobody knows.
    pub(super) async fn fresh(
        place: &'p Place<'e>,
        mut service: Service,
        manifest: &Manifest,
    ) -> Result<Self, Error> {
        let kind = manifest.kind.unwrap_or(Kind::Sqlite);
        let image = place::image(place.engine, manifest).await?;
        let mut spec = place.spec(&service.name, &image);
        let password: String = format!(
            "Aa1-{:016x}{:016x}",
            rand::rng().random::<u64>(),
            rand::rng().random::<u64>()
        );
        for (name, value) in environment(kind, &manifest.variables, &password) {
            service.set_variable(&name, Some(&value));
            spec.env.insert(name, value);
        }
        if kind == Kind::PostgreSql {
            // A fast end: nobody needs the data any more.
            spec.stop_signal = Some("SIGINT".to_owned());
        }
        let container = place.engine.create(&spec).await?;
        place.engine.start(&container).await?;
        Ok(Self {
            place,
            container,
            service,
            settings: Settings::default(),
            kind,
            copied: false,
        })
    }

    /// Starts a copy of the container that was dumped, without its data: applications find it under
    /// the names and with the passwords they know.
    pub(super) async fn copy(
        place: &'p Place<'e>,
        original: &Original<'_>,
        manifest: &Manifest,
        notes: &mut Vec<String>,
    ) -> Result<Self, Error> {
        let kind = manifest.kind.unwrap_or(Kind::Sqlite);
        let image = place::image(place.engine, manifest).await?;
        let data = |target: &str| kind.owns(target);
        let nothing = copy::Files {
            dumps: &[],
            brought: &BTreeMap::new(),
        };
        let container = copy::make(place, original, &image, nothing, data, notes).await?;
        place.engine.start(&container).await?;
        let service = original.service.clone();
        let (settings, _) = labels::read(&service.name, &service.labels);
        Ok(Self {
            place,
            container,
            service,
            settings,
            kind,
            copied: true,
        })
    }

    fn access(&self) -> Access<'_> {
        Access {
            engine: self.place.engine,
            container: &self.container,
            kind: self.kind,
            service: &self.service,
            settings: &self.settings,
        }
    }

    /// Returns when the server answers, its first start behind it.
    async fn ready(&self) -> Result<(), Error> {
        // By TCP where the server of the first start listens on its socket alone.
        let probe = match self.kind {
            Kind::PostgreSql => {
                "psql -X -At --no-password --host 127.0.0.1 --username \"$u\" --dbname postgres --command 'SELECT 1' >/dev/null"
            }
            Kind::MySql | Kind::MariaDb => {
                "if command -v mariadb >/dev/null 2>&1; then c=mariadb; else c=mysql; fi; \
                 \"$c\" --user=\"$u\" --protocol=tcp --host=127.0.0.1 -e 'SELECT 1' >/dev/null"
            }
            Kind::Redis => "[ \"$(\"$@\" PING)\" = PONG ]",
            Kind::MongoDb => {
                "for c in mongosh mongo; do if command -v \"$c\" >/dev/null 2>&1; then break; fi; done; \
                 \"$c\" --quiet --eval 'db.runCommand({ping: 1})' >/dev/null"
            }
            Kind::MsSql => "q -Q 'SELECT 1' >/dev/null",
            // The client of version 1 has no `ping`.
            Kind::InfluxDb => {
                "influx ping >/dev/null 2>&1 </dev/null || influx -execute 'SHOW DATABASES' >/dev/null"
            }
            Kind::Sqlite => "true",
        };
        let access = self.access();
        let end = tokio::time::Instant::now() + READY;
        loop {
            let Err(error) = access.script(probe, "").await else {
                return Ok(());
            };
            let details = self.place.engine.details(&self.container).await?;
            if !details.running || tokio::time::Instant::now() > end {
                return Err(error);
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }

    /// Loads the dumps, compares what is there with what should be, and asks by SQL.
    pub(super) async fn prove(
        &self,
        dumps: &[&Listed],
        context: &Context,
        notes: &mut Vec<String>,
    ) -> Result<Vec<Check>, Error> {
        for dump in dumps {
            // A dump that is not what it was is not loaded.
            let listed = (*dump).clone();
            tokio::task::spawn_blocking(move || crate::dump::check(&listed))
                .await
                .map_err(|_| Error::Cancelled)??;
        }
        self.ready().await?;
        let into = restore::Into {
            engine: self.place.engine,
            container: &self.container,
            service: &self.service,
            drill: !self.copied,
        };
        for dump in dumps {
            restore::load(&into, self.kind, dump, context).await?;
        }
        let access = self.access();
        let found = counts(&access, &[]).await?;
        let mut expected = Databases::new();
        for dump in dumps {
            expected.extend(dump.manifest.databases.clone());
        }
        let mut checks = vec![Check::passed("the dump is loaded without an error")];
        checks.extend(compare::compare(&expected, &found));
        for question in dumps.iter().flat_map(|dump| &dump.manifest.smoke) {
            let (container, name) = (&self.container, &self.service.name);
            checks.push(if HttpCheck::parse(question).is_some() {
                smoke::http(self.place, container, name, question).await
            } else {
                smoke::sql(&access, &dumps[0].manifest, &expected, question).await
            });
        }
        if expected.values().all(BTreeMap::is_empty) {
            notes.push(
                "the manifest counts no tables: that the dump loads is all that is known"
                    .to_owned(),
            );
        }
        Ok(checks)
    }
}

/// What images of a kind are set up with.
fn environment(
    kind: Kind,
    known: &BTreeMap<String, String>,
    password: &str,
) -> Vec<(String, String)> {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let known = |name: &str| known.get(name).map(String::as_str);
    match kind {
        Kind::PostgreSql => vec![
            pair(
                "POSTGRES_USER",
                known("POSTGRES_USER").unwrap_or("postgres"),
            ),
            pair("POSTGRES_PASSWORD", password),
            pair("POSTGRESQL_PASSWORD", password),
        ],
        Kind::MySql | Kind::MariaDb => vec![
            pair("MARIADB_ROOT_PASSWORD", password),
            pair("MYSQL_ROOT_PASSWORD", password),
        ],
        Kind::MsSql => vec![
            pair("ACCEPT_EULA", "Y"),
            pair("MSSQL_SA_PASSWORD", password),
        ],
        Kind::MongoDb => known("MONGO_INITDB_ROOT_USERNAME").map_or(Vec::new(), |user| {
            vec![
                pair("MONGO_INITDB_ROOT_USERNAME", user),
                pair("MONGO_INITDB_ROOT_PASSWORD", password),
            ]
        }),
        Kind::InfluxDb => vec![
            pair("DOCKER_INFLUXDB_INIT_MODE", "setup"),
            pair("DOCKER_INFLUXDB_INIT_USERNAME", "drill"),
            pair("DOCKER_INFLUXDB_INIT_PASSWORD", password),
            pair("DOCKER_INFLUXDB_INIT_ORG", "drill"),
            pair("DOCKER_INFLUXDB_INIT_BUCKET", "drill"),
            pair("DOCKER_INFLUXDB_INIT_ADMIN_TOKEN", password),
        ],
        Kind::Redis => vec![pair("ALLOW_EMPTY_PASSWORD", "yes")],
        Kind::Sqlite => Vec::new(),
    }
}
