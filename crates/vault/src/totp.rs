//! One-time passwords.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use totp_rs::{Algorithm, Builder, Secret as Key, Totp};

use crate::entry::{fields, unix};
use crate::{Entry, Secret};

/// A one-time password.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OneTimePassword {
    /// The digits (for Steam, characters).
    pub code: Secret,
    /// How long it is valid from now on.
    pub valid_for: Duration,
    /// How long one is valid at all.
    pub period: Duration,
}

/// Why an entry gives no one-time password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TotpError {
    /// It has no such setting.
    #[error("`{key}` has no one-time password")]
    None {
        /// The entry.
        key: String,
    },
    /// The setting is wrong.
    #[error("the one-time password of `{key}` cannot be computed: {what}")]
    Invalid {
        /// The entry.
        key: String,
        /// What is wrong; never the key itself.
        what: &'static str,
    },
}

/// What a setting says.
struct Setup {
    key: Key,
    digits: u8,
    period: u64,
    algorithm: Algorithm,
}

impl Setup {
    fn new(key: Key) -> Self {
        Self {
            key,
            digits: 6,
            period: 30,
            algorithm: Algorithm::SHA1,
        }
    }
}

impl Entry {
    /// The one-time password at a time, by the rules of RFC 6238.
    ///
    /// Understood are the settings of KeePassXC (field `otp` with an `otpauth:` address, Steam
    /// included, or the older `key=…&step=…&size=…`), of KeePass 2 (fields `TimeOtp-…`) and of the
    /// plug-ins before them (`TOTP Seed`, `TOTP Settings`).
    ///
    /// # Errors
    /// [`TotpError::None`], [`TotpError::Invalid`].
    pub fn totp(&self, now: SystemTime) -> Result<OneTimePassword, TotpError> {
        let key = || self.key().to_string();
        let invalid = |what| TotpError::Invalid { key: key(), what };
        let setup = self.setup().map_err(invalid)?;
        let setup = setup.ok_or_else(|| TotpError::None { key: key() })?;
        let period = setup.period;
        let totp: Totp = Builder::new()
            .with_algorithm(setup.algorithm)
            .with_digits(setup.digits)
            .with_step_duration(period)
            .with_secret(setup.key)
            .build_noncompliant();
        let now = u64::try_from(unix(now)).unwrap_or_default();
        Ok(OneTimePassword {
            code: Secret::from(totp.generate(now).to_string()),
            valid_for: Duration::from_secs(period - now % period),
            period: Duration::from_secs(period),
        })
    }

    fn setup(&self) -> Result<Option<Setup>, &'static str> {
        let text = |name: &str| {
            let field = self.field(name).map(|field| field.value.expose().trim());
            field.filter(|text| !text.is_empty())
        };
        if let Some(setting) = text(fields::OTP) {
            return setting_of(setting).map(Some);
        }
        if let Some(seed) = text("TOTP Seed") {
            let mut setup = Setup::new(base32(seed)?);
            let settings = text("TOTP Settings").unwrap_or("30;6");
            let mut parts = settings.split(';').map(str::trim);
            setup.period = period(parts.next().unwrap_or("30"))?;
            match parts.next() {
                Some("S") => steam(&mut setup),
                Some(count) => setup.digits = digits(count)?,
                None => {}
            }
            return Ok(Some(setup));
        }
        let key = match (
            text("TimeOtp-Secret-Base32"),
            text("TimeOtp-Secret-Hex"),
            text("TimeOtp-Secret-Base64"),
            text("TimeOtp-Secret"),
        ) {
            (Some(key), ..) => base32(key)?,
            (_, Some(key), ..) => Key::from(hex(key).ok_or("its key is not hexadecimal")?),
            (_, _, Some(key), _) => {
                Key::from(STANDARD.decode(key).map_err(|_| "its key is not base64")?)
            }
            (_, _, _, Some(key)) => Key::from(key.as_bytes().to_vec()),
            _ => return Ok(None),
        };
        let mut setup = Setup::new(key);
        setup.digits = text("TimeOtp-Length").map_or(Ok(6), digits)?;
        setup.period = text("TimeOtp-Period").map_or(Ok(30), period)?;
        setup.algorithm = text("TimeOtp-Algorithm").map_or(Ok(Algorithm::SHA1), algorithm)?;
        Ok(Some(setup))
    }
}

