//! The files through which a task hands values on: `CAST_ENV`, `CAST_PATH`, `CAST_OUTPUTS`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};

use camino::{Utf8Path, Utf8PathBuf};
use castfile::{Env, Session, dotenv};
use tempfile::TempPath;
use yaml_tree::{Diagnostic, Source};

use crate::secrets::Mask;

/// Variables that name the files, with the names of the files.
const FILES: [(&str, &str); 3] = [
    ("CAST_ENV", "env"),
    ("CAST_PATH", "path"),
    ("CAST_OUTPUTS", "outputs"),
];

/// The hand-over files of one run.
///
/// Each step that starts a program has three of its own, so that what a task wrote is known to be
/// its own also when several run at once (frostyeti/cast v0.3.2 has three for the whole run and
/// applies some lines again and again). When this run is itself a task of another, what its tasks
/// hand on is added to the outer run's files.
pub(super) struct Handover {
    /// The files of each step, in the order of [`FILES`]; removed when they were read, at the
    /// latest when the run is over.
    files: RefCell<BTreeMap<usize, Vec<TempPath>>>,
    /// Where they are made. They have no directory of their own: on a disk, making and removing
    /// one takes longer than all three files.
    temporary: Utf8PathBuf,
    outer: [Option<Utf8PathBuf>; 3],
}

/// What one task handed on.
#[derive(Default)]
pub(super) struct HandedOn {
    pub(super) env: Vec<HandedOnValue>,
    /// Directories for `PATH`, in the order in which they are put before it.
    pub(super) path: Vec<String>,
    pub(super) outputs: Vec<HandedOnValue>,
}

pub(super) struct HandedOnValue {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) secret: bool,
}

impl Handover {
    pub(super) fn new(inputs: &Session<'_>) -> Self {
        let set = |variable: &str| inputs.process.get(variable).filter(|path| !path.is_empty());
        let outer = FILES.map(|(variable, _)| {
            let path = Utf8Path::new(set(variable)?);
            path.is_file().then(|| path.to_owned())
        });
        let temporary = inputs.invocation_dir.join(set("TMPDIR").unwrap_or("/tmp"));
        Self {
            files: RefCell::default(),
            temporary,
            outer,
        }
    }

    /// Makes the files of one step, empty; returns the variables that name them.
    pub(super) fn prepare(&self, step: usize) -> Result<Vec<(&'static str, String)>, Stuck> {
        let make = || {
            let mut vars = Vec::with_capacity(FILES.len());
            let mut files = Vec::with_capacity(FILES.len());
            for (variable, name) in FILES {
                let file = tempfile::Builder::new()
                    .prefix(&format!("cast-{name}-"))
                    .tempfile_in(&self.temporary)?
                    .into_temp_path();
                let path = Utf8Path::from_path(&file)
                    .ok_or_else(|| io::Error::other("the name of a temporary file is not UTF-8"))?;
                vars.push((variable, path.to_string()));
                files.push(file);
            }
            self.files.borrow_mut().insert(step, files);
            Ok(vars)
        };
        make().map_err(|error| Stuck {
            doing: "make the files",
            error,
        })
    }

    /// Reads what the task of a step wrote. Nothing is kept of it if some of it is wrong.
    pub(super) fn collect(
        &self,
        step: usize,
        task: &str,
        env: &Env,
        mask: &Mask,
    ) -> Result<HandedOn, Vec<Diagnostic>> {
        let stuck = |doing| move |error| vec![Stuck { doing, error }.diagnostic()];
        let texts = self
            .read(step)
            .map_err(stuck("read the files"))?
            .map(|(variable, bytes)| {
                if bytes.iter().all(u8::is_ascii_whitespace) {
                    return Ok(None);
                }
                Source::from_bytes(format!("{variable} of {task}"), bytes).map(Some)
            });
        let [vars, path, outputs] = texts;
        let mut found = Vec::new();
        let mut checked = |text: Result<_, Box<Diagnostic>>| {
            text.unwrap_or_else(|error| {
                found.push(*error);
                None
            })
        };
        let texts = [checked(vars), checked(path), checked(outputs)];
        let [vars, path, outputs] = &texts;
        let mut handed_on = HandedOn::default();
        if let Some(source) = vars {
            match read_masked(source, mask, |source| castfile::handed_on_env(source, env)) {
                Ok(values) => {
                    handed_on.env = values
                        .into_iter()
                        .map(|(name, value)| {
                            // Once a secret, always one; and so is what contains one.
                            let known = env.var(&name).is_some_and(|var| var.secret);
                            let secret = known || mask.covers(&value);
                            HandedOnValue {
                                name,
                                value,
                                secret,
                            }
                        })
                        .collect();
                }
                Err(errors) => found.extend(errors),
            }
        }
        if let Some(source) = path {
            let lines = source.text().lines().map(str::trim);
            handed_on.path = lines
                .filter(|line| !line.is_empty() && !line.starts_with('#'))
                .map(str::to_owned)
                .collect();
        }
        if let Some(source) = outputs {
            match read_masked(source, mask, castfile::handed_on_outputs) {
                Ok(values) => {
                    handed_on.outputs = values
                        .into_iter()
                        .map(|(name, value)| HandedOnValue {
                            secret: mask.covers(&value),
                            name,
                            value,
                        })
                        .collect();
                }
                Err(errors) => found.extend(errors),
            }
        }
        if !found.is_empty() {
            return Err(found);
        }
        self.pass_on(&handed_on, &texts)
            .map_err(stuck("add to the files of the outer run"))?;
        Ok(handed_on)
    }

