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
    let source = match Source::from_bytes(path, bytes) {
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
        outline(&mut out, document, 0)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn outline(out: &mut impl Write, node: &Node, depth: usize) -> io::Result<()> {
    let position = node.site().position();
    let place = format!("{position}-{}", node.site().end_position());
    let kind = node.kind_name(Schema::Go);
    writeln!(out, "{place:>15} {:width$}{kind}", "", width = depth * 2)?;
    match node.content() {
        Content::Scalar(scalar) => {
            writeln!(
                out,
                "{:>15} {:width$}{:?}",
                "",
                "",
                scalar.text,
                width = depth * 2
            )?;
        }
        Content::Sequence(items) => {
            for item in items.iter() {
                outline(out, item, depth + 1)?;
            }
        }
        Content::Mapping(mapping) => {
            for entry in mapping.entries() {
                outline(out, &entry.key, depth + 1)?;
                outline(out, &entry.value, depth + 2)?;
            }
        }
    }
    Ok(())
}
