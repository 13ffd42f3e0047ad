//! `labbackup doctor`.

use backup::store::SnapshotStore as _;

use crate::exit;
use crate::store;
use crate::world::World;

/// Looks at everything that a run needs, and says what is missing.
pub(crate) async fn doctor(world: &mut World<'_, '_>) -> u8 {
    let mut code = exit::DONE;
    let services = match world.engine().await {
        Ok(engine) => {
            let version = engine.version().clone();
            world.io.line(format!(
                "ok      engine {} at {}, API {}",
                version.engine,
                engine.endpoint(),
                version.spoken
            ));
            world.services(true).await
        }
        Err(error) => {
            world.io.line(format!("failed  {error}"));
            if let Some(help) = error.help() {
                world.io.line(format!("        {help}"));
            }
            code = exit::NO_ENGINE;
            world.services(false).await
        }
    };
    let found = match services {
        Ok(found) => found,
        Err(wrong) => return wrong,
    };
    world
        .io
        .line(format!("ok      {} services", found.services.len()));
    let targets = world.targets(&found.services);
    if targets.is_empty() {
        world
            .io
            .line("failed  nobody says where dumps go: set `MNT_DIR`, or give `--target`");
        code = code.max(exit::FAILED);
    }
    for target in targets {
        let probe = target.join(format!(".labbackup-doctor-{}", std::process::id()));
        let tried = fs_err::create_dir_all(&target).and_then(|()| fs_err::write(&probe, b"x"));
        match tried.and_then(|()| fs_err::remove_file(&probe)) {
            Ok(()) => world
                .io
                .line(format!("ok      `{target}` can be written to")),
            Err(error) => {
                world.io.line(format!("failed  {error}"));
                code = code.max(exit::FAILED);
            }
        }
    }
    match store::open(world).await {
        None => world.io.line("note    no snapshot store: RESTIC_REPOSITORY is not set, and directories become archives"),
        Some(Err(wrong)) => code = code.max(wrong),
        Some(Ok(restic)) => match restic.exists().await {
            Ok(true) => {
                let line = format!("ok      restic {} and the repository {}", restic.version(), restic.repository());
                world.io.line(line);
            }
            Ok(false) => {
                let line = format!("failed  there is no repository at {}: `labbackup init` makes one", restic.repository());
                world.io.line(line);
                code = code.max(exit::FAILED);
            }
            Err(error) => {
                world.io.line(format!("failed  {error}"));
                code = code.max(exit::FAILED);
            }
        },
    }
    code
}

/// `labbackup init`.
pub(crate) async fn init(world: &mut World<'_, '_>) -> u8 {
    match store::open(world).await {
        None => {
            world.wrong(
                "no snapshot store is named",
                Some("set RESTIC_REPOSITORY, and RESTIC_PASSWORD_FILE"),
            );
            exit::USAGE
        }
        Some(Err(code)) => code,
        Some(Ok(restic)) => match restic.init().await {
            Ok(()) => {
                world.note(&format!("made {}", restic.repository()));
                exit::DONE
            }
            Err(error) => {
                world.wrong(&error.to_string(), error.help().as_deref());
                exit::FAILED
            }
        },
    }
}
