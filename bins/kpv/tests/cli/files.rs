//! `render` and `inject`: files with their secrets in.

use homelab_tests::{compose_oracle, oracle};

use crate::commands::mode;
use crate::support::Lab;

const VALUE: &str = "a'b$c`d\"e\\f #g";

/// A `.env` as homelabs have them, every way a call may stand in it.
const ENV: &str = "\
# $(kpv get in-a-comment)
PLAIN=as it is
WHOLE=$(kpv get db/password)
QUOTED=\"$(kpv secrets get -k db/password)\"
INSIDE=x-$(kpv get db/number)-y # a comment
URL=\"postgres://app:$(kpv get db/number)@${HOST:-db}:5432/$(kpv get db/number)\"
MADE=\"$(kpv --vault default secrets ensure --key default/made --size 20 -S)\"
NONE=\"$(kpv secrets ensure --key default/none --size 0 2>/dev/null || echo '')\"
export EXPORTED=$(kpv get db/number)
";

#[test]
fn a_rendered_file_reads_as_it_should() {
    let lab = Lab::with(&[("db/password", VALUE), ("db/number", "42")]);
    lab.sandbox.file(".env", ENV);
    let rendered = lab.kpv(&["render"]).success().stdout;
    let made = lab.kpv(&["get", "default/made"]).success().stdout;
    let made = made.trim_end();
    assert!(
        rendered.starts_with("# $(kpv get in-a-comment)\nPLAIN=as it is\nWHOLE="),
        "{rendered}"
    );
    assert!(
        rendered.contains("INSIDE=x-42-y # a comment\n"),
        "{rendered}"
    );
    let url = "URL=\"postgres://app:42@${HOST:-db}:5432/42\"\n";
    assert!(rendered.contains(url), "{rendered}");
    assert!(rendered.contains(&format!("MADE={made}\n")), "{rendered}");
    assert!(rendered.contains("\nexport EXPORTED=42\n"), "{rendered}");
    // a second time nothing is made
    assert_eq!(lab.kpv(&["render", ".env"]).success().stdout, rendered);

    let Some(compose) = compose_oracle() else {
        return;
    };
    let said = lab.kpv(&["render", "-o", ".env.rendered"]).success();
    assert_eq!(said.stdout, "");
    assert_eq!(mode(&lab.sandbox.path().join(".env.rendered")), 0o600);
    let names = [
        "PLAIN", "WHOLE", "QUOTED", "INSIDE", "URL", "MADE", "NONE", "EXPORTED",
    ];
    let environment = names
        .map(|name| format!("      {name}: \"${{{name}}}\"\n"))
        .concat();
    lab.sandbox.file(
        "compose.yaml",
        &format!("services:\n  a:\n    image: x\n    environment:\n{environment}"),
    );
    let args = ["--env-file", ".env.rendered", "config", "--format", "json"];
    let config = lab.sandbox.run(&compose, args).success().stdout;
    let config: serde_json::Value = serde_json::from_str(&config).unwrap();
    let read = |name: &str| {
        let text = config["services"]["a"]["environment"][name]
            .as_str()
            .unwrap();
        // Compose doubles dollars when it prints
        text.replace("$$", "$")
    };
    assert_eq!(read("WHOLE"), VALUE);
    assert_eq!(read("QUOTED"), VALUE);
    assert_eq!(read("INSIDE"), "x-42-y");
    assert_eq!(read("URL"), "postgres://app:42@db:5432/42");
    assert_eq!(read("MADE"), made);
    assert_eq!(read("NONE"), "");
    assert_eq!(read("EXPORTED"), "42");
}

/// What thirty calls in a shell would print, for one opening of the vault.
#[test]
fn rendering_gives_what_a_shell_gives() {
    let Some(bash) = oracle("bash") else { return };
    let lab = Lab::with(&[("a", "x y"), ("b", "it's"), ("c/d", "\"q\"")]);
    let text = "A=\"$(kpv get a)\"\nB=\"<$(kpv get b)>\"\nC=\"$(kpv get c/d -n)$(kpv -q get a)\"\n\
                D=\"$(kpv get nope 2>/dev/null || echo 'fall back')\"\n";
    lab.sandbox.file(".env", text);
    lab.sandbox
        .file("done", &lab.kpv(&["render"]).success().stdout);
    let print = "printf '%s|' \"$A\" \"$B\" \"$C\" \"$D\"";
    let read = |file: &str| {
        lab.sandbox
            .run(&bash, ["-c", &format!(". ./{file}; {print}")])
            .success()
            .stdout
    };
    assert_eq!(read("done"), "x y|<it's>|\"q\"x y|fall back|");
    assert_eq!(read(".env"), read("done"));
}

#[test]
fn a_call_in_single_quotes_is_text_and_told() {
    let lab = Lab::with(&[("a", "1")]);
    lab.sandbox.file(".env", "A='$(kpv get a)'\n");
    let got = lab.kpv(&["render"]).success();
    assert_eq!(got.stdout, "A='$(kpv get a)'\n");
    assert!(
        got.stderr
            .contains(".env:1:3: the call in `A` is in single quotes"),
        "{}",
        got.stderr
    );
}

#[test]
fn templates_get_their_secrets() {
    let lab = Lab::with(&[("db/password", "p\"1"), ("key with blank", "k/2")]);
    lab.fed(&["set", "db/password", "--field", "username", "-s"], "app")
        .success();
    let template = "url: postgres://kpv://db/password/username:{{ kpv://db/password | url }}@db\n\
                    json: {{kpv://db/password|json}}\nother: {{ .Values.x }}\nkey: {{ kpv://key with blank | base64 }}\n";
    let expected =
        "url: postgres://app:p%221@db\njson: \"p\\\"1\"\nother: {{ .Values.x }}\nkey: ay8y\n";
    assert_eq!(lab.fed(&["inject"], template).success().stdout, expected);
    lab.sandbox.file("t.yaml", template);
    lab.sandbox.file("real", "old");
    fs_err::os::unix::fs::symlink("real", lab.sandbox.path().join("out.yaml")).unwrap();
    let said = lab.kpv(&["inject", "t.yaml", "-o", "out.yaml"]).success();
    assert_eq!(
        (said.stdout.as_str(), said.stderr.as_str()),
        ("", "[ok]: out.yaml written\n")
    );
    let real = lab.sandbox.path().join("real");
    assert_eq!(
        fs_err::read_to_string(&real).unwrap(),
        expected,
        "a link stays one"
    );
    assert_eq!(mode(&real), 0o600);
}
