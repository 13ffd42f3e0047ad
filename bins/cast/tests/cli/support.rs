//! A test of the program: files, a command line, what it must print.

#![expect(clippy::unwrap_used, reason = "test helper")]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

/// Nothing here takes that long unless it hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// A directory of its own, a cleared environment, a command line, and what must come of it.
///
/// Expected and found text name the directory `[DIR]`, the home directory `[HOME]` and the `PATH`
/// the test started with `[PATH]`. Standard output and the status must match exactly (nothing and 0
/// unless said otherwise); standard error must match if it is given, and must else hold no finding.
pub(crate) struct Test {
    place: Arc<Place>,
    program: Utf8PathBuf,
    before: Vec<String>,
    cwd: Utf8PathBuf,
    env: BTreeMap<String, String>,
    args: Vec<String>,
    stdin: Option<String>,
    stdout: Option<String>,
    stderr: Option<String>,
    status: i32,
}

/// The directory of a test, removed at its end.
struct Place {
    // Keeps the directory alive.
    _dir: TempDir,
    root: Utf8PathBuf,
}

/// What a run left behind.
pub(crate) struct Ran {
    place: Arc<Place>,
    cwd: Utf8PathBuf,
    env: BTreeMap<String, String>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) status: i32,
}

impl Test {
    pub(crate) fn new() -> Self {
        let dir = TempDir::with_prefix("cast-test-").unwrap();
        let root = Utf8PathBuf::from_path_buf(fs_err::canonicalize(dir.path()).unwrap()).unwrap();
        for name in ["work", "home", "bin", "tmp"] {
            fs_err::create_dir(root.join(name)).unwrap();
        }
        // Tasks that call `cast` reach the program under test.
        let cast = root.join("bin/cast");
        fs_err::os::unix::fs::symlink(env!("CARGO_BIN_EXE_cast"), &cast).unwrap();
        let env = [
            ("PATH", path_of(&root)),
            ("HOME", root.join("home").into_string()),
            (
                "XDG_DATA_HOME",
                root.join("home/.local/share").into_string(),
            ),
            ("XDG_CONFIG_HOME", root.join("home/.config").into_string()),
            ("XDG_CACHE_HOME", root.join("home/.cache").into_string()),
            (
                "XDG_STATE_HOME",
                root.join("home/.local/state").into_string(),
            ),
            ("TMPDIR", root.join("tmp").into_string()),
            ("NO_COLOR", "1".to_owned()),
            ("TZ", "UTC".to_owned()),
            ("LC_ALL", "C".to_owned()),
        ];
        let place = Place { _dir: dir, root };
        Self::at(
            Arc::new(place),
            Utf8PathBuf::new(),
            env.into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    }

    fn at(place: Arc<Place>, cwd: Utf8PathBuf, env: BTreeMap<String, String>) -> Self {
        Self {
            program: place.root.join("bin/cast"),
            before: Vec::new(),
            place,
            cwd,
            env,
            args: Vec::new(),
            stdin: None,
            stdout: None,
            stderr: None,
            status: 0,
        }
    }

    /// The directory of the test: `[DIR]`.
    pub(crate) fn dir(&self) -> Utf8PathBuf {
        self.place.work()
    }

    /// Writes `castfile`.
    pub(crate) fn castfile(self, text: &str) -> Self {
        self.file("castfile", text)
    }

    /// Writes a file; the text loses the indentation that all its lines share.
    pub(crate) fn file(self, path: &str, text: &str) -> Self {
        self.bytes(path, unindent(text).as_bytes())
    }

    /// Writes a file as it is.
    pub(crate) fn bytes(self, path: &str, bytes: &[u8]) -> Self {
        let path = self.dir().join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(&path, bytes).unwrap();
        self
    }

    /// Writes a file that can be run.
    pub(crate) fn exe(self, path: &str, text: &str) -> Self {
        let test = self.file(path, text);
        test.mode(path, 0o755)
    }

    /// Makes a directory.
    pub(crate) fn mkdir(self, path: &str) -> Self {
        fs_err::create_dir_all(self.dir().join(path)).unwrap();
        self
    }

    /// Sets the mode of a file or directory.
    pub(crate) fn mode(self, path: &str, mode: u32) -> Self {
        let path = self.dir().join(path);
        fs_err::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        self
    }

    /// Lets every user into the directory of the test, which the system gives to its maker only.
    pub(crate) fn open_to_all(self) -> Self {
        let mode = std::fs::Permissions::from_mode(0o755);
        fs_err::set_permissions(&self.place.root, mode).unwrap();
        let mode = std::fs::Permissions::from_mode(0o1777);
        fs_err::set_permissions(self.place.root.join("tmp"), mode).unwrap();
        // The program may lie where they cannot go.
        fs_err::remove_file(&self.program).unwrap();
        let program = env!("CARGO_BIN_EXE_cast");
        if fs_err::hard_link(program, &self.program).is_err() {
            fs_err::copy(program, &self.program).unwrap();
        }
        self
    }

    /// Runs in a directory below `[DIR]`, which is made.
    pub(crate) fn cwd(mut self, path: &str) -> Self {
        self.cwd = path.into();
        self.mkdir(path)
    }

    /// Sets a variable; `[DIR]` stands for the directory.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        let value = value.replace("[DIR]", self.dir().as_str());
        self.env.insert(name.to_owned(), value);
        self
    }

