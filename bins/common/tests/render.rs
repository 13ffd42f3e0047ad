//! What people see of findings.

use common::Renderer;
use insta::assert_snapshot;
use yaml_tree::{Diagnostic, Options, Source, Span, parse_one};

fn plain(found: &Diagnostic) -> String {
    Renderer::new(false).render(found)
}

/// The place of `part` in `source`.
fn find(source: &Source, part: &str) -> Span {
    let at = source.text().find(part).unwrap_or_default();
    source.span(at, at + part.len())
}

/// The first finding of the YAML parser.
fn yaml(text: &str) -> String {
    let source = Source::new("compose/web/castfile", text);
    let parsed = parse_one(&source, &Options::default());
    parsed.diagnostics.first().map(plain).unwrap_or_default()
}

#[test]
fn two_places_and_a_fix() {
    let text = "name: web\ntasks:\n\n\n  build:\n    run: make\n\n\n  up:\n    needs: [biuld]\n";
    let source = Source::new("compose/web/castfile", text);
    let wrong = find(&source, "biuld");
    let found = Diagnostic::error(
        "castfile::unknown-task",
        "task `up` needs `biuld`, which is not defined",
    )
    .primary(
        wrong.clone(),
        "no task of this name in this file or its imports",
    )
    .secondary(
        find(&source, "build"),
        "a task with a similar name is defined here",
    )
    .fix("did you mean `build`?", wrong, "build");
    assert_snapshot!(plain(&found), @"
    error[castfile::unknown-task]: task `up` needs `biuld`, which is not defined
      --> compose/web/castfile:10:13
       |
     5 |   build:
       |   ----- a task with a similar name is defined here
    ...
    10 |     needs: [biuld]
       |             ^^^^^ no task of this name in this file or its imports
       |
    help: did you mean `build`?
       |
    10 -     needs: [biuld]
    10 +     needs: [build]
       |
    ");
}

#[test]
fn several_files() {
    let module = Source::new(
        ".cast/modules/docker/castfile",
        "tasks:\n  up:\n    uses: dokcer\n",
    );
    let root = Source::new("castfile", "modules:\n  - docker\n");
    let found = Diagnostic::warning("castfile::unknown-runner", "unknown runner `dokcer`")
        .primary(find(&module, "dokcer"), "not a runner")
        .secondary(find(&root, "docker"), "imported here")
        .help("known runners are `bash`, `docker` and `ssh`")
        .help("see `cast help runners`");
    assert_snapshot!(plain(&found), @"
    warning[castfile::unknown-runner]: unknown runner `dokcer`
     --> .cast/modules/docker/castfile:3:11
      |
    3 |     uses: dokcer
      |           ^^^^^^ not a runner
      |
     ::: castfile:2:5
      |
    2 |   - docker
      |     ------ imported here
      |
      = help: known runners are `bash`, `docker` and `ssh`
      = help: see `cast help runners`
    ");
}

#[test]
fn tabs_wide_characters_and_line_breaks() {
    assert_snapshot!(yaml("a:\n\tb: 1\n"), @"
    error[yaml::syntax]: a tab is used for indentation
     --> compose/web/castfile:2:1
      |
    2 |     b: 1
      | ^^^^ tab
      |
      = help: indent with spaces
    ");
    assert_snapshot!(yaml("名前: 値\nü: '漢字' x\n"), @"
    error[yaml::syntax]: unexpected text after the closing quote
     --> compose/web/castfile:2:9
      |
    2 | ü: '漢字' x
      |           ^ the quoted text ends before this
      |
      = help: between single quotes, write a single quote twice: `''`
    ");
    assert_snapshot!(yaml("a: 1\r\nb: 2\r\na: 3\r\n"), @"
    error[yaml::duplicate-key]: key `a` is defined twice in one mapping
     --> compose/web/castfile:3:1
      |
    1 | a: 1
      | - first defined here
    2 | b: 2
    3 | a: 3
      | ^ defined again here
      |
      = help: remove or rename one of the two
    ");
    assert_snapshot!(yaml("\u{feff}a: 1\na: 2\n"), @"
    error[yaml::duplicate-key]: key `a` is defined twice in one mapping
     --> compose/web/castfile:2:1
      |
    1 | ﻿a: 1
      | - first defined here
    2 | a: 2
      | ^ defined again here
      |
      = help: remove or rename one of the two
    ");
    assert_snapshot!(yaml("a: \u{7}x\n"), @r#"
    error[yaml::control-character]: control character U+0007 is not allowed in YAML
     --> compose/web/castfile:1:4
      |
    1 | a: ␇x
      |    ^
      |
      = help: remove it, or write it as `\x07` in double quotes
    "#);
}

#[test]
fn ends_and_empty_places() {
    assert_snapshot!(yaml("a: [1,\n  2\n"), @"
    error[yaml::syntax]: the closing `]` is missing
     --> compose/web/castfile:1:4
      |
    1 | a: [1,
      |    ^ this `[` is never closed
    ");
    let source = Source::new("empty", "");
    let found =
        Diagnostic::note("x::empty", "the file is empty").primary(source.start(), "nothing here");
    assert_snapshot!(plain(&found), @"
    note[x::empty]: the file is empty
     --> empty:1:1
      |
    1 |
      | ^ nothing here
    ");
    let source = Source::new("castfile", "tasks:\n  up:\n");
    let end = source.span(source.text().len(), source.text().len());
    let found = Diagnostic::error("x::end", "unexpected end").primary(end, "");
    assert_snapshot!(plain(&found), @"
    error[x::end]: unexpected end
     --> castfile:3:1
      |
    3 |
      | ^
    ");
}

#[test]
fn a_place_of_several_lines() {
    let source = Source::new("castfile", "a: |\n  one\n  two\n  three\nb: x\n");
    let found = Diagnostic::error("x::script", "script fails")
        .primary(find(&source, "|\n  one\n  two\n  three"), "this script");
    assert_snapshot!(plain(&found), @"
    error[x::script]: script fails
     --> castfile:1:4
      |
    1 |   a: |
      |  ____^
    2 | |   one
    3 | |   two
    4 | |   three
      | |_______^ this script
    ");
}

#[test]
fn without_a_place() {
    let found = Diagnostic::error("cast::no-castfile", "no castfile in `/srv` or above it")
        .help("`cast self init` writes one");
    assert_snapshot!(plain(&found), @"
    error[cast::no-castfile]: no castfile in `/srv` or above it
    help: `cast self init` writes one
    ");
    assert_snapshot!(plain(&Diagnostic::note("x::y", "all is well")), @"note[x::y]: all is well");
}

/// A source with `length` characters before and after the wrong word, and a finding with a fix.
fn long_line(length: usize) -> (Source, Diagnostic) {
    let (before, after) = ("x".repeat(length), "y".repeat(length));
    let source = Source::new("t", format!("a: 1\nkey: {before}@here{after}\n"));
    let wrong = find(&source, "@here");
    let found = Diagnostic::error("x::long", "wrong")
        .primary(wrong.clone(), "this")
        .fix("use the other one", wrong, "@there");
    (source, found)
}

#[test]
fn long_lines_are_cut() {
    let (source, found) = long_line(5_000);
    let shown = plain(&found);
    assert!(shown.lines().all(|line| line.len() < 160), "{shown}");
    let shown = shown.replace("xxxxxxxxxx", "").replace("yyyyyyyyyy", "");
    assert_snapshot!(shown, @"
    error[x::long]: wrong
     --> t:2:5006
      |
    2 | ...@hereyyyyy...
      |                                                                ^^^^^ this
      |
    help: use the other one
    ");
    let two = found.secondary(find(&source, "a: 1"), "that");
    assert!(plain(&two).lines().all(|line| line.len() < 160));
}

#[test]
fn lines_without_end_are_not_shown() {
    let (source, found) = long_line(300_000);
    assert_snapshot!(plain(&found), @"
    error[x::long]: wrong
    --> t:2:300006
     = note: this
    help: use the other one
    ");
    let two = found.secondary(find(&source, "a: 1"), "that");
    assert!(plain(&two).lines().all(|line| line.len() < 160));
}

#[test]
fn places_far_apart() {
    let text = format!("first: 1\n{}last: 2\n", "# line\n".repeat(10_000));
    let source = Source::new("t", text);
    let found = Diagnostic::error("x::far", "wrong")
        .primary(find(&source, "last"), "this")
        .secondary(find(&source, "first"), "that");
    assert_snapshot!(plain(&found), @"
    error[x::far]: wrong
         --> t:10002:1
          |
        1 | first: 1
          | ----- that
    ...
    10002 | last: 2
          | ^^^^ this
    ");
}

#[test]
fn colours_are_on_demand() {
    let source = Source::new("t", "a: 1\n");
    let found = Diagnostic::error("x::y", "wrong").primary(find(&source, "1"), "this");
    assert!(!plain(&found).contains('\u{1b}'));
    assert!(Renderer::new(true).render(&found).contains("\u{1b}["));
    // What a file says is never obeyed by the terminal.
    let source = Source::new("t", "a: \u{1b}[31mred\n");
    let found = Diagnostic::error("x::y", "wrong").primary(find(&source, "red"), "this");
    assert!(!plain(&found).contains('\u{1b}'));
}
