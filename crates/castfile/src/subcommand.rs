//! `subcmds`: tasks reached by words instead of colons, `cast db migrate` for `db:migrate`.

use crate::TaskId;
use crate::project::Project;

/// What words on the command line mean as subcommands.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Subcommand {
    /// A task.
    Task {
        /// Its id.
        id: TaskId,
        /// How many of the words name it; those after it are its arguments.
        words: usize,
    },
    /// A prefix of tasks, without a task after it.
    Group {
        /// The words joined by colons.
        prefix: String,
        /// The help text of the task `PREFIX:help`, if there is one.
        help: Option<String>,
        /// The next word and the description of each task below.
        children: Vec<(String, String)>,
    },
}

impl Project {
    /// Reads words as subcommands; `None` if they are tasks by themselves or nothing known.
    ///
    /// As in frostyeti/cast v0.3.2: with `subcmds: [db]` the tasks `db:a` and `db:x:y` are
    /// `cast db a` and `cast db x y`, `cast db` runs the task `db` if there is one, else prints
    /// the help of `db:help` or what there is, and once anything is declared every own task with
    /// a colon in its id is reached so as well.
    /// Imported tasks are not.
    pub fn subcommand(&self, words: &[String]) -> Option<Subcommand> {
        let declared = &self.castfile().subcommands;
        let first = words.first()?;
        if declared.is_empty() {
            return None;
        }
        let is_declared = declared.iter().any(|prefix| prefix.value == *first);
        // A task by its own name stays one, unless its name was declared.
        if !is_declared && self.task(first).is_some() {
            return None;
        }
        let own = |id: &str| {
            self.tasks()
                .iter()
                .find(|task| task.module.is_none() && task.id().as_str() == id)
        };
        let below = |prefix: &str| {
            let prefix = format!("{prefix}:");
            self.tasks()
                .iter()
                .filter(move |task| task.module.is_none())
                .filter_map(move |task| {
                    Some((task.id().as_str().strip_prefix(&*prefix)?.to_owned(), task))
                })
                .collect::<Vec<_>>()
        };
        let mut prefix = String::new();
        let mut best = None;
        for (at, word) in words.iter().enumerate() {
            if at > 0 {
                prefix.push(':');
            }
            prefix.push_str(&word.to_lowercase());
            if let Some(task) = own(&prefix) {
                best = Some((task.id().clone(), at + 1));
            }
            if below(&prefix).is_empty() {
                break;
            }
        }
        if let Some((id, words)) = best {
            return Some(Subcommand::Task { id, words });
        }
        let prefix = words.join(":").to_lowercase();
        let tasks = below(&prefix);
        // Words that lead nowhere are left to the caller, which says which task is unknown.
        if tasks.is_empty() {
            return None;
        }
        let help = own(&format!("{prefix}:help")).and_then(|task| {
            let text = task.task.help.as_ref().or(task.task.desc.as_ref())?;
            Some(text.value.clone())
        });
        let mut children: Vec<(String, String)> = Vec::new();
        for (rest, task) in tasks {
            let (word, leaf) = match rest.split_once(':') {
                Some((word, _)) => (word.to_owned(), false),
                None => (rest, true),
            };
            let desc = task
                .task
                .desc
                .as_ref()
                .filter(|_| leaf)
                .map(|desc| desc.value.clone());
            match children.iter_mut().find(|(known, _)| *known == word) {
                Some((_, known)) if leaf => *known = desc.unwrap_or_default(),
                Some(_) => {}
                None => children.push((word, desc.unwrap_or_default())),
            }
        }
        Some(Subcommand::Group {
            prefix,
            help,
            children,
        })
    }
}
