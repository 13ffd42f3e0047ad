//! Where sprig 3.3 and the libraries it is used with differ from 3.2.

use sha2::Digest as _;

use super::coding::hex;
use super::words::{Camel, camel};
use super::{Function, takes};
use crate::Data;
use crate::options::Param::Text;

/// Functions that are new or do something else.
pub(super) const FUNCTIONS: &[Function] = &[
    takes(&["camelcase"], &[Text], |_, a| {
        Ok(Data::Text(camel(a[0].as_text(), Camel::Upper)))
    }),
    takes(&["sha512sum"], &[Text], |_, a| {
        Ok(hex(&sha2::Sha512::digest(a[0].as_text().as_bytes())))
    }),
];

/// Cuts off decimals where a text is taken for a whole number: `1.5` counts as 1, not as no number.
pub(crate) fn cut_decimals(name: &str, arguments: &mut [Data]) {
    let first = match name {
        "int" | "int64" | "add1" | "add" | "sub" | "div" | "mod" | "mul" | "max" | "biggest"
        | "min" => 0,
        "slice" | "mustSlice" => 1,
        _ => return,
    };
    for argument in arguments.iter_mut().skip(first) {
        if let Data::Text(text) = argument
            && let Some(whole) = whole_part(text)
        {
            *argument = Data::from(whole);
        }
    }
}

/// What stands before the point of a decimal number; zero if nothing does.
fn whole_part(text: &str) -> Option<&str> {
    let (whole, decimals) = text.split_once('.')?;
    let digits = whole.strip_prefix(['-', '+']).unwrap_or(whole);
    let is_decimal = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (is_decimal(digits) && is_decimal(decimals)).then_some(if digits.is_empty() {
        "0"
    } else {
        whole
    })
}