    /// Takes a variable away.
    pub(crate) fn no_env(mut self, name: &str) -> Self {
        self.env.remove(name);
        self
    }

    /// The command line; `[DIR]` stands for the directory.
    pub(crate) fn args<'a>(mut self, args: impl IntoIterator<Item = &'a str>) -> Self {
        let dir = self.dir();
        let args = args
            .into_iter()
            .map(|arg| arg.replace("[DIR]", dir.as_str()));
        self.args.extend(args);
        self
    }

    /// Runs another program than `cast`.
    pub(crate) fn program(mut self, program: &str) -> Self {
        self.program = program.into();
        self
    }

    /// Runs the program through another one.
    pub(crate) fn through<'a>(mut self, words: impl IntoIterator<Item = &'a str>) -> Self {
        self.before = words.into_iter().map(str::to_owned).collect();
        self
    }

    pub(crate) fn stdin(mut self, text: &str) -> Self {
        self.stdin = Some(text.to_owned());
        self
    }

    /// The exact standard output; the text loses shared indentation.
    pub(crate) fn stdout(mut self, text: &str) -> Self {
        self.stdout = Some(unindent(text));
        self
    }

    /// The exact standard error; the text loses shared indentation.
    pub(crate) fn stderr(mut self, text: &str) -> Self {
        self.stderr = Some(unindent(text));
        self
    }

    pub(crate) fn status(mut self, status: i32) -> Self {
        self.status = status;
        self
    }

    /// Runs, and compares.
    #[track_caller]
    pub(crate) fn run(self) -> Ran {
        let (stdout, stderr, status) = (self.stdout.clone(), self.stderr.clone(), self.status);
        let line = self.args.join(" ");
        let ran = self.output();
        let all = ran.all();
        assert_eq!(ran.status, status, "status of `cast {line}`\n{all}");
        assert_eq!(
            ran.stdout,
            stdout.unwrap_or_default(),
            "output of `cast {line}`\n{all}"
        );
        match stderr {
            Some(stderr) => assert_eq!(ran.stderr, stderr, "messages of `cast {line}`\n{all}"),
            None if status == 0 => assert!(
                !["error", "warning"]
                    .iter()
                    .any(|level| { ran.stderr.lines().any(|line| line.starts_with(level)) }),
                "unexpected finding of `cast {line}`\n{all}"
            ),
            None => {}
        }
        ran
    }

    /// Runs, whatever comes of it.
    #[track_caller]
    pub(crate) fn output(mut self) -> Ran {
        let mut child = self.spawn();
        let (mut stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let mut stdin = child.stdin.take();
        let input = self.stdin.take();
        let read = |stream: &mut dyn std::io::Read| {
            let mut bytes = Vec::new();
            stream.read_to_end(&mut bytes).unwrap();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let (stdout, stderr, status) = std::thread::scope(|scope| {
            let out = scope.spawn(move || read(&mut stdout));
            let err = scope.spawn(move || read(&mut stderr));
            scope.spawn(move || {
                if let (Some(stdin), Some(input)) = (&mut stdin, input) {
                    // The program need not read it.
                    stdin.write_all(input.as_bytes()).ok();
                }
                drop(stdin);
            });
            let status = wait(&mut child);
            (out.join().unwrap(), err.join().unwrap(), status)
        });
        let place = Arc::clone(&self.place);
        Ran {
            stdout: place.named(&stdout),
            stderr: place.named(&stderr),
            status: code(status),
            cwd: self.cwd,
            env: self.env,
            place,
        }
    }

    /// Starts, without waiting.
    pub(crate) fn spawn(&self) -> Child {
        let mut words: Vec<&str> = self.before.iter().map(String::as_str).collect();
        words.push(self.program.as_str());
        words.extend(self.args.iter().map(String::as_str));
        Command::new(words[0])
            .args(&words[1..])
            .env_clear()
            .envs(&self.env)
            .current_dir(self.dir().join(&self.cwd))
            .stdin(if self.stdin.is_some() {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }
}

impl Place {
    fn work(&self) -> Utf8PathBuf {
        self.root.join("work")
    }

    /// Text with the places named.
    fn named(&self, text: &str) -> String {
        text.replace(&path_of(&self.root), "[PATH]")
            .replace(self.root.join("work").as_str(), "[DIR]")
            .replace(self.root.join("home").as_str(), "[HOME]")
            .replace(self.root.join("tmp").as_str(), "[TMP]")
            .replace(self.root.join("bin").as_str(), "[BIN]")
            .replace(self.root.as_str(), "[ROOT]")
    }
}

impl Ran {
    /// Another run in the same place.
    pub(crate) fn again(&self) -> Test {
        Test::at(Arc::clone(&self.place), self.cwd.clone(), self.env.clone())
    }

    /// The text of a file below `[DIR]`.
    #[track_caller]
    pub(crate) fn read(&self, path: &str) -> String {
        fs_err::read_to_string(self.place.work().join(path)).unwrap()
    }

    /// Whether there is something at the path below `[DIR]`.
    pub(crate) fn exists(&self, path: &str) -> bool {
        self.place.work().join(path).exists()
    }

    /// Names of everything in the directory of temporary files.
    pub(crate) fn left_over(&self) -> Vec<String> {
        let entries = self.place.root.join("tmp").read_dir_utf8().unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().to_owned())
            .collect()
    }

    /// Everything in one text, for snapshots.
    pub(crate) fn all(&self) -> String {
        let mut text = String::new();
        if !self.stdout.is_empty() {
            text.push_str(&self.stdout);
            text.push('\n');
        }
        if !self.stderr.is_empty() {
            text.push_str("---- stderr\n");
            text.push_str(self.stderr.trim_end());
            text.push('\n');
        }
        format!("{text}---- status {}", self.status)
    }
}

/// Runs `cast ARGS` beside a castfile and returns everything it said, for snapshots.
#[track_caller]
pub(crate) fn report<'a>(castfile: &str, args: impl IntoIterator<Item = &'a str>) -> String {
    Test::new().castfile(castfile).args(args).output().all()
}

/// What the task `t` with the given `run` prints.
#[track_caller]
pub(crate) fn script(text: &str) -> String {
    let indented = unindent(text).replace('\n', "\n      ");
    let castfile = format!("tasks:\n  t:\n    run: |\n      {indented}\n");
    let ran = Test::new()
        .bytes("castfile", castfile.as_bytes())
        .args(["t"])
        .output();
    assert_eq!(ran.status, 0, "{}", ran.all());
    ran.stdout
}

/// The path of a program that tests compare with; says so if it is not there.
///
/// # Panics
/// When it is missing and `REQUIRE_ORACLES=1`.
pub(crate) fn program(name: &str) -> Option<Utf8PathBuf> {
    let found = optional_program(name);
    let required = std::env::var("REQUIRE_ORACLES").is_ok_and(|value| value == "1");
    assert!(
        found.is_some() || !required,
        "REQUIRE_ORACLES=1, but `{name}` is not installed"
    );
    found
}

/// The path of a program that is a bonus; says so if it is not there.
pub(crate) fn optional_program(name: &str) -> Option<Utf8PathBuf> {
    let path = std::env::var("PATH").unwrap_or_default();
    let found = path
        .split(':')
        .map(|dir| Utf8Path::new(dir).join(name))
        .find(|file| file.is_file());
    if found.is_none() {
        let thread = std::thread::current();
        // Past the harness, which shows the output of failed tests only.
        writeln!(
            std::io::stderr(),
            "skipped {}: `{name}` is not installed",
            thread.name().unwrap_or("a test")
        )
        .ok();
    }
    found
}

/// Waits until `condition` holds.
#[track_caller]
pub(crate) fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < PATIENCE, "never came true: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Sends a signal.
pub(crate) fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    let status = Command::new("kill")
        .args(["-s", name, &id])
        .status()
        .unwrap();
    assert!(status.success());
}

