//! From the options to an open vault.

use std::cell::RefCell;
use std::io;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use vault::{
    Config, Credentials, Given, OpenOptions, Origin, Places, SaveOptions, Secret, SecretFiles,
    Sources, Unlock, Vault, locate,
};

use crate::args::Global;
use crate::exit;
use crate::failure::{Failure, Result};
use crate::keyring;
use crate::ui::Ui;
use crate::world::World;

/// What commands work with: the world, the options, and what follows from them.
pub(crate) struct Session<'w> {
    pub(crate) world: &'w World,
    pub(crate) global: &'w Global,
    pub(crate) places: Places,
    pub(crate) config: Config,
}

impl<'w> Session<'w> {
    pub(crate) fn new(world: &'w World, global: &'w Global) -> Result<Self> {
        let places = world.places()?;
        let config = read_config(&places)?;
        Ok(Self {
            world,
            global,
            places,
            config,
        })
    }

    /// The file of the vault that the options name.
    pub(crate) fn path(&self) -> Result<Utf8PathBuf> {
        self.locate(self.global.vault.as_deref().or(self.world.var("KPV_VAULT")))
    }

    /// The file of a vault.
    pub(crate) fn locate(&self, name: Option<&str>) -> Result<Utf8PathBuf> {
        Ok(locate(name, &self.places, &self.config, &|path| {
            path.exists()
        })?)
    }

    /// What the options say about the master password.
    pub(crate) fn given(&self) -> Given {
        let mut given = Given::default();
        let password = self.global.password.as_deref();
        given.password.clone_from(&password.map(Secret::from));
        given.password_file.clone_from(&self.global.password_file);
        given.os_secret.clone_from(&self.global.os_secret);
        given.key_file.clone_from(&self.global.key_file_kdbx);
        given
    }

    /// Opens the vault that the options name.
    pub(crate) fn open(&self, ui: &mut Ui<'_, '_>) -> Result<Vault> {
        self.open_at(&self.path()?, ui)
    }

    /// Opens the vault in a file.
    pub(crate) fn open_at(&self, path: &Utf8Path, ui: &mut Ui<'_, '_>) -> Result<Vault> {
        self.open_as(path, path, &self.given(), ui)
    }

    /// Opens the vault in a file with what unlocks another one, or itself.
    pub(crate) fn open_as(
        &self,
        path: &Utf8Path,
        known_as: &Utf8Path,
        given: &Given,
        ui: &mut Ui<'_, '_>,
    ) -> Result<Vault> {
        must_exist(path)?;
        let credentials = self.credentials(known_as, given, ui)?;
        Ok(Vault::open(path, credentials, self.options())?)
    }

    pub(crate) fn options(&self) -> OpenOptions {
        OpenOptions::at(self.world.now)
    }

    /// What unlocks a vault, by whatever was named, found, or typed.
    fn credentials(
        &self,
        path: &Utf8Path,
        given: &Given,
        ui: &mut Ui<'_, '_>,
    ) -> Result<Credentials> {
        let found = self.stored(path, given, ui)?;
        if let Some(unlock) = found {
            for warning in &unlock.warnings {
                ui.warn(warning);
            }
            if unlock.origin == Origin::Argument {
                ui.warn(
                    "the master password is on the command line, where every process on this \
                     machine can see it: use KPV_PASSWORD, or a file with -F",
                );
            }
            return Ok(unlock.credentials);
        }
        if !self.world.is_interactive {
            return Err(no_password(path));
        }
        ui.io.flush();
        let typed = rpassword::prompt_password(format!("Master password of {path}: "))
            .map_err(|error| Failure::new(format!("cannot read the master password: {error}")))?;
        Ok(Credentials::password(Secret::from(typed)))
    }

    /// What unlocks a vault without anybody being asked.
    pub(crate) fn stored(
        &self,
        path: &Utf8Path,
        given: &Given,
        ui: &mut Ui<'_, '_>,
    ) -> Result<Option<Unlock>> {
        let files = Disk::with_input(ui);
        unlock(self.world, &self.places, &self.config, &files, given, path)
    }

