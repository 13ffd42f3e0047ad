//! Files of a container, as tar archives.

use std::fmt;
use std::io;
use std::pin::Pin;

use bollard::query_parameters::{DownloadFromContainerOptions, UploadToContainerOptions};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};

use crate::{Engine, Error};

/// A path of a container on its way out, as a tar archive.
#[must_use]
pub struct Archive {
    stream: Pin<Box<dyn Stream<Item = Result<Bytes, bollard::errors::Error>> + Send>>,
    engine: Engine,
    action: String,
}

impl Engine {
    /// Reads a file or directory of a container, also of one that does not run. The archive has one
    /// entry of the path's last name, and all that lies below it.
    ///
    /// The path itself is not followed when it is a symbolic link. Nothing is asked of the engine
    /// before the first [`Archive::read`].
    pub fn archive(&self, container: &str, path: &str) -> Archive {
        let options = DownloadFromContainerOptions {
            path: path.to_owned(),
        };
        // The stream borrows nothing of the client, but says it does.
        let docker = self.docker.clone();
        let name = container.to_owned();
        let stream = async move { docker.download_from_container(&name, Some(options)) };
        Archive {
            stream: Box::pin(futures_util::stream::once(stream).flatten()),
            engine: self.clone(),
            action: format!("read `{path}` of the container `{container}`"),
        }
    }

    /// Unpacks a tar archive into a directory of a container, which has to exist. The container need
    /// not run. An error of the stream ends the upload; what was unpacked until then stays.
    ///
    /// # Errors
    /// [`Error::NotFound`] without the container or the directory, [`Error::Refused`] when the
    /// archive is damaged or the directory cannot be written to, and those of any request.
    pub async fn unpack(
        &self,
        container: &str,
        directory: &str,
        tar: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Result<(), Error> {
        let options = UploadToContainerOptions {
            path: directory.to_owned(),
            ..UploadToContainerOptions::default()
        };
        let body = bollard::body_try_stream(tar);
        let done = self
            .docker
            .clone()
            // It answers when all is written.
            .with_timeout(std::time::Duration::from_secs(24 * 3600))
            .upload_to_container(container, Some(options), body)
            .await;
        let action = format!("write to `{directory}` of the container `{container}`");
        done.map_err(|error| self.failed(&action, error))
    }
}

impl Archive {
    /// The next piece of the archive; `None` at its end. An archive that was cut off lacks the two
    /// empty blocks with which each ends.
    ///
    /// # Errors
    /// [`Error::NotFound`] without the container or the path, and those of any request.
    pub async fn read(&mut self) -> Result<Option<Bytes>, Error> {
        match self.stream.next().await {
            None => Ok(None),
            Some(Ok(bytes)) => Ok(Some(bytes)),
            Some(Err(error)) => Err(self.engine.failed(&self.action, error)),
        }
    }
}

impl fmt::Debug for Archive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Archive")
            .field("action", &self.action)
            .finish_non_exhaustive()
    }
}
