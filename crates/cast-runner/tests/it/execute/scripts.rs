//! Where a script comes from and what runs it.

use super::{Lab, PLAIN, Setup};
use crate::support::available;

#[test]
fn with_script_takes_the_place_of_run() {
    let lab = Lab::new(
        "
tasks:
  a: {uses: bash, with: {script: scripts/a.sh}, run: echo never >> out}
  b: {cwd: scripts, with: {script: a.sh}}
",
    );
    lab.write("scripts/a.sh", "echo \"a $1\" >> \"$CAST_DIR/out\"\n");
    let args = Setup {
        args: &["x"],
        ..PLAIN
    };
    assert_eq!(lab.out_with(&["a", "b"], args), "a x\na x\n");
}

#[test]
fn the_default_runner_comes_from_config_then_from_the_environment() {
    if !available("python3", true) {
        return;
    }
    let python = "open('out', 'a').write('python\\n')";
    let mut lab = Lab::new(&format!(
        "tasks:\n  a: \"{}\"\n",
        python.replace('\\', "\\\\")
    ));
    assert_eq!(lab.run(&["a"]).events.len(), 2);
    lab.set("CAST_DEFAULT_SHELL", "python");
    assert_eq!(lab.out(&["a"]), "python\n");

    lab.write(
        "castfile",
        "config: {shell: bash}\ntasks:\n  a: '[[ x == x ]] && echo bash >> out'\n",
    );
    assert_eq!(lab.out(&["a"]), "python\nbash\n");
}

#[test]
fn the_mini_shell_is_an_option() {
    let lab = Lab::new(
        "
config: {shell_mode: cast}
tasks:
  a: {env: {NAME: 'a; touch b'}, run: 'touch $NAME'}
  b: {uses: xplat, run: 'touch $1 ${NOPE:-default}'}
",
    );
    let args = Setup {
        args: &["arg"],
        ..PLAIN
    };
    let _out = lab.out_with(&["a", "b"], args);
    // a value never becomes a command
    for name in ["a; touch b", "arg", "default"] {
        assert!(lab.path(name).exists(), "{name}");
    }
    assert!(!lab.path("b").exists());
}
