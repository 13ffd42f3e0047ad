//! `kpv init`: a new vault.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;

use camino::{Utf8Path, Utf8PathBuf};
use vault::{
    Credentials, GenerateError, Kdf, KdfVariant, OsRandom, Rules, SaveOptions, Secret, Settings,
    Vault,
};

use super::config;
use crate::args::{InitArgs, KdfName};
use crate::exit;
use crate::failure::{Failure, Result};
use crate::session::Session;
use crate::ui::Ui;

/// Where the master password of a new vault comes from.
enum Master {
    /// Somebody named or typed it.
    Given(Credentials),
    /// It was made here.
    Made(Secret),
}

/// Makes a vault. Without a master password it makes one, prints it, and keeps it in a file that
/// only the user can read.
pub(crate) fn init(args: &InitArgs, session: &Session<'_>, ui: &mut Ui<'_, '_>) -> Result<u8> {
    let path = place(args, session)?;
    if path.exists() {
        return Err(vault::Error::Exists { path }.into());
    }
    let kdf = kdf(args)?;
    let master = match given(session, &path, ui)? {
        Some(credentials) => Master::Given(credentials),
        None => Master::Made(generate()?),
    };
    let keeps = match master {
        Master::Made(_) => !args.no_store,
        Master::Given(_) => args.store,
    };
    let key_file = keeps.then(|| key_file(session, &path));
    if let Some(file) = key_file.as_ref().filter(|file| file.exists()) {
        return Err(Failure::new(format!(
            "`{file}` exists already, and a stored password is never overwritten"
        ))
        .help("give the vault another name, move that file away, or use --no-store"));
    }
    let (credentials, password) = match &master {
        Master::Made(password) => (
            Credentials::password(password.clone()),
            Some(password.clone()),
        ),
        Master::Given(credentials) => (
            credentials.clone(),
            session.global.password.as_deref().map(Secret::from),
        ),
    };
    if keeps && password.is_none() {
        return Err(Failure::usage(
            "only a password that is made here, or given by --password, can be stored",
        ));
    }
    create(&path, credentials, kdf, session)?;
    if let (Some(file), Some(password)) = (&key_file, &password) {
        keep(file, password)?;
        ui.note(format!("the master password is kept in `{file}`"));
    }
    if args.global {
        let name = path.file_stem().unwrap_or("default").to_owned();
        config::change(session, |config| {
            config.set(&format!("aliases.{name}"), path.as_str())
        })?;
    }
    ui.ok(format!("{path} created"));
    if let Master::Made(password) = &master {
        ui.io.data(password.expose());
        ui.io.data("\n");
        if !keeps {
            ui.warn("this is the only copy of the master password: without it the vault is lost");
        }
    }
    Ok(exit::DONE)
}

/// Opens the vault that the options name; makes it if it is not there and that is wanted.
pub(crate) fn open_or_create(
    create_it: bool,
    session: &Session<'_>,
    ui: &mut Ui<'_, '_>,
) -> Result<Vault> {
    let path = session.path()?;
    if path.exists() {
        return session.open_at(&path, ui);
    }
    if !create_it {
        return Err(Failure::from(vault::Error::NoVault { path }).help("or add --create"));
    }
    if let Some(credentials) = given(session, &path, ui)? {
        return create(&path, credentials, Kdf::recommended(), session);
    }
    let file = key_file(session, &path);
    let password = generate()?;
    keep(&file, &password)?;
    ui.note(format!(
        "`{path}` is new; its master password is kept in `{file}`"
    ));
    create(
        &path,
        Credentials::password(password),
        Kdf::recommended(),
        session,
    )
}

fn create(
    path: &Utf8Path,
    credentials: Credentials,
    kdf: Kdf,
    session: &Session<'_>,
) -> Result<Vault> {
    let failed = |error: std::io::Error| Failure::new(error.to_string());
    if let Some(dir) = path.parent() {
        make_private_dir(dir).map_err(failed)?;
    }
    let name = path.file_stem().unwrap_or("vault");
    let settings = Settings::new(name).kdf(kdf);
    let mut vault = Vault::create(path, credentials, settings, session.options())?;
    vault.save(&SaveOptions::default())?;
    Ok(vault)
}

