//! Containers stopped or paused for a while, and running again afterwards.

use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use engine::Engine;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::labels::Stop;
use crate::plan::Quiesce;
use crate::whole::write_whole;

/// What has been stopped or paused, in order.
#[derive(Debug)]
#[must_use]
pub struct Stopped {
    journal: Utf8PathBuf,
    entries: Vec<Entry>,
    /// Those that runs before this one could not start again.
    left: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    id: String,
    name: String,
    paused: bool,
}

fn journal(target: &Utf8Path) -> Utf8PathBuf {
    target.join(".labbackup-stopped.json")
}

impl Stopped {
    /// Nothing yet. What is added is written down in the target directory, beside what earlier runs
    /// could not start again.
    pub fn new(target: &Utf8Path) -> Self {
        Self {
            journal: journal(target),
            entries: Vec::new(),
            // One that cannot be read was an error at the start of the run.
            left: written(target).unwrap_or_default(),
        }
    }

    /// Stops or pauses a container if it runs; `false` if it does not, and is left alone.
    ///
    /// # Errors
    /// Those of the engine; [`Error::File`] when it cannot be written down, and then nothing is done.
    pub async fn add(&mut self, engine: &Engine, quiesce: &Quiesce) -> Result<bool, Error> {
        let Some(running) = &quiesce.running else {
            return Ok(false);
        };
        // As it is now, which need not be as it was when the plan was made.
        let details = engine.details(&running.id).await?;
        if !details.running || details.paused {
            return Ok(false);
        }
        let paused = quiesce.how == Stop::Pause;
        self.entries.push(Entry {
            id: running.id.clone(),
            name: running.name.clone(),
            paused,
        });
        self.write(self.left.iter().chain(&self.entries))?;
        let done = if paused {
            engine.pause(&running.id).await
        } else {
            engine.stop(&running.id, None).await
        };
        done?;
        Ok(true)
    }

    /// Lets everything run again, last first, and says what came of it.
    pub async fn resume(mut self, engine: &Engine) -> Vec<(String, Result<(), Error>)> {
        let mut results = Vec::new();
        while let Some(entry) = self.entries.pop() {
            let result = entry.resume(engine).await;
            results.push((entry.name.clone(), result));
            if results.last().is_some_and(|(_, result)| result.is_err()) {
                self.left.push(entry);
                continue;
            }
            // A journal that is too long is no harm: what runs is left alone.
            self.write(self.left.iter().chain(&self.entries)).ok();
        }
        if self.left.is_empty() {
            fs_err::remove_file(&self.journal).ok();
        }
        results
    }

    fn write<'e>(&self, entries: impl IntoIterator<Item = &'e Entry>) -> Result<(), Error> {
        let entries: Vec<_> = entries.into_iter().collect();
        let text = serde_json::to_vec(&entries).expect("plain data");
        write_whole(&self.journal, &text)
    }
}

impl Entry {
    async fn resume(&self, engine: &Engine) -> Result<(), Error> {
        let mut last = None;
        for pause in [0, 1, 5] {
            tokio::time::sleep(Duration::from_secs(pause)).await;
            let details = match engine.details(&self.id).await {
                Ok(details) => details,
                // It was removed meanwhile: somebody has made another of it.
                Err(engine::Error::NotFound { .. }) => return Ok(()),
                Err(error) => {
                    last = Some(error);
                    continue;
                }
            };
            let done = if details.paused && self.paused {
                engine.unpause(&self.id).await
            } else if !details.running && !self.paused {
                engine.start(&self.id).await
            } else {
                Ok(())
            };
            match done {
                Ok(()) => return Ok(()),
                Err(error) => last = Some(error),
            }
        }
        Err(last.expect("it was tried").into())
    }
}

/// What is written down in a target directory.
fn written(target: &Utf8Path) -> Result<Vec<Entry>, Error> {
    let path = journal(target);
    let text = match fs_err::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::file("read", path, error)),
    };
    serde_json::from_slice(&text).map_err(|error| Error::Damaged {
        path,
        why: error.to_string(),
    })
}

/// Lets run again what earlier runs have left stopped, and says what came of it. What cannot be
/// started stays written down.
///
/// # Errors
/// [`Error::File`] or [`Error::Damaged`] when it cannot be read what that is.
pub async fn recover(
    engine: &Engine,
    target: &Utf8Path,
) -> Result<Vec<(String, Result<(), Error>)>, Error> {
    let mut stopped = Stopped::new(target);
    stopped.left.clear();
    stopped.entries = written(target)?;
    if stopped.entries.is_empty() {
        return Ok(Vec::new());
    }
    Ok(stopped.resume(engine).await)
}
