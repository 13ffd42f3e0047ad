//! `labbackup restore`.

use std::sync::atomic::Ordering;

use backup::discovery::Service;
use backup::manifest::Listed;
use backup::plan::{self, Options};
use backup::restic::Restic;
use backup::restore::{self, Choice, FromSnapshot};
use backup::run::{self, Snapshots};
use backup::store::{SnapshotStore as _, Which};
use camino::Utf8PathBuf;
use engine::Engine;

use super::{dumps, short};
use crate::args::RestoreArgs;
use crate::exit;
use crate::progress::Progress;
use crate::store;
use crate::world::{World, signals};

pub(crate) async fn restore(args: &RestoreArgs, world: &mut World<'_, '_>) -> u8 {
    let found = match world.services(true).await {
        Ok(found) => found,
        Err(code) => return code,
    };
    let Some(engine) = &found.engine else {
        return exit::NO_ENGINE;
    };
    let mut choice = Choice::default();
    choice.service.clone_from(&args.service);
    choice.part.clone_from(&args.part);
    choice.point.clone_from(&args.at);
    let stored = match &args.snapshot {
        None => None,
        Some(wanted) => match Stored::look(wanted, args, &found.services, &choice, world).await {
            Ok(stored) => Some(stored),
            Err(code) => return code,
        },
    };
    let chosen = match &stored {
        Some(stored) => stored.dumps.clone(),
        None => {
            let (all, _) = match dumps(world, &found.services, &[]) {
                Ok(found) => found,
                Err(code) => return code,
            };
            match restore::choose(&all, &choice) {
                Ok(chosen) => chosen,
                Err(error) => return world.error(&error),
            }
        }
    };
    let mut plans = Vec::new();
    for listed in &chosen {
        let full = format!("{}/{}", listed.manifest.project, listed.manifest.service);
        let wanted = args.into.as_ref();
        let service = found.services.iter().find(|service| match wanted {
            Some(name) => service.full_name() == *name || service.name == *name,
            None => {
                service.full_name() == full
                    || listed.manifest.project.is_empty() && service.name == listed.manifest.service
            }
        });
        let Some(service) = service else {
            let name = wanted.unwrap_or(&full);
            world.wrong(
                &format!("there is no service `{name}`"),
                Some("start it, or name another with `--into`"),
            );
            return exit::FAILED;
        };
        match restore::plan(listed, service) {
            Ok(plan) => plans.push((plan, service.clone())),
            Err(error) => return world.error(&error),
        }
    }
    let files = stored.as_ref().and_then(|stored| stored.files.as_ref());
    if let Some(files) = files {
        let id = short(&files.snapshot);
        world
            .io
            .message(format!("restore files of snapshot {id}\n"));
        for step in &files.steps {
            world.io.message(format!("  {step}\n"));
        }
    }
    for (plan, _) in &plans {
        world.io.message(match &stored {
            Some(stored) => stored.shown(&plan.listed),
            None => format!("restore {}\n", plan.listed.path),
        });
        for step in &plan.steps {
            world.io.message(format!("  {step}\n"));
        }
        for warning in &plan.warnings {
            world.io.message(format!("warning: {warning}\n"));
        }
    }
    if !args.no_safety_dump {
        world
            .io
            .message("before that, what is there now is dumped\n");
    }
    if args.dry_run {
        return exit::DONE;
    }
    if !args.yes {
        if !world.io.err_is_terminal {
            world.wrong(
                "a restore replaces data, and nobody is there to agree",
                Some("give `--yes`"),
            );
            return exit::REFUSED;
        }
        if !world.agrees("Go on?") {
            return exit::REFUSED;
        }
    }
    let (cancel, signal) = signals();
    let progress = Progress::new(world.io.err_is_terminal && !world.args.quiet && !world.args.json);
    let mut context = World::context(cancel);
    // What is there may well be damaged: that is why it is restored.
    context.fail_below = 0;
    context.warn_below = 0;
    context.progress = progress.bytes();
    if !args.no_safety_dump {
        let mut options = Options::default();
        options.target = world.target();
        options.only = plans
            .iter()
            .map(|(_, service)| service.full_name())
            .chain(files.map(|files| files.service().full_name()))
            .collect();
        // What came from the store goes there.
        options.store = stored.is_some();
        let (plan, _) = plan::plan(
            found.services.clone(),
            &options,
            super::plan::look(Some(engine)),
        );
        let host = store::host(world);
        let snapshots = stored
            .as_ref()
            .map(|stored| Snapshots::new(&stored.restic, host));
        let done = run::run_with(engine, &plan, &context, &progress, snapshots.as_ref()).await;
        let report = match done {
            Ok(report) => report,
            Err(error) => {
                progress.finish();
                return world.error(&error);
            }
        };
        if report.outcome != run::Outcome::Done {
            progress.finish();
            let why = report.dumps.iter().find_map(|dump| dump.error.clone());
            world.wrong(
                &format!(
                    "what is there now cannot be dumped: {}",
                    why.unwrap_or_default()
                ),
                Some("nothing was changed; `--no-safety-dump` restores all the same"),
            );
            return exit::FAILED;
        }
    }
    if let Some(stored) = &stored
        && let Err(error) = stored.bring(engine).await
    {
        progress.finish();
        return world.error(&error);
    }
    for (plan, _) in &plans {
        if let Err(error) = restore::run(engine, plan, &context).await {
            progress.finish();
            let code = world.error(&error);
            return if matches!(error, backup::Error::Cancelled) {
                signal.load(Ordering::Relaxed)
            } else {
                code
            };
        }
        let name = plan.listed.path.file_name().unwrap_or_default();
        world.note(&format!("restored {}/{name}", plan.listed.manifest.service));
    }
    progress.finish();
    exit::DONE
}

