//! What the tests across crates share: a hermetic place to run programs in, and the way to the real
//! programs ("oracles") whose behaviour ours is compared with.
//!
//! - [`Sandbox`]: a temporary directory and a cleared environment.
//! - [`oracle`], [`named_oracle`], [`compose_oracle`], [`python_oracle`], [`engine`]: a real program, or `None` after saying on stderr
//!   that the test is skipped. With `REQUIRE_ORACLES=1` a missing one fails the test instead, so that
//!   a machine which is meant to have them cannot pass by accident.
//! - [`Engine`]: the container engine, images without a registry, and guards which clean up.
//! - [`Database`], [`ContainerGuard`]: real databases in containers, ready to be used.
//! - [`SmallDisk`]: a disk that can be filled.
//! - [`Relay`]: a socket in front of the engine's that can be cut.
//! - [`traefik`]: the real Traefik in front of a mock of the engine's API.
//! - [`cast_exe`], [`kpv_exe`], [`labbackup_exe`], [`zonegen_exe`]: the binaries of this build.
//!
//! ```
//! let sandbox = homelab_tests::Sandbox::new();
//! sandbox.file("greeting", "hello\n");
//! let outcome = sandbox.run("cat", ["greeting"]);
//! assert_eq!(outcome.stdout, "hello\n");
//! ```

mod binary;
mod databases;
mod disk;
mod engine;
mod oracle;
mod relay;
mod sandbox;
pub mod traefik;

pub use binary::{cast_exe, kpv_exe, labbackup_exe, repository, zonegen_exe};
pub use databases::{ContainerGuard, Database};
pub use disk::SmallDisk;
pub use engine::{Engine, NetworkGuard, ProjectGuard, engine, exclusive};
pub use oracle::{compose_oracle, named_oracle, oracle, python_oracle, skip};
pub use relay::Relay;
pub use sandbox::{Outcome, Sandbox, run};
