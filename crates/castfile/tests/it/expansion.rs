//! Places of expansion errors in the shapes that values are written in.

use crate::support::{World, lab, report};

/// Where the error of this `env` value is reported.
fn place(value: &str) -> String {
    let world = World::new(lab([("castfile", &format!("env:\n  A: {value}\n"))]));
    let error = world.try_base().unwrap_err();
    let found = error.diagnostics().remove(0);
    let span = found.location().unwrap();
    format!("{} {}", span.position(), span.text())
}

#[test]
fn the_part_that_is_wrong_is_marked() {
    for (value, marked) in [
        ("x ${A-b} y", "2:8 ${A-b}"),
        ("'x ${A-b} y'", "2:9 ${A-b}"),
        ("\"x ${A-b} y\"", "2:9 ${A-b}"),
        // Escapes move the text: the whole value is marked.
        ("\"\\t${A-b}\"", "2:6 \"\\t${A-b}\""),
        ("größe ${A-b}", "2:12 ${A-b}"),
    ] {
        assert_eq!(place(value), marked, "{value}");
    }
}

#[test]
fn in_a_dotenv_file_the_place_is_there() {
    let world = World::new(lab([
        ("castfile", "dotenv: sub/x.env\n"),
        ("sub/x.env", "A=1\nB=\"${NOPE:?tell me}\"\n"),
    ]));
    insta::assert_snapshot!(report(&world.try_base().unwrap_err()), @r"
    error[castfile::required-variable]: tell me
      --> sub/x.env:2:4: `NOPE` is not set or empty
      help: set `NOPE`
    ");
}

#[test]
fn text_beyond_ascii_is_expanded() {
    // The original panics on the first such character.
    let world = World::new(lab([(
        "castfile",
        "env: {A: é, B: '${A}–$A 🚀', C: $A$B}\n",
    )]));
    let env = world.base();
    assert_eq!(env.get("B"), Some("é–é 🚀"));
    assert_eq!(env.get("C"), Some("éé–é 🚀"));
}
