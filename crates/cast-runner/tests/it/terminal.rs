//! The terminal: lent to what runs, taken back, job control.

use std::process::Command;

use crate::helper;
use crate::support::{Place, available};

/// Runs scripts on a terminal; see `terminal.py` for `shell` and `steps`.
fn check(shell: &str, scripts: &[&str], steps: &[&str]) {
    if !available("python3", true) {
        return;
    }
    let place = Place::new();
    let helper = helper::command(scripts, &place.cwd().to_path_buf());
    let mut command = Command::new("python3");
    command.args(["-c", include_str!("terminal.py"), shell, &steps.join("\n")]);
    command.arg(helper.get_program()).args(helper.get_args());
    for (name, value) in helper.get_envs() {
        command.env(name, value.unwrap());
    }
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
}

const READ: &str = "echo ready; read -r line; echo \"got <$line>\"";

#[test]
fn a_program_reads_from_the_terminal() {
    check(
        "fg",
        &[READ],
        &[
            "< ready",
            "> hello\\n",
            "< got <hello>",
            "< ENDED Exited(0) None None",
            "< SHELL exited 0",
        ],
    );
}

#[test]
fn a_pipeline_in_the_script_reads_from_the_terminal() {
    check(
        "fg",
        &["echo ready; head -n 1 | tr a-z A-Z"],
        &["< ready", "> hello\\n", "< HELLO"],
    );
}

#[test]
fn ctrl_c_ends_the_program_and_is_told() {
    // what has read from the terminal owns it
    check(
        "fg",
        &["read -r _; echo ready; sleep 600"],
        &[
            "> go\\n",
            "< ready",
            "> \\x03",
            "< ENDED Signaled(2) Some(2) None",
            "< SHELL exited 0",
        ],
    );
    // as an exit code
    check(
        "fg",
        &["read -r _; trap 'exit 130' INT; echo ready; while :; do sleep 0.02 || :; done"],
        &[
            "> go\\n",
            "< ready",
            "> \\x03",
            "< ENDED Exited(130) Some(2) None",
        ],
    );
    // a program that lives with it was not interrupted
    check(
        "fg",
        &["read -r _; trap 'touch again' INT; echo ready
           until [ -e again ]; do sleep 0.02 || :; done; exit 3"],
        &[
            "> go\\n",
            "< ready",
            "> \\x03",
            "< ENDED Exited(3) None None",
        ],
    );
}

#[test]
fn the_modes_are_put_back_after_a_violent_end() {
    check(
        "fg",
        &["stty -echo; echo ready; sleep 600"],
        &[
            "< ready",
            "> \\x03",
            "< ENDED Signaled(2)",
            "< SHELL exited 0 echo True",
        ],
    );
    // what a program changes on purpose stays
    check(
        "fg",
        &["stty -echo"],
        &["< ENDED Exited(0)", "< SHELL exited 0 echo False"],
    );
}

#[test]
fn ctrl_z_stops_the_job_and_fg_continues_it() {
    check(
        "fg",
        &["read -r _; echo ready; read -r line; echo \"got <$line>\""],
        &[
            "> go\\n",
            "< ready",
            "> \\x1a",
            "< SHELL stopped 20",
            "> fg\\n",
            "> hello\\n",
            "< got <hello>",
            "< ENDED Exited(0) None None",
            "< SHELL exited 0",
        ],
    );
}

#[test]
fn a_background_job_that_reads_stops() {
    check(
        "bg",
        &[READ],
        &[
            "< ready",
            "< SHELL stopped 21",
            "> fg\\n",
            "> hello\\n",
            "< got <hello>",
            "< ENDED Exited(0) None None",
        ],
    );
}

#[test]
fn where_no_shell_could_continue_it_ctrl_z_does_nothing() {
    check(
        "none",
        &["read -r _; echo ready; read -r line; echo \"got <$line>\""],
        &[
            "> go\\n",
            "< ready",
            "> \\x1a",
            "> hello\\n",
            "< got <hello>",
            "< ENDED Exited(0)",
        ],
    );
}

#[test]
fn programs_running_together_get_the_terminal_in_turn() {
    let ask = "read -r line < /dev/tty; echo \"got <$line>\"";
    check(
        "fg",
        &[ask, ask],
        &[
            "> one\\n",
            "< got <one>",
            "> two\\n",
            "< got <two>",
            "< ENDED Exited(0) None None",
            "< SHELL exited 0",
        ],
    );
}

#[test]
fn ctrl_c_reaches_programs_without_the_terminal() {
    let wait = "trap 'exit 9' INT; echo ready; while :; do sleep 0.02 || :; done";
    check(
        "fg",
        &[wait, wait],
        &[
            "< ready",
            "< ready",
            "> \\x03",
            "< ENDED Exited(9) Some(2) Some(2)",
            "< ENDED Exited(9) Some(2) Some(2)",
            "< SHELL exited 0",
        ],
    );
}
