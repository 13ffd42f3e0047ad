//! `template: gotmpl` and `uses: tmpl`.

use crate::support::Test;

/// What a task prints whose script is a template.
#[track_caller]
fn renders(template: &str, out: &str) {
    let castfile = format!(
        "env: {{NAME: web, QUOTED: \"a'b <c>\"}}\ntasks:\n  t:\n    template: gotmpl\n    uses: node\n    run: |\n      console.log({})\n",
        serde_json::Value::from("@")
            .to_string()
            .replace('@', &template.replace('\\', "\\\\").replace('"', "\\\""))
    );
    let ran = Test::new().castfile(&castfile).args(["t"]).output();
    assert_eq!(
        (ran.stdout.as_str(), ran.status),
        (out, 0),
        "{template}\n{}",
        ran.all()
    );
}

#[test]
fn scripts_are_rendered_once_and_as_text() {
    let castfile = |run: &str| {
        format!(
            "env: {{NAME: web, Q: \"a'b <c> & d\"}}\ntasks:\n  t: {{template: true, run: {run}}}\n"
        )
    };
    for (run, out) in [
        ("'echo {{ .env.NAME }}'", "web\n"),
        ("'echo {{ upper .env.NAME }} {{ .os }}'", "WEB linux\n"),
        ("'echo {{ .env.NAME | upper | quote }}'", "WEB\n"),
        ("'echo {{ default \"d\" .env.NOPE }}'", "d\n"),
        (
            "'{{ if eq .env.NAME \"web\" }}echo yes{{ else }}echo no{{ end }}'",
            "yes\n",
        ),
        ("'{{ range list 1 2 }}echo {{ . }};{{ end }}'", "1\n2\n"),
        // Rendered once: what a value holds is not a template.
        ("'echo ''{{ \"{{ .env.NAME }}\" }}'''", "{{ .env.NAME }}\n"),
    ] {
        Test::new()
            .castfile(&castfile(run))
            .args(["t"])
            .stdout(out)
            .run();
    }
}

/// The original renders with an HTML template: `a'b` comes out as `a&#39;b` (wrong fact W34 of the
/// published labs).
#[test]
fn w34_templates_do_not_escape_html() {
    for template in ["gotmpl", "true", "1"] {
        Test::new()
            .castfile(&format!(
                "
                env: {{Q: \"a'b <c> & d\"}}
                tasks:
                  t:
                    template: {template}
                    run: |
                      cat << 'EOF'
                      {{{{ .env.Q }}}}
                      EOF
                "
            ))
            .args(["t"])
            .stdout("a'b <c> & d\n")
            .run();
    }
    Test::new()
        .castfile("env: {Q: \"a'b <c>\"}\ntasks: {t: {uses: tmpl, with: {files: [x.conf.tmpl]}}}")
        .file("x.conf.tmpl", "q={{ .env.Q }} {{ \"<\" }}\n")
        .args(["t"])
        .run()
        .again()
        .program("cat")
        .args(["x.conf"])
        .stdout("q=a'b <c> <\n")
        .run();
    renders("{{ .env.NAME }}", "web\n");
}

/// The published lab's compose templates carry `{{upstreams 8000}}`, which is meant for another
/// program; the lab's renderer evaluates it to nothing, in 22 of 22 files (W33).
#[test]
fn w33_a_template_for_another_program_is_an_error_and_nothing_is_written() {
    let ran = Test::new()
        .castfile("tasks: {t: {uses: tmpl, with: {files: [fine.tmpl, compose.yaml.tmpl]}}}")
        .file("fine.tmpl", "fine\n")
        .file(
            "compose.yaml.tmpl",
            "
            services:
              web:
                labels:
                  caddy.reverse_proxy: \"{{upstreams 8000}}\"
            ",
        )
        .file("compose.yaml", "old\n")
        .args(["t"])
        .output();
    insta::assert_snapshot!(ran.all(), @r#"
    ---- stderr

    t
    error[castfile::template]: unknown function `upstreams`
     --> compose.yaml.tmpl:4:31
      |
    4 |       caddy.reverse_proxy: "{{upstreams 8000}}"
      |                               ^^^^^^^^^
      |
     ::: castfile:1:51
      |
    1 | tasks: {t: {uses: tmpl, with: {files: [fine.tmpl, compose.yaml.tmpl]}}}
      |                                                   ----------------- rendered for this task
      |
      = help: if this is meant for another program, write it as a literal: `{{ "{{upstreams 8000}}" }}`
    ---- status 1
    "#);
    assert_eq!(ran.read("compose.yaml"), "old\n");
    assert!(!ran.exists("fine"));
}

#[test]
fn template_files_get_variables_and_values() {
    let ran = Test::new()
        .castfile(
            "
            env: {DOMAIN: example.test}
            tasks:
              t:
                uses: tmpl
                cwd: ./sub
                with:
                  files: [a.conf.tmpl, b.tpl:out/b.txt, c.txt]
                  values: values.yaml
            ",
        )
        .file(
            "sub/a.conf.tmpl",
            "host=$DOMAIN {{ .env.DOMAIN }} {{ .data.port }}\n",
        )
        .file("sub/b.tpl", "{{ range .data.names }}- {{ . }}\n{{ end }}")
        .file("sub/c.txt", "{{ .os }}\n")
        .file("sub/values.yaml", "port: 8080\nnames: [x, y]\n")
        .mkdir("sub/out")
        .args(["t"])
        .run();
    assert_eq!(
        ran.read("sub/a.conf"),
        "host=example.test example.test 8080\n"
    );
    assert_eq!(ran.read("sub/out/b.txt"), "- x\n- y\n");
    assert_eq!(ran.read("sub/c.txt.out"), "linux\n");
}

#[test]
fn a_script_that_is_meant_for_another_template_language_needs_no_escape_without_template() {
    Test::new()
        .castfile("tasks: {t: 'echo \"{{.Names}}\"'}")
        .args(["t"])
        .stdout("{{.Names}}\n")
        .run();
}
