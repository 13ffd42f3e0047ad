//! `labbackup schedule`.

use backup::schedule::{Calendar, Command, Error};
use serde_json::json;

use crate::args::ScheduleArgs;
use crate::exit;
use crate::world::World;

/// Prints, or writes, what runs `run`, `prune` and `drill` at their times.
pub(crate) fn schedule(args: &ScheduleArgs, world: &mut World<'_, '_>) -> u8 {
    match made(args, world) {
        Ok(code) => code,
        Err(error) => {
            world.wrong(&error.to_string(), None);
            exit::USAGE
        }
    }
}

fn made(args: &ScheduleArgs, world: &mut World<'_, '_>) -> Result<u8, Error> {
    let program =
        std::env::current_exe().map_or("labbackup".to_owned(), |path| path.display().to_string());
    let mut start = vec![program];
    for file in &world.args.files {
        start.extend(["--file".to_owned(), world.dir.join(file).into_string()]);
    }
    if world.args.files.is_empty() && world.has_files() {
        let root = world
            .args
            .root
            .as_ref()
            .map_or(world.dir.to_owned(), |root| world.dir.join(root));
        start.extend(["--root".to_owned(), root.into_string()]);
    }
    for (name, value) in [
        ("--env", &world.args.environment),
        (
            "--target",
            &world.target().map(camino::Utf8PathBuf::into_string),
        ),
    ] {
        if let Some(value) = value {
            start.extend([name.to_owned(), value.clone()]);
        }
    }
    start.push("--quiet".to_owned());
    let mut timers = Vec::new();
    for (verb, time) in [
        ("run", &args.run_at),
        ("prune", &args.prune_at),
        ("drill", &args.drill_at),
    ] {
        let calendar: Calendar = time.parse()?;
        let argv = start.iter().cloned().chain([verb.to_owned()]);
        timers.push((verb, Command::new(verb, argv), calendar));
    }
    if args.next {
        let now = jiff::Timestamp::now().to_string();
        let zone = jiff::tz::TimeZone::system();
        let zone = zone.iana_name().unwrap_or("UTC");
        let mut list = Vec::new();
        for (verb, _, calendar) in &timers {
            let next = calendar.next(&now, zone)?;
            if !world.args.json {
                world.io.line(format!(
                    "{verb}  {}  ({calendar})",
                    next.as_deref().unwrap_or("never")
                ));
            }
            list.push(json!({ "verb": verb, "calendar": calendar.to_string(), "next": next }));
        }
        if world.args.json {
            world.io.data(super::json(&list));
        }
        return Ok(exit::DONE);
    }
    for (_, command, calendar) in &timers {
        if args.cron {
            let line = command.clone().user("root").cron(calendar)?;
            world.io.line(line);
            continue;
        }
        for (name, text) in [
            (command.service_name(), command.service()?),
            (command.timer_name(), command.timer(calendar)?),
        ] {
            match &args.write {
                None => world
                    .io
                    .data(format!("# /etc/systemd/system/{name}\n{text}\n")),
                Some(dir) => {
                    let path = world.dir.join(dir).join(&name);
                    if let Err(error) = fs_err::write(&path, text) {
                        world.wrong(&error.to_string(), None);
                        return Ok(exit::FAILED);
                    }
                    world.note(&format!("wrote {path}"));
                }
            }
        }
    }
    if args.write.is_some() {
        let names: Vec<String> = timers
            .iter()
            .map(|(_, command, _)| command.timer_name())
            .collect();
        world.note(&format!(
            "now: systemctl daemon-reload && systemctl enable --now {}",
            names.join(" ")
        ));
    }
    Ok(exit::DONE)
}
