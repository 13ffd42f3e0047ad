//! The example program does what it says.

use super::Lab;
use crate::support::{block_on, strings};

#[expect(
    dead_code,
    reason = "an example has a `main`, which is not called here"
)]
#[path = "../../../examples/run_task.rs"]
mod run_task;

#[test]
fn runs_tasks_of_a_castfile_above() {
    let lab = Lab::new(
        "tasks:\n  up: {needs: [net], run: 'echo up >> out; exit 3'}\n  net: echo net >> out\n  skip: {if: 'false', run: echo}\n",
    );
    lab.write("deep/er/file", "");
    let mut shown = Vec::new();
    let dir = lab.path("deep/er");
    let path = std::env::var("PATH").unwrap();
    let process = [("PATH".to_owned(), path)].into_iter().collect();
    let names = strings(&["skip", "up"]);
    let code = block_on(run_task::run(&dir, process, &names, &mut shown)).unwrap();
    assert_eq!(code, 3);
    assert_eq!(lab.read("out"), "net\nup\n");
    assert_eq!(
        String::from_utf8(shown).unwrap(),
        "skip: skipped\nnet: running\nup: running\nup: failed with exit code 3\n"
    );
}
