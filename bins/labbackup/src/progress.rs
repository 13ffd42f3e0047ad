//! Bars on a terminal, lines elsewhere.

use std::sync::{Arc, Mutex};

use backup::run::{DumpReport, Event, Observer};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::commands::size;

/// Shows what happens.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    lines: Mutex<Vec<String>>,
}

impl Progress {
    /// Bars, if `shown`.
    pub(crate) fn new(shown: bool) -> Self {
        let bar = shown.then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{spinner} {msg} {bytes} ({bytes_per_sec})");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar
        });
        Self {
            bar,
            lines: Mutex::default(),
        }
    }

    /// What is told of bytes.
    pub(crate) fn bytes(&self) -> Option<Arc<dyn Fn(u64) + Send + Sync>> {
        let bar = self.bar.clone()?;
        Some(Arc::new(move |bytes| bar.inc(bytes)))
    }

    /// What there was to say.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn say(&self, text: String) {
        match &self.bar {
            Some(bar) => bar.println(text),
            None => self
                .lines
                .lock()
                .map(|mut lines| lines.push(text))
                .unwrap_or_default(),
        }
    }

    /// The lines that were not shown while they happened.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.lines
            .lock()
            .map(|mut lines| std::mem::take(&mut *lines))
            .unwrap_or_default()
    }
}

impl Observer for Progress {
    fn event(&self, event: &Event<'_>) {
        match event {
            Event::Quiesced { container } => self.say(format!("stopped  {container}")),
            Event::Resumed { container } => self.say(format!("started  {container}")),
            Event::Begins { what, .. } => {
                if let Some(bar) = &self.bar {
                    bar.reset();
                    bar.set_message((*what).to_owned());
                    bar.enable_steady_tick(std::time::Duration::from_millis(200));
                }
            }
            Event::Ends { report } => self.say(line(report)),
            _ => {}
        }
    }
}

/// One dump in one line.
fn line(report: &DumpReport) -> String {
    match &report.file {
        Some(file) => format!(
            "dumped   {} ({}): {} tables, {} rows, {}: {file}",
            report.service,
            report.part,
            report.tables,
            report.rows,
            size(report.bytes)
        ),
        None => format!("failed   {} ({})", report.service, report.part),
    }
}
