//! Prints what a YAML file holds, one line a value, each with its place:
//!
//! ```sh
//! cargo run -p yaml-tree --example outline -- compose.yaml
//! ```

use std::io::{self, Write};
use std::process::ExitCode;

use yaml_tree::{Content, Node, Options, Schema, Source, parse};

fn main() -> io::Result<ExitCode> {
    let mut out = io::stdout().lock();
    let Some(path) = std::env::args().nth(1) else {
        writeln!(out, "usage: outline FILE")?;
        return Ok(ExitCode::from(2));
    };
    let bytes = std::fs::read(&path)?;
    run(&path, bytes, &mut out)
}

pub(crate) fn run(name: &str, bytes: Vec<u8>, out: &mut impl Write) -> io::Result<ExitCode> {
    let source = match Source::from_bytes(name, bytes) {
        Ok(source) => source,
        Err(diagnostic) => {
            writeln!(out, "{diagnostic}")?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let parsed = parse(&source, &Options::default());
    for diagnostic in &parsed.diagnostics {
        writeln!(out, "{diagnostic}")?;
    }
    for document in parsed.value.iter().flatten() {
        outline(out, document, 0)?;
    }
    Ok(if parsed.has_errors() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn outline(out: &mut impl Write, node: &Node, depth: usize) -> io::Result<()> {
    let site = node.site();
    let place = format!("{}-{}", site.position(), site.end_position());
    let indent = "  ".repeat(depth);
    match node.content() {
        Content::Scalar(scalar) => {
            let kind = node.kind_name(Schema::Go);
            writeln!(out, "{place:<12} {indent}{kind} {:?}", scalar.text)
        }
        Content::Sequence(items) => {
            writeln!(out, "{place:<12} {indent}a sequence")?;
            items
                .iter()
                .try_for_each(|item| outline(out, item, depth + 1))
        }
        Content::Mapping(mapping) => {
            writeln!(out, "{place:<12} {indent}a mapping")?;
            mapping.entries().iter().try_for_each(|entry| {
                outline(out, &entry.key, depth + 1)?;
                outline(out, &entry.value, depth + 2)
            })
        }
    }
}
