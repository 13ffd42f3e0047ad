//! Reads one secret of a vault: `read_secret FILE KEY`, with the password in `KPV_PASSWORD`.

use std::error::Error;
use std::time::SystemTime;

use vault::{Credentials, OpenOptions, Secret, Vault};

#[expect(clippy::print_stdout, reason = "that is what it is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(file), Some(key)) = (args.next(), args.next()) else {
        return Err("usage: read_secret FILE KEY".into());
    };
    let password = Secret::from(std::env::var("KPV_PASSWORD")?);
    let options = OpenOptions::at(SystemTime::now());
    let vault = Vault::open(file, Credentials::password(password), options)?;
    println!("{}", vault.get(&key)?.expose());
    Ok(())
}
