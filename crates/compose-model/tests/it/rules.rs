//! The typed model of the projects in `tests/fixtures/rules` beside what is printed of them.

use compose_model::model::Untyped;
use compose_model::{Data, Value};

use crate::comparison::{differences, left_out};

#[path = "../rules/fixture.rs"]
#[expect(dead_code, reason = "the test of the rules needs more of it")]
mod fixture;
#[path = "../rules/ours.rs"]
#[expect(dead_code, reason = "the test of the rules needs more of it")]
mod ours;

/// Rules about what Docker Compose makes of values that mean nothing: it prints what became of them
/// in its own types, the typed model says what is written, or that it cannot be typed.
const ACCIDENTS: &[&str] = &[
    "defaults/hooks-have-none",
    "defaults/resources-with-an-empty-name",
    "output/block-io-is-complete",
    "output/extensions-of-mappings",
    "typing/numbers-are-made-to-fit",
    "validation/jobs-are-not-judged",
];

#[test]
fn typed_models_say_what_is_printed() {
    let mut problems = Vec::new();
    let mut untyped = Vec::new();
    let mut compared = 0;
    let fixtures = fixture::fixtures().into_iter();
    for fixture in fixtures.filter(|it| !ACCIDENTS.contains(&&*it.name)) {
        let (Ok(project), _) = ours::project(&fixture) else {
            continue;
        };
        if fixture.options().any(|word| word == "--no-interpolate") {
            let whole = |it: &Untyped| !holds_a_dollar(&it.value);
            let left_out = left_out(&project).into_iter();
            let whole = left_out.filter(|(_, it)| whole(it));
            problems
                .extend(whole.map(|(owner, it)| format!("{}: {owner}.{}", fixture.name, it.path)));
            continue;
        }
        let left_out = left_out(&project).into_iter();
        untyped
            .extend(left_out.map(|(owner, it)| format!("{}: {owner}.{}", fixture.name, it.path)));
        // Names of resources are known whether they are printed or not.
        if fixture.options().any(|word| word == "--no-normalize") {
            continue;
        }
        // Numbers that JSON has not, and keys of ssh agents with paths, cannot be printed.
        let Ok(printed) = project.to_json() else {
            continue;
        };
        compared += 1;
        let found = differences(&project, &printed).into_iter();
        problems.extend(found.map(|it| format!("{}: {it}", fixture.name)));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    // Docker Compose takes this size, which is a float, for none.
    assert_eq!(untyped, ["values/sizes: services.a.shm_size"]);
    assert!(compared > 100, "{compared} fixtures");
}

fn holds_a_dollar(value: &Value) -> bool {
    match &value.data {
        Data::Str(text) => text.contains('$'),
        Data::List(items) => items.iter().any(holds_a_dollar),
        Data::Map(map) => map.values().any(holds_a_dollar),
        _ => false,
    }
}
