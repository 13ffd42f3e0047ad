//! `shell`, `bash` and `sh`.

use camino::Utf8PathBuf;

use super::{
    Invocation, MAX_INLINE, Runner, Script, direct, file_argument, file_mode, locate, overridden,
    temp_dir, temporary,
};
use crate::Error;

const BASH_OPTIONS: &[&str] = &["--noprofile", "--norc", "-eo", "pipefail"];
const SH_OPTIONS: &[&str] = &["-e"];
const BASH_OVERRIDE: &[&str] = &["RUN_BASH_EXE"];
const SH_OVERRIDE: &[&str] = &["RUN_SH_EXE"];
const INSTALL_SH: &str = "install a POSIX shell (Debian package `dash`)";

/// What a script sees as `$0`.
const NAME: &str = "cast";

/// `uses: shell`.
pub(super) fn any(script: &Script<'_>) -> Result<Invocation, Error> {
    let text = script.text()?;
    let with_args = appends_args(&text);
    if overridden(script, &[BASH_OVERRIDE, SH_OVERRIDE].concat()).is_none()
        && let Some(mut invocation) = without_shell(script, &text)
    {
        if with_args {
            invocation.args.extend_from_slice(script.args);
        }
        return Ok(invocation);
    }
    let text = if with_args && !script.args.is_empty() {
        format!("{} \"$@\"", text.trim_end())
    } else {
        text
    };
    if overridden(script, BASH_OVERRIDE).is_some() || script.find("bash").is_some() {
        inline(
            bash_program(Runner::Shell, script)?,
            BASH_OPTIONS,
            script,
            text,
        )
    } else {
        inline(sh_program(Runner::Shell, script)?, SH_OPTIONS, script, text)
    }
}

/// `uses: bash`.
pub(super) fn bash(script: &Script<'_>) -> Result<Invocation, Error> {
    one(script, BASH_OVERRIDE, BASH_OPTIONS, || {
        bash_program(Runner::Bash, script)
    })
}

/// `uses: sh`.
pub(super) fn sh(script: &Script<'_>) -> Result<Invocation, Error> {
    one(script, SH_OVERRIDE, SH_OPTIONS, || {
        sh_program(Runner::Sh, script)
    })
}

fn one(
    script: &Script<'_>,
    overrides: &[&str],
    options: &[&str],
    program: impl Fn() -> Result<Utf8PathBuf, Error>,
) -> Result<Invocation, Error> {
    if script.script_file.is_none()
        && let Some(file) = file_mode(script, &["sh"])
    {
        let mut args: Vec<String> = options.iter().map(ToString::to_string).collect();
        args.push(file_argument(file));
        args.extend_from_slice(script.args);
        return Ok(Invocation::new(program()?, args));
    }
    let text = script.text()?;
    if overridden(script, overrides).is_none()
        && let Some(invocation) = without_shell(script, &text)
    {
        return Ok(invocation);
    }
    inline(program()?, options, script, text)
}

fn bash_program(runner: Runner, script: &Script<'_>) -> Result<Utf8PathBuf, Error> {
    locate(
        runner,
        script,
        BASH_OVERRIDE,
        &["bash"],
        "install bash (Debian package `bash`)",
    )
}

fn sh_program(runner: Runner, script: &Script<'_>) -> Result<Utf8PathBuf, Error> {
    locate(runner, script, SH_OVERRIDE, &["sh"], INSTALL_SH)
}

fn without_shell(script: &Script<'_>, text: &str) -> Option<Invocation> {
    let (program, words) = direct::resolve(script, text)?;
    let (name, args) = words.split_first()?;
    let mut invocation = Invocation::new(program, args.iter().map(ToString::to_string).collect());
    invocation.arg0 = Some((*name).to_owned());
    Some(invocation)
}

fn inline(
    program: Utf8PathBuf,
    options: &[&str],
    script: &Script<'_>,
    text: String,
) -> Result<Invocation, Error> {
    let mut args: Vec<String> = options.iter().map(ToString::to_string).collect();
    let mut file = None;
    if text.len() <= MAX_INLINE {
        args.extend(["-c".to_owned(), text, NAME.to_owned()]);
    } else {
        let written = temporary(&text, ".sh", &[temp_dir(script), script.cwd])?;
        args.push(written.to_string_lossy().into_owned());
        file = Some(written);
    }
    args.extend_from_slice(script.args);
    let mut invocation = Invocation::new(program, args);
    invocation.temporary = file;
    Ok(invocation)
}

/// Whether the task's arguments belong at the end of `text`: a single plain command.
///
/// The conditions on the text as a whole are those of frostyeti/cast v0.3.2. The rest keeps away
/// from commands that place the arguments themselves, and from forms of the shell that no word may
/// follow.
pub(super) fn appends_args(text: &str) -> bool {
    let line = text.trim();
    let only_a_shell = ["sh", "bash", "pwsh", "powershell"]
        .iter()
        .any(|shell| line.eq_ignore_ascii_case(shell));
    !line.contains(['\n', '\r', '|', ';', '&'])
        && !only_a_shell
        && !has_variable(line)
        && !has_positional(line)
        && !line.starts_with(['(', '{', '#'])
        && !line.starts_with("[[")
        && !line.ends_with('\\')
}

/// Whether there is a `$NAME`, `${` or closing `$` anywhere; quotes do not count.
fn has_variable(line: &str) -> bool {
    dollars(line)
        .any(|(_, next)| next.is_none_or(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '{')))
}

/// Whether there is a `$1`, `$@`, `$*` or `$#` outside single quotes.
fn has_positional(line: &str) -> bool {
    dollars(line).any(|(single_quoted, next)| {
        !single_quoted && next.is_some_and(|c| c.is_ascii_digit() || matches!(c, '@' | '*' | '#'))
    })
}

/// Every unescaped `$`: whether it stands in single quotes, and what follows it.
fn dollars(line: &str) -> impl Iterator<Item = (bool, Option<char>)> + '_ {
    let (mut single, mut double, mut escaped) = (false, false, false);
    let mut chars = line.chars().peekable();
    std::iter::from_fn(move || {
        loop {
            let c = chars.next()?;
            let here = !escaped;
            escaped = here && c == '\\' && !single;
            match c {
                '\'' if here && !double => single = !single,
                '"' if here && !single => double = !double,
                '$' if here => return Some((single, chars.peek().copied())),
                _ => {}
            }
        }
    })
}
