//! `$(command)` in values.

use std::process::{Command, Stdio};

use camino::Utf8Path;

use super::{Vars, signal_name};
use crate::find_program;

/// Runs a command for its output: `$(…)` in values of the environment.
///
/// `words` are the program, which is looked for in the `PATH` of `env`, and its arguments; no shell
/// is involved. The program reads nothing, runs in `cwd` (an absolute path) with exactly the
/// variables of `env` and `PWD`. Returns its standard output without surrounding white space, as
/// frostyeti/cast v0.3.2 does; standard error is dropped. Blocks until the program has ended.
///
/// # Errors
/// A text for a person: which program failed and how, with the first line it wrote to standard
/// error.
pub fn run_substitution(words: &[String], env: &Vars, cwd: &Utf8Path) -> Result<String, String> {
    let Some((name, args)) = words.split_first() else {
        return Err("the command is empty".to_owned());
    };
    let path = env.get("PATH").map(String::as_str);
    let program = find_program(name, path, cwd).ok_or_else(|| {
        format!(
            "`{name}` was not found; PATH is `{}`",
            path.unwrap_or_default()
        )
    })?;
    let output = Command::new(program)
        .args(args)
        .env_clear()
        .envs(env)
        .env("PWD", cwd)
        .current_dir(cwd)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cannot run `{name}`: {error}"))?;
    if !output.status.success() {
        let how = describe(output.status);
        let stderr = String::from_utf8_lossy(&output.stderr);
        return Err(
            match stderr.lines().map(str::trim).find(|line| !line.is_empty()) {
                Some(line) => format!("`{name}` {how}: {line}"),
                None => format!("`{name}` {how}"),
            },
        );
    }
    let text = String::from_utf8(output.stdout)
        .map_err(|_| format!("the output of `{name}` is not UTF-8 text"))?;
    Ok(text.trim().to_owned())
}

fn describe(status: std::process::ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt as _;
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("ended with exit code {code}"),
        (None, Some(signal)) => match signal_name(signal) {
            Some(name) => format!("was ended by {name}"),
            None => format!("was ended by signal {signal}"),
        },
        (None, None) => "did not end".to_owned(),
    }
}
