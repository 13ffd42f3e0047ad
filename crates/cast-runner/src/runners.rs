//! From `uses` and `run` to a program with arguments.

mod direct;
mod interpreters;
mod shell;
mod xplat;

use std::fmt;
use std::str::FromStr;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempPath;

use crate::{Error, Vars, find_program};

pub use xplat::run_xplat;

/// A runner that is a program of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Runner {
    /// `shell`: bash if the task's `PATH` has it, else sh.
    Shell,
    /// `bash`.
    Bash,
    /// `sh`.
    Sh,
    /// `pwsh`: `PowerShell` 6 and later.
    Pwsh,
    /// `powershell`: Windows `PowerShell`; `pwsh` where that does not exist.
    PowerShell,
    /// `python`; the program `python3` where `python` does not exist.
    Python,
    /// `node`.
    Node,
    /// `deno`.
    Deno,
    /// `bun`.
    Bun,
    /// `ruby`.
    Ruby,
    /// `go` or `golang`.
    Go,
    /// `dotnet` or `csharp`.
    Dotnet,
}

impl Runner {
    /// The name `uses` knows it by; the first one where there are two.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shell => "shell",
            Self::Bash => "bash",
            Self::Sh => "sh",
            Self::Pwsh => "pwsh",
            Self::PowerShell => "powershell",
            Self::Python => "python",
            Self::Node => "node",
            Self::Deno => "deno",
            Self::Bun => "bun",
            Self::Ruby => "ruby",
            Self::Go => "go",
            Self::Dotnet => "dotnet",
        }
    }
}

/// What a task's `uses` asks for.
///
/// ```
/// use cast_runner::{Runner, Uses};
///
/// assert_eq!("golang".parse::<Uses>()?, Uses::Program(Runner::Go));
/// let error = "bsah".parse::<Uses>().unwrap_err();
/// assert_eq!(error.to_string(), "no runner is called `bsah`");
/// # Ok::<(), cast_runner::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Uses {
    /// A program: [`prepare`] makes an [`Invocation`] of the script.
    Program(Runner),
    /// `xplat`, the mini-shell without a shell: [`run_xplat`].
    Xplat,
    /// `tmpl`: renders files; no process is involved.
    Template,
    /// `cast`: a task of another castfile.
    Cast,
}

impl Uses {
    /// Every name `uses` may have, for suggestions and completion.
    pub const NAMES: &'static [&'static str] = &[
        "shell",
        "bash",
        "sh",
        "pwsh",
        "powershell",
        "python",
        "node",
        "deno",
        "bun",
        "ruby",
        "go",
        "golang",
        "dotnet",
        "csharp",
        "xplat",
        "tmpl",
        "cast",
    ];
}

/// How a `uses` begins which points to a task definition elsewhere (frostyeti/cast v0.3.2).
const REMOTE: &[&str] = &[
    "github:",
    "gh:",
    "gitlab:",
    "gl:",
    "azdo:",
    "spell:",
    "task:",
    "cast:",
    "git@",
    "ssh://",
    "git+ssh://",
    "http://",
    "https://",
    "file://",
    "github.com/",
    "gitlab.com/",
    "dev.azure.com/",
    "jsr:",
    "npm:",
    "./",
    "../",
    "/",
    "@",
];

impl FromStr for Uses {
    type Err = Error;

    /// Reads the value of `uses`. Names are matched exactly, as in the original; surrounding blanks
    /// do not count.
    ///
    /// # Errors
    /// [`Error::NotSupported`] for `docker`, `ssh`, `scp` and for references to task definitions
    /// elsewhere (`github:…`, `./dir`, `@name`, …); [`Error::UnknownRunner`] for anything else.
    fn from_str(uses: &str) -> Result<Self, Error> {
        let uses = uses.trim();
        let unsupported = |kind| {
            Err(Error::NotSupported {
                kind,
                uses: uses.to_owned(),
            })
        };
        Ok(Self::Program(match uses {
            "shell" => Runner::Shell,
            "bash" => Runner::Bash,
            "sh" => Runner::Sh,
            "pwsh" => Runner::Pwsh,
            "powershell" => Runner::PowerShell,
            "python" => Runner::Python,
            "node" => Runner::Node,
            "deno" => Runner::Deno,
            "bun" => Runner::Bun,
            "ruby" => Runner::Ruby,
            "go" | "golang" => Runner::Go,
            "dotnet" | "csharp" => Runner::Dotnet,
            "xplat" => return Ok(Self::Xplat),
            "tmpl" => return Ok(Self::Template),
            "cast" => return Ok(Self::Cast),
            "docker" => return unsupported("docker"),
            "ssh" => return unsupported("ssh"),
            "scp" => return unsupported("scp"),
            _ if REMOTE.iter().any(|start| uses.starts_with(start)) => {
                return unsupported("remote");
            }
            _ => {
                return Err(Error::UnknownRunner {
                    name: uses.to_owned(),
                });
            }
        }))
    }
}

