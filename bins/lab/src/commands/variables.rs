//! The variables that the files of a project refer to, as a table and as JSON.

use std::fmt::Write as _;

use compose_model::{JsonError, Map, Value, Variable, to_json};

/// Least width of a column, and least space between two.
const COLUMN: usize = 20;
const GAP: usize = 3;

/// A table: each column is as wide as its longest cell, and twenty at least.
pub(crate) fn table(variables: &[Variable<'_>]) -> String {
    let rows = variables.iter().map(|variable| {
        let required = if variable.required.is_some() {
            "true"
        } else {
            "false"
        };
        [
            variable.name,
            required,
            variable.default.unwrap_or_default(),
            variable.alternate.unwrap_or_default(),
        ]
    });
    let title = ["NAME", "REQUIRED", "DEFAULT VALUE", "ALTERNATE VALUE"];
    let rows: Vec<_> = std::iter::once(title).chain(rows).collect();
    let width = |column: usize| {
        let longest = rows.iter().map(|row| row[column].chars().count()).max();
        longest.map_or(0, |longest| longest + GAP).max(COLUMN)
    };
    let widths = [width(0), width(1), width(2)];
    let mut text = String::new();
    for [name, required, default, alternate] in rows {
        for (cell, width) in [name, required, default].iter().zip(widths) {
            // Writing to a string does not fail.
            let _written = write!(text, "{cell:<width$}");
        }
        text.push_str(alternate);
        text.push('\n');
    }
    text
}

/// A mapping by name, indented by four, with an empty line after it as Docker Compose has it.
pub(crate) fn json(variables: &[Variable<'_>]) -> Result<String, JsonError> {
    let entries = variables.iter().map(|variable| {
        let fields: Map = [
            ("Name", Value::new(variable.name)),
            (
                "DefaultValue",
                Value::new(variable.default.unwrap_or_default()),
            ),
            (
                "PresenceValue",
                Value::new(variable.alternate.unwrap_or_default()),
            ),
            ("Required", Value::new(variable.required.is_some())),
        ]
        .into_iter()
        .collect();
        (variable.name, Value::new(fields))
    });
    let text = to_json(&Value::new(entries.collect::<Map>()))?;
    let lines = text.lines().map(|line| {
        let indent = line.len() - line.trim_start().len();
        format!("{}{line}\n", " ".repeat(indent))
    });
    Ok(lines.chain(["\n".to_owned()]).collect())
}
