//! The bytes of each format. That they are read as they should be is in the package `tests`.

use vault::{Export, Format, Naming, OsRandom, Random, Secret};

/// Numbers that are known.
struct Zeros;

impl Random for Zeros {
    fn fill(&mut self, buffer: &mut [u8]) -> std::io::Result<()> {
        buffer.fill(0);
        Ok(())
    }
}

fn exports() -> Vec<Export> {
    let values = [
        ("b/plain", "abc-123_x"),
        ("a/quote", "it's $HOME `id` \\"),
        ("lines", "one\ntwo;]%\r\n\nthree"),
        ("empty", ""),
    ];
    let each = values.map(|(key, value)| Export {
        key: key.to_owned(),
        name: Naming::Path.name(key).unwrap(),
        value: Secret::from(value),
    });
    each.into()
}

fn render(format: &str) -> String {
    let rendered = format
        .parse::<Format>()
        .unwrap()
        .render(&exports(), &mut Zeros)
        .unwrap();
    let stdout = rendered.stdout.expose();
    match rendered.appended {
        Some(appended) => format!(
            "{stdout}-> {}\n{}",
            appended.variable,
            appended.text.expose()
        ),
        None => stdout.to_owned(),
    }
    .replace('\r', "<CR>")
    .replace('\0', "<NUL>")
}

#[test]
fn values_alone() {
    insta::assert_snapshot!(render("text"), @r"
    abc-123_x
    it's $HOME `id` \
    one
    two;]%<CR>

    three
    ");
    insta::assert_snapshot!(render("null-terminated"), @r"
    abc-123_x<NUL>it's $HOME `id` \<NUL>one
    two;]%<CR>

    three<NUL><NUL>
    ");
    insta::assert_snapshot!(render("json"), @r#"
    {
      "a/quote": "it's $HOME `id` \\",
      "b/plain": "abc-123_x",
      "empty": "",
      "lines": "one\ntwo;]%\r\n\nthree"
    }
    "#);
}

#[test]
fn shells() {
    insta::assert_snapshot!(render("sh"), @r"
    export B_PLAIN='abc-123_x'
    export A_QUOTE='it'\''s $HOME `id` \'
    export LINES='one
    two;]%<CR>

    three'
    export EMPTY=''
    ");
    insta::assert_snapshot!(render("bash"), @r"
    export B_PLAIN='abc-123_x'
    export A_QUOTE='it'\''s $HOME `id` \'
    export LINES=$'one\ntwo;]%\r\n\nthree'
    export EMPTY=''
    ");
    insta::assert_snapshot!(render("fish"), @r"
    set -gx B_PLAIN 'abc-123_x'
    set -gx A_QUOTE 'it\'s $HOME `id` \\'
    set -gx LINES 'one
    two;]%<CR>

    three'
    set -gx EMPTY ''
    ");
    insta::assert_snapshot!(render("powershell"), @r"
    $Env:B_PLAIN='abc-123_x'
    $Env:A_QUOTE='it''s $HOME `id` \'
    $Env:LINES='one
    two;]%<CR>

    three'
    $Env:EMPTY=''
    ");
    insta::assert_snapshot!(render(".env"), @r#"
    B_PLAIN=abc-123_x
    A_QUOTE="it's \$HOME \0140id\0140 \\"
    LINES="one
    two;]%\r

    three"
    EMPTY=''
    "#);
}

#[test]
fn build_services() {
    insta::assert_snapshot!(render("github"), @r"
    ::add-mask::abc-123_x
    ::add-mask::it's $HOME `id` \
    ::add-mask::one
    ::add-mask::two;]%25
    ::add-mask::three
    -> GITHUB_ENV
    B_PLAIN=abc-123_x
    A_QUOTE=it's $HOME `id` \
    LINES<<ghadelimiter_00000000000000000000000000000000
    one
    two;]%<CR>

    three
    ghadelimiter_00000000000000000000000000000000
    EMPTY=
    ");
    assert!(render("run").starts_with("-> RUN_SECRETS\nB_PLAIN=abc-123_x\n"));
    insta::assert_snapshot!(render("ado"), @r"
    ##vso[task.setvariable variable=B_PLAIN;issecret=true]abc-123_x
    ##vso[task.setvariable variable=A_QUOTE;issecret=true]it's $HOME `id` \
    ##vso[task.setvariable variable=LINES;issecret=true]one%0Atwo%3B%5D%AZP25%0D%0A%0Athree
    ##vso[task.setvariable variable=EMPTY;issecret=true]
    ");
}

#[test]
fn what_has_no_place_is_told() {
    let error = Format::Plain.render(&exports(), &mut Zeros).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the value of `LINES` has more than one line, which `plain` cannot say: use another format"
    );
    let mut nul = exports();
    nul[0].value = Secret::from("a\0b");
    assert!(
        Format::Sh
            .render(&nul, &mut Zeros)
            .unwrap_err()
            .to_string()
            .contains("`B_PLAIN` has a NUL")
    );
    let plain = Format::Plain.render(&exports()[..2], &mut Zeros).unwrap();
    assert_eq!(
        plain.stdout.expose(),
        "B_PLAIN=abc-123_x\nA_QUOTE=it's $HOME `id` \\\n"
    );
    let unknown = "yaml".parse::<Format>().unwrap_err().to_string();
    assert_eq!(
        unknown,
        "no format `yaml`: there are text, null, json, sh, bash, zsh, fish, pwsh, dotenv, plain, github-actions, azure-devops, run"
    );
}

/// Ten thousand random byte strings: those that are UTF-8 are secrets, byte for byte, and the others
/// are refused with the place of the first byte that is not. What has a NUL in it has no place in an
/// environment, whatever the format.
#[test]
fn bytes_that_are_no_text_are_refused() {
    let mut bytes = [0; 16];
    let (mut texts, mut nuls) = (0, 0);
    for at in 0..10_000 {
        OsRandom.fill(&mut bytes).unwrap();
        // short ones are texts now and then, and every second one has no high bytes
        let mut value = bytes[..at % 13].to_vec();
        if at % 2 == 0 {
            for byte in &mut value {
                *byte &= 0x7F;
            }
        }
        let wanted = std::str::from_utf8(&value);
        let secret = Secret::from_utf8(value.clone());
        let Ok(text) = wanted else {
            let place = wanted.unwrap_err().valid_up_to();
            assert_eq!(secret.unwrap_err().valid_up_to, place);
            continue;
        };
        texts += 1;
        assert_eq!(secret.as_ref().unwrap().expose().as_bytes(), value);
        if text.contains('\0') {
            nuls += 1;
            let export = Export {
                key: "x".to_owned(),
                name: Naming::Path.name("x").unwrap(),
                value: secret.unwrap(),
            };
            for format in [
                "sh", "bash", "zsh", "fish", "pwsh", "dotenv", "json", "null",
            ] {
                let format: Format = format.parse().unwrap();
                assert!(
                    format
                        .render(std::slice::from_ref(&export), &mut Zeros)
                        .is_err()
                );
            }
        }
    }
    assert!(
        texts > 4_000 && nuls > 100,
        "{texts} texts, {nuls} with a NUL"
    );
}
