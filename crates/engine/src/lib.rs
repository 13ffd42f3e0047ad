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
//! - [`Watch`]: what changes, across restarts of the engine and losses of the connection.
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

mod connection;
mod container;
mod endpoint;
mod error;
mod event;
mod network;
mod watch;

pub use connection::{Engine, Version};
pub use container::{Attachment, Container, Filter, Health, Mount, Port, State};
pub use endpoint::Endpoint;
pub use error::Error;
pub use event::{Event, EventKind};
pub use network::Network;
pub use watch::{Change, Watch};
