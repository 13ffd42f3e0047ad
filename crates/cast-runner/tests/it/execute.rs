//! Whole runs: castfiles on the disk, planned and executed.

mod environment;
mod example;
mod failure;
mod handover;
mod interruption;
mod nested;
mod order;
mod scripts;
mod secrets;
mod side_by_side;
mod template_files;

use std::fmt::Write as _;
use std::time::SystemTime;

use camino::{Utf8Path, Utf8PathBuf};
use cast_runner::{
    Commands, Control, Event, Observer, Report, Run, SecretSource, StepOutcome, Stream, execute,
};
use castfile::{Disk, Env, Host, Loader, Session, UserDirs};

use crate::support::{Place, block_on, strings};

/// A castfile in a temporary directory.
pub(crate) struct Lab {
    place: Place,
}

/// How a run differs from the plain one.
#[derive(Clone, Copy)]
pub(crate) struct Setup<'a> {
    pub(crate) args: &'a [&'a str],
    pub(crate) jobs: usize,
    pub(crate) context: &'a str,
    pub(crate) vars: &'a [(&'a str, &'a str)],
    pub(crate) now: Option<SystemTime>,
    /// Waits for a signal before the run.
    pub(crate) interrupted: bool,
    pub(crate) secrets: Option<&'a dyn SecretSource>,
}

pub(crate) const PLAIN: Setup<'_> = Setup {
    args: &[],
    jobs: 1,
    context: "default",
    vars: &[],
    now: None,
    interrupted: false,
    secrets: None,
};

/// What came of a run.
pub(crate) struct Ran {
    pub(crate) report: Report,
    /// What the observer was told, a line each.
    pub(crate) events: Vec<String>,
}

impl Lab {
    pub(crate) fn new(castfile: &str) -> Self {
        let place = Place::new();
        place.write("castfile", castfile);
        Self { place }
    }

    pub(crate) fn dir(&self) -> &Utf8Path {
        self.place.cwd()
    }

    pub(crate) fn path(&self, name: &str) -> Utf8PathBuf {
        self.dir().join(name)
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.place.env.insert(name.to_owned(), value.to_owned());
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }

    /// What a file contains; nothing if there is none.
    pub(crate) fn read(&self, name: &str) -> String {
        fs_err::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// Makes a named pipe, on which tasks can wait for each other.
    pub(crate) fn fifo(&self, name: &str) {
        let mut command = std::process::Command::new("mkfifo");
        assert!(command.arg(self.path(name)).status().unwrap().success());
    }

    pub(crate) fn run(&self, targets: &[&str]) -> Ran {
        self.run_with(targets, PLAIN)
    }

    pub(crate) fn run_with(&self, targets: &[&str], setup: Setup<'_>) -> Ran {
        self.try_run(targets, setup).unwrap()
    }

    /// A run that must succeed; returns what the tasks wrote into the file `out`.
    pub(crate) fn out(&self, targets: &[&str]) -> String {
        self.out_with(targets, PLAIN)
    }

    pub(crate) fn out_with(&self, targets: &[&str], setup: Setup<'_>) -> String {
        let ran = self.run_with(targets, setup);
        assert_eq!(ran.report.code(), 0, "{:#?}", ran.events);
        self.read("out")
    }

    pub(crate) fn try_run(
        &self,
        targets: &[&str],
        setup: Setup<'_>,
    ) -> Result<Ran, castfile::Error> {
        block_on(self.future(targets, setup))
    }

    async fn future(&self, targets: &[&str], setup: Setup<'_>) -> Result<Ran, castfile::Error> {
        let process: Env = self.place.env.clone().into_iter().collect();
        let loader =
            Loader::new(&Disk, UserDirs::from_env(&process)).showing_from(self.dir().to_owned());
        let project = loader.project(&self.path("castfile"))?;
        let plan = project.plan(targets, setup.context)?;
        let mut host = Host::default();
        host.os = "linux".into();
        host.arch = "amd64".into();
        let commands = Commands::new(project.dir()).with_secrets(setup.secrets);
        let vars: Vec<_> = setup
            .vars
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let inputs = Session {
            files: &Disk,
            process: &process,
            invocation_dir: self.dir(),
            context: setup.context,
            host: &host,
            commands: Some(&commands),
            dotenv: &[],
            vars: &vars,
        };
        let control = Control::new().unwrap();
        if setup.interrupted {
            self.write("ready", "");
            control.interruption().await;
        }
        let args = strings(setup.args);
        let mut run = Run::new(&project, &plan, &inputs, &control);
        run.args = &args;
        run.jobs = setup.jobs;
        run.now = setup.now;
        run.secrets = setup.secrets;
        let mut recorder = Recorder::default();
        let report = execute(&run, &mut recorder).await?;
        Ok(Ran {
            report,
            events: recorder.events,
        })
    }
}

impl Ran {
    /// What came of a task.
    pub(crate) fn outcome(&self, task: &str) -> StepOutcome {
        let step = self
            .report
            .steps
            .iter()
            .find(|step| step.task.as_str() == task);
        step.unwrap().outcome
    }

    /// The events of one kind.
    pub(crate) fn told(&self, kind: &str) -> Vec<&str> {
        self.events
            .iter()
            .filter_map(|event| event.strip_prefix(kind))
            .collect()
    }
}

/// Writes down what it is told.
#[derive(Default)]
struct Recorder {
    events: Vec<String>,
}

impl Observer for Recorder {
    fn event(&mut self, event: &Event<'_>) {
        let name = event.task().display_name();
        let mut text = String::new();
        match event {
            Event::Started { .. } => write!(text, "started {name}").unwrap(),
            Event::Skipped { reason, .. } => write!(text, "skipped {name} {reason:?}").unwrap(),
            Event::Refused { diagnostics, .. } => {
                write!(text, "refused {name}").unwrap();
                for found in *diagnostics {
                    write!(text, "\n[{}] {found}", found.code).unwrap();
                    for label in found.labels.iter().filter(|label| !label.primary) {
                        write!(text, "\n  {}: {}", label.span, label.message).unwrap();
                    }
                    for help in &found.help {
                        write!(text, "\n  help: {help}").unwrap();
                    }
                    if let Some(fix) = &found.fix {
                        write!(text, "\n  fix: {}", fix.title).unwrap();
                    }
                }
            }
            Event::Failed { code, signal, .. } => match signal {
                None => write!(text, "failed {name} {code}").unwrap(),
                Some(signal) => write!(text, "failed {name} {code} signal {signal}").unwrap(),
            },
            Event::TimedOut { after, .. } => write!(text, "timed out {name} {after:?}").unwrap(),
            Event::Output { stream, line, .. } => {
                let mark = if *stream == Stream::Stdout { "1" } else { "2" };
                let line = String::from_utf8_lossy(line);
                write!(text, "output {name} {mark}: {line}").unwrap();
            }
            _ => {}
        }
        self.events.push(text);
    }
}
