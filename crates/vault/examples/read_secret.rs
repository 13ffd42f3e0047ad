//! Reads one secret of a vault: `read_secret FILE KEY`, with the password in `KPV_PASSWORD`.

use std::error::Error;
use std::time::SystemTime;

use camino::Utf8Path;
use vault::{Credentials, OpenOptions, Secret, Vault};

#[cfg_attr(test, expect(dead_code, reason = "the tests call what it calls"))]
#[expect(clippy::print_stdout, reason = "that is what it is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(file), Some(key)) = (args.next(), args.next()) else {
        return Err("usage: read_secret FILE KEY".into());
    };
    let password = std::env::var("KPV_PASSWORD")?;
    println!("{}", read(Utf8Path::new(&file), &password, &key)?.expose());
    Ok(())
}

/// The secret of a key.
pub(crate) fn read(file: &Utf8Path, password: &str, key: &str) -> Result<Secret, vault::Error> {
    let credentials = Credentials::password(Secret::from(password));
    let vault = Vault::open(file, credentials, OpenOptions::at(SystemTime::now()))?;
    vault.get(key)
}
