//! Kinds of databases.

use std::fmt;

use camino::Utf8Path;
use serde::{Deserialize, Serialize};

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Kind {
    /// PostgreSQL and what is built on it.
    PostgreSql,
    /// MySQL, Percona Server.
    MySql,
    /// MariaDB.
    MariaDb,
    /// Microsoft SQL Server.
    MsSql,
    /// Redis, Valkey, KeyDB, Dragonfly.
    Redis,
    /// MongoDB.
    MongoDb,
    /// InfluxDB 1 and 2.
    InfluxDb,
    /// A SQLite file.
    Sqlite,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::PostgreSql,
        Self::MySql,
        Self::MariaDb,
        Self::MsSql,
        Self::Redis,
        Self::MongoDb,
        Self::InfluxDb,
        Self::Sqlite,
    ];

    /// Its name in labels and manifests, such as `postgresql`.
    pub fn name(self) -> &'static str {
        match self {
            Self::PostgreSql => "postgresql",
            Self::MySql => "mysql",
            Self::MariaDb => "mariadb",
            Self::MsSql => "mssql",
            Self::Redis => "redis",
            Self::MongoDb => "mongodb",
            Self::InfluxDb => "influxdb",
            Self::Sqlite => "sqlite",
        }
    }

    /// The kind of this name, or of one of its other names (`postgres`, `valkey`, `mongo` …).
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "postgresql" | "postgres" | "pg" => Self::PostgreSql,
            "mysql" | "percona" => Self::MySql,
            "mariadb" => Self::MariaDb,
            "mssql" | "sqlserver" => Self::MsSql,
            "redis" | "valkey" | "keydb" | "dragonfly" => Self::Redis,
            "mongodb" | "mongo" => Self::MongoDb,
            "influxdb" | "influx" => Self::InfluxDb,
            "sqlite" | "sqlite3" => Self::Sqlite,
            _ => return None,
        })
    }

    /// Where its data lies in a container.
    pub fn data_directories(self) -> &'static [&'static str] {
        match self {
            Self::PostgreSql => &[
                "/var/lib/postgresql",
                "/bitnami/postgresql",
                "/home/postgres/pgdata",
            ],
            Self::MySql | Self::MariaDb => &[
                "/var/lib/mysql",
                "/bitnami/mysql",
                "/bitnami/mariadb",
                "/config/databases",
            ],
            Self::MsSql => &["/var/opt/mssql"],
            Self::Redis => &[
                "/data",
                "/bitnami/redis",
                "/bitnami/valkey",
                "/var/lib/redis",
            ],
            Self::MongoDb => &["/data/db", "/data/configdb", "/bitnami/mongodb"],
            Self::InfluxDb => &["/var/lib/influxdb", "/var/lib/influxdb2", "/etc/influxdb2"],
            Self::Sqlite => &[],
        }
    }

    /// Whether this path of a container holds its live data.
    pub fn owns(self, target: &str) -> bool {
        let dirs = self.data_directories();
        dirs.iter()
            .any(|dir| Utf8Path::new(target).starts_with(dir))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PostgreSql => "PostgreSQL",
            Self::MySql => "MySQL",
            Self::MariaDb => "MariaDB",
            Self::MsSql => "SQL Server",
            Self::Redis => "Redis",
            Self::MongoDb => "MongoDB",
            Self::InfluxDb => "InfluxDB",
            Self::Sqlite => "SQLite",
        })
    }
}
