//! What unlocks a vault: a password, a key file, or both.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quick_xml::Reader;
use quick_xml::events::Event;
use zeroize::Zeroizing;

use super::{Fault, Result, sha256};
use crate::Secret;

/// What unlocks a vault.
///
/// ```
/// use vault::{Credentials, Secret};
/// let password = Credentials::password(Secret::from("open sesame"));
/// let both = password.with_key_file(b"any bytes will do".to_vec());
/// assert!(both.has_key_file());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    password: Option<Secret>,
    /// In base64, so that it is kept like any other secret.
    key_file: Option<KeyFile>,
}

#[derive(Clone)]
struct KeyFile(Zeroizing<Vec<u8>>);

impl std::fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl Credentials {
    /// A password alone.
    #[must_use]
    pub fn password(password: Secret) -> Self {
        Self {
            password: Some(password),
            key_file: None,
        }
    }

    /// A key file alone; its content.
    #[must_use]
    pub fn key_file(content: Vec<u8>) -> Self {
        Self::default().with_key_file(content)
    }

    /// Adds the content of a key file: XML of version 1 or 2, 32 bytes, 64 hexadecimal digits, or
    /// any other file, whose checksum is the key.
    #[must_use]
    pub fn with_key_file(mut self, content: Vec<u8>) -> Self {
        self.key_file = Some(KeyFile(Zeroizing::new(content)));
        self
    }

    /// Whether a key file takes part.
    pub fn has_key_file(&self) -> bool {
        self.key_file.is_some()
    }

    /// Whether a password takes part.
    pub fn has_password(&self) -> bool {
        self.password.is_some()
    }

    /// The key of 32 bytes which the key derivation starts from.
    pub(super) fn composite(&self) -> Result<Zeroizing<[u8; 32]>> {
        let mut parts = Vec::new();
        if let Some(password) = &self.password {
            parts.push(Zeroizing::new(sha256(&[password.expose().as_bytes()])));
        }
        if let Some(KeyFile(content)) = &self.key_file {
            parts.push(key_of_file(content)?);
        }
        let parts: Vec<_> = parts.iter().map(|part| part.as_slice()).collect();
        Ok(Zeroizing::new(sha256(&parts)))
    }
}

fn key_of_file(content: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
    if let Some(key) = xml(content)? {
        return Ok(key);
    }
    if let Ok(raw) = content.try_into() {
        return Ok(Zeroizing::new(raw));
    }
    if content.len() == 64
        && let Some(key) = hex(content)
        && let Ok(key) = key.as_slice().try_into()
    {
        return Ok(Zeroizing::new(key));
    }
    Ok(Zeroizing::new(sha256(&[content])))
}

/// The key in a key file of KeePass in XML; `None` when it is no such file.
fn xml(content: &[u8]) -> Result<Option<Zeroizing<[u8; 32]>>> {
    let Ok(text) = std::str::from_utf8(content) else {
        return Ok(None);
    };
    let text = text.trim_start_matches('\u{feff}');
    if !text.trim_start().starts_with('<') {
        return Ok(None);
    }
    let mut reader = Reader::from_str(text);
    let mut path = Vec::new();
    let (mut version, mut data, mut hash) = (String::new(), None, None);
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                path.push(start.name().as_ref().to_owned());
                if path == ["KeyFile", "Key", "Data"] {
                    data = Some(Zeroizing::new(String::new()));
                    let attribute = start.try_get_attribute("Hash").ok().flatten();
                    hash = attribute.map(|found| found.value.to_string());
                }
            }
            Ok(Event::End(_)) => drop(path.pop()),
            Ok(Event::Text(text)) => match path.as_slice() {
                [a, b, c] if [a, b, c] == ["KeyFile", "Meta", "Version"] => {
                    version.push_str(text.as_ref());
                }
                [a, b, c] if [a, b, c] == ["KeyFile", "Key", "Data"] => {
                    if let Some(data) = &mut data {
                        data.push_str(text.as_ref());
                    }
                }
                _ => {}
            },
            // any other XML is a file like any other
            Err(_) => return Ok(None),
            Ok(Event::Eof) => break,
            Ok(_) => {}
        }
    }
    let Some(data) = data else { return Ok(None) };
    let data: Zeroizing<String> =
        Zeroizing::new(data.chars().filter(|c| !c.is_whitespace()).collect());
    let wrong = Fault::KeyFile("its key is not 32 bytes");
    let key = if version.trim().starts_with('2') {
        hex(data.as_bytes()).ok_or(wrong.clone())?
    } else {
        Zeroizing::new(
            STANDARD
                .decode(data.as_bytes())
                .map_err(|_| wrong.clone())?,
        )
    };
    let key: [u8; 32] = key.as_slice().try_into().map_err(|_| wrong)?;
    let key = Zeroizing::new(key);
    if let Some(hash) = hash
        && hex(hash.trim().as_bytes()).is_none_or(|hash| hash[..] != sha256(&[&key[..]])[..4])
    {
        return Err(Fault::KeyFile("its checksum does not match: it is damaged"));
    }
    Ok(Some(key))
}

fn hex(digits: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let (pairs, []) = digits.as_chunks::<2>() else {
        return None;
    };
    let bytes = pairs.iter().map(|[high, low]| {
        let byte = digit(*high)? << 4 | digit(*low)?;
        u8::try_from(byte).ok()
    });
    bytes.collect::<Option<Vec<u8>>>().map(Zeroizing::new)
}
