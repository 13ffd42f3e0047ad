//! A dump into a container.

mod edit;
mod script;

use bytes::Bytes;
use engine::{Command, Engine};
use tokio::sync::mpsc;

use crate::Error;
use crate::discovery::{Kind, Service};
use crate::dump::Context;
use crate::labels;
use crate::manifest::Listed;
use crate::recipe::prelude;

use edit::{Edit, edited};
use script::{loader, prepare};

pub(super) use script::is_replaced;

/// Where a dump goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Into<'i> {
    pub(crate) engine: &'i Engine,
    pub(crate) container: &'i str,
    pub(crate) service: &'i Service,
    /// A throw-away container: accounts stay as they are, as nobody knows the passwords.
    pub(crate) drill: bool,
}

/// Loads a dump: prepares the server, feeds the loader, and sees that it ended well.
pub(crate) async fn load(
    into: &Into<'_>,
    kind: Kind,
    listed: &Listed,
    context: &Context,
) -> Result<(), Error> {
    let manifest = &listed.manifest;
    let (settings, _) = labels::read(&into.service.name, &into.service.labels);
    let start = prelude(into.service, &settings, kind);
    let variable = |name: &str| into.service.variables.get(name).cloned().flatten();
    let user = settings.user.clone();
    let user = user
        .or_else(|| variable("POSTGRES_USER"))
        .or_else(|| variable("POSTGRESQL_USERNAME"));
    if let Some((script, input)) = prepare(kind, manifest) {
        run(
            into,
            &format!("{start}\n{script}"),
            Feed::Text(input),
            context,
        )
        .await?;
    }
    let custom = listed.path.as_str().ends_with(".dump.zst");
    let script = loader(kind, manifest, custom, into.drill);
    let edit = match kind {
        Kind::PostgreSql if !custom => Edit::PostgreSql {
            drill: into.drill,
            user,
        },
        Kind::MySql => Edit::MySql,
        _ => Edit::Nothing,
    };
    run(
        into,
        &format!("{start}\n{script}"),
        Feed::Dump(listed, edit),
        context,
    )
    .await
}

/// What a program reads.
enum Feed<'f> {
    Text(String),
    Dump(&'f Listed, Edit),
}

async fn run(
    into: &Into<'_>,
    script: &str,
    feed: Feed<'_>,
    context: &Context,
) -> Result<(), Error> {
    let what = format!("the restore of {}", into.service.full_name());
    let command = Command::new(["sh", "-c", script]).stdin();
    let mut exec = into.engine.exec(into.container, &command).await?;
    let stdin = exec.stdin().expect("it was asked for");
    let (send, mut pieces) = mpsc::channel::<Bytes>(16);
    let source = match feed {
        Feed::Text(text) => {
            send.try_send(Bytes::from(text))
                .expect("there is room for one");
            drop(send);
            None
        }
        Feed::Dump(listed, edit) => {
            let path = listed.path.clone();
            Some(tokio::task::spawn_blocking(move || {
                let failed = |error| Error::file("read", &path, error);
                let file = fs_err::File::open(&path).map_err(failed)?;
                let decoder = zstd::Decoder::new(file).map_err(failed)?;
                edited(decoder, &edit, &send).map_err(failed)
            }))
        }
    };
    let write = async {
        let mut stdin = stdin;
        while let Some(piece) = pieces.recv().await {
            // A loader that stops reading says why by its exit code.
            if stdin.write(&piece).await.is_err() {
                return;
            }
            if let Some(progress) = &context.progress {
                progress(piece.len() as u64);
            }
        }
        stdin.close().await.ok();
    };
    let read = async { while let Ok(Some(_)) = exec.read().await {} };
    let mut cancel = context.cancel.clone();
    let both = async {
        tokio::join!(write, read);
    };
    let cancelled = tokio::select! {
        biased;
        () = cancel.cancelled() => true,
        () = both => false,
    };
    if cancelled {
        exec.cancel(std::time::Duration::from_secs(5)).await.ok();
        return Err(Error::Cancelled);
    }
    drop(pieces);
    let ended = exec.finish().await?;
    if ended.code != 0 {
        return Err(Error::Exit {
            what,
            code: ended.code,
            stderr: ended.stderr,
        });
    }
    match source {
        Some(source) => source.await.map_err(|_| Error::Cancelled)?,
        None => Ok(()),
    }
}
