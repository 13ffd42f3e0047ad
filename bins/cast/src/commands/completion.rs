//! Completion: a small script a shell, and the words it asks for, live.

use castfile::{Castfile, Loader, Subcommand, scan_workspace};
use clap::CommandFactory as _;
use common::exit;

use crate::args::{Cli, Global, Shell};
use crate::command_line::Leading;
use crate::invocation::Invocation;
use crate::session::Selected;
use crate::show;
use crate::ui::Ui;

/// Prints the completion script of a shell.
pub(crate) fn script(shell: Shell, ui: &mut Ui<'_, '_>) -> u8 {
    ui.io.data(match shell {
        Shell::Bash => include_str!("completion/cast.bash"),
        Shell::Zsh => include_str!("completion/cast.zsh"),
        Shell::Fish => include_str!("completion/cast.fish"),
        Shell::Pwsh => include_str!("completion/cast.ps1"),
    });
    exit::DONE
}

/// Prints a line `word<TAB>description` for everything that may stand at the end of `words`, the
/// last of which is being typed. Nothing is printed, and nothing fails, where there is no castfile.
pub(crate) fn complete(invocation: &Invocation<'_>, words: &[String], ui: &mut Ui<'_, '_>) -> u8 {
    let words = match words.first() {
        Some(first) if first == "--" => &words[1..],
        _ => words,
    };
    let Some((typed, before)) = words.split_last() else {
        return exit::DONE;
    };
    let mut found = Vec::new();
    match before.last().map(String::as_str) {
        Some("-c" | "--context") => contexts(invocation, before, &mut found),
        Some("-p" | "--project") => projects(invocation, before, "", &mut found),
        Some(option @ ("--color" | "--message-format")) => values_of(option, &mut found),
        _ if typed.starts_with('@') => projects(invocation, before, "@", &mut found),
        _ if typed.starts_with('-') => options(&mut found),
        _ => words_for(invocation, before, &mut found),
    }
    let mut seen = std::collections::HashSet::new();
    for (word, text) in found {
        if word.starts_with(typed.as_str()) && seen.insert(word.clone()) {
            ui.io
                .line(format!("{word}\t{}", show::one_line(&text)).trim_end());
        }
    }
    exit::DONE
}

type Found = Vec<(String, String)>;

/// Tasks and commands, or what a command takes.
fn words_for(invocation: &Invocation<'_>, before: &[String], found: &mut Found) {
    let rest = Leading::parse(before).rest;
    let mut command = Cli::command();
    for word in rest.iter().filter(|word| !word.starts_with('@')) {
        match command.find_subcommand(word) {
            Some(inner) => command = inner.clone(),
            None => break,
        }
    }
    let at_top = command.get_name() == "cast";
    if !at_top && command.has_subcommands() {
        return commands(&command, found);
    }
    let values = command
        .get_positionals()
        .flat_map(clap::Arg::get_possible_values);
    let values: Vec<_> = values.map(|value| value.get_name().to_owned()).collect();
    if !values.is_empty() {
        found.extend(values.into_iter().map(|value| (value, String::new())));
        return;
    }
    if !subcommands(invocation, before, &rest, found) {
        tasks(invocation, before, found);
    }
    if rest.is_empty() {
        commands(&Cli::command(), found);
        projects(invocation, before, "@", found);
    }
}

/// What follows the words of a `subcmds` group; false if they are none.
fn subcommands(
    invocation: &Invocation<'_>,
    before: &[String],
    rest: &[String],
    found: &mut Found,
) -> bool {
    let project = select(invocation, before).and_then(|selected| selected.project().ok());
    let group = project.and_then(|project| project.subcommand(rest));
    let Some(Subcommand::Group { children, .. }) = group else {
        return false;
    };
    found.extend(children);
    true
}

fn values_of(option: &str, found: &mut Found) {
    let command = Cli::command();
    let named = |arg: &&clap::Arg| arg.get_long() == option.strip_prefix("--");
    let values = command
        .get_arguments()
        .find(named)
        .map(clap::Arg::get_possible_values);
    for value in values.unwrap_or_default() {
        let help = value
            .get_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        found.push((value.get_name().to_owned(), help));
    }
}

