//! Shows what a command line would run, in which order and why.
//!
//! ```text
//! cargo run -p castfile --example plan_run -- prod @compose @web up
//! ```
//!
//! The first argument is the context; words with `@` choose the project, the others are tasks.

use std::fmt::Write as _;

use camino::Utf8Path;
use castfile::{Disk, Error, Files, Loader, Reason, UserDirs};

/// The steps of a run, one per line, with what each waits for.
///
/// # Errors
/// What keeps the project from being found, loaded or planned.
pub(crate) fn steps(
    files: &dyn Files,
    dirs: UserDirs,
    cwd: &Utf8Path,
    context: &str,
    words: &[&str],
) -> Result<String, Error> {
    let (projects, targets): (Vec<&str>, Vec<&str>) =
        words.iter().partition(|word| word.starts_with('@'));
    let loader = Loader::new(files, dirs).showing_from(cwd);
    let selected = loader.select(cwd, None, &projects)?;
    let project = loader.project(&selected.castfile)?;
    let context = selected.context.as_deref().unwrap_or(context);
    let plan = project.plan(&targets, context)?;
    let mut text = format!("in {}, context {}\n", project.dir(), plan.context);
    for (at, step) in plan.steps.iter().enumerate() {
        let reason = match &step.reason {
            Reason::Target => "asked for".to_owned(),
            Reason::NeededBy(task) => format!("needed by {task}"),
            Reason::Before(task) => format!("before {task}"),
            Reason::After(task) => format!("after {task}"),
            _ => String::new(),
        };
        let after: Vec<_> = step
            .after
            .iter()
            .map(|before| (before + 1).to_string())
            .collect();
        let wait = if after.is_empty() {
            String::new()
        } else {
            format!(" (when {} ended)", after.join(", "))
        };
        let id = project.tasks()[step.task].id();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}. {id}: {reason}{wait}", at + 1);
    }
    Ok(text)
}

#[expect(clippy::print_stdout, reason = "it is what the example is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let (context, words) = args
        .split_first()
        .ok_or("usage: plan_run CONTEXT [@PROJECT].. TASK..")?;
    let cwd = camino::absolute_utf8(".")?;
    let env: castfile::Env = std::env::vars().collect();
    print!(
        "{}",
        steps(&Disk, UserDirs::from_env(&env), &cwd, context, words)?
    );
    Ok(())
}
