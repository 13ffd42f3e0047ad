//! Lists what the services of a project run, publish and keep, and where each is written.
//!
//! ```text
//! cargo run -p compose-model --example inventory -- path/to/project
//! ```

use std::fmt::{Display, Write as _};

use compose_model::model::{Service, Sourced};
use compose_model::{Disk, Files, Options, Project, load};
use yaml_tree::Diagnostic;

/// The inventory of the project that the options say.
///
/// # Errors
/// What is wrong with the project.
pub(crate) fn inventory(files: &dyn Files, options: &Options) -> Result<String, Vec<Diagnostic>> {
    let project = load(files, options)?;
    let mut text = String::new();
    for service in project.services() {
        let names: Vec<_> = project.container_names(&service).collect();
        // Writing to a string does not fail.
        let _infallible = writeln!(text, "{} ({})", service.name, names.join(", "));
        for line in lines(&project, &service) {
            let _infallible = writeln!(text, "  {line}");
        }
    }
    Ok(text)
}

fn lines(project: &Project, service: &Service) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(image) = &service.image {
        let pinned = if image.is_pinned() {
            "pinned"
        } else {
            "not pinned"
        };
        lines.push(line("runs", format!("{image}, {pinned}"), image));
    }
    for port in service.published_ports() {
        let reach = if port.is_loopback() {
            "this host"
        } else {
            "everybody"
        };
        lines.push(line(
            "publishes",
            format!("{} to {reach}", port.value),
            port,
        ));
    }
    for (mount, path) in service.bind_mounts() {
        lines.push(line("keeps", path, mount));
    }
    for (mount, key) in service.named_volumes() {
        // One that the project does not define keeps it from loading.
        let name = project.volume(key).map(|volume| volume.name.value);
        lines.push(line("keeps", name.unwrap_or_default(), mount));
    }
    for (network, attachment) in project.networks_of(service) {
        lines.push(line("is on", &network.name, &attachment));
    }
    lines
}

/// What there is, with its place and, where variables took part, what is written there.
fn line<T>(verb: &str, what: impl Display, at: &Sourced<T>) -> String {
    let place = at
        .place()
        .map_or("by default".to_owned(), ToString::to_string);
    match at.written().filter(|_| at.is_interpolated()) {
        Some(written) => format!("{verb} {what}: {place}, written as {written}"),
        None => format!("{verb} {what}: {place}"),
    }
}

#[expect(clippy::print_stdout, reason = "it is what the example is for")]
#[expect(clippy::print_stderr, reason = "it is what the example is for")]
fn main() -> std::process::ExitCode {
    let dir = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let dir = match camino::absolute_utf8(dir) {
        Ok(dir) => dir,
        Err(error) => {
            eprintln!("error: {error}");
            return std::process::ExitCode::FAILURE;
        }
    };
    match inventory(&Disk, &Options::new(dir, std::env::vars().collect())) {
        Ok(text) => print!("{text}"),
        Err(found) => {
            for finding in found {
                eprintln!("{finding}");
            }
            return std::process::ExitCode::FAILURE;
        }
    }
    std::process::ExitCode::SUCCESS
}
