//! The functions of templates: those of sprig, then Go's own.

mod builtin;
mod coding;
mod dicts;
mod json;
mod lists;
mod numbers;
mod patterns;
mod texts;
mod urls;
mod values;
mod words;

use super::constant::Constant;
use super::data::Data;

type Outcome = Result<Data, String>;

/// The type of an argument. Go refuses a value of another type before the function is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Param {
    Any,
    Text,
    Int,
    Float,
    Bool,
    Dict,
}

/// A function.
#[derive(Clone, Copy)]
pub(super) struct Function {
    pub(super) params: &'static [Param],
    /// The type of any more arguments.
    pub(super) rest: Option<Param>,
    /// Called with arguments of these types only.
    pub(super) run: fn(&[Data]) -> Outcome,
}

#[expect(clippy::unnecessary_wraps, reason = "what the arms of `find` give")]
const fn takes(params: &'static [Param], run: fn(&[Data]) -> Outcome) -> Option<Function> {
    Some(Function {
        params,
        rest: None,
        run,
    })
}

#[expect(clippy::unnecessary_wraps, reason = "what the arms of `find` give")]
const fn takes_more(
    params: &'static [Param],
    rest: Param,
    run: fn(&[Data]) -> Outcome,
) -> Option<Function> {
    Some(Function {
        params,
        rest: Some(rest),
        run,
    })
}

/// Functions that give something else each time or everywhere: the clock, chance, the environment
/// and the resolver of the machine, and keys made on the spot.
const UNKNOWABLE: &[(&str, &[Param], Option<Param>)] = {
    use Param::{Any, Int, Text};
    &[
        ("ago", &[Any], None),
        ("date", &[Text, Any], None),
        ("date_in_zone", &[Text, Any, Text], None),
        ("date_modify", &[Text, Any], None),
        ("dateInZone", &[Text, Any, Text], None),
        ("dateModify", &[Text, Any], None),
        ("htmlDate", &[Any], None),
        ("htmlDateInZone", &[Any, Text], None),
        ("must_date_modify", &[Text, Any], None),
        ("mustDateModify", &[Text, Any], None),
        ("mustToDate", &[Text, Text], None),
        ("now", &[], None),
        ("toDate", &[Text, Text], None),
        ("unixEpoch", &[Any], None),
        ("randAlphaNum", &[Int], None),
        ("randAlpha", &[Int], None),
        ("randAscii", &[Int], None),
        ("randNumeric", &[Int], None),
        ("randBytes", &[Int], None),
        ("randInt", &[Int, Int], None),
        ("shuffle", &[Text], None),
        ("uuidv4", &[], None),
        ("env", &[Text], None),
        ("expandenv", &[Text], None),
        ("getHostByName", &[Text], None),
        ("bcrypt", &[Text], None),
        ("htpasswd", &[Text, Text], None),
        ("genPrivateKey", &[Text], None),
        ("derivePassword", &[Any, Text, Text, Text, Text], None),
        ("buildCustomCert", &[Text, Text], None),
        ("genCA", &[Text, Int], None),
        ("genCAWithKey", &[Text, Int, Text], None),
        ("genSelfSignedCert", &[Text, Any, Any, Int], None),
        (
            "genSelfSignedCertWithKey",
            &[Text, Any, Any, Int, Text],
            None,
        ),
        ("genSignedCert", &[Text, Any, Any, Int, Any], None),
        (
            "genSignedCertWithKey",
            &[Text, Any, Any, Int, Any, Text],
            None,
        ),
        ("encryptAES", &[Text, Text], None),
        ("decryptAES", &[Text, Text], None),
        // Objects with methods of their own, which nobody was seen to use in a label.
        ("semver", &[Text], None),
        ("semverCompare", &[Text, Text], None),
        ("call", &[Any], Some(Any)),
    ]
};

/// Whether what a function gives cannot be foretold.
pub(super) fn is_unknowable(name: &str) -> bool {
    UNKNOWABLE.iter().any(|(known, ..)| *known == name)
}

/// The function of that name.
pub(super) fn find(name: &str) -> Option<Function> {
    texts::find(name)
        .or_else(|| words::find(name))
        .or_else(|| numbers::find(name))
        .or_else(|| lists::find(name))
        .or_else(|| dicts::find(name))
        .or_else(|| values::find(name))
        .or_else(|| json::find(name))
        .or_else(|| patterns::find(name))
        .or_else(|| coding::find(name))
        .or_else(|| urls::find(name))
        .or_else(|| builtin::find(name))
        .or_else(|| {
            let (_, params, rest) = UNKNOWABLE.iter().find(|(known, ..)| *known == name)?;
            Some(Function {
                params,
                rest: *rest,
                run: |_| Ok(Data::Nil),
            })
        })
}

impl Param {
    fn name(self) -> &'static str {
        match self {
            Self::Any => "interface {}",
            Self::Text => "string",
            Self::Int => "int",
            Self::Float => "float64",
            Self::Bool => "bool",
            Self::Dict => "map[string]interface {}",
        }
    }

    /// A value, if it is of this type.
    pub(super) fn check(self, value: Data) -> Result<Data, String> {
        match (self, value) {
            (Self::Any, value)
            | (Self::Text, value @ Data::Text(_))
            | (Self::Int, value @ Data::Int(_))
            | (Self::Float, value @ Data::Float(_))
            | (Self::Bool, value @ Data::Bool(_))
            | (Self::Dict, value @ Data::Dict(_)) => Ok(value),
            // A nil map: it can be read like an empty one.
            (Self::Dict, Data::Nil) => Ok(Data::Nil),
            (wanted, Data::Nil) => Err(format!("invalid value; expected {}", wanted.name())),
            (wanted, other) => Err(format!(
                "wrong type for value; expected {}; got {}",
                wanted.name(),
                other.type_name()
            )),
        }
    }

    /// What a constant is for this type: numbers become what is wanted.
    pub(super) fn constant(self, constant: &Constant) -> Result<Data, String> {
        match (self, constant) {
            (Self::Any, constant) => constant.ideal(),
            (Self::Int, Constant::Number { int: Some(int), .. }) => Ok(Data::Int(*int)),
            (
                Self::Float,
                Constant::Number {
                    float: Some(float), ..
                },
            ) => Ok(Data::Float(*float)),
            (Self::Text, Constant::Text(text)) => Ok(Data::Text(text.clone())),
            (Self::Bool, Constant::Bool(flag)) => Ok(Data::Bool(*flag)),
            (wanted, other) => Err(format!("expected {}; found {other:?}", wanted.name())),
        }
    }
}

/// A text that was cut somewhere.
fn whole(bytes: &[u8]) -> Outcome {
    String::from_utf8(bytes.to_vec())
        .map(Data::Text)
        .map_err(|_| "a character is cut in two, which no label can hold".to_owned())
}

/// A repetition, as far as it makes sense.
fn repeated(text: &str, count: i64) -> Result<String, String> {
    let count = usize::try_from(count).map_err(|_| "negative Repeat count".to_owned())?;
    if text.len().saturating_mul(count) > super::format::MAX_TEXT {
        return Err("the text gets too long".to_owned());
    }
    Ok(text.repeat(count))
}
