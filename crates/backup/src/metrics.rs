//! Figures for Prometheus, in the file that node-exporter's textfile collector reads.
//!
//! Every figure has the label `service`. Times are seconds since 1970 in UTC.
//!
//! | Metric | |
//! |---|---|
//! | `labbackup_last_run_timestamp_seconds` | when the last backup ended |
//! | `labbackup_last_run_success` | 1 if it was complete |
//! | `labbackup_last_run_duration_seconds` | how long it took |
//! | `labbackup_last_success_timestamp_seconds` | when the last complete backup ended |
//! | `labbackup_dump_bytes` | its size |
//! | `labbackup_last_drill_timestamp_seconds` | when the last drill ended |
//! | `labbackup_last_drill_success` | 1 if the restore was right |
//! | `labbackup_last_verified_restore_timestamp_seconds` | when a restore was proven last |
//!
//! An alert for what matters: `time() - labbackup_last_verified_restore_timestamp_seconds > 14 * 86400`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;

use camino::Utf8Path;

/// The figures of all services, by name.
pub type Figures = BTreeMap<String, Service>;

/// The figures of one service. What is `None` is not known.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Service {
    /// When the last backup ended, in seconds since 1970.
    pub last_run: Option<i64>,
    /// Whether it was complete.
    pub last_run_success: Option<bool>,
    /// How long it took, in seconds.
    pub last_run_seconds: Option<f64>,
    /// When the last complete backup ended, in seconds since 1970.
    pub last_success: Option<i64>,
    /// Its size in bytes.
    pub bytes: Option<u64>,
    /// When the last drill ended, in seconds since 1970.
    pub last_drill: Option<i64>,
    /// Whether the restore was right.
    pub last_drill_success: Option<bool>,
    /// When a restore was proven last, in seconds since 1970.
    pub last_verified_restore: Option<i64>,
}

impl Service {
    /// Notes a backup that ended at `time` after `seconds`.
    pub fn ran(&mut self, time: i64, seconds: f64, success: bool, bytes: Option<u64>) {
        self.last_run = Some(time);
        self.last_run_success = Some(success);
        self.last_run_seconds = Some(seconds);
        if success {
            self.last_success = Some(time);
            self.bytes = bytes.or(self.bytes);
        }
    }

    /// Notes a drill that ended at `time`.
    pub fn drilled(&mut self, time: i64, success: bool) {
        self.last_drill = Some(time);
        self.last_drill_success = Some(success);
        if success {
            self.last_verified_restore = Some(time);
        }
    }

    /// The value of a metric as text.
    fn value(&self, name: &str) -> Option<String> {
        let time = |time: Option<i64>| time.map(|time| time.to_string());
        let flag = |flag: Option<bool>| flag.map(|flag| u8::from(flag).to_string());
        match name {
            "last_run_timestamp_seconds" => time(self.last_run),
            "last_run_success" => flag(self.last_run_success),
            "last_run_duration_seconds" => {
                self.last_run_seconds.map(|seconds| format!("{seconds:.3}"))
            }
            "last_success_timestamp_seconds" => time(self.last_success),
            "dump_bytes" => self.bytes.map(|bytes| bytes.to_string()),
            "last_drill_timestamp_seconds" => time(self.last_drill),
            "last_drill_success" => flag(self.last_drill_success),
            _ => time(self.last_verified_restore),
        }
    }

    fn set(&mut self, name: &str, value: f64) {
        #[expect(clippy::cast_possible_truncation, reason = "times, well below 2^53")]
        let whole = value as i64;
        let flag = Some(whole != 0);
        match name {
            "last_run_timestamp_seconds" => self.last_run = Some(whole),
            "last_run_success" => self.last_run_success = flag,
            "last_run_duration_seconds" => self.last_run_seconds = Some(value),
            "last_success_timestamp_seconds" => self.last_success = Some(whole),
            "dump_bytes" => self.bytes = u64::try_from(whole).ok(),
            "last_drill_timestamp_seconds" => self.last_drill = Some(whole),
            "last_drill_success" => self.last_drill_success = flag,
            "last_verified_restore_timestamp_seconds" => self.last_verified_restore = Some(whole),
            _ => {}
        }
    }
}

const PREFIX: &str = "labbackup_";

