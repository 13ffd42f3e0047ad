use super::*;
use proptest::prelude::*;
use std::cell::RefCell;

/// Answers with the words it got, each in angle brackets, between blanks.
#[derive(Default)]
struct Echo {
    calls: RefCell<Vec<Vec<String>>>,
}

impl CommandSubstitution for Echo {
    fn run(&self, words: &[String], env: &Env) -> Result<Substitute, String> {
        self.calls.borrow_mut().push(words.to_vec());
        match words[0].as_str() {
            "false" => Err("exit status 1".to_owned()),
            "get" => Ok(env.get(&words[1]).unwrap_or_default().to_owned().into()),
            _ => Ok(format!(" \n<{}>\n\n", words.join("><")).into()),
        }
    }
}

fn env() -> Env {
    [
        ("A", "a"),
        ("B", "b c"),
        ("EMPTY", ""),
        ("U", "äöüß"),
        ("DOLLAR", "$A"),
        ("N", "0123456789"),
    ]
    .into_iter()
    .collect()
}

fn check(text: &str) -> Result<String, String> {
    expand(text, &mut env(), Some(&Echo::default()))
        .map_err(|error| format!("{}..{} {}", error.start, error.end, error.kind))
}

#[test]
fn variables() {
    let cases = [
        ("", ""),
        ("plain", "plain"),
        ("$A", "a"),
        ("${A}", "a"),
        ("x$A-${B}/y", "xa-b c/y"),
        ("[$NOPE${NOPE}]", "[]"),
        ("$A$B", "ab c"),
        ("$A$B$A", "ab ca"),
        ("$A\\x", "a\\x"),
        ("$Aé ü$U", "aé üäöüß"),
        ("é", "é"),
        ("$DOLLAR", "$A"),
        ("$_x", ""),
    ];
    for (text, expected) in cases {
        assert_eq!(check(text).as_deref(), Ok(expected), "{text:?}");
    }
}

#[test]
fn dollars_and_what_is_left_alone() {
    let cases = [
        ("$$", "$"),
        ("$$A", "$A"),
        ("$$$A", "$a"),
        (r"\$A", "$A"),
        (r"\\$A", r"\$A"),
        (r"\A \n", r"\A \n"),
        ("a$", "a$"),
        ("$ $- $.", "$ $- $."),
        ("'$A'", "'a'"),
        ("`x` ~ * %A% {{ .x }}", "`x` ~ * %A% {{ .x }}"),
        ("$$5", "$5"),
    ];
    for (text, expected) in cases {
        assert_eq!(check(text).as_deref(), Ok(expected), "{text:?}");
    }
}

