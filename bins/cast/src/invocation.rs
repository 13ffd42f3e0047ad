//! What was typed, and the project it selects.

use std::cell::OnceCell;

use castfile::Loader;

use crate::args::Global;
use crate::session::Selected;
use crate::world::World;

/// What was typed, and where.
pub(crate) struct Invocation<'a> {
    pub(crate) world: &'a World,
    pub(crate) loader: &'a Loader<'static>,
    pub(crate) global: &'a Global,
    pub(crate) aliases: &'a [String],
    /// Everything from the first plain word on.
    pub(crate) words: &'a [String],
    /// What [`Invocation::select`] found.
    selected: OnceCell<Selected<'a>>,
}

impl<'a> Invocation<'a> {
    /// One for which nothing was looked up yet.
    pub(crate) fn new(
        world: &'a World,
        loader: &'a Loader<'static>,
        global: &'a Global,
        aliases: &'a [String],
        words: &'a [String],
    ) -> Self {
        Self {
            world,
            loader,
            global,
            aliases,
            words,
            selected: OnceCell::new(),
        }
    }

    /// The project that the options and `@` words before the command select.
    pub(crate) fn select(&self) -> Result<Selected<'a>, castfile::Error> {
        if let Some(selected) = self.selected.get() {
            return Ok(selected.clone());
        }
        let selected = Selected::new(self.world, self.loader, self.global, self.aliases)?;
        Ok(self.selected.get_or_init(|| selected).clone())
    }

    /// The same with `@` words that stand behind the command.
    pub(crate) fn select_with(&self, more: &[String]) -> Result<Selected<'a>, castfile::Error> {
        if more.is_empty() {
            return self.select();
        }
        let aliases: Vec<_> = self.aliases.iter().chain(more).cloned().collect();
        Selected::new(self.world, self.loader, self.global, &aliases)
    }

    /// Whether the first word names a task of the project, and the task wins over the command.
    ///
    /// Short aliases and the commands that the original does not have never hide a task; `list`,
    /// `ls` and `workspace` do not when they stand alone; `config` and `context` do not when the
    /// castfile claims them as subcommands.
    pub(crate) fn means_a_task(&self) -> bool {
        let Some(word) = self.words.first().map(String::as_str) else {
            return false;
        };
        let alone = self.words.len() == 1;
        let claimable = match word {
            "x" | "r" | "ws" | "check" | "explain" | "completion" => true,
            "list" | "ls" | "workspace" => alone,
            "config" | "context" => true,
            _ => false,
        };
        if !claimable {
            return false;
        }
        let Ok(project) = self.select().and_then(|selected| selected.project()) else {
            return false;
        };
        match word {
            "config" | "context" => {
                let claims = |name: &str| {
                    project
                        .castfile()
                        .subcommands
                        .iter()
                        .any(|claimed| claimed.value == name)
                };
                claims(word)
            }
            _ => project.task(word).is_some(),
        }
    }
}
