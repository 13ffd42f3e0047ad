//! Projects from texts.

use std::collections::BTreeMap;

use compose_model::{MemoryFiles, Options, Project, load};

/// The options for a project in `/lab` without variables.
pub(crate) fn options() -> Options {
    Options::new("/lab", BTreeMap::new())
}

/// The project of the files in `/lab`.
#[track_caller]
pub(crate) fn project_of<const N: usize>(files: [(&str, &str); N]) -> Project {
    project_with(&options(), files)
}

/// The project of the files in `/lab` with options.
#[track_caller]
pub(crate) fn project_with<const N: usize>(options: &Options, files: [(&str, &str); N]) -> Project {
    let files = files.map(|(path, text)| (format!("/lab/{path}"), text));
    load(&MemoryFiles::from(files), options).unwrap_or_else(|found| {
        let found: Vec<_> = found.iter().map(ToString::to_string).collect();
        panic!("{}", found.join("\n"));
    })
}

/// The project of one file.
#[track_caller]
pub(crate) fn project(text: &str) -> Project {
    project_of([("compose.yaml", text)])
}
