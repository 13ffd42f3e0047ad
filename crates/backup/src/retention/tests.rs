use proptest::prelude::*;

use super::*;

fn all(times: &[&str]) -> Vec<Item> {
    times.iter().map(|time| Item::new(*time, *time)).collect()
}

fn kept(items: &[Item], policy: &Policy) -> Vec<String> {
    let decision = apply(items, policy, "2030-01-01T00:00:00Z").unwrap();
    decision.kept.into_iter().map(|(id, _)| id).collect()
}

#[test]
fn spans_are_read_and_printed() {
    let text = "2y5m7d3h";
    assert_eq!(text.parse::<Within>().unwrap().to_string(), text);
    assert_eq!("3h2d".parse::<Within>().unwrap().to_string(), "2d3h");
    for bad in ["", "3", "w", "3w", "-1d", "1.5d", "70000d", "3dä", "ä"] {
        assert!(bad.parse::<Within>().is_err(), "{bad}");
    }
}

#[test]
fn a_day_ends_where_the_backup_was_made() {
    let items = all(&[
        "2026-03-01T23:30:00-05:00",
        "2026-03-01T00:30:00-05:00",
        "2026-02-28T23:30:00-05:00",
    ]);
    let policy = Policy {
        daily: Some(5),
        ..Policy::default()
    };
    assert_eq!(
        kept(&items, &policy),
        [items[0].id.as_str(), items[2].id.as_str()]
    );
}

#[test]
fn a_month_before_its_last_day_is_in_the_next_one() {
    let items = all(&[
        "2026-03-31T12:00:00Z",
        "2026-03-03T12:00:01Z",
        "2026-03-03T12:00:00Z",
    ]);
    let policy = Policy {
        within: Some("1m".parse().unwrap()),
        ..Policy::default()
    };
    assert_eq!(kept(&items, &policy).len(), 2);
}

#[test]
fn a_backup_from_the_future_does_not_end_the_others() {
    let items = all(&[
        "2099-01-01T00:00:00Z",
        "2026-03-03T12:00:00Z",
        "2026-03-01T12:00:00Z",
    ]);
    let policy = Policy {
        within: Some("7d".parse().unwrap()),
        ..Policy::default()
    };
    assert_eq!(kept(&items, &policy).len(), 3);
}

#[test]
fn rules_are_read_or_all_their_errors_told() {
    let rules = |list: &[(&str, &str)]| -> BTreeMap<String, String> {
        let pairs = list
            .iter()
            .map(|&(name, value)| (name.to_owned(), value.to_owned()));
        pairs.collect()
    };
    let found = policy(&rules(&[("daily", "7"), ("within-weekly", "2m")])).unwrap();
    assert_eq!(found.args(), ["--keep-daily=7", "--keep-within-weekly=2m"]);
    let wrong = policy(&rules(&[("daily", "x"), ("dayly", "1"), ("within", "1w")])).unwrap_err();
    assert_eq!(wrong.len(), 3, "{wrong:?}");
    assert!(policy(&rules(&[("daily", "0")])).unwrap().is_empty());
}

#[test]
fn a_time_that_is_none_is_told() {
    let items = all(&["yesterday"]);
    let error = apply(&items, &Policy::default(), "2030-01-01T00:00:00Z").unwrap_err();
    assert!(error.to_string().contains("`yesterday`"), "{error}");
}

fn item() -> impl Strategy<Value = Item> {
    (0_i64..200_000_000, -12_i8..14, any::<bool>(), any::<u32>()).prop_map(
        |(seconds, hours, verified, id)| {
            let offset = jiff::tz::Offset::constant(hours);
            let time = jiff::Timestamp::from_second(1_600_000_000 + seconds).unwrap();
            let mut item = Item::new(id.to_string(), time.display_with_offset(offset).to_string());
            item.verified = verified;
            item
        },
    )
}

fn some_policy() -> impl Strategy<Value = Policy> {
    let count = || prop::option::of(0_u32..5);
    let within = prop::option::of((0_u16..3, 0_u16..14, 0_u16..40, 0_u16..50));
    (
        count(),
        count(),
        count(),
        count(),
        count(),
        count(),
        within,
        any::<bool>(),
    )
        .prop_map(
            |(last, hourly, daily, weekly, monthly, yearly, within, keep_oldest)| Policy {
                last,
                hourly,
                daily,
                weekly,
                monthly,
                yearly,
                within: within.map(|(years, months, days, hours)| Within {
                    years,
                    months,
                    days,
                    hours,
                }),
                keep_oldest,
                ..Policy::default()
            },
        )
}

proptest! {
    #[test]
    fn nothing_is_lost_and_the_last_verified_stays(items in prop::collection::vec(item(), 0..40), policy in some_policy()) {
        let decision = apply(&items, &policy, "2040-01-01T00:00:00Z").unwrap();
        prop_assert_eq!(decision.kept.len() + decision.removed.len(), items.len());
        if policy.is_empty() {
            prop_assert_eq!(decision.removed.len(), 0);
        }
        let verified = items.iter().filter(|item| item.verified);
        if let Some(last) = verified.max_by_key(|item| instant(&item.time)) {
            let instant_of = |id: &String| instant(&items.iter().find(|item| item.id == *id).unwrap().time);
            let proven = decision.kept.iter().any(|(id, reasons)| {
                reasons.iter().any(|reason| reason == "last verified backup") && instant_of(id) == instant(&last.time)
            });
            prop_assert!(proven);
        }
        // The newest is wanted by every rule.
        if let Some(newest) = items.iter().max_by_key(|item| instant(&item.time)) {
            prop_assert!(!decision.removed.contains(&newest.id));
        }
        // What stays once stays when asked again without what went.
        let left: Vec<Item> = items.iter().filter(|item| !decision.removed.contains(&item.id)).cloned().collect();
        if !policy.keep_oldest {
            let again = apply(&left, &policy, "2040-01-01T00:00:00Z").unwrap();
            prop_assert_eq!(again.removed, [] as [&str; 0]);
        }
    }
}