    /// Adds what was handed on to the files of an outer run.
    fn pass_on(&self, handed_on: &HandedOn, texts: &[Option<Source>; 3]) -> io::Result<()> {
        let [vars, path, outputs] = &self.outer;
        if let Some(file) = vars
            && !handed_on.env.is_empty()
        {
            // As values, not as the text they came from: that was expanded here and now.
            let mut lines = String::new();
            for var in &handed_on.env {
                let value = dotenv::quote(&var.value);
                lines.extend([&var.name, "=", &value, "\n"]);
            }
            append(file, &lines)?;
        }
        for (file, text) in [(path, &texts[1]), (outputs, &texts[2])] {
            if let (Some(file), Some(text)) = (file, text) {
                append(file, text.text())?;
            }
        }
        Ok(())
    }

    /// The content of the three files, which are gone after that; nothing where the task removed
    /// one.
    fn read(&self, step: usize) -> io::Result<[(&'static str, Vec<u8>); 3]> {
        let mut contents = FILES.map(|(variable, _)| (variable, Vec::new()));
        let files = self.files.borrow_mut().remove(&step).unwrap_or_default();
        for ((_, content), file) in contents.iter_mut().zip(&files) {
            match fs_err::metadata(file) {
                // Most tasks write nothing, so most files need not be opened.
                Ok(found) if found.len() == 0 => {}
                Ok(_) => *content = fs_err::read(file)?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(contents)
    }
}

/// The files cannot be used.
pub(super) struct Stuck {
    doing: &'static str,
    error: io::Error,
}

impl Stuck {
    pub(super) fn diagnostic(self) -> Diagnostic {
        let Self { doing, error } = self;
        Diagnostic::error(
            "cast::temporary-files",
            format!("cannot {doing} through which a task hands on values: {error}"),
        )
        .help("`TMPDIR` names the directory for temporary files")
    }
}

/// Reads values; the findings show the text with its secrets masked.
fn read_masked<T>(
    source: &Source,
    mask: &Mask,
    read: impl Fn(&Source) -> Result<T, Vec<Diagnostic>>,
) -> Result<T, Vec<Diagnostic>> {
    read(source).map_err(|found| {
        if !mask.covers(source.text()) {
            return found;
        }
        let masked = Source::new(source.name(), mask.text(source.text()));
        read(&masked).err().unwrap_or_else(|| {
            // Only a secret is to blame, so there is nothing to point at.
            let strip = |mut found: Diagnostic| {
                found.labels.clear();
                found.fix = None;
                found
            };
            found.into_iter().map(strip).collect()
        })
    })
}

/// Adds lines to a file in one piece, so that those of runs side by side do not mix.
fn append(path: &Utf8Path, lines: &str) -> io::Result<()> {
    let mut file = fs_err::OpenOptions::new()
        .read(true)
        .append(true)
        .open(path)?;
    let mut last = [b'\n'];
    if file.seek(SeekFrom::End(0))? > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    let start = if last == *b"\n" { "" } else { "\n" };
    let end = if lines.ends_with('\n') { "" } else { "\n" };
    file.write_all(format!("{start}{lines}{end}").as_bytes())
}
