//! What a task sees: variables, facts about its module, its directory.

use super::{Lab, PLAIN, Setup};

#[test]
fn a_task_has_its_own_layers_over_the_shared_ones() {
    let lab = Lab::new(
        "
env: {A: project, B: project, D: '$(echo sub)'}
tasks:
  one:
    dotenv: [one.env, '?none.env']
    env: {B: 'task $A', C: '$FROM_FILE'}
    run: echo \"$A|$B|$C|$D\" >> out
  two: echo \"$A|$B|${C-unset}|${FROM_FILE-unset}\" >> out
",
    );
    lab.write("one.env", "FROM_FILE='file'\n");
    assert_eq!(
        lab.out(&["one", "two"]),
        "project|task project|file|sub\nproject|project|unset|unset\n"
    );
}

#[test]
fn a_task_of_a_module_knows_its_module_and_runs_in_the_project() {
    let lab =
        Lab::new("imports: [docker]\ntasks:\n  own: echo \"${CAST_MODULE_NAME-none}\" >> out\n");
    lab.write(
        ".cast/modules/docker/castfile",
        "
name: Docker
version: 1.2.0
tasks:
  up: 'echo \"$CAST_MODULE_NAME|$CAST_MODULE_VERSION|$CAST_MODULE_DIR|$CAST_PARENT_DIR|$CAST_DIR|$PWD\" >> out'
",
    );
    let dir = lab.dir();
    let module = lab.path(".cast/modules/docker");
    assert_eq!(
        lab.out(&["up", "own"]),
        format!("Docker|1.2.0|{module}|{dir}|{module}|{dir}\nnone\n")
    );
}

#[test]
fn cwd_is_expanded_and_relative_to_the_project() {
    let lab = Lab::new(
        "
tasks:
  here: 'pwd >> out'
  there: {cwd: './$WHERE/b', env: {WHERE: a}, run: 'pwd >> ../../out; cat file >> ../../out'}
",
    );
    lab.write("a/b/file", "found\n");
    let dir = lab.dir().canonicalize_utf8().unwrap();
    assert_eq!(
        lab.out(&["here", "there"]),
        format!("{dir}\n{dir}/a/b\nfound\n")
    );
}

#[test]
fn programs_are_found_in_the_paths_of_the_castfile() {
    let lab = Lab::new("paths: [./tools]\ntasks:\n  a: my-tool out\n");
    lab.write("tools/my-tool", "#!/bin/sh\necho tool >> \"$1\"\n");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs_err::set_permissions(lab.path("tools/my-tool"), mode).unwrap();
    assert_eq!(lab.out(&["a"]), "tool\n");
}

#[test]
fn the_context_is_visible() {
    let lab = Lab::new("tasks:\n  a: echo \"$CAST_CONTEXT $OS\" >> out\n");
    let prod = Setup {
        context: "prod",
        ..PLAIN
    };
    assert_eq!(lab.out_with(&["a"], prod), "prod linux\n");
}

#[test]
fn substitution_can_be_switched_off() {
    let lab = Lab::new(
        "
config: {substitution: false}
tasks:
  a: {env: {A: '$(echo sub)'}, run: 'echo \"$A\" >> out'}
  b: {uses: xplat, run: 'touch $(echo'}
  c: {uses: xplat, run: 'touch $(echo sub)'}
",
    );
    assert_eq!(lab.out(&["a"]), "$(echo sub)\n");
    let _ran = lab.run(&["c"]);
    assert!(!lab.path("sub").exists());
}
