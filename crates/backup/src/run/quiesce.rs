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
    /// Nothing yet. What is added is written down in the target directory.
    pub fn new(target: &Utf8Path) -> Self {
        Self {
            journal: journal(target),
            entries: Vec::new(),
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
        self.write(&self.entries)?;
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
        // Those that could not be helped, for the next run.
        let mut left = Vec::new();
        while let Some(entry) = self.entries.pop() {
            let result = entry.resume(engine).await;
            results.push((entry.name.clone(), result));
            if results.last().is_some_and(|(_, result)| result.is_err()) {
                left.insert(0, entry);
                continue;
            }
            // A journal that is too long is no harm: what runs is left alone.
            self.write(self.entries.iter().chain(&left)).ok();
        }
        if results.iter().all(|(_, result)| result.is_ok()) {
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

/// Lets run again what a killed run has left stopped, and returns the names.
///
/// # Errors
/// When one of them cannot be started; it stays written down.
pub async fn recover(engine: &Engine, target: &Utf8Path) -> Result<Vec<String>, Error> {
    let path = journal(target);
    let text = match fs_err::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::file("read", path, error)),
    };
    let damaged = |error: serde_json::Error| Error::Damaged {
        path: path.clone(),
        why: error.to_string(),
    };
    let entries: Vec<Entry> = serde_json::from_slice(&text).map_err(damaged)?;
    let mut names = Vec::new();
    for entry in entries.into_iter().rev() {
        entry.resume(engine).await?;
        names.push(entry.name);
    }
    fs_err::remove_file(&path).map_err(|error| Error::file("remove", path, error))?;
    Ok(names)
}
