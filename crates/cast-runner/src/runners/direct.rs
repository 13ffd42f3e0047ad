//! Plain commands that need no shell.

use std::io::Read as _;

use camino::Utf8PathBuf;

use super::Script;

/// Keywords and built-in commands of bash 5 and dash: what the shell does for these differs from an
/// external program of the same name, or there is none. `true` and `false` are missing on purpose,
/// since the programs do the same. `env` and `printenv` are here because they show what the shell
/// adds to the environment (`_`, `SHLVL`).
const SHELL_WORDS: &[&str] = &[
    ".",
    ":",
    "[",
    "alias",
    "bg",
    "bind",
    "break",
    "builtin",
    "caller",
    "case",
    "cd",
    "chdir",
    "command",
    "compgen",
    "complete",
    "compopt",
    "continue",
    "coproc",
    "declare",
    "dirs",
    "disown",
    "do",
    "done",
    "echo",
    "elif",
    "else",
    "enable",
    "env",
    "esac",
    "eval",
    "exec",
    "exit",
    "export",
    "fc",
    "fg",
    "fi",
    "for",
    "function",
    "getopts",
    "hash",
    "help",
    "history",
    "if",
    "in",
    "jobs",
    "kill",
    "let",
    "local",
    "logout",
    "mapfile",
    "popd",
    "printenv",
    "printf",
    "pushd",
    "pwd",
    "read",
    "readarray",
    "readonly",
    "return",
    "select",
    "set",
    "shift",
    "shopt",
    "source",
    "suspend",
    "test",
    "then",
    "time",
    "times",
    "trap",
    "type",
    "typeset",
    "ulimit",
    "umask",
    "unalias",
    "unset",
    "until",
    "wait",
    "while",
];

/// Variables by which a non-interactive shell behaves differently, or runs something first.
const SHELL_VARS: &[&str] = &[
    "BASH_ENV",
    "ENV",
    "SHELLOPTS",
    "BASHOPTS",
    "BASH_COMPAT",
    "POSIXLY_CORRECT",
    "EXECIGNORE",
];

/// The words of `text` if no shell would see more in them than words.
pub(super) fn plain_words(text: &str) -> Option<Vec<&str>> {
    let line = text.trim_matches([' ', '\t', '\n']);
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./:=@%+,- \t".contains(c);
    if !line.chars().all(plain) {
        return None;
    }
    let words: Vec<&str> = line
        .split([' ', '\t'])
        .filter(|word| !word.is_empty())
        .collect();
    let command = words.first()?;
    let starts_well =
        command.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/'));
    (starts_well && !command.contains('=') && !SHELL_WORDS.contains(command)).then_some(words)
}

/// The program and words of a script that can be executed without a shell.
pub(super) fn resolve<'a>(
    script: &Script<'_>,
    text: &'a str,
) -> Option<(Utf8PathBuf, Vec<&'a str>)> {
    let words = plain_words(text)?;
    let shell_differs = script
        .env
        .keys()
        .any(|name| SHELL_VARS.contains(&name.as_str()) || name.starts_with("BASH_FUNC_"));
    // bash expands a tilde inside PATH while it searches
    let path = script.path()?;
    if shell_differs || path.contains('~') {
        return None;
    }
    let program = script.find(words.first()?)?;
    kernel_runs(&program).then_some((program, words))
}

/// Whether the kernel itself knows how to run the file. A script without `#!` line is run by the
/// shell that was asked to start it, so it needs one.
fn kernel_runs(program: &camino::Utf8Path) -> bool {
    let mut start = [0; 4];
    let read = std::fs::File::open(program).and_then(|mut file| file.read(&mut start));
    read.is_ok() && (start.starts_with(b"#!") || start == *b"\x7fELF")
}
