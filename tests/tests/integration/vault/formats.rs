//! Each format is read by what it is written for, and gives the same bytes.
//!
//! A secret is a text: any bytes that are UTF-8. Other bytes and NUL are refused before a format is
//! asked, which the tests of the crate `vault` and of `kpv` show.

use std::ops::Range;
use std::process::{Command, Stdio};

use camino::Utf8Path;
use homelab_tests::{Sandbox, compose_oracle, oracle};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::Value;
use vault::{Export, Format, Naming, OsRandom, Secret};

/// So many random byte strings.
const COUNT: usize = 10_000;

/// What makes trouble more often than other characters.
const TROUBLE: &[char] = &[
    '\'', '"', '\\', '$', '`', '!', '#', '~', '*', '?', '[', ']', '{', '}', '(', ')', '<', '>',
    '&', '|', ';', '=', ':', '%', '^', ' ', '\t', '\n', '\r', '\u{1}', '\u{7}', '\u{1b}', '\u{7f}',
    '\u{85}', 'é', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}', '\u{2028}', '🦀', 'a', '0', '7',
    'n', 'E',
];

/// Values that were trouble once, every byte that is a character, alone and before a digit, then
/// random byte strings, which are the same on every run: the bytes of characters of one to four
/// bytes, whatever they mean, and half of the time of those which make trouble.
fn values() -> Vec<String> {
    let mut random = StdRng::seed_from_u64(20);
    let mut values: Vec<String> = [
        "",
        "x",
        "it's",
        "$(touch pwned)",
        "`touch pwned`",
        "'; touch pwned; '",
        "\"; touch pwned #",
        "a\nb",
        "a\r\nb\r\n",
        "\n\n",
        "  ",
        "-n",
        "-e \\n",
        "\\",
        "'\\",
        "\\'",
        "$HOME ${HOME} $$",
        "!!",
        "~",
        "=",
        "#",
        "a #b",
        "EOF",
        "\u{1b}[31m",
        "trailing\\",
        "%s%n",
        "{a,b}",
        "'\\''",
        "$'\\n'",
    ]
    .map(str::to_owned)
    .into();
    for byte in 1_u8..0x80 {
        values.push(char::from(byte).to_string());
        values.push(format!("{}7", char::from(byte)));
    }
    values.extend((0..COUNT).map(|_| {
        let length = random.random_range(0..24);
        let value = (0..length).map(|_| match random.random_range(0..8) {
            0 => any_char(&mut random, 1..0x80),
            1 => any_char(&mut random, 0x80..0x800),
            2 => any_char(&mut random, 0x800..0x1_0000),
            3 => any_char(&mut random, 0x1_0000..0x11_0000),
            _ => TROUBLE[random.random_range(0..TROUBLE.len())],
        });
        value.collect()
    }));
    values
}

/// Any of them that is one: the surrogates are not.
fn any_char(random: &mut StdRng, codes: Range<u32>) -> char {
    loop {
        if let Some(char) = char::from_u32(random.random_range(codes.clone())) {
            return char;
        }
    }
}

fn exports(values: &[String]) -> Vec<Export> {
    let each = values.iter().enumerate();
    each.map(|(at, value)| Export {
        key: format!("v{at}"),
        name: Naming::Path.name(&format!("v{at}")).unwrap(),
        value: Secret::from(value.as_str()),
    })
    .collect()
}

fn rendered(format: Format, values: &[String]) -> String {
    let rendered = format.render(&exports(values), &mut OsRandom).unwrap();
    rendered.stdout.expose().to_owned()
}

/// Has a program read what was written, and compares the values it prints, each with a NUL behind.
#[track_caller]
fn assert_read_by(program: &Utf8Path, args: &[&str], script: &str, values: &[String], what: &str) {
    let sandbox = Sandbox::new();
    let path = sandbox.path().join("script");
    fs_err::write(&path, script).unwrap();
    let output = Command::new(program)
        .args(args)
        .arg(&path)
        .current_dir(sandbox.path())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", "/nowhere")
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{what}: {stderr}");
    assert!(!sandbox.path().join("pwned").exists(), "{what} ran a value");
    let mut read: Vec<&[u8]> = output.stdout.split(|byte| *byte == 0).collect();
    assert_eq!(read.pop(), Some(&b""[..]), "{what}");
    assert_eq!(read.len(), values.len(), "{what}");
    for (at, (read, wanted)) in read.iter().zip(values).enumerate() {
        assert_eq!(
            String::from_utf8_lossy(read),
            *wanted,
            "{what}, value {at}: {wanted:?}"
        );
    }
}

/// `$V0` to the last, printed by `printf`, a hundred at a time.
fn print_all(count: usize) -> String {
    let names: Vec<String> = (0..count).map(|at| format!("\"$V{at}\"")).collect();
    let lines = names
        .chunks(100)
        .map(|names| format!("printf '%s\\0' {}\n", names.join(" ")));
    lines.collect()
}

