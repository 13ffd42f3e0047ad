//! Runs tasks of the nearest castfile: `cargo run --example run_task -- TASK…`.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use camino::{Utf8Path, Utf8PathBuf};
use cast_runner::{Commands, Control, Event, Observer, Run, execute};
use castfile::{Disk, Env, Host, Loader, Session, UserDirs};

/// Shows what happens, a line each. What the tasks themselves write goes to the terminal.
struct Progress<'w> {
    shown: &'w mut dyn Write,
}

impl Observer for Progress<'_> {
    fn event(&mut self, event: &Event<'_>) {
        let what = match event {
            Event::Started { .. } => "running".to_owned(),
            Event::Skipped { .. } => "skipped".to_owned(),
            Event::Failed { code, .. } => format!("failed with exit code {code}"),
            Event::TimedOut { after, .. } => format!("not done after {after:?}"),
            Event::Refused { diagnostics, .. } => {
                let found: Vec<_> = diagnostics.iter().map(ToString::to_string).collect();
                found.join("; ")
            }
            _ => return,
        };
        let name = event.task().display_name();
        // Nobody to tell that nothing can be told.
        drop(writeln!(self.shown, "{name}: {what}"));
    }
}

/// Runs the tasks `names` of the castfile in or above `dir`; returns the exit code.
pub(crate) async fn run(
    dir: &Utf8Path,
    process: Env,
    names: &[String],
    shown: &mut dyn Write,
) -> Result<i32, Box<dyn Error>> {
    let loader = Loader::new(&Disk, UserDirs::from_env(&process)).showing_from(dir);
    let project = loader.project(&loader.select(dir, None, &[])?.castfile)?;
    let context = project.default_context();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let plan = project.plan(&names, context)?;

    let mut host = Host::default();
    host.os = std::env::consts::OS.into();
    host.is_admin = cast_runner::is_root();
    let commands = Commands::new(project.dir());
    let inputs = Session {
        files: &Disk,
        process: &process,
        invocation_dir: dir,
        context,
        host: &host,
        commands: Some(&commands),
        dotenv: &[],
        vars: &[],
    };
    let control = Control::new()?;
    let run = Run::new(&project, &plan, &inputs, &control);
    let report = execute(&run, &mut Progress { shown }).await?;
    Ok(report.code())
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let dir = Utf8PathBuf::try_from(std::env::current_dir()?)?;
    let process: Env = std::env::vars().collect();
    let mut names: Vec<_> = std::env::args().skip(1).collect();
    if names.is_empty() {
        names.push("default".to_owned());
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let code = runtime.block_on(run(&dir, process, &names, &mut io::stderr()))?;
    Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from))
}
