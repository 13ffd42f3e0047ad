//! Signals and terminals belong to a whole process, so tests of them run in one of their own: this
//! test binary again, with only [`helper`] to do.

use std::io::Write as _;
use std::process::Command;
use std::time::Duration;

use camino::Utf8PathBuf;
use cast_runner::{Control, Options, Stdin};

use crate::support::{Place, block_on};

/// A command for a helper process that runs the bash scripts in `dir`, all at the same time.
pub(crate) fn command(scripts: &[&str], dir: &Utf8PathBuf) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([
            "--exact",
            "helper::helper",
            "--test-threads=1",
            "--nocapture",
            "--quiet",
        ])
        .env("CAST_HELPER_DIR", dir);
    for (index, script) in scripts.iter().enumerate() {
        command.env(format!("CAST_HELPER_{index}"), script);
    }
    command
}

/// Not a test: what a helper process does. It says `ENDED status interrupted` for each script.
#[test]
fn helper() {
    let Ok(dir) = std::env::var("CAST_HELPER_DIR") else {
        return;
    };
    let dir = Utf8PathBuf::from(dir);
    let scripts: Vec<String> = (0..)
        .map_while(|index| std::env::var(format!("CAST_HELPER_{index}")).ok())
        .collect();
    let place = Place::new();
    block_on(async {
        let control = Control::new().unwrap();
        let mut options = Options::new(&control);
        options.grace = Duration::from_millis(300);
        if scripts.len() > 1 {
            options.stdin = Stdin::Null;
        }
        let run = |script: String| {
            let (place, options, dir) = (&place, &options, &dir);
            async move {
                let outcome = cast_runner::run(place.bash(&script), &place.env, dir, options)
                    .await
                    .unwrap();
                let interrupted = options.control.interrupted();
                let text = format!(
                    "ENDED {:?} {:?} {:?}\n",
                    outcome.status, outcome.interrupted, interrupted
                );
                std::io::stdout().write_all(text.as_bytes()).unwrap();
            }
        };
        let mut scripts = scripts.into_iter();
        match (scripts.next(), scripts.next()) {
            (Some(one), Some(two)) => drop(tokio::join!(run(one), run(two))),
            (Some(one), None) => run(one).await,
            _ => {}
        }
    });
}
