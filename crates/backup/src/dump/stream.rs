//! From a program in a container, or an archive of the engine's, to the sink.

use std::time::Duration;

use camino::Utf8Path;
use engine::{Command, Engine};
use tokio::time::Instant;

use super::Context;
use super::left::Note;
use super::pipeline::Sink;
use crate::{Error, plan};

/// How long a dumper may take to end after it was asked to.
pub(super) const GRACE: Duration = Duration::from_secs(5);

/// How long the engine may take to notice that a container has ended whose programs have.
const NOTICED: Duration = Duration::from_secs(1);

/// Runs the dumper to its end, which has to be a good one.
pub(super) async fn stream(
    engine: &Engine,
    container: &str,
    dump: &plan::Dump,
    path: &Utf8Path,
    sink: &mut Sink,
    context: &Context,
    what: &str,
) -> Result<engine::Ended, Error> {
    let command = Command::new(dump.argv.iter().cloned());
    let mut exec = engine.exec(container, &command).await?;
    let note = match Note::write(path, what, &exec.handle()) {
        Ok(note) => note,
        Err(error) => {
            exec.cancel(GRACE).await.ok();
            return Err(error);
        }
    };
    let limits = Limits {
        stall: dump.stall_timeout,
        total: dump.timeout,
    };
    if let Err(error) = pass(&mut exec, sink, limits, context, what).await {
        // The engine has no way to end it.
        if exec.cancel(GRACE).await.is_ok() {
            note.forget();
        }
        return Err(error);
    }
    let ended = exec.finish().await?;
    note.forget();
    if ended.code == 0 {
        return Ok(ended);
    }
    Err(Error::Exit {
        what: format!("the dump of {what}"),
        code: ended.code,
        stderr: ended.stderr,
    })
}

/// A failure whose cause is that the container is not there any more says so: how the dumper in it
/// ended depends on who was killed first.
pub(super) async fn of_the_container(engine: &Engine, container: &str, error: Error) -> Error {
    if matches!(error, Error::Cancelled | Error::File { .. }) {
        return error;
    }
    let end = Instant::now() + NOTICED;
    loop {
        let why = match engine.details(container).await {
            Ok(now) if now.running && now.paused => "the container is paused".to_owned(),
            Ok(now) if now.running && Instant::now() < end => {
                tokio::time::sleep(NOTICED / 10).await;
                continue;
            }
            Ok(now) if now.out_of_memory && !now.running => {
                "the container was killed for want of memory".to_owned()
            }
            Ok(now) if !now.running => {
                format!("the container has ended, with code {}", now.exit_code)
            }
            Err(engine::Error::NotFound { .. }) => "the container was removed".to_owned(),
            _ => return error,
        };
        return Error::Gone {
            why,
            source: Box::new(error),
        };
    }
}

/// Something that gives bytes, piece by piece.
pub(super) trait Pieces {
    async fn next(&mut self) -> Result<Option<bytes::Bytes>, engine::Error>;
}

impl Pieces for engine::Exec {
    async fn next(&mut self) -> Result<Option<bytes::Bytes>, engine::Error> {
        self.read().await
    }
}

#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub(super) stall: Duration,
    pub(super) total: Duration,
}

/// Hands a stream on to its end. An error of the sink is `Cancelled` here; it knows better itself.
pub(super) async fn pass(
    from: &mut impl Pieces,
    to: &mut Sink,
    limits: Limits,
    context: &Context,
    what: &str,
) -> Result<(), Error> {
    let end = Instant::now() + limits.total;
    let mut cancel = context.cancel.clone();
    let dump_of = || format!("the dump of {what}");
    loop {
        let piece = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(Error::Cancelled),
            () = tokio::time::sleep_until(end) => {
                return Err(Error::TimedOut { what: dump_of(), after: limits.total });
            }
            piece = tokio::time::timeout(limits.stall, from.next()) => piece,
        };
        let Ok(piece) = piece else {
            return Err(Error::Stalled {
                what: dump_of(),
                after: limits.stall,
            });
        };
        let Some(piece) = piece? else { return Ok(()) };
        if let Some(progress) = &context.progress {
            progress(piece.len() as u64);
        }
        // The disk may be slow, or not there any more.
        let taken = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(Error::Cancelled),
            () = tokio::time::sleep_until(end) => {
                return Err(Error::TimedOut { what: dump_of(), after: limits.total });
            }
            taken = to.push(piece) => taken,
        };
        if !taken {
            return Err(Error::Cancelled);
        }
    }
}
