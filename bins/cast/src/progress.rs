//! What a run says while it goes on. Everything is a message: the tasks' own output is the data.

use std::io::Write as _;

use cast_runner::{Event, Observer, SkipReason, Stream, signal_name};
use castfile::TaskId;

use crate::ui::{Ui, bold, red, yellow};

/// Prints headers, skips and failures as the original does, on standard error.
pub(crate) struct Progress<'u, 'i, 'w> {
    ui: &'u mut Ui<'i, 'w>,
    /// The task whose header was the last thing said.
    headed: Option<TaskId>,
}

impl<'u, 'i, 'w> Progress<'u, 'i, 'w> {
    pub(crate) fn new(ui: &'u mut Ui<'i, 'w>) -> Self {
        Self { ui, headed: None }
    }
}

impl Observer for Progress<'_, '_, '_> {
    fn event(&mut self, event: &Event<'_>) {
        let color = self.ui.err_color;
        let headed = self.headed.take();
        match event {
            Event::Started { task } => {
                self.headed = Some(task.id().clone());
                let name = bold(&task.display_name(), color);
                self.ui.note(format!("\n{name}"));
                // The task writes to the same streams.
                self.ui.io.flush();
            }
            Event::Skipped { task, reason } => {
                let name = bold(&task.display_name(), color);
                self.ui.note(match reason {
                    SkipReason::EarlierFailure => {
                        format!("{name} (skipped: a task before it failed)")
                    }
                    SkipReason::Interrupted => format!("{name} (skipped: interrupted)"),
                    _ => format!("{name} (skipped)"),
                });
            }
            Event::Refused { task, diagnostics } => {
                // Right below its header a task need not be named again.
                if headed.as_ref() != Some(task.id()) {
                    let name = bold(&task.display_name(), color);
                    self.ui.note(format!("\n{name} {}", red("(failed)", color)));
                }
                self.ui.findings(diagnostics);
            }
            Event::Failed { task, code, signal } => {
                let how = match signal {
                    Some(signal) => match signal_name(*signal) {
                        Some(name) => format!("ended by {name}"),
                        None => format!("ended by signal {signal}"),
                    },
                    None => format!("exit status {code}"),
                };
                let text = format!("{} failed: {how}", task.display_name());
                self.ui.io.message(format!("{}\n", red(&text, color)));
            }
            Event::TimedOut { task, after } => {
                let after = castfile::duration::format(*after);
                let text = format!("{} (timed out after {after})", task.display_name());
                self.ui.io.message(format!("{}\n", yellow(&text, color)));
            }
            Event::Output { task, stream, line } => {
                let on_out = *stream == Stream::Stdout;
                let color = if on_out {
                    self.ui.out_color
                } else {
                    self.ui.err_color
                };
                let mut text = Vec::with_capacity(line.len() + 32);
                let prefix = bold(&format!("[{}]", task.display_name()), color);
                // Writing to a vector does not fail.
                let _written = write!(text, "{prefix} ");
                text.extend_from_slice(line);
                text.push(b'\n');
                if on_out {
                    self.ui.io.data(text);
                    self.ui.io.flush();
                } else {
                    self.ui.io.message(text);
                }
            }
            _ => {}
        }
    }
}
