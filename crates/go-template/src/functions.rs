//! The functions of templates: those of sprig, then Go's own.

mod builtin;
mod coding;
mod dicts;
mod json;
mod lists;
mod newer;
mod numbers;
mod patterns;
mod texts;
mod urls;
mod values;
mod words;

use crate::options::{Meter, Outcome, Param, Sprig};
use crate::{Data, Trouble};

pub(crate) use dicts::copy;
pub(crate) use newer::cut_decimals;

/// A function, under all its names.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) names: &'static [&'static str],
    pub(crate) params: &'static [Param],
    /// The type of any more arguments.
    pub(crate) rest: Option<Param>,
    /// Called with arguments of these types only. Nothing for a function that gives something else
    /// each time or everywhere.
    pub(crate) run: Option<fn(&mut Meter, &[Data]) -> Outcome>,
}

const fn takes(
    names: &'static [&'static str],
    params: &'static [Param],
    run: fn(&mut Meter, &[Data]) -> Outcome,
) -> Function {
    Function {
        names,
        params,
        rest: None,
        run: Some(run),
    }
}

const fn takes_more(
    names: &'static [&'static str],
    params: &'static [Param],
    rest: Param,
    run: fn(&mut Meter, &[Data]) -> Outcome,
) -> Function {
    Function {
        names,
        params,
        rest: Some(rest),
        run: Some(run),
    }
}

const fn unforetold(
    names: &'static [&'static str],
    params: &'static [Param],
    rest: Option<Param>,
) -> Function {
    Function {
        names,
        params,
        rest,
        run: None,
    }
}

/// Functions that give something else each time or everywhere: the clock, chance, the environment
/// and the resolver of the machine, and keys made on the spot.
const UNFORETOLD: &[Function] = {
    use Param::{Any, Int, Text};
    &[
        unforetold(&["ago"], &[Any], None),
        unforetold(&["date"], &[Text, Any], None),
        unforetold(&["date_in_zone"], &[Text, Any, Text], None),
        unforetold(&["date_modify"], &[Text, Any], None),
        unforetold(&["dateInZone"], &[Text, Any, Text], None),
        unforetold(&["dateModify"], &[Text, Any], None),
        unforetold(&["htmlDate"], &[Any], None),
        unforetold(&["htmlDateInZone"], &[Any, Text], None),
        unforetold(&["must_date_modify"], &[Text, Any], None),
        unforetold(&["mustDateModify"], &[Text, Any], None),
        unforetold(&["mustToDate"], &[Text, Text], None),
        unforetold(&["now"], &[], None),
        unforetold(&["toDate"], &[Text, Text], None),
        unforetold(&["unixEpoch"], &[Any], None),
        unforetold(&["randAlphaNum"], &[Int], None),
        unforetold(&["randAlpha"], &[Int], None),
        unforetold(&["randAscii"], &[Int], None),
        unforetold(&["randNumeric"], &[Int], None),
        unforetold(&["randBytes"], &[Int], None),
        unforetold(&["randInt"], &[Int, Int], None),
        unforetold(&["shuffle"], &[Text], None),
        unforetold(&["uuidv4"], &[], None),
        unforetold(&["env"], &[Text], None),
        unforetold(&["expandenv"], &[Text], None),
        unforetold(&["getHostByName"], &[Text], None),
        unforetold(&["bcrypt"], &[Text], None),
        unforetold(&["htpasswd"], &[Text, Text], None),
        unforetold(&["genPrivateKey"], &[Text], None),
        unforetold(&["derivePassword"], &[Any, Text, Text, Text, Text], None),
        unforetold(&["buildCustomCert"], &[Text, Text], None),
        unforetold(&["genCA"], &[Text, Int], None),
        unforetold(&["genCAWithKey"], &[Text, Int, Text], None),
        unforetold(&["genSelfSignedCert"], &[Text, Any, Any, Int], None),
        unforetold(
            &["genSelfSignedCertWithKey"],
            &[Text, Any, Any, Int, Text],
            None,
        ),
        unforetold(&["genSignedCert"], &[Text, Any, Any, Int, Any], None),
        unforetold(
            &["genSignedCertWithKey"],
            &[Text, Any, Any, Int, Any, Text],
            None,
        ),
        unforetold(&["encryptAES"], &[Text, Text], None),
        unforetold(&["decryptAES"], &[Text, Text], None),
        // Objects with methods of their own, which nobody was seen to use in a label.
        unforetold(&["semver"], &[Text], None),
        unforetold(&["semverCompare"], &[Text, Text], None),
        unforetold(&["call"], &[Any], Some(Any)),
    ]
};

const TABLES: [&[Function]; 12] = [
    texts::FUNCTIONS,
    words::FUNCTIONS,
    numbers::FUNCTIONS,
    lists::FUNCTIONS,
    dicts::FUNCTIONS,
    values::FUNCTIONS,
    json::FUNCTIONS,
    patterns::FUNCTIONS,
    coding::FUNCTIONS,
    urls::FUNCTIONS,
    builtin::FUNCTIONS,
    UNFORETOLD,
];

/// All functions there are with a release of sprig; of two of the same name the first counts.
pub(crate) fn all(sprig: Sprig) -> impl Iterator<Item = &'static Function> {
    let newer = match sprig {
        Sprig::V3_2 => [].as_slice(),
        Sprig::V3_3 => newer::FUNCTIONS,
    };
    newer.iter().chain(TABLES.into_iter().flatten())
}

/// The function of that name, and the name.
pub(crate) fn find(name: &str, sprig: Sprig) -> Option<(&'static str, &'static Function)> {
    all(sprig).find_map(|function| {
        let name = function.names.iter().find(|its| **its == name)?;
        Some((*name, function))
    })
}

/// The function that says what is wrong where the one of that name is silent.
pub(crate) fn strict(name: &str) -> Option<&'static Function> {
    let strict = match name {
        "fromJson" => "mustFromJson",
        "regexMatch" => "mustRegexMatch",
        _ => return None,
    };
    find(strict, Sprig::V3_2).map(|(_, function)| function)
}

/// A text that was cut somewhere.
fn whole(bytes: &[u8]) -> Outcome {
    let text = String::from_utf8(bytes.to_vec());
    text.map(Data::Text)
        .map_err(|_| Trouble::from("a character is cut in two, which no text can hold"))
}

/// A repetition, as far as it makes sense.
fn repeated(meter: &mut Meter, text: &str, count: i64) -> Result<String, Trouble> {
    let Ok(count) = usize::try_from(count) else {
        return Err(format!("{count} is negative").into());
    };
    meter.charge(text.len().saturating_mul(count))?;
    Ok(text.repeat(count))
}
