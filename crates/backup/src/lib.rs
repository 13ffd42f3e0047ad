//! Backups of a homelab that are complete, and restores that are proven.
//!
//! Databases and volumes are found among the services of Compose files and the containers of an
//! engine, dumped by the programs in their own containers, checked, and restored into throw-away
//! containers to see that everything is there again. Everything that happens is a plan first: a
//! value that says what, how, where, and why. This crate prints nothing.
//!
//! What would be done with these services?
//!
//! ```
//! use backup::discovery::{Mount, Service};
//! use backup::labels::Label;
//! use backup::plan::{Nothing, Options, plan};
//!
//! let mut db = Service::new("shop", "db");
//! db.image = "mariadb:11.4".into();
//! db.root = Some("/mnt/docker".into());
//! db.set_variable("MARIADB_ROOT_PASSWORD_FILE", Some("/run/secrets/root"));
//!
//! let mut web = Service::new("shop", "web");
//! web.image = "our/shop:3".into();
//! web.root = Some("/mnt/docker".into());
//! web.mounts.push(Mount::bind("/mnt/docker/data/uploads", "/uploads"));
//! web.labels.insert("backup.stop".into(), Label::new("true"));
//!
//! let mut options = Options::default();
//! options.without_engine = true;
//! let (plan, found) = plan(vec![db, web], &options, &Nothing);
//! assert!(found.is_empty());
//! assert_eq!(plan.to_string(), "\
//! group shop
//!   stop shop/web: the label `backup.stop` asks for it
//!   dump shop/db (MariaDB)
//!     why   the image is `mariadb`
//!     how   mariadb-dump --user=\"$u\" --single-transaction --quick --routines --triggers --events --hex-blob --default-character-set=utf8mb4 --all-databases
//!     with  the password, taken in the container from `MARIADB_ROOT_PASSWORD_FILE`
//!     of    one point in time for InnoDB; other storage engines are not part of it
//!     to    /mnt/docker/backups/db/<UTC>-all.sql.zst
//!     in    a container that is not running now
//!   copy /mnt/docker/data/uploads of shop/web
//!     why   the service can write to it, and it holds no database server's files
//!     to    /mnt/docker/backups/web/<UTC>-uploads.tar.zst
//!   start again shop/web, if it ran before
//! ");
//! ```
//!
//! Carry it out, and prove it:
//!
//! ```no_run
//! use backup::dump::Context;
//! use backup::run::{self, Silent};
//! use backup::{discovery, drill, manifest, plan};
//! use engine::{Endpoint, Engine, Filter};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let engine = Engine::connect(&Endpoint::find(&std::env::vars().collect())?).await?;
//! let containers = engine.containers(&Filter::default()).await?;
//! let mut details = Vec::new();
//! for container in &containers {
//!     details.push(engine.details(&container.id).await?);
//! }
//! let services = discovery::running(&containers, &details);
//!
//! let target = camino::Utf8PathBuf::from("/mnt/backups");
//! let mut options = plan::Options::default();
//! options.target = Some(target.clone());
//! let (plan, _) = plan::plan(services, &options, &plan::Disk);
//! let report = run::run(&engine, &plan, &Context::new("nightly"), &Silent).await?;
//! assert_eq!(report.outcome, run::Outcome::Done);
//!
//! let mut options = drill::Options::default();
//! options.directory = "/var/tmp/drill".into();
//! options.production = vec!["/mnt/docker".into()];
//! options.target = target.clone();
//! let dumps = manifest::list_all(&target)?;
//! let report = drill::drill(Some(&engine), &dumps, &Context::new("weekly"), &options).await?;
//! assert_eq!(report.outcome, drill::Outcome::Verified);
//! # Ok(())
//! # }
//! ```
//!
//! # What is here
//!
//! - [`discovery`]: services, and which of them are databases.
//! - [`labels`]: the vocabulary `backup.*`, and the labels of other backup programs.
//! - [`plan`]: what is going to happen. [`run`]: it happens, and a report comes of it.
//! - [`dump`]: one dump: streamed, compressed, checked, read again, renamed.
//! - [`manifest`]: what a dump holds, beside it.
//! - [`restore`]: a dump back into its database. [`drill`]: into a throw-away one, compared, with
//!   the applications on top of it. [`report`]: what reports have in common.
//! - [`store`] and [`restic`]: snapshots of files; [`retention`] and [`prune`]: what stays.
//! - [`schedule`], [`notify`], [`metrics`]: when it happens, and who is told.
//!
//! # Errors
//!
//! [`Error`] says what failed and to what, and [`Error::help`] what to do. Labels that are wrong are
//! [`Diagnostic`](yaml_tree::Diagnostic)s at their places. A run or a drill that has begun returns a
//! report, with what went wrong in it. Whatever goes wrong, the dump before is as it was.
//!
//! # Secrets
//!
//! Passwords stay in the containers: scripts that run there take them from where the container has
//! them. No secret is in an argument, an event of the engine, a manifest or a report.
//!
//! # Compatibility
//!
//! Docker Engine 20.10 and later, restic 0.14 and later. Tested with PostgreSQL 15, MariaDB 10.11,
//! Redis 7 and SQLite; SQL Server, MongoDB and InfluxDB with stand-ins for their
//! tools.

mod archive;
mod error;
mod kind;
mod lock;
mod recipe;
mod whole;

pub mod discovery;
pub mod drill;
pub mod dump;
pub mod labels;
pub mod manifest;
pub mod metrics;
pub mod notify;
pub mod plan;
pub mod prune;
pub mod report;
pub mod restic;
pub mod restore;
pub mod retention;
pub mod run;
pub mod schedule;
pub mod store;

pub use error::Error;
