//! `xplat`: the mini-shell of the original's `uses: shell`, without its defects.

mod parse;

use camino::Utf8Path;
use tokio::time::Instant;

use self::parse::{Link, List, Part, Pipeline, Word};
use super::{Invocation, Script, shell};
use crate::{Error, Options, Outcome, Output, Status, run_pipeline};

/// Runs a script in the mini-shell that needs no shell, `uses: xplat`.
///
/// It is what frostyeti/cast v0.3.2 does for `uses: shell`, with its defects mended:
///
/// - Every line is one list of commands; blank lines and lines starting with `#` are skipped. A
///   backslash or backtick at the end joins the next line, with a blank between.
/// - Words are separated by blanks and tabs. `'…'` is taken literally; in `"…"` expansions happen
///   and `\` protects `"`, `\`, `$` and backticks; elsewhere `\` or a backtick protects the
///   following character. Quotes may stand anywhere in a word. There are no globs, no `~`, no
///   redirections and no built-in commands.
/// - `$NAME`, `${…}` and `$(…)` are passed to `expand` as written; what it returns goes into the
///   word and is never split or read again, so that no value becomes a command. A word outside
///   quotes that comes out empty is dropped. `$$` and `\$` are a dollar sign.
/// - `$1`, `$@`, `$*` and `$#` are the task's arguments, `$0` is `cast`. A script of one plain
///   command gets them appended (the conditions are those of [`prepare`](crate::prepare)).
/// - `a && b`, `a || b` (from left to right, as separate words), `a | b` (the status is that of the
///   last program that failed) and `a; b`. The first list that fails ends the script, also before
///   a `;`. `true || x` goes on with the next line.
///
/// `script.env` is what the commands get; expansions do not change it. The time limit of `options`
/// is for the whole script. Of the outcomes, the last one is returned, with the captured output of
/// all.
///
/// # Errors
/// [`Error::EmptyScript`], [`Error::ReadScript`], [`Error::Syntax`] before anything runs.
/// [`Error::Expand`] when `expand` fails, [`Error::MissingCommand`] when a program is not found and
/// its failure decides (`nope || x` goes on). Otherwise as for [`run`](crate::run).
pub async fn run_xplat<F>(
    script: &Script<'_>,
    mut expand: F,
    options: &Options,
) -> Result<Outcome, Error>
where
    F: FnMut(&str) -> Result<String, String>,
{
    let text = script.text()?;
    let mut lists = parse::parse(&text)?;
    if let [list] = lists.as_mut_slice()
        && let [(_, pipeline)] = list.as_mut_slice()
        && let [command] = pipeline.as_mut_slice()
        && shell::appends_args(&text)
    {
        command.push(Word {
            parts: vec![Part::AllArgs],
            quoted: false,
        });
    }
    let mut run = Run {
        script,
        options,
        deadline: options
            .timeout
            .and_then(|timeout| Instant::now().checked_add(timeout)),
        stdout: Vec::new(),
        stderr: Vec::new(),
    };
    let mut last = Ended {
        status: Status::Exited(0),
        interrupted: None,
        missing: None,
    };
    for list in &lists {
        last = run.list(list, &mut expand).await?;
        if !last.success() {
            break;
        }
    }
    match last.missing {
        Some(error) => Err(error),
        None => Ok(Outcome {
            status: last.status,
            interrupted: last.interrupted,
            stdout: run.stdout,
            stderr: run.stderr,
        }),
    }
}

struct Run<'a> {
    script: &'a Script<'a>,
    options: &'a Options,
    deadline: Option<Instant>,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

struct Ended {
    status: Status,
    interrupted: Option<i32>,
    /// The command that was not found.
    missing: Option<Error>,
}

impl Ended {
    fn success(&self) -> bool {
        self.status == Status::Exited(0) && self.interrupted.is_none()
    }
}

impl Run<'_> {
    async fn list<F>(&mut self, list: &List, expand: &mut F) -> Result<Ended, Error>
    where
        F: FnMut(&str) -> Result<String, String>,
    {
        let mut last = Ended {
            status: Status::Exited(0),
            interrupted: None,
            missing: None,
        };
        for (link, pipeline) in list {
            let wanted = match link {
                Link::Start => true,
                Link::And => last.success(),
                Link::Or => !last.success(),
            };
            if wanted {
                last = self.pipeline(pipeline, expand).await?;
            }
            // an interruption or timeout is for the task, not for `||`
            if last.interrupted.is_some() || last.status == Status::TimedOut {
                break;
            }
        }
        Ok(last)
    }

    async fn pipeline<F>(&mut self, pipeline: &Pipeline, expand: &mut F) -> Result<Ended, Error>
    where
        F: FnMut(&str) -> Result<String, String>,
    {
        let mut stages = Vec::with_capacity(pipeline.len());
        for command in pipeline {
            let words = expanded(command, self.script.args, expand)?;
            let Some((name, args)) = words.split_first() else {
                continue;
            };
            let Some(program) = self.script.find(name) else {
                let missing = Error::MissingCommand {
                    command: name.clone(),
                    path: self.script.path().unwrap_or_default().to_owned(),
                };
                let status = Status::Exited(127);
                return Ok(Ended {
                    status,
                    interrupted: None,
                    missing: Some(missing),
                });
            };
            let mut invocation = Invocation::new(program, args.to_vec());
            invocation.arg0 = Some(name.clone());
            stages.push(invocation);
        }
        let mut options = self.options.clone();
        options.timeout = self
            .deadline
            .map(|end| end.saturating_duration_since(Instant::now()));
        let cwd: &Utf8Path = self.script.cwd;
        let mut outcome = run_pipeline(stages, self.script.env, cwd, &options).await?;
        if matches!(self.options.output, Output::Captured) {
            self.stdout.append(&mut outcome.stdout);
            self.stderr.append(&mut outcome.stderr);
        }
        Ok(Ended {
            status: outcome.status,
            interrupted: outcome.interrupted,
            missing: None,
        })
    }
}

/// The words of a command with everything filled in.
fn expanded<F>(command: &[Word], args: &[String], expand: &mut F) -> Result<Vec<String>, Error>
where
    F: FnMut(&str) -> Result<String, String>,
{
    let mut words = Vec::new();
    for word in command {
        if let [Part::AllArgs] = word.parts.as_slice() {
            words.extend_from_slice(args);
            continue;
        }
        let mut text = String::new();
        for part in &word.parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Expand(expansion) => {
                    let value = expand(expansion).map_err(|message| Error::Expand {
                        text: expansion.clone(),
                        message,
                    })?;
                    text.push_str(&value);
                }
                Part::Arg(0) => text.push_str("cast"),
                Part::Arg(index) => {
                    text.push_str(args.get(index - 1).map_or("", String::as_str));
                }
                Part::AllArgs | Part::JoinedArgs => text.push_str(&args.join(" ")),
                Part::ArgCount => text.push_str(&args.len().to_string()),
            }
        }
        if word.quoted || !text.is_empty() {
            words.push(text);
        }
    }
    Ok(words)
}
