//! sprig's functions with random results.

use super::{Arguments, Context, Function, Outcome, function};
use rand::Rng as _;

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const DIGITS: &[u8] = b"0123456789";

pub(super) const FUNCTIONS: &[Function] = &[
    function("randAlphaNum", 1, 1, |context, arguments| {
        from_set(context, arguments, &[LETTERS, DIGITS].concat())
    }),
    function("randAlpha", 1, 1, |context, arguments| {
        from_set(context, arguments, LETTERS)
    }),
    function("randNumeric", 1, 1, |context, arguments| {
        from_set(context, arguments, DIGITS)
    }),
    function("randAscii", 1, 1, |context, arguments| {
        from_set(context, arguments, &(b' '..=b'~').collect::<Vec<_>>())
    }),
    function("randInt", 2, 2, |_, mut arguments| {
        let (least, below) = (arguments.int()?, arguments.int()?);
        if least >= below {
            return arguments.bad_input(format!("nothing lies from {least} to below {below}"));
        }
        Ok(rand::rng().random_range(least..below).into())
    }),
    function("uuidv4", 0, 0, |_, _| Ok(uuid(rand::rng().random()).into())),
];

/// Text of the wanted length. The generator is the operating system's or seeded by it, and fit for
/// passwords.
fn from_set(context: &mut Context<'_>, mut arguments: Arguments, set: &[u8]) -> Outcome {
    let count = arguments.count()?;
    context.charge(count.saturating_mul(8))?;
    let mut random = rand::rng();
    let text = (0..count).map(|_| char::from(set[random.random_range(0..set.len())]));
    Ok(text.collect::<String>().into())
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