/// What lies in the snapshot store of a service.
struct Stored {
    restic: Restic,
    files: Option<FromSnapshot>,
    /// The snapshot of the dumps.
    snapshot: String,
    dumps: Vec<Listed>,
    directory: TempDir,
}

impl Stored {
    /// Finds out what is meant. An error is the exit code, after it was shown.
    async fn look(
        wanted: &str,
        args: &RestoreArgs,
        services: &[Service],
        choice: &Choice,
        world: &mut World<'_, '_>,
    ) -> Result<Self, u8> {
        let restic = match store::open(world).await {
            Some(Ok(restic)) => restic,
            Some(Err(code)) => return Err(code),
            None => {
                world.wrong(
                    "no snapshot store is named",
                    Some("set RESTIC_REPOSITORY, and RESTIC_PASSWORD_FILE"),
                );
                return Err(exit::USAGE);
            }
        };
        let failed = |world: &mut World<'_, '_>, error: backup::Error| world.error(&error);
        let snapshots = match restic.snapshots(&Which::default()).await {
            Ok(snapshots) => snapshots,
            Err(error) => return Err(failed(world, error.into())),
        };
        let service = services
            .iter()
            .find(|one| one.name == args.service || one.full_name() == args.service);
        // A part is one of a dump; so is a point in time.
        let whole = args.part.is_none() && args.at.is_none();
        let files = service
            .filter(|_| whole && args.into.is_none())
            .and_then(|service| restore::from_snapshot(&snapshots, wanted, service));
        let directory = match TempDir::make(world) {
            Ok(directory) => directory,
            Err(error) => {
                world.wrong(&error.to_string(), None);
                return Err(exit::FAILED);
            }
        };
        let found = restore::stored(&restic, &snapshots, wanted, &directory.0).await;
        let (snapshot, dumps, why) = match found {
            Err(error) => return Err(failed(world, error)),
            Ok(None) => (String::new(), Vec::new(), None),
            Ok(Some((snapshot, all))) => match restore::choose(&all, choice) {
                Ok(dumps) => (snapshot, dumps, None),
                Err(error) => (snapshot, Vec::new(), Some(error)),
            },
        };
        if files.is_none() && dumps.is_empty() {
            let why = why.map_or_else(
                || format!("no snapshot `{wanted}` has anything of `{}`", args.service),
                |why| format!("in the snapshot {}: {why}", short(&snapshot)),
            );
            world.wrong(&why, Some("`labbackup list` shows what there is"));
            return Err(exit::FAILED);
        }
        Ok(Self {
            restic,
            files,
            snapshot,
            dumps,
            directory,
        })
    }

    fn shown(&self, listed: &Listed) -> String {
        let path = listed.path.strip_prefix(&self.directory.0);
        let path = path.unwrap_or(&listed.path);
        format!("restore /{path} of snapshot {}\n", short(&self.snapshot))
    }

    /// Puts directories back, and brings dumps out of their snapshot.
    async fn bring(&self, engine: &Engine) -> Result<(), backup::Error> {
        restore::fetch(&self.restic, &self.snapshot, &self.dumps, &self.directory.0).await?;
        match &self.files {
            Some(files) => restore::run_from_snapshot(engine, &self.restic, files).await,
            None => Ok(()),
        }
    }
}

/// A directory for nobody else, gone with everything in it when it is not needed any more.
struct TempDir(Utf8PathBuf);

impl TempDir {
    fn make(world: &World<'_, '_>) -> std::io::Result<Self> {
        use std::os::unix::fs::DirBuilderExt as _;
        let above = Utf8PathBuf::from(world.variable("TMPDIR").unwrap_or("/tmp"));
        let path = above.join(format!("labbackup-restore-{}", std::process::id()));
        // Not one that somebody else has made.
        std::fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        fs_err::remove_dir_all(&self.0).ok();
    }
}
