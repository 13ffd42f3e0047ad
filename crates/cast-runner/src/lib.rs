//! Executes what a castfile plans: shells and script runners, process groups, timeouts, signals.

mod account;
mod commands;
mod diagnostics;
mod error;
mod execute;
mod process;
mod program;
mod runners;
mod secrets;

pub use account::{home_of, is_root};
pub use commands::Commands;
pub use error::Error;
pub use execute::{Event, Observer, Report, Run, SkipReason, StepOutcome, StepReport, execute};
pub use process::{
    Control, Line, Options, Outcome, Output, Status, Stdin, Stream, Vars, raw_vars, run,
    run_pipeline, run_substitution, signal_name,
};
pub use program::find_program;
pub use runners::{Invocation, Runner, Script, Uses, prepare, run_xplat};
