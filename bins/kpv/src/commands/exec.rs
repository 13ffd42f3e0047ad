//! `kpv exec`: a program with secrets in its environment.

use camino::Utf8Path;
use cast_runner::{Control, Invocation, Options, Vars, find_program};
use vault::Export;

use crate::args::ExecArgs;
use crate::exit;
use crate::failure::{Failure, Result};
use crate::session::Session;
use crate::ui::Ui;
use crate::{file, select};

/// Runs the program with the variables of this process and the secrets; ends as it ends.
pub(crate) fn exec(args: &ExecArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let exports = exports(args, session, ui)?;
    let mut words = args.command.iter().map(|word| {
        word.clone()
            .into_string()
            .map_err(|word| Failure::usage(format!("`{}` is not UTF-8", word.to_string_lossy())))
    });
    let name = words.next().transpose()?.unwrap_or_default();
    let words = words.collect::<Result<Vec<String>>>()?;
    let world = session.world;
    // the vault's own key is not the program's business
    let mut vars: Vars = world.env.clone();
    for name in ["KPV_PASSWORD", "KPV_MASTER_PASSWORD"] {
        vars.remove(name);
    }
    for export in exports {
        vars.insert(export.name.to_string(), export.value.expose().to_owned());
    }
    let path = vars.get("PATH").map(String::as_str);
    let program = find_program(&name, path, &world.dir).ok_or_else(|| {
        let is_file = name.contains('/') && world.dir.join(&name).exists();
        if is_file {
            Failure::new(format!("`{name}` is not executable")).code(exit::NOT_EXECUTABLE)
        } else {
            Failure::new(format!("the program `{name}` was not found")).code(exit::NO_PROGRAM)
        }
    })?;
    ui.io.flush();
    run(&program, words, &vars, session)
}

fn run(program: &Utf8Path, args: Vec<String>, vars: &Vars, session: &Session<'_>) -> Result<u8> {
    let failed = |error: String| {
        Failure::new(format!("cannot run `{program}`: {error}")).code(exit::NOT_EXECUTABLE)
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| failed(error.to_string()))?;
    let outcome = runtime.block_on(async {
        let control = Control::new().map_err(|error| error.to_string())?;
        let mut options = Options::new(&control);
        options.raw_vars.clone_from(&session.world.raw_vars);
        let invocation = Invocation::new(program.to_owned(), args);
        cast_runner::run(invocation, vars, &session.world.dir, &options)
            .await
            .map_err(|error| error.to_string())
    });
    let outcome = outcome.map_err(failed)?;
    Ok(u8::try_from(outcome.code()).unwrap_or(exit::FAILED))
}

/// The secrets that are asked for. The vault is closed when they are known.
fn exports(args: &ExecArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<Vec<Export>> {
    let mut selection = args.selection.clone();
    if let Some(path) = &args.key_file {
        let text = String::from_utf8(file::bytes(session, path)?)
            .map_err(|_| Failure::new(format!("`{path}` is not UTF-8 text")))?;
        let lines = text.lines().map(str::trim);
        let keys = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let before = selection.keys.keys.len();
        selection.keys.keys.extend(keys.map(str::to_owned));
        if selection.keys.keys.len() == before {
            return Err(Failure::new(format!("`{path}` names no key")));
        }
    }
    let vault = session.open(ui)?;
    select::chosen(&vault, &selection, &[], &args.names, ui)
}
