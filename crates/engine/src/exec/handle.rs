//! A program inside a container, asked how it is.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep, timeout};

use crate::{Engine, Error};

/// How long the engine may take to answer how an exec is. It does not answer at all while output of a
/// process that has ended waits to be read.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// Names a program inside a container, also while another task reads its output.
#[derive(Clone, Debug)]
#[must_use]
pub struct ExecHandle {
    pub(super) engine: Engine,
    pub(super) container: String,
    pub(super) id: String,
    pub(super) mark: String,
    pub(super) user: Option<String>,
    pub(super) program: String,
}

/// Finds a program inside a container again, also from another process: plain data without a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use]
pub struct Trace {
    pub(super) container: String,
    pub(super) mark: String,
    pub(super) user: Option<String>,
    pub(super) program: String,
}

impl ExecHandle {
    /// What another process needs to end it by [`Engine::end_traced`].
    pub fn trace(&self) -> Trace {
        Trace {
            container: self.container.clone(),
            mark: self.mark.clone(),
            user: self.user.clone(),
            program: self.program.clone(),
        }
    }

    pub(super) fn action(&self) -> String {
        format!(
            "run `{}` in the container `{}`",
            self.program, self.container
        )
    }

    /// The exit code, once it runs no more; asked for again and again, as the engine notices the end
    /// of a program some time after the end of its output.
    pub(super) async fn wait(&self, limit: Duration) -> Result<i64, Error> {
        let start = Instant::now();
        let mut pause = Duration::from_millis(5);
        loop {
            if let Ok(code) = timeout(PATIENCE, self.code()).await
                && let Some(code) = code?
            {
                return Ok(code);
            }
            if start.elapsed() > limit {
                return Err(Error::StillRunning {
                    action: self.action(),
                });
            }
            sleep(pause).await;
            pause = (pause * 2).min(Duration::from_millis(250));
        }
    }

    /// The exit code, if it runs no more.
    pub(super) async fn code(&self) -> Result<Option<i64>, Error> {
        let found = self.engine.docker.inspect_exec(&self.id).await;
        let action = format!(
            "learn how `{}` in the container `{}` ended",
            self.program, self.container
        );
        let found = found.map_err(|error| self.engine.failed(&action, error))?;
        Ok(match found.running {
            Some(false) => found.exit_code,
            _ => None,
        })
    }
}
