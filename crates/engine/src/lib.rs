//! The container engine as a homelab needs it: where it is, what runs on it, and what changes.
//!
//! Async, on tokio. It reads the settings of the docker client to find the engine and talks to it;
//! what it knows comes back as plain values.
//!
//! ```no_run
//! use engine::{Change, Endpoint, Engine, Filter};
//!
//! # async fn example() -> Result<(), engine::Error> {
//! let environment = std::env::vars().collect();
//! let endpoint = Endpoint::find(&environment)?;
//! let engine = Engine::connect(&endpoint).await?;
//! for container in engine.containers(&Filter::default().label("traefik.enable")).await? {
//!     println!("{} {} {:?}", container.name, container.image, container.networks);
//! }
//!
//! // What is running now, and again after everything that happens to it.
//! let mut watch = engine.watch();
//! loop {
//!     match watch.next().await {
//!         Change::Connected => println!("read everything anew"),
//!         Change::Event(event) => println!("{} {}", event.action, event.name),
//!         Change::Lost(error) => println!("{error}; trying again"),
//!     }
//! }
//! # }
//! ```
//!
//! # What is here
//!
//! - [`Endpoint`]: a socket, a TCP address or a machine reached by ssh, found as the docker client
//!   finds it: `DOCKER_HOST`, `DOCKER_CONTEXT`, the current context, the default socket.
//! - [`Engine`]: a connection that speaks a version of the API which both sides know.
//! - [`Container`], [`Network`]: what there is, with labels, health, mounts and addresses.
//! - [`Command`], [`Exec`]: programs inside containers: their output as it comes, how they ended, and
//!   a way to end them that reaches all they have started.
//! - [`Archive`]: files of a container as a tar archive, and back with [`Engine::unpack`].
//! - [`Spec`]: containers made for a while, with networks and volumes; start, stop, pause, remove.
//! - [`Details`], [`Image`]: all about one of them.
//! - [`Watch`]: what changes, across restarts of the engine and losses of the connection.
//!
//! ```no_run
//! # async fn example(engine: engine::Engine) -> Result<(), engine::Error> {
//! use std::io::Write as _;
//!
//! let mut file = std::fs::File::create("dump.sql").expect("the directory is writable");
//! let command = engine::Command::new(["pg_dumpall", "-U", "postgres"]);
//! let mut exec = engine.exec("db", &command).await?;
//! while let Some(bytes) = exec.read().await? {
//!     file.write_all(&bytes).expect("the disk has room");
//! }
//! // The end of the output says nothing yet: it looks the same when the container was killed.
//! let ended = exec.finish().await?;
//! assert_eq!(ended.code, 0, "{}", ended.stderr);
//! # Ok(())
//! # }
//! ```
//!
//! # Errors
//!
//! [`Error`] says which engine was meant and what was asked of it. That nobody listens, that the
//! socket is not for this user, and that the engine is too old or too new are cases of their own,
//! each with what to do in [`Error::help`].
//!
//! # Compatibility
//!
//! Docker Engine 20.10 (API 1.41) and later. TCP with TLS is not supported; use ssh.

mod archive;
mod connection;
mod container;
mod create;
mod details;
mod endpoint;
mod error;
mod event;
mod exec;
mod health;
mod lifecycle;
mod network;
mod ssh;
mod watch;

pub use archive::Archive;
pub use connection::{Engine, Version};
pub use container::{Attachment, Container, Filter, Health, Mount, Port, State};
pub use create::{Spec, Volume};
pub use details::{Details, Image};
pub use endpoint::Endpoint;
pub use error::Error;
pub use event::{Event, EventKind};
pub use exec::{Command, Ended, Exec, ExecHandle, Printed, Stdin, Trace};
pub use health::HealthCheck;
pub use network::Network;
pub use watch::{Change, Watch};
