//! Errors of the outside world, shown at the place in the castfile that led to them.

use castfile::ProjectTask;
use yaml_tree::{Diagnostic, Span, Spanned, nearest};

use crate::{Error, Uses};

/// An error of a runner at the task's `uses`, or at its script.
pub(crate) fn runner_diagnostic(task: &ProjectTask, error: &Error) -> Diagnostic {
    let (code, place) = match error {
        Error::MissingProgram { .. } => ("cast::missing-program", uses_or_name(task)),
        Error::EmptyScript => ("cast::empty-script", task.task.name.span.clone()),
        Error::MissingDirectory { .. } => ("cast::missing-directory", cwd_or_name(task)),
        Error::ReadScript { .. } => ("cast::script-file", script_file_or_name(task)),
        _ => ("cast::runner", script_or_name(task)),
    };
    let mut message = error.to_string();
    // The message of an error does not repeat its cause; on the one line shown here it belongs.
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        message = format!("{message}: {}", reason(inner));
        cause = inner.source();
    }
    let found = Diagnostic::error(code, message).primary(place, "");
    match error.help() {
        Some(help) => found.help(help),
        None if matches!(error, Error::EmptyScript) => {
            found.help("add `run: …`, or `needs: […]` if the task only gathers others")
        }
        None => found,
    }
}

/// A cause in words. What kind of I/O error it is says enough: its text names the file once more.
pub(crate) fn reason(cause: &(dyn std::error::Error + 'static)) -> String {
    use std::io::ErrorKind;
    let kind = cause
        .downcast_ref::<std::io::Error>()
        .map(std::io::Error::kind);
    match kind {
        Some(ErrorKind::NotFound) => "no such file or directory".to_owned(),
        Some(ErrorKind::PermissionDenied) => "permission denied".to_owned(),
        Some(ErrorKind::IsADirectory) => "it is a directory".to_owned(),
        Some(ErrorKind::InvalidData) => "it is not UTF-8".to_owned(),
        _ => cause.to_string(),
    }
}

/// `uses` names nothing that is known.
pub(crate) fn unknown_runner(task: &ProjectTask, written: &Spanned<String>) -> Diagnostic {
    let message = format!(
        "task `{}` uses `{}`, which is no runner",
        task.id(),
        written.value
    );
    let found =
        Diagnostic::error("cast::unknown-runner", message).primary(written.span.clone(), "");
    match nearest(&written.value, Uses::NAMES.iter().copied()) {
        Some(near) => found.fix(
            format!("did you mean `{near}`?"),
            written.span.clone(),
            near,
        ),
        None => found.help(format!("the runners are {}", Uses::NAMES.join(", "))),
    }
}

/// `uses` names something, or `with` asks for something, that this version cannot do.
pub(crate) fn not_supported(place: Span, fact: &str) -> Diagnostic {
    Diagnostic::error("cast::not-supported", format!("{fact} yet"))
        .primary(place, "")
        .help("it is parsed and listed; running it comes in a later version")
}

/// Where `uses` is written, else the task's name.
pub(crate) fn uses_or_name(task: &ProjectTask) -> Span {
    task.task
        .uses
        .as_ref()
        .map_or_else(|| task.task.name.span.clone(), |uses| uses.span.clone())
}

/// Where the file of `with.script` is named.
fn script_file_or_name(task: &ProjectTask) -> Span {
    let script = task.task.input("script");
    script.map_or_else(
        || task.task.name.span.clone(),
        |script| script.span().clone(),
    )
}

fn cwd_or_name(task: &ProjectTask) -> Span {
    task.task
        .cwd
        .as_ref()
        .map_or_else(|| task.task.name.span.clone(), |cwd| cwd.span.clone())
}

/// The first line of the script, or the task's name.
fn script_or_name(task: &ProjectTask) -> Span {
    let Some(run) = &task.task.run else {
        return task.task.name.span.clone();
    };
    let length = run
        .span
        .text()
        .find(['\n', '\r'])
        .unwrap_or(run.span.text().len());
    run.span.slice(0, length)
}
