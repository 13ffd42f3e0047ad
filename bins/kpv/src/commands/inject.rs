//! `kpv inject`: a template with its secrets.

use vault::Secret;
use yaml_tree::Diagnostic;

use crate::args::InjectArgs;
use crate::exit;
use crate::failure::{Failure, Result};
use crate::file;
use crate::session::Session;
use crate::template::references;
use crate::ui::Ui;

/// Prints the template, or writes it to a file, with secrets in the place of references; nothing
/// if one of them is not there.
pub(crate) fn inject(args: &InjectArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let source = file::source(session, &args.file, ui)?;
    let references = references(&source).map_err(Failure::found)?;
    let text = source.text();
    if references.is_empty() {
        ui.warn(format!("`{}` has no reference `kpv://…`", source.name()));
        file::deliver(
            session,
            args.output.output.as_deref(),
            &Secret::from(text),
            ui,
        )?;
        return Ok(exit::DONE);
    }
    let vault = session.open(ui)?;
    let mut out = String::with_capacity(text.len() * 2);
    let mut at = 0;
    let mut problems = Vec::new();
    let mut code = exit::FAILED;
    for reference in &references {
        let range = reference.range.clone();
        match vault.get(&reference.key) {
            Ok(value) => {
                out.push_str(&text[at..range.start]);
                reference.filter.write(&mut out, &value);
                at = range.end;
            }
            Err(error) => {
                let failure = Failure::from(error);
                code = failure.code;
                let mut problem = Diagnostic::error("kpv::reference", failure.message())
                    .primary(source.span(range.start, range.end), "for this reference");
                for help in &failure.help {
                    problem = problem.help(help);
                }
                problems.push(problem);
            }
        }
    }
    if !problems.is_empty() {
        return Err(Failure::found(problems).code(code));
    }
    out.push_str(&text[at..]);
    file::deliver(
        session,
        args.output.output.as_deref(),
        &Secret::from(out),
        ui,
    )?;
    Ok(exit::DONE)
}