#[test]
fn defaults_and_alternatives() {
    let cases = [
        ("${A:-x}", "a"),
        ("${NOPE:-x y}", "x y"),
        ("${EMPTY:-x}", "x"),
        ("${NOPE:-}", ""),
        ("${NOPE:-${ALSO:-${A}}}", "a"),
        ("${NOPE:-$A/$B}", "a/b c"),
        (r#"${NOPE:-{"k": {"v": 1}}}"#, r#"{"k": {"v": 1}}"#),
        ("${NOPE:-a:-b}", "a:-b"),
        ("${NOPE:-../../.mnt}", "../../.mnt"),
        ("${A:+x$B}", "xb c"),
        ("${EMPTY:+x}${NOPE:+y}", ""),
        ("${NOPE:=n}$NOPE", "nn"),
        ("${EMPTY:=$A}${EMPTY}", "aa"),
        ("${A:=z}$A", "aa"),
        ("${A:-cost $5}", "a"),
        ("${A:?needed}", "a"),
        ("${NOPE:-é}", "é"),
    ];
    for (text, expected) in cases {
        assert_eq!(check(text).as_deref(), Ok(expected), "{text:?}");
    }
}

#[test]
fn assignment_is_marked_as_such() {
    let mut env = env();
    expand("${NEW:=${A}x}${A:=y}", &mut env, None).unwrap();
    let new = env.var("NEW").unwrap();
    assert_eq!((new.value.as_str(), &new.origin), ("ax", &Origin::Assigned));
    assert_eq!(env.var("A").unwrap().origin, Origin::Process);
}

#[test]
fn substrings_as_in_bash() {
    let cases = [
        ("${N:2}", "23456789"),
        ("${N:2:3}", "234"),
        ("${N: 2 : 3 }", "234"),
        ("${N:0:0}", ""),
        ("${N: -3}", "789"),
        ("${N: -3:2}", "78"),
        ("${N:2:-3}", "23456"),
        ("${N:10}", ""),
        ("${N:11}", ""),
        ("${N: -11}", ""),
        ("${N:5:99}", "56789"),
        ("${U:1:2}", "öü"),
        ("${NOPE:1:2}", ""),
        ("${N:9223372036854775807:9223372036854775807}", ""),
        ("${N:1:9223372036854775807}", "123456789"),
    ];
    for (text, expected) in cases {
        assert_eq!(check(text).as_deref(), Ok(expected), "{text:?}");
    }
    assert_eq!(
        check("x${N:5:-6}").unwrap_err(),
        "1..10 the part taken of `N` ends before it starts"
    );
}

#[test]
fn commands() {
    let cases = [
        ("$(echo)", "<echo>"),
        ("[$(echo a 'b c')]", "[<echo><a><b c>]"),
        ("$(echo $B)", "<echo><b c>"),
        ("$(echo x$B\"$B\")", "<echo><xb cb c>"),
        ("$(echo $EMPTY \"$EMPTY\" x)", "<echo><><x>"),
        ("$(echo '$A' \\$A $$A)", "<echo><a><$A><$A>"),
        ("$(echo ${NOPE:-a b})", "<echo><a b>"),
        ("$(echo (a (b)) ')' \")\" \\))", "<echo><(a><(b))><)><)><)>"),
        ("$(echo $(echo a b) c)", "<echo><<echo><a><b>><c>"),
        ("$(get ${NEW:=v}EW)$(get NEW)", "v"),
        ("$(echo a | tr a b)", "<echo><a><|><tr><a><b>"),
        ("$(echo ü $U)", "<echo><ü><äöüß>"),
        ("$(echo \"${NOPE:-it's}\")", "<echo><it's>"),
    ];
    for (text, expected) in cases {
        assert_eq!(check(text).as_deref(), Ok(expected), "{text:?}");
    }
}

#[test]
fn values_never_become_further_words() {
    let echo = Echo::default();
    let mut env = Env::new();
    env.set("V", "a; rm -rf '/ \"$(x) $A", Origin::Process);
    expand("$(echo $V)", &mut env, Some(&echo)).unwrap();
    assert_eq!(*echo.calls.borrow(), [["echo", "a; rm -rf '/ \"$(x) $A"]]);
}

#[test]
fn without_commands_a_substitution_is_text() {
    let mut env = env();
    assert_eq!(
        expand("$(echo $A) $$(x)", &mut env, None).as_deref(),
        Ok("$(echo a) $(x)")
    );
    assert_eq!(
        expand("$(unclosed", &mut env, None).as_deref(),
        Ok("$(unclosed")
    );
}

#[test]
fn errors_name_the_part() {
    let cases = [
        ("é${NOPE:?set it: $A}", "2..21 set it: $A"),
        (
            "${EMPTY:?}",
            "0..10 variable `EMPTY` is required, but unset or empty",
        ),
        ("${X-d}", "0..6 `${X-d}` is not supported here"),
        ("${#X}", "0..5 `${#X}` is not supported here"),
        ("${X%.*}", "0..7 `${X%.*}` is not supported here"),
        ("${A:x}", "0..6 `${A:x}` is not supported here"),
        ("${A:}", "0..5 `${A:}` is not supported here"),
        ("${A:1:2:3}", "0..10 `${A:1:2:3}` is not supported here"),
        ("cost $5.", "5..7 `$5` is not supported here"),
        ("${1}", "0..4 `${1}` is not supported here"),
        ("${}", "0..3 `` is not a variable name"),
        ("${:-x}", "0..6 `:-x` is not a variable name"),
        ("${A B}", "0..6 `A B` is not a variable name"),
        ("${é}", "0..5 `é` is not a variable name"),
        ("a${A", "1..4 no closing `}` for `${`"),
        ("${A:-{}", "0..7 no closing `}` for `${`"),
        ("a$(b", "1..4 no closing `)` for `$(`"),
        ("$( )", "0..4 the command substitution has no command"),
        ("$($EMPTY)", "0..9 the command substitution has no command"),
        ("$(false $5 x)", "8..10 `$5` is not supported here"),
        (
            "x$(false  1)",
            "1..12 command `false  1` failed: exit status 1",
        ),
        ("$(echo \\\\\\)", "0..11 no closing `)` for `$(`"),
        ("${NOPE:-x${Y:?gone}}", "9..19 gone"),
    ];
    for (text, expected) in cases {
        assert_eq!(
            check(text).as_ref().map_err(String::as_str),
            Err(expected),
            "{text:?}"
        );
    }
}

#[test]
fn help_tells_how_to_write_it() {
    let help = |text: &str| {
        expand(text, &mut env(), None)
            .unwrap_err()
            .kind
            .help()
            .unwrap()
    };
    assert_eq!(help("$5"), "a literal `$` is written `$$`: `$$5`");
    assert_eq!(help("${1}"), "a literal `$` is written `$$`: `$${1}`");
    assert_eq!(
        help("${X-d}"),
        "write `${X:-…}`; it also applies when `X` is empty"
    );
    assert!(help("${#X}").contains("script"));
    assert!(help("${X%y}").contains(":offset:length"));
}

#[test]
fn depth_and_size_are_limited() {
    let deep = format!("{}x{}", "${N:-".repeat(60), "}".repeat(60));
    let error = expand(&deep, &mut Env::new(), None).unwrap_err();
    assert_eq!(error.kind, ExpandErrorKind::TooDeep);
    let mut env = Env::new();
    env.set("A", "x".repeat(1 << 20), Origin::Process);
    let error = expand(&"$A".repeat(20), &mut env, None).unwrap_err();
    assert_eq!(error.kind, ExpandErrorKind::TooLong);
}

#[test]
fn references_are_listed_with_their_place() {
    let text = "é$A ${B:-x$C} $$D $5 ${E:?$F} $(run ${G:=1} $H) ${X:1:2}${Y:+z}${bad name} ${I";
    let found: Vec<_> = references(text)
        .into_iter()
        .map(|found| {
            (
                found.name,
                text[found.range].to_owned(),
                found.operator,
                found.word.unwrap_or_default(),
            )
        })
        .collect();
    let expected = [
        ("A", "$A", ReferenceOperator::None, ""),
        ("B", "${B:-x$C}", ReferenceOperator::Default, "x$C"),
        ("C", "$C", ReferenceOperator::None, ""),
        ("E", "${E:?$F}", ReferenceOperator::Required, "$F"),
        ("G", "${G:=1}", ReferenceOperator::Assign, "1"),
        ("H", "$H", ReferenceOperator::None, ""),
        ("X", "${X:1:2}", ReferenceOperator::Substring, ""),
        ("Y", "${Y:+z}", ReferenceOperator::Alternative, "z"),
    ]
    .map(|(name, text, operator, word)| {
        (name.to_owned(), text.to_owned(), operator, word.to_owned())
    });
    assert_eq!(found, expected);
}

#[test]
fn hostile_text_is_scanned_in_reasonable_time() {
    for text in ["${", "$(", "${A:-", "$(a \\", "${A}$("] {
        let text = text.repeat(100_000);
        drop(expand(&text, &mut Env::new(), Some(&Echo::default())));
        references(&text);
    }
}

proptest! {
    #[test]
    fn never_panics(text in "[A1$\\\\{}():?=+# '\"é-]{0,24}|(?s).*") {
        for commands in [None, Some(&Echo::default() as &dyn CommandSubstitution)] {
            if let Err(error) = expand(&text, &mut env(), commands) {
                prop_assert!(text.get(error.start..error.end).is_some());
                drop(error.kind.help());
            }
        }
        for found in references(&text) {
            prop_assert!(text[found.range].contains(&found.name));
        }
    }

    #[test]
    fn text_without_dollars_is_unchanged(text in "[^$]*") {
        prop_assert_eq!(expand(&text, &mut Env::new(), None).unwrap(), text);
    }
}
