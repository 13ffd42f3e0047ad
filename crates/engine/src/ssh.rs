//! An engine on another machine, behind the program `ssh`.
//!
//! Each connection is a process of its own, `ssh HOST docker system dial-stdio`, as the docker client
//! makes it: settings, keys, jump hosts and shared connections are those of the user's ssh.

use std::io;
use std::pin::Pin;
use std::process::Stdio;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bollard::{API_DEFAULT_VERSION, BollardRequest, Docker};
use hyper::Uri;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;
use tower_service::Service;

/// How much of what ssh says is read.
const SAID: u64 = 64 * 1024;

/// An engine behind `[user@]host[:port]`. Nothing is started before the first request.
pub(crate) fn connect(machine: &str, timeout: u64) -> Result<Docker, bollard::errors::Error> {
    let client = Client::builder(TokioExecutor::new()).build(Dial {
        args: arguments(machine).into(),
    });
    let client = Arc::new(client);
    let transport = move |request: BollardRequest| {
        let client = Arc::clone(&client);
        Box::pin(async move { Ok(client.request(request).await?) })
    };
    // The host is a word for the header alone, as the docker client has it.
    Docker::connect_with_custom_transport(
        transport,
        Some("http://docker.example.com"),
        timeout,
        API_DEFAULT_VERSION,
    )
}

/// The arguments of ssh. The endpoint has made sure that no part of it is taken for an option.
fn arguments(machine: &str) -> Vec<String> {
    let (user, rest) = match machine.rsplit_once('@') {
        Some((user, rest)) => (Some(user), rest),
        None => (None, machine),
    };
    let (host, port) = match rest.rsplit_once(':') {
        // An IPv6 address has colons of its own, and brackets around it where a port can follow.
        Some((host, port))
            if port.parse::<u16>().is_ok() && (!host.contains(':') || host.ends_with(']')) =>
        {
            (host, Some(port))
        }
        _ => (rest, None),
    };
    let host = host.strip_prefix('[').unwrap_or(host);
    let host = host.strip_suffix(']').unwrap_or(host);
    let mut args: Vec<String> = ["-T", "-o", "BatchMode=yes"].map(str::to_owned).into();
    for (option, value) in [("-l", user), ("-p", port)] {
        if let Some(value) = value {
            args.extend([option.to_owned(), value.to_owned()]);
        }
    }
    args.extend(["--", host, "docker", "system", "dial-stdio"].map(str::to_owned));
    args
}

/// Makes connections.
#[derive(Clone)]
struct Dial {
    args: Arc<[String]>,
}

impl Service<Uri> for Dial {
    type Response = TokioIo<Dialled>;
    type Error = io::Error;
    type Future = std::future::Ready<Result<Self::Response, io::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        std::future::ready(Dialled::start(&self.args).map(TokioIo::new))
    }
}

/// A connection. The process ends with it.
struct Dialled {
    _child: Child,
    stdin: ChildStdin,
    stdout: ChildStdout,
    /// What ssh says, once it has ended.
    said: JoinHandle<String>,
    /// Whether the engine has ever answered: if not, ssh says why.
    answered: bool,
}

impl Dialled {
    fn start(args: &[String]) -> io::Result<Self> {
        let mut child = Command::new("ssh")
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Ctrl-C is for us: what was stopped has to be started again over this connection.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| io::Error::other(format!("cannot start `ssh`: {error}")))?;
        let gone = || io::Error::from(io::ErrorKind::BrokenPipe);
        let stdin = child.stdin.take().ok_or_else(gone)?;
        let stdout = child.stdout.take().ok_or_else(gone)?;
        let stderr = child.stderr.take().ok_or_else(gone)?;
        let said = tokio::spawn(async move {
            let mut text = Vec::new();
            stderr.take(SAID).read_to_end(&mut text).await.ok();
            String::from_utf8_lossy(&text).into_owned()
        });
        Ok(Self {
            _child: child,
            stdin,
            stdout,
            said,
            answered: false,
        })
    }
}

impl AsyncRead for Dialled {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stdout).poll_read(cx, buffer))?;
        if buffer.filled().len() > before {
            self.answered = true;
        }
        if self.answered {
            return Poll::Ready(Ok(()));
        }
        let said = ready!(Pin::new(&mut self.said).poll(cx)).unwrap_or_default();
        let mut lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
        let why = lines.next_back().unwrap_or("`ssh` has ended").to_owned();
        // Whoever reads on gets the end.
        self.answered = true;
        Poll::Ready(Err(io::Error::other(why)))
    }
}

impl AsyncWrite for Dialled {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match ready!(Pin::new(&mut self.stdin).poll_write(cx, bytes)) {
            // Why it has ended before any answer is found out by reading.
            Err(_) if !self.answered => Poll::Ready(Ok(bytes.len())),
            written => Poll::Ready(written),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stdin).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stdin).poll_shutdown(cx)
    }
}

impl Connection for Dialled {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

#[cfg(test)]
mod tests {
    use super::arguments;

    #[test]
    fn user_host_and_port_are_arguments_of_their_own() {
        for (machine, meant) in [
            ("nas", "-- nas"),
            ("me@nas", "-l me -- nas"),
            ("me@nas:2222", "-l me -p 2222 -- nas"),
            ("nas:2222", "-p 2222 -- nas"),
            ("me@[fd00::1]:22", "-l me -p 22 -- fd00::1"),
            ("[fd00::1]", "-- fd00::1"),
            ("fd00::1", "-- fd00::1"),
            ("a@b@nas", "-l a@b -- nas"),
        ] {
            let args = arguments(machine).join(" ");
            let rest = args.strip_prefix("-T -o BatchMode=yes ").unwrap();
            let rest = rest.strip_suffix(" docker system dial-stdio").unwrap();
            assert_eq!(rest, meant, "{machine}");
        }
    }
}
