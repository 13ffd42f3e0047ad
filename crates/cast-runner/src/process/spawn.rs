//! Starting programs.

use std::io::{self, BufRead as _, PipeReader, PipeWriter};
use std::os::fd::OwnedFd;
use std::process::Stdio;

use camino::Utf8Path;
use nix::unistd::Pid;
use tokio::process::{Child, ChildStdout, Command};

use super::group::Group;
use super::{Options, Output, Stdin, Vars};
use crate::{Error, Invocation};

/// Programs that were started, connected by pipes.
pub(super) struct Started {
    pub(super) group: Group,
    pub(super) children: Vec<Child>,
    /// The reading ends, unless the output is inherited.
    pub(super) stdout: Option<ChildStdout>,
    pub(super) stderr: Option<ChildStdout>,
}

/// Starts all stages in a group of their own; `None` if there are none.
pub(super) fn start(
    stages: &[Invocation],
    env: &Vars,
    cwd: &Utf8Path,
    options: &Options,
) -> Result<Option<Started>, Error> {
    let Some((last, _)) = stages.split_last() else {
        return Ok(None);
    };
    let failed = |invocation: &Invocation| {
        let program = invocation.program.clone();
        move |source: io::Error| Error::Start { program, source }
    };

    let (stdout, stderr) = match options.output {
        Output::Inherit => (Pipe::default(), Pipe::default()),
        _ => (
            Pipe::new().map_err(failed(last))?,
            Pipe::new().map_err(failed(last))?,
        ),
    };
    let mut group: Option<Group> = None;
    let mut children = Vec::with_capacity(stages.len());
    let mut input: Option<PipeReader> = None;
    for (index, stage) in stages.iter().enumerate() {
        let mut command = Command::new(&stage.program);
        command
            .args(&stage.args)
            .env_clear()
            .envs(options.raw_vars.iter().map(|(name, value)| (name, value)))
            .envs(env)
            .env("PWD", cwd)
            .current_dir(cwd)
            .process_group(group.as_ref().map_or(0, |group| group.id().as_raw()));
        if let Some(name) = &stage.arg0 {
            command.arg0(name);
        }
        command.stdin(match input.take() {
            Some(reader) => Stdio::from(reader),
            None if options.stdin == Stdin::Inherit => Stdio::inherit(),
            None => Stdio::null(),
        });
        if index + 1 < stages.len() {
            let (reader, writer) = io::pipe().map_err(failed(stage))?;
            command.stdout(writer);
            input = Some(reader);
        } else {
            command.stdout(stdout.stdio().map_err(failed(stage))?);
        }
        command.stderr(stderr.stdio().map_err(failed(stage))?);

        let child = command
            .spawn()
            .map_err(|source| explain(stage, cwd, source))?;
        if group.is_none() {
            group = child
                .id()
                .and_then(|id| i32::try_from(id).ok())
                .map(|id| Group::new(Pid::from_raw(id)));
        }
        children.push(child);
    }
    let stdout = stdout.reading_end().map_err(failed(last))?;
    let stderr = stderr.reading_end().map_err(failed(last))?;
    Ok(group.map(|group| Started {
        group,
        children,
        stdout,
        stderr,
    }))
}

/// A pipe for output, or nothing where output is inherited.
#[derive(Default)]
struct Pipe(Option<(PipeReader, PipeWriter)>);

impl Pipe {
    fn new() -> io::Result<Self> {
        io::pipe().map(|ends| Self(Some(ends)))
    }

    fn stdio(&self) -> io::Result<Stdio> {
        match &self.0 {
            None => Ok(Stdio::inherit()),
            Some((_, writer)) => writer.try_clone().map(Stdio::from),
        }
    }

    /// Closes our copy of the writing end, so that reading ends with the programs.
    fn reading_end(self) -> io::Result<Option<ChildStdout>> {
        let Some((reader, _)) = self.0 else {
            return Ok(None);
        };
        ChildStdout::from_std(std::process::ChildStdout::from(OwnedFd::from(reader))).map(Some)
    }
}

/// "No such file" can mean three files; find out which.
fn explain(stage: &Invocation, cwd: &Utf8Path, source: io::Error) -> Error {
    let program = stage.program.clone();
    if source.kind() == io::ErrorKind::NotFound {
        if !cwd.as_std_path().is_dir() {
            return Error::MissingDirectory {
                cwd: cwd.to_path_buf(),
            };
        }
        if let Some(interpreter) = interpreter(&program) {
            return Error::MissingInterpreter {
                program,
                interpreter,
            };
        }
    }
    Error::Start { program, source }
}

/// What a script's first line asks for.
fn interpreter(program: &Utf8Path) -> Option<String> {
    let mut line = Vec::new();
    let file = std::fs::File::open(program).ok()?;
    // the kernel reads no more than 256 bytes either
    io::BufReader::new(io::Read::take(file, 256))
        .read_until(b'\n', &mut line)
        .ok()?;
    let line = String::from_utf8_lossy(&line);
    line.strip_prefix("#!").map(|rest| rest.trim().to_owned())
}
