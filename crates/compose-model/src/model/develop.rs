//! What happens when sources change during development.

use camino::Utf8PathBuf;

use super::decode::{Extensions, extensions};
use super::record::{record, words};
use super::{Hook, Sourced};

record! {
    /// `develop`: what `docker compose watch` does.
    Develop {
        /// Paths to watch.
        watch: Vec<Sourced<Watch>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

record! {
    /// A path to watch.
    Watch {
        /// The path on the host, absolute if the project is loaded with
        /// [`resolve_paths`](crate::Options::resolve_paths).
        path: Sourced<Utf8PathBuf>,
        /// What happens when something below it changes.
        action: Sourced<WatchAction>,
        /// Where it belongs in the container.
        target: Option<Sourced<String>>,
        /// What is run afterwards, for `sync+exec`.
        exec: Option<Sourced<Hook>>,
        /// Patterns of files that count; none means all.
        include: Vec<Sourced<String>>,
        /// Patterns of files that do not count.
        ignore: Vec<Sourced<String>>,
        /// Whether everything is copied at the start; default false.
        initial_sync: Option<Sourced<bool>>,
        /// `x-*`.
        extensions("x-"): Extensions = extensions,
    }
}

words! {
    /// What happens when a source changes.
    WatchAction {
        /// The image is built and the service replaced.
        Rebuild = "rebuild",
        /// The file is copied into the container.
        Sync = "sync",
        /// The container is restarted.
        Restart = "restart",
        /// The file is copied and the container restarted.
        SyncRestart = "sync+restart",
        /// The file is copied and a program run in the container.
        SyncExec = "sync+exec",
    }
}