/// The project selected by the words before the one being typed.
fn select<'w>(invocation: &Invocation<'w>, before: &[String]) -> Option<Selected<'w>> {
    let leading = Leading::parse(before);
    let mut global = Global::default();
    let mut options = leading.options.iter();
    while let Some(option) = options.next() {
        if matches!(option.as_str(), "-p" | "--project") {
            global.project = options.next().cloned();
        }
    }
    let behind = leading
        .rest
        .iter()
        .filter(|word| word.starts_with('@'))
        .cloned();
    let aliases: Vec<_> = leading.aliases.iter().cloned().chain(behind).collect();
    Selected::new(invocation.world, invocation.loader, &global, &aliases).ok()
}

fn tasks(invocation: &Invocation<'_>, before: &[String], found: &mut Found) {
    let Some(project) = select(invocation, before).and_then(|selected| selected.project().ok())
    else {
        return;
    };
    for task in project.tasks() {
        let desc = task
            .task
            .desc
            .as_ref()
            .map(|desc| desc.value.clone())
            .unwrap_or_default();
        found.push((task.id().to_string(), desc));
    }
}

fn contexts(invocation: &Invocation<'_>, before: &[String], found: &mut Found) {
    let Some(project) = select(invocation, before).and_then(|selected| selected.project().ok())
    else {
        return;
    };
    let config = project.castfile().config.as_ref();
    let declared = config.into_iter().flat_map(|config| &config.contexts);
    found.extend(declared.map(|context| (context.value.clone(), String::new())));
    // `up:prod` beside `up` makes `prod` a context.
    for task in project.tasks().iter().filter(|task| !task.is_hook()) {
        if let Some((base, context)) = task.id().as_str().rsplit_once(':')
            && project.task(base).is_some()
        {
            found.push((context.to_owned(), String::new()));
        }
    }
}

fn projects(invocation: &Invocation<'_>, before: &[String], mark: &str, found: &mut Found) {
    let Some(selected) = select(invocation, before) else {
        return;
    };
    let loader = selected.loader;
    for dir in selected.castfile.ancestors().skip(1) {
        let at = castfile::CASTFILE_NAMES.iter().map(|name| dir.join(name));
        let Some(path) = at.into_iter().find(|path| path.is_file()) else {
            continue;
        };
        if let Ok(castfile) = loader.castfile(&path) {
            projects_of(loader, &castfile, mark, found);
        }
    }
}

fn projects_of(loader: &Loader<'_>, castfile: &Castfile, mark: &str, found: &mut Found) {
    let home = loader.dirs().home.as_deref().map(camino::Utf8Path::as_str);
    let Ok(scan) = scan_workspace(loader.files(), castfile, home) else {
        return;
    };
    for project in scan.projects {
        let name = project.alias.unwrap_or_else(|| project.path.to_string());
        found.push((format!("{mark}{name}"), project.path.to_string()));
    }
    // Directories right below that have a castfile are reached by their name without any key.
    let Ok(entries) = loader.files().list(castfile.dir()) else {
        return;
    };
    let mut names: Vec<_> = entries
        .into_iter()
        .filter(|entry| {
            let dir = castfile.dir().join(&entry.name);
            castfile::CASTFILE_NAMES
                .iter()
                .any(|name| dir.join(name).is_file())
        })
        .map(|entry| entry.name)
        .collect();
    names.sort();
    found.extend(
        names
            .into_iter()
            .map(|name| (format!("{mark}{name}"), name)),
    );
}

fn commands(of: &clap::Command, found: &mut Found) {
    for command in of
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
    {
        let about = command
            .get_about()
            .map(ToString::to_string)
            .unwrap_or_default();
        found.push((command.get_name().to_owned(), about));
    }
}

fn options(found: &mut Found) {
    for option in Cli::command()
        .get_arguments()
        .filter(|option| !option.is_hide_set())
    {
        let help = option
            .get_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        if let Some(long) = option.get_long() {
            found.push((format!("--{long}"), help));
        }
    }
}
