//! What parses and lists, and is not run yet.

use crate::support::{Test, report};

const KINDS: &[(&str, &str)] = &[
    ("docker", "{uses: docker, with: {image: alpine}, run: ls}"),
    ("ssh", "{uses: ssh, hosts: [web], run: uptime}"),
    ("scp", "{uses: scp, hosts: [web], with: {files: ['a:b']}}"),
    ("github", "{uses: 'github:owner/repo@v1'}"),
    ("gh", "{uses: 'gh:owner/repo'}"),
    ("gitlab", "{uses: 'gitlab:owner/repo'}"),
    ("http", "{uses: 'https://example.test/task.yaml'}"),
    ("git", "{uses: 'git@example.test:owner/repo'}"),
    ("jsr", "{uses: 'jsr:@owner/task'}"),
    ("npm", "{uses: 'npm:task'}"),
    ("spell", "{uses: 'spell:name'}"),
    ("file", "{uses: 'file:///tasks/x'}"),
    ("relative", "{uses: ./tasks/x, with: {a: 1}}"),
    ("at", "{uses: '@local'}"),
];

#[test]
fn every_kind_is_listed_and_ends_with_3() {
    for (name, task) in KINDS {
        let castfile = format!(
            "inventory: {{hosts: {{web: {{host: web.test, user: root, tags: [all]}}}}}}\n\
             tasks:\n  {name}: {task}\n  next: echo next\n"
        );
        Test::new()
            .castfile(&castfile)
            .args(["list"])
            .stdout(&format!("{name}\nnext\n"))
            .run();
        let ran = Test::new()
            .castfile(&castfile)
            .args(["run", name, "next"])
            .output();
        assert_eq!(
            (ran.stdout.as_str(), ran.status),
            ("", 3),
            "{name}: {}",
            ran.all()
        );
        assert!(
            ran.stderr.contains("not supported yet"),
            "{name}: {}",
            ran.all()
        );
        assert!(
            ran.stderr.contains("next (skipped"),
            "{name}: {}",
            ran.all()
        );
        // Showing the plan is possible.
        let ran = Test::new()
            .castfile(&castfile)
            .args(["run", name, "--dry-run"])
            .output();
        assert_eq!(ran.status, 0, "{name}: {}", ran.all());
    }
    insta::assert_snapshot!(report("tasks: {t: {uses: docker, with: {image: alpine}, run: ls}}", ["t"]), @r#"
    ---- stderr

    t (failed)
    error[cast::not-supported]: `uses: docker` is a docker task, which is not supported yet
     --> castfile:1:19
      |
    1 | tasks: {t: {uses: docker, with: {image: alpine}, run: ls}}
      |                   ^^^^^^
      |
      = help: it is parsed and listed; running it comes in a later version
    ---- status 3
    "#);
    insta::assert_snapshot!(report("tasks: {t: {uses: 'github:owner/repo@v1'}}", ["t"]), @r#"
    ---- stderr

    t (failed)
    error[cast::not-supported]: `uses: github:owner/repo@v1` is a remote task, which is not supported yet
     --> castfile:1:19
      |
    1 | tasks: {t: {uses: 'github:owner/repo@v1'}}
      |                   ^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: it is parsed and listed; running it comes in a later version
    ---- status 3
    "#);
}

#[test]
fn a_job_of_another_castfile_is_not_supported() {
    Test::new()
        .castfile("tasks: {t: {uses: cast, with: {dir: ./sub, job: j}}}")
        .file("sub/castfile", "jobs: {j: {steps: []}}")
        .args(["t"])
        .status(3)
        .run();
}

#[test]
fn schedules_and_webhooks_load() {
    Test::new()
        .castfile(
            "
            on: {schedule: {crons: ['0 3 * * *']}, webhooks: {deploy: {secret: x}}}
            jobs: {default: {steps: [t], cron: '@daily', needs: [other]}, other: {steps: [{task: t}]}}
            trusted_sources: [github.com/me]
            defaults: {shell: bash}
            meta: {a: 1}
            inventories: []
            tasks: {t: echo t}
            ",
        )
        .args(["t"])
        .stdout("t\n")
        .run();
}
