//! Every YAML shape of the top level, of `env`, `dotenv`, `paths`, `config` and `workspace`.

use crate::support::{file, findings, parsed, refused, texts};

#[test]
fn a_file_without_tasks_loads() {
    for text in [
        "",
        "# nothing\n",
        "tasks:\n",
        "tasks: null\n",
        "tasks: {}\n",
        "name: x\n",
        "---\n",
    ] {
        assert!(file(text).tasks.is_empty(), "{text:?}");
    }
}

#[test]
fn the_root_must_be_a_mapping() {
    insta::assert_snapshot!(refused("- a\n- b\n"), @r"
    error[castfile::wrong-kind]: a castfile must be a mapping of keys such as `tasks`, found a sequence
      --> castfile:1:1
    ");
    insta::assert_snapshot!(refused("hello\n"), @r"
    error[castfile::wrong-kind]: a castfile must be a mapping of keys such as `tasks`, found a string
      --> castfile:1:1
    ");
}

#[test]
fn plain_texts_keep_what_is_written() {
    let file = file("id: 7\nname: Lab\nversion: 1.10\ndesc: short\n");
    assert_eq!(file.id.unwrap().value, "7");
    assert_eq!(file.name.unwrap().value, "Lab");
    assert_eq!(file.version.unwrap().value, "1.10");
    assert_eq!(file.description.unwrap().value, "short");
}

#[test]
fn description_has_two_names() {
    for key in ["desc", "description"] {
        assert_eq!(
            file(&format!("{key}: x\n")).description.unwrap().value,
            "x",
            "{key}"
        );
    }
}

#[test]
fn three_names_of_imports_fill_one_list() {
    let file = file(
        "import: a\nimports: [b, {from: ./c, ns: d}]\nmodules:\n  - from: e\n    namespace: f\n    tasks: [up, down]\n",
    );
    let shown: Vec<_> = file
        .imports
        .iter()
        .map(|import| {
            let namespace = import.namespace.as_ref().map_or("-", |ns| ns.as_str());
            let tasks = import.tasks.as_ref().map(|tasks| texts(tasks).join("+"));
            format!(
                "{} {namespace} {}",
                import.from.value,
                tasks.unwrap_or("all".to_owned())
            )
        })
        .collect();
    assert_eq!(shown, ["a - all", "b - all", "./c d all", "e f up+down"]);
}

#[test]
fn a_mapping_under_modules_declares_sub_projects() {
    let file = file("modules:\n  compose: {path: ./compose}\n  eng: ./eng\n  '@dns': dns\n");
    let shown: Vec<_> = file
        .projects
        .iter()
        .map(|project| format!("{} {}", project.name.value, project.path.value))
        .collect();
    assert_eq!(shown, ["compose ./compose", "eng ./eng", "dns dns"]);
    assert!(file.imports.is_empty());
    assert!(file.is_workspace());
}

#[test]
fn an_import_that_lost_its_dash_is_no_sub_project() {
    insta::assert_snapshot!(refused("imports:\n  from: docker\n  ns: d\n"), @r"
    error[castfile::wrong-kind]: an import with `from` must be an item of a list under `imports`
      --> castfile:2:3
      help: put `- ` before `from`
    ");
}

#[test]
fn a_sub_project_needs_a_path() {
    insta::assert_snapshot!(
        refused("modules:\n  a:\n  b: {pth: ./b}\n  c: [x]\n"),
        @r#"
    error[castfile::missing-key]: sub-project `a` has no `path`
      --> castfile:2:3
      help: write its directory, such as `path: ./compose`
    error[castfile::unknown-key]: unknown key `pth` in sub-project `b`
      --> castfile:3:7
      fix: did you mean `path`? [3:7 "path"]
    error[castfile::wrong-kind]: sub-project `c` must be a directory, found a sequence
      --> castfile:4:6
    "#
    );
}

#[test]
fn includes_are_sub_projects_named_after_their_directory() {
    let file = file("includes: [compose/castfile, ./eng, dns/castfile.yaml, a/b/]\n");
    let shown: Vec<_> = file
        .projects
        .iter()
        .map(|project| format!("{} {}", project.name.value, project.path.value))
        .collect();
    assert_eq!(
        shown,
        [
            "compose compose/castfile",
            "eng ./eng",
            "dns dns/castfile.yaml",
            "b a/b/"
        ]
    );
    insta::assert_snapshot!(refused("includes: [.., castfile]\n"), @r"
    error[castfile::wrong-value]: `..` does not name a directory below this one
      --> castfile:1:12
    error[castfile::wrong-value]: `castfile` does not name a directory below this one
      --> castfile:1:16
    ");
}

#[test]
fn an_import_says_what_to_import() {
    insta::assert_snapshot!(
        refused("imports:\n  - {ns: d}\n  - {from: a, name: b}\n  - [x]\n"),
        @r"
    error[castfile::missing-key]: the import does not say what to import
      --> castfile:2:5: no `from` here
      help: add `from: NAME`, or write the name alone
    error[castfile::unknown-key]: unknown key `name` in an import
      --> castfile:3:15
      help: the keys are `from`, `namespace`, `ns` or `tasks`
    error[castfile::wrong-kind]: an import must be a single value, found a sequence
      --> castfile:4:5
    "
    );
}

#[test]
fn env_as_a_mapping() {
    let file = file(
        "env:\n  A: text\n  B: 1.10\n  C: true\n  D: ~\n  E:\n  F: {value: x}\n  G: {value: y, secret: true}\n  H: {secret: yes}\n",
    );
    let shown: Vec<_> = file
        .env
        .iter()
        .map(|entry| {
            format!(
                "{}={}{}",
                entry.name.value,
                entry.value.value,
                if entry.secret { " secret" } else { "" }
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "A=text",
            "B=1.10",
            "C=true",
            "D=~",
            "E=",
            "F=x",
            "G=y secret",
            "H= secret"
        ]
    );
}

#[test]
fn env_as_a_list() {
    let file = file(
        "env:\n  - A=1\n  - B:2\n  - C=a=b:c\n  - URL:http://x=y\n  - {name: D, value: 3}\n  - {name: E, value: 4, secret: true}\n  - F=\n",
    );
    let shown: Vec<_> = file
        .env
        .iter()
        .map(|entry| {
            format!(
                "{}={}{}",
                entry.name.value,
                entry.value.value,
                if entry.secret { " secret" } else { "" }
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "A=1",
            "B=2 secret",
            "C=a=b:c",
            "URL=http://x=y secret",
            "D=3",
            "E=4 secret",
            "F="
        ]
    );
    assert_eq!(file.env[2].value.span.to_string(), "castfile:4:7");
}

#[test]
fn env_of_a_wrong_shape() {
    insta::assert_snapshot!(refused("env: text\n"), @r"
    error[castfile::wrong-kind]: `env` must be a mapping or a list, found a string
      --> castfile:1:6
    ");
    insta::assert_snapshot!(
        refused(
            "env:\n  A: [1]\n  B: {valu: x}\n  C: {value: [x]}\n  D: {name: E, value: x}\n  '': x\n  F=G: x\n"
        ),
        @r#"
    error[castfile::wrong-kind]: the value of `A` must be a single value, found a sequence
      --> castfile:2:6
    error[castfile::unknown-key]: unknown key `valu` in an `env` entry
      --> castfile:3:7
      fix: did you mean `value`? [3:7 "value"]
    error[castfile::wrong-kind]: the value of `value` must be a single value, found a sequence
      --> castfile:4:14
    error[castfile::unknown-key]: unknown key `name` in an `env` entry
      --> castfile:5:7
      help: the keys are `value` or `secret`
    error[castfile::wrong-value]: the name of a variable is empty
      --> castfile:6:3
      help: use letters, digits and `_`
    error[castfile::wrong-value]: `F=G` cannot be the name of a variable
      --> castfile:7:3
      help: use letters, digits and `_`
    "#
    );
    insta::assert_snapshot!(
        refused("env:\n  - NOTHING\n  - {value: x}\n  - NAME: value\n  - =x\n  - [a]\n"),
        @r"
    error[castfile::wrong-value]: `NOTHING` is no `NAME=value`
      --> castfile:2:5
      help: write `NAME=value`, or `NAME:value` for a secret
    error[castfile::missing-key]: the `env` entry has no `name`
      --> castfile:3:5
    error[castfile::wrong-kind]: `NAME: …` in a list of `env` is a mapping without `name`
      --> castfile:4:5
      help: write `NAME=value`, or take the `- ` away to make `env` a mapping
    error[castfile::wrong-value]: the name of a variable is empty
      --> castfile:5:5
      help: use letters, digits and `_`
    error[castfile::wrong-kind]: an item of `env` must be a single value, found a sequence
      --> castfile:6:5
    "
    );
}

#[test]
fn dotenv_shapes() {
    let file = file(
        "dotenv:\n  - .env\n  - ?.env.a\n  - .env.b?\n  - {path: '?.env.c', os: linux}\n  - {path: .env.prod, contexts: [prod, staging]}\n  - {path: .env.test, contexts: test}\n",
    );
    let shown: Vec<_> = file
        .dotenv
        .iter()
        .map(|entry| {
            let optional = if entry.optional { "?" } else { "" };
            let os = entry.os.as_ref().map_or("any", |os| os.as_str());
            format!(
                "{}{optional} {os} {}",
                entry.path.value,
                texts(&entry.contexts).join("+")
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ".env any ",
            ".env.a? any ",
            ".env.b? any ",
            ".env.c? linux ",
            ".env.prod any prod+staging",
            ".env.test any test",
        ]
    );
    assert_eq!(
        super::support::file("dotenv: .env\n").dotenv[0].path.value,
        ".env"
    );
}

#[test]
fn dotenv_of_a_wrong_shape() {
    insta::assert_snapshot!(
        refused("dotenv:\n  - {os: linux}\n  - {path: a, context: prod}\n  - [x]\n"),
        @r#"
    error[castfile::missing-key]: the `dotenv` entry has no `path`
      --> castfile:2:5
    error[castfile::unknown-key]: unknown key `context` in a `dotenv` entry
      --> castfile:3:15
      fix: did you mean `contexts`? [3:15 "contexts"]
    error[castfile::wrong-kind]: an item of `dotenv` must be a single value, found a sequence
      --> castfile:4:5
    "#
    );
    insta::assert_snapshot!(refused("dotenv: {path: .env}\n"), @r"
    error[castfile::wrong-kind]: `dotenv` must be a single value or a list, found a mapping
      --> castfile:1:9
    ");
}

#[test]
fn paths_shapes() {
    let file = file(
        "paths:\n  - ./bin\n  - {path: tools, append: true}\n  - {value: v, os: darwin}\n  - {windows: w}\n  - {win: w, unix: u}\n  - {osx: m, append: 1}\n",
    );
    let shown: Vec<_> = file
        .paths
        .iter()
        .map(|entry| {
            let os = entry.os.as_ref().map_or("any", |os| os.as_str());
            format!(
                "{} {os} {}",
                entry.path.value,
                if entry.append { "append" } else { "prepend" }
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "./bin any prepend",
            "tools any append",
            "v darwin prepend",
            "w windows prepend",
            "w windows prepend",
            "u linux prepend",
            "m darwin append",
        ]
    );
}

#[test]
fn every_name_of_an_operating_system() {
    for (key, os) in [
        ("windows", "windows"),
        ("win", "windows"),
        ("win32", "windows"),
        ("linux", "linux"),
        ("unix", "linux"),
        ("mac", "darwin"),
        ("macos", "darwin"),
        ("darwin", "darwin"),
        ("osx", "darwin"),
    ] {
        let file = file(&format!("paths:\n  - {key}: x\n"));
        assert_eq!(file.paths[0].os.as_ref().unwrap().value, os, "{key}");
    }
}

#[test]
fn paths_of_a_wrong_shape() {
    insta::assert_snapshot!(refused("paths:\n  - {append: true}\n  - {pth: x}\n  - {path: [x]}\n"), @r#"
    error[castfile::missing-key]: the `paths` entry has no `path`
      --> castfile:2:5
    error[castfile::unknown-key]: unknown key `pth` in a `paths` entry
      --> castfile:3:6
      fix: did you mean `path`? [3:6 "path"]
    error[castfile::wrong-kind]: `path` must be a single value, found a sequence
      --> castfile:4:12
    "#);
}

#[test]
fn config_keeps_free_values() {
    let file = file(
        "config:\n  context: prod\n  contexts: [prod, test]\n  shell: bash\n  shell_mode: cast\n  substitution: false\n  env: {A: 1}\n  dotenv: .env\n  mine: {x: 1}\n",
    );
    let config = file.config.unwrap();
    assert_eq!(config.context.unwrap().value, "prod");
    assert_eq!(texts(&config.contexts), ["prod", "test"]);
    assert_eq!(config.shell.unwrap().value, "bash");
    assert_eq!(config.shell_mode.unwrap().value, "cast");
    assert!(!config.substitution);
    assert_eq!(config.env[0].name.value, "A");
    assert_eq!(config.dotenv[0].path.value, ".env");
    let keys: Vec<_> = config.values.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "context",
            "contexts",
            "shell",
            "shell_mode",
            "substitution",
            "env",
            "dotenv",
            "mine"
        ]
    );
    assert_eq!(config.values[7].1.get("x").unwrap().as_text(), Some("1"));
}

#[test]
fn config_substitution_is_on_unless_it_is_false() {
    for (text, on) in [
        ("config: {}\n", true),
        ("config: {substitution: yes}\n", true),
        ("config: {substitution: no}\n", false),
    ] {
        assert_eq!(file(text).config.unwrap().substitution, on, "{text}");
    }
    insta::assert_snapshot!(
        refused("config: {substitution: maybe, shell_mode: fish}\n"),
        @r"
    error[castfile::wrong-kind]: `config.substitution` must be `true` or `false`, found a string
      --> castfile:1:24
    error[castfile::wrong-value]: `config.shell_mode` must be one of `shell` or `cast`, found `fish`
      --> castfile:1:43
    "
    );
}

#[test]
fn workspace_as_a_truth_or_a_mapping() {
    for (value, on) in [
        ("true", true),
        ("yes", true),
        ("1", true),
        ("True", true),
        ("false", false),
        ("no", false),
        ("0", false),
        ("", false),
        ("{}", true),
    ] {
        assert_eq!(
            file(&format!("workspace: {value}\n")).workspace.is_some(),
            on,
            "{value}"
        );
    }
    let file = file(
        "workspace:\n  include: compose/**\n  exclude: [old, tmp/*]\n  aliases: {'@eng': ./eng, dns: net/dns}\n",
    );
    let workspace = file.workspace.unwrap();
    assert_eq!(texts(&workspace.include), ["compose/**"]);
    assert_eq!(texts(&workspace.exclude), ["old", "tmp/*"]);
    let names: Vec<_> = workspace
        .aliases
        .iter()
        .map(|alias| alias.name.as_str())
        .collect();
    assert_eq!(names, ["eng", "dns"]);
}

#[test]
fn workspace_of_a_wrong_shape() {
    insta::assert_snapshot!(refused("workspace: sometimes\n"), @r"
    error[castfile::wrong-kind]: `workspace` must be `true` or `false`, found a string
      --> castfile:1:12
    ");
    insta::assert_snapshot!(refused("workspace: [a]\n"), @r"
    error[castfile::wrong-kind]: `workspace` must be `true`, `false` or a mapping with `include`, `exclude` and `aliases`, found a sequence
      --> castfile:1:12
    ");
    insta::assert_snapshot!(findings(&parsed("workspace: {exlude: x}\n").diagnostics), @r#"
    warning[castfile::unknown-key]: unknown key `exlude` in `workspace`; it is ignored
      --> castfile:1:13
      fix: did you mean `exclude`? [1:13 "exclude"]
    "#);
}

#[test]
fn the_rest_of_the_top_level() {
    let file = file(
        "defaults: {shell: bash}\nsubcmds: [db]\nsubcommands: [web]\nmeta: {owner: me}\non: {schedule: {crons: ['0 0 * * *']}}\ntrusted_sources: [a]\ntrustedSources: [b]\ntrusted-sources: [c]\ninventories: [home, ./x.yaml]\nx-cast: {tasks: {}}\nx-else: 1\n",
    );
    assert_eq!(file.default_shell.unwrap().value, "bash");
    assert_eq!(texts(&file.subcommands), ["db", "web"]);
    assert_eq!(
        file.meta.unwrap().get("owner").unwrap().as_text(),
        Some("me")
    );
    assert!(file.on.unwrap().get("schedule").is_some());
    assert_eq!(texts(&file.trusted_sources), ["a", "b", "c"]);
    assert_eq!(texts(&file.inventories), ["home", "./x.yaml"]);
    let extensions: Vec<_> = file
        .extensions
        .iter()
        .map(|(key, _)| key.as_str())
        .collect();
    assert_eq!(extensions, ["x-cast", "x-else"]);
}

#[test]
fn an_unknown_top_level_key_is_ignored_with_a_warning() {
    let parsed = parsed("taks: {a: b}\nvars: {a: b}\ntasks: {up: x}\n");
    insta::assert_snapshot!(findings(&parsed.diagnostics), @r#"
    warning[castfile::unknown-key]: unknown key `taks` in a castfile; it is ignored
      --> castfile:1:1
      fix: did you mean `tasks`? [1:1 "tasks"]
    warning[castfile::unknown-key]: unknown key `vars` in a castfile; it is ignored
      --> castfile:2:1
      help: here it is called `env`
    "#);
    assert_eq!(parsed.value.unwrap().tasks.len(), 1);
}

#[test]
fn anchors_aliases_and_merge_keys() {
    let text = "x-base: &base\n  uses: bash\n  env: {A: 1}\nx-name: &name hello\ntasks:\n  a:\n    <<: *base\n    run: *name\n  b:\n    <<: [*base, {desc: two}]\n    uses: sh\n  c: *base\n";
    let file = file(text);
    let [a, b, c] = &*file.tasks else {
        panic!("{:?}", file.tasks)
    };
    assert_eq!(a.uses.as_ref().unwrap().value, "bash");
    assert_eq!(a.run.as_ref().unwrap().value, "hello");
    assert_eq!(a.env[0].name.value, "A");
    assert_eq!(b.uses.as_ref().unwrap().value, "sh");
    assert_eq!(b.desc.as_ref().unwrap().value, "two");
    assert_eq!(c.uses.as_ref().unwrap().value, "bash");
}

#[test]
fn a_key_written_twice_inside_a_task_is_refused() {
    insta::assert_snapshot!(refused("tasks:\n  up:\n    run: a\n    run: b\n"), @r"
    error[yaml::duplicate-key]: key `run` is defined twice in one mapping
      --> castfile:4:5: defined again here
          castfile:3:5: first defined here
      help: remove or rename one of the two
    ");
}

#[test]
fn two_tasks_blocks_are_merged_and_the_later_wins() {
    let parsed = parsed(
        "tasks:\n  up: first\n  down: down\nenv: {A: 1, B: 1}\ntasks:\n  up: second\n  logs: logs\nenv: {B: 2}\n",
    );
    insta::assert_snapshot!(findings(&parsed.diagnostics), @r"
    warning[castfile::repeated-key]: `tasks` stands twice; both are read, the later wins where they clash
      --> castfile:5:1: again here
          castfile:1:1: first here
      help: join the two `tasks` blocks
    warning[castfile::repeated-key]: `env` stands twice; both are read, the later wins where they clash
      --> castfile:8:1: again here
          castfile:4:1: first here
      help: join the two `env` blocks
    ");
    let file = parsed.value.unwrap();
    let tasks: Vec<_> = file
        .tasks
        .iter()
        .map(|task| format!("{} {}", task.id, task.run.as_ref().unwrap().value))
        .collect();
    assert_eq!(tasks, ["up second", "down down", "logs logs"]);
    let env: Vec<_> = file
        .env
        .iter()
        .map(|entry| format!("{}={}", entry.name.value, entry.value.value))
        .collect();
    assert_eq!(env, ["A=1", "B=1", "B=2"]);
}

#[test]
fn other_blocks_that_stand_twice_are_merged_too() {
    let parsed = parsed(
        "config: {shell: bash, env: {A: 1}}\nworkspace: {aliases: {a: a}}\nimports: [x]\nconfig: {context: prod, env: {B: 1}}\nworkspace: {aliases: {b: b}, exclude: c}\nimports: [y]\nconfig:\n",
    );
    assert_eq!(parsed.diagnostics.len(), 4);
    assert!(!parsed.has_errors());
    let file = parsed.value.unwrap();
    let config = file.config.unwrap();
    assert_eq!(config.shell.unwrap().value, "bash");
    assert_eq!(config.context.unwrap().value, "prod");
    assert_eq!(config.env.len(), 2);
    let workspace = file.workspace.unwrap();
    assert_eq!(workspace.aliases.len(), 2);
    assert_eq!(workspace.exclude.len(), 1);
    assert_eq!(file.imports.len(), 2);
}
