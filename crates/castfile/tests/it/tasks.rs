//! Every shape of a task and of a job, their ids, and how tasks are found by name.

use crate::support::{file, findings, ids, parsed, refused, run_of, single, text, texts};
use castfile::TaskId;
use castfile::model::{JobStep, Task, TemplateKind};

/// The first task of a file whose `tasks:` block is `t:` with these lines.
#[track_caller]
fn task(fields: &str) -> Task {
    let fields = fields.replace('\n', "\n    ");
    file(&format!("tasks:\n  t:\n    {fields}\n"))
        .tasks
        .remove(0)
}

#[test]
fn a_scalar_is_a_script() {
    let file = file("tasks:\n  a: echo a\n  b: |\n    one\n    two\n  c: 7\n  d:\n");
    let runs: Vec<_> = file.tasks.iter().map(|task| text(&task.run)).collect();
    assert_eq!(runs, ["echo a", "one\ntwo\n", "7", "-"]);
}

#[test]
fn every_key_with_all_its_names() {
    for (fields, shown) in [
        ("desc: x", "desc"),
        ("description: x", "desc"),
        ("help: x", "help"),
        ("uses: x", "uses"),
        ("use: '  x '", "uses"),
        ("run: x", "run"),
        ("cwd: x", "cwd"),
        ("timeout: x", "timeout"),
        ("if: x", "if"),
        ("predicate: x", "if"),
        ("force: x", "force"),
        ("extends: x", "extends"),
    ] {
        let task = task(fields);
        let value = match shown {
            "desc" => &task.desc,
            "help" => &task.help,
            "uses" => &task.uses,
            "run" => &task.run,
            "cwd" => &task.cwd,
            "timeout" => &task.timeout,
            "if" => &task.condition,
            "force" => &task.force,
            _ => &task.extends,
        };
        assert_eq!(text(value), "x", "{fields}");
    }
}

#[test]
fn needs_in_all_shapes() {
    for key in ["needs", "deps", "dependencies"] {
        for (value, shown) in [
            ("a", "a"),
            ("[a, b]", "a b"),
            ("[a, {id: b, parallel: true}]", "a b!"),
            ("[{id: a}]", "a"),
            ("", ""),
            ("[]", ""),
        ] {
            let task = task(&format!("{key}: {value}"));
            let needs: Vec<_> = task
                .needs
                .iter()
                .map(|need| format!("{}{}", need.id.value, if need.parallel { "!" } else { "" }))
                .collect();
            assert_eq!(needs.join(" "), shown, "{key}: {value}");
        }
    }
}

#[test]
fn dotenv_takes_paths_with_a_mark_on_either_side() {
    for key in ["dotenv", "envfile", "env-file"] {
        let task = task(&format!("{key}: [a, '?b', 'c?']"));
        let shown: Vec<_> = task
            .dotenv
            .iter()
            .map(|file| (file.path.as_str(), file.optional))
            .collect();
        assert_eq!(shown, [("a", false), ("b", true), ("c", true)], "{key}");
    }
}

#[test]
fn inputs_in_all_spellings() {
    for key in ["with", "input", "inputs"] {
        let task = task(&format!("{key}: {{image: alpine, volumes: [a, b]}}"));
        assert_eq!(
            task.input("image").unwrap().as_text(),
            Some("alpine"),
            "{key}"
        );
        assert_eq!(
            task.input("volumes").unwrap().as_sequence().unwrap().len(),
            2
        );
        assert!(task.input("nothing").is_none());
    }
}

#[test]
fn lists_and_env() {
    let task = task("args: [1, two]\nhosts: [web, db]\nenv: {A: 1}");
    assert_eq!(texts(&task.args), ["1", "two"]);
    assert_eq!(texts(&task.hosts), ["web", "db"]);
    assert_eq!(task.env[0].name.value, "A");
}

#[test]
fn hooks_in_all_shapes() {
    for (value, shown) in [
        ("true", "before | after"),
        ("1", "before | after"),
        ("false", "none"),
        ("0", "none"),
        ("", "none"),
        ("{before: pre}", "pre | "),
        ("{after: [after, notify]}", " | after notify"),
        ("{before: [a, b], after: c}", "a b | c"),
    ] {
        let task = task(&format!("hooks: {value}"));
        let hooks = task.hooks.map_or("none".to_owned(), |hooks| {
            format!(
                "{} | {}",
                texts(&hooks.before).join(" "),
                texts(&hooks.after).join(" ")
            )
        });
        assert_eq!(hooks, shown, "{value}");
    }
}

