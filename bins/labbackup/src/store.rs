//! The snapshot store that the environment names, as restic's own variables do.

use backup::restic::{Password, Restic, Settings};
use backup::store::SecretSource as _;

use crate::exit;
use crate::secrets::Vaults;
use crate::world::World;

/// How the names of variables begin with which restic reaches a store.
const KEYS: [&str; 8] = [
    "AWS_", "AZURE_", "B2_", "GOOGLE_", "OS_", "RCLONE_", "RESTIC_", "ST_",
];

/// Those that restic gets in another way.
const OURS: [&str; 4] = [
    "RESTIC_PASSWORD",
    "RESTIC_PASSWORD_FILE",
    "RESTIC_REPOSITORY",
    "RESTIC_REPOSITORY_FILE",
];

/// The repository of `RESTIC_REPOSITORY` or `RESTIC_REPOSITORY_FILE`; `None` without either. An error
/// is the exit code, after it was shown.
pub(crate) async fn open(world: &mut World<'_, '_>) -> Option<Result<Restic, u8>> {
    let named = match world.vaults.secret("RESTIC_REPOSITORY") {
        Ok(named) => named,
        Err(why) => {
            world.wrong(&format!("`RESTIC_REPOSITORY` cannot be had: {why}"), None);
            return Some(Err(exit::FAILED));
        }
    };
    let repository = match (named, world.variable("RESTIC_REPOSITORY_FILE")) {
        (Some(repository), _) => repository.reveal().to_owned(),
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
    }
    settings.env = world.env.clone();
    // What names a secret goes to restic as what it names, if restic has to do with it, or not at all.
    let references = world.env.iter();
    for (name, _) in references.filter(|(_, value)| Vaults::is_reference(value)) {
        settings.env.remove(name);
        if KEYS.iter().any(|start| name.starts_with(start)) && !OURS.contains(&name.as_str()) {
            settings.keys.insert(name.clone(), name.clone());
        }
    }
    settings.lock_wait = std::time::Duration::from_secs(600);
    Some(match Restic::open(settings, &world.vaults).await {
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
