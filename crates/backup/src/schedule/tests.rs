use super::*;

fn next(text: &str, after: &str, zone: &str) -> String {
    let calendar: Calendar = text.parse().unwrap();
    calendar.next(after, zone).unwrap().unwrap_or_default()
}

#[test]
fn the_next_time_follows_the_clock_of_the_zone() {
    let after = "2026-03-28T12:00:00+01:00";
    assert_eq!(
        next("*-*-* 02:30", after, "Europe/Berlin"),
        "2026-03-30T02:30:00+02:00"
    );
    assert_eq!(
        next("02:30 Europe/Berlin", after, "UTC"),
        "2026-03-30T02:30:00+02:00"
    );
    let after = "2026-10-24T12:00:00+02:00";
    assert_eq!(
        next("02:30", after, "Europe/Berlin"),
        "2026-10-25T02:30:00+02:00"
    );
    assert_eq!(
        next("02-29", "2026-01-01T00:00:00Z", "UTC"),
        "2028-02-29T00:00:00+00:00"
    );
    assert_eq!(next("2020-01-01", "2026-01-01T00:00:00Z", "UTC"), "");
    assert_eq!(next("02-30", "2026-01-01T00:00:00Z", "UTC"), "");
}

#[test]
fn what_cannot_be_is_told() {
    for (text, why) in [
        ("", "empty"),
        ("3", "`3` is not understood"),
        ("Fri..Mon 3:00", "backwards"),
        ("5..3:00", "backwards"),
        ("24:00", "`24` is no hour"),
        ("*-*-* */2:00:00", "`*` is no hour"),
        ("*-13-01", "`13` is no month"),
        ("*-02~01", "from the end"),
        ("Funday 3:00", "no day of the week"),
        ("0:0/0", "no step"),
        ("0:0:5..5", "one value alone"),
        ("0:50/20", "one value alone"),
        ("1960-1-1", "no year"),
        ("daily 3:00", "not understood"),
        ("ä", "not understood"),
    ] {
        let error = text.parse::<Calendar>().unwrap_err().to_string();
        assert!(error.contains(why), "{text}: {error}");
    }
    let daily: Calendar = "daily".parse().unwrap();
    assert_eq!(
        daily.next("2026-01-01T00:00:00Z", "Mars/Base"),
        Err(Error::Zone("Mars/Base".into()))
    );
    assert_eq!(daily.next("now", "UTC"), Err(Error::Time("now".into())));
}

#[test]
fn cron_says_the_same_or_nothing() {
    let command = Command::new("run", ["/usr/bin/labbackup", "run", "--note", "it's 100%"]);
    let line = |text: &str| command.cron(&text.parse().unwrap());
    assert_eq!(
        line("Mon..Fri,Sun 03:30").unwrap(),
        r"30 3 * * 0,1,2,3,4,5 /usr/bin/labbackup run --note 'it'\''s 100\%'"
    );
    let fields = |text: &str| line(text).map(|line| line.split(" /").next().unwrap().to_owned());
    assert_eq!(fields("*:0/15").unwrap(), "0-59/15 * * * *");
    assert_eq!(fields("quarterly").unwrap(), "0 0 1 1,4,7,10 *");
    assert_eq!(fields("*-*-1..7 2,4..6:05").unwrap(), "5 2,4-6 1-7 * *");
    for text in ["2026-*-* 3:00", "3:00 UTC", "Mon *-*-01", "*:*:30", "*:*:*"] {
        assert!(matches!(line(text), Err(Error::Cron { .. })), "{text}");
    }
    let broken = Command::new("run", ["a\nb"]);
    assert!(matches!(
        broken.cron(&"daily".parse().unwrap()),
        Err(Error::LineBreak(_))
    ));
    assert!(matches!(broken.service(), Err(Error::LineBreak(_))));
}

#[test]
fn units_are_complete() {
    let command = Command::new(
        "drill",
        ["/opt/lab backup", "drill", "50%", "$HOME", "a\"b"],
    )
    .user("backup");
    insta::assert_snapshot!(command.service().unwrap(), @r#"
    [Unit]
    Description=labbackup drill
    Wants=network-online.target
    After=network-online.target docker.service

    [Service]
    Type=oneshot
    ExecStart="/opt/lab backup" drill 50%% "$$HOME" "a\"b"
    User=backup
    KillMode=mixed
    TimeoutStopSec=5min
    Nice=10
    IOSchedulingClass=idle
    "#);
    insta::assert_snapshot!(command.timer(&"Sun 05:00".parse().unwrap()).unwrap(), @r"
    [Unit]
    Description=labbackup drill at Sun 05:00

    [Timer]
    OnCalendar=Sun 05:00
    RandomizedDelaySec=5min
    Persistent=true

    [Install]
    WantedBy=timers.target
    ");
}
