//! Says what a variable is in a task, and which line of which file made it so.
//!
//! ```text
//! cargo run -p castfile --example explain_variable -- path/to/castfile up MNT_DIR
//! ```

use camino::Utf8Path;
use castfile::{Disk, Env, Error, Files, Host, Loader, Origin, Session, UserDirs};

/// One sentence about the variable `name` in the task `task`.
///
/// # Errors
/// What keeps the project from loading or its values from being expanded.
pub(crate) fn explain(
    files: &dyn Files,
    process: &Env,
    path: &Utf8Path,
    task: &str,
    name: &str,
) -> Result<String, Error> {
    let dir = path.parent().unwrap_or(path);
    let loader = Loader::new(files, UserDirs::from_env(process)).showing_from(dir);
    let project = loader.project(path)?;
    let Some(task) = project.task(task) else {
        return Ok(format!("there is no task {task}"));
    };
    let mut host = Host::default();
    "linux".clone_into(&mut host.os);
    let session = Session {
        files,
        process,
        invocation_dir: dir,
        context: project.default_context(),
        host: &host,
        // `$(…)` in values stays as it is: explaining must not run anything.
        commands: None,
        dotenv: &[],
        vars: &[],
    };
    let base = project.base_env(&session)?;
    let env = project.task_env(&base, task, &session)?;
    let Some(var) = env.var(name) else {
        return Ok(format!("{name} is not set in {}", task.id()));
    };
    let value = if var.secret { "***" } else { &var.value };
    let origin = match &var.origin {
        Origin::Process => "from the environment".to_owned(),
        Origin::Builtin => "set by cast".to_owned(),
        Origin::File(place) => format!("from {place}, written as {}", place.text()),
        other => format!("{other:?}"),
    };
    Ok(format!("{name} is {value:?}, {origin}"))
}

#[expect(clippy::print_stdout, reason = "it is what the example is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [path, task, name] = args.as_slice() else {
        return Err("usage: explain_variable CASTFILE TASK NAME".into());
    };
    let path = camino::absolute_utf8(Utf8Path::new(path))?;
    let env: Env = std::env::vars().collect();
    println!("{}", explain(&Disk, &env, &path, task, name)?);
    Ok(())
}
