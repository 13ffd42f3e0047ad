//! Runners for programming languages.

use camino::Utf8Path;

use super::{
    Invocation, MAX_INLINE, Runner, Script, file_argument, file_mode, locate, temp_dir, temporary,
};
use crate::Error;

/// How one language is run.
struct Language {
    /// Variables that name another program.
    overrides: &'static [&'static str],
    /// The programs to look for, in order.
    programs: &'static [&'static str],
    /// What to do when there is none.
    install: &'static str,
    /// The extensions of file mode.
    extensions: &'static [&'static str],
    /// The extension of a temporary file.
    suffix: &'static str,
    /// Whether a temporary file stands in the working directory, where its imports are found.
    beside: bool,
    /// How a text becomes arguments; otherwise it becomes a file.
    inline: Inline,
}

enum Inline {
    /// Not at all.
    Never,
    /// These, the text, and these, then the task's arguments.
    Always(&'static [&'static str], &'static [&'static str]),
    /// These and the text, if the task has no arguments.
    WithoutArgs(&'static [&'static str]),
}

const POWERSHELL: &[&str] = &[
    "-NoLogo",
    "-NoProfile",
    "-ExecutionPolicy",
    "Bypass",
    "-Command",
];
const POWERSHELL_FILE: &[&str] = &[
    "-NoLogo",
    "-NoProfile",
    "-ExecutionPolicy",
    "Bypass",
    "-File",
];
const DOTNET: &[&str] = &["cs", "csx", "dll", "exe", "csproj", "fsproj", "vbproj"];

fn language(runner: Runner) -> Language {
    let base = Language {
        overrides: &[],
        programs: &[],
        install: "",
        extensions: &[],
        suffix: "",
        beside: false,
        inline: Inline::Never,
    };
    match runner {
        Runner::Shell | Runner::Bash | Runner::Sh => base,
        Runner::Pwsh => Language {
            overrides: &["RUN_PWSH_EXE"],
            programs: &["pwsh"],
            install: "install PowerShell: https://learn.microsoft.com/powershell",
            extensions: &["ps1"],
            suffix: ".ps1",
            inline: Inline::WithoutArgs(POWERSHELL),
            ..base
        },
        Runner::PowerShell => Language {
            overrides: &["POWERSHELL_EXE"],
            programs: &["powershell", "pwsh"],
            ..language(Runner::Pwsh)
        },
        Runner::Python => Language {
            overrides: &["RUN_PYTHON_EXE"],
            programs: &["python", "python3"],
            install: "install Python (Debian package `python3`)",
            extensions: &["py"],
            suffix: ".py",
            beside: true,
            inline: Inline::Always(&["-c"], &[]),
        },
        Runner::Node => Language {
            overrides: &["RUN_NODE_EXE"],
            programs: &["node"],
            install: "install Node.js (Debian package `nodejs`)",
            extensions: &["js", "mjs", "cjs", "ts"],
            suffix: ".js",
            beside: true,
            // with -e there is no script name in `process.argv`; the placeholder makes the
            // arguments start where they do for a file
            inline: Inline::Always(&["-e"], &["--", "cast"]),
        },
        Runner::Deno => Language {
            overrides: &["RUN_DENO_EXE"],
            programs: &["deno"],
            install: "install Deno: https://docs.deno.com/runtime/getting_started/installation",
            extensions: &["js", "mjs", "cjs", "ts", "mts", "cts", "jsx", "tsx"],
            suffix: ".ts",
            beside: true,
            // reading the text from stdin would take stdin from the script
            inline: Inline::Never,
        },
        Runner::Bun => Language {
            overrides: &["RUN_BUN_EXE"],
            programs: &["bun"],
            install: "install Bun: https://bun.sh/docs/installation",
            extensions: &["js", "mjs", "cjs", "ts"],
            suffix: ".ts",
            beside: true,
            // what `-e` does with further arguments depends on the version (oven-sh/bun, changed in
            // 1.2.3)
            inline: Inline::WithoutArgs(&["-e"]),
        },
        Runner::Ruby => Language {
            overrides: &["RUN_RUBY_EXE"],
            programs: &["ruby"],
            install: "install Ruby (Debian package `ruby`)",
            extensions: &["rb"],
            suffix: ".rb",
            beside: true,
            inline: Inline::Always(&["-e"], &["--"]),
        },
        Runner::Go => Language {
            overrides: &["RUN_GO_EXE"],
            programs: &["go"],
            install: "install Go (Debian package `golang-go`)",
            extensions: &["go"],
            suffix: ".go",
            ..base
        },
        Runner::Dotnet => Language {
            overrides: &["RUN_DOTNET_EXE"],
            programs: &["dotnet"],
            install: "install the .NET SDK, version 10 or later: https://dotnet.microsoft.com/download",
            extensions: DOTNET,
            suffix: ".cs",
            ..base
        },
    }
}

