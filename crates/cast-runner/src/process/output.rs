//! Reading what programs write.

use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::process::ChildStdout;
use tokio::sync::{mpsc, watch};
use tokio::time::sleep;

use super::{Line, Output, Stream};

/// How long a pipe that a background process keeps open may stay silent after the program ended.
const LINGER: Duration = Duration::from_millis(250);
/// What the program itself can have left in a pipe is less than this (the kernel's limit for the
/// size of a pipe is 1 MiB); what comes after was written later by others.
const LEFT_OVER: usize = 2 * 1024 * 1024;
/// The longest line that is kept together.
const MAX_LINE: usize = 1024 * 1024;
const CHUNK: usize = 16 * 1024;

/// Reads one stream to its end, or until the programs ended (`ended` becomes true) and nothing of
/// theirs is left. Returns what was captured.
pub(super) async fn read(
    stream: Stream,
    pipe: Option<ChildStdout>,
    output: &Output,
    mut ended: watch::Receiver<bool>,
) -> Vec<u8> {
    let Some(mut pipe) = pipe else {
        return Vec::new();
    };
    let mut sink = match output {
        Output::Lines(sender) => Sink::Lines(Lines {
            stream,
            sender: sender.clone(),
            partial: Vec::new(),
        }),
        Output::Inherit | Output::Captured => Sink::Captured(Vec::new()),
    };
    let mut chunk = vec![0; CHUNK];
    let mut left_over = LEFT_OVER;
    while left_over > 0 {
        let read = tokio::select! {
            biased;
            read = pipe.read(&mut chunk) => read,
            () = silence(&mut ended) => break,
        };
        // an error means the same as the end: nothing more can be read
        let Some(bytes) = read
            .ok()
            .and_then(|n| chunk.get(..n))
            .filter(|bytes| !bytes.is_empty())
        else {
            break;
        };
        if *ended.borrow() {
            left_over = left_over.saturating_sub(bytes.len());
        }
        match &mut sink {
            Sink::Captured(captured) => captured.extend_from_slice(bytes),
            Sink::Lines(lines) => lines.take(bytes).await,
        }
    }
    match sink {
        Sink::Captured(captured) => captured,
        Sink::Lines(lines) => {
            lines.finish().await;
            Vec::new()
        }
    }
}

/// Completes some time after the programs ended.
async fn silence(ended: &mut watch::Receiver<bool>) {
    // the sender gone means ended as well; what is returned holds a lock
    drop(ended.wait_for(|ended| *ended).await);
    sleep(LINGER).await;
}

enum Sink {
    Captured(Vec<u8>),
    Lines(Lines),
}

struct Lines {
    stream: Stream,
    sender: mpsc::Sender<Line>,
    partial: Vec<u8>,
}

impl Lines {
    async fn take(&mut self, mut bytes: &[u8]) {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            let (line, rest) = bytes.split_at(end);
            self.partial.extend_from_slice(line);
            self.send(true).await;
            bytes = rest.get(1..).unwrap_or_default();
        }
        self.partial.extend_from_slice(bytes);
        if self.partial.len() >= MAX_LINE {
            self.send(false).await;
        }
    }

    async fn finish(mut self) {
        if !self.partial.is_empty() {
            self.send(false).await;
        }
    }

    async fn send(&mut self, newline: bool) {
        let bytes = std::mem::take(&mut self.partial);
        // nobody wants it any more: the program may write on all the same
        let _sent = self
            .sender
            .send(Line {
                stream: self.stream,
                bytes,
                newline,
            })
            .await;
    }
}
