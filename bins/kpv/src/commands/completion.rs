//! `kpv completion`: scripts for shells.

use clap::CommandFactory as _;

use crate::args::{Cli, CompletionArgs};
use crate::exit;
use crate::ui::Ui;

/// Prints the script for a shell.
pub(crate) fn completion(args: &CompletionArgs, ui: &mut Ui<'_, '_>) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "kpv", &mut script);
    ui.io.data(script);
    exit::DONE
}
