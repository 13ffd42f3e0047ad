//! `uses: tmpl` and `template:`.

use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, SystemTime};

use super::{Lab, PLAIN, Setup};

fn mode(lab: &Lab, name: &str) -> u32 {
    let meta = fs_err::metadata(lab.path(name)).unwrap();
    meta.permissions().mode() & 0o777
}

fn set_mode(lab: &Lab, name: &str, mode: u32) {
    fs_err::set_permissions(lab.path(name), std::fs::Permissions::from_mode(mode)).unwrap();
}

fn refused(lab: &Lab, task: &str) -> String {
    let ran = lab.run(&[task]);
    assert_eq!(ran.report.code(), 1, "{:?}", ran.events);
    let text = ran.told("refused ").join("\n");
    text.replace(lab.dir().as_str(), "[DIR]")
}

#[test]
fn variables_are_expanded_and_templates_rendered() {
    let lab = Lab::new(
        "
env: {DOMAIN: lab.example}
tasks:
  all:
    uses: tmpl
    cwd: conf
    with:
      files: [app.conf.tmpl, b.tpl, c.gotmpl, 'd.txt:out/d.conf', plain]
      values: {name: web, ports: [80, 443], deep: {on: true}}
",
    );
    lab.write(
        "conf/app.conf.tmpl",
        "host = $DOMAIN {{ .env.DOMAIN }}\n{{ range .data.ports }}listen {{ . }};\n{{ end }}\
         {{ if .data.deep.on }}'{{ .data.name | upper }}' <{{ .os }}/{{ .arch }}>{{ end }}\n",
    );
    for name in ["b.tpl", "c.gotmpl", "d.txt", "plain"] {
        lab.write(&format!("conf/{name}"), "{{ .data.name }}\n");
    }
    fs_err::create_dir(lab.path("conf/out")).unwrap();
    let ran = lab.run(&["all"]);
    assert!(ran.report.success(), "{:?}", ran.events);
    assert_eq!(
        lab.read("conf/app.conf"),
        "host = lab.example lab.example\nlisten 80;\nlisten 443;\n'WEB' <linux/amd64>\n"
    );
    for name in ["b", "c", "out/d.conf", "plain.out"] {
        assert_eq!(lab.read(&format!("conf/{name}")), "web\n", "{name}");
    }
}

#[test]
fn each_of_the_two_steps_can_be_left_out() {
    let lab = Lab::new(
        "
env: {A: value}
tasks:
  env: {uses: tmpl, with: {files: [a.tmpl], disable-env: true}}
  gotmpl: {uses: tmpl, with: {files: ['a.tmpl:b'], disable-gotmpl: 'true'}}
",
    );
    lab.write("a.tmpl", "$A ${5} {{ .env.A }}\n");
    assert!(lab.run(&["env"]).report.success());
    assert_eq!(lab.read("a"), "$A ${5} value\n");
    lab.write("a.tmpl", "$A {{ .env.A }} $$ \\$\n");
    assert!(lab.run(&["gotmpl"]).report.success());
    assert_eq!(lab.read("b"), "value {{ .env.A }} $ $\n");
}

#[test]
fn values_come_from_files_the_last_one_winning() {
    let lab = Lab::new(
        "
tasks:
  two: {uses: tmpl, with: {files: [a.tmpl], values: [one.yaml, two.yaml]}}
  one: {uses: tmpl, with: {files: a.tmpl, values: one.yaml}}
  missing: {uses: tmpl, with: {files: [a.tmpl], values: [none.yaml]}}
  list: {uses: tmpl, with: {files: [a.tmpl], values: [list.yaml]}}
",
    );
    lab.write("a.tmpl", "{{ .data.a }} {{ .data.b }}");
    lab.write("one.yaml", "a: 1\nb: one\n");
    lab.write("two.yaml", "b: two\n");
    lab.write("list.yaml", "- a\n");
    assert!(lab.run(&["two"]).report.success());
    assert_eq!(lab.read("a"), "1 two");
    assert!(lab.run(&["one"]).report.success());
    assert_eq!(lab.read("a"), "1 one");
    let text = format!("{}\n{}", refused(&lab, "missing"), refused(&lab, "list"));
    insta::assert_snapshot!(text, @r#"
    missing
    [cast::template-files] castfile:5:58: cannot read `none.yaml`: no such file or directory
    list
    [cast::template-files] list.yaml:1:1: a file of values must be a mapping
      castfile:6:55: read for this task
    "#);
}

#[test]
fn nothing_is_written_when_one_file_is_wrong() {
    let lab = Lab::new(
        "
tasks:
  function: {uses: tmpl, with: {files: [good.tmpl, function.tmpl]}}
  syntax: {uses: tmpl, with: {files: [good.tmpl, syntax.tmpl]}}
  missing: {uses: tmpl, with: {files: [good.tmpl, none.tmpl]}}
  price: {uses: tmpl, with: {files: [good.tmpl, price.tmpl]}}
  place: {uses: tmpl, with: {files: [good.tmpl, 'other.tmpl:nowhere/x', 'other.tmpl:dir']}}
  none: {uses: tmpl}
",
    );
    lab.write("good.tmpl", "good\n");
    lab.write("good", "as it was\n");
    lab.write("function.tmpl", "line\n{{ nope 1 }}\n");
    lab.write("syntax.tmpl", "{{ if }}\n");
    lab.write("price.tmpl", "only $5\n");
    lab.write("other.tmpl", "other\n");
    lab.write("dir/x", "");
    let mut text = String::new();
    for name in ["function", "syntax", "missing", "price", "place", "none"] {
        text.push_str(&refused(&lab, name));
        text.push('\n');
        assert_eq!(lab.read("good"), "as it was\n", "{name}");
    }
    // and nothing is left lying about
    let mut names: Vec<_> = fs_err::read_dir(lab.dir())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "castfile",
            "dir",
            "function.tmpl",
            "good",
            "good.tmpl",
            "other.tmpl",
            "price.tmpl",
            "syntax.tmpl"
        ]
    );
    insta::assert_snapshot!(text, @r#"
    function
    [castfile::template] function.tmpl:2:4: unknown function `nope`
      castfile:3:52: rendered for this task
      help: if this is meant for another program, write it as a literal: `{{ "{{ nope 1 }}" }}`
    syntax
    [castfile::template] syntax.tmpl:1:1: expected a value, found the end of the action
      castfile:4:50: rendered for this task
    missing
    [cast::template-files] castfile:5:51: cannot read `none.tmpl`: no such file or directory
    price
    [castfile::expansion] price.tmpl:1:6: `$5` is not supported here
      castfile:6:49: rendered for this task
      help: `disable-env: true` leaves `$` alone
      help: a literal `$` is written `$$`: `$$5`
    place
    [cast::template-files] castfile:7:49: cannot write `nowhere/x`: no such file or directory
    [cast::template-files] castfile:7:73: cannot write `dir`: it is a directory
    none
    [cast::template-files] castfile:8:16: `uses: tmpl` has no files to render
      help: list them: `with: {files: [app.conf.tmpl, in.yaml:out.yaml]}`
    "#);
}

