//! The functions that castfiles have beside those of sprig, or in another way.

mod dates;
mod environment;
mod numbers;
mod random;
mod texts;

pub(super) use dates::data as time;

use super::RenderOptions;
use crate::value::{Map, Value};
use go_template::{Data, Options, Sprig, Trouble};

/// What castfiles are rendered with. `data` holds the environment under `env`.
pub(super) fn options<'d>(render: &'d RenderOptions, data: &'d Value) -> Options<'d> {
    let environment: Option<&Map> = match data {
        Value::Map(map) => match map.get("env") {
            Some(Value::Map(environment)) => Some(environment),
            _ => None,
        },
        _ => None,
    };
    let mut options = Options::new(Sprig::V3_3);
    options.only_foretold = true;
    options.lenient = true;
    dates::add(&mut options.own, render);
    environment::add(&mut options.own, environment);
    numbers::add(&mut options.own);
    random::add(&mut options.own);
    texts::add(&mut options.own);
    options
}

/// The names of all functions a template can use.
pub fn names() -> impl Iterator<Item = &'static str> {
    let render = RenderOptions::new(std::time::SystemTime::UNIX_EPOCH);
    let names = options(&render, &Value::Null).function_names();
    names.into_iter()
}

/// A count of something.
fn count(value: &Data) -> Result<usize, Trouble> {
    let value = value.as_int();
    usize::try_from(value).map_err(|_| format!("{value} is negative").into())
}
