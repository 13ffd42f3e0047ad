//! The configuration as JSON, in the names of Traefik's file provider.

use super::configuration::{Configuration, Named, Section};
use super::value::{Block, Value};
use crate::json::Writer;

impl Configuration {
    /// The configuration as JSON: `{"http":{"routers":{},"services":{},"middlewares":{}},"tcp":{…},
    /// "udp":{…}}`, in the field names of the file provider, without what Traefik's API does not
    /// show. TCP and UDP have the sections that are not empty. Indented by two blanks, with a
    /// newline at the end.
    ///
    /// ```
    /// let found = proxy_labels::traefik::Configuration::from_labels([
    ///     ("traefik.http.middlewares.gz.compress", "true"),
    /// ])?;
    /// assert!(found.to_json().contains("\"encodings\": ["));
    /// # Ok::<(), proxy_labels::traefik::LabelError>(())
    /// ```
    pub fn to_json(&self) -> String {
        let mut out = Writer::new();
        out.object(|out| {
            out.key("http");
            section(out, &self.http, true);
            out.key("tcp");
            section(out, &self.tcp, false);
            out.key("udp");
            section(out, &self.udp, false);
        });
        out.finish()
    }
}

impl Block {
    /// The block as JSON, as [`Configuration::to_json`] has it.
    pub fn to_json(&self) -> String {
        let mut out = Writer::new();
        block(&mut out, self);
        out.finish()
    }
}

fn section(out: &mut Writer, section: &Section, always: bool) {
    out.object(|out| {
        for (name, blocks) in [
            ("routers", &section.routers),
            ("services", &section.services),
            ("middlewares", &section.middlewares),
        ] {
            if always || !blocks.is_empty() {
                out.key(name);
                named(out, blocks);
            }
        }
    });
}

fn named(out: &mut Writer, blocks: &Named) {
    let blocks: Vec<_> = blocks.iter().collect();
    out.object_of(&blocks, |out, (name, value)| {
        out.key(name);
        block(out, value);
    });
}

fn block(out: &mut Writer, block: &Block) {
    out.object(|out| {
        for (field, found) in block.fields() {
            // What a route's access log and metrics do depends on its entry point; the API
            // completes it, and it is no part of routing.
            if field.label_only || field.name == "observability" {
                continue;
            }
            out.key(field.name);
            value(out, found);
        }
    });
}

fn value(out: &mut Writer, value: &Value) {
    match value {
        Value::Text(text) => out.text(text),
        Value::Bool(flag) => out.raw(if *flag { "true" } else { "false" }),
        Value::Int(number) => out.raw(&number.to_string()),
        Value::Duration(duration) => out.text(&duration.to_string()),
        Value::List(items) => out.array(items, |out, item| out.text(item)),
        Value::Values(items) => out.array(items, self::value),
        Value::Blocks(items) => out.array(items, block),
        Value::Block(found) => block(out, found),
        Value::Map(map) => out.object(|out| {
            for (key, found) in map {
                out.key(key);
                self::value(out, found);
            }
        }),
    }
}
