//! The throw-away container, and its network.

use std::collections::BTreeMap;
use std::time::Duration;

use camino::Utf8Path;
use engine::{Engine, Spec};
use rand::Rng as _;

use super::LABEL;
use crate::Error;
use crate::discovery::{Kind, Service};
use crate::dump::Access;
use crate::labels::Settings;
use crate::manifest::Manifest;

/// How long a server may take to come up.
const READY: Duration = Duration::from_secs(300);

/// A server of its own, on a network of its own.
#[derive(Debug)]
#[must_use]
pub(super) struct Place<'e> {
    engine: &'e Engine,
    service: Service,
    kind: Kind,
    container: Option<String>,
    network: Option<String>,
}

impl<'e> Place<'e> {
    /// Makes network and container and starts it. On failure what there is comes back as well, to be
    /// taken down.
    pub(super) async fn make(
        engine: &'e Engine,
        service: &Service,
        manifest: &Manifest,
        target: &Utf8Path,
    ) -> Result<Self, (Error, Self)> {
        let kind = manifest.kind.unwrap_or(Kind::Sqlite);
        let mut place = Self {
            engine,
            service: service.clone(),
            kind,
            container: None,
            network: None,
        };
        match place.build(manifest, target).await {
            Ok(()) => Ok(place),
            Err(error) => Err((error, place)),
        }
    }

    async fn build(&mut self, manifest: &Manifest, target: &Utf8Path) -> Result<(), Error> {
        let tail: String = format!("{:08x}", rand::rng().random::<u32>());
        let name = format!("labbackup-drill-{tail}");
        let labels = BTreeMap::from([(LABEL.to_owned(), target.to_string())]);
        let image = self.image(manifest).await?;
        let network = self.engine.create_network(&name, true, &labels).await?;
        self.network = Some(network);
        let mut spec = Spec::new(name.clone(), image);
        spec.network = Some(name);
        spec.labels = labels;
        let password: String = format!(
            "Aa1-{:016x}{:016x}",
            rand::rng().random::<u64>(),
            rand::rng().random::<u64>()
        );
        for (name, value) in environment(self.kind, &manifest.variables, &password) {
            self.service.set_variable(&name, Some(&value));
            spec.env.insert(name, value);
        }
        if self.kind == Kind::PostgreSql {
            // A fast end: nobody needs the data any more.
            spec.stop_signal = Some("SIGINT".to_owned());
        }
        let container = self.engine.create(&spec).await?;
        self.container = Some(container.clone());
        self.engine.start(&container).await?;
        Ok(())
    }

    /// The image of the dump if it is still there, else one of its name.
    async fn image(&self, manifest: &Manifest) -> Result<String, Error> {
        for image in [
            Some(&manifest.image_id),
            manifest.image_digest.as_ref(),
            Some(&manifest.image),
        ] {
            let Some(image) = image.filter(|image| !image.is_empty()) else {
                continue;
            };
            match self.engine.image(image).await {
                Ok(_) => return Ok(image.clone()),
                Err(engine::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Error::Refused {
            why: format!(
                "the image `{}` is not on this engine any more: pull it first",
                manifest.image
            ),
        })
    }

    pub(super) fn container(&self) -> &str {
        self.container.as_deref().unwrap_or_default()
    }

    pub(super) fn service(&self) -> &Service {
        &self.service
    }

    /// Returns when the server answers, its first start behind it.
    pub(super) async fn ready(&self) -> Result<(), Error> {
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
            Kind::InfluxDb => "influx ping >/dev/null",
            Kind::Sqlite => "true",
        };
        let settings = Settings::default();
        let access = Access {
            engine: self.engine,
            container: self.container(),
            kind: self.kind,
            service: &self.service,
            settings: &settings,
        };
        let end = tokio::time::Instant::now() + READY;
        loop {
            let Err(error) = access.script(probe, "").await else {
                return Ok(());
            };
            let details = self.engine.details(self.container()).await?;
            if !details.running || tokio::time::Instant::now() > end {
                return Err(error);
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }

    /// The last line that the container has printed.
    pub(super) async fn last_words(&self) -> Option<String> {
        let container = self.container.as_deref()?;
        let text = self.engine.logs(container, 5).await.ok()?;
        text.lines()
            .rev()
            .map(str::trim)
            .find(|line| !line.is_empty())
            .map(str::to_owned)
    }

    /// Removes everything; `false` if something stays.
    pub(super) async fn take_down(self) -> bool {
        let mut gone = true;
        if let Some(container) = &self.container {
            gone &= self.engine.remove(container).await.is_ok();
        }
        if let Some(network) = &self.network {
            gone &= self.engine.remove_network(network).await.is_ok();
        }
        gone
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