/// The file of the new vault.
fn place(args: &InitArgs, session: &Session<'_>) -> Result<Utf8PathBuf> {
    if args.url.is_some() && session.global.vault.is_some() {
        return Err(Failure::usage(
            "`--url` and `--vault` both say where the vault is",
        ));
    }
    if args.global {
        let name = session.global.vault.as_deref().unwrap_or("default");
        if name.contains(['/', '\\', ':']) || args.url.is_some() {
            return Err(Failure::usage("`--global` takes a simple name, not a path"));
        }
        let file = name.strip_suffix(".kdbx").unwrap_or(name);
        return Ok(session.places.data.join(format!("{file}.kdbx")));
    }
    match &args.url {
        Some(url) => session.locate(Some(url)),
        None => session.path(),
    }
}

/// What was named as the master password, and nothing that happens to be lying about.
fn given(
    session: &Session<'_>,
    path: &Utf8Path,
    ui: &mut Ui<'_, '_>,
) -> Result<Option<Credentials>> {
    let unlock = session.stored(path, &session.given(), ui)?;
    Ok(unlock
        .filter(|unlock| {
            !matches!(
                unlock.origin,
                vault::Origin::StoredFile(_) | vault::Origin::Keyring(_)
            )
        })
        .map(|unlock| unlock.credentials))
}

fn generate() -> Result<Secret, GenerateError> {
    Rules::default().size(32).generate(&mut OsRandom)
}

fn kdf(args: &InitArgs) -> Result<Kdf> {
    let mut kdf = match args.kdf {
        KdfName::Argon2id => Kdf::recommended(),
        KdfName::Argon2d => match Kdf::recommended() {
            Kdf::Argon2 {
                memory,
                iterations,
                parallelism,
                ..
            } => Kdf::Argon2 {
                variant: KdfVariant::D,
                memory,
                iterations,
                parallelism,
            },
            other => other,
        },
        KdfName::Aes => Kdf::Aes { rounds: 60_000_000 },
    };
    match &mut kdf {
        Kdf::Argon2 {
            memory,
            iterations,
            parallelism,
            ..
        } => {
            if let Some(mib) = args.kdf_memory {
                *memory = mib.saturating_mul(1 << 20);
            }
            *iterations = args.kdf_iterations.unwrap_or(*iterations);
            *parallelism = args.kdf_parallelism.unwrap_or(*parallelism);
            if *memory == 0 || *iterations == 0 || *parallelism == 0 {
                return Err(Failure::usage(
                    "memory, passes and lanes of a key derivation are at least 1",
                ));
            }
        }
        Kdf::Aes { rounds } => {
            *rounds = args.kdf_iterations.unwrap_or(*rounds);
            if *rounds == 0 {
                return Err(Failure::usage("a key derivation has at least 1 round"));
            }
        }
        _ => {}
    }
    Ok(kdf)
}

/// Where the master password of a vault is kept, as in the Go kpv.
fn key_file(session: &Session<'_>, path: &Utf8Path) -> Utf8PathBuf {
    let stem = path.file_stem().unwrap_or("vault");
    session.places.data.join(format!("{stem}.key"))
}

/// Writes a stored password, and never over one that is there.
fn keep(file: &Utf8Path, password: &Secret) -> Result<()> {
    let failed = |error: std::io::Error| Failure::new(format!("cannot write `{file}`: {error}"));
    if let Some(dir) = file.parent() {
        make_private_dir(dir).map_err(failed)?;
    }
    let mut options = std::fs::OpenOptions::new();
    let mut open = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .map_err(failed)?;
    open.write_all(password.expose().as_bytes())
        .map_err(failed)?;
    open.sync_all().map_err(failed)
}

fn make_private_dir(dir: &Utf8Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
}
