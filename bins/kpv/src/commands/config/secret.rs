//! `kpv config secret`: master passwords in the keyring of the system.

use crate::args::KeyringCommand;
use crate::failure::Result;
use crate::session::Session;
use crate::ui::Ui;

#[cfg(not(feature = "keyring"))]
pub(super) fn secret(
    _command: &KeyringCommand,
    _session: &Session<'_>,
    _ui: &mut Ui<'_, '_>,
) -> Result<u8> {
    let message = "this kpv was built without the keyring of the system";
    Err(crate::Failure::new(message).help(
        "keep the master password in a file `<vault>.key` that only you can read, or build with \
         `--features keyring`",
    ))
}

#[cfg(feature = "keyring")]
pub(super) fn secret(
    command: &KeyringCommand,
    session: &Session<'_>,
    ui: &mut Ui<'_, '_>,
) -> Result<u8> {
    use vault::{Keyring as _, Secret, SystemKeyring};

    use crate::args::Source;
    use crate::commands::value;
    use crate::{Failure, exit};

    let service = session
        .config
        .get("service.name")
        .unwrap_or_else(|| "kpv".to_owned());
    let item = |name: &str| Ok::<_, Failure>(format!("kpv:///{}", session.locate(Some(name))?));
    match command {
        KeyringCommand::Get { vault } => {
            let item = item(vault)?;
            let found = SystemKeyring.get(&service, &item).map_err(Failure::new)?;
            let missing = || Failure::new(format!("there is no `{item}` in the keyring"));
            let password = found.ok_or_else(|| missing().code(exit::NOT_FOUND))?;
            ui.secret(&password);
        }
        KeyringCommand::Set {
            vault,
            secret,
            file,
            env,
            stdin,
        } => {
            let source = Source {
                value: secret.clone(),
                file: file.clone(),
                env: env.clone(),
                stdin: *stdin,
            };
            let password = value::of(&source, session, ui)?;
            let password = password.map(|text| Secret::from(text.expose().trim()));
            let password = password
                .filter(|password| !password.is_empty())
                .ok_or_else(|| {
                    Failure::usage("no password is named").help("--stdin, --file or --env names it")
                })?;
            let item = item(vault)?;
            SystemKeyring
                .set(&service, &item, &password)
                .map_err(Failure::new)?;
            ui.ok(format!("{item} kept"));
        }
        KeyringCommand::Rm { vault } => {
            let item = item(vault)?;
            if !SystemKeyring
                .remove(&service, &item)
                .map_err(Failure::new)?
            {
                return Err(Failure::new(format!("there is no `{item}` in the keyring"))
                    .code(exit::NOT_FOUND));
            }
            ui.ok(format!("{item} removed"));
        }
    }
    Ok(exit::DONE)
}
