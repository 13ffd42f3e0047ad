use super::direct::plain_words;
use super::shell::appends_args;
use super::*;

/// A directory with executables of these names in `bin`, which is the whole `PATH`.
struct World {
    dir: tempfile::TempDir,
    env: Vars,
    args: Vec<String>,
}

impl World {
    fn new(programs: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let env = Vars::from([("PATH".to_owned(), "./bin".to_owned())]);
        let world = Self {
            dir,
            env,
            args: Vec::new(),
        };
        fs_err::create_dir(world.cwd().join("bin")).unwrap();
        for program in programs {
            world.program(program, "#!/bin/sh\n");
        }
        world
    }

    fn program(&self, name: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        let file = self.cwd().join("bin").join(name);
        fs_err::write(&file, text).unwrap();
        fs_err::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn env(mut self, name: &str, value: &str) -> Self {
        self.env.insert(name.to_owned(), value.to_owned());
        self
    }

    fn args(mut self, args: &[&str]) -> Self {
        self.args = args.iter().map(ToString::to_string).collect();
        self
    }

    fn cwd(&self) -> &Utf8Path {
        Utf8Path::from_path(self.dir.path()).unwrap()
    }

    fn prepare(&self, runner: Runner, run: &str) -> Result<Invocation, Error> {
        self.prepare_file(runner, run, None)
    }

    fn prepare_file(
        &self,
        runner: Runner,
        run: &str,
        script_file: Option<&Utf8Path>,
    ) -> Result<Invocation, Error> {
        let script = Script {
            run,
            script_file,
            args: &self.args,
            cwd: self.cwd(),
            env: &self.env,
        };
        prepare(runner, &script)
    }

    /// The command line as a list, the world's directory written as `~`, a temporary file as `TEMP`
    /// with its directory and extension.
    fn line(&self, runner: Runner, run: &str) -> String {
        let invocation = match self.prepare(runner, run) {
            Ok(invocation) => invocation,
            Err(error) => return format!("{error}"),
        };
        let mut words = vec![invocation.program.as_str().to_owned()];
        words.extend(invocation.args.iter().cloned());
        if let Some(file) = &invocation.temporary {
            let file = Utf8Path::from_path(file).unwrap();
            for word in &mut words {
                if word == file.as_str() {
                    let dir = file.parent().unwrap();
                    *word = format!("{dir}/TEMP.{}", file.extension().unwrap());
                }
            }
        }
        format!("{words:?}").replace(self.cwd().as_str(), "~")
    }
}

#[test]
fn uses_names_a_runner() {
    let parse = |uses: &str| uses.parse::<Uses>().map_err(|error| error.to_string());
    assert_eq!(parse(" bash "), Ok(Uses::Program(Runner::Bash)));
    assert_eq!(parse("csharp"), Ok(Uses::Program(Runner::Dotnet)));
    assert_eq!(parse("tmpl"), Ok(Uses::Template));
    assert_eq!(parse("xplat"), Ok(Uses::Xplat));
    assert_eq!(parse("Bash"), Err("no runner is called `Bash`".to_owned()));
    assert_eq!(parse(""), Err("no runner is called ``".to_owned()));
    for name in Uses::NAMES {
        assert!(parse(name).is_ok(), "{name}");
    }
    for (uses, kind) in [
        ("docker", "docker"),
        ("ssh", "ssh"),
        ("scp", "scp"),
        ("github:a/b@1", "remote"),
        ("./tasks/x", "remote"),
        ("/tasks/x", "remote"),
        ("jsr:@a/b", "remote"),
        ("@mine", "remote"),
    ] {
        assert_eq!(
            parse(uses),
            Err(format!(
                "`uses: {uses}` is a {kind} task, which is not supported"
            ))
        );
    }
}

#[test]
fn plain_words_are_what_no_shell_changes() {
    let plain = [
        "ls",
        "  ls   -la\t/tmp \n",
        "true",
        "./bin/tool --x=1 a:b,c @d +e %f",
        "/bin/echo hi",
        "docker compose -f a.yaml up -d",
        "7z x",
        "_x",
    ];
    for text in plain {
        let words: Vec<&str> = text.split_whitespace().collect();
        assert_eq!(plain_words(text), Some(words), "{text:?}");
    }
    let shell = [
        "",
        "  ",
        "ls\nls",
        "ls | wc",
        "ls;ls",
        "ls &",
        "ls > x",
        "ls < x",
        "ls *",
        "ls ?",
        "ls [a]",
        "ls ~",
        "ls $HOME",
        "ls `x`",
        "ls 'a b'",
        "ls \"a\"",
        "ls a\\ b",
        "ls # x",
        "! ls",
        "A=1 ls",
        "A=1",
        "(ls)",
        "{ ls",
        "ls {a,b}",
        "echo hi",
        "printf x",
        "test -f x",
        "cd /",
        "kill 1",
        "pwd",
        "exec ls",
        ". ./x",
        ": x",
        "time ls",
        "source x",
        "env",
        "if",
        "export A=1",
        "-x",
        "%1",
        "=x",
        "ls é",
        "ls\u{a0}x",
        "^a^b",
        "ls\r",
    ];
    for text in shell {
        assert_eq!(plain_words(text), None, "{text:?}");
    }
}

#[test]
fn a_plain_command_is_started_without_a_shell() {
    let world = World::new(&["tool", "bash", "sh"]).args(&["x y"]);
    assert_eq!(
        world.line(Runner::Shell, "tool a b"),
        r#"["~/bin/tool", "a", "b", "x y"]"#
    );
    // bash and sh keep arguments for `$1`
    assert_eq!(
        world.line(Runner::Bash, "tool a b\n"),
        r#"["~/bin/tool", "a", "b"]"#
    );
    assert_eq!(
        world.line(Runner::Sh, "tool a b"),
        r#"["~/bin/tool", "a", "b"]"#
    );
    let invocation = world.prepare(Runner::Shell, "tool a").unwrap();
    assert_eq!(invocation.arg0.as_deref(), Some("tool"));
}

#[test]
fn what_could_make_a_difference_needs_the_shell() {
    let through_shell = |world: &World, run: &str| {
        let line = world.line(Runner::Shell, run);
        line.contains("\"-c\"") && line.starts_with("[\"~/bin/bash\"")
    };
    let programs = ["tool", "bash", "sh", "echo"];
    let world = World::new(&programs);
    assert!(!through_shell(&world, "tool a"));
    assert!(through_shell(&world, "missing a"));
    assert!(through_shell(&world, "echo a"));
    assert!(through_shell(&world, "tool $A"));
    // the kernel does not run a script without its first line, the shell does
    world.program("plain", "exit 3\n");
    assert!(through_shell(&world, "plain"));
    world.program("empty", "");
    assert!(through_shell(&world, "empty"));
    for variable in ["BASH_ENV", "ENV", "SHELLOPTS", "BASH_FUNC_tool%%"] {
        assert!(
            through_shell(&World::new(&programs).env(variable, "x"), "tool a"),
            "{variable}"
        );
    }
    assert!(through_shell(
        &World::new(&programs).env("PATH", "./bin:~/bin"),
        "tool a"
    ));
    let overridden = World::new(&programs).env("RUN_BASH_EXE", "sh");
    assert!(
        overridden
            .line(Runner::Shell, "tool a")
            .starts_with("[\"~/bin/sh\", \"--noprofile\"")
    );
}

#[test]
fn shells_get_script_name_and_arguments() {
    let world = World::new(&["bash", "sh"]).args(&["a b", "-c"]);
    assert_eq!(
        world.line(Runner::Bash, "echo $1\nx\n"),
        r#"["~/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", "echo $1\nx\n", "cast", "a b", "-c"]"#
    );
    assert_eq!(
        world.line(Runner::Sh, "echo $1"),
        r#"["~/bin/sh", "-e", "-c", "echo $1", "cast", "a b", "-c"]"#
    );
    assert_eq!(
        world.line(Runner::Shell, "echo hi\n"),
        r#"["~/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", "echo hi \"$@\"", "cast", "a b", "-c"]"#
    );
    let world = World::new(&["sh"]);
    assert_eq!(
        world.line(Runner::Shell, "echo hi"),
        r#"["~/bin/sh", "-e", "-c", "echo hi", "cast"]"#
    );
}

/// Path A of frostyeti/cast v0.3.2, with our additions.
#[test]
fn a_single_plain_command_gets_the_arguments() {
    for text in [
        "echo hi",
        "echo \"a b\"",
        "echo \\$HOME",
        "echo $(date)",
        "awk '{print $1}' f",
        "x > y",
        "docker ps --format '{{.Names}}'",
        "echo it\\'s",
    ] {
        assert!(appends_args(text), "{text:?}");
    }
    for text in [
        "a\nb",
        "a | b",
        "a; b",
        "a && b",
        "a &",
        "echo $HOME",
        "echo ${X}",
        "echo $_",
        "echo $",
        "bash",
        "SH",
        "echo $1",
        "echo \"$@\"",
        "echo $#",
        "(a)",
        "{ a",
        "[[ a ]]",
        "a \\",
        "echo '$HOME'",
        "echo 'it' \"'$1'\"",
        "# x",
    ] {
        assert!(!appends_args(text), "{text:?}");
    }
}

#[test]
fn file_mode_takes_one_line_with_the_extension() {
    let world = World::new(&["bash", "sh", "python"]).args(&["a"]);
    assert_eq!(
        world.line(Runner::Bash, " ./x.sh\n"),
        r#"["~/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "./x.sh", "a"]"#
    );
    assert_eq!(
        world.line(Runner::Sh, "x.sh"),
        r#"["~/bin/sh", "-e", "x.sh", "a"]"#
    );
    assert_eq!(
        world.line(Runner::Sh, "-x.sh"),
        r#"["~/bin/sh", "-e", "./-x.sh", "a"]"#
    );
    assert_eq!(
        world.line(Runner::Python, "dir/x.py"),
        r#"["~/bin/python", "dir/x.py", "a"]"#
    );
    // a command that happens to end like a file, until there is such a file
    assert!(
        world
            .line(Runner::Bash, "source lib.sh")
            .contains("\"-c\", \"source lib.sh\"")
    );
    fs_err::write(world.cwd().join("source lib.sh"), "").unwrap();
    assert!(
        world
            .line(Runner::Bash, "source lib.sh")
            .contains("\"pipefail\", \"source lib.sh\"")
    );
    // another runner's extension
    assert!(
        world
            .line(Runner::Python, "x.sh")
            .contains("\"-c\", \"x.sh\"")
    );
}

#[test]
fn languages_get_script_and_arguments() {
    let programs = [
        "python3",
        "node",
        "deno",
        "bun",
        "ruby",
        "go",
        "dotnet",
        "pwsh",
        "powershell",
    ];
    let bare = World::new(&programs).env("TMPDIR", "/tmp");
    let some = World::new(&programs)
        .env("TMPDIR", "/tmp")
        .args(&["-x", "y z"]);
    let mut lines = String::new();
    let mut show = |runner, run| {
        for world in [&bare, &some] {
            lines += &world.line(runner, run);
            lines.push('\n');
        }
    };
    for runner in [
        Runner::Python,
        Runner::Node,
        Runner::Bun,
        Runner::Deno,
        Runner::Ruby,
        Runner::Go,
        Runner::Dotnet,
        Runner::Pwsh,
        Runner::PowerShell,
    ] {
        show(runner, "TEXT");
    }
    for (runner, file) in [
        (Runner::Python, "f.py"),
        (Runner::Node, "f.mjs"),
        (Runner::Bun, "f.ts"),
        (Runner::Deno, "f.tsx"),
        (Runner::Ruby, "f.rb"),
        (Runner::Go, "f.go"),
        (Runner::Dotnet, "f.cs"),
        (Runner::Dotnet, "f.dll"),
        (Runner::Dotnet, "f.csproj"),
        (Runner::Pwsh, "f.ps1"),
    ] {
        show(runner, file);
    }
    insta::assert_snapshot!(lines, @r#"
    ["~/bin/python3", "-c", "TEXT"]
    ["~/bin/python3", "-c", "TEXT", "-x", "y z"]
    ["~/bin/node", "-e", "TEXT", "--", "cast"]
    ["~/bin/node", "-e", "TEXT", "--", "cast", "-x", "y z"]
    ["~/bin/bun", "-e", "TEXT"]
    ["~/bin/bun", "~/TEMP.ts", "-x", "y z"]
    ["~/bin/deno", "run", "-A", "~/TEMP.ts"]
    ["~/bin/deno", "run", "-A", "~/TEMP.ts", "-x", "y z"]
    ["~/bin/ruby", "-e", "TEXT", "--"]
    ["~/bin/ruby", "-e", "TEXT", "--", "-x", "y z"]
    ["~/bin/go", "run", "/tmp/TEMP.go"]
    ["~/bin/go", "run", "/tmp/TEMP.go", "-x", "y z"]
    ["~/bin/dotnet", "run", "--file", "/tmp/TEMP.cs"]
    ["~/bin/dotnet", "run", "--file", "/tmp/TEMP.cs", "--", "-x", "y z"]
    ["~/bin/pwsh", "-NoLogo", "-NoProfile", "-ExecutionPolicy", "Bypass", "-Command", "TEXT"]
    ["~/bin/pwsh", "-NoLogo", "-NoProfile", "-ExecutionPolicy", "Bypass", "-File", "/tmp/TEMP.ps1", "-x", "y z"]
    ["~/bin/powershell", "-NoLogo", "-NoProfile", "-ExecutionPolicy", "Bypass", "-Command", "TEXT"]
    ["~/bin/powershell", "-NoLogo", "-NoProfile", "-ExecutionPolicy", "Bypass", "-File", "/tmp/TEMP.ps1", "-x", "y z"]
    ["~/bin/python3", "f.py"]
    ["~/bin/python3", "f.py", "-x", "y z"]
    ["~/bin/node", "f.mjs"]
    ["~/bin/node", "f.mjs", "-x", "y z"]
    ["~/bin/bun", "f.ts"]
    ["~/bin/bun", "f.ts", "-x", "y z"]
    ["~/bin/deno", "run", "-A", "f.tsx"]
    ["~/bin/deno", "run", "-A", "f.tsx", "-x", "y z"]
    ["~/bin/ruby", "f.rb"]
    ["~/bin/ruby", "f.rb", "-x", "y z"]
    ["~/bin/go", "run", "f.go"]
    ["~/bin/go", "run", "f.go", "-x", "y z"]
    ["~/bin/dotnet", "run", "--file", "f.cs"]
    ["~/bin/dotnet", "run", "--file", "f.cs", "--", "-x", "y z"]
    ["~/bin/dotnet", "f.dll"]
    ["~/bin/dotnet", "f.dll", "-x", "y z"]
    ["~/bin/dotnet", "run", "--project", "f.csproj"]
    ["~/bin/dotnet", "run", "--project", "f.csproj", "--", "-x", "y z"]
    ["~/bin/pwsh", "-NoLogo", "-NoProfile", "-ExecutionPolicy", "Bypass", "-File", "f.ps1"]
    ["~/bin/pwsh", "-NoLogo", "-NoProfile", "-ExecutionPolicy", "Bypass", "-File", "f.ps1", "-x", "y z"]
    "#);
}

#[test]
fn temporary_scripts_are_private_and_removed() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new(&["deno"]);
    let invocation = world.prepare(Runner::Deno, "console.log(1)").unwrap();
    let file = invocation.args.last().unwrap().clone();
    assert!(file.starts_with(world.cwd().as_str()), "{file}");
    assert_eq!(fs_err::read_to_string(&file).unwrap(), "console.log(1)");
    assert_eq!(
        fs_err::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    drop(invocation);
    assert!(!Utf8Path::new(&file).exists());
}

#[test]
fn a_directory_that_cannot_be_written_is_avoided() {
    let world = World::new(&[]);
    let missing = world.cwd().join("missing");
    let file = temporary("x", ".ts", &[&missing, world.cwd()]).unwrap();
    assert!(file.starts_with(world.cwd()));
    let error = temporary("x", ".ts", &[&missing]).unwrap_err().to_string();
    assert_eq!(
        error,
        format!("cannot write a temporary script in `{missing}`")
    );
}

#[test]
fn a_text_too_long_for_an_argument_becomes_a_file() {
    let world = World::new(&["bash", "python"])
        .env("TMPDIR", "/tmp")
        .args(&["a"]);
    let text = "#\n".repeat(70_000);
    assert_eq!(
        world.line(Runner::Bash, &text),
        r#"["~/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "/tmp/TEMP.sh", "a"]"#
    );
    assert_eq!(
        world.line(Runner::Python, &text),
        r#"["~/bin/python", "~/TEMP.py", "a"]"#
    );
}

#[test]
fn a_script_file_replaces_run() {
    let world = World::new(&["bash", "python"]).args(&["a"]);
    fs_err::write(world.cwd().join("s.sh"), "echo from file\nx").unwrap();
    let line = |runner, file: &str| {
        let prepared = world.prepare_file(runner, "ignored", Some(Utf8Path::new(file)));
        prepared
            .map(|invocation| invocation.args.join("|"))
            .map_err(|error| error.to_string())
    };
    let options = "--noprofile|--norc|-eo|pipefail|-c";
    assert_eq!(
        line(Runner::Bash, "s.sh"),
        Ok(format!("{options}|echo from file\nx|cast|a"))
    );
    assert_eq!(line(Runner::Python, "s.sh"), Ok("s.sh|a".to_owned()));
    let missing = format!("cannot read the script `{}/nope`", world.cwd());
    assert_eq!(line(Runner::Bash, "nope"), Err(missing.clone()));
    assert_eq!(line(Runner::Python, "nope"), Err(missing));
}

#[test]
fn a_missing_program_is_named_with_advice() {
    let world = World::new(&[]);
    let mut text = String::new();
    for runner in [
        Runner::Shell,
        Runner::Bash,
        Runner::Sh,
        Runner::Pwsh,
        Runner::PowerShell,
    ] {
        text += &described(world.prepare(runner, "x y z"));
    }
    for runner in [
        Runner::Python,
        Runner::Node,
        Runner::Deno,
        Runner::Bun,
        Runner::Ruby,
    ] {
        text += &described(world.prepare(runner, "x"));
    }
    text += &described(world.prepare(Runner::Go, "x"));
    text += &described(world.prepare(Runner::Dotnet, "x"));
    let world = World::new(&[]).env("RUN_DENO_EXE", "/opt/deno");
    text += &described(world.prepare(Runner::Deno, "x"));
    insta::assert_snapshot!(text, @r#"
    runner `shell` needs the program `sh`, which was not found; PATH is `./bin`
      help: install a POSIX shell (Debian package `dash`), or name the program in `RUN_SH_EXE`
    runner `bash` needs the program `bash`, which was not found; PATH is `./bin`
      help: install bash (Debian package `bash`), or name the program in `RUN_BASH_EXE`
    runner `sh` needs the program `sh`, which was not found; PATH is `./bin`
      help: install a POSIX shell (Debian package `dash`), or name the program in `RUN_SH_EXE`
    runner `pwsh` needs the program `pwsh`, which was not found; PATH is `./bin`
      help: install PowerShell: https://learn.microsoft.com/powershell, or name the program in `RUN_PWSH_EXE`
    runner `powershell` needs the program `powershell`, which was not found; PATH is `./bin`
      help: install PowerShell: https://learn.microsoft.com/powershell, or name the program in `POWERSHELL_EXE`
    runner `python` needs the program `python`, which was not found; PATH is `./bin`
      help: install Python (Debian package `python3`), or name the program in `RUN_PYTHON_EXE`
    runner `node` needs the program `node`, which was not found; PATH is `./bin`
      help: install Node.js (Debian package `nodejs`), or name the program in `RUN_NODE_EXE`
    runner `deno` needs the program `deno`, which was not found; PATH is `./bin`
      help: install Deno: https://docs.deno.com/runtime/getting_started/installation, or name the program in `RUN_DENO_EXE`
    runner `bun` needs the program `bun`, which was not found; PATH is `./bin`
      help: install Bun: https://bun.sh/docs/installation, or name the program in `RUN_BUN_EXE`
    runner `ruby` needs the program `ruby`, which was not found; PATH is `./bin`
      help: install Ruby (Debian package `ruby`), or name the program in `RUN_RUBY_EXE`
    runner `go` needs the program `go`, which was not found; PATH is `./bin`
      help: install Go (Debian package `golang-go`), or name the program in `RUN_GO_EXE`
    runner `dotnet` needs the program `dotnet`, which was not found; PATH is `./bin`
      help: install the .NET SDK, version 10 or later: https://dotnet.microsoft.com/download, or name the program in `RUN_DOTNET_EXE`
    runner `deno` needs the program `/opt/deno`, which was not found; PATH is `./bin`
      help: `RUN_DENO_EXE` names this program; change or unset it
    "#);
}

fn described(prepared: Result<Invocation, Error>) -> String {
    let error = prepared.unwrap_err();
    format!("{error}\n  help: {}\n", error.help().unwrap())
}

#[test]
fn overrides_name_the_program() {
    let world = World::new(&["my-python", "python"]).env("RUN_PYTHON_EXE", "my-python");
    assert_eq!(
        world.line(Runner::Python, "x"),
        r#"["~/bin/my-python", "-c", "x"]"#
    );
    let world = World::new(&["python"]).env("RUN_PYTHON_EXE", "");
    assert_eq!(
        world.line(Runner::Python, "x"),
        r#"["~/bin/python", "-c", "x"]"#
    );
    let world = World::new(&["my-sh"]).env("RUN_SH_EXE", "./bin/my-sh");
    assert_eq!(
        world.line(Runner::Sh, "x"),
        r#"["~/./bin/my-sh", "-e", "-c", "x", "cast"]"#
    );
    let world = World::new(&["my-bash", "sh"]).env("RUN_BASH_EXE", "my-bash");
    assert!(
        world
            .line(Runner::Shell, "x")
            .starts_with("[\"~/bin/my-bash\", \"--noprofile\"")
    );
}

#[test]
fn an_empty_script_is_an_error() {
    let world = World::new(&["sh", "bash", "python"]);
    for runner in [Runner::Shell, Runner::Bash, Runner::Sh, Runner::Python] {
        assert_eq!(world.line(runner, " \n"), "the script is empty");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_can_be_prepared(text in "\\PC*", args in proptest::collection::vec("\\PC*", 0..3)) {
        let mut world = World::new(&["bash", "python", "deno"]);
        world.args = args;
        for runner in [Runner::Shell, Runner::Bash, Runner::Python, Runner::Deno] {
            let prepared = world.prepare(runner, &text);
            proptest::prop_assert_eq!(prepared.is_err(), text.trim().is_empty());
        }
    }
}
