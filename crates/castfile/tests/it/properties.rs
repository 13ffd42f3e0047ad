//! What holds for every input.

use castfile::{Loader, MemoryFiles, Reason, parse, parse_inventory};
use proptest::prelude::*;
use yaml_tree::Source;

use crate::support::{findings, lab, project, single, user_dirs};

/// Words that castfiles are made of, and such that do not belong there.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "tasks",
            "imports",
            "modules",
            "env",
            "dotenv",
            "paths",
            "config",
            "workspace",
            "aliases",
            "inventory",
            "hosts",
            "jobs",
            "steps",
            "run",
            "needs",
            "hooks",
            "before",
            "with",
            "from",
            "ns",
            "path",
            "secret",
            "value",
            "name",
            "true",
            "false",
            "null",
            "~",
            "1",
            "up",
            "up:prod",
            "?.env",
            "A=1",
            "A:1",
            "$X",
            "${X:-",
            "*a",
            "&a",
            "<<",
            "'",
            "\"",
            "|",
            ">",
            "[",
            "]",
            "{",
            "}",
            "- ",
            "x-cast",
            "🚀",
            "é",
            "\u{feff}",
            "\t",
            "#",
            "me@h:22",
            "[::1]:0",
            "..",
            "../",
            "./",
            "",
        ])
        .prop_map(str::to_owned),
        "[a-z]{1,4}",
        ".{0,3}",
    ]
}

/// Text that looks like YAML often enough to get past the parser.
fn yaml_like() -> impl Strategy<Value = String> {
    let line = (
        0..5_usize,
        prop::bool::ANY,
        word(),
        prop::option::of(word()),
        word(),
    );
    prop::collection::vec(line, 0..24).prop_map(|lines| {
        let mut text = String::new();
        for (indent, item, key, value, end) in lines {
            text.push_str(&"  ".repeat(indent));
            if item {
                text.push_str("- ");
            }
            text.push_str(&key);
            if let Some(value) = value {
                text.push_str(": ");
                text.push_str(&value);
            }
            if end.len() < 3 {
                text.push_str(&end);
            }
            text.push('\n');
        }
        text
    })
}

/// A node of YAML in flow style, always well-formed.
fn flow() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        prop::sample::select(vec![
            "up",
            "true",
            "no",
            "null",
            "7",
            "1.5",
            "''",
            "'a b'",
            "?.env",
            "x=y",
            "'$X'",
            "'${X:-$Y}'",
            "me@host",
            "../x",
            "./y",
            "'@z'",
        ])
        .prop_map(str::to_owned),
    ];
    let key = prop::sample::select(vec![
        "tasks",
        "import",
        "imports",
        "modules",
        "includes",
        "env",
        "dotenv",
        "paths",
        "config",
        "workspace",
        "include",
        "exclude",
        "aliases",
        "inventory",
        "inventories",
        "defaults",
        "hosts",
        "jobs",
        "steps",
        "task",
        "run",
        "needs",
        "hooks",
        "before",
        "after",
        "with",
        "from",
        "ns",
        "path",
        "os",
        "append",
        "linux",
        "win",
        "secret",
        "value",
        "name",
        "id",
        "extends",
        "template",
        "timeout",
        "if",
        "force",
        "cwd",
        "port",
        "host",
        "user",
        "agent",
        "contexts",
        "context",
        "shell",
        "substitution",
        "meta",
        "on",
        "subcmds",
        "trusted_sources",
        "up",
        "down",
        "x-cast",
    ]);
    leaf.prop_recursive(4, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5)
                .prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::btree_map(key.clone(), inner, 0..6).prop_map(|entries| {
                let entries: Vec<_> = entries
                    .iter()
                    .map(|(key, value)| format!("{key}: {value}"))
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }),
        ]
    })
}

fn read_all(text: &str) {
    let source = Source::new("castfile", text);
    let parsed = parse(&source, "/lab/castfile");
    for found in &parsed.diagnostics {
        assert!(found.location().is_some(), "{found}");
        assert!(!found.message.ends_with('.'), "{found}");
    }
    let _unused = parse_inventory(&source);
    // Loading and planning what was read must not panic either.
    let mut files = lab([("castfile", text), ("x", "tasks: {up: x}"), (".env", "A=1")]);
    files.insert("/lab/y/castfile", text);
    let loader = Loader::new(&files, user_dirs());
    if let Ok(project) = loader.project("/lab/castfile".into()) {
        for context in ["default", "prod", ""] {
            for task in project.tasks() {
                drop(project.plan(&[task.id().as_str()], context));
            }
        }
    }
    drop(loader.select("/lab".into(), None, &["@up", "@y"]));
}