/// Metrics without the prefix, with what they say.
const METRICS: [(&str, &str); 8] = [
    ("last_run_timestamp_seconds", "When the last backup ended."),
    ("last_run_success", "Whether the last backup was complete."),
    (
        "last_run_duration_seconds",
        "How long the last backup took.",
    ),
    (
        "last_success_timestamp_seconds",
        "When the last complete backup ended.",
    ),
    ("dump_bytes", "The size of the last complete backup."),
    (
        "last_drill_timestamp_seconds",
        "When the last restore drill ended.",
    ),
    (
        "last_drill_success",
        "Whether the last restore drill found everything right.",
    ),
    (
        "last_verified_restore_timestamp_seconds",
        "When a restore was proven last.",
    ),
];

/// The figures as text. Services come by name; a metric that nobody has is left out.
pub fn render(figures: &Figures) -> String {
    let mut text = String::new();
    for (name, help) in METRICS {
        let values = figures
            .iter()
            .filter_map(|(service, figures)| Some((service, figures.value(name)?)));
        for (position, (service, value)) in values.enumerate() {
            if position == 0 {
                writeln!(
                    text,
                    "# HELP {PREFIX}{name} {help}\n# TYPE {PREFIX}{name} gauge"
                )
                .ok();
            }
            writeln!(
                text,
                "{PREFIX}{name}{{service=\"{}\"}} {value}",
                escaped(service)
            )
            .ok();
        }
    }
    text
}

/// Reads what [`render`] has written. Lines that are not understood are passed over.
pub fn parse(text: &str) -> Figures {
    let mut figures = Figures::new();
    for line in text.lines() {
        let Some(rest) = line.strip_prefix(PREFIX) else {
            continue;
        };
        let Some((name, rest)) = rest.split_once("{service=\"") else {
            continue;
        };
        let Some((service, value)) = rest.rsplit_once("\"} ") else {
            continue;
        };
        if let Ok(value) = value.trim().parse() {
            figures
                .entry(unescaped(service))
                .or_default()
                .set(name, value);
        }
    }
    figures
}

/// Changes the figures in a file. It is replaced as a whole, so that a reader never sees a part of it,
/// and may be read by everyone. What it says of other services stays.
///
/// # Errors
/// Those of the file system, with the path.
pub fn update(path: &Utf8Path, change: impl FnOnce(&mut Figures)) -> io::Result<()> {
    let mut figures = match fs_err::read_to_string(path) {
        Ok(text) => parse(&text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Figures::new(),
        Err(error) => return Err(error),
    };
    change(&mut figures);
    let name = path.file_name().unwrap_or("labbackup.prom");
    // The collector reads all files that end in `.prom`: this one does not.
    let part = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let written = (|| {
        let mut file = fs_err::File::create(&part)?;
        file.set_permissions(std::fs::Permissions::from_mode(0o644))?;
        file.write_all(render(&figures).as_bytes())?;
        file.sync_all()?;
        fs_err::rename(&part, path)
    })();
    if written.is_err() {
        fs_err::remove_file(&part).ok();
    }
    written
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n') => plain.push('\n'),
                Some(other) => plain.push(other),
                None => {}
            },
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_others_stay() {
        let dir = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(dir.path())
            .unwrap()
            .join("labbackup.prom");
        let odd = "a \"b\"\\n\n\"} 7";
        update(&path, |figures| {
            figures
                .entry(odd.into())
                .or_default()
                .ran(1_700_000_000, 12.5, true, Some(1 << 40));
            figures
                .entry("db".into())
                .or_default()
                .ran(1_700_000_001, 1.0, false, None);
        })
        .unwrap();
        update(&path, |figures| {
            figures
                .entry("db".into())
                .or_default()
                .drilled(1_700_000_002, true);
        })
        .unwrap();
        update(&path, |figures| {
            figures
                .entry("db".into())
                .or_default()
                .drilled(1_700_000_003, false);
        })
        .unwrap();
        let text = fs_err::read_to_string(&path).unwrap();
        let figures = parse(&text);
        assert_eq!(figures[odd].bytes, Some(1 << 40));
        assert_eq!(figures[odd].last_success, Some(1_700_000_000));
        let db = &figures["db"];
        assert_eq!((db.last_success, db.last_run_success), (None, Some(false)));
        assert_eq!(
            (db.last_verified_restore, db.last_drill_success),
            (Some(1_700_000_002), Some(false))
        );
        assert_eq!(render(&figures), text);
        assert!(text.contains("# TYPE labbackup_last_verified_restore_timestamp_seconds gauge\nlabbackup_last_verified_restore_timestamp_seconds{service=\"db\"} 1700000002\n"), "{text}");
        assert_eq!(dir.path().read_dir().unwrap().count(), 1);
        let mode = fs_err::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o644);
        assert!(update(Utf8Path::new("/nonexistent/x.prom"), |_| ()).is_err());
    }
}
