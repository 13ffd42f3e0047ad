//! `zonegen corefile`: the configuration of CoreDNS.

mod mounts;

use std::borrow::Cow;

use camino::Utf8Path;
use common::exit;
use common::replace::{Access, Replaced, replace};
use dns_zone::Marker;
use dns_zone::corefile::{self, Known};
use yaml_tree::{Diagnostic, Severity, Source};

use super::generate::load_config;
use crate::args::{CorefileCheckArgs, CorefileCommand, CorefileGenerateArgs};
use crate::generate::shown;
use crate::plan::explain;
use crate::report::unwritten;
use crate::world::World;
use crate::{report, servers};

/// Whose block of a Corefile is ours.
const BLOCK: &str = "corefile";

pub(crate) fn corefile(command: &CorefileCommand, world: &mut World<'_, '_>) -> u8 {
    match command {
        CorefileCommand::Generate(args) => generate(args, world),
        CorefileCommand::Check(args) => check(args, world),
    }
}

/// Writes the Corefile that the config file describes; what people wrote outside of our block stays.
fn generate(args: &CorefileGenerateArgs, world: &mut World<'_, '_>) -> u8 {
    let config = match load_config(&args.config, world) {
        Ok(config) => config,
        Err(code) => return code,
    };
    let Some(wanted) = &config.corefile else {
        return world.fail("the config file has no `corefile`");
    };
    let path = match &args.output {
        Some(path) => world.dir.join(path),
        None => yaml_tree::normalize_path(&wanted.file),
    };
    let name = shown(&path, world.dir);
    let content = match corefile::print(&servers::of(wanted, &config.zones)) {
        Ok(content) => content,
        Err(error) => return world.fail(&error.to_string()),
    };
    let before = match fs_err::read(&path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return world.fail(&error.to_string()),
    };
    let text = before.clone().unwrap_or_default();
    let after = match put(&text, &content, &name, args.overwrite_edits) {
        Ok(after) => after,
        Err(found) => {
            report::show(&[*found], world);
            return exit::FAILED;
        }
    };
    let found = match Source::from_bytes(name.as_str(), after.clone()) {
        Ok(source) => findings(&source, &Known::default()),
        Err(found) => vec![*found],
    };
    report::show(&found, world);
    if found.iter().any(Diagnostic::is_error) {
        return world.fail("the Corefile was not written");
    }
    if args.dry_run {
        world.io.data(&after);
        return exit::DONE;
    }
    if args.diff {
        if before.as_ref() != Some(&after) {
            world
                .io
                .data(explain::unified(name.as_str(), before.as_deref(), &after));
        }
        return exit::DONE;
    }
    match replace(&path, &after, Access::AsBefore) {
        Ok(Replaced::Unchanged) => world.io.line(format!("{name}: no change")),
        Ok(Replaced::Written) => world.io.line(format!("{name}: written")),
        Err(error) => return world.fail(&unwritten(&path)(error)),
    }
    exit::DONE
}

/// The text with our block in it.
fn put(
    text: &[u8],
    content: &str,
    name: &Utf8Path,
    overwrite: bool,
) -> Result<Vec<u8>, Box<Diagnostic>> {
    let marker = Marker::new('#', BLOCK);
    let source = Source::new(name.as_str(), String::from_utf8_lossy(text));
    let found = marker.find(text).map_err(|error| {
        Diagnostic::error("zonegen::bad-block", error.why)
            .primary(source.span(error.range.start, error.range.end), "")
    })?;
    if let Some(block) = found
        && !block.is_intact
        && !overwrite
    {
        let first = source.span(block.whole.start, block.content.start.saturating_sub(1));
        return Err(Box::new(
            Diagnostic::error(
                "zonegen::edited",
                "the block was changed by hand: what was added there would be lost",
            )
            .primary(first, "")
            .help("move your own servers out of the block, or run with `--overwrite-edits`"),
        ));
    }
    marker
        .put(text, content.as_bytes())
        .map(Cow::into_owned)
        .map_err(|error| Box::new(Diagnostic::error("zonegen::bad-block", error.why)))
}

/// Everything that is wrong with a Corefile by itself.
fn findings(source: &Source, known: &Known) -> Vec<Diagnostic> {
    let parsed = corefile::parse(source);
    let mut found = parsed.diagnostics;
    if let Some(corefile) = &parsed.value {
        found.extend(corefile::check(corefile, known));
    }
    found
}

/// Shows all findings; fails if one of them is an error.
fn check(args: &CorefileCheckArgs, world: &mut World<'_, '_>) -> u8 {
    let bytes = match fs_err::read(world.dir.join(&args.file)) {
        Ok(bytes) => bytes,
        Err(error) => return world.fail(&format!("cannot read `{}`: {}", args.file, error.kind())),
    };
    let mut known = Known::default();
    known.plugins.extend(args.plugins.iter().cloned());
    let found = match Source::from_bytes(args.file.as_str(), bytes) {
        Err(found) => vec![*found],
        Ok(source) => {
            let mut found = findings(&source, &known);
            if let Some(parsed) = corefile::parse(&source).value
                && !args.compose.is_empty()
            {
                found.extend(mounts::check(&parsed, &args.compose, world.dir, world.env));
            }
            found
        }
    };
    report::show(&found, world);
    report::summary(&found, world);
    let worst = if args.strict {
        Severity::Warning
    } else {
        Severity::Error
    };
    if found.iter().any(|one| one.severity >= worst) {
        return exit::FAILED;
    }
    exit::DONE
}
