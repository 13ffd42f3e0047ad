//! `docs/cast.md` is true: its castfiles load, and it names every command, option and runner.

use crate::support::Test;

fn reference() -> String {
    let path = camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/cast.md");
    fs_err::read_to_string(path).expect("the reference is part of the repository")
}

/// The code blocks of a language.
fn blocks(language: &str) -> Vec<String> {
    let text = reference();
    let fence = format!("```{language}\n");
    let starts = text.split(&fence).skip(1);
    let blocks: Vec<_> = starts
        .map(|rest| rest.split("```").next().unwrap_or_default().to_owned())
        .collect();
    assert!(!blocks.is_empty(), "{language}");
    blocks
}

#[test]
fn castfiles_of_the_reference_are_sound() {
    for castfile in blocks("yaml") {
        let ran = Test::new().castfile(&castfile).args(["check"]).output();
        let sound = "checked 1 castfile: 0 errors, 0 warnings\n";
        assert_eq!(ran.stderr, sound, "{castfile}");
    }
}

#[test]
fn json_of_the_reference_is_json() {
    for json in blocks("json") {
        serde_json::from_str::<serde_json::Value>(&json).unwrap();
    }
}

#[test]
fn the_example_at_the_top_lists_as_shown() {
    let castfile = &blocks("yaml")[0];
    let shown = &blocks("console")[0];
    let listed = Test::new().castfile(castfile).args(["list"]).output();
    assert_eq!(format!("$ cast list\n{}$ cast up\n", listed.stdout), *shown);
}

#[test]
fn every_option_and_command_is_described() {
    let reference = reference();
    for args in [&["--help"][..], &["list", "--help"], &["explain", "--help"]] {
        let help = Test::new().args(args.iter().copied()).output().stdout;
        let words = help.split(|c: char| c.is_whitespace() || c == ',');
        for option in words.filter(|word| word.starts_with("--") && word.len() > 2) {
            let option = option.trim_end_matches([':', ')', '.']);
            assert!(reference.contains(option), "{option}");
        }
        let commands = help.split("Commands:\n").nth(1).unwrap_or_default();
        for line in commands.lines().take_while(|line| line.starts_with("  ")) {
            let command = line.split_whitespace().next().unwrap_or_default();
            assert!(reference.contains(&format!("`{command}")), "{command}");
        }
    }
    let unknown = "tasks: {t: {uses: zzzzzzzz, run: x}}";
    let ran = Test::new().castfile(unknown).args(["t"]).output();
    let runners = ran.stderr.split("the runners are ").nth(1).unwrap();
    for runner in runners.lines().next().unwrap().split(", ") {
        assert!(reference.contains(&format!("`{runner}`")), "{runner}");
    }
}

#[test]
fn every_file_of_this_folder_is_a_module() {
    let folder = camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let main = fs_err::read_to_string(folder.join("main.rs")).unwrap();
    for entry in folder.read_dir_utf8().unwrap() {
        let name = entry.unwrap().file_name().to_owned();
        if let Some(module) = name.strip_suffix(".rs").filter(|module| *module != "main") {
            assert!(
                main.contains(&format!("mod {module};")),
                "{module} is forgotten"
            );
        }
    }
}
