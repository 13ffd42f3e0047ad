//! The snapshot store that the environment names, as restic's own variables do.

use std::collections::BTreeMap;

use backup::restic::{Password, Restic, Settings};
use backup::store::Secret;

use crate::exit;
use crate::world::World;

/// The repository of `RESTIC_REPOSITORY` or `RESTIC_REPOSITORY_FILE`; `None` without either. An error
/// is the exit code, after it was shown.
pub(crate) async fn open(world: &mut World<'_, '_>) -> Option<Result<Restic, u8>> {
    let repository = match (
        world.variable("RESTIC_REPOSITORY"),
        world.variable("RESTIC_REPOSITORY_FILE"),
    ) {
        (Some(repository), _) => repository.to_owned(),
        (None, Some(file)) => match fs_err::read_to_string(world.dir.join(file)) {
            Ok(text) => text.trim().to_owned(),
            Err(error) => {
                world.wrong(&error.to_string(), None);
                return Some(Err(exit::FAILED));
            }
        },
        (None, None) => return None,
    };
    let mut settings = Settings::new(repository);
    if let Some(file) = world.variable("RESTIC_PASSWORD_FILE") {
        settings.password = Password::File(world.dir.join(file).into());
    } else if let Some(password) = world.variable("RESTIC_PASSWORD") {
        settings.password = Password::Known(Secret::new(password));
    }
    settings.env = world.env.clone();
    settings.lock_wait = std::time::Duration::from_secs(600);
    let none: BTreeMap<String, Secret> = BTreeMap::new();
    Some(match Restic::open(settings, &none).await {
        Ok(restic) => Ok(restic),
        Err(error) => {
            world.wrong(&error.to_string(), error.help().as_deref());
            Err(exit::FAILED)
        }
    })
}

/// The name that snapshots of this machine have.
pub(crate) fn host(world: &World<'_, '_>) -> String {
    if let Some(host) = world.variable("RESTIC_HOST") {
        return host.to_owned();
    }
    let name = fs_err::read_to_string("/etc/hostname").unwrap_or_default();
    match name.trim() {
        "" => "homelab".to_owned(),
        name => name.to_owned(),
    }
}
