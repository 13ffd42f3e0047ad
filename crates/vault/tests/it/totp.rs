//! One-time passwords: the test values of RFC 6238 and the settings of all programs.

use vault::{Change, Missing};

use crate::support::{Lab, at};

#[track_caller]
fn code(fields: &[(&str, &str)], time: u64) -> String {
    let lab = Lab::new();
    let mut vault = lab.open();
    let changes = fields
        .iter()
        .map(|(name, value)| Change::field(name, *value))
        .collect();
    vault.edit("x", changes, Missing::Create).unwrap();
    let entry = vault.entry("x").unwrap();
    match entry.totp(at(time)) {
        Ok(code) => code.code.expose().to_owned(),
        Err(error) => error.to_string(),
    }
}

/// `12345678901234567890` and its longer siblings, of the RFC.
const SHA1: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const SHA256: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA";
const SHA512: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA";

#[test]
fn the_values_of_the_rfc() {
    let uri = |key: &str, algorithm: &str| {
        format!("otpauth://totp/x:y?secret={key}&digits=8&period=30&algorithm={algorithm}&issuer=x")
    };
    for (time, sha1, sha256, sha512) in [
        (59, "94287082", "46119246", "90693936"),
        (1_111_111_109, "07081804", "68084774", "25091201"),
        (1_234_567_890, "89005924", "91819424", "93441116"),
        (20_000_000_000, "65353130", "77737706", "47863826"),
    ] {
        assert_eq!(code(&[("otp", &uri(SHA1, "SHA1"))], time), sha1);
        assert_eq!(code(&[("otp", &uri(SHA256, "SHA256"))], time), sha256);
        assert_eq!(code(&[("otp", &uri(SHA512, "SHA512"))], time), sha512);
    }
}

#[test]
fn the_settings_of_all_programs() {
    let spaced = "gezd gnbv gy3t qojq gezd gnbv gy3t qojq";
    assert_eq!(
        code(
            &[("otp", "key=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&step=30&size=8")],
            59
        ),
        "94287082"
    );
    assert_eq!(code(&[("otp", spaced)], 59), "287082");
    assert_eq!(
        code(&[("TOTP Seed", spaced), ("TOTP Settings", "30;8")], 59),
        "94287082"
    );
    assert_eq!(code(&[("TOTP Seed", SHA1)], 59), "287082");
    assert_eq!(
        code(
            &[("TimeOtp-Secret-Base32", SHA1), ("TimeOtp-Length", "8")],
            59
        ),
        "94287082"
    );
    assert_eq!(
        code(&[("TimeOtp-Secret", "12345678901234567890")], 59),
        "287082"
    );
    assert_eq!(
        code(
            &[(
                "TimeOtp-Secret-Hex",
                "3132333435363738393031323334353637383930"
            )],
            59
        ),
        "287082"
    );
    assert_eq!(
        code(
            &[("TimeOtp-Secret-Base64", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=")],
            59
        ),
        "287082"
    );
    let steam = code(
        &[(
            "otp",
            "otpauth://totp/Steam:x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&encoder=steam",
        )],
        59,
    );
    assert!(
        steam.len() == 5
            && steam
                .chars()
                .all(|char| "23456789BCDFGHJKMNPQRTVWXY".contains(char)),
        "{steam}"
    );
}

#[test]
fn wrong_settings_are_told_without_the_key() {
    assert_eq!(code(&[], 0), "`x` has no one-time password");
    for setting in [
        "otpauth://hotp/x?secret=GEZDGNBV",
        "otpauth://totp/x",
        "otpauth://totp/x?secret=hunter2!",
        "otpauth://totp/x?secret=",
        "otpauth://totp/x?secret=GEZDGNBV&digits=99",
        "otpauth://totp/x?secret=GEZDGNBV&period=0",
        "otpauth://totp/x?secret=GEZDGNBV&algorithm=MD5",
    ] {
        let message = code(&[("otp", setting)], 0);
        assert!(
            message.starts_with("the one-time password of `x` cannot be computed"),
            "{setting}: {message}"
        );
        assert!(
            !message.contains("hunter2") && !message.contains("GEZD"),
            "{message}"
        );
    }
}

#[test]
fn the_time_left_is_told() {
    let lab = Lab::new();
    let mut vault = lab.open();
    vault
        .edit("x", vec![Change::field("otp", SHA1)], Missing::Create)
        .unwrap();
    let code = vault.entry("x").unwrap().totp(at(59)).unwrap();
    assert_eq!((code.valid_for.as_secs(), code.period.as_secs()), (1, 30));
    assert_eq!(format!("{:?}", code.code), "***");
}
