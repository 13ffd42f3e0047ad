//! Any bytes as a vault, and any text as what people write about secrets.
#![no_main]

use std::time::SystemTime;

use libfuzzer_sys::fuzz_target;
use vault::{Config, Credentials, Format, KeyPath, Naming, OpenOptions, Secret, Vault};

fuzz_target!(|data: &[u8]| {
    let credentials = Credentials::password(Secret::from("x")).with_key_file(data.to_vec());
    let options = OpenOptions::at(SystemTime::UNIX_EPOCH);
    if let Ok(vault) = Vault::from_bytes(data, "x", credentials, options) {
        vault.entries().for_each(drop);
    }
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    match vault::find_calls(text) {
        Ok(calls) => calls.iter().for_each(|call| {
            assert!(text.get(call.range.clone()).is_some());
        }),
        Err(error) => assert!(text.is_char_boundary(error.at)),
    }
    let _call = vault::parse_call(text);
    let _items = vault::parse_exchange(text, true);
    let _config = Config::parse(text);
    let _key = text.parse::<KeyPath>();
    let _format = text.parse::<Format>();
    if let Ok(name) = Naming::Path.name(text) {
        assert_eq!(Naming::Path.name(name.as_str()), Ok(name));
    }
});