    pub(crate) fn save_options(&self) -> SaveOptions {
        match self.global.wait {
            Some(seconds) => SaveOptions::default().wait(Duration::from_secs(seconds)),
            None => SaveOptions::default(),
        }
    }

    /// Writes the vault, and says so if its kind is another one now.
    pub(crate) fn save(&self, vault: &mut Vault, ui: &mut Ui<'_, '_>) -> Result<()> {
        let saved = vault.save(&self.save_options())?;
        if let Some(version) = saved.upgraded_from {
            ui.note(format!(
                "`{}` was {version} and is {} now; `{}.bak` is the file before",
                vault.path(),
                vault.version(),
                vault.path()
            ));
        }
        Ok(())
    }
}

/// What unlocks the vault at `path`; `None` when there is nothing and one may ask.
pub(crate) fn unlock(
    world: &World,
    places: &Places,
    config: &Config,
    files: &dyn SecretFiles,
    given: &Given,
    path: &Utf8Path,
) -> Result<Option<Unlock>> {
    let is_given = given.password.is_some() || given.password_file.is_some();
    if !is_given {
        refuse_empty_variables(world)?;
    }
    let env = |name: &str| world.env.get(name).cloned();
    let keyring = keyring::system();
    let sources = Sources {
        env: &env,
        files,
        keyring: &*keyring,
        places,
        config,
    };
    Ok(sources.resolve(given, path)?)
}

/// A variable that is there and has nothing in it is how a build service passes a secret that is
/// not set. That should be said, not turn into a wrong password or a question.
fn refuse_empty_variables(world: &World) -> Result<()> {
    let names = ["KPV_PASSWORD", "KPV_MASTER_PASSWORD", "KPV_PASSWORD_FILE"];
    if names.iter().any(|name| world.var(name).is_some()) {
        return Ok(());
    }
    match names.into_iter().find(|name| world.env.contains_key(*name)) {
        Some(name) => Err(Failure::new(format!("`{name}` is set, but it is empty"))
            .help("give it the master password, or unset it")
            .code(exit::LOCKED_OUT)),
        None => Ok(()),
    }
}

pub(crate) fn no_password(path: &Utf8Path) -> Failure {
    Failure::new(format!("there is no master password for `{path}`"))
        .help("set KPV_PASSWORD, or name a file that has it: -F FILE, or KPV_PASSWORD_FILE")
        .code(exit::LOCKED_OUT)
}

/// Says that there is no vault before anybody is asked for its password.
pub(crate) fn must_exist(path: &Utf8Path) -> Result<()> {
    if path.exists() {
        return Ok(());
    }
    let path = path.to_owned();
    Err(vault::Error::NoVault { path }.into())
}

pub(crate) fn read_config(places: &Places) -> Result<Config> {
    let text = match fs_err::read_to_string(&places.config) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Failure::new(error.to_string())),
    };
    Config::parse(&text).map_err(|error| Failure::new(format!("`{}`: {error}", places.config)))
}

/// The files of this machine.
pub(crate) struct Disk<'d, 'w>(Option<RefCell<&'d mut common::Io<'w>>>);

impl<'d, 'w> Disk<'d, 'w> {
    fn with_input(ui: &'d mut Ui<'_, 'w>) -> Self {
        Self(Some(RefCell::new(&mut *ui.io)))
    }
}

impl Disk<'_, '_> {
    /// Without standard input, which is somebody else's.
    pub(crate) const WITHOUT_INPUT: Self = Self(None);
}

impl SecretFiles for Disk<'_, '_> {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn read_stdin(&self) -> io::Result<Vec<u8>> {
        match &self.0 {
            Some(io) => io.borrow_mut().read_input(),
            None => Err(io::Error::new(
                io::ErrorKind::Unsupported,
                "standard input is not for it here",
            )),
        }
    }
}