/// Needs between tasks `t0`, `t1`, …, each needing only later ones, so that there is no circle;
/// and whether each has hooks.
fn dag() -> impl Strategy<Value = Vec<(Vec<usize>, bool)>> {
    (1..24_usize).prop_flat_map(|count| {
        let tasks: Vec<_> = (0..count)
            .map(|at| {
                (
                    prop::collection::vec(at + 1..count + 1, 0..4),
                    prop::bool::ANY,
                )
            })
            .collect();
        tasks.prop_map(move |mut tasks| {
            for (needs, _) in &mut tasks {
                needs.retain(|need| *need < count);
            }
            tasks
        })
    })
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,200}") {
        read_all(&text);
    }

    #[test]
    fn text_like_yaml_is_read_without_a_panic(text in yaml_like()) {
        read_all(&text);
    }

    #[test]
    fn any_tree_is_read_without_a_panic(text in flow()) {
        read_all(&text);
    }

    #[test]
    fn a_plan_respects_every_edge(tasks in dag(), targets in prop::collection::vec(0..24_usize, 1..4)) {
        let mut text = String::from("tasks:\n");
        for (at, (needs, hooks)) in tasks.iter().enumerate() {
            let needs: Vec<_> = needs.iter().map(|need| format!("t{need}")).collect();
            text.push_str(&format!("  t{at}: {{run: x, hooks: {hooks}, needs: [{}]}}\n", needs.join(", ")));
            text.push_str(&format!("  t{at}:before: x\n  t{at}:after: x\n"));
        }
        let project = single(&text);
        let targets: Vec<_> = targets.iter().map(|at| format!("t{}", at % tasks.len())).collect();
        let targets: Vec<_> = targets.iter().map(String::as_str).collect();
        let plan = project.plan(&targets, "default").unwrap();
        let id = |at: usize| project.tasks()[plan.steps[at].task].id().as_str();
        let place = |name: &str| (0..plan.steps.len()).find(|at| id(*at) == name);
        let mut seen = std::collections::HashSet::new();
        for (at, step) in plan.steps.iter().enumerate() {
            prop_assert!(seen.insert(step.task), "{} runs twice", id(at));
            prop_assert!(step.after.iter().all(|before| *before < at));
            let task = &project.tasks()[step.task];
            for need in &task.task.needs {
                let need = place(&need.id.value).unwrap();
                prop_assert!(need < at);
                prop_assert!(step.after.contains(&need), "{} does not wait for {}", id(at), id(need));
            }
            if task.task.hooks.is_some() {
                let before = place(&format!("{}:before", id(at))).unwrap();
                let after = place(&format!("{}:after", id(at))).unwrap();
                prop_assert!(before < at && at < after);
                prop_assert!(step.after.contains(&before));
                prop_assert!(plan.steps[after].after.contains(&at));
            }
        }
        for target in &targets {
            let at = place(target).unwrap();
            prop_assert_eq!(&plan.steps[at].reason, &Reason::Target);
        }
    }

    #[test]
    fn the_projects_definition_always_wins(
        modules in prop::collection::vec(prop::collection::btree_set("[a-e]", 0..5), 1..4),
        own in prop::collection::btree_set("[a-e]", 0..5),
    ) {
        let mut files = MemoryFiles::default();
        let mut imports = Vec::new();
        for (at, tasks) in modules.iter().enumerate() {
            let tasks: Vec<_> = tasks.iter().map(|task| format!("{task}: m{at}")).collect();
            files.insert(format!("/lab/.cast/modules/m{at}.yaml"), format!("tasks: {{{}}}\n", tasks.join(", ")));
            imports.push(format!("m{at}"));
        }
        let tasks: Vec<_> = own.iter().map(|task| format!("{task}: own")).collect();
        files.insert("/lab/castfile", format!("imports: [{}]\ntasks: {{{}}}\n", imports.join(", "), tasks.join(", ")));
        let project = project(&files, "castfile");
        for task in project.tasks() {
            let id = task.id().as_str();
            let last = modules.iter().rposition(|tasks| tasks.contains(id));
            let expected = if own.contains(id) { "own".to_owned() } else { format!("m{}", last.unwrap()) };
            prop_assert_eq!(&task.task.run.as_ref().unwrap().value, &expected);
            let replaced = modules.iter().filter(|tasks| tasks.contains(id)).count();
            prop_assert_eq!(task.shadowed.len(), replaced - usize::from(!own.contains(id)));
        }
        let all: std::collections::BTreeSet<_> = modules.iter().flatten().chain(&own).collect();
        prop_assert_eq!(project.tasks().len(), all.len());
    }

    #[test]
    fn loading_gives_the_same_every_time(text in flow()) {
        let files = lab([("castfile", text.as_str()), ("up/castfile", ""), ("down/castfile", "")]);
        let load = || match Loader::new(&files, user_dirs()).project("/lab/castfile".into()) {
            Ok(project) => {
                let tasks: Vec<_> = project
                    .tasks()
                    .iter()
                    .map(|task| (task.id().clone(), task.task.name.span.start(), task.shadowed.len()))
                    .collect();
                format!("{tasks:?} {}", findings(project.warnings()))
            }
            Err(error) => crate::support::report(&error),
        };
        prop_assert_eq!(load(), load());
    }
}
