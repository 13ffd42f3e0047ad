//! `uses: cast`: a task of another castfile.

use std::time::Instant;

use castfile::{Error, Loader, ProjectTask, Session, UserDirs};
use yaml_tree::{Diagnostic, Span};

use super::step::{Prepared, Stop};
use super::{Event, Observer, Run, Shared, execute};
use crate::diagnostics::{not_supported, uses_or_name};
use crate::{Commands, Outcome, Status};

/// Runs inside runs inside runs: more than this is a task that calls itself.
const MAX_DEPTH: usize = 16;

impl Shared<'_, '_> {
    /// Runs `with.task` (or `default`) of the castfile `with.file`, or of the directory `with.dir`,
    /// both relative to the task's directory. The inner run starts from the task's environment, is
    /// in the context `default` as in frostyeti/cast v0.3.2, and must be over when the task must.
    pub(super) async fn nested(
        &self,
        task: &ProjectTask,
        prepared: &Prepared<'_>,
    ) -> Result<Outcome, Stop> {
        let site = uses_or_name(task);
        let refused = |message: String| {
            let found = Diagnostic::error("cast::nested", message).primary(site.clone(), "");
            Stop::from(Box::new(found))
        };
        if self.run.depth >= MAX_DEPTH {
            let message = format!("`uses: cast` is nested more than {MAX_DEPTH} levels deep");
            return Err(refused(message));
        }
        if let Some(job) = task.task.input("job") {
            let found = not_supported(job.span().clone(), "running a job is not supported");
            return Err(Stop::NotSupported(Box::new(found)));
        }
        let text = |name: &str| {
            let node = task.task.input(name)?;
            Some((node, node.as_text()?))
        };
        let Some((place, path)) = text("file").or_else(|| text("dir")) else {
            return Err(refused(
                "`uses: cast` needs `with.file` or `with.dir`".to_owned(),
            ));
        };
        let target = text("task");
        let target_site = target.map_or(&site, |(node, _)| node.span());
        let target = target.map_or("default", |(_, text)| text);

        let outer = self.run.inputs;
        let mut loader = Loader::new(outer.files, UserDirs::from_env(&prepared.env));
        if let Some(base) = self.run.shown_from() {
            loader = loader.showing_from(base);
        }
        let selected = loader
            .select(&prepared.cwd, Some(path), &[])
            .map_err(|error| led_here(&error, place.span()))?;
        let project = loader
            .project(&selected.castfile)
            .map_err(|error| led_here(&error, place.span()))?;
        let plan = project
            .plan(&[target], "default")
            .map_err(|error| led_here(&error, target_site))?;
        let commands = Commands::new(project.dir()).with_secrets(self.run.secrets);
        let inputs = Session {
            process: &prepared.env,
            invocation_dir: &prepared.cwd,
            context: "default",
            commands: outer.commands.is_some().then_some(&commands as _),
            // They are in the task's environment already.
            dotenv: &[],
            ..*outer
        };
        let deadline = prepared
            .limit
            .and_then(|limit| Instant::now().checked_add(limit));
        let run = Run {
            project: &project,
            plan: &plan,
            inputs: &inputs,
            args: prepared.args,
            depth: self.run.depth + 1,
            deadline,
            mask: Some(self.mask),
            ..self.run
        };
        let report = Box::pin(execute(&run, &mut Forward { shared: self }))
            .await
            .map_err(|error| led_here(&error, &site))?;
        let in_time = deadline.is_none_or(|end| Instant::now() < end);
        let mut outcome = Outcome::succeeded();
        outcome.interrupted = report.interrupted;
        outcome.status = if report.success() || in_time {
            Status::Exited(report.code())
        } else {
            Status::TimedOut
        };
        Ok(outcome)
    }
}

/// An error about the inner project, with the place in the outer one that led to it.
fn led_here(error: &Error, site: &Span) -> Stop {
    let found = error.diagnostics().into_iter();
    let placed = found.map(|found| match found.location() {
        None => found.primary(site.clone(), ""),
        Some(_) => found.secondary(site.clone(), "run by this task"),
    });
    Stop::Diagnostics(placed.collect())
}

/// Tells the events of an inner run to the observer of the outer one.
struct Forward<'s, 'a, 'o> {
    shared: &'s Shared<'a, 'o>,
}

impl Observer for Forward<'_, '_, '_> {
    fn event(&mut self, event: &Event<'_>) {
        self.shared.tell(event);
    }
}
