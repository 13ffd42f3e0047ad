//! Commands around a dump.

use std::time::Duration;

use engine::{Command, Engine};

use crate::Error;
use crate::dump::Cancel;
use crate::plan::Dump;

/// How long a hook may take.
const HOOK_LIMIT: Duration = Duration::from_secs(30 * 60);

/// Runs a command in the container of a dump, until it has ended with 0.
pub(super) async fn hook(
    engine: &Engine,
    dump: &Dump,
    name: &'static str,
    command: &str,
    cancel: &Cancel,
) -> Result<(), Error> {
    let Some(running) = &dump.details.running else {
        return Err(Error::NotRunning {
            what: dump.full_name(),
        });
    };
    let mut program = Command::new(["sh", "-c", command]);
    if let Some(user) = &dump.hooks.user {
        program = program.user(user);
    }
    let exec = engine.exec(&running.id, &program).await?;
    let handle = exec.handle();
    let what = format!("the hook `{name}` of {}", dump.full_name());
    let end = async |error| {
        handle.cancel(Duration::from_secs(5)).await.ok();
        Err(error)
    };
    let mut cancel = cancel.clone();
    let ended = tokio::select! {
        biased;
        () = cancel.cancelled() => return end(Error::Cancelled).await,
        ended = tokio::time::timeout(HOOK_LIMIT, exec.finish()) => ended,
    };
    let Ok(ended) = ended else {
        let after = HOOK_LIMIT;
        return end(Error::TimedOut { what, after }).await;
    };
    let ended = ended?;
    if ended.code == 0 {
        return Ok(());
    }
    Err(Error::Hook {
        hook: name,
        service: dump.full_name(),
        code: ended.code,
        stderr: ended.stderr,
    })
}