/// The way people use it: `eval "$(…)"`. The text stands in a file, since it is longer than what a
/// command may have as arguments.
fn evaluated(text: &str, count: usize, sandbox: &Sandbox) -> String {
    let path = sandbox.path().join("exports");
    fs_err::write(&path, text).unwrap();
    format!("eval \"$(cat {path})\"\n{}", print_all(count))
}

#[test]
fn sh_is_read_by_every_shell() {
    let values = values();
    let sandbox = Sandbox::new();
    let script = evaluated(&rendered(Format::Sh, &values), values.len(), &sandbox);
    for shell in ["dash", "bash", "zsh"] {
        let Some(program) = oracle(shell) else {
            continue;
        };
        let args: &[&str] = if shell == "zsh" { &["-f"] } else { &[] };
        assert_read_by(&program, args, &script, &values, shell);
    }
}

#[test]
fn bash_and_zsh_have_a_line_for_each() {
    let values = values();
    let sandbox = Sandbox::new();
    for (format, shell) in [(Format::Bash, "bash"), (Format::Zsh, "zsh")] {
        let Some(program) = oracle(shell) else {
            continue;
        };
        let text = rendered(format, &values);
        assert_eq!(text.lines().count(), values.len());
        let args: &[&str] = if shell == "zsh" { &["-f"] } else { &[] };
        let script = evaluated(&text, values.len(), &sandbox);
        assert_read_by(&program, args, &script, &values, shell);
    }
}

#[test]
fn fish_reads_its_own() {
    let Some(fish) = oracle("fish") else { return };
    // fish takes long for many variables at once
    for values in values().chunks(500) {
        let script = format!(
            "{}{}",
            rendered(Format::Fish, values),
            print_all(values.len())
        );
        assert_read_by(&fish, &["--no-config"], &script, values, "fish");
    }
}

/// Where PowerShell is installed, which is not asked for.
#[test]
fn powershell_reads_its_own() {
    let path = std::env::var("PATH").unwrap_or_default();
    let found = path
        .split(':')
        .map(|dir| Utf8Path::new(dir).join("pwsh"))
        .find(|path| path.is_file());
    let Some(pwsh) = found else { return };
    // an empty value is no variable for it
    let values: Vec<String> = values()
        .into_iter()
        .filter(|value| !value.is_empty())
        .collect();
    let print = format!(
        "$out = [Console]::OpenStandardOutput()\n\
         0..{} | % {{ $b = [Text.Encoding]::UTF8.GetBytes([Environment]::GetEnvironmentVariable(\"V$_\"))\n\
         $out.Write($b, 0, $b.Length); $out.WriteByte(0) }}\n",
        values.len() - 1
    );
    let script = format!("{}{print}", rendered(Format::Pwsh, &values));
    assert_read_by(&pwsh, &["-NoProfile", "-File"], &script, &values, "pwsh");
}

/// Docker Compose reads every value as it is.
#[test]
fn dotenv_is_read_by_compose() {
    let Some(compose) = compose_oracle() else {
        return;
    };
    let values = values();
    let sandbox = Sandbox::new();
    sandbox.file("values.env", &rendered(Format::Dotenv, &values));
    sandbox.file(
        "compose.yaml",
        "services: {a: {image: x, env_file: values.env}}\n",
    );
    let printed = sandbox
        .run(&compose, ["config", "--format", "json"])
        .success();
    let config: Value = serde_json::from_str(&printed.stdout).unwrap();
    let read = config["services"]["a"]["environment"].as_object().unwrap();
    assert_eq!(read.len(), values.len());
    for (at, wanted) in values.iter().enumerate() {
        // what is printed is a file for Compose again, where a dollar is doubled
        let read = read[&format!("V{at}")].as_str().unwrap().replace("$$", "$");
        assert_eq!(read, *wanted, "value {at}: {wanted:?}");
    }
}

/// A shell that sources the file reads them too, as far as any one text can serve both; and of the
/// others it runs nothing.
#[test]
fn dotenv_is_read_by_shells() {
    let all = values();
    let is_common = |value: &&String| {
        let is_in_double_quotes = value.contains(['\'', '\r']) || value.ends_with('\\');
        !(value.contains('\r') || is_in_double_quotes && value.contains('`'))
    };
    let common: Vec<String> = all.iter().filter(is_common).cloned().collect();
    assert!(common.len() > COUNT / 2);
    for shell in ["dash", "bash"] {
        let Some(program) = oracle(shell) else {
            continue;
        };
        let script = format!(
            "{}{}",
            rendered(Format::Dotenv, &common),
            print_all(common.len())
        );
        assert_read_by(&program, &[], &script, &common, shell);
        let sandbox = Sandbox::new();
        sandbox.file("all.env", &rendered(Format::Dotenv, &all));
        sandbox.run(&program, ["-c", ". ./all.env"]).success();
        assert!(
            !sandbox.path().join("pwned").exists(),
            "{shell} ran a value"
        );
    }
}

/// Any library will do for JSON, and the names are the keys.
#[test]
fn json_is_json() {
    let values = values();
    let read: Value = serde_json::from_str(&rendered(Format::Json, &values)).unwrap();
    for (at, wanted) in values.iter().enumerate() {
        assert_eq!(read[format!("v{at}")], **wanted);
    }
}
