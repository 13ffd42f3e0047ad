//! Finding what there is to back up: services as plain values, and which of them are databases.
//!
//! A [`Service`] comes from a Compose file or from a running container; [`classify`] says what kind
//! of database it is, and why that is believed. The name of the image is a hint, which the label
//! `backup.engine` overrides; images without a known name are told by where their data is mounted.
//!
//! ```
//! use backup::discovery::{Kind, Mount, Service, classify};
//! use backup::labels::Settings;
//!
//! let mut service = Service::new("shop", "db");
//! service.image = "docker.io/bitnami/postgresql:17".into();
//! let found = classify(&service, &Settings::default()).unwrap();
//! assert_eq!(found.kind, Kind::PostgreSql);
//! assert_eq!(found.why, "the image is `bitnami/postgresql`");
//!
//! service.image = "registry.lan/our/thing:3".into();
//! service.mounts.push(Mount::bind("/srv/db", "/var/lib/mysql"));
//! let found = classify(&service, &Settings::default()).unwrap();
//! assert_eq!((found.kind, found.certain), (Kind::MariaDb, false));
//! ```

mod image;
mod running;
mod sqlite;

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use yaml_tree::Span;

use crate::labels::{Labels, Settings};

pub use crate::kind::Kind;
pub use image::ImageName;
pub use running::{join, running};
pub(crate) use sqlite::is_system;
pub use sqlite::{Limits, SqliteFile, sqlite_files};

/// A service, from a Compose file, a running container, or both.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Service {
    /// The Compose project; empty for a container of none.
    pub project: String,
    /// The service, or the container's name.
    pub name: String,
    /// The image as it was asked for; empty for one that is built.
    pub image: String,
    /// Its variables. Values are kept for those alone that say how to dump, see
    /// [`Service::set_variable`].
    pub variables: BTreeMap<String, Option<String>>,
    /// Secrets, by the path of their file in the container.
    pub secrets: Vec<String>,
    /// Its labels.
    pub labels: Labels,
    /// What is mounted.
    pub mounts: Vec<Mount>,
    /// The services that it needs.
    pub depends_on: Vec<String>,
    /// `MNT_DIR` of its project, absolute.
    pub root: Option<Utf8PathBuf>,
    /// Where it is written.
    pub site: Option<Span>,
    /// Its container, if the engine has one.
    pub container: Option<Running>,
}

/// The variables whose values are looked at. None holds a secret.
const LOOKED_AT: &[&str] = &[
    "INFLUXDB_ADMIN_USER",
    "INFLUXDB_DB",
    "MARIADB_DATABASE",
    "MARIADB_ROOT_PASSWORD_FILE",
    "MARIADB_USER",
    "MONGO_INITDB_ROOT_PASSWORD_FILE",
    "MONGO_INITDB_ROOT_USERNAME",
    "MYSQL_DATABASE",
    "MYSQL_ROOT_PASSWORD_FILE",
    "MYSQL_USER",
    "POSTGRESQL_USERNAME",
    "POSTGRES_DB",
    "POSTGRES_PASSWORD_FILE",
    "POSTGRES_USER",
    "REDIS_PASSWORD_FILE",
];

impl Service {
    /// A service of a project, with nothing known about it.
    pub fn new(project: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            project: project.into(),
            name: name.into(),
            ..Self::default()
        }
    }

    /// Notes a variable. The value is kept if it is one of a few that say how to dump (users,
    /// database names, paths of secret files) and dropped otherwise, as it may be a secret.
    pub fn set_variable(&mut self, name: &str, value: Option<&str>) {
        let value = value.filter(|_| LOOKED_AT.contains(&name));
        self.variables
            .insert(name.to_owned(), value.map(str::to_owned));
    }

    /// Whether a variable is set.
    pub fn has_variable(&self, name: &str) -> bool {
        self.variables.contains_key(name)
    }

    /// `project/name`, or the name alone.
    pub fn full_name(&self) -> String {
        if self.project.is_empty() {
            self.name.clone()
        } else {
            format!("{}/{}", self.project, self.name)
        }
    }
}

