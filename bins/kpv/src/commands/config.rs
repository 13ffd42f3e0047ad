//! `kpv config`: settings, short names of vaults, passwords in the keyring.

mod secret;

use common::replace::{Access, replace};
use vault::{Config, ConfigError};

use crate::args::{AliasCommand, ConfigCommand};
use crate::exit;
use crate::failure::{Failure, Result};
use crate::session::{Session, read_config};
use crate::ui::Ui;

pub(crate) fn config(
    command: &ConfigCommand,
    session: &Session<'_>,
    ui: &mut Ui<'_, '_>,
) -> Result<u8> {
    match command {
        ConfigCommand::Get { key } => get(key, session, ui),
        ConfigCommand::Set { key, value } => set(key, value, session, ui),
        ConfigCommand::Ls { glob } => list(&session.config.list(), glob.as_deref(), ui),
        ConfigCommand::Rm { key } => rm(key, session, ui),
        ConfigCommand::Aliases { command } => match command {
            AliasCommand::Set { name, path } => set(&format!("aliases.{name}"), path, session, ui),
            AliasCommand::Get { name } => get(&format!("aliases.{name}"), session, ui),
            AliasCommand::Ls { glob } => {
                let all = session.config.list().into_iter();
                let aliases: Vec<_> = all
                    .filter_map(|(key, value)| {
                        Some((key.strip_prefix("aliases.")?.to_owned(), value))
                    })
                    .collect();
                list(&aliases, glob.as_deref(), ui)
            }
            AliasCommand::Rm { name } => rm(&format!("aliases.{name}"), session, ui),
        },
        ConfigCommand::Secret { command } => secret::secret(command, session, ui),
    }
}

fn get(key: &str, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let value = session.config.get(key).ok_or_else(|| no_setting(key))?;
    ui.io.line(value);
    Ok(exit::DONE)
}

fn set(key: &str, value: &str, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let is_empty_part = |part: &str| part.trim().is_empty();
    if key.split('.').any(is_empty_part) {
        return Err(Failure::usage(format!("`{key}` is no setting")));
    }
    change(session, |config| config.set(key, value))?;
    ui.ok(format!("{key} set"));
    Ok(exit::DONE)
}

fn rm(key: &str, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    if session.config.get(key).is_none() {
        return Err(no_setting(key));
    }
    change(session, |config| {
        config.remove(key);
        Ok(())
    })?;
    ui.ok(format!("{key} removed"));
    Ok(exit::DONE)
}

fn list(all: &[(String, String)], glob: Option<&str>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let matcher = glob
        .map(|glob| globset::Glob::new(glob).map(|glob| glob.compile_matcher()))
        .transpose()
        .map_err(|error| Failure::new(error.to_string()))?;
    for (key, value) in all {
        if matcher.as_ref().is_none_or(|matcher| matcher.is_match(key)) {
            ui.io.line(format!("{key}={value}"));
        }
    }
    Ok(exit::DONE)
}

fn no_setting(key: &str) -> Failure {
    Failure::new(format!("there is no setting `{key}`"))
        .help("`kpv config ls` shows all settings")
        .code(exit::NOT_FOUND)
}

/// Changes the configuration as it is now, and writes it whole or not at all.
pub(crate) fn change(
    session: &Session<'_>,
    change: impl FnOnce(&mut Config) -> Result<(), ConfigError>,
) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    let path = &session.places.config;
    let failed = |error: std::io::Error| Failure::new(format!("cannot write `{path}`: {error}"));
    let mut config = read_config(&session.places)?;
    change(&mut config)?;
    let dir = path.parent().unwrap_or(path);
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(failed)?;
    replace(path, config.to_json().as_bytes(), Access::Owner).map_err(failed)?;
    Ok(())
}