/// What a task wants to have run, apart from the runner.
#[derive(Clone, Copy)]
pub struct Script<'a> {
    /// The text of `run`.
    pub run: &'a str,
    /// The file of `with.script`, relative to `cwd`. For the shells and `xplat` its text replaces
    /// `run`; the other runners are given the file itself, so that what it imports is found.
    pub script_file: Option<&'a Utf8Path>,
    /// The arguments for the task.
    pub args: &'a [String],
    /// The working directory; absolute.
    pub cwd: &'a Utf8Path,
    /// The task's environment: `PATH` finds the programs, `RUN_BASH_EXE` and its like replace them.
    pub env: &'a Vars,
}

impl fmt::Debug for Script<'_> {
    /// Shows the names of the variables only: values may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script")
            .field("run", &self.run)
            .field("script_file", &self.script_file)
            .field("args", &self.args)
            .field("cwd", &self.cwd)
            .field("env", &self.env.keys())
            .finish()
    }
}

impl Script<'_> {
    fn path(&self) -> Option<&str> {
        self.env.get("PATH").map(String::as_str)
    }

    fn find(&self, program: &str) -> Option<Utf8PathBuf> {
        find_program(program, self.path(), self.cwd)
    }

    /// The text to run, read from `script_file` if there is one.
    fn text(&self) -> Result<String, Error> {
        let text = match self.script_file {
            None => self.run.to_owned(),
            Some(file) => {
                let file = file.strip_prefix("./").unwrap_or(file);
                let path = self.cwd.join(file);
                fs_err::read_to_string(&path)
                    .map_err(|source| Error::ReadScript { path, source })?
            }
        };
        if text.trim().is_empty() {
            Err(Error::EmptyScript)
        } else {
            Ok(text)
        }
    }
}

/// A program with its arguments, ready for [`run`](crate::run).
///
/// Temporary script files live as long as this value.
#[derive(Debug)]
#[non_exhaustive]
pub struct Invocation {
    /// The executable; absolute.
    pub program: Utf8PathBuf,
    /// The name the program sees as its own, if that is not `program`.
    pub arg0: Option<String>,
    /// The arguments.
    pub args: Vec<String>,
    temporary: Option<TempPath>,
}

impl Invocation {
    /// An invocation of `program`, an absolute path, with `args`.
    pub fn new(program: impl Into<Utf8PathBuf>, args: Vec<String>) -> Self {
        Self {
            program: program.into(),
            arg0: None,
            args,
            temporary: None,
        }
    }
}

/// Decides how `runner` executes `script`.
///
/// A `run` of one line that ends in one of the runner's file extensions means that file ("file
/// mode", as in frostyeti/cast v0.3.2), if it has no blanks or if such a file exists; anything else
/// is the program text.
///
/// | Runner | File mode | Text |
/// |---|---|---|
/// | `shell` | - | as `bash` if the task's `PATH` has it, else as `sh` |
/// | `bash` | `.sh`: `bash --noprofile --norc -eo pipefail FILE ARGS` | `… -c TEXT cast ARGS` |
/// | `sh` | `.sh`: `sh -e FILE ARGS` | `sh -e -c TEXT cast ARGS` |
/// | `pwsh`, `powershell` | `.ps1`: `-NoLogo -NoProfile -ExecutionPolicy Bypass -File FILE ARGS` | `… -Command TEXT`; with arguments by a temporary file, since `-Command` would run them as code |
/// | `python` | `.py`: `python FILE ARGS` | `python -c TEXT ARGS` |
/// | `node` | `.js .mjs .cjs .ts`: `node FILE ARGS` | `node -e TEXT -- cast ARGS` |
/// | `bun` | the same: `bun FILE ARGS` | `bun -e TEXT`; with arguments by a temporary file |
/// | `deno` | the same and `.mts .cts .jsx .tsx`: `deno run -A FILE ARGS` | by a temporary `.ts` file |
/// | `ruby` | `.rb`: `ruby FILE ARGS` | `ruby -e TEXT -- ARGS` |
/// | `go` | `.go`: `go run FILE ARGS` | by a temporary file |
/// | `dotnet` | `.cs .csx`: `dotnet run --file FILE -- ARGS`; `.dll .exe`: `dotnet FILE ARGS`; project files: `dotnet run --project FILE -- ARGS` | by a temporary `.cs` file |
///
/// So the arguments are `$1…` in shells, `$args` in `PowerShell`, `sys.argv[1:]`,
/// `process.argv.slice(2)`, `Deno.args`, `ARGV`, `os.Args[1:]` and `args`, in both modes.
///
/// With `shell`, a single plain command also gets the arguments appended (frostyeti/cast v0.3.2):
/// one line without `|`, `;`, `&` and variables, unless it mentions `$1` or `$@` itself.
///
/// A shell script that is one line of plain words, the first one naming a program of the task's
/// `PATH` that no shell has built in, is started without the shell. That shows only in `SHLVL` and
/// `_`, which the shell would have set. `RUN_BASH_EXE`/`RUN_SH_EXE`, `BASH_ENV`, `ENV` and other
/// variables that change what a shell does prevent it.
///
/// Temporary files are readable by the user alone, and stand in the working directory so that
/// relative imports work (for shells, `go` and `dotnet`, and where that directory cannot be
/// written, in `TMPDIR`). A text too long for a program argument is also handed over as a file.
///
/// # Errors
/// [`Error::EmptyScript`], [`Error::MissingProgram`], [`Error::ReadScript`], [`Error::WriteScript`].
pub fn prepare(runner: Runner, script: &Script<'_>) -> Result<Invocation, Error> {
    match runner {
        Runner::Shell => shell::any(script),
        Runner::Bash => shell::bash(script),
        Runner::Sh => shell::sh(script),
        other => interpreters::prepare(other, script),
    }
}