/// A container of the engine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Running {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is doing.
    pub state: engine::State,
    /// The identifier of its image.
    pub image_id: String,
}

/// What is mounted into a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mount {
    /// The name of a volume in the engine; `None` for a path of the host.
    pub volume: Option<String>,
    /// The path on the host; empty for a volume whose place is not known.
    pub source: Utf8PathBuf,
    /// The path in the container.
    pub target: String,
    /// Whether it cannot be written to.
    pub read_only: bool,
}

impl Mount {
    /// A path of the host, writable.
    pub fn bind(source: impl Into<Utf8PathBuf>, target: impl Into<String>) -> Self {
        Self {
            volume: None,
            source: source.into(),
            target: target.into(),
            read_only: false,
        }
    }

    /// A volume, writable, whose place on the host is not known.
    pub fn volume(name: impl Into<String>, target: impl Into<String>) -> Self {
        Self {
            volume: Some(name.into()),
            source: Utf8PathBuf::new(),
            target: target.into(),
            read_only: false,
        }
    }

    /// The same, which cannot be written to.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// The name of the volume, or the path on the host.
    pub fn name(&self) -> &str {
        self.volume.as_deref().unwrap_or(self.source.as_str())
    }
}

/// What a service was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Found {
    /// The kind.
    pub kind: Kind,
    /// Why that is believed.
    pub why: String,
    /// `false` if it is a guess that a label had better confirm.
    pub certain: bool,
}

/// Which kind of database a service is; `None` if it is none.
pub fn classify(service: &Service, settings: &Settings) -> Option<Found> {
    let found = |kind, why, certain| Some(Found { kind, why, certain });
    if let Some(said) = settings.engine {
        let label = if service.labels.contains_key("backup.engine") {
            "backup.engine"
        } else {
            settings
                .aliases
                .first()
                .map_or("backup.engine", |alias| alias)
        };
        return found(said?, format!("the label `{label}` says so"), true);
    }
    let image = ImageName::parse(&service.image);
    if let Some(kind) = image.kind() {
        return found(kind, format!("the image is `{}`", image.path()), true);
    }
    if image.is_helper() {
        return None;
    }
    // The image says nothing: its data does, where only a database has it.
    for mount in service.mounts.iter().filter(|mount| !mount.read_only) {
        for kind in Kind::ALL {
            // `/data` is everybody's.
            let telling = kind.owns(&mount.target) && kind != Kind::Redis;
            if !telling {
                continue;
            }
            let kind = match kind {
                Kind::MySql | Kind::MariaDb if service.has_variable("MYSQL_ROOT_PASSWORD") => {
                    Kind::MySql
                }
                Kind::MySql => Kind::MariaDb,
                kind => kind,
            };
            let variable = variables_of(kind)
                .iter()
                .find(|name| service.has_variable(name));
            let (why, certain) = match variable {
                Some(name) => (
                    format!("`{}` is mounted and `{name}` is set", mount.target),
                    true,
                ),
                None => (format!("`{}` is mounted", mount.target), false),
            };
            return found(kind, why, certain);
        }
    }
    None
}

/// Variables by which images of a kind are set up.
fn variables_of(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::PostgreSql => &[
            "POSTGRES_PASSWORD",
            "POSTGRES_PASSWORD_FILE",
            "POSTGRESQL_PASSWORD",
            "POSTGRES_HOST_AUTH_METHOD",
        ],
        Kind::MySql | Kind::MariaDb => &[
            "MARIADB_ROOT_PASSWORD",
            "MARIADB_ROOT_PASSWORD_FILE",
            "MYSQL_ROOT_PASSWORD",
            "MYSQL_ROOT_PASSWORD_FILE",
            "MYSQL_PASSWORD",
        ],
        Kind::MsSql => &["MSSQL_SA_PASSWORD", "SA_PASSWORD"],
        Kind::MongoDb => &["MONGO_INITDB_ROOT_USERNAME", "MONGO_INITDB_DATABASE"],
        Kind::InfluxDb => &["DOCKER_INFLUXDB_INIT_MODE", "INFLUXDB_DB"],
        Kind::Redis | Kind::Sqlite => &[],
    }
}

#[cfg(test)]
mod tests;