#[test]
fn template_in_all_shapes() {
    for (value, kind) in [
        ("true", Some(TemplateKind::GoTemplate)),
        ("1", Some(TemplateKind::GoTemplate)),
        ("gotmpl", Some(TemplateKind::GoTemplate)),
        ("false", None),
        ("0", None),
        ("", None),
        ("jinja", Some(TemplateKind::Other("jinja".to_owned()))),
    ] {
        let template = task(&format!("template: {value}")).template;
        assert_eq!(template.map(|template| template.value), kind, "{value}");
    }
}

#[test]
fn wrong_kinds_are_reported_together() {
    insta::assert_snapshot!(
        refused(
            "tasks:\n  a: [echo]\n  b:\n    desc: [x]\n    args: one\n    hooks: [before]\n    with: x\n    needs: {id: a}\n    dotenv: [{path: x}]\n    env: 7\n  c:\n    needs: [{parallel: true}, [x], {id: a, when: now}]\n    hooks: maybe\n"
        ),
        @r"
    error[castfile::wrong-kind]: task `a` must be a script or a mapping, found a sequence
      --> castfile:2:6
    error[castfile::wrong-kind]: `desc` must be a single value, found a sequence
      --> castfile:4:11
    error[castfile::wrong-kind]: `args` must be a list, found a string
      --> castfile:5:11
    error[castfile::wrong-kind]: `hooks` must be `true` or a mapping with `before` and `after`, found a sequence
      --> castfile:6:12
    error[castfile::wrong-kind]: `with` must be a mapping, found a string
      --> castfile:7:11
    error[castfile::wrong-kind]: `needs` must be a single value or a list, found a mapping
      --> castfile:8:12
    error[castfile::wrong-kind]: an item of `dotenv` must be a single value, found a mapping
      --> castfile:9:14
    error[castfile::wrong-kind]: `env` must be a mapping or a list, found an integer
      --> castfile:10:10
    error[castfile::missing-key]: the item of `needs` has no `id`
      --> castfile:12:13
    error[castfile::wrong-kind]: an item of `needs` must be a single value, found a sequence
      --> castfile:12:31
    error[castfile::unknown-key]: unknown key `when` in an item of `needs`
      --> castfile:12:44
      help: the keys are `id` or `parallel`
    error[castfile::wrong-kind]: `hooks` must be `true` or `false`, found a string
      --> castfile:13:12
    "
    );
}

#[test]
fn an_unknown_key_of_a_task_is_an_error_that_names_the_nearest() {
    insta::assert_snapshot!(
        refused("tasks:\n  up:\n    ned: [a]\n    cmds: [x]\n    Run: y\n    slug: z\n"),
        @r#"
    error[castfile::unknown-key]: unknown key `ned` in task `up`
      --> castfile:3:5
      help: the keys are `id`, `name`, `desc`, `description`, `help`, `uses`, `use`, `run`, `args`, `env`, `dotenv`, `envfile`, `env-file`, `cwd`, `timeout`, `needs`, `deps`, `dependencies`, `with`, `input`, `inputs`, `hosts`, `if`, `predicate`, `force`, `hooks`, `extends` or `template`
    error[castfile::unknown-key]: unknown key `cmds` in task `up`
      --> castfile:4:5
      help: here it is called `run`
    error[castfile::unknown-key]: unknown key `Run` in task `up`
      --> castfile:5:5
      fix: did you mean `run`? [5:5 "run"]
    error[castfile::unknown-key]: unknown key `slug` in task `up`
      --> castfile:6:5
      help: the keys are `id`, `name`, `desc`, `description`, `help`, `uses`, `use`, `run`, `args`, `env`, `dotenv`, `envfile`, `env-file`, `cwd`, `timeout`, `needs`, `deps`, `dependencies`, `with`, `input`, `inputs`, `hosts`, `if`, `predicate`, `force`, `hooks`, `extends` or `template`
    "#
    );
}

