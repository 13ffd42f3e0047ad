//! What the name of an image tells.

use super::Kind;

/// The name of an image, taken apart.
///
/// ```
/// use backup::discovery::{ImageName, Kind};
/// let image = ImageName::parse("registry.lan:5000/library/postgres:17.6@sha256:00");
/// assert_eq!((image.path(), image.tag()), ("library/postgres", Some("17.6")));
/// assert_eq!(image.kind(), Some(Kind::PostgreSql));
/// assert_eq!(ImageName::parse("prometheuscommunity/postgres-exporter").kind(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageName<'i> {
    path: &'i str,
    tag: Option<&'i str>,
}

impl<'i> ImageName<'i> {
    /// Takes a reference apart. Nothing is an error: what has no name has an empty path.
    pub fn parse(image: &'i str) -> Self {
        let image = image.split('@').next().unwrap_or_default();
        if image.starts_with("sha256:") || image.is_empty() {
            return Self {
                path: "",
                tag: None,
            };
        }
        let slash = image.rfind('/').map_or(0, |at| at + 1);
        let (name, tag) = match image[slash..].find(':') {
            Some(colon) => (&image[..slash + colon], Some(&image[slash + colon + 1..])),
            None => (image, None),
        };
        // The first part is a registry if it can be a host.
        let path = match name.split_once('/') {
            Some((host, rest)) if host.contains(['.', ':']) || host == "localhost" => rest,
            _ => name,
        };
        Self { path, tag }
    }

    /// The name without registry, tag and digest; empty for an image that is known by its digest
    /// alone.
    pub fn path(&self) -> &'i str {
        self.path
    }

    /// The tag, if one is written.
    pub fn tag(&self) -> Option<&'i str> {
        self.tag
    }

    /// The kind of database that images of this name hold.
    pub fn kind(&self) -> Option<Kind> {
        let path = self.path.to_ascii_lowercase();
        let base = path.rsplit('/').next().unwrap_or_default();
        let one_of = |names: &[&str]| names.contains(&base);
        if one_of(&[
            "postgres",
            "postgresql",
            "postgis",
            "pgvector",
            "pgvecto-rs",
            "vchord-postgres",
            "timescaledb",
            "timescaledb-ha",
            "pgautoupgrade",
            "spilo",
            "enterprisedb",
            "citus",
            "postgresql-repmgr",
            "docker-pgautoupgrade",
        ]) || base.starts_with("timescale")
            || base.starts_with("spilo-")
        {
            return Some(Kind::PostgreSql);
        }
        if one_of(&[
            "mariadb",
            "mariadb-galera",
            "mariadb-server",
            "alpine-mariadb",
        ]) {
            return Some(Kind::MariaDb);
        }
        if one_of(&[
            "mysql",
            "mysql-server",
            "percona",
            "percona-server",
            "percona-xtradb-cluster",
            "community-server",
        ]) {
            return Some(Kind::MySql);
        }
        if path.ends_with("mssql/server")
            || one_of(&["azure-sql-edge", "mssql-server-linux", "mssql-server"])
        {
            return Some(Kind::MsSql);
        }
        if one_of(&[
            "redis",
            "redis-stack",
            "redis-stack-server",
            "valkey",
            "valkey-bundle",
            "keydb",
            "dragonfly",
            "redis-cluster",
        ]) {
            return Some(Kind::Redis);
        }
        if one_of(&[
            "mongo",
            "mongodb",
            "percona-server-mongodb",
            "mongodb-community-server",
            "mongodb-enterprise-server",
        ]) {
            return Some(Kind::MongoDb);
        }
        if one_of(&["influxdb", "influxdb2"]) {
            return Some(Kind::InfluxDb);
        }
        None
    }

    /// Whether this is a program about databases, which may mount the data of one and is none.
    pub(super) fn is_helper(&self) -> bool {
        let base = self.path.rsplit('/').next().unwrap_or_default();
        [
            "exporter",
            "backup",
            "admin",
            "restic",
            "borg",
            "dump",
            "commander",
            "insight",
        ]
        .iter()
        .any(|word| base.to_ascii_lowercase().contains(word))
    }
}