/// An `otpauth:` address, or the older list of `key=`, `step=` and `size=`.
fn setting_of(setting: &str) -> Result<Setup, &'static str> {
    let query = match setting.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("otpauth") => {
            if !rest.to_ascii_lowercase().starts_with("totp/") {
                return Err("it is not one by time");
            }
            rest.split_once('?').ok_or("its address has no key")?.1
        }
        _ if setting.contains("key=") => setting,
        // a bare key, as some programs write it
        _ => return base32(setting).map(Setup::new),
    };
    let query = query.split('#').next().unwrap_or_default();
    let pairs = || query.split('&').filter_map(|pair| pair.split_once('='));
    let value = |names: [&str; 2]| {
        let found = pairs().find(|pair| names.iter().any(|name| name.eq_ignore_ascii_case(pair.0)));
        found.map(|pair| percent_decoded(pair.1))
    };
    let key = value(["secret", "key"]).ok_or("its address has no key")?;
    let mut setup = Setup::new(base32(key.expose())?);
    if let Some(count) = value(["digits", "size"]) {
        setup.digits = digits(count.expose())?;
    }
    if let Some(seconds) = value(["period", "step"]) {
        setup.period = period(seconds.expose())?;
    }
    if let Some(name) = value(["algorithm", "otpHashMode"]) {
        setup.algorithm = algorithm(name.expose())?;
    }
    if value(["encoder", "encoder"]).is_some_and(|name| name.expose().eq_ignore_ascii_case("steam"))
    {
        steam(&mut setup);
    }
    Ok(setup)
}

fn steam(setup: &mut Setup) {
    setup.algorithm = Algorithm::Steam;
    setup.digits = 5;
}

fn base32(text: &str) -> Result<Key, &'static str> {
    let clean: String = text
        .chars()
        .filter(|char| !matches!(char, ' ' | '-' | '='))
        .collect();
    let clean = Secret::from(clean.to_ascii_uppercase());
    let key = Key::try_from_base32(clean.expose()).map_err(|_| "its key is not base32")?;
    if clean.is_empty() {
        return Err("its key is empty");
    }
    Ok(key)
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
        return None;
    };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let bytes = pairs
        .iter()
        .map(|[high, low]| u8::try_from(digit(*high)? << 4 | digit(*low)?).ok());
    bytes.collect()
}

fn digits(text: &str) -> Result<u8, &'static str> {
    let count = text.parse().ok().filter(|count| (4..=10).contains(count));
    count.ok_or("it cannot have so many digits")
}

fn period(text: &str) -> Result<u64, &'static str> {
    let seconds = text
        .parse()
        .ok()
        .filter(|seconds| (1..=86_400).contains(seconds));
    seconds.ok_or("its period is not a number of seconds")
}

fn algorithm(text: &str) -> Result<Algorithm, &'static str> {
    let name = text
        .to_ascii_lowercase()
        .replace("hmac", "")
        .replace('-', "");
    match name.as_str() {
        "sha1" => Ok(Algorithm::SHA1),
        "sha256" => Ok(Algorithm::SHA256),
        "sha512" => Ok(Algorithm::SHA512),
        _ => Err("its algorithm is not known"),
    }
}

fn percent_decoded(text: &str) -> Secret {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escape = after.get(..2).filter(|_| *first == b'%');
        let byte = escape.and_then(|digits| hex(std::str::from_utf8(digits).ok()?));
        match byte.as_deref() {
            Some([byte]) => {
                bytes.push(*byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    Secret::from_utf8(bytes).unwrap_or_default()
}
