use super::*;

/// The lists with words in brackets: `|` between commands, operators between pipelines, one list
/// per line.
fn show(script: &str) -> String {
    match parse(script) {
        Err(error) => error.to_string(),
        Ok(lists) => lists.iter().map(show_list).collect::<Vec<_>>().join("\n"),
    }
}

fn show_list(list: &List) -> String {
    let pipelines = list.iter().map(|(link, pipeline)| {
        let commands = pipeline.iter().map(|command| {
            let words: Vec<String> = command.iter().map(show_word).collect();
            words.join(" ")
        });
        let commands = commands.collect::<Vec<_>>().join(" | ");
        match link {
            Link::Start => commands,
            Link::And => format!("&& {commands}"),
            Link::Or => format!("|| {commands}"),
        }
    });
    pipelines.collect::<Vec<_>>().join(" ")
}

fn show_word(word: &Word) -> String {
    let parts: String = word
        .parts
        .iter()
        .map(|part| match part {
            Part::Literal(text) => text.clone(),
            Part::Expand(text) => format!("<{text}>"),
            other => format!("<{other:?}>"),
        })
        .collect();
    format!("[{parts}]")
}

#[test]
fn lines_operators_and_words() {
    for (script, expected) in [
        ("", ""),
        ("\n  \n# note | &&\n", ""),
        ("echo a  b\tc", "[echo] [a] [b] [c]"),
        ("a\nb", "[a]\n[b]"),
        ("a && b || c", "[a] && [b] || [c]"),
        ("a | b | c && d", "[a] | [b] | [c] && [d]"),
        ("a; b", "[a]\n[b]"),
        ("a;b ;; c;", "[a]\n[b]\n[c]"),
        // glued operators other than `;` are text
        (
            "a&&b x|y http://h/?a=1&b=2",
            "[a&&b] [x|y] [http://h/?a=1&b=2]",
        ),
        ("a '&&' \\| \"||\" ';'", "[a] [&&] [|] [||] [;]"),
        ("a \\\n  b \\\n\n c", "[a] [b]\n[c]"),
        ("a \\\\\nb", "[a] [\\]\n[b]"),
        ("a `\nb", "[a] [b]"),
        ("a \\", "[a]"),
    ] {
        assert_eq!(show(script), expected, "{script:?}");
    }
}

#[test]
fn quotes_and_expansions() {
    for (script, expected) in [
        ("--x=\"c d\" 'e f'g", "[--x=c d] [e fg]"),
        ("'' \"\" x", "[] [] [x]"),
        (r#""it\"s \n \$X" '\'"#, "[it\"s \\n $X] [\\]"),
        (r"a\ b \$X C:\\x", "[a b] [$X] [C:\\x]"),
        ("$HOME/x \"$A$B\" '$C'", "[<$HOME>/x] [<$A><$B>] [$C]"),
        ("${X:-a b} ${Y:-${Z:-}}q", "[<${X:-a b}>] [<${Y:-${Z:-}}>q]"),
        ("$(echo \"a ) b\" (x)) c", "[<$(echo \"a ) b\" (x))>] [c]"),
        ("\"$(cat 'x y')\"", "[<$(cat 'x y')>]"),
        ("a$$ b$ $- $é", "[a$] [b$] [$-] [$é]"),
        (
            "$1 ${12} $@ \"$*\" $# $0",
            "[<Arg(1)>] [<Arg(12)>] [<AllArgs>] [<JoinedArgs>] [<ArgCount>] [<Arg(0)>]",
        ),
        ("${1:-x}", "[<${1:-x}>]"),
    ] {
        assert_eq!(show(script), expected, "{script:?}");
    }
}

#[test]
fn mistakes_are_named_with_their_line() {
    for (script, expected) in [
        (
            "a\n\nb 'c",
            "line 3 of the script: a single quote is not closed",
        ),
        (
            "b \"c",
            "line 1 of the script: a double quote is not closed",
        ),
        ("${A", "line 1 of the script: `${` is not closed"),
        ("x \\\n$(A", "line 1 of the script: `$(` is not closed"),
        (
            "&& a",
            "line 1 of the script: there is no command before `&&`",
        ),
        (
            "a ||",
            "line 1 of the script: there is no command after `||`",
        ),
        (
            "a | ; b",
            "line 1 of the script: there is no command after `|`",
        ),
        (
            "a && || b",
            "line 1 of the script: there is no command after `&&`",
        ),
    ] {
        assert_eq!(show(script), expected, "{script:?}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_parsed_or_refused(text in "[ab $(){}'\"\\\\`;|&\n#é@*1:-]*") {
        let _parsed = parse(&text);
    }

    /// A quoted argument stays what it is.
    #[test]
    fn single_quotes_keep_everything(text in "[^'\r\n]*") {
        let lists = parse(&format!("echo '{text}'")).unwrap();
        let words = &lists[0][0].1[0];
        let expected = if text.is_empty() { vec![] } else { vec![Part::Literal(text)] };
        proptest::prop_assert_eq!(&words[1].parts, &expected);
    }
}
