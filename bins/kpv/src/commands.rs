//! One module a verb.

mod audit;
mod check;
mod completion;
mod config;
mod diff;
mod doctor;
mod ensure;
mod env;
mod exec;
mod export;
mod fields;
mod get;
mod import;
mod init;
mod inject;
mod ls;
mod render;
mod rm;
mod rotate;
mod set;
mod totp;
mod undo;
mod value;

use crate::args::{Command, SecretsCommand, UpkeepCommand};
use crate::exit;
use crate::failure::Result;
use crate::session::Session;
use crate::ui::Ui;

/// Does what was asked for; returns the code to end with.
pub(crate) fn run(command: Command, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    match command {
        Command::Secrets(command) | Command::Under { command } => secrets(command, session, ui),
        Command::Upkeep(command) => upkeep(command, session, ui),
        Command::Config { command } => config::config(&command, session, ui),
        Command::Completion(args) => Ok(completion::completion(&args, ui)),
        Command::Version => {
            ui.io.line(env!("CARGO_PKG_VERSION"));
            Ok(exit::DONE)
        }
    }
}

fn secrets(command: SecretsCommand, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    match command {
        SecretsCommand::Get(args) => get::get(&args, session, ui),
        SecretsCommand::Set(args) => set::set(args, session, ui),
        SecretsCommand::Ensure(args) => ensure::ensure(&args, session, ui),
        SecretsCommand::Ls(args) => ls::ls(&args, session, ui),
        SecretsCommand::Rm(args) => rm::rm(&args, session, ui),
        SecretsCommand::GetString(args) => fields::get(&args, session, ui),
        SecretsCommand::SetString(args) => fields::set(&args, session, ui),
        SecretsCommand::Export(args) => export::export(&args, session, ui),
        SecretsCommand::Import(args) => import::import(&args, session, ui),
        SecretsCommand::Sync(args) => import::sync(&args, session, ui),
    }
}

fn upkeep(command: UpkeepCommand, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    match command {
        UpkeepCommand::Init(args) => init::init(&args, session, ui),
        UpkeepCommand::Env(args) => env::env(&args, session, ui),
        UpkeepCommand::Exec(args) => exec::exec(&args, session, ui),
        UpkeepCommand::Inject(args) => inject::inject(&args, session, ui),
        UpkeepCommand::Render(args) => render::render(&args, session, ui),
        UpkeepCommand::Check(args) => check::check(&args, session, ui),
        UpkeepCommand::Rotate(args) => rotate::rotate(&args, session, ui),
        UpkeepCommand::Undo(args) => undo::undo(&args, session, ui),
        UpkeepCommand::Totp(args) => totp::totp(&args, session, ui),
        UpkeepCommand::Audit(args) => audit::audit(&args, session, ui),
        UpkeepCommand::Diff(args) => diff::diff(&args, session, ui),
        UpkeepCommand::Doctor(args) => doctor::doctor(&args, session, ui),
    }
}
