//! What the tests share.

use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use cast_runner::{Control, Error, Invocation, Options, Outcome, Output, Runner, Script, Vars};

/// Runs `future` the way the runner is meant to be used: on one thread.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(future)
}

/// A temporary directory and a small environment.
pub(crate) struct Place {
    dir: tempfile::TempDir,
    pub(crate) env: Vars,
}

impl Place {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut env = Vars::new();
        let path = std::env::var("PATH").unwrap_or("/usr/bin:/bin".to_owned());
        env.insert("PATH".to_owned(), path);
        env.insert("HOME".to_owned(), dir.path().to_str().unwrap().to_owned());
        env.insert("LC_ALL".to_owned(), "C.UTF-8".to_owned());
        // where a version manager stands in for an interpreter, it wants to be found
        if let Ok(root) = std::env::var("PYENV_ROOT") {
            env.insert("PYENV_ROOT".to_owned(), root);
        }
        Self { dir, env }
    }

    pub(crate) fn cwd(&self) -> &Utf8Path {
        Utf8Path::from_path(self.dir.path()).unwrap()
    }

    pub(crate) fn file(&self, name: &str) -> Utf8PathBuf {
        self.cwd().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs_err::write(self.file(name), text).unwrap();
    }

    /// The process id that a program writes into a file.
    pub(crate) fn pid(&self, name: &str) -> i32 {
        let file = self.file(name);
        wait_for(|| {
            let text = fs_err::read_to_string(&file).ok()?;
            text.strip_suffix('\n')?.parse().ok()
        })
    }

    pub(crate) fn script<'a>(&'a self, run: &'a str, args: &'a [String]) -> Script<'a> {
        Script {
            run,
            script_file: None,
            args,
            cwd: self.cwd(),
            env: &self.env,
        }
    }

    pub(crate) fn bash(&self, text: &str) -> Invocation {
        self.prepare(Runner::Bash, text, &[])
    }

    pub(crate) fn prepare(&self, runner: Runner, run: &str, args: &[String]) -> Invocation {
        cast_runner::prepare(runner, &self.script(run, args)).unwrap()
    }

    /// Runs a bash script with captured output, changed options.
    pub(crate) fn run_with(
        &self,
        text: &str,
        change: impl FnOnce(&mut Options),
    ) -> Result<Outcome, Error> {
        self.run_invocation(self.bash(text), change)
    }

    pub(crate) fn run_invocation(
        &self,
        invocation: Invocation,
        change: impl FnOnce(&mut Options),
    ) -> Result<Outcome, Error> {
        block_on(async {
            let control = Control::new()?;
            let mut options = Options::new(&control);
            options.stdin = cast_runner::Stdin::Null;
            options.output = Output::Captured;
            change(&mut options);
            cast_runner::run(invocation, &self.env, self.cwd(), &options).await
        })
    }
}

pub(crate) fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}

/// Waits until `check` has something to tell.
pub(crate) fn wait_for<T>(mut check: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = check() {
            return found;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "waited in vain");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Whether a process is gone; one that only waits to be noticed counts as gone.
pub(crate) fn is_gone(pid: i32) -> bool {
    match std::fs::read(format!("/proc/{pid}/stat")) {
        Err(_) => true,
        Ok(stat) => {
            let stat = String::from_utf8_lossy(&stat).into_owned();
            stat.rsplit_once(") ")
                .is_some_and(|(_, rest)| rest.starts_with(['Z', 'X']))
        }
    }
}

pub(crate) fn assert_gone(pid: i32) {
    wait_for(|| is_gone(pid).then_some(()));
}

/// Whether the program is there. A test that needs it returns otherwise, unless the environment
/// says `REQUIRE_ORACLES=1`.
pub(crate) fn available(program: &str, required: bool) -> bool {
    let path = std::env::var("PATH").ok();
    let found = cast_runner::find_program(program, path.as_deref(), Utf8Path::new("/")).is_some();
    if !found {
        let strict = std::env::var("REQUIRE_ORACLES").is_ok_and(|value| value == "1");
        assert!(
            !(required && strict),
            "{program} is required and not installed"
        );
        eprintln!("skipped: no {program}");
    }
    found
}
