//! Times in the calendar, beside systemd.

use std::process::Command;

use backup::schedule::{Calendar, Command as Scheduled};
use homelab_tests::{Sandbox, oracle};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

/// What is next after a time, in seconds since 1970 or "never"; or why the text is wrong.
type Next = Result<String, String>;

/// What `systemd-analyze calendar` says.
fn systemd(text: &str, base: i64, zone: &str) -> Next {
    let output = Command::new("systemd-analyze")
        .args(["calendar", &format!("--base-time=@{base}"), text])
        .env("TZ", zone)
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    if !output.status.success() {
        return Err(String::from_utf8(output.stderr).unwrap());
    }
    let stdout = String::from_utf8(output.stdout).unwrap();
    let field = |name: &str| {
        let mut lines = stdout.lines().map(str::trim);
        lines
            .find_map(|line| line.strip_prefix(name))
            .map(str::trim)
    };
    let next = field("Next elapse:").unwrap();
    if next == "never" {
        return Ok("never".to_owned());
    }
    // In UTC it is unambiguous; it is shown beside the local one.
    let utc = field("(in UTC):").unwrap_or(next);
    let words: Vec<&str> = utc.split(' ').collect();
    let time: jiff::Timestamp = format!("{}T{}Z", words[1], words[2]).parse().unwrap();
    Ok(time.as_second().to_string())
}

fn ours(text: &str, base: i64, zone: &str) -> Next {
    let calendar: Calendar = text
        .parse()
        .map_err(|error: backup::schedule::Error| error.to_string())?;
    let base = jiff::Timestamp::from_second(base).unwrap().to_string();
    let next = calendar
        .next(&base, zone)
        .map_err(|error| error.to_string())?;
    let seconds = |next: String| {
        next.parse::<jiff::Timestamp>()
            .unwrap()
            .as_second()
            .to_string()
    };
    Ok(next.map_or("never".to_owned(), seconds))
}

/// Both say the same, or both refuse. There are times for which systemd 252 does not come to an end.
fn compare(text: &str, base: i64, zone: &str, note: &str) {
    let (ours, theirs) = (ours(text, base, zone), systemd(text, base, zone));
    match (&ours, &theirs) {
        (_, Err(why)) if why.contains("Infinite loop") => {}
        (Err(_), Err(_)) => {}
        _ => assert_eq!(ours, theirs, "`{text}` after {base} in {zone}{note}"),
    }
}

#[test]
fn the_next_time_is_that_of_systemd() {
    if oracle("systemd-analyze").is_none() {
        return;
    }
    // 2026-03-28 and 2026-10-24, 12:00 UTC: before the clocks change in Berlin.
    let (spring, autumn) = (1_774_699_200, 1_792_843_200);
    for text in [
        "minutely",
        "hourly",
        "daily",
        "weekly",
        "monthly",
        "yearly",
        "annually",
        "quarterly",
        "semiannually",
        "WEEKLY",
        "Sun 04:30",
        "sunday 4:30",
        "Mon..Fri 03:30",
        "Mon-Wed",
        "Sat,Mon,tue",
        "*-*-01 03:00",
        "02-29",
        "*-*-31",
        "*-*-1..7 3:00",
        "Mon *-*-1..7 3:00",
        "*:0/15",
        "0/6:00",
        "8..18/2:15:30",
        "*-1/3-1",
        "2026..2028-1/6-15",
        "26-12-31",
        "2020-01-01",
        "02-30",
        "02:30",
        "2:00,30",
        "*:*:10",
        "3:00 Europe/Berlin",
        "3:00 UTC",
        "daily Asia/Kolkata",
        "Sun *-10-25 2:30",
        // wrong for both
        "",
        "3",
        "24:00",
        "*-*-* */2:00",
        "Fri..Mon",
        "5..3:00",
        "Funday",
        "1:2:3:4",
        "13-01",
        "0:0/0",
        "*-*",
        "1-2-3-4",
        "12:60",
        "daily 3:00",
        "3:00 Mars/Base",
        "0:0:60",
        "-1:00",
        "+1:00",
    ] {
        for base in [spring, autumn] {
            for zone in ["UTC", "Europe/Berlin"] {
                compare(text, base, zone, "");
            }
        }
    }
}

#[test]
fn generated_times_are_those_of_systemd() {
    if oracle("systemd-analyze").is_none() {
        return;
    }
    let seed = rand::random();
    let mut rng = StdRng::seed_from_u64(seed);
    for _ in 0..60 {
        let field = |rng: &mut StdRng, least: u32, most: u32| match rng.random_range(0..6) {
            0 | 1 => "*".to_owned(),
            2 => rng.random_range(least..=most).to_string(),
            3 => {
                let from = rng.random_range(least..=most);
                format!("{from}..{}", rng.random_range(from..=most))
            }
            4 => format!(
                "{}/{}",
                rng.random_range(least..=most),
                rng.random_range(1..10)
            ),
            _ => {
                let from = rng.random_range(least..=most);
                let to = rng.random_range(from..=most);
                format!(
                    "{},{from}..{to}/{}",
                    rng.random_range(least..=most),
                    rng.random_range(1..5)
                )
            }
        };
        let days = ["", "Mon ", "Tue..Thu ", "Sat,Sun "][rng.random_range(0..4)];
        let text = format!(
            "{days}{}-{}-{} {}:{}:{}",
            if rng.random_bool(0.2) {
                "2027..2030/2"
            } else {
                "*"
            },
            field(&mut rng, 1, 12),
            field(&mut rng, 1, 31),
            field(&mut rng, 0, 23),
            field(&mut rng, 0, 59),
            field(&mut rng, 0, 59),
        );
        let base = rng.random_range(1_700_000_000..1_900_000_000);
        let zone = [
            "UTC",
            "Europe/Berlin",
            "Asia/Kolkata",
            "America/Los_Angeles",
        ][rng.random_range(0..4)];
        compare(&text, base, zone, &format!(", seed {seed}"));
    }
}

#[test]
fn units_are_accepted_by_systemd() {
    if oracle("systemd-analyze").is_none() {
        return;
    }
    let sandbox = Sandbox::new();
    let command = Scheduled::new("drill", ["/bin/echo", "it's 100%", "a \"b\" \\ $HOME", ""]);
    sandbox.file(command.service_name(), &command.service().unwrap());
    let timer = command
        .timer(&"Sun *-*-1..7 04:30 Europe/Berlin".parse().unwrap())
        .unwrap();
    sandbox.file(command.timer_name(), &timer);
    let units = [command.service_name(), command.timer_name()].map(|name| format!("./{name}"));
    let verified = sandbox.run(
        "systemd-analyze",
        ["verify", "--man=no", &units[0], &units[1]],
    );
    let told: Vec<&str> = verified
        .stderr
        .lines()
        .filter(|line| line.contains("labbackup-"))
        .collect();
    assert!(told.is_empty(), "{}", verified.stderr);
}
