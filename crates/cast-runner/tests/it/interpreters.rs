//! Every runner whose program is installed, with arguments that are easily damaged.

use cast_runner::{Control, Options, Runner, Status, Stdin, Uses};

use crate::support::{Place, available, block_on, strings};

const ARGS: &[&str] = &[
    "plain",
    "",
    "two words",
    "'single' \"double\"",
    "a\nb",
    "é 漢字 🎉",
    "$HOME",
    "-x",
    "--",
    "*",
];

/// Runs `run` and gives back what it wrote to the file `out`, one argument after the other, each
/// one ended by a zero byte.
fn arguments(runner: Runner, run: &str, place: &Place) -> Vec<String> {
    let args = strings(ARGS);
    let outcome = place
        .run_invocation(place.prepare(runner, run, &args), |_| {})
        .unwrap();
    let stderr = String::from_utf8_lossy(&outcome.stderr);
    assert_eq!(outcome.status, Status::Exited(0), "{stderr}");
    let text = String::from_utf8(outcome.stdout).unwrap();
    text.split_terminator('\0').map(str::to_owned).collect()
}

/// Both modes of a runner.
fn check(runner: Runner, program: &str, required: bool, extension: &str, text: &str) {
    if !available(program, required) {
        return;
    }
    let place = Place::new();
    let file = format!("file.{extension}");
    place.write(&file, text);
    assert_eq!(arguments(runner, text, &place), ARGS, "{runner:?}, inline");
    assert_eq!(arguments(runner, &file, &place), ARGS, "{runner:?}, file");
    let left: Vec<_> = fs_err::read_dir(place.cwd())
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(
        left.iter()
            .all(|entry| !entry.file_name().to_string_lossy().starts_with(".cast-")),
        "{left:?}"
    );
}

#[test]
fn bash() {
    check(Runner::Bash, "bash", true, "sh", "printf '%s\\0' \"$@\"\n");
}

#[test]
fn sh() {
    check(Runner::Sh, "sh", true, "sh", "printf '%s\\0' \"$@\"\n");
}

#[test]
fn shell() {
    if !available("bash", true) {
        return;
    }
    let place = Place::new();
    assert_eq!(
        arguments(
            Runner::Shell,
            "set -- \"$@\"\nprintf '%s\\0' \"$@\"",
            &place
        ),
        ARGS
    );
    // a plain command has them appended
    assert_eq!(arguments(Runner::Shell, "printf '%s\\0'", &place), ARGS);
    // also without a shell: `env` is a program, `sh -c` the plainest thing that shows its arguments
    place.write("show.sh", "printf '%s\\0' \"$@\"\n");
    assert_eq!(arguments(Runner::Shell, "sh show.sh", &place), ARGS);
}

#[test]
fn python() {
    let program = if available("python", false) {
        "python"
    } else {
        "python3"
    };
    let text = "import sys\nsys.stdout.buffer.write(b''.join(a.encode() + b'\\0' for a in sys.argv[1:]))\n";
    check(Runner::Python, program, true, "py", text);
}

#[test]
fn node() {
    let text = "for (const a of process.argv.slice(2)) process.stdout.write(a + '\\0')\n";
    check(Runner::Node, "node", true, "js", text);
}

#[test]
fn deno() {
    let text = "for (const a of Deno.args as string[]) Deno.stdout.writeSync(new TextEncoder().encode(a + '\\0'))\n";
    check(Runner::Deno, "deno", true, "ts", text);
}

#[test]
fn bun() {
    let text = "for (const a of process.argv.slice(2)) process.stdout.write(a + '\\0')\n";
    check(Runner::Bun, "bun", false, "js", text);
}

#[test]
fn ruby() {
    check(
        Runner::Ruby,
        "ruby",
        false,
        "rb",
        "ARGV.each { |a| print a, \"\\0\" }\n",
    );
}

#[test]
fn pwsh() {
    check(
        Runner::Pwsh,
        "pwsh",
        false,
        "ps1",
        "foreach ($a in $args) { [Console]::Write(\"$a`0\") }\n",
    );
}

#[test]
fn go() {
    let text = "package main\nimport (\"fmt\"; \"os\")\nfunc main() { for _, a := range os.Args[1:] { fmt.Print(a, \"\\x00\") } }\n";
    check(Runner::Go, "go", false, "go", text);
}

#[test]
fn dotnet() {
    check(
        Runner::Dotnet,
        "dotnet",
        false,
        "cs",
        "foreach (var a in args) Console.Write(a + \"\\0\");\n",
    );
}