#[test]
fn permissions_are_those_of_the_file_replaced_else_of_the_template() {
    let lab = Lab::new("tasks:\n  a: {uses: tmpl, with: {files: [run.sh.tmpl, key.tmpl]}}\n");
    lab.write("run.sh.tmpl", "#!/bin/sh\n");
    lab.write("key.tmpl", "new\n");
    lab.write("key", "old\n");
    set_mode(&lab, "run.sh.tmpl", 0o755);
    set_mode(&lab, "key.tmpl", 0o644);
    set_mode(&lab, "key", 0o600);
    assert!(lab.run(&["a"]).report.success());
    assert_eq!(mode(&lab, "run.sh"), 0o755);
    assert_eq!(mode(&lab, "key"), 0o600);
    assert_eq!(lab.read("key"), "new\n");
}

#[test]
fn files_are_replaced_in_one_piece_and_links_stay() {
    let lab = Lab::new("tasks:\n  a: {uses: tmpl, with: {files: [a.tmpl, 'a.tmpl:link']}}\n");
    lab.write("a.tmpl", "new\n");
    lab.write("a", "old\n");
    lab.write("real", "old\n");
    fs_err::os::unix::fs::symlink("real", lab.path("link")).unwrap();
    // who reads the old file goes on reading the old file
    let mut old = fs_err::File::open(lab.path("a")).unwrap();
    assert!(lab.run(&["a"]).report.success());
    let mut text = String::new();
    std::io::Read::read_to_string(&mut old, &mut text).unwrap();
    assert_eq!(text, "old\n");
    assert_eq!(lab.read("a"), "new\n");
    assert_eq!(lab.read("real"), "new\n");
    let link = fs_err::symlink_metadata(lab.path("link")).unwrap();
    assert!(link.is_symlink());
}

#[test]
fn a_script_can_be_a_template() {
    let lab = Lab::new(
        "
tasks:
  make: echo 'port=80' >> $CAST_OUTPUTS
  a:
    needs: [make]
    template: true
    cwd: '{{ .env.WHERE }}'
    env: {WHERE: sub, NAME: \"it's\"}
    run: |
      {{- range .args }}
      echo \"{{ . }} {{ $.env.NAME }} {{ $.outputs.make.port }} {{ now | date \"2006\" }}\" >> ../out
      {{- end }}
  bad: {template: gotmpl, run: 'echo {{ nope }}'}
  other: {template: jinja, run: echo}
",
    );
    fs_err::create_dir(lab.path("sub")).unwrap();
    let setup = Setup {
        args: &["x", "y"],
        now: Some(SystemTime::UNIX_EPOCH + Duration::from_secs(10_000_000)),
        ..PLAIN
    };
    assert_eq!(
        lab.out_with(&["a"], setup),
        "x it's 80 1970\ny it's 80 1970\n"
    );
    let text = format!("{}\n{}", refused(&lab, "bad"), refused(&lab, "other"));
    insta::assert_snapshot!(text, @r#"
    bad
    [castfile::template] castfile:13:41: unknown function `nope`
      help: if this is meant for another program, write it as a literal: `{{ "{{ nope }}" }}`
    other
    [castfile::unknown-template] castfile:14:21: no template language is called `jinja`
      fix: write `gotmpl`
    "#);
}