#[test]
fn an_id_is_derived_from_the_name() {
    for (name, id) in [
        ("up", "up"),
        ("Up Name", "up name"),
        ("up:prod", "up:prod"),
        ("a---b", "a-b"),
        ("a/b.c_d", "a/b.c_d"),
        ("Größe", "gre"),
        ("🚀 deploy", "deploy"),
        ("🚀", "🚀"),
        ("what?!", "what"),
        (" x ", "x"),
    ] {
        assert_eq!(TaskId::derive(name).as_str(), id, "{name}");
    }
}

#[test]
fn an_id_of_its_own_takes_the_place_of_the_name() {
    let project = single("tasks:\n  Deploy It:\n    id: ship\n    name: ignored\n    run: x\n");
    assert_eq!(ids(&project), ["ship"]);
    assert_eq!(project.task("ship").unwrap().display_name(), "Deploy It");
}

#[test]
fn tasks_are_found_by_id_then_without_case_then_as_they_are_shown() {
    let project =
        single("tasks:\n  Up Name: a\n  '🚀 launch': b\n  '🚀': c\n  x: {id: y, run: d}\n");
    for (name, run) in [
        ("up name", "a"),
        ("UP NAME", "a"),
        ("Up Name", "a"),
        ("launch", "b"),
        ("🚀 launch", "b"),
        ("🚀", "c"),
        ("y", "d"),
        ("x", "d"),
    ] {
        assert_eq!(run_of(&project, name), run, "{name}");
    }
    assert!(project.task("nope").is_none());
}

#[test]
fn of_two_names_with_one_id_the_first_counts() {
    let parsed = parsed("tasks:\n  up!: a\n  UP: b\n");
    insta::assert_snapshot!(findings(&parsed.diagnostics), @r"
    warning[castfile::same-id]: `up!` and `UP` have the same id `up`; the second is not used
      --> castfile:3:3: not used
          castfile:2:3: used
      help: rename one, or give it an `id`
    ");
    let file = parsed.value.unwrap();
    assert_eq!(file.tasks.len(), 1);
    assert_eq!(text(&file.tasks[0].run), "a");
}

#[test]
fn a_later_block_replaces_once() {
    // Between blocks the later wins, inside one the first.
    let parsed = parsed("tasks:\n  up: a\ntasks:\n  up!: b\n  UP: c\n");
    let file = parsed.value.unwrap();
    assert_eq!(text(&file.tasks[0].run), "b");
}

#[test]
fn jobs_with_all_their_keys() {
    let file = file(
        "jobs:\n  nightly:\n    id: n\n    name: Every night\n    desc: d\n    needs: [a, {id: b}]\n    steps: [backup, {task: verify}, {run: echo x}]\n    env: {A: 1}\n    dotenv: [.env]\n    if: success\n    timeout: 1h\n    cwd: x\n    extends: base\n    cron: '0 3 * * *'\n",
    );
    let job = &file.jobs[0];
    assert_eq!(job.id.as_str(), "n");
    assert_eq!(job.name.value, "Every night");
    assert_eq!(job.needs.len(), 2);
    let steps: Vec<_> = job
        .steps
        .iter()
        .map(|step| match step {
            JobStep::Task(id) => format!("task {}", id.value),
            JobStep::Inline(task) => format!("run {}", text(&task.run)),
            _ => "?".to_owned(),
        })
        .collect();
    assert_eq!(steps, ["task backup", "task verify", "run echo x"]);
    assert_eq!(text(&job.cron), "0 3 * * *");
    insta::assert_snapshot!(refused("jobs:\n  a: {step: [x]}\n  b: [x]\n"), @r#"
    error[castfile::unknown-key]: unknown key `step` in job `a`
      --> castfile:2:7
      fix: did you mean `steps`? [2:7 "steps"]
    error[castfile::wrong-kind]: job `b` must be a mapping, found a sequence
      --> castfile:3:6
    "#);
}

#[test]
fn every_value_knows_its_place() {
    let file = file(
        "tasks:\n  up:\n    needs: [net]\n    run: |\n      a\n      b\n    env:\n      A: \"x\"\n",
    );
    let task = &file.tasks[0];
    assert_eq!(task.name.span.to_string(), "castfile:2:3");
    assert_eq!(task.needs[0].id.span.to_string(), "castfile:3:13");
    assert_eq!(task.run.as_ref().unwrap().span.position().line, 4);
    assert_eq!(task.env[0].value.span.to_string(), "castfile:8:10");
}
