//! Calls of `kpv` in `.env` files.

use vault::{Request, Rules, find_calls, parse_call};

#[track_caller]
fn request(command: &str) -> Request {
    parse_call(command).unwrap().request
}

#[track_caller]
fn refused(command: &str) -> String {
    let error = parse_call(command).unwrap_err();
    format!("{}: {error}", error.at)
}

fn ensure(key: &str, rules: Rules) -> Request {
    let key = key.to_owned();
    Request::Ensure {
        key,
        rules: Some(rules),
    }
}

/// The forms that published `.env` files have.
#[test]
fn the_forms_of_the_lab_are_understood() {
    let call =
        parse_call("kpv --vault homelab secrets ensure --key default/x --size 32 -S").unwrap();
    assert_eq!(call.vault.as_deref(), Some("homelab"));
    let mut rules = Rules::default().size(32);
    rules.symbols.clear();
    assert_eq!(call.request, ensure("default/x", rules));
    assert_eq!(call.fallback, None);

    let call = parse_call("kpv secrets ensure --key k --size 0 2>/dev/null || echo ''").unwrap();
    assert_eq!(
        call.request,
        Request::Ensure {
            key: "k".to_owned(),
            rules: None
        }
    );
    assert_eq!(call.fallback.as_deref(), Some(""));
    assert!(call.is_quiet);

    let mut rules = Rules::default().size(24);
    rules.symbols = "!@#%^*".to_owned();
    assert_eq!(
        request("kpv ensure k --size 24 --special '!@#%^*'"),
        ensure("k", rules.clone())
    );
    assert_eq!(
        request("kpv ensure k --size=24 --special=\"!@#%^*\""),
        ensure("k", rules)
    );
}

#[test]
fn flags_stand_anywhere_and_together() {
    let call = parse_call("/usr/local/bin/kpv get -Vprod 'a b' -F /run/pw --format text").unwrap();
    assert_eq!(call.vault.as_deref(), Some("prod"));
    assert_eq!(call.password_file.as_deref(), Some("/run/pw"));
    assert_eq!(
        call.request,
        Request::Get {
            key: "a b".to_owned()
        }
    );
    let mut rules = Rules::default();
    (rules.upper, rules.lower) = (false, false);
    rules.symbols.clear();
    assert_eq!(request("kpv ensure -ULS k"), ensure("k", rules));
    assert_eq!(
        request("kpv get-string k --field user"),
        Request::Field {
            key: "k".to_owned(),
            field: "user".to_owned()
        }
    );
    assert_eq!(
        request("kpv get -- -k"),
        Request::Get {
            key: "-k".to_owned()
        }
    );
    assert_eq!(request("kpv ensure k --chars ab"), {
        let mut rules = Rules::default();
        rules.chars = Some("ab".to_owned());
        ensure("k", rules)
    });
    assert_eq!(
        request("kpv ensure k --size -1"),
        ensure("k", Rules::default())
    );
}

#[test]
fn fallbacks_are_texts() {
    let fallback = |tail: &str| parse_call(&format!("kpv get k {tail}")).map(|call| call.fallback);
    let text = |text: &str| Ok(Some(text.to_owned()));
    assert_eq!(fallback("|| echo"), text(""));
    assert_eq!(fallback("2> /dev/null || true"), text(""));
    assert_eq!(fallback("|| :"), text(""));
    assert_eq!(fallback("||echo none at all"), text("none at all"));
    assert_eq!(fallback("|| echo \"a  b\" 2>/dev/null"), text("a  b"));
    assert_eq!(fallback("|| printf %s x"), text("x"));
    assert_eq!(fallback("|| printf '%d' x").unwrap_err().at, 10);
    assert!(fallback("|| echo -e x").is_err());
    assert!(fallback("|| rm -rf x").is_err());
    assert!(fallback("|| echo a || echo b").is_err());
}

#[test]
fn what_needs_a_shell_is_refused() {
    assert_eq!(
        refused("kpv get \"$KEY\""),
        "9: `$` asks for a shell: a call has no variables or commands in it"
    );
    assert!(refused("kpv get k | tr a b").starts_with("10: `|` asks for a shell"));
    assert!(refused("kpv get k; rm x").contains("`;` asks for a shell"));
    assert!(refused("kpv get k > f").contains("`>` asks for a shell"));
    assert!(refused("kpv get k 2>log").contains("anything but `/dev/null`"));
    assert!(refused("kpv get `id`").contains("asks for a shell"));
    assert!(refused("kpv get *").contains("put it in `'`"));
    assert!(refused("kpv get 'k").contains("without its partner"));
    assert!(refused("kpv get k\nrm x").contains("more than one line"));
    assert!(refused("kpv rm k").contains("`kpv rm` is not a question"));
    assert!(refused("kpv get k --unknown").contains("`--unknown`"));
    assert!(refused("kpv get a b").contains("more than one key"));
    assert!(refused("kpv get").contains("without a key"));
    assert!(refused("kpv get k --format json").contains("`text` alone"));
    assert!(refused("kpv").contains("without a command"));
    assert!(refused("echo kpv").contains("not a call"));
    assert_eq!(refused(""), "0: no command");
    assert!(refused("kpv ensure k --size ten").contains("not a number"));
}

#[test]
fn calls_are_found_in_text() {
    let text = "A=$(date) B=\"x$(kpv get a)y$(kpv ensure 'b)' --special '()')\" $(kpvx get c)";
    let found = find_calls(text).unwrap();
    let texts: Vec<&str> = found.iter().map(|call| &text[call.range.clone()]).collect();
    assert_eq!(texts, ["$(kpv get a)", "$(kpv ensure 'b)' --special '()')"]);
    let error = find_calls("x $(kpv get a").unwrap_err();
    assert_eq!(
        (error.at, error.to_string().as_str()),
        (2, "`$(kpv` without its `)`")
    );
    assert_eq!(find_calls("ab$(kpv get $x)").unwrap_err().at, 12);
    assert!(find_calls("").unwrap().is_empty());
}

proptest::proptest! {
    #[test]
    fn any_text_is_answered(text in "\\PC{0,40}", tail in "[kpv geSensur'\"\\\\$()|&2>/-]{0,40}") {
        drop(parse_call(&text));
        drop(find_calls(&format!("$(kpv {text}{tail})")));
        drop(parse_call(&format!("kpv {tail}")));
    }
}
