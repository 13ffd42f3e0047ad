//! Programs run inside of containers.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use bollard::container::LogOutput;
use bollard::exec::{CreateExecOptions, StartExecOptions, StartExecResults};
use futures_util::{Stream, StreamExt as _};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::time::{Instant, sleep};

use crate::{Engine, Error};

/// How long the engine may take to note that a program has ended, after its output has.
const NOTED: Duration = Duration::from_secs(10);
/// How long a program may take to end after SIGTERM, before SIGKILL.
const GRACE: Duration = Duration::from_secs(5);

/// A program to run inside of a container.
///
/// The environment is passed to the engine's API, not on a command line; `Debug` shows its names
/// alone.
#[derive(Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct Command {
    words: Vec<String>,
    env: Vec<(String, String)>,
    user: Option<String>,
    dir: Option<String>,
    input: bool,
    cancellable: bool,
}

impl Command {
    /// A program and its arguments, without a shell.
    pub fn new<W: Into<String>>(words: impl IntoIterator<Item = W>) -> Self {
        Self {
            words: words.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// Sets a variable.
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Runs it as this user, `name` or `uid:gid`; as the container's own unless said.
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// Runs it in this directory.
    pub fn dir(mut self, dir: impl Into<String>) -> Self {
        self.dir = Some(dir.into());
        self
    }

    /// Gives it a standard input, see [`Running::take_input`].
    pub fn with_input(mut self) -> Self {
        self.input = true;
        self
    }

    /// Makes [`Running::cancel`] possible. The container has to have `sh`, which tells the number of
    /// the process and then becomes the program.
    pub fn cancellable(mut self) -> Self {
        self.cancellable = true;
        self
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.env.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Command")
            .field("words", &self.words)
            .field("env", &names)
            .field("user", &self.user)
            .field("dir", &self.dir)
            .finish_non_exhaustive()
    }
}

/// A program that runs inside of a container. Dropping it leaves the program alone.
pub struct Running {
    engine: Engine,
    container: String,
    id: String,
    output: Pin<Box<dyn Stream<Item = Result<LogOutput, bollard::errors::Error>> + Send>>,
    input: Option<Input>,
    /// What came with the number of the process.
    before: VecDeque<Output>,
    process: Option<u32>,
    ended: bool,
}

/// Something that a program wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// To standard output.
    Out(Vec<u8>),
    /// To standard error.
    Err(Vec<u8>),
}

/// The standard input of a program.
pub struct Input(Pin<Box<dyn AsyncWrite + Send>>);

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Input")
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running")
            .field("container", &self.container)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Input {
    /// Writes octets; waits while the program does not read.
    ///
    /// # Errors
    /// When the program has ended or the connection is lost.
    pub async fn write(&mut self, octets: &[u8]) -> std::io::Result<()> {
        self.0.write_all(octets).await
    }

    /// Tells the program that there is no more.
    ///
    /// # Errors
    /// As [`Input::write`].
    pub async fn end(mut self) -> std::io::Result<()> {
        self.0.flush().await?;
        self.0.shutdown().await
    }
}

impl Engine {
    /// Starts a program inside of a running container, which is given by name or identifier.
    ///
    /// ```no_run
    /// # async fn example(engine: engine::Engine) -> Result<(), engine::Error> {
    /// use engine::{Command, Output};
    ///
    /// let command = Command::new(["pg_dump", "-Fc", "shop"]).user("postgres");
    /// let mut running = engine.exec("shop-db-1", &command).await?;
    /// while let Some(output) = running.next().await? {
    ///     match output {
    ///         Output::Out(octets) => println!("{} octets", octets.len()),
    ///         Output::Err(text) => eprint!("{}", String::from_utf8_lossy(&text)),
    ///     }
    /// }
    /// assert_eq!(running.exit_code().await?, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`] without such a container, [`Error::Refused`] if it does not run. That the
    /// program is not there shows in its exit code, 126 or 127.
    pub async fn exec(&self, container: &str, command: &Command) -> Result<Running, Error> {
        let action = format!("run a program in the container `{container}`");
        let mut words = command.words.clone();
        if command.cancellable {
            let wrapper = ["sh", "-c", "echo $$; exec \"$@\"", "sh"];
            words.splice(0..0, wrapper.map(str::to_owned));
        }
        let env = command
            .env
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let options = CreateExecOptions {
            attach_stdin: Some(command.input),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            // A terminal would mix both streams and change line ends.
            tty: Some(false),
            env: Some(env.collect()),
            cmd: Some(words),
            user: command.user.clone(),
            working_dir: command.dir.clone(),
            ..CreateExecOptions::default()
        };
        let created = self.docker.create_exec(container, options).await;
        let id = created.map_err(|error| self.failed(&action, error))?.id;
        let started = self.docker.start_exec(&id, None::<StartExecOptions>).await;
        let started = started.map_err(|error| self.failed(&action, error))?;
        let StartExecResults::Attached { output, input } = started else {
            return Err(broken(&action, "the engine gives no stream"));
        };
        let mut running = Running {
            engine: self.clone(),
            container: container.to_owned(),
            id,
            output,
            input: command.input.then_some(Input(input)),
            before: VecDeque::new(),
            process: None,
            ended: false,
        };
        if command.cancellable {
            running.read_process().await?;
        }
        Ok(running)
    }
}

impl Running {
    /// The standard input, once, if the command asked for one. It can be moved to another task, so
    /// that a program that writes while it reads does not wait for ever.
    pub fn take_input(&mut self) -> Option<Input> {
        self.input.take()
    }

