//! How files get into the container of CoreDNS.

use yaml_tree::{Diagnostic, Span};

/// Something of the machine mounted into a container of CoreDNS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// The path on the machine.
    pub source: String,
    /// The path in the container.
    pub target: String,
    /// Whether it is a single file and not a directory.
    pub is_file: bool,
    /// Where it is written.
    pub span: Option<Span>,
}

/// What is wrong with the way zones and the Corefile are mounted.
///
/// Diagnostics: `corefile::single-file-mount` (warning), as a file that is replaced by renaming stays
/// the old one in the container for as long as it runs.
pub fn check_mounts(mounts: &[Mount]) -> Vec<Diagnostic> {
    let files = mounts.iter().filter(|mount| mount.is_file);
    files
        .map(|mount| {
            let message = format!(
                "`{}` is mounted as a single file: the container keeps the old one when it is replaced",
                mount.source
            );
            let mut found = Diagnostic::warning("corefile::single-file-mount", message)
                .help("mount the directory that it lies in, so that CoreDNS finds the new file");
            if let Some(span) = &mount.span {
                found = found.primary(span.clone(), "");
            }
            found
        })
        .collect()
}
