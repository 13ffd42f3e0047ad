//! One key derivation of a new vault and nothing else: what `benches/vault` measures `kpv` by. The
//! first argument is how many passes of Argon2id over 64 MiB it makes; as many as usual without. It
//! has the allocator that `kpv` has: where 64 MiB come from is a part of what they cost.

use std::time::SystemTime;

use vault::{Credentials, Kdf, OpenOptions, Secret, Settings, Vault};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut kdf = Kdf::recommended();
    if let (Kdf::Argon2 { iterations, .. }, Some(passes)) = (&mut kdf, std::env::args().nth(1)) {
        *iterations = passes.parse()?;
    }
    let credentials = Credentials::password(Secret::from("benchmark"));
    let options = OpenOptions::at(SystemTime::now());
    // not there before, and not there afterwards: it is not saved
    Vault::create(
        "bare-kdf.kdbx",
        credentials,
        Settings::new("bench").kdf(kdf),
        options,
    )?;
    Ok(())
}
