//! `kpv render`: a `.env` file with its calls of kpv answered.

use vault::{Call, Secret};

use crate::answers::Answers;
use crate::args::RenderArgs;
use crate::envfile::{self, Quote};
use crate::exit;
use crate::failure::{Failure, Result};
use crate::file;
use crate::session::Session;
use crate::ui::Ui;

/// Prints the file, or writes it, with secrets in the place of calls: one key derivation for all
/// of them, and nothing is run. Missing secrets are made first, if all calls can be answered.
pub(crate) fn render(args: &RenderArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let source = file::source(session, &args.file, ui)?;
    let assignments = envfile::parse(&source).map_err(Failure::found)?;
    let text = source.text();
    for assignment in &assignments {
        if assignment.quote == Quote::Single && text[assignment.inner.clone()].contains("$(kpv") {
            ui.warn(format!(
                "{}: the call in `{}` is in single quotes, where it is text: use double quotes",
                source.span(assignment.range.start, assignment.range.end),
                assignment.name
            ));
        }
    }
    let found: Vec<_> = assignments
        .iter()
        .flat_map(|assignment| &assignment.calls)
        .collect();
    let calls: Vec<&Call> = found.iter().map(|found| &found.call).collect();
    let mut answers = Answers::with(session.global.vault.clone(), session.given());
    let values = answers
        .answer_all(&calls, session.world)
        .map_err(|(at, failure)| {
            let start = found[at].range.start;
            let mut problem = envfile::problem(&source, start, "kpv::call", failure.message());
            for help in &failure.help {
                problem = problem.help(help);
            }
            Failure::found(vec![problem]).code(failure.code)
        })?;
    // as `$(…)` of a shell does, though kpv prints one line end only
    let mut values = values
        .iter()
        .map(|value| Secret::from(value.expose().trim_end_matches('\n')));

    let mut out = String::with_capacity(text.len() * 2);
    let mut at = 0;
    for assignment in assignments
        .iter()
        .filter(|assignment| !assignment.calls.is_empty())
    {
        let own: Vec<Secret> = values.by_ref().take(assignment.calls.len()).collect();
        out.push_str(&text[at..assignment.range.start]);
        out.push_str(assignment.rendered(text, &own).expose());
        at = assignment.range.end;
    }
    out.push_str(&text[at..]);
    let rendered = Secret::from(out);
    file::deliver(session, args.output.output.as_deref(), &rendered, ui)?;
    Ok(exit::DONE)
}