/// The longest text that fits into one program argument: `MAX_ARG_STRLEN` of Linux, less the
/// closing zero byte.
const MAX_INLINE: usize = 128 * 1024 - 1;

/// The file that `run` means in file mode, if it means one.
fn file_mode<'a>(script: &Script<'a>, extensions: &[&str]) -> Option<&'a str> {
    let line = script.run.trim();
    let named = !line.contains(['\n', '\r'])
        && Utf8Path::new(line)
            .extension()
            .is_some_and(|found| extensions.contains(&found));
    let is_file = named
        && (!line.contains(char::is_whitespace) || script.cwd.join(line).as_std_path().is_file());
    is_file.then_some(line)
}

/// Protects a file name that looks like an option.
fn file_argument(file: &str) -> String {
    if file.starts_with('-') {
        format!("./{file}")
    } else {
        file.to_owned()
    }
}

/// Finds the program for `runner`: the value of the first set variable of `overrides`, else the
/// first of `names` that exists.
fn locate(
    runner: Runner,
    script: &Script<'_>,
    overrides: &[&str],
    names: &[&str],
    install: &str,
) -> Result<Utf8PathBuf, Error> {
    let missing = |program: &str, advice: String| Error::MissingProgram {
        runner: runner.name(),
        program: program.to_owned(),
        path: script.path().unwrap_or_default().to_owned(),
        advice,
    };
    if let Some((variable, program)) = overridden(script, overrides) {
        return script.find(program).ok_or_else(|| {
            missing(
                program,
                format!("`{variable}` names this program; change or unset it"),
            )
        });
    }
    names
        .iter()
        .find_map(|name| script.find(name))
        .ok_or_else(|| {
            let variable = overrides.first().copied().unwrap_or_default();
            let first = names.first().copied().unwrap_or_default();
            missing(
                first,
                format!("{install}, or name the program in `{variable}`"),
            )
        })
}

/// The first of the variables that is set and not empty, with its value.
fn overridden<'a>(script: &Script<'a>, variables: &[&'a str]) -> Option<(&'a str, &'a str)> {
    variables
        .iter()
        .filter_map(|variable| Some((*variable, script.env.get(*variable)?.as_str())))
        .find(|(_, value)| !value.is_empty())
}

/// Writes `text` to a temporary file `.cast-*SUFFIX`, in the first of the directories that takes it.
fn temporary(text: &str, suffix: &str, dirs: &[&Utf8Path]) -> Result<TempPath, Error> {
    // Go passes over hidden files, even over one that it is told to run.
    let prefix = if suffix == ".go" { "cast-" } else { ".cast-" };
    let mut failure = Error::EmptyScript;
    for dir in dirs {
        let written = tempfile::Builder::new()
            .prefix(prefix)
            .suffix(suffix)
            .tempfile_in(dir)
            .and_then(|mut file| {
                std::io::Write::write_all(&mut file, text.as_bytes())?;
                Ok(file.into_temp_path())
            });
        match written {
            Ok(path) => return Ok(path),
            Err(source) => {
                failure = Error::WriteScript {
                    dir: dir.to_path_buf(),
                    source,
                }
            }
        }
    }
    Err(failure)
}

/// Where the task's temporary files go: its `TMPDIR`, else `/tmp`.
fn temp_dir<'a>(script: &Script<'a>) -> &'a Utf8Path {
    let dir = script
        .env
        .get("TMPDIR")
        .map(String::as_str)
        .filter(|dir| !dir.is_empty());
    Utf8Path::new(dir.unwrap_or("/tmp"))
}

#[cfg(test)]
mod tests;