#[test]
fn an_inline_module_finds_its_neighbours() {
    let place = Place::new();
    place.write("other.py", "NAME = 'neighbour'\n");
    place.write("other.js", "module.exports = 'neighbour'\n");
    place.write("other.ts", "export const name: string = 'neighbour'\n");
    let show = |runner, text: &str| {
        let outcome = place
            .run_invocation(place.prepare(runner, text, &[]), |_| {})
            .unwrap();
        String::from_utf8(outcome.stdout).unwrap()
    };
    if available("python3", true) {
        assert_eq!(
            show(Runner::Python, "import other; print(other.NAME)"),
            "neighbour\n"
        );
    }
    if available("node", true) {
        assert_eq!(
            show(Runner::Node, "console.log(require('./other.js'))"),
            "neighbour\n"
        );
    }
    if available("deno", true) {
        let text = "import { name } from './other.ts'\nconsole.log(name)";
        assert_eq!(show(Runner::Deno, text), "neighbour\n");
    }
}

#[test]
fn shells_stop_at_the_first_failure() {
    let place = Place::new();
    let code = |uses: &str, text: &str| {
        let Ok(Uses::Program(runner)) = uses.parse() else {
            panic!("{uses}")
        };
        let outcome = place
            .run_invocation(place.prepare(runner, text, &[]), |_| {})
            .unwrap();
        (outcome.code(), String::from_utf8(outcome.stdout).unwrap())
    };
    for uses in ["shell", "bash", "sh"] {
        assert_eq!(
            code(uses, "echo a\nfalse\necho b"),
            (1, "a\n".to_owned()),
            "{uses}"
        );
        assert_eq!(code(uses, "false"), (1, String::new()), "{uses}");
        assert_eq!(code(uses, "true"), (0, String::new()), "{uses}");
        assert_eq!(code(uses, "no-such-program x").0, 127, "{uses}");
        assert_eq!(code(uses, "echo $0"), (0, "cast\n".to_owned()), "{uses}");
    }
    assert_eq!(code("bash", "false | true").0, 1);
    assert_eq!(code("sh", "false | true").0, 0);
    let written = "cat << EOF | tr a b\nbanana\nEOF\nif true; then echo yes; fi";
    assert_eq!(code("shell", written), (0, "bbnbnb\nyes\n".to_owned()));
}

/// Starting a program without the shell is not to be noticed.
#[test]
fn a_direct_start_looks_like_one_from_a_shell() {
    let mut place = Place::new();
    fs_err::create_dir(place.file("bin")).unwrap();
    let path = format!("./bin:{}", place.env["PATH"]);
    place.env.insert("PATH".to_owned(), path);
    place.write(
        "bin/probe",
        "#!/bin/bash\necho \"$0|$#|$1|$PWD|$(readlink /proc/$$/cwd)\"; exit 5\n",
    );
    place.write("bin/unmarked", "echo \"run by a shell|$1\"; exit 6\n");
    for name in ["bin/probe", "bin/unmarked"] {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(place.file(name), mode).unwrap();
    }
    let run = |text: &str| {
        let outcome = place
            .run_invocation(place.prepare(Runner::Shell, text, &[]), |_| {})
            .unwrap();
        (outcome.code(), String::from_utf8(outcome.stdout).unwrap())
    };
    let direct = run("probe a=b");
    assert_eq!(direct.0, 5);
    // the same words, but the shell cannot be left out
    let (code, text) = run("probe 'a=b'");
    assert_eq!(code, 5);
    let relative = |text: &str| text.replace(&format!("{}/./bin", place.cwd()), "./bin");
    let normal = |text: &str| relative(text).replace(&format!("{}/bin", place.cwd()), "./bin");
    assert_eq!(normal(&direct.1), normal(&text));
    assert_eq!(run("unmarked x"), (6, "run by a shell|x\n".to_owned()));
}

#[test]
fn arguments_of_the_pipeline_are_its_own() {
    let place = Place::new();
    let outcome = block_on(async {
        let control = Control::new().unwrap();
        let mut options = Options::new(&control);
        options.stdin = Stdin::Null;
        options.output = cast_runner::Output::Captured;
        let stages = ["seq 3", "tr 1 x", "cat; echo note >&2"].map(|text| place.bash(text));
        cast_runner::run_pipeline(stages.into(), &place.env, place.cwd(), &options)
            .await
            .unwrap()
    });
    assert_eq!(outcome.stdout, b"x\n2\n3\n");
    assert_eq!(outcome.stderr, b"note\n");
}
