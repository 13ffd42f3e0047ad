//! The `constraints` of the docker provider: which containers count.

use crate::Labels;
use crate::rule::{self, Call, Expression, ExpressionKind};
use go_std::regexp::Pattern;

/// A parsed constraint: `Label(`k`, `v`)` and `LabelRegex(`k`, `v`)` with `&&`, `||` and `!`.
pub(crate) struct Constraint(Expression);

impl Constraint {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let expression = rule::parse(text).map_err(|error| error.to_string())?;
        for call in expression.calls() {
            if call.name != "Label" && call.name != "LabelRegex" {
                return Err(format!("unsupported function `{}`", call.name));
            }
            if call.arguments.len() != 2 {
                return Err(format!("`{}` takes two arguments", call.name));
            }
        }
        Ok(Self(expression))
    }

    pub(crate) fn matches(&self, labels: &Labels) -> bool {
        holds(&self.0, labels)
    }
}

fn holds(expression: &Expression, labels: &Labels) -> bool {
    match &expression.kind {
        ExpressionKind::Call(call) => label_holds(call, labels),
        ExpressionKind::Not(inner) => !holds(inner, labels),
        ExpressionKind::Group(inner) => holds(inner, labels),
        ExpressionKind::And(parts) => parts.iter().all(|part| holds(part, labels)),
        ExpressionKind::Or(parts) => parts.iter().any(|part| holds(part, labels)),
    }
}

/// A label that is not there counts as empty.
fn label_holds(call: &Call, labels: &Labels) -> bool {
    let [key, wanted] = call.arguments.as_slice() else {
        return false;
    };
    let value = labels.get(&key.value).map_or("", String::as_str);
    if call.name == "Label" {
        return value == wanted.value;
    }
    Pattern::new(&wanted.value).is_ok_and(|pattern| pattern.is_match(value))
}
