//! sprig's functions with random results.

use super::count;
use go_template::{Data, Meter, Outcome, Own, Param};
use rand::Rng as _;

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const DIGITS: &[u8] = b"0123456789";
const OTHERS: &[u8] = b" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

pub(super) fn add(own: &mut Vec<Own<'_>>) {
    for (name, sets) in [
        ("randAlphaNum", [LETTERS, DIGITS].as_slice()),
        ("randAlpha", &[LETTERS]),
        ("randNumeric", &[DIGITS]),
        ("randAscii", &[LETTERS, DIGITS, OTHERS]),
    ] {
        own.push(Own::new(name, &[Param::Int], move |meter, a| {
            from_set(meter, count(&a[0])?, &sets.concat())
        }));
    }
    own.push(Own::new("randInt", &[Param::Int, Param::Int], |_, a| {
        let (least, below) = (a[0].as_int(), a[1].as_int());
        if least >= below {
            return Err(format!("nothing lies from {least} to below {below}").into());
        }
        Ok(Data::Int(rand::rng().random_range(least..below)))
    }));
    own.push(Own::new("uuidv4", &[], |_, _| {
        Ok(Data::Text(uuid(rand::rng().random())))
    }));
}

/// Text of the wanted length. The generator is the operating system's or seeded by it, and fit for
/// passwords.
fn from_set(meter: &mut Meter, count: usize, set: &[u8]) -> Outcome {
    meter.charge(count.saturating_mul(8))?;
    let mut random = rand::rng();
    let text = (0..count).map(|_| char::from(set[random.random_range(0..set.len())]));
    Ok(Data::Text(text.collect()))
}

/// A version 4 identifier of these random bits.
fn uuid(bits: u128) -> String {
    let bits = bits & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}
