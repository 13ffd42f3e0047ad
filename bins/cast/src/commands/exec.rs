//! `cast exec`: a program in the project's environment.

use camino::Utf8PathBuf;
use cast_runner::{Commands, Control, Invocation as Program, Options, Vars, find_program, run};
use castfile::{Error, Origin};
use common::exit;

use crate::command_line::Leading;
use crate::invocation::Invocation;
use crate::secrets::Vaults;
use crate::ui::Ui;

/// Runs `NAME=VALUE… PROGRAM ARGS` in the current directory with the environment that the
/// project's tasks start from.
pub(crate) fn exec(invocation: &Invocation<'_>, words: &[String], ui: &mut Ui<'_, '_>) -> u8 {
    match try_exec(invocation, words, ui) {
        Ok(code) => code,
        Err(error) => ui.fail(&error),
    }
}

fn try_exec(
    invocation: &Invocation<'_>,
    words: &[String],
    ui: &mut Ui<'_, '_>,
) -> Result<u8, Error> {
    let leading = Leading::parse(words);
    let mut rest = leading.rest.as_slice();
    let selected = invocation.select_with(&leading.aliases)?;
    let project = selected.project()?;
    let vaults = Vaults::new(invocation.world);
    let commands = Commands::new(project.dir()).with_secrets(Some(&vaults));
    let inputs = selected.session(&project, Some(&commands));
    let mut env = project.base_env(&inputs)?;
    while let Some((name, value)) = rest.first().and_then(|word| assignment(word)) {
        env.set(name, value, Origin::CommandLine);
        rest = &rest[1..];
    }
    let Some((name, args)) = rest.split_first() else {
        let help = "write it behind the options: `cast exec docker ps`";
        ui.error("cast::no-program", "there is no program to run", &[help]);
        return Ok(exit::FAILED);
    };
    let vars: Vars = env
        .iter()
        .map(|(name, var)| (name.to_owned(), var.value.clone()))
        .collect();
    let dir = &invocation.world.dir;
    let path = vars.get("PATH").map(String::as_str);
    let Some(program) = find_program(name, path, dir) else {
        ui.error(
            "cast::missing-program",
            format!("the program `{name}` was not found"),
            &["`cast exec printenv PATH` shows where programs are looked up in this project"],
        );
        return Ok(127);
    };
    // The original shows the line; on standard error, so that the output stays the program's.
    ui.note(rest.join(" "));
    Ok(start(program, args, &vars, invocation, ui))
}

fn start(
    program: Utf8PathBuf,
    args: &[String],
    vars: &Vars,
    invocation: &Invocation<'_>,
    ui: &mut Ui<'_, '_>,
) -> u8 {
    ui.io.flush();
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())
        .and_then(|runtime| {
            runtime.block_on(async {
                let control = Control::new().map_err(|error| error.to_string())?;
                let mut options = Options::new(&control);
                options.raw_vars.clone_from(&invocation.world.raw_vars);
                let program = Program::new(program, args.to_vec());
                let dir = &invocation.world.dir;
                run(program, vars, dir, &options)
                    .await
                    .map_err(|error| error.to_string())
            })
        });
    match outcome {
        Ok(outcome) => u8::try_from(outcome.code()).unwrap_or(exit::FAILED),
        Err(message) => {
            ui.error("cast::exec", message, &[]);
            exit::FAILED
        }
    }
}

/// `NAME=VALUE`, where the name is one that a shell would take.
fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let first = name.chars().next()?;
    let ok = (first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    ok.then_some((name, value))
}
