//! One key derivation of a new vault and nothing else: what `benches/vault` measures `kpv` by.

use std::time::SystemTime;

use vault::{Credentials, OpenOptions, Secret, Settings, Vault};

fn main() -> Result<(), vault::Error> {
    let credentials = Credentials::password(Secret::from("benchmark"));
    let options = OpenOptions::at(SystemTime::now());
    // not there before, and not there afterwards: it is not saved
    Vault::create(
        "bare-kdf.kdbx",
        credentials,
        Settings::new("bench"),
        options,
    )?;
    Ok(())
}
