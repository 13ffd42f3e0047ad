//! Starting, stopping, freezing and removing containers.

use std::time::Duration;

use bollard::query_parameters::{
    RemoveContainerOptions, RestartContainerOptions, StartContainerOptions, StopContainerOptions,
};

use crate::{Engine, Error};

/// What the engine itself may take on top of the time it was given.
const SLACK: Duration = Duration::from_secs(60);

/// How long the engine waits before it kills, unless something else is said.
const DEFAULT_GRACE: Duration = Duration::from_secs(10);

impl Engine {
    /// Starts a container, by its identifier or name; nothing happens when it runs already.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Refused`], and those of any request.
    pub async fn start(&self, container: &str) -> Result<(), Error> {
        let done = self
            .docker
            .start_container(container, None::<StartContainerOptions>)
            .await;
        done.map_err(|error| self.failed(&format!("start the container `{container}`"), error))
    }

    /// Stops a container with its stop signal, and kills it after `grace` (whole seconds; its own
    /// stop time-out if `None`, which is 10 seconds usually). Returns when it has ended; nothing
    /// happens when it does not run.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Refused`], and those of any request.
    pub async fn stop(&self, container: &str, grace: Option<Duration>) -> Result<(), Error> {
        let own = match grace {
            Some(grace) => grace,
            None => self.details(container).await?.stop_timeout,
        };
        let options = StopContainerOptions {
            t: grace.map(seconds),
            ..StopContainerOptions::default()
        };
        let docker = self.docker.clone().with_timeout(own + SLACK);
        let done = docker.stop_container(container, Some(options)).await;
        done.map_err(|error| self.failed(&format!("stop the container `{container}`"), error))
    }

    /// Stops a container as [`Engine::stop`] does, and starts it again.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Refused`], and those of any request.
    pub async fn restart(&self, container: &str, grace: Option<Duration>) -> Result<(), Error> {
        let options = RestartContainerOptions {
            t: grace.map(seconds),
            ..RestartContainerOptions::default()
        };
        let limit = grace.unwrap_or(DEFAULT_GRACE) + SLACK;
        let docker = self.docker.clone().with_timeout(limit);
        let done = docker.restart_container(container, Some(options)).await;
        done.map_err(|error| self.failed(&format!("restart the container `{container}`"), error))
    }

    /// Freezes every process of a container.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Refused`] when it is paused or does not run, and those of any
    /// request.
    pub async fn pause(&self, container: &str) -> Result<(), Error> {
        let done = self.docker.pause_container(container).await;
        done.map_err(|error| self.failed(&format!("pause the container `{container}`"), error))
    }

    /// Lets the processes of a paused container go on.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Refused`] when it is not paused, and those of any request.
    pub async fn unpause(&self, container: &str) -> Result<(), Error> {
        let done = self.docker.unpause_container(container).await;
        done.map_err(|error| self.failed(&format!("unpause the container `{container}`"), error))
    }

    /// Kills a container if it runs, and removes it with its anonymous volumes. One that is not
    /// there is not an error.
    ///
    /// # Errors
    /// [`Error::Refused`], and those of any request.
    pub async fn remove(&self, container: &str) -> Result<(), Error> {
        let options = RemoveContainerOptions {
            force: true,
            v: true,
            ..RemoveContainerOptions::default()
        };
        let done = self.docker.remove_container(container, Some(options)).await;
        let done = done
            .map_err(|error| self.failed(&format!("remove the container `{container}`"), error));
        match done {
            Err(Error::NotFound { .. }) => Ok(()),
            other => other,
        }
    }
}

fn seconds(time: Duration) -> i32 {
    i32::try_from(time.as_secs()).unwrap_or(i32::MAX)
}
