//! What a command has to do with: files, engine, streams, signals.

mod compose;

use std::collections::{BTreeMap, BTreeSet};

use backup::discovery::{self, Service};
use backup::dump::{Cancel, Context};
use camino::{Utf8Path, Utf8PathBuf};
use common::{ColorChoice, Io, Renderer, json};
use engine::{Endpoint, Engine, Filter};
use jiff::Timestamp;
use yaml_tree::{Diagnostic, Severity};

use crate::args::Common;
use crate::exit;
use crate::secrets::Vaults;

pub(crate) struct World<'w, 'i> {
    pub(crate) dir: &'w Utf8Path,
    pub(crate) env: &'w BTreeMap<String, String>,
    pub(crate) args: Common,
    pub(crate) io: &'w mut Io<'i>,
    pub(crate) vaults: Vaults,
}

/// Services, and the engine that was asked.
pub(crate) struct Found {
    pub(crate) services: Vec<Service>,
    pub(crate) engine: Option<Engine>,
}

impl<'w, 'i> World<'w, 'i> {
    pub(crate) fn new(
        dir: &'w Utf8Path,
        env: &'w BTreeMap<String, String>,
        args: Common,
        io: &'w mut Io<'i>,
    ) -> Self {
        let vaults = Vaults::new(dir, env);
        Self {
            dir,
            env,
            args,
            io,
            vaults,
        }
    }

    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.env
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// Shows findings; the exit code if one of them is an error.
    pub(crate) fn show(&mut self, found: &[Diagnostic]) -> Option<u8> {
        let color = ColorChoice::Auto.decide(self.io.err_is_terminal, |name| {
            self.env.get(name).map(String::as_str)
        });
        let renderer = Renderer::new(color);
        let quiet = self.args.quiet;
        let shown = found
            .iter()
            .filter(|one| !quiet || one.severity != Severity::Note);
        for one in shown {
            let text = if self.args.json {
                json::line(one)
            } else {
                renderer.render(one)
            };
            self.io.message(text);
        }
        found
            .iter()
            .any(Diagnostic::is_error)
            .then_some(exit::WRONG)
    }

    /// Says that something went wrong, with what can be done about it.
    pub(crate) fn error(&mut self, error: &backup::Error) -> u8 {
        self.wrong(&error.to_string(), error.help().as_deref());
        exit::of(error)
    }

    pub(crate) fn engine_error(&mut self, error: &engine::Error) -> u8 {
        self.wrong(&error.to_string(), error.help().as_deref());
        exit::of_engine(error)
    }

    pub(crate) fn wrong(&mut self, message: &str, help: Option<&str>) {
        let help = help.map_or(String::new(), |help| format!("help: {help}\n"));
        self.io.message(format!("error: {message}\n{help}"));
    }

    /// Something for people who look on.
    pub(crate) fn note(&mut self, text: &str) {
        if !self.args.quiet && !self.args.json {
            self.io.message(format!("{text}\n"));
        }
    }

    /// The services of the files, with what runs on the engine.
    ///
    /// # Errors
    /// The exit code, after what is wrong was shown.
    pub(crate) async fn services(&mut self, with_engine: bool) -> Result<Found, u8> {
        let files = compose::files(self.dir, self.env, &self.args);
        let written = match files.and_then(|files| compose::load_all(&files, self.env)) {
            Ok((services, warnings)) => {
                self.show(&warnings);
                services
            }
            Err(found) => {
                self.show(&found);
                return Err(exit::WRONG);
            }
        };
        let engine = if with_engine {
            Some(
                self.engine()
                    .await
                    .map_err(|error| self.engine_error(&error))?,
            )
        } else {
            None
        };
        let others = self.args.all_containers || written.is_empty();
        let mut services = match &engine {
            Some(engine) => {
                let running = running(engine)
                    .await
                    .map_err(|error| self.engine_error(&error))?;
                discovery::join(written, running, others)
            }
            None => written,
        };
        // Who does not say so itself has its place where everybody else has.
        let said: BTreeSet<_> = services
            .iter()
            .filter_map(|service| service.root.clone())
            .collect();
        let shared = said.first().filter(|_| said.len() == 1).cloned();
        let root = self
            .variable("MNT_DIR")
            .map(|root| self.dir.join(root))
            .or(shared);
        for service in &mut services {
            if service.root.is_none() {
                service.root.clone_from(&root);
            }
        }
        Ok(Found { services, engine })
    }

