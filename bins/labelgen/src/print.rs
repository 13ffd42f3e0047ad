//! Labels printed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proxy_labels::Labels;
use serde_json::{Value, json};

use crate::args::SynthFormat;

/// Whether a `$` in the values is one, or begins a variable of Compose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dollars {
    /// It is one: a Compose file has to write it twice.
    Plain,
    /// The values are as a Compose file has them.
    Template,
}

/// The labels of services in a form.
pub(crate) fn labels(
    services: &BTreeMap<String, Labels>,
    format: SynthFormat,
    dollars: Dollars,
) -> String {
    match format {
        SynthFormat::Labels => {
            let mut out = String::new();
            for (service, labels) in services {
                let _infallible = writeln!(out, "# {service}");
                for (key, value) in labels {
                    let _infallible = writeln!(out, "{key}={value}");
                }
            }
            out
        }
        SynthFormat::Compose => compose(services, dollars),
        SynthFormat::Json => format!("{:#}\n", json!({ "services": services })),
    }
}

fn compose(services: &BTreeMap<String, Labels>, dollars: Dollars) -> String {
    let escaped = |text: &str| match dollars {
        Dollars::Plain => text.replace('$', "$$"),
        Dollars::Template => text.to_owned(),
    };
    let mut out = "services:\n".to_owned();
    for (service, labels) in services {
        let _infallible = writeln!(out, "  {service}:\n    labels:");
        // A variable in a key is put in where labels are a list.
        let list = labels.keys().any(|key| key.contains('$'));
        for (key, value) in labels {
            let value = escaped(value);
            let _infallible = if list {
                writeln!(out, "      - {}", quoted(&format!("{key}={value}")))
            } else {
                writeln!(out, "      {key}: {}", quoted(&value))
            };
        }
    }
    out
}

/// A text as YAML: JSON's quotes hold everything.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
