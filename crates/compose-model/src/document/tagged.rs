//! Scalars with the types that their tags ask for.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use yaml_tree::{Node, Resolved, Style};

use super::SCHEMA;
use crate::value::Data;

/// Base64 as Go reads it: with padding, and whatever bits are left over behind the last byte.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// Whether a scalar is the key `<<` by its look or its tag.
pub(super) fn is_merge(node: &Node) -> bool {
    node.as_scalar().is_some_and(|scalar| match node.tag() {
        None => scalar.style == Style::Plain && &*scalar.text == "<<",
        Some(tag) => tag == "!!merge",
    })
}

/// What a scalar is. Go's library refuses a text that is not of the type its tag names, and
/// `"\/"`, which YAML 1.2 allows.
pub(super) fn scalar(node: &Node) -> Result<Data, String> {
    let Some(scalar) = node.as_scalar() else {
        return Ok(Data::Null);
    };
    if scalar.style == Style::DoubleQuoted && has_escaped_slash(node.span().text()) {
        return Err("unknown escape `\\/` in double quotes; write `/`".to_owned());
    }
    if node.tag() == Some("!!binary") {
        return binary(&scalar.text);
    }
    Ok(match (node.resolve(SCHEMA), node.tag()) {
        (
            Some(Resolved::Str(text)),
            Some(tag @ ("!!null" | "!!bool" | "!!int" | "!!float" | "!!timestamp")),
        ) => return Err(format!("`{text}` cannot be a value of the type `{tag}`")),
        (Some(Resolved::Bool(value)), _) => Data::Bool(value),
        (Some(Resolved::Int(value)), _) => Data::Int(value),
        (Some(Resolved::UInt(value)), _) => Data::UInt(value),
        (Some(Resolved::Float(value)), _) => Data::Float(value),
        (Some(Resolved::Timestamp(_)), _) => Data::Time(Arc::clone(&scalar.text)),
        (Some(Resolved::Str(_)), _) => Data::Str(Arc::clone(&scalar.text)),
        _ => Data::Null,
    })
}

/// The text that base64 stands for; bytes that are no text stay in base64.
fn binary(text: &Arc<str>) -> Result<Data, String> {
    let lines = text.replace(['\r', '\n'], "");
    let bytes = BASE64
        .decode(lines)
        .map_err(|_| "a `!!binary` value is not valid base64".to_owned())?;
    Ok(match String::from_utf8(bytes) {
        Ok(text) => Data::from(text),
        Err(_) => Data::Str(Arc::clone(text)),
    })
}

fn has_escaped_slash(written: &str) -> bool {
    if !written.contains("\\/") {
        return false;
    }
    let mut escaped = false;
    written.chars().any(|character| {
        let found = escaped && character == '/';
        escaped = !escaped && character == '\\';
        found
    })
}

#[cfg(test)]
mod tests {
    use yaml_tree::{Options, Source};

    use crate::document::{Document, SCHEMA, read};
    use crate::value::Value;

    /// The value of `a` in a document, or the errors.
    fn value(text: &str) -> Result<Option<Value>, Vec<String>> {
        let source = Source::new("compose.yaml", format!("a: {text}\nb: 1\n"));
        let parsed = yaml_tree::parse(&source, &Options::default().schema(SCHEMA));
        let roots = parsed.value.unwrap();
        let mut found = Vec::new();
        let document: Option<Document> = read(&roots[0], &mut found);
        if found.is_empty() {
            Ok(document.unwrap().root.get("a").cloned())
        } else {
            Err(found.into_iter().map(|found| found.message).collect())
        }
    }

    #[test]
    fn a_tag_that_does_not_fit_is_an_error() {
        for wrong in [
            "!!int x",
            "!!int 1.0",
            "!!bool yes",
            "!!null x",
            "!!float x",
            "!!timestamp x",
            "!!binary x",
            r#""\/""#,
        ] {
            assert!(value(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn tags_that_fit() {
        for (text, expected) in [
            ("!!int \"12\"", Value::new(12)),
            ("!!str 12", Value::new("12")),
            ("!!binary aGk=", Value::new("hi")),
            ("!!binary /w==", Value::new("/w==")),
            (r#""\\/""#, Value::new("\\/")),
        ] {
            assert_eq!(value(text), Ok(Some(expected)), "{text}");
        }
    }

    #[test]
    fn a_merge_key_as_value_is_nothing() {
        assert_eq!(value("<<"), Ok(None));
        assert_eq!(value("\"<<\""), Ok(Some(Value::new("<<"))));
        assert_eq!(
            value("[x, <<]"),
            Ok(Some(Value::new(vec![Value::new("x")])))
        );
    }
}
