//! `cast config` and `cast context`: entries of the castfile's `config`.

use castfile::Castfile;
use common::exit;
use common::replace::{Access, replace};
use yaml_tree::Source;

use crate::args::{ConfigCommand, ContextCommand};
use crate::invocation::Invocation;
use crate::ui::Ui;

/// `cast config set|get|rm`.
pub(crate) fn config(
    invocation: &Invocation<'_>,
    command: &ConfigCommand,
    ui: &mut Ui<'_, '_>,
) -> u8 {
    let castfile = match invocation.select() {
        Ok(selected) => selected.loader.castfile(&selected.castfile),
        Err(error) => Err(error),
    };
    let castfile = match castfile {
        Ok(castfile) => castfile,
        Err(error) => return ui.fail(&error),
    };
    match command {
        ConfigCommand::Get { key } => match castfile.config_value(key) {
            Some(value) => {
                ui.io.line(value);
                exit::DONE
            }
            None => missing(&castfile, key, ui),
        },
        ConfigCommand::Set { key, value } => {
            write(&castfile, &castfile.with_config(key, value), ui)
        }
        ConfigCommand::Rm { key } => match castfile.without_config(key) {
            Some(text) => write(&castfile, &text, ui),
            None => missing(&castfile, key, ui),
        },
    }
}

/// `cast context use|get|rm`: the same on the entry `context`.
pub(crate) fn context(
    invocation: &Invocation<'_>,
    command: &ContextCommand,
    ui: &mut Ui<'_, '_>,
) -> u8 {
    let key = "context".to_owned();
    let command = match command {
        ContextCommand::Use { name } => ConfigCommand::Set {
            key,
            value: name.clone(),
        },
        ContextCommand::Get => ConfigCommand::Get { key },
        ContextCommand::Rm => ConfigCommand::Rm { key },
    };
    config(invocation, &command, ui)
}

fn missing(castfile: &Castfile, key: &str, ui: &mut Ui<'_, '_>) -> u8 {
    let entries = castfile.config.iter().flat_map(|config| &config.values);
    let known: Vec<_> = entries
        .map(|(name, _)| format!("`{}`", name.value))
        .collect();
    let help = match (key, known.is_empty()) {
        ("context", _) => {
            "tasks run in the context `default`; `cast context use NAME` sets another".to_owned()
        }
        (_, true) => "the castfile sets nothing under `config`".to_owned(),
        (_, false) => format!("the castfile sets {}", known.join(", ")),
    };
    ui.error(
        "cast::no-config",
        format!("config key not found: {key}"),
        &[&help],
    );
    exit::FAILED
}

/// Writes the new text, if it still reads as a castfile, in one step.
fn write(castfile: &Castfile, text: &str, ui: &mut Ui<'_, '_>) -> u8 {
    let source = Source::new(castfile.source.name(), text);
    let parsed = castfile::parse(&source, castfile.path.clone());
    if parsed.has_errors() {
        ui.findings(&parsed.diagnostics);
        ui.error(
            "cast::config-edit",
            "this would break the castfile; nothing was changed",
            &[],
        );
        return exit::FAILED;
    }
    match replace(&castfile.path, text.as_bytes(), Access::AsBefore) {
        Ok(_) => exit::DONE,
        Err(error) => {
            let reason = match error.kind() {
                std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
                _ => error.to_string(),
            };
            let name = castfile.source.name();
            ui.error(
                "cast::config-edit",
                format!("cannot write `{name}`: {reason}; nothing was changed"),
                &["its directory must be writable too: the new file is moved into place"],
            );
            exit::FAILED
        }
    }
}