    /// What the program writes next; `None` when it has closed both streams.
    ///
    /// # Errors
    /// When the stream breaks. An end in the middle of a piece is an error and never data.
    pub async fn next(&mut self) -> Result<Option<Output>, Error> {
        if let Some(before) = self.before.pop_front() {
            return Ok(Some(before));
        }
        loop {
            let output = match self.output.next().await {
                None => {
                    self.ended = true;
                    return Ok(None);
                }
                Some(Err(error)) => return Err(self.engine.failed(&self.action(), error)),
                Some(Ok(LogOutput::StdOut { message })) => Output::Out(message.into()),
                Some(Ok(LogOutput::StdErr { message })) => Output::Err(message.into()),
                Some(Ok(LogOutput::StdIn { .. })) => continue,
                // What is left of a piece that was cut off comes like this, and so does what has no
                // header: there is no terminal that could write it.
                Some(Ok(LogOutput::Console { .. })) => {
                    return Err(broken(
                        &self.action(),
                        "the stream was cut off in the middle",
                    ));
                }
            };
            match &output {
                Output::Out(octets) | Output::Err(octets) if octets.is_empty() => {}
                _ => return Ok(Some(output)),
            }
        }
    }

    /// The exit code of the program, once it has ended; what it still writes is passed over.
    ///
    /// # Errors
    /// When the stream breaks, or the engine does not say how the program ended.
    pub async fn exit_code(mut self) -> Result<i64, Error> {
        while !self.ended {
            self.next().await?;
        }
        match self.wait(NOTED).await? {
            Some(code) => Ok(code),
            None => Err(broken(
                &self.action(),
                "the engine does not say how it ended",
            )),
        }
    }

    /// Ends the program and all that it has started in its process group: SIGTERM, and SIGKILL after five
    /// seconds. Closing the connection alone would let it run on.
    ///
    /// # Errors
    /// When the command was not [cancellable](Command::cancellable), or the program does not end.
    pub async fn cancel(mut self) -> Result<(), Error> {
        let Some(process) = self.process else {
            return Err(broken(
                &self.action(),
                "it was not started so that it can be cancelled",
            ));
        };
        self.input = None;
        for signal in ["TERM", "KILL"] {
            if self.wait(Duration::ZERO).await?.is_some() {
                return Ok(());
            }
            // The engine makes every such program the leader of a group.
            let group =
                format!("kill -s {signal} -- -{process} 2>/dev/null || kill -s {signal} {process}");
            let kill = Command::new(["sh", "-c", group.as_str()]).user("0");
            let killing = Box::pin(self.engine.exec(&self.container, &kill)).await?;
            Box::pin(killing.exit_code()).await?;
            if self.wait(GRACE).await?.is_some() {
                return Ok(());
            }
        }
        Err(broken(&self.action(), "it does not end"))
    }

    fn action(&self) -> String {
        format!("follow the program in the container `{}`", self.container)
    }

    /// Reads the number of the process, which is the first line of the output. What the program wrote
    /// to standard error may come in front of it.
    async fn read_process(&mut self) -> Result<(), Error> {
        let mut line = Vec::new();
        let mut before = VecDeque::new();
        while !line.contains(&b'\n') {
            match self.next().await? {
                None => break,
                Some(Output::Out(octets)) => line.extend(octets),
                Some(output) => before.push_back(output),
            }
        }
        let end = line.iter().position(|octet| *octet == b'\n');
        let number = end.and_then(|end| std::str::from_utf8(&line[..end]).ok()?.parse().ok());
        if let (Some(end), Some(_)) = (end, number) {
            line.drain(..=end);
        }
        // Without a shell, the first line says so.
        self.process = number;
        if !line.is_empty() {
            before.push_back(Output::Out(line));
        }
        self.before = before;
        Ok(())
    }

    /// Asks how the program ended until the engine knows, for this long at most.
    async fn wait(&self, patience: Duration) -> Result<Option<i64>, Error> {
        let end = Instant::now() + patience;
        let mut pause = Duration::from_millis(5);
        loop {
            let found = self.engine.docker.inspect_exec(&self.id).await;
            let found = found.map_err(|error| self.engine.failed(&self.action(), error))?;
            if found.running == Some(false)
                && let Some(code) = found.exit_code
            {
                return Ok(Some(code));
            }
            if Instant::now() >= end {
                return Ok(None);
            }
            sleep(pause.min(end.saturating_duration_since(Instant::now()))).await;
            pause = (pause * 2).min(Duration::from_millis(200));
        }
    }
}

fn broken(action: &str, why: &'static str) -> Error {
    Error::Request {
        action: action.to_owned(),
        source: why.into(),
    }
}