    /// Whether there are Compose files here.
    pub(crate) fn has_files(&self) -> bool {
        compose::files(self.dir, self.env, &self.args).is_ok_and(|files| !files.is_empty())
    }

    /// The services of the files alone, for verbs that look at dumps.
    ///
    /// # Errors
    /// As [`World::services`].
    pub(crate) fn written(&mut self) -> Result<Vec<Service>, u8> {
        let files = compose::files(self.dir, self.env, &self.args);
        let loaded = files.and_then(|files| compose::load_all(&files, self.env));
        let mut services = match loaded {
            Ok((services, _)) => services,
            // With a target there is no need to know them.
            Err(_) if self.args.target.is_some() => Vec::new(),
            Err(found) => {
                self.show(&found);
                return Err(exit::WRONG);
            }
        };
        if services.is_empty()
            && let Some(root) = self.variable("MNT_DIR")
        {
            let mut service = Service::new("", "");
            service.root = Some(self.dir.join(root));
            services.push(service);
        }
        Ok(services)
    }

    pub(crate) async fn engine(&self) -> Result<Engine, engine::Error> {
        let endpoint = Endpoint::find(self.env)?;
        Engine::connect(&endpoint).await
    }

    /// `--target`, absolute.
    pub(crate) fn target(&self) -> Option<Utf8PathBuf> {
        self.args
            .target
            .as_ref()
            .map(|target| self.dir.join(target))
    }

    /// The directories in which dumps are.
    pub(crate) fn targets(&self, services: &[Service]) -> Vec<Utf8PathBuf> {
        if let Some(target) = self.target() {
            return vec![target];
        }
        let roots: BTreeSet<_> = services
            .iter()
            .filter_map(|service| service.root.as_ref())
            .collect();
        roots
            .into_iter()
            .filter(|root| !root.as_str().is_empty())
            .map(|root| root.join("backups"))
            .collect()
    }

    /// A context named by the time.
    pub(crate) fn context(cancel: Cancel) -> Context {
        let now = Timestamp::now().strftime("%Y%m%dT%H%M%SZ");
        let mut context = Context::new(format!("{now}-{}", std::process::id()));
        context.cancel = cancel;
        context
    }

    /// Asks, on a terminal. Elsewhere nobody can answer, and the answer is no.
    pub(crate) fn agrees(&mut self, question: &str) -> bool {
        self.io.message(format!("{question} [y/N] "));
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).ok();
        matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes")
    }
}

async fn running(engine: &Engine) -> Result<Vec<Service>, engine::Error> {
    let containers = engine.containers(&Filter::default().stopped()).await?;
    let containers: Vec<_> = containers
        .into_iter()
        .filter(|container| !container.labels.contains_key(backup::drill::LABEL))
        .collect();
    let mut details = Vec::with_capacity(containers.len());
    for container in &containers {
        match engine.details(&container.id).await {
            Ok(one) => details.push(one),
            // It has gone in between.
            Err(engine::Error::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(discovery::running(&containers, &details))
}

/// Tells a [`Cancel`] of SIGINT and SIGTERM; which one it was is known afterwards.
pub(crate) fn signals() -> (Cancel, std::sync::Arc<std::sync::atomic::AtomicU8>) {
    use std::sync::atomic::{AtomicU8, Ordering};
    use tokio::signal::unix::{SignalKind, signal};
    let (canceller, cancel) = Cancel::pair();
    let code = std::sync::Arc::new(AtomicU8::new(exit::INTERRUPTED));
    let shared = std::sync::Arc::clone(&code);
    let streams = signal(SignalKind::interrupt())
        .and_then(|interrupt| Ok((interrupt, signal(SignalKind::terminate())?)));
    if let Ok((mut interrupt, mut terminate)) = streams {
        tokio::spawn(async move {
            loop {
                let signal = tokio::select! {
                    _ = interrupt.recv() => exit::INTERRUPTED,
                    _ = terminate.recv() => 143,
                };
                shared.store(signal, Ordering::Relaxed);
                canceller.cancel();
            }
        });
    } else {
        std::mem::forget(canceller);
    }
    (cancel, code)
}
