//! Who dumps, and where the password is.

use super::quoted;
use crate::discovery::Service;
use crate::kind::Kind;
use crate::labels::Settings;

/// Finds a secret where images expect it: `NAME`, or the file that `NAME_FILE` names.
const SECRET: &str = "secret() { for n in \"$@\"; do \
eval \"v=\\${$n-}\"; if [ -n \"$v\" ]; then printf %s \"$v\"; return; fi; \
eval \"f=\\${${n}_FILE-}\"; if [ -n \"$f\" ]; then cat -- \"$f\"; return; fi; done; }";

/// Who dumps, and where the password is.
pub(super) struct Access {
    /// The user as a word of a script, if a label names one.
    pub(super) user: Option<String>,
    /// Prints the password.
    password: String,
    pub(super) described: String,
}

impl Access {
    pub(super) fn of(service: &Service, settings: &Settings, kind: Kind) -> Self {
        let variables: &[&str] = match kind {
            Kind::PostgreSql => &[
                "POSTGRES_PASSWORD",
                "POSTGRESQL_POSTGRES_PASSWORD",
                "POSTGRESQL_PASSWORD",
            ],
            Kind::MySql | Kind::MariaDb => &["MARIADB_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD"],
            Kind::MsSql => &["MSSQL_SA_PASSWORD", "SA_PASSWORD"],
            Kind::Redis => &["REDIS_PASSWORD", "VALKEY_PASSWORD"],
            Kind::MongoDb => &["MONGO_INITDB_ROOT_PASSWORD", "MONGODB_ROOT_PASSWORD"],
            Kind::InfluxDb => &["INFLUX_TOKEN", "DOCKER_INFLUXDB_INIT_ADMIN_TOKEN"],
            Kind::Sqlite => &[],
        };
        let user = settings.user.as_deref().map(quoted);
        let mut candidates = variables
            .iter()
            .flat_map(|name| [(*name).to_owned(), format!("{name}_FILE")]);
        let named = candidates.find(|name| service.has_variable(name));
        let set = named.is_some();
        let guessed = || {
            let files = service.secrets.iter().filter(|path| {
                let name = path
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
                    .to_ascii_lowercase();
                name.contains("pass") || name.contains("token")
            });
            let mut files = files.cloned();
            match (files.next(), files.next()) {
                (Some(only), None) if !set => Some(only),
                _ => None,
            }
        };
        let (file, how) = match &settings.password_file {
            Some(file) => (Some(file.clone()), "the label `backup.password-file`"),
            None => (guessed(), "the only secret of the service that can be it"),
        };
        match file {
            Some(file) => Self {
                user,
                password: format!("cat -- {}", quoted(&file)),
                described: format!("the password, read in the container from `{file}`: {how}"),
            },
            None => Self {
                user,
                password: format!("secret {}", variables.join(" ")),
                described: match named {
                    Some(name) => format!("the password, taken in the container from `{name}`"),
                    None => "no password: no variable names one".to_owned(),
                },
            },
        }
    }

    /// Puts the password into a variable of the script.
    pub(super) fn assign(&self, variable: &str) -> String {
        format!("set -e; {SECRET}\n{variable}=$({})", self.password)
    }

    /// The user of PostgreSQL.
    pub(super) fn postgresql_user(&self) -> String {
        self.user.clone().unwrap_or_else(|| {
            "\"$(if [ -n \"${POSTGRESQL_POSTGRES_PASSWORD-}${POSTGRESQL_POSTGRES_PASSWORD_FILE-}\" ]; \
             then echo postgres; else printf %s \"${POSTGRES_USER:-${POSTGRESQL_USERNAME:-postgres}}\"; fi)\""
                .to_owned()
        })
    }
}
