//! A socket in front of the engine's, which can be cut.

use std::io::{self, Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use camino::{Utf8Path, Utf8PathBuf};

/// A Unix socket whose connections are passed on to another one.
///
/// ```no_run
/// let sandbox = homelab_tests::Sandbox::new();
/// let relay = homelab_tests::Relay::new("/var/run/docker.sock".into(), &sandbox.path().join("s"));
/// relay.cut(); // as if the engine had died
/// relay.mend();
/// ```
#[derive(Debug)]
pub struct Relay {
    path: Utf8PathBuf,
    upstream: Utf8PathBuf,
    open: Arc<Mutex<Vec<UnixStream>>>,
}

impl Relay {
    /// Listens at `path` and passes on to `upstream`.
    ///
    /// # Panics
    ///
    /// When the socket cannot be made.
    #[must_use]
    pub fn new(upstream: Utf8PathBuf, path: &Utf8Path) -> Self {
        let relay = Self {
            path: path.to_owned(),
            upstream,
            open: Arc::default(),
        };
        relay.mend();
        relay
    }

    /// Where it listens.
    #[must_use]
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// Ends all connections and listens no more.
    ///
    /// # Panics
    ///
    /// When the socket cannot be removed.
    pub fn cut(&self) {
        fs_err::remove_file(&self.path).expect("the relay listens");
        for stream in self
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .drain(..)
        {
            let _gone_already = stream.shutdown(Shutdown::Both);
        }
    }

    /// Listens again.
    ///
    /// # Panics
    ///
    /// When the socket cannot be made.
    pub fn mend(&self) {
        let listener = UnixListener::bind(&self.path).expect("the path of the relay is free");
        let (upstream, open) = (self.upstream.clone(), Arc::clone(&self.open));
        // After a cut nobody finds the socket any more; the thread ends with the test.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = UnixStream::connect(&upstream) else {
                    continue;
                };
                let mut streams = open.lock().unwrap_or_else(PoisonError::into_inner);
                for (from, to) in [(&client, &server), (&server, &client)] {
                    if let (Ok(from), Ok(to)) = (from.try_clone(), to.try_clone()) {
                        streams.extend(from.try_clone());
                        thread::spawn(move || pass_on(from, to));
                    }
                }
            }
        });
    }
}

fn pass_on(mut from: UnixStream, mut to: UnixStream) -> io::Result<()> {
    let mut buffer = [0; 16 << 10];
    loop {
        let count = from.read(&mut buffer)?;
        if count == 0 {
            return to.shutdown(Shutdown::Write);
        }
        to.write_all(&buffer[..count])?;
    }
}
