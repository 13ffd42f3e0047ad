//! Expressions to text.

use std::fmt;

use super::{Argument, Call, Expression, ExpressionKind};

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExpressionKind::Call(call) => write!(f, "{call}"),
            ExpressionKind::Not(inner) => {
                f.write_str("!")?;
                nested(inner, f, true)
            }
            ExpressionKind::And(parts) => joined(parts, " && ", f, |part| {
                matches!(part.kind, ExpressionKind::Or(_) | ExpressionKind::And(_))
            }),
            ExpressionKind::Or(parts) => joined(parts, " || ", f, |part| {
                matches!(part.kind, ExpressionKind::Or(_))
            }),
            ExpressionKind::Group(inner) => write!(f, "({inner})"),
        }
    }
}

fn joined(
    parts: &[Expression],
    operator: &str,
    f: &mut fmt::Formatter<'_>,
    needs_group: fn(&Expression) -> bool,
) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            f.write_str(operator)?;
        }
        nested(part, f, needs_group(part))?;
    }
    Ok(())
}

/// An operand, in parentheses if it would be read differently without.
fn nested(inner: &Expression, f: &mut fmt::Formatter<'_>, group: bool) -> fmt::Result {
    let several = matches!(inner.kind, ExpressionKind::And(_) | ExpressionKind::Or(_));
    if group && several {
        write!(f, "({inner})")
    } else {
        write!(f, "{inner}")
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        f.write_str("(")?;
        for (at, argument) in self.arguments.iter().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{argument}")?;
        }
        f.write_str(")")
    }
}

impl fmt::Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&literal(&self.value))
    }
}

/// A text as a literal: in backticks where that is possible.
pub(crate) fn literal(text: &str) -> String {
    if !text.contains(['`', '\r']) {
        return format!("`{text}`");
    }
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
