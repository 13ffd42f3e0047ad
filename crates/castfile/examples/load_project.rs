//! Lists the tasks of a project with their descriptions and where each is written.
//!
//! ```text
//! cargo run -p castfile --example load_project -- path/to/castfile
//! ```

use std::fmt::Write as _;

use camino::Utf8Path;
use castfile::{Disk, Error, Files, Loader, UserDirs};

/// The listing of the project whose castfile is at `path`.
///
/// # Errors
/// What keeps the project from loading.
pub(crate) fn listing(files: &dyn Files, dirs: UserDirs, path: &Utf8Path) -> Result<String, Error> {
    let dir = path.parent().unwrap_or(path);
    let project = Loader::new(files, dirs).showing_from(dir).project(path)?;
    let mut text = String::new();
    for task in project.tasks() {
        let desc = task.task.desc.as_ref().map_or("", |desc| desc.as_str());
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "{:12} {desc:28} {}",
            task.display_name(),
            task.task.name.span
        );
        if let Some(module) = project.module_of(task) {
            let _ = write!(text, " (module {})", module.name);
        }
        for replaced in &task.shadowed {
            let _ = write!(text, ", instead of {}", replaced.task.name.span);
        }
        text.push('\n');
    }
    for warning in project.warnings() {
        let _ = writeln!(text, "warning: {warning}");
    }
    Ok(text)
}

#[expect(clippy::print_stdout, reason = "it is what the example is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "castfile".to_owned());
    let path = camino::absolute_utf8(path)?;
    let env: castfile::Env = std::env::vars().collect();
    print!("{}", listing(&Disk, UserDirs::from_env(&env), &path)?);
    Ok(())
}