/// Decides how a language runs a script; see [`super::prepare`].
pub(super) fn prepare(runner: Runner, script: &Script<'_>) -> Result<Invocation, Error> {
    let language = language(runner);
    let file = match script.script_file {
        Some(file) => {
            // said here, where we know that it is the file of `with.script`
            let path = script.cwd.join(file);
            if let Err(source) = fs_err::metadata(&path) {
                return Err(Error::ReadScript { path, source });
            }
            Some(file.as_str())
        }
        None if script.run.trim().is_empty() => return Err(Error::EmptyScript),
        None => file_mode(script, language.extensions),
    };
    let program = locate(
        runner,
        script,
        language.overrides,
        language.programs,
        language.install,
    )?;
    if let Some(file) = file {
        return Ok(Invocation::new(
            program,
            file_args(runner, &file_argument(file), script.args),
        ));
    }

    if script.run.len() <= MAX_INLINE
        && let Some(args) = inline_args(&language.inline, script)
    {
        return Ok(Invocation::new(program, args));
    }
    let elsewhere = temp_dir(script);
    let dirs: &[&Utf8Path] = if language.beside {
        &[script.cwd, elsewhere]
    } else {
        &[elsewhere, script.cwd]
    };
    let written = temporary(script.run, language.suffix, dirs)?;
    let args = file_args(runner, &written.to_string_lossy(), script.args);
    let mut invocation = Invocation::new(program, args);
    invocation.temporary = Some(written);
    Ok(invocation)
}

fn inline_args(inline: &Inline, script: &Script<'_>) -> Option<Vec<String>> {
    let (before, after) = match inline {
        Inline::Always(before, after) => (*before, *after),
        Inline::WithoutArgs(before) if script.args.is_empty() => (*before, &[][..]),
        Inline::WithoutArgs(_) | Inline::Never => return None,
    };
    let words = before
        .iter()
        .copied()
        .chain([script.run])
        .chain(after.iter().copied());
    Some(
        words
            .map(str::to_owned)
            .chain(script.args.iter().cloned())
            .collect(),
    )
}

/// The arguments that make `runner` execute `file`.
fn file_args(runner: Runner, file: &str, args: &[String]) -> Vec<String> {
    let before: &[&str] = match (runner, Utf8Path::new(file).extension()) {
        (Runner::Pwsh | Runner::PowerShell, _) => POWERSHELL_FILE,
        (Runner::Deno, _) => &["run", "-A"],
        (Runner::Go, _) => &["run"],
        (Runner::Dotnet, Some("dll" | "exe")) => &[],
        (Runner::Dotnet, Some("csproj" | "fsproj" | "vbproj")) => &["run", "--project"],
        (Runner::Dotnet, _) => &["run", "--file"],
        _ => &[],
    };
    let separator = runner == Runner::Dotnet && !before.is_empty() && !args.is_empty();
    let mut words: Vec<String> = before.iter().map(ToString::to_string).collect();
    words.push(file.to_owned());
    words.extend(separator.then(|| "--".to_owned()));
    words.extend_from_slice(args);
    words
}
