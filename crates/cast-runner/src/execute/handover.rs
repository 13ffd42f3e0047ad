//! The files through which a task hands values on: `CAST_ENV`, `CAST_PATH`, `CAST_OUTPUTS`.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use castfile::Env;
use tempfile::TempDir;

/// Variables that name the files, with the names of the files.
const FILES: [(&str, &str); 3] = [
    ("CAST_ENV", "env"),
    ("CAST_PATH", "path"),
    ("CAST_OUTPUTS", "outputs"),
];

/// The hand-over files of one run.
///
/// Each step has three of its own, so that what a task wrote is known to be its own also when
/// several run at once (frostyeti/cast v0.3.2 has three for the whole run and applies some lines
/// again and again). When this run is itself a task of another, what its tasks hand on is added to
/// the outer run's files.
pub(super) struct Handover {
    dir: io::Result<TempDir>,
    outer: [Option<Utf8PathBuf>; 3],
}

/// What one task wrote.
pub(super) struct HandedOn {
    pub(super) env: String,
    pub(super) path: String,
    pub(super) outputs: String,
}

impl Handover {
    pub(super) fn new(process: &Env) -> Self {
        let outer = FILES.map(|(variable, _)| {
            let path = process.get(variable).filter(|path| !path.is_empty())?;
            let path = Utf8PathBuf::from(path);
            path.is_file().then_some(path)
        });
        Self {
            dir: tempfile::Builder::new().prefix("cast-").tempdir(),
            outer,
        }
    }

    /// Makes the files of one step; returns the variables that name them.
    pub(super) fn prepare(&self, step: usize) -> io::Result<Vec<(&'static str, String)>> {
        let mut vars = Vec::new();
        for (variable, name) in FILES {
            let path = self.path(step, name)?;
            fs_err::write(&path, "")?;
            vars.push((variable, path.into_string()));
        }
        Ok(vars)
    }

    /// Reads what the task of a step wrote, and adds it to the files of an outer run.
    pub(super) fn collect(&self, step: usize) -> io::Result<HandedOn> {
        let mut texts = [String::new(), String::new(), String::new()];
        for ((text, (_, name)), outer) in texts.iter_mut().zip(FILES).zip(&self.outer) {
            *text = read(&self.path(step, name)?)?;
            if let Some(outer) = outer
                && !text.trim().is_empty()
            {
                append(outer, text)?;
            }
        }
        let [env, path, outputs] = texts;
        Ok(HandedOn { env, path, outputs })
    }

    fn path(&self, step: usize, name: &str) -> io::Result<Utf8PathBuf> {
        let dir = match &self.dir {
            Ok(dir) => dir.path(),
            Err(error) => return Err(io::Error::new(error.kind(), error.to_string())),
        };
        let dir = Utf8Path::from_path(dir).ok_or_else(|| {
            io::Error::other("the directory for temporary files has a name that is not UTF-8")
        })?;
        Ok(dir.join(format!("{step}-{name}")))
    }
}

/// The content of a file; nothing if the task removed it.
fn read(path: &Utf8Path) -> io::Result<String> {
    match fs_err::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        read => read,
    }
}

fn append(path: &Utf8Path, text: &str) -> io::Result<()> {
    use std::io::Write as _;
    let mut file = fs_err::OpenOptions::new().append(true).open(path)?;
    // In one piece, so that lines of runs side by side do not mix.
    let line_end = if text.ends_with('\n') { "" } else { "\n" };
    file.write_all(format!("{text}{line_end}").as_bytes())
}
