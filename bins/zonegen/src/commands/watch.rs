//! `zonegen watch`: zone files that follow the containers of engines.

use std::time::{Duration, Instant};

use camino::Utf8PathBuf;
use common::exit;
use engine::{Change, Engine, Watch};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use yaml_tree::Diagnostic;

use super::generate::{endpoint, environments, from_compose, load_config, output, rules, shell};
use crate::args::WatchArgs;
use crate::config::{Config, Environment, Limit};
use crate::generate::{Outcome, lock, prepare, write};
use crate::report;
use crate::source::{Collected, engine as containers};
use crate::watch::{Known, State, Status, matters, now};
use crate::world::World;

/// Follows the engines until a signal ends it.
pub(crate) fn watch(args: &WatchArgs, world: &mut World<'_, '_>) -> u8 {
    let config = match load_config(&args.config, world) {
        Ok(config) => config,
        Err(code) => return code,
    };
    let environments = match environments(&config, &args.source) {
        Ok(environments) => environments,
        Err(message) => return world.fail(&message),
    };
    if environments.iter().all(|one| one.engine.is_none()) {
        return world.fail("no environment has an engine to watch: write `engine: true` in it");
    }
    let mut sides = Vec::new();
    for environment in environments {
        let watch = match &environment.engine {
            None => None,
            Some(wanted) => match endpoint(wanted, world) {
                Ok(endpoint) => Some(Watch::new(endpoint)),
                Err(error) => return world.fail(&error.to_string()),
            },
        };
        sides.push((environment, watch));
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let status = args.status.as_ref().map(|path| world.dir.join(path));
    match runtime {
        Ok(runtime) => runtime.block_on(follow(args, &config, sides, status, world)),
        Err(error) => world.fail(&format!("cannot start: {error}")),
    }
}

/// An environment while it is watched.
struct Side {
    environment: Environment,
    /// The connection, while there is one.
    engine: Option<Engine>,
    known: Known,
    /// It has to be listed anew.
    is_stale: bool,
    /// It was listed at some time.
    was_listed: bool,
    /// Why there is no connection.
    lost: Option<String>,
}

/// What the watches tell.
enum Told {
    Connected(Engine),
    Event,
    Lost(String),
}

async fn follow(
    args: &WatchArgs,
    config: &Config,
    watches: Vec<(Environment, Option<Watch>)>,
    status_file: Option<Utf8PathBuf>,
    world: &mut World<'_, '_>,
) -> u8 {
    let (Ok(mut terminate), Ok(mut interrupt)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) else {
        return world.fail("cannot wait for signals");
    };
    let (sender, mut told) = mpsc::channel(256);
    let mut sides = Vec::new();
    for (at, (environment, watch)) in watches.into_iter().enumerate() {
        let has_engine = watch.is_some();
        if let Some(watch) = watch {
            tokio::spawn(tell(at, watch, sender.clone()));
        }
        sides.push(Side {
            environment,
            engine: None,
            known: Known::default(),
            is_stale: false,
            was_listed: !has_engine,
            lost: None,
        });
    }
    let mut run = Run {
        args,
        config,
        output: output(config, &args.source, world),
        status: Status::new(),
        status_file: status_file.or_else(|| config.watch.status.clone()),
        last_error: None,
    };
    run.tell_status(world);
    let debounce = Duration::from_millis(config.watch.debounce);
    let resync = Duration::from_secs(config.watch.resync.max(1));
    let mut due: Option<Instant> = None;
    let mut again = Instant::now() + resync;
    let mut last = Instant::now();
    loop {
        let grace = Duration::from_millis(config.watch.grace);
        let wakes = sides
            .iter()
            .filter_map(|side| side.known.wakes(grace, last))
            .min();
        let next = [due, wakes, Some(again)]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or(again);
        tokio::select! {
            () = first(&mut terminate, &mut interrupt) => {
                run.status.state = State::Stopped;
                run.status.message = None;
                run.tell_status(world);
                return exit::DONE;
            }
            Some((at, told)) = told.recv() => {
                run.note(&mut sides[at], told, world);
                if sides[at].is_stale {
                    // A stream of events without a pause does not put it off for ever.
                    due.get_or_insert(Instant::now() + debounce);
                }
            }
            () = tokio::time::sleep_until(next.into()) => {
                for side in &mut sides {
                    side.is_stale = true;
                }
                due = None;
                last = Instant::now();
                again = Instant::now() + resync;
                run.once(&mut sides, grace, world).await;
            }
        }
    }
}

async fn first(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

/// Hands on what one watch tells.
async fn tell(at: usize, mut watch: Watch, sender: mpsc::Sender<(usize, Told)>) {
    loop {
        let told = match watch.next().await {
            Change::Connected => match watch.engine() {
                Some(engine) => Told::Connected(engine.clone()),
                None => continue,
            },
            Change::Event(event) if matters(&event) => Told::Event,
            Change::Event(_) => continue,
            Change::Lost(error) => {
                let help = error
                    .help()
                    .map(|help| format!(" ({help})"))
                    .unwrap_or_default();
                Told::Lost(format!("{error}{help}"))
            }
        };
        if sender.send((at, told)).await.is_err() {
            return;
        }
    }
}

struct Run<'r> {
    args: &'r WatchArgs,
    config: &'r Config,
    output: Utf8PathBuf,
    status: Status,
    status_file: Option<Utf8PathBuf>,
    /// What was told last, so that it is not told at every attempt.
    last_error: Option<String>,
}

impl Run<'_> {
    fn note(&mut self, side: &mut Side, told: Told, world: &mut World<'_, '_>) {
        match told {
            Told::Connected(engine) => {
                world.io.message(format!(
                    "{}: connected to {}, engine {}\n",
                    side.environment.name,
                    engine.endpoint(),
                    engine.version().engine
                ));
                side.engine = Some(engine);
                side.known.reconnected(Instant::now());
                side.is_stale = true;
                side.lost = None;
                self.last_error = None;
            }
            Told::Event => side.is_stale = side.engine.is_some(),
            Told::Lost(message) => {
                side.engine = None;
                if side.lost.is_none() {
                    world.io.message(format!(
                        "{}: {message}; the zone files stay as they are\n",
                        side.environment.name
                    ));
                }
                side.lost = Some(message.clone());
                if self.status.state != State::Lost
                    || self.status.message.as_ref() != Some(&message)
                {
                    self.status.state = State::Lost;
                    self.status.message = Some(message);
                    self.tell_status(world);
                }
            }
        }
    }

    /// Lists containers, and writes what differs.
    async fn once(&mut self, sides: &mut [Side], grace: Duration, world: &mut World<'_, '_>) {
        for side in sides.iter_mut() {
            let (Some(engine), Some(wanted)) = (&side.engine, &side.environment.engine) else {
                continue;
            };
            // A failure here is told by the watch as well, which connects anew.
            if let Ok(listed) = engine.containers(&containers::filter(wanted)).await {
                side.known.take(listed, Instant::now(), grace);
                side.is_stale = false;
                side.was_listed = true;
            }
        }
        // Before the first list nothing is known of the names there are.
        if sides.iter().any(|side| !side.was_listed) {
            return;
        }
        let mut collected: Vec<(&Environment, Collected)> = Vec::new();
        let mut allow_empty = self.args.source.allow_empty;
        for side in sides.iter() {
            let environment = &side.environment;
            let mut all = from_compose(
                environment,
                self.config,
                &self.args.source,
                shell(sides.len()),
                world,
            );
            containers::collect(&side.known.containers(), environment, self.config, &mut all);
            allow_empty |= side.known.is_surely_empty(Instant::now());
            collected.push((environment, all));
        }
        let mut rules = rules(self.config, &self.args.source);
        rules.allow_empty = allow_empty;
        // Who stops containers means it: the limit counts only where somebody asked for one.
        if self.args.source.max_delete.is_none() && self.config.max_delete.is_none() {
            rules.max_delete = Limit::NONE;
        }
        let result = lock(&self.output).and_then(|_lock| {
            let outcome = prepare(self.config, &collected, &self.output, &rules, world.dir);
            if !outcome.has_errors() {
                write(&outcome)?;
            }
            Ok(outcome)
        });
        self.after(&result, sides, world);
    }

    fn after(
        &mut self,
        result: &Result<Outcome, String>,
        sides: &[Side],
        world: &mut World<'_, '_>,
    ) {
        let held = match result {
            Err(message) => Some(message.clone()),
            Ok(outcome) if outcome.has_errors() => {
                let errors = outcome.found.iter().filter(|one| one.is_error());
                Some(
                    errors
                        .map(ToString::to_string)
                        .collect::<Vec<_>>()
                        .join("; "),
                )
            }
            Ok(_) => None,
        };
        if let Ok(outcome) = result {
            let news = held.is_none() || held != self.last_error;
            let shown: Vec<Diagnostic> = outcome
                .found
                .iter()
                .filter(|one| one.is_error() && news)
                .cloned()
                .collect();
            report::show(&shown, world);
            if held.is_none() {
                for change in outcome.changed() {
                    let (added, removed) = (change.diff.added.len(), change.diff.removed.len());
                    world.io.message(format!(
                        "{}: {added} added, {removed} removed\n",
                        change.zone
                    ));
                    self.status.written = Some(now());
                }
            }
        } else if held != self.last_error
            && let Some(message) = &held
        {
            world.io.message(format!("error: {message}\n"));
        }
        self.last_error.clone_from(&held);
        let lost = sides.iter().find_map(|side| side.lost.clone());
        (self.status.state, self.status.message) = match (held, lost) {
            (Some(message), _) => (State::Held, Some(message)),
            (None, Some(message)) => (State::Lost, Some(message)),
            (None, None) => (State::Current, None),
        };
        self.status.checked = Some(now());
        self.tell_status(world);
    }

    fn tell_status(&self, world: &mut World<'_, '_>) {
        if let Err(message) = self.status.write(self.status_file.as_deref()) {
            world.io.message(format!("warning: {message}\n"));
        }
    }
}