/// Waits for the end of a process.
#[track_caller]
pub(crate) fn wait(child: &mut Child) -> ExitStatus {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if start.elapsed() > PATIENCE {
            child.kill().ok();
            panic!("the program hangs");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The exit code as a shell tells it.
pub(crate) fn code(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt as _;
    status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal))
        .unwrap()
}

fn path_of(root: &Utf8Path) -> String {
    format!(
        "{}:{}",
        root.join("bin"),
        std::env::var("PATH").unwrap_or_default()
    )
}

/// Takes the indentation that all lines share away, with the empty first line, if there is any.
pub(crate) fn unindent(text: &str) -> String {
    let text = match text.strip_prefix('\n') {
        Some(rest) if rest.trim_start_matches('\n').starts_with(' ') => rest,
        _ => return text.to_owned(),
    };
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let shared = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(indent)
        .min()
        .unwrap_or(0);
    let mut out = String::new();
    for line in text.lines() {
        out.push_str(line.get(shared..).unwrap_or_default());
        out.push('\n');
    }
    // The line with the closing quote.
    if text.ends_with(' ') && out.ends_with("\n\n") {
        out.pop();
    }
    out
}

#[test]
fn texts_lose_what_all_lines_share() {
    assert_eq!(unindent("\n    a\n      b\n\n    c\n    "), "a\n  b\n\nc\n");
    assert_eq!(unindent("a\n  b"), "a\n  b");
    assert_eq!(unindent("\na\n"), "\na\n");
    assert_eq!(unindent(""), "");
}
