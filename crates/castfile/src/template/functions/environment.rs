//! The environment, which is the map `env` of the data.

use crate::value::{Map, Value};
use go_template::{Data, Meter, Outcome, Own, Param};

pub(super) fn add<'d>(own: &mut Vec<Own<'d>>, environment: Option<&'d Map>) {
    own.push(Own::new("env", &[Param::Text], move |_, a| {
        Ok(Data::Text(variable(environment, a[0].as_text())))
    }));
    own.push(Own::new("expandenv", &[Param::Text], move |meter, a| {
        expand(meter, environment, a[0].as_text())
    }));
}

fn variable(environment: Option<&Map>, name: &str) -> String {
    match environment.and_then(|environment| environment.get(name)) {
        Some(Value::Str(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

/// `$NAME` and `${NAME}`.
fn expand(meter: &mut Meter, environment: Option<&Map>, text: &str) -> Outcome {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some(dollar) = rest.find('$') {
        expanded.push_str(&rest[..dollar]);
        let after = &rest[dollar + 1..];
        let braced = after
            .strip_prefix('{')
            .and_then(|inner| inner.split_once('}'));
        let (name, behind) = braced.unwrap_or_else(|| {
            let end = after.find(|c: char| c != '_' && !c.is_ascii_alphanumeric());
            after.split_at(end.unwrap_or(after.len()))
        });
        if name.is_empty() {
            expanded.push('$');
        } else {
            let value = variable(environment, name);
            meter.charge(value.len())?;
            expanded.push_str(&value);
        }
        rest = behind;
    }
    expanded.push_str(rest);
    Ok(expanded.into())
}
